/** What is known of single objects on the two sides of a comparison, once what differs was loaded. */

import { presenceOf, type SideOfObject } from './diff/compare.js';
import { type DirectoryObject, type ObjectKey, type Presence, typeOf } from './model/object.js';
import { endpointsOf, isOneOf } from './registry/identity.js';
import type { Registry } from './registry/types.js';
import type { ComparedState } from './states.js';

export interface Sight {
  /** An object on each side. Only objects that were loaded are known; of others, that they are there. */
  readonly desired: (key: ObjectKey) => SideOfObject;
  readonly live: (key: ObjectKey) => SideOfObject;
  /** The live presence, also of objects that are the same on both sides and were loaded on one. */
  readonly livePresence: (key: ObjectKey) => Presence;
  /** The object that a link's target id names, on whichever side knows it; undefined for objects of other types. */
  readonly targetKey: (target: string, types: readonly string[]) => ObjectKey | undefined;
}

/** Loads these objects, and the targets of links of theirs that differ or may have to be written. */
export async function lookAt(
  registry: Registry,
  keys: readonly ObjectKey[],
  desired: ComparedState,
  live: ComparedState,
): Promise<Sight> {
  const objects = { desired: await desired.load(keys), live: await live.load(keys) };
  const targetKey: Sight['targetKey'] = (target, types) =>
    types.map((type): ObjectKey => `${type}/${target}`).find((key) => live.ids.has(key) || desired.ids.has(key));
  const targets = linkTargets(registry, keys, objects, targetKey);
  for (const [state, known] of [
    [desired, objects.desired],
    [live, objects.live],
  ] as const) {
    const missing = [...targets].filter((key) => !known.has(key));
    for (const [key, object] of await state.load(missing)) known.set(key, object);
  }
  const sight = {
    desired: (key: ObjectKey) => sideOf(registry, desired, objects.desired, key),
    live: (key: ObjectKey) => sideOf(registry, live, objects.live, key),
  };
  return {
    ...sight,
    livePresence(key) {
      if (live.unknown.has(key)) return 'unknown';
      const id = live.ids.get(key);
      return (id !== undefined && id === desired.ids.get(key) ? sight.desired(key) : sight.live(key)).presence;
    },
    targetKey,
  };
}

type Objects = Map<ObjectKey, DirectoryObject>;

/** Targets of which it must be known whether they are in a recycle bin. */
function linkTargets(
  registry: Registry,
  keys: readonly ObjectKey[],
  objects: { readonly desired: Objects; readonly live: Objects },
  targetKey: Sight['targetKey'],
): ReadonlySet<ObjectKey> {
  const targets = new Set<ObjectKey>();
  for (const key of keys) {
    // Every desired link of an object that comes back is looked at, so every target must be known.
    const restored = presenceOf(objects.live.get(key)) === 'deleted';
    const type = registry.byName.get(typeOf(key));
    for (const { id, types } of type === undefined ? [] : endpointsOf(type, key)) {
      const named = targetKey(id, types);
      if (named !== undefined) targets.add(named);
    }
    for (const link of type?.links ?? []) {
      const wanted = objects.desired.get(key)?.links[link.name] ?? [];
      const found = objects.live.get(key)?.links[link.name] ?? [];
      const [have, want] = [new Set(restored ? [] : found), new Set(wanted)];
      for (const target of [...wanted.filter((id) => !have.has(id)), ...found.filter((id) => !want.has(id))]) {
        const named = targetKey(target, link.targets);
        if (named !== undefined) targets.add(named);
      }
    }
  }
  return targets;
}

function sideOf(
  registry: Registry,
  state: ComparedState,
  objects: ReadonlyMap<ObjectKey, DirectoryObject>,
  key: ObjectKey,
): SideOfObject {
  if (state.unknown.has(key)) return { presence: 'unknown', object: undefined };
  const object = withoutUncertain(state, key, objects.get(key));
  if (object !== undefined) return { presence: presenceOf(object), object };
  if (state.ids.has(key)) return { presence: 'active', object: undefined };
  return { presence: isAbsent(registry, state, key) ? 'absent' : 'unknown', object: undefined };
}

/** Whether what is not in a state was certainly not there: edges of an object of which nothing is known were not read. */
export function isAbsent({ byName }: Registry, state: ComparedState, key: ObjectKey): boolean {
  const type = byName.get(typeOf(key));
  return state.covers(typeOf(key)) && !(type !== undefined && isOneOf(type, key, state.unknown));
}

function withoutUncertain(
  state: ComparedState,
  key: ObjectKey,
  object: DirectoryObject | undefined,
): DirectoryObject | undefined {
  const uncertain = state.uncertain.get(key);
  if (object === undefined || uncertain === undefined) return object;
  const certain = <T>(values: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(values).filter(([name]) => !uncertain.includes(name)));
  return { ...object, properties: certain(object.properties), links: certain(object.links) };
}
