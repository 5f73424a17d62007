import { describe, expect, test } from 'vitest';
import type { ObjectType, Property } from '../../src/registry/types.js';
import { failureOf, type Loose, registryOf, schemaOf } from './sample-schemas.js';

function compiled(properties: Loose): ObjectType {
  const type = registryOf({ thing: schemaOf('things', properties) }).byName.get('thing');
  if (type === undefined) throw new Error('The type is missing.');
  return type;
}

function property(schema: Loose): Property {
  const found = compiled({ value: schema }).properties.find(({ name }) => name === 'value');
  if (found === undefined) throw new Error('The property is missing.');
  return found;
}

const plain = { kind: 'scalar', scalar: 'string', caseInsensitive: false, sensitive: false };
const closed = (properties: Loose) => ({ type: 'object', additionalProperties: false, properties });

describe('shapes', () => {
  test.each<[string, Loose, Loose]>([
    ['text', { type: 'string' }, plain],
    ['text or null', { type: ['string', 'null'] }, plain],
    ['a truth value', { type: ['boolean', 'null'] }, { ...plain, scalar: 'boolean' }],
    ['a whole number', { type: 'integer' }, { ...plain, scalar: 'integer' }],
    ['a date', { type: ['string', 'null'], format: 'date-time' }, { ...plain, format: 'date-time' }],
    ['one of several words', { type: ['string', 'null'], enum: ['a', 'b', null] }, { ...plain, values: ['a', 'b'] }],
    ['text without case', { type: 'string', 'x-compare': 'caseInsensitive' }, { ...plain, caseInsensitive: true }],
    ['flags', { type: 'string', 'x-compare': { flags: 'comma' } }, { ...plain, flags: 'comma' }],
    [
      'known flags',
      { type: 'string', 'x-compare': { flags: 'space', values: ['a', 'b'] } },
      { ...plain, flags: 'space', values: ['a', 'b'] },
    ],
    [
      'a reference',
      { type: 'string', 'x-ref': { types: ['other'], sentinels: ['All'], orders: true } },
      { ...plain, reference: { types: ['other'], by: 'key', sentinels: ['All'], orders: true } },
    ],
    [
      'a reference by another property, which does not order',
      { type: 'string', 'x-ref': { types: ['other'], by: 'appId' } },
      { ...plain, reference: { types: ['other'], by: 'appId', sentinels: [], orders: false } },
    ],
    [
      'a set',
      { type: 'array', 'x-compare': 'set', items: { type: 'string' } },
      { kind: 'collection', items: plain, order: 'set' },
    ],
    [
      'a list',
      { type: 'array', 'x-compare': 'list', items: { type: 'string' } },
      { kind: 'collection', items: plain, order: 'list' },
    ],
    [
      'a set of objects with a key',
      { type: 'array', 'x-compare': { keyedBy: ['a'] }, items: closed({ a: { type: 'string' } }) },
      {
        kind: 'collection',
        order: 'set',
        keys: ['a'],
        items: { kind: 'complex', variants: [{ members: [{ name: 'a', shape: plain }] }] },
      },
    ],
    [
      'an object read by a strategy',
      { ...closed({ id: { type: 'string' } }), 'x-strategy': 'referenceById' },
      { kind: 'complex', strategy: 'referenceById', variants: [{ members: [{ name: 'id', shape: plain }] }] },
    ],
    [
      'everything inside a sensitive value is sensitive',
      { ...closed({ a: { type: 'string' } }), 'x-sensitive': true },
      { kind: 'complex', variants: [{ members: [{ name: 'a', shape: { ...plain, sensitive: true } }] }] },
    ],
  ])('%s', (_, schema, shape) => {
    expect(property(schema).shape).toEqual(shape);
  });

  test('variants told apart by @odata.type, null among them', () => {
    const branch = (odataType: string, member: string) => ({
      ...closed({ '@odata.type': { type: 'string', const: odataType }, [member]: { type: 'string' } }),
      required: ['@odata.type'],
    });
    const { shape, clearable } = property({ oneOf: [branch('#a', 'x'), branch('#b', 'y'), { type: 'null' }] });
    const variant = (odataType: string, member: string) => ({
      odataType,
      members: [
        { name: '@odata.type', shape: { ...plain, values: [odataType] } },
        { name: member, shape: plain },
      ],
    });
    expect(shape).toEqual({ kind: 'complex', variants: [variant('#a', 'x'), variant('#b', 'y')] });
    expect(clearable).toBe(true);
  });

  test('a shared definition is the same as its text, and can be used many times', () => {
    const schema = schemaOf('things', {
      home: { $ref: '#/$defs/place', description: 'Home.' },
      work: { $ref: '#/$defs/place' },
    });
    schema.$defs = { place: closed({ city: { type: ['string', 'null'] } }) };
    const type = registryOf({ thing: schema }).byName.get('thing');
    const place = { kind: 'complex', variants: [{ members: [{ name: 'city', shape: plain }] }] };
    expect(type?.properties.slice(2).map(({ name, shape }) => [name, shape])).toEqual([
      ['home', place],
      ['work', place],
    ]);
  });
});

