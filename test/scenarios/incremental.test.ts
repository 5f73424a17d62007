/** Backups that read only what has changed: what they ask for, when they read everything all the same, and what they say. */

import { describe, expect, it, onTestFinished } from 'vitest';
import { snapshot } from '../../src/backup.js';
import type { SnapshotResult } from '../../src/model/documents.js';
import { openWorkspace, type Surroundings } from '../../src/workspace.js';
import { acme, person, TEAM } from '../support/acme.js';
import { type FaultyProxy, refusal, startProxy } from '../support/proxy.js';
import { createScene, type Scene, sceneForTest, surroundings } from '../support/scene.js';

const DELTA = 'refs/knowngood/delta';
const tree = (scene: Scene) => scene.git('rev-parse', 'HEAD:tenant-state');
const left = (scene: Scene) => JSON.parse(scene.git('show', `${DELTA}:delta.json`));
const codes = ({ problems }: SnapshotResult) => problems.map(({ code }) => code);
const lists = (urls: readonly string[]) =>
  urls.filter((url) => /^\/v1\.0\/(?:users|groups|applications|servicePrincipals|oauth2PermissionGrants)\?/.test(url));

/** The tree of a backup that reads everything, of the same tenant, instead of the last backup. */
async function wholeTree(scene: Scene): Promise<string> {
  scene.git('reset', '--hard', '--quiet', 'HEAD~1');
  await scene.run.snapshot({ full: true });
  return tree(scene);
}

describe('a second backup', () => {
  it('asks for what has changed, with all that belongs to it, and is what reading everything comes to', async () => {
    const scene = await sceneForTest();
    expect(await scene.run.snapshot()).toMatchObject({ read: 'full', problems: [] });
    await scene.graph('PATCH', `/users/${person(1)}`, { department: 'Legal' });
    await scene.graph('DELETE', `/users/${person(2)}`);
    await scene.graph('DELETE', `/groups/${TEAM}/members/${person(3)}/$ref`);
    scene.requests();
    const result = await scene.run.snapshot();
    const urls = scene.requests().map(({ url }) => url);
    expect(result).toMatchObject({
      read: 'incremental',
      changes: { updated: 2, softDeleted: 1, added: 0, removed: 0 },
    });
    expect(lists(urls)).toEqual([]);
    const asked = urls.filter((url) => /^\/(?:v1\.0|beta)\/(?:users|groups)\/[0-9a-f-]{36}/.test(url));
    const members = `/beta/groups/${TEAM}/members`;
    // A member that a list leaves out is gone only when a second reading leaves it out, too.
    expect(asked.map((url) => url.split('?')[0]).sort()).toEqual(
      [members, members, `/v1.0/groups/${TEAM}`, `/v1.0/users/${person(1)}`].sort(),
    );
    expect(scene.git('log', '-1', '--format=%(trailers:key=Knowngood-Read,valueonly)')).toBe('incremental');
    expect(scene.git('status', '--porcelain')).toBe('');
    const incremental = tree(scene);
    expect(await wholeTree(scene)).toBe(incremental);
  });

  it('counts all objects, also those that it did not look at', async () => {
    const scene = await sceneForTest();
    const first = await scene.run.snapshot();
    expect(left(scene)).toMatchObject({ format: 1, backup: first.commit });
    const second = await scene.run.snapshot();
    expect(left(scene)).toMatchObject({ format: 1, backup: second.commit });
    expect(second.coverage).toEqual(first.coverage);
    expect(second).toMatchObject({ read: 'incremental', subject: 'Snapshot: no changes', tree: first.tree });
  });

  it('reads once more what was named before: it may have been read before it had changed everywhere', async () => {
    const scene = await sceneForTest();
    await scene.run.snapshot();
    await scene.graph('PATCH', `/users/${person(1)}`, { department: 'Legal' });
    await scene.run.snapshot();
    const ofUser = () => scene.requests().filter(({ url }) => url.startsWith(`/v1.0/users/${person(1)}?`)).length;
    scene.requests();
    await scene.run.snapshot();
    expect(ofUser()).toBe(1);
    await scene.run.snapshot();
    expect(ofUser()).toBe(0);
  });

  it('does not see what a person committed: it is built on the last backup', async () => {
    const scene = await sceneForTest();
    const first = await scene.run.snapshot();
    scene.git('rm', '-q', `tenant-state/users/${person(1).slice(0, 3)}/${person(1)}.yaml`);
    scene.git('-c', 'user.name=A', '-c', 'user.email=a@x', 'commit', '-qm', 'Take a user out');
    expect(await scene.run.snapshot()).toMatchObject({ read: 'incremental', tree: first.tree });
  });
});

