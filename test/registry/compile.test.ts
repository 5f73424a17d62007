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
      { ...plain, reference: { types: ['other'], by: 'key', sentinels: ['All'], orders: true, words: {} } },
    ],
    [
      'a reference by another property, which does not order',
      { type: 'string', 'x-ref': { types: ['other'], by: 'appId' } },
      { ...plain, reference: { types: ['other'], by: 'appId', sentinels: [], orders: false, words: {} } },
    ],
    [
      'a reference to an item inside another object',
      {
        type: 'string',
        'x-ref': {
          types: ['other'],
          within: { object: 'id', property: 'roles', shown: 'value' },
          words: { '0': 'default access' },
        },
      },
      {
        ...plain,
        reference: {
          types: ['other'],
          by: 'key',
          sentinels: [],
          orders: false,
          within: { object: 'id', property: 'roles', shown: 'value' },
          words: { '0': 'default access' },
        },
      },
    ],
    [
      'words that mean the same',
      { type: 'string', enum: ['a', 'b', 'c'], 'x-compare': { alike: [['a', 'b']] } },
      { ...plain, values: ['a', 'b', 'c'], alike: [['a', 'b']] },
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
        items: { kind: 'complex', variants: [{ members: [{ name: 'a', shape: plain }], derived: [] }] },
      },
    ],
    [
      'an object read by a strategy',
      { ...closed({ id: { type: 'string' } }), 'x-strategy': 'referenceById' },
      {
        kind: 'complex',
        strategy: 'referenceById',
        variants: [{ members: [{ name: 'id', shape: plain }], derived: [] }],
      },
    ],
    [
      'an object with a member that Graph computes',
      closed({ a: { type: 'string' }, b: { type: 'string', 'x-derived': true } }),
      { kind: 'complex', variants: [{ members: [{ name: 'a', shape: plain }], derived: ['b'] }] },
    ],
    [
      'everything inside a sensitive value is sensitive',
      { ...closed({ a: { type: 'string' } }), 'x-sensitive': true },
      { kind: 'complex', variants: [{ members: [{ name: 'a', shape: { ...plain, sensitive: true } }], derived: [] }] },
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
      derived: [],
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
    const place = { kind: 'complex', variants: [{ members: [{ name: 'city', shape: plain }], derived: [] }] };
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
      optional: false,
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
      optional: false,
      whole: true,
      description: 'A value.',
    });
  });

  test('read and written by requests of their own, and only where it is asked for', () => {
    const part = { path: '/things/{id}/value', method: 'PATCH' };
    const text = { type: ['string', 'null'], 'x-optional': true };
    expect(property({ ...text, 'x-request': { part } })).toMatchObject({
      optional: true,
      part: { ...part, version: 'v1.0', read: false },
    });
    expect(property({ ...text, 'x-request': { part: { ...part, version: 'beta', read: true } } })).toMatchObject({
      part: { ...part, version: 'beta', read: true },
    });
  });

  test("joined with another object's values: requests carry their own, unless it is said", () => {
    const union = { type: 'other', by: 'value', property: 'values' };
    expect(property({ type: 'string', 'x-request': { union } }).union).toEqual({ ...union, send: 'own' });
    expect(property({ type: 'string', 'x-request': { union: { ...union, send: 'all' } } }).union?.send).toBe('all');
  });

  test('with items that must be disabled first: of the list itself, or of a member', () => {
    const list = {
      type: 'array',
      'x-compare': { keyedBy: ['id'] },
      items: closed({ id: { type: 'string' }, isEnabled: { type: 'boolean' } }),
    };
    expect(property({ ...list, 'x-request': { disableFirst: true } }).disableFirst).toBe(true);
    expect(property({ ...closed({ list }), 'x-request': { disableFirst: 'list' } }).disableFirst).toBe('list');
  });

  test('a value that cannot be null is not clearable; a collection is, by the empty list', () => {
    expect(property({ type: 'boolean' }).clearable).toBe(false);
    expect(property({ type: 'array', 'x-compare': 'set', items: { type: 'string' } }).clearable).toBe(true);
  });

  test('a shared definition decides whether a value that refers to it can be null', () => {
    const of = (place: object) => {
      const schema = schemaOf('things', { home: { $ref: '#/$defs/place' } });
      schema.$defs = { place: { ...closed({ city: { type: 'string' } }), ...place } };
      return registryOf({ thing: schema }).byName.get('thing')?.properties.at(-1)?.clearable;
    };
    expect([of({}), of({ type: ['object', 'null'] })]).toEqual([false, true]);
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
      keys: ['id'],
      singleton: undefined,
      inline: undefined,
      filter: undefined,
      expand: [],
      kinds: [],
      edge: undefined,
      fixture: undefined,
      unavailable: [],
      folder: 'things',
      sharded: false,
      label: ['displayName'],
      select: false,
      pageSize: undefined,
      bin: undefined,
      gate: false,
      after: [],
      deletable: false,
      permissions: {},
      strategy: undefined,
      links: [],
      rank: 0,
      aliases: [],
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

  describe('the same name in several branches', () => {
    const branch = (odataType: string, items: Loose) => ({
      ...closed({
        '@odata.type': { type: 'string', const: odataType, 'x-access': 'identity' },
        ...schemaOf('x').properties,
        targets: { type: 'array', 'x-compare': { keyedBy: ['id'] }, ...items },
      }),
      required: ['@odata.type'],
    });
    const rootOf = (...branches: Loose[]) => {
      const { properties: _, additionalProperties: __, ...root } = schemaOf('things');
      return { ...root, oneOf: branches };
    };
    const text = { type: 'string' };

    test('every branch keeps the members that it knows; the type has all of them', () => {
      const root = rootOf(
        branch('#a', { items: closed({ id: text, mode: text }), 'x-native': 'A' }),
        branch('#b', { items: closed({ id: text, old: { ...text, 'x-derived': true } }), 'x-native': false }),
      );
      const type = registryOf({ thing: root }).byName.get('thing');
      const targets = (properties: ObjectType['properties'] | undefined) =>
        properties?.find(({ name }) => name === 'targets');
      const shape = (members: string[], derived: string[]) => ({
        kind: 'collection',
        order: 'set',
        keys: ['id'],
        items: { kind: 'complex', variants: [{ members: members.map((name) => ({ name, shape: plain })), derived }] },
      });
      expect(targets(type?.properties)).toMatchObject({ native: 'A', shape: shape(['id', 'mode'], ['old']) });
      expect(targets(type?.variants[0]?.properties)).toMatchObject({ native: 'A', shape: shape(['id', 'mode'], []) });
      expect(targets(type?.variants[1]?.properties)).toMatchObject({ native: false, shape: shape(['id'], ['old']) });
    });

    test.each<[string, Loose]>([
      ['another type of a member', { items: closed({ id: text, mode: { type: 'boolean' } }) }],
      ['another order', { items: closed({ id: text, mode: text }), 'x-compare': 'list' }],
      ['another key', { items: closed({ id: text, mode: text }), 'x-compare': { keyedBy: ['mode'] } }],
      ['another access', { items: closed({ id: text, mode: text }), 'x-access': 'readOnly' }],
      ['a strategy', { items: { ...closed({ id: text, mode: text }), 'x-strategy': 'referenceById' } }],
      ['no objects', { items: text, 'x-compare': 'set' }],
    ])('is refused with %s', (_, items) => {
      const root = rootOf(branch('#a', { items: closed({ id: text, mode: text }) }), branch('#b', items));
      const failure = failureOf(() => registryOf({ thing: root }));
      expect(failure.where).toBe('schemas/types/thing.json#/oneOf/1/properties/targets');
      expect(failure.message).toContain('declared differently');
    });
  });

  test('what is said arrives', () => {
    const schema = schemaOf('things', {
      ownerId: { type: 'string', 'x-access': 'identity', 'x-ref': { types: ['other'] } },
      isFixed: { type: 'boolean', 'x-access': 'context' },
      parts: { type: 'array', 'x-compare': 'set', items: { type: 'string' }, 'x-access': 'readOnly' },
    });
    const unavailable = [{ native: 'Colour', reason: 'Graph does not have it.' }];
    const graph = {
      path: '/owners/{owner}/things',
      key: ['id', 'ownerId'],
      inline: { path: '/owners', property: 'things' },
      filter: "colour eq 'red'",
      expand: ['parts'],
      kinds: [{ odataType: '#microsoft.graph.a', cast: true }, { odataType: '#microsoft.graph.b' }],
      edge: {
        owner: 'ownerId',
        list: "/things?$filter=ownerId eq '{owner}'",
        create: '/things',
        item: '/things/{id}',
      },
      fixture: { property: 'isFixed', equals: true },
      after: ['other'],
    };
    Object.assign(schema['x-graph'], graph);
    schema['x-unavailable'] = unavailable;
    expect(registryOf({ thing: schema }).byName.get('thing')).toMatchObject({
      path: graph.path,
      keys: graph.key,
      inline: graph.inline,
      filter: graph.filter,
      expand: graph.expand,
      kinds: [
        { odataType: '#microsoft.graph.a', cast: true },
        { odataType: '#microsoft.graph.b', cast: false },
      ],
      edge: { ...graph.edge, ownerType: 'other' },
      fixture: graph.fixture,
      after: graph.after,
      unavailable,
    });
    const policy = schemaOf('policy');
    policy['x-graph'].singleton = 'list';
    expect(registryOf({ policy }).byName.get('policy')?.singleton).toBe('list');
  });
});

