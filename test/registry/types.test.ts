import { describe, expect, test } from 'vitest';
import { loadRegistry } from '../../src/registry/load.js';
import type { SchemaNode } from '../../src/registry/schema.js';
import type { ObjectType } from '../../src/registry/types.js';
import { shippedSchema } from './sample-schemas.js';

const registry = loadRegistry();

function type(name: string): ObjectType {
  const found = registry.byName.get(name);
  if (found === undefined) throw new Error(`There is no type ${name}.`);
  return found;
}

function withAccess(name: string, access: string): string[] {
  return type(name)
    .properties.filter((property) => property.access === access)
    .map((property) => property.name);
}

/** Every setting that Microsoft's product recovers, under its name there: where Graph keeps it, or null where it does not. */
const RECOVERED: Readonly<Record<string, Readonly<Record<string, string | null>>>> = {
  user: {
    AccountEnabled: 'accountEnabled',
    AgeGroup: 'ageGroup',
    City: 'city',
    CompanyName: 'companyName',
    ConsentProvidedForMinor: 'consentProvidedForMinor',
    Country: 'country',
    Department: 'department',
    DisplayName: 'displayName',
    EmployeeHireDate: 'employeeHireDate',
    EmployeeId: 'employeeId',
    EmployeeLeaveDate: 'employeeLeaveDateTime',
    EmployeeOrgData: 'employeeOrgData',
    EmployeeType: 'employeeType',
    FaxNumber: 'faxNumber',
    GivenName: 'givenName',
    JobTitle: 'jobTitle',
    Mail: 'mail',
    MailNickname: 'mailNickname',
    Mobile: 'mobilePhone',
    OtherMail: 'otherMails',
    PasswordPolicies: 'passwordPolicies',
    PerUserMfaState: 'perUserMfaState',
    PhysicalDeliveryOfficeName: 'officeLocation',
    PostalCode: 'postalCode',
    PreferredDataLocation: 'preferredDataLocation',
    PreferredLanguage: 'preferredLanguage',
    State: 'state',
    StreetAddress: 'streetAddress',
    Surname: 'surname',
    TelephoneNumber: 'businessPhones',
    UsageLocation: 'usageLocation',
    UserPrincipalName: 'userPrincipalName',
    UserType: 'userType',
  },
  group: {
    Classification: 'classification',
    Description: 'description',
    DisplayName: 'displayName',
    GroupType: 'groupTypes',
    IsPublic: 'visibility',
    Mail: 'mail',
    MailEnabled: 'mailEnabled',
    MailNickname: 'mailNickname',
    PreferredDataLocation: 'preferredDataLocation',
    PreferredLanguage: 'preferredLanguage',
    SecurityEnabled: 'securityEnabled',
    Theme: 'theme',
  },
  application: {
    AddIns: 'addIns',
    AppCreatedDateTime: 'createdDateTime',
    AppIdentifierUri: 'identifierUris',
    AppInformationalUrl: 'info',
    ApplicationTag: 'tags',
    Description: 'description',
    DisplayName: 'displayName',
    GroupMembershipClaims: 'groupMembershipClaims',
    IsDeviceOnlyAuthSupported: 'isDeviceOnlyAuthSupported',
    IsDisabled: 'isDisabled',
    NativeAuthenticationApisEnabled: 'nativeAuthenticationApisEnabled',
    Notes: 'notes',
    OptionalClaims: 'optionalClaims',
    PublicClient: 'publicClient',
    PublisherDomain: 'publisherDomain',
    RequiredResourceAccess: 'requiredResourceAccess',
    ServiceManagementReference: 'serviceManagementReference',
    ServicePrincipalLockConfiguration: 'servicePrincipalLockConfiguration',
    SignInAudience: 'signInAudience',
  },
  servicePrincipal: {
    AccountEnabled: 'accountEnabled',
    AlternativeNames: 'alternativeNames',
    Description: 'description',
    ExplicitAccessGrantRequired: 'appRoleAssignmentRequired',
    LoginUrl: 'loginUrl',
    Notes: 'notes',
    NotificationEmailAddresses: 'notificationEmailAddresses',
    PreferredSingleSignOnMode: 'preferredSingleSignOnMode',
    PreferredTokenSigningKeyThumbprint: 'preferredTokenSigningKeyThumbprint',
    PublisherName: null,
    SamlSingleSignOnSettings: 'samlSingleSignOnSettings',
    ServicePrincipalName: 'servicePrincipalNames',
    ServicePrincipalTag: 'tags',
    ServicePrincipalType: 'servicePrincipalType',
  },
  authorizationPolicy: { blockMsolPowerShell: 'blockMsolPowerShell', guestUserRoleId: 'guestUserRoleId' },
  organization: {
    'StrongAuthenticationDetails - availableMFAMethods': null,
    'StrongAuthenticationDetails - IsApplicationPasswordBlocked': null,
    'StrongAuthenticationDetails - IsRememberDevicesEnabled': null,
    'StrongAuthenticationDetails - rememberDevicesDurationInDays': null,
    'StrongAuthenticationPolicy - enabled': null,
    'StrongAuthenticationPolicy - ipAllowList': null,
  },
};

