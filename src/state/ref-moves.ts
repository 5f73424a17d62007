/**
 * Moves refs where no work tree follows. A note in the git directory names them meanwhile: if the run is killed, git's locks
 * on them stay behind, and the next run knows whose they are and takes them away.
 */

import { randomUUID } from 'node:crypto';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Git } from './git.js';
import { FORGOTTEN_MS, isRunning, removeLocks } from './marker.js';
import { moveRefs } from './refs.js';
import type { RefUpdate } from './types.js';

/** A repository whose refs are moved. */
export interface RefPlace {
  readonly git: Git;
  readonly gitDir: string;
  readonly ownGitDir: string;
  readonly clock: () => Date;
  readonly note: (text: string) => void;
}

interface RefNote {
  readonly pid: number;
  readonly refs: readonly string[];
}

const PREFIX = 'knowngood-refs-';

/**
 * Moves refs in one transaction, all or none, after clearing away what a killed run left locked.
 *
 * @throws Failure KG402 when one of them is not where it was expected, or another process is moving it.
 */
export async function moveRefsAlone(place: RefPlace, updates: readonly RefUpdate[], reason: string): Promise<void> {
  if (updates.length === 0) return;
  await removeLeftLocks(place);
  const file = path.join(place.gitDir, `${PREFIX}${randomUUID()}`);
  const content: RefNote = { pid: process.pid, refs: updates.map(({ ref }) => ref) };
  try {
    await writeFile(file, `${JSON.stringify(content)}\n`, { flag: 'wx' });
    await moveRefs(place.git, updates, reason);
  } finally {
    await rm(file, { force: true });
  }
}

/** Takes away the locks of runs that were killed while they moved refs, and says so. */
export async function removeLeftLocks({ gitDir, ownGitDir, clock, note }: RefPlace): Promise<void> {
  for (const name of (await readdir(gitDir)).filter((entry) => entry.startsWith(PREFIX))) {
    const file = path.join(gitDir, name);
    const written = (await stat(file).catch(() => undefined))?.mtimeMs;
    if (written === undefined) continue;
    const left = await readNote(file);
    if (left !== undefined && isAtWork(left.pid, written, clock())) continue;
    const locked = [
      ...(left?.refs ?? []).map((ref) => path.join(gitDir, ...ref.split('/'))),
      path.join(gitDir, 'HEAD'),
    ];
    const files = new Set([...locked, path.join(ownGitDir, 'HEAD')].map((each) => `${each}.lock`));
    if (left !== undefined) await removeLocks([...files], written, note);
    await rm(file, { force: true });
  }
}

/** Undefined when it was cut short itself, which is before anything was locked. */
async function readNote(file: string): Promise<RefNote | undefined> {
  try {
    const value = JSON.parse(await readFile(file, 'utf8')) as RefNote;
    return typeof value.pid === 'number' && Array.isArray(value.refs) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** In a container every run has the same number: what is older than this process was written by another. */
function isAtWork(pid: number, written: number, now: Date): boolean {
  if (pid === process.pid) return written >= performance.timeOrigin;
  return now.getTime() - written <= FORGOTTEN_MS && isRunning(pid);
}
