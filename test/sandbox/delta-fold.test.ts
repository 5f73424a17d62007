/** Whoever applies everything that change tracking tells, in order, knows what lists say. */
import { describe, expect, it } from 'vitest';
import type { Behaviour } from '../../src/sandbox/behaviour.js';
import type { TenantSeed } from '../../src/sandbox/seed.js';
import { loopback } from '../support/loopback.js';
import { countingRandom, group, id, type Json, startTime, tenantId, user } from './support.js';

const people = Array.from({ length: 6 }, (_, n) => id('a', n + 1));
const groups = Array.from({ length: 4 }, (_, n) => id('b', n + 1));
const tenant: TenantSeed = {
  tenantId,
  displayName: 'Contoso',
  verifiedDomains: ['contoso.com'],
  objects: [
    ...people.map((each, n) => user(each, `user${n}`)),
    ...groups.map((each, n) => group(each, `group${n}`, {}, people.slice(n, n + 3))),
  ],
};

interface Known {
  readonly values: Map<string, Json>;
  readonly members: Map<string, Set<string>>;
}

/** Applies one item as a client does. */
function fold({ values, members }: Known, { id: key, '@removed': removed, 'members@delta': changes, ...rest }: Json) {
  const name = String(key);
  if (removed) {
    values.delete(name);
    members.delete(name);
    return;
  }
  values.set(name, { ...values.get(name), ...rest });
  const held = members.get(name) ?? new Set();
  for (const change of (changes ?? []) as Json[]) {
    if ('@removed' in change) held.delete(String(change.id));
    else held.add(String(change.id));
  }
  members.set(name, held);
}

/** A tenant, its requests, and a stream of numbers. */
function world(seed: number, behaviour: Partial<Behaviour>) {
  const random = countingRandom();
  for (let skip = 0; skip < seed * 7; skip++) random();
  let now = Date.parse(startTime);
  const { fetch, url } = loopback(
    tenant,
    () => new Date(now),
    random,
    behaviour,
    () => now,
  );
  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(path.startsWith('http') ? path : `${url}/v1.0${path}`, {
      method,
      headers: { authorization: 'Bearer any', 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return (text === '' ? {} : JSON.parse(text)) as Json;
  };
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  return { call, pick, random, pass: (milliseconds: number) => (now += milliseconds) };
}

type World = ReturnType<typeof world>;

/** Something that happens to the tenant; what cannot happen is refused, which is as well. */
async function happen({ call, pick, random }: World): Promise<void> {
  const [person, held] = [pick(people), pick(groups)];
  const restore = () => call('POST', `/directory/deletedItems/${pick([person, held])}/restore`);
  const bind = { 'members@odata.bind': [`x/users/${pick(people)}`, `x/users/${person}`] };
  await pick([
    () => call('PATCH', `/users/${person}`, { city: pick(['Aachen', 'Bonn', null]) }),
    () => call('PATCH', `/groups/${held}`, { description: pick(['one', 'two', null]) }),
    () => call('PATCH', `/groups/${held}`, bind),
    () => call('POST', `/groups/${held}/members/$ref`, { '@odata.id': `x/users/${person}` }),
    () => call('DELETE', `/groups/${held}/members/${person}/$ref`),
    () => (random() < 0.4 ? call('DELETE', `/users/${person}`) : restore()),
    () => (random() < 0.4 ? call('DELETE', `/groups/${held}`) : restore()),
    restore,
    () => (random() < 0.1 ? call('DELETE', `/directory/deletedItems/${pick([person, held])}`) : call('GET', '/users')),
  ])();
}

/** One round of change tracking, with things that happen between its pages. Resolves to the link it ended with. */
async function round(all: World, known: Known, start: string): Promise<string> {
  for (let link = start; ; ) {
    const body = await all.call('GET', link, undefined, { prefer: 'odata.maxpagesize=2' });
    for (const item of body.value as Json[]) fold(known, item);
    if (body['@odata.deltaLink']) return String(body['@odata.deltaLink']);
    if (all.random() < 0.3) await happen(all);
    link = String(body['@odata.nextLink']);
  }
}

const selected = { users: 'displayName,city', groups: 'displayName,description,members' } as const;

async function listed(all: World, collection: keyof typeof selected): Promise<Known> {
  const names = selected[collection].replace(',members', '');
  const list = (await all.call('GET', `/${collection}?$select=id,${names}&$top=999`)).value as Json[];
  const known: Known = { values: new Map(), members: new Map() };
  for (const { id: key, ...rest } of list) {
    known.values.set(String(key), rest);
    known.members.set(String(key), new Set());
    if (collection !== 'groups') continue;
    const members = (await all.call('GET', `/groups/${key}/members?$select=id`)).value as Json[];
    known.members.set(String(key), new Set(members.map((member) => String(member.id))));
  }
  return known;
}

/** Null and never set are one, and a member in the recycle bin is known to the one who was told of it. */
const comparable = ({ values, members }: Known, live: ReadonlySet<string>) =>
  [...values.keys()].sort().map((key) => {
    const held = [...(members.get(key) ?? [])].filter((member) => live.has(member)).sort();
    const set = Object.entries(values.get(key) ?? {}).filter(([, value]) => value !== null && value !== undefined);
    return [key, Object.fromEntries(set.sort()), held];
  });

/** Those after the first each found a mistake once. */
const seeds = [1, 11, 21, 109];

describe.each<[string, Partial<Behaviour>]>([
  ['by itself', {}],
  ['with two members an item', { deltaMemberSlice: 2 }],
  ['late', { deltaLatency: 60, deltaMemberSlice: 1 }],
  ['out of order', { deltaReorder: true }],
  ['read from copies that lag', { lag: { seconds: 30, requests: 3 } }],
])('change tracking %s', (_, behaviour) => {
  it('adds up to what lists say', async () => {
    for (const seed of seeds) {
      // Else who is in the recycle bin at first, and comes back, is not told of, though it is in a group again.
      const all = world(seed, { listDeletedMembers: true, ...behaviour });
      for (const collection of ['users', 'groups'] as const) {
        const known: Known = { values: new Map(), members: new Map() };
        let link = `/${collection}/delta?$select=${selected[collection]}`;
        for (let rounds = 0; rounds < 6; rounds++) {
          link = await round(all, known, link);
          for (let more = 0; more < 6; more++) await happen(all);
          all.pass(1000);
        }
        // Everything has arrived everywhere: one more round, and all is known.
        all.pass(120_000);
        for (let asked = 0; asked < 4; asked++) await all.call('GET', '/users');
        const last = await round({ ...all, random: () => 1 }, known, link);
        await round({ ...all, random: () => 1 }, known, last);
        const live = new Set([...(await listed(all, 'users')).values.keys()]);
        const told = comparable(known, live);
        expect(told, `${collection}, seed ${seed}`).toEqual(comparable(await listed(all, collection), live));
      }
    }
  });
});
