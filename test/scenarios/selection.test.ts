/** Which backup, which objects, and what happens to what was created since. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { exitOfApply } from '../../src/cli/exit-codes.js';
import { CLUB, LAB, nameOf, numbers, OFFICE, POLICY, person, STAFF, TEAM } from '../support/acme.js';
import { compareTenants } from '../support/raw-reader.mjs';
import { type Scene, sceneForTest, writesIn } from '../support/scene.js';

/** Waits for replication and between attempts are long, and there is nothing to wait for here. */
vi.mock('node:timers/promises', async (original) => ({
  ...(await original<typeof import('node:timers/promises')>()),
  setTimeout: () => Promise.resolve(),
}));

async function backedUp(): Promise<Scene> {
  const scene = await sceneForTest();
  await scene.run.snapshot();
  return scene;
}

async function create(scene: Scene, name: string): Promise<string> {
  const { id } = await scene.graph('POST', '/users', {
    accountEnabled: true,
    displayName: name,
    mailNickname: name,
    userPrincipalName: `${name}@acme.example`,
    passwordProfile: { password: 'x'.repeat(16) },
  });
  return String(id);
}

async function createGroup(scene: Scene, name: string): Promise<string> {
  const body = { displayName: name, mailNickname: name, mailEnabled: false, securityEnabled: true };
  return String((await scene.graph('POST', '/groups', body)).id);
}

async function createLocation(scene: Scene, displayName: string, isTrusted: boolean): Promise<string> {
  const { id } = await scene.graph('POST', '/identity/conditionalAccess/namedLocations', {
    '@odata.type': '#microsoft.graph.ipNamedLocation',
    displayName,
    isTrusted,
    ipRanges: [{ '@odata.type': '#microsoft.graph.iPv4CidrRange', cidrAddress: '192.0.2.0/24' }],
  });
  return String(id);
}

describe('more than the newest backup', () => {
  it('a plan to either of two backups takes the tenant there, again and again', async () => {
    const scene = await sceneForTest();
    await scene.run.snapshot();
    const stateA = await scene.dump();
    await scene.graph('PATCH', `/users/${person(1)}`, { department: 'Sales', jobTitle: 'Head' });
    await scene.graph('DELETE', `/users/${person(2)}`);
    await scene.graph('DELETE', `/groups/${STAFF}/members/${person(7)}/$ref`);
    await scene.graph('PATCH', `/identity/conditionalAccess/policies/${POLICY}`, { state: 'disabled' });
    await scene.run.snapshot();
    const stateB = await scene.dump();
    await scene.graph('PATCH', `/users/${person(1)}`, { department: 'Nowhere' });
    await scene.graph('PATCH', `/users/${person(3)}`, { accountEnabled: false });
    expect(compareTenants(stateA, stateB)).not.toEqual([]);

    const toB = await scene.run.plan('HEAD', { allowDelete: true });
    expect(await scene.run.apply(toB)).toMatchObject({ status: 'complete' });
    expect(compareTenants(stateB, await scene.dump())).toEqual([]);

    const toA = await scene.run.plan('HEAD~1', { allowDelete: true });
    expect(await scene.run.apply(toA)).toMatchObject({ status: 'complete' });
    expect(compareTenants(stateA, await scene.dump())).toEqual([]);

    const backToB = await scene.run.plan('HEAD', { allowDelete: true });
    expect(backToB.summary).toMatchObject({ softDelete: 1, unlink: 1 });
    expect(await scene.run.apply(backToB)).toMatchObject({ status: 'complete' });
    expect(compareTenants(stateB, await scene.dump())).toEqual([]);
  });

  it('the difference of two backups needs no connection', async () => {
    const scene = await backedUp();
    await scene.graph('PATCH', `/users/${person(1)}`, { department: 'Sales' });
    await scene.run.snapshot();
    scene.requests();
    const offline = scene.at('http://127.0.0.1:1');
    const report = await offline.diff({ desired: 'HEAD~1', live: 'HEAD' });
    expect(report).toMatchObject({ live: { kind: 'backup', commit: scene.git('rev-parse', 'HEAD') } });
    expect(report.changes).toEqual([
      {
        object: `user/${person(1)}`,
        label: nameOf(1),
        action: 'update',
        values: [{ path: 'department', live: 'Sales', desired: 'Research' }],
        links: [],
      },
    ]);
    expect(scene.requests()).toEqual([]);
    await expect(offline.diff()).rejects.toMatchObject({ code: 'KG114' });
  });
});

