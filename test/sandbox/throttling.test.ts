/** The published limits, on a clock that the test moves. */
import { describe, expect, it } from 'vitest';
import type { Behaviour } from '../../src/sandbox/behaviour.js';
import { callerSets } from '../../src/sandbox/quirks/callers.js';
import type { SeedObject } from '../../src/sandbox/seed.js';
import { writeToken } from '../../src/sandbox/tokens.js';
import { loopback } from '../support/loopback.js';
import { countingRandom, id, ids, type Json, seed, start, startTime, tenantId, user } from './support.js';

interface Heard {
  readonly status: number;
  readonly body: Json;
  header(name: string): string | null;
}

/** A tenant in memory with the given number of users, and a clock. */
function tenant(users: number, behaviour: Partial<Behaviour> = {}, more: readonly SeedObject[] = []) {
  let now = 0;
  const others = seed.objects.filter(({ collection }) => collection !== 'users');
  const people = Array.from({ length: users }, (_, n) => user(id('a', n + 1), `user${n}`));
  const { fetch, requests } = loopback(
    { ...seed, objects: [...people, ...others, ...more] },
    () => new Date(startTime),
    countingRandom(),
    { throttle: true, ...behaviour },
    () => now,
  );
  const call = async (method: string, path: string, body?: unknown, headers: Json = {}): Promise<Heard> => {
    const answer = await fetch(`http://sandbox.test/v1.0${path}`, {
      method,
      headers: {
        Authorization: 'Bearer one',
        'Content-Type': 'application/json',
        ...(headers as Record<string, string>),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      body: text === '' ? {} : (JSON.parse(text) as Json),
      header: (name) => answer.headers.get(name),
    };
  };
  return {
    requests,
    call,
    get: (path: string, headers?: Json) => call('GET', path, undefined, headers),
    wait: (milliseconds: number) => {
      now += milliseconds;
    },
    /** Sends the same request until it is refused; how many were done. */
    async until429(method: string, path: string, body?: unknown, headers?: Json): Promise<number> {
      for (let done = 0; ; done++) if ((await call(method, path, body, headers)).status === 429) return done;
    },
  };
}

const patch = [`/users/${id('a', 1)}`, { city: 'Bonn' }] as const;
const bound = (from: number, count: number) => ({
  'members@odata.bind': Array.from(
    { length: count },
    (_, n) => `https://graph.microsoft.com/v1.0/directoryObjects/${id('a', from + n)}`,
  ),
});
/** Costs 20 writes and does nothing: more members than a request may bind. It is charged because it arrives. */
const heavy = [`/groups/${ids.security}`, bound(1, 60)] as const;
const perThree = { writesPerBind: 'per-three' } as const;

describe('the limits of the directory', () => {
  it.each([
    [49, 3500],
    [50, 5000],
    [501, 8000],
  ])('give a tenant of %i users %i resource units in 10 s', async (users, units) => {
    const { until429 } = tenant(users);
    // Costs 5, and is charged although the sandbox does not have it.
    expect(await until429('GET', `/groups/${ids.unified}/transitiveMembers`)).toBe(units / 5);
  });

  it('refuse the 3,001st write at once, and let 20 of them through in every second afterwards', async () => {
    const { until429, call, get, wait } = tenant(3);
    expect(await until429('PATCH', ...patch)).toBe(3000);
    const refused = await call('PATCH', ...patch);
    expect(refused).toMatchObject({ status: 429, body: { error: { code: 'TooManyRequests' } } });
    expect(refused.header('x-ms-throttle-scope')).toMatch(
      new RegExp(`^Tenant_Application/Write/[0-9a-f]{8}-[0-9a-f-]{27}/${tenantId}$`),
    );
    expect(refused.header('x-ms-throttle-information')).toBe('WriteLimitExceeded');
    expect((await get('/users?$top=1')).status).toBe(200);
    // Both refused writes are charged, and the next one needs room too.
    expect(refused.header('retry-after')).toBe('0.15');
    wait(10_100);
    expect(await until429('PATCH', ...patch)).toBe(200);
  });

  it('charge what is refused: who hammers stays out, and who waits as long as is said comes in', async () => {
    const { until429, call, wait } = tenant(3, perThree);
    await until429('PATCH', ...heavy);
    for (let n = 0; n < 50; n++) {
      wait(40);
      expect((await call('PATCH', ...patch)).status).toBe(429);
    }
    const seconds = Number((await call('PATCH', ...patch)).header('retry-after'));
    wait(seconds * 1000 - 2);
    expect((await call('PATCH', ...patch)).status).toBe(429);
    wait(Number((await call('PATCH', ...patch)).header('retry-after')) * 1000);
    expect((await call('PATCH', ...patch)).status).toBe(204);
  });

  it('hold for each application, and for all of them together', async () => {
    const { until429 } = tenant(3, perThree);
    const as = (app: number) => until429('PATCH', ...heavy, { Authorization: `Bearer app ${app}` });
    for (let app = 1; app <= 5; app++) expect((await as(app)) * 20).toBe(3000);
    // Five refusals were charged to the tenant, too.
    expect((await as(6)) * 20).toBe(2900);
    expect(await as(7)).toBe(0);
  });

  it('hold for an application whatever token it has at the moment', async () => {
    const { until429 } = tenant(3, perThree);
    const { appId, permissions, roles } = callerSets.administrator;
    const as = (lifetimeSeconds: number) => {
      const token = writeToken({ tenantId, appId, permissions, roles, now: new Date(startTime), lifetimeSeconds });
      return until429('PATCH', ...heavy, { Authorization: `Bearer ${token}` });
    };
    expect((await as(60)) * 20).toBe(3000);
    expect(await as(61)).toBe(0);
  });

  it('tell from four fifths on how much is used', async () => {
    const { call } = tenant(3, perThree);
    const shares = [];
    for (let n = 1; n <= 153; n++) {
      const share = (await call('PATCH', ...heavy)).header('x-ms-throttle-limit-percentage');
      if ([119, 120, 150, 153].includes(n)) shares.push(share);
    }
    expect(shares).toEqual([null, '0.8', '1.0', '1.02']);
  });

  it('refuse requests of low priority first', async () => {
    const { until429, call } = tenant(3, perThree);
    const low = { 'x-ms-throttle-priority': 'Low' };
    expect((await until429('PATCH', ...heavy, low)) * 20).toBe(2400);
    expect((await call('PATCH', ...patch)).status).toBe(204);
  });
});

describe('the cost of requests', () => {
  it.each([
    ['/users', '2'],
    ['/users?$select=id', '1'],
    ['/users?$top=19', '1'],
    ['/groups', '1'],
    [`/groups/${ids.unified}/members`, '3'],
    [`/groups/${ids.unified}/members?$select=id`, '2'],
    ['/applications', '2'],
    ['/oauth2PermissionGrants', '2'],
  ])('of %s is %s', async (path, units) => {
    expect((await tenant(3).get(path)).header('x-ms-resource-unit')).toBe(units);
  });

  it('is one write for 20 bound members, or one for every three begun', async () => {
    const documented = tenant(30);
    for (let n = 0; n < 200; n++) expect((await documented.call('PATCH', ...heavy)).status).toBe(400);
    const reported = tenant(30, perThree);
    expect((await reported.call('PATCH', `/groups/${ids.security}`, bound(10, 20))).status).toBe(204);
    for (let n = 0; n < 149; n++) await reported.call('PATCH', ...heavy);
    expect(await reported.until429('PATCH', ...patch)).toBe(3000 - 7 - 149 * 20);
  });

  it('is that of every item of a batch', async () => {
    const { call, until429 } = tenant(3, perThree);
    const item = (n: number) => ({
      id: String(n),
      method: 'PATCH',
      url: patch[0],
      headers: { 'Content-Type': 'application/json' },
      body: patch[1],
    });
    const requests = Array.from({ length: 20 }, (_, n) => item(n));
    expect((await call('POST', '/$batch', { requests })).status).toBe(200);
    expect((await until429('PATCH', ...heavy)) * 20).toBe(2980);
    const { status, body } = await call('POST', '/$batch', { requests: requests.slice(0, 2) });
    expect(status).toBe(200);
    const [first] = body.responses as Json[];
    expect(first).toMatchObject({ status: 429, headers: { 'Retry-After': expect.stringMatching(/^\d\.\d+$/) } });
  });
});

describe('limits of other services', () => {
  it('let one request a second through to Conditional Access, whoever asks and whatever for, and say no more', async () => {
    const { get, call, wait } = tenant(3);
    expect((await get('/identity/conditionalAccess/policies')).status).toBe(200);
    const path = `/identity/conditionalAccess/namedLocations/${ids.office}`;
    const other = await call('PATCH', path, { displayName: 'x' }, { Authorization: 'Bearer two' });
    expect(other.status).toBe(429);
    expect(other.header('retry-after')).toBeNull();
    expect(other.header('x-ms-throttle-scope')).toMatch(/^Tenant\/ReadWrite\//);
    // 0.8 of the refused request are still to be paid.
    wait(1000);
    expect((await get(path)).status).toBe(429);
    wait(1800);
    expect((await get(path)).status).toBe(200);
    for (let n = 0; n < 10; n++) {
      wait(1000);
      expect((await get(path, { 'x-ms-throttle-priority': 'Low' })).status).toBe(200);
    }
    expect((await get('/users')).status).toBe(200);
  });

  it('let 60 writes a minute through to applications for personal accounts', async () => {
    const application = (n: number, signInAudience: string): SeedObject => ({
      collection: 'applications',
      object: { id: id('e', n), appId: id('f', n), displayName: `App ${n}`, signInAudience },
    });
    const { until429, call } = tenant(3, {}, [
      application(1, 'AzureADandPersonalMicrosoftAccount'),
      application(2, 'AzureADMyOrg'),
    ]);
    expect(await until429('PATCH', `/applications/${id('e', 1)}`, { notes: 'x' })).toBe(60);
    expect((await call('PATCH', `/applications/${id('e', 2)}`, { notes: 'x' })).status).toBe(204);
  });

  it('let 5 requests in 10 s through to the audit log', async () => {
    const { until429, get } = tenant(3);
    expect(await until429('GET', '/auditLogs/directoryAudits')).toBe(5);
    expect((await get('/users')).status).toBe(200);
  });
});

describe('the pace that answers name', () => {
  it.each([
    [{}, 'none'],
    [{ throttle: true }, '1'],
    [{ throttle: true, speed: 60 }, '60'],
  ])('is, with %j, %s: on answers, refusals and batches', async (behaviour, pace) => {
    const sandbox = await start(seed, { behaviour });
    const answers = [
      await sandbox.get('/users'),
      await sandbox.get('/nothing'),
      await sandbox.call('POST', '/$batch', { requests: [] }),
      await fetch(`${sandbox.url}/v1.0/users`),
    ];
    expect(answers.map(({ headers }) => headers.get('x-knowngood-sandbox-pace'))).toEqual(Array(4).fill(pace));
  });

  it('throttles nothing when there is none', async () => {
    const { get } = tenant(3, { throttle: false });
    for (let n = 0; n < 20; n++) {
      expect((await get('/identity/conditionalAccess/policies')).status).toBe(200);
    }
  });
});
