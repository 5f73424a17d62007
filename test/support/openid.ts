/**
 * Microsoft Entra ID as far as sign-in goes: OpenID metadata and the token endpoint over HTTPS, and the places where GitHub
 * Actions and Azure Pipelines hand out the tokens that vouch for a job. Refusals are in the words of Entra ID.
 */

import { constants, createHash, createHmac, createPublicKey, createVerify, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

const at = (name: string) => fileURLToPath(new URL(`openid/${name}`, import.meta.url));

export const TENANT = '1fb67de7-8872-4a4a-8359-4f7fd4c28a36';
export const CLIENT = '5ec2e7a1-0000-4000-8000-000000000001';
/** The authority's own certificate, for whoever must trust it. */
export const TRUSTED = at('server.cert.pem');
export const CERTIFICATE = at('client.pem');
export const ENCRYPTED_CERTIFICATE = at('client-encrypted.pem');
export const CERTIFICATE_PASSWORD = 'open-sesame';
/** A certificate that nobody uploaded. */
export const STRANGER = at('stranger.pem');

export interface OpenIdOptions {
  /** The only tenant there is; TENANT where it is not given. */
  readonly tenant?: string;
  readonly secret?: string;
  readonly subject?: string;
  readonly clock?: () => Date;
  /** Claims of the access tokens, besides those that all have. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Put into every token that is handed out, so that it can be looked for. */
  readonly mark?: string;
}

/** One request for a token. */
export interface TokenRequest {
  readonly tenant: string;
  readonly form: Readonly<Record<string, string>>;
}

export interface OpenId {
  /** Of the authority: https. */
  readonly url: string;
  /** What Actions and Pipelines set; `audience` decides nothing for Pipelines. */
  readonly platform: { readonly github: string; readonly pipelines: string; readonly token: string };
  readonly requests: TokenRequest[];
  /** Access tokens that were handed out. */
  readonly tokens: string[];
  /** Assertions that were handed out, in order. */
  readonly assertions: { readonly audience: string; readonly assertion: string }[];
  close(): Promise<void>;
}

const ASSERTION_SECONDS = 300;
const TOKEN_SECONDS = 3599;
const PLATFORM_TOKEN = 'platform-token';
const EXCHANGE = /^api:\/\/AzureADTokenExchange/;

/** A token with these claims; what signs it is known to nobody else. */
export function sign(claims: Readonly<Record<string, unknown>>): string {
  const head = encode({ alg: 'HS256', typ: 'JWT' });
  const body = encode(claims);
  return `${head}.${body}.${createHmac('sha256', 'test').update(`${head}.${body}`).digest('base64url')}`;
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decode(token: string, part: 0 | 1): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[part] ?? '', 'base64url').toString()) as Record<string, unknown>;
}

class Refusal extends Error {}

