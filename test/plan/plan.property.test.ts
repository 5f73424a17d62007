/** Plans of made-up states: two sides of the same objects, with gaps in what is known of either. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Comparison, compareStates } from '../../src/comparison.js';
import type { Json, JsonObject } from '../../src/model/json.js';
import { type DirectoryObject, idOf, type ObjectKey, type Presence, typeOf } from '../../src/model/object.js';
import { isLinkAction, PHASES, type PlanContent, type Scope } from '../../src/model/plan.js';
import { assemblePlan, identifyPlan, type PlanFrame, planId } from '../../src/plan/plan.js';
import { loadRegistry } from '../../src/registry/load.js';
import type { ObjectType } from '../../src/registry/types.js';
import { canonicalise } from '../../src/state/canonical.js';
import { type MadeUp, stateOf, typeNamed } from '../support/memory-state.js';
import { objectOf, type RawObject } from '../support/raw-objects.js';

const registry = loadRegistry();
const considered = { registry, types: registry.types, excluded: new Set<ObjectKey>() };
const RUNS = { numRuns: 200 };

interface Pair {
  readonly key: ObjectKey;
  readonly desired: DirectoryObject | undefined;
  readonly live: DirectoryObject | undefined;
  /** What the live side knows of it. */
  readonly unknown: boolean;
  readonly uncertain: boolean;
}

interface Sides {
  readonly pairs: readonly Pair[];
  readonly desired: MadeUp;
  readonly live: MadeUp;
  readonly scope: Scope;
}

const ids = Array.from({ length: 6 }, (_, index) => `e0000000-0000-4000-8000-00000000000${index}`);
const presence = fc.constantFrom<Exclude<Presence, 'unknown'>>('active', 'active', 'deleted', 'absent');

function sideOf(
  type: ObjectType,
  id: string,
  raw: RawObject,
  values: JsonObject,
  at: Presence,
  members: readonly string[],
) {
  if (at === 'absent') return undefined;
  const links = Object.fromEntries(type.links.map((link) => [link.name, members]));
  const deleted = at === 'deleted' ? '2026-11-01T00:00:00Z' : null;
  return canonicalise(type, { ...raw.values, ...values, id }, { deleted, links })?.object;
}

/** Two sides of one object: what differs is taken from another object of the same kind. */
function pairOf(type: ObjectType, id: string): fc.Arbitrary<Pair> {
  const values = fc.tuple(objectOf(type), objectOf(type)).chain(([raw, donor]) => {
    const names = raw.variant.properties.filter(({ access }) => access === 'readWrite').map(({ name }) => name);
    const differing = raw.variant === donor.variant ? fc.subarray(names, { maxLength: 3 }) : fc.constant([]);
    return fc.tuple(fc.constant(raw), fc.constant(donor), differing);
  });
  const members = fc.subarray(ids.filter((other) => other !== id));
  return fc
    .record({ values, sides: fc.tuple(presence, presence), members: fc.tuple(members, members), doubt: fc.nat(7) })
    .map(({ values: [raw, donor, differing], sides: [wanted, found], members: [before, now], doubt }) => {
      const changed = Object.fromEntries(differing.map((name) => [name, donor.values[name] as Json]));
      // Nobody plans anything for a synchronised object; that is tried elsewhere.
      const common = type.properties.some(({ name }) => name === 'onPremisesSyncEnabled')
        ? { onPremisesSyncEnabled: null }
        : {};
      return {
        key: `${type.name}/${id}` as ObjectKey,
        desired: sideOf(type, id, raw, common, wanted, before),
        live: sideOf(type, id, raw, { ...changed, ...common }, found, now),
        unknown: doubt === 0,
        uncertain: doubt === 1,
      };
    });
}

const gap = (what: string) => ({ what, status: 'partial' as const, reason: '403 Forbidden' });
const gaps = fc
  .subarray(
    registry.types.flatMap(({ name }) => [gap(name), gap(`${name}.deletedItems`)]),
    { maxLength: 2 },
  )
  .chain((some) => fc.constantFrom([], [], some));
const names = registry.types.map(({ name }) => name);
const lists = fc.oneof(fc.constant<string[]>([]), fc.subarray(names));

