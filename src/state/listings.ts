/** What the trees of commits hold, as git lists it. */

import { STATE_FOLDER } from './edits.js';
import { type Git, streamGit } from './git.js';
import type { GrowingIds } from './ids.js';
import { readListing } from './trees.js';
import type { Layout, StateIds, TreeEntry } from './types.js';

/** Adds the objects under these paths at a commit to a state. */
export async function stateIds(
  git: Git,
  layout: Layout,
  commit: string,
  ids: GrowingIds,
  paths: readonly string[] = [STATE_FOLDER],
): Promise<StateIds> {
  const prefix = STATE_FOLDER.length + 1;
  const args = ['ls-tree', '-r', '-z', '--full-tree', '--end-of-options', commit, '--', ...paths];
  await readListing(streamGit(git, args), ({ mode, id, path: file }) => {
    if (!mode.startsWith('100')) return;
    const name = file.slice(prefix);
    const key = layout.keyOf(name);
    if (key === undefined) return;
    // Two files for one object: the one in its place counts.
    if (!ids.has(key) || layout.pathOf(key) === name) ids.set(key, id);
  });
  return ids;
}

export async function stateFiles(git: Git, commit: string): Promise<(TreeEntry & { readonly path: string })[]> {
  const files: (TreeEntry & { readonly path: string })[] = [];
  await readListing(streamGit(git, listing(commit, '-r')), ({ mode, id, path: file }) => {
    files.push({ mode, id, path: file });
  });
  return files;
}

export async function stateTrees(
  git: Git,
  commit: string,
): Promise<{ top: string | undefined; all: ReadonlySet<string> }> {
  const all = new Set<string>();
  let top: string | undefined;
  await readListing(streamGit(git, listing(commit, '-r', '-d', '-t')), ({ id, kind, path: file }) => {
    if (kind !== 'tree') return;
    if (file === STATE_FOLDER) top = id;
    all.add(id);
  });
  return { top, all };
}

function listing(commit: string, ...options: string[]): string[] {
  return ['ls-tree', ...options, '-z', '--full-tree', '--end-of-options', commit, '--', STATE_FOLDER];
}

export async function rootEntries(git: Git, commit: string): Promise<Map<string, TreeEntry>> {
  const entries = new Map<string, TreeEntry>();
  const lines = streamGit(git, ['ls-tree', '-z', '--full-tree', '--end-of-options', commit]);
  await readListing(lines, ({ mode, id, path: name }) => entries.set(name, { mode, id }));
  return entries;
}
