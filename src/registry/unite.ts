/** One declaration for a name that several branches of a type declare. */

import { type Json, jsonEqual } from '../model/json.js';
import type { CollectionShape, ComplexShape, Member, Property, Shape } from './types.js';

/**
 * What both declarations say together; undefined where they contradict each other. A property may have another name in
 * Microsoft's product in every branch, and its objects may have members that only some branches know.
 */
export function uniteProperties(known: Property, other: Property): Property | undefined {
  const shape = uniteShapes(known.shape, other.shape);
  if (shape === undefined || !same({ ...known, shape, native: false }, { ...other, shape, native: false })) {
    return undefined;
  }
  return { ...known, shape };
}

function uniteShapes(known: Shape, other: Shape): Shape | undefined {
  if (same(known, other)) return known;
  if (known.kind === 'collection' && other.kind === 'collection') return uniteCollections(known, other);
  if (known.kind === 'complex' && other.kind === 'complex') return uniteObjects(known, other);
  return undefined;
}

function uniteCollections(known: CollectionShape, other: CollectionShape): CollectionShape | undefined {
  const items = uniteShapes(known.items, other.items);
  return items !== undefined && same({ ...known, items }, { ...other, items }) ? { ...known, items } : undefined;
}

/** Objects that come in variants of their own, or are read by a strategy, must be the same. */
function uniteObjects(known: ComplexShape, other: ComplexShape): ComplexShape | undefined {
  const [mine, ...more] = known.variants;
  const [theirs, ...others] = other.variants;
  if (mine === undefined || theirs === undefined || more.length > 0 || others.length > 0) return undefined;
  if (known.strategy !== other.strategy || mine.odataType !== theirs.odataType) return undefined;
  const members = new Map<string, Member>(mine.members.map((member) => [member.name, member]));
  for (const member of theirs.members) {
    const shape = uniteShapes(members.get(member.name)?.shape ?? member.shape, member.shape);
    if (shape === undefined) return undefined;
    members.set(member.name, { ...member, shape });
  }
  const derived = [...new Set([...mine.derived, ...theirs.derived])];
  return { ...known, variants: [{ ...mine, members: [...members.values()], derived }] };
}

function same<Declared extends object>(a: Declared, b: Declared): boolean {
  return jsonEqual(a as unknown as Json, b as unknown as Json);
}
