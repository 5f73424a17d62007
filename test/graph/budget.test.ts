/**
 * Recoveries against a sandbox that holds to the published limits, on a virtual clock: what is allowed is used, and hardly
 * anything is refused. `KNOWNGOOD_BUDGET=full` recovers 50,000 users and 100,000 memberships, and prints the figures.
 */

import { describe, expect, it } from 'vitest';
import { execute } from '../../src/apply/execute.js';
import { createWriter } from '../../src/apply/writer.js';
import { createClient } from '../../src/graph/client.js';
import type { Action } from '../../src/model/plan.js';
import { loadRegistry } from '../../src/registry/load.js';
import type { Behaviour } from '../../src/sandbox/behaviour.js';
import type { SeedObject } from '../../src/sandbox/seed.js';
import { nullJournal } from '../support/fake-client.js';
import { loopback } from '../support/loopback.js';
import { seededRandom } from '../support/seeded.js';
import { TENANT, workloadId } from '../support/small-workloads.js';
import { virtualTime } from '../support/virtual-time.js';

const FULL = process.env.KNOWNGOOD_BUDGET === 'full';
const registry = loadRegistry();
const START = Date.parse('2026-11-20T12:00:00Z');
/** How long an answer takes, in milliseconds: between these. */
const LATENCY = [80, 600] as const;

/** Objects on a page of the sandbox that nobody asked to be larger. */
const PAGE = 100;

interface Seen {
  readonly at: number;
  readonly method: string;
  readonly url: string;
  readonly status: number;
}

/** Applies these actions, and tells when every request came and how it was answered, items of a batch one by one. */
async function recover(objects: readonly SeedObject[], actions: readonly Action[], behaviour: Partial<Behaviour> = {}) {
  const time = virtualTime();
  const random = seededRandom(7);
  const clock = () => new Date(START + time.now());
  const sandbox = loopback(
    { tenantId: TENANT, displayName: 'Contoso', verifiedDomains: ['contoso.com'], objects },
    clock,
    random,
    { throttle: true, ...behaviour },
    time.now,
  );
  const seen: Seen[] = [];
  let envelopes = 0;
  const client = createClient({
    root: sandbox.url,
    token: async () => 'any',
    sleep: time.sleep,
    clock: time.now,
    random,
    fetch: async (url, options) => {
      const [least, most] = LATENCY;
      await time.sleep((least + random() * (most - least)) / 2);
      if (String(url).endsWith('/$batch')) envelopes += 1;
      const from = sandbox.requests.length;
      const answer = await sandbox.fetch(url, options);
      for (const { method, url: path, status } of sandbox.requests.slice(from))
        seen.push({ at: time.now(), method, url: path, status });
      await time.sleep((least + random() * (most - least)) / 2);
      return answer;
    },
  });
  const results = await time.run(
    execute({ actions, scope: { exclude: [] } } as unknown as Parameters<typeof execute>[0], {
      client,
      registry,
      writer: createWriter(client, nullJournal()),
      sleep: time.sleep,
      progress: () => undefined,
      signal: new AbortController().signal,
    }),
  );
  return { seen, results, envelopes };
}

/** The part used of the 3,000 writes that are there at once and the 20 that come with every second. */
function budgetUsed(seen: readonly Seen[]): number {
  const writes = seen.filter(({ method, status }) => method !== 'GET' && status < 400);
  const times = writes.map(({ at }) => at);
  const [first, last] = [Math.min(...times.slice(0, 100)), Math.max(...times.slice(-100))];
  return writes.length / (3000 + (20 * (last - first)) / 1000);
}

function refusedShare(seen: readonly Seen[]): number {
  return seen.filter(({ status }) => status === 429).length / seen.length;
}

const userAt = (index: number): SeedObject => ({
  collection: 'users',
  object: {
    id: workloadId('a', index),
    displayName: `User ${index}`,
    userPrincipalName: `u${index}@contoso.com`,
    mailNickname: `u${index}`,
    accountEnabled: false,
    userType: 'Member',
    createdDateTime: '2026-01-01T00:00:00Z',
  },
});

const groupAt = (index: number): SeedObject => ({
  collection: 'groups',
  object: {
    id: workloadId('b', index),
    displayName: `Group ${index}`,
    mailNickname: `g${index}`,
    groupTypes: [],
    mailEnabled: false,
    securityEnabled: true,
    createdDateTime: '2026-01-01T00:00:00Z',
  },
  members: [],
});

