import { describe, expect, it } from 'vitest';
import { appIds, applicationSeed, apps, assignmentId, grantId, role } from './application-support.js';
import { errorOf, eventual, id, ids, idsOf, type Json, ref, start, tenantId } from './support.js';

const startApps = () => start(applicationSeed);
const home = `/servicePrincipals/${apps.homePrincipal}`;
const foreign = `/servicePrincipals/${apps.foreignPrincipal}`;

describe('reading service principals', () => {
  it.each([
    [`appId eq '${appIds.foreign}'`, [apps.foreignPrincipal]],
    [`id eq '${apps.foreignPrincipal}'`, [apps.foreignPrincipal]],
    ["servicePrincipalType eq 'ManagedIdentity'", [apps.managed]],
    ["displayName eq 'payroll'", [apps.homePrincipal]],
    ["displayName eq 'An older name'", []],
    [`appOwnerOrganizationId eq ${tenantId}`, [apps.homePrincipal, apps.blueprintPrincipal]],
  ])('understands $filter=%s', async (filter, expected) => {
    const sandbox = await startApps();
    expect(idsOf((await sandbox.get(`/servicePrincipals?$filter=${filter}`)).body.value)).toEqual(expected);
  });

  it('finds one by its application id', async () => {
    const sandbox = await startApps();
    expect((await sandbox.get(`/servicePrincipals(appId='${appIds.foreign}')`)).body.id).toBe(apps.foreignPrincipal);
    expect((await sandbox.get(`/servicePrincipals(appId='${appIds.binned}')`)).status).toBe(404);
    expect((await sandbox.get('/servicePrincipals/$count', eventual)).text).toBe('5');
  });

  it('shows what comes from the application of this tenant', async () => {
    const sandbox = await startApps();
    expect((await sandbox.get(home)).body).toMatchObject({
      displayName: 'Payroll',
      appDisplayName: 'Payroll',
      appOwnerOrganizationId: tenantId,
      signInAudience: 'AzureADMyOrg',
      appRoles: [role],
      oauth2PermissionScopes: [{ value: 'access' }],
      replyUrls: ['https://payroll.contoso.com/in'],
      servicePrincipalNames: [appIds.home, 'api://payroll'],
      tags: ['HideApp', 'HR'],
    });
    await sandbox.call('PATCH', `/applications/${apps.home}`, { tags: [], identifierUris: [], displayName: 'Wages' });
    expect((await sandbox.get(home)).body).toMatchObject({
      displayName: 'Wages',
      tags: ['HideApp'],
      servicePrincipalNames: [appIds.home],
    });
  });

  it('shows the own properties of one whose application is elsewhere', async () => {
    const sandbox = await startApps();
    expect((await sandbox.get(foreign)).body).toMatchObject({
      displayName: 'Storage',
      servicePrincipalNames: ['https://storage.example', appIds.foreign],
      keyCredentials: [{ key: null }],
    });
  });
});

describe('creating service principals', () => {
  it('makes one for an application of this tenant', async () => {
    const sandbox = await startApps();
    const { body: application } = await sandbox.call('POST', '/applications', { displayName: 'New' });
    const answer = await sandbox.call('POST', '/servicePrincipals', { appId: application.appId, tags: ['HideApp'] });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      appId: application.appId,
      accountEnabled: true,
      appOwnerOrganizationId: tenantId,
      displayName: 'New',
      servicePrincipalNames: [application.appId],
      servicePrincipalType: 'Application',
      tags: ['HideApp'],
    });
    expect(answer.body.id).not.toBe(application.id);
  });

  it('makes one again for an application of another tenant that was here before', async () => {
    const sandbox = await startApps();
    await sandbox.call('DELETE', foreign);
    await sandbox.call('DELETE', `/directory/deletedItems/${apps.foreignPrincipal}`);
    const { status, body } = await sandbox.call('POST', '/servicePrincipals', { appId: appIds.foreign });
    expect([status, body.displayName]).toEqual([201, 'Storage']);
    expect(body.id).not.toBe(apps.foreignPrincipal);
  });

  it.each<[string, number, string, Json]>([
    ['without appId', 400, 'Request_BadRequest', {}],
    ['of an unknown application', 400, 'Request_BadRequest', { appId: id('e', 200) }],
    ['of one that has it already', 409, 'Request_MultipleObjectsWithSameKeyValue', { appId: appIds.home }],
    ['of one that has it in the recycle bin', 409, 'Request_MultipleObjectsWithSameKeyValue', { appId: appIds.binned }],
    ['with a type', 400, 'Request_BadRequest', { appId: appIds.home, servicePrincipalType: 'Legacy' }],
  ])('refuses one %s', async (_, status, code, body) => {
    const sandbox = await startApps();
    expect(errorOf(await sandbox.call('POST', '/servicePrincipals', body)).slice(0, 2)).toEqual([status, code]);
  });
});

