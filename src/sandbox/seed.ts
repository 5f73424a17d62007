/**
 * What a sandbox tenant starts from: directory objects as Microsoft Graph would hold them, before any request was made.
 * The generator (`tenant.ts`) and `--from STATE_DIR` produce it; the store loads it.
 */

import type plain from './facts/plain-collections.json';

/**
 * The collections of the sandbox, by the path segment under which Graph lists them. `singletons` holds what a tenant has
 * one of: the objects with the ids `authorizationPolicy` and `authenticationMethodsPolicy`, and the organization, whose
 * id is that of the tenant.
 */
export type SeedCollection =
  | 'users'
  | 'groups'
  | 'applications'
  | 'servicePrincipals'
  | 'oauth2PermissionGrants'
  | 'appRoleAssignments'
  | 'policies'
  | 'namedLocations'
  | 'authenticationStrengthPolicies'
  | 'authenticationMethodConfigurations'
  | 'roleDefinitions'
  | 'roleAssignments'
  | 'singletons'
  | PlainCollection;

/** Collections that are data alone: see `plain.ts`. */
export type PlainCollection = keyof typeof plain;

/** One object of the tenant. `object.id` is unique in the tenant whatever its case: a GUID, a word, or opaque text. */
export interface SeedObject {
  readonly collection: SeedCollection;
  /** Graph properties as the service stores them, `@odata.type` included where the type is polymorphic. */
  readonly object: Readonly<Record<string, unknown>>;
  /** Ids of the members, for groups with assigned membership, and of those a dynamic rule selected. */
  readonly members?: readonly string[];
  /** Set when the object is in the recycle bin: when it was deleted (UTC, ISO 8601). */
  readonly deletedDateTime?: string;
}

/** A whole tenant before the first request. The same input gives the same seed, byte for byte. */
export interface TenantSeed {
  readonly tenantId: string;
  readonly displayName: string;
  /** Domains that user principal names may use; the first is the default. */
  readonly verifiedDomains: readonly string[];
  readonly objects: readonly SeedObject[];
}
