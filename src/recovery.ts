/** Applies a plan. */

import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execute } from './apply/execute.js';
import { type Journal, openJournal } from './apply/journal.js';
import { createWriter } from './apply/writer.js';
import { changedBackup } from './backups.js';
import { CONFIG_FILE } from './config.js';
import { openTenant, type Tenant } from './connection.js';
import { patient } from './graph/patience.js';
import { bearerOf } from './identity/bearer.js';
import type { ActionResult, ApplyResult } from './model/documents.js';
import type { Action, Plan } from './model/plan.js';
import { EXIT, Failure, type Problem } from './model/problem.js';
import { refuseForeignValues, refuseHiddenChange } from './plan-origin.js';
import { recordRecovery } from './record.js';
import { explainRefusals } from './refusals.js';
import { beginApplying } from './state/applying.js';
import { type CommittedState, stateAt } from './states.js';
import { type Verification, verify } from './verification.js';
import { TOOL_VERSION } from './version.js';
import type { Workspace } from './workspace.js';

export { readPlan } from './plan-file.js';
export { makePlan } from './planning.js';

/**
 * Carries out a plan: only what it says, and only where its own live values still hold. Reads everything again
 * afterwards, and records the recovery in git. Throws a Failure before the first write when the plan is not for here.
 */
export async function apply(workspace: Workspace, plan: Plan): Promise<ApplyResult> {
  const { surroundings } = workspace;
  refuseOtherTenant(workspace, plan);
  const desired = await desiredOf(workspace, plan);
  refuseOtherSchemas(workspace, plan);
  refuseHiddenChange(plan, await changedBackup(workspace, desired));
  await refuseForeignValues(workspace, plan, desired);
  const ended = await beginApplying(workspace.repository.gitDir, plan.id, surroundings.clock);
  try {
    return await applyAlone(workspace, plan, desired);
  } finally {
    await ended();
  }
}

async function applyAlone(workspace: Workspace, plan: Plan, desired: CommittedState): Promise<ApplyResult> {
  const { surroundings, registry, root } = workspace;
  const tenant = await openTenant(workspace, plan.tenant, 'apply');
  const started = surroundings.clock().toISOString();
  try {
    const journal = await openJournal(journalFile(root, plan.id), surroundings.clock);
    try {
      await journal.remark({ event: 'start', plan: plan.id, tool: TOOL_VERSION });
      const sleep = (milliseconds: number) => delay(milliseconds).then(() => undefined);
      const client = patient(tenant.client, sleep);
      const held = bearerOf(await tenant.connection.token())?.permissions;
      const writer = createWriter(client, journal, explainRefusals(plan, registry, held));
      const results = await execute(plan, {
        client,
        registry,
        writer,
        sleep,
        progress: surroundings.progress,
        signal: surroundings.signal,
      });
      return await conclude(workspace, tenant, plan, desired, journal, results, {
        started,
        sent: writer.sent(),
        writes: writer.effective(),
      });
    } finally {
      await journal.close();
    }
  } finally {
    await tenant.close();
  }
}

function journalFile(root: string, plan: string): string {
  return join(root, '.knowngood', 'journal', `${plan}.jsonl`);
}

async function desiredOf(workspace: Workspace, plan: Plan): Promise<CommittedState> {
  if ((await workspace.repository.resolve(plan.desired.commit)) === undefined) {
    throw new Failure({
      code: 'KG145',
      message: `The backup that the plan goes back to, ${plan.desired.commit.slice(0, 7)}, is not in this repository.`,
      where: workspace.root,
      remedy: 'Fetch it with `git fetch`, or use the repository that the plan was made in.',
    });
  }
  return stateAt(workspace, plan.desired.commit);
}

/** A repository of a sandbox does not know its tenant before the sandbox was asked. */
function refuseOtherTenant({ config }: Workspace, plan: Plan): void {
  if (config.tenant === 'sandbox' || config.tenant === plan.tenant) return;
  throw new Failure({
    code: 'KG116',
    message: `The plan is for tenant ${plan.tenant}, but knowngood.yaml names ${config.tenant}. Nothing was read or written.`,
    where: CONFIG_FILE,
    remedy: 'Apply it in the repository of that tenant.',
    exit: EXIT.refused,
  });
}

