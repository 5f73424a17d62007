/** Plans a recovery, and applies a plan. */

import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execute } from './apply/execute.js';
import { type Journal, openJournal } from './apply/journal.js';
import { createWriter as createTenantWriter } from './apply/writer.js';
import { listBackups, writeState } from './backup.js';
import type { LiveState } from './collect/types.js';
import { compareStates } from './comparison.js';
import { openTenant, type Tenant } from './connection.js';
import type { ActionResult, ApplyResult } from './model/documents.js';
import { type Action, isLinkAction, type Plan, type Scope } from './model/plan.js';
import { EXIT, Failure, type Problem } from './model/problem.js';
import { assemblePlan, identifyPlan } from './plan/plan.js';
import { recordRecovery } from './record.js';
import { type ScopeRequest, scopeOf, typesFor } from './scope.js';
import type { ObjectWriter } from './state/types.js';
import { type CommittedState, latestBackup, liveSide, readLive, stateAt } from './states.js';
import { TOOL_VERSION } from './version.js';
import type { Workspace } from './workspace.js';

export { readPlan } from './plan-file.js';

/** Ref that keeps the live state a plan was made from, and the state after its apply. */
export function liveRef(plan: string): string {
  return `refs/knowngood/live/${plan}`;
}

/**
 * Compares the live tenant with a revision and plans what takes it there. `keepLive` writes the live state the plan was
 * made from into git, for a plan that will be saved. The tenant is not written to.
 */
export async function makePlan(
  workspace: Workspace,
  options: { readonly to: string; readonly scope: ScopeRequest; readonly keepLive: boolean },
): Promise<Plan> {
  const scope = scopeOf(workspace, options.scope);
  const desired = await stateAt(workspace, options.to);
  await warnOfNewest(workspace, desired);
  const tenant = await openTenant(workspace, desired.facts.tenant);
  try {
    const { plan, tree, writer } = await planAgainst(workspace, tenant, desired, scope, options.keepLive);
    if (options.keepLive) await keepLive(workspace, writer, plan.id, tree);
    return plan;
  } finally {
    await tenant.close();
  }
}

const BACKUPS_TO_NAME = 3;

/** The newest backup may hold the damage: going back to it, a person should see what the last backups changed. */
async function warnOfNewest(workspace: Workspace, desired: CommittedState): Promise<void> {
  const { backups } = await listBackups(workspace, { limit: BACKUPS_TO_NAME });
  if (backups[0]?.commit !== desired.commit) return;
  const lines = backups.map((backup) => `  ${backup.commit.slice(0, 7)}  ${backup.captured.end}  ${backup.subject}`);
  workspace.surroundings.note(
    `This is the newest backup; it may hold the damage already. The last backups:\n${lines.join('\n')}`,
  );
}

/** `keep`: what the last backup does not have is queued for git; otherwise only its ids are computed. */
async function planAgainst(workspace: Workspace, tenant: Tenant, desired: CommittedState, scope: Scope, keep: boolean) {
  const { repository, registry, surroundings } = workspace;
  const writer = repository.writer();
  const live: LiveState = await readLive(workspace, tenant, {
    types: typesFor(workspace, scope),
    desired,
    ...(keep ? { write: (bytes: Buffer) => writer.blob(bytes) } : {}),
  });
  const comparison = await compareStates(workspace, desired, liveSide(workspace, live, desired), scope);
  const tree = await writeState(workspace, writer, live, await latestBackup(workspace));
  const content = assemblePlan(
    {
      tool: `knowngood ${TOOL_VERSION}`,
      tenant: tenant.id,
      requestedBy: await repository.identity(),
      desired: { commit: desired.commit, captured: desired.captured },
      live: { tree, captured: live.captured },
      schemas: registry.digest,
      coverage: { desired: desired.coverage, live: live.coverage },
      scope,
      problems: [],
    },
    comparison.judgements,
    registry,
    (id) => comparison.names.get(id),
  );
  return { plan: identifyPlan(content, surroundings.clock()), live, tree, writer };
}

/** Commits a live state under the plan's ref, after the one that is there. */
async function keepLive(workspace: Workspace, writer: ObjectWriter, plan: string, tree: string): Promise<void> {
  const { repository } = workspace;
  const ref = liveRef(plan);
  const before = await repository.ref(ref);
  const root = await writer.treeOf([['tenant-state', { mode: '040000', id: tree }]]);
  const message = `Live state ${before === undefined ? 'before' : 'after'} ${plan.slice(0, 12)}\n`;
  const commit = await writer.commit({ tree: root, parents: before === undefined ? [] : [before], message });
  await writer.flush();
  await repository.updateRefs([{ ref, to: commit, expected: before ?? null }], message.trim());
}

/**
 * Carries out a plan: only what it says, and only where its own live values still hold. Reads everything again
 * afterwards, and records the recovery in git. Throws a Failure before the first write when the plan is not for here.
 */
