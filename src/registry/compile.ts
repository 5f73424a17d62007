/** One type schema → one object type, except for what depends on the other types. */

import { type Json, jsonEqual } from '../model/json.js';
import { checkNames, keysOf, referredBy } from './consistency.js';
import { refuse } from './dialect.js';
import type { Permissions } from './permissions.js';
import type { GraphKeyword, LinkKeyword, RequestKeyword, SchemaFile, SchemaNode } from './schema.js';
import { DISCRIMINATOR, ShapeCompiler } from './shape.js';
import type { Edge, Kind, Link, ObjectType, Property, RecycleBin, TypeVariant } from './types.js';
import { uniteProperties } from './unite.js';

export type UnrankedType = Omit<ObjectType, 'rank' | 'aliases' | 'kinds'> & { readonly kinds: readonly UnrankedKind[] };

export type UnrankedKind = Omit<Kind, 'rank'> & { readonly after: readonly string[] };

type Path = readonly (string | number)[];

/** Compiles a schema that the dialect has accepted. What contradicts itself is a Failure that lists all of it. */
export function compileType(file: SchemaFile, root: SchemaNode): UnrankedType {
  const compiler = new ShapeCompiler(root.$defs ?? {});
  const graph = root['x-graph'];
  if (graph === undefined) compiler.problem([], 'The root must have "x-graph".');
  const bodies = typeBodies(root, compiler);
  const variants: TypeVariant[] = bodies.map(({ node, path, odataType }) => ({
    ...(odataType === undefined ? {} : { odataType }),
    properties: propertiesOf(node, path, compiler),
  }));
  const properties = mergeByName(
    bodies,
    variants.map((variant) => variant.properties),
    (known, other) => (known.name === DISCRIMINATOR ? known : uniteProperties(known, other)),
    compiler,
  );
  const linksByBody = bodies.map(({ node, path }) => linksOf(node, path, compiler));
  const links = mergeByName(bodies, linksByBody, sameLink, compiler);
  if (graph !== undefined) checkNames(graph, root['x-permissions'] ?? {}, properties, compiler);
  refuse(file.file, compiler.problems);
  const { path, version = 'v1.0', folder, label, pageSize } = graph as GraphKeyword;
  return {
    name: file.name,
    title: root.title ?? file.name,
    ...(root.description === undefined ? {} : { description: root.description }),
    path,
    version,
    keys: keysOf(graph as GraphKeyword),
    singleton: graph?.singleton,
    inline: graph?.inline,
    filter: graph?.filter,
    expand: graph?.expand ?? [],
    kinds: (graph?.kinds ?? []).map(({ odataType, cast = false, after = [] }) => ({ odataType, cast, after })),
    edge: edgeOf(graph as GraphKeyword, properties),
    fixture: graph?.fixture,
    unavailable: root['x-unavailable'] ?? [],
    folder,
    sharded: graph?.sharded ?? false,
    label,
    select: graph?.select ?? false,
    pageSize,
    bin: binOf(graph as GraphKeyword),
    delta: graph?.delta,
    gate: graph?.gate ?? false,
    after: graph?.after ?? [],
    deletable: graph?.deletable ?? false,
    remake: graph?.remake,
    permissions: permissionsOf(root),
    strategy: root['x-strategy'],
    variants,
    properties,
    links,
  };
}

interface Body {
  readonly node: SchemaNode;
  readonly path: Path;
  readonly odataType?: string;
}

/** The objects a type can be: the root itself, or the branches of its `oneOf`. */
function typeBodies(root: SchemaNode, compiler: ShapeCompiler): Body[] {
  if (root.oneOf === undefined) {
    compiler.closed(root, []);
    return [{ node: root, path: [] }];
  }
  if (root.properties !== undefined) {
    compiler.problem(['properties'], 'A type with "oneOf" declares its properties in the branches.');
  }
  return root.oneOf.map((node, index) => {
    const path = ['oneOf', index];
    compiler.closed(node, path);
    const odataType = compiler.discriminator(node, path);
    return { node, path, ...(odataType === undefined ? {} : { odataType }) };
  });
}

/** What all bodies declare, in order, each name once; the same name must mean the same everywhere. */
function mergeByName<Declared extends { readonly name: string }>(
  bodies: readonly Body[],
  declared: readonly (readonly Declared[])[],
  unite: (known: Declared, other: Declared) => Declared | undefined,
  compiler: ShapeCompiler,
): Declared[] {
  const merged = new Map<string, Declared>();
  for (const [index, { path }] of bodies.entries()) {
    for (const item of declared[index] ?? []) {
      const known = merged.get(item.name);
      const united = known === undefined ? item : unite(known, item);
      if (united !== undefined) merged.set(item.name, united);
      else compiler.problem([...path, 'properties', item.name], 'It is declared differently in another branch.');
    }
  }
  return [...merged.values()];
}

