/** What could not be read is unknown, not empty: trouble between the tool and Graph, made by a proxy. */

import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { exitOfApply, exitOfDifference, exitOfPlan, exitOfSnapshot } from '../../src/cli/exit-codes.js';
import type { Coverage } from '../../src/model/coverage.js';
import type { SeedObject, TenantSeed } from '../../src/sandbox/seed.js';
import { runCli } from '../cli/run-cli.js';
import { acme, CLUB, numbers, person, STAFF, SYNCED, TEAM } from '../support/acme.js';
import { type FaultyProxy, type ProxiedRequest, type Rule, refusal, startProxy } from '../support/proxy.js';
import { compareTenants } from '../support/raw-reader.mjs';
import { type Commands, createScene, type Scene, writesIn } from '../support/scene.js';

/** The client waits before it tries again; how long is tested where the client is. */
const waits = vi.hoisted((): number[] => []);
vi.mock('node:timers/promises', async (original) => ({
  ...(await original<typeof import('node:timers/promises')>()),
  setTimeout: (milliseconds: number) => {
    waits.push(milliseconds);
    return Promise.resolve();
  },
}));

interface Trouble {
  readonly scene: Scene;
  readonly proxy: FaultyProxy;
  /** The commands with the proxy between them and the sandbox. */
  readonly run: Commands;
}

/** A tenant behind a proxy that lets everything through until a rule is given; there is no backup yet. */
async function behindProxy(seed: TenantSeed = acme): Promise<Trouble & { close(): Promise<void> }> {
  const scene = await createScene({ seed });
  const proxy = await startProxy(scene.url);
  const close = async () => {
    await proxy.close();
    await scene.close();
  };
  return { scene, proxy, run: scene.at(proxy.url), close };
}

/** The same for one test, with a backup. */
async function troubled(seed?: TenantSeed): Promise<Trouble> {
  const trouble = await behindProxy(seed);
  onTestFinished(trouble.close);
  await trouble.run.snapshot();
  return trouble;
}

const isList = (collection: string) => (request: ProxiedRequest) =>
  request.method === 'GET' && new RegExp(`^/(?:v1\\.0|beta)/${collection}\\?`).test(request.path);

const when =
  (matches: (request: ProxiedRequest) => boolean, status: number, headers?: Record<string, string>): Rule =>
  (request) =>
    matches(request) ? refusal(status, headers) : undefined;

const tree = (scene: Scene) => scene.git('rev-parse', 'HEAD:tenant-state');

/** The coverage that the newest commit carries as a trailer. */
function trailer(scene: Scene): unknown {
  const text = scene.git('log', '-1', '--format=%(trailers:key=Knowngood-Coverage,valueonly,unfold)');
  return text === 'complete' ? text : (JSON.parse(text) as Coverage);
}

const cases: readonly (readonly [string, (request: ProxiedRequest) => boolean, string, 'partial' | 'not-collected'])[] =
  [
    ['the list of users', isList('users'), 'user', 'not-collected'],
    ['the list of groups', isList('groups'), 'group', 'not-collected'],
    [
      'the list of policies',
      ({ path }) => /\/conditionalAccess\/policies(?:\?|$)/.test(path),
      'conditionalAccessPolicy',
      'not-collected',
    ],
    [
      'the recycle bin of users',
      ({ path }) => path.includes('/deletedItems/microsoft.graph.user'),
      'user.deletedItems',
      'not-collected',
    ],
    ['the members of one group', ({ path }) => path.includes(`/groups/${TEAM}/members`), 'group.members', 'partial'],
  ];

