/**
 * Start, share, stop. One process serves a data folder and holds its lock; others speak HTTP to it and tell it that they
 * are there by keeping one request open. The holder stops only when none of them is left.
 */
import { mkdirSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Behaviour, readBehaviour, standardBehaviour } from './behaviour.js';
import { SandboxError } from './errors.js';
import { createHolders } from './holders.js';
import { acquireLock, controlGet, isAlive, type LockContent, readLock, releaseLock, updateLock } from './lock.js';
import {
  hasTenant,
  openJournal,
  readSeedRecord,
  replay,
  type SeedRecord,
  type Visitor,
  writeSeed,
} from './persistence.js';
import type { TenantSeed } from './seed.js';
import { createSandboxServer } from './server.js';
import { createService, type Service } from './service.js';
import { readStateFolder } from './state-folder.js';

export interface SandboxOptions {
  readonly dataDir: string;
  /** 0 or nothing: any free port. */
  readonly port?: number;
  /** Size of a generated tenant; only for a folder without data. Default 200. */
  readonly users?: number;
  /** State folder to make the tenant from; only for a folder without data, or with data from the same content. */
  readonly from?: string;
  /** PEM texts; with them the sandbox speaks HTTPS. */
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly clock?: () => Date;
  /** The clock of throttling and of lag, in milliseconds since any moment. Default: real time, as fast as `behaviour.speed` says. */
  readonly milliseconds?: () => number;
  /** Numbers from 0 up to 1: ids of new objects, order of batch answers. */
  readonly random?: () => number;
  /** Switches that win over those of the data folder. */
  readonly behaviour?: Partial<Behaviour>;
}

export interface RunningSandbox {
  readonly url: string;
  readonly tenantId: string;
  /** Resolves when no other process is connected any more and the server has stopped. */
  close(): Promise<void>;
}

export interface SandboxConnection extends RunningSandbox {
  /** Whether this process serves the data. */
  readonly owner: boolean;
}

const standardUsers = 200;

/** True when the folder already holds a tenant. */
export async function sandboxExists(dataDir: string): Promise<boolean> {
  return hasTenant(dataDir);
}

/** Makes the data without serving it. Throws `SandboxError`: `sandbox-exists`, `sandbox-from`. */
export async function createSandbox(options: {
  readonly dataDir: string;
  readonly users?: number;
  readonly from?: string;
  readonly clock?: () => Date;
}): Promise<{ tenantId: string; objects: number }> {
  const createdAt = (options.clock ?? systemClock)().toISOString();
  const record: SeedRecord =
    options.from === undefined
      ? { createdAt, seed: { users: options.users ?? standardUsers } }
      : { createdAt, from: readStateFolder(options.from) };
  const seed = await seedOf(record);
  writeSeed(options.dataDir, record);
  return { tenantId: seed.tenantId, objects: seed.objects.length };
}

/** The tenant a log starts from: kept in the log, or generated again. */
export async function seedOf(record: SeedRecord): Promise<TenantSeed> {
  if ('from' in record) return record.from;
  const { generateTenant } = await import('./tenant.js');
  return generateTenant(record.seed.users, record.createdAt);
}

const systemClock = (): Date => new Date();

/**
 * Serves the data folder, making the data first when there is none, until `close`. Throws `SandboxError`: `sandbox-locked`
 * when another process serves it, `port-in-use`, `sandbox-from`, `sandbox-exists`, `sandbox-damaged`.
 */
export async function startSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  const found = readLock(options.dataDir);
  const started = found && (await isAlive(found)) ? found : await tryStart(options);
  if ('owner' in started) return { url: started.url, tenantId: started.tenantId, close: started.close };
  throw new SandboxError(
    'sandbox-locked',
    `The sandbox in ${options.dataDir} is already served by process ${started.pid} at ${started.url}.`,
    'Use that one, or stop it first.',
  );
}

/** Serves the data folder in this process, or joins the process that serves it. Throws as `startSandbox`, but for the lock. */
export async function openSandbox(options: SandboxOptions): Promise<SandboxConnection> {
  for (;;) {
    const found = readLock(options.dataDir);
    const joined = found && (await join(found));
    if (joined) return joined;
    const started = await tryStart(options);
    if ('owner' in started) return started;
    // Somebody else was faster, or is about to leave: the next round joins, or starts.
    await sleep(20);
  }
}

