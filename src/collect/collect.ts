/**
 * Reads the live tenant into a state: lists and links first, recycle bins last, so that an object that moves from one to
 * the other while being read is not lost. What could not be read is kept from the previous backup and said in the
 * coverage: unknown is not empty.
 */

import { listDeleted, listObjects } from '../graph/reader.js';
import { describeError, type GraphError, GraphFailure } from '../graph/types.js';
import type { JsonObject } from '../model/json.js';
import { idOf, type ObjectKey } from '../model/object.js';
import type { ObjectType } from '../registry/types.js';
import { collectEdges, listedByOwner } from './edges.js';
import { NO_ID } from './gaps.js';
import { storedKeyOf } from './keys.js';
import { createLedger } from './ledger.js';
import { createMore } from './more.js';
import { collectPage } from './page.js';
import { settleBinned, settleMissing, settlePending } from './settle.js';
import type { CollectOptions, LiveState } from './types.js';
import { stopIfInterrupted, type Work } from './work.js';

/**
 * Collects every given type. Throws a Failure only when interrupted; whatever Graph refuses becomes a gap of the
 * coverage.
 */
export async function collect(options: CollectOptions): Promise<LiveState> {
  const start = options.clock();
  const ledger = createLedger(options);
  const work: Work = {
    ...options,
    ledger,
    more: createMore(options, ledger),
    pending: [],
    complete: new Set(),
    asked: new Map(),
    binnedBefore: new Set(),
  };
  if (options.previous === undefined) await noteBinned(work);
  for (const type of options.types) {
    if (await collectList(work, type)) work.complete.add(type);
    else work.more.incomplete(type);
  }
  const binned = new Map<ObjectKey, JsonObject>();
  for (const type of options.types) {
    if (!(await collectBin(work, type, binned))) work.complete.delete(type);
  }
  await settleBinned(work, binned);
  await settleMissing(work);
  await settlePending(work);
  stopIfInterrupted(options.signal);
  return ledger.finish({ start: start.toISOString(), end: options.clock().toISOString() });
}

/** Reads the list of a type and the links of its objects. False when the list could not be read to its end. */
async function collectList(work: Work, type: ObjectType): Promise<boolean> {
  if (listedByOwner(type)) return collectByOwner(work, type);
  let done = 0;
  try {
    for await (const page of listObjects(work.client, type)) {
      stopIfInterrupted(work.signal);
      await collectPage(work, type, page);
      done += page.length;
      work.progress({ what: `Reading ${type.folder}`, done });
    }
    return true;
  } catch (cause) {
    stopIfInterrupted(work.signal);
    work.ledger.gap(type.name, done === 0 ? 'not-collected' : 'partial', reasonOf(cause));
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
    if (work.complete.has(owner)) return work.ledger.active(owner);
    work.ledger.gap(type.name, 'not-collected', `${owner.name} could not be read whole.`);
    return undefined;
  }
  const ids: string[] = [];
  try {
    for await (const page of listObjects(work.client, owner)) {
      const keys = page.flatMap((raw) => storedKeyOf(owner, raw) ?? []);
      ids.push(...keys.filter((key) => !work.excluded.has(key)).map(idOf));
    }
    return ids;
  } catch (cause) {
    work.ledger.gap(type.name, 'not-collected', reasonOf(cause));
    return undefined;
  }
}

/**
 * Notes what is in the recycle bins before the lists are read. Where no backup knows it, an object that is restored before
 * the bins are read again would be in neither. What cannot be read is said when it is read again.
 */
async function noteBinned(work: Work): Promise<void> {
  for (const type of work.types) {
    try {
      for await (const page of listDeleted(work.client, type)) {
        stopIfInterrupted(work.signal);
        for (const key of page.flatMap((raw) => storedKeyOf(type, raw) ?? [])) work.binnedBefore.add(key);
      }
    } catch (cause) {
      stopIfInterrupted(work.signal);
      reasonOf(cause);
    }
  }
}

/** Reads the recycle bin of a type. False when it could not be read to its end. */
async function collectBin(work: Work, type: ObjectType, binned: Map<ObjectKey, JsonObject>): Promise<boolean> {
  let done = 0;
  try {
    for await (const page of listDeleted(work.client, type)) {
      stopIfInterrupted(work.signal);
      for (const raw of page) {
        const key = storedKeyOf(type, raw);
        if (key === undefined) work.ledger.gap(`${type.name}.deletedItems`, 'partial', NO_ID);
        else binned.set(key, raw);
      }
      done += page.length;
      work.progress({ what: `Reading deleted ${type.folder}`, done });
    }
    return true;
  } catch (cause) {
    stopIfInterrupted(work.signal);
    work.ledger.gap(`${type.name}.deletedItems`, done === 0 ? 'not-collected' : 'partial', reasonOf(cause));
    return false;
  }
}

/** One line for the coverage; anything but a refusal by Graph is not ours to swallow. */
function reasonOf(cause: unknown): string {
  if (cause instanceof GraphFailure) return describeError(cause.error satisfies GraphError);
  throw cause;
}