/** The same of types that the product recovers with all properties, or knows by more than one name. */
const RECOVERED_WHOLE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  conditionalAccessPolicy: {
    conditions: 'all properties',
    displayName: 'all properties',
    grantControls: 'all properties',
    sessionControls: 'all properties',
    state: 'all properties',
  },
  namedLocation: {
    countriesAndRegions: 'all properties',
    countryLookupMethod: 'all properties',
    displayName: 'all properties',
    includeUnknownCountriesAndRegions: 'all properties',
    ipRanges: 'all properties',
    isTrusted: 'all properties',
  },
  oauth2PermissionGrant: {
    clientId: 'all properties',
    consentType: 'consentType',
    principalId: 'principalId',
    resourceId: 'all properties',
    scope: 'all properties',
  },
  appRoleAssignment: { appRoleId: 'all properties', principalId: 'all properties', resourceId: 'all properties' },
};

/** The methods of signing in, and those that the product recovers, under its names. */
const METHODS: Readonly<Record<string, string | false>> = {
  email: 'Email one-time password (OTP)',
  external: false,
  fido2: 'FIDO2 passkey',
  hardwareOath: false,
  microsoftAuthenticator: 'Authenticator app',
  qrCodePin: false,
  sms: 'SMS',
  softwareOath: 'Third-party software OATH',
  temporaryAccessPass: 'Temporary Access Pass',
  verifiableCredentials: false,
  voice: 'Voice call',
  x509Certificate: 'Certificate-based authentication',
};

