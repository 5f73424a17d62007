/** `sandbox start`: which tenant to serve, and until when. */

import { join, resolve } from 'node:path';
import { Failure } from '../model/problem.js';
import type { Surroundings } from '../workspace.js';
import { readText } from './files.js';

export interface ServeFlags {
  readonly port?: number | undefined;
  readonly data?: string | undefined;
  readonly from?: string | undefined;
  readonly users?: number | undefined;
  readonly throttle?: boolean | undefined;
  readonly speed?: number | undefined;
  readonly 'tls-key'?: string | undefined;
  readonly 'tls-cert'?: string | undefined;
  readonly repo?: string | undefined;
}

export interface RunningSandbox {
  readonly format: 1;
  readonly kind: 'sandbox';
  readonly url: string;
  readonly tenantId: string;
  readonly dataDir: string;
}

/** Serves until the signal is aborted. `onReady` is told where, once requests are answered. */
export async function serveSandbox(
  flags: ServeFlags,
  surroundings: Surroundings,
  onReady: (running: RunningSandbox) => Promise<void>,
): Promise<void> {
  const dataDir = await dataFolder(flags);
  const { startSandbox } = await import('../sandbox/index.js');
  const sandbox = await startSandbox({
    dataDir,
    ...(flags.port === undefined ? {} : { port: flags.port }),
    ...(flags.users === undefined ? {} : { users: flags.users }),
    ...(flags.from === undefined ? {} : { from: flags.from }),
    ...(await tlsOf(flags)),
    behaviour: {
      ...(flags.throttle === true ? { throttle: true } : {}),
      ...(flags.speed === undefined ? {} : { speed: flags.speed }),
    },
  });
  try {
    await onReady({ format: 1, kind: 'sandbox', url: sandbox.url, tenantId: sandbox.tenantId, dataDir });
    await aborted(surroundings.signal);
  } finally {
    await sandbox.close();
  }
}

/** The folder of the sandbox tenant: the one that is named, or that of the state repository. */
export async function dataFolder(flags: Pick<ServeFlags, 'data' | 'repo'>): Promise<string> {
  return resolve(flags.data ?? (await dataOfRepository(flags.repo)));
}

async function dataOfRepository(directory: string | undefined): Promise<string> {
  const [{ findRepository }, { readConfig }] = await Promise.all([
    import('../state/repository.js'),
    import('../config.js'),
  ]);
  const root = await findRepository(directory ?? process.cwd());
  if (root === undefined) throw noRepository(directory ?? process.cwd());
  const file = join(root, 'knowngood.yaml');
  const config = readConfig(await readText(file, 'configuration'), file);
  if (config.tenant === 'sandbox') return join(root, '.knowngood', 'sandbox');
  throw new Failure({
    code: 'KG172',
    message: 'This state repository is not of a sandbox tenant.',
    where: file,
    remedy: 'Name the folder of a sandbox tenant with --data DIR; it is made if need be.',
  });
}

function noRepository(from: string): Failure {
  return new Failure({
    code: 'KG173',
    message: 'There is no state repository here, and no --data.',
    where: from,
    remedy: 'Name the folder of the sandbox tenant with --data DIR; it is made if need be.',
  });
}

async function tlsOf(flags: ServeFlags): Promise<{ tls?: { key: string; cert: string } }> {
  if (flags['tls-key'] === undefined || flags['tls-cert'] === undefined) return {};
  const [key, cert] = await Promise.all([
    readText(flags['tls-key'], 'private key'),
    readText(flags['tls-cert'], 'certificate'),
  ]);
  return { tls: { key, cert } };
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
