/** The plan file: the same from the same, refused when edited, and the same to look at as when it was made. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan.js';
import { planId } from '../../src/plan/plan.js';
import { type CliResult, runCli } from '../cli/run-cli.js';
import { numbers, person, TEAM } from '../support/acme.js';
import { createScene, type Scene, sceneForTest, writesIn } from '../support/scene.js';

/** Somebody whom no backup knows. */
const OUTSIDER = '99999999-9999-4999-8999-999999999999';

let scene: Scene;
let planned: CliResult;
let text: string;

const run = (...args: string[]) => runCli(args, { cwd: scene.root, env: scene.env });

beforeAll(async () => {
  scene = await createScene();
  await scene.run.snapshot();
  for (const n of numbers(1, 5))
    await scene.graph('PATCH', `/users/${person(n)}`, { department: 'Wrong', usageLocation: 'DE' });
  await scene.graph('DELETE', `/users/${person(50)}`);
  await scene.graph('DELETE', `/groups/${TEAM}/members/${person(1)}/$ref`);
  planned = await run('plan', '--to', 'HEAD', '-o', 'plan.json');
  text = readFileSync(join(scene.root, 'plan.json'), 'utf8');
  return () => scene.close();
});

/** What of a plan does not follow from what it was made from. */
function content(plan: Plan): unknown {
  const { id: _, createdAt: __, live, coverage, ...rest } = plan;
  return { ...rest, tree: live.tree, coverage };
}

describe('a plan', () => {
  it('is the same when it is made twice from the same, but for the moment', async () => {
    const [first, second] = [await scene.run.plan(), await scene.run.plan()];
    expect(first.actions).toHaveLength(7);
    expect(first.blocked).toHaveLength(5);
    expect(content(second)).toEqual(content(first));
    expect(JSON.stringify(content(second))).toBe(JSON.stringify(content(first)));
    expect(second.id).not.toBe(first.id);
  });

  it('holds no token and no password', () => {
    expect(planned.code).toBe(0);
    expect(text).not.toMatch(/bearer|password"/i);
  });

  it.each([
    ['a desired value', (plan: Plan) => replace(plan, '"Research"', '"Management"')],
    ['a target', (plan: Plan) => replace(plan, `user/${person(1)}`, `user/${person(9)}`)],
    ['an action less', (plan: Plan) => ({ ...plan, actions: plan.actions.slice(1) })],
    ['the tenant', (plan: Plan) => ({ ...plan, tenant: '11111111-1111-4111-8111-111111111111' })],
    ['the commit', (plan: Plan) => ({ ...plan, desired: { ...plan.desired, commit: '0'.repeat(40) } })],
  ])('that was edited (%s) is refused with exit code 4', async (_, edit) => {
    const edited = edit(JSON.parse(text) as Plan);
    expect(edited).not.toEqual(JSON.parse(text));
    writeFileSync(join(scene.root, 'edited.json'), JSON.stringify(edited));
    scene.requests();
    const { code, stdout } = await run('apply', 'edited.json', '--json');
    expect(code).toBe(4);
    expect(JSON.parse(stdout).error).toMatchObject({
      code: 'KG144',
      remedy: expect.stringContaining('knowngood plan'),
    });
    expect(writesIn(scene.requests())).toEqual([]);
  });

  it.each([
    ['a value', (plan: Plan) => replace(plan, '"Research"', '"Management"')],
    ['a link', (plan: Plan) => replace(plan, `"target":"${person(1)}"`, `"target":"${OUTSIDER}"`)],
    ['a delete', (plan: Plan) => replace(plan, '"action":"restore"', '"action":"soft-delete"')],
  ])('that asks for what its backup does not hold (%s) is refused, even when its id fits', async (_, edit) => {
    const forged = edit(JSON.parse(text) as Plan);
    expect(forged).not.toEqual(JSON.parse(text));
    writeFileSync(join(scene.root, 'forged.json'), JSON.stringify({ ...forged, id: planId(forged) }));
    scene.requests();
    const { code, stdout } = await run('apply', 'forged.json', '--json');
    expect(JSON.parse(stdout).error.code).toMatch(/^KG14[37]$/);
    expect(code).toBe(JSON.parse(stdout).error.code === 'KG147' ? 4 : 1);
    expect(writesIn(scene.requests())).toEqual([]);
  });

  it('may be written with other white space', async () => {
    writeFileSync(join(scene.root, 'compact.json'), JSON.stringify(JSON.parse(text)));
    expect((await run('show', 'compact.json')).code).toBe(0);
  });

  it.each([
    ['not closed', '{\n  "format": 1,\n  "id": "x"\n', 'KG141', /broken\.json:[3-5]:\d+$/],
    ['a missing comma', '{\n  "format": 1\n  "id": "x"\n}\n', 'KG141', /broken\.json:[23]:\d+$/],
    ['a wrong value', '{\n  "format": 1,\n  "id": 7\n}\n', 'KG143', /broken\.json:\d+:\d+$/],
    ['another format', '{"format": 2}', 'KG142', /broken\.json/],
  ])('that is broken (%s) is refused with its line and column', async (_, broken, expected, place) => {
    writeFileSync(join(scene.root, 'broken.json'), broken);
    const { code, stdout } = await run('apply', 'broken.json', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout).error).toMatchObject({ code: expected, where: expect.stringMatching(place) });
  });
});

