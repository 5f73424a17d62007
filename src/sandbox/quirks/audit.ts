/**
 * How the audit log names things. Source: "Microsoft Entra audit log categories and activities", "directoryAudit resource
 * type"; names of directory properties: "Microsoft Entra Backup and Recovery" (supported properties); shapes of membership
 * events observed. Names of restores of Conditional Access objects are not documented: they follow the others.
 */
import type { SeedCollection } from '../seed.js';

/** What can happen to an object. `remove`: it goes for good from where it was in use; `purge`: from a recycle bin. */
export type Happening = 'add' | 'update' | 'remove' | 'restore' | 'purge';

export interface Activities {
  readonly service: string;
  readonly category: string;
  /** `type` of the target. */
  readonly target: string;
  readonly names: Readonly<Record<Happening, string>>;
}

const directory = 'Core Directory';

function named(thing: string, words: Partial<Record<Happening, string>> = {}): Readonly<Record<Happening, string>> {
  return {
    add: `Add ${thing}`,
    update: `Update ${thing}`,
    remove: `Delete ${thing}`,
    restore: `Restore ${thing}`,
    purge: `Hard Delete ${thing}`,
    ...words,
  };
}

const policies: Omit<Activities, 'names'> = { service: 'Conditional Access', category: 'Policy', target: 'Policy' };
const methods: Omit<Activities, 'names'> = {
  service: 'Authentication Methods',
  category: 'ApplicationManagement',
  target: 'Policy',
};
const always = (name: string) => named('', { add: name, update: name, remove: name, restore: name, purge: name });

export const activities: Readonly<Record<SeedCollection, Activities>> = {
  users: { service: directory, category: 'UserManagement', target: 'User', names: named('user') },
  groups: { service: directory, category: 'GroupManagement', target: 'Group', names: named('group') },
  applications: {
    service: directory,
    category: 'ApplicationManagement',
    target: 'Application',
    names: named('application'),
  },
  servicePrincipals: {
    service: directory,
    category: 'ApplicationManagement',
    target: 'ServicePrincipal',
    names: named('service principal', {
      remove: 'Remove service principal',
      purge: 'Hard delete service principal',
    }),
  },
  oauth2PermissionGrants: {
    service: directory,
    category: 'ApplicationManagement',
    target: 'ServicePrincipal',
    names: named('delegated permission grant', {
      update: 'Add delegated permission grant',
      remove: 'Remove delegated permission grant',
    }),
  },
  appRoleAssignments: {
    service: directory,
    category: 'ApplicationManagement',
    target: 'ServicePrincipal',
    names: named('app role assignment to service principal', {
      remove: 'Remove app role assignment from service principal',
    }),
  },
  policies: { ...policies, names: named('Conditional Access policy') },
  namedLocations: { ...policies, names: named('named location') },
  authenticationContextClassReferences: { ...policies, names: named('AuthenticationContextClassReference') },
  authenticationStrengthPolicies: {
    ...methods,
    names: named('', {
      add: 'Authentication Strength Policy Create',
      update: 'Authentication Strength Policy Update',
      remove: 'Authentication Strength Policy Delete',
    }),
  },
  authenticationMethodConfigurations: { ...methods, names: always('Authentication Methods Policy Update') },
  roleDefinitions: {
    service: directory,
    category: 'RoleManagement',
    target: 'Role',
    names: named('role definition'),
  },
  roleAssignments: {
    service: directory,
    category: 'RoleManagement',
    target: 'Role',
    names: named('', { add: 'Add member to role', remove: 'Remove member from role' }),
  },
  singletons: { service: directory, category: 'Policy', target: 'Policy', names: named('policy') },
};

/** What there is one of, by its type. */
export const singletonActivities: Readonly<Record<string, Activities>> = {
  authorizationPolicy: {
    service: directory,
    category: 'AuthorizationPolicy',
    target: 'Policy',
    names: always('Update authorization policy'),
  },
  authenticationMethodsPolicy: { ...methods, names: always('Authentication Methods Policy Update') },
  organization: {
    service: directory,
    category: 'DirectoryManagement',
    target: 'Directory',
    names: always('Set Company Information'),
  },
};

/** App role assignments, by the type of who is assigned. */
export const assignmentNames: Readonly<Record<string, { readonly add: string; readonly remove: string }>> = {
  User: { add: 'Add app role assignment grant to user', remove: 'Remove app role assignment from user' },
  Group: { add: 'Add app role assignment to group', remove: 'Remove app role assignment from group' },
};

export const credentialsUpdate = 'Update application – Certificates and secrets management';

/** As `operationType` says it. */
export const operations: Readonly<Record<Happening, string>> = {
  add: 'Add',
  update: 'Update',
  remove: 'Delete',
  restore: 'Restore',
  purge: 'Delete',
};

/** Names of the directory for properties of Graph, where they are not the same with a capital letter. */
export const directoryNames: Readonly<Record<string, string>> = {
  businessPhones: 'TelephoneNumber',
  employeeLeaveDateTime: 'EmployeeLeaveDate',
  mobilePhone: 'Mobile',
  otherMails: 'OtherMail',
  officeLocation: 'PhysicalDeliveryOfficeName',
  perUserMfaState: 'PerUserMfaState',
  groupTypes: 'GroupType',
  visibility: 'IsPublic',
  identifierUris: 'AppIdentifierUri',
  isFallbackPublicClient: 'PublicClient',
  info: 'AppInformationalUrl',
  appRoleAssignmentRequired: 'ExplicitAccessGrantRequired',
  servicePrincipalNames: 'ServicePrincipalName',
  web: 'AppAddress',
};

/** Names that hang on the type. */
export const tagNames: Readonly<Partial<Record<SeedCollection, string>>> = {
  applications: 'ApplicationTag',
  servicePrincipals: 'ServicePrincipalTag',
};

/** How long events are kept, in days (with a P1 or P2 licence). Source: "Microsoft Entra data retention". */
export const retentionDays = 30;

/** Events of one page, and the most that `$top` may ask for (common experience; not documented). */
export const auditPage = 1000;
