/**
 * An apply that is killed at any request, before the tenant hears of it or when it has done it, or a part of a batch: the
 * journal is whole, and planning and applying again takes the tenant to the same end, with nothing done twice and nothing
 * left out.
 */

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadRegistry } from '../../src/registry/load.js';
import { type Applied, type Kill, placeOf } from '../support/killed-apply.js';
import type { SeenRequest } from '../support/loopback.js';
import type { RawTenant } from '../support/raw-tenant.js';
import { temporary } from '../support/scene.js';
import { INCIDENTS } from '../support/small-incidents.js';

const registry = loadRegistry();

interface JournalLine {
  readonly event: 'start' | 'intent' | 'outcome' | 'end';
  readonly request?: number;
  readonly status?: number;
  readonly method?: string;
  readonly path?: string;
  readonly body?: unknown;
}

/** Kills inside of large batches are tried all only if it is asked for. */
const { KNOWNGOOD_KILLS } = process.env;

/** Every way in which it can be killed: before a call, and after so many of its writes. */
function killsOf({ calls }: Applied): Kill[] {
  return calls.flatMap(({ writes }, call) => {
    const many = Array.from({ length: writes + 1 }, (_, done) => done);
    const some = many.filter((done) => done < 2 || done >= writes - 1 || done === Math.floor(writes / 2));
    return (KNOWNGOOD_KILLS === undefined ? some : many).map((done) => ({ call, done }));
  });
}

/** What writes did, one by one: a property set, a member added, an object restored or deleted. */
function effectsOf(writes: readonly SeenRequest[]): string[] {
  return writes
    .flatMap(({ method, url, body }) => {
      const what = `${method} ${decodeURIComponent(url)}`;
      const edge = method === 'POST' && /appRoleAssignedTo$|Grants$/.test(url);
      if (body === null || edge) return [`${what} ${JSON.stringify(body)}`];
      return Object.entries(body as Record<string, unknown>).flatMap(([name, value]) => {
        const items = name === 'members@odata.bind' ? (value as unknown[]) : [value];
        return name === '@odata.type' ? [] : items.map((item) => `${what} ${name}: ${JSON.stringify(item)}`);
      });
    })
    .sort();
}

/** What a tenant is, but for when it became so and for ids that the tenant gives. */
function essence(tenant: RawTenant): unknown {
  return [...tenant.values()]
    .map(({ key, deleted, values }) => {
      const edge = /^(?:appRoleAssignment|oauth2PermissionGrant|personalGrant)\//.test(key);
      const own = Object.entries(values).filter(
        ([name]) => !/^(?:created|modified|deleted|renewed)DateTime$/.test(name) && !(edge && name === 'id'),
      );
      return [key, deleted, Object.fromEntries(own)] as const;
    })
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Whole lines; what was sent is announced, what has an outcome had it, what has none is unknown. */
function checkJournal({ journal, writes }: Applied): void {
  expect(journal.endsWith('\n')).toBe(true);
  const lines = journal
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as JournalLine);
  const intents = lines.filter(({ event }) => event === 'intent');
  expect(intents.map(({ request }) => request)).toEqual(intents.map((_, index) => index + 1));
  const open = [...intents];
  const done = new Map<number | undefined, SeenRequest>();
  for (const write of writes) {
    const at = open.findIndex(
      ({ method, path, body = null }) =>
        method === write.method && path === write.url && isDeepStrictEqual(body, write.body),
    );
    if (at < 0) expect.fail(`${write.method} ${write.url} is not in the journal`);
    for (const intent of open.splice(at, 1)) done.set(intent.request, write);
  }
  const outcomes = lines.filter(({ event }) => event === 'outcome');
  for (const { request, status } of outcomes) expect(done.get(request)?.status).toBe(status);
  expect(new Set(outcomes.map(({ request }) => request)).size).toBe(outcomes.length);
}

describe.each(INCIDENTS)('$name', (incident) => {
  it('converges whenever it was killed, and does nothing twice', async () => {
    const folder = temporary();
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const whole = await placeOf(registry, incident, folder);
    const plan = await whole.plan();
    const kinds = plan.actions.map((action) =>
      [action.action, 'link' in action ? action.link : action.object.split('/')[0]].join(' '),
    );
    expect(kinds).toEqual(expect.arrayContaining([...incident.actions]));
    expect(plan.blocked).toEqual([]);
    const uninterrupted = await whole.apply(plan);
    expect(
      uninterrupted.results?.filter(({ outcome, refused }) => outcome !== 'done' || refused !== undefined),
    ).toEqual([]);
    checkJournal(uninterrupted);
    expect((await whole.plan()).actions).toEqual([]);
    const end = essence(await whole.read());
    const effects = effectsOf(uninterrupted.writes);
    const kills = killsOf(uninterrupted);
    expect(kills.length).toBeGreaterThan(30);
    if (KNOWNGOOD_KILLS !== undefined)
      console.log(
        incident.name,
        plan.actions.length,
        'actions',
        uninterrupted.calls.length,
        'calls',
        kills.length,
        'kills',
      );
    for (const [index, kill] of kills.entries()) {
      const place = await placeOf(registry, incident, join(folder, String(index)));
      const killed = await place.apply(await place.plan(), kill);
      expect(killed.results).toBeUndefined();
      checkJournal(killed);
      const next = await place.apply(await place.plan());
      checkJournal(next);
      const where = `killed at ${JSON.stringify(kill)}`;
      expect(
        next.results?.filter(({ outcome, refused }) => outcome !== 'done' || refused !== undefined),
        where,
      ).toEqual([]);
      expect((await place.plan()).actions, where).toEqual([]);
      expect(essence(await place.read()), where).toEqual(end);
      const both = [...killed.writes, ...next.writes];
      expect(
        both.filter(({ status }) => status >= 400),
        where,
      ).toEqual([]);
      expect(effectsOf(both), where).toEqual(effects);
    }
  }, 600_000);
});
