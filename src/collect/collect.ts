/**
 * Reads the live tenant into a state: lists and links first, recycle bins last, so that an object that moves from one to
 * the other while being read is not lost. What could not be read is kept from the previous backup and said in the
 * coverage: unknown is not empty.
 */

import { listDeleted } from '../graph/reader.js';
import type { JsonObject } from '../model/json.js';
import type { ObjectKey } from '../model/object.js';
import type { ObjectType } from '../registry/types.js';
import { beginTracking } from './follow.js';
import { NO_ID } from './gaps.js';
import { storedKeyOf } from './keys.js';
import { createLedger } from './ledger.js';
import { collectList, reasonOf } from './lists.js';
import { createMore } from './more.js';
import { settleBinned, settleMissing, settlePending } from './settle.js';
import { leaveTrails, nameBinned, unreadOf } from './trails.js';
import type { CollectOptions, LiveState } from './types.js';
import { stopIfInterrupted, type Work } from './work.js';

/**
 * Collects every given type. Throws a Failure only when interrupted; whatever Graph refuses becomes a gap of the
 * coverage.
 */
export async function collect(options: CollectOptions): Promise<LiveState> {
  const start = options.clock();
  const ledger = createLedger(options);
  const followed: Work['followed'] = new Map();
  const isFollowed = (name: string) => [...followed.keys()].some((type) => type.name === name);
  const work: Work = {
    ...options,
    ledger,
    more: createMore(options, ledger, isFollowed),
    pending: [],
    complete: new Set(),
    asked: new Map(),
    binnedBefore: new Set(),
    tracked: new Map(),
    followed,
  };
  await beginTracking(work);
  if (options.previous === undefined) await noteBinned(work);
  for (const type of options.types) {
    if (work.followed.has(type)) continue;
    if (await collectList(work, type)) work.complete.add(type);
    else work.more.incomplete(type);
  }
  const binned = new Map<ObjectKey, JsonObject>();
  for (const type of options.types) {
    if (!(await collectBin(work, type, binned))) work.complete.delete(type);
  }
  await settleBinned(work, await nameBinned(work, binned));
  await settleMissing(work);
  await settlePending(work);
  stopIfInterrupted(options.signal);
  const live = ledger.finish({ start: start.toISOString(), end: options.clock().toISOString() }, unreadOf(work));
  return { ...live, ...leaveTrails(work, live, binned) };
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
  let isBegun = false;
  const anew = () => {
    done = 0;
  };
  try {
    for await (const page of listDeleted(work.client, type, anew)) {
      isBegun ||= page.length > 0;
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
    work.ledger.gap(`${type.name}.deletedItems`, isBegun ? 'partial' : 'not-collected', reasonOf(cause));
    return false;
  }
}
