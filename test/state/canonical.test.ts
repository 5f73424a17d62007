import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/model/json.js';
import { loadRegistry } from '../../src/registry/load.js';
import type { CollectionShape, ComplexShape, ScalarShape, Shape } from '../../src/registry/types.js';
import { canonicalDate, canonicalise, canonicalValue, sameValue } from '../../src/state/canonical.js';
import { typeNamed } from '../support/memory-state.js';

const ID = 'A0000000-0000-4000-8000-00000000000A';
const text: ScalarShape = { kind: 'scalar', scalar: 'string', caseInsensitive: false, sensitive: false };
const uuid: ScalarShape = { ...text, format: 'uuid' };
const date: ScalarShape = { ...text, format: 'date-time' };
const anyCase: ScalarShape = { ...text, caseInsensitive: true };
const reference: ScalarShape = {
  ...anyCase,
  reference: { types: ['user'], by: 'key', sentinels: ['All'], orders: true, words: {} },
};
const commaFlags: ScalarShape = { ...text, flags: 'comma', values: ['minor', 'moderate', 'elevated'] };
const spaceFlags: ScalarShape = { ...text, flags: 'space' };
const set = (items: Shape, keys?: string[]): CollectionShape => ({
  kind: 'collection',
  items,
  order: 'set',
  ...(keys === undefined ? {} : { keys }),
});
const list = (items: Shape): CollectionShape => ({ kind: 'collection', items, order: 'list' });
const complex = (members: Readonly<Record<string, Shape>>): ComplexShape => ({
  kind: 'complex',
  variants: [{ members: Object.entries(members).map(([name, shape]) => ({ name, shape })), derived: [] }],
});
const kinds: ComplexShape = {
  kind: 'complex',
  variants: ['#a', '#b'].map((odataType) => ({
    odataType,
    members: [
      { name: '@odata.type', shape: text },
      { name: odataType.slice(1), shape: text },
    ],
    derived: [],
  })),
};
const pair = complex({ a: text, b: set(text) });

/** The rule, the shape, what Graph answers, and the canonical value. */
const TABLE: readonly (readonly [string, Shape, Json | undefined, Json])[] = [
  ['null is known to be empty', text, null, null],
  ['so is what is missing', text, undefined, null],
  ['an empty text is a value', text, '', ''],
  ['false and 0 are values', text, false, false],
  ['null in place of a collection is an empty one', set(text), null, []],
  ['a missing collection is an empty one', set(text), undefined, []],
  ['a collection stays empty', list(text), [], []],
  ['nulls in a collection are no items', list(text), [null, 'a', null], ['a']],
  ['a set has no order', set(text), ['b', 'a', 'C'], ['C', 'a', 'b']],
  ['a set has every item once', set(text), ['a', 'b', 'a'], ['a', 'b']],
  ['a list keeps its order and its repetitions', list(text), ['b', 'a', 'b'], ['b', 'a', 'b']],
  ['items of a set are sorted by what they are when canonical', set(uuid), ['B1', 'a1', 'b1'], ['a1', 'b1']],
  ['items that are numbers are sorted as JSON', set({ ...text, scalar: 'integer' }), [10, 9, 10], [10, 9]],
  [
    'a keyed set is sorted by its keys',
    set(complex({ v: text, k: text }), ['k']),
    [
      { v: 'a', k: '2' },
      { v: 'b', k: '1' },
    ],
    [
      { v: 'b', k: '1' },
      { v: 'a', k: '2' },
    ],
  ],
  ['ids are lower case', uuid, ID, ID.toLowerCase()],
  ['ids that refer to objects are lower case', reference, ID, ID.toLowerCase()],
  ['words that stand for an id keep their case', reference, 'All', 'All'],
  ['text that is compared without case keeps its spelling', anyCase, 'Ada@Contoso.com', 'Ada@Contoso.com'],
  ['ids in a text are left alone', text, ID, ID],
  ['flags have the order in which Graph declares them', commaFlags, 'elevated,minor', 'minor,elevated'],
  ['flags are there once', commaFlags, 'minor,minor', 'minor'],
  ['unknown flags come last, in their own order', commaFlags, 'zeta,alpha,minor', 'minor,alpha,zeta'],
  ['flags are joined as Graph joined them', commaFlags, 'elevated, minor', 'minor, elevated'],
  ['only spaces are between flags', spaceFlags, ' b\u00a0c\ta  d ', 'b\u00a0c\ta d'],
  ['what is no space is part of a flag', commaFlags, 'minor,\tnew\n , \ufeff', 'minor, \tnew\n, \ufeff'],
  ['flags without a declared order are sorted', spaceFlags, 'b  a c a', 'a b c'],
  ['a date is in UTC with the shortest fraction', date, '2026-01-02T03:04:05.1200000Z', '2026-01-02T03:04:05.12Z'],
  ['members that are null are left out', complex({ a: text, b: text }), { a: 'x', b: null }, { a: 'x' }],
  ['missing members are left out', complex({ a: text, b: text }), { a: 'x' }, { a: 'x' }],
  ['members are in the order of the schema', complex({ a: text, b: text }), { b: '2', a: '1' }, { a: '1', b: '2' }],
  ['missing collections inside are empty ones', pair, { a: 'x' }, { a: 'x', b: [] }],
  ['a complex value without any value is none', pair, { a: null, b: [] }, null],
  ['so is one that is empty', pair, {}, null],
  ['so is one inside another', complex({ p: pair, a: text }), { p: { b: [] }, a: 'x' }, { a: 'x' }],
  ['so is one in a list', list(pair), [{ b: [] }, { a: 'x', b: [] }], [{ a: 'x', b: [] }]],
  ['a complex value that is only false is one', complex({ a: text }), { a: false }, { a: false }],
  ['one with a kind is a value, even without any other', kinds, { '@odata.type': '#a' }, { '@odata.type': '#a' }],
  ['members of another kind are not taken over', kinds, { '@odata.type': '#a', b: 'x' }, { '@odata.type': '#a' }],
  ['text in place of a complex value is none', pair, 'x', null],
];

