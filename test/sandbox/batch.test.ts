import { describe, expect, it } from 'vitest';
import { errorOf, eventual, ids, type Json, start, type TestSandbox } from './support.js';

const json = { 'Content-Type': 'application/json' };
const send = (sandbox: TestSandbox, requests: unknown, path = '/$batch') => sandbox.call('POST', path, { requests });
const byId = (body: Json) => new Map((body.responses as Json[]).map((item) => [item.id, item]));
const itemBody = (body: Json, item: string) => byId(body).get(item)?.body as Json;
const reads = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ id: String(n), method: 'GET', url: `/users/${ids.ada}?$select=id` }));

describe('batches', () => {
  it('perform each item and answer it under its id', async () => {
    const sandbox = await start();
    const answer = await send(sandbox, [
      { id: '1', method: 'PATCH', url: `/users/${ids.ada}`, headers: json, body: { city: 'Bonn' } },
      { id: '2', method: 'GET', url: `users/${ids.bob}?$select=displayName` },
      { id: '3', method: 'GET', url: '/users/nobody@contoso.com' },
      { id: '4', method: 'GET', url: '/users?$count=true&$filter=city eq null', headers: eventual },
    ]);
    expect(answer.status).toBe(200);
    const items = byId(answer.body);
    expect(items.get('1')).toMatchObject({ status: 204, body: null, headers: { 'x-ms-resource-unit': '1' } });
    expect(items.get('2')).toMatchObject({ status: 200, body: { displayName: 'bob' } });
    expect(items.get('3')).toMatchObject({ status: 404, body: { error: { code: 'Request_ResourceNotFound' } } });
    expect(itemBody(answer.body, '4')['@odata.count']).toBe(2);
    expect((await sandbox.get(`/users/${ids.ada}?$select=city`)).body.city).toBe('Bonn');
  });

  it('answer in an order of their own, the same for the same randomness', async () => {
    const order = async () => ((await send(await start(), reads(20))).body.responses as Json[]).map((item) => item.id);
    const first = await order();
    expect([...first].sort()).toEqual(
      reads(20)
        .map((item) => item.id)
        .sort(),
    );
    expect(first).not.toEqual(reads(20).map((item) => item.id));
    expect(await order()).toEqual(first);
  });

  it('build absolute links of their own version', async () => {
    const sandbox = await start();
    const { body } = await send(sandbox, [{ id: '1', method: 'GET', url: '/users?$top=1' }], '/beta/$batch');
    expect(itemBody(body, '1')['@odata.nextLink']).toMatch(new RegExp(`^${sandbox.url}/beta/users\\?`));
  });

  it('skip what depends on a failure', async () => {
    const sandbox = await start();
    const { body } = await send(sandbox, [
      { id: '3', method: 'DELETE', url: `/users/${ids.bob}`, dependsOn: ['2'] },
      { id: '1', method: 'GET', url: '/users/nobody@contoso.com' },
      { id: '2', method: 'DELETE', url: `/users/${ids.ada}`, dependsOn: ['1'] },
      { id: '4', method: 'GET', url: `/users/${ids.ada}`, dependsOn: [] },
    ]);
    const items = byId(body);
    expect(['1', '2', '3', '4'].map((item) => items.get(item)?.status)).toEqual([404, 424, 424, 200]);
    expect((await sandbox.get(`/users/${ids.bob}`)).status).toBe(200);
  });

  it('perform what others depend on first', async () => {
    const sandbox = await start();
    const { body } = await send(sandbox, [
      { id: 'b', method: 'GET', url: `/users/${ids.ada}?$select=city`, dependsOn: ['A'] },
      { id: 'a', method: 'PATCH', url: `/users/${ids.ada}`, headers: json, body: { city: 'Bonn' } },
    ]);
    expect(byId(body).get('b')).toMatchObject({ status: 200, body: { city: 'Bonn' } });
  });

  it.each<[string, unknown]>([
    ['21 requests', reads(21)],
    [
      'ids that differ in case only',
      [
        { ...reads(1)[0], id: 'a' },
        { ...reads(1)[0], id: 'A' },
      ],
    ],
    ['a request without id', [{ method: 'GET', url: '/users' }]],
    ['an absolute url', [{ id: '1', method: 'GET', url: 'https://graph.microsoft.com/v1.0/users' }]],
    ['a batch in a batch', [{ id: '1', method: 'POST', url: '/$batch', headers: json, body: {} }]],
    ['a dependency on nothing', [{ ...reads(1)[0], dependsOn: ['x'] }]],
    [
      'a circle',
      [
        { ...reads(1)[0], id: '1', dependsOn: ['2'] },
        { ...reads(1)[0], id: '2', dependsOn: ['1'] },
      ],
    ],
    ['no list', 'all'],
  ])('are refused whole with %s', async (_, requests) => {
    const sandbox = await start();
    expect(errorOf(await send(sandbox, requests)).slice(0, 2)).toEqual([400, 'BadRequest']);
  });

  it('are no larger than four megabytes', async () => {
    const sandbox = await start();
    const body = { city: 'x'.repeat(4 * 1024 * 1024) };
    const large = { id: '1', method: 'PATCH', url: `/users/${ids.ada}`, headers: json, body };
    expect(errorOf(await send(sandbox, [large])).slice(0, 2)).toEqual([413, 'RequestEntityTooLarge']);
  });

  it('let an item fail whose body has no content type', async () => {
    const sandbox = await start();
    const { body } = await send(sandbox, [
      { id: '1', method: 'PATCH', url: `/users/${ids.ada}`, body: { city: 'Bonn' } },
    ]);
    expect(byId(body).get('1')?.status).toBe(400);
  });

  it('need a token, and can only be posted', async () => {
    const sandbox = await start();
    const response = await fetch(`${sandbox.url}/v1.0/$batch`, {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ requests: reads(1) }),
    });
    expect(response.status).toBe(401);
    expect((await sandbox.get('/$batch')).status).toBe(405);
  });
});

describe('the request log', () => {
  it('has one line for each request, and for each item instead of its batch', async () => {
    const sandbox = await start();
    await sandbox.get(`/users/${ids.ada}?$select=id,city`);
    await send(sandbox, [
      { id: '1', method: 'PATCH', url: `users/${ids.ada}`, headers: json, body: { city: 'Bonn' } },
      { id: '2', method: 'GET', url: '/users?$top=1' },
    ]);
    await sandbox.call('POST', '/users', '{"broken');
    expect(sandbox.requests()).toEqual([
      {
        time: '2026-11-20T12:00:00.000Z',
        method: 'GET',
        url: `/v1.0/users/${ids.ada}?$select=id,city`,
        body: null,
        status: 200,
      },
      {
        time: '2026-11-20T12:00:00.000Z',
        method: 'PATCH',
        url: `/v1.0/users/${ids.ada}`,
        body: { city: 'Bonn' },
        status: 204,
      },
      { time: '2026-11-20T12:00:00.000Z', method: 'GET', url: '/v1.0/users?$top=1', body: null, status: 200 },
      { time: '2026-11-20T12:00:00.000Z', method: 'POST', url: '/v1.0/users', body: null, status: 400 },
    ]);
  });
});