const sides: fc.Arbitrary<Sides> = fc
  .tuple(fc.tuple(...ids.map((id) => fc.constantFrom(...registry.types).chain((type) => pairOf(type, id)))), fc.nat(6))
  .chain(([pairs, count]) =>
    fc.record({
      pairs: fc.constant(pairs.slice(0, count)),
      desired: gaps.map((some): MadeUp => ({ kind: 'backup', gaps: some })),
      live: gaps.map(
        (some): MadeUp => ({
          gaps: some,
          unknown: new Set(pairs.filter((pair) => pair.unknown && pair.live !== undefined).map(({ key }) => key)),
          uncertainLinks: new Map(pairs.filter((pair) => pair.uncertain).map(({ key }) => [key, ['members']])),
        }),
      ),
      scope: fc.record({
        types: lists,
        targets: fc.subarray(
          pairs
            .slice(0, count)
            .filter(({ desired, live }) => desired ?? live)
            .map(({ key }) => key),
        ),
        allowDelete: fc.constantFrom<readonly string[]>([], ['*'], ['user', 'group']),
      }),
    }),
  );

function present(objects: readonly (DirectoryObject | undefined)[]): DirectoryObject[] {
  return objects.filter((object): object is DirectoryObject => object !== undefined);
}

function compare({ pairs, desired, live, scope }: Sides): Promise<Comparison> {
  const wanted = stateOf(registry, present(pairs.map((pair) => pair.desired)), desired);
  const found = stateOf(registry, present(pairs.map((pair) => pair.live)), live);
  return compareStates(considered, wanted, found, scope);
}

const never = { start: '2026-11-20T00:00:00Z', end: '2026-11-20T00:00:01Z' };
const nothing = { types: {}, gaps: [], unrecognised: [] };
const frame: PlanFrame = {
  tool: 'knowngood test',
  tenant: '11111111-1111-4111-8111-111111111111',
  requestedBy: 'Ada <ada@contoso.com>',
  desired: { commit: '0'.repeat(40), captured: never },
  live: { tree: '1'.repeat(40), captured: never },
  schemas: registry.digest,
  coverage: { desired: nothing, live: nothing },
  scope: { types: [], targets: [], allowDelete: [] },
  problems: [],
};

const assemble = ({ judgements, names: known }: Pick<Comparison, 'judgements' | 'names'>): PlanContent =>
  assemblePlan(frame, judgements, registry, (id) => known.get(id));

function check(property: (given: Sides, plan: PlanContent) => void): Promise<void> {
  return fc.assert(
    fc.asyncProperty(sides, async (given) => property(given, assemble(await compare(given)))),
    RUNS,
  );
}

const isIn = (scope: Scope, key: ObjectKey) =>
  (scope.types.length === 0 && scope.targets.length === 0) ||
  scope.types.includes(typeOf(key)) ||
  scope.targets.includes(key);
const mayDelete = (scope: Scope, key: ObjectKey) =>
  scope.allowDelete.includes('*') || scope.allowDelete.includes(typeOf(key));
const pairAt = (given: Sides, key: ObjectKey) => given.pairs.find((pair) => pair.key === key) as Pair;
const isMissing = (gapsOfSide: MadeUp['gaps'], key: ObjectKey) =>
  (gapsOfSide ?? []).some(({ what }) => what === typeOf(key) || what === `${typeOf(key)}.deletedItems`);

