import { describe, expect, it } from 'vitest';
import type { TenantSeed } from '../../src/sandbox/seed.js';
import { errorOf, group, id, ids, idsOf, type Json, ref, seed, start, user } from './support.js';

const newGroup: Json = { displayName: 'New', mailEnabled: false, mailNickname: 'new', securityEnabled: true };
const unified: Json = { ...newGroup, groupTypes: ['Unified'], mailEnabled: true, securityEnabled: false };
const dynamic: Json = {
  ...newGroup,
  groupTypes: ['DynamicMembership'],
  membershipRule: 'user.city -eq "Bonn"',
  membershipRuleProcessingState: 'On',
};

const exists = "One or more added object references already exist for the following modified properties: 'members'.";
const gone = (objectId: string) =>
  `Resource '${objectId}' does not exist or one of its queried reference-property objects are not present.`;

describe('creating groups', () => {
  it('answers 201 with the group', async () => {
    const sandbox = await start();
    const answer = await sandbox.call('POST', '/groups', newGroup);
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      displayName: 'New',
      groupTypes: [],
      mail: null,
      visibility: null,
      createdDateTime: '2026-11-20T12:00:00Z',
    });
  });

  it('gives Microsoft 365 groups an address and a visibility', async () => {
    const sandbox = await start();
    expect((await sandbox.call('POST', '/groups', unified)).body).toMatchObject({
      mail: 'new@contoso.com',
      proxyAddresses: ['SMTP:new@contoso.com'],
      visibility: 'Public',
    });
    expect(errorOf(await sandbox.call('POST', '/groups', unified))[2]).toBe(
      'Another object with the same value for property mailNickname already exists.',
    );
  });

  it('can bind members at once', async () => {
    const sandbox = await start();
    const { body } = await sandbox.call('POST', '/groups', {
      ...newGroup,
      'members@odata.bind': [ref(ids.ada), ref(ids.bob)],
    });
    expect(idsOf((await sandbox.get(`/groups/${String(body.id)}/members`)).body.value)).toEqual([ids.ada, ids.bob]);
  });

  it.each(['displayName', 'mailEnabled', 'mailNickname', 'securityEnabled'])('requires %s', async (name) => {
    const sandbox = await start();
    const { [name]: _, ...body } = newGroup;
    expect(errorOf(await sandbox.call('POST', '/groups', body))[2]).toBe(
      `A value is required for property '${name}' of resource 'Group'.`,
    );
  });

  it.each<[string, Json]>([
    ['mailEnabled', { ...unified, mailEnabled: false }],
    ['securityEnabled', { ...newGroup, securityEnabled: false }],
    ['groupTypes', { ...newGroup, groupTypes: ['Secret'] }],
    ['membershipRule', { ...newGroup, membershipRule: 'x' }],
    ['membershipRule', { ...dynamic, membershipRule: null }],
    ['membershipRuleProcessingState', { ...dynamic, membershipRuleProcessingState: 'Off' }],
    ['mailNickname', { ...newGroup, mailNickname: 'not a nickname' }],
    ['visibility', { ...newGroup, visibility: 'Secret' }],
    ['visibility', { ...newGroup, isAssignableToRole: true, visibility: 'Public' }],
    ['theme', { ...newGroup, theme: 'Blue' }],
  ])('refuses a wrong %s', async (name, body) => {
    const sandbox = await start();
    expect(errorOf(await sandbox.call('POST', '/groups', body))[2]).toBe(
      `Invalid value specified for property '${name}' of resource 'Group'.`,
    );
  });

  it('binds nothing but members', async () => {
    const sandbox = await start();
    const body = { ...newGroup, 'owners@odata.bind': [ref(ids.ada)] };
    expect(errorOf(await sandbox.call('POST', '/groups', body))[2]).toBe("Invalid property 'owners@odata.bind'.");
  });

  it('makes no mail-enabled security groups', async () => {
    const sandbox = await start();
    expect(errorOf(await sandbox.call('POST', '/groups', { ...newGroup, mailEnabled: true }))[2]).toBe(
      'Cannot Create a mail-enabled security groups and or distribution list.',
    );
  });
});

