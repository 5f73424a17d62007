/**
 * What Microsoft Graph does and its metadata does not say, as data. Each table names the documentation page it comes
 * from; "observed" marks behaviour that people report and no page states. Here: which values a property takes.
 */

/** Longest values, in characters. Source: "user resource type", "group resource type". */
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
};

/**
 * Strings with a closed list of values, though the metadata says String. Source: "user resource type" (ageGroup,
 * consentProvidedForMinor, userType), "group resource type" (theme, membershipRuleProcessingState, visibility),
 * "conditionalAccessGrantControls resource type" (operator).
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
};

/** Values with a form. Source: "user resource type" (usageLocation: ISO 3166; preferredLanguage: ISO 639-1). */
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
};

/** Most items of a collection. Source: "user resource type". */
export const maxItems: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  user: { businessPhones: 1, otherMails: 250 },
};
