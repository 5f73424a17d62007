/** Objects by name: on either side, in the recycle bin, more than one, none; and objects that are left alone. */

import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { ScopeRequest } from '../../src/asked.js';
import { difference } from '../../src/difference.js';
import type { DifferenceReport } from '../../src/model/documents.js';
import { openWorkspace } from '../../src/workspace.js';
import { BINNED, CLUB, nameOf, POLICY, person, STAFF, TEAM } from '../support/acme.js';
import { compareTenants } from '../support/raw-reader.mjs';
import { type Scene, sceneForTest, surroundings } from '../support/scene.js';

vi.mock('node:timers/promises', async (original) => ({
  ...(await original<typeof import('node:timers/promises')>()),
  setTimeout: () => Promise.resolve(),
}));

async function backedUp(): Promise<Scene> {
  const scene = await sceneForTest();
  await scene.run.snapshot();
  return scene;
}

/** A comparison with what it tells beside its result, and how many blobs of the repository it reads. */
async function compared(scene: Scene, scope: ScopeRequest, sides: { desired?: string; live?: string } = {}) {
  const notes: string[] = [];
  let blobs = 0;
  const workspace = await openWorkspace(scene.root, surroundings(scene.env, { note: (text) => notes.push(text) }));
  const { repository } = workspace;
  const counting = {
    ...repository,
    blobs(ids: Iterable<string>) {
      const all = [...ids];
      blobs += all.length;
      return repository.blobs(all);
    },
  };
  try {
    const report = await difference({ ...workspace, repository: counting }, { ...sides, scope });
    return { report, notes, blobs };
  } finally {
    await workspace.close();
  }
}

const head = (scene: Scene) => scene.git('rev-parse', 'HEAD').slice(0, 7);

const objects = (report: DifferenceReport) => report.changes.map(({ object }) => object);

