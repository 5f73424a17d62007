/** Three small tenants and what happened to each: between them, every kind of action that a plan can have. */

import type { Json } from '../../src/model/json.js';
import type { SeedObject } from '../../src/sandbox/seed.js';
import {
  all,
  directoryObject,
  EVERYTHING,
  group,
  type Incident,
  person,
  team,
  upTo,
  user,
} from './small-incident-parts.js';
import { idAt } from './small-tenants.js';
import { TENANT, workloadId } from './small-workloads.js';

const people: Incident = {
  name: 'people and groups',
  objects: [
    ...upTo(25, user).map((_, index) => person(index)),
    team(0, upTo(24, user)),
    team(1, [user(1), user(2), user(3)]),
    team(2, [user(4), group(1)]),
  ],
  scope: EVERYTHING,
  damage: async (http) => {
    await all(
      http,
      ['PATCH', `/users/${user(0)}`, { accountEnabled: false, department: null }],
      ['PATCH', `/users/${user(1)}`, { jobTitle: 'Unknown' }],
      ['PATCH', `/users/${user(2)}`, { department: 'Gone', city: 'Nowhere' }],
      ['DELETE', `/groups/${group(1)}/members/${user(2)}/$ref`],
      ['POST', `/groups/${group(1)}/members/$ref`, directoryObject(user(9))],
      ['DELETE', `/users/${user(2)}`],
      ['DELETE', `/users/${user(3)}`],
      ['PATCH', `/groups/${group(2)}`, { description: 'Changed before it was deleted' }],
      ['POST', `/groups/${group(2)}/members/$ref`, directoryObject(user(8))],
      ['DELETE', `/groups/${group(2)}/members/${user(4)}/$ref`],
      ['DELETE', `/groups/${group(2)}`],
      ['POST', `/groups/${group(0)}/members/$ref`, directoryObject(user(24))],
    );
    // More than one request can add, and more than one batch can carry.
    for (const index of [0, ...upTo(20, String).map((_, at) => at + 4)])
      await all(
        http,
        ['DELETE', `/groups/${group(0)}/members/${user(index)}/$ref`],
        ['PATCH', `/users/${user(index)}`, { officeLocation: 'Nowhere' }],
      );
  },
  actions: ['restore user', 'restore group', 'update user', 'link members', 'unlink members'],
};

const strength = workloadId('e', 0);
const policy = (index: number): string => idAt('policy', index);
const location = (index: number): string => idAt('location', index);
const settings: Incident = {
  name: 'gates and settings',
  objects: [
    ...upTo(4, user).map((_, index) => person(index)),
    team(0, [user(0), user(1)]),
    ...[0, 1].map(
      (index): SeedObject => ({
        collection: 'namedLocations',
        object: {
          '@odata.type': '#microsoft.graph.ipNamedLocation',
          id: location(index),
          displayName: `Office ${index}`,
          isTrusted: false,
          ipRanges: [{ '@odata.type': '#microsoft.graph.iPv4CidrRange', cidrAddress: `198.51.100.${index}/32` }],
          createdDateTime: '2026-01-01T00:00:00Z',
        },
      }),
    ),
    ...[0, 1, 2].map(
      (index): SeedObject => ({
        collection: 'policies',
        object: {
          id: policy(index),
          displayName: `Policy ${index}`,
          state: 'enabled',
          conditions: {
            clientAppTypes: ['all'],
            applications: { includeApplications: ['All'] },
            users: { includeUsers: ['All'], excludeGroups: [group(0)] },
            locations: { includeLocations: ['All'], excludeLocations: [location(0)] },
          },
          grantControls: { operator: 'OR', builtInControls: ['mfa'] },
          createdDateTime: '2026-01-01T00:00:00Z',
        },
      }),
    ),
    {
      collection: 'authenticationStrengthPolicies',
      object: {
        id: strength,
        displayName: 'Strong',
        description: 'Nothing else',
        policyType: 'custom',
        allowedCombinations: ['fido2'],
        combinationConfigurations: [],
        createdDateTime: '2026-01-01T00:00:00Z',
        modifiedDateTime: '2026-01-01T00:00:00Z',
      },
    },
  ],
  scope: EVERYTHING,
  damage: async (http) => {
    const users = { includeUsers: ['All'], excludeGroups: [] };
    const conditions = { clientAppTypes: ['all'], applications: { includeApplications: ['All'] }, users };
    await all(
      http,
      ['PATCH', `/identity/conditionalAccess/policies/${policy(0)}`, { conditions }],
      ['PATCH', `/identity/conditionalAccess/policies/${policy(1)}`, { state: 'disabled' }],
      ['PATCH', `/identity/conditionalAccess/policies/${policy(2)}`, { state: 'disabled', displayName: 'Off' }],
      ['DELETE', `/identity/conditionalAccess/policies/${policy(2)}`],
      ['DELETE', `/groups/${group(0)}/members/${user(0)}/$ref`],
      ['DELETE', `/groups/${group(0)}`],
      [
        'PATCH',
        `/identity/conditionalAccess/namedLocations/${location(1)}`,
        {
          '@odata.type': '#microsoft.graph.ipNamedLocation',
          isTrusted: true,
        },
      ],
      ['PATCH', `/policies/authenticationStrengthPolicies/${strength}`, { description: 'Telephone, too' }],
      [
        'POST',
        `/policies/authenticationStrengthPolicies/${strength}/updateAllowedCombinations`,
        {
          allowedCombinations: ['fido2', 'password,sms'],
        },
      ],
      ['PATCH', `/beta/users/${user(1)}/authentication/requirements`, { perUserMfaState: 'enforced' }],
      ['PATCH', '/policies/authorizationPolicy', { allowInvitesFrom: 'everyone' }],
    );
  },
  actions: [
    'restore group',
    'restore conditionalAccessPolicy',
    'update conditionalAccessPolicy',
    'update namedLocation',
    'update authenticationStrengthPolicy',
    'update user',
    'update authorizationPolicy',
  ],
};