describe("what Microsoft's product recovers", () => {
  test.each(Object.keys(RECOVERED))('of %s: every setting is declared, or said to be unavailable', (name) => {
    const declared = type(name).properties.flatMap((property) =>
      typeof property.native === 'string' ? [[property.native, property.name] as const] : [],
    );
    const unavailable = type(name).unavailable.map(({ native }) => [native, null] as const);
    expect(Object.fromEntries([...declared, ...unavailable])).toEqual(RECOVERED[name]);
    expect(declared.length + unavailable.length).toBe(Object.keys(RECOVERED[name] ?? {}).length);
  });

  test('that is 33 settings of users, 12 of groups, 19 of applications, 14 of service principals, 6 of the tenant', () => {
    const counts = Object.entries(RECOVERED).map(([name, settings]) => [name, Object.keys(settings).length]);
    expect(Object.fromEntries(counts)).toEqual({
      user: 33,
      group: 12,
      application: 19,
      servicePrincipal: 14,
      authorizationPolicy: 2,
      organization: 6,
    });
  });

  test.each(Object.keys(RECOVERED_WHOLE))('of %s: all of it', (name) => {
    const { properties } = type(name);
    for (const [property, native] of Object.entries(RECOVERED_WHOLE[name] ?? {})) {
      expect([property, properties.find((candidate) => candidate.name === property)?.native]).toEqual([
        property,
        native,
      ]);
    }
  });

  test('of methods of signing in: eight, each with all its settings', () => {
    const { variants } = type('authenticationMethodConfiguration');
    const names = variants.map(({ odataType, properties }) => {
      const settings = properties.filter(({ access }) => access !== 'identity');
      const natives = [...new Set(settings.map(({ native }) => native))];
      return [odataType?.match(/^#microsoft\.graph\.(.*)AuthenticationMethodConfiguration$/)?.[1], natives];
    });
    const expected = Object.entries(METHODS).map(([method, native]) => [method, [native]]);
    expect(names.toSorted()).toEqual(expected);
    expect(Object.values(METHODS).filter((native) => native !== false)).toHaveLength(8);
  });

  test('of links: the assigned members of groups', () => {
    const links = registry.types.flatMap((each) => each.links.map((link) => [each.name, link.name, link.native]));
    expect(links.filter(([, , native]) => native !== false)).toEqual([['group', 'members', 'Members']]);
  });

  test('and nothing else: every other setting is said to go beyond it', () => {
    const silent = registry.types.flatMap(({ name, properties }) =>
      properties
        .filter(({ access, native }) => native === undefined && access !== 'identity' && access !== 'context')
        .map((property) => `${name}.${property.name}`),
    );
    expect(silent).toEqual([]);
    const beyond = type('group').properties.filter((property) => property.native === false);
    expect(beyond.map((property) => property.name)).toEqual([
      'membershipRule',
      'membershipRuleProcessingState',
      'isAssignableToRole',
    ]);
  });

  test('what is not available has a reason in one sentence', () => {
    for (const { unavailable } of registry.types) {
      for (const { reason } of unavailable) expect(reason).toMatch(/^[A-Z].{10,140}\.$/);
    }
  });
});

describe('the types', () => {
  test('are written in this order', () => {
    const order = [
      '0 authenticationStrengthPolicy',
      '0 authorizationPolicy',
      '0 group',
      '0 namedLocation',
      '0 organization',
      '0 roleDefinition',
      '0 user',
      '1 application',
      '1 authenticationMethodsPolicy',
      '2 servicePrincipal',
      '3 appRoleAssignment',
      '3 authenticationMethodConfiguration',
      '3 oauth2PermissionGrant',
      '3 roleAssignment',
      '4 conditionalAccessPolicy',
    ];
    const known = new Set(order.map((line) => line.slice(2)));
    const written = registry.types.filter(({ name }) => known.has(name)).map(({ name, rank }) => `${rank} ${name}`);
    expect(written).toEqual(order);
  });

  test('gates are the types that let people in or keep them out', () => {
    const gates = registry.types.filter(({ gate }) => gate).map(({ name, strategy }) => [name, strategy]);
    expect(Object.fromEntries(gates)).toEqual({
      authenticationMethodConfiguration: undefined,
      authenticationMethodsPolicy: undefined,
      authenticationStrengthPolicy: undefined,
      authorizationPolicy: undefined,
      conditionalAccessPolicy: 'conditionalAccessGate',
      namedLocation: 'namedLocationGate',
    });
  });

  test('what can be deleted goes to a recycle bin first', () => {
    const deletable = registry.types.filter((each) => each.deletable).map(({ name }) => name);
    expect(deletable.toSorted()).toEqual([
      'application',
      'conditionalAccessPolicy',
      'group',
      'namedLocation',
      'servicePrincipal',
      'user',
    ]);
    expect(type('servicePrincipal').bin?.misreports).toEqual(['tags', 'servicePrincipalNames']);
  });

  test('agents are stored with what they derive from', () => {
    const kinds = registry.types.flatMap(({ name, kinds: own }) =>
      own.map((kind) => [name, kind.odataType, kind.cast]),
    );
    expect(kinds.toSorted()).toEqual([
      ['application', '#microsoft.graph.agentIdentityBlueprint', true],
      ['servicePrincipal', '#microsoft.graph.agentIdentity', true],
      ['servicePrincipal', '#microsoft.graph.agentIdentityBlueprintPrincipal', true],
      ['user', '#microsoft.graph.agentUser', false],
    ]);
  });

  test('edges belong to an object, and are identified by what they connect', () => {
    const edges = registry.types.flatMap(({ name, keys, edge }) => (edge === undefined ? [] : [{ name, keys, edge }]));
    expect(edges.map(({ name, keys, edge }) => [name, keys, edge.owner, edge.ownerType])).toEqual([
      ['appRoleAssignment', ['principalId', 'resourceId', 'appRoleId'], 'resourceId', 'servicePrincipal'],
      ['oauth2PermissionGrant', ['clientId', 'resourceId'], 'resourceId', 'servicePrincipal'],
      ['roleAssignment', ['roleDefinitionId', 'principalId', 'directoryScopeId'], 'roleDefinitionId', 'roleDefinition'],
    ]);
    expect(edges.filter(({ edge }) => edge.create === undefined).map(({ name }) => name)).toEqual(['roleAssignment']);
  });

  test('what is only one in a tenant, what is read with something else, what came with the tenant', () => {
    const said = <Value>(of: (each: ObjectType) => Value | undefined) =>
      Object.fromEntries(registry.types.flatMap((each) => (of(each) === undefined ? [] : [[each.name, of(each)]])));
    expect(said(({ singleton }) => singleton)).toEqual({
      authenticationMethodsPolicy: 'object',
      authorizationPolicy: 'object',
      organization: 'list',
    });
    expect(said(({ inline }) => inline)).toEqual({
      authenticationMethodConfiguration: {
        path: '/policies/authenticationMethodsPolicy',
        property: 'authenticationMethodConfigurations',
      },
    });
    expect(said(({ fixture }) => fixture)).toEqual({
      authenticationStrengthPolicy: { property: 'policyType', equals: 'builtIn' },
      roleDefinition: { property: 'isBuiltIn', equals: true },
    });
    expect(said(({ filter }) => filter)).toEqual({ oauth2PermissionGrant: "consentType eq 'AllPrincipals'" });
  });

  test('what is not simply a member of the PATCH of its object', () => {
    const requests = registry.types.flatMap(({ name, properties }) =>
      properties.flatMap(({ name: property, whole, part, disableFirst, union }) => {
        const said = [
          ...(whole === undefined ? [] : ['whole']),
          ...(part === undefined
            ? []
            : [`${part.method} ${part.version}${part.path}${part.read ? ', read there' : ''}`]),
          ...(disableFirst === undefined ? [] : [`disabled first: ${disableFirst}`]),
          ...(union === undefined ? [] : [`beside ${union.type}.${union.property} by ${union.by}, ${union.send} sent`]),
        ];
        return said.length === 0 ? [] : [[`${name}.${property}`, said] as const];
      }),
    );
    expect(Object.fromEntries(requests)).toEqual({
      'application.api': ['whole', 'disabled first: oauth2PermissionScopes'],
      'application.appRoles': ['disabled first: true'],
      'application.info': ['whole'],
      'application.publicClient': ['whole'],
      'application.spa': ['whole'],
      'application.web': ['whole'],
      'authenticationStrengthPolicy.allowedCombinations': [
        'POST v1.0/policies/authenticationStrengthPolicies/{id}/updateAllowedCombinations',
      ],
      'conditionalAccessPolicy.conditions': ['whole'],
      'conditionalAccessPolicy.description': ['PATCH v1.0/identity/conditionalAccess/policies/{id}'],
      'organization.privacyProfile': ['whole'],
      'servicePrincipal.servicePrincipalNames': ['beside application.identifierUris by appId, all sent'],
      'servicePrincipal.tags': ['beside application.tags by appId, own sent'],
      'user.employeeOrgData': ['whole'],
      'user.onPremisesExtensionAttributes': ['whole'],
      'user.perUserMfaState': ['PATCH beta/users/{id}/authentication/requirements, read there'],
    });
    const optional = registry.types.flatMap(({ name, properties }) =>
      properties.filter((property) => property.optional).map((property) => `${name}.${property.name}`),
    );
    expect(optional).toEqual(['user.perUserMfaState']);
  });

  test('unions, and items inside other objects, are of properties that exist', () => {
    const properties = (name: string) => type(name).properties.map((property) => property.name);
    for (const { properties: own } of registry.types) {
      for (const { union, shape } of own) {
        if (union !== undefined)
          expect(properties(union.type)).toEqual(expect.arrayContaining([union.property, union.by]));
        const within = shape.kind === 'scalar' ? shape.reference?.within : undefined;
        for (const target of within === undefined ? [] : (shape.kind === 'scalar' && shape.reference?.types) || []) {
          expect(properties(target)).toContain(within?.property);
        }
      }
    }
  });

  test('secrets are never declared, nor what changes by itself', () => {
    for (const name of ['application', 'servicePrincipal']) {
      const members = (property: string) => {
        const shape = type(name).properties.find((candidate) => candidate.name === property)?.shape;
        const items =
          shape?.kind === 'collection' && shape.items.kind === 'complex' ? shape.items.variants[0] : undefined;
        return [items?.members.map((member) => member.name), items?.derived];
      };
      expect(members('passwordCredentials')).toEqual([
        ['keyId', 'displayName', 'customKeyIdentifier', 'startDateTime', 'endDateTime'],
        ['hint', 'secretText'],
      ]);
      expect(members('keyCredentials')).toEqual([
        ['keyId', 'displayName', 'type', 'usage', 'customKeyIdentifier', 'startDateTime', 'endDateTime'],
        ['key'],
      ]);
    }
  });

  test.each<[string, Record<string, string[]>]>([
    [
      'user',
      {
        identity: ['id'],
        context: ['onPremisesSyncEnabled', 'createdDateTime', 'deletedDateTime'],
        createOnly: [],
        readOnly: [],
      },
    ],
    [
      'group',
      {
        identity: ['id'],
        context: ['onPremisesSyncEnabled', 'createdDateTime', 'deletedDateTime'],
        createOnly: ['mailEnabled', 'isAssignableToRole'],
        readOnly: ['mail'],
      },
    ],
    [
      'conditionalAccessPolicy',
      { identity: ['id'], context: ['createdDateTime', 'deletedDateTime'], createOnly: [], readOnly: ['templateId'] },
    ],
    [
      'namedLocation',
      {
        identity: ['@odata.type', 'id'],
        context: ['createdDateTime', 'deletedDateTime'],
        createOnly: [],
        readOnly: [],
      },
    ],
    [
      'application',
      {
        identity: ['id', 'appId'],
        context: ['applicationTemplateId', 'createdDateTime', 'deletedDateTime'],
        createOnly: ['uniqueName'],
        readOnly: ['publisherDomain', 'keyCredentials', 'passwordCredentials'],
      },
    ],
    [
      'servicePrincipal',
      {
        identity: ['id', 'appId'],
        context: [
          'displayName',
          'appDisplayName',
          'replyUrls',
          'appRoles',
          'oauth2PermissionScopes',
          'appOwnerOrganizationId',
          'deletedDateTime',
        ],
        createOnly: [],
        readOnly: ['servicePrincipalType', 'keyCredentials', 'passwordCredentials'],
      },
    ],
    [
      'oauth2PermissionGrant',
      {
        identity: ['clientId', 'resourceId'],
        context: [],
        createOnly: ['consentType', 'principalId'],
        readOnly: [],
        readWrite: ['scope'],
      },
    ],
    [
      'appRoleAssignment',
      { identity: ['principalId', 'resourceId', 'appRoleId'], context: ['principalType'], readWrite: [] },
    ],
    ['authorizationPolicy', { identity: ['id'], context: [], createOnly: [], readOnly: [] }],
    [
      'authenticationMethodsPolicy',
      {
        identity: ['id'],
        context: ['displayName', 'description'],
        readWrite: ['policyMigrationState', 'registrationEnforcement'],
      },
    ],
    [
      'authenticationMethodConfiguration',
      { identity: ['@odata.type', 'id'], context: [], createOnly: [], readOnly: [] },
    ],
    [
      'authenticationStrengthPolicy',
      {
        identity: ['id'],
        context: ['policyType', 'requirementsSatisfied'],
        readOnly: ['combinationConfigurations'],
        readWrite: ['displayName', 'description', 'allowedCombinations'],
      },
    ],
    [
      'organization',
      {
        identity: ['id'],
        createOnly: [],
        readOnly: ['displayName', 'verifiedDomains', 'defaultUsageLocation'],
        readWrite: [
          'technicalNotificationMails',
          'securityComplianceNotificationMails',
          'securityComplianceNotificationPhones',
          'marketingNotificationEmails',
          'privacyProfile',
        ],
      },
    ],
    ['roleDefinition', { identity: ['id'], context: ['isBuiltIn', 'templateId'], createOnly: [], readWrite: [] }],
    ['roleAssignment', { identity: ['roleDefinitionId', 'principalId', 'directoryScopeId'], readWrite: [] }],
  ])('%s: who sets what', (name, expected) => {
    for (const [access, names] of Object.entries(expected)) expect(withAccess(name, access)).toEqual(names);
  });

  test('nothing volatile or stamped by the service is declared', () => {
    const volatile =
      /modified|lastSync|lastPassword|renewed|expiration|signIn(Activity|Sessions)|unseen|licenseAssign/i;
    for (const { name, properties } of registry.types) {
      expect([name, properties.map((property) => property.name).filter((it) => volatile.test(it))]).toEqual([name, []]);
    }
  });

  test('what Graph refuses to clear', () => {
    const refused = (name: string) =>
      type(name)
        .properties.filter(({ access, clearable }) => access === 'readWrite' && !clearable)
        .map((property) => property.name);
    expect(refused('user')).toEqual([
      'displayName',
      'userPrincipalName',
      'accountEnabled',
      'mail',
      'mailNickname',
      'usageLocation',
      'perUserMfaState',
    ]);
    expect(refused('group')).toEqual(['displayName', 'securityEnabled', 'mailNickname', 'visibility']);
    expect(refused('conditionalAccessPolicy')).toEqual(['displayName', 'state', 'conditions']);
    expect(refused('application')).toEqual(['displayName', 'signInAudience']);
    expect(refused('servicePrincipal')).toEqual(['accountEnabled', 'appRoleAssignmentRequired']);
    expect(refused('oauth2PermissionGrant')).toEqual(['scope']);
  });

  test('members are removed by reference and never by themselves', () => {
    const [members] = type('group').links;
    expect(members?.remove.path).toBe('/groups/{id}/members/{target}/$ref');
    expect(members?.list).toEqual({ path: '/groups/{id}/members?$select=id&$top=999', version: 'beta' });
    expect(members?.strategy).toBe('assignedMembership');
  });
});

describe.each(registry.types.map(({ name }) => name))('the schema of %s', (name) => {
  const schema: SchemaNode & { readonly $schema?: string } = shippedSchema(name);

  test('names its dialect, for editors', () => {
    expect(schema.$schema).toBe('../dialect.json');
  });

  test('describes every property in one line', () => {
    const undescribed: string[] = [];
    const visit = (node: SchemaNode, path: string) => {
      for (const [member, child] of Object.entries(node.properties ?? {})) {
        if (!/^[A-Z].{3,140}\.$/.test(child.description ?? '')) undescribed.push(`${path}/${member}`);
        visit(child, `${path}/${member}`);
      }
      for (const branch of node.oneOf ?? []) visit(branch, path);
      if (node.items !== undefined) visit(node.items, path);
      for (const child of Object.values(node.$defs ?? {})) visit(child, `${path}/$defs`);
    };
    visit(schema, '');
    expect(undescribed).toEqual([]);
  });

  test('begins with the identity, then the names, and ends with the context', () => {
    const { label, variants, bin, edge } = type(name);
    for (const { properties } of variants) {
      const others = properties.filter(({ access }) => access !== 'identity');
      expect(properties.slice(properties.length - others.length)).toEqual(others);
      const named = others.findIndex((property) => label.includes(property.name));
      if (edge === undefined) expect(named).toBeLessThanOrEqual(0);
      const unnamed = others.filter((property) => !label.includes(property.name));
      const isContext = unnamed.map(({ access }) => access === 'context');
      expect(isContext).toEqual([...isContext].sort());
      if (bin !== undefined) expect(properties.at(-1)?.name).toBe('deletedDateTime');
    }
  });
});
