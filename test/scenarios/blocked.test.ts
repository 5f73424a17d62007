/** What Graph cannot recover is not tried: it is named, with the reason and what a person can do; the rest is recovered. */

import { describe, expect, it, vi } from 'vitest';
import { exitOfApply } from '../../src/cli/exit-codes.js';
import type { Blocked, Plan } from '../../src/model/plan.js';
import { CLUB, nameOf, numbers, person, STAFF, SYNCED, TEAM } from '../support/acme.js';
import { compareTenants } from '../support/raw-reader.mjs';
import { type Scene, sceneForTest, writesIn } from '../support/scene.js';

/** Waits for replication are long, and there is nothing to wait for here. */
vi.mock('node:timers/promises', async (original) => ({
  ...(await original<typeof import('node:timers/promises')>()),
  setTimeout: () => Promise.resolve(),
}));

async function backedUp(): Promise<Scene> {
  const scene = await sceneForTest();
  await scene.run.snapshot();
  return scene;
}

/** The blocked differences, each with a reason and a remedy in words. */
function blockedIn(plan: Plan): readonly Pick<Blocked, 'object' | 'path' | 'code'>[] {
  for (const { reason, remedy } of plan.blocked) {
    expect(reason).toMatch(/\w.*\.$/);
    expect(remedy).toMatch(/\w.*\.$/);
  }
  expect(plan.summary.blocked).toBe(plan.blocked.length);
  return plan.blocked.map(({ object, path, code }) => ({ object, ...(path === undefined ? {} : { path }), code }));
}

const userBody = (name: string) => ({
  accountEnabled: true,
  displayName: name,
  mailNickname: name.split('@')[0],
  userPrincipalName: name,
  passwordProfile: { password: 'x'.repeat(16) },
});

describe('deleted for good', () => {
  it('users who were purged are blocked, and everybody else comes back', async () => {
    const scene = await backedUp();
    const good = await scene.dump();
    for (const n of [50, 51, 52]) await scene.graph('DELETE', `/users/${person(n)}`);
    for (const n of [50, 51]) await scene.graph('DELETE', `/directory/deletedItems/${person(n)}`);
    const plan = await scene.run.plan();
    const gone = [50, 51].map((n) => ({ object: `user/${person(n)}`, code: 'KG502' }));
    expect(blockedIn(plan)).toEqual(gone);
    expect(plan.blocked[0]).toMatchObject({ label: nameOf(50), reason: expect.stringContaining('recycle bin') });
    expect(await scene.run.apply(plan)).toMatchObject({ status: 'complete', counts: { restored: 1 } });
    expect(compareTenants(good, await scene.dump())).toEqual(
      [50, 51].map((n) => expect.stringMatching(new RegExp(`^users/${person(n)} .*missing afterwards$`))),
    );
  });

  it('a member who was purged is blocked, and the other members come back', async () => {
    const scene = await backedUp();
    await scene.graph('DELETE', `/users/${person(1)}`);
    await scene.graph('DELETE', `/directory/deletedItems/${person(1)}`);
    await scene.graph('DELETE', `/groups/${TEAM}/members/${person(2)}/$ref`);
    const plan = await scene.run.plan();
    expect(blockedIn(plan)).toEqual([
      { object: `group/${STAFF}`, path: 'members', code: 'KG510' },
      { object: `group/${TEAM}`, path: 'members', code: 'KG510' },
      { object: `user/${person(1)}`, code: 'KG502' },
    ]);
    expect(await scene.run.apply(plan)).toMatchObject({ status: 'complete', counts: { linksAdded: 1 } });
    expect((await scene.dump()).groups?.[TEAM]?.members).toEqual([person(2), person(3)]);
  });

  it('a plan that has nothing to do but what is blocked is complete, and diff still counts it as a difference', async () => {
    const scene = await backedUp();
    await scene.graph('DELETE', `/users/${person(60)}`);
    await scene.graph('DELETE', `/directory/deletedItems/${person(60)}`);
    const report = await scene.run.diff();
    expect(report.changes).toEqual([]);
    expect(report.blocked).toHaveLength(1);
    const plan = await scene.run.plan();
    expect(plan.actions).toEqual([]);
    scene.requests();
    expect(exitOfApply(await scene.run.apply(plan))).toBe(0);
    expect(writesIn(scene.requests())).toEqual([]);
  });
});

