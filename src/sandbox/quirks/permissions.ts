/**
 * Which application permissions a request needs. Source: the permission pages of Microsoft Graph ("List users", "Update
 * user", "Delete user", "Restore deleted item", "List group members" and so on; least privileged and higher ones). Every
 * text names ways that suffice, separated by `|`; a way may need several permissions, joined by `+`.
 */

const anyDirectory = 'Directory.Read.All | Directory.ReadWrite.All';

/** What reads the types that have no other way in. */
const read = {
  users: `User.Read.All | User.ReadWrite.All | ${anyDirectory}`,
  groups: `GroupMember.Read.All | Group.Read.All | Group.ReadWrite.All | ${anyDirectory}`,
  members: `GroupMember.Read.All | GroupMember.ReadWrite.All | Group.Read.All | Group.ReadWrite.All | ${anyDirectory}`,
  applications: `Application.Read.All | Application.ReadWrite.All | ${anyDirectory}`,
  servicePrincipals: `Application.Read.All | Application.ReadWrite.All | ${anyDirectory}`,
};

/** What reads objects of a type, wherever they come up. A caller without sees their ids and types alone. */
export const readingTypes: Readonly<Record<string, string>> = {
  users: read.users,
  groups: read.members,
  applications: read.applications,
  servicePrincipals: read.servicePrincipals,
};

/** Properties that read as null without one of these. Source: "user resource type", "Set employeeLeaveDateTime". */
export const readingProperties: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  user: {
    employeeLeaveDateTime: 'User-LifeCycleInfo.Read.All | User-LifeCycleInfo.ReadWrite.All',
    customSecurityAttributes: 'CustomSecAttributeAssignment.Read.All | CustomSecAttributeAssignment.ReadWrite.All',
  },
  servicePrincipal: {
    customSecurityAttributes: 'CustomSecAttributeAssignment.Read.All | CustomSecAttributeAssignment.ReadWrite.All',
  },
};

/** Properties whose change needs a permission of their own, besides that of the request. */
export const writingProperties: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  users: { employeeLeaveDateTime: 'User-LifeCycleInfo.ReadWrite.All' },
  groups: { preferredDataLocation: 'Group-PreferredDataLocation.ReadWrite.All' },
};

/** Properties that a narrow permission lets change, when a request changes nothing else. Source: "Update user". */
export const narrowWriting: Readonly<Record<string, string>> = {
  accountEnabled: 'User.EnableDisableAccount.All + User.Read.All',
  businessPhones: 'User-Phone.ReadWrite.All',
  mobilePhone: 'User-Phone.ReadWrite.All',
  otherMails: 'User-Mail.ReadWrite.All',
  identities: 'User.ManageIdentities.All',
  passwordProfile: 'User-PasswordProfile.ReadWrite.All',
};

/** Besides everything else, for a write to a group that roles can be assigned to. Source: "Update group". */
export const assignableGroup = 'RoleManagement.ReadWrite.Directory';

/**
 * What writes objects of a kind, instead of what its collection takes. Source: "Update agentIdentity", "Delete
 * agentIdentity" and the pages of the same names of agentIdentityBlueprint and agentIdentityBlueprintPrincipal; a restore
 * is taken to need what a delete needs.
 */
export const writingKinds: Readonly<Record<string, { readonly update: string; readonly remove: string }>> = {
  agentIdentity: { update: 'AgentIdentity.ReadWrite.All', remove: 'AgentIdentity.DeleteRestore.All' },
  agentIdentityBlueprint: {
    update: 'AgentIdentityBlueprint.ReadWrite.All',
    remove: 'AgentIdentityBlueprint.DeleteRestore.All | AgentIdentityBlueprint.ReadWrite.All',
  },
  agentIdentityBlueprintPrincipal: {
    update: 'AgentIdentityBlueprintPrincipal.ReadWrite.All',
    remove: 'AgentIdentityBlueprintPrincipal.DeleteRestore.All | AgentIdentityBlueprintPrincipal.ReadWrite.All',
  },
};

/** What shows the members of a group whose visibility is HiddenMembership. Source: "List group members". */
export const hiddenMembers = 'Member.Read.Hidden';

