/** Compares states and objects. Pure: content ids first, parsed objects only where ids differ. */

import type { Change, LinkChange, PropertyChange } from '../model/change.js';
import { byCodeUnit, DELETED, type DirectoryObject, type ObjectKey, type Presence } from '../model/object.js';
import type { Link, ObjectType } from '../registry/types.js';
import { sameValue } from '../state/canonical.js';
import { labelOf } from '../state/label.js';
import type { StateIds } from '../state/types.js';
import { linkStanding } from '../strategies/index.js';

/** Objects whose content is not the same on both sides, sorted; nothing is parsed for it. */
export function differingKeys(desired: StateIds, live: StateIds, inScope: (key: ObjectKey) => boolean): ObjectKey[] {
  const keys: ObjectKey[] = [];
  for (const [key, id] of desired) if (live.get(key) !== id && inScope(key)) keys.push(key);
  for (const key of live.keys()) if (!desired.has(key) && inScope(key)) keys.push(key);
  return keys.sort(byCodeUnit);
}

/** One side's knowledge of an object: its presence, and what is known of it. */
export interface SideOfObject {
  readonly presence: Presence;
  readonly object: DirectoryObject | undefined;
}

/** Whether a link from an active owner to this target is in effect on a side. */
export type IsEffective = (target: string, types: readonly string[]) => boolean;

export interface Effective {
  readonly desired: IsEffective;
  readonly live: IsEffective;
}

/** The presence that a parsed object tells of itself. */
export function presenceOf(object: DirectoryObject | undefined): Presence {
  if (object === undefined) return 'absent';
  return (object.properties[DELETED] ?? null) === null ? 'active' : 'deleted';
}

/**
 * The difference between two sides of one object; undefined when they agree. Between two active objects it lists the
 * properties (context aside) and links that differ; otherwise presence alone is the difference.
 */
export function compareObject(
  type: ObjectType,
  key: ObjectKey,
  desired: SideOfObject,
  live: SideOfObject,
  effective: Effective,
): Change | undefined {
  if (isFixture(type, desired.object ?? live.object)) return undefined;
  const both = desired.presence === 'active' && live.presence === 'active';
  const properties = both ? compareProperties(type, desired.object, live.object) : [];
  const links = both ? compareLinks(type, desired.object, live.object, effective) : [];
  if (both ? properties.length === 0 && links.length === 0 : desired.presence === live.presence) return undefined;
  const named = live.presence === 'active' ? live.object : (desired.object ?? live.object);
  return {
    object: key,
    label: named === undefined ? key : labelOf(type, named),
    desired: desired.presence,
    live: live.presence,
    properties,
    links,
    ...(desired.object === undefined ? {} : { desiredObject: desired.object }),
    ...(live.object === undefined ? {} : { liveObject: live.object }),
  };
}

/** Whether an object came with the tenant: nobody made it, and nobody can take it away or change it. */
function isFixture({ fixture }: ObjectType, object: DirectoryObject | undefined): boolean {
  return fixture !== undefined && object?.properties[fixture.property] === fixture.equals;
}

/** Properties that both sides manage and that do not mean the same, in schema order. */
export function compareProperties(
  type: ObjectType,
  desired: DirectoryObject | undefined,
  live: DirectoryObject | undefined,
): PropertyChange[] {
  const changes: PropertyChange[] = [];
  for (const property of type.properties) {
    const [wanted, found] = [desired?.properties[property.name], live?.properties[property.name]];
    if (property.access === 'context' || wanted === undefined || found === undefined) continue;
    if (!sameValue(property.shape, wanted, found)) changes.push({ path: property.name, live: found, desired: wanted });
  }
  return changes;
}

/**
 * Links that both sides know and that differ in their effect. A link that is derived on one side only counts as empty
 * there, so that what it holds on the other is seen.
 */
export function compareLinks(
  type: ObjectType,
  desired: DirectoryObject | undefined,
  live: DirectoryObject | undefined,
  effective: Effective,
): LinkChange[] {
  const changes: LinkChange[] = [];
  for (const link of type.links) {
    const wanted = targetsOf(link, desired);
    const found = targetsOf(link, live);
    if (wanted === undefined || found === undefined) continue;
    const [have, want] = [new Set(found), new Set(wanted)];
    const add = wanted.filter((target) => !have.has(target) && effective.desired(target, link.targets));
    const remove = found.filter((target) => !want.has(target) && effective.live(target, link.targets));
    if (add.length > 0 || remove.length > 0) changes.push({ link: link.name, add, remove });
  }
  return changes;
}

function targetsOf(link: Link, object: DirectoryObject | undefined): readonly string[] | undefined {
  const targets = object?.links[link.name];
  if (targets !== undefined || object === undefined) return targets;
  return linkStanding(link, object.properties).standing === 'derived' ? [] : undefined;
}
