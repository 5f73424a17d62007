/**
 * Who may act on users with directory roles. Source: "Who can perform sensitive actions" on the page "Working with users
 * in Microsoft Graph": without a role of its own that is high enough, an application cannot, whatever its permissions.
 */
import { denied } from '../errors.js';
import { rolesAbove } from '../quirks/callers.js';
import type { HandlerContext } from '../request.js';
import type { Store, Stored } from '../store.js';
import { type Caller, readCaller } from '../tokens.js';

/** Updating one of these is a sensitive action; so are deleting and restoring. */
const sensitive: ReadonlySet<string> = new Set([
  'accountEnabled',
  'businessPhones',
  'mobilePhone',
  'onPremisesImmutableId',
  'otherMails',
  'passwordProfile',
  'userPrincipalName',
]);

/** Throws 403 when the caller may not do this to the user. `names` are the properties of an update. */
export function checkSensitive({ request, store }: HandlerContext, stored: Stored, names?: readonly string[]): void {
  if (stored.collection !== 'users') return;
  if (names && !names.some((name) => sensitive.has(name))) return;
  const caller = readCaller(request.token);
  if (caller ? !isAbove(caller, store, stored) : isWithoutRole(request.token) && rolesOf(store, stored).length > 0)
    throw denied();
}

/** Tokens with the text `operator`, or one that starts with `operator-`, stand for a caller without a directory role. */
function isWithoutRole(token: string): boolean {
  return token === 'operator' || token.startsWith('operator-');
}

/** Whether the caller has a role above every role that protects the user. */
function isAbove(caller: Caller, store: Store, user: Stored): boolean {
  const protecting = [
    ...rolesOf(store, user),
    ...(assignableGroups(store, user).length > 0 ? ['assignable group'] : []),
  ];
  return protecting.every((role) => rolesAbove(role)?.some((above) => caller.roles.has(above)) ?? true);
}

/** The roles a user has, itself or through groups that roles can be assigned to. */
function rolesOf(store: Store, user: Stored): string[] {
  return [user.id, ...assignableGroups(store, user)].flatMap((id) =>
    (store.edges.get(id) ?? []).flatMap((edge) => {
      const assignment = store.objects.get(edge);
      return assignment?.collection === 'roleAssignments'
        ? [String(assignment.object.roleDefinitionId).toLowerCase()]
        : [];
    }),
  );
}

function assignableGroups(store: Store, user: Stored): string[] {
  return user.memberOf.filter((id) => {
    const group = store.objects.get(id);
    return group?.object.isAssignableToRole === true && !group.deletedDateTime;
  });
}
