/**
 * Kinds of objects that random tenants hold: the types of the registry, and where the sandbox keeps their objects. A type
 * that is a plain list needs nothing here.
 */

import type { ObjectKey } from '../../src/model/object.js';
import type { ObjectType, Registry } from '../../src/registry/types.js';
import { collections, resources } from '../../src/sandbox/resources.js';
import type { SeedCollection } from '../../src/sandbox/seed.js';

export interface Kind {
  /** Name of the type: `conditionalAccessPolicy`. */
  readonly name: string;
  readonly collection: SeedCollection;
  /** Path of the list, or of the one object. */
  readonly live: string;
  /** Path of the recycle bin's list, and of the objects in it. */
  readonly bin: { readonly list: string; readonly items: string } | undefined;
  /** Entity type in Microsoft's metadata. */
  readonly entity: string;
  readonly singleton: boolean;
  readonly edge: boolean;
  /** Relations whose targets are listed, added and removed one by one. */
  readonly links: readonly string[];
  readonly type: ObjectType;
}

/** Edges are made and removed under the object that they give access to. */
const EDGE_COLLECTIONS: Readonly<Record<string, SeedCollection>> = { appRoleAssignment: 'appRoleAssignments' };

export function kindsOf(registry: Registry): readonly Kind[] {
  return registry.types.map((type) => {
    const last = type.path.slice(type.path.lastIndexOf('/') + 1);
    const collection =
      EDGE_COLLECTIONS[type.name] ?? collections.find((name) => name === last && type.singleton === undefined);
    return {
      name: type.name,
      collection: collection ?? 'singletons',
      live: type.path,
      bin: type.bin && { list: type.bin.list, items: type.bin.get.replace('/{id}', '') },
      entity: collection === undefined ? type.name : resources[collection].type,
      singleton: type.singleton !== undefined,
      edge: type.edge !== undefined,
      links: type.links.map((link) => link.name),
      type,
    };
  });
}

/** How an edge is named: after what it connects. */
const EDGE_KEYS: Readonly<Record<string, readonly string[]>> = {
  appRoleAssignment: ['principalId', 'resourceId', 'appRoleId'],
  oauth2PermissionGrant: ['clientId', 'resourceId'],
  roleAssignment: ['roleDefinitionId', 'principalId', 'directoryScopeId'],
};

/** The key by which plans name an object that Graph answered. */
export function keyIn(kind: Kind, values: Readonly<Record<string, unknown>>): ObjectKey {
  if (kind.singleton) return `${kind.name}/${kind.name.toLowerCase()}`;
  const names = EDGE_KEYS[kind.name];
  if (names === undefined) return `${kind.name}/${String(values.id).toLowerCase()}`;
  const part = (name: string) =>
    String(values[name])
      .toLowerCase()
      .replace(/[^a-z0-9-]+/g, '-')
      .replace(/^-+|-+$/g, '');
  return `${kind.name}/${names.map(part).join('_')}`;
}

/** Ids of the objects that an edge connects, as its key names them. */
export function endsOf(key: ObjectKey): readonly string[] {
  return key
    .slice(key.indexOf('/') + 1)
    .split('_')
    .filter((id) => id.length === 36);
}

/** The object that an edge belongs to: the service principal that it gives access to, or the role. */
export function ownerOfEdge(key: ObjectKey): ObjectKey {
  const [first = '', second = ''] = endsOf(key);
  return key.startsWith('roleAssignment/') ? `roleDefinition/${first}` : `servicePrincipal/${second}`;
}
