/** Reads edges that are listed owner by owner, and decides on those of which an end is not known. */

import { type Found, listEdges } from '../graph/reader.js';
import { describeError } from '../graph/types.js';
import { type ObjectKey, typeOf } from '../model/object.js';
import { endpointsOf, isOneOf, ownerOf } from '../registry/identity.js';
import type { ObjectType } from '../registry/types.js';
import { name } from './follow.js';
import { collectPage } from './page.js';
import { stopIfInterrupted, type Work } from './work.js';

const OWNERS_AT_ONCE = 200;

/** Whether edges of the type have no list but those of their owners. */
export function listedByOwner(type: ObjectType): boolean {
  return type.path.includes('{owner}');
}

/** Reads the edges of these owners. Those of an owner whose list Graph did not give are unknown. */
export async function collectEdges(work: Work, type: ObjectType, owners: readonly string[]): Promise<void> {
  const asked = work.asked.get(type) ?? new Set();
  work.asked.set(type, asked);
  let before: ReadonlyMap<ObjectKey, readonly ObjectKey[]> | undefined;
  for (let at = 0; at < owners.length; at += OWNERS_AT_ONCE) {
    stopIfInterrupted(work.signal);
    const part = owners.slice(at, at + OWNERS_AT_ONCE);
    const lists = await listEdges(work.client, type, part);
    for (const [index, owner] of part.entries()) {
      const list = lists[index];
      asked.add(owner);
      if (list?.status === 'found') await collectPage(work, type, list.value);
      else if (list?.status === 'absent' && (await isNews(work, type, owner))) asked.delete(owner);
      else {
        before ??= edgesByOwner(work, type);
        work.ledger.keepUnknown(before.get(`${type.edge?.ownerType}/${owner}`) ?? []);
        work.ledger.gap(type.name, 'partial', refusalOf(list), 1);
      }
    }
    const done = Math.min(at + OWNERS_AT_ONCE, owners.length);
    work.progress({ what: `Reading ${type.folder}`, done, total: owners.length });
  }
}

/** Whether an owner that is not found is one that the previous backup had: its account of changes lags behind. */
async function isNews(work: Work, type: ObjectType, id: string): Promise<boolean> {
  const owner = [...work.followed.keys()].find(({ name }) => name === type.edge?.ownerType);
  if (owner === undefined || work.ledger.has(`${owner.name}/${id}`)) return false;
  await name(work, owner, [id]);
  return true;
}

/** An owner that was just listed and is not found is a contradiction: it does not say that there are no edges. */
function refusalOf(list: Found<unknown> | undefined): string {
  return list?.status === 'unknown' ? describeError(list.error) : 'The owner was not found when its edges were read.';
}

/** The edges of the previous backup by their owners. */
function edgesByOwner({ previous }: Work, type: ObjectType): ReadonlyMap<ObjectKey, readonly ObjectKey[]> {
  const edges = new Map<ObjectKey, ObjectKey[]>();
  for (const key of previous?.ids.keys() ?? []) {
    const owner = typeOf(key) === type.name ? ownerOf(type, key) : undefined;
    if (owner === undefined) continue;
    const known = edges.get(owner);
    if (known === undefined) edges.set(owner, [key]);
    else known.push(key);
  }
  return edges;
}

/** Reads the edges of owners that their list left out, and that were there when they were asked for by id. */
export async function collectLateEdges(work: Work, type: ObjectType): Promise<void> {
  const asked = work.asked.get(type);
  const owner = work.types.find(({ name }) => name === type.edge?.ownerType);
  if (asked === undefined || owner === undefined) return;
  await collectEdges(
    work,
    type,
    work.ledger.active(owner).filter((id) => !asked.has(id)),
  );
}

/**
 * Keeps edges of the previous backup of which an end could not be read: Graph lists no edge of an object in the recycle
 * bin, so that it is not listed does not say that it is gone. Resolves to the edges that can be decided on.
 */
export function keepDoubtful(work: Work, type: ObjectType, missing: readonly ObjectKey[]): readonly ObjectKey[] {
  const { ledger, excluded } = work;
  const isDoubtful = (key: ObjectKey) =>
    endpointsOf(type, key).some(({ id, types }) => types.some((name) => ledger.isUnknown(`${name}/${id}`)));
  const doubtful = missing.filter((key) => !isOneOf(type, key, excluded) && isDoubtful(key));
  if (doubtful.length === 0) return missing;
  ledger.keepUnknown(doubtful);
  ledger.gap(type.name, 'partial', 'What it connects could not be read.', doubtful.length);
  return missing.filter((key) => !ledger.has(key));
}