export async function startOpenId(options: OpenIdOptions = {}): Promise<OpenId> {
  const clock = options.clock ?? (() => new Date());
  const requests: TokenRequest[] = [];
  const tokens: string[] = [];
  const assertions: { audience: string; assertion: string }[] = [];
  const seconds = () => Math.floor(clock().getTime() / 1000);
  const issue = (audience: string, issuer: string): string => {
    const assertion = sign({
      iss: issuer,
      sub: options.subject ?? 'repo:acme/state:ref:refs/heads/main',
      aud: audience,
      exp: seconds() + ASSERTION_SECONDS,
      jti: `${options.mark ?? ''}${assertions.length}`,
    });
    assertions.push({ audience, assertion });
    return assertion;
  };
  const issued = (token: string) => {
    tokens.push(token);
    return token;
  };
  const platform = await listen(createServer(handling((request) => platformAnswer(request, issue))));
  const authority: Server = await listen(
    createSecureServer(
      { key: readFileSync(at('server.key.pem')), cert: readFileSync(TRUSTED) },
      handling(async (request): Promise<Answer> => {
        const [, tenant = '', ...path] = (request.url ?? '').split('?')[0]?.split('/') ?? [];
        const url = `https://localhost:${port(authority)}/${tenant}`;
        if (path.join('/') === 'v2.0/.well-known/openid-configuration') {
          if (tenant !== (options.tenant ?? TENANT))
            return refused(
              new Refusal(
                `AADSTS90002: Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.`,
              ),
            );
          return { status: 200, body: metadata(url, tenant) };
        }
        const form = Object.fromEntries(new URLSearchParams(await textOf(request)));
        requests.push({ tenant, form });
        try {
          prove(form, `${url}/oauth2/v2.0/token`, seconds(), options);
        } catch (cause) {
          return refused(cause);
        }
        const claims = {
          aud: 'https://graph.microsoft.com',
          tid: tenant,
          appid: form.client_id,
          exp: seconds() + TOKEN_SECONDS,
          jti: `${options.mark ?? ''}${requests.length}`,
          ...options.claims,
        };
        return {
          status: 200,
          body: { token_type: 'Bearer', expires_in: TOKEN_SECONDS, access_token: issued(sign(claims)) },
        };
      }),
    ),
  );
  return {
    url: `https://localhost:${port(authority)}`,
    platform: {
      github: `http://127.0.0.1:${port(platform)}/github?api-version=2.0`,
      pipelines: `http://127.0.0.1:${port(platform)}/pipelines`,
      token: `${PLATFORM_TOKEN}${options.mark ?? ''}`,
    },
    requests,
    tokens,
    assertions,
    async close() {
      await Promise.all([stop(platform), stop(authority)]);
    },
  };
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

function platformAnswer(request: IncomingMessage, issue: (audience: string, issuer: string) => string): Answer {
  const url = new URL(request.url ?? '', 'http://platform');
  if (!request.headers.authorization?.startsWith(`Bearer ${PLATFORM_TOKEN}`))
    return { status: 401, body: { message: 'no' } };
  if (url.pathname === '/github' && request.method === 'GET') {
    const audience = url.searchParams.get('audience') ?? 'https://github.com/acme';
    return { status: 200, body: { value: issue(audience, 'https://token.actions.githubusercontent.com') } };
  }
  // What a broken proxy might do: the answer holds what was sent.
  if (url.pathname === '/echo') return { status: 200, body: { message: request.headers.authorization } };
  const asked = url.searchParams.get('api-version') === '7.1' && url.searchParams.has('serviceConnectionId');
  if (url.pathname !== '/pipelines' || request.method !== 'POST' || !asked) return { status: 404, body: {} };
  return {
    status: 200,
    body: { oidcToken: issue('api://AzureADTokenExchange', 'https://vstoken.dev.azure.com/acme') },
  };
}

/** Throws what Entra ID says when the proof is not good. */
function prove(form: Readonly<Record<string, string>>, endpoint: string, now: number, options: OpenIdOptions): void {
  if (form.grant_type !== 'client_credentials')
    throw new Refusal('AADSTS70003: The app requested an unsupported grant type.');
  if (form.client_id !== CLIENT)
    throw new Refusal(
      `AADSTS700016: Application with identifier '${form.client_id}' was not found in the directory 'Acme'.`,
    );
  if (form.client_secret !== undefined) {
    if (form.client_secret === options.secret) return;
    throw new Refusal(
      `AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${CLIENT}'.`,
    );
  }
  const assertion = form.client_assertion ?? '';
  const claims = decode(assertion, 1);
  if (Number(claims.exp) <= now)
    throw new Refusal('AADSTS700024: Client assertion is not within its valid time range.');
  if (EXCHANGE.test(String(claims.aud))) {
    if (claims.sub === 'repo:acme/state:ref:refs/heads/main') return;
    throw new Refusal(
      `AADSTS700213: No matching federated identity record found for presented assertion subject '${String(claims.sub)}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion.`,
    );
  }
  const certificate = new X509Certificate(readFileSync(CERTIFICATE));
  const thumbprint = createHash('sha256').update(certificate.raw).digest('base64url');
  const known =
    decode(assertion, 0)['x5t#S256'] === thumbprint && claims.aud === endpoint && isSigned(assertion, certificate);
  if (!known)
    throw new Refusal(
      'AADSTS700027: The certificate with identifier used to sign the client assertion is not registered on application.',
    );
}

function isSigned(assertion: string, certificate: X509Certificate): boolean {
  const [head, body, signature = ''] = assertion.split('.');
  const key = {
    key: createPublicKey(certificate.publicKey.export({ type: 'spki', format: 'pem' })),
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: 32,
  };
  return createVerify('sha256').update(`${head}.${body}`).verify(key, signature, 'base64url');
}

function metadata(url: string, tenant: string): object {
  return {
    issuer: `${url}/v2.0`,
    token_endpoint: `${url}/oauth2/v2.0/token`,
    authorization_endpoint: `${url}/oauth2/v2.0/authorize`,
    jwks_uri: `${url}/discovery/v2.0/keys`,
    tenant_region_scope: null,
    cloud_instance_name: tenant,
  };
}

/** The shape of Entra ID's refusals, with the ids that support asks for. */
function refused(cause: unknown): Answer {
  if (!(cause instanceof Refusal)) throw cause;
  const [, code] = /^AADSTS(\d+)/.exec(cause.message) ?? [];
  const ids =
    'Trace ID: 11111111-aaaa-4000-8000-000000000000 Correlation ID: 22222222-bbbb-4000-8000-000000000000 Timestamp: 2026-11-20 14:30:00Z';
  return {
    status: code === '7000215' || code === '700027' ? 401 : 400,
    body: {
      error: code === '7000215' ? 'invalid_client' : 'invalid_request',
      error_description: `${cause.message} ${ids}`,
      error_codes: [Number(code)],
    },
  };
}

function handling(answer: (request: IncomingMessage) => Answer | Promise<Answer>): RequestListener {
  return (request: IncomingMessage, response: ServerResponse) => {
    Promise.resolve()
      .then(() => answer(request))
      .then(({ status, body }) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
      )
      .catch(() => response.destroy());
  };
}

type Server = ReturnType<typeof createServer> | ReturnType<typeof createSecureServer>;

async function listen<T extends Server>(server: T): Promise<T> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return server;
}

function port(server: Server): number {
  return (server.address() as AddressInfo).port;
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
