import { describe, expect, test } from 'vitest';
import { failureOf, referenceTo, registryOf, schemaOf } from './sample-schemas.js';

function ranks(types: Parameters<typeof registryOf>[0], only?: readonly string[]) {
  return registryOf(types, only).types.map(({ name, rank }) => `${rank} ${name}`);
}

describe('ranks', () => {
  test('follow the references that order, however deep they are, and are the longest way', () => {
    const deep = {
      type: 'object',
      additionalProperties: false,
      properties: { list: { type: 'array', 'x-compare': 'set', items: referenceTo('b') } },
    };
    const types = {
      a: schemaOf('as', { viaB: deep, viaC: referenceTo('c') }),
      b: schemaOf('bs', { to: referenceTo('c') }),
      c: schemaOf('cs'),
      d: schemaOf('ds'),
    };
    expect(ranks(types)).toEqual(['0 c', '0 d', '1 b', '2 a']);
  });

  test('follow what a type says comes before it, where that type is there', () => {
    const a = schemaOf('as');
    a['x-graph'].after = ['b', 'nowhere'];
    expect(ranks({ a, b: schemaOf('bs') })).toEqual(['0 b', '1 a']);
    const b = schemaOf('bs', { to: referenceTo('a') });
    expect(failureOf(() => registryOf({ a, b })).message).toContain('a → b → a');
  });

  test('do not follow references to the own type, to absent types, or that do not order', () => {
    const types = {
      a: schemaOf('as', { self: referenceTo('a'), gone: referenceTo('nowhere'), loose: referenceTo('b', false) }),
      b: schemaOf('bs', { to: referenceTo('a') }),
    };
    expect(ranks(types)).toEqual(['0 a', '1 b']);
  });

  test('of kinds are those of their type, or follow the types and kinds that they need', () => {
    const a = schemaOf('as');
    a['x-graph'].kinds = [{ odataType: '#microsoft.graph.late', after: ['#microsoft.graph.other'] }];
    const b = schemaOf('bs', { to: referenceTo('a') });
    b['x-graph'].kinds = [
      { odataType: '#microsoft.graph.plain' },
      { odataType: '#microsoft.graph.other', after: ['b', 'nowhere'] },
    ];
    const kinds = registryOf({ a, b }).types.flatMap((type) =>
      type.kinds.map(({ odataType, rank }) => [odataType, rank]),
    );
    expect(kinds).toEqual([
      ['#microsoft.graph.late', 3],
      ['#microsoft.graph.plain', 1],
      ['#microsoft.graph.other', 2],
    ]);
    b['x-graph'].kinds = [{ odataType: '#microsoft.graph.other', after: ['#microsoft.graph.late'] }];
    expect(failureOf(() => registryOf({ a, b })).message).toContain('#microsoft.graph.late → #microsoft.graph.other');
  });

  test('do not follow links', () => {
    const link = {
      type: 'array',
      items: { type: 'string', format: 'uuid' },
      'x-link': {
        targets: ['b'],
        cardinality: 'many',
        list: { path: '/as/{id}/parts' },
        add: { path: '/as/{id}', bind: 'parts@odata.bind', perRequest: 20 },
        remove: { path: '/as/{id}/parts/{target}/$ref' },
      },
    };
    const types = { a: schemaOf('as', { parts: link }), b: schemaOf('bs', { to: referenceTo('a') }) };
    expect(ranks(types)).toEqual(['0 a', '1 b']);
  });

  test('are the same when only some types are asked for', () => {
    const types = { a: schemaOf('as', { to: referenceTo('b') }), b: schemaOf('bs') };
    expect(ranks(types, ['a'])).toEqual(['1 a']);
  });

  test('a cycle is refused by its names', () => {
    const types = {
      a: schemaOf('as', { to: referenceTo('b') }),
      b: schemaOf('bs', { to: referenceTo('c') }),
      c: schemaOf('cs', { to: referenceTo('b') }),
    };
    const failure = failureOf(() => registryOf(types));
    expect(failure.code).toBe('KG302');
    expect(failure.message).toContain('b → c → b');
  });
});

describe('the registry', () => {
  const types = { a: schemaOf('as'), b: schemaOf('bs') };

  test('finds types by name and by folder', () => {
    const registry = registryOf(types);
    expect(registry.byName.get('a')?.folder).toBe('as');
    expect(registry.byFolder.get('bs')?.name).toBe('b');
  });

  test('knows by which properties objects are referred to, wherever that stands', () => {
    const by = (type: string, name: string) => ({ type: 'string', 'x-ref': { types: [type], by: name } });
    const deep = {
      type: 'object',
      additionalProperties: false,
      properties: { list: { type: 'array', 'x-compare': 'set', items: by('b', 'displayName') } },
    };
    const registry = registryOf({
      a: schemaOf('as', { deep, again: by('b', 'displayName'), other: by('b', 'code'), plain: referenceTo('b') }),
      b: schemaOf('bs'),
    });
    expect(registry.byName.get('b')?.aliases).toEqual(['displayName', 'code']);
    expect(registry.byName.get('a')?.aliases).toEqual([]);
  });

  test('an unknown type is refused with the nearest name, or all of them', () => {
    const failure = failureOf(() => registryOf({ thing: schemaOf('things') }, ['thign']));
    expect([failure.code, failure.remedy]).toEqual(['KG303', 'Did you mean thing?']);
    expect(failureOf(() => registryOf(types, ['policy'])).remedy).toBe('Types: a, b.');
  });

  test('the digest depends on content and order of members, not on white space or on what is asked for', () => {
    const { digest } = registryOf(types);
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(registryOf({ ...types, a: JSON.stringify(types.a, null, 8) }).digest).toBe(digest);
    expect(registryOf(types, ['a']).digest).toBe(digest);
    const { id, displayName } = types.a.properties;
    expect(registryOf({ ...types, a: { ...types.a, properties: { displayName, id } } }).digest).not.toBe(digest);
    expect(registryOf({ a: types.a }).digest).not.toBe(digest);
  });
});
