/**
 * The collections the sandbox serves, and what Graph calls their types in paths, contexts and messages. A collection that
 * behaves like others is one row here, one in `seed.ts`, and its routes.
 */
import { kindsOf } from './facts.js';
import { type PlainFacts, plainCollections } from './plain.js';
import type { PlainCollection, SeedCollection } from './seed.js';

interface Row {
  /** Entity type in the metadata; the types derived from it are in the same collection. */
  readonly type: string;
  /** Name in error messages. */
  readonly label: string;
  /** What `@odata.context` names. */
  readonly context: string;
  /** Whether the directory itself answers: its words for errors, its rules for page sizes, counts and empty values. */
  readonly directory: boolean;
  /** Which recycle bin a deleted object goes to; without one it is gone. */
  readonly bin?: 'directory' | 'conditionalAccess';
  /** The concrete types the collection may hold. Default: the type and those derived from it. */
  readonly kinds?: readonly string[];
}

export interface Resource extends Row {
  readonly collection: SeedCollection;
  readonly kinds: readonly string[];
}

const conditionalAccess = 'identity/conditionalAccess';

const plainRows = Object.fromEntries(
  Object.entries(plainCollections as Readonly<Record<string, PlainFacts>>).map(
    ([name, { type, label, path, directory }]) => [name, { type, label, context: path.slice(1), directory }],
  ),
) as Readonly<Record<PlainCollection, Row>>;

const rows: Readonly<Record<SeedCollection, Row>> = {
  ...plainRows,
  users: { type: 'user', label: 'User', context: 'users', directory: true, bin: 'directory' },
  groups: { type: 'group', label: 'Group', context: 'groups', directory: true, bin: 'directory' },
  applications: {
    type: 'application',
    label: 'Application',
    context: 'applications',
    directory: true,
    bin: 'directory',
  },
  servicePrincipals: {
    type: 'servicePrincipal',
    label: 'ServicePrincipal',
    context: 'servicePrincipals',
    directory: true,
    bin: 'directory',
  },
  oauth2PermissionGrants: {
    type: 'oAuth2PermissionGrant',
    label: 'OAuth2PermissionGrant',
    context: 'oauth2PermissionGrants',
    directory: true,
  },
  appRoleAssignments: {
    type: 'appRoleAssignment',
    label: 'AppRoleAssignment',
    context: 'appRoleAssignments',
    directory: true,
  },
  policies: {
    type: 'conditionalAccessPolicy',
    label: 'ConditionalAccessPolicy',
    context: `${conditionalAccess}/policies`,
    directory: false,
    bin: 'conditionalAccess',
  },
  namedLocations: {
    type: 'namedLocation',
    label: 'NamedLocation',
    context: `${conditionalAccess}/namedLocations`,
    directory: false,
    bin: 'conditionalAccess',
  },
  authenticationStrengthPolicies: {
    type: 'authenticationStrengthPolicy',
    label: 'AuthenticationStrengthPolicy',
    context: 'policies/authenticationStrengthPolicies',
    directory: false,
  },
  authenticationMethodConfigurations: {
    type: 'authenticationMethodConfiguration',
    label: 'AuthenticationMethodConfiguration',
    context: 'authenticationMethodConfigurations',
    directory: false,
  },
  roleDefinitions: {
    type: 'unifiedRoleDefinition',
    label: 'RoleDefinition',
    context: 'roleManagement/directory/roleDefinitions',
    directory: true,
  },
  roleAssignments: {
    type: 'unifiedRoleAssignment',
    label: 'RoleAssignment',
    context: 'roleManagement/directory/roleAssignments',
    directory: true,
  },
  // Every object here has a type of its own: see `concreteType`.
  singletons: {
    type: 'policyBase',
    label: 'Policy',
    context: 'policies',
    directory: false,
    kinds: ['authorizationPolicy', 'authenticationMethodsPolicy', 'organization'],
  },
};

/** The collections in a fixed order. */
export const collections = Object.keys(rows) as readonly SeedCollection[];

export const resources = Object.fromEntries(
  collections.map((collection) => {
    const row = rows[collection];
    return [collection, { kinds: kindsOf(row.type), ...row, collection }];
  }),
) as unknown as Readonly<Record<SeedCollection, Resource>>;

/** Whether objects of the collection are directory objects: found under `/directoryObjects` and `/directory/deletedItems`. */
export function isDirectoryObject(collection: SeedCollection): boolean {
  return resources[collection].bin === 'directory';
}

/** The types of directory objects. */
export const directoryObjectTypes: readonly string[] = collections
  .filter(isDirectoryObject)
  .flatMap((collection) => resources[collection].kinds);

/** The concrete type of a stored object: that of its `@odata.type`, else the type of its collection. */
export function concreteType(resource: Resource, object: Readonly<Record<string, unknown>>): string {
  if (resource.collection === 'singletons') {
    const id = String(object.id);
    return resource.kinds.includes(id) ? id : 'organization';
  }
  const named = object['@odata.type'];
  return typeof named === 'string' ? typeName(named) : resource.type;
}

/** `#microsoft.graph.ipNamedLocation` → `ipNamedLocation`. */
export function typeName(odataType: string): string {
  return odataType.replace(/^#?microsoft\.graph\./, '');
}
