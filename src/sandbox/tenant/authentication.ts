/** How people may sign in: strengths, methods, the tenant-wide settings, and the policy that asks for a strength. */

import { COMPANY, DEFAULT_DOMAIN, INITIAL_DOMAIN, OFFICES } from './company.js';
import type { Groups } from './groups.js';
import { createPolicy, type GeneratedPolicy } from './policy-shape.js';
import type { Random } from './random.js';
import type { Identified, Workloads } from './workloads.js';

type Part = Readonly<Record<string, unknown>>;

/** Makes of security keys that the company hands out. */
const SECURITY_KEYS = ['cb69481e-8ff7-4039-93ec-0a2729a154a8', '2fc0579f-8113-47ea-b116-bb5a8db9202a'];

/** The company's own strengths. */
export interface Strengths {
  readonly securityKeys: Identified;
  readonly withoutTelephone: Identified;
}

/** Makes two strengths, one of which only takes the security keys of the company. */
export function createStrengths(random: Random): Strengths {
  const strength = (displayName: string, description: string, combinations: Part): Identified => {
    const id = random.guid();
    const created = random.instant(2023, 2024);
    const times = { createdDateTime: created, modifiedDateTime: created };
    const kind = { policyType: 'custom', requirementsSatisfied: 'mfa' };
    return { id, object: { id, ...times, displayName, description, ...kind, ...combinations } };
  };
  const keys = {
    '@odata.type': '#microsoft.graph.fido2CombinationConfiguration',
    id: random.guid(),
    appliesToCombinations: ['fido2'],
    allowedAAGUIDs: SECURITY_KEYS,
  };
  return {
    securityKeys: strength('Company security keys', 'Only keys that the company handed out', {
      allowedCombinations: ['fido2', 'windowsHelloForBusiness'],
      combinationConfigurations: [keys],
    }),
    withoutTelephone: strength('MFA without telephone', 'No text messages and no calls', {
      allowedCombinations: [
        'fido2',
        'windowsHelloForBusiness',
        'x509CertificateMultiFactor',
        'temporaryAccessPassOneTime',
        'password,microsoftAuthenticatorPush',
        'password,softwareOath',
      ],
      combinationConfigurations: [],
    }),
  };
}

/** Makes the policy that asks for one of the strengths, for the application that decides about launches. */
export function createStrengthPolicy(
  random: Random,
  groups: Groups,
  workloads: Workloads,
  strengths: Strengths,
): GeneratedPolicy {
  return createPolicy(random, {
    name: 'CA032 – Launch Portal needs a company security key',
    users: { includeGroups: workloads.groups.slice(0, 1).map(({ id }) => id), excludeGroups: [groups.breakGlass.id] },
    applications: { includeApplications: [workloads.launchPortal.appId] },
    grant: { authenticationStrength: { id: strengths.securityKeys.id } },
  });
}

/** The methods that differ from what a new tenant has. */
export function createMethods(groups: Groups): readonly Part[] {
  const target = (id: string, more: Part = {}) => ({ targetType: 'group', id, isRegistrationRequired: false, ...more });
  const excludeTargets = [{ id: groups.exclusions.id, targetType: 'group' }];
  const feature = {
    state: 'enabled',
    includeTarget: { targetType: 'group', id: 'all_users' },
    excludeTarget: { targetType: 'group', id: groups.breakGlass.id },
  };
  return [
    method('Fido2', {
      isAttestationEnforced: true,
      isSelfServiceRegistrationAllowed: true,
      keyRestrictions: { isEnforced: true, enforcementType: 'allow', aaGuids: SECURITY_KEYS },
      passkeyProfiles: [],
      includeTargets: [target('all_users', { allowedPasskeyProfiles: [] })],
    }),
    method('MicrosoftAuthenticator', {
      excludeTargets,
      isSoftwareOathEnabled: false,
      featureSettings: {
        displayAppInformationRequiredState: feature,
        displayLocationInformationRequiredState: feature,
      },
      includeTargets: [target('all_users', { authenticationMode: 'any' })],
    }),
    method('SoftwareOath', { includeTargets: [target(groups.exclusions.id)] }),
    method('TemporaryAccessPass', {
      excludeTargets,
      defaultLength: 12,
      defaultLifetimeInMinutes: 60,
      isUsableOnce: true,
      maximumLifetimeInMinutes: 480,
      minimumLifetimeInMinutes: 60,
      includeTargets: [target(groups.pilot.id), target(groups.administrators.id)],
    }),
  ];
}

