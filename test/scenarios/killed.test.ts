/** An apply that is stopped in the middle leaves a tenant that the next plan takes to the same end. */

import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Plan } from '../../src/model/plan.js';
import { generateTenant } from '../../src/sandbox/tenant.js';
import { runCli, startCli } from '../cli/run-cli.js';
import { person, TEAM } from '../support/acme.js';
import { CAN_KILL, killer } from '../support/killing.js';
import { startProxy } from '../support/proxy.js';
import { compareTenants } from '../support/raw-reader.mjs';
import { type LoggedRequest, type Scene, sceneForTest, temporary, writesIn } from '../support/scene.js';

/** The writes that a killed apply sent are announced in its journal, whose lines are whole; it has no end. */
function checkJournal(scene: Scene, plan: Plan, written: readonly LoggedRequest[]): void {
  const journal = readFileSync(join(scene.root, '.knowngood', 'journal', `${plan.id}.jsonl`), 'utf8');
  const lines = journal.split('\n');
  expect(lines.pop()).toBe('');
  const events = lines.map((line) => JSON.parse(line) as { event: string; method?: string; path?: string });
  const announced = events.filter(({ event }) => event === 'intent').map(({ method, path }) => `${method} ${path}`);
  for (const { method, url } of written) {
    const at = announced.indexOf(`${method} ${url}`);
    expect(at, `${method} ${url}`).toBeGreaterThanOrEqual(0);
    announced.splice(at, 1);
  }
  expect(events.some(({ event }) => event === 'end')).toBe(false);
}

it.skipIf(!CAN_KILL).each([
  { moment: 1, effect: false },
  { moment: 45, effect: true },
  { moment: 110, effect: false },
])(
  'killed at write $moment (done: $effect), planned again and applied, it is all as it was',
  async ({ moment, effect }) => {
    const scene = await sceneForTest({ seed: generateTenant(150, '2026-11-20T12:00:00Z') });
    await scene.run.snapshot();
    const good = await scene.dump();
    await scene.incident('mass-disable');
    await scene.incident('membership-purge');
    const plan = await scene.run.plan();
    writeFileSync(join(scene.root, 'plan.json'), JSON.stringify(plan));
    scene.requests();

    const proxy = await startProxy(scene.url);
    onTestFinished(() => proxy.close());
    const child = startCli(['apply', 'plan.json'], {
      cwd: scene.root,
      env: { KNOWNGOOD_GRAPH_URL: proxy.url },
      detached: true,
    });
    let complaints = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaints += text;
    });
    const closed = once(child, 'close') as Promise<[number | null, string | null]>;
    let writes = 0;
    proxy.answer(async ({ method, path, body }) => {
      if (method === 'GET' || ++writes < moment) return undefined;
      if (effect && writes === moment) await scene.graph(method, path.replace('/v1.0', ''), body);
      if (child.exitCode === null && child.signalCode === null) process.kill(-Number(child.pid), 'SIGKILL');
      await closed;
      return { status: 503 };
    });
    expect([...(await closed), complaints]).toEqual([null, 'SIGKILL', '']);
    await proxy.close();
    const written = writesIn(scene.requests());
    expect(written.length).toBeLessThan(plan.actions.length);
    checkJournal(scene, plan, written);
    expect(compareTenants(good, await scene.dump())).not.toEqual([]);

    const next = await scene.run.plan();
    expect(next.actions.length).toBeLessThanOrEqual(plan.actions.length);
    expect(await scene.run.apply(next)).toMatchObject({ status: 'complete' });
    expect(compareTenants(good, await scene.dump())).toEqual([]);
    expect(writesIn(scene.requests()).filter(({ status }) => status >= 400)).toEqual([]);
    expect(scene.git('fsck', '--strict', '--no-dangling')).toBe('');
  },
);

it.skipIf(!CAN_KILL).each([
  { when: 'locked', command: 'update-ref' },
  { when: 'locked', command: 'update-ref', nth: 2 },
] as const)('killed while it recorded what it had done ($nth), nothing of it is in the way', async (moment) => {
  const scene = await sceneForTest();
  await scene.run.snapshot();
  const good = await scene.dump();
  await scene.graph('PATCH', `/users/${person(1)}`, { department: 'Gone' });
  const plan = await scene.run.plan();
  writeFileSync(join(scene.root, 'plan.json'), JSON.stringify(plan));
  const kill = killer(temporaryFor());
  expect(await kill(['apply', 'plan.json'], moment, { cwd: scene.root, env: scene.env })).toMatchObject({
    killed: true,
  });
  expect(compareTenants(good, await scene.dump())).toEqual([]);
  expect(await scene.run.diff()).toMatchObject({ changes: [], blocked: [] });

  await scene.graph('PATCH', `/users/${person(1)}`, { department: 'Gone' });
  const again = await runCli(['apply', 'plan.json', '--json'], { cwd: scene.root, env: scene.env });
  expect(again.stderr).toMatch(/^(?:removed the stale lock [a-z0-9]+\.lock\n)+$/);
  expect([again.code, JSON.parse(again.stdout)]).toMatchObject([0, { status: 'complete', writes: 1 }]);
  expect(scene.git('log', '-1', '--format=%s', 'recoveries')).toBe('Recovery: 1 updated');
  expect(scene.git('fsck', '--strict', '--no-dangling')).toBe('');
  const journal = readFileSync(join(scene.root, '.knowngood', 'journal', `${plan.id}.jsonl`), 'utf8');
  expect(journal.match(/"event":"intent","request":[12],/g)).toHaveLength(2);
  expect((await runCli(['snapshot'], { cwd: scene.root, env: scene.env })).code).toBe(0);
});

function temporaryFor(): string {
  const folder = temporary();
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

it('interrupted by Ctrl-C it finishes what is under way, says so in the journal and exits with 130', async () => {
  const scene = await sceneForTest();
  await scene.run.snapshot();
  const good = await scene.dump();
  await scene.incident('mass-disable');
  await scene.graph('DELETE', `/groups/${TEAM}/members/${person(1)}/$ref`);
  const plan = await scene.run.plan();
  expect(plan.summary).toMatchObject({ update: 60, link: 1 });
  writeFileSync(join(scene.root, 'plan.json'), JSON.stringify(plan));

  const proxy = await startProxy(scene.url);
  onTestFinished(() => proxy.close());
  const child = startCli(['apply', 'plan.json', '--json'], {
    cwd: scene.root,
    env: { KNOWNGOOD_GRAPH_URL: proxy.url },
  });
  const closed = once(child, 'close') as Promise<[number | null, string | null]>;
  let pressed = false;
  const heard = once(child.stderr, 'data');
  proxy.answer(async ({ method }) => {
    if (method === 'GET' || pressed) return undefined;
    pressed = true;
    child.kill('SIGINT');
    await heard;
    return undefined;
  });
  expect(await closed).toEqual([130, null]);
  expect(compareTenants(good, await scene.dump())).toEqual([`groups/${TEAM} (team) members: lost "${person(1)}"`]);
  const journal = readFileSync(join(scene.root, '.knowngood', 'journal', `${plan.id}.jsonl`), 'utf8');
  expect(JSON.parse(journal.trim().split('\n').at(-1) ?? '')).toMatchObject({ event: 'end', status: 'interrupted' });
  expect(journal.match(/"event":"outcome"/g)).toHaveLength(60);
  await scene.run.apply(await scene.run.plan());
  expect(compareTenants(good, await scene.dump())).toEqual([]);
});
