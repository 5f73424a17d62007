/** Objects that were left alone, in words. */

import { typeOf } from '../model/object.js';
import type { Kept } from '../model/plan.js';
import { partition } from './groups.js';
import { counted } from './words.js';

/** The objects of each type, those created since apart from those restored since. */
export function keptKinds(kept: readonly Kept[]): Kept[][] {
  return partition(kept, (item) => `${item.since} ${typeOf(item.object)}`);
}

/** `5 users created since`; the items are of one kind. */
export function keptText(items: readonly Kept[]): string {
  const [first] = items;
  if (first === undefined) return '';
  const objects = counted(items.length, typeOf(first.object));
  return first.since === 'created' ? `${objects} created since` : `${objects} restored from the recycle bin since`;
}

export function remedyOfKept(kept: readonly Kept[]): string {
  const [type, ...others] = new Set(kept.map((item) => typeOf(item.object)));
  const one = type !== undefined && others.length === 0 ? ` (or --allow-delete-type ${type})` : '';
  return `Use --allow-delete${one} to have ${kept.length === 1 ? 'it' : 'them'} soft-deleted.`;
}
