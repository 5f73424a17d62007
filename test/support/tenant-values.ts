/** Values that the directory takes for recoverable properties, as fast-check arbitraries. */

import fc from 'fast-check';
import type { Json, JsonObject } from '../../src/model/json.js';
import { hostileString } from './hostile.js';

/** Text that is not empty and not too long. */
export const text = (most: number): fc.Arbitrary<string> =>
  hostileString.filter((value) => value !== '').map((value) => value.slice(0, most));
const optional = (value: fc.Arbitrary<Json>): fc.Arbitrary<Json> => fc.option(value, { nil: null, freq: 4 });
const words = (...values: string[]): fc.Arbitrary<Json> => fc.constantFrom(...values);
/** Some of the values, in their order. */
export const some = (values: readonly string[], most = 3, least = 0): fc.Arbitrary<string[]> =>
  values.length === 0
    ? fc.constant([])
    : fc.subarray([...values], { minLength: least, maxLength: Math.min(most, values.length) });

const date = fc.constantFrom(
  '2026-01-31T00:00:00Z',
  '2026-02-01T10:20:30.5Z',
  '2026-02-01T10:20:30.500Z',
  '2026-03-01T01:00:00+02:00',
);
export const nickname = fc.constantFrom('ada', 'B.ob', "o'hara", 'é', '=cmd', '-', 'null', '1e3');
const language = words('en-GB', 'de', 'ar');
const names = ['jobTitle', 'department', 'companyName', 'officeLocation', 'employeeType', 'mobilePhone', 'faxNumber'];
const places = [
  'givenName',
  'surname',
  'streetAddress',
  'postalCode',
  'city',
  'state',
  'country',
  'preferredDataLocation',
];

/** Values that the directory takes for each recoverable property. */
export const VALUES: Readonly<Record<'user' | 'group', Readonly<Record<string, fc.Arbitrary<Json>>>>> = {
  user: {
    ...Object.fromEntries([...names, ...places].map((name) => [name, optional(text(40))])),
    displayName: text(200),
    userPrincipalName: fc
      .tuple(fc.nat(7), fc.boolean())
      .map(([n, loud]) => (loud ? `U${n}@Contoso.com` : `u${n}@contoso.com`)),
    accountEnabled: fc.boolean(),
    userType: words('Member', 'Guest'),
    mail: fc.tuple(fc.nat(4), fc.boolean()).map(([n, loud]) => (loud ? `M${n}@contoso.com` : `m${n}@contoso.com`)),
    mailNickname: nickname,
    otherMails: fc.array(text(20), { maxLength: 3 }),
    employeeId: optional(text(16)),
    employeeHireDate: optional(date),
    employeeLeaveDateTime: optional(date),
    employeeOrgData: optional(
      fc.record({ division: optional(text(20)), costCenter: optional(text(20)) }, { requiredKeys: [] }),
    ),
    businessPhones: fc.array(text(20), { maxLength: 1 }),
    usageLocation: words('DE', 'NO', 'US'),
    preferredLanguage: optional(language),
    ageGroup: optional(words('Minor', 'NotAdult', 'Adult')),
    consentProvidedForMinor: optional(words('Granted', 'Denied', 'NotRequired')),
    passwordPolicies: optional(
      words(
        'None',
        'DisablePasswordExpiration',
        'DisablePasswordExpiration, DisableStrongPassword',
        'DisableStrongPassword,DisablePasswordExpiration',
      ),
    ),
  },
  group: {
    displayName: text(200),
    description: optional(text(40)),
    groupTypes: fc.constantFrom<Json[]>([], ['DynamicMembership'], ['Unified'], ['DynamicMembership', 'Unified']),
    securityEnabled: fc.boolean(),
    mailNickname: nickname,
    visibility: words('Public', 'Private'),
    classification: optional(text(20)),
    theme: optional(words('Teal', 'Red')),
    preferredLanguage: optional(language),
    preferredDataLocation: optional(text(3)),
    membershipRule: optional(text(20).map((word) => `user.department -eq "${word}"`)),
    membershipRuleProcessingState: optional(words('On', 'Paused')),
  },
};

const range = fc.constantFrom<JsonObject>(
  { '@odata.type': '#microsoft.graph.iPv4CidrRange', cidrAddress: '203.0.113.0/24' },
  { '@odata.type': '#microsoft.graph.iPv4CidrRange', cidrAddress: '198.51.100.0/25' },
  { '@odata.type': '#microsoft.graph.iPv6CidrRange', cidrAddress: '2001:db8::/32' },
  { '@odata.type': '#microsoft.graph.iPv4Range', lowerAddress: '192.0.2.1', upperAddress: '192.0.2.9' },
);

/** The same for the two kinds of named locations. */
export const LOCATIONS: readonly Readonly<Record<string, fc.Arbitrary<Json>>>[] = [
  {
    '@odata.type': fc.constant('#microsoft.graph.ipNamedLocation'),
    displayName: text(40).filter((name) => name.trim() !== ''),
    isTrusted: fc.boolean(),
    ipRanges: fc.array(range, { minLength: 1, maxLength: 3 }),
  },
  {
    '@odata.type': fc.constant('#microsoft.graph.countryNamedLocation'),
    displayName: text(40).filter((name) => name.trim() !== ''),
    countriesAndRegions: some(['DE', 'NO', 'US', 'FR'], 3, 1),
    countryLookupMethod: words('clientIpAddress', 'authenticatorAppGps'),
    includeUnknownCountriesAndRegions: fc.boolean(),
  },
];

