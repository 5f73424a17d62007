/** A backup and its objects, as they were then. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadRegistry } from '../../src/registry/load.js';
import { showBackup, showObject } from '../../src/shown.js';
import { BINNED, nameOf, PEOPLE, POLICY, person, TEAM } from '../support/acme.js';
import { gitIn, type Scene, sceneForTest } from '../support/scene.js';

async function backedUp(): Promise<Scene> {
  const scene = await sceneForTest();
  await scene.run.snapshot();
  return scene;
}

const show = (scene: Scene, revision: string, object: string) =>
  scene.run.in((workspace) => showObject(workspace, revision, object));
const summary = (scene: Scene, revision: string) => scene.run.in((workspace) => showBackup(workspace, revision));

describe('an object', () => {
  it('is what its file was at that backup, by id and by every name', async () => {
    const scene = await backedUp();
    await scene.graph('PATCH', `/users/${person(1)}`, { department: 'Sales' });
    await scene.run.snapshot();
    const then = await show(scene, 'HEAD~1', `user/${person(1)}`);
    expect(then).toMatchObject({ object: `user/${person(1)}`, label: nameOf(1), deleted: null });
    expect(then.properties.department).toBe('Research');
    expect(then.content).toBe(`${gitIn(scene.root, 'show', `HEAD~1:${then.file}`)}\n`);
    expect(then.contentId).toBe(gitIn(scene.root, 'rev-parse', `HEAD~1:${then.file}`));
    for (const name of [person(1).toUpperCase(), nameOf(1), nameOf(1).toUpperCase(), 'Name of person01']) {
      const now = await show(scene, 'HEAD', `user/${name}`);
      expect(now).toMatchObject({ object: `user/${person(1)}`, properties: { department: 'Sales' } });
    }
    expect((await show(scene, 'HEAD', 'group/TEAM')).links.members).toHaveLength(3);
    expect((await show(scene, 'HEAD', `user/${BINNED}`)).deleted).toBe('2026-11-01T00:00:00Z');
  });

  it('has the names of what it leads to and what it names, in links and in properties', async () => {
    const scene = await backedUp();
    const { names, links } = await show(scene, 'HEAD', 'group/team');
    expect(links.members).toEqual([1, 2, 3].map((n) => person(n)));
    expect(names).toEqual(Object.fromEntries([1, 2, 3].map((n) => [person(n), nameOf(n)])));
    const policy = await show(scene, 'HEAD', `conditionalAccessPolicy/${POLICY}`);
    expect(policy.names).toMatchObject({ [TEAM]: 'team' });
    expect(policy.names).not.toHaveProperty(POLICY);
  });

  it('of a type of which there is one is found by its type', async () => {
    const scene = await backedUp();
    const only = loadRegistry().types.filter(({ singleton }) => singleton !== undefined);
    expect(only.length).toBeGreaterThan(0);
    for (const { name } of only) {
      const shown = await show(scene, 'HEAD', name);
      expect(shown.object).toBe(`${name}/${name.toLowerCase()}`);
      expect(await show(scene, 'HEAD', `${name}/${name}`)).toEqual(shown);
    }
  });

  it('that is not there is answered with what is near', async () => {
    const scene = await backedUp();
    const missing = person(1).replace(/1$/, '0');
    await expect(show(scene, 'HEAD', `user/${missing}`)).rejects.toMatchObject({
      code: 'KG134',
      remedy: expect.stringMatching(/^Did you mean user\/a0000000.*git log --all/s),
    });
    await expect(show(scene, 'HEAD', 'user/persn01@acme.example')).rejects.toMatchObject({
      code: 'KG126',
      remedy: expect.stringContaining(`user/${nameOf(1)}`),
    });
    await expect(show(scene, 'HEAD', 'usr/x')).rejects.toMatchObject({ code: 'KG120' });
    await expect(show(scene, 'HEAD', 'user')).rejects.toMatchObject({ code: 'KG121' });
    await expect(show(scene, `user/${person(1)}`, `user/${person(1)}`)).rejects.toMatchObject({
      code: 'KG130',
      remedy: expect.stringContaining(`knowngood show HEAD "user/${person(1)}"`),
    });
  });

  it('of a name that several have is named by its id', async () => {
    const scene = await backedUp();
    for (const n of [1, 2]) await scene.graph('PATCH', `/users/${person(n)}`, { displayName: 'Same' });
    await scene.run.snapshot();
    await scene.graph('DELETE', `/users/${person(2)}`);
    await scene.run.snapshot();
    await expect(show(scene, 'HEAD', 'user/same')).rejects.toThrow(
      `2 objects of type user are called "same": user/${person(1)} (active), user/${person(2)} (in the recycle bin).`,
    );
  });
});

describe('a date', () => {
  it.each([
    ['2026-13-45', 'there is no month 13', undefined],
    ['2026-11-31T10:00Z', '2026-11 has no day 31', undefined],
    ['2026-11-20T25:00', 'there is no such time of the day', undefined],
    ['2026-11-20 22:49', 'is not written as one', '2026-11-20T22:49'],
    ['2026-11-20 22:49:10 UTC', 'is not written as one', '2026-11-20T22:49:10Z'],
    ['2026-1-5', 'is not written as one', '2026-01-05'],
    ['2026-11-20T22:49 CET', 'is not written as one', undefined],
  ])('%s is none: %s', async (text, wrong, meant) => {
    const scene = await backedUp();
    const remedy = meant === undefined ? /^Write a day/ : new RegExp(`^Did you mean ${meant}\\? Write a day`);
    const refused = { code: 'KG130', message: `"${text}" looks like a date, but ${wrong}.`, where: 'REV' };
    const asked = { ...refused, remedy: expect.stringMatching(remedy) };
    await expect(summary(scene, text)).rejects.toMatchObject(asked);
    await expect(scene.run.plan(text)).rejects.toMatchObject(asked);
  });

  it('that a tag is called by is that tag', async () => {
    const scene = await backedUp();
    scene.git('tag', '2026-13-45');
    expect((await summary(scene, '2026-13-45')).state.commit).toBe(scene.git('rev-parse', 'HEAD'));
  });
});

describe('a backup', () => {
  it('is told in numbers, those of its recycle bin apart', async () => {
    const scene = await backedUp();
    await scene.graph('DELETE', `/groups/${TEAM}`);
    await scene.run.snapshot();
    const before = await summary(scene, 'HEAD~1');
    const after = await summary(scene, 'HEAD');
    expect(before.objects.user).toEqual({ active: PEOPLE + 1, deleted: 1 });
    expect(before.objects.group).toEqual({ active: 4, deleted: 0 });
    expect(after.objects.group).toEqual({ active: 3, deleted: 1 });
    expect(after).toMatchObject({
      state: { kind: 'backup' },
      subject: 'Snapshot: 1 soft-deleted',
      tenant: scene.tenantId,
    });
    for (const [type, { active, deleted }] of Object.entries(after.objects)) {
      expect(active + deleted, type).toBe(after.coverage.types[type]);
    }
  });

  it('stands behind a commit that somebody made by hand', async () => {
    const scene = await backedUp();
    const backup = gitIn(scene.root, 'rev-parse', 'HEAD');
    const { file } = await show(scene, 'HEAD', 'group/team');
    const path = join(scene.root, ...file.split('/'));
    writeFileSync(path, readFileSync(path, 'utf8').replace('displayName: team', 'displayName: by hand'));
    gitIn(
      scene.root,
      '-c',
      'user.name=A',
      '-c',
      'user.email=a@b.example',
      'commit',
      '--quiet',
      '--all',
      '-m',
      'By hand',
    );
    const shown = await summary(scene, 'HEAD');
    expect(shown).toMatchObject({ backup, state: { kind: 'commit', commit: gitIn(scene.root, 'rev-parse', 'HEAD') } });
    expect((await show(scene, 'HEAD', 'group/by hand')).object).toBe(`group/${TEAM}`);
  });
});
