/** Which way of signing in the environment asks for, and why that one. Pure. */

import { nearest } from '../model/nearest.js';
import { Failure } from '../model/problem.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** `apply`: what changes the tenant. Everything else only reads. */
export type Purpose = 'read' | 'apply';

/** What a way of signing in is made of. Secrets are in here: it is never printed. */
export type Source = { readonly because: string } & (
  | { readonly kind: 'token'; readonly variable: string; readonly token: string }
  | { readonly kind: 'secret'; readonly clientId: string; readonly secret: string; readonly variable: string }
  | {
      readonly kind: 'certificate';
      readonly clientId: string;
      readonly path: string;
      readonly password?: string;
      readonly variable: string;
    }
  | { readonly kind: 'github'; readonly clientId: string; readonly url: string; readonly token: string }
  | {
      readonly kind: 'azure-pipelines';
      readonly clientId: string;
      readonly url: string;
      readonly token: string;
      readonly serviceConnection: string;
    }
  | { readonly kind: 'federated-file'; readonly clientId: string; readonly path: string; readonly variable: string }
  | { readonly kind: 'managed-identity'; readonly clientId?: string }
  | { readonly kind: 'azure-cli' }
);

export type SourceKind = Source['kind'];

/** The kinds in words, in the order in which they are looked for. */
export const SOURCE_WORDS: Readonly<Record<SourceKind, string>> = {
  token: 'bearer token',
  secret: 'client secret',
  certificate: 'client certificate',
  github: 'workload identity federation with GitHub Actions',
  'azure-pipelines': 'workload identity federation with Azure Pipelines',
  'federated-file': 'workload identity federation by a token file',
  'managed-identity': 'managed identity',
  'azure-cli': 'Azure CLI',
};

/** The names of the variables that say who signs in. */
export interface Names {
  readonly token: string;
  readonly signIn: string;
  readonly clientId: string;
  readonly secret: string;
  readonly certificate: string;
  readonly password: string;
  readonly tokenFile: string;
  readonly serviceConnection: string;
}

const PLAIN: Names = {
  token: 'KNOWNGOOD_TOKEN',
  signIn: 'KNOWNGOOD_SIGN_IN',
  clientId: 'AZURE_CLIENT_ID',
  secret: 'AZURE_CLIENT_SECRET',
  certificate: 'AZURE_CLIENT_CERTIFICATE_PATH',
  password: 'AZURE_CLIENT_CERTIFICATE_PASSWORD',
  tokenFile: 'AZURE_FEDERATED_TOKEN_FILE',
  serviceConnection: 'AZURE_SERVICE_CONNECTION_ID',
};

const APPLY: Names = {
  token: 'KNOWNGOOD_APPLY_TOKEN',
  signIn: 'KNOWNGOOD_APPLY_SIGN_IN',
  clientId: 'KNOWNGOOD_APPLY_CLIENT_ID',
  secret: 'KNOWNGOOD_APPLY_CLIENT_SECRET',
  certificate: 'KNOWNGOOD_APPLY_CLIENT_CERTIFICATE_PATH',
  password: 'KNOWNGOOD_APPLY_CLIENT_CERTIFICATE_PASSWORD',
  tokenFile: 'KNOWNGOOD_APPLY_FEDERATED_TOKEN_FILE',
  serviceConnection: 'KNOWNGOOD_APPLY_SERVICE_CONNECTION_ID',
};

/** Whether `apply` has an identity of its own: as soon as one of its variables is set, the plain ones count for nothing there. */
export function hasOwnApplyIdentity(env: Environment): boolean {
  return Object.values(APPLY).some((name) => isSet(env[name]));
}

export function namesFor(env: Environment, purpose: Purpose): Names {
  return purpose === 'apply' && hasOwnApplyIdentity(env) ? APPLY : PLAIN;
}

/**
 * The way of signing in for this purpose; undefined where the environment names none. `tenant` is the configured one: an
 * `AZURE_TENANT_ID` that differs is refused.
 *
 * @throws Failure KG185 for a set-up that lacks something, KG186 for another tenant, KG119 for a token that is none.
 */
