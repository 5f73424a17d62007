/** Objects that need the same are told once. */

import type { ReportedLinks, ReportedValue } from '../model/documents.js';
import { byCodeUnit, type ObjectKey, typeOf } from '../model/object.js';
import type { ObjectActionKind } from '../model/plan.js';

export interface EntryLinks extends ReportedLinks {
  /** How many of the additions are only made if they did not come back with a restored object. */
  readonly conditional?: number;
  /** Targets that the object had, and to which no link can be made. */
  readonly lost?: readonly string[];
}

/** One object of a review and what happens to it. */
export interface Entry {
  readonly object: ObjectKey;
  readonly label: string;
  readonly action: ObjectActionKind | 'links' | 'blocked';
  readonly values: readonly ReportedValue[];
  readonly links: readonly EntryLinks[];
  /** There is no live side to speak of. */
  readonly oneSided?: true;
}

/** An object in the recycle bin shows values that cannot be trusted: only what it is brought back to is told. */
export function isOneSided(entry: Entry): boolean {
  return entry.action === 'restore' || entry.oneSided === true;
}

/**
 * `same`: the objects need exactly the same (one object is the simplest case). `varied`: the same properties and links
 * of the objects differ, each in its own way. `listed`: only which objects it is about is told.
 */
export interface Group {
  readonly kind: 'same' | 'varied' | 'listed';
  readonly type: string;
  readonly action: Entry['action'];
  readonly entries: readonly Entry[];
}

/** So many restores of one type are shown in full; with more of them, the objects are listed. */
const RESTORES_IN_FULL = 3;
/** So many different changes of the same properties are folded into one group. */
const FOLD_FROM = 6;
/** So many groups of several objects are shown before the smaller ones are folded. */
const SAME_SHAPE_GROUPS = 10;

/** Groups in order of the first object of their type and action; within it the larger ones first. */
export function groupEntries(entries: readonly Entry[]): Group[] {
  const kinds = partition(entries, (entry) => `${entry.action} ${typeOf(entry.object)}`);
  return kinds.flatMap((members) => {
    const groups = groupsOfKind(members);
    return groups.sort((a, b) => b.entries.length - a.entries.length);
  });
}

function groupsOfKind(entries: readonly Entry[]): Group[] {
  const action = entries[0]?.action;
  if (action === 'soft-delete') return [group('listed', entries)];
  if (action === 'restore') {
    return entries.length > RESTORES_IN_FULL
      ? [group('listed', entries)]
      : entries.map((entry) => group('same', [entry]));
  }
  return partition(entries, shapeOf).flatMap(groupsOfShape);
}

function groupsOfShape(entries: readonly Entry[]): Group[] {
  const contents = new Map<readonly ReportedValue[], string>();
  const identical = partition(entries, (entry) => {
    const values = contents.get(entry.values) ?? JSON.stringify(entry.values);
    contents.set(entry.values, values);
    return entry.links.length === 0 ? values : values + JSON.stringify(entry.links);
  }).sort((a, b) => b.length - a.length);
  const large = identical.filter((members, index) => members.length > 1 && index < SAME_SHAPE_GROUPS);
  const rest = identical.slice(large.length);
  const told = large.map((members) => group('same', members));
  return rest.length < FOLD_FROM
    ? [...told, ...rest.map((members) => group('same', members))]
    : [...told, group('varied', rest.flat())];
}

/** Which properties and links differ, whatever their values. */
function shapeOf(entry: Entry): string {
  let shape = '';
  for (const value of entry.values) shape += `${value.path}\0`;
  for (const links of entry.links) shape += `\0${links.link}`;
  return shape;
}

function group(kind: Group['kind'], entries: readonly Entry[]): Group {
  const first = entries[0] as Entry;
  return { kind, type: typeOf(first.object), action: first.action, entries: inReadingOrder(entries) };
}

/** Where not all can be shown, those are shown of which most changes; among equals, a name is found by its letters. */
function inReadingOrder(entries: readonly Entry[]): Entry[] {
  const sized = entries.map((entry) => ({ entry, size: sizeOf(entry) }));
  sized.sort(
    (a, b) => b.size - a.size || byCodeUnit(a.entry.label, b.entry.label) || byCodeUnit(a.entry.object, b.entry.object),
  );
  return sized.map(({ entry }) => entry);
}

/** How many links and items of sets come, go or are lost. How much of an object that comes back is told says nothing. */
function sizeOf({ action, values, links }: Entry): number {
  if (action === 'restore' || action === 'soft-delete') return 0;
  let size = 0;
  for (const { add = [], remove = [] } of values) size += add.length + remove.length;
  for (const { add, remove, lost = [] } of links) size += add.length + remove.length + lost.length;
  return size;
}

/** The items by key: keys in order of their first item, items in their order. */
export function partition<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const parts = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const part = parts.get(key);
    if (part === undefined) parts.set(key, [item]);
    else part.push(item);
  }
  return [...parts.values()];
}
