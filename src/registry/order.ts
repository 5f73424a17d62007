/** The order in which types are written, derived from the references between them. */

import { byCodeUnit } from '../model/object.js';
import { Failure } from '../model/problem.js';
import type { UnrankedType } from './compile.js';
import type { Reference, Shape } from './types.js';

/**
 * The rank of every type: 0 where it needs no other, else one more than the highest rank it needs. Only references that
 * order count, and only to other types that are given; links never order. A cycle is a Failure that names it.
 */
export function rankTypes(types: readonly UnrankedType[]): Map<string, number> {
  const names = new Set(types.map(({ name }) => name));
  const needs = new Map(types.map((type) => [type.name, neededTypes(type, names)]));
  const ranks = new Map<string, number>();
  const rank = (name: string, above: readonly string[]): number => {
    const known = ranks.get(name);
    if (known !== undefined) return known;
    if (above.includes(name)) throw cycle([...above.slice(above.indexOf(name)), name]);
    const below = (needs.get(name) ?? []).map((needed) => rank(needed, [...above, name]));
    const own = Math.max(-1, ...below) + 1;
    ranks.set(name, own);
    return own;
  };
  for (const name of [...names].sort(byCodeUnit)) rank(name, []);
  return ranks;
}

/**
 * The rank of every kind, by its `@odata.type`: that of its type, or one more than the highest rank that it needs of types
 * and other kinds. A cycle is a Failure that names it.
 */
export function rankKinds(types: readonly UnrankedType[], ranks: ReadonlyMap<string, number>): Map<string, number> {
  const kinds = new Map(types.flatMap((type) => type.kinds.map((kind) => [kind.odataType, { type, kind }] as const)));
  const rank = (name: string, above: readonly string[]): number => {
    if (above.includes(name)) throw cycle([...above.slice(above.indexOf(name)), name]);
    const found = kinds.get(name);
    if (found === undefined) return ranks.get(name) ?? -1;
    const below = found.kind.after.map((needed) => rank(needed, [...above, name]));
    return Math.max(ranks.get(found.type.name) ?? 0, ...below.map((own) => own + 1));
  };
  return new Map([...kinds.keys()].map((name) => [name, rank(name, [])]));
}

function neededTypes(type: UnrankedType, names: ReadonlySet<string>): string[] {
  const needed = new Set(type.after);
  for (const { shape } of type.properties) collect(shape, needed);
  return [...needed].filter((name) => name !== type.name && names.has(name)).sort(byCodeUnit);
}

function collect(shape: Shape, needed: Set<string>): void {
  for (const reference of referencesIn(shape)) {
    if (reference.orders) for (const name of reference.types) needed.add(name);
  }
}

/** Every reference that values of a shape may hold. */
function referencesIn(shape: Shape): readonly Reference[] {
  if (shape.kind === 'collection') return referencesIn(shape.items);
  if (shape.kind === 'scalar') return shape.reference === undefined ? [] : [shape.reference];
  return shape.variants.flatMap(({ members }) => members.flatMap((member) => referencesIn(member.shape)));
}

/** Properties, other than the key, by which types refer to each other: by type, in the order of first use. */
export function aliasesOf(types: readonly UnrankedType[]): Map<string, string[]> {
  const aliases = new Map<string, string[]>();
  const references = types.flatMap(({ properties }) => properties.flatMap(({ shape }) => referencesIn(shape)));
  for (const { types: targets, by } of references) {
    if (by === 'key') continue;
    for (const name of targets) {
      const known = aliases.get(name) ?? [];
      if (!known.includes(by)) aliases.set(name, [...known, by]);
    }
  }
  return aliases;
}

function cycle(names: readonly string[]): Failure {
  return new Failure({
    code: 'KG302',
    message: `These types each need the next one to exist first: ${names.join(' → ')}.`,
    where: 'x-ref in the type schemas',
    remedy: 'Take "orders" from one of the references in this circle.',
  });
}
