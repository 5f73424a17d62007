/** Where Graph is and who we are there: the one place where connections are made. */

import { join } from 'node:path';
import { createClient } from './graph/client.js';
import { readOrganization } from './graph/reader.js';
import { describeError, type GraphClient, type GraphError, GraphFailure } from './graph/types.js';
import { CLOUDS } from './identity/clouds.js';
import { givenToken, type Identity, identityFor } from './identity/sign-in.js';
import type { Purpose } from './identity/sources.js';
import { EXIT, Failure, interruption } from './model/problem.js';
import { TOOL_VERSION } from './version.js';
import type { Workspace } from './workspace.js';

/** A way to one Graph, before anything was asked. */
export interface Connection {
  /** Origin: `https://graph.microsoft.com`, or the sandbox's. */
  readonly url: string;
  /** A bearer token; after a 401 with the token that was refused. */
  readonly token: Identity['token'];
  /** Who signs in; undefined where no sign-in is needed: a sandbox. */
  readonly identity: Identity | undefined;
  /** True when only a sandbox may answer. */
  readonly sandbox: boolean;
  close(): Promise<void>;
}

/** A connection that was seen to lead to the configured tenant. */
export interface Tenant {
  readonly id: string;
  readonly client: GraphClient;
  readonly connection: Connection;
  /** By how many milliseconds our clock is ahead of Graph's; undefined where no answer told the time. */
  ahead(): number | undefined;
  close(): Promise<void>;
}

/** Every sandbox answer names its tenant in this header. */
const SANDBOX_HEADER = 'x-knowngood-sandbox';
const SANDBOX_TOKEN = 'sandbox';

/** Folder of the embedded sandbox's data in a state repository. */
export function sandboxData(root: string): string {
  return join(root, '.knowngood', 'sandbox');
}

/**
 * Opens the way to Graph: the embedded sandbox, or an address and an identity from the environment. Sends nothing to Graph.
 * Only a tenant is signed in to: a sandbox takes any token.
 */
export async function connect(workspace: Workspace, purpose: Purpose = 'read'): Promise<Connection> {
  const { env, clock, signal } = workspace.surroundings;
  const { tenant, cloud } = workspace.config;
  const sandbox = tenant === 'sandbox';
  const address = env.KNOWNGOOD_GRAPH_URL;
  const given = sandbox ? givenToken({ env, purpose, clock }) : undefined;
  if (sandbox && (address === undefined || address === '')) return openEmbedded(workspace, given);
  const url = originOf(address === undefined || address === '' ? CLOUDS[cloud].graph : address, sandbox);
  const close = async () => {};
  const identity = sandbox ? given : identityFor({ env, tenant, cloud, purpose, clock, signal });
  if (identity === undefined && !sandbox && !LOOPBACK.test(new URL(url).hostname)) throw noSignIn();
  return { url, sandbox, token: identity?.token ?? sandboxToken, identity, close };
}

const sandboxToken = async () => SANDBOX_TOKEN;

function noSignIn(): Failure {
  return new Failure({
    code: 'KG111',
    message: 'Nothing says how to sign in to the tenant.',
    where: 'AZURE_CLIENT_ID, KNOWNGOOD_TOKEN',
    remedy:
      'Set AZURE_CLIENT_ID and what proves it (docs/sign-in.md), or `KNOWNGOOD_SIGN_IN=azure-cli` after `az login`, or a token in KNOWNGOOD_TOKEN.',
  });
}

async function openEmbedded(workspace: Workspace, identity: Identity | undefined): Promise<Connection> {
  const { openSandbox, sandboxExists } = await import('./sandbox/index.js');
  const dataDir = sandboxData(workspace.root);
  if (!(await sandboxExists(dataDir))) {
    throw new Failure({
      code: 'KG112',
      message: 'The sandbox tenant of this repository does not exist.',
      where: dataDir,
      remedy: 'Make a new one with `knowngood init DIR --tenant sandbox`; the data of a sandbox is not in git.',
    });
  }
  const { url, close } = await openSandbox({ dataDir });
  return { url, sandbox: true, token: identity?.token ?? sandboxToken, identity, close };
}

