/** How objects are identified: in the state by a key of their own, in requests by the id that Graph gave them. */

import type { JsonObject } from '../model/json.js';
import { idOf, type ObjectKey, objectKey } from '../model/object.js';
import type { ObjectType } from './types.js';

/** Stands between the parts of an edge's key; ids of directory objects have none. */
const SEPARATOR = '_';

/**
 * The key of an object as Graph answered it, or as a state file holds it; undefined where it does not identify itself. A
 * singleton is named after its type, an edge by what it connects: its id in Graph changes when it is made again.
 */
export function keyOf(type: ObjectType, raw: JsonObject): ObjectKey | undefined {
  if (graphIdOf(type, raw) === undefined && type.edge === undefined) return undefined;
  if (type.singleton !== undefined) return singletonKey(type);
  if (type.edge === undefined) return objectKey(type.name, String(raw[type.keys[0]]));
  const parts = type.keys.map((name) => raw[name]);
  const named = type.keys.flatMap((name, index) => (isEnd(type, name) ? [parts[index]] : []));
  if (!named.every((part) => typeof part === 'string' && part !== '')) return undefined;
  return objectKey(
    type.name,
    parts.map((part) => (typeof part === 'string' ? edgePart(part) : NOWHERE)).join(SEPARATOR),
  );
}

/** Stands for a part that an edge does not have: a role that holds within an application names no place of the directory. */
const NOWHERE = 'none';

/** Whether a part of an edge's key names something that must be there. */
function isEnd(type: ObjectType, name: string): boolean {
  const shape = type.properties.find((property) => property.name === name)?.shape;
  return shape?.kind === 'scalar' && shape.reference !== undefined;
}

export function singletonKey(type: ObjectType): ObjectKey {
  return objectKey(type.name, type.name);
}

/** Paths such as `/administrativeUnits/<id>` are parts of keys, too; what cannot be part of a file name becomes a hyphen. */
function edgePart(value: string): string {
  return value
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '');
}

/** The id that requests for this object carry; undefined where Graph named none. */
export function graphIdOf(type: ObjectType, raw: JsonObject): string | undefined {
  const id = type.edge === undefined ? raw[type.keys[0]] : raw.id;
  return typeof id === 'string' && id !== '' ? id : undefined;
}

/** Whether an id can be part of a path: one of dots alone would lead to what is above it, half a character to nowhere. */
export function isSegment(id: string | undefined): id is string {
  return id !== undefined && /[^.]/.test(id) && !/\p{Cs}/u.test(id);
}

/** One end of an edge: an object that must be there for the edge to be. */
export interface Endpoint {
  readonly property: string;
  readonly id: string;
  readonly types: readonly string[];
}

/** The objects that an edge connects, as its key names them; none for other types. */
export function endpointsOf(type: ObjectType, key: ObjectKey): readonly Endpoint[] {
  if (type.edge === undefined) return [];
  const ids = idOf(key).split(SEPARATOR);
  return type.keys.flatMap((property, index) => {
    const shape = type.properties.find(({ name }) => name === property)?.shape;
    const reference = shape?.kind === 'scalar' ? shape.reference : undefined;
    const id = ids[index];
    if (reference === undefined || reference.within !== undefined || id === undefined || id === '') return [];
    return [{ property, id, types: reference.types }];
  });
}

/** Whether an object is one of these, or an edge that belongs to one. */
export function isOneOf(type: ObjectType, key: ObjectKey, objects: ReadonlySet<ObjectKey>): boolean {
  const owner = ownerOf(type, key);
  return objects.has(key) || (owner !== undefined && objects.has(owner));
}

/** Whether an edge connects one of these; other types connect nothing. */
export function endsAt(type: ObjectType, key: ObjectKey, objects: ReadonlySet<ObjectKey>): boolean {
  if (type.edge === undefined || objects.size === 0) return false;
  return endpointsOf(type, key).some(({ id, types }) => types.some((name) => objects.has(objectKey(name, id))));
}

/** The object that an edge belongs to; undefined for other types. */
export function ownerOf(type: ObjectType, key: ObjectKey): ObjectKey | undefined {
  if (type.edge === undefined) return undefined;
  const id = idOf(key).split(SEPARATOR)[type.keys.indexOf(type.edge.owner)];
  return id === undefined ? undefined : objectKey(type.edge.ownerType, id);
}
