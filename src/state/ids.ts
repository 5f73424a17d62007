/**
 * Which content each object has, for states of millions of objects. The key of an object is kept once for all states that
 * share a table of keys, and a content id as its twenty bytes.
 */

import type { ContentId, ObjectKey } from '../model/object.js';
import type { StateIds } from './types.js';

/** Keys of objects, numbered in the order in which they came. */
export interface KeyTable {
  readonly numbers: Map<ObjectKey, number>;
  readonly keys: ObjectKey[];
}

export interface GrowingIds extends StateIds {
  set(key: ObjectKey, id: ContentId): void;
  delete(key: ObjectKey): void;
}

const ID_BYTES = 20;
const FIRST_ROOM = 1024;

export function createKeyTable(): KeyTable {
  return { numbers: new Map(), keys: [] };
}

/** A state without objects, whose keys are in this table. */
export function createIds(table: KeyTable = createKeyTable()): GrowingIds {
  let ids = Buffer.alloc(FIRST_ROOM * ID_BYTES);
  let there = Buffer.alloc(FIRST_ROOM);
  let size = 0;

  function makeRoom(number: number): void {
    if (number < there.length) return;
    const room = Math.max(table.keys.length, Math.ceil(there.length * 1.5));
    ids = Buffer.concat([ids], room * ID_BYTES);
    there = Buffer.concat([there], room);
  }
  const idAt = (number: number): ContentId => ids.toString('hex', number * ID_BYTES, (number + 1) * ID_BYTES);
  const placeOf = (key: ObjectKey): number | undefined => {
    const number = table.numbers.get(key);
    return number !== undefined && there[number] === 1 ? number : undefined;
  };
  function* places(): Generator<number> {
    for (let number = 0; number < there.length; number += 1) if (there[number] === 1) yield number;
  }
  return {
    get size() {
      return size;
    },
    has: (key) => placeOf(key) !== undefined,
    get(key) {
      const number = placeOf(key);
      return number === undefined ? undefined : idAt(number);
    },
    set(key, id) {
      const number = numberOf(table, key);
      makeRoom(number);
      if (there[number] === 0) size += 1;
      there[number] = 1;
      ids.write(id, number * ID_BYTES, 'hex');
    },
    delete(key) {
      const number = placeOf(key);
      if (number === undefined) return;
      there[number] = 0;
      size -= 1;
    },
    *keys() {
      for (const number of places()) yield table.keys[number] as ObjectKey;
    },
    *[Symbol.iterator]() {
      for (const number of places()) yield [table.keys[number] as ObjectKey, idAt(number)] as const;
    },
  };
}

function numberOf(table: KeyTable, key: ObjectKey): number {
  const known = table.numbers.get(key);
  if (known !== undefined) return known;
  const own = ownText(key);
  const number = table.keys.push(own) - 1;
  table.numbers.set(own, number);
  return number;
}

/** The same text with memory of its own: one that was cut out of another, or put together, would keep its parts. */
export function ownText<T extends string>(text: T): T {
  return Buffer.from(text, 'utf8').toString('utf8') as T;
}
