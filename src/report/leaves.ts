/** Where two values of a property differ, as deep inside as the difference is. */

import type { ReportedValue } from '../model/documents.js';
import { canonicalJson, isJsonObject, type Json, jsonEqual } from '../model/json.js';

/**
 * The differences between two values. Complex values are followed member by member; a collection gives the items that
 * only one side has (an item that is complex counts whole). Pass undefined as `live` where there is no live value, or
 * none that is trusted: then every leaf of `desired` is given, without a `live`.
 */
export function leafDifferences(path: string, live: Json | undefined, desired: Json | undefined): ReportedValue[] {
  if (jsonEqual(live, desired)) return [];
  const found: ReportedValue[] = [];
  collect(path, live, desired, live !== undefined, found);
  return found.length > 0 ? found : [whole(path, live, desired)];
}

function collect(
  path: string,
  live: Json | undefined,
  desired: Json | undefined,
  compared: boolean,
  found: ReportedValue[],
): void {
  if (jsonEqual(live ?? null, desired ?? null)) {
    // Inside complex values null and missing are the same.
    if (!compared && desired !== undefined) found.push({ path, desired });
    return;
  }
  if (canFollow(live, desired)) {
    for (const name of memberNames(live, desired)) {
      collect(`${path}.${name}`, member(live, name), member(desired, name), compared, found);
    }
    return;
  }
  const items = compared ? itemDifferences(live, desired) : undefined;
  found.push(items === undefined ? whole(path, live, desired) : { path, ...items });
}

function whole(path: string, live: Json | undefined, desired: Json | undefined): ReportedValue {
  return { path, ...(live === undefined ? {} : { live }), ...(desired === undefined ? {} : { desired }) };
}

/** Two complex values, or one with members where the other side has nothing. */
function canFollow(live: Json | undefined, desired: Json | undefined): boolean {
  const sides = [live, desired];
  return (
    sides.every((side) => side === undefined || side === null || isJsonObject(side)) &&
    sides.some((side) => isJsonObject(side) && Object.keys(side).length > 0)
  );
}

function memberNames(live: Json | undefined, desired: Json | undefined): Set<string> {
  return new Set([desired, live].flatMap((side) => (isJsonObject(side) ? Object.keys(side) : [])));
}

function member(side: Json | undefined, name: string): Json | undefined {
  return isJsonObject(side) && Object.hasOwn(side, name) ? side[name] : undefined;
}

/** Undefined where the sides are not collections, or hold the same items in another order. */
function itemDifferences(
  live: Json | undefined,
  desired: Json | undefined,
): { readonly add: readonly Json[]; readonly remove: readonly Json[] } | undefined {
  const liveItems = itemsOf(live);
  const desiredItems = itemsOf(desired);
  if (liveItems === undefined || desiredItems === undefined) return undefined;
  const add = without(desiredItems, liveItems);
  const remove = without(liveItems, desiredItems);
  return add.length + remove.length === 0 ? undefined : { add, remove };
}

/** Nothing and null are the empty collection. */
function itemsOf(side: Json | undefined): readonly Json[] | undefined {
  if (side === undefined || side === null) return [];
  return Array.isArray(side) ? side : undefined;
}

/** The items that `others` does not have, one for one. */
function without(items: readonly Json[], others: readonly Json[]): Json[] {
  const left = new Map<string, number>();
  for (const item of others) {
    const key = canonicalJson(item);
    left.set(key, (left.get(key) ?? 0) + 1);
  }
  return items.filter((item) => {
    const key = canonicalJson(item);
    const count = left.get(key) ?? 0;
    if (count > 0) left.set(key, count - 1);
    return count === 0;
  });
}
