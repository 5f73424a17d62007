import { describe, expect, test } from 'vitest';
import { expectRefused, link, type Mistake, name } from './mistakes.js';
import { failureOf, registryOf, schemaOf } from './sample-schemas.js';

const SPELLING: readonly Mistake[] = [
  {
    name: 'a misspelt keyword on a property',
    make: (schema) => (name(schema)['x-acces'] = 'readOnly'),
    at: '/properties/displayName/x-acces',
    says: '"x-acces" is not known here. Did you mean "x-access"?',
    remedy: 'Write "x-access".',
  },
  {
    name: 'a misspelt keyword on the root',
    make: (schema) => (schema['x-permission'] = { read: ['User.Read.All'] }),
    at: '/x-permission',
    says: 'Did you mean "x-permissions"?',
  },
  {
    name: 'a keyword that resembles none',
    make: (schema) => (name(schema)['x-whatever'] = true),
    at: '/properties/displayName/x-whatever',
    says: '"x-whatever" is not known here.',
    remedy: 'x-access, x-clearable, x-request, x-compare, x-ref, x-link, x-sensitive, x-strategy, x-native',
  },
  {
    name: 'a misspelt keyword of JSON Schema',
    make: (schema) => (name(schema).descripton = 'Name'),
    at: '/properties/displayName/descripton',
    says: 'Did you mean "description"?',
  },
  {
    name: 'a keyword of JSON Schema that the compiler does not understand',
    make: (schema) => (name(schema).anyOf = [{ type: 'string' }]),
    at: '/properties/displayName/anyOf',
    says: '"anyOf" is not known here.',
  },
  {
    name: 'a misspelt keyword deep inside',
    make: (schema) => {
      schema.properties.list = { type: 'array', 'x-compare': 'set', items: { type: 'string', 'x-reff': {} } };
    },
    at: '/properties/list/items/x-reff',
    says: 'Did you mean "x-ref"?',
  },
  {
    name: 'a misspelt member of x-graph',
    make: (schema) => (schema['x-graph'].shard = true),
    at: '/x-graph/shard',
    says: 'Did you mean "sharded"?',
  },
  {
    name: 'a misspelt member of the recycle bin',
    make: (schema) => (schema['x-graph'].bin = { lists: '/x', get: '/x/{id}', restore: '/x/{id}/restore' }),
    at: '/x-graph/bin',
    says: '"list" is missing.',
  },
  {
    name: 'a misspelt operation of x-permissions',
    make: (schema) => (schema['x-permissions'] = { writes: ['User.Read.All'] }),
    at: '/x-permissions/writes',
    says: '"writes" is not known here. Known are read, update, delete, restore, where.',
  },
  {
    name: 'a misspelt member of x-ref',
    make: (schema) => (name(schema)['x-ref'] = { types: ['thing'], sentinel: ['All'] }),
    at: '/properties/displayName/x-ref/sentinel',
    says: 'Did you mean "sentinels"?',
  },
  {
    name: 'a misspelt member of x-request',
    make: (schema) => (name(schema)['x-request'] = { hole: true }),
    at: '/properties/displayName/x-request/hole',
    says: 'Did you mean "whole"?',
  },
  {
    name: 'a misspelt member of an edge',
    make: (schema) => (schema['x-graph'].edge = { owner: 'id', lists: '/things/{owner}/parts' }),
    at: '/x-graph/edge/lists',
    says: 'Did you mean "list"?',
  },
  {
    name: 'a misspelt member of a kind',
    make: (schema) => (schema['x-graph'].kinds = [{ odatatype: '#microsoft.graph.a' }]),
    at: '/x-graph/kinds/0',
    says: '"odataType" is missing.',
  },
  {
    name: 'a misspelt member of a request part',
    make: (schema) =>
      (name(schema)['x-request'] = { part: { path: '/things/{id}/name', method: 'PATCH', versions: 'beta' } }),
    at: '/properties/displayName/x-request/part/versions',
    says: 'Did you mean "version"?',
  },
  {
    name: 'a misspelt member of a union',
    make: (schema) => (name(schema)['x-request'] = { union: { types: ['thing'], by: 'id', property: 'displayName' } }),
    at: '/properties/displayName/x-request/union',
    says: '"type" is missing.',
  },
  {
    name: 'a misspelt member of an item inside another object',
    make: (schema) =>
      (name(schema)['x-ref'] = { types: ['thing'], within: { object: 'id', property: 'parts', show: 'value' } }),
    at: '/properties/displayName/x-ref/within',
    says: '"shown" is missing.',
  },
];