/** Plain HTTP is for a sandbox: a token must not cross a network in clear. */
function originOf(address: string, sandbox: boolean): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isOrigin = url?.username === '' && url.password === '' && ['', '/'].includes(url.pathname) && url.search === '';
  if (url === undefined || !isOrigin || !['http:', 'https:'].includes(url.protocol)) {
    throw new Failure({
      code: 'KG113',
      message: 'The address of Microsoft Graph is not an http or https origin.',
      where: 'KNOWNGOOD_GRAPH_URL',
      remedy: 'Give scheme, host and port only, for example https://graph.microsoft.com.',
    });
  }
  if (url.protocol === 'http:' && !sandbox && !LOOPBACK.test(url.hostname)) {
    throw new Failure({
      code: 'KG118',
      message: 'The token of a real tenant would cross the network in clear.',
      where: 'KNOWNGOOD_GRAPH_URL',
      remedy: 'Use an https address.',
      exit: EXIT.refused,
    });
  }
  return url.origin;
}

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

/**
 * Connects and asks who the token belongs to, before anything else: another tenant than the configured one is a Failure
 * with exit code 4, and nothing was read further. `expected` narrows it to the tenant of a plan.
 * `background`: where Graph must choose, it serves others first.
 */
export async function openTenant(
  workspace: Workspace,
  expected?: string,
  purpose: Purpose = 'read',
  background = false,
): Promise<Tenant> {
  const connection = await connect(workspace, purpose);
  try {
    // A sign-in that fails is told as what it is, and not as an answer that did not come.
    await connection.token();
    const seen = new Set<string>();
    const { clock } = workspace.surroundings;
    let ahead: number | undefined;
    const client = createClient({
      root: connection.url,
      token: connection.token,
      signal: workspace.surroundings.signal,
      userAgent: `knowngood/${TOOL_VERSION}`,
      background,
      fetch: async (input, init) => {
        const response = await fetch(input, init);
        const named = response.headers.get(SANDBOX_HEADER);
        if (named !== null) seen.add(named.toLowerCase());
        const theirs = Date.parse(response.headers.get('date') ?? '');
        if (!Number.isNaN(theirs)) ahead = clock().getTime() - theirs;
        return response;
      },
    });
    const id = await organizationOf(client, connection, workspace.surroundings.signal);
    if (connection.sandbox && !seen.has(id)) throw notSandbox(connection.url);
    if (!connection.sandbox && id !== workspace.config.tenant)
      throw wrongTenant(connection.url, id, workspace.config.tenant, 'knowngood.yaml');
    if (expected !== undefined && id !== expected)
      throw wrongTenant(connection.url, id, expected, 'the backup or plan');
    return { id, client, connection, ahead: () => ahead, close: connection.close };
  } catch (cause) {
    await connection.close();
    throw cause;
  }
}

async function organizationOf(client: GraphClient, connection: Connection, signal: AbortSignal): Promise<string> {
  try {
    return await readOrganization(client);
  } catch (cause) {
    if (!(cause instanceof GraphFailure)) throw cause;
    if (signal.aborted) throw interruption();
    if (cause.error.status === 401) await explainRefusal(connection, cause.error);
    throw new Failure({
      code: 'KG114',
      message: `Microsoft Graph did not say which tenant this is: ${describeError(cause.error)}`,
      where: client.root,
      remedy:
        cause.error.status === 401
          ? 'The token is not, or no longer, good: get a new one.'
          : 'Check the address and the network, and that the token may read the organization.',
      cause,
    });
  }
}

/** A token that was given, and not asked for, says itself why Graph no longer takes it: a Failure (KG196). */
async function explainRefusal({ token, identity }: Connection, { claimsChallenge }: GraphError): Promise<void> {
  if (identity?.kind !== 'token') return;
  await token({ refused: await token(), ...(claimsChallenge === undefined ? {} : { claims: '' }) });
}

function notSandbox(url: string): Failure {
  return new Failure({
    code: 'KG115',
    message: 'This repository is for a sandbox, and what answers is not one. Nothing was read.',
    where: url,
    remedy: 'Start one with `knowngood sandbox start`, or set the tenant in knowngood.yaml to the real one.',
    exit: EXIT.refused,
  });
}

function wrongTenant(url: string, found: string, expected: string, by: string): Failure {
  return new Failure({
    code: 'KG116',
    message: `The token is for tenant ${found}, but ${by} names ${expected}. Nothing was read or written.`,
    where: url,
    remedy: 'Sign in to the right tenant, or use the repository of this one.',
    exit: EXIT.refused,
  });
}
