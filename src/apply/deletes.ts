/** Carries out soft-deletes: one first, and the rest only after that one was seen in the recycle bin. */

import { readDeletedObjects } from '../graph/reader.js';
import { type Address, softDeleteRequest } from '../graph/requests.js';
import { readManyObjects } from '../graph/scarce.js';
import { describeError } from '../graph/types.js';
import { idOf } from '../model/object.js';
import type { ObjectAction } from '../model/plan.js';
import type { ObjectType } from '../registry/types.js';
import { kindOf } from '../state/canonical.js';
import { type ApplyContext, eventually } from './context.js';

/** A soft-delete, and where its request goes. */
interface Delete extends ObjectAction {
  readonly address: Address;
}

/** Types of which an object was seen to arrive in the recycle bin during this apply. */
export type SeenInBin = Set<string>;

/** Moves objects of one type to the recycle bin. */
export async function applyDeletes(
  context: ApplyContext,
  type: ObjectType,
  actions: readonly ObjectAction[],
  seen: SeenInBin,
): Promise<void> {
  const active = await stillActive(context, type, actions);
  const [first, ...others] = active;
  if (first === undefined) return;
  if (seen.has(type.name)) {
    await deleteAll(context, type, active);
    return;
  }
  if (!(await deleteAll(context, type, [first]))) {
    for (const action of others)
      context.report({ n: action.n, outcome: 'not-run', reason: 'The first delete of its type failed.' });
    return;
  }
  const [found] = await eventually(
    context,
    () => readDeletedObjects(context.client, type, [idOf(first.object)]),
    ([answer]) => answer?.status === 'found',
  );
  if (found?.status !== 'found') {
    const reason = `${first.label} was deleted and not seen in the recycle bin: nothing more of its type is deleted.`;
    for (const action of others) context.report({ n: action.n, outcome: 'not-run', reason });
    return;
  }
  seen.add(type.name);
  await deleteAll(context, type, others);
}

async function stillActive(
  context: ApplyContext,
  type: ObjectType,
  actions: readonly ObjectAction[],
): Promise<Delete[]> {
  const found = await readManyObjects(
    context.client,
    type,
    actions.map((action) => idOf(action.object)),
  );
  return actions.flatMap((action, index) => {
    const answer = found[index];
    if (answer?.status === 'found') {
      return [{ ...action, address: { id: idOf(action.object), kind: kindOf(type, answer.value) } }];
    }
    if (answer?.status === 'absent')
      context.report({ n: action.n, outcome: 'skipped', reason: 'It is no longer active.' });
    else
      context.report({
        n: action.n,
        outcome: 'failed',
        reason: `It could not be read: ${answer === undefined ? 'no answer' : describeError(answer.error)}`,
      });
    return [];
  });
}

/** False when one of them failed. A repeated request that finds nothing any more counts as done. */
async function deleteAll(context: ApplyContext, type: ObjectType, actions: readonly Delete[]): Promise<boolean> {
  const outcomes = await context.writer.send(
    actions.map((action) => ({ n: [action.n], request: softDeleteRequest(type, action.address) })),
  );
  let good = true;
  for (const [index, action] of actions.entries()) {
    const outcome = outcomes[index];
    if (outcome?.ok || outcome?.error.status === 404) context.report({ n: action.n, outcome: 'done' });
    else {
      good = false;
      context.report({
        n: action.n,
        outcome: 'failed',
        reason: outcome === undefined ? 'no answer' : describeError(outcome.error),
      });
    }
  }
  return good;
}