describe('scope', () => {
  it('one target of fifty damaged users: that one is changed, and no other', async () => {
    const scene = await backedUp();
    for (const n of numbers(1, 50)) await scene.graph('PATCH', `/users/${person(n)}`, { accountEnabled: false });
    const damaged = await scene.dump();
    const plan = await scene.run.plan('HEAD', { targets: [`user/${person(17)}`] });
    expect(plan.actions).toHaveLength(1);
    scene.requests();
    expect(await scene.run.apply(plan)).toMatchObject({ status: 'complete', writes: 1 });
    expect(writesIn(scene.requests())).toHaveLength(1);
    expect(compareTenants(damaged, await scene.dump())).toEqual([
      `users/${person(17)} (Name of person17) accountEnabled: was false, is true`,
    ]);
  });

  it('groups only: users stay as they are, and members are brought back', async () => {
    const scene = await backedUp();
    const good = await scene.dump();
    await scene.graph('PATCH', `/users/${person(1)}`, { accountEnabled: false });
    await scene.graph('DELETE', `/users/${person(60)}`);
    await scene.graph('PATCH', `/groups/${TEAM}`, { description: 'Tampered' });
    await scene.graph('DELETE', `/groups/${TEAM}/members/${person(1)}/$ref`);
    const plan = await scene.run.plan('HEAD', { types: ['group'] });
    expect(new Set(plan.actions.map((action) => action.object))).toEqual(new Set([`group/${TEAM}`]));
    expect(await scene.run.apply(plan)).toMatchObject({ status: 'complete', writes: 2 });
    expect(compareTenants(good, await scene.dump())).toEqual([
      expect.stringContaining(`deletedUsers/${person(60)}`),
      `users/${person(1)} (Name of person01) accountEnabled: was true, is false`,
      expect.stringContaining(`users/${person(60)}`),
    ]);
  });

  it('a target that nobody knows is an error', async () => {
    const scene = await backedUp();
    const scope = { targets: ['user/00000000-0000-4000-8000-000000000000'] };
    await expect(scene.run.plan('HEAD', scope)).rejects.toMatchObject({ code: 'KG122', exit: 1 });
  });
});