describe('a canonical value', () => {
  it.each(TABLE)('%s', (_, shape, raw, canonical) => {
    expect(canonicalValue(shape, raw, 'p', [])).toEqual(canonical);
    expect(JSON.stringify(canonicalValue(shape, raw, 'p', []))).toBe(JSON.stringify(canonical));
    expect(canonicalValue(shape, canonical, 'p', [])).toEqual(canonical);
  });
});

describe('a canonical date', () => {
  it.each([
    ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05Z'],
    ['2026-01-02T03:04:05.0000000Z', '2026-01-02T03:04:05Z'],
    ['2026-01-02T03:04:05.1234567Z', '2026-01-02T03:04:05.1234567Z'],
    ['2026-01-02T03:04:05.1234560+00:00', '2026-01-02T03:04:05.123456Z'],
    ['2026-01-01T23:30:00-02:30', '2026-01-02T02:00:00Z'],
    ['2026-01-01T00:30:00.5+05:45', '2025-12-31T18:45:00.5Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00Z'],
    ['9999-12-31T22:59:59-01:00', '9999-12-31T23:59:59Z'],
  ])('%s is %s', (raw, canonical) => {
    expect(canonicalDate(raw)).toBe(canonical);
  });

  it.each([
    ...['', 'soon', '2026-01-02', '2026-01-02T03:04Z', '2026-01-02T03:04:05', '02/01/2026'],
    ...['2026-13-45T99:99:99+99:99', '2026-01-02T03:04:05+99:00'],
    // In UTC they are of a year that has not four digits.
    ...['9999-12-31T23:59:59.50-01:00', '0000-01-01T00:00:00+14:00'],
  ])('is the text itself where it is none: %j', (raw) => {
    expect(canonicalDate(raw)).toBe(raw);
  });
});

describe('what the schema does not describe', () => {
  const unrecognised = (shape: Shape, raw: Json) => {
    const found: string[] = [];
    canonicalValue(shape, raw, 'p', found);
    return found;
  };

  it('is named by its path, as deep as it is', () => {
    expect(unrecognised(pair, { a: 'x', c: 1, d: {} })).toEqual(['p.c', 'p.d']);
    expect(unrecognised(complex({ inner: pair }), { inner: { a: 'x', c: false } })).toEqual(['p.inner.c']);
    expect(unrecognised(set(pair), [{ a: 'x' }, { c: 'y' }])).toEqual(['p.c']);
  });

  it('is not named when it is nothing, or an annotation', () => {
    expect(unrecognised(pair, { c: null, d: [], 'b@odata.type': '#Collection(String)', '@odata.etag': 'x' })).toEqual(
      [],
    );
  });

  it('is an enum value that this version of Graph would not name', () => {
    expect(unrecognised(text, 'unknownFutureValue')).toEqual(['p']);
    expect(unrecognised(set(text), ['browser', 'unknownFutureValue'])).toEqual(['p']);
    expect(unrecognised(complex({ a: commaFlags }), { a: 'unknownFutureValue' })).toEqual(['p.a']);
  });

  it('is one among the flags of a text', () => {
    expect(unrecognised(complex({ a: commaFlags }), { a: 'minor,unknownFutureValue' })).toEqual(['p.a']);
  });

  it('is a kind that is not declared, and then nothing of the value is believed', () => {
    expect(unrecognised(kinds, { '@odata.type': '#new', a: 'x' })).toEqual(['p.@odata.type']);
    expect(unrecognised(kinds, { a: 'x' })).toEqual(['p.@odata.type']);
    expect(canonicalValue(kinds, { '@odata.type': '#new', a: 'x' }, 'p', [])).toBeNull();
  });

  it('is part of another object where the value only refers to it', () => {
    const byId: ComplexShape = { ...complex({ id: uuid }), strategy: 'referenceById' };
    expect(
      unrecognised(byId, { id: ID, displayName: 'Phishing-resistant MFA', allowedCombinations: ['fido2'] }),
    ).toEqual([]);
    expect(canonicalValue(byId, { id: ID, displayName: 'x' }, 'p', [])).toEqual({ id: ID.toLowerCase() });
  });
});