describe.each(cases)('when %s is refused with 403', (_, matches, what, status) => {
  let trouble: Awaited<ReturnType<typeof behindProxy>>;
  const gap = expect.objectContaining({
    what,
    status,
    reason: expect.stringContaining('403 Authorization_RequestDenied'),
    keptFrom: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
  });

  beforeAll(async () => {
    trouble = await behindProxy();
    await trouble.run.snapshot();
    return trouble.close;
  });

  it('diff and plan propose nothing for it, and exit with 3', async () => {
    const { scene, proxy, run } = trouble;
    proxy.answer(when(matches, 403));
    scene.requests();
    const report = await run.diff();
    expect(exitOfDifference(report, true)).toBe(3);
    expect(report.changes).toEqual([]);
    const plan = await run.plan('HEAD', { allowDelete: true });
    expect(exitOfPlan(plan, true)).toBe(3);
    expect(plan.actions).toEqual([]);
    expect(plan.blocked).toEqual([]);
    expect(plan.coverage.live.gaps).toEqual([gap]);
    expect(writesIn(scene.requests())).toEqual([]);
  });

  it('the backup keeps what was known, says so, and exits with 3', async () => {
    const { scene, proxy, run } = trouble;
    const before = tree(scene);
    proxy.answer(when(matches, 403));
    const result = await run.snapshot({ full: true });
    expect(exitOfSnapshot(result)).toBe(3);
    expect(tree(scene)).toBe(before);
    expect(result.subject).toBe('Snapshot: no changes');
    expect(result.coverage.gaps).toEqual([gap]);
    expect(trailer(scene)).toMatchObject({ gaps: [gap] });
  });

  it('a plan made from an incomplete backup takes nothing away from a tenant that is whole', async () => {
    const { scene, proxy, run } = trouble;
    proxy.answer(when(matches, 403));
    await run.snapshot({ full: true });
    proxy.answer(undefined);
    const good = await scene.dump();
    const plan = await run.plan('HEAD', { allowDelete: true });
    expect(plan.coverage.desired.gaps).toEqual([gap]);
    expect(plan.actions).toEqual([]);
    await run.apply(plan);
    expect(compareTenants(good, await scene.dump())).toEqual([]);
  });
});

describe('the first backup of all', () => {
  it('of a tenant whose users cannot be read says that they are not there, and nothing is ever deleted for it', async () => {
    const { proxy, run, close } = await behindProxy();
    onTestFinished(close);
    proxy.answer(when(isList('users'), 403));
    const result = await run.snapshot({ full: true });
    expect(exitOfSnapshot(result)).toBe(3);
    expect(result.coverage.gaps).toEqual([expect.objectContaining({ what: 'user', status: 'not-collected' })]);
    proxy.answer(undefined);
    const plan = await run.plan('HEAD', { allowDelete: true });
    expect(plan).toMatchObject({ actions: [], kept: [], blocked: [] });
  });

  it('with members of one group unreadable leaves them unmanaged, not empty', async () => {
    const { scene, proxy, run, close } = await behindProxy();
    onTestFinished(close);
    proxy.answer(when(({ path }) => path.includes(`/groups/${TEAM}/members`), 403));
    await run.snapshot();
    expect(scene.git('show', `HEAD:tenant-state/groups/${TEAM.slice(0, 3)}/${TEAM}.yaml`)).not.toMatch(/^members:/m);
    expect(scene.git('show', `HEAD:tenant-state/groups/${CLUB.slice(0, 3)}/${CLUB}.yaml`)).toMatch(/^members:/m);
    proxy.answer(undefined);
    expect((await run.plan('HEAD')).actions).toEqual([]);
  });
});