describe('configuration', () => {
  const configure = (scene: Scene, ...lines: string[]) =>
    writeFileSync(
      join(scene.root, 'knowngood.yaml'),
      ['format: 1', `tenant: ${scene.tenantId}`, ...lines, ''].join('\n'),
    );

  it('objects that are excluded and properties that are not managed stay as they are, also when an object comes back', async () => {
    const scene = await backedUp();
    configure(scene, `exclude: [user/${person(1)}]`, 'unmanaged: {user: [department], group: [description]}');
    await scene.graph('PATCH', `/users/${person(1)}`, { accountEnabled: false });
    await scene.graph('PATCH', `/users/${person(2)}`, { accountEnabled: false, department: 'Else' });
    await scene.graph('PATCH', `/users/${person(3)}`, { accountEnabled: false, department: 'Else' });
    await scene.graph('DELETE', `/users/${person(3)}`);
    const report = await scene.run.diff();
    expect(report.changes.map(({ object }) => object).sort()).toEqual([`user/${person(2)}`, `user/${person(3)}`]);
    const result = await scene.run.apply(await scene.run.plan());
    expect(result).toMatchObject({ status: 'complete', counts: { updated: 1, restored: 1 } });
    const { users } = await scene.dump();
    expect(users?.[person(1)]).toMatchObject({ accountEnabled: false });
    expect(users?.[person(2)]).toMatchObject({ accountEnabled: true, department: 'Else' });
    expect(users?.[person(3)]).toMatchObject({ accountEnabled: true, department: 'Else' });
  });

  it('members that are not managed are not read, not compared, and stay with a group that comes back', async () => {
    const scene = await backedUp();
    configure(scene, 'unmanaged: {group: [members]}');
    await scene.graph('DELETE', `/groups/${STAFF}/members/${person(40)}/$ref`);
    await scene.graph('DELETE', `/groups/${TEAM}/members/${person(1)}/$ref`);
    await scene.graph('DELETE', `/groups/${TEAM}`);
    scene.requests();
    const plan = await scene.run.plan();
    expect(plan.actions.map(({ action, object }) => `${action} ${object}`)).toEqual([`restore group/${TEAM}`]);
    expect(await scene.run.apply(plan)).toMatchObject({ status: 'complete', writes: 1 });
    expect(scene.requests().filter(({ url }) => url.includes('/members'))).toEqual([]);
    expect((await scene.dump()).groups?.[TEAM]?.members).toEqual([person(2), person(3)]);
  });

  it('one type only: the others are neither read nor written', async () => {
    const scene = await sceneForTest();
    configure(scene, 'types: [namedLocation]');
    const { coverage } = await scene.run.snapshot();
    expect(coverage).toMatchObject({ types: { namedLocation: 2 }, gaps: [] });
    await scene.incident('mass-delete');
    scene.requests();
    const plan = await scene.run.plan('HEAD', { allowDelete: true });
    expect(plan.actions.map(({ action, object }) => `${action} ${object}`)).toEqual([`restore namedLocation/${LAB}`]);
    expect(scene.requests().filter(({ url }) => /^\/[^/]+\/(?:users|groups)/.test(url))).toEqual([]);
  });

  it.each([
    ['a type', 'unmanaged: {usr: [department]}', 'user'],
    ['a property', 'unmanaged: {user: [departmnt]}', 'department'],
    ['a type of an excluded object', `exclude: [grup/${TEAM}]`, 'group'],
  ])('%s that does not exist is an error with a suggestion, and nothing is read', async (_, line, suggestion) => {
    const scene = await sceneForTest();
    configure(scene, line);
    await expect(scene.run.snapshot()).rejects.toMatchObject({ exit: 1, remedy: expect.stringContaining(suggestion) });
    expect(scene.requests()).toEqual([]);
  });
});

