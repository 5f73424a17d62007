/** What becomes of a differing edge: it is made or removed like a link, when what it connects is there. Pure. */

import { verdictOf } from '../diff/table.js';
import type { Change } from '../model/change.js';
import { type DirectoryObject, idOf, type ObjectKey, type Presence, typeOf } from '../model/object.js';
import type { Blocked, PlannedValue } from '../model/plan.js';
import { endpointsOf, ownerOf } from '../registry/identity.js';
import type { ObjectType } from '../registry/types.js';
import { block } from './blocked.js';
import { type LinkContext, namedBy, type TargetStanding, unreachable } from './judge-links.js';

/** An edge to make or to remove. */
export interface PlannedEdge {
  readonly action: 'link' | 'unlink';
  readonly owner: ObjectKey;
  /** What a new edge is made of. */
  readonly set: readonly PlannedValue[];
}

/**
 * Judges an edge that only one side has. One with an end that the desired state holds in a recycle bin is left alone: it
 * comes and goes with it. So is one with an end of which the desired state does not know where it was: perhaps there.
 */
export function judgeEdge(
  type: ObjectType,
  change: Change,
  context: LinkContext,
): { readonly edge?: PlannedEdge; readonly blocked?: readonly Blocked[]; readonly unread?: true } {
  const ends = endpointsOf(type, change.object);
  const owner = ownerOf(type, change.object) as ObjectKey;
  switch (verdictOf(change.desired, change.live, true)) {
    case 'report':
      return { unread: true };
    case 'hard-deleted': {
      const standings = ends.map((end) => ({ ...end, standing: context.standing(end.id, end.types) }));
      const isMade = type.edge?.create !== undefined;
      const there: readonly TargetStanding[] = isMade ? ['active', 'restored'] : ['active', 'restored', 'nowhere'];
      const missing = standings.find(({ standing }) => !there.includes(standing));
      if (missing !== undefined) return { blocked: [endless(change, missing.id, missing.standing, context)] };
      if (!isMade) {
        // It is not listed while an end is in the recycle bin: whether it comes back with it is seen then.
        return standings.some(({ standing }) => standing === 'restored') ? {} : { blocked: [onlyShown(type, change)] };
      }
      return { edge: { action: 'link', owner, set: valuesOfEdge(type, change.desiredObject as DirectoryObject) } };
    }
    case 'soft-delete':
      if (ends.some(({ id, types }) => UNLISTED.includes(context.desiredPresence(id, types)))) return {};
      // It belongs to what the backup does not hold, and stays or goes with it.
      if (context.desiredPresence(idOf(owner), [typeOf(owner)]) === 'absent') return {};
      if (type.edge?.create === undefined) return { blocked: [onlyShown(type, change)] };
      return { edge: { action: 'unlink', owner, set: [] } };
    default:
      return {};
  }
}

/** Where an end may be while Graph does not list its edges. */
const UNLISTED: readonly Presence[] = ['deleted', 'unknown'];

/** One end is missing: the whole edge cannot be made. */
function endless(change: Change, id: string, standing: TargetStanding, context: LinkContext): Blocked {
  return unreachable(change, id, standing, namedBy(context, id));
}

function onlyShown(type: ObjectType, change: Change): Blocked {
  const [what, remedy] =
    change.desired === 'active'
      ? ['It was there at the backup, and is not now', type.remake ?? 'Make it again by hand.']
      : ['It was not there at the backup', 'Remove it by hand.'];
  return block(change, 'KG503', `${what}; knowngood shows it and cannot write it.`, remedy);
}

/** Everything that identifies an edge, and everything that can be set: what a new one is made of. */
export function valuesOfEdge(type: ObjectType, edge: DirectoryObject): PlannedValue[] {
  return type.properties
    .filter(({ name, access }) => access !== 'context' && access !== 'readOnly' && edge.properties[name] !== undefined)
    .map(({ name }) => ({ path: name, desired: edge.properties[name] ?? null }));
}

/** Whether one end of an edge comes back by the plan: the edge may come back with it. */
export function comesBackWith(type: ObjectType, edge: ObjectKey, restored: ReadonlySet<string>): boolean {
  return endpointsOf(type, edge).some(({ id, types }) => types.some((name) => restored.has(`${name}/${id}`)));
}

/** The id of an edge within its type, as links name their targets. */
export function edgeTarget(change: Change): string {
  return idOf(change.object);
}
