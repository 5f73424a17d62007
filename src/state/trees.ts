/** Git trees: made from files, and read from what `git ls-tree` prints. */

import { Failure } from '../model/problem.js';
import type { TreeEntry } from './types.js';

export const FILE_MODE = '100644';
export const TREE_MODE = '40000';

/** The tree without entries, which every git knows without storing it. */
export const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

const ID = /^[0-9a-f]{40}$/;
const NUL = 0;
const TAB = 0x09;

/** Folders by name as maps, files by name as blob ids. */
interface Folder extends Map<string, Folder | string> {}

/**
 * Writes trees bottom-up and returns the id of the top one. `write` gets each tree's content and returns its id.
 *
 * @throws Failure KG406 when a path is not one that git can hold, or a file is also a folder.
 */
export async function writeTrees(
  files: Iterable<readonly [path: string, id: string]>,
  write: (content: Buffer) => Promise<string>,
): Promise<string> {
  return writeFolder(folderOf(files), write);
}

async function writeFolder(folder: Folder, write: (content: Buffer) => Promise<string>): Promise<string> {
  const entries: [string, TreeEntry][] = [];
  for (const [name, item] of folder) {
    const entry =
      typeof item === 'string'
        ? { mode: FILE_MODE, id: item }
        : { mode: TREE_MODE, id: await writeFolder(item, write) };
    entries.push([name, entry]);
  }
  return write(treeContent(entries));
}

function folderOf(files: Iterable<readonly [path: string, id: string]>): Folder {
  const top: Folder = new Map();
  const known = new Map<string, Folder>([['', top]]);
  for (const [path, id] of files) {
    const slash = path.lastIndexOf('/');
    if (slash === 0) throw badPath(path, 'starts with a slash');
    const prefix = path.slice(0, Math.max(slash, 0));
    const folder = known.get(prefix) ?? descend(known, prefix);
    const name = path.slice(slash + 1);
    if (folder.has(name)) throw badPath(path, 'is there twice');
    folder.set(name, id);
  }
  return top;
}

/** The folder of this path, made with all above it; `known` holds those there are, by path. */
function descend(known: Map<string, Folder>, path: string): Folder {
  const slash = path.lastIndexOf('/');
  const parentPath = path.slice(0, Math.max(slash, 0));
  const parent = known.get(parentPath) ?? descend(known, parentPath);
  const name = path.slice(slash + 1);
  if (parent.has(name)) throw badPath(path, 'is both a file and a folder');
  const folder: Folder = new Map();
  parent.set(name, folder);
  known.set(path, folder);
  return folder;
}

/**
 * The bytes of a tree object with these entries, in git's order: by the bytes of the name, a folder's name compared as
 * if it ended in a slash.
 *
 * @throws Failure KG406 when a name or id is not one that git can hold.
 */
export function treeContent(entries: Iterable<readonly [name: string, entry: TreeEntry]>): Buffer {
  const rows: { readonly order: string; readonly start: string; readonly id: string }[] = [];
  let length = 0;
  for (const [name, entry] of entries) {
    if (name === '' || name === '.' || name === '..' || /[/\0]/.test(name) || name.toLowerCase() === '.git') {
      throw badPath(name, 'is not a name');
    }
    if (!ID.test(entry.id)) throw badPath(name, 'has no object id');
    const mode = entry.mode.replace(/^0+/, '');
    // One code unit per byte of UTF-8, so that comparing strings compares bytes.
    const bytes = Buffer.from(name, 'utf8').toString('latin1');
    const start = `${mode} ${bytes}\0`;
    rows.push({ order: mode === TREE_MODE ? `${bytes}/` : bytes, start, id: entry.id });
    length += start.length + 20;
  }
  rows.sort((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : 0));
  const content = Buffer.allocUnsafe(length);
  let at = 0;
  for (const row of rows) {
    at += content.write(row.start, at, 'latin1');
    at += content.write(row.id, at, 'hex');
  }
  return content;
}

function badPath(path: string, why: string): Failure {
  return new Failure({ code: 'KG406', message: `The path ${JSON.stringify(path)} ${why}; git cannot hold it.` });
}

/** One line of `git ls-tree -z`. */
export interface ListedEntry extends TreeEntry {
  readonly path: string;
  readonly kind: string;
}

/**
 * Reads the output of `git ls-tree -z` as it arrives; `take` is called for each entry. Made for millions of entries:
 * every text is its own, so that keeping one does not keep the chunk it came from.
 */
export async function readListing(chunks: AsyncIterable<Buffer>, take: (entry: ListedEntry) => void): Promise<void> {
  let rest: Buffer | undefined;
  for await (const chunk of chunks) {
    const data: Buffer = rest === undefined ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    for (let end = data.indexOf(NUL, at); end !== -1; end = data.indexOf(NUL, at)) {
      take(listedEntry(data, at, end));
      at = end + 1;
    }
    rest = at < data.length ? data.subarray(at) : undefined;
  }
}

/** `<mode> <kind> <id>\t<path>`: a mode has six digits and an id forty. */
function listedEntry(data: Buffer, start: number, end: number): ListedEntry {
  const tab = data.indexOf(TAB, start);
  return {
    mode: data.toString('latin1', start, start + 6),
    kind: data.toString('latin1', start + 7, tab - 41),
    id: data.toString('latin1', tab - 40, tab),
    path: data.toString('utf8', tab + 1, end),
  };
}
