/**
 * A tenant that holds several objects of every type, some of them in every recycle bin, and the same tenant after
 * something of everything was changed, deleted, restored, made, linked and unlinked. Told from the types of the registry:
 * a type that made-up tenants have is taken in by itself.
 */

import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../src/model/json.js';
import type { ObjectType, Shape } from '../../src/registry/types.js';
import { missingFixtures } from '../../src/sandbox/fixtures.js';
import type { SeedObject, TenantSeed } from '../../src/sandbox/seed.js';
import { generateTenant } from '../../src/sandbox/tenant.js';
import type { Kind } from './kinds.js';

const AT = '2026-11-20T00:00:00Z';
/** More than one page of two, once objects were deleted, restored and made. */
const ACTIVE = 5;
const BINNED = 5;

interface Ids {
  next(): string;
}

function ids(letter: string): Ids {
  let last = 0;
  return { next: () => `${letter}0000000-0000-4000-8000-${String(++last).padStart(12, '0')}` };
}

/** The tenant before. */
export function tenantOfEverything(kinds: readonly Kind[]): TenantSeed {
  const made = generateTenant(5, AT);
  const seed = { ...made, objects: [...made.objects, ...missingFixtures(made)] };
  const fresh = ids('9');
  const more = kinds
    .filter(({ singleton, edge }) => !singleton && !edge)
    .flatMap((kind) => {
      const own = objectsOf(kind, seed);
      const binned = own.filter(({ deletedDateTime }) => deletedDateTime !== undefined);
      const [sample] = own.filter((item) => isOrdinary(kind.type, item));
      if (sample === undefined) throw new Error(`no ${kind.name} in the made-up tenant`);
      const copies = (have: number, want: number) =>
        Array.from({ length: Math.max(0, want - have) }, () => copyOf(kind.type, sample, fresh));
      return [
        ...copies(own.length - binned.length, ACTIVE),
        ...(kind.bin === undefined
          ? []
          : copies(binned.length, BINNED).map((item) => ({ ...item, deletedDateTime: AT }))),
      ];
    });
  const all = [...seed.objects, ...more];
  return { ...seed, objects: all.map((item) => withOwn(kinds, item, 'own')) };
}

/** The tenant after. */
export function afterDamage(kinds: readonly Kind[], seed: TenantSeed): TenantSeed {
  const fresh = ids('8');
  const replaced = new Map<SeedObject, SeedObject | undefined>();
  const made: SeedObject[] = [];
  for (const kind of kinds) {
    const own = objectsOf(kind, seed).filter((item) => isOrdinary(kind.type, item) || kind.edge || kind.singleton);
    const [first, second, third, fourth] = own.filter(({ deletedDateTime }) => deletedDateTime === undefined);
    const [restored, purged] = own.filter(({ deletedDateTime }) => deletedDateTime !== undefined);
    if (first !== undefined) replaced.set(first, otherwise(kind.type, first));
    if (kind.singleton) continue;
    if (second !== undefined) replaced.set(second, kind.bin && { ...second, deletedDateTime: AT });
    if (third !== undefined && kind.bin !== undefined) replaced.set(third, undefined);
    if (restored !== undefined) replaced.set(restored, activeAgain(restored));
    if (purged !== undefined) replaced.set(purged, undefined);
    if (fourth !== undefined)
      made.push(kind.edge ? rewired(kind.type, fourth, seed, fresh) : copyOf(kind.type, fourth, fresh));
  }
  const people = seed.objects.filter(({ collection }) => collection === 'users').map(({ object }) => String(object.id));
  const objects = [
    ...seed.objects.flatMap((item) => (replaced.has(item) ? (replaced.get(item) ?? []) : item)),
    ...made,
  ];
  return { ...seed, objects: objects.map((item) => relinked(withOwn(kinds, item, 'other'), people)) };
}

function objectsOf({ collection, name, singleton }: Kind, { objects, tenantId }: TenantSeed): readonly SeedObject[] {
  const own = objects.filter((item) => item.collection === collection);
  if (!singleton) return own;
  const only = own.filter(({ object }) => object.id === name);
  return only.length > 0 ? only : own.filter(({ object }) => object.id === tenantId);
}

/** Nobody can change what came with the tenant, and copies of a derived type would need what belongs to it. */
function isOrdinary({ fixture, kinds, links }: ObjectType, { object, ...item }: SeedObject): boolean {
  if (fixture !== undefined && (object[fixture.property] ?? !fixture.equals) === fixture.equals) return false;
  if (links.length > 0 && !isJsonArray(Object.values(item).find(Array.isArray) as Json)) return false;
  return !kinds.some(({ odataType }) => odataType === object['@odata.type']) && object.onPremisesSyncEnabled !== true;
}

