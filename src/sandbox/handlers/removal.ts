/** What `DELETE` of a live object does. */
import type { GraphAnswer, HandlerContext } from '../request.js';
import { resources } from '../resources.js';
import { agentsOf } from '../rules/agents.js';
import { checkDeletable } from '../rules/deletable.js';
import { isSoftDeletable } from '../rules/group.js';
import { checkSensitive } from '../rules/sensitive.js';
import { checkOwned } from '../rules/service-principal.js';
import type { Stored } from '../store.js';
import { graphTime } from '../time.js';

/**
 * Moves a live object to the recycle bin; groups that have no recycle bin are gone at once. Source: "Delete group",
 * "Delete user", "Delete application", "Delete servicePrincipal", "Agent identity deletion". Throws 400 for what is in use or protected, 403 for
 * what the caller may not delete.
 */
export function removeObject(context: HandlerContext, stored: Stored): GraphAnswer {
  const { store } = context;
  checkDeletable(store, stored);
  checkSensitive(context, stored);
  if (stored.collection === 'servicePrincipals') checkOwned(stored);
  if (stored.collection === 'applications') {
    const appId = String(stored.object.appId ?? '').toLowerCase();
    const principal = store.objects.get(store.appIds.servicePrincipals.get(appId) ?? '');
    if (principal) drop(context, principal);
  }
  for (const agent of agentsOf(store, stored)) drop(context, agent);
  drop(context, stored);
  return { status: 204 };
}

function drop(context: HandlerContext, stored: Stored): void {
  const at = graphTime(context.clock());
  if (stored.collection === 'servicePrincipals') {
    for (const id of grantsOf(context, stored)) context.commit({ op: 'purge', at, id });
  }
  const kept = resources[stored.collection].bin !== undefined;
  const soft = kept && (stored.collection !== 'groups' || isSoftDeletable(stored.object));
  context.commit({ op: soft ? 'delete' : 'purge', at, id: stored.id });
}

/** The grants and assignments that end with a service principal; there is no recycle bin for them. */
function grantsOf({ store }: HandlerContext, principal: Stored): string[] {
  return (store.edges.get(principal.id) ?? []).filter((id) => {
    const collection = store.objects.get(id)?.collection;
    return collection === 'oauth2PermissionGrants' || collection === 'appRoleAssignments';
  });
}
