/** What a collection that follows accounts of changes takes from the previous backup, and leaves behind for the next one. */

import type { Target } from '../graph/reader.js';
import type { JsonObject } from '../model/json.js';
import { DELETED, idOf, type ObjectKey, typeOf } from '../model/object.js';
import type { Link, ObjectType } from '../registry/types.js';
import { canonicalDate, tellsNothing } from '../state/canonical.js';
import { beforeOf, binnedBefore, name } from './follow.js';
import type { Unread } from './ledger.js';
import type { LinkTrail, LiveState, Trail } from './types.js';
import type { Tracked, Work } from './work.js';

/**
 * Names what came to the recycle bins of followed types, and what left them. Resolves to what must be settled: all but what
 * is there as it was.
 */
export async function nameBinned(
  work: Work,
  binned: ReadonlyMap<ObjectKey, JsonObject>,
): Promise<ReadonlyMap<ObjectKey, JsonObject>> {
  const open = new Map(binned);
  for (const [type, named] of work.followed) {
    const ids = [];
    for (const [key, raw] of binned) {
      if (typeOf(key) !== type.name || named.has(key) || work.excluded.has(key)) continue;
      const since = binnedBefore(work, type.name, idOf(key));
      if (since !== undefined && since === sinceOf(raw) && !tellsNothing(type, raw)) {
        work.ledger.rest(key);
        open.delete(key);
      } else ids.push(idOf(key));
    }
    const before = Object.keys(work.tracking?.trails.get(type.name)?.binned ?? {});
    await name(work, type, [...ids, ...before.filter((id) => !binned.has(`${type.name}/${id}`))]);
  }
  return open;
}

const sinceOf = (raw: JsonObject): string => canonicalDate(String(raw[DELETED]));

/**
 * Notes what the account of changes of an owner will not tell of its targets: that they are gone, where their own changes are
 * not read; that they are targets, where they are of a type that it may leave out.
 */
export function noteTargets(work: Work, type: ObjectType, link: Link, owner: string, targets: readonly Target[]): void {
  const tracked = work.tracked.get(type);
  if (tracked === undefined || link.delta === undefined) return;
  const isFollowed = work.followed.has(type);
  for (const { id, odataType } of targets) {
    const target = work.types.find((each) => link.targets.includes(each.name) && isOf(each, odataType));
    if (target === undefined || work.excluded.has(`${target.name}/${id}`)) add(tracked.foreign, link.name, owner);
    else if (!isFollowed && link.delta.apart[target.name] !== undefined) addApart(tracked.apart, link.name, id, owner);
  }
}

function isOf(type: ObjectType, odataType: string | undefined): boolean {
  return odataType === `#microsoft.graph.${type.name}` || type.kinds.some((kind) => kind.odataType === odataType);
}

function add(foreign: Tracked['foreign'], link: string, owner: string): void {
  const owners = foreign.get(link) ?? new Set();
  foreign.set(link, owners.add(owner));
}

function addApart(apart: Tracked['apart'], link: string, target: string, owner: string): void {
  const owners = apart.get(link) ?? new Map<string, readonly string[]>();
  apart.set(link, owners.set(target, [...(owners.get(target) ?? []), owner]));
}

/** What is in the state without having been read: of followed types, all that was not looked at. */
export function unreadOf(work: Work): Unread | undefined {
  if (work.followed.size === 0) return undefined;
  const { ids, coverage } = beforeOf(work);
  const types: Record<string, number> = {};
  for (const { name } of work.followed.keys()) types[name] = coverage.types[name] ?? 0;
  for (const key of ids.keys()) {
    const count = types[typeOf(key)];
    if (count !== undefined) types[typeOf(key)] = count - 1;
  }
  const isUnread = (key: ObjectKey) => types[typeOf(key)] !== undefined && !ids.has(key);
  return { types, unrecognised: coverage.unrecognised.filter(({ object }) => isUnread(object as ObjectKey)) };
}

/** What the next snapshot needs to read only what has changed by then. */
export function leaveTrails(
  work: Work,
  live: LiveState,
  binned: ReadonlyMap<ObjectKey, JsonObject>,
): Pick<LiveState, 'trails' | 'followed'> {
  if (work.tracking === undefined) return {};
  const trails = new Map<string, Trail>();
  for (const type of work.tracked.keys()) {
    const { gaps, unrecognised } = live.coverage;
    const isOfType = (what: string) => what.split('.', 1)[0] === type.name;
    const isOdd = unrecognised.some(
      ({ object, paths }) => isOfType(typeOf(object as ObjectKey)) && paths.includes('@odata.type'),
    );
    if (!isOdd && !gaps.some(({ what }) => isOfType(what))) trails.set(type.name, trailOf(work, live, binned, type));
  }
  return { trails, followed: new Set([...work.followed.keys()].map(({ name }) => name)) };
}

function trailOf(work: Work, live: LiveState, binned: ReadonlyMap<ObjectKey, JsonObject>, type: ObjectType): Trail {
  const { link, named } = work.tracked.get(type) ?? {};
  const before = work.tracking?.trails.get(type.name);
  const inBin: Record<string, string> = {};
  for (const key of live.deleted) {
    const raw = binned.get(key);
    if (typeOf(key) === type.name) inBin[idOf(key)] = raw === undefined ? '' : sinceOf(raw);
  }
  return {
    ...(link === undefined ? {} : { link }),
    whole: work.followed.has(type) && before !== undefined ? before.whole : live.captured.start,
    again: [...(named ?? [])],
    binned: inBin,
    links: Object.fromEntries(type.links.map((each) => [each.name, linkTrail(work, type, each.name)])),
  };
}

function linkTrail(work: Work, type: ObjectType, link: string): LinkTrail {
  const tracked = work.tracked.get(type);
  return {
    foreign: [...(tracked?.foreign.get(link) ?? [])],
    apart: Object.fromEntries(tracked?.apart.get(link) ?? []),
  };
}
