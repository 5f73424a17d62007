/** Executes a plan: stage by stage, in parts, every action with exactly one result. */

import { isScarceType } from '../graph/scarce.js';
import type { ActionResult, OnProgress } from '../model/documents.js';
import type { LinkAction, Phase, Plan } from '../model/plan.js';
import type { ObjectType } from '../registry/types.js';
import type { ApplyContext } from './context.js';
import { applyDeletes, type SeenInBin } from './deletes.js';
import { applyEdges } from './edges.js';
import { createLeft } from './least-time.js';
import { applyLinks } from './links.js';
import { applyRestores } from './restores.js';
import { chunksOf, SCARCE_PART, type Stage, stagesOf } from './stages.js';
import { applyUpdates } from './updates.js';

/** How many actions are read, journalled and written together; between parts the person may interrupt. */
const PART = 400;

export interface ExecuteOptions extends Omit<ApplyContext, 'leftAlone' | 'report' | 'whenObjectsAreBack'> {
  readonly progress: OnProgress;
  /** Aborted: requests in flight are finished, the rest is not run. */
  readonly signal: AbortSignal;
}

/** Carries out every action of a plan that still holds. Results are in the order of the actions. */
export async function execute(plan: Plan, options: ExecuteOptions): Promise<readonly ActionResult[]> {
  const results = new Map<number, ActionResult>();
  const waiting: (() => Promise<void>)[] = [];
  const left = createLeft(plan.actions, options.registry);
  const byNumber = new Map(plan.actions.map((action) => [action.n, action]));
  const context: ApplyContext = {
    ...options,
    leftAlone: new Set(plan.scope.exclude),
    whenObjectsAreBack: (work) => void waiting.push(work),
    report: (result) => {
      results.set(result.n, result);
      const action = byNumber.get(result.n);
      if (action !== undefined) left.take(action);
      const budget = options.client.writeBudget?.();
      options.progress({
        what: 'Applying',
        done: results.size,
        total: plan.actions.length,
        ...(budget === undefined
          ? {}
          : { budgetUsed: budget.used, leastSeconds: left.seconds('least', budget.available) / budget.speed }),
      });
    },
  };
  const seen: SeenInBin = new Set();
  for (const stage of stagesOf(plan.actions)) {
    if (!BEFORE_LINKS.has(stage.phase)) await runWaiting(waiting);
    const type = options.registry.byName.get(stage.type) as ObjectType;
    for (const part of partsOf(stage, isScarceType(type) ? SCARCE_PART : PART)) {
      if (options.signal.aborted) break;
      await runPart(context, type, part, seen);
    }
  }
  await runWaiting(waiting);
  return plan.actions.map(
    (action) => results.get(action.n) ?? { n: action.n, outcome: 'not-run', reason: 'Interrupted before its turn.' },
  );
}

/** Phases in which objects other than gates may still come back. */
const BEFORE_LINKS: ReadonlySet<Phase> = new Set(['loosen', 'objects']);

/** An interruption does not keep these: a restored object is finished before the run ends. */
async function runWaiting(waiting: (() => Promise<void>)[]): Promise<void> {
  for (const work of waiting.splice(0)) await work();
}

/** Parts of about so many actions; the links of one owner stay together, so that they are read once and packed full. */
function partsOf(stage: Stage, size: number): Stage[] {
  if (stage.kind !== 'link' && stage.kind !== 'unlink') {
    return chunksOf<Stage['actions'][number]>(stage.actions, size).map((actions) => ({ ...stage, actions }) as Stage);
  }
  const parts: LinkAction[][] = [];
  for (const action of stage.actions) {
    const open = parts.at(-1);
    if (open !== undefined && (open.length < size || open.at(-1)?.object === action.object)) open.push(action);
    else parts.push([action]);
  }
  return parts.map((actions) => ({ ...stage, actions }) as Stage);
}

async function runPart(context: ApplyContext, type: ObjectType, part: Stage, seen: SeenInBin): Promise<void> {
  switch (part.kind) {
    case 'restore':
      return applyRestores(context, type, part.actions);
    case 'update':
      return applyUpdates(context, type, part.actions);
    case 'soft-delete':
      return applyDeletes(context, type, part.actions, seen);
    case 'link':
    case 'unlink':
      return applyLinksOf(context, type, part.actions);
  }
}

/** Links of an object, and edges that it owns: those are told by the name of their type. */
async function applyLinksOf(context: ApplyContext, type: ObjectType, actions: readonly LinkAction[]): Promise<void> {
  const edges = context.registry.types.filter((candidate) => candidate.edge?.ownerType === type.name);
  for (const edge of edges) {
    const mine = actions.filter((action) => action.link === edge.name);
    if (mine.length > 0) await applyEdges(context, edge, mine);
  }
  const links = actions.filter((action) => !edges.some((edge) => edge.name === action.link));
  if (links.length > 0) await applyLinks(context, type, links);
}