describe('updating service principals', () => {
  it('writes the own part of tags', async () => {
    const sandbox = await startApps();
    const set = { tags: ['Mine'], accountEnabled: false, notes: 'text', appRoleAssignmentRequired: true };
    expect((await sandbox.call('PATCH', home, set)).status).toBe(204);
    expect((await sandbox.get(home)).body).toMatchObject({ ...set, tags: ['Mine', 'HR'] });
  });

  it.each(['appId', 'servicePrincipalType', 'signInAudience', 'appDisplayName', 'passwordCredentials'])(
    'refuses %s',
    async (name) => {
      const sandbox = await startApps();
      expect(errorOf(await sandbox.call('PATCH', home, { [name]: name.endsWith('s') ? [] : 'x' }))[2]).toBe(
        `Property '${name}' is read-only and cannot be set.`,
      );
    },
  );

  it('refuses roles that the application does not have', async () => {
    const sandbox = await startApps();
    expect((await sandbox.call('PATCH', home, { appRoles: [] })).status).toBe(400);
    expect((await sandbox.call('PATCH', foreign, { appRoles: [], displayName: 'Mine' })).status).toBe(204);
    expect((await sandbox.get(foreign)).body).toMatchObject({ appRoles: [], displayName: 'Mine' });
  });

  it('leaves the name to the application', async () => {
    const sandbox = await startApps();
    expect((await sandbox.call('PATCH', home, { displayName: 'Mine' })).status).toBe(204);
    expect((await sandbox.get(home)).body.displayName).toBe('Payroll');
  });

  it('refuses managed identities', async () => {
    const sandbox = await startApps();
    const path = `/servicePrincipals/${apps.managed}`;
    for (const answer of [await sandbox.call('PATCH', path, { notes: 'x' }), await sandbox.call('DELETE', path)])
      expect(errorOf(answer).slice(0, 2)).toEqual([403, 'Authorization_RequestDenied']);
  });

  it('has passwords of its own', async () => {
    const sandbox = await startApps();
    const { body } = await sandbox.call('POST', `${foreign}/addPassword`, {});
    expect((await sandbox.get(foreign)).body.passwordCredentials).toMatchObject([{ keyId: body.keyId }]);
  });
});

describe('deleting service principals', () => {
  it('removes their grants and assignments for good', async () => {
    const sandbox = await startApps();
    expect((await sandbox.call('DELETE', home)).status).toBe(204);
    expect(await sandbox.all('/oauth2PermissionGrants')).toEqual([]);
    expect(await sandbox.all(`/users/${ids.ada}/appRoleAssignments`)).toEqual([]);
    expect((await sandbox.call('POST', `/directory/deletedItems/${apps.homePrincipal}/restore`)).status).toBe(200);
    expect(await sandbox.all(`${home}/appRoleAssignedTo`)).toEqual([]);
    expect((await sandbox.get(`/oauth2PermissionGrants/${grantId}`)).status).toBe(404);
    expect((await sandbox.get(`${home}/appRoleAssignedTo/${assignmentId}`)).status).toBe(404);
  });

  it('refuses to restore one whose application is in the recycle bin, or whose name is taken', async () => {
    const sandbox = await startApps();
    const restore = () => sandbox.call('POST', `/directory/deletedItems/${apps.binnedPrincipal}/restore`);
    expect(errorOf(await restore())[2]).toBe(
      `Cannot restore ServicePrincipal without backing Application ${appIds.binned}.`,
    );
    await sandbox.call('POST', `/directory/deletedItems/${apps.binned}/restore`);
    expect((await restore()).status).toBe(200);
  });

  it('keeps memberships', async () => {
    const sandbox = await startApps();
    await sandbox.call('DELETE', foreign);
    expect(idsOf((await sandbox.get(`/beta/groups/${apps.mixed}/members`)).body.value)).toEqual([ids.ada]);
    await sandbox.call('POST', `/directory/deletedItems/${apps.foreignPrincipal}/restore`);
    expect(idsOf((await sandbox.get(`${foreign}/memberOf`)).body.value)).toEqual([apps.mixed]);
  });
});

describe('service principals as members', () => {
  it('are left out by version 1.0, unless it is asked the advanced way', async () => {
    const sandbox = await startApps();
    const members = `/groups/${apps.mixed}/members`;
    const both = [ids.ada, apps.foreignPrincipal];
    expect(idsOf((await sandbox.get(members)).body.value)).toEqual([ids.ada]);
    expect(idsOf((await sandbox.get(members, eventual)).body.value)).toEqual([ids.ada]);
    expect(idsOf((await sandbox.get(`${members}?$count=true`)).body.value)).toEqual([ids.ada]);
    const { body } = await sandbox.get(`${members}?$count=true`, eventual);
    expect([idsOf(body.value), body['@odata.count']]).toEqual([both, 2]);
    expect(idsOf((await sandbox.get(`/beta${members}`)).body.value)).toEqual(both);
    expect(await sandbox.all(`${members}/microsoft.graph.servicePrincipal`)).toMatchObject([
      { '@odata.type': '#microsoft.graph.servicePrincipal', displayName: 'Storage' },
    ]);
  });

  it('are added and removed; applications are not', async () => {
    const sandbox = await startApps();
    const members = `/groups/${ids.security}/members`;
    const add = (objectId: string) => sandbox.call('POST', `${members}/$ref`, { '@odata.id': ref(objectId) });
    expect((await add(apps.homePrincipal)).status).toBe(204);
    expect(idsOf((await sandbox.get(`${home}/memberOf`)).body.value)).toEqual([ids.security]);
    expect((await add(apps.home)).status).toBe(404);
    expect((await sandbox.call('DELETE', `${members}/${apps.homePrincipal}/$ref`)).status).toBe(204);
    expect(await sandbox.all(`${home}/memberOf`)).toEqual([]);
  });
});