const writeUsers = 'User.ReadWrite.All | Directory.ReadWrite.All';
const deleteUsers = 'User.DeleteRestore.All | User.ReadWrite.All';
const writeGroups = 'Group.ReadWrite.All | Directory.ReadWrite.All';
const writeMembers = 'GroupMember.ReadWrite.All | Group.ReadWrite.All | Directory.ReadWrite.All';
const writeApplications = 'Application.ReadWrite.All';
const writeAssignments =
  'AppRoleAssignment.ReadWrite.All + Application.Read.All | AppRoleAssignment.ReadWrite.All + Directory.Read.All';
const readGrants = `${anyDirectory} | DelegatedPermissionGrant.ReadWrite.All`;
const writeGrants = 'DelegatedPermissionGrant.ReadWrite.All | Directory.ReadWrite.All';
const readAccess = 'Policy.Read.All | Policy.Read.ConditionalAccess';
const writeAccess = 'Policy.Read.All + Policy.ReadWrite.ConditionalAccess';
const readMethods = 'Policy.Read.AuthenticationMethod | Policy.Read.All | Policy.ReadWrite.AuthenticationMethod';
const contexts = '/identity/conditionalAccess/authenticationContextClassReferences';
const bin = '/directory/deletedItems/:id';

/** One rule: methods, the beginning of the path as routes spell it, and what it needs. An empty text: no application can. */
export type PermissionRule = readonly [methods: string, path: string, needs: string];

/**
 * The rules; the first that fits counts. A path that names an object of any type is followed by `#` and the collection the
 * object is in.
 */