describe('a name', () => {
  it('stands for the one object that has it, whatever its case; the scope holds its id', async () => {
    const scene = await backedUp();
    for (const n of [1, 2, 3]) await scene.graph('PATCH', `/users/${person(n)}`, { department: 'Sales' });
    const { report, notes, blobs } = await compared(scene, { targets: [`user/${nameOf(2).toUpperCase()}`] });
    expect(report.scope).toEqual({ types: [], targets: [`user/${person(2)}`], exclude: [], allowDelete: [] });
    expect(objects(report)).toEqual([`user/${person(2)}`]);
    expect(notes).toEqual([`user/${nameOf(2).toUpperCase()} is user/${person(2)}`]);
    // The live side knows its names: of sixty users only those that differ are read from git.
    expect(blobs).toBeLessThan(12);
  });

  it('may hold slashes and spaces, and be another label of the type', async () => {
    const scene = await backedUp();
    await scene.graph('PATCH', `/groups/${TEAM}`, { displayName: 'Team / Berlin 1', description: 'Moved' });
    await scene.graph('PATCH', `/users/${person(4)}`, { department: 'Sales' });
    const byNew = await compared(scene, { targets: ['group/team / berlin 1'] });
    expect(objects(byNew.report)).toEqual([`group/${TEAM}`]);
    const byOld = await compared(scene, { targets: ['group/team'] });
    expect(objects(byOld.report)).toEqual([`group/${TEAM}`]);
    const bySecond = await compared(scene, { targets: ['user/Name of person04'] });
    expect(objects(bySecond.report)).toEqual([`user/${person(4)}`]);
  });

  it('of an object in the recycle bin, or known to one of the sides only, is found', async () => {
    const scene = await backedUp();
    await scene.graph('DELETE', `/users/${person(5)}`);
    await scene.graph('DELETE', `/users/${person(6)}`);
    await scene.graph('DELETE', `/directory/deletedItems/${person(6)}`);
    const { report } = await compared(scene, { targets: [`user/${nameOf(5)}`, `user/${nameOf(6)}`] });
    expect(objects(report)).toEqual([`user/${person(5)}`]);
    expect(report.blocked.map(({ object, code }) => [object, code])).toEqual([[`user/${person(6)}`, 'KG502']]);
    expect((await compared(scene, { targets: ['user/binned@acme.example'] })).report.scope.targets).toEqual([
      `user/${BINNED}`,
    ]);
  });

  it('that several objects have is refused, with their ids and where they are', async () => {
    const scene = await backedUp();
    await scene.graph('PATCH', `/users/${person(7)}`, { displayName: 'Same Name' });
    await scene.graph('PATCH', `/users/${person(8)}`, { displayName: 'same name' });
    await scene.run.snapshot();
    await scene.graph('DELETE', `/users/${person(8)}`);
    await scene.run.snapshot();
    const attempt = compared(scene, { targets: ['user/Same name'] });
    await expect(attempt).rejects.toMatchObject({ code: 'KG125', where: '--target' });
    await expect(attempt).rejects.toThrow(
      `2 objects of type user are called "Same name": user/${person(7)} "${nameOf(7)}" (in backup ${head(scene)} and live), ` +
        `user/${person(8)} "${nameOf(8)}" (in backup ${head(scene)}, in the recycle bin and live, in the recycle bin).`,
    );
  });

  it('that is another label of several is refused, also when only one of them has changed', async () => {
    const scene = await backedUp();
    for (const n of [7, 8]) await scene.graph('PATCH', `/users/${person(n)}`, { displayName: 'John Smith' });
    await scene.run.snapshot();
    await scene.graph('PATCH', `/users/${person(7)}`, { accountEnabled: false });
    await expect(compared(scene, { targets: ['user/john smith'] })).rejects.toMatchObject({ code: 'KG125' });
  });

  it('that somebody else has taken since is told apart: nobody recovers the wrong one', async () => {
    const scene = await backedUp();
    await scene.graph('PATCH', `/groups/${TEAM}`, { displayName: 'old team' });
    await scene.graph('PATCH', `/groups/${CLUB}`, { displayName: 'team' });
    const attempt = compared(scene, { targets: ['group/team'] });
    await expect(attempt).rejects.toMatchObject({ code: 'KG125' });
    await expect(attempt).rejects.toThrow(`group/${TEAM} "old team" (in backup ${head(scene)} and live)`);
    await expect(attempt).rejects.toThrow(`group/${CLUB} (live; in backup ${head(scene)} it is "club")`);
  });

  it('that nobody has is refused, with those that are near; of a list all of them', async () => {
    const scene = await backedUp();
    await expect(compared(scene, { targets: ['user/persno07@acme.example'] })).rejects.toMatchObject({
      code: 'KG126',
      remedy: expect.stringContaining(`user/${nameOf(7)}`),
    });
    const list = ['user/nobody', `user/${nameOf(1)}`, 'group/nothing'].map((text, index) => ({
      text,
      where: `list:${index + 1}`,
    }));
    const attempt = compared(scene, { targets: list });
    await expect(attempt).rejects.toMatchObject({ code: 'KG126', where: 'list:1' });
    await expect(attempt).rejects.toThrow(/^What was asked for is wrong in 2 places\. list:1: .*list:3: /s);
  });

  it('is looked for in two backups, too', async () => {
    const scene = await backedUp();
    await scene.graph('PATCH', `/groups/${TEAM}`, { description: 'Moved' });
    await scene.run.snapshot();
    const { report } = await compared(scene, { targets: ['group/TEAM'] }, { desired: 'HEAD~1', live: 'HEAD' });
    expect(objects(report)).toEqual([`group/${TEAM}`]);
  });

  it.each([
    ['user/', 'KG121'],
    ['/x', 'KG121'],
    ['user', 'KG121'],
    ['usr/x', 'KG120'],
    [`user/${'0'.repeat(8)}-0000-4000-8000-000000000000`, 'KG122'],
  ])('%j is refused: %s', async (target, code) => {
    const scene = await backedUp();
    await expect(scene.run.diff({ scope: { targets: [target] } })).rejects.toMatchObject({ code });
    await expect(scene.run.plan('HEAD', { exclude: [target] })).rejects.toMatchObject({ code, where: '--exclude' });
  });
});

