/**
 * The note in the git directory that a checkout of ours is under way: written before the branch moves, removed after the
 * work tree followed. What it says lets the next run tell our unfinished work from a person's edits.
 */

import { open, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from '../model/problem.js';

export interface Marker {
  readonly pid: number;
  /** UTC, ISO 8601. */
  readonly started: string;
  readonly branch: string;
  /** Commits the branch moves between; `from` is null for the first one. */
  readonly from: string | null;
  readonly to: string;
  /** All refs of the transaction: their locks may have been left behind. */
  readonly refs: readonly string[];
}

/** A marker found on disk. `content` is undefined when it was cut short itself, which is before anything else happened. */
export interface FoundMarker {
  readonly content: Marker | undefined;
  /** Milliseconds; locks older than it are not ours. */
  readonly written: number;
}

const NAME = 'knowngood-checkout';
/** A checkout takes seconds; after this time the process with that number is another one. */
export const FORGOTTEN_MS = 60 * 60 * 1000;
/** How long a lock may still belong to a git process that outlived ours. */
const LOCK_PATIENCE_MS = 2000;
const LOCK_POLL_MS = 50;

export function markerPath(gitDir: string): string {
  return path.join(gitDir, NAME);
}

/**
 * Writes the marker and waits until it is on disk.
 *
 * @throws Failure KG407 when there is one of a process at work, KG402 when there is one of a process that has ended.
 */
export async function writeMarker(gitDir: string, marker: Marker): Promise<void> {
  const file = markerPath(gitDir);
  const handle = await open(file, 'wx').catch(async (cause: unknown) => {
    if (!hasCode(cause, 'EEXIST')) throw cause;
    await findMarker(gitDir, new Date(marker.started));
    throw new Failure({
      code: 'KG402',
      message: 'A checkout in this repository was cut short meanwhile.',
      where: file,
      remedy: 'Run the command again.',
    });
  });
  try {
    await handle.writeFile(`${JSON.stringify(marker)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * The marker of a process that has ended, or undefined when there is none.
 *
 * @throws Failure KG407 when its process is still at work.
 */
export async function findMarker(gitDir: string, now: Date): Promise<FoundMarker | undefined> {
  const file = markerPath(gitDir);
  try {
    const written = (await stat(file)).mtimeMs;
    const content = parseMarker(await readFile(file, 'utf8'));
    if (content !== undefined && isAtWork(content, now)) throw atWork(file);
    return { content, written };
  } catch (cause) {
    if (hasCode(cause, 'ENOENT')) return undefined;
    throw cause;
  }
}

/**
 * Makes the marker of a process that has ended ours, so that no other run finishes the same checkout at the same time.
 *
 * @throws Failure KG407 when another run was quicker.
 */
export async function claimMarker(gitDir: string, { content, written }: FoundMarker, now: Date): Promise<void> {
  if (content === undefined) return;
  const file = markerPath(gitDir);
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify({ ...content, pid: process.pid, started: now.toISOString() })}\n`);
  // Locks are told by the time at which the marker was first written.
  await utimes(draft, written / 1000, written / 1000);
  await rename(draft, file);
  await findMarker(gitDir, now);
}

export async function removeMarker(gitDir: string): Promise<void> {
  await rm(markerPath(gitDir), { force: true });
}

function parseMarker(text: string): Marker | undefined {
  try {
    const value = JSON.parse(text) as Marker;
    return typeof value.pid === 'number' && typeof value.to === 'string' && Array.isArray(value.refs)
      ? value
      : undefined;
  } catch {
    return undefined;
  }
}

function isAtWork(marker: Marker, now: Date): boolean {
  // In a container every run has the same number; a process that reads the marker did not just write it.
  if (marker.pid === process.pid) return false;
  const age = now.getTime() - Date.parse(marker.started);
  return age <= FORGOTTEN_MS && isRunning(marker.pid);
}

/** Whether there is a process of this number on this machine. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return hasCode(cause, 'EPERM');
  }
}

function atWork(file: string): Failure {
  return new Failure({
    code: 'KG407',
    message: 'Another knowngood is at work in this repository.',
    where: file,
    remedy: 'Wait for it to end and run the command again; if there is none, delete that file.',
  });
}

/**
 * Removes lock files that were left behind after the marker was written, and says so. One that goes away by itself
 * belonged to a git process that is only now ending.
 */
export async function removeLocks(
  files: readonly string[],
  written: number,
  note: (text: string) => void,
): Promise<void> {
  const stale = await Promise.all(files.map((file) => outlasts(file, written)));
  for (const [index, file] of files.entries()) {
    if (stale[index] !== true) continue;
    await rm(file, { force: true });
    note(`removed the stale lock ${path.basename(file)}`);
  }
}

async function outlasts(file: string, written: number): Promise<boolean> {
  for (let waited = 0; waited < LOCK_PATIENCE_MS; waited += LOCK_POLL_MS) {
    if (!(await isOurs(file, written))) return false;
    await pause(LOCK_POLL_MS);
  }
  return isOurs(file, written);
}

async function isOurs(file: string, written: number): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  return found !== undefined && found.mtimeMs >= written;
}

export function hasCode(cause: unknown, code: string): boolean {
  return cause instanceof Error && (cause as NodeJS.ErrnoException).code === code;
}
