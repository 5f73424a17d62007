/** The files under `tenant-state/`, whatever they are: those of the work tree, and those of a commit. */

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { byCodeUnit } from '../model/object.js';
import { STATE_FOLDER } from './edits.js';
import type { StateRepository } from './types.js';

export interface StateFile {
  /** From the root of the repository, with forward slashes. */
  readonly path: string;
  /** Undefined for what is no file of its own: a symbolic link, another repository. */
  readonly content: Buffer | undefined;
}

/** A list of files whose contents are read as they are asked for. */
export interface StateFiles {
  readonly count: number;
  readonly files: AsyncIterable<StateFile>;
}

/** Files of the work tree, in order of their paths. */
export function filesOfWorkTree(root: string): StateFiles {
  const paths: [string, boolean][] = [];
  collect(root, STATE_FOLDER, paths);
  return { count: paths.length, files: readAll(root, paths) };
}

/** How many files are read before others get their turn: Ctrl-C among them. */
const AT_ONCE = 200;

async function* readAll(root: string, paths: readonly (readonly [string, boolean])[]): AsyncGenerator<StateFile> {
  for (const [index, [file, regular]] of paths.entries()) {
    if (index % AT_ONCE === 0) await new Promise((resolve) => setImmediate(resolve));
    yield { path: file, content: regular ? readFileSync(path.join(root, ...file.split('/'))) : undefined };
  }
}

function collect(root: string, folder: string, into: [string, boolean][]): void {
  let entries: ReturnType<typeof entriesOf>;
  try {
    entries = entriesOf(path.join(root, ...folder.split('/')));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT' && folder === STATE_FOLDER) return;
    throw cause;
  }
  for (const entry of entries.sort((a, b) => byCodeUnit(a.name, b.name))) {
    const file = `${folder}/${entry.name}`;
    if (entry.isDirectory()) collect(root, file, into);
    else into.push([file, entry.isFile()]);
  }
}

function entriesOf(folder: string) {
  return readdirSync(folder, { withFileTypes: true });
}

/** Files of a commit, in git's order. */
export async function filesOfCommit(repository: StateRepository, commit: string): Promise<StateFiles> {
  const entries = await repository.files(commit);
  return { count: entries.length, files: readBlobs(repository, entries) };
}

async function* readBlobs(
  repository: StateRepository,
  entries: Awaited<ReturnType<StateRepository['files']>>,
): AsyncGenerator<StateFile> {
  const regular = ({ mode }: (typeof entries)[number]) => mode.startsWith('100');
  const blobs = repository.blobs(entries.filter(regular).map(({ id }) => id))[Symbol.asyncIterator]();
  for (const entry of entries) {
    const content = regular(entry) ? (await blobs.next()).value?.content : undefined;
    yield { path: entry.path, content };
  }
}