describe('types and targets together', () => {
  it('narrow each other: of the types only the targets', async () => {
    const scene = await backedUp();
    for (const n of [1, 2, 3]) await scene.graph('PATCH', `/users/${person(n)}`, { department: 'Sales' });
    const { report } = await compared(scene, { types: ['user'], targets: [`user/${nameOf(2)}`] });
    expect(objects(report)).toEqual([`user/${person(2)}`]);
    expect(report.scope).toEqual({ types: [], targets: [`user/${person(2)}`], exclude: [], allowDelete: [] });
    const plan = await scene.run.plan('HEAD', { types: ['user', 'group'], targets: [`user/${person(2)}`] });
    expect(plan.actions.map(({ object }) => object)).toEqual([`user/${person(2)}`]);
  });

  it('are refused where a target is of another type; edges go with the type of their owner', async () => {
    const scene = await backedUp();
    const attempt = compared(scene, { types: ['user'], targets: [`user/${nameOf(1)}`, 'group/team'] });
    await expect(attempt).rejects.toMatchObject({ code: 'KG129', where: '--target' });
    await expect(attempt).rejects.toThrow('"group/team" is none of what --type asks for: user.');
    const edge = { types: ['servicePrincipal'], targets: ['appRoleAssignment/none'] };
    await expect(compared(scene, edge)).rejects.toMatchObject({ code: 'KG126' });
    const owner = { types: ['appRoleAssignment'], targets: ['servicePrincipal/none'] };
    await expect(compared(scene, owner)).rejects.toMatchObject({ code: 'KG129' });
  });
});

describe('a list', () => {
  it('is refused with everything that is wrong in it, and how to write it', async () => {
    const scene = await backedUp();
    const list = ['userPrincipalName', nameOf(1), person(1), '"a","b"', `user/${nameOf(1)}`, 'usr/x'];
    const attempt = compared(scene, { targets: list.map((text, at) => ({ text, where: `list:${at + 1}` })) });
    await expect(attempt).rejects.toMatchObject({ code: 'KG121', where: 'list:1' });
    await expect(attempt).rejects.toThrow(
      /^What was asked for is wrong in 5 places\. list:1: .*part of a table.*list:2: .*list:3: .*list:4: .*list:6: /s,
    );
    await expect(attempt).rejects.toThrow(`for example user/${nameOf(1)}.`);
    await expect(attempt).rejects.toThrow(`for example user/${person(1)}.`);
    await expect(attempt).rejects.not.toThrow('list:5');
  });

  it('with a comment behind a name says where comments stand', async () => {
    const scene = await backedUp();
    await expect(compared(scene, { targets: [`user/${nameOf(1)} # Ada`] })).rejects.toMatchObject({
      code: 'KG126',
      remedy: expect.stringContaining('a comment stands on a line of its own'),
    });
  });
});

