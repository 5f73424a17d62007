/** Two commands at once in one repository, as two people or a timer start them: one wins, the other says so. */

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type CliResult, cleanEnvironment, runCli } from '../cli/run-cli.js';
import { numbers, person } from '../support/acme.js';
import { type FaultyProxy, type ProxiedRequest, startProxy } from '../support/proxy.js';
import { gitIn, type Scene, sceneForTest } from '../support/scene.js';

/** A way to the tenant on which one request waits until it is let through. */
interface Gate {
  readonly url: string;
  /** Resolves when a request waits. */
  readonly reached: Promise<void>;
  readonly open: () => void;
  readonly proxy: FaultyProxy;
}

async function gateAt(scene: Scene, waits: (request: ProxiedRequest) => boolean): Promise<Gate> {
  const proxy = await startProxy(scene.url);
  onTestFinished(() => proxy.close());
  let [reach, open] = [() => {}, () => {}];
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  proxy.answer(async (request) => {
    if (!waits(request)) return undefined;
    reach();
    await opened;
    return undefined;
  });
  return { url: proxy.url, reached, open, proxy };
}

const isWrite = ({ method }: ProxiedRequest) => method !== 'GET';
const isUsers = ({ path }: ProxiedRequest) => /^\/v1\.0\/users(?:\?|\/delta)/.test(path);

/** What it says: one sentence, where, and what to do. */
function expectRefusal({ code, stdout, stderr }: CliResult, sentence: RegExp): void {
  expect([code, stdout]).toEqual([1, '']);
  const [first, ...more] = stderr.trimEnd().split('\n');
  expect(first).toMatch(sentence);
  expect(more.map((line) => line.trim().split(' ')[0])).toEqual(['where:', 'do:']);
}

async function damagedScene(): Promise<Scene> {
  const scene = await sceneForTest();
  await scene.run.snapshot();
  for (const n of numbers(1, 5)) await scene.graph('PATCH', `/users/${person(n)}`, { accountEnabled: false });
  return scene;
}

async function withPlan(): Promise<{ readonly scene: Scene; readonly id: string }> {
  const scene = await damagedScene();
  const plan = await scene.run.plan();
  writeFileSync(join(scene.root, 'plan.json'), JSON.stringify(plan));
  return { scene, id: plan.id };
}

it.each(['bare', 'checked out'])('of two snapshots in a %s repository one is a backup', async (kind) => {
  const scene = await damagedScene();
  const bare = join(scene.root, '..', 'acme.git');
  const root = kind === 'bare' ? bare : scene.root;
  if (kind === 'bare')
    execFileSync('git', ['clone', '--quiet', '--bare', scene.root, bare], { env: cleanEnvironment() });
  const before = gitIn(root, 'rev-parse', 'main');
  const gate = await gateAt(scene, isUsers);
  const slow = runCli(['snapshot'], { cwd: root, env: { KNOWNGOOD_GRAPH_URL: gate.url } });
  await gate.reached;
  const quick = await runCli(['snapshot'], { cwd: root, env: scene.env });
  gate.open();
  expect([quick.code, quick.stderr]).toEqual([0, '']);
  expectRefusal(
    await slow,
    /^Error: Another snapshot was committed to main while this one read the tenant\. \(KG402\)$/,
  );
  expect(gitIn(root, 'rev-parse', 'main^')).toBe(before);
  expect(gitIn(root, 'fsck', '--strict', '--no-dangling')).toBe('');
  if (kind !== 'bare') expect(gitIn(root, 'status', '--porcelain')).toBe('');
  expect((await runCli(['snapshot'], { cwd: root, env: scene.env })).code).toBe(0);
});

it('of two applies one writes, and the other asks the tenant nothing', async () => {
  const { scene, id } = await withPlan();
  const [gate, other] = [await gateAt(scene, isWrite), await gateAt(scene, () => false)];
  const first = runCli(['apply', 'plan.json'], { cwd: scene.root, env: { KNOWNGOOD_GRAPH_URL: gate.url } });
  await gate.reached;
  const second = await runCli(['apply', 'plan.json'], { cwd: scene.root, env: { KNOWNGOOD_GRAPH_URL: other.url } });
  gate.open();
  expectRefusal(second, /^Error: A plan is being applied in this repository at this moment: [0-9a-f]{12}\. \(KG410\)$/);
  expect(other.proxy.seen).toEqual([]);
  expect((await first).code).toBe(0);
  const journal = readFileSync(join(scene.root, '.knowngood', 'journal', `${id}.jsonl`), 'utf8');
  expect(journal.match(/"event":"start"/g)).toHaveLength(1);
  expect(await scene.run.plan()).toMatchObject({ actions: [] });
});

it('no backup is taken of what is half recovered', async () => {
  const { scene } = await withPlan();
  const before = gitIn(scene.root, 'rev-parse', 'main');
  const [reading, writing] = [await gateAt(scene, isUsers), await gateAt(scene, isWrite)];
  const at = (url: string) => ({ cwd: scene.root, env: { KNOWNGOOD_GRAPH_URL: url } });
  const early = runCli(['snapshot'], at(reading.url));
  await reading.reached;
  const apply = runCli(['apply', 'plan.json'], at(writing.url));
  await writing.reached;
  const sentence = /^Error: A plan is being applied in this repository at this moment: [0-9a-f]{12}\. \(KG410\)$/;
  expectRefusal(await runCli(['snapshot'], { cwd: scene.root, env: scene.env }), sentence);
  reading.open();
  expectRefusal(await early, sentence);
  expect(gitIn(scene.root, 'rev-parse', 'main')).toBe(before);
  writing.open();
  expect((await apply).code).toBe(0);
  const { commit, subject } = await scene.run.snapshot();
  expect([gitIn(scene.root, 'rev-parse', 'main'), subject]).toEqual([commit, 'Snapshot: no changes']);
});
