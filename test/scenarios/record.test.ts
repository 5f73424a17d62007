/** What a recovery leaves behind: its record in git, the live states around it, and its journal. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Plan } from '../../src/model/plan.js';
import { numbers, person, STAFF, TEAM } from '../support/acme.js';
import { refusal, startProxy } from '../support/proxy.js';
import { type Scene, sceneForTest, writesIn } from '../support/scene.js';

interface JournalLine {
  readonly event: 'start' | 'intent' | 'outcome' | 'end';
  readonly request?: number;
  readonly status?: number | string;
  readonly method?: string;
  readonly path?: string;
  readonly n?: readonly number[];
}

const journalFile = (scene: Scene, plan: Plan) => join(scene.root, '.knowngood', 'journal', `${plan.id}.jsonl`);

function journalOf(scene: Scene, plan: Plan): JournalLine[] {
  const lines = readFileSync(journalFile(scene, plan), 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as JournalLine);
}

async function damaged(): Promise<Scene> {
  const scene = await sceneForTest();
  await scene.run.snapshot();
  for (const n of numbers(1, 30)) await scene.graph('PATCH', `/users/${person(n)}`, { accountEnabled: false });
  await scene.graph('DELETE', `/users/${person(50)}`);
  for (const n of numbers(31, 45)) await scene.graph('DELETE', `/groups/${STAFF}/members/${person(n)}/$ref`);
  return scene;
}

describe('git', () => {
  it('the branch recoveries holds plan, review and result of each recovery', async () => {
    const scene = await damaged();
    const head = scene.git('rev-parse', 'main');
    const first = await scene.run.plan();
    const result = await scene.run.apply(first);
    const folder = `recoveries:recoveries/${first.id}`;
    expect(scene.git('ls-tree', '--name-only', folder).split('\n')).toEqual(['plan.json', 'plan.md', 'result.json']);
    expect(JSON.parse(scene.git('show', `${folder}/plan.json`))).toEqual(first);
    const { recorded, ...written } = result;
    expect(JSON.parse(scene.git('show', `${folder}/result.json`))).toEqual(written);
    expect(scene.git('show', `${folder}/plan.md`)).toMatch(/^\*\*Plan: 1 to restore, 0 to recreate, 30 to update/m);
    expect(scene.git('rev-parse', 'recoveries')).toBe(recorded);
    expect(scene.git('log', '-1', '--format=%B', 'recoveries')).toContain(`Knowngood-Plan: ${first.id}`);

    await scene.graph('PATCH', `/users/${person(1)}`, { accountEnabled: false });
    const second = await scene.run.plan();
    await scene.run.apply(second);
    expect(scene.git('ls-tree', '--name-only', 'recoveries:recoveries').split('\n').sort()).toEqual(
      [first.id, second.id].sort(),
    );
    expect(scene.git('rev-list', '--count', 'recoveries')).toBe('2');
    expect(scene.git('rev-parse', 'main')).toBe(head);
    expect(scene.git('status', '--porcelain')).toBe('');
    expect(scene.git('fsck', '--strict', '--no-dangling')).toBe('');
  });

  it('a ref keeps the live state before the recovery, and after it', async () => {
    const scene = await damaged();
    const plan = await scene.run.plan();
    const ref = `refs/knowngood/live/${plan.id}`;
    expect(scene.git('rev-parse', `${ref}:tenant-state`)).toBe(plan.live.tree);
    expect(scene.git('rev-list', '--count', ref)).toBe('1');
    await scene.run.apply(plan);
    expect(scene.git('rev-list', '--count', ref)).toBe('2');
    expect(scene.git('rev-parse', `${ref}~1:tenant-state`)).toBe(plan.live.tree);
    expect(scene.git('rev-parse', `${ref}:tenant-state`)).toBe(scene.git('rev-parse', 'HEAD:tenant-state'));
  });

  it('the live state of a plan is whole, and leads back to the damage if it is asked for', async () => {
    const scene = await damaged();
    const before = await scene.dump();
    const plan = await scene.run.plan();
    await scene.run.apply(plan);
    const file = `tenant-state/users/${person(1).slice(0, 3)}/${person(1)}.yaml`;
    expect(scene.git('show', `refs/knowngood/live/${plan.id}~1:${file}`)).toMatch(/^accountEnabled: false$/m);
    expect(before.users?.[person(1)]?.accountEnabled).toBe(false);
  });

  it('a plan that is applied again when part of it had failed is recorded again', async () => {
    const scene = await damaged();
    const proxy = await startProxy(scene.url);
    onTestFinished(() => proxy.close());
    const plan = await scene.run.plan();
    proxy.answer(({ method, path }) => (method === 'PATCH' && path.endsWith(person(7)) ? refusal(403) : undefined));
    expect(await scene.at(proxy.url).apply(plan)).toMatchObject({ status: 'incomplete', counts: { failed: 1 } });
    const again = await scene.run.apply(plan);
    expect(again).toMatchObject({ writes: 1, counts: { updated: 1 } });
    expect(scene.git('ls-tree', '--name-only', 'recoveries:recoveries')).toBe(plan.id);
    expect(scene.git('rev-list', '--count', 'recoveries')).toBe('2');
    expect(scene.git('fsck', '--strict', '--no-dangling')).toBe('');
  });

  it('an apply that wrote nothing is not recorded', async () => {
    const scene = await damaged();
    const plan = await scene.run.plan();
    await scene.run.apply(plan);
    const commit = scene.git('rev-parse', 'recoveries');
    const again = await scene.run.apply(plan);
    expect(again.recorded).toBeUndefined();
    expect(scene.git('rev-parse', 'recoveries')).toBe(commit);
  });
});

describe('the journal', () => {
  it('has every write of the tenant: its intent first, then its outcome', async () => {
    const scene = await damaged();
    const plan = await scene.run.plan();
    scene.requests();
    const result = await scene.run.apply(plan);
    const writes = writesIn(scene.requests()).map(({ method, url }) => `${method} ${url}`);
    const lines = journalOf(scene, plan);
    expect(lines[0]?.event).toBe('start');
    expect(lines.at(-1)).toMatchObject({ event: 'end', status: 'complete', writes: result.writes });
    const intents = lines.filter((line) => line.event === 'intent');
    expect(intents.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(writes.sort());
    expect(new Set(intents.flatMap(({ n }) => n ?? []))).toEqual(new Set(plan.actions.map(({ n }) => n)));
    for (const { request } of intents) {
      const places = lines.flatMap((line, index) => (line.request === request ? [`${line.event} ${index}`] : []));
      expect(places.map((place) => place.split(' ')[0])).toEqual(['intent', 'outcome']);
    }
  });

  it('says of every write that it is coming before the write arrives', async () => {
    const scene = await damaged();
    const plan = await scene.run.plan();
    const proxy = await startProxy(scene.url);
    onTestFinished(() => proxy.close());
    let checked = 0;
    const unannounced: string[] = [];
    proxy.answer(({ method, path }) => {
      if (method === 'GET') return undefined;
      checked += 1;
      const announced = existsSync(journalFile(scene, plan))
        ? journalOf(scene, plan).filter((line) => line.event === 'intent')
        : [];
      if (!announced.some((line) => line.method === method && line.path === path)) unannounced.push(path);
      return undefined;
    });
    await scene.at(proxy.url).apply(plan);
    expect(checked).toBe(32);
    expect(unannounced).toEqual([]);
  });

  it('is not in git, and holds no token', async () => {
    const scene = await damaged();
    const plan = await scene.run.plan('HEAD', { targets: [`group/${STAFF}`, `group/${TEAM}`] });
    await scene.run.apply(plan);
    expect(scene.git('status', '--porcelain', '--ignored')).toContain('!! .knowngood/');
    expect(readFileSync(journalFile(scene, plan), 'utf8')).not.toMatch(/bearer/i);
  });
});
