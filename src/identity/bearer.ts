/** Who a token of Microsoft Entra ID is of, and what it lets do: "Access token claims reference". */

import { claimsOf, endOf } from './jwt.js';

export interface Bearer {
  readonly who: 'app' | 'person' | undefined;
  readonly tenant: string | undefined;
  readonly appId: string | undefined;
  readonly name: string | undefined;
  readonly objectId: string | undefined;
  readonly expires: Date | undefined;
  /** Application permissions, or what a person lets the application do; undefined where the token does not say. */
  readonly permissions: ReadonlySet<string> | undefined;
  /** Template ids of the directory roles of whom the token is of. */
  readonly roles: ReadonlySet<string> | undefined;
}

/** Undefined where the token tells nothing: it is then nobody's but Graph's to read. */
export function bearerOf(token: string): Bearer | undefined {
  const claims = claimsOf(token);
  if (claims === undefined) return undefined;
  const text = (name: string) => (typeof claims[name] === 'string' ? (claims[name] as string) : undefined);
  const end = endOf(claims);
  const delegated = text('scp');
  const granted = textsIn(claims.roles);
  return {
    who: delegated !== undefined ? 'person' : granted !== undefined || text('idtyp') === 'app' ? 'app' : undefined,
    tenant: text('tid'),
    appId: text('appid') ?? text('azp'),
    name: text('upn') ?? text('app_displayname') ?? text('name'),
    objectId: text('oid'),
    expires: end === undefined ? undefined : new Date(end),
    // An application without any permission has no such claim.
    permissions: new Set(delegated !== undefined ? delegated.split(' ').filter(Boolean) : (granted ?? [])),
    roles: claims.wids === undefined ? undefined : new Set(textsIn(claims.wids)),
  };
}

function textsIn(value: unknown): string[] | undefined {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : undefined;
}
