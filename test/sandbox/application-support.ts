/** A tenant with applications, service principals, grants and assignments. */
import type { SeedCollection, SeedObject, TenantSeed } from '../../src/sandbox/seed.js';
import { group, id, ids, type Json, seed, tenantId } from './support.js';

export const appIds = {
  home: id('e', 101),
  foreign: id('e', 102),
  binned: id('e', 103),
  blueprint: id('e', 104),
};

export const apps = {
  home: id('e', 1),
  binned: id('e', 3),
  blueprint: id('e', 4),
  homePrincipal: id('f', 1),
  foreignPrincipal: id('f', 2),
  binnedPrincipal: id('f', 3),
  managed: id('f', 5),
  agent: id('f', 6),
  blueprintPrincipal: id('f', 7),
  agentUser: id('a', 20),
  mixed: id('b', 20),
  readers: id('b', 21),
};

export const roleId = id('9', 1);
export const scopeId = id('9', 2);
export const defaultAccess = '00000000-0000-0000-0000-000000000000';
export const grantId = 'GrantOfAll-Ab_1';
export const assignmentId = 'AdaHasReader-Cd_2';

export const role: Json = {
  id: roleId,
  allowedMemberTypes: ['User', 'Application'],
  description: 'Reads',
  displayName: 'Reader',
  isEnabled: true,
  value: 'Read',
};
const scope: Json = { id: scopeId, type: 'User', isEnabled: true, value: 'access', adminConsentDisplayName: 'Access' };

const object = (collection: SeedCollection, objectId: string, values: Json): SeedObject => ({
  collection,
  object: { id: objectId, ...values },
});

const web: Json = {
  redirectUris: ['https://payroll.contoso.com/in'],
  redirectUriSettings: [{ uri: 'https://payroll.contoso.com/in', index: null }],
  implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: true },
};

export const applicationSeed: TenantSeed = {
  ...seed,
  objects: [
    ...seed.objects,
    object('applications', apps.home, {
      appId: appIds.home,
      displayName: 'Payroll',
      signInAudience: 'AzureADMyOrg',
      identifierUris: ['api://payroll'],
      tags: ['HR'],
      appRoles: [role],
      api: { requestedAccessTokenVersion: 2, oauth2PermissionScopes: [scope] },
      info: { marketingUrl: 'https://contoso.com', logoUrl: 'https://cdn.example/logo' },
      web,
      keyCredentials: [{ keyId: id('9', 9), displayName: 'CN=Payroll', type: 'AsymmetricX509Cert', key: 'c2VjcmV0' }],
    }),
    {
      ...object('applications', apps.binned, {
        appId: appIds.binned,
        displayName: 'Gone',
        identifierUris: ['api://gone'],
      }),
      deletedDateTime: '2026-11-01T00:00:00Z',
    },
    object('applications', apps.blueprint, {
      '@odata.type': '#microsoft.graph.agentIdentityBlueprint',
      appId: appIds.blueprint,
      displayName: 'Helper',
    }),
    object('servicePrincipals', apps.homePrincipal, {
      appId: appIds.home,
      appOwnerOrganizationId: tenantId,
      displayName: 'An older name',
      accountEnabled: true,
      servicePrincipalType: 'Application',
      tags: ['HideApp'],
    }),
    object('servicePrincipals', apps.foreignPrincipal, {
      appId: appIds.foreign,
      appOwnerOrganizationId: id('7', 1),
      displayName: 'Storage',
      accountEnabled: true,
      servicePrincipalType: 'Application',
      servicePrincipalNames: ['https://storage.example'],
      appRoles: [
        { ...role, id: id('9', 3) },
        { ...role, id: id('9', 4), value: 'Old', isEnabled: false },
      ],
      keyCredentials: [{ keyId: id('9', 8), key: 'c2VjcmV0' }],
    }),
    {
      ...object('servicePrincipals', apps.binnedPrincipal, {
        appId: appIds.binned,
        displayName: 'Gone',
        servicePrincipalType: 'Application',
      }),
      deletedDateTime: '2026-11-01T00:00:00Z',
    },
    object('servicePrincipals', apps.managed, {
      appId: id('e', 105),
      displayName: 'Virtual machine',
      servicePrincipalType: 'ManagedIdentity',
    }),
    object('servicePrincipals', apps.agent, {
      '@odata.type': '#microsoft.graph.agentIdentity',
      displayName: 'Agent 1',
      accountEnabled: true,
      agentIdentityBlueprintId: appIds.blueprint,
      servicePrincipalType: 'ServiceIdentity',
    }),
    object('servicePrincipals', apps.blueprintPrincipal, {
      '@odata.type': '#microsoft.graph.agentIdentityBlueprintPrincipal',
      appId: appIds.blueprint,
      displayName: 'Helper',
      accountEnabled: true,
      servicePrincipalType: 'Application',
    }),
    object('users', apps.agentUser, {
      '@odata.type': '#microsoft.graph.agentUser',
      accountEnabled: true,
      displayName: 'Agent user',
      mailNickname: 'agent',
      userPrincipalName: 'agent@contoso.com',
      identityParentId: apps.agent,
    }),
    group(apps.mixed, 'mixed', {}, [ids.ada, apps.foreignPrincipal]),
    group(apps.readers, 'readers', { isAssignableToRole: true }, [ids.bob]),
    object('oauth2PermissionGrants', grantId, {
      clientId: apps.homePrincipal,
      consentType: 'AllPrincipals',
      resourceId: apps.foreignPrincipal,
      scope: 'User.Read openid',
    }),
    object('oauth2PermissionGrants', 'GrantOfAda-Ef_3', {
      clientId: apps.homePrincipal,
      consentType: 'Principal',
      principalId: ids.ada,
      resourceId: apps.foreignPrincipal,
      scope: 'Files.Read',
    }),
    object('appRoleAssignments', assignmentId, {
      appRoleId: roleId,
      createdDateTime: '2026-01-01T00:00:00Z',
      principalId: ids.ada,
      principalType: 'User',
      resourceId: apps.homePrincipal,
    }),
  ],
};
