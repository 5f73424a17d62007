/**
 * Follows Graph's accounts of changes. An account only names objects: what is named is asked for by id, like what a list
 * left out, with everything that belongs to it. Of all else the previous backup is believed.
 */

import { beginChanges, type Changes, readChanges } from '../graph/delta.js';
import { describeError, GraphFailure } from '../graph/types.js';
import { type ObjectKey, objectKey } from '../model/object.js';
import type { ObjectType } from '../registry/types.js';
import { assertStorable } from '../state/layout.js';
import type { PartialState, Tracking, Trail } from './types.js';
import { stopIfInterrupted, type Tracked, type Work } from './work.js';

/** A full page of a list takes about as long as asking for so many objects by id, in batches, several at once. */
const PAGE_COSTS = 100;
const PAGE_SIZE = 100;

/**
 * Asks what has changed, or, where that is not to be known, for where to begin: before anything else is read, so that a
 * change made meanwhile is in the next account.
 */
export async function beginTracking(work: Work): Promise<void> {
  const { tracking } = work;
  if (tracking === undefined) return;
  for (const type of work.types) {
    stopIfInterrupted(work.signal);
    if (type.delta !== undefined) work.tracked.set(type, await askForChanges(work, tracking, type));
  }
  const { before, trails } = tracking;
  if (before === undefined) return;
  const followed = work.types.filter((type) => mayFollow(work, tracking, type));
  await before.fetchTypes(work.types.filter((type) => !followed.includes(type)));
  for (const type of followed) {
    work.followed.set(type, new Set());
    work.complete.add(type);
    if (type.edge !== undefined) continue;
    const { again, links } = trails.get(type.name) as Trail;
    const foreign = Object.values(links).flatMap((link) => link.foreign);
    await name(work, type, [...(work.tracked.get(type)?.named ?? []), ...again, ...foreign]);
  }
}

async function askForChanges(work: Work, tracking: Tracking, type: ObjectType): Promise<Tracked> {
  const rest = { foreign: new Map(), apart: new Map() };
  const trail = tracking.trails.get(type.name);
  const changes = await attempt(tracking, type, async (): Promise<Changes | undefined> => {
    if (trail?.link === undefined || tracking.whole.has(type.name)) return undefined;
    const what = `Reading changes of ${type.folder}`;
    return readChanges(work.client, trail.link, (done) => work.progress({ what, done }));
  });
  if (changes !== undefined) return { ...changes, ...rest };
  const link = await attempt(tracking, type, () => beginChanges(work.client, type));
  return { link, named: undefined, ...rest };
}

/** What Graph refuses is no trouble: the type is read whole. */
async function attempt<T>(tracking: Tracking, type: ObjectType, ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (cause) {
    if (!(cause instanceof GraphFailure)) throw cause;
    tracking.note(type, describeError(cause.error));
    return undefined;
  }
}

/** Whether all that can differ of the objects of a type is named, or can be found out from what is. */
function mayFollow(work: Work, { before, trails }: Tracking, type: ObjectType): boolean {
  const named = work.tracked.get(type)?.named;
  const trail = trails.get(type.name);
  if (named === undefined || trail === undefined || !isTold(work, trails, type)) return false;
  const total = before?.coverage.types[type.name] ?? 0;
  const asked = (named.size + trail.again.length) * (1 + type.links.length);
  return (
    type.edge !== undefined ||
    asked <= PAGE_COSTS * Math.ceil(total / (type.pageSize ?? PAGE_SIZE)) + total * type.links.length
  );
}

/** Whether a type has nothing of which no account tells. */
function isTold(work: Work, trails: Tracking['trails'], type: ObjectType): boolean {
  const isRead = (name: string) => work.types.some((other) => other.name === name);
  const others = type.links.flatMap(({ targets }) => targets.filter(isRead));
  const needed = [
    ...type.links.flatMap(({ delta }) => Object.keys(delta?.apart ?? {})),
    ...type.properties.flatMap(({ union }) => union?.type ?? []),
    ...endTypes(type),
  ];
  return (
    type.expand.length === 0 &&
    type.links.every(({ delta }) => delta !== undefined) &&
    type.properties.every(({ part }) => part?.read !== true) &&
    needed.every(isRead) &&
    [...others, ...needed].every((name) => trails.has(name))
  );
}

/** Types of the objects that edges of a type connect. */
export function endTypes(type: ObjectType): readonly string[] {
  if (type.edge === undefined) return [];
  return type.keys.flatMap((name) => {
    const shape = type.properties.find((property) => property.name === name)?.shape;
    return shape?.kind === 'scalar' ? (shape.reference?.types ?? []) : [];
  });
}

/** Names objects of a followed type: they will be asked for. Throws a Failure (KG204) for what cannot be an id. */
export async function name(work: Work, type: ObjectType, ids: Iterable<string>): Promise<void> {
  const keys = [...new Set(ids)].map((id) => objectKey(type.name, id)).filter((key) => !work.excluded.has(key));
  for (const key of keys) assertStorable(type, key);
  const named = work.followed.get(type);
  const fresh = keys.filter((key) => named?.has(key) === false);
  for (const key of fresh) named?.add(key);
  await beforeOf(work).fetch(fresh);
}

/** Reads all of a type after all: something happened of which its account does not tell. */
export async function unfollow(work: Work, type: ObjectType): Promise<void> {
  work.followed.delete(type);
  work.complete.delete(type);
  await beforeOf(work).fetchTypes([type]);
}

export function beforeOf({ tracking }: Work): PartialState {
  if (tracking?.before === undefined) throw new Error('nothing is followed without a backup');
  return tracking.before;
}

/** Since when an object was in the recycle bin at the last backup; undefined where it was not. */
export function binnedBefore({ tracking }: Work, type: string, id: string): string | undefined {
  return tracking?.trails.get(type)?.binned[id];
}

/** Whether an object was active at the last backup. */
export function wasActive(work: Work, key: ObjectKey, type: string, id: string): boolean {
  return beforeOf(work).ids.has(key) && binnedBefore(work, type, id) === undefined;
}
