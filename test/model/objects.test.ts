import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/model/json.js';
import type { DirectoryObject, ObjectKey } from '../../src/model/object.js';
import { createShelf, eitherOf } from '../../src/model/objects.js';
import { hostileString } from '../support/hostile.js';

const key = fc.integer({ min: 0, max: 9 }).map((n): ObjectKey => `user/${n}`);
const object = fc
  .tuple(key, fc.dictionary(hostileString, fc.jsonValue()), fc.array(hostileString))
  .map(([name, properties, members]): DirectoryObject => {
    return {
      key: name,
      properties: JSON.parse(JSON.stringify(properties)) as Record<string, Json>,
      links: { members },
    };
  });
const objects = fc.array(object, { maxLength: 12 });

function shelved(list: readonly DirectoryObject[]) {
  const [shelf, map] = [createShelf(), new Map<ObjectKey, DirectoryObject>()];
  for (const each of list) {
    shelf.set(each.key, each);
    shelf.get(each.key);
    map.set(each.key, each);
  }
  return { shelf, map };
}

describe('a shelf of objects', () => {
  it('gives back what was put there last', () => {
    fc.assert(
      fc.property(objects, fc.array(key), (list, asked) => {
        const { shelf, map } = shelved(list);
        for (const name of asked) expect([shelf.has(name), shelf.get(name)]).toEqual([map.has(name), map.get(name)]);
        expect(shelf.size).toBe(map.size);
        expect([...shelf]).toEqual([...map]);
        expect([[...shelf.keys()], [...shelf.values()]]).toEqual([[...map.keys()], [...map.values()]]);
      }),
    );
  });

  it('is seen through another, and only what was asked for', () => {
    fc.assert(
      fc.property(objects, objects, fc.uniqueArray(key), (over, under, asked) => {
        const [first, second] = [shelved(over), shelved(under)];
        const both = eitherOf(new Set(asked), first.shelf, second.shelf);
        const expected = new Map([...second.map, ...first.map].filter(([name]) => asked.includes(name)));
        expect(new Map(both)).toEqual(expected);
        expect(both.size).toBe(expected.size);
        for (let n = 0; n < 10; n += 1) {
          expect([both.has(`user/${n}`), both.get(`user/${n}`)]).toEqual([
            expected.has(`user/${n}`),
            expected.get(`user/${n}`),
          ]);
        }
      }),
    );
  });
});
