/**
 * What Microsoft Graph does and its metadata does not say, as data. Each table names the documentation page it comes
 * from; "observed" marks behaviour that people report and no page states. Here: which properties a read returns, and which a filter understands.
 */
import { applicationFilterable } from './application-reading.js';

/**
 * What a read returns without `$select`. Source: "List users" and "user resource type" (the default set of eleven), and
 * "group resource type" (every property not marked "Returned only on $select").
 */
export const defaultProperties: Readonly<Record<string, readonly string[]>> = {
  user: [
    'businessPhones',
    'displayName',
    'givenName',
    'jobTitle',
    'mail',
    'mobilePhone',
    'officeLocation',
    'preferredLanguage',
    'surname',
    'userPrincipalName',
    'id',
  ],
  group: [
    'id',
    'deletedDateTime',
    'classification',
    'createdDateTime',
    'description',
    'displayName',
    'expirationDateTime',
    'groupTypes',
    'isAssignableToRole',
    'mail',
    'mailEnabled',
    'mailNickname',
    'membershipRule',
    'membershipRuleProcessingState',
    'onPremisesDomainName',
    'onPremisesLastSyncDateTime',
    'onPremisesNetBiosName',
    'onPremisesSamAccountName',
    'onPremisesSecurityIdentifier',
    'onPremisesSyncEnabled',
    'preferredDataLocation',
    'preferredLanguage',
    'proxyAddresses',
    'renewedDateTime',
    'resourceBehaviorOptions',
    'resourceProvisioningOptions',
    'securityEnabled',
    'securityIdentifier',
    'theme',
    'uniqueName',
    'visibility',
    'onPremisesProvisioningErrors',
    'serviceProvisioningErrors',
  ],
};

/** Properties that a list cannot return, only a read of one user. Source: "user resource type". */
export const onlyOnGet: Readonly<Record<string, ReadonlySet<string>>> = {
  user: new Set([
    'aboutMe',
    'birthday',
    'deviceEnrollmentLimit',
    'hireDate',
    'interests',
    'mailboxSettings',
    'mySite',
    'pastProjects',
    'responsibilities',
    'schools',
    'skills',
  ]),
};

/**
 * Properties `$filter` understands; `null` in comparison needs the advanced query capabilities unless listed under
 * `nullable`. Source: "user resource type", "group resource type" ("Supports $filter (...)") and "Advanced query
 * capabilities on directory objects".
 */
export const filterable: Readonly<Record<string, ReadonlySet<string>>> = {
  ...applicationFilterable,
  user: new Set([
    'accountEnabled',
    'ageGroup',
    'city',
    'companyName',
    'consentProvidedForMinor',
    'country',
    'creationType',
    'department',
    'displayName',
    'employeeId',
    'employeeType',
    'externalUserState',
    'givenName',
    'id',
    'jobTitle',
    'mail',
    'mailNickname',
    'mobilePhone',
    'officeLocation',
    'onPremisesImmutableId',
    'onPremisesSamAccountName',
    'onPremisesSyncEnabled',
    'onPremisesUserPrincipalName',
    'postalCode',
    'preferredLanguage',
    'state',
    'streetAddress',
    'surname',
    'usageLocation',
    'userPrincipalName',
    'userType',
  ]),
  group: new Set([
    'classification',
    'description',
    'displayName',
    'id',
    'isAssignableToRole',
    'mail',
    'mailEnabled',
    'mailNickname',
    'membershipRule',
    'membershipRuleProcessingState',
    'onPremisesSamAccountName',
    'onPremisesSyncEnabled',
    'preferredLanguage',
    'securityEnabled',
    'uniqueName',
    'visibility',
  ]),
  conditionalAccessPolicy: new Set(['displayName', 'id', 'state', 'templateId']),
  namedLocation: new Set(['displayName', 'id', 'isTrusted']),
  authenticationStrengthPolicy: new Set(['displayName', 'id', 'policyType']),
  unifiedRoleDefinition: new Set(['displayName', 'id', 'isBuiltIn', 'templateId']),
  unifiedRoleAssignment: new Set(['directoryScopeId', 'id', 'principalId', 'roleDefinitionId']),
};

/** Properties that may be compared with null without the advanced query capabilities. Source: as above. */
export const filterableAsNull: Readonly<Record<string, ReadonlySet<string>>> = {
  user: new Set(['onPremisesImmutableId', 'onPremisesSyncEnabled', 'usageLocation']),
  group: new Set(['onPremisesSyncEnabled']),
};

/**
 * Relationships that `$select` of change tracking may name. Source: "user: delta" (manager), "group: delta" (members, and
 * any other relationship to directory objects). The sandbox holds members alone.
 */
export const trackedRelationships: Readonly<Record<string, ReadonlySet<string>>> = {
  users: new Set(['manager']),
  groups: new Set(['members', 'owners', 'memberOf', 'acceptedSenders', 'rejectedSenders', 'transitiveMembers']),
};

/**
 * Relationships that `$expand` may name. Source: "List authenticationStrengthPolicies", "Get authenticationMethodsPolicy":
 * both are part of the answer without it too.
 */
export const expandable: Readonly<Record<string, ReadonlySet<string>>> = {
  authenticationStrengthPolicy: new Set(['combinationConfigurations']),
  authenticationMethodsPolicy: new Set(['authenticationMethodConfigurations']),
};
