/**
 * What Microsoft Graph does and its metadata does not say, as data. Each table names the documentation page it comes
 * from; "observed" marks behaviour that people report and no page states. Here: which values a property takes.
 */

/**
 * Longest values, in characters. Source: "user resource type", "group resource type", "application resource type",
 * "oAuth2PermissionGrant resource type" (scope).
 */
export const maxLength: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  user: {
    city: 128,
    companyName: 64,
    country: 128,
    department: 64,
    displayName: 256,
    employeeId: 16,
    givenName: 64,
    jobTitle: 128,
    mailNickname: 64,
    mobilePhone: 64,
    officeLocation: 128,
    postalCode: 40,
    state: 128,
    streetAddress: 1024,
    surname: 64,
    userPrincipalName: 113,
  },
  group: { description: 1024, displayName: 256, mailNickname: 64 },
  application: { displayName: 256, serviceManagementReference: 1024 },
  oAuth2PermissionGrant: { scope: 3850 },
  privacyProfile: { statementUrl: 255 },
};

/**
 * Strings with a closed list of values, though the metadata says String. Source: "user resource type" (ageGroup,
 * consentProvidedForMinor, userType), "group resource type" (theme, membershipRuleProcessingState, visibility),
 * "conditionalAccessGrantControls resource type" (operator), "authorizationPolicy resource type" (guestUserRoleId),
 * "unifiedRoleDefinition resource type" (resourceScopes), "application resource type" (signInAudience), "oAuth2PermissionGrant resource type" (consentType).
 */
export const allowedValues: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  user: {
    ageGroup: ['Minor', 'NotAdult', 'Adult'],
    consentProvidedForMinor: ['Granted', 'Denied', 'NotRequired'],
    userType: ['Member', 'Guest'],
  },
  group: {
    membershipRuleProcessingState: ['On', 'Paused'],
    theme: ['Teal', 'Purple', 'Green', 'Blue', 'Pink', 'Orange', 'Red'],
    visibility: ['Public', 'Private', 'HiddenMembership'],
  },
  conditionalAccessGrantControls: { operator: ['AND', 'OR'] },
  application: {
    signInAudience: [
      'AzureADMyOrg',
      'AzureADMultipleOrgs',
      'AzureADandPersonalMicrosoftAccount',
      'PersonalMicrosoftAccount',
    ],
  },
  oAuth2PermissionGrant: { consentType: ['AllPrincipals', 'Principal'] },
  authorizationPolicy: {
    guestUserRoleId: [
      'a0b1b346-4d3e-4e8b-98f8-753987be4970',
      '10dae51f-b6af-4016-8d66-8c2a99b929b3',
      '2af84b1e-32c8-42b7-82bc-daa82404023b',
    ],
  },
  unifiedRoleDefinition: { resourceScopes: ['/'] },
};

/**
 * Values with a form. Source: "user resource type" (usageLocation: ISO 3166; preferredLanguage: ISO 639-1),
 * "authorizationPolicy resource type" (a policy is assigned with a prefix), "privacyProfile resource type",
 * "unifiedRolePermission resource type" (an action is a namespace, an entity and a task).
 */
export const allowedPattern: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  user: {
    mail: /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/,
    mailNickname: /^[^\s@()\\[\]";:<>,]+$/,
    passwordPolicies:
      /^(?:None|(?:DisablePasswordExpiration|DisableStrongPassword)(?:,\s*(?:DisablePasswordExpiration|DisableStrongPassword))?)$/,
    preferredLanguage: /^[A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*$/,
    usageLocation: /^[A-Z]{2}$/,
    userPrincipalName: /^[A-Za-z0-9'.\-_!#^~]+@[A-Za-z0-9.-]+$/,
  },
  group: { mailNickname: /^[^\s@()\\[\]";:<>,]+$/ },
  defaultUserRolePermissions: {
    permissionGrantPoliciesAssigned: /^ManagePermissionGrantsFor(?:Self|OwnedResource)\.\S+$/i,
  },
  fido2CombinationConfiguration: { allowedAAGUIDs: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i },
  privacyProfile: { contactEmail: /^[^\s@]+@[^\s@]+$/, statementUrl: /^https?:\/\/\S+$/i },
  unifiedRolePermission: { allowedResourceActions: /^microsoft\.[\w.]+(?:\/[\w.$-]+)+$/ },
};

/**
 * Numbers with a least and a largest value. Source: "temporaryAccessPassAuthenticationMethodConfiguration resource type",
 * "qrCodePinAuthenticationMethodConfiguration resource type", "authenticationMethodsRegistrationCampaign resource type".
 */
export const allowedRange: Readonly<Record<string, Readonly<Record<string, readonly [number, number]>>>> = {
  authenticationMethodsRegistrationCampaign: { snoozeDurationInDays: [0, 14] },
  qrCodePinAuthenticationMethodConfiguration: { pinLength: [8, 20], standardQRCodeLifetimeInDays: [1, 395] },
  temporaryAccessPassAuthenticationMethodConfiguration: {
    defaultLength: [8, 48],
    defaultLifetimeInMinutes: [10, 43200],
    maximumLifetimeInMinutes: [10, 43200],
    minimumLifetimeInMinutes: [10, 43200],
  },
};

/** Most items of a collection. Source: "user resource type". */
export const maxItems: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  user: { businessPhones: 1, otherMails: 250 },
};