const VALUES: readonly Mistake[] = [
  {
    name: 'a wrong value of x-access',
    make: (schema) => (name(schema)['x-access'] = 'readonly'),
    at: '/properties/displayName/x-access',
    says: 'Did you mean "readOnly"?',
  },
  {
    name: 'x-clearable that says nothing',
    make: (schema) => (name(schema)['x-clearable'] = true),
    at: '/properties/displayName/x-clearable',
    says: 'It must be false.',
  },
  {
    name: 'a wrong value of x-compare',
    make: (schema) => (name(schema)['x-compare'] = 'ignoreCase'),
    at: '/properties/displayName/x-compare',
    says: 'It must be value, list, set, caseInsensitive,',
  },
  {
    name: 'a wrong separator of flags',
    make: (schema) => (name(schema)['x-compare'] = { flags: 'semicolon' }),
    at: '/properties/displayName/x-compare',
    says: 'It must be value, list, set, caseInsensitive,',
  },
  {
    name: 'a wrong value of x-native',
    make: (schema) => (name(schema)['x-native'] = true),
    at: '/properties/displayName/x-native',
    says: "It must be the name under which Microsoft's own product documents it, or false.",
  },
  {
    name: 'a wrong value of x-sensitive',
    make: (schema) => (name(schema)['x-sensitive'] = 'yes'),
    at: '/properties/displayName/x-sensitive',
    says: 'It must be true.',
  },
  {
    name: 'a strategy that does not exist',
    make: (schema) => (schema['x-strategy'] = 'conditionalAccesGate'),
    at: '/x-strategy',
    says: 'Did you mean "conditionalAccessGate"?',
  },
  {
    name: 'a version that does not exist',
    make: (schema) => (schema['x-graph'].version = 'v2.0'),
    at: '/x-graph/version',
    says: '"v2.0" is not one of "v1.0", "beta".',
  },
  {
    name: 'a page size that is too large',
    make: (schema) => (schema['x-graph'].pageSize = 1000),
    at: '/x-graph/pageSize',
    says: '<= 999',
  },
  {
    name: 'a page size that is a text',
    make: (schema) => (schema['x-graph'].pageSize = '999'),
    at: '/x-graph/pageSize',
    says: 'It must be a whole number, not text.',
  },
  {
    name: 'a path without a slash',
    make: (schema) => (schema['x-graph'].path = 'things'),
    at: '/x-graph/path',
    says: 'It must be a path such as /users',
  },
  {
    name: 'x-graph without a key',
    make: (schema) => delete schema['x-graph'].key,
    at: '/x-graph',
    says: '"key" is missing.',
  },
  {
    name: 'a permission that is none',
    make: (schema) => (schema['x-permissions'] = { read: ['read everything'] }),
    at: '/x-permissions/read/0',
    says: 'It must be a permission as Graph names it',
  },
  {
    name: 'a link removed without /$ref, which would delete the target itself',
    make: (schema) => {
      schema.properties.parts = link();
      schema.properties.parts['x-link'].remove.path = '/things/{id}/parts/{target}';
    },
    at: '/properties/parts/x-link/remove/path',
    says: 'ends in /$ref',
  },
  {
    name: 'more targets per request than Graph takes',
    make: (schema) => {
      schema.properties.parts = link();
      schema.properties.parts['x-link'].add.perRequest = 21;
    },
    at: '/properties/parts/x-link/add/perRequest',
    says: '<= 20',
  },
  {
    name: 'a singleton that is neither an object nor in a list',
    make: (schema) => (schema['x-graph'].singleton = true),
    at: '/x-graph/singleton',
    says: '"object", "list"',
  },
  {
    name: 'no key at all',
    make: (schema) => (schema['x-graph'].key = []),
    at: '/x-graph/key',
    says: 'It must',
  },
  {
    name: 'an owner in a path that is none',
    make: (schema) => (schema['x-graph'].path = '/owners/{id}/things'),
    at: '/x-graph/path',
    says: 'a path such as /users, perhaps with {owner}',
  },
  {
    name: 'the edges of one owner without the owner',
    make: (schema) => (schema['x-graph'].edge = { owner: 'id', list: '/things' }),
    at: '/x-graph/edge/list',
    says: 'a path with {owner}',
  },
  {
    name: 'one edge without its id',
    make: (schema) => (schema['x-graph'].edge = { owner: 'id', item: '/things' }),
    at: '/x-graph/edge/item',
    says: 'a path with {id}',
  },
  {
    name: 'a kind that is no type of Graph',
    make: (schema) => (schema['x-graph'].kinds = [{ odataType: 'agentUser' }]),
    at: '/x-graph/kinds/0/odataType',
    says: 'It must be a type such as #microsoft.graph.agentUser',
  },
  {
    name: 'a kind that says nothing about its path',
    make: (schema) => (schema['x-graph'].kinds = [{ odataType: '#microsoft.graph.agentUser', cast: false }]),
    at: '/x-graph/kinds/0/cast',
    says: 'It must be true.',
  },
  {
    name: 'a request part for no object',
    make: (schema) => (name(schema)['x-request'] = { part: { path: '/things/name', method: 'PATCH' } }),
    at: '/properties/displayName/x-request/part/path',
    says: 'It must be a path with {id}',
  },
  {
    name: 'a request part that deletes',
    make: (schema) => (name(schema)['x-request'] = { part: { path: '/things/{id}', method: 'DELETE' } }),
    at: '/properties/displayName/x-request/part/method',
    says: '"DELETE" is not one of "PATCH", "POST".',
  },
  {
    name: 'disableFirst that says nothing',
    make: (schema) => (name(schema)['x-request'] = { disableFirst: false }),
    at: '/properties/displayName/x-request/disableFirst',
    says: 'It must',
  },
  {
    name: 'half of a union sent',
    make: (schema) =>
      (name(schema)['x-request'] = { union: { type: 'thing', by: 'id', property: 'displayName', send: 'half' } }),
    at: '/properties/displayName/x-request/union/send',
    says: '"half" is not one of "own", "all".',
  },
  {
    name: 'a word that is like no other',
    make: (schema) => (name(schema)['x-compare'] = { alike: [['enabled']] }),
    at: '/properties/displayName/x-compare',
    says: 'It must be value, list, set, caseInsensitive,',
  },
  {
    name: 'words that stand for nothing',
    make: (schema) => (name(schema)['x-ref'] = { types: ['thing'], words: {} }),
    at: '/properties/displayName/x-ref/words',
    says: 'It must',
  },
  {
    name: 'x-optional that says nothing',
    make: (schema) => (name(schema)['x-optional'] = false),
    at: '/properties/displayName/x-optional',
    says: 'It must be true.',
  },
  {
    name: 'x-derived that says nothing',
    make: (schema) => {
      const member = { type: 'string', 'x-derived': false };
      schema.properties.place = { type: 'object', additionalProperties: false, properties: { member } };
    },
    at: '/properties/place/properties/member/x-derived',
    says: 'It must be true.',
  },
  {
    name: 'something that is not available, without a reason',
    make: (schema) => (schema['x-unavailable'] = [{ native: 'Colour' }]),
    at: '/x-unavailable/0',
    says: '"reason" is missing.',
  },
  {
    name: 'a type that JSON Schema does not know',
    make: (schema) => (name(schema).type = 'text'),
    at: '/properties/displayName/type',
    says: '"text" is not one of',
  },
  {
    name: 'a property that is not a schema',
    make: (schema) => (schema.properties.displayName = true),
    at: '/properties/displayName',
    says: 'It must be an object, not true.',
  },
  {
    name: 'an open object',
    make: (schema) => (schema.additionalProperties = true),
    at: '/additionalProperties',
    says: 'It must be false.',
  },
];

