import { describe, expect, it } from 'vitest';
import { createHttp, errorOf } from '../../src/graph/http.js';
import { pageOf } from '../../src/graph/paging.js';
import { retryAfter, waitOf } from '../../src/graph/retry.js';
import { GraphFailure } from '../../src/graph/types.js';
import type { Json } from '../../src/model/json.js';

const NOW = Date.parse('2026-11-20T12:00:00Z');
/** The most that is added so that many clients do not come back at the same moment. */
const JITTER = 500;

/** The wait before an attempt, after an answer with this Retry-After. */
function waitAfter(header: string | null, attempt: number): number {
  const headers = { get: (name: string) => (name === 'retry-after' ? header : null) };
  return waitOf(retryAfter(headers, NOW), attempt, Math.random());
}

describe('the wait before the next attempt', () => {
  it.each([
    ['seconds', '7', 7000],
    ['no time at all', '0', 0],
    ['decimals', '0.25', 250],
    ['seconds and spaces', ' 3 ', 3000],
    ['a date', 'Fri, 20 Nov 2026 12:00:10 GMT', 10_000],
    ['a date that is over', 'Fri, 20 Nov 2026 11:59:00 GMT', 0],
    ['less than nothing', '-5', 0],
  ])('is what Graph asks for: %s', (_, header, milliseconds) => {
    for (const attempt of [1, 5]) {
      const wait = waitAfter(header, attempt);
      expect(wait).toBeGreaterThanOrEqual(milliseconds);
      expect(wait).toBeLessThanOrEqual(milliseconds + JITTER);
    }
  });

  it.each([
    ['nothing is asked for', null],
    ['what is asked for is neither a number nor a date', 'soon'],
    ['the number has no end', 'Infinity'],
  ])('grows with every attempt where %s, up to a limit', (_, header) => {
    for (const [attempt, base] of [
      [1, 500],
      [2, 1000],
      [3, 2000],
      [6, 16_000],
      [7, 30_000],
      [60, 30_000],
    ] as const) {
      const wait = waitAfter(header, attempt);
      expect(wait).toBeGreaterThanOrEqual(base);
      expect(wait).toBeLessThanOrEqual(base + JITTER);
    }
  });
});

describe('the refusal in an answer', () => {
  it.each([200, 201, 204, 304])('is none with status %i, whatever the body says', (status) => {
    expect(errorOf({ status, body: { error: { code: 'x', message: 'y' } } })).toBeUndefined();
  });

  it.each<[string, Json | undefined, string, string]>([
    ['whole', { error: { code: 'Request_BadRequest', message: 'No.' } }, 'Request_BadRequest', 'No.'],
    ['without a code', { error: { message: 'No.' } }, 'UnknownError', 'No.'],
    ['with an empty code', { error: { code: '', message: 'No.' } }, 'UnknownError', 'No.'],
    ['with a code that is no text', { error: { code: 7, message: null } }, 'UnknownError', ''],
    ['of an OAuth service', { error: 'invalid_request', error_description: 'x' }, 'UnknownError', ''],
    ['with a list', [{ error: {} }], 'UnknownError', ''],
    ['without a body', undefined, 'UnknownError', ''],
    ['with null', null, 'UnknownError', ''],
  ])('has a status, a code and a message: %s', (_, body, code, message) => {
    for (const status of [400, 404, 429, 503]) expect(errorOf({ status, body })).toEqual({ status, code, message });
  });

  it('carries the id that Microsoft support asks for', () => {
    const headers = new Headers({ 'request-id': 'abc' });
    expect(errorOf({ status: 500, body: null }, headers)?.requestId).toBe('abc');
    expect(errorOf({ status: 500, body: null }, new Headers())).not.toHaveProperty('requestId');
  });
});