function refuseOtherSchemas(workspace: Workspace, plan: Plan): void {
  if (plan.schemas === workspace.registry.digest) return;
  throw new Failure({
    code: 'KG146',
    message: 'The plan was made with other schemas than those of this version of knowngood.',
    where: `plan ${plan.id.slice(0, 12)}, made with ${plan.tool}`,
    remedy: 'Apply it with the version that made it, or make it again.',
    exit: EXIT.refused,
  });
}

async function conclude(
  workspace: Workspace,
  tenant: Tenant,
  plan: Plan,
  desired: CommittedState,
  journal: Journal,
  results: readonly ActionResult[],
  run: { readonly started: string; readonly sent: number; readonly writes: number },
): Promise<ApplyResult> {
  const { surroundings } = workspace;
  const after = run.sent > 0 ? await verify(workspace, tenant, plan, desired, results) : undefined;
  const interrupted = surroundings.signal.aborted;
  const status = statusOf(plan, results, run.sent, after, interrupted);
  const result: ApplyResult = {
    format: 1,
    kind: 'apply',
    plan: plan.id,
    tenant: plan.tenant,
    started: run.started,
    ended: surroundings.clock().toISOString(),
    status,
    counts: countsOf(plan.actions, results, status === 'stale'),
    writes: run.writes,
    results: notable(plan.actions, results),
    ...(after === undefined ? {} : { verification: after }),
  };
  await journal.remark({ event: 'end', status: result.status, writes: run.writes });
  return run.sent === 0 ? result : recorded(workspace, plan, result);
}

/** The result with the commit that records it, or with a finding that says why there is none. */
async function recorded(workspace: Workspace, plan: Plan, result: ApplyResult): Promise<ApplyResult> {
  try {
    return { ...result, recorded: await recordRecovery(workspace, plan, result) };
  } catch (cause) {
    const message = `The recovery could not be recorded in git: ${cause instanceof Error ? cause.message : String(cause)}`;
    const remedy = `Its journal is ${journalFile(workspace.root, plan.id)}.`;
    const problem: Problem = { code: 'KG607', severity: 'warning', message, remedy };
    const { verification = { objectsRead: 0, remaining: [], problems: [] } } = result;
    const status = result.status === 'complete' ? 'incomplete' : result.status;
    return { ...result, status, verification: { ...verification, problems: [...verification.problems, problem] } };
  }
}

function statusOf(
  plan: Plan,
  results: readonly ActionResult[],
  writes: number,
  after: Verification | undefined,
  interrupted: boolean,
): ApplyResult['status'] {
  if (interrupted) return 'interrupted';
  const isStale = ({ outcome, alreadyThere }: ActionResult) => outcome === 'skipped' || alreadyThere === true;
  if (plan.actions.length > 0 && writes === 0 && results.every(isStale)) return 'stale';
  const clean = results.every((result) => result.outcome === 'done' && result.refused === undefined);
  const verified =
    after === undefined ||
    (after.remaining.length === 0 && after.problems.every((problem) => problem.severity === 'note'));
  return clean && verified ? 'complete' : 'incomplete';
}

/** What was done. A link that had come back with a restored object already was not added; nothing was by a stale plan. */
function countsOf(
  actions: readonly Action[],
  results: readonly ActionResult[],
  isStale: boolean,
): ApplyResult['counts'] {
  const done = (kind: Action['action']) =>
    isStale ? 0 : actions.filter((action, index) => action.action === kind && isDone(results[index])).length;
  const outcome = (...kinds: readonly string[]) => results.filter((result) => kinds.includes(result.outcome)).length;
  return {
    restored: done('restore'),
    recreated: 0,
    updated: done('update'),
    softDeleted: done('soft-delete'),
    linksAdded: done('link'),
    linksRemoved: done('unlink'),
    failed: outcome('failed'),
    skipped: outcome('skipped', 'not-run'),
  };
}

function isDone(result: ActionResult | undefined): boolean {
  return result?.outcome === 'done' && result.alreadyThere !== true;
}

function notable(actions: readonly Action[], results: readonly ActionResult[]): ApplyResult['results'] {
  return actions.flatMap((action, index) => {
    const result = results[index];
    if (result === undefined || (isDone(result) && result.refused === undefined)) return [];
    return [{ ...result, object: action.object, label: action.label, action: action.action }];
  });
}