describe('a plan', () => {
  it('is the same to the byte, whatever the order in which objects and judgements arrive', async () => {
    const shuffled = sides.chain((given) =>
      fc.tuple(fc.constant(given), fc.shuffledSubarray([...given.pairs], { minLength: given.pairs.length }), fc.nat()),
    );
    await fc.assert(
      fc.asyncProperty(shuffled, async ([given, pairs, turn]) => {
        const first = assemble(await compare(given));
        const comparison = await compare({ ...given, pairs });
        const at = turn % Math.max(1, comparison.judgements.length);
        const judgements = [...comparison.judgements.slice(at), ...comparison.judgements.slice(0, at)].reverse();
        const second = assemble({ judgements, names: comparison.names });
        expect(JSON.stringify(second)).toBe(JSON.stringify(first));
        expect(planId(second)).toBe(planId(first));
      }),
      RUNS,
    );
  });

  it('counts its actions from one, phase by phase, by rank, deletes in reverse, links before unlinks', () =>
    check((_, { actions }) => {
      expect(actions.map(({ n }) => n)).toEqual(actions.map((__, index) => index + 1));
      for (const [index, action] of actions.entries()) {
        const next = actions[index + 1];
        if (next === undefined) break;
        expect(PHASES.indexOf(next.phase)).toBeGreaterThanOrEqual(PHASES.indexOf(action.phase));
        if (next.phase !== action.phase) continue;
        if (isLinkAction(action) || isLinkAction(next))
          expect([action.action, next.action]).not.toEqual(['unlink', 'link']);
        else if (action.phase === 'delete') expect(next.rank).toBeLessThanOrEqual(action.rank);
        else expect(next.rank).toBeGreaterThanOrEqual(action.rank);
      }
    }));

  it('puts gates into the phases of gates, deletes last, and every other object between', () =>
    check((_, { actions }) => {
      for (const action of actions) {
        const { gate } = typeNamed(registry, typeOf(action.object));
        if (isLinkAction(action)) expect(action.phase).toBe('links');
        else if (action.action === 'soft-delete') expect(action.phase).toBe('delete');
        else expect(gate ? ['loosen', 'tighten'] : ['objects']).toContain(action.phase);
      }
    }));

  it('writes declared properties that Graph lets be written, with the values of both sides, and none twice', () =>
    check((given, { actions }) => {
      for (const action of actions) {
        if (isLinkAction(action)) continue;
        const type = typeNamed(registry, typeOf(action.object));
        const { desired, live } = pairAt(given, action.object);
        expect(new Set(action.set.map(({ path }) => path)).size).toBe(action.set.length);
        for (const value of action.set) {
          const property = type.properties.find(({ name }) => name === value.path);
          expect(property?.access, value.path).toBe('readWrite');
          expect(value.desired).toEqual(desired?.properties[value.path]);
          if (action.action === 'restore') expect(value).not.toHaveProperty('live');
          else expect(value.live).toEqual(live?.properties[value.path]);
          if (action.action === 'update') expect(value.desired === null && property?.clearable === false).toBe(false);
        }
        if (action.action === 'update') expect(action.set).not.toEqual([]);
        if (action.action === 'soft-delete') expect(action.set).toEqual([]);
      }
    }));

  it('names nothing that is out of scope', () =>
    check((given, { actions, blocked, kept, problems }) => {
      for (const item of [...actions, ...blocked, ...kept]) expect(isIn(given.scope, item.object)).toBe(true);
      for (const problem of problems)
        if (problem.object !== undefined) expect(isIn(given.scope, problem.object as ObjectKey)).toBe(true);
    }));

  it('does nothing to an object of which nothing certain is known, and says so where it is wanted', () =>
    check((given, { actions, blocked, problems }) => {
      for (const { key, desired, live, unknown } of given.pairs) {
        if (!unknown || live === undefined || !isIn(given.scope, key)) continue;
        expect(actions.filter((action) => action.object === key)).toEqual([]);
        expect(blocked.filter((item) => item.object === key)).toEqual([]);
        const wanted = desired !== undefined && desired.properties.deletedDateTime === null;
        const differs = JSON.stringify(desired) !== JSON.stringify(live);
        if (differs) expect(problems.some(({ code, object }) => code === 'KG601' && object === key)).toBe(wanted);
      }
    }));

  it('takes nothing for deleted because it was not read: no verdict on absence where a list or bin has a gap', () =>
    check((given, { actions, blocked, kept }) => {
      for (const { key, desired, live } of given.pairs) {
        const about = [...actions, ...blocked, ...kept].filter((item) => item.object === key);
        if (live === undefined && isMissing(given.live.gaps, key)) expect(about).toEqual([]);
        if (desired === undefined && isMissing(given.desired.gaps, key)) expect(about).toEqual([]);
      }
    }));

  it('adds and removes no link that could not be read', () =>
    check((given, { actions }) => {
      for (const action of actions)
        if (isLinkAction(action)) expect(given.live.uncertainLinks?.has(action.object) ?? false).toBe(false);
    }));

  it('removes a link only where both sides know it, its target is there or comes back, and the backup does not have it', () =>
    check((given, { actions }) => {
      const comesBack = new Set(actions.filter(({ action }) => action === 'restore').map(({ object }) => idOf(object)));
      for (const action of actions) {
        if (!isLinkAction(action)) continue;
        const { desired, live } = pairAt(given, action.object);
        const wanted = desired?.links[action.link]?.includes(action.target);
        const found = live?.links[action.link]?.includes(action.target);
        const target = given.pairs.find(({ key }) => idOf(key) === action.target);
        if (action.action === 'unlink') expect([wanted, found]).toEqual([false, true]);
        else expect([wanted, found]).toEqual([true, false]);
        // What neither side holds is of a type that is not collected.
        if (target === undefined || !['user', 'group'].includes(typeOf(target.key))) continue;
        if (target.desired === undefined && target.live === undefined) continue;
        const alive = !target.unknown && target.live?.properties.deletedDateTime === null;
        expect(alive || comesBack.has(action.target)).toBe(true);
      }
    }));

  it('deletes only what was asked for, and otherwise keeps it', () =>
    check((given, { actions, kept }) => {
      for (const action of actions)
        if (action.action === 'soft-delete') expect(mayDelete(given.scope, action.object)).toBe(true);
      for (const item of kept) expect(mayDelete(given.scope, item.object)).toBe(false);
    }));

  it('accounts for every object in scope that is on one side only', () =>
    check((given, { actions, blocked, kept }) => {
      for (const pair of given.pairs) {
        if (!isIn(given.scope, pair.key) || pair.unknown) continue;
        const [wanted, found] = [pair.desired, pair.live].map((side) =>
          side === undefined ? 'absent' : side.properties.deletedDateTime === null ? 'active' : 'deleted',
        );
        if (wanted === found || (wanted !== 'active' && found !== 'active')) continue;
        if (pair.live === undefined && isMissing(given.live.gaps, pair.key)) continue;
        if (pair.desired === undefined && isMissing(given.desired.gaps, pair.key)) continue;
        const about = [
          ...actions.filter((action) => !isLinkAction(action)),
          ...blocked.filter(({ code }) => code !== 'KG510'),
          ...kept,
        ].filter((item) => item.object === pair.key);
        expect(about.length, `${pair.key}: ${wanted} → ${found}`).toBe(1);
      }
    }));
});