describe('taken names', () => {
  it('a deleted user whose name somebody else has now is blocked, and the holder is named', async () => {
    const scene = await backedUp();
    await scene.graph('DELETE', `/users/${person(60)}`);
    const { id } = await scene.graph('POST', '/users', userBody(nameOf(60)));
    const plan = await scene.run.plan();
    expect(plan.actions).toEqual([]);
    expect(blockedIn(plan)).toEqual([{ object: `user/${person(60)}`, path: 'userPrincipalName', code: 'KG508' }]);
    expect(plan.blocked[0]?.reason).toContain(String(id));
    const facts = [{ path: 'accountEnabled', value: true }];
    expect(plan.kept).toEqual([{ object: `user/${String(id)}`, label: nameOf(60), since: 'created', facts }]);
  });

  it('a renamed user whose old name somebody else has now keeps the new one, and the rest is recovered', async () => {
    const scene = await backedUp();
    await scene.graph('PATCH', `/users/${person(1)}`, { userPrincipalName: 'other@acme.example', department: 'None' });
    await scene.graph('PATCH', `/users/${person(2)}`, { userPrincipalName: nameOf(1).toUpperCase() });
    const plan = await scene.run.plan();
    expect(blockedIn(plan)).toEqual([{ object: `user/${person(1)}`, path: 'userPrincipalName', code: 'KG508' }]);
    expect(plan.blocked[0]?.reason).toContain(person(2));
    const result = await scene.run.apply(plan);
    expect(result).toMatchObject({ counts: { updated: 2, failed: 0, skipped: 0 } });
    expect(result.verification?.remaining).toEqual([
      { object: `user/${person(1)}`, label: 'other@acme.example', path: 'userPrincipalName' },
    ]);
    const next = await scene.run.plan();
    expect(blockedIn(next)).toEqual([]);
    expect(await scene.run.apply(next)).toMatchObject({ status: 'complete', counts: { updated: 1 } });
    expect((await scene.dump()).users?.[person(1)]).toMatchObject({
      userPrincipalName: nameOf(1),
      department: 'Research',
    });
  });
});

describe('synchronised from Active Directory', () => {
  it('a changed user is blocked, and not written', async () => {
    const scene = await backedUp();
    await scene.graph('PATCH', `/users/${SYNCED}`, { otherMails: ['else@example.org'], usageLocation: 'DE' });
    const plan = await scene.run.plan();
    expect(plan.actions).toEqual([]);
    expect(blockedIn(plan)).toEqual([
      { object: `user/${SYNCED}`, path: 'otherMails', code: 'KG501' },
      { object: `user/${SYNCED}`, path: 'usageLocation', code: 'KG501' },
    ]);
    expect(plan.blocked[0]?.remedy).toContain('Active Directory');
    scene.requests();
    await scene.run.apply(plan);
    expect(writesIn(scene.requests())).toEqual([]);
  });

  it('memberships of a synchronised user in a cloud group are recovered all the same', async () => {
    const scene = await sceneForTest();
    const reference = `${scene.url}/v1.0/directoryObjects/${SYNCED}`;
    await scene.graph('POST', `/groups/${TEAM}/members/$ref`, { '@odata.id': reference });
    await scene.run.snapshot();
    const good = await scene.dump();
    await scene.graph('DELETE', `/groups/${TEAM}/members/${SYNCED}/$ref`);
    const plan = await scene.run.plan();
    expect(plan).toMatchObject({ blocked: [], summary: { link: 1 } });
    await scene.run.apply(plan);
    expect(compareTenants(good, await scene.dump())).toEqual([]);
  });
});

describe('groups whose members follow from a rule', () => {
  const rule = {
    groupTypes: ['DynamicMembership'],
    membershipRule: 'user.department -eq "Sales"',
    membershipRuleProcessingState: 'On',
  };

  it('a group that was assigned and is dynamic now: its members are blocked, its properties are recovered', async () => {
    const scene = await backedUp();
    await scene.graph('PATCH', `/groups/${TEAM}`, rule);
    const plan = await scene.run.plan();
    expect(blockedIn(plan)).toContainEqual({ object: `group/${TEAM}`, path: 'members', code: 'KG507' });
    expect(plan.actions.filter((action) => action.action !== 'update')).toEqual([]);
  });

  it('and when the properties are back, the next plan brings the members back', async () => {
    const scene = await backedUp();
    const good = await scene.dump();
    await scene.graph('DELETE', `/groups/${TEAM}/members/${person(2)}/$ref`);
    await scene.graph('PATCH', `/groups/${TEAM}`, rule);
    const first = await scene.run.apply(await scene.run.plan());
    expect(first).toMatchObject({ counts: { updated: 1, failed: 0 } });
    expect(first.verification?.remaining).toEqual([
      { object: `group/${TEAM}`, label: 'team', path: `members ${person(2)}` },
    ]);
    const plan = await scene.run.plan();
    expect(plan).toMatchObject({ blocked: [], summary: { link: 1, unlink: 0, update: 0 } });
    expect(await scene.run.apply(plan)).toMatchObject({ status: 'complete' });
    expect(compareTenants(good, await scene.dump())).toEqual([]);
  });
});

