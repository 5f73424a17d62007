/**
 * Makes and removes edges. They have no address that lasts: each is looked for among those of its owner just before, by
 * what it connects, and removed by the id that it has now.
 */

import { type Found, readObjects } from '../graph/reader.js';
import { type Address, createEdgeRequest, deleteEdgeRequest, updateRequest } from '../graph/requests.js';
import { isUncertain } from '../graph/retry.js';
import { describeError, type GraphError, type Outcome } from '../graph/types.js';
import type { JsonObject } from '../model/json.js';
import { idOf } from '../model/object.js';
import type { LinkAction, PlannedValue } from '../model/plan.js';
import { graphIdOf, isSegment } from '../registry/identity.js';
import type { ObjectType } from '../registry/types.js';
import { canonicalise, sameValue } from '../state/canonical.js';
import { type ApplyContext, eventually } from './context.js';
import { propertyOf } from './values.js';
import type { Write } from './writer.js';

interface EdgeWrite {
  readonly action: LinkAction;
  readonly write: Write;
}

/** Makes or removes the edges of these actions, which all are of one type and one kind. */
export async function applyEdges(
  context: ApplyContext,
  type: ObjectType,
  actions: readonly LinkAction[],
): Promise<void> {
  const found = await readEdges(context, type, actions);
  const writes: EdgeWrite[] = [];
  for (const [index, action] of actions.entries()) {
    const answer = found[index];
    if (answer === undefined || answer.status === 'unknown') {
      const reason = answer === undefined ? 'no answer' : describeError(answer.error);
      context.report({ n: action.n, outcome: 'failed', reason: `It could not be read: ${reason}` });
      continue;
    }
    const request = requestFor(type, action, answer);
    if (request !== undefined) writes.push({ action, write: { n: [action.n], request } });
    else if (action.conditional) context.report({ n: action.n, outcome: 'done', alreadyThere: true });
    else {
      const reason = action.action === 'link' ? 'The link is there already.' : 'The link is gone already.';
      context.report({ n: action.n, outcome: 'skipped', reason, alreadyThere: true });
    }
  }
  await send(context, type, writes);
}

/** The edges as they are now; one whose id cannot be part of a request is as good as not read. */
async function readEdges(
  context: ApplyContext,
  type: ObjectType,
  actions: readonly LinkAction[],
): Promise<readonly Found<JsonObject>[]> {
  const found = await readObjects(
    context.client,
    type,
    actions.map((action) => action.target),
  );
  return found.map((answer) => {
    if (answer.status !== 'found' || isSegment(graphIdOf(type, answer.value))) return answer;
    return { status: 'unknown', error: { status: 0, code: 'NoId', message: 'Its id is none.' } };
  });
}

/** What is to be sent; undefined when there is nothing left to do. An edge that came back may hold something else. */
function requestFor(type: ObjectType, action: LinkAction, found: Found<JsonObject>): Write['request'] | undefined {
  const raw = found.status === 'found' ? found.value : undefined;
  if (action.action === 'unlink')
    return raw === undefined ? undefined : deleteEdgeRequest(type, addressOf(type, action, raw));
  if (raw === undefined) return createEdgeRequest(type, idOf(action.object), bodyOf(action.set ?? []));
  const different = action.conditional === true ? differing(type, action.set ?? [], raw) : [];
  return different.length === 0 ? undefined : updateRequest(type, addressOf(type, action, raw), bodyOf(different));
}

function addressOf(type: ObjectType, action: LinkAction, raw: JsonObject): Address {
  return { id: graphIdOf(type, raw) ?? '', owner: idOf(action.object) };
}

function bodyOf(set: readonly PlannedValue[]): JsonObject {
  return Object.fromEntries(set.map(({ path, desired }) => [path, desired]));
}

/** Values that can be set and are not as they should be. */
function differing(type: ObjectType, set: readonly PlannedValue[], raw: JsonObject): PlannedValue[] {
  const current = canonicalise(type, raw, { deleted: null, links: {} })?.object.properties;
  return set.filter(({ path, desired }) => {
    const property = propertyOf(type, path);
    return property?.access === 'readWrite' && !sameValue(property.shape, current?.[path], desired);
  });
}

