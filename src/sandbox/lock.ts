/**
 * The lock of a data folder: a file that names the process that serves it. It appears whole or not at all, and a lock
 * whose process is gone is taken over by exactly one other process.
 */
import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { get as httpGet } from 'node:http';
import { get as httpsGet } from 'node:https';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface LockContent {
  readonly pid: number;
  readonly url: string;
  /** Empty until the tenant is loaded. */
  readonly tenantId: string;
}

/** How long a live process may take to answer while it loads a large tenant, in milliseconds. */
const answerTimeout = 60_000;

const lockPath = (dataDir: string): string => join(dataDir, 'lock');

/** The lock as it stands, or undefined when there is none. A file nobody can read counts as a lock of no process. */
export function readLock(dataDir: string): LockContent | undefined {
  const text = readText(lockPath(dataDir));
  return text === undefined ? undefined : parseLock(text);
}

function parseLock(text: string): LockContent {
  try {
    const value = JSON.parse(text) as Partial<LockContent>;
    return { pid: Number(value.pid) || 0, url: String(value.url), tenantId: String(value.tenantId ?? '') };
  } catch {
    return { pid: 0, url: '', tenantId: '' };
  }
}

/**
 * Takes the lock, when there is none or its process is gone. Returns undefined then, else the lock of the live process.
 * `content.url` must answer the control paths already.
 */
export async function acquireLock(dataDir: string, content: LockContent): Promise<LockContent | undefined> {
  for (;;) {
    if (createLock(dataDir, content)) return undefined;
    const text = readText(lockPath(dataDir));
    if (text === undefined) continue;
    const holder = parseLock(text);
    if (await isAlive(holder)) return holder;
    await removeStale(dataDir, text);
  }
}

/** Creates the file with its content in one step: a link to a finished draft fails when the name is taken. */
function createLock(dataDir: string, content: LockContent): boolean {
  const draft = writeDraft(dataDir, content);
  try {
    linkSync(draft, lockPath(dataDir));
    return true;
  } catch (error) {
    if (code(error) === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function writeDraft(dataDir: string, content: LockContent): string {
  const draft = `${lockPath(dataDir)}.${randomUUID()}`;
  writeFileSync(draft, `${JSON.stringify(content)}\n`, { flag: 'wx' });
  return draft;
}

/** Replaces the content of a lock that is ours. */
export function updateLock(dataDir: string, content: LockContent): void {
  renameSync(writeDraft(dataDir, content), lockPath(dataDir));
}

/** Removes the lock if it is ours. */
export function releaseLock(dataDir: string, url: string): void {
  if (readLock(dataDir)?.url === url) rmSync(lockPath(dataDir), { force: true });
}

/**
 * Removes the lock of a dead process. Only the holder of a second, short-lived file may do that, and only while the lock
 * still is the one that was found dead: otherwise two processes could each remove what they saw, the later one the new
 * lock of the earlier.
 */
async function removeStale(dataDir: string, stale: string): Promise<void> {
  const guard = `${lockPath(dataDir)}.takeover`;
  try {
    writeFileSync(guard, String(process.pid), { flag: 'wx' });
  } catch (error) {
    if (code(error) !== 'EEXIST') throw error;
    const holder = Number(readText(guard) || process.pid);
    if (!isRunning(holder)) rmSync(guard, { force: true });
    await sleep(20);
    return;
  }
  try {
    if (readText(lockPath(dataDir)) === stale) rmSync(lockPath(dataDir), { force: true });
  } finally {
    rmSync(guard, { force: true });
  }
}

/** Whether the process of a lock runs and serves. A busy process is waited for; a refused connection is an answer. */
export async function isAlive(holder: LockContent): Promise<boolean> {
  if (!isRunning(holder.pid) || !URL.canParse(holder.url)) return false;
  return ping(holder.url);
}

function isRunning(pid: number): boolean {
  if (pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return code(error) === 'EPERM';
  }
}

function ping(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = controlGet(`${url}/.knowngood/ping`, (response) => {
      response.resume();
      resolve(response.statusCode === 200 && response.headers['x-knowngood-sandbox'] !== undefined);
    });
    request.setTimeout(answerTimeout, () => request.destroy(new Error('no answer')));
    request.on('error', () => resolve(false));
  });
}

/** A request on a control path, on a connection of its own. The certificate is our own, on this machine: not checked. */
export function controlGet(url: string, listener: Parameters<typeof httpGet>[2]): ReturnType<typeof httpGet> {
  return url.startsWith('https:')
    ? httpsGet(url, { agent: false, rejectUnauthorized: false }, listener)
    : httpGet(url, { agent: false }, listener);
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (code(error) === 'ENOENT') return undefined;
    throw error;
  }
}

const code = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;