describe('two values that mean the same', () => {
  it.each<[string, Shape, Json, Json, boolean]>([
    ['texts that differ in case, where case does not matter', anyCase, 'ADA@contoso.com', 'ada@contoso.com', true],
    ['letters that only look the same in lower case', anyCase, 'K@contoso.com', '\u212a@contoso.com', false],
    ['letters whose lower case is more than one', anyCase, '\u0130', 'i\u0307', false],
    ['letters beyond ASCII that differ in case', anyCase, 'ÄΣЖ', 'äσж', true],
    ['texts that differ in case, where it does', text, 'Ada', 'ada', false],
    ['sets whose items differ in case', set(anyCase), ['B', 'a'], ['A', 'b'], true],
    ['sets of another order', set(text), ['a', 'b'], ['b', 'a'], true],
    ['lists of another order', list(text), ['a', 'b'], ['b', 'a'], false],
    ['sets of another size', set(text), ['a'], ['a', 'b'], false],
    ['flags that are joined in another way', commaFlags, 'minor, elevated', 'minor,elevated', true],
    ['flags that differ', commaFlags, 'minor', 'minor,elevated', false],
    ['members in another order', complex({ a: text, b: text }), { a: '1', b: '2' }, { b: '2', a: '1' }, true],
    ['text inside that differs in case', complex({ a: anyCase }), { a: 'X' }, { a: 'x' }, true],
    ['kinds that differ', kinds, { '@odata.type': '#a' }, { '@odata.type': '#b' }, false],
    ['nothing and an empty text', text, null, '', false],
    ['nothing and false', text, null, false, false],
  ])('%s', (_, shape, a, b, same) => {
    expect(sameValue(shape, a, b)).toBe(same);
    expect(sameValue(shape, b, a)).toBe(same);
    expect(sameValue(shape, a, a) && sameValue(shape, b, b)).toBe(true);
  });
});

describe('a canonical object', () => {
  const registry = loadRegistry();
  const user = typeNamed(registry, 'user');
  const location = typeNamed(registry, 'namedLocation');
  const around = { deleted: null, links: {} };
  const raw: JsonObject = { id: ID, displayName: 'Ada', department: null, notDeclared: 'x' };

  it('has every declared property and no other, in the order of the schema, empty where Graph says nothing', () => {
    const object = canonicalise(user, raw, around)?.object;
    expect(object?.key).toBe(`user/${ID.toLowerCase()}`);
    expect(Object.keys(object?.properties ?? {})).toEqual(user.properties.map(({ name }) => name));
    expect(object?.properties).toMatchObject({ displayName: 'Ada', department: null, jobTitle: null, otherMails: [] });
  });

  it('leaves out what is not to be believed: it is unmanaged, not empty', () => {
    const object = canonicalise(user, raw, { ...around, distrust: ['department', 'otherMails'] })?.object;
    expect(Object.keys(object?.properties ?? {})).not.toContain('department');
    expect(Object.keys(object?.properties ?? {})).not.toContain('otherMails');
  });

  it('says when it was deleted by what is known around it, never by its own words', () => {
    const claims = { ...raw, deletedDateTime: '2020-01-01T00:00:00Z' };
    expect(canonicalise(user, claims, around)?.object.properties.deletedDateTime).toBeNull();
    const deleted = canonicalise(user, raw, { ...around, deleted: '2026-01-02T03:04:05.000Z' });
    expect(deleted?.object.properties.deletedDateTime).toBe('2026-01-02T03:04:05Z');
  });

  it('has sorted links without repetition, and none that was not read', () => {
    const group = typeNamed(registry, 'group');
    const object = canonicalise(group, { id: ID }, { deleted: null, links: { members: ['B', 'a', 'b'] } })?.object;
    expect(object?.links).toEqual({ members: ['a', 'b'] });
    expect(canonicalise(group, { id: ID }, around)?.object.links).toEqual({});
    expect(canonicalise(group, { id: ID }, { deleted: null, links: { owners: ['a'] } })?.object.links).toEqual({});
  });

  it('is there only with an identity, and a kind that the type knows', () => {
    for (const id of [undefined, null, '', 7] as (Json | undefined)[])
      expect(canonicalise(user, { displayName: 'x', ...(id === undefined ? {} : { id }) }, around)).toBeUndefined();
    for (const kind of ['#microsoft.graph.compliantNetworkNamedLocation', null, ''])
      expect(canonicalise(location, { id: ID, '@odata.type': kind }, around)).toBeUndefined();
    expect(canonicalise(location, { id: ID }, around)).toBeUndefined();
  });

  it('has the properties of its own kind only', () => {
    const ip = canonicalise(
      location,
      { id: ID, '@odata.type': '#microsoft.graph.ipNamedLocation', countriesAndRegions: ['DE'] },
      around,
    );
    expect(Object.keys(ip?.object.properties ?? {})).toEqual(location.variants[0]?.properties.map(({ name }) => name));
    expect(Object.keys(ip?.object.properties ?? {})).not.toContain('countriesAndRegions');
  });
});
