/** The collections the sandbox serves, and what Graph calls their types in paths, contexts and messages. */
import type { SeedCollection } from './seed.js';

export interface Resource {
  readonly collection: SeedCollection;
  /** Entity type in the metadata; `namedLocation` stands for the two types derived from it. */
  readonly type: 'user' | 'group' | 'conditionalAccessPolicy' | 'namedLocation';
  /** Name in error messages. */
  readonly label: string;
  /** What `@odata.context` names. */
  readonly context: string;
  /** Directory objects: members of groups, found under `/directory/deletedItems`, served with a default property set. */
  readonly directory: boolean;
}

export const resources: Readonly<Record<SeedCollection, Resource>> = {
  users: { collection: 'users', type: 'user', label: 'User', context: 'users', directory: true },
  groups: { collection: 'groups', type: 'group', label: 'Group', context: 'groups', directory: true },
  policies: {
    collection: 'policies',
    type: 'conditionalAccessPolicy',
    label: 'ConditionalAccessPolicy',
    context: 'identity/conditionalAccess/policies',
    directory: false,
  },
  namedLocations: {
    collection: 'namedLocations',
    type: 'namedLocation',
    label: 'NamedLocation',
    context: 'identity/conditionalAccess/namedLocations',
    directory: false,
  },
};

/** The collections in a fixed order. */
export const collections: readonly SeedCollection[] = ['users', 'groups', 'policies', 'namedLocations'];

/** The concrete type of a stored object: that of its `@odata.type`, else the type of its collection. */
export function concreteType(resource: Resource, object: Readonly<Record<string, unknown>>): string {
  const named = object['@odata.type'];
  return typeof named === 'string' && resource.type === 'namedLocation' ? typeName(named) : resource.type;
}

/** `#microsoft.graph.ipNamedLocation` → `ipNamedLocation`. */
export function typeName(odataType: string): string {
  return odataType.replace(/^#?microsoft\.graph\./, '');
}
