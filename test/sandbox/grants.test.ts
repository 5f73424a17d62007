import { describe, expect, it } from 'vitest';
import { applicationSeed, apps, assignmentId, defaultAccess, grantId, roleId } from './application-support.js';
import { errorOf, eventual, id, ids, type Json, start } from './support.js';

const startApps = () => start(applicationSeed);
const assignedTo = `/servicePrincipals/${apps.homePrincipal}/appRoleAssignedTo`;
const ofAda = `/users/${ids.ada}/appRoleAssignments`;
const toBob: Json = { principalId: ids.bob, resourceId: apps.homePrincipal, appRoleId: roleId };

describe('app role assignments', () => {
  it('are found from both ends', async () => {
    const sandbox = await startApps();
    const expected = {
      id: assignmentId,
      deletedDateTime: null,
      appRoleId: roleId,
      createdDateTime: '2026-01-01T00:00:00Z',
      principalDisplayName: 'ada',
      principalId: ids.ada,
      principalType: 'User',
      resourceDisplayName: 'Payroll',
      resourceId: apps.homePrincipal,
    };
    expect((await sandbox.get(assignedTo)).body).toEqual({
      '@odata.context': `${sandbox.url}/v1.0/$metadata#servicePrincipals('${apps.homePrincipal}')/appRoleAssignedTo`,
      value: [expected],
    });
    expect(await sandbox.all(ofAda)).toEqual([expected]);
    expect((await sandbox.get(`${ofAda}/${assignmentId}`)).body).toMatchObject(expected);
    expect((await sandbox.get(`${ofAda}/${assignmentId.toLowerCase()}`)).status).toBe(404);
    expect(await sandbox.all(`/servicePrincipals/${apps.homePrincipal}/appRoleAssignments`)).toEqual([]);
    expect((await sandbox.get(`/users/${id('a', 77)}/appRoleAssignments`)).status).toBe(404);
  });

  it.each([
    ['the resource', assignedTo, ids.bob, 'User'],
    ['a user', `/users/${ids.bob}/appRoleAssignments`, ids.bob, 'User'],
    ['a group', `/groups/${ids.security}/appRoleAssignments`, ids.security, 'Group'],
    ['a service principal', `/servicePrincipals/${apps.managed}/appRoleAssignments`, apps.managed, 'ServicePrincipal'],
  ])('are made at %s', async (_, path, principalId, principalType) => {
    const sandbox = await startApps();
    const answer = await sandbox.call('POST', path, { ...toBob, principalId });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      principalId,
      principalType,
      createdDateTime: '2026-11-20T12:00:00Z',
      resourceDisplayName: 'Payroll',
    });
    expect(answer.body.id).toMatch(/^(?=.*[A-Z])(?=.*[a-z])[\w-]{43}$/);
    const assigned = `${path}/${String(answer.body.id)}`;
    expect((await sandbox.get(assigned)).status).toBe(200);
    expect((await sandbox.call('PATCH', assigned, {})).status).toBe(405);
    expect((await sandbox.call('DELETE', assigned)).status).toBe(204);
    expect((await sandbox.get(assigned)).status).toBe(404);
  });

  it('come in pages', async () => {
    const sandbox = await startApps();
    for (const principalId of [ids.bob, ids.security, apps.managed])
      await sandbox.call('POST', assignedTo, { ...toBob, principalId });
    expect((await sandbox.get(`${assignedTo}?$top=2`)).body['@odata.nextLink']).toBeDefined();
    const principals = (await sandbox.all(`${assignedTo}?$top=2`)).map((each) => each.principalId);
    expect(principals.sort()).toEqual([ids.ada, ids.bob, ids.security, apps.managed].sort());
    expect((await sandbox.get(`${assignedTo}?$count=true&$top=1`, eventual)).body['@odata.count']).toBe(4);
    const filtered = await sandbox.all(`${ofAda}?$filter=resourceId eq ${apps.homePrincipal}`);
    expect(filtered).toHaveLength(1);
  });

  it('may give access without a role', async () => {
    const sandbox = await startApps();
    expect((await sandbox.call('POST', assignedTo, { ...toBob, appRoleId: defaultAccess })).status).toBe(201);
  });

  const foreign = `/servicePrincipals/${apps.foreignPrincipal}/appRoleAssignedTo`;
  it.each<[string, string, Json, number, string]>([
    [
      'twice',
      assignedTo,
      { ...toBob, principalId: ids.ada },
      400,
      'Permission being assigned already exists on the object',
    ],
    ['of an unknown role', assignedTo, { ...toBob, appRoleId: id('9', 66) }, 400, 'was not found on application'],
    [
      'of a disabled role',
      foreign,
      { ...toBob, resourceId: apps.foreignPrincipal, appRoleId: id('9', 4) },
      400,
      'was not found on application',
    ],
    ['to a deleted user', assignedTo, { ...toBob, principalId: ids.binned }, 404, 'does not exist'],
    ['to an application', assignedTo, { ...toBob, principalId: apps.home }, 404, 'does not exist'],
    ['at another resource', foreign, toBob, 400, "property 'resourceId'"],
    ['at another user', ofAda, toBob, 400, "property 'principalId'"],
    [
      'without a role',
      assignedTo,
      { principalId: ids.bob, resourceId: apps.homePrincipal },
      400,
      "property 'appRoleId'",
    ],
  ])('are refused %s', async (_, path, body, status, words) => {
    const sandbox = await startApps();
    const answer = errorOf(await sandbox.call('POST', path, body));
    expect([answer[0], answer[2]]).toEqual([status, expect.stringContaining(words)]);
  });

  it('come and go with their principal', async () => {
    const sandbox = await startApps();
    await sandbox.call('DELETE', `/users/${ids.ada}`);
    expect(await sandbox.all(assignedTo)).toEqual([]);
    expect((await sandbox.get(`${assignedTo}/${assignmentId}`)).status).toBe(404);
    await sandbox.call('POST', `/directory/deletedItems/${ids.ada}/restore`);
    expect(await sandbox.all(assignedTo)).toHaveLength(1);
    await sandbox.call('DELETE', `/users/${ids.ada}`);
    await sandbox.call('DELETE', `/directory/deletedItems/${ids.ada}`);
    expect(await sandbox.all(assignedTo)).toEqual([]);
  });

  it('survive a restart', async () => {
    const first = await startApps();
    const { body } = await first.call('POST', assignedTo, toBob);
    await first.call('DELETE', `${ofAda}/${assignmentId}`);
    await first.close();
    const second = await start(applicationSeed, { dataDir: first.dataDir });
    expect((await second.all(assignedTo)).map((each) => each.id)).toEqual([body.id]);
  });
});

