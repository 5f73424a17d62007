/** Finds out whether what a value refers to is still there. Pure. */

import type { Change } from '../model/change.js';
import { isJsonArray, isJsonObject, type Json } from '../model/json.js';
import type { Blocked } from '../model/plan.js';
import type { Shape } from '../registry/types.js';
import { block } from './blocked.js';
import { type LinkContext, namedBy } from './judge-links.js';

/** An object that a value names and that is not there. `nowhere`: neither side holds it; else it was deleted for good. */
export interface GoneTarget {
  readonly id: string;
  readonly standing: 'absent' | 'nowhere';
}

/**
 * The first object that a value names and that is not there: Graph takes no value that names it ("Conditional Access: create
 * and update", which check every reference). Undefined when there is none, or it is not known.
 */
export function goneTarget(shape: Shape, value: Json | undefined, context: LinkContext): GoneTarget | undefined {
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
  if (reference.sentinels.includes(value) || Object.hasOwn(reference.words, value)) return undefined;
  const id = value.toLowerCase();
  const standing = context.standing(id, reference.types);
  return standing === 'absent' || standing === 'nowhere' ? { id, standing } : undefined;
}

/** Why a value that names it cannot be written. */
export function namesWhatIsGone({ id, standing }: GoneTarget, change: Change, context: LinkContext): Blocked {
  const [what, remedy] =
    standing === 'absent'
      ? ['was deleted for good', 'Set it by hand, without what is gone or with what took its place.']
      : ['is in neither the backup nor the tenant', 'Correct the id in the file, or set the value by hand.'];
  const reason = `It names ${namedBy(context, id)}, which ${what}; Graph would refuse it.`;
  return block(change, 'KG514', reason, remedy);
}

function first<T, F>(items: readonly T[], find: (item: T) => F | undefined): F | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
