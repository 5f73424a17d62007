/**
 * Carries out restores: an object comes back as it was when it was deleted, so it is read after it came back, and only
 * what differs from the backup is written: properties at once, its own links when every object of the plan is back.
 */

import { type Found, readTargets } from '../graph/reader.js';
import { restoreRequest } from '../graph/requests.js';
import { readManyDeletedObjects } from '../graph/scarce.js';
import { describeError } from '../graph/types.js';
import type { Json } from '../model/json.js';
import { idOf, typeOf } from '../model/object.js';
import type { ObjectAction } from '../model/plan.js';
import type { Link, ObjectType } from '../registry/types.js';
import { isPartlyWritable, linkStanding } from '../strategies/index.js';
import { type ApplyContext, eventually } from './context.js';
import { readCurrent, type Unread } from './current.js';
import { addTargets, type LinkFailure, removeTargets, type WantedLink } from './links.js';
import { missingValues } from './updates.js';
import { type Refused, type ValuesToWrite, writeValues } from './values.js';

/** Restores objects of one type that do not depend on each other. */
export async function applyRestores(
  context: ApplyContext,
  type: ObjectType,
  actions: readonly ObjectAction[],
): Promise<void> {
  const found = await readManyDeletedObjects(
    context.client,
    type,
    actions.map((action) => idOf(action.object)),
  );
  const ready: ObjectAction[] = [];
  for (const [index, action] of actions.entries()) {
    const answer = found[index];
    if (answer?.status === 'found') ready.push(action);
    else if (answer?.status === 'absent')
      context.report({ n: action.n, outcome: 'skipped', reason: 'It is no longer in the recycle bin.' });
    else
      context.report({
        n: action.n,
        outcome: 'failed',
        reason: `The recycle bin could not be read: ${describeError(answer?.error ?? NO_ANSWER)}`,
      });
  }
  const outcomes = await context.writer.send(
    ready.map((action) => ({ n: [action.n], request: restoreRequest(type, idOf(action.object)) })),
  );
  const back: ObjectAction[] = [];
  for (const [index, action] of ready.entries()) {
    const outcome = outcomes[index];
    // 404: a repeated request may find that the first one had worked; whether it did is seen when the object is read.
    if (outcome?.ok || outcome?.error.status === 404) back.push(action);
    else context.report({ n: action.n, outcome: 'failed', reason: describeError(outcome?.error ?? NO_ANSWER) });
  }
  await setRight(context, type, back);
}

const NO_ANSWER = { status: 0, code: 'NoAnswer', message: '' } as const;

async function setRight(context: ApplyContext, type: ObjectType, actions: readonly ObjectAction[]): Promise<void> {
  if (actions.length === 0) return;
  const found = await eventually(
    context,
    () => readCurrent(context, type, actions),
    (answers) => answers.every((answer) => answer.status === 'found'),
  );
  const items: (ValuesToWrite & { readonly kept: readonly Refused[] })[] = [];
  for (const [index, action] of actions.entries()) {
    const answer = found[index];
    const current = answer?.status === 'found' ? answer.value.canonical : undefined;
    if (current === undefined || answer?.status !== 'found') {
      context.report({ n: action.n, outcome: 'failed', reason: 'It was restored, but could not be read afterwards.' });
      continue;
    }
    const values = missingValues(type, action, current.object);
    const { unread } = answer.value;
    const obstructed = values.flatMap(({ path, desired }) => {
      const reason = obstacleTo(type, path, desired, current.unrecognised, unread);
      return reason === undefined ? [] : [{ path, reason }];
    });
    const free = values.filter((value) => !obstructed.some((refused) => refused.path === value.path));
    const isHalf = obstructed.length > 0 && !isPartlyWritable(type, current.object.properties, free);
    const reason = `A policy is written whole or not at all, and ${obstructed.map(({ path }) => path).join(', ')} cannot be written.`;
    const kept = isHalf ? [...obstructed, ...free.map(({ path }) => ({ path, reason }))] : obstructed;
    const writable = isHalf ? [] : free;
    const { address, mixedIn } = answer.value;
    items.push({ action, current: current.object, address, mixedIn, values: writable, kept });
  }
  const differing = items.filter((item) => item.values.length > 0);
  const refusals = await writeValues(context, type, differing);
  const refused = new Map(differing.map((item, index) => [item.action.n, refusals[index] ?? []]));
  const back = items.map(({ action, kept }) => ({ action, refused: [...kept, ...(refused.get(action.n) ?? [])] }));
  context.whenObjectsAreBack(() => bringAllLinks(context, type, back));
}

/**
 * Why a value is not written to a restored object: Graph would not take it, which would keep back all others of the
 * request, or writing it would remove what this version does not know. Undefined when nothing is in the way.
 */