const ROLES = [0, 1].map((index) => ({
  id: workloadId('1', index),
  value: `Role${index}`,
  displayName: `Role ${index}`,
  description: `Role ${index}`,
  allowedMemberTypes: ['Application', 'User'],
  isEnabled: true,
}));
const [app, appId, principal] = ['5', '6', '8'].map((letter) => (index: number) => workloadId(letter, index)) as [
  (index: number) => string,
  (index: number) => string,
  (index: number) => string,
];

const workloads: Incident = {
  name: 'workloads, rights and deletes',
  objects: [
    ...upTo(3, user).map((_, index) => person(index)),
    team(0, [user(0)]),
    ...[0, 1, 2].flatMap((index): SeedObject[] => [
      {
        collection: 'applications',
        object: {
          id: app(index),
          appId: appId(index),
          displayName: `Application ${index}`,
          signInAudience: 'AzureADMyOrg',
          identifierUris: [`api://seed${index}`],
          appRoles: index === 0 ? ROLES : [],
          tags: ['known'],
        },
      },
      {
        collection: 'servicePrincipals',
        object: {
          id: principal(index),
          appId: appId(index),
          displayName: `Application ${index}`,
          accountEnabled: true,
          appRoleAssignmentRequired: false,
          appOwnerOrganizationId: TENANT,
          servicePrincipalNames: [appId(index)],
          servicePrincipalType: 'Application',
        },
      },
    ]),
    {
      collection: 'oauth2PermissionGrants',
      object: {
        id: 'grant-0',
        clientId: principal(1),
        resourceId: principal(0),
        scope: 'User.Read',
        consentType: 'AllPrincipals',
      },
    },
    ...[user(0), principal(1)].map(
      (principalId, index): SeedObject => ({
        collection: 'appRoleAssignments',
        object: {
          id: `assignment-${index}`,
          principalId,
          resourceId: principal(0),
          appRoleId: ROLES[0]?.id,
          createdDateTime: '2026-01-01T00:00:00Z',
        },
      }),
    ),
  ],
  scope: { ...EVERYTHING, allowDelete: ['*'] },
  damage: async (http) => {
    const extra = { ...ROLES[1], id: workloadId('1', 9), value: 'Extra', displayName: 'Extra' };
    const assigned = `/servicePrincipals/${principal(0)}/appRoleAssignedTo`;
    await all(
      http,
      ['PATCH', `/applications/${app(0)}`, { appRoles: [...ROLES, extra] as Json[], tags: ['changed'] }],
      ['PATCH', `/applications/${app(1)}`, { displayName: 'Renamed' }],
      ['PATCH', `/servicePrincipals/${principal(1)}`, { appRoleAssignmentRequired: true }],
      ['DELETE', `${assigned}/assignment-0`],
      ['POST', assigned, { principalId: user(2), resourceId: principal(0), appRoleId: ROLES[1]?.id ?? '' }],
      ['DELETE', '/oauth2PermissionGrants/grant-0'],
      [
        'POST',
        '/oauth2PermissionGrants',
        {
          clientId: principal(2),
          resourceId: principal(0),
          scope: 'Mail.Read',
          consentType: 'AllPrincipals',
        },
      ],
      ['DELETE', `/servicePrincipals/${principal(2)}`],
      ['DELETE', `/applications/${app(2)}`],
    );
    for (const index of [1, 2, 3])
      await all(http, [
        'POST',
        '/users',
        {
          accountEnabled: true,
          displayName: `Intruder ${index}`,
          mailNickname: `intruder${index}`,
          userPrincipalName: `intruder${index}@contoso.com`,
          passwordProfile: { password: 'Not-4-known-word!' },
        },
      ]);
    await all(http, [
      'POST',
      '/groups',
      {
        displayName: 'Intruders',
        mailNickname: 'intruders',
        mailEnabled: false,
        securityEnabled: true,
        groupTypes: [],
      },
    ]);
  },
  actions: [
    'update application',
    'update servicePrincipal',
    'restore application',
    'restore servicePrincipal',
    'link appRoleAssignment',
    'unlink appRoleAssignment',
    'link oauth2PermissionGrant',
    'soft-delete user',
    'soft-delete group',
  ],
};

export const INCIDENTS: readonly Incident[] = [people, settings, workloads];