describe('properties', () => {
  it('one that Graph does not let be emptied is blocked, and the others of the same user are recovered', async () => {
    const scene = await backedUp();
    const good = await scene.dump();
    const change = { usageLocation: 'FR', jobTitle: 'Intruder', accountEnabled: false };
    await scene.graph('PATCH', `/users/${person(1)}`, change);
    const plan = await scene.run.plan();
    expect(blockedIn(plan)).toEqual([{ object: `user/${person(1)}`, path: 'usageLocation', code: 'KG504' }]);
    expect(plan.blocked[0]).toMatchObject({ live: 'FR', desired: null });
    scene.requests();
    expect(await scene.run.apply(plan)).toMatchObject({ status: 'complete', counts: { updated: 1 } });
    expect(writesIn(scene.requests()).map(({ body }) => body)).toEqual([{ accountEnabled: true, jobTitle: null }]);
    expect(compareTenants(good, await scene.dump())).toEqual([
      `users/${person(1)} (Name of person01) usageLocation: was null, is "FR"`,
    ]);
  });

  it('one that Graph only shows is blocked', async () => {
    const scene = await backedUp();
    const { objects } = await import('../support/acme.js').then(({ acme }) => acme);
    const other = await sceneForTest({
      seed: {
        tenantId: scene.tenantId,
        displayName: 'Acme',
        verifiedDomains: ['acme.example'],
        objects: objects.map((item) =>
          item.object.id === CLUB ? { ...item, object: { ...item.object, mail: 'circle@acme.example' } } : item,
        ),
      },
    });
    const plan = await scene.run.in(async () => scene.at(other.url).plan());
    expect(blockedIn(plan)).toEqual([{ object: `group/${CLUB}`, path: 'mail', code: 'KG503' }]);
    expect(plan.actions).toEqual([]);
  });
});

describe('between plan and apply', () => {
  it('a user who was edited in the planned property is skipped and named; in another one, recovered with that edit kept', async () => {
    const scene = await backedUp();
    for (const n of numbers(1, 4)) await scene.graph('PATCH', `/users/${person(n)}`, { department: 'Wrong' });
    const plan = await scene.run.plan();
    await scene.graph('PATCH', `/users/${person(2)}`, { department: 'Right' });
    await scene.graph('PATCH', `/users/${person(3)}`, { jobTitle: 'Director' });
    scene.requests();
    const result = await scene.run.apply(plan);
    expect(exitOfApply(result)).toBe(3);
    expect(result).toMatchObject({ status: 'incomplete', writes: 3, counts: { updated: 3, skipped: 1, failed: 0 } });
    expect(result.results).toEqual([
      expect.objectContaining({
        object: `user/${person(2)}`,
        label: nameOf(2),
        outcome: 'skipped',
        reason: expect.stringContaining('department'),
      }),
    ]);
    expect(result.verification).toMatchObject({ remaining: [], problems: [{ code: 'KG605', severity: 'note' }] });
    const { users } = await scene.dump();
    expect(users?.[person(2)]?.department).toBe('Right');
    expect(users?.[person(3)]).toMatchObject({ department: 'Research', jobTitle: 'Director' });
    expect(writesIn(scene.requests()).map(({ body }) => body)).toEqual(Array(3).fill({ department: 'Research' }));
  });

  it('an object that is gone, one that came back and a link that was set are skipped and named', async () => {
    const scene = await backedUp();
    await scene.graph('PATCH', `/users/${person(50)}`, { department: 'Wrong' });
    await scene.graph('PATCH', `/users/${person(53)}`, { department: 'Wrong' });
    await scene.graph('DELETE', `/users/${person(51)}`);
    await scene.graph('DELETE', `/groups/${TEAM}/members/${person(1)}/$ref`);
    const plan = await scene.run.plan();
    expect(plan.actions).toHaveLength(4);
    await scene.graph('DELETE', `/users/${person(50)}`);
    await scene.graph('POST', `/directory/deletedItems/${person(51)}/restore`);
    const reference = `${scene.url}/v1.0/directoryObjects/${person(1)}`;
    await scene.graph('POST', `/groups/${TEAM}/members/$ref`, { '@odata.id': reference });
    const result = await scene.run.apply(plan);
    expect(result).toMatchObject({ writes: 1, counts: { updated: 1, restored: 0, linksAdded: 0, skipped: 3 } });
    expect(result.results.map(({ object, outcome }) => `${outcome} ${object}`).sort()).toEqual([
      `skipped group/${TEAM}`,
      `skipped user/${person(50)}`,
      `skipped user/${person(51)}`,
    ]);
    expect(exitOfApply(result)).toBe(3);
  });
});