function obstacleTo(
  type: ObjectType,
  path: string,
  desired: Json,
  unrecognised: readonly string[],
  unread: readonly Unread[],
): string | undefined {
  const error = unread.find((each) => each.path === path)?.error;
  if (error !== undefined) return `It could not be read: ${describeError(error)}`;
  const clearable = type.properties.some((property) => property.name === path && property.clearable);
  if (desired === null && !clearable) return 'Graph does not let it be emptied.';
  const unknown = unrecognised.filter((within) => within.split('.')[0] === path);
  if (unknown.length === 0) return undefined;
  return `It has parts that this version does not know (${unknown.join(', ')}); writing it would remove them.`;
}

/** A restored object, and what Graph did not take of its properties. */
interface Back {
  readonly action: ObjectAction;
  readonly refused: readonly Refused[];
}

function reportBack(context: ApplyContext, action: ObjectAction, refused: readonly Refused[]): void {
  context.report({ n: action.n, outcome: 'done', ...(refused.length === 0 ? {} : { refused }) });
}

/**
 * Brings the links of restored objects to exactly those of the plan, and adds the links of other objects that should lead
 * to them and are missing; by now everything that comes back is back.
 */
async function bringAllLinks(context: ApplyContext, type: ObjectType, back: readonly Back[]): Promise<void> {
  const refused = new Map(back.map((item) => [item.action.n, [...item.refused]]));
  const actions = back.map((item) => item.action);
  for (const link of type.links) {
    const managed = actions.filter((action) => isManaged(link, action));
    const found = await readTargets(
      context.client,
      link,
      managed.map((action) => idOf(action.object)),
    );
    const [add, remove]: [WantedLink[], WantedLink[]] = [[], []];
    for (const [index, action] of managed.entries()) {
      const targets = found[index];
      if (targets?.status === 'found') {
        const { missing, extra } = linkDifference(context, link, action, targets.value);
        add.push(...missing);
        remove.push(...extra);
      } else {
        refused.get(action.n)?.push({ path: link.name, reason: 'They could not be read after the restore.' });
      }
    }
    const failures = [...(await addTargets(context, link, add)), ...(await removeTargets(context, link, remove))];
    for (const { n, target, reason } of failures)
      refused.get(n)?.push({ path: link.name, reason: `${target}: ${reason}` });
  }
  for (const { n, owner, reason } of await bringBackInto(context, actions)) {
    refused.get(n)?.push({ path: `linked from ${owner}`, reason });
  }
  for (const { action } of back) reportBack(context, action, refused.get(action.n) ?? []);
}

/** Adds restored objects to the links of others where they are missing. Resolves to what failed. */
async function bringBackInto(context: ApplyContext, actions: readonly ObjectAction[]): Promise<readonly LinkFailure[]> {
  const failures: LinkFailure[] = [];
  const wanted = actions.flatMap((action) =>
    (action.linkedFrom ?? []).map((from) => ({ ...from, n: action.n, target: idOf(action.object) })),
  );
  for (const type of context.registry.types) {
    for (const link of type.links) {
      const mine = wanted
        .filter((item) => typeOf(item.object) === type.name && item.link === link.name)
        .map(({ n, object, target }) => ({ n, owner: idOf(object), target }));
      const owners = [...new Set(mine.map((item) => item.owner))];
      const found = await readTargets(context.client, link, owners);
      const present = new Map(owners.map((owner, index) => [owner, targetsIn(found[index])]));
      failures.push(
        ...(await addTargets(
          context,
          link,
          mine.filter((item) => present.get(item.owner)?.has(item.target) === false),
        )),
      );
      const unread = mine.filter((item) => present.get(item.owner) === undefined);
      failures.push(
        ...unread.map((item) => ({ ...item, reason: `Its ${link.name} could not be read after the restore.` })),
      );
    }
  }
  return failures;
}

function targetsIn(found: Found<readonly string[]> | undefined): ReadonlySet<string> | undefined {
  return found?.status === 'found' ? new Set(found.value) : undefined;
}

function isManaged(link: Link, action: ObjectAction): boolean {
  const properties = Object.fromEntries(action.set.map((value) => [value.path, value.desired]));
  return action.links !== undefined && linkStanding(link, properties).standing === 'managed';
}

function linkDifference(
  { leftAlone }: ApplyContext,
  link: Link,
  action: ObjectAction,
  found: readonly string[],
): { missing: WantedLink[]; extra: WantedLink[] } {
  const owner = idOf(action.object);
  const wanted = (action.links ?? []).filter((planned) => planned.link === link.name).map((planned) => planned.target);
  const [have, want] = [new Set(found), new Set(wanted)];
  const item = (target: string): WantedLink => ({ n: action.n, owner, target });
  const isFree = (target: string) => !link.targets.some((type) => leftAlone.has(`${type}/${target}`));
  return {
    missing: wanted.filter((target) => !have.has(target) && isFree(target)).map(item),
    extra: found.filter((target) => !want.has(target) && isFree(target)).map(item),
  };
}