const policyAt = (index: number): SeedObject => ({
  collection: 'policies',
  object: {
    id: workloadId('c', index),
    displayName: `Policy ${index}`,
    state: 'disabled',
    conditions: {
      users: { includeUsers: ['All'] },
      applications: { includeApplications: ['All'] },
      clientAppTypes: ['all'],
    },
    grantControls: { operator: 'OR', builtInControls: ['mfa'] },
  },
});

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

const enable = (n: number): Action => ({
  n,
  phase: 'objects',
  rank: 1,
  action: 'update',
  object: `user/${workloadId('a', n - 1)}`,
  label: `User ${n - 1}`,
  set: [{ path: 'accountEnabled', live: false, desired: true }],
});

const join = (n: number, group: number, user: number): Action => ({
  n,
  phase: 'links',
  action: 'link',
  object: `group/${workloadId('b', group)}`,
  label: `Group ${group}`,
  link: 'members',
  target: workloadId('a', user),
  targetLabel: `User ${user}`,
});

const tighten = (n: number): Action => ({
  n,
  phase: 'tighten',
  rank: 1,
  action: 'update',
  object: `conditionalAccessPolicy/${workloadId('c', n - 1)}`,
  label: `Policy ${n - 1}`,
  set: [{ path: 'state', live: 'disabled', desired: 'enabled' }],
});

const timeout = FULL ? 1_200_000 : 60_000;

describe('the budget of writes', () => {
  it(
    'is used when very many users are recovered, and hardly a request is refused',
    async () => {
      const count = FULL ? 50_000 : 4000;
      const { seen, results } = await recover(
        numbers(count).map(userAt),
        numbers(count).map((index) => enable(index + 1)),
      );
      const [used, refused] = [budgetUsed(seen), refusedShare(seen)];
      if (FULL) console.log(`${count} users: ${seen.length} requests, budget used ${used}, refused ${refused}`);
      expect(results.filter(({ outcome }) => outcome !== 'done')).toEqual([]);
      expect(seen.filter(({ method }) => method !== 'GET').length).toBeLessThanOrEqual(count * 1.01);
      expect(used).toBeGreaterThanOrEqual(0.95);
      expect(refused).toBeLessThan(0.01);
    },
    timeout,
  );

  it(
    'is spent on as few requests as members can be packed into',
    async () => {
      const [groups, each] = FULL ? [10_000, 10] : [100, 25];
      const links = numbers(groups * each).map((index) =>
        join(index + 1, Math.floor(index / each), (index % each) + (Math.floor(index / each) % 50)),
      );
      const { seen, results, envelopes } = await recover(
        [...numbers(100).map(userAt), ...numbers(groups).map(groupAt)],
        links,
      );
      const writes = seen.filter(({ method }) => method !== 'GET');
      if (FULL)
        console.log(
          `${links.length} memberships in ${groups} groups: ${writes.length} writes, ${envelopes} batches, budget used ${budgetUsed(seen)}, refused ${refusedShare(seen)}`,
        );
      expect(results.filter(({ outcome }) => outcome !== 'done')).toEqual([]);
      expect(writes.filter(({ status }) => status < 400).length).toBe(groups * Math.ceil(each / 20));
      expect(refusedShare(seen)).toBeLessThan(0.01);
    },
    timeout,
  );

  it(
    'is learned where adding members costs more than the one write that is documented',
    async () => {
      const groups = 900;
      const links = numbers(groups * 20).map((index) => join(index + 1, Math.floor(index / 20), index % 20));
      const { seen, results } = await recover([...numbers(20).map(userAt), ...numbers(groups).map(groupAt)], links, {
        writesPerBind: 'per-three',
      });
      expect(results.filter(({ outcome }) => outcome !== 'done')).toEqual([]);
      expect(refusedShare(seen)).toBeLessThan(0.05);
    },
    timeout,
  );
});

it(
  'never asks more than once in a second about Conditional Access, and reads policies by their list',
  async () => {
    const count = FULL ? 195 : 45;
    const { seen, results } = await recover(
      numbers(count).map(policyAt),
      numbers(count).map((index) => tighten(index + 1)),
    );
    expect(results.filter(({ outcome }) => outcome !== 'done')).toEqual([]);
    const gaps = seen.slice(1).map(({ at }, index) => at - (seen[index] as Seen).at);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1000);
    expect(seen.filter(({ status }) => status >= 400)).toEqual([]);
    expect(seen.filter(({ method }) => method === 'GET').length).toBe(Math.ceil(count / 20) * Math.ceil(count / PAGE));
  },
  timeout,
);
