/**
 * Unknown is not empty, whatever it is that was not read: every kind of request that reading a tenant takes, with every
 * fault, one by one. What is asked, of which types, links and recycle bins, follows from the registry.
 */

import { describe, expect, it, vi } from 'vitest';
import { exitOfPlan, exitOfSnapshot } from '../../src/cli/exit-codes.js';
import type { LiveState } from '../../src/collect/types.js';
import type { SnapshotResult } from '../../src/model/documents.js';
import { isJsonArray, isJsonObject, type Json } from '../../src/model/json.js';
import { type ObjectKey, typeOf } from '../../src/model/object.js';
import { type Action, isLinkAction, type Plan } from '../../src/model/plan.js';
import type { ObjectType } from '../../src/registry/types.js';
import { expectedState, treeDifferences } from '../support/expected-state.js';
import type { Fault } from '../support/faults.js';
import { PAGE, partlyRead, plansFor, readWith } from '../support/partly-read.js';
import type { Reading } from '../support/reading.js';
import { pathsOf } from '../support/recovery-run.js';

/** Lists that are asked for in no size have small pages, too. */
vi.mock('../../src/sandbox/quirks/limits.js', async (original) => ({
  ...(await original<object>()),
  pageSize: { standard: 2, largest: 999 },
}));

const FAULTS: readonly (readonly [string, Fault, RegExp])[] = [
  ['is refused', { status: 403 }, /^403 Authorization_RequestDenied: Refused with 403\.$/],
  ['fails', { status: 500 }, /^500 InternalServerError: Refused with 500\.$/],
  ['is not found', { status: 404 }, /^404 Request_ResourceNotFound|not found/],
  ['breaks off', 'reset', /^no answer ECONNRESET/],
  ['is cut short', 'truncated', /^no answer InvalidJson/],
  ['is empty', 'hollow', /./],
  ['tells ids only', 'unreadable', /./],
];

/** Every kind of request meets what looks whole and is not, and one other fault in turn; or each, where that is asked for. */
const faultsOf = (index: number) =>
  process.env.UNKNOWN_FAULTS === 'all'
    ? FAULTS
    : [FAULTS[index % (FAULTS.length - 1)], FAULTS.at(-1)].flatMap((fault) => (fault === undefined ? [] : [fault]));

const all = await partlyRead();
const { registry, good, goodRead, whole, kinds } = all;
const known = await plansFor(all, good, whole);

/** What the coverage names when a request of this kind fails. */
const gapsOf = ({ role, types, part }: Reading): string[] =>
  types.map(({ name }) => (part !== undefined ? `${name}.${part}` : role === 'bin' ? `${name}.deletedItems` : name));

/** Types of which something is not known when objects of these are not: their edges, and what they are mixed into. */
function dependents(types: readonly ObjectType[]): ReadonlySet<string> {
  const names = new Set(types.map(({ name }) => name));
  const touched = registry.types.filter(({ edge, keys, properties }) => {
    const ends = properties.filter(({ name }) => edge !== undefined && keys.includes(name));
    const leads = ends.some(({ shape }) => shape.kind === 'scalar' && shape.reference?.types.some((n) => names.has(n)));
    return leads || names.has(edge?.ownerType ?? '') || properties.some(({ union }) => names.has(union?.type ?? ''));
  });
  return new Set([...names, ...touched.map(({ name }) => name)]);
}

const keysOf = (actions: readonly Action[]): string[] =>
  actions.flatMap((action) => pathsOf(action).map((path) => `${action.action} ${path}`));

/** Types that an action is about. */
function typesOf(action: Action): string[] {
  if (!isLinkAction(action)) return [typeOf(action.object)];
  const link = registry.byName.get(typeOf(action.object))?.links.find(({ name }) => name === action.link);
  return [typeOf(action.object), action.link, ...(link?.targets ?? [])];
}

/** The edge that an action on a link is about, where it is one. */
const edgeOf = (action: Action): ObjectKey | undefined =>
  isLinkAction(action) && registry.byName.get(action.link)?.edge !== undefined
    ? `${action.link}/${action.target}`
    : undefined;

const takesAway = (action: Action): boolean =>
  action.action === 'soft-delete' ||
  action.action === 'unlink' ||
  (!isLinkAction(action) && action.set.some(({ desired }) => desired === null || String(desired) === ''));

