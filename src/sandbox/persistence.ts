/**
 * The data folder of a sandbox. `log.jsonl` starts with what the tenant was made from and goes on with one line for each
 * change; `requests.jsonl` has one line for each request. Lines are handed to the operating system before the request is
 * answered, and not forced to the disk: what survives is the end of this process, not that of the machine.
 */
import { randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { SandboxError } from './errors.js';
import type { TenantSeed } from './seed.js';
import { type ChangeRecord, loadSeed, type Store } from './store.js';

/** The first line of the log: what the tenant started from, and when it was made (UTC, ISO 8601). */
export type SeedRecord = { readonly createdAt: string } & (
  | { readonly seed: { readonly users: number } }
  | { readonly from: TenantSeed }
);

/** One line of the request log. `url` is path and query as received; passwords in the body are replaced. */
export interface RequestRecord {
  readonly time: string;
  readonly method: string;
  readonly url: string;
  readonly body: unknown;
  readonly status: number;
}

export interface Journal {
  change(record: ChangeRecord): void;
  request(record: RequestRecord): void;
  /** Writes what was collected: one write for each file. */
  flush(): void;
  close(): void;
}

export const logPath = (dataDir: string): string => join(dataDir, 'log.jsonl');
const requestsPath = (dataDir: string): string => join(dataDir, 'requests.jsonl');

/** Whether the folder holds a tenant. The log appears with its first line complete. */
export function hasTenant(dataDir: string): boolean {
  return existsSync(logPath(dataDir));
}

/** Writes the first line of a new tenant. It is there whole or not at all. Throws `sandbox-exists` when there is one. */
export function writeSeed(dataDir: string, record: SeedRecord): void {
  mkdirSync(dataDir, { recursive: true });
  const path = logPath(dataDir);
  if (hasTenant(dataDir)) throw existing(dataDir);
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, `${JSON.stringify(record)}\n`, { flag: 'wx' });
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw existing(dataDir);
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function existing(dataDir: string): SandboxError {
  return new SandboxError(
    'sandbox-exists',
    `There is a sandbox tenant in ${dataDir} already.`,
    'Use it, or remove the folder to start over.',
  );
}

/** Reads the first line of the log. */
export function readSeedRecord(dataDir: string): SeedRecord {
  const text = readFileSync(logPath(dataDir), 'utf8');
  try {
    return JSON.parse(text.slice(0, text.indexOf('\n'))) as SeedRecord;
  } catch {
    throw damaged(dataDir, 1, 'it is not JSON');
  }
}

/**
 * Builds the tenant from its seed and the log. A last line without its end was being written when the process died: its
 * request was never answered, and it is cut off. Any other line that cannot be read or does not fit is an error. `visit`
 * is shown every change and the tenant before it.
 */
export function replay(dataDir: string, seed: TenantSeed, createdAt: Date, visit?: Visitor): Store {
  const path = logPath(dataDir);
  const bytes = readFileSync(path);
  const end = bytes.lastIndexOf(0x0a) + 1;
  if (end < bytes.length) truncateSync(path, end);
  const store = loadSeed(seed, createdAt);
  const lines = bytes.toString('utf8', 0, end).split('\n');
  for (let at = 1; at < lines.length - 1; at++) {
    try {
      const record = JSON.parse(lines[at] as string) as ChangeRecord;
      visit?.(store, record);
      store.apply(record);
    } catch (error) {
      throw damaged(dataDir, at + 1, error instanceof Error ? error.message : String(error));
    }
  }
  return store;
}

function damaged(dataDir: string, line: number, reason: string): SandboxError {
  return new SandboxError(
    'sandbox-damaged',
    `${logPath(dataDir)}, line ${line}, cannot be used: ${reason}`,
    'The data is damaged, or belongs to another version. Remove the folder to start over.',
  );
}

/** Looks at a change that is about to be made. */
export type Visitor = (before: Store, record: ChangeRecord) => void;

/** Opens both logs for appending. */
export function openJournal(dataDir: string): Journal {
  const changes = appender(logPath(dataDir));
  const requests = appender(requestsPath(dataDir));
  return {
    change: changes.line,
    request: requests.line,
    flush() {
      changes.flush();
      requests.flush();
    },
    close() {
      changes.close();
      requests.close();
    },
  };
}

function appender(path: string) {
  const file = openSync(path, 'a');
  let pending = '';
  const flush = () => {
    if (pending === '') return;
    const bytes = Buffer.from(pending, 'utf8');
    for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
    pending = '';
  };
  return {
    line: (record: unknown) => {
      pending += `${JSON.stringify(record)}\n`;
    },
    flush,
    close() {
      flush();
      closeSync(file);
    },
  };
}
