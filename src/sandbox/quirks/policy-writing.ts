/**
 * What Microsoft Graph does and its metadata does not say, as data. Each table names the documentation page it comes
 * from; "observed" marks behaviour that people report and no page states. Here: which properties a write may set of the
 * tenant-wide policies, the organization, authentication strengths and methods, and directory roles.
 */

/**
 * Properties that no request can set. Sources: "Update authorizationPolicy", "Update authenticationMethodsPolicy" (the
 * page names registrationEnforcement and policyMigrationState as what can be updated), "authenticationStrengthPolicy
 * resource type", "Update organization" (the page lists five properties), "unifiedRoleDefinition resource type",
 * "unifiedRoleAssignment resource type".
 */
export const policyReadOnly: Readonly<Record<string, ReadonlySet<string>>> = {
  authorizationPolicy: new Set(['id', 'deletedDateTime']),
  authenticationMethodsPolicy: new Set([
    'id',
    'description',
    'displayName',
    'lastModifiedDateTime',
    'policyVersion',
    'reconfirmationInDays',
  ]),
  authenticationMethodConfiguration: new Set(['id']),
  authenticationStrengthPolicy: new Set([
    'id',
    'combinationConfigurations',
    'createdDateTime',
    'modifiedDateTime',
    'policyType',
    'requirementsSatisfied',
  ]),
  authenticationCombinationConfiguration: new Set(['id']),
  organization: new Set([
    'id',
    'deletedDateTime',
    'assignedPlans',
    'businessPhones',
    'city',
    'country',
    'countryLetterCode',
    'createdDateTime',
    'defaultUsageLocation',
    'displayName',
    'mobileDeviceManagementAuthority',
    'onPremisesLastSyncDateTime',
    'onPremisesSyncEnabled',
    'partnerTenantType',
    'postalCode',
    'preferredLanguage',
    'provisionedPlans',
    'state',
    'street',
    'tenantType',
    'verifiedDomains',
  ]),
  unifiedRoleDefinition: new Set(['id', 'isBuiltIn']),
  unifiedRoleAssignment: new Set(['id', 'principalOrganizationId']),
};

/**
 * Properties that can be given at creation and never again. Sources: "authenticationStrengthPolicy:
 * updateAllowedCombinations" (the only way to change them later), "unifiedRoleDefinition resource type" (templateId).
 */
export const policyCreateOnly: Readonly<Record<string, ReadonlySet<string>>> = {
  authenticationStrengthPolicy: new Set(['allowedCombinations']),
  unifiedRoleDefinition: new Set(['templateId']),
};

/**
 * Required at creation. Sources: "Create externalAuthenticationMethodConfiguration", "Create
 * authenticationStrengthPolicy", "Create combinationConfiguration", "Create roleDefinitions", "Create
 * unifiedRoleAssignment".
 */
export const policyRequired: Readonly<Record<string, readonly string[]>> = {
  externalAuthenticationMethodConfiguration: ['displayName', 'appId', 'openIdConnectSetting'],
  authenticationStrengthPolicy: ['displayName', 'allowedCombinations'],
  fido2CombinationConfiguration: ['allowedAAGUIDs', 'appliesToCombinations'],
  x509CertificateCombinationConfiguration: ['appliesToCombinations'],
  unifiedRoleDefinition: ['displayName', 'isEnabled', 'rolePermissions'],
  unifiedRoleAssignment: ['roleDefinitionId', 'principalId', 'directoryScopeId'],
};
