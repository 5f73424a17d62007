/** Times of the directory. */
import { binMilliseconds } from './quirks/limits.js';
import type { Store } from './store.js';

/** Date and time as the directory writes them: UTC, whole seconds. */
export function graphTime(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

/**
 * Watches the recycle bins: the returned function gives the ids that are due to leave them for good. It looks at the
 * objects only when the oldest one can be due, so it may be called for every request.
 */
export function binWatch(store: Store): (now: Date, changed: boolean) => string[] {
  let next = 0;
  return (now, changed) => {
    if (changed) next = 0;
    if (now.getTime() < next) return [];
    const due: string[] = [];
    next = Number.POSITIVE_INFINITY;
    for (const ids of Object.values(store.bin)) {
      for (const id of ids) {
        const leaves = (store.objects.get(id)?.binnedAt ?? 0) + binMilliseconds;
        if (leaves <= now.getTime()) due.push(id);
        else next = Math.min(next, leaves);
      }
    }
    return due;
  };
}