export function chooseSource(env: Environment, tenant: string, purpose: Purpose): Source | undefined {
  const names = namesFor(env, purpose);
  const asked = valueIn(env, names.signIn);
  if (asked !== undefined && !(asked in SOURCE_WORDS)) throw unknownKind(names.signIn, asked);
  const look = { env, purpose, names };
  const source =
    asked === undefined
      ? LOOKED_FOR.map((find) => find(look)).find((found) => found !== undefined)
      : BY_KIND[asked as SourceKind]({ ...look, asked });
  if (source === undefined) {
    if (isSet(env[names.clientId])) throw withoutProof(look);
    return undefined;
  }
  if (source.kind !== 'token') checkTenant(env, tenant);
  return source;
}

/** The token in the environment, if there is one. Throws a Failure (KG119). */
export function tokenSource(
  env: Environment,
  purpose: Purpose,
): Extract<Source, { readonly kind: 'token' }> | undefined {
  const names = namesFor(env, purpose);
  const token = valueIn(env, names.token);
  if (token === undefined) return undefined;
  if (!/^[\x21-\x7e]*$/.test(token)) throw noToken(names.token);
  return { kind: 'token', variable: names.token, token, because: `${names.token} is set` };
}

interface Look {
  readonly env: Environment;
  readonly purpose: Purpose;
  readonly names: Names;
  /** Set where the person named the kind: then nothing of it may be missing. */
  readonly asked?: string;
}

type Finder = (look: Look) => Source | undefined;

const BY_KIND: Readonly<Record<SourceKind, Finder>> = {
  token: (look) => {
    if (given(look, look.names.token) === undefined) return undefined;
    const source = tokenSource(look.env, look.purpose);
    return source && { ...source, because: because(look, look.names.token) };
  },
  secret: (look) => {
    const { secret: variable } = look.names;
    const secret = given(look, variable);
    if (secret === undefined) return undefined;
    const clientId = needed(look, look.names.clientId, variable);
    return { kind: 'secret', clientId, secret, variable, because: because(look, variable) };
  },
  certificate: (look) => {
    const { certificate: variable } = look.names;
    const path = given(look, variable);
    if (path === undefined) return undefined;
    const password = valueIn(look.env, look.names.password);
    const clientId = needed(look, look.names.clientId, variable);
    return {
      kind: 'certificate',
      clientId,
      path,
      variable,
      because: because(look, variable),
      ...(password === undefined ? {} : { password }),
    };
  },
  github: (look) => {
    const url = given(look, 'ACTIONS_ID_TOKEN_REQUEST_URL');
    const clientId = given(look, look.names.clientId);
    if (url === undefined || clientId === undefined) return undefined;
    const token = needed(look, 'ACTIONS_ID_TOKEN_REQUEST_TOKEN', 'ACTIONS_ID_TOKEN_REQUEST_URL');
    return { kind: 'github', clientId, url, token, because: because(look, 'ACTIONS_ID_TOKEN_REQUEST_URL') };
  },
  'azure-pipelines': (look) => {
    const { env, names } = look;
    const url = given(look, 'SYSTEM_OIDCREQUESTURI');
    // The tasks for Azure set these three; a script alone needs its own.
    const isOfTask = !isSet(env[names.clientId]) && names === PLAIN && isSet(env.AZURESUBSCRIPTION_CLIENT_ID);
    const clientId = isOfTask ? env.AZURESUBSCRIPTION_CLIENT_ID : given(look, names.clientId);
    if (url === undefined || clientId === undefined) return undefined;
    const serviceConnection = isOfTask
      ? needed(look, 'AZURESUBSCRIPTION_SERVICE_CONNECTION_ID', 'AZURESUBSCRIPTION_CLIENT_ID')
      : (valueIn(env, names.serviceConnection) ??
        (names === PLAIN ? valueIn(env, 'AZURESUBSCRIPTION_SERVICE_CONNECTION_ID') : undefined) ??
        needed(look, names.serviceConnection, 'SYSTEM_OIDCREQUESTURI'));
    const token = needed(look, 'SYSTEM_ACCESSTOKEN', 'SYSTEM_OIDCREQUESTURI');
    const reason = because(look, 'SYSTEM_OIDCREQUESTURI');
    return { kind: 'azure-pipelines', clientId, url, token, serviceConnection, because: reason };
  },
  'federated-file': (look) => {
    const { tokenFile: variable } = look.names;
    const path = given(look, variable);
    if (path === undefined) return undefined;
    const clientId = needed(look, look.names.clientId, variable);
    return { kind: 'federated-file', clientId, path, variable, because: because(look, variable) };
  },
  'managed-identity': (look) => {
    const variable = ['IDENTITY_ENDPOINT', 'MSI_ENDPOINT'].find((name) => isSet(look.env[name]));
    if (variable === undefined && look.asked === undefined) return undefined;
    const clientId = valueIn(look.env, look.names.clientId);
    return {
      kind: 'managed-identity',
      because: because(look, variable ?? ''),
      ...(clientId === undefined ? {} : { clientId }),
    };
  },
  // Only where it is asked for: a person's own session is nothing to pick up by chance.
  'azure-cli': (look) =>
    look.asked === undefined ? undefined : { kind: 'azure-cli', because: because(look, look.names.signIn) },
};

