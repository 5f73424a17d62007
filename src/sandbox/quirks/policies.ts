/**
 * What Microsoft Graph does and its metadata does not say, as data. Each table names the documentation page it comes
 * from; "observed" marks behaviour that people report and no page states. Here: what Conditional Access policies refer to.
 */

/** Strengths that every tenant has. Source: "authenticationStrengthPolicy resource type" and "List
 * authenticationStrengthPolicies" (built-in policies; the first two ids are observed). */
export const builtInStrengths: readonly Readonly<Record<string, unknown>>[] = [
  {
    id: '00000000-0000-0000-0000-000000000002',
    createdDateTime: '2021-12-01T00:00:00Z',
    modifiedDateTime: '2021-12-01T00:00:00Z',
    displayName: 'Multifactor authentication',
    description: 'Combinations of methods that satisfy strong authentication, such as a password + SMS',
    policyType: 'builtIn',
    requirementsSatisfied: 'mfa',
    allowedCombinations: [
      'windowsHelloForBusiness',
      'fido2',
      'x509CertificateMultiFactor',
      'deviceBasedPush',
      'temporaryAccessPassOneTime',
      'temporaryAccessPassMultiUse',
      'password,microsoftAuthenticatorPush',
      'password,softwareOath',
      'password,hardwareOath',
      'password,sms',
      'password,voice',
      'federatedMultiFactor',
      'microsoftAuthenticatorPush,federatedSingleFactor',
      'softwareOath,federatedSingleFactor',
      'hardwareOath,federatedSingleFactor',
      'sms,federatedSingleFactor',
      'voice,federatedSingleFactor',
    ],
  },
  {
    id: '00000000-0000-0000-0000-000000000003',
    createdDateTime: '2021-12-01T00:00:00Z',
    modifiedDateTime: '2021-12-01T00:00:00Z',
    displayName: 'Passwordless MFA',
    description:
      'Passwordless methods that satisfy strong authentication, such as Passwordless sign-in with the Microsoft Authenticator',
    policyType: 'builtIn',
    requirementsSatisfied: 'mfa',
    allowedCombinations: ['windowsHelloForBusiness', 'fido2', 'x509CertificateMultiFactor', 'deviceBasedPush'],
  },
  {
    id: '00000000-0000-0000-0000-000000000004',
    createdDateTime: '2021-12-01T00:00:00Z',
    modifiedDateTime: '2021-12-01T00:00:00Z',
    displayName: 'Phishing-resistant MFA',
    description:
      'Phishing-resistant, Passwordless methods for the strongest authentication, such as a FIDO2 security key',
    policyType: 'builtIn',
    requirementsSatisfied: 'mfa',
    allowedCombinations: ['windowsHelloForBusiness', 'fido2', 'x509CertificateMultiFactor'],
  },
];

/** Words that stand where an id could stand. Source: "conditionalAccessUsers", "conditionalAccessLocations" and
 * "conditionalAccessApplications" resource types; the all-zero location ("MFA trusted IPs") is observed. */
export const policySentinels = {
  users: new Set(['All', 'None', 'GuestsOrExternalUsers']),
  locations: new Set(['All', 'AllTrusted', '00000000-0000-0000-0000-000000000000']),
  applications: new Set(['All', 'None', 'Office365', 'MicrosoftAdminPortals']),
} as const;
