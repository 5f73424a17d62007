/** One type schema → one object type, except for what depends on the other types. */

import { type Json, jsonEqual } from '../model/json.js';
import { nearest } from '../model/nearest.js';
import { DELETED } from '../model/object.js';
import { refuse } from './dialect.js';
import type { GraphKeyword, LinkKeyword, RequestKeyword, SchemaFile, SchemaNode } from './schema.js';
import { DISCRIMINATOR, ShapeCompiler } from './shape.js';
import type { Edge, Link, ObjectType, Property, RecycleBin, Shape, TypeVariant } from './types.js';
import { uniteProperties } from './unite.js';

export type UnrankedType = Omit<ObjectType, 'rank' | 'aliases'>;

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
  if (graph !== undefined) checkNames(graph, properties, compiler);
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
    kinds: (graph?.kinds ?? []).map(({ odataType, cast = false }) => ({ odataType, cast })),
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
    permissions: root['x-permissions'] ?? {},
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

function keysOf({ key }: GraphKeyword): ObjectType['keys'] {
  const [first = '', ...more] = [key].flat();
  return [first, ...more];
}

function edgeOf({ edge }: GraphKeyword, properties: readonly Property[]): Edge | undefined {
  if (edge === undefined) return undefined;
  return { ...edge, ownerType: referredBy(properties, edge.owner)[0] ?? '' };
}

/** Types of the objects that a property's text identifies; none for other properties. */
function referredBy(properties: readonly Property[], name: string): readonly string[] {
  const shape = properties.find((property) => property.name === name)?.shape;
  return shape?.kind === 'scalar' ? (shape.reference?.types ?? []) : [];
}

function binOf({ bin }: GraphKeyword): RecycleBin | undefined {
  if (bin === undefined) return undefined;
  return { list: bin.list, get: bin.get, restore: bin.restore, misreports: bin.misreports ?? [] };
}

/** Names of properties of the same type inside the keywords of a property, and where they stand. */
function namesIn({ name, with: together, union, shape }: Property): (readonly [Path, string])[] {
  const within = shape.kind === 'scalar' ? shape.reference?.within : undefined;
  return [
    ...(together ?? []).map((other) => [['properties', name, 'x-request', 'with'], other] as const),
    ...(union === undefined ? [] : [[['properties', name, 'x-request', 'union', 'by'], union.by] as const]),
    ...(within === undefined ? [] : [[['properties', name, 'x-ref', 'within', 'object'], within.object] as const]),
  ];
}

/** Names of properties inside keywords must be names of properties, of the right kind. */
function checkNames(graph: GraphKeyword, properties: readonly Property[], compiler: ShapeCompiler): void {
  const known = new Map(properties.map((property) => [property.name, property]));
  const mentioned: readonly (readonly [Path, string])[] = [
    ...keysOf(graph).map((name) => [['x-graph', 'key'], name] as const),
    ...(graph.edge === undefined ? [] : [[['x-graph', 'edge', 'owner'], graph.edge.owner] as const]),
    ...(graph.fixture === undefined ? [] : [[['x-graph', 'fixture', 'property'], graph.fixture.property] as const]),
    ...graph.label.map((name, index) => [['x-graph', 'label', index], name] as const),
    ...(graph.bin?.misreports ?? []).map((name, index) => [['x-graph', 'bin', 'misreports', index], name] as const),
    ...(graph.expand ?? []).map((name, index) => [['x-graph', 'expand', index], name] as const),
    ...properties.flatMap(namesIn),
  ];
  for (const [path, name] of mentioned) {
    if (known.has(name)) continue;
    const near = nearest(name, known.keys()).map((candidate) => JSON.stringify(candidate));
    const remedy = near.length > 0 ? `Write ${near.join(' or ')}.` : undefined;
    compiler.problem(path, `There is no property ${JSON.stringify(name)}.`, remedy);
  }
  for (const name of keysOf(graph)) {
    const key = known.get(name);
    if (key === undefined || key.access === 'identity') continue;
    compiler.problem(['x-graph', 'key'], `${JSON.stringify(name)} must have "x-access": "identity".`);
  }
  for (const { name, disableFirst, shape } of properties) {
    if (disableFirst === undefined || itemsAre(disableFirst, shape)) continue;
    const at = ['properties', name, 'x-request', 'disableFirst'];
    compiler.problem(at, 'It must lead to a list of objects with "id" and "isEnabled".');
  }
  checkEdge(graph, properties, compiler);
  if (graph.bin !== undefined && known.get(DELETED)?.access !== 'context') {
    compiler.problem(['x-graph', 'bin'], `A type with a recycle bin declares "${DELETED}" with "x-access": "context".`);
  }
  if (graph.deletable === true && graph.bin === undefined) {
    compiler.problem(['x-graph', 'deletable'], 'Only a type with a recycle bin can be deleted.');
  }
}

/** Whether items that can be disabled are where the keyword says. */
function itemsAre(where: true | string, shape: Shape): boolean {
  const [inside] = shape.kind === 'complex' ? shape.variants : [];
  const list = where === true ? shape : inside?.members.find(({ name }) => name === where)?.shape;
  if (list?.kind !== 'collection' || list.items.kind !== 'complex') return false;
  return list.items.variants.every(({ members }) =>
    ['id', 'isEnabled'].every((needed) => members.some(({ name }) => name === needed)),
  );
}

/** An edge is identified by several properties, one of them its owner; only edges are listed owner by owner. */
function checkEdge(graph: GraphKeyword, properties: readonly Property[], compiler: ShapeCompiler): void {
  const { edge, path } = graph;
  if (edge === undefined) {
    if (path.includes('{owner}')) compiler.problem(['x-graph', 'path'], 'Only edges are listed owner by owner.');
    if (keysOf(graph).length > 1) compiler.problem(['x-graph', 'key'], 'Only an edge has several.');
    return;
  }
  if (!keysOf(graph).includes(edge.owner)) {
    compiler.problem(['x-graph', 'edge', 'owner'], 'The owner must be one of "key".');
  }
  if (referredBy(properties, edge.owner).length !== 1) {
    compiler.problem(['properties', edge.owner], 'The owner needs an "x-ref" to one type.');
  }
  if (
    (edge.create === undefined) !== (edge.item === undefined) ||
    (edge.create === undefined) !== (edge.list === undefined)
  ) {
    compiler.problem(['x-graph', 'edge'], '"list", "create" and "item" are given together.');
  }
  if (graph.bin !== undefined) compiler.problem(['x-graph', 'bin'], 'An edge has no recycle bin.');
}
