/** Finds out whether what a value refers to is still there. Pure. */

import { isJsonArray, isJsonObject, type Json } from '../model/json.js';
import type { Shape } from '../registry/types.js';
import type { LinkContext } from './judge-links.js';

/**
 * The first object that a value names and that was deleted for good: Graph takes no value that names it ("Conditional
 * Access: create and update", which check every reference). Undefined when there is none, or it is not known.
 */
export function goneTarget(shape: Shape, value: Json | undefined, context: LinkContext): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (shape.kind === 'collection') {
    const items = isJsonArray(value) ? value : [];
    return first(items, (item) => goneTarget(shape.items, item, context));
  }
  if (shape.kind === 'complex') {
    if (!isJsonObject(value)) return undefined;
    const members = shape.variants.flatMap((variant) => variant.members);
    return first(members, ({ name, shape: inner }) => goneTarget(inner, value[name], context));
  }
  const { reference } = shape;
  if (reference === undefined || reference.by !== 'key' || reference.within !== undefined) return undefined;
  if (typeof value !== 'string' || !reference.orders) return undefined;
  const id = value.toLowerCase();
  return context.standing(id, reference.types) === 'absent' ? id : undefined;
}

function first<T>(items: readonly T[], find: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
