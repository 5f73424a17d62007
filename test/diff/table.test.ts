import { describe, expect, it } from 'vitest';
import { type Verdict, verdictOf } from '../../src/diff/table.js';
import type { Presence } from '../../src/model/object.js';

/** desired, live, the verdict without and with deletes asked for. */
const CELLS: readonly (readonly [Presence, Presence, Verdict, Verdict])[] = [
  ['active', 'active', 'update', 'update'],
  ['active', 'deleted', 'restore', 'restore'],
  ['active', 'absent', 'hard-deleted', 'hard-deleted'],
  ['active', 'unknown', 'report', 'report'],
  ['deleted', 'active', 'keep', 'soft-delete'],
  ['deleted', 'deleted', 'nothing', 'nothing'],
  ['deleted', 'absent', 'nothing', 'nothing'],
  ['deleted', 'unknown', 'nothing', 'nothing'],
  ['absent', 'active', 'keep', 'soft-delete'],
  ['absent', 'deleted', 'nothing', 'nothing'],
  ['absent', 'absent', 'nothing', 'nothing'],
  ['absent', 'unknown', 'nothing', 'nothing'],
  ['unknown', 'active', 'nothing', 'nothing'],
  ['unknown', 'deleted', 'nothing', 'nothing'],
  ['unknown', 'absent', 'nothing', 'nothing'],
  ['unknown', 'unknown', 'nothing', 'nothing'],
];

describe('the verdict on an object that the backup holds', () => {
  it.each(CELLS)('%s, and that is %s now, is "%s", with deletes asked for "%s"', (desired, live, kept, deleted) => {
    expect(verdictOf(desired, live, false)).toBe(kept);
    expect(verdictOf(desired, live, true)).toBe(deleted);
  });

  it('is given for every pair of presences', () => {
    expect(new Set(CELLS.map(([desired, live]) => `${desired} ${live}`)).size).toBe(16);
  });

  it('never deletes where deletes were not asked for, and never acts on what is not known', () => {
    for (const [desired, live] of CELLS) {
      expect(verdictOf(desired, live, false)).not.toBe('soft-delete');
      if (desired === 'unknown' || live === 'unknown')
        for (const asked of [false, true]) expect(['report', 'nothing']).toContain(verdictOf(desired, live, asked));
    }
  });
});
