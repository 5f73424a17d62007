/** Objects by the names people know them by. */

import { nearest } from './model/nearest.js';
import type { DirectoryObject, ObjectKey } from './model/object.js';
import type { ObjectType } from './registry/types.js';

/** Names that mean the same to a person who types one of them. */
export function foldName(name: string): string {
  return name.normalize('NFC').trim().toLowerCase();
}

/**
 * A word as any shell takes it: in quotes where it holds a blank or the like. Undefined where a shell would do something
 * with it in quotes, too: a name of the tenant may be made for that.
 */
export function asArgument(word: string): string | undefined {
  if (/^[\w@+=:,./-]+$/.test(word)) return word;
  return /["$`!%\\\p{Cc}]/u.test(word) ? undefined : `"${word}"`;
}

/** Everything an object is known by: its labels, and values that no other active object has. */
export function namesOfObject(type: ObjectType, object: DirectoryObject): string[] {
  return [...textsOf(object, type.label), ...uniqueValues(type, object)];
}

/** Values that no other active object has. */
export function uniqueValues(type: ObjectType, object: DirectoryObject): string[] {
  const unique = type.properties.filter((property) => property.unique);
  return textsOf(
    object,
    unique.map(({ name }) => name),
  );
}

function textsOf(object: DirectoryObject, properties: readonly string[]): string[] {
  return properties.flatMap((name) => {
    const value = object.properties[name];
    return (Array.isArray(value) ? value : [value]).filter((item) => typeof item === 'string' && item !== '');
  });
}

/** Collects which objects have the wanted names, and which names there are, for suggestions. */
export interface NameSearch {
  see(key: ObjectKey, names: Iterable<string>): void;
  found(name: string): readonly ObjectKey[];
  /** Names that the wanted one may have been meant to be, best first. */
  near(name: string): string[];
}

export function searchNames(wanted: Iterable<string>): NameSearch {
  const found = new Map<string, Set<ObjectKey>>([...wanted].map((name) => [foldName(name), new Set()]));
  // The first object of each name: there may be very many.
  const seen = new Map<string, ObjectKey>();
  return {
    see(key, names) {
      for (const name of names) {
        if (!seen.has(name)) seen.set(name, key);
        found.get(foldName(name))?.add(key);
      }
    },
    found: (name) => [...(found.get(foldName(name)) ?? [])],
    near: (name) => nearNames(name, seen.keys(), (other) => seen.get(other)),
  };
}

export const SUGGESTIONS = 3;

/**
 * Misspellings of the name first, then longer names with it: `alice` for `alice@contoso.com`. Of names of the same thing
 * only the best is given.
 */
export function nearNames(
  name: string,
  names: Iterable<string>,
  thing: (name: string) => unknown = (other) => other,
): string[] {
  const all = [...names];
  const folded = foldName(name);
  const longer = folded.length < 3 ? [] : all.filter((other) => foldName(other).includes(folded));
  longer.sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  const best = new Map<unknown, string>();
  for (const other of [...nearest(name, all), ...longer]) if (!best.has(thing(other))) best.set(thing(other), other);
  return [...best.values()].slice(0, SUGGESTIONS);
}