describe('show', () => {
  /** Ages are counted from now; nothing else may differ. */
  const timeless = (shown: string) => shown.replace(/\d+ (?:second|minute)s? ago|just now/g, 'ago').trim();

  it('prints what plan printed', async () => {
    const { code, stdout } = await run('show', 'plan.json');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^Plan: 1 to restore, 0 to recreate, 5 to update, 0 to soft-delete; 1 links? to add, 0 to rem/m,
    );
    expect(timeless(planned.stdout.split('\nSaved the plan to')[0] ?? '')).toBe(timeless(stdout));
  });

  it('prints the document as JSON', async () => {
    const { code, stdout } = await run('show', 'plan.json', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(text));
  });

  it('prints Markdown for a pull request', async () => {
    const { code, stdout } = await run('show', 'plan.json', '--format', 'markdown');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\*\*Plan: 1 to restore/m);
    expect(stdout).toContain('person50@acme.example');
  });

  it('needs neither the tenant nor the repository', async () => {
    const { code } = await runCli(['show', join(scene.root, 'plan.json')], {
      env: { KNOWNGOOD_GRAPH_URL: 'http://127.0.0.1:1' },
    });
    expect(code).toBe(0);
  });
});

function replace(plan: Plan, from: string, to: string): Plan {
  return JSON.parse(JSON.stringify(plan).replace(from, to)) as Plan;
}

describe('a plan from a commit that a person changed', () => {
  const commit = (of: Scene, message: string) =>
    of.git('-c', 'user.name=A', '-c', 'user.email=a@b.example', 'commit', '--quiet', '--all', '-m', message);

  async function changed() {
    const of = await sceneForTest();
    await of.run.snapshot();
    const backup = of.git('rev-parse', 'HEAD');
    const file = join(of.root, of.git('grep', '-l', 'displayName: team', '--', 'tenant-state'));
    writeFileSync(file, readFileSync(file, 'utf8').replace('displayName: team', 'displayName: by hand'));
    commit(of, 'By hand');
    return { of, backup };
  }

  it('says so, on stderr and in the document, with the backup that it stems from', async () => {
    const { of, backup } = await changed();
    const short = of.git('rev-parse', 'HEAD').slice(0, 7);
    const made = await runCli(['plan', '--to', 'HEAD', '-o', 'plan.json'], { cwd: of.root, env: of.env });
    expect(made.stderr).toContain(`Commit ${short} is not a backup: it stems from the newest one`);
    expect(made.stderr).not.toContain('This is the newest backup');
    expect(made.stdout).toContain(`Made from commit ${short}, which stems from backup ${backup.slice(0, 7)} (`);
    expect(made.stdout).toContain(`git diff ${backup.slice(0, 7)} ${short} -- tenant-state`);
    const plan = JSON.parse(readFileSync(join(of.root, 'plan.json'), 'utf8')) as Plan;
    expect(plan.desired).toMatchObject({ commit: of.git('rev-parse', 'HEAD'), backup });
    expect(await of.run.apply(plan)).toMatchObject({ status: 'complete', counts: { updated: 1 } });
  });

  it('is refused where it does not say so, or says it of a backup', async () => {
    const { of, backup } = await changed();
    const plan = await of.run.plan();
    const { backup: _, ...desired } = plan.desired;
    const forged = { ...plan, desired };
    of.requests();
    const refused = { code: 'KG147', exit: 4 };
    await expect(of.run.apply({ ...forged, id: planId(forged) })).rejects.toMatchObject(refused);
    const honest = await of.run.plan(backup);
    expect(honest.desired).not.toHaveProperty('backup');
    const wrong = { ...honest, desired: { ...honest.desired, backup } };
    await expect(of.run.apply({ ...wrong, id: planId(wrong) })).rejects.toMatchObject(refused);
    expect(writesIn(of.requests())).toEqual([]);
  });

  it('is one from the backup where only other files were changed', async () => {
    const of = await sceneForTest();
    await of.run.snapshot();
    writeFileSync(join(of.root, 'knowngood.yaml'), `${readFileSync(join(of.root, 'knowngood.yaml'), 'utf8')}# ours\n`);
    commit(of, 'A comment');
    expect((await of.run.plan()).desired).not.toHaveProperty('backup');
  });
});
