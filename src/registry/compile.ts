/** One type schema → one object type, except for its rank, which depends on the other types. */

import { type Json, jsonEqual } from '../model/json.js';
import { nearest } from '../model/nearest.js';
import { DELETED } from '../model/object.js';
import { refuse } from './dialect.js';
import type { GraphKeyword, SchemaFile, SchemaNode } from './schema.js';
import { DISCRIMINATOR, ShapeCompiler } from './shape.js';
import type { Link, ObjectType, Property, RecycleBin, TypeVariant } from './types.js';

export type UnrankedType = Omit<ObjectType, 'rank'>;

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
    compiler,
  );
  const linksByBody = bodies.map(({ node, path }) => linksOf(node, path, compiler));
  const links = mergeByName(bodies, linksByBody, compiler);
  if (graph !== undefined) checkNames(graph, properties, compiler);
  refuse(file.file, compiler.problems);
  const { path, version = 'v1.0', key, folder, label, pageSize } = graph as GraphKeyword;
  return {
    name: file.name,
    title: root.title ?? file.name,
    path,
    version,
    key,
    folder,
    sharded: graph?.sharded ?? false,
    label,
    select: graph?.select ?? false,
    pageSize,
    bin: binOf(graph as GraphKeyword),
    gate: graph?.gate ?? false,
    deletable: graph?.deletable ?? false,
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
  compiler: ShapeCompiler,
): Declared[] {
  const merged = new Map<string, Declared>();
  for (const [index, { path }] of bodies.entries()) {
    for (const item of declared[index] ?? []) {
      const known = merged.get(item.name);
      if (known === undefined) merged.set(item.name, item);
      else if (item.name !== DISCRIMINATOR && !jsonEqual(known as unknown as Json, item as unknown as Json)) {
        compiler.problem([...path, 'properties', item.name], 'It is declared differently in another branch.');
      }
    }
  }
  return [...merged.values()];
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
        clearable: node['x-clearable'] ?? (shape.kind === 'collection' || canBeNull(node)),
        sensitive: node['x-sensitive'] ?? false,
        unique: node['x-unique'] ?? false,
        native: node['x-native'],
        ...(node['x-permissions'] === undefined ? {} : { permissions: node['x-permissions'] }),
        ...(node['x-request']?.whole === true ? { whole: true as const } : {}),
        ...(node['x-request']?.with === undefined ? {} : { with: node['x-request'].with }),
        ...(node.description === undefined ? {} : { description: node.description }),
      };
    });
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
    if (link.add.bind !== `${name}@odata.bind`) {
      const at = [...path, 'properties', name, 'x-link', 'add', 'bind'];
      compiler.problem(at, `It must be "${name}@odata.bind".`);
    }
    const { targets, cardinality, list, add, remove } = link;
    return [
      {
        name,
        targets,
        cardinality,
        list: { path: list.path, version: list.version ?? 'v1.0' },
        add,
        remove,
        ...(node['x-strategy'] === undefined ? {} : { strategy: node['x-strategy'] }),
        native: node['x-native'],
        ...(node['x-permissions'] === undefined ? {} : { permissions: node['x-permissions'] }),
      },
    ];
  });
}

function binOf({ bin }: GraphKeyword): RecycleBin | undefined {
  if (bin === undefined) return undefined;
  return { list: bin.list, get: bin.get, restore: bin.restore, misreports: bin.misreports ?? [] };
}

/** Names of properties inside keywords must be names of properties, of the right kind. */
function checkNames(graph: GraphKeyword, properties: readonly Property[], compiler: ShapeCompiler): void {
  const known = new Map(properties.map((property) => [property.name, property]));
  const mentioned: readonly (readonly [Path, string])[] = [
    [['x-graph', 'key'], graph.key],
    ...graph.label.map((name, index) => [['x-graph', 'label', index], name] as const),
    ...(graph.bin?.misreports ?? []).map((name, index) => [['x-graph', 'bin', 'misreports', index], name] as const),
    ...properties.flatMap((property) =>
      (property.with ?? []).map((name) => [['properties', property.name, 'x-request', 'with'], name] as const),
    ),
  ];
  for (const [path, name] of mentioned) {
    if (known.has(name)) continue;
    const near = nearest(name, known.keys()).map((candidate) => JSON.stringify(candidate));
    const remedy = near.length > 0 ? `Write ${near.join(' or ')}.` : undefined;
    compiler.problem(path, `There is no property ${JSON.stringify(name)}.`, remedy);
  }
  const key = known.get(graph.key);
  if (key !== undefined && key.access !== 'identity') {
    compiler.problem(['x-graph', 'key'], `${JSON.stringify(graph.key)} must have "x-access": "identity".`);
  }
  if (graph.bin !== undefined && known.get(DELETED)?.access !== 'context') {
    compiler.problem(['x-graph', 'bin'], `A type with a recycle bin declares "${DELETED}" with "x-access": "context".`);
  }
  if (graph.deletable === true && graph.bin === undefined) {
    compiler.problem(['x-graph', 'deletable'], 'Only a type with a recycle bin can be deleted.');
  }
}
