import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorOf, id, ids, type Json, start, temporaryFolder, tenantId } from './support.js';

const authorization = '/policies/authorizationPolicy';

describe('the authorization policy', () => {
  it('is one object with everything it has', async () => {
    const sandbox = await start();
    const { status, body } = await sandbox.get(authorization);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      '@odata.context': `${sandbox.url}/v1.0/$metadata#policies/authorizationPolicy/$entity`,
      id: 'authorizationPolicy',
      allowedToUseSSPR: true,
      guestUserRoleId: '10dae51f-b6af-4016-8d66-8c2a99b929b3',
      defaultUserRolePermissions: { allowedToCreateApps: true, permissionGrantPoliciesAssigned: [expect.any(String)] },
    });
    expect((await sandbox.get(`${authorization}?$select=id,allowInvitesFrom`)).body).toEqual({
      '@odata.context': `${sandbox.url}/v1.0/$metadata#policies/authorizationPolicy(id,allowInvitesFrom)/$entity`,
      id: 'authorizationPolicy',
      allowInvitesFrom: 'adminsAndGuestInviters',
    });
  });

  it('is updated; the permissions of the default user are merged member by member', async () => {
    const sandbox = await start();
    const answer = await sandbox.call('PATCH', authorization, {
      allowInvitesFrom: 'none',
      defaultUserRolePermissions: { allowedToCreateApps: false, permissionGrantPoliciesAssigned: [] },
    });
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect((await sandbox.get(authorization)).body).toMatchObject({
      allowInvitesFrom: 'none',
      allowedToUseSSPR: true,
      defaultUserRolePermissions: {
        allowedToCreateApps: false,
        allowedToCreateSecurityGroups: true,
        allowedToReadOtherUsers: true,
        permissionGrantPoliciesAssigned: [],
      },
    });
  });

  it.each<[string, Json]>([
    ['an unknown property', { mood: 'good' }],
    ['an unknown member', { defaultUserRolePermissions: { allowedToDance: true } }],
    ['a wrong type', { allowedToUseSSPR: 'yes' }],
    ['an unknown value', { allowInvitesFrom: 'somebody' }],
    ['the placeholder for unknown values', { allowInvitesFrom: 'unknownFutureValue' }],
    ['a role no guest can have', { guestUserRoleId: id('e', 1) }],
    ['a policy without its prefix', { defaultUserRolePermissions: { permissionGrantPoliciesAssigned: ['low'] } }],
    ['null for what must have a value', { defaultUserRolePermissions: null }],
    ['its id', { id: 'authorizationPolicy' }],
  ])('refuses %s', async (_, body) => {
    const sandbox = await start();
    const before = (await sandbox.get(authorization)).body;
    expect(errorOf(await sandbox.call('PATCH', authorization, body)).slice(0, 2)).toEqual([400, 'Request_BadRequest']);
    expect((await sandbox.get(authorization)).body).toEqual(before);
  });

  it('is only read and updated, and only in v1.0', async () => {
    const sandbox = await start();
    expect((await sandbox.call('DELETE', authorization)).status).toBe(405);
    expect((await sandbox.call('POST', authorization, {})).status).toBe(405);
    expect(errorOf(await sandbox.get(`/beta${authorization}`))).toEqual([
      400,
      'BadRequest',
      "Resource not found for the segment 'authorizationPolicy'.",
    ]);
    expect((await sandbox.get(`${authorization}/authorizationPolicy`)).status).toBe(400);
  });
});

