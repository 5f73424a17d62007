/** Links to next pages: how long they hold, what they need, and what a batch bears. */
import { describe, expect, it } from 'vitest';
import type { Behaviour } from '../../src/sandbox/behaviour.js';
import { errorOf, eventual, ids, type Json, ref, seed, start } from './support.js';

const path = '/users?$select=id&$top=1';
const lost = { 'x-knowngood-fault': '503' };

async function sandboxWith(behaviour: Partial<Behaviour>) {
  let now = 0;
  const sandbox = await start(seed, { behaviour, milliseconds: () => now });
  return {
    ...sandbox,
    wait: (milliseconds: number) => {
      now += milliseconds;
    },
    link: async (from: string) => String((await sandbox.get(from)).body['@odata.nextLink']),
  };
}

describe('a link from a retry', () => {
  it('leads nowhere; the link that was retried gives another one, and the listing ends', async () => {
    const sandbox = await sandboxWith({ strictPageTokens: true });
    const second = await sandbox.link(path);
    expect((await sandbox.get(second, lost)).status).toBe(503);
    const retried = await sandbox.get(second);
    expect(retried).toMatchObject({ status: 200, body: { value: [{ id: ids.bob }] } });
    const refused = await sandbox.get(String(retried.body['@odata.nextLink']));
    expect(errorOf(refused).slice(0, 2)).toEqual([400, 'DirectoryPageTokenNotFoundException']);
    const again = await sandbox.get(second);
    expect(again.body.value).toEqual([{ id: ids.bob }]);
    expect((await sandbox.get(String(again.body['@odata.nextLink']))).body.value).toEqual([{ id: ids.synced }]);
  });

  it('leads nowhere after a broken connection and after a lost answer, too', async () => {
    const sandbox = await sandboxWith({ strictPageTokens: true });
    for (const fault of ['reset-after', 'lost', 'truncate']) {
      const second = await sandbox.link(path);
      await sandbox.get(second, { 'x-knowngood-fault': fault }).catch(() => undefined);
      expect((await sandbox.get(await sandbox.link(second))).status).toBe(400);
    }
  });

  it('leads nowhere from a batch that was sent again', async () => {
    const sandbox = await sandboxWith({ strictPageTokens: true });
    const requests = [{ id: '1', method: 'GET', url: path }];
    const link = async (fault?: string) => {
      const headers: Record<string, string> = fault === undefined ? {} : { 'x-knowngood-fault': fault };
      const { body } = await sandbox.call('POST', '/$batch', { requests }, headers);
      const [item] = body.responses as [{ readonly body: Json }];
      return String(item.body['@odata.nextLink']);
    };
    expect((await sandbox.get(await link())).status).toBe(200);
    await link('reset-after').catch(() => undefined);
    expect((await sandbox.get(await link())).status).toBe(400);
    expect((await sandbox.get(await link())).status).toBe(200);
  });

  it('holds where nothing failed, and without the switch', async () => {
    const strict = await sandboxWith({ strictPageTokens: true });
    expect((await strict.all(path)).map(({ id }) => id)).toEqual([ids.ada, ids.bob, ids.synced]);
    const lenient = await sandboxWith({});
    const second = await lenient.link(path);
    await lenient.get(second, lost);
    expect((await lenient.get(await lenient.link(second))).status).toBe(200);
  });
});

describe('an old link', () => {
  it('is refused after its lifetime', async () => {
    const sandbox = await sandboxWith({ pageTokenSeconds: 300 });
    const second = await sandbox.link(path);
    sandbox.wait(300_000);
    expect((await sandbox.get(second)).status).toBe(200);
    sandbox.wait(1);
    expect(errorOf(await sandbox.get(second)).slice(0, 2)).toEqual([400, 'Directory_ExpiredPageToken']);
  });
});

describe('a next page', () => {
  it('needs the headers of the first one again', async () => {
    const sandbox = await sandboxWith({});
    const advanced = `/users?$count=true&$filter=${encodeURIComponent('city eq null')}&$top=1&$select=id`;
    const first = await sandbox.get(advanced, eventual);
    const next = String(first.body['@odata.nextLink']);
    expect(errorOf(await sandbox.get(next)).slice(0, 2)).toEqual([400, 'Request_UnsupportedQuery']);
    const second = await sandbox.get(next, eventual);
    expect(second.status).toBe(200);
    expect([first.body['@odata.count'], second.body['@odata.count']]).toEqual([3, undefined]);
  });

  it('may begin earlier than was asked for', async () => {
    const sandbox = await sandboxWith({ largestPage: 2 });
    const { body } = await sandbox.get('/users?$select=id&$top=999');
    expect(body.value).toHaveLength(2);
    expect(await sandbox.all('/users?$select=id&$top=999')).toHaveLength(3);
    expect(await sandbox.all('/identity/conditionalAccess/namedLocations')).toHaveLength(2);
  });
});

describe('a batch', () => {
  const json = { 'Content-Type': 'application/json' };
  const patch = (id: string, body: Json, url = `/users/${ids.ada}`) => ({
    id,
    method: 'PATCH',
    url,
    headers: json,
    body,
  });

  it('gives an item without a body null or nothing', async () => {
    const item = async (behaviour: Partial<Behaviour>) => {
      const sandbox = await sandboxWith(behaviour);
      const { body } = await sandbox.call('POST', '/$batch', { requests: [patch('1', { city: 'Bonn' })] });
      return (body.responses as Json[])[0] as Json;
    };
    expect(await item({})).toMatchObject({ status: 204, body: null });
    expect(await item({ batchEmptyBody: 'absent' })).not.toHaveProperty('body');
  });

  it('bears so many bindings of members as the switch says; the others can be tried again', async () => {
    const sandbox = await sandboxWith({ bindsPerBatch: 1 });
    const bind = (id: string, group: string, member: string) =>
      patch(id, { 'members@odata.bind': [ref(member)] }, `/groups/${group}`);
    const requests = [bind('1', ids.security, ids.bob), bind('2', ids.unified, ids.ada), patch('3', { city: 'Bonn' })];
    const { body } = await sandbox.call('POST', '/$batch', { requests });
    const statuses = (body.responses as Json[]).map(({ id, status }) => [id, status]);
    expect(Object.fromEntries(statuses)).toEqual({ 1: 204, 2: 503, 3: 204 });
    expect((await sandbox.call('POST', '/$batch', { requests: [requests[1]] })).body.responses).toMatchObject([
      { status: 204 },
    ]);
  });
});
