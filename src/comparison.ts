/** Compares two states and judges every difference: what `diff` shows and `plan` plans is the same list. */

import { compareObject, differingKeys, type Effective, presenceOf, type SideOfObject } from './diff/compare.js';
import { linksToRestored } from './linked-from.js';
import type { Change } from './model/change.js';
import { type DirectoryObject, idOf, type ObjectKey, type Presence, typeOf } from './model/object.js';
import type { Scope } from './model/plan.js';
import { type JudgeContext, type Judgement, judge, type TargetStanding } from './plan/judge.js';
import { idsIn } from './plan/plan.js';
import type { ObjectType } from './registry/types.js';
import { type Considered, scopeTest } from './scope.js';
import { type ComparedState, namesOf } from './states.js';

/** The differences between two states, judged. */
export interface Comparison {
  readonly judgements: readonly Judgement[];
  readonly names: ReadonlyMap<string, string>;
}

/** Compares the two sides within a scope. */
export async function compareStates(
  considered: Considered,
  desired: ComparedState,
  live: ComparedState,
  scope: Scope,
): Promise<Comparison> {
  const inScope = scopeTest(considered, scope, desired, live);
  const keys = differingKeys(desired.ids, live.ids, inScope);
  const sides = { desired: await desired.load(keys), live: await live.load(keys) };
  await loadLinkTargets(considered, keys, desired, live, sides);
  const at = (state: ComparedState, objects: ReadonlyMap<ObjectKey, DirectoryObject>) => (key: ObjectKey) =>
    sideOf(state, objects, key);
  const wanted = at(desired, sides.desired);
  const found = at(live, sides.live);
  const presences = {
    desired: (key: ObjectKey) => wanted(key).presence,
    live: (key: ObjectKey) => sameOr(key, desired, live, wanted, found),
  };
  const comesBack = (key: ObjectKey) =>
    inScope(key) && presences.desired(key) === 'active' && presences.live(key) === 'deleted';
  const effective: Effective = {
    desired: (target, types) =>
      !isAny(keyOf(target, types, desired, live), (key) => presences.desired(key) !== 'active'),
    live: (target, types) =>
      !isAny(keyOf(target, types, desired, live), (key) => presences.live(key) !== 'active' && !comesBack(key)),
  };
  const changes: Change[] = [];
  for (const key of keys) {
    const type = considered.registry.byName.get(typeOf(key)) as ObjectType;
    const change = compareObject(type, key, wanted(key), found(key), effective);
    const unrecognised = live.unrecognised.get(key);
    if (change !== undefined) changes.push(unrecognised === undefined ? change : { ...change, unrecognised });
  }
  const judgeAll = (known: Known) =>
    changes.map((change) => {
      const type = considered.registry.byName.get(typeOf(change.object)) as ObjectType;
      return judge(type, change, {
        allowDelete: (name) => scope.allowDelete.includes('*') || scope.allowDelete.includes(name),
        standing: (target, types) => standingOf(keyOf(target, types, desired, live), presences.live, known.restored),
        labelOf: (id) => known.names.get(id) ?? id,
        linkedFrom: known.linkedFrom,
        holder: (property, value) => {
          const key = live.holder(type.name, property, value);
          return key === undefined || key === change.object ? undefined : idOf(key);
        },
      });
    });
  const first = judgeAll({ restored: comesBack, names: new Map(), linkedFrom: () => [] });
  const restored = new Set(
    first.filter((judgement) => judgement.action === 'restore').map((judgement) => judgement.change.object),
  );
  const names = await namesOf(considered.registry, idsToName(first), [live, desired]);
  const linked = await linksToRestored(considered.registry, restored, changes, { desired, live }, inScope);
  const judgements = judgeAll({
    restored: (key) => restored.has(key),
    names,
    linkedFrom: (key) => linked.get(key) ?? [],
  });
  return { judgements, names };
}

/** What a judgement rests on beside the two states: known only when everything was judged once. */
interface Known extends Pick<JudgeContext, 'linkedFrom'> {
  readonly restored: (key: ObjectKey) => boolean;
  readonly names: ReadonlyMap<string, string>;
}

type Objects = Map<ObjectKey, DirectoryObject>;