/** Ids that policies may name: of objects that a tenant may have. */
export interface Known {
  readonly users: readonly string[];
  readonly groups: readonly string[];
  readonly locations: readonly string[];
  readonly principals: readonly string[];
  readonly appIds: readonly string[];
  readonly strengths: readonly string[];
}

const tenants = ['99999999-0000-4000-8000-000000000001', '99999999-0000-4000-8000-000000000002'];
const enumerated = {
  '@odata.type': '#microsoft.graph.conditionalAccessEnumeratedExternalTenants',
  membershipKind: 'enumerated',
};
const external = fc.constantFrom<Json>(
  null,
  { '@odata.type': '#microsoft.graph.conditionalAccessAllExternalTenants', membershipKind: 'all' },
  { ...enumerated, members: tenants },
  { ...enumerated, members: tenants.slice(1) },
);
const guests = optional(
  fc.record({
    guestOrExternalUserTypes: words('internalGuest', 'b2bCollaborationGuest,internalGuest', 'serviceProvider'),
    externalTenants: external,
  }),
);
const filter = optional(fc.record({ mode: words('include', 'exclude'), rule: text(20) }));

function conditions(known: Known): fc.Arbitrary<JsonObject> {
  return fc.record({
    users: fc.record({
      includeUsers: fc
        .oneof(fc.constant(['All']), some(known.users, 3, 1))
        .map((ids) => (ids.length > 0 ? ids : ['All'])),
      excludeUsers: some(known.users),
      includeGroups: some(known.groups),
      excludeGroups: some(known.groups),
      includeRoles: some(['62e90394-69f5-4237-9190-012177145e10']),
      excludeRoles: some(['194ae4cb-b126-40b2-bd5b-6091b380977d']),
      excludeGuestsOrExternalUsers: guests,
    }),
    applications: fc.oneof(
      fc.record({
        includeApplications: fc.oneof(
          fc.constantFrom<Json[]>(['All'], ['Office365']),
          some([...known.appIds, '00000003-0000-0ff1-ce00-000000000000'], 2, 1),
        ),
        excludeApplications: some(['00000003-0000-0ff1-ce00-000000000000']),
        applicationFilter: filter,
      }),
      fc.record({ includeUserActions: fc.constantFrom<Json[]>(['urn:user:registersecurityinfo']) }),
    ),
    clientApplications: optional(
      fc.record({ includeServicePrincipals: some(['ServicePrincipalsInMyTenant', ...known.principals], 2, 1) }),
    ),
    servicePrincipalRiskLevels: some(['low', 'high']),
    clientAppTypes: some(['browser', 'mobileAppsAndDesktopClients', 'other'], 3, 1),
    platforms: optional(
      fc.record({ includePlatforms: some(['all'], 1, 1), excludePlatforms: some(['android', 'iOS']) }),
    ),
    locations: optional(
      fc.record({ includeLocations: some(['All', ...known.locations], 3, 1), excludeLocations: some(known.locations) }),
    ),
    devices: optional(fc.record({ deviceFilter: filter })),
    signInRiskLevels: some(['low', 'high']),
    userRiskLevels: some(['medium', 'high']),
    insiderRiskLevels: optional(words('minor', 'elevated,minor')),
    authenticationFlows: optional(fc.record({ transferMethods: words('deviceCodeFlow', 'authenticationTransfer') })),
  }) as fc.Arbitrary<JsonObject>;
}

const STRENGTHS = ['00000000-0000-0000-0000-000000000002', '00000000-0000-0000-0000-000000000004'];

/** Grant controls that are whole in themselves. */
export const grant = ({ strengths }: Pick<Known, 'strengths'>): fc.Arbitrary<JsonObject> =>
  fc.oneof(
    fc.constant({ operator: 'OR', builtInControls: ['block'] }),
    fc.record({
      operator: words('OR', 'AND'),
      builtInControls: some(['mfa', 'compliantDevice', 'passwordChange'], 3, 1),
    }),
    fc.record({
      operator: fc.constant('OR'),
      authenticationStrength: fc.record({
        id: words(...STRENGTHS, ...strengths, ...strengths),
      }),
    }),
  );
const session: fc.Arbitrary<Json> = fc.constantFrom<Json>(
  null,
  { signInFrequency: { isEnabled: true, frequencyInterval: 'timeBased', value: 4, type: 'hours' } },
  { signInFrequency: { isEnabled: true, frequencyInterval: 'everyTime' } },
  { persistentBrowser: { isEnabled: true, mode: 'never' }, disableResilienceDefaults: true },
  {
    cloudAppSecurity: { isEnabled: true, cloudAppSecurityType: 'blockDownloads' },
    signInFrequency: { isEnabled: false },
  },
);

/** Values that the service takes for the properties of a policy. */
export function policyValues(known: Known): Readonly<Record<string, fc.Arbitrary<Json>>> {
  return {
    displayName: text(40),
    description: optional(text(20)),
    state: words('enabled', 'disabled', 'enabledForReportingButNotEnforced'),
    conditions: conditions(known),
    grantControls: optional(grant(known)),
    sessionControls: session,
  };
}

/** All of the properties. */
export const all = (values: Readonly<Record<string, fc.Arbitrary<Json>>>): fc.Arbitrary<JsonObject> =>
  fc.record({ ...values }) as fc.Arbitrary<JsonObject>;
/** One or more of the properties, for one request. */
export const few = (values: Readonly<Record<string, fc.Arbitrary<Json>>>, most = 3): fc.Arbitrary<JsonObject> => {
  const names = Object.keys(values).filter((name) => name !== '@odata.type');
  return some(names, most, 1).chain((chosen) =>
    all(Object.fromEntries(chosen.map((name) => [name, values[name] as fc.Arbitrary<Json>]))),
  );
};
