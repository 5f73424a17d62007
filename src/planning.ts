/** Plans a recovery: reads the tenant, compares it with a revision, lists what takes it there. */

import { leastTime } from './apply/least-time.js';
import { type AskedScope, askedScope, asksForNames, provisionalScope, type ScopeRequest } from './asked.js';
import { writeState } from './backup.js';
import { changedBackup, listBackups } from './backups.js';
import type { LiveState } from './collect/types.js';
import { compareStates } from './comparison.js';
import { openTenant, type Tenant } from './connection.js';
import { missingProblems } from './missing.js';
import type { ContentId } from './model/object.js';
import type { Plan } from './model/plan.js';
import { assemblePlan, identifyPlan } from './plan/plan.js';
import { minute } from './report/words.js';
import { coverageIn, typesFor, typesIn } from './scope.js';
import type { ObjectWriter } from './state/types.js';
import { type CommittedState, latestBackup, liveSide, readLive, stateAt } from './states.js';
import { settleScope } from './targets.js';
import { TOOL_VERSION } from './version.js';
import type { Workspace } from './workspace.js';

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
  const asked = askedScope(workspace, options.scope);
  const desired = await stateAt(workspace, options.to);
  await warnOfNewest(workspace, desired);
  const tenant = await openTenant(workspace, desired.facts.tenant);
  try {
    const { plan, tree, writer } = await planAgainst(workspace, tenant, desired, asked, options.keepLive);
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
  if (backups[0]?.commit !== desired.backup) return;
  const changed = await changedBackup(workspace, desired);
  const what =
    changed === undefined
      ? 'This is the newest backup; it'
      : `Commit ${desired.commit.slice(0, 7)} is not a backup: it stems from the newest one, and was changed since by a person or a merge. That backup`;
  const lines = backups.map(
    (backup) => `  ${backup.commit.slice(0, 7)}  ${minute(backup.captured.end)}  ${backup.subject}`,
  );
  workspace.surroundings.note(`${what} may hold the damage already. The last backups:\n${lines.join('\n')}`);
}

/**
 * Plans against the tenant as it is now. `keep`: what the last backup does not have is queued for git; otherwise only its
 * ids are computed.
 */
export async function planAgainst(
  workspace: Workspace,
  tenant: Tenant,
  desired: CommittedState,
  asked: AskedScope,
  keep: boolean,
) {
  const { repository, registry, surroundings } = workspace;
  const writer = repository.writer();
  const previous = await latestBackup(workspace);
  const live: LiveState = await readLive(workspace, tenant, {
    types: typesFor(workspace, provisionalScope(asked)),
    previous,
    desired,
    named: asksForNames(asked),
    ...(keep ? { write: (bytes: Buffer, id: ContentId) => writer.blob(bytes, id) } : {}),
  });
  const side = liveSide(live, desired);
  const scope = await settleScope(asked, { desired, live: side, read: live }, surroundings.note);
  const comparison = await compareStates(workspace, desired, side, scope);
  const tree = await writeState(workspace, writer, live, previous);
  const types = typesIn(workspace, scope);
  const backup = await changedBackup(workspace, desired);
  const content = assemblePlan(
    {
      tool: `knowngood ${TOOL_VERSION}`,
      tenant: tenant.id,
      requestedBy: await repository.identity(),
      desired: { commit: desired.commit, captured: desired.captured, ...(backup === undefined ? {} : { backup }) },
      live: { tree, captured: live.captured },
      schemas: registry.digest,
      coverage: { desired: coverageIn(desired.coverage, types), live: coverageIn(live.coverage, types) },
      scope,
      problems: [...(await missingProblems(workspace, desired, scope)), ...comparison.problems],
    },
    comparison.judgements,
    registry,
    (id) => comparison.names.get(id),
  );
  const isLimited = tenant.client.writeBudget?.() !== undefined;
  const least = isLimited ? leastTime(content.actions, registry) : undefined;
  const told = least === undefined ? content : { ...content, least };
  return { plan: identifyPlan(told, surroundings.clock()), live, tree, writer };
}

/** Commits a live state under the plan's ref, after the one that is there. */
export async function keepLive(workspace: Workspace, writer: ObjectWriter, plan: string, tree: string): Promise<void> {
  const { repository } = workspace;
  const ref = liveRef(plan);
  const before = await repository.ref(ref);
  const root = await writer.treeOf([['tenant-state', { mode: '040000', id: tree }]]);
  const message = `Live state ${before === undefined ? 'before' : 'after'} ${plan.slice(0, 12)}\n`;
  const commit = await writer.commit({ tree: root, parents: before === undefined ? [] : [before], message });
  await writer.flush();
  await repository.updateRefs([{ ref, to: commit, expected: before ?? null }], message.trim());
}
