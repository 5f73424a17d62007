/** Plans of made-up states: two sides of the same objects and edges, with gaps in what is known of either. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Comparison } from '../../src/comparison.js';
import { idOf, type ObjectKey, objectKey, typeOf } from '../../src/model/object.js';
import { type Action, isLinkAction, PHASES, type PlanContent, type Scope } from '../../src/model/plan.js';
import { assemblePlan, identifyPlan, type PlanFrame, planId } from '../../src/plan/plan.js';
import { endpointsOf } from '../../src/registry/identity.js';
import { type MadeUp, typeNamed } from '../support/memory-state.js';
import { compare, isIn, ownerOfEdge, type Pair, registry, type Sides, sides } from '../support/two-sides.js';

const RUNS = { numRuns: 120 };

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
  scope: { types: [], targets: [], exclude: [], allowDelete: [] },
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

const mayDelete = (scope: Scope, key: ObjectKey) =>
  scope.allowDelete.includes('*') || scope.allowDelete.includes(typeOf(key));
const pairAt = (given: Sides, key: ObjectKey) => given.pairs.find((pair) => pair.key === key) as Pair;
const isEdge = (key: ObjectKey) => ownerOfEdge(key) !== undefined;
/** What an item of a plan is about: an edge is made and removed as a link of its owner. */
const subjectOf = (item: Action | { readonly object: ObjectKey }): ObjectKey =>
  'link' in item && registry.byName.has(item.link) ? objectKey(item.link, item.target) : item.object;