function checkPlan(plan: Plan, truth: Plan, unread: ReadonlySet<ObjectKey>, affected: ReadonlySet<string>): void {
  const planned = new Set(keysOf(plan.actions));
  const known = new Set(keysOf(truth.actions));
  const blocked = new Set(truth.blocked.map(({ object }) => object));
  const beyond = plan.actions.filter(
    (action) => keysOf([action]).some((key) => !known.has(key)) && (takesAway(action) || !blocked.has(action.object)),
  );
  expect(beyond, `what a whole reading would not have planned: ${JSON.stringify(beyond)}`).toEqual([]);
  const about = (action: Action) => edgeOf(action) ?? (action.object as ObjectKey);
  expect(plan.actions.filter((action) => unread.has(about(action)))).toEqual([]);
  const certain = truth.actions.filter((action) => typesOf(action).every((name) => !affected.has(name)));
  expect(
    keysOf(certain).filter((key) => !planned.has(key)),
    'what is certain, and not planned',
  ).toEqual([]);
}

function checkCoverage({ coverage }: LiveState, reading: Reading, reason: RegExp): void {
  expect(exitOfSnapshot({ coverage } as SnapshotResult)).toBe(3);
  const gaps = new Map(coverage.gaps.map((gap) => [gap.what, gap]));
  for (const what of gapsOf(reading)) {
    expect(gaps.get(what), what).toMatchObject({ reason: expect.stringMatching(reason) });
  }
  for (const { what, keptFrom } of coverage.gaps) expect([what, keptFrom]).toEqual([what, good.captured.start]);
  const allowed = dependents(reading.types);
  expect(coverage.gaps.filter(({ what }) => !allowed.has(what.split('.')[0] ?? ''))).toEqual([]);
}

const inTurn = [...kinds.values()].map((reading, index) => [reading.name, reading, index] as const);

describe.each(inTurn)('when the %s', (_, reading, index) => {
  it.each(faultsOf(index))('%s, it is kept, said, and nothing is taken away', async (_name, fault, reason) => {
    const rule = ({ path }: { path: string }) => (all.readingOf(path)?.name === reading.name ? fault : undefined);
    const live = await readWith(all, all.after, good, rule);
    if (fault === 'unreadable' && reading.role === 'link') {
      expect([new Map([...live.ids].sort()), live.coverage.gaps]).toEqual([new Map([...whole.ids].sort()), []]);
      return;
    }
    const named = fault === 'unreadable' && reading.role !== 'edges' && reading.types[0]?.edge === undefined;
    const { ids, unread } = await expectedState(
      all,
      { reading, named, whole: fault === 'unreadable' },
      all.after.wire.taken(),
    );
    // Edges are looked for once more among those of their owners, whose own reading may have told.
    const isEdge = (key: ObjectKey) =>
      reading.types.some(({ name, edge }) => edge !== undefined && name === typeOf(key));
    const isAskedAgain = reading.role === 'edges' || fault === 'unreadable';
    const wrong = treeDifferences(all, live.ids, ids, (key) => isAskedAgain && isEdge(key));
    expect(wrong, wrong.join('\n')).toEqual([]);
    checkCoverage(live, reading, reason);
    const affected = dependents(reading.types);
    for (const [index, plan] of (await plansFor(all, good, live)).entries()) {
      expect(exitOfPlan(plan, true)).toBe(3);
      checkPlan(plan, known[index] as Plan, unread, affected);
    }
    const first = all.repository.backup(await readWith(all, all.before, undefined, rule));
    for (const { actions, kept, blocked } of await plansFor(all, first, goodRead))
      expect([actions, kept, blocked]).toEqual([[], [], []]);
  });
});

