/** Values that no metadata tells: ids of objects of the tenant, texts with a form, and what nobody damages. */

import fc from 'fast-check';
import type { Json } from '../../src/model/json.js';
import { some, text } from './tenant-values.js';

export type Values = Readonly<Record<string, fc.Arbitrary<Json>>>;

/** Ids of objects that a tenant has, as far as others may name them. */
export interface Ids {
  readonly users: readonly string[];
  readonly groups: readonly string[];
  readonly appIds: readonly string[];
}

/** A few ids for items of values, so that the same one occurs again; in any case of letters. */
export const ITEM_IDS = [0, 1, 2].map((n) => `70000000-0000-4000-8000-00000000000${n}`);
export const idPool: fc.Arbitrary<Json> = fc.constantFrom(...ITEM_IDS, 'ABCDEF00-0000-4000-8000-0000000000AA');
export const none: fc.Arbitrary<Json> = fc.constant(null);
export const optional = (value: fc.Arbitrary<Json>): fc.Arbitrary<Json> => fc.option(value, { nil: null, freq: 4 });

const URIS = ['https://one.contoso.com', 'https://two.contoso.com/cb?a=1', 'api://three', 'urn:four'];
const uris = (): fc.Arbitrary<Json> => some(URIS, 3);
const words =
  (...values: Json[]) =>
  (): fc.Arbitrary<Json> =>
    fc.constantFrom(...values);
const wordsOf = (values: readonly string[]) => (): fc.Arbitrary<Json> => some(values);

const appId = ({ appIds }: Ids): fc.Arbitrary<Json> =>
  fc.constantFrom('00000003-0000-0000-c000-000000000000', ...appIds);

/** Everyone, a group or a user. */
function target({ users, groups }: Ids, more: Readonly<Record<string, fc.Arbitrary<Json>>> = {}): fc.Arbitrary<Json> {
  const ends: Json[] = [
    { id: 'all_users', targetType: 'group' },
    ...groups.map((id) => ({ id, targetType: 'group' })),
    ...users.slice(0, 1).map((id) => ({ id, targetType: 'user' })),
  ];
  return fc
    .tuple(fc.constantFrom(...ends), fc.record(more))
    .map(([end, values]) => ({ ...(end as object), ...values }));
}

const featureTarget = ({ groups }: Ids): fc.Arbitrary<Json> =>
  fc.constantFrom<Json>(
    { id: 'all_users', targetType: 'group' },
    { id: '00000000-0000-0000-0000-000000000000', targetType: 'group' },
    { id: '62e90394-69f5-4237-9190-012177145e10', targetType: 'role' },
    ...groups.map((id) => ({ id, targetType: 'group' })),
  );

const item = (n: number): string => ITEM_IDS[n % ITEM_IDS.length] as string;
/** An app role; most are enabled. */
export const appRole = fc
  .record({ n: fc.nat(2), value: optional(text(8)), isEnabled: fc.nat(3).map((dice) => dice > 0), name: text(12) })
  .map(({ n, value, isEnabled, name }) => ({
    id: item(n),
    value: value === null ? null : `${String(value)}${n}`,
    displayName: name,
    description: name,
    allowedMemberTypes: n === 1 ? ['User'] : ['Application', 'User'],
    isEnabled,
  }));

/**
 * By `type.property`, `.property` or the name of a type. Sources are those of the sandbox's tables: the service refuses
 * other values, or keeps two properties in step.
 */