/** A folder that cannot be written is a person's to mend; anything else stays what it is. */
function unwritable(dataDir: string, cause: unknown): unknown {
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  if (!['EACCES', 'EPERM', 'EROFS', 'ENOSPC'].includes(code)) return cause;
  return new SandboxError(
    'sandbox-unwritable',
    `The folder of the sandbox cannot be written (${code}): ${dataDir}`,
    'Make it writable, or name another one with --data.',
  );
}

/** Starts the server and takes the lock; returns the lock of the other process when there is one. */
async function tryStart(options: SandboxOptions): Promise<SandboxConnection | LockContent> {
  const { dataDir } = options;
  mkdirSync(dataDir, { recursive: true });
  const loading = deferred<Service>();
  const holders = createHolders(loading.promise);
  const server = createSandboxServer({ tls: options.tls, service: loading.promise, ...holders });
  const url = await listen(server, options);
  const other = await acquireLock(dataDir, { pid: process.pid, url, tenantId: '' }).catch(async (cause: unknown) => {
    await stop(server);
    throw unwritable(dataDir, cause);
  });
  if (other) {
    await stop(server);
    return other;
  }
  try {
    const service = await load(options);
    updateLock(dataDir, { pid: process.pid, url, tenantId: service.store.tenantId });
    loading.resolve(service);
    return {
      url,
      tenantId: service.store.tenantId,
      owner: true,
      close: closing(server, service, holders, dataDir, url),
    };
  } catch (error) {
    loading.reject(error);
    releaseLock(dataDir, url);
    await stop(server);
    throw error;
  }
}

/** A promise that is settled from outside; nobody has to wait for its failure. */
function deferred<T>(): { promise: Promise<T>; resolve(value: T): void; reject(error: unknown): void } {
  let settle: { resolve(value: T): void; reject(error: unknown): void } | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  promise.catch(() => undefined);
  return { promise, resolve: (value) => settle?.resolve(value), reject: (error) => settle?.reject(error) };
}

async function load(options: SandboxOptions): Promise<Service> {
  const { dataDir, from } = options;
  if (!hasTenant(dataDir)) await createSandbox(options);
  const record = readSeedRecord(dataDir);
  const seed = await seedOf(record);
  if (from !== undefined && !('from' in record && record.from.tenantId === readStateFolder(from).tenantId)) {
    throw new SandboxError(
      'sandbox-exists',
      `${dataDir} already holds a sandbox tenant that was not made from ${from}.`,
      'Leave out the folder to go on with that tenant, or use another data folder.',
    );
  }
  const copy = (visit?: Visitor) => replay(dataDir, seed, new Date(record.createdAt), visit);
  return createService({
    store: copy(),
    copy,
    journal: openJournal(dataDir),
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
    ...(options.milliseconds ? { milliseconds: options.milliseconds } : {}),
    behaviour: { ...standardBehaviour, ...readBehaviour(dataDir), ...options.behaviour },
  });
}

function listen(server: Server, options: SandboxOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') return reject(error);
      reject(
        new SandboxError(
          'port-in-use',
          `Port ${options.port} cannot be used: ${error.message}`,
          'Choose another port, or leave it out.',
        ),
      );
    });
    server.listen(options.port ?? 0, '127.0.0.1', () => {
      resolve(`${options.tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`);
    });
  });
}

function closing(
  server: Server,
  service: Service,
  holders: ReturnType<typeof createHolders>,
  dataDir: string,
  url: string,
): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= (async () => {
      await holders.none();
      // Nothing is written from here on, so the next owner may start as soon as the lock is gone.
      service.journal.close();
      releaseLock(dataDir, url);
      await stop(server);
    })();
    return done;
  };
}

/** Stops accepting, lets requests in flight finish, and closes what is idle. */
function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    // Requests are answered at once; whoever still keeps a connection after a moment has nothing to wait for.
    setTimeout(() => server.closeAllConnections(), 500).unref();
  });
}

/** Registers with the process of a lock; undefined when it is not there any more. */
function join(found: LockContent): Promise<SandboxConnection | undefined> {
  return new Promise((resolve) => {
    if (!URL.canParse(found.url)) return resolve(undefined);
    const request = controlGet(`${found.url}/.knowngood/hold`, (response) => {
      const tenantId = response.headers['x-knowngood-sandbox'];
      if (response.statusCode !== 200 || typeof tenantId !== 'string') {
        request.destroy();
        return resolve(undefined);
      }
      response.on('error', () => undefined);
      response.resume();
      // A process that ends without closing is not kept alive by its registration.
      response.socket.unref();
      const close = async () => {
        request.destroy();
      };
      resolve({ url: found.url, tenantId, owner: false, close });
    });
    request.on('error', () => resolve(undefined));
  });
}
