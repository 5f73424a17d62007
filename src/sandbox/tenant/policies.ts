/** The Conditional Access policies of the generated tenant, which refer to its users, groups and named locations. */

import type { Groups } from './groups.js';
import type { Locations } from './locations.js';
import { createPolicy, type GeneratedPolicy, type PolicyWish } from './policy-shape.js';
import type { Random } from './random.js';
import type { Accounts } from './users.js';

const ADMIN_ROLES = [
  '62e90394-69f5-4237-9190-012177145e10',
  'e8611ab8-c189-46e8-94e1-60213ab1f814',
  '194ae4cb-b126-40b2-bd5b-6091b380977d',
  'b1be1c3e-b65d-4f19-8427-f6fa0d97feb9',
  'fe930be7-5e62-47db-91af-98c3a49a38b1',
];
const AZURE_MANAGEMENT = '797f4846-ba00-4fd7-ba43-dac1f8f63013';
const PHISHING_RESISTANT = { authenticationStrength: { id: '00000000-0000-0000-0000-000000000004' } };

interface Scene {
  readonly groups: Groups;
  readonly locations: Locations;
  /** Ids of the accounts for emergencies. */
  readonly emergency: readonly string[];
  /** Id of an account that prints and scans with an old protocol, if the tenant has one. */
  readonly scanner: readonly string[];
  readonly partnerTenants: readonly string[];
}

/** Makes twelve active policies and a deleted one. */
export function createPolicies(
  random: Random,
  accounts: Accounts,
  groups: Groups,
  locations: Locations,
): { active: GeneratedPolicy[]; deleted: GeneratedPolicy } {
  const idsOf = (kind: string) =>
    accounts.active.filter((account) => account.kind === kind).map((account) => account.id);
  const scene: Scene = {
    groups,
    locations,
    emergency: idsOf('emergency'),
    scanner: idsOf('service').slice(1, 2),
    partnerTenants: [random.guid(), random.guid()],
  };
  const wishes = [...baseline(scene), ...forLocations(scene), ...forSessions(scene), ...forOutsiders(scene)];
  return {
    active: wishes.map((wish) => createPolicy(random, wish)),
    deleted: createPolicy(random, {
      name: 'CA900 – Block the old datacenter',
      state: 'disabled',
      users: { includeUsers: ['All'], excludeGroups: [groups.breakGlass.id] },
      conditions: { locations: { includeLocations: [locations.oldDatacenter.id], excludeLocations: [] } },
      grant: { builtInControls: ['block'] },
    }),
  };
}

function baseline({ groups, emergency, scanner }: Scene): PolicyWish[] {
  const everyone = { includeUsers: ['All'], excludeUsers: emergency, excludeGroups: [groups.breakGlass.id] };
  return [
    {
      name: 'CA001 – Require MFA for all users',
      users: { ...everyone, excludeGroups: [groups.breakGlass.id, groups.exclusions.id] },
      grant: { builtInControls: ['mfa'] },
    },
    {
      name: 'CA002 – Block legacy authentication',
      users: { ...everyone, excludeUsers: [...emergency, ...scanner] },
      conditions: { clientAppTypes: ['exchangeActiveSync', 'other'] },
      grant: { builtInControls: ['block'] },
    },
    {
      name: 'CA003 – Administrators need a compliant device',
      users: {
        includeRoles: ADMIN_ROLES,
        includeGroups: [groups.administrators.id],
        excludeGroups: [groups.breakGlass.id],
      },
      grant: { operator: 'AND', builtInControls: ['mfa', 'compliantDevice'] },
    },
    {
      name: 'CA004 – Administrators need phishing-resistant MFA',
      state: 'enabledForReportingButNotEnforced',
      users: { includeRoles: ADMIN_ROLES.slice(0, 2), excludeUsers: emergency },
      applications: { includeApplications: ['MicrosoftAdminPortals', AZURE_MANAGEMENT] },
      grant: PHISHING_RESISTANT,
    },
    {
      name: 'CA005 – Block device code flow',
      users: everyone,
      conditions: { authenticationFlows: { transferMethods: 'deviceCodeFlow,authenticationTransfer' } },
      grant: { builtInControls: ['block'] },
    },
  ];
}

