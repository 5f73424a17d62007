/**
 * Who may call: sets of application permissions that belong to a purpose, and who may act on whom. Source: the permission
 * pages of Microsoft Graph; "Who can perform sensitive actions" on the page "Working with users in Microsoft Graph";
 * "Microsoft Entra built-in roles" (template ids).
 */

/** What an application of the sandbox has. */
export interface CallerSet {
  /** Its client id; the same in every sandbox. */
  readonly appId: string;
  /** Application permissions. */
  readonly permissions: readonly string[];
  /** Directory roles, by their template ids. */
  readonly roles: readonly string[];
}

/** The least permissions that read everything the sandbox holds. */
const reading = [
  'Application.Read.All',
  'AuditLog.Read.All',
  'AuthenticationContext.Read.All',
  'Directory.Read.All',
  'EntraBackup.Read.All',
  'Group.Read.All',
  'GroupMember.Read.All',
  'Member.Read.Hidden',
  'Organization.Read.All',
  'Policy.Read.All',
  'Policy.Read.AuthenticationMethod',
  'RoleManagement.Read.Directory',
  'User-LifeCycleInfo.Read.All',
  'User.Read.All',
];

/** The least permissions that write it. */
const writing = [
  'AgentIdentity.DeleteRestore.All',
  'AgentIdentity.ReadWrite.All',
  'AgentIdentityBlueprint.DeleteRestore.All',
  'AgentIdentityBlueprint.ReadWrite.All',
  'AgentIdentityBlueprintPrincipal.DeleteRestore.All',
  'AgentIdentityBlueprintPrincipal.ReadWrite.All',
  'AppRoleAssignment.ReadWrite.All',
  'Application.ReadWrite.All',
  'AuthenticationContext.ReadWrite.All',
  'DelegatedPermissionGrant.ReadWrite.All',
  'Group-PreferredDataLocation.ReadWrite.All',
  'Group.Create',
  'Group.ReadWrite.All',
  'GroupMember.ReadWrite.All',
  'Organization.ReadWrite.All',
  'Policy.ReadWrite.AuthenticationMethod',
  'Policy.ReadWrite.Authorization',
  'Policy.ReadWrite.ConditionalAccess',
  'RoleManagement.ReadWrite.Directory',
  'User-LifeCycleInfo.ReadWrite.All',
  'User.DeleteRestore.All',
  'User.ReadWrite.All',
];

/** Directory roles that the rules name. */
export const directoryRoles = {
  authenticationAdministrator: 'c4e39bd9-1100-46d3-8c65-fb160da0071f',
  directoryReaders: '88d8e3e3-8f55-4a1e-953a-9b9898b8876b',
  globalAdministrator: '62e90394-69f5-4237-9190-012177145e10',
  groupsAdministrator: 'fdd7a751-b60b-444a-984c-02652fe8fa1c',
  guestInviter: '95e79109-95c0-4d8e-aee3-d01accf2d47b',
  helpdeskAdministrator: '729827e3-9c14-49f7-bb1b-9608f156bbb8',
  messageCenterReader: '790c1fb9-7f7d-4f88-86a1-ef1f95c05c1b',
  passwordAdministrator: '966707d0-3269-4727-9be2-8c3a10f19b9d',
  privilegedAuthenticationAdministrator: '7be44c8a-adaf-4e2a-84d6-ab2649e08a13',
  reportsReader: '4a5d8f65-41da-4de4-8968-e035b65339cf',
  usageSummaryReportsReader: '75934031-6c7e-415a-99d7-48dbd49e875e',
  userAdministrator: 'fe930be7-5e62-47db-91af-98c3a49a38b1',
  userExperienceSuccessManager: '27460883-1df1-4691-b032-3b79643e5e63',
} as const;

/** The sets by name. An operator has no directory role: it cannot act on administrators. */
export const callerSets = {
  reader: { appId: '00000000-5a9d-4b0c-8000-000000000001', permissions: reading, roles: [] },
  operator: { appId: '00000000-5a9d-4b0c-8000-000000000002', permissions: [...reading, ...writing], roles: [] },
  administrator: {
    appId: '00000000-5a9d-4b0c-8000-000000000003',
    permissions: [...reading, ...writing],
    roles: [directoryRoles.privilegedAuthenticationAdministrator],
  },
} as const satisfies Readonly<Record<string, CallerSet>>;

export type CallerName = keyof typeof callerSets;

const roles = directoryRoles;
const highest = [roles.privilegedAuthenticationAdministrator, roles.globalAdministrator];

/**
 * Which directory roles let a caller do sensitive things to a user who has this role; `undefined` for a role that protects
 * nobody. Every other role, and membership of a group that roles can be assigned to, asks for one of `highest`.
 */
export function rolesAbove(role: string): readonly string[] | undefined {
  if (unprotected.has(role)) return undefined;
  return above[role] ?? highest;
}

const unprotected: ReadonlySet<string> = new Set([
  roles.directoryReaders,
  roles.guestInviter,
  roles.messageCenterReader,
  roles.passwordAdministrator,
  roles.reportsReader,
  roles.userExperienceSuccessManager,
  roles.usageSummaryReportsReader,
]);

const above: Readonly<Record<string, readonly string[]>> = {
  [roles.authenticationAdministrator]: [roles.authenticationAdministrator, ...highest],
  [roles.groupsAdministrator]: [roles.userAdministrator, ...highest],
  [roles.helpdeskAdministrator]: [roles.userAdministrator, ...highest],
  [roles.userAdministrator]: [roles.userAdministrator, ...highest],
};
