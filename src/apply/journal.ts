/**
 * The journal of one apply: append-only JSON lines. What is about to be sent is on disk before it is sent, what came of
 * it is on disk before anything else is done.
 */

import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { reasonOf } from '../model/file-errors.js';
import { escapeJson } from '../model/hidden.js';
import type { Json } from '../model/json.js';
import { Failure } from '../model/problem.js';

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

/**
 * Opens a journal for appending; the folder is made where it is missing.
 *
 * @throws Failure KG151, here and later, when the journal cannot be written: then nothing may be sent.
 */
export async function openJournal(file: string, clock: () => Date): Promise<Journal> {
  const { handle, text } = await opened(file).catch((cause: unknown) => {
    throw unwritten(file, cause);
  });
  // A plan that is applied again goes on in the same journal: every request has a number of its own.
  let requests = text.match(/^\{[^\n]*"event":"intent"/gm)?.length ?? 0;
  let torn = text !== '' && !text.endsWith('\n');
  const append = async (lines: readonly object[]) => {
    if (lines.length === 0) return;
    const time = clock().toISOString();
    const written = lines.map((line) => `${escapeJson(JSON.stringify({ time, ...line }))}\n`).join('');
    try {
      await handle.appendFile(torn ? `\n${written}` : written);
      await handle.datasync();
    } catch (cause) {
      throw unwritten(file, cause);
    }
    torn = false;
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
    async close() {
      const { size } = await handle.stat();
      await handle.close();
      if (size === 0) await rm(file, { force: true });
    },
  };
}

async function opened(file: string): Promise<{ handle: FileHandle; text: string }> {
  await mkdir(dirname(file), { recursive: true });
  const handle = await open(file, 'a+', 0o600);
  return { handle, text: await wholeLines(handle) };
}

/**
 * What is there. A last line of ours without its end was being written when the machine or the process died, before
 * anything was done that depends on it: it is cut off. Text that is not ours is left as it is.
 */
async function wholeLines(handle: FileHandle): Promise<string> {
  const bytes = await handle.readFile();
  const end = bytes.lastIndexOf(0x0a) + 1;
  const rest = bytes.toString('utf8', end);
  if (rest === '' || !(rest.startsWith(BEGINNING) || BEGINNING.startsWith(rest))) return bytes.toString('utf8');
  await handle.truncate(end);
  return bytes.toString('utf8', 0, end);
}

/** How every line begins. */
const BEGINNING = '{"time":"';

function unwritten(file: string, cause: unknown): Failure {
  return new Failure({
    code: 'KG151',
    message: `The journal cannot be written: ${reasonOf(cause)}. Nothing more was sent to the tenant.`,
    where: file,
    remedy: 'Check that there is room, and that you may write there; then plan again.',
    cause,
  });
}
