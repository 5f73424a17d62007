/** Reads the lists of types to their end. */

import { listObjects } from '../graph/reader.js';
import { describeError, type GraphError, GraphFailure } from '../graph/types.js';
import { idOf } from '../model/object.js';
import type { ObjectType } from '../registry/types.js';
import { restingOf } from './consequences.js';
import { collectEdges, listedByOwner } from './edges.js';
import { storedKeyOf } from './keys.js';
import { collectPage } from './page.js';
import { stopIfInterrupted, type Work } from './work.js';

/** Reads the list of a type and the links of its objects. False when the list could not be read to its end. */
export async function collectList(work: Work, type: ObjectType): Promise<boolean> {
  if (listedByOwner(type)) return collectByOwner(work, type);
  let done = 0;
  let isBegun = false;
  const anew = () => {
    done = 0;
  };
  try {
    for await (const page of listObjects(work.client, type, anew)) {
      isBegun ||= page.length > 0;
      stopIfInterrupted(work.signal);
      await collectPage(work, type, page);
      done += page.length;
      work.progress({ what: `Reading ${type.folder}`, done });
    }
    return true;
  } catch (cause) {
    stopIfInterrupted(work.signal);
    work.ledger.gap(type.name, isBegun ? 'partial' : 'not-collected', reasonOf(cause));
    return false;
  }
}

/**
 * Reads edges owner by owner. Those of an owner that could not be asked are unknown; so are all when it is not known which
 * owners there are.
 */
async function collectByOwner(work: Work, type: ObjectType): Promise<boolean> {
  const owners = await ownersOf(work, type);
  if (owners === undefined) return false;
  await collectEdges(work, type, owners);
  return true;
}

/** Ids of the objects that may own edges; undefined, and noted, when they are not all known. */
async function ownersOf(work: Work, type: ObjectType): Promise<readonly string[] | undefined> {
  const owner = work.related.get(type.edge?.ownerType ?? '');
  if (owner === undefined) throw new Error(`${type.name} belongs to no type`);
  if (work.types.includes(owner)) {
    if (work.complete.has(owner)) return [...(await restingOf(work, owner)), ...work.ledger.active(owner)];
    work.ledger.gap(type.name, 'not-collected', `${owner.name} could not be read whole.`);
    return undefined;
  }
  const ids: string[] = [];
  try {
    const anew = () => void ids.splice(0);
    for await (const page of listObjects(work.client, owner, anew)) {
      const keys = page.flatMap((raw) => storedKeyOf(owner, raw) ?? []);
      ids.push(...keys.filter((key) => !work.excluded.has(key)).map(idOf));
    }
    return ids;
  } catch (cause) {
    work.ledger.gap(type.name, 'not-collected', reasonOf(cause));
    return undefined;
  }
}

/** One line for the coverage; anything but a refusal by Graph is not ours to swallow. */
export function reasonOf(cause: unknown): string {
  if (cause instanceof GraphFailure) return describeError(cause.error satisfies GraphError);
  throw cause;
}
