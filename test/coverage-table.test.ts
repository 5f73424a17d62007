import { describe, expect, it } from 'vitest';
import { coverageOfTypes, coverageTable } from '../src/coverage-table.js';
import type { CoverageItem } from '../src/model/coverage-table.js';
import { loadRegistry } from '../src/registry/load.js';
import type { ObjectType, Property, Registry } from '../src/registry/types.js';

const registry = loadRegistry();
const shape: Property['shape'] = { kind: 'scalar', scalar: 'string', caseInsensitive: false, sensitive: false };

function property(name: string, more: Partial<Property> = {}): Property {
  return {
    name,
    shape,
    access: 'readWrite',
    clearable: true,
    sensitive: false,
    unique: false,
    native: undefined,
    optional: false,
    ...more,
  };
}

/** A made-up type: nothing in the table depends on which types there are. */
function made(more: Partial<ObjectType>): ObjectType {
  const [base] = registry.types as readonly [ObjectType];
  const nothing = {
    edge: undefined,
    singleton: undefined,
    bin: undefined,
    fixture: undefined,
    gate: false,
    deletable: false,
  };
  return {
    ...base,
    ...nothing,
    name: 'thing',
    title: 'Thing',
    unavailable: [],
    links: [],
    properties: [],
    variants: [{ properties: more.properties ?? [] }],
    permissions: {},
    ...more,
  };
}

const tableOf = (type: ObjectType) => {
  const [only] = coverageTable({ ...registry, types: [type] } as Registry).types;
  if (only === undefined) throw new Error('no type');
  return only;
};
const itemOf = (type: Partial<ObjectType>, one: Partial<Property>): CoverageItem =>
  tableOf(made({ ...type, properties: [property('p', one)] })).items[0] as CoverageItem;

const EDGE = { owner: 'p', ownerType: 'thing', list: '/l', create: '/c', item: '/i/{id}' };

describe('a property', () => {
  it.each([
    ['readWrite', 'recoverable'],
    ['readOnly', 'shown-only'],
    ['createOnly', 'shown-only'],
    ['context', 'context'],
    ['identity', 'context'],
    ['writeOnly', 'no-api'],
  ] as const)('that is %s is %s, with a reason unless it comes back', (access, coverage) => {
    const item = itemOf({}, { access });
    expect(item.coverage).toBe(coverage);
    expect(item.reason === undefined).toBe(coverage === 'recoverable');
  });

  it('of an edge is what the edge is made with; of one that is only read it is shown', () => {
    expect(itemOf({ edge: EDGE }, { access: 'identity' }).coverage).toBe('recoverable');
    expect(itemOf({ edge: EDGE }, { access: 'context' }).coverage).toBe('context');
    const { list: _, create: __, item: ___, ...readOnly } = EDGE;
    expect(itemOf({ edge: readOnly }, { access: 'identity' })).toMatchObject({
      coverage: 'shown-only',
      reason: expect.any(String),
    });
  });

  it('needs the permissions of its type and its own; those to write only where it is written', () => {
    const permissions = { read: ['B.Read'], update: ['B.Write'] };
    const own = { read: ['A.Read'], update: ['A.Write'] };
    expect(itemOf({ permissions }, { permissions: own }).permissions).toEqual({
      read: ['A.Read', 'B.Read'],
      write: ['A.Write', 'B.Write'],
    });
    expect(itemOf({ permissions }, { access: 'readOnly' }).permissions).toEqual({ read: ['B.Read'], write: [] });
  });

  it('is covered by Microsoft, or goes beyond it', () => {
    expect(itemOf({}, { native: 'Name' }).native).toBe('Name');
    expect(itemOf({}, { native: false }).native).toBeNull();
    expect(itemOf({}, {}).native).toBeNull();
  });
});

describe('a type', () => {
  it('counts what Microsoft covers by what becomes of it, settings without an API included', () => {
    const type = tableOf(
      made({
        properties: [
          property('a', { native: 'A' }),
          property('b', { native: 'B', access: 'readOnly' }),
          property('c', { native: 'C', access: 'context' }),
          property('d'),
          property('e', { optional: true }),
        ],
        unavailable: [{ native: 'Z', reason: 'Graph does not have it.' }],
      }),
    );
    expect(type.native).toEqual({ total: 4, recoverable: 1, shownOnly: 1, context: 1, noApi: 1 });
    expect(type.beyond).toBe(2);
    expect(type.items.at(-1)).toMatchObject({
      name: null,
      kind: 'setting',
      native: 'Z',
      reason: 'Graph does not have it.',
    });
    expect(type.items.filter(({ optional }) => optional).map(({ name }) => name)).toEqual(['e']);
  });
});

describe('a type of several kinds', () => {
  const kind = (name: string, ...properties: Property[]) => ({ odataType: `#microsoft.graph.${name}`, properties });
  const both = [property('id', { access: 'identity' }), property('state', { native: 'A' })];

  it('tells once what all have alike, and kind by kind what has another name, or none, in the product', () => {
    const a = kind('a', ...both, property('own'));
    const b = kind('b', ...both.slice(0, 1), property('state', { native: 'B' }));
    const c = kind('c', ...both.slice(0, 1), property('state', { native: false }));
    const d = kind('d', ...both.slice(0, 1), property('state', { native: false }));
    const { items, native, beyond } = tableOf(made({ variants: [a, b, c, d] }));
    expect(items.map(({ name, of, native }) => [name, of, native])).toEqual([
      ['id', undefined, null],
      ['state', ['a'], 'A'],
      ['own', ['a'], null],
      ['state', ['b'], 'B'],
      ['state', ['c', 'd'], null],
    ]);
    expect([native.total, beyond]).toEqual([2, 2]);
  });
});

describe('the types there are', () => {
  const table = coverageOfTypes();

  it('are all in the table, with everything that they declare', () => {
    expect(table.types.map(({ type }) => type).sort()).toEqual([...registry.byName.keys()].sort());
    for (const { type, items } of table.types) {
      const { variants = [], links = [], unavailable = [] } = registry.byName.get(type) ?? {};
      const told = items.filter(({ kind }) => kind === 'property');
      const names = (list: readonly { name: string | null; native?: string | false | null | undefined }[]) =>
        [...new Set(list.map(({ name, native }) => `${name}: ${native || 'not covered'}`))].sort();
      expect(names(told)).toEqual(names(variants.flatMap(({ properties }) => properties)));
      expect(told).toHaveLength(new Set(told.map(({ name, native }) => `${name}: ${native}`)).size);
      expect(items).toHaveLength(told.length + links.length + unavailable.length);
    }
  });

  it('say why of everything that Microsoft covers and that does not come back', () => {
    const silent = table.types.flatMap(({ items }) =>
      items.filter(({ native, coverage, reason }) => native !== null && coverage !== 'recoverable' && !reason),
    );
    expect(silent).toEqual([]);
  });

  it('need permissions to be read, and to be written where anything of them is', () => {
    for (const { type, items } of table.types) {
      for (const { name, coverage, permissions } of items) {
        if (coverage === 'no-api') continue;
        expect(permissions.read, `${type}.${name}`).not.toEqual([]);
        if (coverage === 'recoverable') expect(permissions.write, `${type}.${name}`).not.toEqual([]);
      }
    }
  });

  it('can be asked for one by one', () => {
    const [first, second] = table.types;
    expect(coverageOfTypes([second?.type ?? '', first?.type ?? '']).types).toEqual([first, second]);
    expect(() => coverageOfTypes(['nothing'])).toThrow(expect.objectContaining({ code: 'KG120' }));
  });
});
