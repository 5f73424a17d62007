import { describe, expect, test } from 'vitest';
import { loadRegistry } from '../../src/registry/load.js';
import type { Violation } from '../../src/registry/types.js';
import type { Loose } from './sample-schemas.js';

const registry = loadRegistry();
const ID = '0f8a1c2e-5b1d-4c8e-9f63-2a7d4e1b9c05';

function violations(name: string, document: unknown): readonly Violation[] {
  const type = registry.byName.get(name);
  if (type === undefined) throw new Error(`There is no type ${name}.`);
  return registry.validate(type, document);
}

/** `path: message` of every violation. */
function said(name: string, document: unknown): string[] {
  return violations(name, document).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('valid documents', () => {
  test.each<[string, string, Loose]>([
    ['an empty document: what is absent is unmanaged', 'user', {}],
    [
      'a user',
      'user',
      {
        id: ID,
        displayName: 'Adele Vance',
        mail: null,
        accountEnabled: true,
        otherMails: [],
        employeeHireDate: '0001-01-01T00:00:00Z',
        employeeLeaveDateTime: '2026-11-18T14:00:00.1234567Z',
        employeeOrgData: { division: 'Sales' },
        passwordPolicies: 'DisablePasswordExpiration, DisableStrongPassword',
        onPremisesSyncEnabled: null,
        deletedDateTime: null,
      },
    ],
    ['a group with its members', 'group', { id: ID, groupTypes: ['Unified'], members: [ID] }],
    [
      'a policy',
      'conditionalAccessPolicy',
      {
        id: ID,
        state: 'enabledForReportingButNotEnforced',
        conditions: {
          users: {
            includeUsers: ['All'],
            excludeGuestsOrExternalUsers: {
              guestOrExternalUserTypes: 'b2bCollaborationGuest,internalGuest',
              externalTenants: {
                '@odata.type': '#microsoft.graph.conditionalAccessEnumeratedExternalTenants',
                membershipKind: 'enumerated',
                members: [ID],
              },
            },
          },
          locations: null,
          insiderRiskLevels: null,
        },
        grantControls: { operator: 'OR', authenticationStrength: { id: ID } },
        sessionControls: null,
      },
    ],
    [
      'a location of countries',
      'namedLocation',
      {
        '@odata.type': '#microsoft.graph.countryNamedLocation',
        countriesAndRegions: ['DE'],
        countryLookupMethod: null,
      },
    ],
    [
      'a location of ranges',
      'namedLocation',
      {
        '@odata.type': '#microsoft.graph.ipNamedLocation',
        ipRanges: [
          { '@odata.type': '#microsoft.graph.iPv4CidrRange', cidrAddress: '192.0.2.0/24' },
          { '@odata.type': '#microsoft.graph.iPv6Range', lowerAddress: '2001:db8::', upperAddress: '2001:db8::1' },
        ],
      },
    ],
    ['an agent user, which says so', 'user', { '@odata.type': '#microsoft.graph.agentUser', id: ID }],
    [
      'an application',
      'application',
      {
        id: ID,
        appId: ID,
        nativeAuthenticationApisEnabled: 'none',
        web: { redirectUris: ['https://contoso.com'], implicitGrantSettings: { enableIdTokenIssuance: false } },
        requiredResourceAccess: [{ resourceAppId: ID, resourceAccess: [{ id: ID, type: 'Role' }] }],
        optionalClaims: { idToken: [{ name: 'upn', essential: false, additionalProperties: [] }] },
        addIns: [{ id: ID, type: 'FileHandler', properties: [{ key: 'version', value: '2' }] }],
        keyCredentials: [{ keyId: ID, usage: 'Verify', endDateTime: '2026-11-18T14:00:00Z' }],
      },
    ],
    [
      'a service principal of an agent',
      'servicePrincipal',
      { '@odata.type': '#microsoft.graph.agentIdentity', id: ID, samlSingleSignOnSettings: null, tags: ['HideApp'] },
    ],
    [
      'a grant',
      'oauth2PermissionGrant',
      { clientId: ID, resourceId: ID, consentType: 'AllPrincipals', principalId: null, scope: 'Mail.Read openid' },
    ],
    ['an assignment', 'appRoleAssignment', { principalId: ID, resourceId: ID, appRoleId: ID, principalType: 'User' }],
    [
      'a method with its targets',
      'authenticationMethodConfiguration',
      {
        '@odata.type': '#microsoft.graph.smsAuthenticationMethodConfiguration',
        id: 'Sms',
        state: 'enabled',
        includeTargets: [{ id: 'all_users', targetType: 'group', isUsableForSignIn: true }],
        excludeTargets: [{ id: ID, targetType: 'group' }],
      },
    ],
    [
      'a strength with its limits',
      'authenticationStrengthPolicy',
      {
        id: ID,
        allowedCombinations: ['fido2', 'password,microsoftAuthenticatorPush'],
        combinationConfigurations: [
          {
            '@odata.type': '#microsoft.graph.fido2CombinationConfiguration',
            id: ID,
            appliesToCombinations: ['fido2'],
            allowedAAGUIDs: [ID],
          },
        ],
      },
    ],
    ['the tenant', 'organization', { id: ID, privacyProfile: null, verifiedDomains: [{ name: 'contoso.com' }] }],
  ])('%s', (_, name, document) => {
    expect(violations(name, document)).toEqual([]);
  });
});

describe('violations', () => {
  test.each<[string, string, Loose, string]>([
    [
      'an unknown property with its nearest name',
      'user',
      { displayNme: 'A' },
      'displayNme: "displayNme" is not known here. Did you mean "displayName"?',
    ],
    ['a wrong type', 'user', { accountEnabled: 'yes' }, 'accountEnabled: It must be true or false or null, not text.'],
    ['a truth value for text', 'user', { city: true }, 'city: It must be text or null, not true.'],
    ['null for what cannot be null', 'namedLocation', null, ': It must be an object, not null.'],
    [
      'a date that does not exist',
      'user',
      { employeeHireDate: '2026-02-30T00:00:00Z' },
      'employeeHireDate: It must be a date and time such as 2026-11-18T14:00:00Z, not "2026-02-30T00:00:00Z".',
    ],
    [
      'an id that is none',
      'group',
      { members: [ID, 'adele@contoso.com'] },
      'members.1: It must be a GUID such as 0f8a1c2e-5b1d-4c8e-9f63-2a7d4e1b9c05, not "adele@contoso.com".',
    ],
    [
      'an unknown value with the nearest one',
      'conditionalAccessPolicy',
      { state: 'enabeld' },
      'state: "enabeld" is not one of "enabled", "disabled", "enabledForReportingButNotEnforced". Did you mean "enabled"?',
    ],
    [
      'a wrong type of a value that has few values',
      'conditionalAccessPolicy',
      { state: null },
      'state: It must be text, not null.',
    ],
    [
      'an unknown value in a set, with its index',
      'conditionalAccessPolicy',
      { conditions: { platforms: { includePlatforms: ['android', 'ios'] } } },
      'conditions.platforms.includePlatforms.1: "ios" is not one of "android", "iOS", "windows", "windowsPhone", "macOS", "all", "linux". Did you mean "iOS"?',
    ],
    [
      'an unknown flag',
      'conditionalAccessPolicy',
      { conditions: { insiderRiskLevels: 'minor, modrate' } },
      'conditions.insiderRiskLevels: "modrate" is not one of "minor", "moderate", "elevated". Did you mean "moderate"?',
    ],
    [
      'an unknown member deep inside',
      'conditionalAccessPolicy',
      { conditions: { users: { excludeGroup: [] } } },
      'conditions.users.excludeGroup: "excludeGroup" is not known here. Did you mean "excludeGroups"?',
    ],
    ['no discriminator', 'namedLocation', { displayName: 'Office' }, ': "@odata.type" is missing.'],
    [
      'an unknown discriminator',
      'namedLocation',
      { '@odata.type': '#microsoft.graph.ipNamedLocations' },
      '@odata.type: "#microsoft.graph.ipNamedLocations" is not one of "#microsoft.graph.ipNamedLocation", "#microsoft.graph.countryNamedLocation". Did you mean "#microsoft.graph.ipNamedLocation"?',
    ],
    [
      'a property of the other variant, and nothing about that variant',
      'namedLocation',
      { '@odata.type': '#microsoft.graph.countryNamedLocation', isTrusted: true },
      'isTrusted: "isTrusted" is not known here. Known are @odata.type, id, displayName, countriesAndRegions, countryLookupMethod, includeUnknownCountriesAndRegions, createdDateTime, deletedDateTime.',
    ],
    [
      'a wrong member of a variant inside a set',
      'namedLocation',
      {
        '@odata.type': '#microsoft.graph.ipNamedLocation',
        ipRanges: [{ '@odata.type': '#microsoft.graph.iPv4CidrRange', cidrAdress: '192.0.2.0/24' }],
      },
      'ipRanges.0.cidrAdress: "cidrAdress" is not known here. Did you mean "cidrAddress"?',
    ],
    [
      'a kind that the type does not have',
      'user',
      { '@odata.type': '#microsoft.graph.agentIdentity' },
      '@odata.type: "#microsoft.graph.agentIdentity" is not one of "#microsoft.graph.agentUser".',
    ],
    [
      'a target with the member of another method',
      'authenticationMethodConfiguration',
      {
        '@odata.type': '#microsoft.graph.voiceAuthenticationMethodConfiguration',
        includeTargets: [{ id: ID, targetType: 'group', isUsableForSignIn: true }],
      },
      'includeTargets.0.isUsableForSignIn: "isUsableForSignIn" is not known here. Known are id, targetType, isRegistrationRequired.',
    ],
    [
      'an unknown method inside a combination',
      'authenticationStrengthPolicy',
      { allowedCombinations: ['password,fido'] },
      'allowedCombinations.0: "fido" is not one of "password", "voice", "hardwareOath", "softwareOath", "sms", "fido2", "windowsHelloForBusiness", "microsoftAuthenticatorPush", "deviceBasedPush", "temporaryAccessPassOneTime", "temporaryAccessPassMultiUse", "email", "x509CertificateSingleFactor", "x509CertificateMultiFactor", "federatedSingleFactor", "federatedMultiFactor", "qrCodePin". Did you mean "fido2"?',
    ],
    [
      'consent that holds for somebody else',
      'oauth2PermissionGrant',
      { consentType: 'AllPrincipal' },
      'consentType: "AllPrincipal" is not one of "AllPrincipals", "Principal" or null. Did you mean "AllPrincipals"?',
    ],
  ])('%s', (_, name, document, sentence) => {
    expect(said(name, document)).toEqual([sentence]);
  });

  test('all of them are told', () => {
    const document = { displayNme: 'A', accountEnabled: 'yes', otherMails: null };
    expect(violations('user', document).map(({ path }) => path)).toEqual([
      ['displayNme'],
      ['accountEnabled'],
      ['otherMails'],
    ]);
  });

  test('names with slashes and tildes, and names that look like indexes, keep their spelling', () => {
    expect(violations('user', { 'a/b~c': 1, '0': 1 }).map(({ path }) => path)).toEqual([['0'], ['a/b~c']]);
  });
});