describe('the id of a plan', () => {
  it('does not depend on when the plan was made', () =>
    check((_, content) => {
      const [first, second] = [new Date(0), new Date(1e12)].map((date) => identifyPlan(content, date));
      expect(first?.id).toBe(second?.id);
      expect(first?.createdAt).not.toBe(second?.createdAt);
      expect(planId(first as NonNullable<typeof first>)).toBe(first?.id);
      expect(first?.id).toMatch(/^[0-9a-f]{64}$/);
    }));

  it('changes with any part of its content', () =>
    check((_, content) => {
      const others: PlanContent[] = [
        { ...content, tenant: 'x' },
        { ...content, requestedBy: 'x' },
        { ...content, schemas: 'x' },
        { ...content, scope: { ...content.scope, allowDelete: ['x'] } },
        { ...content, desired: { ...content.desired, commit: 'x' } },
        { ...content, live: { ...content.live, tree: 'x' } },
        { ...content, problems: [{ code: 'x', severity: 'note', message: '' }] },
        { ...content, names: { x: 'x' } },
        ...content.actions.map((__, index) => ({
          ...content,
          actions: content.actions.filter((___, at) => at !== index),
        })),
        ...content.blocked.map((__, index) => ({
          ...content,
          blocked: content.blocked.filter((___, at) => at !== index),
        })),
      ];
      const all = [content, ...others].map(planId);
      for (const other of all.slice(1)) expect(other).not.toBe(all[0]);
    }));
});