describe('what is excluded', () => {
  it('is untouched, and the rest is recovered', async () => {
    const scene = await backedUp();
    const before = await scene.dump();
    for (const n of [1, 2, 3]) await scene.graph('PATCH', `/users/${person(n)}`, { department: 'Sales' });
    await scene.graph('PATCH', `/identity/conditionalAccess/policies/${POLICY}`, { state: 'disabled' });
    const plan = await scene.run.plan('HEAD', { exclude: [`user/${nameOf(2)}`, `conditionalAccessPolicy/${POLICY}`] });
    expect(plan.scope).toEqual({
      types: [],
      targets: [],
      exclude: [`conditionalAccessPolicy/${POLICY}`, `user/${person(2)}`],
      allowDelete: [],
    });
    expect(plan.actions.map(({ object }) => object)).toEqual([`user/${person(1)}`, `user/${person(3)}`]);
    expect((await scene.run.apply(plan)).status).toBe('complete');
    const left = compareTenants(before, await scene.dump());
    expect(JSON.stringify(left)).toContain(person(2));
    expect(JSON.stringify(left)).not.toContain(person(1));
  });

  it('narrows what was asked for, and cannot be all of it', async () => {
    const scene = await backedUp();
    for (const n of [1, 2]) await scene.graph('PATCH', `/users/${person(n)}`, { department: 'Sales' });
    const { changes } = await scene.run.diff({ scope: { types: ['user'], exclude: [`user/${person(1)}`] } });
    expect(changes.map(({ object }) => object)).toEqual([`user/${person(2)}`]);
    const nothing = { targets: [`user/${person(1)}`], exclude: [`user/${nameOf(1)}`] };
    await expect(scene.run.plan('HEAD', nothing)).rejects.toMatchObject({ code: 'KG128' });
  });

  it('by the configuration cannot be asked for, and may be excluded again', async () => {
    const scene = await backedUp();
    appendFileSync(join(scene.root, 'knowngood.yaml'), `exclude: [user/${person(1)}]\n`);
    const asked = { targets: [`user/${person(1)}`] };
    await expect(scene.run.diff({ scope: asked })).rejects.toMatchObject({ code: 'KG124', where: '--target' });
    const { scope } = await scene.run.diff({ scope: { exclude: [`user/${person(1)}`] } });
    expect(scope.exclude).toEqual([]);
  });

  it('is not soft-deleted either', async () => {
    const scene = await backedUp();
    const body = { displayName: 'New', mailNickname: 'new', mailEnabled: false, securityEnabled: true };
    const { id } = await scene.graph('POST', '/groups', body);
    const plan = await scene.run.plan('HEAD', { exclude: ['group/new'], allowDelete: true });
    expect(plan.actions).toEqual([]);
    expect(plan.kept).toEqual([]);
    expect(plan.scope.exclude).toEqual([`group/${String(id)}`]);
  });

  it('has no link added or removed that leads to it, and the others are; that is told', async () => {
    const scene = await backedUp();
    for (const n of [1, 2]) await scene.graph('DELETE', `/groups/${TEAM}/members/${person(n)}/$ref`);
    const plan = await scene.run.plan('HEAD', { targets: ['group/team'], exclude: [`user/${nameOf(2)}`] });
    expect(plan.actions).toMatchObject([{ action: 'link', object: `group/${TEAM}`, target: person(1) }]);
    expect(plan.problems).toContainEqual({
      code: 'KG608',
      severity: 'note',
      message: `1 differing link to what is excluded is left alone, too: from team (group/${TEAM}) to ${nameOf(2)} (user/${person(2)}).`,
      remedy: expect.stringContaining('do not exclude'),
    });
    expect((await scene.run.apply(plan)).status).toBe('complete');
    expect((await scene.dump()).groups?.[TEAM]?.members).toEqual([person(1), person(3)]);
    const again = await scene.run.diff({ scope: { exclude: [`user/${nameOf(2)}`] } });
    expect([again.changes, again.problems.map(({ code }) => code)]).toEqual([[], ['KG608']]);
  });

  it('has no link added or removed when a group comes back, either', async () => {
    const scene = await backedUp();
    const reference = { '@odata.id': `${scene.url}/v1.0/directoryObjects/${person(30)}` };
    for (const n of [1, 2]) await scene.graph('DELETE', `/groups/${TEAM}/members/${person(n)}/$ref`);
    await scene.graph('POST', `/groups/${TEAM}/members/$ref`, reference);
    await scene.graph('DELETE', `/groups/${TEAM}`);
    const plan = await scene.run.plan('HEAD', { exclude: [`user/${person(2)}`, `user/${person(30)}`] });
    expect((await scene.run.apply(plan)).status).toBe('complete');
    expect((await scene.dump()).groups?.[TEAM]?.members).toEqual([person(1), person(3), person(30)]);
  });
});

describe('what leads to a target from outside', () => {
  it('is told with its owners where it was read', async () => {
    const scene = await backedUp();
    await scene.graph('DELETE', `/groups/${TEAM}/members/${person(1)}/$ref`);
    await scene.graph('PATCH', `/groups/${CLUB}`, { displayName: 'Else' });
    const told = {
      code: 'KG602',
      severity: 'warning',
      message: `1 differing link that leads to what is in scope belongs to objects outside it: team (group/${TEAM}).`,
      remedy: `Add --target group/${TEAM} to recover them, with whatever else differs of that object.`,
    };
    const targets = [`user/${person(1)}`];
    const { changes, problems } = await scene.run.diff({ scope: { targets: [...targets, `group/${STAFF}`] } });
    expect([changes, problems[0]]).toEqual([[], told]);
    const both = await scene.run.plan('HEAD', { targets: [...targets, `group/${TEAM}`] });
    expect(both.problems.map(({ code }) => code)).toEqual(['KG604']);
    expect(both.actions).toHaveLength(1);
    await scene.run.snapshot();
    const offline = await scene.run.diff({ desired: 'HEAD~1', live: 'HEAD', scope: { targets } });
    expect([offline.changes, offline.problems]).toEqual([[], [told]]);
  });

  it('is named as not compared where it was not read', async () => {
    const scene = await backedUp();
    await scene.graph('DELETE', `/groups/${TEAM}/members/${person(1)}/$ref`);
    const { changes, problems } = await scene.run.diff({ scope: { targets: [`user/${person(1)}`] } });
    expect(changes).toEqual([]);
    expect(problems).toMatchObject([{ code: 'KG604', severity: 'note' }]);
    expect(problems[0]?.message).toMatch(/^Links .* were not compared: .*group\.members/);
    expect(problems[0]?.remedy).toContain('--type group ');
    expect((await scene.run.diff({ scope: { types: ['user'] } })).problems).toEqual([]);
  });
});
