/** The name of an object for people. */

import { isJsonArray, isJsonObject } from '../model/json.js';
import type { DirectoryObject } from '../model/object.js';
import { idOf } from '../model/object.js';
import type { ObjectType, Reference } from '../registry/types.js';

/**
 * The first non-empty label property, else the id; for an edge all of them, as ids. The text is the tenant's: escape it
 * where it is printed.
 */
export function labelOf(type: ObjectType | undefined, object: DirectoryObject): string {
  if (type?.edge !== undefined)
    return edgeLabel(
      type,
      object,
      () => undefined,
      () => undefined,
    );
  for (const name of type?.label ?? []) {
    const value = object.properties[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  return idOf(object.key);
}

/**
 * What an edge is, for people: `Mail Sync Pro: Directory.ReadWrite.All`. `nameOf` names an object by its id; `load` gives
 * the object whose items an identifier may name. What neither knows is shown as it is.
 */
export function edgeLabel(
  type: ObjectType,
  edge: DirectoryObject,
  nameOf: (id: string) => string | undefined,
  load: (types: readonly string[], id: string) => DirectoryObject | undefined,
): string {
  const words = type.label.map((name) => {
    const value = edge.properties[name];
    const shape = type.properties.find((property) => property.name === name)?.shape;
    const reference = shape?.kind === 'scalar' ? shape.reference : undefined;
    if (typeof value !== 'string' || reference === undefined) return String(value ?? '');
    if (reference.within !== undefined)
      return wordFor(reference, value) ?? itemName(reference, value, edge, load) ?? value;
    return nameOf(value) ?? value;
  });
  return words.filter((word) => word !== '').join(': ');
}

function wordFor({ words }: Reference, value: string): string | undefined {
  return Object.hasOwn(words, value) ? words[value] : undefined;
}

function itemName(
  { types, within }: Reference,
  id: string,
  edge: DirectoryObject,
  load: (types: readonly string[], id: string) => DirectoryObject | undefined,
): string | undefined {
  const holder = within === undefined ? undefined : edge.properties[within.object];
  const items = typeof holder === 'string' ? load(types, holder)?.properties[within?.property ?? ''] : undefined;
  const item = isJsonArray(items) ? items.find((each) => isJsonObject(each) && each.id === id) : undefined;
  const shown = isJsonObject(item) ? item[within?.shown ?? ''] : undefined;
  return typeof shown === 'string' && shown !== '' ? shown : undefined;
}