describe('the organization', () => {
  const path = `/organization/${tenantId}`;

  it('is listed and read with the name and the domains of the tenant', async () => {
    const sandbox = await start();
    const { body } = await sandbox.get('/organization');
    const [item] = body.value as [Json];
    expect(body.value).toHaveLength(1);
    expect(item).toMatchObject({
      id: tenantId,
      displayName: 'Contoso',
      verifiedDomains: [
        { name: 'contoso.com', isDefault: true },
        { name: 'fabrikam.com', isDefault: false },
      ],
      technicalNotificationMails: [],
      privacyProfile: null,
    });
    expect((await sandbox.get(path)).body).toEqual({
      '@odata.context': `${sandbox.url}/v1.0/$metadata#organization/$entity`,
      ...item,
    });
    expect((await sandbox.get(`/organization/${id('e', 1)}`)).status).toBe(404);
  });

  it('takes the addresses and the privacy profile', async () => {
    const sandbox = await start();
    const written = {
      marketingNotificationEmails: ['news@contoso.com'],
      technicalNotificationMails: ['it@contoso.com', 'ops@contoso.com'],
      securityComplianceNotificationMails: ['soc@contoso.com'],
      securityComplianceNotificationPhones: ['+49 30 1234'],
      privacyProfile: { contactEmail: 'privacy@contoso.com', statementUrl: 'https://contoso.com/privacy' },
    };
    expect((await sandbox.call('PATCH', path, written)).status).toBe(204);
    expect((await sandbox.get(path)).body).toMatchObject({ ...written, displayName: 'Contoso' });
    expect((await sandbox.call('PATCH', path, { technicalNotificationMails: [], privacyProfile: null })).status).toBe(
      204,
    );
    expect((await sandbox.get(path)).body).toMatchObject({
      ...written,
      technicalNotificationMails: [],
      privacyProfile: null,
    });
  });

  it.each<[string, Json]>([
    ['its name', { displayName: 'Fabrikam' }],
    ['its domains', { verifiedDomains: [] }],
    ['its address', { city: 'Berlin' }],
    ['an unknown property', { strongAuthenticationPolicy: {} }],
    ['text for a list', { technicalNotificationMails: 'it@contoso.com' }],
    ['null for a list', { technicalNotificationMails: null }],
    ['an address that is none', { privacyProfile: { contactEmail: 'nobody' } }],
    ['a page that is no URL', { privacyProfile: { statementUrl: 'contoso.com' } }],
  ])('refuses %s', async (_, body) => {
    const sandbox = await start();
    expect((await sandbox.call('PATCH', path, body)).status).toBe(400);
    expect((await sandbox.get(path)).body).toMatchObject({ displayName: 'Contoso', technicalNotificationMails: [] });
  });

  it('is not created or deleted', async () => {
    const sandbox = await start();
    expect((await sandbox.call('DELETE', path)).status).toBe(405);
    expect((await sandbox.call('POST', '/organization', {})).status).toBe(405);
    expect((await sandbox.call('PATCH', `/organization/${id('e', 1)}`, {})).status).toBe(404);
  });
});