describe('properties', () => {
  test('what is not said has its default', () => {
    expect(property({ type: ['string', 'null'] })).toEqual({
      name: 'value',
      shape: plain,
      access: 'readWrite',
      clearable: true,
      sensitive: false,
      unique: false,
      native: undefined,
    });
  });

  test('what is said arrives', () => {
    const schema = {
      description: 'A value.',
      type: ['string', 'null'],
      'x-access': 'createOnly',
      'x-clearable': false,
      'x-sensitive': true,
      'x-unique': true,
      'x-native': 'Value',
      'x-permissions': { read: ['Value.Read.All'] },
      'x-request': { whole: true },
    };
    expect(property(schema)).toEqual({
      name: 'value',
      shape: { ...plain, sensitive: true },
      access: 'createOnly',
      clearable: false,
      sensitive: true,
      unique: true,
      native: 'Value',
      permissions: { read: ['Value.Read.All'] },
      whole: true,
      description: 'A value.',
    });
  });

  test('a value that cannot be null is not clearable; a collection is, by the empty list', () => {
    expect(property({ type: 'boolean' }).clearable).toBe(false);
    expect(property({ type: 'array', 'x-compare': 'set', items: { type: 'string' } }).clearable).toBe(true);
  });
});

describe('types', () => {
  test('what is not said has its default', () => {
    const { properties, variants, ...type } = compiled({});
    expect(type).toEqual({
      name: 'thing',
      title: 'things',
      path: '/things',
      version: 'v1.0',
      key: 'id',
      folder: 'things',
      sharded: false,
      label: ['displayName'],
      select: false,
      pageSize: undefined,
      bin: undefined,
      gate: false,
      deletable: false,
      permissions: {},
      strategy: undefined,
      links: [],
      rank: 0,
    });
    expect(variants).toEqual([{ properties }]);
  });

  test('variants keep their own properties; the type has all of them, each once, in order', () => {
    const branch = (odataType: string, properties: Loose) => ({
      ...closed({
        '@odata.type': { type: 'string', const: odataType, 'x-access': 'identity' },
        ...schemaOf('x').properties,
        ...properties,
      }),
      required: ['@odata.type'],
    });
    const { properties: _, additionalProperties: __, ...root } = schemaOf('things');
    root.oneOf = [branch('#a', { x: { type: 'string' } }), branch('#b', { y: { type: 'string' } })];
    const type = registryOf({ thing: root }).byName.get('thing');
    expect(type?.properties.map(({ name }) => name)).toEqual(['@odata.type', 'id', 'displayName', 'x', 'y']);
    expect(type?.variants.map(({ odataType, properties }) => [odataType, properties.map(({ name }) => name)])).toEqual([
      ['#a', ['@odata.type', 'id', 'displayName', 'x']],
      ['#b', ['@odata.type', 'id', 'displayName', 'y']],
    ]);
    root.oneOf[1].properties.displayName = { type: 'boolean' };
    expect(failureOf(() => registryOf({ thing: root })).where).toContain('/oneOf/1/properties/displayName');
  });
});

