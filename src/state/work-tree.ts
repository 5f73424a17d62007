/** The work tree of a state repository: refused while a person has edits in it, and brought along when a backup moves. */

import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from '../model/problem.js';
import { gitFailure, readable } from './complaints.js';
import { changesBetween, type Edit, foreignAmong, readEdits, STATE_FOLDER } from './edits.js';
import { askGit, type Git, runGit } from './git.js';
import { claimMarker, type FoundMarker, findMarker, removeLocks, removeMarker, writeMarker } from './marker.js';
import { moveRefsAlone, removeLeftLocks } from './ref-moves.js';
import { moveRefs } from './refs.js';
import { EMPTY_TREE } from './trees.js';
import type { RefUpdate } from './types.js';

export interface WorkTree {
  readonly git: Git;
  readonly bare: boolean;
  /** The git directory that all work trees share. */
  readonly gitDir: string;
  /** The git directory of this work tree: its HEAD and its index. */
  readonly ownGitDir: string;
  readonly clock: () => Date;
  /** Says what was cleared away. */
  readonly note: (text: string) => void;
}

/** The commit the work tree was brought to. */
const BROUGHT_TO = 'refs/worktree/knowngood';
const SHOWN_PATHS = 5;
const LOCK_TRIES = 40;
const LOCK_WAIT_MS = 50;

/** `refs/heads/…` that is checked out; undefined when detached or bare. */
export async function checkedOutBranch(tree: WorkTree): Promise<string | undefined> {
  if (tree.bare) return undefined;
  const ref = await askGit(tree.git, ['symbolic-ref', '--quiet', 'HEAD']);
  return ref.startsWith('refs/heads/') ? ref : undefined;
}

/**
 * Refuses local edits under `tenant-state/`, after finishing a checkout of ours that was cut short.
 *
 * @throws Failure KG401 naming edited paths, KG402 when another git holds the index, KG407 when another knowngood is at work.
 */
export async function refuseEdits(tree: WorkTree, note: (text: string) => void): Promise<void> {
  if (tree.bare) return;
  for (let looks = 1; ; looks += 1) {
    const marker = await findMarker(tree.ownGitDir, tree.clock());
    if (marker !== undefined) {
      await finishCheckout(tree, marker, note);
      return;
    }
    await awaitIndex(tree);
    const edits = await readEdits(tree.git);
    if (edits.length === 0) return;
    // Another run may be bringing the work tree along at this very moment: at the second look it has a marker, or is done.
    if (looks > 1) throw localEdits(edits);
  }
}

/** A backup whose work tree could not follow is better not begun. An editor that looks on holds the lock for moments. */
async function awaitIndex(tree: WorkTree): Promise<void> {
  const lock = path.join(tree.ownGitDir, 'index.lock');
  for (let tries = 1; existsSync(lock); tries += 1) {
    if (tries >= LOCK_TRIES) {
      throw new Failure({
        code: 'KG402',
        message: 'Another git process is at work in this repository. Nothing was changed.',
        where: lock,
        remedy: 'Wait for it to end and run the command again; if no git is running, delete that file.',
      });
    }
    await pause(LOCK_WAIT_MS);
  }
}

/**
 * Moves refs, and index and work tree with them when `branch` is checked out here.
 *
 * @throws Failure KG402 when a ref was moved meanwhile (nothing has changed then), KG401 when the refs have moved but an
 * edit made meanwhile keeps the work tree from following, KG407 when another knowngood is at work.
 */
export async function advanceBranch(
  tree: WorkTree,
  updates: readonly RefUpdate[],
  branch: string,
  reason: string,
): Promise<void> {
  const ref = branch.startsWith('refs/') ? branch : `refs/heads/${branch}`;
  const move = updates.find((update) => update.ref === ref);
  if (move === undefined || (await checkedOutBranch(tree)) !== ref) {
    await moveRefsAlone(tree, updates, reason);
    return;
  }
  await removeLeftLocks(tree);
  await writeMarker(tree.ownGitDir, {
    pid: process.pid,
    started: tree.clock().toISOString(),
    branch: ref,
    from: move.expected,
    to: move.to,
    refs: updates.map((update) => update.ref),
  });
  try {
    await moveRefs(tree.git, updates, reason);
  } catch (failure) {
    await removeMarker(tree.ownGitDir);
    throw failure;
  }
  await bringAlong(tree, move.expected, move.to);
  await settle(tree, move.to);
}

/** Index and work tree follow from one commit to another; what is the same in both stays as the person left it. */
async function bringAlong(tree: WorkTree, from: string | null, to: string): Promise<void> {
  const args = ['read-tree', '-m', '-u', from ?? EMPTY_TREE, to];
  let refreshed = false;
  for (let tries = 1; ; tries += 1) {
    const { code, complaint } = await runGit(tree.git, args, { accept: [1, 128] });
    if (code === 0) return;
    if (complaint.includes('index.lock')) {
      // An editor that looks at the repository holds the lock for moments. If not, the next run finishes.
      if (tries >= LOCK_TRIES) throw lockedOut(to, complaint);
      await pause(LOCK_WAIT_MS);
    } else if (!refreshed && /not uptodate/.test(complaint)) {
      // Files that were copied or touched look changed until git has read them again.
      refreshed = true;
      await runGit(tree.git, ['update-index', '-q', '--refresh'], { accept: [1, 128] });
    } else {
      // The marker stays: the next run brings along what is ours, and names nothing but the edits that are in the way.
      throw cannotFollow(to, complaint);
    }
  }
}