describe('created since the backup', () => {
  it('is kept, and named', async () => {
    const scene = await backedUp();
    const user = await create(scene, 'newcomer');
    const group = await createGroup(scene, 'new-group');
    const before = await scene.dump();
    const plan = await scene.run.plan();
    expect(plan.actions).toEqual([]);
    expect(plan.kept).toEqual([
      {
        ...{ object: `group/${group}`, label: 'new-group', since: 'created' },
        facts: [
          { path: 'securityEnabled', value: true },
          { path: 'mailEnabled', value: false },
        ],
      },
      {
        ...{ object: `user/${user}`, label: 'newcomer@acme.example', since: 'created' },
        facts: [{ path: 'accountEnabled', value: true }],
      },
    ]);
    await scene.run.apply(plan);
    expect(compareTenants(before, await scene.dump())).toEqual([]);
  });

  it('goes to the recycle bin when deletes are asked for, and is never purged', async () => {
    const scene = await backedUp();
    const good = await scene.dump();
    const users = [
      await create(scene, 'newcomer1'),
      await create(scene, 'newcomer2'),
      await create(scene, 'newcomer3'),
    ];
    const group = await createGroup(scene, 'new-group');
    const location = await createLocation(scene, 'New location', false);
    const plan = await scene.run.plan('HEAD', { allowDelete: true });
    expect(plan.summary).toMatchObject({ softDelete: 5, update: 0, restore: 0, blocked: 0, kept: 0 });
    scene.requests();
    expect(await scene.run.apply(plan)).toMatchObject({ status: 'complete', writes: 5, counts: { softDeleted: 5 } });
    const writes = writesIn(scene.requests()).map(({ method, url }) => `${method} ${url}`);
    expect(writes.filter((write) => /deletedItems/.test(write))).toEqual([]);
    const { deletedUsers, deletedGroups, deletedNamedLocations, ...active } = await scene.dump();
    expect(Object.keys(deletedUsers ?? {})).toEqual(expect.arrayContaining(users));
    expect(Object.keys(deletedGroups ?? {})).toEqual([group]);
    expect(Object.keys(deletedNamedLocations ?? {})).toEqual([location]);
    expect(
      compareTenants(
        { users: good.users ?? {}, groups: good.groups ?? {} },
        { users: active.users ?? {}, groups: active.groups ?? {} },
      ),
    ).toEqual([]);
  });

  it('of one type goes when deletes of that type are asked for', async () => {
    const scene = await backedUp();
    const user = await create(scene, 'newcomer');
    const group = await createGroup(scene, 'new-group');
    const plan = await scene.run.plan('HEAD', { allowDeleteTypes: ['user'] });
    expect(plan.actions.map(({ action, object }) => `${action} ${object}`)).toEqual([`soft-delete user/${user}`]);
    expect(plan.kept.map(({ object }) => object)).toEqual([`group/${group}`]);
  });

  it('deletes of a type begin with one object, and wait until it is seen in the recycle bin', async () => {
    const scene = await backedUp();
    for (const n of [1, 2, 3]) await create(scene, `newcomer${n}`);
    const plan = await scene.run.plan('HEAD', { allowDelete: true });
    scene.requests();
    await scene.run.apply(plan);
    const deletes = scene
      .requests()
      .map(({ method, url }, index) => ({ method, url, index }))
      .filter(
        ({ method, url }) =>
          method === 'DELETE' || (url.startsWith('/v1.0/directory/deletedItems/') && !url.includes('microsoft.graph')),
      );
    expect(deletes.map(({ method }) => method)).toEqual(['DELETE', 'GET', 'DELETE', 'DELETE']);
    expect(deletes[1]?.url.endsWith(deletes[0]?.url.split('/').at(-1) ?? '?')).toBe(true);
  });

  it('a trusted location is blocked: Graph would not delete it', async () => {
    const scene = await backedUp();
    const location = await createLocation(scene, 'Attic', true);
    const plan = await scene.run.plan('HEAD', { allowDelete: true });
    expect(plan.actions).toEqual([]);
    expect(plan.blocked).toEqual([
      {
        object: `namedLocation/${location}`,
        label: 'Attic',
        code: 'KG512',
        reason: expect.stringContaining('trusted'),
        remedy: expect.stringMatching(/\w/),
      },
    ]);
  });

  it('an object that was in the recycle bin at the backup, and was restored since, is kept or goes back', async () => {
    const scene = await backedUp();
    await scene.graph('DELETE', `/users/${person(9)}`);
    await scene.run.snapshot();
    const good = await scene.dump();
    await scene.graph('POST', `/directory/deletedItems/${person(9)}/restore`);
    const kept = { object: `user/${person(9)}`, label: nameOf(9), since: 'restored' };
    expect(await scene.run.plan()).toMatchObject({ actions: [], kept: [kept] });
    const plan = await scene.run.plan('HEAD', { allowDelete: true });
    expect(plan.actions.map(({ action, object }) => `${action} ${object}`)).toEqual([`soft-delete user/${person(9)}`]);
    expect(exitOfApply(await scene.run.apply(plan))).toBe(0);
    expect(compareTenants(good, await scene.dump())).toEqual([]);
  });
});

