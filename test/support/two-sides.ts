/** Two made-up sides of the same objects and edges, with gaps in what is known of either. */

import fc from 'fast-check';
import { type Comparison, compareStates } from '../../src/comparison.js';
import type { Json, JsonObject } from '../../src/model/json.js';
import { type DirectoryObject, type ObjectKey, type Presence, typeOf } from '../../src/model/object.js';
import type { Scope } from '../../src/model/plan.js';
import { endpointsOf, keyOf, ownerOf } from '../../src/registry/identity.js';
import { loadRegistry } from '../../src/registry/load.js';
import type { ObjectType } from '../../src/registry/types.js';
import { canonicalise } from '../../src/state/canonical.js';
import { type MadeUp, stateOf, typeNamed } from './memory-state.js';
import { objectOf, type RawObject } from './raw-objects.js';

export const registry = loadRegistry();

export interface Pair {
  readonly key: ObjectKey;
  readonly desired: DirectoryObject | undefined;
  readonly live: DirectoryObject | undefined;
  /** What the live side knows of it. */
  readonly unknown: boolean;
  readonly uncertain: boolean;
}

export interface Sides {
  readonly pairs: readonly Pair[];
  readonly desired: MadeUp;
  readonly live: MadeUp;
  readonly scope: Scope;
}

const ids = Array.from({ length: 6 }, (_, index) => `e0000000-0000-4000-8000-00000000000${index}`);
const objects = registry.types.filter(({ edge }) => edge === undefined);
const edges = registry.types.filter(({ edge }) => edge !== undefined);

/** Types that edges connect: they are tried more often, so that edges find their ends. */
const connected = objects.filter(({ name }) =>
  edges.some(({ properties }) =>
    properties.some(({ shape }) => shape.kind === 'scalar' && shape.reference?.types.includes(name)),
  ),
);
const anyType = fc.oneof(fc.constantFrom(...objects), fc.constantFrom(...connected));

type Standing = Exclude<Presence, 'unknown'>;

/** Where objects of a type can be: not every type has a recycle bin, and what there is once is always there. */
function standingOf({ bin, singleton }: ObjectType): fc.Arbitrary<Standing> {
  if (singleton !== undefined) return fc.constant('active');
  return fc.constantFrom<Standing[]>('active', 'active', 'absent', bin === undefined ? 'active' : 'deleted');
}

function sideOf(
  type: ObjectType,
  raw: RawObject,
  values: JsonObject,
  at: Standing,
  members: readonly string[],
): DirectoryObject | undefined {
  if (at === 'absent') return undefined;
  const links = Object.fromEntries(type.links.map((link) => [link.name, members]));
  const deleted = at === 'deleted' ? '2026-11-01T00:00:00Z' : null;
  return canonicalise(type, { ...raw.values, ...values }, { deleted, links })?.object;
}

/** Two sides of one object: what differs is taken from another object of the same kind. */
function pairOf(type: ObjectType, identity: fc.Arbitrary<JsonObject>): fc.Arbitrary<Pair> {
  const values = fc.tuple(objectOf(type), objectOf(type)).chain(([raw, donor]) => {
    const names = raw.variant.properties
      .filter(({ access }) => access !== 'identity' && access !== 'context')
      .map(({ name }) => name);
    const differing =
      raw.variant === donor.variant ? fc.subarray(names, { maxLength: Math.min(3, names.length) }) : fc.constant([]);
    return fc.tuple(fc.constant(raw), fc.constant(donor), differing, identity);
  });
  const members = fc.subarray(ids);
  const standing = standingOf(type);
  return fc
    .record({ values, sides: fc.tuple(standing, standing), members: fc.tuple(members, members), doubt: fc.nat(7) })
    .map(({ values: [raw, donor, differing, own], sides: [wanted, found], members: [before, now], doubt }) => {
      const changed = Object.fromEntries(differing.map((name) => [name, donor.values[name] as Json]));
      // Nobody plans anything for a synchronised object; that is tried elsewhere.
      const common = type.properties.some(({ name }) => name === 'onPremisesSyncEnabled')
        ? { ...own, onPremisesSyncEnabled: null }
        : own;
      return {
        key: keyOf(type, { ...raw.values, ...own }) as ObjectKey,
        desired: sideOf(type, raw, common, wanted, before),
        live: sideOf(type, raw, { ...changed, ...common }, found, now),
        unknown: doubt === 0,
        uncertain: doubt === 1,
      };
    });
}