const isFixture = ({ key, desired, live }: Pair): boolean => {
  const { fixture } = typeNamed(registry, typeOf(key));
  return fixture !== undefined && (desired ?? live)?.properties[fixture.property] === fixture.equals;
};
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
      for (const item of [...actions, ...blocked, ...kept]) expect(isIn(given.scope, subjectOf(item))).toBe(true);
      for (const problem of problems)
        if (problem.object !== undefined) expect(isIn(given.scope, problem.object as ObjectKey)).toBe(true);
    }));

  it('does nothing to an object of which nothing certain is known, and says so where it is wanted', () =>
    check((given, { actions, blocked, problems }) => {
      for (const { key, desired, live, unknown } of given.pairs) {
        if (!unknown || live === undefined || !isIn(given.scope, key)) continue;
        expect(actions.filter((action) => subjectOf(action) === key)).toEqual([]);
        expect(blocked.filter((item) => item.object === key)).toEqual([]);
        const wanted = desired !== undefined && (desired.properties.deletedDateTime ?? null) === null;
        const differs = JSON.stringify(desired) !== JSON.stringify(live);
        if (differs && !isFixture({ key, desired, live, unknown, uncertain: false }))
          expect(problems.some(({ code, object }) => code === 'KG601' && object === key)).toBe(wanted);
      }
    }));

  it('takes nothing for deleted because it was not read: no verdict on absence where a list or bin has a gap', () =>
    check((given, { actions, blocked, kept }) => {
      for (const { key, desired, live } of given.pairs) {
        const about = [...actions, ...blocked, ...kept].filter((item) => subjectOf(item) === key);
        if (live === undefined && isMissing(given.live.gaps, key)) expect(about).toEqual([]);
        if (desired === undefined && isMissing(given.desired.gaps, key)) expect(about).toEqual([]);
      }
    }));

  it('adds, removes and writes nothing that could not be read', () =>
    check((given, { actions }) => {
      for (const action of actions) {
        const uncertain = given.live.uncertain?.get(action.object) ?? [];
        if (isLinkAction(action)) expect(uncertain).not.toContain(action.link);
        else if (action.action === 'update') for (const { path } of action.set) expect(uncertain).not.toContain(path);
      }
    }));

  const comingBack = (actions: readonly Action[]) =>
    new Set(actions.filter(({ action }) => action === 'restore').map(({ object }) => object));
  const isAlive = (given: Sides, key: ObjectKey, actions: readonly Action[]) => {
    const { unknown, live } = pairAt(given, key);
    const active = !unknown && live !== undefined && (live.properties.deletedDateTime ?? null) === null;
    return active || comingBack(actions).has(key);
  };

  it('removes a link only where both sides know it, its target is there or comes back, and the backup does not have it', () =>
    check((given, { actions }) => {
      for (const action of actions) {
        if (!isLinkAction(action) || isEdge(subjectOf(action))) continue;
        const { desired, live } = pairAt(given, action.object);
        const wanted = desired?.links[action.link]?.includes(action.target);
        const found = live?.links[action.link]?.includes(action.target);
        if (action.action === 'unlink') expect([wanted, found]).toEqual([false, true]);
        else expect([wanted, found]).toEqual([true, false]);
        const targets = typeNamed(registry, typeOf(action.object)).links.find(
          ({ name }) => name === action.link,
        )?.targets;
        const target = given.pairs.find(({ key }) => idOf(key) === action.target);
        // What neither side holds is of a type that is not collected.
        if (target === undefined || !targets?.includes(typeOf(target.key))) continue;
        if (target.desired === undefined && target.live === undefined) continue;
        expect(isAlive(given, target.key, actions)).toBe(true);
      }
    }));

  it('makes an edge only where the backup alone has it, whole, and between objects that are there or come back', () =>
    check((given, { actions }) => {
      for (const action of actions) {
        const key = subjectOf(action);
        if (!isLinkAction(action) || !isEdge(key)) continue;
        const type = typeNamed(registry, typeOf(key));
        const { desired, live } = pairAt(given, key);
        expect(action.object).toBe(ownerOfEdge(key));
        expect(type.edge?.create).toBeDefined();
        if (action.action === 'unlink') {
          expect([desired, live === undefined, action.set]).toEqual([undefined, false, undefined]);
          continue;
        }
        expect([desired === undefined, live]).toEqual([false, undefined]);
        for (const name of type.keys)
          expect(
            action.set?.some(({ path }) => path === name),
            name,
          ).toBe(true);
        for (const { path, desired: value } of action.set ?? []) expect(value).toEqual(desired?.properties[path]);
        const ends = endpointsOf(type, key).flatMap(({ id, types }) =>
          given.pairs.filter((pair) => types.some((name) => pair.key === `${name}/${id}`)),
        );
        for (const end of ends) {
          if (end.desired === undefined && end.live === undefined) continue;
          expect(isAlive(given, end.key, actions), end.key).toBe(true);
          if (comingBack(actions).has(end.key)) expect(action.conditional).toBe(true);
        }
      }
    }));

  it('counts edges as links, and never as objects that are made, deleted or kept', () =>
    check((_, { actions, kept, summary }) => {
      for (const action of actions) if (isEdge(action.object)) expect(['update']).toContain(action.action);
      for (const { object } of kept) expect(isEdge(object)).toBe(false);
      const count = (kind: string) => actions.filter(({ action }) => action === kind).length;
      expect(summary).toMatchObject({
        link: count('link'),
        unlink: count('unlink'),
        softDelete: count('soft-delete'),
        restore: count('restore'),
        update: count('update'),
      });
    }));

  it('deletes only what goes to a recycle bin, and says nothing of what came with the tenant', () =>
    check((given, { actions, blocked, kept, problems }) => {
      for (const { action, object } of actions)
        if (action === 'soft-delete') expect(typeNamed(registry, typeOf(object)).deletable).toBe(true);
      const named = new Set([...actions, ...blocked, ...kept, ...problems].map(({ object }) => object));
      for (const pair of given.pairs) if (isFixture(pair)) expect(named.has(pair.key), pair.key).toBe(false);
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
        if (!isIn(given.scope, pair.key) || pair.unknown || isFixture(pair)) continue;
        const [wanted, found] = [pair.desired, pair.live].map((side) =>
          side === undefined ? 'absent' : (side.properties.deletedDateTime ?? null) === null ? 'active' : 'deleted',
        );
        if (wanted === found || (wanted !== 'active' && found !== 'active')) continue;
        if (pair.live === undefined && isMissing(given.live.gaps, pair.key)) continue;
        if (pair.desired === undefined && isMissing(given.desired.gaps, pair.key)) continue;
        const about = [
          ...actions.filter((action) => !isLinkAction(action) || isEdge(subjectOf(action))),
          ...blocked.filter(({ code, object }) => code !== 'KG510' || isEdge(object)),
          ...kept,
        ].filter((item) => subjectOf(item) === pair.key);
        const said = `${pair.key}: ${wanted} → ${found}`;
        if (!isEdge(pair.key)) expect(about.length, said).toBe(1);
        else if (wanted === 'absent') expect(about.length, said).toBe(isHidden(given, pair.key) ? 0 : 1);
        else if (pairAt(given, ownerOfEdge(pair.key) as ObjectKey)?.unknown !== true)
          expect(about.length, said).toBe(isSeenLater(given, pair.key, actions) ? 0 : 1);
      }
    }));

  /** An edge that is only read may come back with an object that the plan restores. */
  const isSeenLater = (given: Sides, key: ObjectKey, actions: readonly Action[]) => {
    const type = typeNamed(registry, typeOf(key));
    const ends = endpointsOf(type, key).flatMap(({ id, types }) => types.map((name): ObjectKey => `${name}/${id}`));
    const some = ends.filter((end) => pairAt(given, end) !== undefined);
    const comesBack = some.some((end) => comingBack(actions).has(end));
    return type.edge?.create === undefined && comesBack && some.every((end) => isAlive(given, end, actions));
  };

  const isOfNewOwner = (given: Sides, key: ObjectKey) => {
    const owner = pairAt(given, ownerOfEdge(key) as ObjectKey);
    return owner !== undefined && owner.desired === undefined && owner.live !== undefined;
  };

  /**
   * An edge that an object at one of its ends took into the recycle bin, or may have taken there, comes back with it; one
   * whose owner came after the backup stays or goes with it.
   */
  const isHidden = (given: Sides, key: ObjectKey) =>
    isOfNewOwner(given, key) ||
    endpointsOf(typeNamed(registry, typeOf(key)), key).some(({ id, types }) => {
      const pairs = types.flatMap((name) => pairAt(given, `${name}/${id}`) ?? []);
      const desired = pairs.find((pair) => pair.desired !== undefined)?.desired;
      if (desired !== undefined) return typeof desired.properties.deletedDateTime === 'string';
      return pairs.some((pair) => isMissing(given.desired.gaps, pair.key));
    });
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