function sideOf(state: ComparedState, objects: ReadonlyMap<ObjectKey, DirectoryObject>, key: ObjectKey): SideOfObject {
  if (state.unknown.has(key)) return { presence: 'unknown', object: undefined };
  const object = withoutUncertain(state, key, objects.get(key));
  if (object !== undefined) return { presence: presenceOf(object), object };
  if (state.ids.has(key)) return { presence: 'active', object: undefined };
  return { presence: state.covers(typeOf(key)) ? 'absent' : 'unknown', object: undefined };
}

function withoutUncertain(
  state: ComparedState,
  key: ObjectKey,
  object: DirectoryObject | undefined,
): DirectoryObject | undefined {
  const uncertain = state.uncertainLinks.get(key);
  if (object === undefined || uncertain === undefined) return object;
  return {
    ...object,
    links: Object.fromEntries(Object.entries(object.links).filter(([name]) => !uncertain.includes(name))),
  };
}

/** The live presence of an object that may be the same on both sides and therefore was not loaded. */
function sameOr(
  key: ObjectKey,
  desired: ComparedState,
  live: ComparedState,
  wanted: (key: ObjectKey) => SideOfObject,
  found: (key: ObjectKey) => SideOfObject,
): Presence {
  if (live.unknown.has(key)) return 'unknown';
  const id = live.ids.get(key);
  return id !== undefined && id === desired.ids.get(key) ? wanted(key).presence : found(key).presence;
}

/** The object that a link's target id names, on whichever side knows it; undefined for objects of other types. */
function keyOf(
  target: string,
  types: readonly string[],
  desired: ComparedState,
  live: ComparedState,
): ObjectKey | undefined {
  return types.map((type): ObjectKey => `${type}/${target}`).find((key) => live.ids.has(key) || desired.ids.has(key));
}

function isAny(key: ObjectKey | undefined, test: (key: ObjectKey) => boolean): boolean {
  return key !== undefined && test(key);
}

function standingOf(
  key: ObjectKey | undefined,
  livePresence: (key: ObjectKey) => Presence,
  restored: (key: ObjectKey) => boolean,
): TargetStanding {
  if (key === undefined) return 'active';
  const presence = livePresence(key);
  return presence === 'deleted' && restored(key) ? 'restored' : presence;
}

/** Loads the targets of links that differ or may have to be written, so that it is known whether they are in a recycle bin. */
async function loadLinkTargets(
  considered: Considered,
  keys: readonly ObjectKey[],
  desired: ComparedState,
  live: ComparedState,
  sides: { readonly desired: Objects; readonly live: Objects },
): Promise<void> {
  const targets = new Set<ObjectKey>();
  for (const key of keys) {
    // Every desired link of an object that comes back is looked at, so every target must be known.
    const restored = presenceOf(sides.live.get(key)) === 'deleted';
    for (const link of considered.registry.byName.get(typeOf(key))?.links ?? []) {
      const [wanted, found] = [
        sides.desired.get(key)?.links[link.name] ?? [],
        sides.live.get(key)?.links[link.name] ?? [],
      ];
      const [have, want] = [new Set(restored ? [] : found), new Set(wanted)];
      for (const target of [...wanted.filter((id) => !have.has(id)), ...found.filter((id) => !want.has(id))]) {
        const named = keyOf(target, link.targets, desired, live);
        if (named !== undefined) targets.add(named);
      }
    }
  }
  const missing = (objects: Objects) => [...targets].filter((key) => !objects.has(key));
  for (const [key, object] of await desired.load(missing(sides.desired))) sides.desired.set(key, object);
  for (const [key, object] of await live.load(missing(sides.live))) sides.live.set(key, object);
}

function idsToName(judgements: readonly Judgement[]): Set<string> {
  const ids = new Set<string>();
  for (const { change, links, restoredLinks, blocked, set } of judgements) {
    ids.add(idOf(change.object));
    for (const link of [...links, ...change.links]) for (const target of [...link.add, ...link.remove]) ids.add(target);
    for (const link of restoredLinks ?? []) ids.add(link.target);
    for (const id of idsIn([set, blocked])) ids.add(id);
  }
  return ids;
}
