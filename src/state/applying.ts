/**
 * The note in the git directory that a plan is being applied: one at a time in a repository, because two would write the
 * same journal and undo each other's work, and no backup of what is half recovered.
 */

import { randomUUID } from 'node:crypto';
import { open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../model/problem.js';
import { FORGOTTEN_MS, hasCode, isRunning } from './marker.js';

const NAME = 'knowngood-apply';
/** How often a running apply shows that it is still there. */
const SIGN_OF_LIFE_MS = 60_000;
/** A note without content is being written, or its process was killed in that moment. */
const WRITING_MS = 2000;

/**
 * Notes that this process applies a plan; what resolves ends that.
 *
 * @throws Failure KG410 when another process does already.
 */
export async function beginApplying(gitDir: string, plan: string, clock: () => Date): Promise<() => Promise<void>> {
  const file = path.join(gitDir, NAME);
  const mine = `${JSON.stringify({ pid: process.pid, plan })}\n`;
  for (;;) {
    if (await create(file, mine)) break;
    const text = await refuseLiving(file, clock());
    if (text !== undefined) await takeAway(file, text);
  }
  const timer = setInterval(() => {
    const now = clock();
    void utimes(file, now, now).catch(() => undefined);
  }, SIGN_OF_LIFE_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    // Whoever slept for hours may have been given up, and find another's note.
    const now = await readFile(file, 'utf8').catch(() => undefined);
    if (now === mine) await rm(file, { force: true });
  };
}

/**
 * Does nothing where no plan is being applied; what a killed apply left does not count.
 *
 * @throws Failure KG410 while one is.
 */
export async function refuseWhileApplying(gitDir: string, now: Date): Promise<void> {
  await refuseLiving(path.join(gitDir, NAME), now);
}

async function create(file: string, text: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    try {
      await handle.writeFile(text);
    } catch (cause) {
      await rm(file, { force: true });
      throw cause;
    } finally {
      await handle.close();
    }
    return true;
  } catch (cause) {
    if (hasCode(cause, 'EEXIST')) return false;
    throw cause;
  }
}

/** The text of a note whose process has ended; undefined where there is no note. */
async function refuseLiving(file: string, now: Date): Promise<string | undefined> {
  try {
    const text = await readFile(file, 'utf8');
    if (isAtWork(text, (await stat(file)).mtimeMs, now)) throw atWork(file, text);
    return text;
  } catch (cause) {
    if (hasCode(cause, 'ENOENT')) return undefined;
    throw cause;
  }
}

function isAtWork(text: string, alive: number, now: Date): boolean {
  const age = now.getTime() - alive;
  const pid = pidIn(text);
  if (pid === undefined) return age < WRITING_MS;
  // In a container every run has the same number: what is older than this process was written by another.
  if (pid === process.pid) return alive >= performance.timeOrigin;
  return age <= FORGOTTEN_MS && isRunning(pid);
}

function pidIn(text: string): number | undefined {
  try {
    const { pid } = JSON.parse(text) as { pid?: unknown };
    return typeof pid === 'number' ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Two processes may find the same note of a dead one: whoever takes away the other's new note puts it back. */
async function takeAway(file: string, dead: string): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
  } catch (cause) {
    if (hasCode(cause, 'ENOENT')) return;
    throw cause;
  }
  if ((await readFile(aside, 'utf8')) === dead) await rm(aside, { force: true });
  else await rename(aside, file);
}

function atWork(file: string, text: string): Failure {
  const plan = /"plan":"([0-9a-f]{12})/.exec(text)?.[1];
  return new Failure({
    code: 'KG410',
    message: `A plan is being applied in this repository at this moment${plan === undefined ? '' : `: ${plan}`}.`,
    where: file,
    remedy: 'Wait for it to end and run the command again; if nothing is being applied, delete that file.',
  });
}