describe('everything is read', () => {
  it('where it is asked for', async () => {
    const scene = await sceneForTest();
    await scene.run.snapshot();
    scene.requests();
    expect(await scene.run.snapshot({ full: true })).toMatchObject({ read: 'full', problems: [] });
    expect(lists(scene.requests().map(({ url }) => url))).toHaveLength(5);
    expect(await scene.run.snapshot()).toMatchObject({ read: 'incremental' });
  });

  it('where the links belong to another backup', async () => {
    const scene = await sceneForTest();
    await scene.run.snapshot();
    await scene.graph('PATCH', `/users/${person(1)}`, { department: 'Legal' });
    await scene.run.snapshot();
    scene.git('reset', '--hard', '--quiet', 'HEAD~1');
    const result = await scene.run.snapshot();
    expect(codes(result)).toEqual(['KG611']);
    expect(result).toMatchObject({ read: 'full', changes: { updated: 1 } });
    scene.git('update-ref', DELTA, scene.git('rev-parse', 'HEAD'));
    const unreadable = await scene.run.snapshot();
    expect([unreadable.read, ...codes(unreadable)]).toEqual(['full', 'KG611']);
  });

  it('where the configuration says something else about what is read', async () => {
    const scene = await sceneForTest();
    await scene.run.snapshot();
    for (const [line, read] of [
      ['unmanaged: { user: [city] }', 'full'],
      ['unmanaged: { user: [city] }', 'incremental'],
      [`exclude: ["user/${person(1)}"]`, 'full'],
      ['fullReadEvery: 3', 'full'],
      ['fullReadEvery: 4', 'incremental'],
    ]) {
      await configure(scene, line as string);
      expect((await scene.run.snapshot()).read, line).toBe(read);
    }
  });

  it('every seven days, and half a day early is in time', async () => {
    const scene = await sceneForTest();
    const start = Date.now();
    const on = (days: number) => at(scene, { clock: () => new Date(start + days * 86_400_000) });
    expect((await on(0)).read).toBe('full');
    expect((await on(6)).read).toBe('incremental');
    const due = await on(6.6);
    expect(due.read).toBe('full');
    expect(codes(due)).toEqual(['KG613']);
    expect((await on(13)).read).toBe('incremental');
  });

  it('of a type of which the last backup has a gap', async () => {
    const { scene, proxy, run } = await behindProxy();
    await run.snapshot();
    proxy.answer(({ path }) => (path.includes('/deletedItems/microsoft.graph.user') ? refusal(403) : undefined));
    await run.snapshot();
    proxy.answer(undefined);
    expect(Object.keys(left(scene).types)).not.toContain('user');
    scene.requests();
    expect(await run.snapshot()).toMatchObject({ coverage: { gaps: [] } });
    // Whether a member was in the bin is not known, either.
    const asked = lists(scene.requests().map(({ url }) => url)).map((url) => url.split('?')[0]);
    expect(asked.sort()).toEqual(['/v1.0/groups', '/v1.0/users']);
  });
});

