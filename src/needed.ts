/** Which objects that others cannot be without are not there: a service principal comes back after its application only. */

import { differingKeys, presenceOf } from './diff/compare.js';
import type { Change } from './model/change.js';
import type { DirectoryObject, ObjectKey } from './model/object.js';
import { typeOf } from './model/object.js';
import { type Need, needsOf } from './plan/dependents.js';
import type { Registry } from './registry/types.js';
import type { ComparedState } from './states.js';

interface Sides {
  readonly desired: ComparedState;
  readonly live: ComparedState;
}

/**
 * For objects that would be restored: what they need and the live tenant certainly does not hold as active, in scope or
 * not. What neither side knows is never named: it belongs to another tenant.
 */
export async function neededByRestores(
  registry: Registry,
  changes: readonly Change[],
  sides: Sides,
): Promise<ReadonlyMap<ObjectKey, readonly ObjectKey[]>> {
  const wanted = changes
    .filter(({ desired, live }) => desired === 'active' && live === 'deleted')
    .map(({ object, desiredObject }) => ({ object, needs: needsOf(registry, desiredObject) }))
    .filter(({ needs }) => needs.length > 0);
  if (wanted.length === 0) return new Map();
  const types = new Set(wanted.flatMap(({ needs }) => needs.flatMap((need) => need.types)));
  const keys = differingKeys(sides.desired.ids, sides.live.ids, (key) => types.has(typeOf(key)));
  const [desired, live] = [await sides.desired.load(keys), await sides.live.load(keys)];
  const missing = keys.filter((key) => isMissing(sides.live, key, live.get(key)));
  const fits = (need: Need, key: ObjectKey) =>
    need.types.includes(typeOf(key)) &&
    [desired.get(key), live.get(key)].some((object) => object !== undefined && need.isMetBy(object));
  return new Map(
    wanted.map(({ object, needs }) => [object, missing.filter((key) => needs.some((need) => fits(need, key)))]),
  );
}

/** Whether an object is in the recycle bin, or certainly gone. */
function isMissing(live: ComparedState, key: ObjectKey, object: DirectoryObject | undefined): boolean {
  if (live.unknown.has(key) || !live.covers(typeOf(key))) return false;
  return object === undefined ? !live.ids.has(key) : presenceOf(object) === 'deleted';
}
