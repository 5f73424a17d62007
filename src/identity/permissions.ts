/**
 * Application permissions of Microsoft Graph: which one includes which. Source: the tables "least privileged" and "higher
 * privileged" permissions on the pages of the methods that are used; what they do not list is not included.
 */

const INCLUDED_IN: Readonly<Record<string, readonly string[]>> = {
  'Application.Read.All': ['Application.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
  'AuditLog.Read.All': ['Directory.Read.All'],
  'AuthenticationContext.Read.All': [
    'AuthenticationContext.ReadWrite.All',
    'Policy.Read.ConditionalAccess',
    'Policy.ReadWrite.ConditionalAccess',
  ],
  'DelegatedPermissionGrant.ReadWrite.All': ['Directory.ReadWrite.All'],
  'Directory.Read.All': ['Directory.ReadWrite.All'],
  'Group.Read.All': ['Group.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
  'Group.ReadWrite.All': ['Directory.ReadWrite.All'],
  'GroupMember.Read.All': [
    'GroupMember.ReadWrite.All',
    'Group.Read.All',
    'Group.ReadWrite.All',
    'Directory.Read.All',
    'Directory.ReadWrite.All',
  ],
  'GroupMember.ReadWrite.All': ['Group.ReadWrite.All', 'Directory.ReadWrite.All'],
  'Organization.Read.All': ['Organization.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
  'Policy.Read.AuthenticationMethod': ['Policy.ReadWrite.AuthenticationMethod', 'Policy.Read.All'],
  'RoleManagement.Read.Directory': [
    'RoleManagement.Read.All',
    'RoleManagement.ReadWrite.Directory',
    'Directory.Read.All',
    'Directory.ReadWrite.All',
  ],
  'User-LifeCycleInfo.Read.All': ['User-LifeCycleInfo.ReadWrite.All'],
  'User.DeleteRestore.All': ['User.ReadWrite.All'],
  'User.Read.All': ['User.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
  'User.ReadWrite.All': ['Directory.ReadWrite.All'],
};

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