describe('gates', () => {
  it('a policy is written whole or not at all: it is not enabled without the exclusions it had', async () => {
    const scene = await backedUp();
    const path = `/identity/conditionalAccess/policies/${POLICY}`;
    const users = { includeUsers: ['All'], excludeGroups: [CLUB] };
    await scene.graph('PATCH', path, { state: 'disabled', conditions: { users } });
    await scene.graph('DELETE', path);
    await scene.graph('DELETE', `/identity/conditionalAccess/namedLocations/${LAB}`);
    const plan = await scene.run.plan('HEAD', { targets: [`conditionalAccessPolicy/${POLICY}`] });
    const result = await scene.run.apply(plan);
    expect(exitOfApply(result)).toBe(3);
    const { policies } = await scene.dump();
    expect(policies?.[POLICY]).toMatchObject({ state: 'disabled', conditions: { users: { excludeGroups: [CLUB] } } });
    const good = await scene.run.apply(await scene.run.plan());
    expect(good).toMatchObject({ status: 'complete' });
    expect((await scene.dump()).policies?.[POLICY]).toMatchObject({
      state: 'enabled',
      conditions: { users: { excludeGroups: [TEAM] } },
    });
  });

  it('a deleted policy and the location it names come back in an order that Graph accepts', async () => {
    const scene = await backedUp();
    const good = await scene.dump();
    await scene.graph('DELETE', `/identity/conditionalAccess/policies/${POLICY}`);
    await scene.graph('DELETE', `/identity/conditionalAccess/namedLocations/${LAB}`);
    await scene.graph('DELETE', `/groups/${TEAM}`);
    await scene.graph('DELETE', `/users/${person(1)}`);
    expect(await scene.run.apply(await scene.run.plan())).toMatchObject({
      status: 'complete',
      counts: { restored: 4 },
    });
    expect(compareTenants(good, await scene.dump())).toEqual([]);
  });

  it('a location that comes back untrusted is trusted again', async () => {
    const scene = await backedUp();
    const good = await scene.dump();
    const path = `/identity/conditionalAccess/namedLocations/${OFFICE}`;
    await scene.graph('PATCH', path, { '@odata.type': '#microsoft.graph.ipNamedLocation', isTrusted: false });
    await scene.graph('DELETE', path);
    expect(await scene.run.apply(await scene.run.plan())).toMatchObject({
      status: 'complete',
      counts: { restored: 1 },
    });
    expect(compareTenants(good, await scene.dump())).toEqual([]);
    expect(good.namedLocations?.[OFFICE]?.isTrusted).toBe(true);
  });

  it('a policy is enabled only after the group that it leaves out has its members again', async () => {
    const scene = await backedUp();
    await scene.graph('PATCH', `/identity/conditionalAccess/policies/${POLICY}`, { state: 'disabled' });
    for (const n of [1, 2, 3]) await scene.graph('DELETE', `/groups/${TEAM}/members/${person(n)}/$ref`);
    const plan = await scene.run.plan();
    scene.requests();
    await scene.run.apply(plan);
    expect(writesIn(scene.requests()).map(({ url }) => url)).toEqual([
      `/v1.0/groups/${TEAM}`,
      `/v1.0/identity/conditionalAccess/policies/${POLICY}`,
    ]);
  });
});

describe('links of what comes back', () => {
  it('a restored group has exactly the members of the backup', async () => {
    const scene = await backedUp();
    const good = await scene.dump();
    const reference = `${scene.url}/v1.0/directoryObjects/${person(30)}`;
    await scene.graph('POST', `/groups/${TEAM}/members/$ref`, { '@odata.id': reference });
    await scene.graph('DELETE', `/groups/${TEAM}/members/${person(2)}/$ref`);
    await scene.graph('DELETE', `/groups/${TEAM}`);
    const plan = await scene.run.plan();
    expect(plan.summary).toMatchObject({ restore: 1, link: 0, unlink: 0 });
    expect(await scene.run.apply(plan)).toMatchObject({ status: 'complete' });
    expect(compareTenants(good, await scene.dump())).toEqual([]);
  });

  it('a membership that was removed before its member was deleted comes back with the member', async () => {
    const scene = await backedUp();
    const good = await scene.dump();
    await scene.graph('DELETE', `/groups/${CLUB}/members/${person(4)}/$ref`);
    await scene.graph('PATCH', `/users/${person(4)}`, { accountEnabled: false, department: 'None' });
    await scene.graph('DELETE', `/users/${person(4)}`);
    const plan = await scene.run.plan();
    const linkedFrom = expect.arrayContaining([{ object: `group/${CLUB}`, link: 'members' }]);
    expect(plan.actions).toEqual([
      expect.objectContaining({ action: 'restore', object: `user/${person(4)}`, linkedFrom }),
    ]);
    const result = await scene.run.apply(plan);
    expect(result).toMatchObject({ status: 'complete', counts: { restored: 1 }, verification: { remaining: [] } });
    expect(compareTenants(good, await scene.dump())).toEqual([]);
  });
});
