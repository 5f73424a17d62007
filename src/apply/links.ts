/** Carries out links and unlinks: packed as Graph allows, split where one target spoils a pack. */

import { readTargets } from '../graph/reader.js';
import { addTargetsRequest, removeTargetRequest } from '../graph/requests.js';
import { describeError, type GraphError } from '../graph/types.js';
import { idOf, typeOf } from '../model/object.js';
import type { LinkAction } from '../model/plan.js';
import type { Link, ObjectType } from '../registry/types.js';
import type { ApplyContext } from './context.js';
import { chunksOf } from './stages.js';
import type { Write } from './writer.js';

/** A target to add to, or remove from, an owner's link, and the action that asks for it. */
export interface WantedLink {
  readonly n: number;
  readonly owner: string;
  readonly target: string;
}

export interface LinkFailure extends WantedLink {
  readonly reason: string;
}

/** Adds or removes the links of these actions, which all are of one kind and one type of owner. */
export async function applyLinks(
  context: ApplyContext,
  type: ObjectType,
  actions: readonly LinkAction[],
): Promise<void> {
  for (const link of type.links) {
    const mine = actions.filter((action) => action.link === link.name && typeOf(action.object) === type.name);
    const owners = [...new Set(mine.map((action) => idOf(action.object)))];
    const found = await readTargets(context.client, link, owners);
    const targetsOf = new Map(owners.map((owner, index) => [owner, found[index]]));
    const ready: LinkAction[] = [];
    for (const action of mine) {
      const targets = targetsOf.get(idOf(action.object));
      if (targets?.status === 'found') {
        if (judgeLink(context, action, new Set(targets.value))) ready.push(action);
      } else if (targets?.status === 'absent') {
        context.report({ n: action.n, outcome: 'skipped', reason: `${action.label} is no longer there.` });
      } else {
        const reason = targets === undefined ? 'no answer' : describeError(targets.error);
        context.report({ n: action.n, outcome: 'failed', reason: `The links could not be read: ${reason}` });
      }
    }
    await carryOut(context, link, ready);
  }
}

/** Whether a link action still holds; reports it when it does not. */
function judgeLink(context: ApplyContext, action: LinkAction, present: ReadonlySet<string>): boolean {
  const reached = present.has(action.target) === (action.action === 'link');
  if (!reached) return true;
  if (action.conditional) context.report({ n: action.n, outcome: 'done', alreadyThere: true });
  else
    context.report({
      n: action.n,
      outcome: 'skipped',
      reason: action.action === 'link' ? 'The link is there already.' : 'The link is gone already.',
      alreadyThere: true,
    });
  return false;
}

async function carryOut(context: ApplyContext, link: Link, actions: readonly LinkAction[]): Promise<void> {
  const wanted = (kind: LinkAction['action']) =>
    actions
      .filter((action) => action.action === kind)
      .map(({ n, object, target }) => ({ n, owner: idOf(object), target }));
  const failures = [
    ...(await addTargets(context, link, wanted('link'))),
    ...(await removeTargets(context, link, wanted('unlink'))),
  ];
  const reasons = new Map(failures.map((failure) => [failure.n, failure.reason]));
  for (const { n } of actions) {
    const reason = reasons.get(n);
    context.report(reason === undefined ? { n, outcome: 'done' } : { n, outcome: 'failed', reason });
  }
}

/**
 * Adds targets in packs as large as Graph allows. Packs of different owners go together, those of one owner one after
 * the other. A refused pack is read back and sent again one by one: one bad target does not keep back nineteen.
 * Resolves to what failed.
 */