describe('per-user multifactor authentication', () => {
  const path = (user: string) => `/beta/users/${user}/authentication/requirements`;

  it('is off until it is set', async () => {
    const sandbox = await start();
    expect((await sandbox.get(path(ids.ada))).body).toEqual({
      '@odata.context': `${sandbox.url}/beta/$metadata#users('${ids.ada}')/authentication/requirements`,
      perUserMfaState: 'disabled',
    });
    const answer = await sandbox.call('PATCH', path('ada@contoso.com'), { perUserMfaState: 'enforced' });
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect((await sandbox.get(path(ids.ada))).body.perUserMfaState).toBe('enforced');
    expect((await sandbox.get(path(ids.bob))).body.perUserMfaState).toBe('disabled');
  });

  it('stays with a user who is deleted and restored, and shows in no other answer', async () => {
    const sandbox = await start();
    await sandbox.call('PATCH', path(ids.ada), { perUserMfaState: 'enabled' });
    expect((await sandbox.get(`/users/${ids.ada}`)).text).not.toMatch(/perUserMfaState/);
    expect((await sandbox.get(`/users/${ids.ada}?$select=perUserMfaState`)).status).toBe(400);
    expect((await sandbox.call('PATCH', `/users/${ids.ada}`, { perUserMfaState: 'disabled' })).status).toBe(400);
    await sandbox.call('DELETE', `/users/${ids.ada}`);
    expect((await sandbox.get(path(ids.ada))).status).toBe(404);
    const restored = await sandbox.call('POST', `/directory/deletedItems/${ids.ada}/restore`);
    expect(restored.text).not.toMatch(/perUserMfaState/);
    expect((await sandbox.get(path(ids.ada))).body.perUserMfaState).toBe('enabled');
  });

  it.each<[string, Json]>([
    ['an unknown state', { perUserMfaState: 'on' }],
    ['the placeholder for unknown states', { perUserMfaState: 'unknownFutureValue' }],
    ['null', { perUserMfaState: null }],
    ['nothing', {}],
    ['another property', { perUserMfaState: 'enabled', mood: 'good' }],
  ])('refuses %s', async (_, body) => {
    const sandbox = await start();
    expect((await sandbox.call('PATCH', path(ids.ada), body)).status).toBe(400);
    expect((await sandbox.get(path(ids.ada))).body.perUserMfaState).toBe('disabled');
  });

  it('is read and set in a batch of the beta version', async () => {
    const sandbox = await start();
    const url = `/users/${ids.ada}/authentication/requirements`;
    const headers = { 'Content-Type': 'application/json' };
    const requests = [
      { id: '1', method: 'PATCH', url, headers, body: { perUserMfaState: 'enabled' } },
      { id: '2', method: 'GET', url, dependsOn: ['1'] },
    ];
    const { body } = await sandbox.call('POST', '/beta/$batch', { requests });
    expect((body.responses as Json[]).sort((a, b) => Number(a.id) - Number(b.id))).toMatchObject([
      { status: 204 },
      { status: 200, body: { perUserMfaState: 'enabled' } },
    ]);
  });

  it('comes from a state folder', async () => {
    const from = temporaryFolder();
    const dataDir = join(temporaryFolder(), 'data');
    mkdirSync(join(from, 'users'));
    writeFileSync(join(from, 'users', `${ids.bob}.yaml`), 'displayName: Bob\nperUserMfaState: enforced\n');
    const sandbox = await start(undefined, { dataDir, from });
    expect((await sandbox.get(path(ids.bob))).body.perUserMfaState).toBe('enforced');
    expect((await sandbox.get(`/users/${ids.bob}`)).text).not.toMatch(/perUserMfaState/);
  });

  it('is there for users who exist, and in beta only', async () => {
    const sandbox = await start();
    expect((await sandbox.get(path(id('e', 1)))).status).toBe(404);
    expect((await sandbox.call('PATCH', path(ids.binned), { perUserMfaState: 'enabled' })).status).toBe(404);
    for (const method of ['GET', 'PATCH']) {
      const answer = await sandbox.call(
        method,
        `/users/${ids.ada}/authentication/requirements`,
        method === 'GET' ? undefined : { perUserMfaState: 'enabled' },
      );
      expect(errorOf(answer)).toEqual([400, 'BadRequest', "Resource not found for the segment 'requirements'."]);
    }
  });
});

it('keeps the settings when the sandbox starts again', async () => {
  const first = await start();
  await first.call('PATCH', authorization, { allowInvitesFrom: 'everyone' });
  await first.call('PATCH', `/organization/${tenantId}`, { technicalNotificationMails: ['it@contoso.com'] });
  await first.call('PATCH', `/beta/users/${ids.bob}/authentication/requirements`, { perUserMfaState: 'enforced' });
  await first.close();
  const second = await start(undefined, { dataDir: first.dataDir });
  expect((await second.get(authorization)).body.allowInvitesFrom).toBe('everyone');
  expect((await second.get(`/organization/${tenantId}`)).body.technicalNotificationMails).toEqual(['it@contoso.com']);
  expect((await second.get(`/beta/users/${ids.bob}/authentication/requirements`)).body.perUserMfaState).toBe(
    'enforced',
  );
});