export const permissionRules: readonly PermissionRule[] = [
  ['GET', '/users/:id/memberOf', `${read.members} | User.Read.All`],
  ['GET', '/users/:id/appRoleAssignments', `${anyDirectory} | AppRoleAssignment.ReadWrite.All`],
  ['GET', '/users/:id/oauth2PermissionGrants', readGrants],
  ['GET', '/users/:id/authentication', 'Policy.Read.All | Policy.ReadWrite.AuthenticationMethod'],
  ['PATCH', '/users/:id/authentication', 'Policy.ReadWrite.AuthenticationMethod'],
  ['POST DELETE', '/users/:id/appRoleAssignments', writeAssignments],
  ['GET', '/users', read.users],
  ['DELETE', '/users', deleteUsers],
  ['POST PATCH', '/users', writeUsers],

  ['GET', '/groups/:id/members', read.members],
  ['GET', '/groups/:id/memberOf', read.members],
  ['GET', '/groups/:id/appRoleAssignments', `${anyDirectory} | AppRoleAssignment.ReadWrite.All`],
  ['POST DELETE', '/groups/:id/appRoleAssignments', writeAssignments],
  ['DELETE', '/groups/:id/members/:memberId/$ref', writeMembers],
  ['DELETE', '/groups/:id/members/:memberId#users', deleteUsers],
  ['DELETE', '/groups/:id/members/:memberId#groups', writeGroups],
  ['DELETE', '/groups/:id/members/:memberId#servicePrincipals', writeApplications],
  ['DELETE', '/groups/:id/members/:memberId', ''],
  ['POST', '/groups/:id/members', writeMembers],
  ['GET', '/groups', read.groups],
  ['POST', '/groups', `Group.Create | ${writeGroups}`],
  ['PATCH DELETE', '/groups', writeGroups],

  ['GET', '/servicePrincipals/:id/oauth2PermissionGrants', readGrants],
  ['GET', '/servicePrincipals/:id/appRole', `${read.servicePrincipals} | AppRoleAssignment.ReadWrite.All`],
  ['POST DELETE', '/servicePrincipals/:id/appRole', writeAssignments],
  ['GET', '/servicePrincipals/:id/memberOf', `${read.members} | Application.Read.All`],
  ['GET', '/servicePrincipals', read.servicePrincipals],
  ['POST PATCH DELETE', '/servicePrincipals', writeApplications],
  ['GET', '/applications', read.applications],
  ['POST PATCH DELETE', '/applications', writeApplications],
  ['GET', '/oauth2PermissionGrants', readGrants],
  ['POST PATCH DELETE', '/oauth2PermissionGrants', writeGrants],

  [
    'GET',
    contexts,
    'AuthenticationContext.Read.All | AuthenticationContext.ReadWrite.All | Policy.Read.ConditionalAccess',
  ],
  ['POST PATCH DELETE', contexts, 'AuthenticationContext.ReadWrite.All | Policy.ReadWrite.ConditionalAccess'],
  ['GET', '/identity/conditionalAccess/authenticationStrength', `${readMethods} | Policy.ReadWrite.ConditionalAccess`],
  [
    'POST PATCH DELETE',
    '/identity/conditionalAccess/authenticationStrength',
    'Policy.ReadWrite.ConditionalAccess | Policy.ReadWrite.AuthenticationMethod',
  ],
  ['GET', '/identity/conditionalAccess', readAccess],
  ['POST PATCH', '/identity/conditionalAccess/policies', `${writeAccess} + Application.Read.All`],
  ['POST PATCH DELETE', '/identity/conditionalAccess', writeAccess],

  ['GET', '/policies/authorizationPolicy', 'Policy.Read.All | Policy.ReadWrite.Authorization'],
  ['PATCH', '/policies/authorizationPolicy', 'Policy.ReadWrite.Authorization'],
  ['GET', '/policies/authenticationMethodsPolicy', readMethods],
  ['POST PATCH DELETE', '/policies/authenticationMethodsPolicy', 'Policy.ReadWrite.AuthenticationMethod'],
  ['GET', '/policies/authenticationStrengthPolicies', `${readMethods} | Policy.ReadWrite.ConditionalAccess`],
  [
    'POST PATCH DELETE',
    '/policies/authenticationStrengthPolicies',
    'Policy.ReadWrite.ConditionalAccess | Policy.ReadWrite.AuthenticationMethod',
  ],

  ['GET', '/auditLogs', `AuditLog.Read.All | ${anyDirectory}`],
  ['GET', '/directory/recovery', 'EntraBackup.Read.All'],
  ['POST', '/directory/recovery', ''],

  ['GET', '/organization', `Organization.Read.All | Organization.ReadWrite.All | ${anyDirectory}`],
  ['PATCH', '/organization', 'Organization.ReadWrite.All'],
  [
    'GET',
    '/roleManagement/directory',
    `RoleManagement.Read.Directory | RoleManagement.Read.All | RoleManagement.ReadWrite.Directory | ${anyDirectory}`,
  ],
  ['POST PATCH DELETE', '/roleManagement/directory', 'RoleManagement.ReadWrite.Directory'],

  ['GET', '/auditLogs', `AuditLog.Read.All | ${anyDirectory}`],
  ['GET', '/directory/recovery', 'EntraBackup.Read.All'],
  // Only a person can start a job ("Create recoveryJob": delegated permissions alone).
  ['POST', '/directory/recovery', ''],

  ['GET', '/directoryObjects', `${read.users} | ${read.members} | ${read.applications}`],
  ['GET', '/directory/deletedItems/microsoft.graph.user', read.users],
  ['GET', '/directory/deletedItems/microsoft.graph.group', read.groups],
  ['GET', '/directory/deletedItems/microsoft.graph.application', read.applications],
  ['GET', '/directory/deletedItems/microsoft.graph.servicePrincipal', read.servicePrincipals],
  ['GET', `${bin}#users`, read.users],
  ['GET', `${bin}#groups`, read.groups],
  ['GET', `${bin}#applications`, read.applications],
  ['GET', `${bin}#servicePrincipals`, read.servicePrincipals],
  ['POST DELETE', `${bin}#users`, deleteUsers],
  ['POST', `${bin}#groups`, writeGroups],
  // Only a person can purge a group ("Permanently delete an item": delegated permissions alone).
  ['DELETE', `${bin}#groups`, ''],
  ['POST DELETE', `${bin}#applications`, writeApplications],
  ['POST DELETE', `${bin}#servicePrincipals`, writeApplications],
  // What is not there, or without its type, is answered as such.
  ['GET POST DELETE', '/directory/deletedItems', `${read.users} | ${read.members} | ${read.applications}`],
];