describe('damage beside what could not be read', () => {
  it('is recovered; what could not be read stays as it is', async () => {
    const { scene, proxy, run } = await troubled();
    const good = await scene.dump();
    await scene.graph('DELETE', `/users/${person(60)}`);
    await scene.graph('PATCH', `/users/${person(59)}`, { department: 'Wrong' });
    await scene.graph('DELETE', `/groups/${TEAM}/members/${person(1)}/$ref`);
    await scene.graph('DELETE', `/groups/${STAFF}/members/${person(40)}/$ref`);
    proxy.answer(when(({ path }) => path.includes(`/groups/${TEAM}/members`), 403));
    const plan = await run.plan();
    expect(plan.actions.map(({ action, object }) => `${action} ${object}`).sort()).toEqual([
      `link group/${STAFF}`,
      `restore user/${person(60)}`,
      `update user/${person(59)}`,
    ]);
    proxy.answer(undefined);
    await run.apply(plan);
    expect(compareTenants(good, await scene.dump())).toEqual([`groups/${TEAM} (team) members: lost "${person(1)}"`]);
  });

  it('users of whom Graph tells nothing but their ids stay as last seen, and what is planned beside them is done', async () => {
    const { scene, proxy, run } = await troubled();
    const [before, good] = [tree(scene), await scene.dump()];
    const ids = [...numbers(1, 60).map(person), SYNCED];
    const bare = ids.map((id) => ({
      '@odata.type': '#microsoft.graph.user',
      id,
      displayName: null,
      businessPhones: [],
    }));
    proxy.answer((request) => (isList('users')(request) ? { status: 200, body: { value: bare } } : undefined));
    const result = await run.snapshot({ full: true });
    expect(exitOfSnapshot(result)).toBe(3);
    expect(tree(scene)).toBe(before);
    expect(result.coverage.gaps).toEqual([expect.objectContaining({ what: 'user', status: 'partial', objects: 61 })]);
    await scene.graph('PATCH', `/users/${person(59)}`, { department: 'Wrong' });
    await scene.graph('PATCH', `/groups/${TEAM}`, { description: 'Wrong' });
    const plan = await run.plan('HEAD', { allowDelete: true });
    expect(plan.actions.map(({ action, object }) => `${action} ${object}`)).toEqual([`update group/${TEAM}`]);
    expect(exitOfApply(await run.apply(plan))).toBe(3);
    proxy.answer(undefined);
    expect(compareTenants(good, await scene.dump())).toEqual([
      expect.stringMatching(new RegExp(`^users/${person(59)} .*department`)),
    ]);
  });

  it('a user missing from a list that was read whole, with an unreadable bin, is unknown and not gone', async () => {
    const { scene, proxy, run } = await troubled();
    await scene.graph('DELETE', `/users/${person(60)}`);
    proxy.answer(when(({ path }) => path.includes('/deletedItems/microsoft.graph.user'), 403));
    const before = tree(scene);
    const result = await run.snapshot({ full: true });
    expect(result.changes).toMatchObject({ removed: 0, softDeleted: 0 });
    expect(tree(scene)).toBe(before);
    const plan = await run.plan('HEAD');
    expect(plan).toMatchObject({ actions: [], blocked: [] });
    expect(exitOfPlan(plan, true)).toBe(3);
    expect(plan.coverage.live.gaps).toEqual([expect.objectContaining({ what: 'user.deletedItems' })]);
  });
});

describe('restored groups', () => {
  it('whose members the backup does not know keep those they had', async () => {
    const { scene, proxy, run, close } = await behindProxy();
    onTestFinished(close);
    proxy.answer(when(({ path }) => path.includes(`/groups/${TEAM}/members`), 403));
    await run.snapshot();
    proxy.answer(undefined);
    const good = await scene.dump();
    await scene.graph('DELETE', `/groups/${TEAM}`);
    await scene.graph('DELETE', `/groups/${CLUB}`);
    scene.requests();
    expect(await run.apply(await run.plan())).toMatchObject({ counts: { restored: 2, failed: 0 } });
    expect(writesIn(scene.requests())).toHaveLength(2);
    expect(compareTenants(good, await scene.dump())).toEqual([]);
  });

  it('keep members that could not be read when the plan was made', async () => {
    const { scene, proxy, run } = await troubled();
    const good = await scene.dump();
    await scene.graph('DELETE', `/groups/${TEAM}`);
    proxy.answer(when(isList('users'), 403));
    const plan = await run.plan();
    expect(plan.summary).toMatchObject({ restore: 1 });
    proxy.answer(undefined);
    expect(await run.apply(plan)).toMatchObject({ status: 'complete', writes: 1 });
    expect(compareTenants(good, await scene.dump())).toEqual([]);
  });
});

describe('what is read after the recovery', () => {
  it('and could not be read is not proven: the exit code is 3', async () => {
    const { scene, proxy, run } = await troubled();
    await scene.graph('PATCH', `/users/${person(1)}`, { department: 'Wrong' });
    const plan = await run.plan();
    proxy.answer(when(isList('users'), 403));
    const result = await run.apply(plan);
    expect(exitOfApply(result)).toBe(3);
    expect(result).toMatchObject({ status: 'incomplete', counts: { updated: 1, failed: 0 } });
    expect(result.verification?.problems).toEqual([
      expect.objectContaining({ message: expect.stringMatching(/^user could not be read again: 403/) }),
    ]);
  });
});

