/**
 * What Microsoft Graph does and its metadata does not say, as data. Each table names the documentation page it comes
 * from; "observed" marks behaviour that people report and no page states. Here: which properties a write may set of
 * applications, service principals, grants and assignments, and what new ones start with.
 */

/**
 * Properties that no request can set. Sources: "application resource type" and "Update application" (passwordCredentials
 * change by "addPassword" and "removePassword", verifiedPublisher by "setVerifiedPublisher", logo by PUT;
 * oauth2RequirePostResponse is taken by beta only: observed),
 * "servicePrincipal resource type" and "Update servicePrincipal".
 */
export const applicationReadOnly: Readonly<Record<string, ReadonlySet<string>>> = {
  application: new Set([
    'id',
    'deletedDateTime',
    'appId',
    'applicationTemplateId',
    'certification',
    'createdByAppId',
    'createdDateTime',
    'disabledByMicrosoftStatus',
    'logo',
    'managerApplications',
    'oauth2RequirePostResponse',
    'passwordCredentials',
    'publisherDomain',
    'verifiedPublisher',
  ]),
  servicePrincipal: new Set([
    'id',
    'deletedDateTime',
    'appDescription',
    'appDisplayName',
    'appOwnerOrganizationId',
    'applicationTemplateId',
    'createdByAppId',
    'createdDateTime',
    'disabledByMicrosoftStatus',
    'isDisabled',
    'passwordCredentials',
    'resourceSpecificApplicationPermissions',
    'servicePrincipalType',
    'signInAudience',
    'verifiedPublisher',
  ]),
  oAuth2PermissionGrant: new Set(['id']),
  appRoleAssignment: new Set([
    'id',
    'deletedDateTime',
    'createdDateTime',
    'principalDisplayName',
    'principalType',
    'resourceDisplayName',
  ]),
};

/** Properties that can be given at creation and never again. Source: "Create servicePrincipal", "Update
 * oAuth2PermissionGrant" (only scope can change), "application resource type" (uniqueName), "Create agentUser". */
export const applicationCreateOnly: Readonly<Record<string, ReadonlySet<string>>> = {
  user: new Set(['identityParentId']),
  application: new Set(['uniqueName']),
  servicePrincipal: new Set(['appId', 'agentIdentityBlueprintId']),
  oAuth2PermissionGrant: new Set(['clientId', 'consentType', 'principalId', 'resourceId']),
};

/** Required at creation. Source: "Create application", "Create servicePrincipal", "Create oAuth2PermissionGrant", "Grant
 * an appRoleAssignment for a service principal". */
export const applicationRequired: Readonly<Record<string, readonly string[]>> = {
  application: ['displayName'],
  servicePrincipal: ['appId'],
  oAuth2PermissionGrant: ['clientId', 'consentType', 'resourceId', 'scope'],
  appRoleAssignment: ['principalId', 'resourceId', 'appRoleId'],
};

/** Values that cannot be emptied. Source: "application resource type", "servicePrincipal resource type". */
export const applicationNotClearable: Readonly<Record<string, ReadonlySet<string>>> = {
  application: new Set(['displayName', 'signInAudience']),
  servicePrincipal: new Set(['accountEnabled', 'displayName']),
  oAuth2PermissionGrant: new Set(['scope']),
};

/**
 * All that can be written of the agent kinds; the other inherited properties belong to the service. Source:
 * "agentIdentity", "agentIdentityBlueprint" and "agentIdentityBlueprintPrincipal" resource types (beta and v1.0 pages).
 */
export const agentWritable: Readonly<Record<string, ReadonlySet<string>>> = {
  agentIdentity: new Set(['accountEnabled', 'customSecurityAttributes', 'displayName', 'tags']),
  agentIdentityBlueprint: new Set([
    'api',
    'appRoles',
    'description',
    'displayName',
    'groupMembershipClaims',
    'identifierUris',
    'info',
    'keyCredentials',
    'optionalClaims',
    'requiredResourceAccess',
    'serviceManagementReference',
    'signInAudience',
    'tags',
    'tokenEncryptionKeyId',
    'web',
  ]),
  agentIdentityBlueprintPrincipal: new Set(['accountEnabled', 'appRoleAssignmentRequired', 'displayName', 'tags']),
};

/** Complex properties of applications of which a PATCH changes the named members only (observed). */
export const mergedOnUpdate: ReadonlySet<string> = new Set(['api', 'info', 'publicClient', 'spa', 'web']);

/** What an application starts with. Source: "Create application", example answer. */
export const newApplicationDefaults: Readonly<Record<string, unknown>> = {
  addIns: [],
  api: { knownClientApplications: [], oauth2PermissionScopes: [], preAuthorizedApplications: [] },
  appRoles: [],
  identifierUris: [],
  info: {},
  keyCredentials: [],
  parentalControlSettings: { countriesBlockedForMinors: [], legalAgeGroupRule: 'Allow' },
  passwordCredentials: [],
  publicClient: { redirectUris: [] },
  requiredResourceAccess: [],
  signInAudience: 'AzureADMyOrg',
  spa: { redirectUris: [] },
  tags: [],
  verifiedPublisher: {},
  web: {
    implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: false },
    redirectUriSettings: [],
    redirectUris: [],
  },
};

/** What a service principal starts with. Source: "Create servicePrincipal", example answer. */
export const newPrincipalDefaults: Readonly<Record<string, unknown>> = {
  accountEnabled: true,
  appRoleAssignmentRequired: false,
  notificationEmailAddresses: [],
  servicePrincipalType: 'Application',
  tags: [],
};

/** The role id that stands for access without a role. Source: "appRoleAssignment resource type". */
export const defaultAccess = '00000000-0000-0000-0000-000000000000';
