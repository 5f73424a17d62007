/** Where Graph is and who we are there: the one place where connections are made. */

import { join } from 'node:path';
import { createClient } from './graph/client.js';
import { permissionsIn } from './graph/granted.js';
import { readOrganization } from './graph/reader.js';
import { describeError, type GraphClient, GraphFailure } from './graph/types.js';
import { EXIT, Failure, interruption } from './model/problem.js';
import type { Workspace } from './workspace.js';

/** A way to one Graph, before anything was asked. */
export interface Connection {
  /** Origin: `https://graph.microsoft.com`, or the sandbox's. */
  readonly url: string;
  readonly token: () => Promise<string>;
  /** True when only a sandbox may answer. */
  readonly sandbox: boolean;
  close(): Promise<void>;
}

/** A connection that was seen to lead to the configured tenant. */
export interface Tenant {
  readonly id: string;
  readonly client: GraphClient;
  /** What the token lets do; undefined where it does not say. */
  readonly permissions?: ReadonlySet<string> | undefined;
  close(): Promise<void>;
}

/** "National cloud deployments": Graph's root per cloud. */
const ROOTS = {
  global: 'https://graph.microsoft.com',
  usgov: 'https://graph.microsoft.us',
  usgovdod: 'https://dod-graph.microsoft.us',
  china: 'https://microsoftgraph.chinacloudapi.cn',
} as const;

/** Every sandbox answer names its tenant in this header. */
const SANDBOX_HEADER = 'x-knowngood-sandbox';
const SANDBOX_TOKEN = 'sandbox';

/** Folder of the embedded sandbox's data in a state repository. */
export function sandboxData(root: string): string {
  return join(root, '.knowngood', 'sandbox');
}

/** Opens the way to Graph: the embedded sandbox, or an address and a token from the environment. Sends nothing to Graph. */
export async function connect(workspace: Workspace): Promise<Connection> {
  const { env } = workspace.surroundings;
  const sandbox = workspace.config.tenant === 'sandbox';
  const address = env.KNOWNGOOD_GRAPH_URL;
  if (sandbox && (address === undefined || address === '')) return openEmbedded(workspace);
  const url = originOf(address === undefined || address === '' ? ROOTS[workspace.config.cloud] : address, sandbox);
  const token = env.KNOWNGOOD_TOKEN;
  if (!sandbox && !address && !token) {
    throw new Failure({
      code: 'KG111',
      message: 'There is no token for Microsoft Graph.',
      where: 'KNOWNGOOD_TOKEN',
      remedy:
        'Put a bearer token into KNOWNGOOD_TOKEN, for example with `az account get-access-token --resource-type ms-graph`.',
    });
  }
  // fetch would refuse it, too, as if the network were to blame.
  if (token !== undefined && !/^[\x21-\x7e]*$/.test(token)) throw noToken();
  return { url, sandbox, token: async () => token || SANDBOX_TOKEN, close: async () => {} };
}

function noToken(): Failure {
  return new Failure({
    code: 'KG119',
    message: 'This is no bearer token: it holds a blank, a line break or another character that no token has.',
    where: 'KNOWNGOOD_TOKEN',
    remedy: 'Put the token alone into KNOWNGOOD_TOKEN: without "Bearer", quotation marks or line breaks.',
  });
}

async function openEmbedded(workspace: Workspace): Promise<Connection> {
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
  return { url, sandbox: true, token: async () => SANDBOX_TOKEN, close };
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
 */
export async function openTenant(workspace: Workspace, expected?: string): Promise<Tenant> {
  const connection = await connect(workspace);
  try {
    const seen = new Set<string>();
    const client = createClient({
      root: connection.url,
      token: connection.token,
      signal: workspace.surroundings.signal,
      fetch: async (input, init) => {
        const response = await fetch(input, init);
        const named = response.headers.get(SANDBOX_HEADER);
        if (named !== null) seen.add(named.toLowerCase());
        return response;
      },
    });
    const id = await organizationOf(client, workspace.surroundings.signal);
    if (connection.sandbox && !seen.has(id)) throw notSandbox(connection.url);
    if (!connection.sandbox && id !== workspace.config.tenant)
      throw wrongTenant(connection.url, id, workspace.config.tenant, 'knowngood.yaml');
    if (expected !== undefined && id !== expected)
      throw wrongTenant(connection.url, id, expected, 'the backup or plan');
    return { id, client, permissions: permissionsIn(await connection.token()), close: connection.close };
  } catch (cause) {
    await connection.close();
    throw cause;
  }
}

async function organizationOf(client: GraphClient, signal: AbortSignal): Promise<string> {
  try {
    return await readOrganization(client);
  } catch (cause) {
    if (!(cause instanceof GraphFailure)) throw cause;
    if (signal.aborted) throw interruption();
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