export const SPECIAL: Readonly<Record<string, (ids: Ids) => fc.Arbitrary<Json>>> = {
  'application.identifierUris': () => some(['api://a', 'api://b', 'https://contoso.com/c'], 2),
  'application.tags': wordsOf(['HideApp', 'alpha', 'shared', 'Shared']),
  'servicePrincipal.tags': wordsOf(['HideApp', 'WindowsAzureActiveDirectoryIntegratedApp', 'shared']),
  'servicePrincipal.servicePrincipalNames': wordsOf(['api://a', 'https://contoso.com/own', 'api://own']),
  'application.appRoles': () => fc.uniqueArray(appRole, { maxLength: 3, selector: ({ id }) => id }),
  'application.groupMembershipClaims': words('None', 'SecurityGroup', 'SecurityGroup,ApplicationGroup', 'All'),
  'application.keyCredentials': words([], [{ type: 'AsymmetricX509Cert', usage: 'Verify', key: 'AQID' }]),
  'servicePrincipal.keyCredentials': words([], [{ type: 'AsymmetricX509Cert', usage: 'Verify', key: 'BAUG' }]),
  '.redirectUris': uris,
  '.resourceAppId': appId,
  '.appId': appId,
  'preAuthorizedApplication.appId': appId,
  'apiApplication.knownClientApplications': ({ appIds }) => some(appIds, 2),
  'preAuthorizedApplication.delegatedPermissionIds': wordsOf(ITEM_IDS),
  'resourceAccess.type': words('Scope', 'Role'),
  'oAuth2PermissionGrant.scope': words('User.Read', 'Mail.Read User.Read', ' openid  User.Read ', 'Files.Read.All'),
  'defaultUserRolePermissions.permissionGrantPoliciesAssigned': wordsOf([
    'ManagePermissionGrantsForSelf.microsoft-user-default-low',
    'ManagePermissionGrantsForOwnedResource.microsoft-dynamically-managed-permissions-for-team',
  ]),
  'privacyProfile.contactEmail': words('privacy@contoso.com', 'dpo@contoso.com'),
  'privacyProfile.statementUrl': words('https://contoso.com/privacy', 'https://contoso.com/p'),
  // The default lies between the bounds, whichever of them change.
  '.minimumLifetimeInMinutes': words(10, 30, 60),
  '.defaultLifetimeInMinutes': words(60, 120, 480),
  '.maximumLifetimeInMinutes': words(480, 1000),
  'passkeyProfile.id': words(...ITEM_IDS),
  authenticationMethodTarget: (ids) => target(ids),
  passkeyAuthenticationMethodTarget: (ids) => target(ids, { allowedPasskeyProfiles: fc.subarray([...ITEM_IDS]) }),
  microsoftAuthenticatorAuthenticationMethodTarget: (ids) =>
    target(ids, { authenticationMode: fc.constantFrom('any', 'push', 'deviceBasedPush') }),
  smsAuthenticationMethodTarget: (ids) => target(ids, { isUsableForSignIn: fc.boolean() }),
  verifiableCredentialAuthenticationMethodTarget: (ids) =>
    target(ids, { verifiedIdProfiles: fc.subarray([...ITEM_IDS]) }),
  authenticationMethodsRegistrationCampaignIncludeTarget: (ids) =>
    target(ids, { targetedAuthenticationMethod: fc.constant('microsoftAuthenticator') }),
  excludeTarget: (ids) => target(ids),
  includeTarget: (ids) => target(ids),
  featureTarget,
  'unifiedRoleDefinition.rolePermissions': words(
    [{ allowedResourceActions: ['microsoft.directory/users/standard/read'] }],
    [{ allowedResourceActions: ['microsoft.directory/groups/create', 'microsoft.directory/groups/delete'] }],
  ),
  'unifiedRoleDefinition.resourceScopes': words(['/']),
  'fido2KeyRestrictions.aaGuids': wordsOf(ITEM_IDS),
};

/**
 * What nobody changes here. Of applications: v1.0 takes these in no request, or not from everybody (application resource
 * type). Of service principals: they follow the application, or belong to its maker (servicePrincipal resource type).
 * `origin` and `logoUrl` are computed; `redirectUriSettings` says the same as `redirectUris`; whether registration is
 * required is never anything but false. The settings of a role that comes with a template are given once.
 */
export const UNTOUCHED: ReadonlySet<string> = new Set([
  'application.authenticationBehaviors',
  'application.oauth2RequirePostResponse',
  'servicePrincipal.addIns',
  'servicePrincipal.appRoles',
  'servicePrincipal.customSecurityAttributes',
  'servicePrincipal.displayName',
  'servicePrincipal.info',
  'servicePrincipal.oauth2PermissionScopes',
  'servicePrincipal.replyUrls',
  'appRole.origin',
  'permissionScope.origin',
  'informationalUrl.logoUrl',
  'webApplication.redirectUriSettings',
  'unifiedRoleDefinition.templateId',
  'unifiedRoleDefinition.version',
]);
