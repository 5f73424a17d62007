import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { patchBody, type ValueToWrite } from '../../src/apply/body.js';
import { isJsonObject, type Json, type JsonObject } from '../../src/model/json.js';

const KIND = '@odata.type';

/** The rule, the desired value, the live one, and what is written. */
const TABLE: readonly (readonly [string, Json, Json | undefined, Json])[] = [
  ['a plain value is written as it is', 'x', 'y', 'x'],
  ['null empties', null, 'y', null],
  ['a list is replaced whole, never merged', ['a'], ['a', 'b'], ['a']],
  ['objects in a list are not merged either', [{ a: 1 }], [{ a: 1, b: 2 }], [{ a: 1 }]],
  ['a complex value is written whole, with what is equal too', { a: 1, b: 2 }, { a: 1, b: 3 }, { a: 1, b: 2 }],
  ['a member that is live and not desired is emptied', { a: 1 }, { a: 1, b: 2 }, { a: 1, b: null }],
  ['so is one deep inside', { a: { b: 1 } }, { a: { b: 1, c: { d: 2 } } }, { a: { b: 1, c: null } }],
  ['a member that only the desired value has is written', { a: { b: 1 } }, { c: 1 }, { a: { b: 1 }, c: null }],
  ['an empty complex value empties every member', {}, { a: 1 }, { a: null }],
  ['a complex value in place of nothing is written as it is', { a: { b: 1 } }, null, { a: { b: 1 } }],
  ['a complex value that was not read is written as it is', { a: 1 }, undefined, { a: 1 }],
  ['nothing in place of a complex value is null', null, { a: 1 }, null],
  [
    'a value of another kind replaces the one before: its members are not of this kind',
    { [KIND]: '#all', kind: 'all' },
    { [KIND]: '#some', kind: 'some', members: ['x'] },
    { [KIND]: '#all', kind: 'all' },
  ],
  [
    'a value of the same kind keeps its kind and empties the rest',
    { [KIND]: '#some' },
    { [KIND]: '#some', members: ['x'] },
    { [KIND]: '#some', members: null },
  ],
];

const json = fc.letrec<{ any: Json; members: JsonObject }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<Json>(null, 0, 'x', true, []),
    fc.array(tie('any'), { maxLength: 2 }),
    tie('members'),
  ),
  members: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), tie('any'), { maxKeys: 3 }) as fc.Arbitrary<JsonObject>,
}));

/** What a service does that merges complex values member by member, and empties what is null. */
function merged(live: Json | undefined, body: Json): Json {
  if (!isJsonObject(body) || !isJsonObject(live)) return withoutNulls(body);
  const whole: Record<string, Json> = { ...live };
  for (const [name, value] of Object.entries(body)) whole[name] = merged(live[name], value);
  return withoutNulls(whole);
}

function withoutNulls(value: Json): Json {
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== null)
      .map(([name, item]) => [name, withoutNulls(item)]),
  );
}

describe('the body of a PATCH', () => {
  it.each(TABLE)('%s', (_, desired, live, written) => {
    expect(patchBody([{ path: 'p', desired, live }], undefined)).toEqual({ p: written });
  });

  it('holds the properties that were asked for and no other, and the kind of a polymorphic object', () => {
    const values: ValueToWrite[] = [
      { path: 'a', desired: 1, live: 2 },
      { path: 'b', desired: null, live: 2 },
    ];
    expect(patchBody(values, undefined)).toEqual({ a: 1, b: null });
    expect(patchBody(values, '#microsoft.graph.ipNamedLocation')).toEqual({
      [KIND]: '#microsoft.graph.ipNamedLocation',
      a: 1,
      b: null,
    });
    expect(patchBody([], undefined)).toEqual({});
  });

  it('brings the value about, whether Graph merges complex values or replaces them', () => {
    fc.assert(
      fc.property(json.any, json.any, (desired, live) => {
        const { p } = patchBody([{ path: 'p', desired, live }], undefined);
        expect(merged(live, p as Json)).toEqual(withoutNulls(desired));
        expect(withoutNulls(p as Json)).toEqual(withoutNulls(desired));
      }),
      { numRuns: 1000 },
    );
  });
});