describe('updating groups', () => {
  it('answers 204 and changes what was sent', async () => {
    const sandbox = await start();
    expect(
      (await sandbox.call('PATCH', `/groups/${ids.security}`, { description: 'text', visibility: 'Private' })).status,
    ).toBe(204);
    expect((await sandbox.get(`/groups/${ids.security}`)).body).toMatchObject({
      description: 'text',
      visibility: 'Private',
    });
  });

  it.each<[string, string, Json]>([
    ['groupTypes', ids.security, { groupTypes: ['Unified'] }],
    ['groupTypes', ids.unified, { groupTypes: [] }],
    ['membershipRule', ids.security, { groupTypes: ['DynamicMembership'], membershipRuleProcessingState: 'On' }],
    ['membershipRule', ids.dynamic, { membershipRule: null }],
    ['mailEnabled', ids.security, { mailEnabled: true }],
    ['securityEnabled', ids.security, { securityEnabled: false }],
    ['visibility', ids.unified, { visibility: 'HiddenMembership' }],
    ['displayName', ids.unified, { displayName: null }],
  ])('refuses a wrong %s', async (name, groupId, body) => {
    const sandbox = await start();
    expect(errorOf(await sandbox.call('PATCH', `/groups/${groupId}`, body))[2]).toBe(
      `Invalid value specified for property '${name}' of resource 'Group'.`,
    );
  });

  it('switches between assigned and dynamic membership', async () => {
    const sandbox = await start();
    const rule = { membershipRule: 'user.city -eq "Bonn"', membershipRuleProcessingState: 'On' };
    expect(
      (await sandbox.call('PATCH', `/groups/${ids.security}`, { groupTypes: ['DynamicMembership'], ...rule })).status,
    ).toBe(204);
    expect((await sandbox.get(`/groups/${ids.security}`)).body).toMatchObject({
      groupTypes: ['DynamicMembership'],
      ...rule,
    });
    expect(
      (
        await sandbox.call('PATCH', `/groups/${ids.security}`, {
          groupTypes: [],
          membershipRule: null,
          membershipRuleProcessingState: null,
        })
      ).status,
    ).toBe(204);
    expect((await sandbox.get(`/groups/${ids.security}`)).body).toMatchObject({ groupTypes: [], membershipRule: null });
  });

  it.each(['mail', 'proxyAddresses', 'isAssignableToRole', 'uniqueName'])('does not change %s', async (name) => {
    const sandbox = await start();
    expect(errorOf(await sandbox.call('PATCH', `/groups/${ids.unified}`, { [name]: null }))[2]).toBe(
      `Property '${name}' is read-only and cannot be set.`,
    );
  });

  it('does not change groups that Exchange or on-premises own', async () => {
    const sandbox = await start();
    expect(errorOf(await sandbox.call('PATCH', `/groups/${ids.syncedGroup}`, { description: 'x' }))[2]).toMatch(
      /on-premises mastered/,
    );
    expect(errorOf(await sandbox.call('PATCH', `/groups/${ids.distribution}`, { description: 'x' }))[2]).toBe(
      'Cannot Update a mail-enabled security groups and or distribution list.',
    );
  });
});

