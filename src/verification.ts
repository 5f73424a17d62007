/** Proves a recovery: plans again for the same scope, and says what still differs. */

import { setTimeout as delay } from 'node:timers/promises';
import { settledScope } from './asked.js';
import type { Tenant } from './connection.js';
import type { Gap } from './model/coverage.js';
import type { ActionResult, ApplyResult } from './model/documents.js';
import { idOf, type ObjectKey, objectKey } from './model/object.js';
import { type Action, type Blocked, isLinkAction, type Plan } from './model/plan.js';
import { Failure, type Problem } from './model/problem.js';
import { idsIn } from './plan/plan.js';
import { keepLive, liveRef, planAgainst } from './planning.js';
import type { Registry } from './registry/types.js';
import type { CommittedState } from './states.js';
import type { Workspace } from './workspace.js';

/**
 * Plans again and says what still differs. Undefined when interrupted: the result is then unverified. Whatever fails here
 * is a finding of the result: what was written is told and recorded all the same.
 */
export async function verify(...of: Parameters<typeof planAgain>): Promise<Verification | undefined> {
  const { signal } = of[0].surroundings;
  if (signal.aborted) return undefined;
  try {
    return await planAgain(...of);
  } catch (cause) {
    if (signal.aborted && cause instanceof Failure) return undefined;
    const message = `The tenant could not be compared again: ${cause instanceof Error ? cause.message : String(cause)}`;
    const problem: Problem = {
      code: 'KG606',
      severity: 'warning',
      message,
      remedy: `Compare again with ${compareAgain(of[2])}.`,
    };
    return { objectsRead: 0, remaining: [], problems: [problem] };
  }
}

export type Verification = NonNullable<ApplyResult['verification']>;

const VERIFY_ATTEMPTS = 4;
const VERIFY_WAIT_MS = 2000;

/**
 * Plans again for the same scope. What the plan was to set right and still differs is given time to replicate, then
 * reported; what differs since, and was never part of the plan, is only counted.
 */
async function planAgain(
  workspace: Workspace,
  tenant: Tenant,
  plan: Plan,
  desired: CommittedState,
  results: readonly ActionResult[],
): Promise<Verification> {
  const named = namedPaths(plan.actions, results);
  const keep = (await workspace.repository.ref(liveRef(plan.id))) !== undefined;
  for (let attempt = 1; ; attempt += 1) {
    const again = await planAgainst(workspace, tenant, desired, settledScope(plan.scope), keep);
    const unsettled = [...again.plan.actions.flatMap(pathsOf), ...nowBlocked(workspace, plan, again.plan)];
    const differing = unsettled.filter((item) => !named.has(keyOf(item)));
    const ours = concernOf(workspace, plan);
    const remaining = differing.filter(ours);
    if (remaining.length > 0 && attempt < VERIFY_ATTEMPTS && !workspace.surroundings.signal.aborted) {
      await delay(VERIFY_WAIT_MS);
      continue;
    }
    if (keep) await keepLive(workspace, again.writer, plan.id, again.tree);
    return {
      objectsRead: again.live.ids.size,
      remaining: remaining.map(({ object, label, path }) => ({ object, label, path })),
      problems: [
        ...gapProblems(again.live.coverage.gaps, plan),
        ...sinceProblems(differing.length - remaining.length, plan),
      ],
    };
  }
}

/** The comparison that shows what is meant: with the backup of the plan, not with the newest one. */
function compareAgain(plan: Plan): string {
  return `\`knowngood diff ${plan.desired.commit.slice(0, 7)}\``;
}

function gapProblems(gaps: readonly Gap[], plan: Plan): Problem[] {
  return gaps.map((gap) => ({
    code: 'KG603',
    severity: 'warning',
    message: `${gap.what} could not be read again: ${gap.reason}`,
    remedy: `Compare again with ${compareAgain(plan)} when it can be read.`,
  }));
}

function sinceProblems(count: number, plan: Plan): Problem[] {
  if (count === 0) return [];
  const message = `${count === 1 ? '1 difference is' : `${count} differences are`} new since the plan was made, and not part of it.`;
  return [{ code: 'KG605', severity: 'note', message, remedy: `See them with ${compareAgain(plan)}.` }];
}

/** One property or link that differs. */
interface Differing {
  readonly object: ObjectKey;
  readonly label: string;
  readonly path: string;
  /** Name and target of a link. */
  readonly link?: string;
  readonly target?: string;
}

function keyOf(item: Differing): string {
  return `${item.object} ${item.path}`;
}

/** What an action is about, property by property and link by link. */
function pathsOf(action: Action): readonly Differing[] {
  const { object, label } = action;
  if (isLinkAction(action)) {
    const { link, target } = action;
    return [{ object, label, path: `${link} ${target}`, link, target }];
  }
  if (action.action !== 'update') return [{ object, label, path: action.action }];
  return action.set.map((value) => ({ object, label, path: value.path }));
}

/**
 * Whether a difference is one that the plan knew: its own paths, what it had to leave blocked and is possible now, and
 * everything about what it restores.
 */
export function concernOf({ registry }: Pick<Workspace, 'registry'>, plan: Plan): (item: Differing) => boolean {
  const about = plan.actions.flatMap(pathsOf);
  const known = new Set<string>(about.flatMap((item) => [keyOf(item), edgeOf(registry, item) ?? []].flat()));
  for (const { object, path } of plan.blocked) known.add(path === undefined ? object : `${object} ${path}`);
  const restored = new Set(plan.actions.filter((action) => action.action === 'restore').map((action) => action.object));
  const ids = new Set([...restored].map(idOf));
  return (item) =>
    [keyOf(item), item.object, `${item.object} ${item.link}`, edgeOf(registry, item) ?? ''].some((key) =>
      known.has(key),
    ) ||
    restored.has(item.object) ||
    [...idsIn(item.target)].some((id) => ids.has(id));
}

/** What the plan was to set right, still differs, and cannot be planned any more. */
export function nowBlocked(
  { registry }: Pick<Workspace, 'registry'>,
  plan: Plan,
  again: Pick<Plan, 'blocked'>,
): readonly Differing[] {
  const about = plan.actions.flatMap(pathsOf);
  const planned = new Map(
    about.flatMap((item) => [keyOf(item), edgeOf(registry, item) ?? []].flat().map((key) => [key, item])),
  );
  const keyOfBlocked = ({ object, path }: Blocked) => (path === undefined ? object : `${object} ${path}`);
  const told = new Set(plan.blocked.map(keyOfBlocked));
  return again.blocked.map(keyOfBlocked).flatMap((key) => (told.has(key) ? [] : (planned.get(key) ?? [])));
}

/** The key of the edge that a link is, where it is one: its link is named after its type. */
function edgeOf(registry: Registry, { link = '', target = '' }: Partial<Differing>): ObjectKey | undefined {
  return registry.byName.get(link)?.edge === undefined ? undefined : objectKey(link, target);
}

/** Paths that the results name already: skipped, failed, refused, not run. */
function namedPaths(actions: readonly Action[], results: readonly ActionResult[]): Set<string> {
  const named = new Set<string>();
  for (const [index, action] of actions.entries()) {
    const result = results[index];
    if (result?.outcome !== 'done') for (const item of pathsOf(action)) named.add(keyOf(item));
    for (const refused of result?.refused ?? []) named.add(`${action.object} ${refused.path}`);
  }
  return named;
}
