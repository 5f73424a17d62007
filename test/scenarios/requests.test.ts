/** How many requests a recovery costs, and which: counted in the sandbox's own log. */

import { describe, expect, it } from 'vitest';
import { exitOfApply } from '../../src/cli/exit-codes.js';
import { CLUB, numbers, person, STAFF, TEAM } from '../support/acme.js';
import { compareTenants } from '../support/raw-reader.mjs';
import { type LoggedRequest, type Scene, sceneForTest, writesIn } from '../support/scene.js';

/** A scene with one backup. */
async function backedUp(): Promise<Scene> {
  const scene = await sceneForTest();
  await scene.run.snapshot();
  return scene;
}

const shape = ({ method, url, body }: LoggedRequest) => ({ method, url, body });

describe('requests of an apply', () => {
  it('one for each disabled user, with the one property in its body', async () => {
    const scene = await backedUp();
    for (const n of numbers(1, 50)) await scene.graph('PATCH', `/users/${person(n)}`, { accountEnabled: false });
    const plan = await scene.run.plan();
    scene.requests();
    const result = await scene.run.apply(plan);
    expect(result).toMatchObject({ status: 'complete', writes: 50, counts: { updated: 50 } });
    const writes = writesIn(scene.requests()).map(shape);
    const expected = numbers(1, 50).map((n) => ({
      method: 'PATCH',
      url: `/v1.0/users/${person(n)}`,
      body: { accountEnabled: true },
    }));
    expect(writes.toSorted((a, b) => (a.url < b.url ? -1 : 1))).toEqual(expected);
  });

  it('three for 45 members that are missing in one group', async () => {
    const scene = await backedUp();
    const before = await scene.dump();
    for (const n of numbers(1, 45)) await scene.graph('DELETE', `/groups/${STAFF}/members/${person(n)}/$ref`);
    const plan = await scene.run.plan();
    expect(plan.summary).toMatchObject({ link: 45, unlink: 0, update: 0 });
    scene.requests();
    expect(await scene.run.apply(plan)).toMatchObject({ status: 'complete', counts: { linksAdded: 45 } });
    const writes = writesIn(scene.requests());
    expect(writes.map(({ method, url }) => `${method} ${url}`)).toEqual(Array(3).fill(`PATCH /v1.0/groups/${STAFF}`));
    expect(writes.map(({ body }) => Object(body?.['members@odata.bind']).length).sort()).toEqual([20, 20, 5]);
    expect(compareTenants(before, await scene.dump())).toEqual([]);
  });

  it('one for each member that must go, always by its reference', async () => {
    const scene = await backedUp();
    const before = await scene.dump();
    for (const n of numbers(50, 53)) {
      const reference = `${scene.url}/v1.0/directoryObjects/${person(n)}`;
      await scene.graph('POST', `/groups/${TEAM}/members/$ref`, { '@odata.id': reference });
    }
    const plan = await scene.run.plan();
    expect(plan.summary).toMatchObject({ link: 0, unlink: 4 });
    scene.requests();
    expect(await scene.run.apply(plan)).toMatchObject({ status: 'complete', counts: { linksRemoved: 4 } });
    const writes = writesIn(scene.requests()).map(({ method, url }) => `${method} ${url}`);
    expect(writes.sort()).toEqual(numbers(50, 53).map((n) => `DELETE /v1.0/groups/${TEAM}/members/${person(n)}/$ref`));
    expect(compareTenants(before, await scene.dump())).toEqual([]);
  });

  it('one restore for a deleted user who is as in the backup, and none for the memberships that came back', async () => {
    const scene = await backedUp();
    await scene.graph('DELETE', `/users/${person(4)}`);
    const plan = await scene.run.plan();
    scene.requests();
    expect(await scene.run.apply(plan)).toMatchObject({ status: 'complete', writes: 1, counts: { restored: 1 } });
    expect(writesIn(scene.requests()).map(({ method, url }) => `${method} ${url}`)).toEqual([
      `POST /v1.0/directory/deletedItems/${person(4)}/restore`,
    ]);
    expect((await scene.dump()).groups?.[CLUB]?.members).toEqual([person(4), person(5)]);
  });

  it('none for a plan that was applied already: nothing holds any more, and the exit code is 5', async () => {
    const scene = await backedUp();
    await scene.graph('PATCH', `/users/${person(1)}`, { accountEnabled: false });
    await scene.graph('DELETE', `/users/${person(2)}`);
    await scene.graph('DELETE', `/groups/${TEAM}/members/${person(3)}/$ref`);
    const plan = await scene.run.plan();
    expect(exitOfApply(await scene.run.apply(plan))).toBe(0);
    const before = await scene.dump();
    scene.requests();
    const again = await scene.run.apply(plan);
    expect(exitOfApply(again)).toBe(5);
    expect(again).toMatchObject({ status: 'stale', writes: 0, counts: { skipped: 3 } });
    expect(again.results.map((result) => result.outcome)).toEqual(['skipped', 'skipped', 'skipped']);
    expect(writesIn(scene.requests())).toEqual([]);
    expect(compareTenants(before, await scene.dump())).toEqual([]);
  });

  it('none for a plan without actions, which is done at once', async () => {
    const scene = await backedUp();
    const plan = await scene.run.plan();
    expect(plan.actions).toEqual([]);
    scene.requests();
    const result = await scene.run.apply(plan);
    expect(exitOfApply(result)).toBe(0);
    expect(writesIn(scene.requests())).toEqual([]);
  });
});

describe('requests of the commands that read', () => {
  it('are GET, and every list is read once', async () => {
    const scene = await backedUp();
    await scene.incident('mass-disable');
    const full = () => scene.run.snapshot({ full: true });
    for (const command of [full, () => scene.run.diff(), () => scene.run.plan()]) {
      scene.requests();
      await command();
      const requests = scene.requests();
      expect(writesIn(requests)).toEqual([]);
      const urls = requests.map(({ url }) => url);
      expect(urls.filter((url) => url.startsWith('/v1.0/users?'))).toHaveLength(1);
      // The policy shows the methods: it is read for itself, and for them.
      const twice = urls.filter((url, index) => urls.indexOf(url) < index);
      expect(twice).toEqual(['/v1.0/policies/authenticationMethodsPolicy']);
    }
  });
});
