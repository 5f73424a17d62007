/** Who signed in, as far as the token and the directory tell. */

import type { GraphClient } from '../graph/types.js';
import { type Bearer, bearerOf } from '../identity/bearer.js';
import type { Identity } from '../identity/sign-in.js';
import { SOURCE_WORDS } from '../identity/sources.js';
import type { Check, SignedIn } from '../model/doctor.js';
import type { Holder } from './permissions.js';
import {
  askForAll,
  askForOne,
  grantedQuestion,
  graphPermissionsQuestion,
  objectsIn,
  principalQuestion,
  textIn,
} from './questions.js';

/** An identity that was seen to work. */
export interface Known {
  readonly signedIn: SignedIn;
  readonly holder: Holder;
  /** Template ids of its directory roles; undefined where they are not known. */
  readonly roles: ReadonlySet<string> | 'everything' | undefined;
}

export async function know(client: GraphClient, token: string, identity: Identity | undefined): Promise<Known> {
  const bearer = bearerOf(token);
  const appId = bearer?.appId ?? identity?.clientId;
  const principal =
    appId === undefined || bearer?.who === 'person' ? undefined : await askForOne(client, principalQuestion(appId));
  const own = principal !== undefined && 'value' in principal ? principal.value : undefined;
  const holder = await holderOf(client, bearer, appId, identity);
  return {
    signedIn: {
      kind: identity?.kind ?? null,
      because: identity?.because ?? null,
      who: bearer?.who ?? null,
      appId: appId ?? null,
      name: textIn(own, 'displayName') ?? bearer?.name ?? null,
      objectId: bearer?.objectId ?? textIn(own, 'id') ?? null,
      expires: bearer?.expires?.toISOString() ?? null,
      permissions: holder.permissions === undefined ? null : [...holder.permissions].sort(),
    },
    holder,
    roles: identity === undefined ? 'everything' : bearer?.roles,
  };
}

/** What the token says; else what the application was granted, if the environment names it. */
async function holderOf(
  client: GraphClient,
  bearer: Bearer | undefined,
  appId: string | undefined,
  identity: Identity | undefined,
): Promise<Holder> {
  const ofPerson = bearer?.who === 'person';
  if (bearer?.permissions !== undefined) return { permissions: bearer.permissions, ofPerson };
  if (identity === undefined) return { permissions: undefined, everything: true, ofPerson };
  const why = 'The token does not say what it lets do.';
  if (appId === undefined) return { permissions: undefined, why, ofPerson };
  const granted = await askForAll(client, grantedQuestion(appId));
  const graph = await askForOne(client, graphPermissionsQuestion);
  if ('why' in granted || 'why' in graph) return { permissions: undefined, why, ofPerson };
  const names = new Map(objectsIn(graph.value.appRoles).map((role) => [role.id, textIn(role, 'value')]));
  const permissions = granted.value
    .filter((grant) => grant.resourceId === graph.value.id)
    .flatMap((grant) => names.get(grant.appRoleId ?? null) ?? []);
  return { permissions: new Set(permissions), ofPerson };
}

/** `Application Acme backup (5ec2…), by client secret because AZURE_CLIENT_SECRET is set.` */
export function signInCheck(area: 'backup' | 'recovery', { signedIn }: Known): Check {
  const { kind, because, who, appId, name, expires } = signedIn;
  const base = { id: `${area}.sign-in`, area, title: 'Sign-in', status: 'ok' } as const;
  if (kind === null) return { ...base, message: 'Nobody has to sign in to a sandbox.' };
  const word = who === 'person' ? 'User' : who === 'app' ? 'Application' : 'Somebody';
  const called = [name, appId === null ? null : who === 'person' ? `by application ${appId}` : `(${appId})`];
  const ends = kind === 'token' && expires !== null ? ` It ends at ${expires.slice(0, 16).replace('T', ' ')} UTC.` : '';
  return {
    ...base,
    message: `${[word, ...called].filter((part) => part !== null).join(' ')}, with a ${SOURCE_WORDS[kind as Identity['kind']]}, because ${because}.${ends}`,
  };
}
