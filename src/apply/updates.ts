/** Carries out updates: reads each object just before, writes only where the plan's own live values still hold. */

import { readObjects } from '../graph/reader.js';
import { updateRequest } from '../graph/requests.js';
import { describeError, type GraphError } from '../graph/types.js';
import type { JsonObject } from '../model/json.js';
import { type DirectoryObject, idOf } from '../model/object.js';
import type { ObjectAction, PlannedValue } from '../model/plan.js';
import type { ObjectType, Property } from '../registry/types.js';
import { type Canonical, canonicalise, sameValue } from '../state/canonical.js';
import { patchBody } from './body.js';
import type { ApplyContext } from './context.js';
import type { Write } from './writer.js';

/** Properties to write to one object that was just read. */
export interface ValuesToWrite {
  readonly action: ObjectAction;
  readonly current: DirectoryObject;
  readonly values: readonly PlannedValue[];
}

/** What Graph did not take, property by property. */
export interface Refused {
  readonly path: string;
  readonly reason: string;
}

/** Updates objects of one type that do not depend on each other. */
export async function applyUpdates(
  context: ApplyContext,
  type: ObjectType,
  actions: readonly ObjectAction[],
): Promise<void> {
  const found = await readObjects(
    context.client,
    type,
    actions.map((action) => idOf(action.object)),
  );
  const ready: ValuesToWrite[] = [];
  for (const [index, action] of actions.entries()) {
    const answer = found[index];
    if (answer?.status === 'absent') skip(context, action, 'It is no longer there.');
    else if (answer?.status !== 'found') fail(context, action, answer?.error);
    else {
      const current = canonicalise(type, answer.value, { deleted: null, links: {} });
      const stale = current === undefined ? 'It is of another kind now.' : staleReason(type, action.set, current);
      if (stale !== undefined || current === undefined) skip(context, action, stale ?? '');
      else ready.push({ action, current: current.object, values: action.set });
    }
  }
  const refusals = await writeValues(context, type, ready);
  for (const [index, { action, values }] of ready.entries()) {
    const refused = refusals[index] ?? [];
    if (refused.length < values.length) {
      context.report({ n: action.n, outcome: 'done', ...(refused.length === 0 ? {} : { refused }) });
    } else {
      context.report({ n: action.n, outcome: 'failed', reason: refusedText(refused) });
    }
  }
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

/** Why an update no longer holds; undefined while every one of its live values does. */
function staleReason(type: ObjectType, set: readonly PlannedValue[], current: Canonical): string | undefined {
  const changed = set.filter((value) => !sameAt(type, current.object, value.path, value.live));
  if (changed.length === 0) {
    const unknown = current.unrecognised.filter((path) => set.some((value) => value.path === path.split('.')[0]));
    return unknown.length === 0
      ? undefined
      : `It has values now that this version does not know: ${unknown.join(', ')}.`;
  }
  const reached = changed.every((value) => sameAt(type, current.object, value.path, value.desired));
  const names = changed.map((value) => value.path).join(', ');
  return reached ? `${names}: the planned value is there already.` : `${names} changed after the plan was made.`;
}

function sameAt(type: ObjectType, object: DirectoryObject, path: string, value: PlannedValue['live']): boolean {
  const property = propertyOf(type, path);
  return property !== undefined && sameValue(property.shape, object.properties[path], value);
}

function propertyOf(type: ObjectType, path: string): Property | undefined {
  return type.properties.find((property) => property.name === path);
}

/**
 * Writes properties of objects that do not depend on each other, one PATCH for each object. Where Graph refuses a body,
 * its properties are written one by one, so that one that it does not take does not keep back the others. Resolves to
 * the refused ones, in the order of the items.
 */
export async function writeValues(
  context: ApplyContext,
  type: ObjectType,
  items: readonly ValuesToWrite[],
): Promise<readonly (readonly Refused[])[]> {
  const outcomes = await context.writer.send(items.map((item) => writeOf(type, item, item.values)));
  const refusals: (readonly Refused[])[] = [];
  for (const [index, item] of items.entries()) {
    const outcome = outcomes[index];
    refusals.push(outcome?.ok ? [] : await writeSeparately(context, type, item, outcome?.error));
  }
  return refusals;
}

function writeOf(type: ObjectType, item: ValuesToWrite, values: readonly PlannedValue[]): Write {
  return {
    n: [item.action.n],
    request: updateRequest(type, idOf(item.action.object), bodyOf(type, item.current, values)),
  };
}

function bodyOf(type: ObjectType, current: DirectoryObject, values: readonly PlannedValue[]): JsonObject {
  const kind = current.properties['@odata.type'];
  const written = values.map(({ path, desired }) => ({
    path,
    desired,
    live: current.properties[path],
    always: membersToSend(propertyOf(type, path)),
  }));
  return patchBody(written, typeof kind === 'string' ? kind : undefined);
}

function membersToSend(property: Property | undefined): readonly string[] {
  if (property?.whole !== true || property.shape.kind !== 'complex') return [];
  return property.shape.variants.flatMap((variant) => variant.members.map((member) => member.name));
}

async function writeSeparately(
  context: ApplyContext,
  type: ObjectType,
  item: ValuesToWrite,
  error: GraphError | undefined,
): Promise<readonly Refused[]> {
  const reason = error === undefined ? 'no answer' : describeError(error);
  // A gate is written whole: a policy that is enabled without its exclusions may lock everybody out.
  const mayPartlyPass = (error?.status === 400 || error?.status === 403) && item.values.length > 1 && !type.gate;
  if (!mayPartlyPass) return item.values.map((value) => ({ path: value.path, reason }));
  const refused: Refused[] = [];
  for (const values of separable(type, item.values)) {
    const [outcome] = await context.writer.send([writeOf(type, item, values)]);
    if (outcome?.ok === true) continue;
    const separately = outcome === undefined ? reason : describeError(outcome.error);
    refused.push(...values.map((value) => ({ path: value.path, reason: separately })));
  }
  return refused;
}

/** Values one by one, but for those that Graph wants in one request. */
function separable(type: ObjectType, values: readonly PlannedValue[]): PlannedValue[][] {
  const leaders = values.filter((value) => propertyOf(type, value.path)?.with !== undefined);
  const groups = leaders.map((leader) => {
    const along = propertyOf(type, leader.path)?.with ?? [];
    return values.filter((value) => value === leader || along.includes(value.path));
  });
  const grouped = new Set(groups.flat());
  return [...groups, ...values.filter((value) => !grouped.has(value)).map((value) => [value])];
}

/** The values of an action that an object does not have yet. */
export function missingValues(
  type: ObjectType,
  action: ObjectAction,
  current: DirectoryObject,
): readonly PlannedValue[] {
  return action.set.filter((value) => !sameAt(type, current, value.path, value.desired));
}