export async function addTargets(
  context: ApplyContext,
  link: Link,
  wanted: readonly WantedLink[],
): Promise<LinkFailure[]> {
  const packs = [...byOwner(wanted).values()].map((items) => chunksOf(items, link.add.perRequest));
  const failures: LinkFailure[] = [];
  const rounds = Math.max(0, ...packs.map((ofOwner) => ofOwner.length));
  for (let round = 0; round < rounds; round += 1) {
    const now = packs.flatMap((ofOwner) => ofOwner.slice(round, round + 1));
    const outcomes = await context.writer.send(now.map((pack) => packWrite(context, link, pack)));
    for (const [index, pack] of now.entries()) {
      const outcome = outcomes[index];
      if (!outcome?.ok) failures.push(...(await addOneByOne(context, link, pack, outcome?.error)));
    }
  }
  return failures;
}

function byOwner<T extends WantedLink>(wanted: readonly T[]): Map<string, T[]> {
  const owners = new Map<string, T[]>();
  for (const item of wanted) {
    const items = owners.get(item.owner);
    if (items === undefined) owners.set(item.owner, [item]);
    else items.push(item);
  }
  return owners;
}

function packWrite(context: ApplyContext, link: Link, pack: readonly WantedLink[]): Write {
  const owner = (pack[0] as WantedLink).owner;
  const targets = pack.map((item) => item.target);
  return { n: pack.map((item) => item.n), request: addTargetsRequest(link, owner, targets, context.client.root) };
}

async function addOneByOne(
  context: ApplyContext,
  link: Link,
  pack: readonly WantedLink[],
  error: GraphError | undefined,
): Promise<LinkFailure[]> {
  const reason = error === undefined ? 'no answer' : describeError(error);
  if (pack.length === 1 && isThereAlready(error)) return [];
  if (error?.status !== 400 && error?.status !== 404) return pack.map((item) => ({ ...item, reason }));
  const [found] = await readTargets(context.client, link, [(pack[0] as WantedLink).owner]);
  const present = new Set(found?.status === 'found' ? found.value : []);
  const missing = pack.filter((item) => !present.has(item.target));
  if (pack.length === 1) return missing.map((item) => ({ ...item, reason }));
  const failures: LinkFailure[] = [];
  for (const item of missing) {
    const [outcome] = await context.writer.send([packWrite(context, link, [item])]);
    if (outcome?.ok !== true && !isThereAlready(outcome?.error))
      failures.push({ ...item, reason: outcome === undefined ? reason : describeError(outcome.error) });
  }
  return failures;
}

/**
 * What Graph says of one target that was added before, though a read may not show it yet: its code alone says less
 * ("Add members": 400 when the object is a member already).
 */
function isThereAlready(error: GraphError | undefined): boolean {
  return error?.status === 400 && /added object references already exist/i.test(error.message);
}

/** The same of one target that was removed before. */
function isGoneAlready(error: GraphError | undefined): boolean {
  return error?.status === 400 && /removed object references do not exist/i.test(error.message);
}

/**
 * Removes targets, each by its own request. A refusal counts only if the target is still there when it is read back:
 * a repeated request finds that the first one had worked. Resolves to what failed.
 */
export async function removeTargets(
  context: ApplyContext,
  link: Link,
  wanted: readonly WantedLink[],
): Promise<LinkFailure[]> {
  const outcomes = await context.writer.send(
    wanted.map((item) => ({ n: [item.n], request: removeTargetRequest(link, item.owner, item.target) })),
  );
  const refused: LinkFailure[] = [];
  for (const [index, item] of wanted.entries()) {
    const outcome = outcomes[index];
    if (outcome?.ok || outcome?.error.status === 404 || isGoneAlready(outcome?.error)) continue;
    refused.push({ ...item, reason: outcome === undefined ? 'no answer' : describeError(outcome.error) });
  }
  const owners = [...byOwner(refused).keys()];
  const found = await readTargets(context.client, link, owners);
  const gone = (item: LinkFailure) => {
    const targets = found[owners.indexOf(item.owner)];
    return targets?.status === 'found' && !targets.value.includes(item.target);
  };
  return refused.filter((item) => !gone(item));
}
