/** Faults as a client meets them: what is answered, what was done, and that a seed repeats it. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readBehaviour } from '../../src/sandbox/behaviour.js';
import type { FaultRule } from '../../src/sandbox/fault-rules.js';
import { loopback } from '../support/loopback.js';
import { countingRandom, errorOf, ids, type Json, seed, start, startTime } from './support.js';

const withFaults = (...faults: FaultRule[]) => start(seed, { behaviour: { faults } });
const city = async (sandbox: Awaited<ReturnType<typeof start>>) =>
  (await sandbox.get(`/users/${ids.ada}?$select=city`)).body.city;
const patchCity = { url: `/users/${ids.ada}`, body: { city: 'Bonn' } };

describe('a fault of one status', () => {
  it.each([
    [400, 'Request_BadRequest'],
    [404, 'Request_ResourceNotFound'],
    [409, 'Directory_ConcurrencyViolation'],
    [429, 'TooManyRequests'],
    [503, 'ServiceUnavailable'],
    [599, 'UnknownError'],
  ])('answers %i with the code %s, and nothing is done', async (status, code) => {
    const sandbox = await withFaults({ method: 'PATCH', effect: 'status', status });
    const answer = await sandbox.call('PATCH', patchCity.url, patchCity.body);
    expect(errorOf(answer).slice(0, 2)).toEqual([status, code]);
    expect(answer.headers.get('retry-after')).toBeNull();
    expect(answer.headers.get('x-knowngood-sandbox')).toBe(sandbox.tenantId);
    expect(await city(sandbox)).toBeNull();
  });

  it('tells when to come back as it is asked to: seconds, a fraction, a date', async () => {
    const rule = (skip: number, more: Partial<FaultRule>): FaultRule => ({
      effect: 'status',
      status: 429,
      retryAfter: 2.128,
      skip,
      times: 1,
      ...more,
    });
    const sandbox = await withFaults(
      rule(0, {}),
      rule(1, { retryAfterAs: 'decimal' }),
      rule(2, { retryAfterAs: 'date' }),
    );
    const waits = [];
    for (let n = 0; n < 3; n++) waits.push((await sandbox.get('/users')).headers.get('retry-after'));
    expect(waits).toEqual(['3', '2.128', 'Fri, 20 Nov 2026 12:00:03 GMT']);
    expect((await sandbox.get('/users')).status).toBe(200);
  });

  it('says the documented words of throttling, and others on demand', async () => {
    const sandbox = await withFaults({ effect: 'status', status: 429, times: 1 });
    expect((await sandbox.get('/users')).body.error).toMatchObject({
      code: 'TooManyRequests',
      message: 'Please retry again later.',
      innerError: { code: '429', message: 'Please retry after', status: '429' },
    });
    const own = JSON.stringify({ effect: 'status', status: 400, code: 'UnknownError', message: 'Unsupported Query' });
    const answer = await sandbox.get('/users', { 'x-knowngood-fault': own });
    expect(errorOf(answer)).toEqual([400, 'UnknownError', 'Unsupported Query']);
  });
});

describe('a fault with headers', () => {
  it('challenges for claims as a Conditional Access policy does', async () => {
    const challenge = 'Bearer realm="", error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnt9fQ=="';
    const sandbox = await withFaults({ effect: 'status', status: 401, headers: { 'WWW-Authenticate': challenge } });
    const answer = await sandbox.get('/users');
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, challenge]);
  });
});

describe('rules that are replaced', () => {
  it('strike from the next request on, and count anew', async () => {
    const tenant = loopback(seed, () => new Date(startTime), countingRandom());
    const read = async () =>
      (await tenant.fetch('http://sandbox.test/v1.0/users', { headers: { Authorization: 'Bearer x' } })).status;
    const once: FaultRule[] = [{ effect: 'status', status: 503, times: 1 }];
    const statuses = [await read()];
    for (const rules of [once, once, []]) {
      tenant.faults(rules);
      statuses.push(await read(), await read());
    }
    expect(statuses).toEqual([200, 503, 200, 503, 200, 200, 200]);
  });
});

describe('a fault of the connection', () => {
  it('breaks it before or after the request is done', async () => {
    const sandbox = await start();
    const patch = (value: string, fault: string) =>
      sandbox.call('PATCH', patchCity.url, { city: value }, { 'x-knowngood-fault': fault });
    await expect(patch('Rome', 'reset')).rejects.toThrow();
    expect(await city(sandbox)).toBeNull();
    await expect(patch('Oslo', 'reset-after')).rejects.toThrow();
    expect(await city(sandbox)).toBe('Oslo');
    expect(sandbox.requests().map(({ status }) => status)).toEqual([0, 200, 204, 200]);
  });

  it('cuts an answer in two after a length that promises all of it', async () => {
    const sandbox = await withFaults({ path: '^/v1.0/users\\?', effect: 'truncate', times: 1 });
    await expect(sandbox.get('/users?$top=3')).rejects.toThrow();
    expect((await sandbox.get('/users?$top=3')).status).toBe(200);
  });

  it('loses the answer of what was done', async () => {
    const sandbox = await withFaults({ method: 'PATCH', effect: 'lost', times: 1 });
    const answer = await sandbox.call('PATCH', patchCity.url, patchCity.body);
    expect(errorOf(answer).slice(0, 2)).toEqual([504, 'GatewayTimeout']);
    expect(await city(sandbox)).toBe('Bonn');
  });

  it('holds an answer up, and other faults still strike', async () => {
    const sandbox = await withFaults({ effect: 'delay', delay: 1 }, { effect: 'lost', method: 'PATCH' });
    expect((await sandbox.call('PATCH', patchCity.url, patchCity.body)).status).toBe(504);
  });
});

describe('a fault of a page', () => {
  const page = (sandbox: Awaited<ReturnType<typeof start>>, fault: string) =>
    sandbox.get('/users?$select=id&$top=2', { 'x-knowngood-fault': fault });
  const list = (answer: { body: Json }) => (answer.body.value as Json[]).map((item) => item.id);

  it('leads back, or to another host', async () => {
    const sandbox = await start();
    expect((await page(sandbox, 'loop')).body['@odata.nextLink']).toBe(`${sandbox.url}/v1.0/users?$select=id&$top=2`);
    const foreign = String((await page(sandbox, 'foreign')).body['@odata.nextLink']);
    expect(new URL(foreign).origin).toBe('https://graph.example.net');
    expect(foreign).toContain('/v1.0/users?');
  });

  it('repeats an item or leaves one out', async () => {
    const sandbox = await start();
    expect(list(await page(sandbox, 'duplicate'))).toEqual([ids.ada, ids.bob, ids.ada]);
    expect(list(await page(sandbox, 'missing'))).toEqual([ids.ada]);
  });

  it('is empty and goes on to what was asked for', async () => {
    const sandbox = await withFaults({ path: 'users', effect: 'empty-page', times: 2 });
    const first = await sandbox.get('/users?$select=id&$top=2');
    expect(list(first)).toEqual([]);
    expect((await sandbox.all('/users?$select=id&$top=2')).map(({ id }) => id)).toEqual([ids.ada, ids.bob, ids.synced]);
  });

  it('refuses links of following pages only', async () => {
    const sandbox = await withFaults(
      { effect: 'page-token-lost', times: 1 },
      { effect: 'page-token-expired', skip: 0 },
    );
    const first = await sandbox.get('/users?$select=id&$top=2');
    const next = String(first.body['@odata.nextLink']);
    expect(errorOf(await sandbox.get(next)).slice(0, 2)).toEqual([400, 'DirectoryPageTokenNotFoundException']);
    expect(errorOf(await sandbox.get(next)).slice(0, 2)).toEqual([400, 'Directory_ExpiredPageToken']);
  });

  it('is gone where a delta token leads, with the way to start over', async () => {
    const sandbox = await withFaults({ effect: 'delta-gone' });
    const answer = await sandbox.get('/users/delta?$deltatoken=abc');
    expect(errorOf(answer).slice(0, 2)).toEqual([410, 'syncStateNotFound']);
    expect(answer.headers.get('location')).toBe(`${sandbox.url}/v1.0/users/delta?$deltatoken=`);
    expect((await sandbox.get('/users/delta?$deltatoken=latest')).status).not.toBe(410);
  });
});

describe('faults in a batch', () => {
  const requests = [
    { id: '1', method: 'GET', url: `/users/${ids.ada}` },
    { id: '2', method: 'GET', url: `/users/${ids.bob}`, headers: { 'x-knowngood-fault': '503' } },
    { id: '3', method: 'GET', url: `/users/${ids.bob}`, dependsOn: ['2'] },
  ];
  const statuses = (body: Json) => Object.fromEntries((body.responses as Json[]).map((item) => [item.id, item.status]));

  it('strike items one by one, by their paths and by their own headers', async () => {
    const sandbox = await withFaults({ path: `users/${ids.ada}`, effect: 'status', status: 429, retryAfter: 7 });
    const { body } = await sandbox.call('POST', '/$batch', { requests });
    expect(statuses(body)).toEqual({ 1: 429, 2: 503, 3: 424 });
    expect((body.responses as Json[]).find((item) => item.id === '1')?.headers).toMatchObject({ 'Retry-After': '7' });
  });

  it('strike the batch itself', async () => {
    const sandbox = await withFaults({ path: '/\\$batch$', effect: 'status', status: 503, times: 1 });
    expect((await sandbox.call('POST', '/$batch', { requests })).status).toBe(503);
    expect((await sandbox.call('POST', '/$batch', { requests })).status).toBe(200);
  });

  it('break the connection for a whole batch at their rate, unless a path means items', async () => {
    const broken = async (path?: string) => {
      const rule: FaultRule = { effect: 'reset', rate: 0.1, ...(path === undefined ? {} : { path }) };
      const { fetch } = loopback(seed, () => new Date(startTime), countingRandom(), { faults: [rule] });
      const many = Array.from({ length: 20 }, (_, n) => ({ id: String(n), method: 'GET', url: `/users/${ids.ada}` }));
      const options = {
        method: 'POST',
        headers: { Authorization: 'Bearer x', 'Content-Type': 'application/json' },
        body: JSON.stringify({ requests: many }),
      };
      let count = 0;
      for (let n = 0; n < 50; n++) await fetch('http://sandbox.test/v1.0/$batch', options).catch(() => count++);
      return count;
    };
    expect(await broken()).toBeLessThan(12);
    expect(await broken('users')).toBeGreaterThan(35);
  });

  it('break the connection that the items share', async () => {
    const sandbox = await withFaults({ path: `users/${ids.ada}`, effect: 'reset-after' });
    await expect(sandbox.call('POST', '/$batch', { requests })).rejects.toThrow();
  });
});

describe('faults by chance', () => {
  const outcome = async (chosen: number, noise: boolean) => {
    const rules: FaultRule[] = [{ path: '^/v1.0/users', rate: 0.3, effect: 'status', status: 503 }];
    const { fetch } = loopback(seed, () => new Date(startTime), countingRandom(), { seed: chosen, faults: rules });
    const read = async (path: string) =>
      (await fetch(`http://sandbox.test/v1.0${path}`, { headers: { Authorization: 'Bearer x' } })).status;
    const found: number[] = [];
    for (let n = 0; n < 200; n++) {
      if (noise) await read('/groups');
      found.push(await read('/users'));
    }
    return found;
  };

  it('are the same for the same seed, whatever else is asked for, and others for another', async () => {
    const first = await outcome(1, false);
    expect(await outcome(1, true)).toEqual(first);
    expect(await outcome(2, false)).not.toEqual(first);
    expect(first.filter((status) => status === 503).length).toBeGreaterThan(40);
    expect(first.filter((status) => status === 503).length).toBeLessThan(80);
  });
});

describe('rules in behaviour.json', () => {
  it.each([
    ['{"faults": {}}', 'faults must be a list, and not {}.'],
    ['{"faults": [{}]}', 'faults[0] must say its effect: one of status, reset,'],
    ['{"faults": [{"effect": "crash"}]}', 'faults[0].effect must be one of "status", "reset",'],
    ['{"faults": [{"effect": "reset", "rate": 2}]}', 'faults[0].rate must be a number from 0 to 1, and not 2.'],
    ['{"faults": [{"effect": "reset", "path": "("}]}', 'faults[0].path must be a regular expression:'],
    ['{"faults": [{"effect": "reset", "tiems": 2}]}', 'and not "tiems".'],
    ['{"faults": [{"effect": "status"}]}', 'faults[0]: the effect "status" needs a status, others none.'],
    ['{"seed": "x"}', 'seed must be a whole number of 0 or more, and not "x".'],
  ])('%s is refused with the place', (text, reason) => {
    const folder = mkdtempSync(join(tmpdir(), 'behaviour-'));
    writeFileSync(join(folder, 'behaviour.json'), text);
    expect(() => readBehaviour(folder)).toThrow(reason);
  });

  it('are refused in a header as a request that is malformed', async () => {
    const sandbox = await start();
    const answer = await sandbox.get('/users', { 'x-knowngood-fault': 'crash' });
    expect(errorOf(answer)).toMatchObject([400, 'BadRequest', expect.stringContaining('x-knowngood-fault.effect')]);
  });
});
