/**
 * What requests cost, and how much of it there is. Source: "Microsoft Graph service-specific throttling limits", identity
 * and access, Conditional Access, identity and access reports; algorithm and headers: "Microsoft Graph throttling guidance".
 * Limits of one application over all tenants are left out: one tenant does not reach them.
 */

/** One documented limit: a bucket that holds `units` and is refilled evenly over `seconds`. */
export interface Limit {
  readonly units: number;
  readonly seconds: number;
  /** Whose requests share it: those of one application, or everybody's. */
  readonly scope: 'Tenant_Application' | 'Tenant';
  /** As `x-ms-throttle-scope` names it. */
  readonly counts: 'Read' | 'Write' | 'ReadWrite';
  /** As `x-ms-throttle-information` names it. */
  readonly information: 'ResourceUnitLimitExceeded' | 'WriteLimitExceeded';
  /** Whether a refusal says when to come back. */
  readonly retryAfter: boolean;
  /** Whether it tells how full it is, and refuses requests of low priority first: limits of the directory itself. */
  readonly directory: boolean;
}

const ofDirectory = { scope: 'Tenant_Application', retryAfter: true, directory: true } as const;
const resourceUnits = { ...ofDirectory, counts: 'ReadWrite', information: 'ResourceUnitLimitExceeded' } as const;
const writes = { ...ofDirectory, counts: 'Write', information: 'WriteLimitExceeded' } as const;

export const limits = {
  /** Resource units of the directory, by size of the tenant. */
  smallTenant: { ...resourceUnits, units: 3500, seconds: 10 },
  mediumTenant: { ...resourceUnits, units: 5000, seconds: 10 },
  largeTenant: { ...resourceUnits, units: 8000, seconds: 10 },
  writes: { ...writes, units: 3000, seconds: 150 },
  writesOfAll: { ...writes, units: 18_000, seconds: 300, scope: 'Tenant' },
  /** Writes of applications that people with personal accounts can sign in to. */
  personalApplications: { ...writes, units: 60, seconds: 60, directory: false },
  /** Conditional Access policies and named locations, whatever the method. */
  conditionalAccess: {
    ...resourceUnits,
    units: 1,
    seconds: 1,
    scope: 'Tenant',
    retryAfter: false,
    directory: false,
  },
  reports: { ...resourceUnits, units: 5, seconds: 10, counts: 'Read', directory: false },
  signInActivity: { ...resourceUnits, units: 10, seconds: 60, counts: 'Read', directory: false },
} as const satisfies Readonly<Record<string, Limit>>;

/** Users from which on a tenant is of medium size, and above which it is large. */
export const tenantSizes = { medium: 50, large: 500 } as const;

/** The share of a limit that is left to requests of low priority. The documentation says only that they are throttled first. */
export const lowPriorityShare = 0.8;

/** From which share of a limit on answers tell it, and the most they tell. */
export const toldShare = { from: 0.8, most: 1.8 } as const;

/** Who may sign in to an application whose writes have a limit of their own. */
export const personalAudiences: ReadonlySet<unknown> = new Set([
  'AzureADandPersonalMicrosoftAccount',
  'PersonalMicrosoftAccount',
]);

/** Resource units of a GET, where they are not 1, by path; a star stands for an id. */
export const readCost: Readonly<Record<string, number>> = {
  users: 2,
  'users/*/memberOf': 2,
  'users/*/licenseDetails': 2,
  'users/*/ownedObjects': 2,
  'users/*/transitiveMemberOf': 2,
  'groups/*/memberOf': 2,
  'groups/*/members': 3,
  'groups/*/transitiveMembers': 5,
  applications: 2,
  'applications/*/extensionProperties': 2,
  'servicePrincipals/*/memberOf': 2,
  'servicePrincipals/*/appRoleAssignments': 2,
  oauth2PermissionGrants: 2,
  'oauth2PermissionGrants/*': 2,
  contracts: 3,
  subscribedSkus: 3,
  'domains/*/domainNameReferences': 4,
};

/** A page smaller than this costs one unit less. */
export const smallPage = 20;

/** How many bound members cost one write where it is not the request that counts (reported, not documented). */
export const membersOfOneWrite = 3;