function forLocations({ groups, locations, emergency }: Scene): PolicyWish[] {
  const users = {
    includeUsers: ['All'],
    excludeUsers: emergency,
    excludeGroups: [groups.breakGlass.id, groups.exclusions.id],
  };
  return [
    {
      name: 'CA010 – Block countries where we do not work',
      users,
      conditions: {
        locations: {
          includeLocations: ['All'],
          excludeLocations: [locations.allowed.id, locations.headquarters.id, locations.vpn.id],
        },
      },
      grant: { builtInControls: ['block'] },
    },
    {
      name: 'CA011 – Block listed countries and unknown regions',
      users: { ...users, excludeGroups: [groups.breakGlass.id] },
      conditions: { locations: { includeLocations: [locations.blocked.id], excludeLocations: ['AllTrusted'] } },
      grant: { builtInControls: ['block'] },
    },
  ];
}

function forSessions({ groups, locations, emergency }: Scene): PolicyWish[] {
  const users = { includeUsers: ['All'], excludeUsers: emergency, excludeGroups: [groups.breakGlass.id] };
  const sometimes = {
    authenticationType: 'primaryAndSecondaryAuthentication',
    frequencyInterval: 'timeBased',
    isEnabled: true,
  };
  const rule = 'device.isCompliant -eq True -or device.trustType -eq "ServerAD"';
  return [
    {
      name: 'CA020 – Sign in again every 12 hours on unmanaged devices',
      users,
      conditions: {
        clientAppTypes: ['browser'],
        devices: { deviceFilter: { mode: 'exclude', rule } },
        locations: { includeLocations: ['All'], excludeLocations: [locations.branches.id] },
      },
      session: {
        signInFrequency: { ...sometimes, type: 'hours', value: 12 },
        persistentBrowser: { isEnabled: true, mode: 'never' },
      },
    },
    {
      name: 'CA021 – Risky sign-ins need MFA every time',
      users,
      conditions: { signInRiskLevels: ['high', 'medium'] },
      grant: { builtInControls: ['mfa'] },
      session: { signInFrequency: { ...sometimes, frequencyInterval: 'everyTime', type: null, value: null } },
    },
    {
      name: 'CA022 – Protected apps on phones and tablets',
      state: 'disabled',
      users: { includeGroups: [groups.pilot.id], excludeGroups: [groups.breakGlass.id] },
      applications: { includeApplications: ['Office365'] },
      conditions: {
        clientAppTypes: ['mobileAppsAndDesktopClients'],
        platforms: { includePlatforms: ['android', 'iOS'], excludePlatforms: [] },
      },
      grant: { builtInControls: ['approvedApplication', 'compliantApplication'] },
    },
  ];
}

function forOutsiders({ groups, partnerTenants }: Scene): PolicyWish[] {
  return [
    {
      name: 'CA030 – Guests need MFA',
      users: {
        includeGuestsOrExternalUsers: {
          guestOrExternalUserTypes: 'internalGuest,b2bCollaborationGuest,b2bCollaborationMember,otherExternalUser',
          externalTenants: {
            '@odata.type': '#microsoft.graph.conditionalAccessAllExternalTenants',
            membershipKind: 'all',
          },
        },
        excludeGroups: [groups.exclusions.id],
      },
      grant: { builtInControls: ['mfa'] },
    },
    {
      name: 'CA031 – Partner engineers need strong authentication',
      users: {
        includeGuestsOrExternalUsers: {
          guestOrExternalUserTypes: 'b2bCollaborationGuest,b2bDirectConnectUser',
          externalTenants: {
            '@odata.type': '#microsoft.graph.conditionalAccessEnumeratedExternalTenants',
            membershipKind: 'enumerated',
            members: partnerTenants,
          },
        },
      },
      applications: { includeApplications: ['All'], excludeApplications: ['Office365'] },
      grant: PHISHING_RESISTANT,
    },
  ];
}
