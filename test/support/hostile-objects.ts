/** Objects of any type whose every text is of somebody's choice: made from the compiled types, so that no text is left out. */

import type { Json, JsonObject } from '../../src/model/json.js';
import { DELETED } from '../../src/model/object.js';
import type { ObjectType, Property, Registry, ScalarShape, Shape, TypeVariant } from '../../src/registry/types.js';

const ODATA_TYPE = '@odata.type';

/** Gives the next text. */
export type Words = () => string;

/** The texts in turn, from one of them on. */
export function inTurn(texts: readonly string[], from = 0): Words {
  let next = from;
  return () => texts[next++ % texts.length] as string;
}

/** The id of the n-th object of a type. */
export function idAt(registry: Registry, type: ObjectType, n: number): string {
  const place = (0xa0 + registry.types.findIndex(({ name }) => name === type.name)).toString(16);
  return `${place}000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
}

/** A value of this shape in which every text is the next word; collections hold two items of each kind. */
export function hostileValue(shape: Shape, words: Words, n: number): Json {
  switch (shape.kind) {
    case 'scalar':
      return scalarOf(shape, words, n);
    case 'collection': {
      const variants = shape.items.kind === 'complex' ? shape.items.variants.length : 1;
      return Array.from({ length: Math.max(2, variants) }, (_, at) => hostileValue(shape.items, words, n + at));
    }
    case 'complex': {
      const variant = shape.variants[n % shape.variants.length];
      return Object.fromEntries(
        (variant?.members ?? []).map((member) => [
          member.name,
          member.name === ODATA_TYPE ? (variant?.odataType ?? null) : hostileValue(member.shape, words, n),
        ]),
      );
    }
  }
}

function scalarOf(shape: ScalarShape, words: Words, n: number): Json {
  if (shape.scalar === 'boolean') return false;
  return shape.scalar === 'string' ? words() : n;
}

/** The n-th object of a variant of a type. `n` counts over all variants: no two objects have the same. */
export function objectAt(
  registry: Registry,
  type: ObjectType,
  variant: TypeVariant,
  n: number,
  words: Words,
): JsonObject {
  const values = variant.properties.map((property): [string, Json] => {
    if (property.name === ODATA_TYPE) return [ODATA_TYPE, variant.odataType ?? null];
    if (property.name === DELETED) return [DELETED, null];
    if (type.keys.includes(property.name)) return [property.name, identityAt(registry, type, property, n, words)];
    const value = hostileValue(property.shape, words, n);
    const own = property.unique || property.access === 'identity';
    return [property.name, own ? distinct(value, `${type.name}${n}`) : value];
  });
  return {
    ...(type.edge === undefined ? {} : { id: `edge-${idAt(registry, type, n)}` }),
    ...Object.fromEntries(values),
  };
}

/** What no two objects have alike: what tells them apart stands inside, so that both ends stay as they are. */
function distinct(value: Json, by: string): Json {
  if (Array.isArray(value)) return value.map((item) => distinct(item as Json, by));
  if (typeof value !== 'string') return value;
  const middle = Math.floor(value.length / 2);
  return `${value.slice(0, middle)}${by}${value.slice(middle)}`;
}

/** Ids are checked, and so they are made as Graph makes them; the place of an edge may be any text. */
function identityAt(registry: Registry, type: ObjectType, { name, shape }: Property, n: number, words: Words): Json {
  const reference = shape.kind === 'scalar' ? shape.reference : undefined;
  if (reference !== undefined && reference.within === undefined && type.edge !== undefined) {
    const target = registry.byName.get(reference.types[n % reference.types.length] as string) as ObjectType;
    return idAt(registry, target, n);
  }
  if (shape.kind === 'scalar' && shape.format === 'uuid') return idAt(registry, type, n);
  return type.edge === undefined ? `c${n}` : words().slice(0, 40) || name;
}

/** Whether a recovery may write the property to an object that is there. */
export function isWritable(property: Property): boolean {
  return property.access === 'readWrite';
}

/** The object with the values of another one where a recovery could bring them back. */
export function damaged(type: ObjectType, object: JsonObject, other: JsonObject): JsonObject {
  const names = type.properties.filter(isWritable).map(({ name }) => name);
  const changes = names.filter((name) => Object.hasOwn(object, name) && Object.hasOwn(other, name));
  return { ...object, ...Object.fromEntries(changes.map((name) => [name, other[name] as Json])) };
}

/** Every text in a value, with its path; items of collections have none of their own. */
export function textsIn(value: Json | undefined, path: string): [path: string, text: string][] {
  if (typeof value === 'string') return [[path, value]];
  if (Array.isArray(value)) return value.flatMap((item) => textsIn(item as Json, `${path}[]`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => textsIn(item, `${path}.${name}`));
}
