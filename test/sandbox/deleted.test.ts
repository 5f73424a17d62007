import { describe, expect, it } from 'vitest';
import { errorOf, ids, idsOf, type Json, start } from './support.js';

const day = 24 * 60 * 60 * 1000;

describe('soft delete', () => {
  it('moves users to the recycle bin, where they keep everything', async () => {
    const sandbox = await start();
    expect((await sandbox.call('DELETE', `/users/${ids.ada}`)).status).toBe(204);
    expect((await sandbox.get(`/users/${ids.ada}`)).status).toBe(404);
    expect((await sandbox.get('/users/ada@contoso.com')).status).toBe(404);
    const list = await sandbox.all(
      '/directory/deletedItems/microsoft.graph.user?$select=id,department,deletedDateTime',
    );
    expect(list).toContainEqual({ id: ids.ada, department: 'Finance', deletedDateTime: '2026-11-20T12:00:00Z' });
    expect((await sandbox.get(`/directory/deletedItems/${ids.ada}`)).body).toMatchObject({
      '@odata.type': '#microsoft.graph.user',
      deletedDateTime: '2026-11-20T12:00:00Z',
    });
    expect((await sandbox.call('DELETE', `/users/${ids.ada}`)).status).toBe(404);
  });

  it('says since when, without being asked', async () => {
    const sandbox = await start();
    const { body } = await sandbox.get('/directory/deletedItems/microsoft.graph.user');
    expect(body.value).toMatchObject([{ id: ids.binned, deletedDateTime: '2026-11-01T00:00:00Z' }]);
    expect((await sandbox.get(`/directory/deletedItems/${ids.binned}?$select=id`)).body).not.toHaveProperty(
      'deletedDateTime',
    );
  });

  it('needs the cast', async () => {
    const sandbox = await start();
    expect((await sandbox.get('/directory/deletedItems')).status).toBe(400);
    expect((await sandbox.get('/directory/deletedItems/microsoft.graph.device')).status).toBe(400);
  });

  it('pages and filters the recycle bin', async () => {
    const sandbox = await start();
    await sandbox.call('DELETE', `/users/${ids.ada}`);
    expect(idsOf(await sandbox.all('/directory/deletedItems/microsoft.graph.user?$top=1'))).toEqual([
      ids.ada,
      ids.binned,
    ]);
    expect(
      idsOf(await sandbox.all("/directory/deletedItems/microsoft.graph.user?$filter=startsWith(displayName,'ad')")),
    ).toEqual([ids.ada]);
  });

  it('shows security groups as not security-enabled while they are deleted', async () => {
    const sandbox = await start();
    await sandbox.call('DELETE', `/groups/${ids.security}`);
    expect((await sandbox.get(`/directory/deletedItems/${ids.security}`)).body.securityEnabled).toBe(false);
    expect(
      (await sandbox.get('/directory/deletedItems/microsoft.graph.group?$select=id,securityEnabled')).body.value,
    ).toEqual([{ id: ids.security, securityEnabled: false }]);
    await sandbox.call('POST', `/directory/deletedItems/${ids.security}/restore`);
    expect((await sandbox.get(`/groups/${ids.security}`)).body.securityEnabled).toBe(true);
  });

  it.each([
    ['distribution lists', ids.distribution],
    ['synced groups', ids.syncedGroup],
  ])('deletes %s for good', async (_, groupId) => {
    const sandbox = await start();
    expect((await sandbox.call('DELETE', `/groups/${groupId}`)).status).toBe(204);
    expect((await sandbox.get(`/directory/deletedItems/${groupId}`)).status).toBe(404);
  });
});

