/** Trees that differ from others in few places: only the folders on the way to a change are read and written. */

import { gitFailure } from './complaints.js';
import type { ObjectReader } from './stored.js';
import { FILE_MODE, TREE_MODE } from './trees.js';
import type { ObjectWriter, TreeEntry } from './types.js';

const ID_BYTES = 20;

/**
 * Queues the trees that hold what the tree `base` holds, with these files instead (path from the root → blob id, or
 * undefined for one that is there no more). Returns the id of the top one; folders without files are left out.
 *
 * @throws Failure KG406 when a tree on the way is missing, or a path is not one that git can hold.
 */
export async function patchTree(
  reader: ObjectReader,
  writer: ObjectWriter,
  base: string,
  changes: ReadonlyMap<string, string | undefined>,
): Promise<string> {
  const entries = await patched(reader, writer, base, [...changes]);
  return writer.treeOf(entries);
}

type Changes = readonly (readonly [path: string, id: string | undefined])[];

async function patched(
  reader: ObjectReader,
  writer: ObjectWriter,
  base: string | undefined,
  changes: Changes,
): Promise<Map<string, TreeEntry>> {
  const entries = base === undefined ? new Map<string, TreeEntry>() : await readTree(reader, base);
  const below = new Map<string, [string, string | undefined][]>();
  for (const [path, id] of changes) {
    const slash = path.indexOf('/');
    const name = slash === -1 ? path : path.slice(0, slash);
    if (slash !== -1) {
      const inside = below.get(name) ?? [];
      below.set(name, inside);
      inside.push([path.slice(slash + 1), id]);
    } else if (id === undefined) entries.delete(name);
    else entries.set(name, { mode: FILE_MODE, id });
  }
  for (const [name, inside] of below) {
    const folder = entries.get(name);
    const content = await patched(reader, writer, folder?.mode === TREE_MODE ? folder.id : undefined, inside);
    if (content.size === 0) entries.delete(name);
    else entries.set(name, { mode: TREE_MODE, id: await writer.treeOf(content) });
  }
  return entries;
}

async function readTree(reader: ObjectReader, id: string): Promise<Map<string, TreeEntry>> {
  const tree = await reader.read(id);
  if (tree?.kind !== 'tree') throw gitFailure(['cat-file'], `the tree ${id} is missing`);
  const entries = new Map<string, TreeEntry>();
  const { content } = tree;
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(0x20, at);
    const nul = content.indexOf(0, space);
    const mode = content.toString('latin1', at, space);
    entries.set(content.toString('utf8', space + 1, nul), {
      mode,
      id: content.toString('hex', nul + 1, nul + 1 + ID_BYTES),
    });
    at = nul + 1 + ID_BYTES;
  }
  return entries;
}