export async function apply(workspace: Workspace, plan: Plan): Promise<ApplyResult> {
  const { surroundings, registry, root } = workspace;
  const desired = await desiredOf(workspace, plan);
  refuseOtherSchemas(workspace, plan);
  const tenant = await openTenant(workspace, plan.tenant);
  const started = surroundings.clock().toISOString();
  try {
    const journal = await openJournal(journalFile(root, plan.id), surroundings.clock);
    try {
      await journal.remark({ event: 'start', plan: plan.id, tool: TOOL_VERSION });
      const writer = createTenantWriter(tenant.client, journal);
      const results = await execute(plan, {
        client: tenant.client,
        registry,
        writer,
        sleep: (milliseconds) => delay(milliseconds).then(() => undefined),
        progress: surroundings.progress,
        signal: surroundings.signal,
      });
      return await conclude(workspace, tenant, plan, desired, journal, results, { started, writes: writer.sent() });
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

function refuseOtherSchemas(workspace: Workspace, plan: Plan): void {
  if (plan.schemas === workspace.registry.digest) return;
  throw new Failure({
    code: 'KG146',
    message: 'The plan was made with other schemas than those of this version of knowngood.',
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
  run: { readonly started: string; readonly writes: number },
): Promise<ApplyResult> {
  const { surroundings } = workspace;
  const after = run.writes > 0 ? await verifyUnlessInterrupted(workspace, tenant, plan, desired, results) : undefined;
  const interrupted = surroundings.signal.aborted;
  const result: ApplyResult = {
    format: 1,
    kind: 'apply',
    plan: plan.id,
    tenant: plan.tenant,
    started: run.started,
    ended: surroundings.clock().toISOString(),
    status: statusOf(plan, results, run.writes, after, interrupted),
    counts: countsOf(plan.actions, results),
    writes: run.writes,
    results: notable(plan.actions, results),
    ...(after === undefined ? {} : { verification: after }),
  };
  await journal.remark({ event: 'end', status: result.status, writes: run.writes });
  if (run.writes === 0) return result;
  return { ...result, recorded: await recordRecovery(workspace, plan, result) };
}

/** An interruption while reading again leaves the result unverified; what was written is recorded all the same. */
async function verifyUnlessInterrupted(...of: Parameters<typeof verify>): Promise<Verification | undefined> {
  const { signal } = of[0].surroundings;
  if (signal.aborted) return undefined;
  try {
    return await verify(...of);
  } catch (cause) {
    if (signal.aborted && cause instanceof Failure) return undefined;
    throw cause;
  }
}

type Verification = NonNullable<ApplyResult['verification']>;

const VERIFY_ATTEMPTS = 4;
const VERIFY_WAIT_MS = 2000;

/**
 * Plans again for the same scope. What still differs and is neither blocked nor named in the results is given time to
 * replicate, then reported.
 */
async function verify(
  workspace: Workspace,
  tenant: Tenant,
  plan: Plan,
  desired: CommittedState,
  results: readonly ActionResult[],
): Promise<Verification> {
  const named = namedPaths(plan.actions, results);
  const keep = (await workspace.repository.ref(liveRef(plan.id))) !== undefined;
  for (let attempt = 1; ; attempt += 1) {
    const again = await planAgainst(workspace, tenant, desired, plan.scope, keep);
    const remaining = again.plan.actions
      .flatMap((action) => pathsOf(action))
      .filter((item) => !named.has(`${item.object} ${item.path}`));
    if (remaining.length > 0 && attempt < VERIFY_ATTEMPTS && !workspace.surroundings.signal.aborted) {
      await delay(VERIFY_WAIT_MS);
      continue;
    }
    if ((await workspace.repository.ref(liveRef(plan.id))) !== undefined)
      await keepLive(workspace, again.writer, plan.id, again.tree);
    const problems = again.live.coverage.gaps.map(
      (gap): Problem => ({
        code: 'KG603',
        severity: 'warning',
        message: `${gap.what} could not be read again: ${gap.reason}`,
        remedy: 'Compare again when it can be read.',
      }),
    );
    return { objectsRead: again.live.ids.size, remaining, problems };
  }
}

/** What an action is about, property by property and link by link. */
function pathsOf(
  action: Action,
): { readonly object: Action['object']; readonly label: string; readonly path: string }[] {
  const { object, label } = action;
  if (isLinkAction(action)) return [{ object, label, path: `${action.link} ${action.target}` }];
  if (action.action !== 'update') return [{ object, label, path: action.action }];
  return action.set.map((value) => ({ object, label, path: value.path }));
}

/** Paths that the results name already: skipped, failed, refused, not run. */
function namedPaths(actions: readonly Action[], results: readonly ActionResult[]): Set<string> {
  const named = new Set<string>();
  for (const [index, action] of actions.entries()) {
    const result = results[index];
    if (result?.outcome !== 'done') for (const item of pathsOf(action)) named.add(`${item.object} ${item.path}`);
    for (const refused of result?.refused ?? []) named.add(`${action.object} ${refused.path}`);
  }
  return named;
}

function statusOf(
  plan: Plan,
  results: readonly ActionResult[],
  writes: number,
  after: Verification | undefined,
  interrupted: boolean,
): ApplyResult['status'] {
  if (interrupted) return 'interrupted';
  if (plan.actions.length > 0 && writes === 0 && results.every((result) => result.outcome === 'skipped'))
    return 'stale';
  const clean = results.every((result) => result.outcome === 'done' && result.refused === undefined);
  const verified = after === undefined || (after.remaining.length === 0 && after.problems.length === 0);
  return clean && verified ? 'complete' : 'incomplete';
}

function countsOf(actions: readonly Action[], results: readonly ActionResult[]): ApplyResult['counts'] {
  const done = (kind: Action['action']) =>
    actions.filter((action, index) => action.action === kind && results[index]?.outcome === 'done').length;
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

function notable(actions: readonly Action[], results: readonly ActionResult[]): ApplyResult['results'] {
  return actions.flatMap((action, index) => {
    const result = results[index];
    if (result === undefined || (result.outcome === 'done' && result.refused === undefined)) return [];
    return [{ ...result, object: action.object, label: action.label, action: action.action }];
  });
}