/** An edge between objects that are there, where there are any of the right type. */
function edgeOf(type: ObjectType, others: readonly Pair[]): fc.Arbitrary<Pair> {
  const ends = type.keys.map((name): [string, fc.Arbitrary<Json>] => {
    const shape = type.properties.find((property) => property.name === name)?.shape;
    const reference = shape?.kind === 'scalar' ? shape.reference : undefined;
    if (reference === undefined) return [name, fc.constant('/')];
    const fitting = others.filter(({ key }) => reference.types.includes(typeOf(key)) && reference.within === undefined);
    const known = fitting.map(({ key }) => key.slice(key.indexOf('/') + 1));
    return [name, fc.constantFrom(...(known.length === 0 ? ids : known))];
  });
  return pairOf(type, fc.record(Object.fromEntries(ends)) as fc.Arbitrary<JsonObject>);
}

function onlyOnce(pairs: readonly Pair[]): Pair[] {
  return [...new Map(pairs.map((pair) => [pair.key, pair])).values()];
}

const pairs: fc.Arbitrary<readonly Pair[]> = fc
  .tuple(
    fc.tuple(...ids.map((id) => anyType.chain((type) => pairOf(type, fc.constant({ id } as JsonObject))))),
    fc.nat(6),
  )
  .chain(([all, count]) => {
    const some = onlyOnce(all.slice(0, count));
    const edge = fc.constantFrom(...edges).chain((type) => edgeOf(type, some));
    return fc.array(edge, { maxLength: 4 }).map((more) => onlyOnce([...some, ...more]));
  });

const gap = (what: string) => ({ what, status: 'partial' as const, reason: '403 Forbidden' });
const gaps = fc
  .subarray(
    registry.types.flatMap(({ name, bin }) => [gap(name), ...(bin === undefined ? [] : [gap(`${name}.deletedItems`)])]),
    { maxLength: 2 },
  )
  .chain((some) => fc.constantFrom([], [], some));
const names = registry.types.map(({ name }) => name);
const lists = fc.oneof(fc.constant<string[]>([]), fc.subarray(names));

/** Links of an object, and one property that can be written: what could not be read. */
function partsOf(key: ObjectKey): readonly string[] {
  const { links, properties } = typeNamed(registry, typeOf(key));
  const writable = properties.filter(({ access }) => access === 'readWrite').slice(0, 1);
  return [...links, ...writable].map(({ name }) => name);
}

export const sides: fc.Arbitrary<Sides> = pairs.chain((some) => {
  const keys = some.map(({ key }) => key);
  return fc.record({
    pairs: fc.constant(some),
    desired: gaps.map((found): MadeUp => ({ kind: 'backup', gaps: found })),
    live: gaps.map(
      (found): MadeUp => ({
        gaps: found,
        unknown: new Set(some.filter((pair) => pair.unknown && pair.live !== undefined).map(({ key }) => key)),
        uncertain: new Map(some.filter((pair) => pair.uncertain).map(({ key }) => [key, partsOf(key)])),
      }),
    ),
    scope: fc.record({
      types: lists,
      targets: fc.subarray(some.filter(({ desired, live }) => desired ?? live).map(({ key }) => key)),
      exclude: fc.subarray(keys, { maxLength: Math.min(2, keys.length) }),
      allowDelete: fc.constantFrom<readonly string[]>([], ['*'], ['user', 'group']),
    }),
  });
});

function present(side: readonly (DirectoryObject | undefined)[]): DirectoryObject[] {
  return side.filter((object): object is DirectoryObject => object !== undefined);
}

const considered = { registry, types: registry.types, excluded: new Set<ObjectKey>() };

export function compare({ pairs: some, desired, live, scope }: Sides): Promise<Comparison> {
  const wanted = stateOf(registry, present(some.map((pair) => pair.desired)), desired);
  const found = stateOf(registry, present(some.map((pair) => pair.live)), live);
  return compareStates(considered, wanted, found, scope);
}

/** The owner of an edge; undefined for objects. */
export function ownerOfEdge(key: ObjectKey): ObjectKey | undefined {
  return ownerOf(typeNamed(registry, typeOf(key)), key);
}

/** Whether a scope is about an object, or about the edge or its owner. */
export function isIn(scope: Scope, key: ObjectKey): boolean {
  const owner = ownerOfEdge(key);
  const about = owner === undefined ? [key] : [key, owner];
  if (about.some((each) => scope.exclude.includes(each))) return false;
  // An edge is left alone with whatever it connects.
  const ends = owner === undefined ? [] : endpointsOf(typeNamed(registry, typeOf(key)), key);
  if (ends.some(({ id, types }) => types.some((name) => scope.exclude.includes(`${name}/${id}`)))) return false;
  if (scope.types.length === 0 && scope.targets.length === 0) return true;
  return about.some((each) => scope.types.includes(typeOf(each)) || scope.targets.includes(each));
}
