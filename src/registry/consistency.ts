/** What one type schema says twice must agree: names of properties inside keywords, and keywords that need each other. */

import { nearest } from '../model/nearest.js';
import { DELETED } from '../model/object.js';
import type { Permissions } from './permissions.js';
import type { GraphKeyword } from './schema.js';
import type { ShapeCompiler } from './shape.js';
import type { ObjectType, Property, Shape } from './types.js';

type Path = readonly (string | number)[];

/** Names of the properties that identify an object. */
export function keysOf({ key }: GraphKeyword): ObjectType['keys'] {
  const [first = '', ...more] = [key].flat();
  return [first, ...more];
}

/** Types of the objects that a property's text identifies; none for other properties. */
export function referredBy(properties: readonly Property[], name: string): readonly string[] {
  const shape = properties.find((property) => property.name === name)?.shape;
  return shape?.kind === 'scalar' ? (shape.reference?.types ?? []) : [];
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
export function checkNames(
  graph: GraphKeyword,
  { where = [] }: Permissions,
  properties: readonly Property[],
  compiler: ShapeCompiler,
): void {
  const known = new Map(properties.map((property) => [property.name, property]));
  const mentioned: readonly (readonly [Path, string])[] = [
    ...keysOf(graph).map((name) => [['x-graph', 'key'], name] as const),
    ...(graph.edge === undefined ? [] : [[['x-graph', 'edge', 'owner'], graph.edge.owner] as const]),
    ...(graph.fixture === undefined ? [] : [[['x-graph', 'fixture', 'property'], graph.fixture.property] as const]),
    ...graph.label.map((name, index) => [['x-graph', 'label', index], name] as const),
    ...(graph.bin?.misreports ?? []).map((name, index) => [['x-graph', 'bin', 'misreports', index], name] as const),
    ...where.map(({ property }, index) => [['x-permissions', 'where', index, 'property'], property] as const),
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
