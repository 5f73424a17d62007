/**
 * Signing in to the sandbox: the OpenID metadata and the token endpoint that Microsoft Entra ID has at
 * login.microsoftonline.com, as far as applications need them. Source: "OpenID Connect on the Microsoft identity platform",
 * "OAuth 2.0 client credentials flow". Nothing that is sent here is written down.
 */
import { randomUUID } from 'node:crypto';
import { callerSets } from './quirks/callers.js';
import { exchangeAudience, signInErrors as refuse, type SignInError } from './quirks/sign-in.js';
import type { OutgoingAnswer, Service } from './service.js';
import { writeToken } from './tokens.js';

export interface SignInRequest {
  readonly method: string;
  readonly path: string;
  /** Scheme and host the client used. */
  readonly origin: string;
  readonly text: string;
}

/** Whether a path is one of the sign-in service. */
export function isSignIn(path: string): boolean {
  return /^\/[^/]+\/(?:v2\.0\/\.well-known\/openid-configuration|oauth2\/v2\.0\/token)$/.test(path);
}

/** Answers a request to a path of the sign-in service. */
export function answerSignIn(service: Service, request: SignInRequest): OutgoingAnswer {
  const tenant = decodeURIComponent(request.path.split('/')[1] ?? '');
  const wantsToken = request.path.endsWith('/token');
  if (request.method !== (wantsToken ? 'POST' : 'GET')) return { status: 405, headers: {} };
  const refused = isTenant(service, tenant) ? undefined : refuse.noTenant(tenant);
  if (refused) return refusal(service, request, refused);
  if (!wantsToken) return json(200, metadata(request.origin, service.store.tenantId));
  const form = new URLSearchParams(request.text);
  const wrong = mistakeOf(service, request.origin, form);
  return wrong ? refusal(service, request, wrong) : json(200, granted(service, form.get('client_id') ?? ''));
}

const json = (status: number, body: unknown): OutgoingAnswer => ({
  status,
  headers: { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store, no-cache' },
  body,
});

/** A tenant is named by its id, or by one of its domains. */
function isTenant({ store }: Service, name: string): boolean {
  return [store.tenantId, ...store.verifiedDomains].some((each) => each.toLowerCase() === name.toLowerCase());
}

function metadata(origin: string, tenantId: string): Record<string, unknown> {
  const issuer = `${origin}/${tenantId}`;
  return {
    token_endpoint: `${issuer}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
    jwks_uri: `${issuer}/discovery/v2.0/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer: `${issuer}/v2.0`,
    request_uri_parameter_supported: false,
    authorization_endpoint: `${issuer}/oauth2/v2.0/authorize`,
    end_session_endpoint: `${issuer}/oauth2/v2.0/logout`,
    msgraph_host: new URL(origin).host,
  };
}

/** What is wrong with a request for a token; undefined when it is granted. */
function mistakeOf(service: Service, origin: string, form: URLSearchParams): SignInError | undefined {
  for (const name of ['grant_type', 'client_id', 'scope']) if (!form.get(name)) return refuse.missing(name);
  const [grantType = '', client = '', scope = ''] = ['grant_type', 'client_id', 'scope'].map(
    (name) => form.get(name) ?? '',
  );
  if (grantType !== 'client_credentials') return refuse.grantType(grantType);
  if (!scope.split(' ').some((each) => each.endsWith('/.default'))) return refuse.scope(scope);
  if (!setOf(client)) return refuse.noClient(client, service.store.displayName);
  const secret = form.get('client_secret');
  if (secret !== null) return secret === service.behaviour.clientSecret ? undefined : refuse.secret(client);
  const assertion = form.get('client_assertion');
  return assertion === null ? refuse.noCredential : mistakeOfAssertion(service, origin, client, assertion);
}

const setOf = (client: string) => Object.values(callerSets).find((set) => set.appId === client.toLowerCase());

/**
 * An assertion is a JSON Web Token of the application itself (a certificate), or of a pipeline that vouches for it. Who
 * signed it is not checked: a sandbox knows no certificates.
 */
function mistakeOfAssertion(service: Service, origin: string, client: string, text: string): SignInError | undefined {
  const claims = claimsOf(text);
  if (!claims || typeof claims.exp !== 'number') return refuse.assertion;
  const now = service.clock();
  if (claims.exp * 1000 <= now.getTime())
    return refuse.assertionTime(now.toISOString(), new Date(claims.exp * 1000).toISOString());
  const audience = String(claims.aud);
  if (exchangeAudience.test(audience)) return undefined;
  const own = claims.iss === client && claims.sub === client && audience.startsWith(`${origin}/`);
  return own ? undefined : refuse.assertionAudience;
}

function claimsOf(text: string): Record<string, unknown> | undefined {
  const parts = text.split('.');
  if (parts.length !== 3) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(parts[1] ?? '', 'base64url').toString('utf8'));
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function granted(service: Service, client: string): Record<string, unknown> {
  const { appId, permissions, roles } = setOf(client) ?? callerSets.reader;
  const seconds = service.behaviour.tokenSeconds;
  const { tenantId } = service.store;
  const content = { tenantId, appId, permissions, roles, now: service.clock(), lifetimeSeconds: seconds };
  return {
    token_type: 'Bearer',
    expires_in: seconds,
    ext_expires_in: seconds,
    access_token: writeToken(content),
  };
}

function refusal(service: Service, { origin }: SignInRequest, { status, error, code, words }: SignInError) {
  const timestamp = service.clock().toISOString().slice(0, 19).replace('T', ' ').concat('Z');
  const [trace, correlation] = [randomUUID(), randomUUID()];
  return json(status, {
    error,
    error_description: `AADSTS${code}: ${words} Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${timestamp}`,
    error_codes: [code],
    timestamp,
    trace_id: trace,
    correlation_id: correlation,
    error_uri: `${origin}/error?code=${code}`,
  });
}
