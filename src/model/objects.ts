/** Many objects at once: each is kept as text, which takes a fraction of the room, and parsed when it is looked at. */

import type { DirectoryObject, ObjectKey } from './object.js';

/** Objects by their keys, to be read; a Map is one. What `get` gives may be a new object each time. */
export interface Objects extends Iterable<readonly [ObjectKey, DirectoryObject]> {
  readonly size: number;
  get(key: ObjectKey): DirectoryObject | undefined;
  has(key: ObjectKey): boolean;
  keys(): Iterable<ObjectKey>;
  values(): Iterable<DirectoryObject>;
}

export interface ObjectShelf extends Objects {
  set(key: ObjectKey, object: DirectoryObject): void;
}

/** A shelf to put objects on. The one that was looked at last stays at hand. */
export function createShelf(): ObjectShelf {
  const texts = new Map<ObjectKey, string>();
  let last: { readonly key: ObjectKey; readonly object: DirectoryObject } | undefined;
  const get = (key: ObjectKey): DirectoryObject | undefined => {
    if (last?.key === key) return last.object;
    const text = texts.get(key);
    if (text === undefined) return undefined;
    const object = JSON.parse(text) as DirectoryObject;
    last = { key, object };
    return object;
  };
  return {
    set(key, object) {
      texts.set(key, JSON.stringify(object));
      last = undefined;
    },
    ...objectsOf(
      () => texts.keys(),
      get,
      (key) => texts.has(key),
    ),
    get size() {
      return texts.size;
    },
  };
}

/** These objects, from whichever has them, the first before the second. */
export function eitherOf(keys: ReadonlySet<ObjectKey>, first: Objects, second: Objects): Objects {
  const has = (key: ObjectKey) => keys.has(key) && (first.has(key) || second.has(key));
  const get = (key: ObjectKey) => (keys.has(key) ? (first.get(key) ?? second.get(key)) : undefined);
  const present = function* () {
    for (const key of keys) if (has(key)) yield key;
  };
  return {
    ...objectsOf(present, get, has),
    get size() {
      return [...present()].length;
    },
  };
}

function objectsOf(
  keys: () => Iterable<ObjectKey>,
  get: (key: ObjectKey) => DirectoryObject | undefined,
  has: (key: ObjectKey) => boolean,
): Omit<Objects, 'size'> {
  return {
    get,
    has,
    keys,
    *values() {
      for (const key of keys()) yield get(key) as DirectoryObject;
    },
    *[Symbol.iterator]() {
      for (const key of keys()) yield [key, get(key) as DirectoryObject] as const;
    },
  };
}
