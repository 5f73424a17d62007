/**
 * Tokens of other issuers, which vouch for a workload: asked for anew at every sign-in, because they live some minutes
 * and a recovery takes hours. Facts: "OpenID Connect reference" of GitHub Actions; "Create OIDC token" of Azure DevOps 7.1.
 */

import { readFile } from 'node:fs/promises';
import { reasonOf } from '../model/file-errors.js';
import { Failure } from '../model/problem.js';
import { claimsOf } from './jwt.js';
import type { Source } from './sources.js';

export type Vouching = Extract<Source, { readonly kind: 'github' | 'azure-pipelines' | 'federated-file' }>;

export interface Fetching {
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
}

const TIMEOUT_MS = 60_000;

/**
 * A fresh assertion for this audience; Azure Pipelines and files decide the audience themselves.
 *
 * @throws Failure KG193 when it cannot be had; nothing of what was answered is told but the status.
 */
export async function assertionFrom(source: Vouching, audience: string, fetching: Fetching): Promise<string> {
  switch (source.kind) {
    case 'github': {
      const url = addressOf(source.url, 'ACTIONS_ID_TOKEN_REQUEST_URL');
      url.searchParams.set('audience', audience);
      return request(fetching, url, 'GET', source.token, 'value');
    }
    case 'azure-pipelines': {
      const url = addressOf(source.url, 'SYSTEM_OIDCREQUESTURI');
      url.searchParams.set('api-version', '7.1');
      url.searchParams.set('serviceConnectionId', source.serviceConnection);
      return request(fetching, url, 'POST', source.token, 'oidcToken');
    }
    case 'federated-file':
      return fromFile(source.path, source.variable);
  }
}

async function request(
  { fetch, signal }: Fetching,
  url: URL,
  method: 'GET' | 'POST',
  token: string,
  member: 'value' | 'oidcToken',
): Promise<string> {
  const answer = await fetch(url, {
    method,
    redirect: 'error',
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'application/json',
      'content-type': 'application/json',
      // Azure DevOps would lead to a page for people instead of refusing.
      'x-tfs-fedauthredirect': 'Suppress',
    },
  }).then(
    async (response) => ({ status: response.status, text: await response.text() }),
    () => ({ status: 0, text: '' }),
  );
  const assertion = answer.status === 200 ? memberOf(answer.text, member) : undefined;
  if (assertion !== undefined && claimsOf(assertion) !== undefined) return assertion;
  const reason =
    answer.status === 0
      ? 'there was no answer'
      : answer.status === 200
        ? 'the answer holds no token'
        : `it answered with ${answer.status}`;
  throw new Failure({
    code: 'KG193',
    message: `${ISSUERS[member]} gave no token that vouches for this job: ${reason}.`,
    where: url.origin,
    remedy: REMEDIES[member],
  });
}

const ISSUERS = { value: 'GitHub Actions', oidcToken: 'Azure Pipelines' } as const;
const REMEDIES = {
  value: 'Give the job `permissions: { id-token: write }`; if it has that, run it again.',
  oidcToken:
    'Check the id of the service connection, that it uses workload identity federation, and that this pipeline may use it.',
} as const;

function memberOf(text: string, member: string): string | undefined {
  try {
    const value = (JSON.parse(text) as Record<string, unknown> | null)?.[member];
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

function addressOf(text: string, variable: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.test(url.hostname))) return url;
  throw new Failure({
    code: 'KG193',
    message: `${variable} is not an https address.`,
    where: variable,
    remedy: 'The platform sets it; do not set it by hand.',
  });
}

async function fromFile(path: string, variable: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new Failure({
      code: 'KG193',
      message: `The file with the token that vouches for this workload cannot be read: ${reasonOf(cause)}.`,
      where: `${variable}: ${path}`,
      remedy: 'The platform writes it; check the path, and that you may read it.',
    });
  });
  const assertion = text.trim();
  if (claimsOf(assertion) !== undefined) return assertion;
  throw new Failure({
    code: 'KG193',
    message: 'The file holds no token that could vouch for this workload.',
    where: `${variable}: ${path}`,
    remedy: 'It holds one JSON Web Token and nothing else.',
  });
}
