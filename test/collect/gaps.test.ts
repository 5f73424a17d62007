import { describe, expect, it } from 'vitest';
import { createGaps } from '../../src/collect/gaps.js';
import type { PreviousState } from '../../src/collect/types.js';
import type { Gap } from '../../src/model/coverage.js';

const [FIRST, SECOND] = ['2026-11-18T00:00:00.000Z', '2026-11-19T00:00:00.000Z'] as const;

/** The second backup, of ten groups, with these gaps. */
const backup = (gaps: readonly Gap[], groups = 10): PreviousState => ({
  ids: new Map(),
  captured: { start: SECOND, end: SECOND },
  coverage: { types: { group: groups }, gaps, unrecognised: [] },
  load: async () => new Map(),
});
const gap = (what: string, keptFrom?: string): Gap => ({
  what,
  status: 'partial',
  reason: 'refused',
  ...(keptFrom === undefined ? {} : { keptFrom }),
});

describe('what is kept', () => {
  it.each<[string, string, readonly Gap[], string | undefined]>([
    ['is as old as the backup that read it', 'group', [], SECOND],
    ['is as old as the backup before, where that kept it, too', 'group', [gap('group', FIRST)], FIRST],
    ['is as old as the oldest link in it', 'group', [gap('group.members', FIRST)], FIRST],
    ['is, of a link, as old as the object that was kept whole', 'group.members', [gap('group', FIRST)], FIRST],
    ['is, of a link, no older because of another', 'group.owners', [gap('group.members', FIRST)], SECOND],
    ['is as old as the backup that read a part of it first', 'group', [gap('group')], SECOND],
    ['is no older because of another type', 'group', [gap('groupSetting', FIRST)], SECOND],
  ])('%s', (_, what, before, keptFrom) => {
    const gaps = createGaps(backup(before));
    gaps.add(what, 'partial', 'refused');
    expect(gaps.list()).toEqual([gap(what, keptFrom)]);
  });

  it('is nothing, and has no age, where nothing was ever read', () => {
    for (const previous of [undefined, backup([gap('group')], 0), backup([{ ...gap('*') }], 0)]) {
      const gaps = createGaps(previous);
      gaps.add('group', 'not-collected', 'refused');
      expect(gaps.list()[0]?.keptFrom).toBeUndefined();
    }
  });
});