describe('adding members', () => {
  const add = (sandbox: Awaited<ReturnType<typeof start>>, groupId: string, memberId: string) =>
    sandbox.call('POST', `/groups/${groupId}/members/$ref`, { '@odata.id': ref(memberId) });

  it('adds one by reference, once', async () => {
    const sandbox = await start();
    const answer = await add(sandbox, ids.security, ids.bob);
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(idsOf((await sandbox.get(`/groups/${ids.security}/members`)).body.value)).toEqual([ids.ada, ids.bob]);
    expect(errorOf(await add(sandbox, ids.security, ids.bob))).toEqual([400, 'Request_BadRequest', exists]);
  });

  it('refuses what does not exist, is in the recycle bin, or is no reference', async () => {
    const sandbox = await start();
    expect(errorOf(await add(sandbox, ids.security, id('e', 1)))).toEqual([
      404,
      'Request_ResourceNotFound',
      gone(id('e', 1)),
    ]);
    expect(errorOf(await add(sandbox, ids.security, ids.binned))[0]).toBe(404);
    expect(errorOf(await sandbox.call('POST', `/groups/${ids.security}/members/$ref`, { '@odata.id': 'ada' }))).toEqual(
      [400, 'Request_BadRequest', 'Not a valid reference update'],
    );
  });

  it('binds members together with properties, or alone', async () => {
    const sandbox = await start();
    const body = { description: 'both', 'members@odata.bind': [ref(ids.bob), ref(ids.unified)] };
    expect((await sandbox.call('PATCH', `/groups/${ids.security}`, body)).status).toBe(204);
    expect((await sandbox.get(`/groups/${ids.security}`)).body.description).toBe('both');
    expect(
      (await sandbox.call('PATCH', `/groups/${ids.security}`, { 'members@odata.bind': [ref(ids.synced)] })).status,
    ).toBe(204);
    expect(idsOf((await sandbox.get(`/groups/${ids.security}/members`)).body.value)).toEqual([
      ids.ada,
      ids.bob,
      ids.synced,
      ids.unified,
    ]);
  });

  it.each([
    ['one that is a member already', ids.ada, exists],
    ['one that does not exist', id('e', 1), gone(id('e', 1))],
    ['one that is deleted', ids.binned, gone(ids.binned)],
    ['one that is named twice', ids.bob, exists],
  ])('binds all or none: %s', async (_, bad, message) => {
    const sandbox = await start();
    const body = { description: 'no', 'members@odata.bind': [ref(ids.bob), ref(bad)] };
    expect(errorOf(await sandbox.call('PATCH', `/groups/${ids.security}`, body))).toEqual([
      400,
      'Request_BadRequest',
      message,
    ]);
    expect(idsOf((await sandbox.get(`/groups/${ids.security}/members`)).body.value)).toEqual([ids.ada]);
    expect((await sandbox.get(`/groups/${ids.security}`)).body.description).toBeNull();
  });

  it('binds at most 20 at once', async () => {
    const people = Array.from({ length: 21 }, (_, n) => user(id('a', n + 1), `user${n}`));
    const tenant: TenantSeed = { ...seed, objects: [...people, group(ids.security, 'security')] };
    const sandbox = await start(tenant);
    const references = people.map(({ object }) => ref(String(object.id)));
    expect(
      errorOf(await sandbox.call('PATCH', `/groups/${ids.security}`, { 'members@odata.bind': references })).slice(0, 2),
    ).toEqual([400, 'Request_BadRequest']);
    expect(
      (await sandbox.call('PATCH', `/groups/${ids.security}`, { 'members@odata.bind': references.slice(1) })).status,
    ).toBe(204);
  });

  it('refuses members of dynamic, synced and distribution groups, and groups in Microsoft 365 groups', async () => {
    const sandbox = await start();
    expect(errorOf(await add(sandbox, ids.dynamic, ids.ada)).slice(0, 2)).toEqual([400, 'Request_BadRequest']);
    expect(errorOf(await add(sandbox, ids.syncedGroup, ids.ada))[2]).toMatch(/on-premises mastered/);
    expect(errorOf(await add(sandbox, ids.distribution, ids.ada))[2]).toMatch(/^Cannot Update a mail-enabled/);
    expect(errorOf(await add(sandbox, ids.unified, ids.security))[2]).toBe('Not a valid reference update');
    expect(
      (await sandbox.call('PATCH', `/groups/${ids.dynamic}`, { 'members@odata.bind': [ref(ids.ada)] })).status,
    ).toBe(400);
  });
});

describe('removing members', () => {
  it('removes the membership with $ref, once', async () => {
    const sandbox = await start();
    expect((await sandbox.call('DELETE', `/groups/${ids.security}/members/${ids.ada}/$ref`)).status).toBe(204);
    expect((await sandbox.get(`/groups/${ids.security}/members`)).body.value).toEqual([]);
    expect((await sandbox.get(`/users/${ids.ada}`)).status).toBe(200);
    expect(errorOf(await sandbox.call('DELETE', `/groups/${ids.security}/members/${ids.ada}/$ref`))).toEqual([
      400,
      'Request_BadRequest',
      "One or more removed object references do not exist for the following modified properties: 'members'.",
    ]);
    expect((await sandbox.call('DELETE', `/groups/${ids.security}/members/${id('e', 1)}/$ref`)).status).toBe(404);
  });

  it('deletes the member itself without $ref', async () => {
    const sandbox = await start();
    expect((await sandbox.call('DELETE', `/groups/${ids.security}/members/${ids.ada}`)).status).toBe(204);
    expect((await sandbox.get(`/users/${ids.ada}`)).status).toBe(404);
    expect((await sandbox.get(`/directory/deletedItems/${ids.ada}`)).status).toBe(200);
    expect((await sandbox.call('DELETE', `/groups/${ids.security}/members/${ids.bob}`)).status).toBe(404);
  });

  it('refuses dynamic groups', async () => {
    const sandbox = await start();
    expect((await sandbox.call('DELETE', `/groups/${ids.dynamic}/members/${ids.bob}/$ref`)).status).toBe(400);
  });
});
