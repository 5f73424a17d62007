/** Where live objects are found by a value that only one of them may have, and edges by their ends. */
import { addId, removeId } from './ordered-ids.js';
import type { SeedCollection } from './seed.js';
import type { Stored } from './store.js';

/** Properties of grants and assignments that name the objects they connect. Without either end there is no edge. */
const ends: Readonly<Partial<Record<SeedCollection, readonly string[]>>> = {
  oauth2PermissionGrants: ['clientId', 'resourceId', 'principalId'],
  appRoleAssignments: ['principalId', 'resourceId'],
  roleAssignments: ['principalId'],
};

export function createIndex(tenantId: string) {
  const principalNames = new Map<string, string>();
  const addresses = new Map<string, string>();
  const appIds = { applications: new Map<string, string>(), servicePrincipals: new Map<string, string>() };
  const edges = new Map<string, string[]>();
  const foreignApplications = new Map<string, Readonly<Record<string, unknown>>>();
  const unique = ({ collection, object }: Stored): [Map<string, string>, string][] => [
    ...textOf(object.userPrincipalName).map((name): [Map<string, string>, string] => [principalNames, name]),
    ...addressesOf(object).map((address): [Map<string, string>, string] => [addresses, address]),
    ...(collection === 'applications' || collection === 'servicePrincipals'
      ? textOf(object.appId).map((appId): [Map<string, string>, string] => [appIds[collection], appId])
      : []),
  ];
  return {
    principalNames,
    addresses,
    appIds,
    edges,
    foreignApplications,
    claim(stored: Stored): void {
      const { collection, object } = stored;
      if (collection === 'servicePrincipals' && object.appOwnerOrganizationId !== tenantId)
        for (const appId of textOf(object.appId)) foreignApplications.set(appId, applicationPart(object));
      for (const [map, key] of unique(stored)) map.set(key, stored.id);
      for (const end of endsOf(stored)) {
        const known = edges.get(end);
        if (known) addId(known, stored.id);
        else edges.set(end, [stored.id]);
      }
    },
    release(stored: Stored): void {
      for (const [map, key] of unique(stored)) if (map.get(key) === stored.id) map.delete(key);
      for (const end of endsOf(stored)) removeId(edges.get(end) ?? [], stored.id);
    },
  };
}

/** Properties of a service principal that come from its application. */
const fromApplication = [
  'appDescription',
  'appDisplayName',
  'appOwnerOrganizationId',
  'appRoles',
  'displayName',
  'homepage',
  'info',
  'oauth2PermissionScopes',
  'replyUrls',
  'signInAudience',
  'verifiedPublisher',
];

function applicationPart(object: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(fromApplication.flatMap((name) => (name in object ? [[name, object[name]]] : [])));
}

function endsOf({ collection, object }: Stored): string[] {
  return (ends[collection] ?? []).flatMap((name) => textOf(object[name]));
}

const textOf = (value: unknown): string[] => (typeof value === 'string' ? [value.toLowerCase()] : []);

/** The mail addresses of an object, lower case and without their kind (`SMTP:`). */
export function addressesOf(object: Readonly<Record<string, unknown>>): string[] {
  const addresses = new Set<string>();
  if (typeof object.mail === 'string') addresses.add(object.mail.toLowerCase());
  if (Array.isArray(object.proxyAddresses)) {
    for (const address of object.proxyAddresses)
      addresses.add(
        String(address)
          .replace(/^smtp:/i, '')
          .toLowerCase(),
      );
  }
  return [...addresses];
}
