/**
 * The journal of one apply: append-only JSON lines. What is about to be sent is on disk before it is sent, what came of
 * it is on disk before anything else is done.
 */

import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { escapeJson } from '../model/hidden.js';
import type { Json } from '../model/json.js';

/** One request that is about to change the tenant, and the actions it carries out. */
export interface Intent {
  readonly n: readonly number[];
  readonly method: string;
  readonly path: string;
  readonly body?: Json;
}

export interface JournalOutcome {
  /** Number of the intent within the journal. */
  readonly request: number;
  readonly status: number;
  readonly error?: string;
}

export interface Journal {
  readonly file: string;
  /** Writes intents to disk; resolves to their numbers once they are safe. */
  intend(intents: readonly Intent[]): Promise<readonly number[]>;
  /** Writes outcomes to disk. */
  record(outcomes: readonly JournalOutcome[]): Promise<void>;
  /** Writes a remark about the run: its start, its end. */
  remark(remark: { readonly event: string } & Readonly<Record<string, Json>>): Promise<void>;
  close(): Promise<void>;
}

/** Opens a journal for appending; the folder is made where it is missing. */
export async function openJournal(file: string, clock: () => Date): Promise<Journal> {
  await mkdir(dirname(file), { recursive: true });
  const handle = await open(file, 'a+', 0o600);
  // A plan that is applied again goes on in the same journal: every request has a number of its own.
  let requests = (await wholeLines(handle)).match(/^\{[^\n]*"event":"intent"/gm)?.length ?? 0;
  const append = async (lines: readonly object[]) => {
    if (lines.length === 0) return;
    const time = clock().toISOString();
    await handle.appendFile(lines.map((line) => `${escapeJson(JSON.stringify({ time, ...line }))}\n`).join(''));
    await handle.datasync();
  };
  return {
    file,
    async intend(intents) {
      const numbered = intents.map((intent) => ({ event: 'intent', request: ++requests, ...intent }));
      await append(numbered);
      return numbered.map((intent) => intent.request);
    },
    record: (outcomes) => append(outcomes.map((outcome) => ({ event: 'outcome', ...outcome }))),
    remark: (remark) => append([remark]),
    close: () => handle.close(),
  };
}

/**
 * The lines so far. A last one without its end was being written when the machine or the process died, before anything was
 * done that depends on it: it is cut off, so that the next line is a line of its own.
 */
async function wholeLines(handle: FileHandle): Promise<string> {
  const bytes = await handle.readFile();
  const end = bytes.lastIndexOf(0x0a) + 1;
  if (end < bytes.length) await handle.truncate(end);
  return bytes.toString('utf8', 0, end);
}
