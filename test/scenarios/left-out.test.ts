/** What the configuration leaves out is not known, and is neither deleted nor taken for unchanged. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderDifference } from '../../src/report/index.js';
import { numbers, person, TEAM } from '../support/acme.js';
import { type Scene, sceneForTest, writesIn } from '../support/scene.js';

const HEAD = 'format: 1\n';

function configure(scene: Scene, ...lines: string[]): void {
  const file = join(scene.root, 'knowngood.yaml');
  const [tenant] = /^tenant: .*$/m.exec(readFileSync(file, 'utf8')) ?? [''];
  writeFileSync(file, `${HEAD}${[tenant, ...lines].join('\n')}\n`);
}

const everything = { allowDelete: true };

describe('an object that was excluded', () => {
  it('when the backup was taken is not deleted by a plan that does not exclude it', async () => {
    const scene = await sceneForTest();
    configure(scene, `exclude: [user/${person(5)}]`);
    await scene.run.snapshot();
    configure(scene);
    const plan = await scene.run.plan('HEAD', everything);
    expect([...plan.actions, ...plan.blocked, ...plan.kept]).toEqual([]);
  });

  it('after the plan was made is not touched by it', async () => {
    const scene = await sceneForTest();
    await scene.run.snapshot();
    await scene.graph('PATCH', `/users/${person(5)}`, { department: 'None' });
    const plan = await scene.run.plan();
    configure(scene, `exclude: [user/${person(5)}]`);
    scene.requests();
    await expect(scene.run.apply(plan)).rejects.toMatchObject({ code: 'KG148', exit: 4 });
    expect(writesIn(scene.requests())).toEqual([]);
  });
});

describe('a type that the configuration does not ask for', () => {
  it('cannot be asked for by an option', async () => {
    const scene = await sceneForTest();
    await scene.run.snapshot();
    configure(scene, 'types: [group]');
    await expect(scene.run.diff({ scope: { types: ['user'] } })).rejects.toMatchObject({ code: 'KG124' });
    await expect(scene.run.plan('HEAD', { targets: [`user/${person(1)}`] })).rejects.toMatchObject({ code: 'KG124' });
  });

  it('was not in the backup, and is not said to match it', async () => {
    const scene = await sceneForTest();
    configure(scene, 'types: [group]');
    await scene.run.snapshot();
    configure(scene);
    for (const n of numbers(1, 3)) await scene.graph('PATCH', `/users/${person(n)}`, { accountEnabled: false });
    const report = await scene.run.diff();
    expect(report.coverage.desired?.gaps.map((gap) => gap.what)).toContain('user');
    const text = renderDifference(report, { format: 'text', color: false, width: 100, now: new Date() });
    expect(text).not.toContain('No changes. The live tenant matches');
    expect(text).toContain('No changes in what was read.');
  });
});

describe('after the writes', () => {
  it('a recovery that cannot be recorded in git is told all the same', async () => {
    const scene = await sceneForTest();
    await scene.run.snapshot();
    scene.git('update-ref', 'refs/heads/recoveries/mine', 'HEAD');
    await scene.graph('PATCH', `/users/${person(1)}`, { department: 'None' });
    const result = await scene.run.apply(await scene.run.plan());
    expect(result).toMatchObject({ status: 'incomplete', writes: 1, counts: { updated: 1 } });
    expect(result.verification?.problems).toMatchObject([{ code: 'KG607' }]);
  });

  it('a target that is gone from both sides does not keep the result back', async () => {
    const scene = await sceneForTest();
    await scene.run.snapshot();
    const { id } = await scene.graph('POST', '/groups', {
      displayName: 'New',
      mailEnabled: false,
      mailNickname: 'new',
      securityEnabled: true,
    });
    const plan = await scene.run.plan('HEAD', { targets: [`group/${String(id)}`], exclude: [], allowDelete: true });
    expect(await scene.run.apply(plan)).toMatchObject({ status: 'complete', counts: { softDeleted: 1 } });
  });
});

describe('members of a restored group', () => {
  it('that were deleted for good are named', async () => {
    const scene = await sceneForTest();
    await scene.run.snapshot();
    const members = await scene.graph('GET', `/groups/${TEAM}/members?$select=id,userPrincipalName`);
    const [first] = members.value as { id: string; userPrincipalName: string }[];
    await scene.graph('DELETE', `/users/${first?.id}`);
    await scene.graph('DELETE', `/directory/deletedItems/${first?.id}`);
    await scene.graph('DELETE', `/groups/${TEAM}`);
    const plan = await scene.run.plan();
    expect(plan.blocked).toContainEqual(
      expect.objectContaining({
        object: `group/${TEAM}`,
        path: 'members',
        code: 'KG510',
        target: first?.id,
      }),
    );
    expect(plan.names[first?.id ?? '']).toBe(first?.userPrincipalName);
  });
});

describe('a date', () => {
  it('names the last backup of the day, the minute or the second that it says', async () => {
    const scene = await sceneForTest();
    const { commit, captured } = await scene.run.snapshot();
    for (const date of [
      captured.end,
      captured.end.slice(0, 16),
      `${captured.end.slice(0, 19)}Z`,
      captured.end.slice(0, 10),
    ]) {
      expect((await scene.run.diff({ desired: date })).desired.commit, date).toBe(commit);
    }
    await expect(scene.run.diff({ desired: '2026-02-31' })).rejects.toMatchObject({ code: 'KG130' });
    await expect(scene.run.diff({ desired: '2020-01-01' })).rejects.toMatchObject({ code: 'KG131' });
  });
});