describe('a link that Graph refuses', () => {
  it('makes the type be read whole; it says so, and goes on from there', async () => {
    const { scene, proxy, run } = await behindProxy();
    await run.snapshot();
    for (const status of [400, 404, 410]) {
      await scene.graph('PATCH', `/users/${person(1)}`, { department: `Department ${status}` });
      proxy.answer(({ path }) => (/\/users\/delta\?\$deltatoken=/.test(path) ? refusal(status) : undefined));
      scene.requests();
      const result = await run.snapshot();
      expect(codes(result), String(status)).toEqual(['KG610']);
      expect(result).toMatchObject({ read: 'incremental', changes: { updated: 1 }, coverage: { gaps: [] } });
      expect(lists(scene.requests().map(({ url }) => url))).toHaveLength(1);
    }
    proxy.answer(undefined);
    scene.requests();
    expect(await run.snapshot()).toMatchObject({ read: 'incremental', problems: [] });
    expect(lists(scene.requests().map(({ url }) => url))).toEqual([]);
  });

  it('and no other, at another address', async () => {
    const { scene, proxy, run } = await behindProxy();
    await run.snapshot();
    const body = { value: [], '@odata.nextLink': 'http://elsewhere.example/v1.0/users/delta?$skiptoken=x' };
    proxy.answer(({ path }) => (path.includes('/users/delta?') ? { status: 200, body } : undefined));
    const result = await run.snapshot();
    expect(codes(result)).toEqual(['KG610', 'KG610']);
    expect(left(scene).types.user.link).toBeUndefined();
    expect(result.coverage.gaps).toEqual([]);
  });
});

describe('recovery by Microsoft, which no account of changes tells of', () => {
  it('makes everything be read; where its jobs may not be read, that is said once', async () => {
    const { proxy, run } = await behindProxy();
    await run.snapshot();
    const job = { status: 'successful', jobCompletionDateTime: '2999-01-01T00:00:00Z' };
    const seen = async (answer: ReturnType<typeof refusal> | { status: number; body: object }) => {
      proxy.answer(({ path }) => (path.includes('/directory/recovery/jobs') ? answer : undefined));
      const result = await run.snapshot();
      return [result.read, ...codes(result)];
    };
    expect(await seen({ status: 200, body: { value: [job] } })).toEqual(['full', 'KG611']);
    expect(await seen({ status: 200, body: { value: [] } })).toEqual(['incremental']);
    expect(await seen(refusal(403))).toEqual(['incremental', 'KG612']);
    expect(await seen(refusal(403))).toEqual(['incremental']);
  });
});

describe('service principals in groups', () => {
  it('are told by themselves: the account of a group may leave them out', async () => {
    const scene = await sceneForTest({ behaviour: { deltaServicePrincipalMembers: 'never' } });
    const { appId } = await scene.graph('POST', '/applications', { displayName: 'Robot' });
    const { id } = await scene.graph('POST', '/servicePrincipals', { appId });
    await scene.run.snapshot();
    const reference = `${scene.url}/v1.0/directoryObjects/${id}`;
    await scene.graph('POST', `/groups/${TEAM}/members/$ref`, { '@odata.id': reference });
    const file = `HEAD:tenant-state/groups/${TEAM.slice(0, 3)}/${TEAM}.yaml`;
    expect(await scene.run.snapshot()).toMatchObject({ read: 'incremental', changes: { updated: 1 } });
    expect(scene.git('show', file)).toContain(id);
    await scene.graph('DELETE', `/groups/${TEAM}/members/${id}/$ref`);
    expect(await scene.run.snapshot()).toMatchObject({ read: 'incremental', changes: { updated: 1 } });
    expect(scene.git('show', file)).not.toContain(id);
  });
});

async function behindProxy(): Promise<{ scene: Scene; proxy: FaultyProxy; run: Scene['run'] }> {
  const scene = await createScene({ seed: acme });
  const proxy = await startProxy(scene.url);
  onTestFinished(async () => {
    await proxy.close();
    await scene.close();
  });
  return { scene, proxy, run: scene.at(proxy.url) };
}

async function configure(scene: Scene, line: string): Promise<void> {
  const { writeFile } = await import('node:fs/promises');
  await writeFile(`${scene.root}/knowngood.yaml`, `format: 1\ntenant: ${scene.tenantId}\n${line}\n`);
}

async function at(scene: Scene, more: Partial<Surroundings>): Promise<SnapshotResult> {
  const workspace = await openWorkspace(scene.root, surroundings(scene.env, more));
  try {
    return await snapshot(workspace);
  } finally {
    await workspace.close();
  }
}