describe('pages', () => {
  /** More users than one page holds. */
  const extras = numbers(2001, 3100).map((n): SeedObject => {
    const name = `extra${n}@acme.example`;
    const identities = [{ signInType: 'userPrincipalName', issuer: 'acme.example', issuerAssignedId: name }];
    const own = { id: person(n), userPrincipalName: name, mailNickname: `extra${n}`, identities };
    return { collection: 'users', object: { ...acme.objects[0]?.object, ...own } };
  });
  const manyUsers = () => troubled({ ...acme, objects: [...acme.objects, ...extras] });

  const isSecondPage = ({ path }: ProxiedRequest) => path.startsWith('/v1.0/users?') && path.includes('$skiptoken');

  it('a second page that is refused makes the list partial: nobody on it is gone', async () => {
    const { scene, proxy, run } = await manyUsers();
    const before = tree(scene);
    proxy.answer(when(isSecondPage, 403));
    const result = await run.snapshot({ full: true });
    expect(exitOfSnapshot(result)).toBe(3);
    expect(result.coverage.gaps).toEqual([expect.objectContaining({ what: 'user', status: 'partial' })]);
    expect(tree(scene)).toBe(before);
    const plan = await run.plan('HEAD', { allowDelete: true });
    expect(plan).toMatchObject({ actions: [], blocked: [], kept: [] });
  });

  it('a second page that always breaks off in the middle makes the list partial, too', async () => {
    const { scene, proxy, run } = await manyUsers();
    const before = tree(scene);
    proxy.answer((request) => (isSecondPage(request) ? 'cut' : undefined));
    const result = await run.snapshot({ full: true });
    expect(exitOfSnapshot(result)).toBe(3);
    expect(result.coverage.gaps).toEqual([expect.objectContaining({ what: 'user', status: 'partial' })]);
    expect(tree(scene)).toBe(before);
    expect(proxy.seen.filter(isSecondPage).length).toBeGreaterThan(3);
  });

  it('a page that breaks off once is asked for again, and nothing is missing', async () => {
    const { scene, proxy, run } = await manyUsers();
    const before = tree(scene);
    let cut = 0;
    proxy.answer((request) => (isSecondPage(request) && cut++ === 0 ? 'cut' : undefined));
    const result = await run.snapshot({ full: true });
    expect(exitOfSnapshot(result)).toBe(0);
    expect(tree(scene)).toBe(before);
    expect(cut).toBe(2);
  });

  it('a next page at another address is refused, and no token goes there', async () => {
    const { scene, proxy, run } = await troubled();
    const before = tree(scene);
    const elsewhere = await startProxy(scene.url);
    onTestFinished(() => elsewhere.close());
    proxy.answer((request) => {
      if (!isList('users')(request)) return undefined;
      return { status: 200, body: { value: [], '@odata.nextLink': `${elsewhere.url}/v1.0/users?$skiptoken=x` } };
    });
    const result = await run.snapshot({ full: true });
    expect(exitOfSnapshot(result)).toBe(3);
    expect(result.coverage.gaps).toEqual([
      expect.objectContaining({ what: 'user', reason: expect.stringContaining('another address') }),
    ]);
    expect(tree(scene)).toBe(before);
    expect(elsewhere.seen).toEqual([]);
  });

  it('pages that lead in a circle end', async () => {
    const { scene, proxy, run } = await troubled();
    const before = tree(scene);
    proxy.answer((request) => {
      if (!request.path.startsWith('/v1.0/users?')) return undefined;
      return { status: 200, body: { value: [], '@odata.nextLink': `${proxy.url}/v1.0/users?$skiptoken=again` } };
    });
    const result = await run.snapshot({ full: true });
    expect(exitOfSnapshot(result)).toBe(3);
    expect(tree(scene)).toBe(before);
  });
});