const LOOKED_FOR: readonly Finder[] = Object.values(BY_KIND);

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}

function valueIn(env: Environment, name: string): string | undefined {
  const value = env[name];
  return isSet(value) ? value : undefined;
}

/** The value of a variable; where the kind was named, it must be there. */
function given(look: Look, name: string): string | undefined {
  return look.asked === undefined ? valueIn(look.env, name) : needed(look, name, look.names.signIn);
}

function needed({ env, names, asked }: Look, name: string, by: string): string {
  const value = valueIn(env, name);
  if (value !== undefined) return value;
  const reason = by === names.signIn ? `${by} is ${asked}` : `${by} is set`;
  throw new Failure({
    code: 'KG185',
    message: `The sign-in is not complete: ${reason}, and ${name} is not set.`,
    where: name,
    remedy: HINTS[name] ?? `Set ${name}, or take ${by} away.`,
  });
}

/** What the variables are that a platform sets, and what it takes that it does. */
const HINTS: Readonly<Record<string, string>> = {
  ACTIONS_ID_TOKEN_REQUEST_URL: 'Give the job `permissions: { id-token: write }`; GitHub then sets it.',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'Give the job `permissions: { id-token: write }`; GitHub then sets it.',
  SYSTEM_ACCESSTOKEN: 'Map it in the step: `env: { SYSTEM_ACCESSTOKEN: $(System.AccessToken) }`.',
  SYSTEM_OIDCREQUESTURI: 'Azure Pipelines sets it; elsewhere, sign in another way.',
};

function because({ asked, names }: Look, variable: string): string {
  return asked === undefined ? `${variable} is set` : `${names.signIn} is ${asked}`;
}

function checkTenant(env: Environment, tenant: string): void {
  const other = env.AZURE_TENANT_ID;
  if (!isSet(other) || other?.toLowerCase() === tenant) return;
  throw new Failure({
    code: 'KG186',
    message: `AZURE_TENANT_ID is ${other}, and knowngood.yaml names ${tenant}. Nobody was asked to sign in.`,
    where: 'AZURE_TENANT_ID',
    remedy:
      'Take AZURE_TENANT_ID away: the tenant is always that of knowngood.yaml. Or use the repository of the other tenant.',
    exit: 4,
  });
}

function unknownKind(name: string, value: string): Failure {
  const [guess] = nearest(value, Object.keys(SOURCE_WORDS));
  return new Failure({
    code: 'KG185',
    message: `${name} is ${JSON.stringify(value)}, and there is no such way of signing in.`,
    where: name,
    remedy: `${guess === undefined ? '' : `Did you mean ${guess}? `}docs/sign-in.md lists the ways.`,
  });
}

function withoutProof({ env, names }: Look): Failure {
  const onGitHub = env.GITHUB_ACTIONS === 'true';
  const onPipelines = isSet(env.TF_BUILD);
  return new Failure({
    code: 'KG185',
    message: `${names.clientId} says who signs in, and nothing proves it.`,
    where: names.clientId,
    remedy: onGitHub
      ? 'Give the job `permissions: { id-token: write }`, so that GitHub vouches for it.'
      : onPipelines
        ? 'Map the token in the step, `env: { SYSTEM_ACCESSTOKEN: $(System.AccessToken) }`, so that Azure Pipelines vouches for it.'
        : `Set ${names.certificate} or ${names.secret}, or \`${names.signIn}=managed-identity\`.`,
  });
}

function noToken(variable: string): Failure {
  return new Failure({
    code: 'KG119',
    message: 'This is no bearer token: it holds a blank, a line break or another character that no token has.',
    where: variable,
    remedy: `Put the token alone into ${variable}: without "Bearer", quotation marks or line breaks.`,
  });
}