interface RefusedEdge {
  readonly action: LinkAction;
  readonly error: GraphError | undefined;
}

/**
 * A refusal counts only when the edge is not as it should be afterwards: a repeated request finds that the first worked.
 * What a removal does not find is gone, though lists may show it for a while; what Graph says is there already is looked
 * for until it is seen, and set right if it holds something else.
 */
async function send(context: ApplyContext, type: ObjectType, writes: readonly EdgeWrite[]): Promise<void> {
  const outcomes = await sendOnce(context, type, writes);
  const refused = writes.flatMap(({ action }, index): RefusedEdge[] => {
    const outcome = outcomes[index];
    if (outcome?.ok === true || (action.action === 'unlink' && outcome?.error.status === 404)) return [];
    return [{ action, error: outcome?.error }];
  });
  const again = await eventually(
    context,
    () =>
      readEdges(
        context,
        type,
        refused.map(({ action }) => action),
      ),
    (answers) => refused.every((item, at) => !saysThere(item) || answers[at]?.status !== 'absent'),
  );
  const reasons = new Map<number, string>();
  const different: EdgeWrite[] = [];
  for (const [at, item] of refused.entries()) {
    const { action, error } = item;
    const found = again[at];
    if (isReached(type, action, found)) continue;
    const request = saysThere(item) && found?.status === 'found' ? changeOf(type, action, found) : undefined;
    if (request !== undefined) different.push({ action, write: { n: [action.n], request } });
    else reasons.set(action.n, error === undefined ? 'no answer' : describeError(error));
  }
  const changes = await context.writer.send(different.map(({ write }) => write));
  for (const [at, { action }] of different.entries()) {
    const change = changes[at];
    if (change?.ok !== true) reasons.set(action.n, change === undefined ? 'no answer' : describeError(change.error));
  }
  for (const { action } of writes) {
    const reason = reasons.get(action.n);
    context.report(
      reason === undefined ? { n: action.n, outcome: 'done' } : { n: action.n, outcome: 'failed', reason },
    );
  }
}

/** "Permission entry already exists.", "Permission being assigned already exists on the object": an edge cannot be there twice. */
function saysThere({ action, error }: RefusedEdge): boolean {
  const conflict = error?.status === 400 || error?.status === 409;
  return action.action === 'link' && conflict && /already exists/.test(error.message);
}

/** What makes an edge that is there hold what it should. */
function changeOf(type: ObjectType, action: LinkAction, found: Found<JsonObject>): Write['request'] | undefined {
  return requestFor(type, { ...action, conditional: true }, found);
}

/**
 * What makes an edge is not sent again by itself when no one knows whether it worked. The edge is looked for as long as
 * replication may take; one that is still not there is made once more: Graph makes no second of the same.
 */
async function sendOnce(
  context: ApplyContext,
  type: ObjectType,
  writes: readonly EdgeWrite[],
): Promise<readonly (Outcome | undefined)[]> {
  const outcomes: (Outcome | undefined)[] = [...(await context.writer.send(writes.map(({ write }) => write)))];
  const doubtful = writes.flatMap(({ write }, index) => {
    const outcome = outcomes[index];
    return outcome?.ok === false && write.request.method === 'POST' && isUncertain(outcome.error) ? [index] : [];
  });
  if (doubtful.length === 0) return outcomes;
  const actions = doubtful.map((index) => (writes[index] as EdgeWrite).action);
  const found = await eventually(
    context,
    () => readEdges(context, type, actions),
    (answers) => answers.every((answer) => answer.status === 'found'),
  );
  const missing = doubtful.filter((_, at) => found[at]?.status === 'absent');
  const again = await context.writer.send(missing.map((index) => (writes[index] as EdgeWrite).write));
  for (const [at, index] of missing.entries()) outcomes[index] = again[at];
  return outcomes;
}

function isReached(type: ObjectType, action: LinkAction, found: Found<JsonObject> | undefined): boolean {
  return found !== undefined && found.status !== 'unknown' && requestFor(type, action, found) === undefined;
}