function cannotFollow(to: string, complaint: string): Failure {
  return new Failure({
    code: 'KG401',
    message: `Commit ${to.slice(0, 12)} is complete, but the work tree could not follow it.`,
    where: complaint,
    remedy: `If files under ${STATE_FOLDER}/ were edited meanwhile, set them aside: ${STASH}.`,
  });
}

function lockedOut(to: string, complaint: string): Failure {
  return new Failure({
    code: 'KG401',
    message: `Commit ${to.slice(0, 12)} is complete, but another git process keeps the work tree from following it.`,
    where: complaint,
    remedy: 'The next run finishes the checkout; if no git is running, delete the index.lock that is named here first.',
  });
}

const STASH = `\`git stash push --include-untracked -- ${STATE_FOLDER}\``;

async function settle(tree: WorkTree, commit: string): Promise<void> {
  await runGit(tree.git, ['update-ref', BROUGHT_TO, commit]);
  await removeMarker(tree.ownGitDir);
}

/** After a run of ours was killed: what lies between its two commits is ours and is finished, the rest is a person's. */
async function finishCheckout(tree: WorkTree, marker: FoundMarker, note: (text: string) => void): Promise<void> {
  const { content } = marker;
  await claimMarker(tree.ownGitDir, marker, tree.clock());
  await removeLocks(lockFiles(tree, content?.refs ?? []), marker.written, note);
  // A person may have committed something else since.
  const moved =
    content !== undefined &&
    (await checkedOutBranch(tree)) === content.branch &&
    (await isInHistory(tree.git, content.to));
  if (!moved) {
    const edits = await readEdits(tree.git);
    if (edits.length > 0) throw localEdits(edits);
    await removeMarker(tree.ownGitDir);
    return;
  }
  const from = content.from ?? EMPTY_TREE;
  const changes = await changesBetween(tree.git, from, content.to);
  const edits = await readEdits(tree.git);
  const foreign = await foreignAmong(tree.git, edits, changes);
  const ours = edits.filter((edit) => !foreign.includes(edit));
  await restore(tree, ours, '--staged', '--worktree');
  // Of a file that a person edited, the index is ours to bring along, unless they staged it.
  const unstaged = foreign.filter(({ path: file, index }) => index === changes.get(file)?.from);
  await restore(tree, unstaged, '--staged');
  if (foreign.length > 0) throw localEdits(foreign);
  if ([...changes.keys()].some((file) => !file.startsWith(`${STATE_FOLDER}/`)))
    await bringAlong(tree, from, content.to);
  const left = ours.length > 0 ? await readEdits(tree.git) : [];
  if (left.length > 0) throw localEdits(left);
  await settle(tree, content.to);
  note('finished the checkout that was cut short');
}

async function isInHistory(git: Git, commit: string): Promise<boolean> {
  const args = ['merge-base', '--is-ancestor', commit, 'HEAD'];
  return (await runGit(git, args, { accept: [1, 128] })).code === 0;
}

/** Where git leaves locks when it is killed in the middle of moving these refs or writing the index. */
function lockFiles(tree: WorkTree, refs: readonly string[]): string[] {
  return [
    path.join(tree.ownGitDir, 'index.lock'),
    path.join(tree.ownGitDir, 'HEAD.lock'),
    path.join(tree.ownGitDir, ...`${BROUGHT_TO}.lock`.split('/')),
    ...refs.map((ref) => path.join(tree.gitDir, ...`${ref}.lock`.split('/'))),
  ];
}

async function restore(tree: WorkTree, edits: readonly Edit[], ...what: readonly string[]): Promise<void> {
  if (edits.length === 0) return;
  const args = ['restore', '--source=HEAD', ...what, '--pathspec-from-file=-', '--pathspec-file-nul'];
  await runGit(tree.git, args, { input: edits.map((edit) => `${edit.path}\0`).join('') });
}

function localEdits(edits: readonly Edit[]): Failure {
  const shown = edits.slice(0, SHOWN_PATHS).map((edit) => readable(edit.path));
  const more = edits.length > shown.length ? ` and ${edits.length - shown.length} more` : '';
  return new Failure({
    code: 'KG401',
    message: `${STATE_FOLDER}/ has local edits: ${shown.join(', ')}${more}.`,
    remedy: `Commit them, or set them aside: ${STASH}.`,
  });
}

/** @throws Failure KG406 for a repository without a work tree. */
export function needWorkTree(tree: WorkTree): void {
  if (tree.bare) throw gitFailure(['commit'], 'a bare repository has no work tree');
}
