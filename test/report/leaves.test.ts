import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Json, jsonEqual } from '../../src/model/json.js';
import { leafDifferences } from '../../src/report/index.js';

describe('leafDifferences', () => {
  const rows: readonly (readonly [string, Json | undefined, Json | undefined, unknown])[] = [
    ['equal values', { a: [1] }, { a: [1] }, []],
    ['scalars', false, true, [{ path: 'p', live: false, desired: true }]],
    ['null', null, 'x', [{ path: 'p', live: null, desired: 'x' }]],
    [
      'members, as deep as they differ',
      { users: { all: true, kind: 'a' }, same: 1 },
      { users: { all: false, kind: 'a' }, same: 1 },
      [{ path: 'p.users.all', live: true, desired: false }],
    ],
    ['a member that only live has', { a: 1, b: 2 }, { a: 1 }, [{ path: 'p.b', live: 2 }]],
    ['a member that only desired has', {}, { a: 1 }, [{ path: 'p.a', desired: 1 }]],
    [
      'null and missing, which are the same inside',
      { a: null, b: 1 },
      { b: 2 },
      [{ path: 'p.b', live: 1, desired: 2 }],
    ],
    ['nothing but null and missing', { a: null }, {}, [{ path: 'p', live: { a: null }, desired: {} }]],
    ['a complex value and nothing', null, { a: { b: 1 } }, [{ path: 'p.a.b', desired: 1 }]],
    ['a complex value that goes', { a: [1] }, null, [{ path: 'p.a', add: [], remove: [1] }]],
    ['items', ['a', 'b'], ['b', 'c'], [{ path: 'p', add: ['c'], remove: ['a'] }]],
    ['items and nothing', null, ['c'], [{ path: 'p', add: ['c'], remove: [] }]],
    ['repeated items', ['a', 'a'], ['a'], [{ path: 'p', add: [], remove: ['a'] }]],
    [
      'complex items, whole',
      [{ id: 1, n: 'x' }],
      [{ n: 'y', id: 1 }],
      [{ path: 'p', add: [{ n: 'y', id: 1 }], remove: [{ id: 1, n: 'x' }] }],
    ],
    ['complex items in another spelling', [{ a: 1, b: 2 }, 1], [{ b: 2, a: 1 }], [{ path: 'p', add: [], remove: [1] }]],
    ['the same items in another order', ['a', 'b'], ['b', 'a'], [{ path: 'p', live: ['a', 'b'], desired: ['b', 'a'] }]],
    ['values of different kinds', ['a'], 'a', [{ path: 'p', live: ['a'], desired: 'a' }]],
    [
      'no live side',
      undefined,
      { a: ['x'], b: null },
      [
        { path: 'p.a', desired: ['x'] },
        { path: 'p.b', desired: null },
      ],
    ],
    ['no desired side', 'x', undefined, [{ path: 'p', live: 'x' }]],
  ];

  it.each(rows)('%s', (_, live, desired, expected) => {
    expect(leafDifferences('p', live, desired)).toEqual(expected);
  });

  it('takes no member from the prototype', () => {
    const hostile = JSON.parse('{"__proto__": {"a": 1}, "constructor": "x"}') as Json;
    expect(leafDifferences('p', {}, hostile)).toEqual([
      { path: 'p.__proto__.a', desired: 1 },
      { path: 'p.constructor', desired: 'x' },
    ]);
  });

  it('is empty exactly for equal values', () => {
    const value = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;
    fc.assert(
      fc.property(value, value, (a, b) => {
        expect(leafDifferences('p', a, b).length === 0).toBe(jsonEqual(a, b));
        expect(leafDifferences('p', a, structuredClone(a))).toEqual([]);
      }),
    );
  });
});
