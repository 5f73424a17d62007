/** The right tenant, or none: who answers is asked before anything else. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan.js';
import { runCli } from '../cli/run-cli.js';
import { acme, person } from '../support/acme.js';
import { compareTenants } from '../support/raw-reader.mjs';
import { type Scene, sceneForTest } from '../support/scene.js';

const OTHER = '11111111-1111-4111-8111-111111111111';

/** A scene of another tenant with the same objects. */
const elsewhere = (): Promise<Scene> => sceneForTest({ seed: { ...acme, tenantId: OTHER } });

const asked = (scene: Scene): string[] => scene.requests().map(({ method, url }) => `${method} ${url}`);
const WHO = 'GET /v1.0/organization?$select=id';

describe('a repository of one tenant, a token of another', () => {
  it('snapshot, diff and plan exit with 4, and only the organization was asked for', async () => {
    const [scene, other] = [await sceneForTest(), await elsewhere()];
    await scene.run.snapshot();
    const head = scene.git('rev-parse', 'HEAD');
    const env = { KNOWNGOOD_GRAPH_URL: other.url };
    other.requests();
    for (const args of [['snapshot'], ['diff'], ['plan', '--to', 'HEAD', '-o', 'plan.json']]) {
      const { code, stdout } = await runCli([...args, '--json'], { cwd: scene.root, env });
      expect(code).toBe(4);
      expect(JSON.parse(stdout).error).toMatchObject({ code: 'KG116', message: expect.stringContaining(OTHER) });
      expect(asked(other)).toEqual([WHO]);
    }
    expect(scene.git('rev-parse', 'HEAD')).toBe(head);
  });

  it('apply exits with 4, and only the organization was asked for', async () => {
    const [scene, other] = [await sceneForTest(), await elsewhere()];
    await scene.run.snapshot();
    for (const { graph } of [scene, other]) await graph('PATCH', `/users/${person(1)}`, { department: 'Wrong' });
    const plan = await scene.run.plan();
    expect(plan.actions).toHaveLength(1);
    writeFileSync(join(scene.root, 'plan.json'), JSON.stringify(plan));
    const before = await other.dump();
    other.requests();
    const env = { KNOWNGOOD_GRAPH_URL: other.url };
    const { code } = await runCli(['apply', 'plan.json'], { cwd: scene.root, env });
    expect(code).toBe(4);
    expect(asked(other)).toEqual([WHO]);
    expect(compareTenants(before, await other.dump())).toEqual([]);
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