describe('a schema that contradicts itself is refused', () => {
  const text = { type: 'string' };
  const inside = (object: string) => ({ object, property: 'roles', shown: 'value' });
  /** Makes the type an edge that is right, except for what `graph` says. */
  const addOwner = (schema: Loose, graph: Loose = {}): Loose => {
    schema.properties.ownerId = { ...text, 'x-access': 'identity', 'x-ref': { types: ['other'] } };
    Object.assign(schema['x-graph'], { key: ['id', 'ownerId'], edge: { owner: 'ownerId' } }, graph);
    return schema;
  };
  test.each<[string, (schema: Loose) => unknown, string, string]>([
    ['no x-graph', (s) => delete s['x-graph'], '', 'The root must have "x-graph".'],
    ['an unknown key', (s) => (s['x-graph'].key = 'ID'), '/x-graph/key', 'There is no property "ID".'],
    ['an unknown label', (s) => (s['x-graph'].label = ['name']), '/x-graph/label/0', 'There is no property "name".'],
    ['a key that is no identity', (s) => delete s.properties.id['x-access'], '/x-graph/key', '"x-access": "identity"'],
    ['an unknown relationship', (s) => (s['x-graph'].expand = ['part']), '/x-graph/expand/0', 'no property "part"'],
    [
      'an unknown mark of what came with the tenant',
      (s) => (s['x-graph'].fixture = { property: 'isBuildIn', equals: true }),
      '/x-graph/fixture/property',
      'no property "isBuildIn"',
    ],
    ['several keys without an edge', (s) => addOwner(s, { edge: undefined }), '/x-graph/key', 'Only an edge'],
    [
      'an owner that is not part of the key',
      (s) => addOwner(s, { key: 'id' }),
      '/x-graph/edge/owner',
      'The owner must be one of "key".',
    ],
    [
      'an unknown owner',
      (s) => addOwner(s, { edge: { owner: 'owner' } }),
      '/x-graph/edge/owner',
      'no property "owner"',
    ],
    [
      'an owner that refers to nothing',
      (s) => delete addOwner(s).properties.ownerId['x-ref'],
      '/properties/ownerId',
      '"x-ref" to one type',
    ],
    [
      'an owner of one of several types',
      (s) => addOwner(s).properties.ownerId['x-ref'].types.push('third'),
      '/properties/ownerId',
      '"x-ref" to one type',
    ],
    [
      'an owner in the path of what is no edge',
      (s) => (s['x-graph'].path = '/owners/{owner}/things'),
      '/x-graph/path',
      'Only edges are listed owner by owner.',
    ],
    [
      'an edge that can be made and not removed',
      (s) => addOwner(s, { edge: { owner: 'ownerId', create: '/things', list: '/owners/{owner}/things' } }),
      '/x-graph/edge',
      'given together',
    ],
    [
      'an edge that can be made and not listed',
      (s) => addOwner(s, { edge: { owner: 'ownerId', create: '/things', item: '/things/{id}' } }),
      '/x-graph/edge',
      'given together',
    ],
    [
      'an edge with a recycle bin',
      (s) => {
        addOwner(s, { bin: { list: '/bin', get: '/bin/{id}', restore: '/bin/{id}/restore' } });
        s.properties.deletedDateTime = { type: 'string', 'x-access': 'context' };
      },
      '/x-graph/bin',
      'An edge has no recycle bin.',
    ],
    [
      'a union by an unknown property',
      (s) => (s.properties.v = { ...text, 'x-request': { union: { type: 'other', by: 'appID', property: 'v' } } }),
      '/properties/v/x-request/union/by',
      'no property "appID"',
    ],
    [
      'an item of an object that nothing names',
      (s) => (s.properties.v = { ...text, 'x-ref': { types: ['other'], within: inside('owner') } }),
      '/properties/v/x-ref/within/object',
      'no property "owner"',
    ],
    [
      'items to disable in what is no list',
      (s) => (s.properties.v = { ...text, 'x-request': { disableFirst: true } }),
      '/properties/v/x-request/disableFirst',
      'a list of objects',
    ],
    [
      'items to disable that cannot be',
      (s) =>
        (s.properties.v = {
          type: 'array',
          'x-compare': { keyedBy: ['id'] },
          items: closed({ id: text }),
          'x-request': { disableFirst: true },
        }),
      '/properties/v/x-request/disableFirst',
      '"isEnabled"',
    ],
    [
      'items to disable in a member that does not exist',
      (s) => (s.properties.v = { ...closed({ a: text }), 'x-request': { disableFirst: 'scopes' } }),
      '/properties/v/x-request/disableFirst',
      'a list of objects',
    ],
    [
      'a number with words that mean the same',
      (s) => (s.properties.v = { type: 'integer', 'x-compare': { alike: [['1', '2']] } }),
      '/properties/v/x-compare',
      'Only text',
    ],
    [
      'a key that Graph computes',
      (s) =>
        (s.properties.v = {
          type: 'array',
          'x-compare': { keyedBy: ['a'] },
          items: closed({ a: { ...text, 'x-derived': true } }),
        }),
      '/properties/v/x-compare/keyedBy',
      'Not every item has "a".',
    ],
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
