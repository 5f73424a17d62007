/** The right tenant, or none: who answers is asked before anything else. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan.js';
import { runCli } from '../cli/run-cli.js';
import { acme, person } from '../support/acme.js';
import { compareTenants } from '../support/raw-reader.mjs';
import { createScene, type Scene, sceneForTest } from '../support/scene.js';

const OTHER = '11111111-1111-4111-8111-111111111111';

/** A scene of another tenant with the same objects. */
const elsewhere = (): Promise<Scene> => sceneForTest({ seed: { ...acme, tenantId: OTHER } });

const asked = (scene: Scene): string[] => scene.requests().map(({ method, url }) => `${method} ${url}`);
const WHO = 'GET /v1.0/organization?$select=id';

interface Typed {
  /** Whether the command asks Graph anything. */
  readonly graph: 'asked' | 'not asked' | 'asked for a tenant of its own';
  readonly typed: readonly string[];
  readonly exit: number;
}

/** Every command of the manifest; a new one must find its place here. */
const COMMANDS: Readonly<Record<string, Typed>> = {
  snapshot: { graph: 'asked', typed: ['snapshot'], exit: 4 },
  diff: { graph: 'asked', typed: ['diff'], exit: 4 },
  plan: { graph: 'asked', typed: ['plan', '--to', 'HEAD', '-o', 'new.json'], exit: 4 },
  apply: { graph: 'asked', typed: ['apply', 'plan.json'], exit: 4 },
  // What is wrong is what it is there to find.
  doctor: { graph: 'asked', typed: ['doctor'], exit: 1 },
  'sandbox:incident': { graph: 'asked', typed: ['sandbox', 'incident', 'mass-disable'], exit: 4 },
  'sandbox:start': { graph: 'not asked', typed: ['sandbox', 'start'], exit: 1 },
  'sandbox:token': { graph: 'not asked', typed: ['sandbox', 'token', '--as', 'reader'], exit: 1 },
  init: { graph: 'not asked', typed: ['init', 'new', '--tenant', OTHER], exit: 0 },
  backups: { graph: 'not asked', typed: ['backups'], exit: 0 },
  show: { graph: 'not asked', typed: ['show', 'HEAD', `user/${person(1)}`], exit: 0 },
  validate: { graph: 'not asked', typed: ['validate'], exit: 0 },
  coverage: { graph: 'not asked', typed: ['coverage'], exit: 0 },
  // Its environment leads nowhere: test/commands/demo.test.ts.
  demo: { graph: 'asked for a tenant of its own', typed: ['demo'], exit: 0 },
};

describe('a repository of one tenant, a token of another', () => {
  let scene: Scene;
  let other: Scene;
  beforeAll(async () => {
    scene = await createScene();
    other = await createScene({ seed: { ...acme, tenantId: OTHER } });
    await scene.run.snapshot();
    for (const { graph } of [scene, other]) await graph('PATCH', `/users/${person(1)}`, { department: 'Wrong' });
    const plan = await scene.run.plan();
    expect(plan.actions).toHaveLength(1);
    writeFileSync(join(scene.root, 'plan.json'), JSON.stringify(plan));
  });
  afterAll(async () => {
    await scene.close();
    await other.close();
  });

  it('meets every command that there is', () => {
    const manifest = new URL('../../oclif.manifest.json', import.meta.url);
    const { commands } = JSON.parse(readFileSync(manifest, 'utf8')) as { commands: object };
    expect(Object.keys(COMMANDS).sort()).toEqual(Object.keys(commands).sort());
  });

  const run = Object.entries(COMMANDS).filter(([, { graph }]) => graph !== 'asked for a tenant of its own');
  it.each(run)('%s asks for nothing but the organization', async (_, { graph, typed, exit }) => {
    const refs = scene.git('for-each-ref');
    const before = await other.dump();
    other.requests();
    const env = { KNOWNGOOD_GRAPH_URL: other.url };
    const { code, stdout } = await runCli([...typed, '--json'], { cwd: scene.root, env });
    expect({ code, asked: asked(other) }, stdout).toEqual({ code: exit, asked: graph === 'asked' ? [WHO] : [] });
    if (graph === 'asked') {
      const { error, checks = [] } = JSON.parse(stdout);
      const failed = checks.find(({ status }: { status: string }) => status === 'failed');
      expect((error ?? failed).message).toContain(OTHER);
    }
    expect(compareTenants(before, await other.dump())).toEqual([]);
    expect(scene.git('for-each-ref')).toBe(refs);
  });

  it('diff of two revisions asks for nothing at all', async () => {
    other.requests();
    const env = { KNOWNGOOD_GRAPH_URL: other.url };
    const { code } = await runCli(['diff', 'HEAD', 'HEAD'], { cwd: scene.root, env });
    expect({ code, asked: asked(other) }).toEqual({ code: 0, asked: [] });
  });
});

describe('a sandbox repository before another sandbox', () => {
  it('takes no backup, and makes and applies no plan', async () => {
    const [scene, other] = [await sceneForTest({ tenant: 'sandbox' }), await elsewhere()];
    await scene.run.snapshot();
    await scene.graph('PATCH', `/users/${person(1)}`, { department: 'Wrong' });
    const plan = await scene.run.plan();
    const there = scene.at(other.url);
    other.requests();
    await expect(there.snapshot()).rejects.toMatchObject({ exit: 4 });
    expect(asked(other)).toEqual([WHO]);
    await expect(there.plan()).rejects.toMatchObject({ exit: 4 });
    expect(asked(other)).toEqual([WHO]);
    await expect(there.apply(plan)).rejects.toMatchObject({ code: 'KG116', exit: 4 });
    expect(asked(other)).toEqual([WHO]);
  });
});

describe('a plan of one tenant, a repository of another', () => {
  it('is refused with exit code 4, and nothing is written', async () => {
    const [scene, other] = [await sceneForTest(), await elsewhere()];
    await scene.run.snapshot();
    await other.run.snapshot();
    for (const { graph } of [scene, other]) await graph('PATCH', `/users/${person(1)}`, { department: 'Wrong' });
    const plan: Plan = await scene.run.plan();
    const before = await other.dump();
    other.requests();
    await expect(other.run.apply(plan)).rejects.toMatchObject({ code: 'KG116', exit: 4 });
    expect(asked(other)).toEqual([]);
    expect(compareTenants(before, await other.dump())).toEqual([]);
  });
});

describe('the address of a real tenant', () => {
  it('may not be plain http: the token would cross the network in clear', async () => {
    const scene = await sceneForTest();
    const env = { KNOWNGOOD_GRAPH_URL: 'http://graph.example', KNOWNGOOD_TOKEN: 'secret-token' };
    const { code, stdout, stderr } = await runCli(['snapshot', '--json'], { cwd: scene.root, env });
    expect(code).toBe(4);
    expect(JSON.parse(stdout).error).toMatchObject({ code: 'KG118', where: 'KNOWNGOOD_GRAPH_URL' });
    expect(stdout + stderr).not.toContain('secret-token');
  });
});