describe('a page', () => {
  const ROOT = 'https://graph.microsoft.com';

  it('has its items, and a next page on the same origin', () => {
    const next = `${ROOT}/v1.0/users?$skiptoken=a%2Fb`;
    expect(pageOf({ value: [{ id: 'a' }], '@odata.nextLink': next }, ROOT)).toEqual({
      items: [{ id: 'a' }],
      next: { method: 'GET', version: 'v1.0', path: '/users?$skiptoken=a%2Fb' },
    });
    expect(pageOf({ value: [], '@odata.nextLink': `${ROOT}/beta/x` }, ROOT).next?.version).toBe('beta');
    for (const last of [{ value: [] }, { value: [], '@odata.nextLink': null }])
      expect(pageOf(last, ROOT).next).toBeUndefined();
  });

  it.each<Json>([
    'https://evil.example/v1.0/users',
    'http://graph.microsoft.com/v1.0/users',
    'https://graph.microsoft.com.evil.example/v1.0/users',
    'https://graph.microsoft.com@evil.example/v1.0/users',
    'https://graph.microsoft.com:444/v1.0/users',
    '//graph.microsoft.com/v1.0/users',
    '/v1.0/users',
    'https://graph.microsoft.com/v2.0/users',
    'https://graph.microsoft.com/v1.0',
    'https://GRAPH.microsoft.com/v1.0/users',
    '',
    7,
    { href: 'https://graph.microsoft.com/v1.0/users' },
  ])('whose next page is said to be at %j is refused: the token goes nowhere else', (link) => {
    expect(() => pageOf({ value: [], '@odata.nextLink': link }, ROOT)).toThrow(GraphFailure);
  });

  it.each<Json | undefined>([undefined, null, [], {}, { value: null }, { value: {} }, 'x'])(
    'is not what has no list of items: %j',
    (body) => {
      expect(() => pageOf(body, ROOT)).toThrow(GraphFailure);
    },
  );
});

describe('a request', () => {
  const request = { method: 'GET', version: 'v1.0', path: '/users' } as const;

  async function exchange(answers: readonly (Response | Error)[]) {
    const waits: number[] = [];
    let asked = 0;
    const http = createHttp({
      root: 'https://graph.example',
      token: async () => 'secret',
      sleep: async (milliseconds) => void waits.push(milliseconds),
      fetch: async () => {
        const answer = answers[Math.min(asked++, answers.length - 1)] as Response | Error;
        if (answer instanceof Error) throw answer;
        return answer.clone();
      },
    });
    return { outcome: await http.send(request), asked, waits };
  }
  const answer = (status: number, body: Json = {}, headers: Record<string, string> = {}) =>
    new Response(status === 204 ? null : JSON.stringify(body), { status, headers });

  it.each([408, 429, 500, 502, 503, 504, 509])('is sent again after status %i, and succeeds', async (status) => {
    const { outcome, asked, waits } = await exchange([
      answer(status, {}, { 'retry-after': '2' }),
      answer(200, { ok: 1 }),
    ]);
    expect(outcome).toMatchObject({ ok: true, answer: { status: 200, body: { ok: 1 } } });
    expect(asked).toBe(2);
    expect(waits[0]).toBeGreaterThanOrEqual(2000);
  });

  it.each([400, 401, 403, 404, 409, 412])('is not sent again after status %i', async (status) => {
    const { outcome, asked } = await exchange([answer(status, { error: { code: 'No', message: 'no' } })]);
    expect(outcome).toMatchObject({ ok: false, error: { status, code: 'No' } });
    expect(asked).toBe(1);
  });

  it.each([401, 429, 500, 502, 503])('is refused by a gateway that answers %i with HTML', async (status) => {
    const { outcome } = await exchange([new Response('<html>Bad Gateway</html>', { status })]);
    expect(outcome).toMatchObject({ ok: false, error: { status, code: 'UnknownError' } });
  });

  it.each([200, 400, 403, 404, 410])('has no answer when %i comes with half a body', async (status) => {
    const { outcome, asked } = await exchange([new Response('{"error":', { status })]);
    expect([outcome, asked]).toMatchObject([{ ok: false, error: { status: 0, code: 'InvalidJson' } }, 3]);
  });

  it('is given up after a number of attempts, with the last refusal', async () => {
    const { outcome, asked } = await exchange([answer(503, { error: { code: 'Busy' } })]);
    expect(outcome).toMatchObject({ ok: false, error: { status: 503, code: 'Busy' } });
    expect(asked).toBe(6);
  });

  it('is sent again when there is no answer, or half of one, and its failure names no address', async () => {
    const reset = new TypeError('fetch failed', {
      cause: Object.assign(new Error('https://u:p@x'), { code: 'ECONNRESET' }),
    });
    expect((await exchange([reset, answer(204)])).outcome).toMatchObject({ ok: true });
    expect((await exchange([reset])).outcome).toMatchObject({ ok: false, error: { status: 0, code: 'ECONNRESET' } });
    expect(JSON.stringify((await exchange([reset])).outcome)).not.toContain('u:p');
    const half = new Response('{"value": [', { status: 200 });
    expect((await exchange([half])).outcome).toMatchObject({ ok: false, error: { status: 0, code: 'InvalidJson' } });
    expect((await exchange([half, answer(200, { value: [] })])).outcome).toMatchObject({ ok: true });
  });
});
