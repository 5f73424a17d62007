/** What is sent again, when, and what never is, on its own and in batches. */

import { describe, expect, it } from 'vitest';
import type { GraphRequest, Outcome, TokenSource } from '../../src/graph/types.js';
import type { Json } from '../../src/model/json.js';
import { Failure } from '../../src/model/problem.js';
import { type Answered, broken, scriptedGraph } from '../support/scripted-graph.js';

const GET = { method: 'GET', version: 'v1.0', path: '/users/u-1' } as const;
const PATCH: GraphRequest = { method: 'PATCH', version: 'v1.0', path: '/users/u-1', body: { accountEnabled: true } };
const RESTORE = { method: 'POST', version: 'v1.0', path: '/directory/deletedItems/u-1/restore' } as const;
const REFERENCE = { method: 'POST', version: 'v1.0', path: '/groups/g-1/owners/$ref', body: {} } as const;
const CREATE = { method: 'POST', version: 'v1.0', path: '/oauth2PermissionGrants', body: { scope: 'a' } } as const;
const POLICY = { method: 'PATCH', version: 'v1.0', path: '/identity/conditionalAccess/policies/p', body: {} } as const;

const good: Answered = { status: 200, body: { fine: true } };
const bad = (status: number, code = 'Bad', headers: Record<string, string> = {}): Answered => ({
  status,
  body: { error: { code, message: '' } },
  headers,
});

/** One request, alone and in a batch, with an answer that fails so many times. */
async function tryBoth(request: GraphRequest, failure: Answered | Error, times: number) {
  const outcomes: { outcome: Outcome; sent: number }[] = [];
  for (const alone of [true, false]) {
    const { client, time, sent } = scriptedGraph({
      answer: ({ path, before }) => (path === '/organization' || before >= times ? good : failure),
    });
    await time.run(client.send({ ...GET, path: '/organization' }));
    const all = alone ? client.send(request).then((outcome) => [outcome]) : client.sendAll([request]);
    const [outcome] = await time.run(all);
    outcomes.push({ outcome: outcome as Outcome, sent: sent.length - 1 });
  }
  expect(outcomes[1]).toEqual(outcomes[0]);
  return outcomes[0] as { outcome: Outcome; sent: number };
}