describe('a schema that contradicts itself is refused', () => {
  const text = { type: 'string' };
  test.each<[string, (schema: Loose) => unknown, string, string]>([
    ['no x-graph', (s) => delete s['x-graph'], '', 'The root must have "x-graph".'],
    ['an unknown key', (s) => (s['x-graph'].key = 'ID'), '/x-graph/key', 'There is no property "ID".'],
    ['an unknown label', (s) => (s['x-graph'].label = ['name']), '/x-graph/label/0', 'There is no property "name".'],
    ['a key that is no identity', (s) => delete s.properties.id['x-access'], '/x-graph/key', '"x-access": "identity"'],
    ['deletable without a bin', (s) => (s['x-graph'].deletable = true), '/x-graph/deletable', 'recycle bin'],
    [
      'a bin without deletedDateTime',
      (s) => (s['x-graph'].bin = { list: '/bin', get: '/bin/{id}', restore: '/bin/{id}/restore' }),
      '/x-graph/bin',
      'deletedDateTime',
    ],
    ['two types for one value', (s) => (s.properties.v = { type: ['string', 'integer'] }), '/properties/v', 'one type'],
    ['no type', (s) => (s.properties.v = { description: 'x' }), '/properties/v', 'one type'],
    ['a list without items', (s) => (s.properties.v = { type: 'array', 'x-compare': 'set' }), '/properties/v', 'items'],
    [
      'a list compared in no way',
      (s) => (s.properties.v = { type: 'array', items: text }),
      '/properties/v',
      'compared',
    ],
    [
      'text compared as a set',
      (s) => (s.properties.v = { ...text, 'x-compare': 'set' }),
      '/properties/v/x-compare',
      'Only a list',
    ],
    [
      'a number without case',
      (s) => (s.properties.v = { type: 'integer', 'x-compare': 'caseInsensitive' }),
      '/properties/v/x-compare',
      'Only text',
    ],
    [
      'a number that refers',
      (s) => (s.properties.v = { type: 'integer', 'x-ref': { types: ['thing'] } }),
      '/properties/v/x-ref',
      'Only text',
    ],
    [
      'a strategy on text',
      (s) => (s.properties.v = { ...text, 'x-strategy': 'referenceById' }),
      '/properties/v/x-strategy',
      'Only an object',
    ],
    ['an open object', (s) => (s.properties.v = { type: 'object', properties: {} }), '/properties/v', 'additional'],
    [
      'a key that items do not have',
      (s) => (s.properties.v = { type: 'array', 'x-compare': { keyedBy: ['b'] }, items: closed({ a: text }) }),
      '/properties/v/x-compare/keyedBy',
      'Not every item has "b".',
    ],
    ['an unknown definition', (s) => (s.properties.v = { $ref: '#/$defs/x' }), '/properties/v/$ref', 'no "x"'],
    [
      'a definition that contains itself',
      (s) => {
        s.$defs = { x: closed({ again: { $ref: '#/$defs/x' } }) };
        s.properties.v = { $ref: '#/$defs/x' };
      },
      '/$defs/x/properties/again/$ref',
      'contains itself',
    ],
    [
      'a branch without @odata.type',
      (s) => (s.properties.v = { oneOf: [closed({ a: text })] }),
      '/properties/v/oneOf/0',
      '@odata.type',
    ],
  ])('%s', (_, break_, at, says) => {
    const schema = schemaOf('things');
    break_(schema);
    const failure = failureOf(() => registryOf({ thing: schema }));
    expect(failure.code).toBe('KG301');
    expect(failure.where).toBe(`schemas/types/thing.json#${at}`);
    expect(failure.message).toContain(says);
  });

  test('two types with the same folder', () => {
    const failure = failureOf(() => registryOf({ one: schemaOf('things'), two: schemaOf('things') }));
    expect(failure.message).toBe('one and two have the same folder "things".');
  });
});