describe('a Graph that is busy', () => {
  it.each([
    ['429 with Retry-After: 0', 429, { 'retry-after': '0' }],
    ['503', 503, {}],
  ])('a list answered by %s twice is asked for again', async (_, status, headers) => {
    const { scene, proxy, run } = await troubled();
    const before = tree(scene);
    let left = 2;
    proxy.answer((request) => (isList('users')(request) && left-- > 0 ? refusal(status, headers) : undefined));
    waits.length = 0;
    const result = await run.snapshot({ full: true });
    expect(exitOfSnapshot(result)).toBe(0);
    expect(tree(scene)).toBe(before);
    expect(waits).toHaveLength(2);
    expect(Math.max(...waits) <= 500).toBe(status === 429);
  });

  it.each([
    ['429 with Retry-After: 0', 429, { 'Retry-After': '0' }],
    ['503', 503, {}],
  ])('one part of a batch answered by %s is sent again, and nothing else of the batch', async (_, status, headers) => {
    const { scene, proxy, run } = await troubled();
    await scene.incident('mass-disable');
    const good = await scene.dump();
    const plan = await run.plan();
    let left = 2;
    const isOne = ({ method, path }: ProxiedRequest) => method === 'PATCH' && path.endsWith(person(7));
    proxy.answer((request) => (isOne(request) && left-- > 0 ? refusal(status, headers) : undefined));
    scene.requests();
    const result = await run.apply(plan);
    expect(result).toMatchObject({ status: 'complete', counts: { failed: 0 } });
    expect(proxy.seen.filter(isOne)).toHaveLength(3);
    expect(writesIn(scene.requests())).toHaveLength(plan.actions.length);
    expect(compareTenants(good, await scene.dump())).not.toEqual([]);
  });

  it('a write that is refused for one user fails for that one only, is named, and exits with 3', async () => {
    const { scene, proxy, run } = await troubled();
    for (const n of [1, 2, 3]) await scene.graph('PATCH', `/users/${person(n)}`, { department: 'Wrong' });
    const plan = await run.plan();
    proxy.answer(when(({ method, path }) => method === 'PATCH' && path.endsWith(person(2)), 403));
    const result = await run.apply(plan);
    expect(result).toMatchObject({ status: 'incomplete', counts: { updated: 2, failed: 1 } });
    expect(result.results).toEqual([
      expect.objectContaining({
        object: `user/${person(2)}`,
        outcome: 'failed',
        reason: expect.stringContaining('403'),
      }),
    ]);
  });
});

describe('writes that were done and whose answer was lost', () => {
  it('are sent again, nothing is done twice, and all is as it was', async () => {
    const { scene, proxy, run } = await troubled();
    const good = await scene.dump();
    await scene.graph('PATCH', `/users/${person(1)}`, { department: 'Wrong' });
    await scene.graph('DELETE', `/users/${person(60)}`);
    await scene.graph('DELETE', `/groups/${CLUB}`);
    for (const n of numbers(20, 44)) await scene.graph('DELETE', `/groups/${STAFF}/members/${person(n)}/$ref`);
    const reference = `${scene.url}/v1.0/directoryObjects/${person(50)}`;
    await scene.graph('POST', `/groups/${TEAM}/members/$ref`, { '@odata.id': reference });
    const plan = await run.plan();
    expect(plan.summary).toMatchObject({ restore: 2, update: 1, link: 25, unlink: 1 });
    const lost = new Set<string>();
    proxy.answer(({ method, path, body }) => {
      const write = `${method} ${path} ${JSON.stringify(body)}`;
      if (method === 'GET' || lost.has(write)) return undefined;
      lost.add(write);
      return 'lost';
    });
    expect(await run.apply(plan)).toMatchObject({ status: 'complete', counts: { failed: 0, skipped: 0 } });
    expect(lost.size).toBeGreaterThanOrEqual(6);
    expect(compareTenants(good, await scene.dump())).toEqual([]);
  });

  it('are counted as done for soft-deletes, too', async () => {
    const { scene, proxy, run } = await troubled();
    for (const n of [1, 2]) {
      const body = { displayName: `new${n}`, mailNickname: `new${n}`, mailEnabled: false, securityEnabled: true };
      await scene.graph('POST', '/groups', body);
    }
    const plan = await run.plan('HEAD', { allowDelete: true });
    const lost = new Set<string>();
    proxy.answer(({ method, path }) => {
      if (method !== 'DELETE' || lost.has(path)) return undefined;
      lost.add(path);
      return 'lost';
    });
    expect(await run.apply(plan)).toMatchObject({ status: 'complete', counts: { softDeleted: 2 } });
    expect(lost.size).toBe(2);
  });
});

describe('on the command line', () => {
  it('snapshot, diff and plan exit with 3 and say what is missing', async () => {
    const { scene, proxy } = await troubled();
    const env = { KNOWNGOOD_GRAPH_URL: proxy.url };
    proxy.answer(when(isList('groups'), 403));
    const run = (...args: string[]) => runCli(args, { cwd: scene.root, env });
    const [diff, plan] = await Promise.all([run('diff', '--detailed-exitcode'), run('plan', '--to', 'HEAD')]);
    const snapshot = await run('snapshot', '--full');
    expect([snapshot.code, diff.code, plan.code]).toEqual([3, 3, 3]);
    for (const { stdout } of [snapshot, diff, plan]) expect(stdout).toMatch(/group: not collected/);
    for (const { stdout } of [diff, plan]) expect(stdout).not.toContain('No changes. The live tenant matches');
  });
});