describe('what may be sent again', () => {
  it.each([GET, PATCH, RESTORE, REFERENCE])('after a fault of the service, is: $method $path', async (request) => {
    for (const status of [408, 500, 502, 503, 504, 509, 423]) {
      expect(await tryBoth(request, bad(status), 5)).toMatchObject({ outcome: { ok: true, retried: true }, sent: 6 });
      expect(await tryBoth(request, bad(status), 6)).toMatchObject({
        outcome: { ok: false, error: { status } },
        sent: 6,
      });
    }
  });

  it.each([500, 502, 503, 504, 408])(
    'what makes something new is not after %i: it may have been made',
    async (status) => {
      expect(await tryBoth(CREATE, bad(status), 1)).toMatchObject({
        outcome: { ok: false, error: { status } },
        sent: 1,
      });
    },
  );

  it.each([423, 424, 429, 509])('what makes something new is after %i: nothing was done', async (status) => {
    expect(await tryBoth(CREATE, bad(status), 2)).toMatchObject({ outcome: { ok: true }, sent: 3 });
  });

  it('is known by the network error where the request went alone', async () => {
    const send = async (code: string) => {
      const { client, time, sent } = scriptedGraph({ answer: ({ before }) => (before === 0 ? broken(code) : good) });
      return [(await time.run(client.send(CREATE))).ok, sent.length];
    };
    for (const code of ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'])
      expect(await send(code), code).toEqual([true, 2]);
    for (const code of ['ECONNRESET', 'UND_ERR_SOCKET', 'EPIPE']) expect(await send(code), code).toEqual([false, 1]);
  });

  it('is an object that something else was writing, and no other conflict', async () => {
    expect(await tryBoth(PATCH, bad(409, 'Directory_ConcurrencyViolation'), 2)).toMatchObject({ sent: 3 });
    expect(await tryBoth(CREATE, bad(409, 'Directory_ConcurrencyViolation'), 2)).toMatchObject({ sent: 3 });
    expect(await tryBoth(PATCH, bad(409, 'ObjectConflict'), 2)).toMatchObject({ outcome: { ok: false }, sent: 1 });
  });

  it('waits for as long as Graph asks, and longer every time where it does not', async () => {
    const waits = async (headers: Record<string, string>) => {
      const { client, time, sent } = scriptedGraph({
        answer: ({ before }) => (before < 4 ? bad(503, 'B', headers) : good),
      });
      await time.run(client.sendAll([PATCH, { ...PATCH, path: '/users/u-2' }]));
      const times = sent.filter(({ path }) => path === PATCH.path).map(({ at }) => at);
      return times.slice(1).map((at, index) => at - (times[index] as number));
    };
    expect(await waits({ 'retry-after': '7.5' })).toEqual([7500, 7500, 7500, 7500]);
    expect(await waits({})).toEqual([500, 1000, 2000, 4000]);
  });
});

describe('lack of capacity', () => {
  it('never makes a request fail because it was refused many times', async () => {
    expect(await tryBoth(PATCH, bad(429, 'TooManyRequests', { 'retry-after': '10' }), 200)).toMatchObject({
      outcome: { ok: true },
      sent: 201,
    });
  });

  it('is waited out for an hour, and not for ever', async () => {
    const { client, time, sent } = scriptedGraph({
      answer: () => bad(429, 'TooManyRequests', { 'retry-after': '60' }),
    });
    expect(await time.run(client.send(PATCH))).toMatchObject({ ok: false, error: { status: 429 } });
    expect(sent.length).toBeGreaterThan(50);
    expect(time.now()).toBeGreaterThan(59 * 60_000);
    expect(time.now()).toBeLessThan(62 * 60_000);
  });

  it('of writes holds back all writes for as long as it was said, and no read', async () => {
    const { client, time, sent } = scriptedGraph({
      answer: ({ method, before }) =>
        method === 'PATCH' && before === 0 ? bad(429, 'TooManyRequests', { 'retry-after': '30' }) : good,
    });
    const work = Promise.all([
      client.send(PATCH),
      time
        .sleep(1000)
        .then(() => client.sendAll([GET, { ...PATCH, path: '/users/u-2' }, { ...GET, path: '/users/u-2' }])),
    ]);
    expect((await time.run(work)).flat().every(({ ok }) => ok)).toBe(true);
    const times = sent.map(({ method, path, at }) => `${method} ${path} ${at >= 30_000 ? 'late' : at}`);
    expect(times.slice(0, 3).sort()).toEqual(['GET /users/u-1 1000', 'GET /users/u-2 1000', 'PATCH /users/u-1 0']);
    expect(times.slice(3).every((text) => text.endsWith('late'))).toBe(true);
  });

  it('of Conditional Access, which names no time, is waited out longer every time, by all requests about it', async () => {
    const { client, time, sent } = scriptedGraph({ answer: ({ before }) => (before < 3 ? bad(429) : good) });
    await time.run(client.send(POLICY));
    const times = sent.map(({ at }) => at);
    expect(times.slice(1).map((at, index) => at - (times[index] as number))).toEqual([3020, 5020, 9020]);
  });
});

describe('a batch', () => {
  it('that got lost is sent again, but for what may have made something', async () => {
    for (const lost of [broken('ECONNRESET'), bad(504)]) {
      const { client, time, sent, envelopes } = scriptedGraph({
        answer: () => good,
        envelope: (_, index) => (index === 0 ? lost : undefined),
      });
      const outcomes = await time.run(client.sendAll([PATCH, CREATE, REFERENCE]));
      expect(outcomes.map(({ ok }) => ok)).toEqual([true, false, true]);
      expect(envelopes).toEqual([
        [PATCH.path, CREATE.path, REFERENCE.path],
        [PATCH.path, REFERENCE.path],
      ]);
      expect(sent.length).toBe(2);
    }
  });

  it('leaves an item without an answer in doubt', async () => {
    const { client, time, sent } = scriptedGraph({
      answer: ({ before }) => (before === 0 ? new Error('left out') : good),
    });
    const outcomes = await time.run(client.sendAll([PATCH, CREATE]));
    expect(outcomes).toMatchObject([{ ok: true }, { ok: false, error: { code: 'NoAnswer' } }]);
    expect(sent.map(({ path }) => path)).toEqual([PATCH.path, CREATE.path, PATCH.path]);
  });

  it('repeats what was refused, and what depended on it, and nothing else', async () => {
    const paths = Array.from({ length: 20 }, (_, at) => `/users/u-${at}`);
    const { client, time, envelopes } = scriptedGraph({
      answer: ({ path, before }) =>
        before > 0
          ? good
          : path === paths[3]
            ? bad(429, 'T', { 'Retry-After': '7' })
            : path === paths[9]
              ? bad(424)
              : good,
    });
    const outcomes = await time.run(client.sendAll(paths.map((path) => ({ ...PATCH, path }))));
    expect(outcomes.every(({ ok }) => ok)).toBe(true);
    expect(envelopes).toEqual([paths, [paths[3], paths[9]]]);
  });

  it('holds 20 requests, or five that add many references, and nothing about Conditional Access', async () => {
    const { client, time, envelopes, sent } = scriptedGraph({ answer: () => good });
    const bind = { 'members@odata.bind': Array.from({ length: 20 }, (_, at) => `x/${at}`) };
    const many = <T extends object>(count: number, request: T, path: string) =>
      Array.from({ length: count }, (_, at) => ({ ...request, path: `${path}/${at}` }));
    await time.run(
      client.sendAll([
        ...many(45, PATCH, '/users'),
        ...many(12, { ...PATCH, body: bind }, '/groups'),
        ...many(3, GET, '/users'),
        ...many(3, POLICY, '/identity/conditionalAccess/policies'),
      ]),
    );
    const sizes = envelopes.map((paths) => `${(paths[0] as string).split('/')[1]} ${paths.length}`);
    expect(sizes.sort()).toEqual(['groups 2', 'groups 5', 'groups 5', 'users 20', 'users 20', 'users 3', 'users 5']);
    expect(sent.filter(({ path }) => path.startsWith('/identity')).map(({ at }) => at)).toEqual([0, 1020, 2040]);
  });
});

describe('reads', () => {
  it('go on while writes wait for their turn, also when they were asked for together', async () => {
    const { client, time, sent } = scriptedGraph({ answer: () => good });
    const writes = Array.from({ length: 3100 }, (_, at): GraphRequest => ({ ...PATCH, path: `/users/u-${at}` }));
    const work = Promise.all([
      client.sendAll([...writes, GET]),
      time.sleep(1000).then(() => client.sendAll([{ ...GET, path: '/users/late' }])),
    ]);
    await time.run(work);
    const timesOf = (method: string) => sent.filter((request) => request.method === method).map(({ at }) => at);
    expect(timesOf('GET')).toEqual([0, 1000]);
    expect(Math.max(...timesOf('PATCH'))).toBeGreaterThan(7000);
    expect(Math.max(...timesOf('PATCH'))).toBeLessThan(9000);
  });
});

describe('a refused token', () => {
  const challenge = `Bearer realm="", error="insufficient_claims", claims="${Buffer.from('{"access_token":{}}').toString('base64')}"`;

  async function refusing(refused: readonly string[], tokens: readonly string[], headers = {}) {
    const asked: Parameters<TokenSource>[0][] = [];
    let current = 0;
    const token: TokenSource = async (again) => {
      if (again !== undefined) {
        asked.push(again);
        current = Math.min(current + 1, tokens.length - 1);
      }
      return tokens[current] as string;
    };
    const answer = ({ headers: sent }: { headers: Readonly<Record<string, string>> }) =>
      refused.some((name) => sent.authorization === `Bearer ${name}`)
        ? bad(401, 'InvalidAuthenticationToken', headers)
        : good;
    const alone = scriptedGraph({ answer }, { token });
    const outcome = await alone.time.run(alone.client.send(CREATE));
    current = 0;
    const batch = scriptedGraph({ answer }, { token });
    const [inBatch] = await batch.time.run(batch.client.sendAll([CREATE]));
    expect(inBatch).toEqual(outcome);
    return { outcome, asked: asked.slice(0, asked.length / 2), sent: alone.sent.length };
  }

  it('is replaced once, whatever the request', async () => {
    expect(await refusing(['old'], ['old', 'new'])).toMatchObject({
      outcome: { ok: true },
      asked: [{ refused: 'old' }],
      sent: 2,
    });
  });

  it('is replaced by one with the claims that Graph asks for', async () => {
    const { outcome, asked } = await refusing(['old'], ['old', 'new'], { 'WWW-Authenticate': challenge });
    expect([outcome.ok, asked]).toEqual([true, [{ refused: 'old', claims: '{"access_token":{}}' }]]);
  });

  it('is final when the new one is refused, too, or is the same', async () => {
    const second = await refusing(['old', 'new'], ['old', 'new'], { 'WWW-Authenticate': challenge });
    expect(second).toMatchObject({ outcome: { error: { status: 401, claimsChallenge: true } }, sent: 2 });
    const same = await refusing(['old'], ['old']);
    expect(same).toMatchObject({ outcome: { error: { status: 401 } }, sent: 1 });
    expect(same.outcome).not.toHaveProperty('error.claimsChallenge');
  });

  it('that cannot be had at all is told as it is before anything was asked, and later is a failed request', async () => {
    const failure = new Failure({ code: 'KG119', message: 'No token.' });
    let isThere = false;
    const { client, time } = scriptedGraph(
      { answer: () => good },
      {
        token: async () => {
          if (!isThere) throw failure;
          return 'x';
        },
      },
    );
    await expect(time.run(client.send(GET))).rejects.toBe(failure);
    isThere = true;
    expect((await time.run(client.send(GET))).ok).toBe(true);
    isThere = false;
    expect(await time.run(client.send(GET))).toMatchObject({
      ok: false,
      error: { code: 'NoToken', message: 'No token.' },
    });
  });
});

describe('every request', () => {
  it('says who asks, and that it is in no hurry where it is not', async () => {
    const told = async (background: boolean) => {
      const { client, time, sent } = scriptedGraph({ answer: () => good }, { userAgent: 'knowngood/9', background });
      await time.run(client.send(GET));
      await time.run(client.sendAll([GET]));
      return sent.map(({ headers }) => [headers['user-agent'], headers['x-ms-throttle-priority'], headers.prefer]);
    };
    expect(await told(false)).toEqual(Array(2).fill(['knowngood/9', undefined, 'include-unknown-enum-members']));
    expect(await told(true)).toEqual(Array(2).fill(['knowngood/9', 'Low', 'include-unknown-enum-members']));
  });

  it.each<[string, Record<string, string>, number]>([
    ['real Graph', {}, 1020],
    ['something that only says how fast its clock runs', { 'x-knowngood-sandbox-pace': 'none' }, 1020],
    ['a sandbox that says nothing', { 'x-knowngood-sandbox': 't' }, 1020],
    ['a sandbox without limits', { 'x-knowngood-sandbox': 't', 'x-knowngood-sandbox-pace': 'none' }, 0],
    [
      'a sandbox whose clock runs ten times as fast',
      { 'x-knowngood-sandbox': 't', 'x-knowngood-sandbox-pace': '10' },
      102,
    ],
    ['a sandbox with a clock that cannot be', { 'x-knowngood-sandbox': 't', 'x-knowngood-sandbox-pace': '-3' }, 1020],
  ])('keeps the pace of %s', async (_, headers, gap) => {
    const { client, time, sent } = scriptedGraph({ answer: () => ({ ...good, headers }) });
    await time.run(client.send({ ...GET, path: '/organization' }));
    for (let round = 0; round < 3; round += 1) await time.run(client.send(POLICY));
    const times = sent.slice(1).map(({ at }) => at);
    expect(times.slice(1).map((at, index) => Math.round(at - (times[index] as number)))).toEqual([gap, gap]);
  });

  it('of a tenant with many users has more to spend', async () => {
    const units = async (users: number) => {
      const list: Json = { value: Array.from({ length: users }, (_, at) => ({ id: `u-${at}` })) };
      const { client, time } = scriptedGraph({
        answer: ({ path }) => (path === GET.path ? good : { status: 200, body: list }),
      });
      await time.run(client.send({ ...GET, path: '/users?$select=id' }));
      await time.run(client.sendAll(Array.from({ length: 9000 }, () => GET)));
      return Math.round(time.now() / 100);
    };
    // 9,000 units at 3,500, 5,000 and 8,000 in ten seconds, of which 98 % are there at once.
    expect([await units(49), await units(50), await units(501)]).toEqual([159, 82, 15]);
  });
});
