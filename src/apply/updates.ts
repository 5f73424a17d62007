/** Carries out updates: reads each object just before, writes only where the plan's own live values still hold. */

import { describeError, type GraphError } from '../graph/types.js';
import { isJsonArray, type Json } from '../model/json.js';
import type { DirectoryObject } from '../model/object.js';
import type { ObjectAction, PlannedValue } from '../model/plan.js';
import type { ObjectType } from '../registry/types.js';
import { type Canonical, sameValue } from '../state/canonical.js';
import type { ApplyContext } from './context.js';
import { type Current, readCurrent } from './current.js';
import { propertyOf, type Refused, type ValuesToWrite, writeValues } from './values.js';

/** Updates objects of one type that do not depend on each other. */
export async function applyUpdates(
  context: ApplyContext,
  type: ObjectType,
  actions: readonly ObjectAction[],
): Promise<void> {
  const found = await readCurrent(context, type, actions);
  const ready: (ValuesToWrite & { readonly left: readonly Refused[] })[] = [];
  for (const [index, action] of actions.entries()) {
    const answer = found[index];
    if (answer?.status === 'absent') skip(context, action, 'It is no longer there.');
    else if (answer?.status !== 'found') fail(context, action, answer?.error);
    else if (answer.value.unread.length > 0) fail(context, action, answer.value.unread[0]?.error);
    else {
      const { canonical, address, mixedIn } = answer.value;
      if (canonical === undefined) {
        skip(context, action, 'It is of another kind now.');
        continue;
      }
      const lapsed = action.set.filter((value) => hasLapsed(type, canonical.object, value, mixedIn[value.path] ?? []));
      const set = lapsed.length < action.set.length ? action.set.filter((value) => !lapsed.includes(value)) : lapsed;
      const stale = staleReason(type, set, canonical, mixedIn);
      const values = set.filter((value) => !hasCome(type, canonical.object, value));
      const left = lapsed.map(({ path }) => ({ path, reason: `${path} changed after the plan was made.` }));
      if (stale !== undefined) context.report({ n: action.n, outcome: 'skipped', ...stale });
      else if (values.length === 0) reportDone(context, action, left);
      else ready.push({ action, current: canonical.object, address, mixedIn, values, left });
    }
  }
  const refusals = await writeValues(context, type, ready);
  for (const [index, { action, values, left }] of ready.entries()) {
    const refused = refusals[index] ?? [];
    if (refused.length < values.length) reportDone(context, action, [...left, ...refused]);
    else context.report({ n: action.n, outcome: 'failed', reason: refusedText([...left, ...refused]) });
  }
}

function reportDone(context: ApplyContext, action: ObjectAction, refused: readonly Refused[]): void {
  context.report({ n: action.n, outcome: 'done', ...(refused.length === 0 ? {} : { refused }) });
}

/** Refusals in one text; a reason that all properties share is said once. */
function refusedText(refused: readonly Refused[]): string {
  const reasons = new Set(refused.map((item) => item.reason));
  if (reasons.size === 1) return [...reasons].join('');
  return refused.map((item) => `${item.path}: ${item.reason}`).join(' ');
}

function skip(context: ApplyContext, action: ObjectAction, reason: string): void {
  context.report({ n: action.n, outcome: 'skipped', reason });
}

function fail(context: ApplyContext, action: ObjectAction, error: GraphError | undefined): void {
  const reason = error === undefined ? 'It could not be read.' : `It could not be read: ${describeError(error)}`;
  context.report({ n: action.n, outcome: 'failed', reason });
}

interface Stale {
  readonly reason: string;
  /** Everything planned is there already. */
  readonly alreadyThere?: true;
}

/** Why an update no longer holds; undefined while every one of its live values does. */
function staleReason(
  type: ObjectType,
  set: readonly PlannedValue[],
  current: Canonical,
  mixedIn: Current['mixedIn'],
): Stale | undefined {
  const changed = set.filter(
    (value) =>
      !sameAt(type, current.object, value.path, value.live) &&
      !isRearranged(type, current.object, value, mixedIn[value.path] ?? []),
  );
  if (changed.length === 0) {
    const unknown = current.unrecognised.filter((path) => set.some((value) => value.path === path.split('.')[0]));
    return unknown.length === 0
      ? undefined
      : { reason: `It has values now that this version does not know: ${unknown.join(', ')}.` };
  }
  const reached = changed.every((value) => sameAt(type, current.object, value.path, value.desired));
  const names = changed.map((value) => value.path).join(', ');
  if (!reached) return { reason: `${names} changed after the plan was made.` };
  return { reason: `${names}: the planned value is there already.`, alreadyThere: true };
}

/**
 * Whether a union is what it was, but for what the other object's change, perhaps by the same plan, let appear or took over:
 * items that are wanted, and items that the other object holds now.
 */
function isRearranged(
  type: ObjectType,
  object: DirectoryObject,
  { path, live, desired }: PlannedValue,
  others: readonly Json[],
): boolean {
  const now = object.properties[path];
  if (propertyOf(type, path)?.union === undefined) return false;
  if (!isJsonArray(now) || !isJsonArray(live) || !isJsonArray(desired)) return false;
  return (
    now.every((item) => live.includes(item) || desired.includes(item)) &&
    live.every((item) => now.includes(item) || others.includes(item))
  );
}

/**
 * Whether a union holds what the plan does not know: perhaps only because the other object gave it up. It is left to the
 * next plan, and keeps back nothing else of the object.
 */
function hasLapsed(type: ObjectType, object: DirectoryObject, value: PlannedValue, others: readonly Json[]): boolean {
  if (propertyOf(type, value.path)?.union === undefined) return false;
  return !sameAt(type, object, value.path, value.live) && !isRearranged(type, object, value, others);
}

/** Whether the other object's change has brought a union to what it should be. */
function hasCome(type: ObjectType, object: DirectoryObject, value: PlannedValue): boolean {
  return propertyOf(type, value.path)?.union !== undefined && sameAt(type, object, value.path, value.desired);
}

function sameAt(type: ObjectType, object: DirectoryObject, path: string, value: PlannedValue['live']): boolean {
  const property = propertyOf(type, path);
  return property !== undefined && sameValue(property.shape, object.properties[path], value);
}

/** The values of an action that an object does not have yet, and those that Graph wants in the same request. */
export function missingValues(
  type: ObjectType,
  action: ObjectAction,
  current: DirectoryObject,
): readonly PlannedValue[] {
  const missing = action.set.filter((value) => !sameAt(type, current, value.path, value.desired));
  const companions = new Set(missing.flatMap(({ path }) => propertyOf(type, path)?.with ?? []));
  return action.set.filter(
    (value) => missing.includes(value) || (companions.has(value.path) && value.desired !== null),
  );
}
