/**
 * Objects that cannot be without others: which of those are not there, and what stays in the recycle bin though that comes
 * back ("Restore deleted item": restoring an application does not restore its service principal).
 */

import { differingKeys, presenceOf } from './diff/compare.js';
import type { Change } from './model/change.js';
import { byCodeUnit, type DirectoryObject, idOf, type ObjectKey, typeOf } from './model/object.js';
import type { Problem } from './model/problem.js';
import { dependencesOn, type Need, needsOf } from './plan/dependents.js';
import type { ObjectType, Registry } from './registry/types.js';
import { labelOf } from './state/label.js';
import type { ComparedState } from './states.js';

interface Sides {
  readonly desired: ComparedState;
  readonly live: ComparedState;
}

/**
 * For objects that would be restored: what they need and the live tenant does not hold as active, or is not known to, in
 * scope or not. What neither side holds is never named: it belongs to another tenant.
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
  const isOfThem = (key: ObjectKey) => types.has(typeOf(key));
  const differing = differingKeys(sides.desired.ids, sides.live.ids, isOfThem);
  const keys = [...new Set([...differing, ...[...sides.live.unknown].filter(isOfThem)])].sort(byCodeUnit);
  const [desired, live] = [await sides.desired.load(keys), await sides.live.load(keys)];
  const missing = keys.filter((key) => isMissing(sides.live, key, live.get(key)));
  const fits = (need: Need, key: ObjectKey) =>
    need.types.includes(typeOf(key)) &&
    [desired.get(key), live.get(key)].some((object) => object !== undefined && need.isMetBy(object));
  return new Map(
    wanted.map(({ object, needs }) => [object, missing.filter((key) => needs.some((need) => fits(need, key)))]),
  );
}

/** Whether an object is in the recycle bin, gone, or could not be read. */
function isMissing(live: ComparedState, key: ObjectKey, object: DirectoryObject | undefined): boolean {
  if (live.unknown.has(key)) return true;
  if (!live.covers(typeOf(key))) return false;
  return object === undefined ? !live.ids.has(key) : presenceOf(object) === 'deleted';
}

/** Objects outside the scope that stay in the recycle bin, though what they cannot be without comes back. */
export async function leftBehind(
  registry: Registry,
  restored: readonly Change[],
  sides: Sides,
  inScope: (key: ObjectKey) => boolean,
): Promise<readonly Problem[]> {
  const needed = restored.flatMap(({ object, desiredObject }) =>
    dependencesOn(registry.byName.get(typeOf(object)) as ObjectType, registry).map(({ type, property, by }) => ({
      object,
      type,
      property,
      value: by === 'key' ? idOf(object) : desiredObject?.properties[by],
    })),
  );
  if (needed.length === 0) return [];
  const types = new Set(needed.map(({ type }) => type.name));
  const keys = differingKeys(sides.desired.ids, sides.live.ids, (key) => types.has(typeOf(key)) && !inScope(key));
  const [desired, live] = [await sides.desired.load(keys), await sides.live.load(keys)];
  return keys.flatMap((key): Problem[] => {
    const [then, now] = [desired.get(key), live.get(key)];
    if (presenceOf(then) !== 'active' || presenceOf(now) !== 'deleted') return [];
    const of = needed.find(
      ({ type, property, value }) => type.name === typeOf(key) && then?.properties[property] === value,
    );
    if (of === undefined) return [];
    const label = labelOf(of.type, then as DirectoryObject);
    return [
      {
        code: 'KG621',
        severity: 'warning',
        object: key,
        message: `${label} (${key}) stays in the recycle bin, though ${of.object} comes back: each is restored by itself.`,
        remedy: `Add --target ${key} to restore it, too.`,
      },
    ];
  });
}
