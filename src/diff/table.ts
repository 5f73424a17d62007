/**
 * What a difference in presence asks for. Total: every pair of presences has an answer. Pure.
 *
 *   desired \ live   active          deleted    absent         unknown
 *   active           update          restore    hard-deleted   report
 *   deleted          remove or keep  nothing    nothing        nothing
 *   absent           remove or keep  nothing    nothing        nothing
 *   unknown          nothing         nothing    nothing        nothing
 */

import type { Presence } from '../model/object.js';

/**
 * update: set what differs, perhaps nothing. restore: bring back from the recycle bin, then set what differs.
 * hard-deleted: Graph has nothing to bring back. soft-delete, keep: it should not be there; deletes were, or were not,
 * asked for. report: it is not known what is there.
 */
export type Verdict = 'update' | 'restore' | 'hard-deleted' | 'soft-delete' | 'keep' | 'report' | 'nothing';

type Cell = Exclude<Verdict, 'soft-delete' | 'keep'> | 'remove';

const TABLE: Readonly<Record<Presence, Readonly<Record<Presence, Cell>>>> = {
  active: { active: 'update', deleted: 'restore', absent: 'hard-deleted', unknown: 'report' },
  deleted: { active: 'remove', deleted: 'nothing', absent: 'nothing', unknown: 'nothing' },
  absent: { active: 'remove', deleted: 'nothing', absent: 'nothing', unknown: 'nothing' },
  unknown: { active: 'nothing', deleted: 'nothing', absent: 'nothing', unknown: 'nothing' },
};

/** The verdict on one object. `allowDelete`: the person asked for deletes of its type. */
export function verdictOf(desired: Presence, live: Presence, allowDelete: boolean): Verdict {
  const cell = TABLE[desired][live];
  if (cell !== 'remove') return cell;
  return allowDelete ? 'soft-delete' : 'keep';
}