/** Another object like this one: what identifies it is its own. */
function copyOf(type: ObjectType, { deletedDateTime: _, ...item }: SeedObject, fresh: Ids): SeedObject {
  const id = fresh.next();
  const unique = type.properties.filter((property) => property.unique).map(({ name }) => name);
  const own = Object.entries(item.object).flatMap(([name, value]): [string, unknown][] => {
    if (name === 'id' || type.aliases.includes(name)) return [[name, name === 'id' ? id : fresh.next()]];
    if (unique.includes(name)) return typeof value === 'string' ? [[name, `x${id.slice(-3)}${value}`]] : [];
    return name === 'proxyAddresses' || name === 'mail' || name === 'identities' ? [] : [[name, value]];
  });
  return { ...item, object: Object.fromEntries(own) };
}

/** An edge from another object of the same kind to where this one leads. */
function rewired(type: ObjectType, edge: SeedObject, seed: TenantSeed, fresh: Ids): SeedObject {
  const end = type.keys.find((name) => name !== type.edge?.owner && /^(?:principal|client)Id$/.test(name)) ?? '';
  const collection = end === 'clientId' ? 'servicePrincipals' : 'users';
  const taken = seed.objects.filter((item) => item.collection === edge.collection).map(({ object }) => object[end]);
  const other = seed.objects.find(
    (item) => item.collection === collection && item.deletedDateTime === undefined && !taken.includes(item.object.id),
  );
  return { ...edge, object: { ...edge.object, id: fresh.next(), [end]: other?.object.id } };
}

function activeAgain({ deletedDateTime: _, ...item }: SeedObject): SeedObject {
  return item;
}

/** The object with another value of the first property that can be written and has one. */
function otherwise(type: ObjectType, item: SeedObject): SeedObject {
  for (const { name, access, unique, shape, part } of type.properties) {
    if (access !== 'readWrite' || unique || part !== undefined) continue;
    const value = otherValue(shape, item.object[name] as Json | undefined);
    if (value !== undefined) return { ...item, object: { ...item.object, [name]: value } };
  }
  return item;
}

function otherValue(shape: Shape, value: Json | undefined): Json | undefined {
  if (value === undefined || value === null) return undefined;
  if (shape.kind === 'complex' && isJsonObject(value)) {
    for (const { name, shape: inner } of shape.variants.flatMap(({ members }) => members)) {
      const other = name === '@odata.type' ? undefined : otherValue(inner, value[name]);
      if (other !== undefined) return { ...value, [name]: other };
    }
  }
  if (shape.kind !== 'scalar') return undefined;
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + 1;
  if (typeof value !== 'string' || shape.format !== undefined || shape.reference !== undefined) return undefined;
  if (shape.values !== undefined) return shape.values.find((other) => other !== value);
  return shape.flags === undefined ? `${value}, changed` : `${value} Calendars.Read`;
}

/** Values that are read apart, or mixed with those of others, so that every object has one of its own. */
function withOwn(kinds: readonly Kind[], item: SeedObject, word: 'own' | 'other'): SeedObject {
  const kind = kinds.find(({ collection, singleton }) => collection === item.collection && !singleton);
  if (kind === undefined) return item;
  const own: Record<string, Json> = {};
  for (const { name, shape, union, part } of kind.type.properties) {
    const before = item.object[name];
    const values = shape.kind === 'scalar' ? (shape.values ?? []) : [];
    if (union !== undefined)
      own[name] = [...(Array.isArray(before) ? before : []).filter((each) => each !== 'own'), word];
    else if (part?.read === true && values.length > 0) own[name] = values[word === 'own' ? 0 : 1] as Json;
    else if (kind.type.expand.includes(name) && word === 'other') own[name] = [];
  }
  const mixed = kinds.flatMap(({ type }) => type.properties.flatMap(({ union }) => union ?? []));
  for (const { property } of mixed.filter(({ type }) => type === kind.name)) {
    const before = item.object[property];
    own[property] = [...(Array.isArray(before) ? before : []), `shared-${word}-${String(item.object.id).slice(-4)}`];
  }
  return { ...item, object: { ...item.object, ...(own as JsonObject) } };
}

/** Every list of links without its first target, and with one that it did not have. */
function relinked(item: SeedObject, people: readonly string[]): SeedObject {
  const lists = Object.entries(item).filter((entry): entry is [string, string[]] => Array.isArray(entry[1]));
  return {
    ...item,
    ...Object.fromEntries(
      lists.map(([name, targets]) => [
        name,
        [...targets.slice(1), ...people.filter((id) => !targets.includes(id)).slice(0, 1)],
      ]),
    ),
  };
}
