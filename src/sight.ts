/** What is known of single objects on the two sides of a comparison, once what differs was loaded. */

import { presenceOf, type SideOfObject } from './diff/compare.js';
import { type DirectoryObject, type ObjectKey, type Presence, typeOf } from './model/object.js';
import type { Objects } from './model/objects.js';
import { endpointsOf, isOneOf } from './registry/identity.js';
import type { Registry } from './registry/types.js';
import type { ComparedState } from './states.js';

export interface Sight {
  /** An object on each side. Only objects that were asked for are known; of others, that they are there. */
  readonly desired: (key: ObjectKey) => SideOfObject;
  readonly live: (key: ObjectKey) => SideOfObject;
  /** The presence on each side, also of targets of links. */
  readonly desiredPresence: (key: ObjectKey) => Presence;
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
  const isSame = (key: ObjectKey) => live.ids.has(key) && live.ids.get(key) === desired.ids.get(key);
  const targets = linkTargets(registry, keys, objects, targetKey);
  const sides = {
    desired: (key: ObjectKey) => sideOf(registry, desired, objects.desired.get(key), key),
    live: (key: ObjectKey) => sideOf(registry, live, objects.live.get(key), key),
  };
  const presences = {
    desired: await presencesOf(registry, desired, objects.desired, targets),
    // What is the same on both sides is looked at on one.
    live: await presencesOf(registry, live, objects.live, new Set([...targets].filter((key) => !isSame(key)))),
  };
  const desiredPresence = (key: ObjectKey) => presences.desired.get(key) ?? sides.desired(key).presence;
  return {
    ...sides,
    desiredPresence,
    livePresence(key) {
      if (live.unknown.has(key)) return 'unknown';
      if (isSame(key)) return desiredPresence(key);
      return presences.live.get(key) ?? sides.live(key).presence;
    },
    targetKey,
  };
}

/** Where targets stand: those that are not known yet are loaded for it, and not kept. */
async function presencesOf(
  registry: Registry,
  state: ComparedState,
  known: Objects,
  targets: ReadonlySet<ObjectKey>,
): Promise<ReadonlyMap<ObjectKey, Presence>> {
  const loaded = await state.load([...targets].filter((key) => !known.has(key)));
  return new Map(
    [...targets].map((key) => [key, sideOf(registry, state, known.get(key) ?? loaded.get(key), key).presence] as const),
  );
}

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
  found: DirectoryObject | undefined,
  key: ObjectKey,
): SideOfObject {
  if (state.unknown.has(key)) return { presence: 'unknown', object: undefined };
  const object = withoutUncertain(state, key, found);
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
