import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ObjectKey } from '../../src/model/object.js';
import { createIds, createKeyTable } from '../../src/state/ids.js';

const key = fc.oneof(
  fc.integer({ min: 0, max: 40 }).map((n): ObjectKey => `user/${n}`),
  fc.string({ unit: 'binary' }).map((id): ObjectKey => `group/${Buffer.from(id, 'utf8').toString('utf8')}`),
);
const id = fc.oneof(
  fc.constant('0'.repeat(40)),
  fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('hex')),
);
const settings = fc.array(fc.tuple(fc.constantFrom(0, 1), key, id), { maxLength: 300 });

describe('states that share their keys', () => {
  it('are what Maps are, each for itself, whatever was put into which', () => {
    fc.assert(
      fc.property(settings, fc.array(key), (steps, others) => {
        const table = createKeyTable();
        const states = [createIds(table), createIds(table)] as const;
        const maps = [new Map<ObjectKey, string>(), new Map<ObjectKey, string>()] as const;
        for (const [which, object, content] of steps) {
          states[which as 0 | 1].set(object, content);
          maps[which as 0 | 1].set(object, content);
        }
        for (const which of [0, 1] as const) {
          const [state, map] = [states[which], maps[which]];
          expect(state.size).toBe(map.size);
          expect(new Map(state)).toEqual(map);
          expect(new Set(state.keys())).toEqual(new Set(map.keys()));
          for (const object of [...others, ...maps[0].keys(), ...maps[1].keys()]) {
            expect([state.has(object), state.get(object)]).toEqual([map.has(object), map.get(object)]);
          }
        }
      }),
    );
  });

  it('have room for more objects than the first ones made', () => {
    const table = createKeyTable();
    const [first, second] = [createIds(table), createIds(table)];
    const contentOf = (n: number) => n.toString(16).padStart(40, '0');
    for (let n = 0; n < 5000; n += 1) first.set(`user/${n}`, contentOf(n));
    second.set('user/4999', contentOf(1));
    second.set('user/0', contentOf(2));
    expect([first.get('user/4999'), first.get('user/0')]).toEqual([contentOf(4999), contentOf(0)]);
    expect([...second]).toEqual([
      ['user/0', contentOf(2)],
      ['user/4999', contentOf(1)],
    ]);
  });
});
