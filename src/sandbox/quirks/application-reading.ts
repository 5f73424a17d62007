/**
 * What Microsoft Graph does and its metadata does not say, as data. Each table names the documentation page it comes
 * from; "observed" marks behaviour that people report and no page states. Here: how applications, service principals,
 * grants and assignments are read.
 */

/** Properties `$filter` understands. Source: "application resource type", "servicePrincipal resource type" ("Supports
 * $filter"), "List oauth2PermissionGrants", "List appRoleAssignments granted to a user". */
export const applicationFilterable: Readonly<Record<string, ReadonlySet<string>>> = {
  application: new Set([
    'appId',
    'createdDateTime',
    'displayName',
    'id',
    'publisherDomain',
    'signInAudience',
    'uniqueName',
  ]),
  servicePrincipal: new Set([
    'accountEnabled',
    'appId',
    'appOwnerOrganizationId',
    'applicationTemplateId',
    'createdByAppId',
    'displayName',
    'homepage',
    'id',
    'servicePrincipalType',
  ]),
  oAuth2PermissionGrant: new Set(['clientId', 'consentType', 'id', 'principalId', 'resourceId']),
  appRoleAssignment: new Set(['appRoleId', 'id', 'principalId', 'resourceId']),
};

/** Properties that are read with `$select` only. Source: "application resource type" (logo is a
 * stream), "authenticationBehaviors resource type", "servicePrincipal resource type" (customSecurityAttributes). */
export const applicationOnSelect: Readonly<Record<string, ReadonlySet<string>>> = {
  application: new Set(['authenticationBehaviors', 'logo', 'managerApplications']),
  servicePrincipal: new Set(['customSecurityAttributes']),
};

/**
 * What a service principal takes over from its application when that is in the same tenant: its own property, and where
 * it comes from. Source: "servicePrincipal resource type" ("from the associated application"); observed for the others.
 */
export const followed: readonly (readonly [string, (application: Values) => unknown])[] = [
  ['displayName', (application) => application.displayName],
  ['appDisplayName', (application) => application.displayName],
  ['appDescription', (application) => application.description],
  ['appRoles', (application) => application.appRoles],
  ['info', (application) => application.info],
  ['oauth2PermissionScopes', (application) => part(application.api).oauth2PermissionScopes],
  ['replyUrls', replyUrls],
  ['signInAudience', (application) => application.signInAudience],
  ['verifiedPublisher', (application) => application.verifiedPublisher],
];

type Values = Readonly<Record<string, unknown>>;

const part = (value: unknown): Values => (typeof value === 'object' && value !== null ? (value as Values) : {});

function replyUrls({ web, spa, publicClient }: Values): unknown[] {
  return [...new Set([web, spa, publicClient].flatMap((each) => part(each).redirectUris ?? []))];
}