describe('delegated permission grants', () => {
  const grants = '/oauth2PermissionGrants';
  const forBob: Json = {
    clientId: apps.homePrincipal,
    consentType: 'Principal',
    principalId: ids.bob,
    resourceId: apps.foreignPrincipal,
    scope: 'Files.Read',
  };

  it('are listed, filtered and read', async () => {
    const sandbox = await startApps();
    expect(await sandbox.all(`${grants}?$top=1`)).toHaveLength(2);
    for (const filter of [
      "consentType eq 'AllPrincipals'",
      `clientId eq '${apps.homePrincipal}' and consentType eq 'AllPrincipals' and resourceId eq '${apps.foreignPrincipal}'`,
    ])
      expect((await sandbox.all(`${grants}?$filter=${filter}`)).map((each) => each.id)).toEqual([grantId]);
    expect(await sandbox.all(`${grants}?$filter=principalId eq '${ids.ada}'`)).toMatchObject([{ scope: 'Files.Read' }]);
    expect((await sandbox.get(`${grants}?$filter=scope eq 'x'`)).status).toBe(400);
    expect((await sandbox.get(`${grants}/${grantId}`)).body).toEqual({
      '@odata.context': `${sandbox.url}/v1.0/$metadata#oauth2PermissionGrants/$entity`,
      id: grantId,
      clientId: apps.homePrincipal,
      consentType: 'AllPrincipals',
      principalId: null,
      resourceId: apps.foreignPrincipal,
      scope: 'User.Read openid',
    });
    expect(await sandbox.all(`/servicePrincipals/${apps.homePrincipal}/oauth2PermissionGrants`)).toHaveLength(2);
    expect(await sandbox.all(`/servicePrincipals/${apps.foreignPrincipal}/oauth2PermissionGrants`)).toEqual([]);
    expect(await sandbox.all(`/users/${ids.ada}/oauth2PermissionGrants`)).toHaveLength(1);
  });

  it('are made, changed and removed', async () => {
    const sandbox = await startApps();
    const { status, body } = await sandbox.call('POST', grants, forBob);
    expect([status, body.scope]).toEqual([201, 'Files.Read']);
    const path = `${grants}/${String(body.id)}`;
    expect((await sandbox.call('PATCH', path, { scope: 'Files.Read Mail.Read' })).status).toBe(204);
    expect((await sandbox.get(path)).body).toMatchObject({ ...forBob, scope: 'Files.Read Mail.Read' });
    expect((await sandbox.call('PATCH', path, { consentType: 'AllPrincipals' })).status).toBe(400);
    expect((await sandbox.call('PATCH', path, { scope: 'x'.repeat(3851) })).status).toBe(400);
    expect((await sandbox.call('DELETE', path)).status).toBe(204);
    expect((await sandbox.get(path)).status).toBe(404);
  });

  it.each<[string, Json, number]>([
    ['that is there', { ...forBob, consentType: 'AllPrincipals', principalId: null }, 409],
    ['that is there for the user', { ...forBob, principalId: ids.ada }, 409],
    ['without scope', { ...forBob, scope: null }, 400],
    ['without client', { ...forBob, clientId: undefined }, 400],
    ['for one user without user', { ...forBob, principalId: null }, 400],
    ['for all with a user', { ...forBob, consentType: 'AllPrincipals' }, 400],
    ['with another consent type', { ...forBob, consentType: 'Everyone' }, 400],
    ['of an unknown client', { ...forBob, clientId: id('f', 99) }, 404],
  ])('are refused: one %s', async (_, body, status) => {
    const sandbox = await startApps();
    expect((await sandbox.call('POST', grants, body)).status).toBe(status);
  });

  it('of a user come and go with the user', async () => {
    const sandbox = await startApps();
    await sandbox.call('DELETE', `/users/${ids.ada}`);
    expect(await sandbox.all(grants)).toHaveLength(1);
    expect((await sandbox.get(`${grants}/GrantOfAda-Ef_3`)).status).toBe(404);
    await sandbox.call('POST', `/directory/deletedItems/${ids.ada}/restore`);
    expect(await sandbox.all(grants)).toHaveLength(2);
    await sandbox.call('DELETE', `/users/${ids.ada}`);
    await sandbox.call('DELETE', `/directory/deletedItems/${ids.ada}`);
    expect(await sandbox.all(grants)).toHaveLength(1);
  });
});