function sameLink(known: Link, other: Link): Link | undefined {
  return jsonEqual(known as unknown as Json, other as unknown as Json) ? known : undefined;
}

function propertiesOf(body: SchemaNode, path: Path, compiler: ShapeCompiler): Property[] {
  return Object.entries(body.properties ?? {})
    .filter(([, node]) => node['x-link'] === undefined)
    .map(([name, node]) => {
      const shape = compiler.shape(node, [...path, 'properties', name]);
      return {
        name,
        shape,
        access: node['x-access'] ?? 'readWrite',
        clearable: node['x-clearable'] ?? (shape.kind === 'collection' || canBeNull(compiler.resolve(node))),
        sensitive: node['x-sensitive'] ?? false,
        unique: node['x-unique'] ?? false,
        native: node['x-native'],
        ...(node['x-permissions'] === undefined ? {} : { permissions: node['x-permissions'] }),
        optional: node['x-optional'] ?? false,
        ...requestOf(node['x-request'] ?? {}),
        ...(node.description === undefined ? {} : { description: node.description }),
      };
    });
}

type RequestFacts = Pick<Property, 'whole' | 'with' | 'part' | 'disableFirst' | 'union'>;

function requestOf({ part, union, ...rest }: RequestKeyword): RequestFacts {
  return {
    ...rest,
    ...(part === undefined ? {} : { part: { version: 'v1.0' as const, read: false, ...part } }),
    ...(union === undefined ? {} : { union: { send: 'own' as const, ...union } }),
  };
}

function canBeNull({ type, oneOf }: SchemaNode): boolean {
  return [type ?? []].flat().includes('null') || (oneOf ?? []).some((branch) => branch.type === 'null');
}

function linksOf(body: SchemaNode, path: Path, compiler: ShapeCompiler): Link[] {
  return Object.entries(body.properties ?? {}).flatMap(([name, node]) => {
    const link = node['x-link'];
    if (link === undefined) return [];
    const ids = link.cardinality === 'many' ? node.items : node;
    const type = link.cardinality === 'many' ? 'array' : 'string';
    if (node.type !== type || ids?.type !== 'string' || ids.format !== 'uuid') {
      const form = link.cardinality === 'many' ? 'a list of texts' : 'one text';
      compiler.problem([...path, 'properties', name], `This link must be ${form} with "format": "uuid".`);
    }
    checkAdd(name, link.add, [...path, 'properties', name, 'x-link', 'add'], compiler);
    const { targets, cardinality, list, delta, add, remove } = link;
    return [
      {
        name,
        targets,
        cardinality,
        list: { path: list.path, version: list.version ?? 'v1.0' },
        ...(delta === undefined ? {} : { delta: { apart: delta.apart ?? {} } }),
        add: { ...add, perRequest: add.perRequest ?? 1 },
        remove,
        ...(node['x-strategy'] === undefined ? {} : { strategy: node['x-strategy'] }),
        native: node['x-native'],
        ...(node['x-permissions'] === undefined ? {} : { permissions: node['x-permissions'] }),
      },
    ];
  });
}

function checkAdd(
  name: string,
  { path, bind, perRequest = 1 }: LinkKeyword['add'],
  at: Path,
  compiler: ShapeCompiler,
): void {
  if (path.endsWith('/$ref') === (bind !== undefined)) {
    compiler.problem([...at, 'path'], 'It ends in /$ref where there is no "bind", and only there.');
  }
  if (bind !== undefined && bind !== `${name}@odata.bind`) {
    compiler.problem([...at, 'bind'], `It must be "${name}@odata.bind".`);
  }
  if (bind === undefined && perRequest !== 1) compiler.problem([...at, 'perRequest'], 'One reference is one request.');
}

function edgeOf({ edge }: GraphKeyword, properties: readonly Property[]): Edge | undefined {
  if (edge === undefined) return undefined;
  return { ...edge, ownerType: referredBy(properties, edge.owner)[0] ?? '' };
}

/** What a kind takes beside its type is what objects take whose `@odata.type` is that kind. */
function permissionsOf(root: SchemaNode): Permissions {
  const { where = [], ...all } = root['x-permissions'] ?? {};
  const kinds = (root['x-graph']?.kinds ?? []).flatMap(({ odataType, permissions }) =>
    permissions === undefined ? [] : [{ property: DISCRIMINATOR, equals: odataType, ...permissions }],
  );
  const some = [...where, ...kinds];
  return some.length === 0 ? all : { ...all, where: some };
}

function binOf({ bin }: GraphKeyword): RecycleBin | undefined {
  if (bin === undefined) return undefined;
  return { list: bin.list, get: bin.get, restore: bin.restore, misreports: bin.misreports ?? [] };
}
