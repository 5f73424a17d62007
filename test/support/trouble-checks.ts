/** What must hold of a recovery in trouble, judged by what a calm one saw at the same time and by plain HTTP. */

import { expect } from 'vitest';
import type { LiveState } from '../../src/collect/types.js';
import { type ObjectKey, typeOf } from '../../src/model/object.js';
import { isLinkAction } from '../../src/model/plan.js';
import { checkRequests, checkScope, checkUntouched } from './recovery-checks.js';
import { type HurtRound, pathsOf, type Recovery, type Scenario } from './recovery-run.js';
import { LEFT_OUT } from './trouble.js';

export function checkHurt(scenario: Scenario, recovery: Recovery): void {
  const { hurt } = recovery;
  if (hurt === undefined) return;
  checkTree(hurt);
  checkPlan(hurt);
  expect(hurt.results.map((result) => result.n)).toEqual(hurt.plan.actions.map((action) => action.n));
  checkRequests(scenario.scope, recovery, hurt, true);
  checkScope(scenario.scope, hurt.plan);
  checkUntouched(hurt);
  checkDone(hurt);
}

/** Types of which objects are targets of links, by the type that holds the links. */
const LINKED: Readonly<Record<string, readonly string[]>> = { group: ['user', 'group', 'servicePrincipal'] };

/** Types that a gap is about; an edge's gap may come from its owner. */
function typesWithGaps({ coverage }: LiveState): ReadonlySet<string> {
  return new Set(coverage.gaps.map(({ what }) => what.split('.', 1)[0] ?? ''));
}

/** Every object is as it is, or as it was last seen and named as such; nothing is there that never was. */
function checkTree(hurt: HurtRound): void {
  const { live, calm, previous } = hurt;
  const gaps = typesWithGaps(live);
  const keys = new Set<ObjectKey>([...live.ids.keys(), ...calm.live.ids.keys()]);
  for (const key of keys) {
    const [is, truth] = [live.ids.get(key), calm.live.ids.get(key)];
    if (is === truth) continue;
    if (hurt.trouble.some((line) => line.endsWith(`: ${LEFT_OUT}`)) && hasLostNothing(hurt, key)) continue;
    // A link to what could not be read is kept: Graph may store it without listing it.
    if (is !== undefined && LINKED[typeOf(key)]?.some((type) => gaps.has(type))) continue;
    const excused = gaps.has(typeOf(key));
    expect(excused, `${key} is ${is}, and in truth ${truth}, and no gap is named`).toBe(true);
    if (is === undefined) {
      expect(previous.ids.has(key), `${key} was known, and is lost`).toBe(false);
      continue;
    }
    const isKept = is === previous.ids.get(key);
    expect(isKept || live.uncertain.has(key), `${key} is neither as it is nor as it was`).toBe(true);
  }
}

/** Whether all that was there before and still is, is there: a list that leaves out an item can hide only what is new. */
function hasLostNothing({ live, calm, previous, plan }: HurtRound, key: ObjectKey): boolean {
  if (!live.ids.has(key)) return !previous.ids.has(key);
  const truth = calm.live.objects.get(key);
  const is = live.objects.get(key);
  const unlinked = plan.actions.some((action) => action.action === 'link' && action.object === key);
  if (truth === undefined || is === undefined) return !unlinked;
  return JSON.stringify(is.properties) === JSON.stringify(truth.properties) && !unlinked;
}

/** What is unknown is not acted upon: every step is one of a calm plan, or repeats what a step of it implies. */
function checkPlan({ plan, calm }: HurtRound): void {
  const known = new Set(
    calm.plan.actions.flatMap((action) => pathsOf(action).map((path) => `${action.action} ${path}`)),
  );
  const back = new Set(calm.plan.actions.filter(({ action }) => action === 'restore').map(({ object }) => object));
  for (const action of plan.actions) {
    for (const path of pathsOf(action)) {
      const step = `${action.action} ${path}`;
      const implied = isLinkAction(action) && [...back].some((object) => path.includes(object.split('/')[1] ?? ''));
      expect(known.has(step) || implied, `${step} is in no calm plan`).toBe(true);
    }
  }
}

/** What is called done is done. */
function checkDone({ plan, results, after }: HurtRound): void {
  for (const [index, action] of plan.actions.entries()) {
    if (results[index]?.outcome !== 'done') continue;
    const object = after.get(action.object);
    if (action.action === 'restore') expect(object?.deleted, `${action.object} was restored`).toBe(false);
    if (action.action === 'soft-delete') expect(object?.deleted, `${action.object} was deleted`).toBe(true);
    if (!isLinkAction(action)) continue;
    const members = object?.values[action.link];
    const edge = after.has(`${action.link}/${action.target}` as ObjectKey);
    const present = Array.isArray(members) ? members.includes(action.target) : edge;
    expect(present, `${action.action} ${action.object} ${action.link} ${action.target}`).toBe(action.action === 'link');
  }
}