/** The configuration of a method that is enabled. */
function method(id: string, properties: Part): Part {
  const type = `${id.slice(0, 1).toLowerCase()}${id.slice(1)}AuthenticationMethodConfiguration`;
  return { '@odata.type': `#microsoft.graph.${type}`, id, state: 'enabled', excludeTargets: [], ...properties };
}

/** The settings of which a tenant has one each, as a careful company sets them. */
export function createSettings(random: Random, tenantId: string, groups: Groups): readonly Part[] {
  return [organization(random, tenantId), AUTHORIZATION, methodsPolicy(groups)];
}

function organization(random: Random, tenantId: string): Part {
  const [headquarters] = OFFICES;
  const domain = (name: string, isInitial: boolean) => ({
    capabilities: 'Email, OfficeCommunicationsOnline',
    isDefault: !isInitial,
    isInitial,
    name,
    type: 'Managed',
  });
  return {
    id: tenantId,
    businessPhones: ['+49 30 231250 00'],
    city: headquarters?.city,
    country: headquarters?.country,
    countryLetterCode: headquarters?.usageLocation,
    createdDateTime: random.instant(2014, 2015),
    displayName: COMPANY,
    marketingNotificationEmails: [`news@${DEFAULT_DOMAIN}`],
    onPremisesSyncEnabled: true,
    postalCode: headquarters?.postalCode,
    preferredLanguage: 'en',
    privacyProfile: {
      contactEmail: `privacy@${DEFAULT_DOMAIN}`,
      statementUrl: `https://www.${DEFAULT_DOMAIN}/privacy`,
    },
    securityComplianceNotificationMails: [`security@${DEFAULT_DOMAIN}`],
    securityComplianceNotificationPhones: ['+49 30 231250 99'],
    street: `${headquarters?.street} 1`,
    technicalNotificationMails: [`identity@${DEFAULT_DOMAIN}`, `operations@${DEFAULT_DOMAIN}`],
    tenantType: 'AAD',
    verifiedDomains: [domain(DEFAULT_DOMAIN, false), domain(INITIAL_DOMAIN, true)],
  };
}

const AUTHORIZATION: Part = {
  id: 'authorizationPolicy',
  displayName: 'Authorization Policy',
  description: 'Who may sign up, invite guests, consent and create objects',
  allowInvitesFrom: 'adminsAndGuestInviters',
  allowUserConsentForRiskyApps: false,
  allowedToSignUpEmailBasedSubscriptions: false,
  allowedToUseSSPR: true,
  allowEmailVerifiedUsersToJoinOrganization: false,
  blockMsolPowerShell: true,
  guestUserRoleId: '2af84b1e-32c8-42b7-82bc-daa82404023b',
  defaultUserRolePermissions: {
    allowedToCreateApps: false,
    allowedToCreateSecurityGroups: false,
    allowedToCreateTenants: false,
    allowedToReadBitlockerKeysForOwnedDevice: false,
    allowedToReadOtherUsers: true,
    permissionGrantPoliciesAssigned: ['ManagePermissionGrantsForSelf.microsoft-user-default-low'],
  },
};

function methodsPolicy(groups: Groups): Part {
  return {
    id: 'authenticationMethodsPolicy',
    displayName: 'Authentication Methods Policy',
    description: 'Which methods users of the tenant may register and sign in with',
    lastModifiedDateTime: '2025-02-03T09:30:00Z',
    policyMigrationState: 'migrationComplete',
    policyVersion: '1.5',
    registrationEnforcement: {
      authenticationMethodsRegistrationCampaign: {
        snoozeDurationInDays: 3,
        state: 'enabled',
        excludeTargets: [{ id: groups.exclusions.id, targetType: 'group' }],
        includeTargets: [
          { id: groups.pilot.id, targetType: 'group', targetedAuthenticationMethod: 'microsoftAuthenticator' },
        ],
      },
    },
  };
}
