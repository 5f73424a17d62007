/** A tenant in the making: a small company, with what an example of the documentation needs added to it. */

import type { SeedCollection, SeedObject, TenantSeed } from '../../src/sandbox/seed.js';
import { generateTenant } from '../../src/sandbox/tenant.js';
import type { Json, JsonObject } from './examples.js';

export const CREATED = '2026-11-20T12:00:00Z';
const company = generateTenant(20, CREATED);
const DOMAINS = ['contoso.com', 'contoso.onmicrosoft.com', 'microsoft.onmicrosoft.com'];
const RANGE = { '@odata.type': '#microsoft.graph.iPv4CidrRange', cidrAddress: '203.0.113.0/24' };

const LOCATIONS: Readonly<Record<string, JsonObject>> = {
  '#microsoft.graph.countryNamedLocation': {
    '@odata.type': '#microsoft.graph.countryNamedLocation',
    countriesAndRegions: ['DE'],
    includeUnknownCountriesAndRegions: false,
    countryLookupMethod: 'clientIpAddress',
  },
  '#microsoft.graph.ipNamedLocation': {
    '@odata.type': '#microsoft.graph.ipNamedLocation',
    isTrusted: false,
    ipRanges: [RANGE],
  },
};

const OBJECTS: Readonly<Partial<Record<SeedCollection, (id: string, like: JsonObject) => JsonObject>>> = {
  users: (id) => ({
    accountEnabled: true,
    userType: 'Member',
    mailNickname: id,
    userPrincipalName: `${id}@contoso.com`,
  }),
  groups: (id, { groupTypes = [], mailEnabled = false }) => ({
    groupTypes,
    mailEnabled,
    securityEnabled: mailEnabled !== true,
    mailNickname: id,
  }),
  applications: (id) => ({ appId: `a${id.slice(1)}`, signInAudience: 'AzureADMyOrg', publisherDomain: 'contoso.com' }),
  servicePrincipals: (id, { appRoleId }) => ({
    appId: `a${id.slice(1)}`,
    accountEnabled: true,
    servicePrincipalType: 'Application',
    servicePrincipalNames: [`a${id.slice(1)}`],
    appRoles:
      appRoleId === undefined
        ? []
        : [
            {
              id: appRoleId,
              allowedMemberTypes: ['User', 'Application'],
              displayName: 'Role',
              isEnabled: true,
              value: 'Role',
            },
          ],
  }),
  namedLocations: (_, like) =>
    LOCATIONS[String(like['@odata.type'])] ?? (LOCATIONS['#microsoft.graph.ipNamedLocation'] as JsonObject),
  policies: () => ({
    state: 'disabled',
    conditions: {
      clientAppTypes: ['all'],
      applications: { includeApplications: ['All'] },
      users: { includeUsers: ['None'] },
    },
    grantControls: { operator: 'OR', builtInControls: ['mfa'] },
  }),
  authenticationStrengthPolicies: () => ({
    policyType: 'custom',
    requirementsSatisfied: 'mfa',
    allowedCombinations: ['fido2'],
  }),
  oauth2PermissionGrants: () => ({ consentType: 'AllPrincipals', principalId: null, scope: 'User.Read' }),
};

export interface Tenant {
  /** An id that nothing has. */
  newId(): string;
  /** Adds an object, or replaces the one with its id. */
  put(object: SeedObject): void;
  get(id: string): SeedObject | undefined;
  /** The id, of which there is an object then. */
  ensure(collection: SeedCollection, id: string): string;
  seed(): TenantSeed;
}

export function tenant(): Tenant {
  const objects = new Map(company.objects.map((each) => [String(each.object.id).toLowerCase(), each]));
  let count = 0;
  const put = (each: SeedObject) => void objects.set(String(each.object.id).toLowerCase(), each);
  return {
    newId: () => `d0c00000-0000-4000-8000-${String(++count).padStart(12, '0')}`,
    put,
    get: (id) => objects.get(id.toLowerCase()),
    ensure(collection, id) {
      if (!objects.has(id.toLowerCase())) put(stub(collection, id.toLowerCase()));
      return id;
    },
    seed: () => ({
      ...company,
      verifiedDomains: [...company.verifiedDomains, ...DOMAINS],
      objects: [...objects.values()],
    }),
  };
}

/** An object of which nothing matters but that it is there, and that a request or an answer can be about it. */
export function stub(collection: SeedCollection, id: string, like: JsonObject = {}): SeedObject {
  return { collection, object: { id, displayName: `Stub ${id}`, ...OBJECTS[collection]?.(id, like) } };
}

/** The object that a page shows, with what every object of its kind has. */
export function shownObject(collection: SeedCollection, item: JsonObject, id: string): SeedObject {
  const keeps = (name: string, value: Json) =>
    value !== null && name !== 'deletedDateTime' && (!name.includes('@odata.') || collection === 'namedLocations');
  const known = Object.fromEntries(Object.entries(item).filter(([name, value]) => keeps(name, value)));
  return { collection, object: { ...stub(collection, id, item).object, ...known, id } };
}
