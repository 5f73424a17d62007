/** Refs: read exactly, moved together, and only from where they are expected to be. */

import { Failure } from '../model/problem.js';
import { gitFailure, readable } from './complaints.js';
import { type Git, runGit } from './git.js';
import type { RefUpdate } from './types.js';

const UPDATE = ['update-ref'] as const;
const NOTHING = '0'.repeat(40);
const ID = /^[0-9a-f]{40}$/;
const REF = /^refs\/[^\0-\u0020\u007f~^:?*[\\]+$/;

/** Id a ref holds, or undefined when it does not exist. `name` is a full name, `refs/…`. */
export async function readRef(git: Git, name: string): Promise<string | undefined> {
  if (!REF.test(name)) return undefined;
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', name];
  const id = (await runGit(git, args, { accept: [1, 128] })).stdout.toString('latin1').trim();
  return ID.test(id) ? id : undefined;
}

/** Short names of branches and tags, those of remotes included. */
export async function refNames(git: Git): Promise<readonly string[]> {
  const args = ['for-each-ref', '--format=%(refname:lstrip=2)', 'refs/heads', 'refs/tags', 'refs/remotes'];
  const names = (await runGit(git, args)).stdout.toString('utf8').split('\n');
  return names.filter((name) => name !== '');
}

/**
 * Moves refs in one transaction, all or none.
 *
 * @throws Failure KG402 when one of them is not where it was expected, or another process is moving it.
 */
export async function moveRefs(git: Git, updates: readonly RefUpdate[], reason: string): Promise<void> {
  if (updates.length === 0) return;
  const bad = updates.find(({ ref, to, expected }) => !REF.test(ref) || !ID.test(to) || !ID.test(expected ?? NOTHING));
  if (bad !== undefined) throw gitFailure(UPDATE, `${JSON.stringify(bad.ref)} cannot be moved to ${bad.to}`);
  const moves = updates.map(({ ref, to, expected }) => `update ${ref}\0${to}\0${expected ?? NOTHING}\0`);
  const input = `start\0${moves.join('')}prepare\0commit\0`;
  const args = [...UPDATE, '-m', readable(reason) || 'knowngood', '--stdin', '-z'];
  const { code, complaint } = await runGit(git, args, { input, accept: [1, 128] });
  if (code !== 0) throw await refusal(git, updates, complaint);
}

async function refusal(git: Git, updates: readonly RefUpdate[], complaint: string): Promise<Failure> {
  for (const { ref, expected } of updates) {
    const now = await readRef(git, ref);
    if (now !== (expected ?? undefined)) {
      return new Failure({
        code: 'KG402',
        message: `Another process moved ${ref} meanwhile.`,
        where: now === undefined ? `${ref} does not exist` : `${ref} is at ${now.slice(0, 12)}`,
        remedy: 'Run the command again.',
      });
    }
  }
  if (/\.lock'|cannot lock/.test(complaint)) {
    const lock = /'([^']+\.lock)'/.exec(complaint)?.[1] ?? 'the lock file';
    return new Failure({
      code: 'KG402',
      message: 'Another git process is moving refs of this repository.',
      where: lock,
      remedy: 'Run the command again; if no git is running, delete that file.',
    });
  }
  return gitFailure(UPDATE, complaint);
}
