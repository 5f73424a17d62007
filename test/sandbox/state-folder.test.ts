import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { loadSeed } from '../../src/sandbox/store.js';
import { appIds, apps, roleId } from './application-support.js';
import { ids, seed, start, startTime, temporaryFolder } from './support.js';

const edge = `${ids.ada}_${apps.homePrincipal}_${roleId}`;

/** A folder with the given files; their lines are YAML. */
function folderOf(files: Readonly<Record<string, readonly string[]>>): string {
  const root = temporaryFolder();
  for (const [path, lines] of Object.entries(files)) {
    const file = join(root, 'tenant-state', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${lines.join('\n')}\n`);
  }
  return root;
}

const startFrom = (files: Readonly<Record<string, readonly string[]>>) =>
  start(seed, { dataDir: join(temporaryFolder(), 'data'), from: folderOf(files) });

const user = [`id: ${ids.ada}`, 'displayName: Ada', 'userPrincipalName: ada@contoso.com'];

it('holds applications, their principals, and what they are allowed', async () => {
  const sandbox = await startFrom({
    [`users/a00/${ids.ada}.yaml`]: user,
    [`applications/e00/${apps.home}.yaml`]: [
      `id: ${apps.home}`,
      `appId: ${appIds.home}`,
      'displayName: Payroll',
      'appRoles:',
      `  - id: ${roleId}`,
      '    value: Read',
      '    isEnabled: true',
    ],
    [`servicePrincipals/f00/${apps.homePrincipal}.yaml`]: [`id: ${apps.homePrincipal}`, `appId: ${appIds.home}`],
    [`servicePrincipals/f00/${apps.agent}.yaml`]: [
      `id: ${apps.agent}`,
      '"@odata.type": "#microsoft.graph.agentIdentity"',
      `agentIdentityBlueprintId: ${appIds.blueprint}`,
    ],
    [`appRoleAssignments/a00/${edge}.yaml`]: [
      `principalId: ${ids.ada}`,
      `resourceId: ${apps.homePrincipal}`,
      `appRoleId: ${roleId}`,
    ],
    'oauth2PermissionGrants/f00/grant.yaml': [
      `clientId: ${apps.homePrincipal}`,
      `resourceId: ${apps.homePrincipal}`,
      'consentType: AllPrincipals',
      'scope: openid',
    ],
  });
  expect((await sandbox.get(`/servicePrincipals/${apps.homePrincipal}`)).body).toMatchObject({
    displayName: 'Payroll',
    appRoles: [{ id: roleId }],
  });
  expect(await sandbox.all(`/users/${ids.ada}/appRoleAssignments`)).toMatchObject([
    { id: edge, principalDisplayName: 'Ada', resourceDisplayName: 'Payroll' },
  ]);
  expect(await sandbox.all('/oauth2PermissionGrants')).toMatchObject([{ scope: 'openid', principalId: null }]);
  expect((await sandbox.get(`/servicePrincipals/${apps.agent}`)).body).toMatchObject({
    '@odata.type': '#microsoft.graph.agentIdentity',
    agentIdentityBlueprintId: appIds.blueprint,
  });
});

it('holds what a tenant has one of', async () => {
  const sandbox = await startFrom({
    [`users/a00/${ids.ada}.yaml`]: user,
    'authorizationPolicy.yaml': ['displayName: Ours', 'allowInvitesFrom: none'],
    'organization.yaml': ['displayName: Contoso', 'colour: blue'],
  });
  expect((await sandbox.get('/organization')).body.value).toMatchObject([
    { id: sandbox.tenantId, displayName: 'Contoso' },
  ]);
  expect((await sandbox.get('/policies/authorizationPolicy')).body).toMatchObject({
    displayName: 'Ours',
    allowInvitesFrom: 'none',
  });
});

it('is completed by what every tenant has', () => {
  const own = { id: 'authorizationPolicy', displayName: 'Ours' };
  const tenant = { ...seed, objects: [{ collection: 'singletons' as const, object: own }] };
  const store = loadSeed(tenant, new Date(startTime));
  expect(store.objects.get('authorizationpolicy')?.object).toEqual(own);
  expect(store.objects.get('authenticationmethodspolicy')?.object.id).toBe('authenticationMethodsPolicy');
  expect(store.objects.get('00000000-0000-0000-0000-000000000002')?.collection).toBe('authenticationStrengthPolicies');
});

it('keeps ids as they are spelled, and finds objects however they are written', () => {
  const tenant = { ...seed, objects: [{ collection: 'roleAssignments' as const, object: { id: 'Ab-C' } }] };
  const store = loadSeed(tenant, new Date(startTime));
  expect(store.live.roleAssignments).toEqual(['ab-c']);
  store.apply({ op: 'update', at: startTime, id: 'AB-c', set: { principalId: ids.ada } });
  expect(store.objects.get('ab-c')?.object).toEqual({ id: 'Ab-C', principalId: ids.ada });
  expect(store.edges.get(ids.ada)).toEqual(['ab-c']);
  store.apply({ op: 'purge', at: startTime, id: 'ab-c' });
  expect([store.objects.has('ab-c'), store.edges.get(ids.ada)]).toEqual([false, []]);
});
