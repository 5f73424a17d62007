/**
 * Application permissions of Microsoft Graph: which one includes which. Source: the tables "least privileged" and "higher
 * privileged" permissions on the pages of the methods that are used; what they do not list is not included.
 */

import included from './included-permissions.json' with { type: 'json' };

const INCLUDED_IN: Readonly<Record<string, readonly string[]>> = included;

/** Those of `needed` that `held` neither has nor includes. */
export function missingPermissions(held: ReadonlySet<string>, needed: readonly string[]): string[] {
  return needed.filter((name) => !held.has(name) && !(INCLUDED_IN[name] ?? []).some((higher) => held.has(higher)));
}

/** Whether a permission lets its holder change something, by the way Microsoft names them. */
export function changesSomething(permission: string): boolean {
  return /\.(?:ReadWrite|Create|DeleteRestore|EnableDisableAccount|ManageIdentities|ManageCreds|Send|Invite|AccessAsUser|RevokeSessions|Manage)\b/.test(
    permission,
  );
}