describe('restore', () => {
  it('answers 200 with the object, which is live again with its memberships', async () => {
    const sandbox = await start();
    const answer = await sandbox.call('POST', `/directory/deletedItems/${ids.binned}/restore`);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      '@odata.context': `${sandbox.url}/v1.0/$metadata#directoryObjects/$entity`,
      '@odata.type': '#microsoft.graph.user',
      id: ids.binned,
    });
    expect((await sandbox.get('/users/binned@contoso.com?$select=id,deletedDateTime')).body).toMatchObject({
      id: ids.binned,
      deletedDateTime: null,
    });
    expect(idsOf((await sandbox.get(`/groups/${ids.security}/members`)).body.value)).toEqual([ids.ada, ids.binned]);
    expect(errorOf(await sandbox.call('POST', `/directory/deletedItems/${ids.binned}/restore`)).slice(0, 2)).toEqual([
      404,
      'Request_ResourceNotFound',
    ]);
  });

  it('refuses a user principal name that is taken, unless a new one is given', async () => {
    const sandbox = await start();
    await sandbox.call('PATCH', `/users/${ids.ada}`, { userPrincipalName: 'binned@contoso.com' });
    const path = `/directory/deletedItems/${ids.binned}/restore`;
    const message = 'Another object with the same value for property userPrincipalName already exists.';
    const refused = await sandbox.call('POST', path);
    expect(errorOf(refused)).toEqual([400, 'Request_BadRequest', message]);
    expect((refused.body.error as Json).details).toEqual([
      { code: 'ObjectConflict', message, target: 'userPrincipalName' },
    ]);
    expect((await sandbox.get(`/directory/deletedItems/${ids.binned}`)).status).toBe(200);
    expect(errorOf(await sandbox.call('POST', path, { newUserPrincipalName: 'x@evil.example' }))[0]).toBe(400);
    const restored = await sandbox.call('POST', path, { newUserPrincipalName: 'again@contoso.com' });
    expect([restored.status, restored.body.userPrincipalName]).toEqual([200, 'again@contoso.com']);
    expect((await sandbox.get('/users/again@contoso.com?$select=identities')).body.identities).toMatchObject([
      { issuerAssignedId: 'again@contoso.com' },
    ]);
  });

  it('refuses a mail address that is taken, unless it may be dropped', async () => {
    const sandbox = await start();
    await sandbox.call('DELETE', `/users/${ids.ada}`);
    await sandbox.call('PATCH', `/users/${ids.bob}`, { mail: 'ada@contoso.com' });
    const path = `/directory/deletedItems/${ids.ada}/restore`;
    expect(errorOf(await sandbox.call('POST', path))[2]).toBe(
      'Another object with the same value for property proxyAddresses already exists.',
    );
    expect((await sandbox.call('POST', path, { autoReconcileProxyConflict: true })).status).toBe(200);
    expect((await sandbox.get(`/users/${ids.ada}?$select=mail,proxyAddresses`)).body).toMatchObject({
      mail: null,
      proxyAddresses: [],
    });
  });
});

describe('purge', () => {
  it('drops the object and its memberships for good', async () => {
    const sandbox = await start();
    expect((await sandbox.call('DELETE', `/directory/deletedItems/${ids.binned}`)).status).toBe(204);
    expect((await sandbox.get(`/directory/deletedItems/${ids.binned}`)).status).toBe(404);
    expect((await sandbox.call('DELETE', `/directory/deletedItems/${ids.binned}`)).status).toBe(404);
    expect((await sandbox.call('DELETE', `/directory/deletedItems/${ids.ada}`)).status).toBe(404);
  });

  it('happens by itself after 30 days', async () => {
    const sandbox = await start();
    await sandbox.call('DELETE', `/users/${ids.ada}`);
    await sandbox.call('DELETE', `/groups/${ids.security}`);
    sandbox.advance(30 * day - 1);
    expect(idsOf(await sandbox.all('/directory/deletedItems/microsoft.graph.user'))).toEqual([ids.ada]);
    sandbox.advance(1);
    expect(await sandbox.all('/directory/deletedItems/microsoft.graph.user')).toEqual([]);
    expect((await sandbox.call('POST', `/directory/deletedItems/${ids.security}/restore`)).status).toBe(404);
  });
});
