/**
 * What follows for objects that no account named from what happened to others: a link ends with its target, comes back with
 * it, or is to a target of which the account does not tell; an edge is not listed while one of its ends is in a recycle bin;
 * a value is mixed into another object.
 */

import { readIdsBy, readOwners } from '../graph/delta.js';
import { describeError } from '../graph/types.js';
import { idOf, type ObjectKey, objectKey, typeOf } from '../model/object.js';
import type { Link, ObjectType } from '../registry/types.js';
import { beforeOf, binnedBefore, endTypes, name, unfollow, wasActive } from './follow.js';
import type { Work } from './work.js';

/** Objects that were looked at: what the previous backup had of them, and what was found. */
function* looked(work: Work, type: string): Generator<ObjectKey> {
  const seen = new Set<ObjectKey>();
  for (const key of beforeOf(work).ids.keys()) if (typeOf(key) === type) seen.add(key);
  for (const [other, keys] of work.followed) if (other.name === type) for (const key of keys) seen.add(key);
  const { ledger } = work;
  for (const id of ledger.active({ name: type })) seen.add(objectKey(type, id));
  yield* seen;
}

const isActive = ({ ledger }: Work, key: ObjectKey) =>
  ledger.has(key) && !ledger.isDeleted(key) && !ledger.isUnknown(key);

/**
 * Names the objects of a followed type into which something is mixed that may have changed. Types that are mixed in were
 * settled before.
 */
export async function nameMixed(work: Work, type: ObjectType): Promise<void> {
  if (!work.followed.has(type)) return;
  for (const { union } of type.properties) {
    if (union === undefined) continue;
    const before = beforeOf(work);
    const changed = [...looked(work, union.type)].filter((key) => work.ledger.contentOf(key) !== before.ids.get(key));
    const old = await before.load(changed.filter((key) => before.ids.has(key)));
    const values = new Set(changed.flatMap((key) => work.more.commonOf(union, key) ?? []));
    for (const object of old.values()) values.add(String(object.properties[union.by]).toLowerCase());
    const list = [...values];
    const found = await readIdsBy(work.client, type, union.by, list);
    await name(
      work,
      type,
      found.flatMap((item) => (item.status === 'found' ? [item.value] : [])),
    );
    for (const item of found) {
      if (item.status === 'unknown') work.ledger.partGap(type, union.property, describeError(item.error), 1);
    }
  }
}

/** Whether edges of a followed type may differ: an account names them by ids that do not last, or an end came or went. */
export function edgesMayDiffer(work: Work, type: ObjectType): boolean {
  const { tracking } = work;
  const again = tracking?.trails.get(type.name)?.again ?? [];
  if ((work.tracked.get(type)?.named?.size ?? 1) + again.length > 0) return true;
  return [...new Set(endTypes(type))].some((end) =>
    [...looked(work, end)].some((key) => wasActive(work, key, end, idOf(key)) !== isActive(work, key)),
  );
}

/**
 * Names owners whose links may differ though no account named them. Where that cannot be told, the type is read whole:
 * resolves to false then.
 */
export async function nameOwners(work: Work, type: ObjectType): Promise<boolean> {
  const gone = new Set<string>();
  for (const target of new Set(type.links.flatMap(({ targets }) => targets))) {
    for (const key of looked(work, target)) {
      const id = idOf(key);
      if (binnedBefore(work, target, id) !== undefined && isActive(work, key)) {
        // A link that was made before its target went to the bin may never have been seen.
        await unfollow(work, type);
        return false;
      }
      if (beforeOf(work).ids.has(key) && !work.ledger.has(key)) gone.add(id);
    }
  }
  if (gone.size > 0) await name(work, type, (await beforeOf(work).ownersOf(type, gone)).map(idOf));
  for (const link of type.links) {
    for (const target of Object.keys(link.delta?.apart ?? {})) {
      if (!(await nameApart(work, type, link, target))) {
        await unfollow(work, type);
        return false;
      }
    }
  }
  return true;
}

/** Asks targets of which the account may not tell for their owners. False where one of them cannot be asked. */
async function nameApart(work: Work, type: ObjectType, link: Link, targetType: string): Promise<boolean> {
  const before = work.tracking?.trails.get(type.name)?.links[link.name]?.apart ?? {};
  const active = await activeOf(work, work.types.find((each) => each.name === targetType) as ObjectType);
  // Nobody looks at what is excluded, but whether it is a member is a value of the group.
  const excluded = new Set([...work.excluded].filter((key) => typeOf(key) === targetType).map(idOf));
  const targets = [...active, ...excluded];
  const lists = await readOwners(work.client, type, link, targetType, targets);
  const now = new Map<string, readonly string[]>();
  const owners = new Set<string>();
  for (const [index, target] of targets.entries()) {
    const list = lists[index];
    if (list?.status === 'absent' && excluded.has(target)) continue;
    if (list?.status !== 'found') {
      if (list?.status === 'unknown') work.tracking?.note(type, describeError(list.error));
      return false;
    }
    const then = new Set(before[target] ?? []);
    for (const owner of list.value) if (!then.delete(owner)) owners.add(owner);
    for (const owner of then) owners.add(owner);
    if (list.value.length > 0) now.set(target, list.value);
  }
  work.tracked.get(type)?.apart.set(link.name, now);
  await name(work, type, owners);
  return true;
}

/** Ids of all active objects of a type, also of those that are as they were. */
export async function activeOf(work: Work, type: ObjectType): Promise<readonly string[]> {
  return [...(await restingOf(work, type)), ...work.ledger.active(type)];
}

/** Ids of the active objects of a followed type that nobody named. */
export async function restingOf(work: Work, type: ObjectType): Promise<readonly string[]> {
  const named = work.followed.get(type);
  if (named === undefined) return [];
  const keys = await beforeOf(work).keysOf(type);
  return keys
    .filter((key) => !named.has(key) && !work.ledger.has(key) && binnedBefore(work, type.name, idOf(key)) === undefined)
    .map(idOf);
}
