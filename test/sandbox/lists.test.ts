/** What lists of members leave out: service principals, deleted members, hidden memberships. */
import { describe, expect, it } from 'vitest';
import { callerSets } from '../../src/sandbox/quirks/callers.js';
import type { TenantSeed } from '../../src/sandbox/seed.js';
import { writeToken } from '../../src/sandbox/tokens.js';
import { errorOf, eventual, group, id, ids, idsOf, type Json, seed, start, startTime, tenantId } from './support.js';

const robot = id('e', 1);
const [mixed, secret] = [id('b', 7), id('b', 8)];
const tenant: TenantSeed = {
  ...seed,
  objects: [
    ...seed.objects,
    { collection: 'servicePrincipals', object: { id: robot, appId: id('e', 2), displayName: 'App' } },
    group(mixed, 'mixed', {}, [ids.ada, ids.binned, robot]),
    group(secret, 'secret', { visibility: 'HiddenMembership' }, [ids.ada]),
  ],
};

function having(...permissions: string[]): Record<string, string> {
  const { appId } = callerSets.reader;
  const now = new Date(startTime);
  return {
    Authorization: `Bearer ${writeToken({ tenantId, appId, permissions, roles: [], now, lifetimeSeconds: 60 })}`,
  };
}

describe('service principals among members', () => {
  it.each<[string, Record<string, string>, string[]]>([
    [`/groups/${mixed}/members`, {}, [ids.ada]],
    [`/groups/${mixed}/members?$count=true`, eventual, [ids.ada, robot]],
    [`/beta/groups/${mixed}/members`, {}, [ids.ada, robot]],
    [`/groups/${mixed}/members/microsoft.graph.servicePrincipal`, {}, [robot]],
  ])('%s', async (path, headers, members) => {
    const sandbox = await start(tenant);
    expect(idsOf(await sandbox.all(path, headers))).toEqual(members);
  });
});

describe('deleted members', () => {
  it.each([
    [false, [ids.ada, robot]],
    [true, [ids.ada, ids.binned, robot]],
  ])('are in lists and in a first synchronization, when told so: %s', async (listDeletedMembers, members) => {
    const sandbox = await start(tenant, { behaviour: { listDeletedMembers } });
    expect(idsOf(await sandbox.all(`/beta/groups/${mixed}/members`))).toEqual(members);
    const count = await sandbox.get(`/groups/${mixed}/members/$count`, eventual);
    expect(count.text).toBe(String(members.length));
    const groups = (await sandbox.get('/beta/groups/delta?$select=members')).body.value as Json[];
    expect(idsOf(groups.find((each) => each.id === mixed)?.['members@delta'])).toEqual(members);
    // They stay members either way.
    await sandbox.call('POST', `/directory/deletedItems/${ids.binned}/restore`);
    expect(idsOf(await sandbox.all(`/groups/${mixed}/members`))).toEqual([ids.ada, ids.binned]);
  });
});

describe('hidden memberships', () => {
  const members = `/groups/${secret}/members`;

  it('are shown to who may read them', async () => {
    const sandbox = await start(tenant);
    for (const headers of [{}, having('Group.Read.All', 'User.Read.All', 'Member.Read.Hidden')])
      expect(idsOf(await sandbox.all(members, headers))).toEqual([ids.ada]);
  });

  it('are denied to everybody else, and left out of change tracking', async () => {
    const sandbox = await start(tenant);
    const caller = having('Group.Read.All', 'User.Read.All');
    const denied = [403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.'];
    expect(errorOf(await sandbox.get(members, caller))).toEqual(denied);
    expect(errorOf(await sandbox.get(`${members}/microsoft.graph.user`, caller))).toEqual(denied);
    expect((await sandbox.get(`/groups/${mixed}/members`, caller)).status).toBe(200);
    const groups = (await sandbox.get('/groups/delta', caller)).body.value as Json[];
    expect(groups.find((each) => each.id === secret)).not.toHaveProperty('members@delta');
    expect(groups.find((each) => each.id === mixed)).toHaveProperty('members@delta');
  });

  it('read as empty where the sandbox is told so', async () => {
    const sandbox = await start(tenant, { behaviour: { hiddenMembers: 'empty' } });
    const answer = await sandbox.get(members, having('Group.Read.All', 'User.Read.All'));
    expect([answer.status, answer.body.value]).toEqual([200, []]);
  });
});
