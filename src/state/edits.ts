/** What differs under `tenant-state/` between HEAD, index and work tree, and whether a person did it. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Git, runGit } from './git.js';

export const STATE_FOLDER = 'tenant-state';

/** A path that is not everywhere the same; ids of what is absent are NONE. */
export interface Edit {
  readonly path: string;
  readonly head: string;
  readonly index: string;
  /** The file, compared with the index; `odd`: it is no plain file, or a merge was left in the middle. */
  readonly file: 'same' | 'gone' | 'different' | 'odd';
}

/** What a path holds in two commits. */
export interface Change {
  readonly from: string;
  readonly to: string;
}

const NONE = '0'.repeat(40);
const FILE: Readonly<Record<string, Edit['file']>> = { '.': 'same', D: 'gone', M: 'different' };

/** Paths under `tenant-state/` that differ between HEAD, index and work tree, untracked ones included. */
export async function readEdits(git: Git): Promise<readonly Edit[]> {
  const args = ['status', '--porcelain=v2', '-z', '--no-renames', '--untracked-files=all', '--', STATE_FOLDER];
  const lines = (await runGit(git, args)).stdout.toString('utf8').split('\0').slice(0, -1);
  const edits = new Map<string, Edit>();
  for (const line of lines) {
    const edit = editOf(line);
    const before = edits.get(edit.path);
    // A file that is in HEAD and not in the index has a line for each of the two.
    edits.set(edit.path, before === undefined ? edit : { ...before, file: edit.file });
  }
  return [...edits.values()];
}

/** `1 XY sub mH mI mW hH hI path`, `u XY …` or `? path`. */
function editOf(line: string): Edit {
  if (line.startsWith('? ')) return { path: line.slice(2), head: NONE, index: NONE, file: 'different' };
  const fields = line.split(' ');
  const plain = fields[0] === '1';
  const [head = NONE, index = NONE] = plain ? fields.slice(6, 8) : [];
  const file = plain ? (FILE[fields[1]?.[1] ?? ''] ?? 'odd') : 'odd';
  return { path: fields.slice(plain ? 8 : 10).join(' '), head, index, file };
}

/** Paths that differ between two commits or trees. */
export async function changesBetween(git: Git, from: string, to: string): Promise<ReadonlyMap<string, Change>> {
  const args = ['diff-tree', '-r', '-z', '--no-renames', '--no-commit-id', from, to];
  const parts = (await runGit(git, args)).stdout.toString('utf8').split('\0').slice(0, -1);
  const changes = new Map<string, Change>();
  // `:mode mode id id status`, and the path after it.
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const [, , before = NONE, after = NONE] = (parts[at] as string).split(' ');
    changes.set(parts[at + 1] as string, { from: before, to: after });
  }
  return changes;
}

/**
 * Edits that a checkout from one side of these changes to the other does not explain. It takes a file away and writes it
 * anew, and the index after all files; so a file is as it was, gone, or a beginning of what it is to be. Anything else is a
 * person's work.
 */
export async function foreignAmong(
  git: Git,
  edits: readonly Edit[],
  changes: ReadonlyMap<string, Change>,
): Promise<readonly Edit[]> {
  const different = edits.filter((edit) => edit.file === 'different' && mayBeOurs(edit, changes.get(edit.path)));
  const contents = await hashFiles(git, different);
  const foreign: Edit[] = [];
  for (const edit of edits) {
    const change = changes.get(edit.path);
    const content = contents.get(edit.path);
    if (change === undefined || !mayBeOurs(edit, change)) foreign.push(edit);
    else if (content !== undefined && content !== change.from && content !== change.to) {
      if (!(await isBeginning(git, edit.path, change.to))) foreign.push(edit);
    }
  }
  return foreign;
}

function mayBeOurs({ path: file, head, index, file: state }: Edit, change: Change | undefined): boolean {
  if (change === undefined || head !== change.to || state === 'odd' || /^"|\n/.test(file)) return false;
  return index === change.from || index === change.to;
}

/** Content ids of files, as git would store them. */
async function hashFiles(git: Git, edits: readonly Edit[]): Promise<ReadonlyMap<string, string>> {
  if (edits.length === 0) return new Map();
  const input = edits.map((edit) => `${edit.path}\n`).join('');
  const { stdout } = await runGit(git, ['hash-object', '--stdin-paths'], { input });
  const ids = stdout.toString('latin1').split('\n');
  return new Map(edits.map((edit, index) => [edit.path, ids[index] ?? '']));
}

async function isBeginning(git: Git, file: string, blob: string): Promise<boolean> {
  if (blob === NONE) return false;
  const { stdout } = await runGit(git, ['cat-file', 'blob', blob]);
  const content = await readFile(path.join(git.directory, ...file.split('/')));
  return content.length <= stdout.length && stdout.subarray(0, content.length).equals(content);
}
