import { describe, test } from 'vitest';
import { expectRefused, link, type Mistake, name } from './mistakes.js';
import type { Loose } from './sample-schemas.js';

const nested = (keyword: string, value: unknown) => (schema: Loose) => {
  schema.properties.place = {
    type: 'object',
    additionalProperties: false,
    properties: { city: { type: 'string', [keyword]: value } },
  };
};

const PLACES: readonly Mistake[] = [
  {
    name: 'x-graph on a property',
    make: (schema) => (name(schema)['x-graph'] = schema['x-graph']),
    at: '/properties/displayName/x-graph',
    says: '"x-graph" means nothing on a top-level property of the type (/properties/displayName).',
    remedy: 'Put it on the root of the schema.',
  },
  ...(
    [
      ['x-access', 'readOnly'],
      ['x-clearable', false],
      ['x-native', 'City'],
      ['x-request', { whole: true }],
      ['x-permissions', { read: ['User.Read.All'] }],
      ['x-unique', true],
      ['x-optional', true],
    ] as const
  ).map(([keyword, value]) => ({
    name: `${keyword} inside a property`,
    make: nested(keyword, value),
    at: `/properties/place/properties/city/${keyword}`,
    says: `"${keyword}" means nothing on a value inside a property`,
    remedy: 'a top-level property of the type',
  })),
  {
    name: 'x-access on the root',
    make: (schema) => (schema['x-access'] = 'readOnly'),
    at: '/x-access',
    says: '"x-access" means nothing on the root of the schema (/).',
  },
  {
    name: 'x-sensitive on the root',
    make: (schema) => (schema['x-sensitive'] = true),
    at: '/x-sensitive',
    says: 'means nothing on the root',
  },
  {
    name: 'x-unavailable on a property',
    make: (schema) => (name(schema)['x-unavailable'] = [{ native: 'Name', reason: 'There is none.' }]),
    at: '/properties/displayName/x-unavailable',
    says: '"x-unavailable" means nothing on a top-level property',
    remedy: 'Put it on the root of the schema.',
  },
  {
    name: 'x-derived on a property, which simply would not be declared',
    make: (schema) => (name(schema)['x-derived'] = true),
    at: '/properties/displayName/x-derived',
    says: '"x-derived" means nothing on a top-level property',
    remedy: 'Put it on a value inside a property.',
  },
  {
    name: 'a link inside a property',
    make: (schema) => {
      schema.properties.place = { type: 'object', additionalProperties: false, properties: { parts: link() } };
    },
    at: '/properties/place/properties/parts/x-link',
    says: 'means nothing on a value inside a property',
  },
  {
    name: 'x-access on a definition',
    make: (schema) => (schema.$defs = { city: { type: 'string', 'x-access': 'readOnly' } }),
    at: '/$defs/city/x-access',
    says: 'means nothing on a value inside a property',
  },
];

describe('a keyword in a wrong place is refused with its path', () => {
  test.each(PLACES)('$name', expectRefused);
});
