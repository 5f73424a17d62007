/** A tenant of known people and groups, for scenarios that must name them. */

import type { SeedObject, TenantSeed } from '../../src/sandbox/seed.js';

type Properties = Readonly<Record<string, unknown>>;

/** A readable id: `id('a', 1)` is `a0000000-0000-4000-8000-000000000001`. */
function id(kind: string, n: number): string {
  return `${kind}0000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
}

export const PEOPLE = 60;

/** The n-th person, from 1: an enabled member without a usage location or a job title. */
export const person = (n: number): string => id('a', n);
export const nameOf = (n: number): string => `person${String(n).padStart(2, '0')}@acme.example`;

export const SYNCED = id('a', 901);
/** In the recycle bin from the beginning. */
export const BINNED = id('a', 902);
/** A security group that holds persons 1 to 45. */
export const STAFF = id('b', 1);
/** A security group that holds persons 1, 2 and 3. */
export const TEAM = id('b', 2);
/** A Microsoft 365 group that holds persons 4 and 5. */
export const CLUB = id('b', 3);
/** A group whose members follow from a rule: persons 1 and 2. */
export const DYNAMIC = id('b', 4);
/** A policy that leaves TEAM out, outside of LAB. */
export const POLICY = id('c', 1);
/** An untrusted location that POLICY names. */
export const LAB = id('d', 1);
/** A trusted location. */
export const OFFICE = id('d', 2);

export const numbers = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

function user(userId: string, name: string, more: Properties = {}): SeedObject {
  const [nickname = name] = name.split('@');
  const object = {
    id: userId,
    accountEnabled: true,
    displayName: `Name of ${nickname}`,
    mailNickname: nickname,
    userPrincipalName: name,
    userType: 'Member',
    department: 'Research',
    createdDateTime: '2026-01-01T00:00:00Z',
    identities: [{ signInType: 'userPrincipalName', issuer: 'acme.example', issuerAssignedId: name }],
    ...more,
  };
  return { collection: 'users', object };
}

function group(groupId: string, name: string, members: readonly string[], more: Properties = {}): SeedObject {
  const object = {
    id: groupId,
    displayName: name,
    mailNickname: name,
    groupTypes: [],
    mailEnabled: false,
    securityEnabled: true,
    createdDateTime: '2026-01-01T00:00:00Z',
    ...more,
  };
  return { collection: 'groups', object, members };
}

function location(locationId: string, displayName: string, isTrusted: boolean, cidrAddress: string): SeedObject {
  const ipRanges = [{ '@odata.type': '#microsoft.graph.iPv4CidrRange', cidrAddress }];
  const object = {
    '@odata.type': '#microsoft.graph.ipNamedLocation',
    id: locationId,
    displayName,
    isTrusted,
    ipRanges,
    createdDateTime: '2026-01-01T00:00:00Z',
    modifiedDateTime: '2026-01-01T00:00:00Z',
  };
  return { collection: 'namedLocations', object };
}

const policy: SeedObject = {
  collection: 'policies',
  object: {
    id: POLICY,
    displayName: 'MFA for everyone',
    state: 'enabled',
    conditions: {
      clientAppTypes: ['all'],
      applications: { includeApplications: ['All'] },
      users: { includeUsers: ['All'], excludeGroups: [TEAM] },
      locations: { includeLocations: ['All'], excludeLocations: [LAB] },
    },
    grantControls: { operator: 'OR', builtInControls: ['mfa'] },
    createdDateTime: '2026-01-01T00:00:00Z',
  },
};

export const acme: TenantSeed = {
  tenantId: '49e50a6f-979d-4196-a904-7913c22451fb',
  displayName: 'Acme',
  verifiedDomains: ['acme.example'],
  objects: [
    ...numbers(1, PEOPLE).map((n) => user(person(n), nameOf(n))),
    user(SYNCED, 'synced@acme.example', { onPremisesSyncEnabled: true }),
    { ...user(BINNED, 'binned@acme.example'), deletedDateTime: '2026-11-01T00:00:00Z' },
    group(STAFF, 'staff', numbers(1, 45).map(person)),
    group(TEAM, 'team', numbers(1, 3).map(person)),
    group(CLUB, 'club', numbers(4, 5).map(person), {
      groupTypes: ['Unified'],
      mailEnabled: true,
      securityEnabled: false,
      mail: 'club@acme.example',
      proxyAddresses: ['SMTP:club@acme.example'],
      visibility: 'Private',
    }),
    group(DYNAMIC, 'dynamic', numbers(1, 2).map(person), {
      groupTypes: ['DynamicMembership'],
      membershipRule: 'user.department -eq "Research"',
      membershipRuleProcessingState: 'On',
    }),
    policy,
    location(LAB, 'Lab', false, '198.51.100.0/24'),
    location(OFFICE, 'Office', true, '203.0.113.0/24'),
  ],
};