describe.each([
  ['a misspelt name', SPELLING],
  ['a wrong value', VALUES],
])('%s is refused with its path', (_, mistakes) => {
  test.each(mistakes)('$name', expectRefused);
});

test('a schema without a mistake is accepted', () => {
  const schema = schemaOf('things', { parts: link() });
  expect(registryOf({ thing: schema }).types.map((type) => type.name)).toEqual(['thing']);
});

test('everything that is wrong in a file is told at once', () => {
  const schema = schemaOf('things');
  schema['x-graph'].gates = true;
  name(schema)['x-acces'] = 'readOnly';
  schema.properties.id['x-compare'] = 'bag';
  const failure = failureOf(() => registryOf({ thing: schema }));
  expect(failure.message).toMatch(/^3 things are wrong in this schema file\./);
  expect(failure.message).toContain('/properties/displayName/x-acces: "x-acces" is not known here.');
  expect(failure.message).toContain('/x-graph/gates: "gates" is not known here.');
  expect(failure.message).toContain('/properties/id/x-compare: It must be');
});

test('a file that is not JSON, or no object, is refused by name', () => {
  for (const text of ['{"title": }', '[]']) {
    const failure = failureOf(() => registryOf({ thing: text }));
    expect(failure.code).toBe('KG301');
    expect(failure.where).toBe('schemas/types/thing.json');
  }
});
