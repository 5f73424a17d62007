/** Where in a type schema each keyword may stand. */

import { pointer, type SchemaNode, type SchemaProblem } from './schema.js';

/** `property`: a top-level property of the type, or of one of its variants. `inside`: anything deeper, and $defs. */
type Place = 'root' | 'branch' | 'property' | 'inside';

const PLACES: ReadonlyMap<string, readonly Place[]> = new Map<string, readonly Place[]>([
  ['$schema', ['root']],
  ['$defs', ['root']],
  ['x-graph', ['root']],
  ['x-permissions', ['root', 'property']],
  ['x-access', ['property']],
  ['x-clearable', ['property']],
  ['x-request', ['property']],
  ['x-link', ['property']],
  ['x-native', ['property']],
  ['x-unique', ['property']],
  ['x-optional', ['property']],
  ['x-unavailable', ['root']],
  ['x-derived', ['inside']],
  ['x-compare', ['property', 'inside']],
  ['x-ref', ['property', 'inside']],
  ['x-sensitive', ['property', 'inside']],
  ['x-strategy', ['root', 'property', 'inside']],
]);

const PLACE_NAMES: Readonly<Record<Place, string>> = {
  root: 'the root of the schema',
  branch: 'a branch of the root',
  property: 'a top-level property of the type',
  inside: 'a value inside a property',
};

type Path = readonly (string | number)[];

/** Every keyword of a schema that stands where it means nothing. */
export function misplaced(root: SchemaNode): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  visit(root, [], 'root', problems);
  return problems;
}

function visit(node: SchemaNode, path: Path, place: Place, problems: SchemaProblem[]): void {
  for (const keyword of Object.keys(node)) {
    const places = PLACES.get(keyword);
    if (places !== undefined && !places.includes(place)) {
      problems.push({
        path: [...path, keyword],
        message: `${JSON.stringify(keyword)} means nothing on ${PLACE_NAMES[place]} (${pointer(path) || '/'}).`,
        remedy: `Put it on ${places.map((name) => PLACE_NAMES[name]).join(' or ')}.`,
      });
    }
  }
  const members = place === 'root' || place === 'branch' ? 'property' : 'inside';
  for (const [name, child] of Object.entries(node.properties ?? {})) {
    visit(child, [...path, 'properties', name], members, problems);
  }
  for (const [name, child] of Object.entries(node.$defs ?? {})) {
    visit(child, [...path, '$defs', name], 'inside', problems);
  }
  for (const [index, child] of (node.oneOf ?? []).entries()) {
    visit(child, [...path, 'oneOf', index], place === 'root' ? 'branch' : 'inside', problems);
  }
  if (node.items !== undefined) visit(node.items, [...path, 'items'], 'inside', problems);
}
