/**
 * What Microsoft Graph lets one application ask of one tenant, as data. Sources: "Microsoft Graph service-specific
 * throttling limits" (identity and access; Conditional Access; identity and access reports), "Microsoft Graph throttling
 * guidance", "Combine multiple HTTP requests using JSON batching". What is not from there says so.
 */

/** One token bucket: it holds `units`, and fills again within `seconds`. */
export interface Limit {
  readonly units: number;
  readonly seconds: number;
}

export type BucketName =
  | 'directory'
  | 'writes'
  | 'conditionalAccess'
  | 'personalApplications'
  | 'reports'
  | 'authenticationPolicies';

/**
 * The buckets. `directory` counts resource units and is that of the smallest tenants, as long as nothing else is known.
 * `conditionalAccess` is shared by all applications of the tenant, and its refusals name no time to wait.
 * `authenticationPolicies` has no limit of its own that is published: it only keeps a refusal there from stopping others.
 */
export const LIMITS: Readonly<Record<BucketName, Limit>> = {
  directory: { units: 3500, seconds: 10 },
  writes: { units: 3000, seconds: 150 },
  conditionalAccess: { units: 1, seconds: 1 },
  personalApplications: { units: 60, seconds: 60 },
  reports: { units: 5, seconds: 10 },
  authenticationPolicies: { units: 3500, seconds: 10 },
};

/** Resource units within ten seconds, by the number of users that a tenant has more than. */
export const DIRECTORY_SIZES: readonly { readonly moreUsersThan: number; readonly units: number }[] = [
  { moreUsersThan: 500, units: 8000 },
  { moreUsersThan: 49, units: 5000 },
];

/**
 * The part of the directory's bucket that requests of low priority use: they are refused first. How early is not
 * documented.
 */
export const BACKGROUND_SHARE = 0.75;

/** The list that tells how many users a tenant has. */
export const LIST_OF_USERS = '/users';

/** Buckets of paths; the first pattern that fits the beginning of a path decides. Others belong to the directory. */
export const BUCKET_OF_PATH: readonly (readonly [pattern: string, bucket: BucketName])[] = [
  ['/identity/conditionalAccess', 'conditionalAccess'],
  ['/identityProtection', 'conditionalAccess'],
  ['/auditLogs', 'reports'],
  ['/reports', 'reports'],
  ['/policies/authenticationMethodsPolicy', 'authenticationPolicies'],
  ['/policies/authenticationStrengthPolicies', 'authenticationPolicies'],
];

/** Objects whose writes have a bucket of their own because of a value, which the answers about them tell. */
export const BUCKET_OF_VALUE = {
  collection: '/applications',
  property: 'signInAudience',
  values: ['AzureADandPersonalMicrosoftAccount', 'PersonalMicrosoftAccount'],
  bucket: 'personalApplications',
} as const satisfies {
  readonly collection: string;
  readonly property: string;
  readonly values: readonly string[];
  readonly bucket: BucketName;
};

/** Resource units of a GET where they are not 1; a star stands for one segment. The whole path has to fit. */
export const READ_UNITS: Readonly<Record<string, number>> = {
  '/applications': 2,
  '/applications/*/extensionProperties': 2,
  '/contracts': 3,
  '/domains/*/domainNameReferences': 4,
  '/groups/*/members': 3,
  '/groups/*/transitiveMembers': 5,
  '/oauth2PermissionGrants': 2,
  '/oauth2PermissionGrants/*': 2,
  '/servicePrincipals/*/appRoleAssignments': 2,
  '/subscribedSkus': 3,
  '/users': 2,
  '/users/*/licenseDetails': 2,
  '/users/*/memberOf': 2,
  '/users/*/ownedObjects': 2,
  '/users/*/transitiveMemberOf': 2,
};

/** What a query adds to the resource units of a GET; they never fall below 1. `$top` counts below 20 only. */
export const QUERY_UNITS = { $select: -1, $expand: 1, $top: -1, smallTop: 20 } as const;

/** Most requests of one batch. */
export const BATCH_SIZE = 20;

/**
 * Most requests of one batch that add up to 20 references each, and batches of them at the same time. Observed by
 * Microsoft's own Group Membership Management: more of them in a batch were answered 503.
 */
export const BIND_BATCH_SIZE = 5;
export const BIND_BATCHES_AT_ONCE = 10;

/**
 * References for which one write is counted, where adding several in one request costs more than the one write that is
 * documented. Reported from Microsoft's support; believed only after a refusal that came too early.
 */
export const REFERENCES_PER_WRITE = 3;
