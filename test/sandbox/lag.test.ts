/** Eventual consistency as a client meets it: reads that are late, and come to an end of being late. */
import { describe, expect, it } from 'vitest';
import type { Lag } from '../../src/sandbox/replicas.js';
import { loopback } from '../support/loopback.js';
import { countingRandom, ids, type Json, ref, seed, seededFolder, start, startTime } from './support.js';

function tenant(lag: Lag | null, chosen = 1) {
  let now = 0;
  const { fetch } = loopback(
    seed,
    () => new Date(startTime),
    countingRandom(),
    { lag, seed: chosen },
    () => now,
  );
  const call = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; body: Json }> => {
    const answer = await fetch(`http://sandbox.test/v1.0${path}`, {
      method,
      headers: { Authorization: 'Bearer one', 'Content-Type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? {} : (JSON.parse(text) as Json) };
  };
  return {
    call,
    get: (path: string) => call('GET', path),
    wait: (milliseconds: number) => {
      now += milliseconds;
    },
  };
}

type Tenant = ReturnType<typeof tenant>;
const newUser = {
  accountEnabled: true,
  displayName: 'New',
  mailNickname: 'new',
  userPrincipalName: 'new@contoso.com',
  passwordProfile: { password: 'Correct1Horse' },
};
const create = async ({ call }: Tenant): Promise<string> => {
  const answer = await call('POST', '/users', newUser);
  expect(answer).toMatchObject({ status: 201, body: { displayName: 'New' } });
  return String(answer.body.id);
};
/** What 30 reads tell, a third of a second apart. */
async function observed<T>({ wait }: Tenant, read: () => Promise<T>): Promise<T[]> {
  const found: T[] = [];
  for (let n = 0; n < 30; n++) {
    found.push(await read());
    wait(333);
  }
  return found;
}

describe('a change with a lag', () => {
  it('of creation is answered at once, reads 404 first, now and then again, and is there for good in the end', async () => {
    const directory = tenant({ seconds: 8, replicas: 2 });
    const userId = await create(directory);
    const statuses = await observed(directory, async () => (await directory.get(`/users/${userId}`)).status);
    expect(statuses[0]).toBe(404);
    expect(statuses.slice(statuses.indexOf(200), statuses.lastIndexOf(404))).toContain(404);
    expect(statuses.slice(25)).toEqual([200, 200, 200, 200, 200]);
  });

  it('of creation is missing in lists and names, too', async () => {
    const directory = tenant({ seconds: 8, replicas: 1 });
    const userId = await create(directory);
    const listed = async () => ((await directory.get('/users?$select=id')).body.value as Json[]).map((item) => item.id);
    expect(await listed()).not.toContain(userId);
    expect((await directory.get('/users/new@contoso.com')).status).toBe(404);
    directory.wait(8000);
    expect(await listed()).toContain(userId);
    expect((await directory.get('/users/new@contoso.com')).status).toBe(200);
  });

  it('of a value reads as it was for a while; writes see it at once', async () => {
    const directory = tenant({ seconds: 8, replicas: 2 });
    expect((await directory.call('PATCH', `/users/${ids.ada}`, { city: 'Bonn' })).status).toBe(204);
    const taken = { ...newUser, userPrincipalName: 'ada@contoso.com' };
    expect((await directory.call('POST', '/users', taken)).status).toBe(400);
    const cities = await observed(
      directory,
      async () => (await directory.get(`/users/${ids.ada}?$select=city`)).body.city,
    );
    expect(cities[0]).toBeNull();
    expect(new Set(cities.slice(25))).toEqual(new Set(['Bonn']));
  });

  it('of restore reads 404, and the recycle bin still shows the object', async () => {
    const directory = tenant({ seconds: 8, replicas: 1 });
    const bin = async () => (await directory.get(`/directory/deletedItems/${ids.binned}`)).status;
    const restored = await directory.call('POST', `/directory/deletedItems/${ids.binned}/restore`);
    expect(restored).toMatchObject({ status: 200, body: { id: ids.binned } });
    expect([(await directory.get(`/users/${ids.binned}`)).status, await bin()]).toEqual([404, 200]);
    expect((await directory.call('PATCH', `/users/${ids.binned}`, { city: 'Bonn' })).status).toBe(404);
    directory.wait(8000);
    expect([(await directory.get(`/users/${ids.binned}`)).status, await bin()]).toEqual([200, 404]);
    expect((await directory.call('PATCH', `/users/${ids.binned}`, { city: 'Bonn' })).status).toBe(204);
  });

  it('of members reads as it was', async () => {
    const directory = tenant({ seconds: 8, replicas: 1 });
    const members = async () =>
      ((await directory.get(`/groups/${ids.unified}/members?$select=id`)).body.value as Json[]).map((item) => item.id);
    await directory.call('POST', `/groups/${ids.unified}/members/$ref`, { '@odata.id': ref(ids.ada) });
    expect(await members()).toEqual([ids.bob]);
    directory.wait(8000);
    expect(await members()).toEqual([ids.ada, ids.bob]);
  });

  it('keeps writes from what was just created: 404 for a reference, 404 or 400 where it is bound', async () => {
    const directory = tenant({ seconds: 8, replicas: 1 });
    const userId = await create(directory);
    const path = `/groups/${ids.unified}`;
    const add = () => directory.call('POST', `${path}/members/$ref`, { '@odata.id': ref(userId) });
    expect(await add()).toMatchObject({ status: 404, body: { error: { code: 'Request_ResourceNotFound' } } });
    const seen = new Set<unknown>();
    for (let n = 0; n < 20; n++) {
      const { status, body } = await directory.call('PATCH', path, { 'members@odata.bind': [ref(userId)] });
      seen.add(`${status} ${(body.error as Json).code}`);
    }
    expect([...seen].sort()).toEqual(['400 Request_BadRequest', '404 Request_ResourceNotFound']);
    directory.wait(8000);
    expect((await add()).status).toBe(204);
  });

  it('is seen last by who asks for eventual consistency', async () => {
    const directory = tenant({ seconds: 8, replicas: 5 });
    await create(directory);
    const counts = { plain: 0, eventual: 0 };
    for (let n = 0; n < 80; n++) {
      const listed = async (headers?: Record<string, string>) =>
        ((await directory.call('GET', '/users?$select=id', undefined, headers)).body.value as Json[]).length;
      if ((await listed()) === 4) counts.plain++;
      if ((await listed({ ConsistencyLevel: 'eventual' })) === 4) counts.eventual++;
      directory.wait(100);
    }
    expect(counts.eventual).toBeGreaterThan(0);
    expect(counts.plain).toBeGreaterThan(counts.eventual);
  });

  it('comes to an end after a number of requests', async () => {
    const directory = tenant({ requests: 20, replicas: 2 });
    const userId = await create(directory);
    const statuses = [];
    for (let n = 0; n < 30; n++) statuses.push((await directory.get(`/users/${userId}`)).status);
    expect(statuses[0]).toBe(404);
    expect(statuses.slice(20)).toEqual(Array(10).fill(200));
  });

  it('is the same for the same seed, and another one for another', async () => {
    const run = async (chosen: number) => {
      const directory = tenant({ seconds: 8, replicas: 3 }, chosen);
      const userId = await create(directory);
      return observed(directory, async () => (await directory.get(`/users/${userId}`)).status);
    };
    expect(await run(1)).toEqual(await run(1));
    expect(await run(2)).not.toEqual(await run(1));
  });
});

describe('change tracking with a lag', () => {
  it('tells everything that a list read after its first link does not show yet', async () => {
    for (let chosen = 1; chosen <= 20; chosen++) {
      const directory = tenant({ seconds: 8, replicas: 3 }, chosen);
      const rename = (n: number) => directory.call('PATCH', `/users/${ids.ada}`, { displayName: `Ada ${n}` });
      const path = '/users/delta?$select=id,displayName';
      for (let n = 0; n < 3; n++) {
        await rename(n);
        directory.wait(500);
      }
      // About half of the copies know the last change now.
      directory.wait(4000);
      const latest = await directory.get(`${path}&$deltatoken=latest`);
      const listed = await directory.get(`/users/${ids.ada}?$select=id,displayName`);
      directory.wait(8000);
      const link = String(latest.body['@odata.deltaLink']).replace('http://sandbox.test/v1.0', '');
      const told = ((await directory.get(link)).body.value as Json[]).find(({ id }) => id === ids.ada);
      expect((told ?? listed.body).displayName, `seed ${chosen}`).toBe('Ada 2');
    }
  });
});

describe('a sandbox with a lag', () => {
  it('begins with what it holds, and keeps what was written before it could be read', async () => {
    const dataDir = seededFolder();
    const open = () => start(seed, { dataDir, behaviour: { lag: { requests: 1000, replicas: 1 } } });
    const first = await open();
    await first.call('PATCH', `/users/${ids.ada}`, { city: 'Bonn' });
    expect((await first.get(`/users/${ids.ada}?$select=city`)).body.city).toBeNull();
    await first.close();
    const second = await open();
    expect((await second.get(`/users/${ids.ada}?$select=city`)).body.city).toBe('Bonn');
  });
});
