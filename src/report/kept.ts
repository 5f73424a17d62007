/** Objects that were left alone, in words. */

import { typeOf } from '../model/object.js';
import type { Kept } from '../model/plan.js';
import { partition } from './groups.js';
import { showValue } from './values.js';
import { counted, thousands } from './words.js';

/** Objects of one type of which the same is to be said: since when they are there, and what they are now. */
export function keptKinds(kept: readonly Kept[]): Kept[][] {
  return partition(kept, (item) => `${item.since} ${typeOf(item.object)} ${factsText(item)}`);
}

/** `5 users created since: accountEnabled true`; the items are of one kind. */
export function keptText(items: readonly Kept[]): string {
  const [first] = items;
  if (first === undefined) return '';
  const objects = counted(items.length, typeOf(first.object));
  const facts = factsText(first);
  return `${objects} ${sinceText(first)}${facts === '' ? '' : `: ${facts}`}`;
}

export function sinceText({ since }: Kept): string {
  return since === 'created' ? 'created since' : 'restored from the recycle bin since';
}

/** `accountEnabled true, 1 in passwordCredentials` */
export function factsText({ facts = [] }: Kept): string {
  return facts
    .map(({ path, value, count }) =>
      count === undefined ? `${path} ${showValue(value, () => undefined)}` : `${thousands(count)} in ${path}`,
    )
    .join(', ');
}

/** Said before the line that says that nothing changed, because these are no changes, and may be what remains of an attack. */
export function standingText(kept: readonly Kept[]): string {
  const [were, are, they] = kept.length === 1 ? ['was', 'is', 'it is'] : ['were', 'are', 'they are'];
  const kinds = [
    ...(kept.some(({ since }) => since === 'created') ? ['that the backup does not hold'] : []),
    ...(kept.some(({ since }) => since === 'restored') ? [`that ${were} in the recycle bin at the backup`] : []),
  ];
  return `${counted(kept.length, 'object')} ${kinds.join(' or ')} ${are} still there: ${they} kept, and no change. To plan ${kept.length === 1 ? 'its' : 'their'} deletion: --allow-delete.`;
}

export function remedyOfKept(kept: readonly Kept[]): string {
  const [type, ...others] = new Set(kept.map((item) => typeOf(item.object)));
  const one = type !== undefined && others.length === 0 ? ` (or --allow-delete-type ${type})` : '';
  return `Use --allow-delete${one} to have ${kept.length === 1 ? 'it' : 'them'} soft-deleted.`;
}
