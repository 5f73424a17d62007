/** Who we are: from the environment to tokens. */

import { Failure } from '../model/problem.js';
import { CLOUDS, type CloudName } from './clouds.js';
import { issuing, type SignIn } from './credentials.js';
import { claimsOf, endOf } from './jwt.js';
import {
  chooseSource,
  type Environment,
  hasOwnApplyIdentity,
  type Purpose,
  type Source,
  type SourceKind,
  tokenSource,
} from './sources.js';
import { type Again, renewing } from './tokens.js';

/** A way of signing in that was chosen; nothing was sent yet. */
export interface Identity {
  readonly kind: SourceKind;
  /** Why this way: `AZURE_CLIENT_SECRET is set`. */
  readonly because: string;
  /** The application (client) id, where the environment names it. */
  readonly clientId: string | undefined;
  /** True when only `apply` signs in so. */
  readonly ownOfApply: boolean;
  /** A bearer token for Graph; after a 401 with the one that was refused. Throws a Failure. */
  readonly token: (again?: Again) => Promise<string>;
}

export interface SignInOptions {
  readonly env: Environment;
  /** The configured tenant's id. */
  readonly tenant: string;
  readonly cloud: CloudName;
  readonly purpose: Purpose;
  readonly clock: () => Date;
  readonly signal: AbortSignal;
  readonly connection?: SignIn['connection'];
}

/** The identity that the environment asks for; undefined where it asks for none. Throws a Failure (KG119, KG185, KG186). */
export function identityFor(options: SignInOptions): Identity | undefined {
  const { env, tenant, purpose, clock, signal, connection } = options;
  const source = chooseSource(env, tenant, purpose);
  if (source === undefined) return undefined;
  if (source.kind === 'token') return describe(source, options, fixed(source, clock));
  const cloud = CLOUDS[options.cloud];
  const authority = env.AZURE_AUTHORITY_HOST;
  const issue = issuing({
    source,
    tenant,
    cloud,
    authority,
    signal,
    ...(connection === undefined ? {} : { connection }),
  });
  return describe(source, options, renewing(issue, clock));
}

function describe(
  source: Source,
  { env, purpose }: Pick<SignInOptions, 'env' | 'purpose'>,
  token: Identity['token'],
): Identity {
  return {
    kind: source.kind,
    because: source.because,
    clientId: 'clientId' in source ? source.clientId : undefined,
    ownOfApply: purpose === 'apply' && hasOwnApplyIdentity(env),
    token,
  };
}

/** The token that the environment holds, and no other way: for a sandbox, where nobody signs in. Throws a Failure (KG119). */
export function givenToken(options: Pick<SignInOptions, 'env' | 'purpose' | 'clock'>): Identity | undefined {
  const source = tokenSource(options.env, options.purpose);
  return source === undefined ? undefined : describe(source, options, fixed(source, options.clock));
}

/** A token that somebody got elsewhere: knowngood cannot get another one. */
function fixed(source: Extract<Source, { readonly kind: 'token' }>, clock: () => Date): Identity['token'] {
  return async (again) => {
    if (again === undefined) return source.token;
    throw refusedToken(source, again, clock());
  };
}

function refusedToken(source: Extract<Source, { readonly kind: 'token' }>, { claims }: Again, now: Date): Failure {
  const end = endOf(claimsOf(source.token));
  const ended = end !== undefined && end <= now.getTime();
  const reason =
    claims !== undefined
      ? 'Conditional Access or continuous access evaluation asks for more than it says, or its session was revoked'
      : ended
        ? `it expired at ${new Date(end).toISOString()}`
        : 'it is not, or no longer, good';
  return new Failure({
    code: 'KG196',
    message: `Microsoft Graph does not accept the token: ${reason}.`,
    where: source.variable,
    remedy:
      claims !== undefined
        ? `Sign in again from a place and in a way that the policies of the tenant allow, and put the new token into ${source.variable}.`
        : `Put a new token into ${source.variable}, or sign in as an application: then knowngood renews tokens itself.`,
  });
}
