/**
 * Who may act on users with directory roles. Source: "Who can perform sensitive actions" on the page "Working with users
 * in Microsoft Graph": without a role of its own, an application cannot, whatever its permissions.
 */
import { denied } from '../errors.js';
import type { HandlerContext } from '../request.js';
import type { Store, Stored } from '../store.js';

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
export function checkSensitive(context: HandlerContext, stored: Stored, names?: readonly string[]): void {
  if (stored.collection !== 'users' || !isWithoutRole(context.request.token)) return;
  if (names && !names.some((name) => sensitive.has(name))) return;
  if (holdsRole(context.store, stored)) throw denied();
}

/** Tokens with the text `operator`, or one that starts with `operator-`, stand for a caller without a directory role. */
function isWithoutRole(token: string): boolean {
  return token === 'operator' || token.startsWith('operator-');
}

function holdsRole(store: Store, user: Stored): boolean {
  const groups = user.memberOf.filter((id) => {
    const group = store.objects.get(id);
    return group?.object.isAssignableToRole === true && !group.deletedDateTime;
  });
  return [user.id, ...groups].some((id) =>
    store.edges.get(id)?.some((edge) => store.objects.get(edge)?.collection === 'roleAssignments'),
  );
}
