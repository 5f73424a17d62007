/** What of a tenant could not be read, and since when what stands in for it is known. */

import type { Gap } from '../model/coverage.js';
import { coversType } from '../state/trailers.js';
import type { PreviousState } from './types.js';

/** Why an object that was named is not known. */
export const NOTHING_TOLD = 'Graph told nothing but the id; the token may not be allowed to read it.';

export const NO_ID = 'An object came without its id.';

export interface Gaps {
  /** Notes a gap; of several about the same thing the first is kept, and the objects concerned are counted. */
  add(what: string, status: Gap['status'], reason: string, concerned?: number): void;
  list(): readonly Gap[];
}

export function createGaps(previous: PreviousState | undefined): Gaps {
  const gaps = new Map<string, Gap>();
  const keptFrom = (what: string): string | undefined => {
    if (previous === undefined) return undefined;
    const type = what.split('.', 1)[0] ?? '';
    const { coverage, captured } = previous;
    if (!coversType(coverage, type) && !((coverage.types[type] ?? 0) > 0)) return undefined;
    // What the backup kept itself is older than the backup. Whole objects are as old as the oldest part of them.
    const isOfObjects = what === type || what === `${type}.deletedItems`;
    const older = coverage.gaps.filter(
      (gap) => gap.what === type || gap.what === what || (isOfObjects && gap.what.startsWith(`${type}.`)),
    );
    return [captured.start, ...older.flatMap((gap) => gap.keptFrom ?? [])].reduce((a, b) => (b < a ? b : a));
  };
  return {
    add(what, status, reason, concerned = 0) {
      const before = gaps.get(what);
      const count = (before?.objects ?? 0) + concerned;
      const kept = keptFrom(what);
      gaps.set(what, {
        what,
        status: before?.status ?? status,
        reason: before?.reason ?? reason,
        ...(count === 0 ? {} : { objects: count }),
        ...(kept === undefined ? {} : { keptFrom: kept }),
      });
    },
    list: () => [...gaps.values()],
  };
}
