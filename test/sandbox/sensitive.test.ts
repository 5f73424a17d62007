import { describe, expect, it } from 'vitest';
import type { TenantSeed } from '../../src/sandbox/seed.js';
import { applicationSeed, apps } from './application-support.js';
import { errorOf, id, ids, type Json, start } from './support.js';

const assignment = (key: string, principalId: string) => ({
  collection: 'roleAssignments' as const,
  object: { id: key, principalId, roleDefinitionId: id('8', 1), directoryScopeId: '/' },
});

/** Ada has a role herself, Bob through a group; nobody else has one. */
const tenant: TenantSeed = {
  ...applicationSeed,
  objects: [
    ...applicationSeed.objects,
    assignment('AdaRole-1', ids.ada),
    assignment('ReadersRole-2', apps.readers),
    assignment('SecurityRole-3', ids.security),
  ],
};
const operator = { Authorization: 'Bearer operator' };
const denied = [403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.'];

describe('a caller without a directory role', () => {
  it.each<[string, string, Json]>([
    ['directly', ids.ada, { accountEnabled: false }],
    ['directly', ids.ada, { department: 'x', businessPhones: [] }],
    ['through a group', ids.bob, { mobilePhone: '1' }],
    ['through a group', ids.bob, { otherMails: [] }],
    ['directly', ids.ada, { userPrincipalName: 'x@contoso.com' }],
    ['directly', ids.ada, { passwordProfile: { password: 'x' } }],
    ['directly', ids.ada, { onPremisesImmutableId: 'x' }],
  ])('cannot change, of a user with a role (%s), %s %j', async (_, userId, body) => {
    const sandbox = await start(tenant);
    expect(errorOf(await sandbox.call('PATCH', `/users/${userId}`, body, operator))).toEqual(denied);
    expect((await sandbox.call('PATCH', `/users/${userId}`, body)).status).toBe(204);
  });

  it('can change everything else', async () => {
    const sandbox = await start(tenant);
    expect((await sandbox.call('PATCH', `/users/${ids.ada}`, { department: 'x' }, operator)).status).toBe(204);
    await sandbox.call('POST', `/directory/deletedItems/${ids.binned}/restore`, undefined, operator);
    // A group that cannot hold roles gives none, whatever it is assigned.
    expect((await sandbox.call('PATCH', `/users/${ids.binned}`, { accountEnabled: false }, operator)).status).toBe(204);
    expect((await sandbox.call('DELETE', `/users/${ids.binned}`, undefined, operator)).status).toBe(204);
  });

  it('cannot delete or restore such a user', async () => {
    const sandbox = await start(tenant);
    const two = { Authorization: 'Bearer operator-2' };
    expect(errorOf(await sandbox.call('DELETE', `/users/${ids.ada}`, undefined, two))).toEqual(denied);
    const member = `/groups/${ids.security}/members/${ids.ada}`;
    expect(errorOf(await sandbox.call('DELETE', member, undefined, operator))).toEqual(denied);
    expect((await sandbox.call('DELETE', `/users/${ids.ada}`)).status).toBe(204);
    const restore = `/directory/deletedItems/${ids.ada}/restore`;
    expect(errorOf(await sandbox.call('POST', restore, undefined, operator))).toEqual(denied);
    expect((await sandbox.call('POST', restore)).status).toBe(200);
  });

  it('cannot do it in a batch either', async () => {
    const sandbox = await start(tenant);
    const item = {
      id: '1',
      method: 'PATCH',
      url: `/users/${ids.ada}`,
      headers: { 'Content-Type': 'application/json', Authorization: 'Bearer any' },
      body: { accountEnabled: false },
    };
    const { body } = await sandbox.call('POST', '/$batch', { requests: [item] }, operator);
    expect(body.responses).toMatchObject([{ status: 403 }]);
  });

  it('leaves no token in the log', async () => {
    const sandbox = await start(tenant);
    await sandbox.call('DELETE', `/users/${ids.ada}`, undefined, { Authorization: 'Bearer operator-hidden' });
    expect(JSON.stringify(sandbox.requests())).not.toContain('hidden');
  });
});