it('has every list, link, recycle bin and part of the registry, and pages beyond the first', () => {
  const names = new Set(kinds.keys());
  const lists = registry.types.map((type) => (type.path.includes('{owner}') ? 'edges' : 'list'));
  expect(PAGE).toBe(2);
  for (const [index, type] of registry.types.entries()) {
    const listed = [...kinds.values()].filter(({ role, types }) => role === lists[index] && types.includes(type));
    const isOne = type.singleton !== undefined || type.inline !== undefined;
    expect(listed.map(({ next }) => next).sort(), type.name).toEqual(isOne ? [false] : [false, true]);
    if (type.bin !== undefined)
      for (const page of ['', 'next page of ']) expect(names).toContain(`${page}bin ${type.name}`);
    for (const { name } of type.links)
      for (const page of ['', 'next page of ']) expect(names).toContain(`${page}link ${type.name}.${name}`);
    for (const { name, part } of type.properties)
      if (part?.read === true) expect(names).toContain(`part ${type.name}.${name}`);
  }
});

/** Everything is answered badly the first time that it is asked for, and well the second. */
it.each<[string, Fault]>([
  ['fails', { status: 500 }],
  ['is throttled', { status: 429 }],
  ['breaks off', 'reset'],
  ['is cut short', 'truncated'],
])('what %s once, whatever it is, is asked for again, and nothing is missing', async (_, fault) => {
  const asked = new Map<string, number>();
  const live = await readWith(all, all.after, good, ({ path }) => {
    const times = asked.get(path) ?? 0;
    asked.set(path, times + 1);
    return times === 0 ? fault : undefined;
  });
  expect(treeDifferences(all, live.ids, whole.ids)).toEqual([]);
  expect(exitOfSnapshot({ coverage: live.coverage } as SnapshotResult)).toBe(0);
  expect([...asked.values()].every((times) => times > 1)).toBe(true);
});

/** A request about one owner of many, by the path that it and no other has. */
const ofOwners = [...kinds.values()].filter(({ role, next }) => !next && ['link', 'part', 'edges'].includes(role));

it.each(ofOwners.map((reading) => [reading.name, reading] as const))(
  'what was not read of one object is kept, and that of all others is as it is: %s',
  async (_, reading) => {
    const paths = [...new Set(all.asked.filter((path) => all.readingOf(path)?.name === reading.name))];
    for (const path of paths.slice(0, 3)) {
      const live = await readWith(all, all.after, good, (asked) => (asked.path === path ? { status: 403 } : undefined));
      const [owner = ''] = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(path) ?? [];
      const wrong = treeDifferences(all, live.ids, whole.ids);
      expect(wrong.filter((line) => !line.includes(owner))).toEqual([]);
      expect(live.coverage.gaps).toMatchObject([
        { what: gapsOf(reading)[0], objects: 1, keptFrom: good.captured.start },
      ]);
    }
  },
);

it('a relation that should come along with its objects, and does not or not whole, is as last seen', async () => {
  const expanded = registry.types.filter(({ expand }) => expand.length > 0);
  expect(expanded.length).toBeGreaterThan(0);
  for (const part of ['missing', 'cut'] as const) {
    all.after.wire.bend(({ path }, body) => {
      const type = expanded.find((each) => all.readingOf(path)?.types.includes(each));
      return type === undefined ? body : withoutRelations(body, type.expand, part);
    });
    const live = await readWith(all, all.after, good, () => undefined);
    all.after.wire.bend(undefined);
    const names = expanded.flatMap(({ name, expand }) => expand.map((relation) => `${name}.${relation}`));
    expect(live.coverage.gaps.map(({ what }) => what)).toEqual(names);
    const [before, now] = [
      await good.load(live.uncertain.keys()),
      await all.repository.live(live, good).load(live.uncertain.keys()),
    ];
    for (const [key, parts] of live.uncertain) {
      for (const name of parts) expect(now.get(key)?.properties[name]).toEqual(before.get(key)?.properties[name]);
    }
    expect(live.uncertain.size).toBeGreaterThan(0);
  }
});

function withoutRelations(body: Json, names: readonly string[], part: 'missing' | 'cut'): Json {
  if (!isJsonObject(body) || !isJsonArray(body.value)) return body;
  const value = body.value.map((raw) => {
    const rest = Object.entries(isJsonObject(raw) ? raw : {}).filter(([name]) => !names.includes(name));
    const cut = names.flatMap((name) => [
      [name, []],
      [`${name}@odata.nextLink`, 'https://graph.example/more'],
    ]);
    return Object.fromEntries(part === 'missing' ? rest : [...rest, ...cut]) as Json;
  });
  return { ...body, value };
}
