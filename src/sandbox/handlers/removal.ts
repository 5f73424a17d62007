/** What `DELETE` of a live object does. */
import type { GraphAnswer, HandlerContext } from '../request.js';
import { isSoftDeletable } from '../rules/group.js';
import { checkLocationDeletable } from '../rules/location.js';
import type { Stored } from '../store.js';
import { graphTime } from '../time.js';

/**
 * Moves a live object to the recycle bin; groups that have no recycle bin are gone at once. Source: "Delete group",
 * "Delete user". Throws 400 for a named location that is trusted or in use.
 */
export function removeObject(context: HandlerContext, stored: Stored): GraphAnswer {
  if (stored.collection === 'namedLocations') checkLocationDeletable(context.store, stored);
  const soft = stored.collection !== 'groups' || isSoftDeletable(stored.object);
  context.commit({ op: soft ? 'delete' : 'purge', at: graphTime(context.clock()), id: stored.id });
  return { status: 204 };
}
