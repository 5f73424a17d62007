/** An apply that is stopped in the middle leaves a tenant that the next plan takes to the same end. */

import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { generateTenant } from '../../src/sandbox/tenant.js';
import { startCli } from '../cli/run-cli.js';
import { person, TEAM } from '../support/acme.js';
import { startProxy } from '../support/proxy.js';
import { compareTenants } from '../support/raw-reader.mjs';
import { sceneForTest, writesIn } from '../support/scene.js';

it.each([1, 45, 110])(
  'killed at write %i, planned again and applied, it is all as it was',
  async (moment) => {
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
    const child = startCli(['apply', 'plan.json'], { cwd: scene.root, env: { KNOWNGOOD_GRAPH_URL: proxy.url } });
    let complaints = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaints += text;
    });
    const closed = once(child, 'close') as Promise<[number | null, string | null]>;
    let writes = 0;
    proxy.answer(async ({ method }) => {
      if (method === 'GET' || ++writes < moment) return undefined;
      child.kill('SIGKILL');
      await closed;
      return { status: 503 };
    });
    expect([...(await closed), complaints]).toEqual([null, 'SIGKILL', '']);
    await proxy.close();
    const written = writesIn(scene.requests()).length;
    expect(written).toBeLessThan(plan.actions.length);
    const journal = readFileSync(join(scene.root, '.knowngood', 'journal', `${plan.id}.jsonl`), 'utf8');
    expect(journal.match(/"event":"intent"/g)?.length).toBeGreaterThanOrEqual(written);
    expect(journal).not.toContain('"event":"end"');
    expect(compareTenants(good, await scene.dump())).not.toEqual([]);

    const next = await scene.run.plan();
    expect(next.actions.length).toBeLessThanOrEqual(plan.actions.length);
    expect(await scene.run.apply(next)).toMatchObject({ status: 'complete' });
    expect(compareTenants(good, await scene.dump())).toEqual([]);
    expect(scene.git('fsck', '--strict', '--no-dangling')).toBe('');
  },
  60_000,
);

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
}, 60_000);
