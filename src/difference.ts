/** The difference report: live, or a commit, compared with a commit. */

import { compareStates } from './comparison.js';
import { openTenant } from './connection.js';
import type { DifferenceReport, ReportedChange } from './model/documents.js';
import { byCodeUnit } from './model/object.js';
import type { Scope } from './model/plan.js';
import { Failure } from './model/problem.js';
import type { Judgement } from './plan/judge.js';
import { assemblePlan, type PlanFrame } from './plan/plan.js';
import { leafDifferences } from './report/leaves.js';
import { coverageIn, refuseUnknownTargets, type ScopeRequest, scopeOf, typesFor, typesIn } from './scope.js';
import { type CommittedState, type ComparedState, latestBackup, liveSide, readLive, stateAt } from './states.js';
import type { Workspace } from './workspace.js';

/** Compares with the live tenant, or with another revision when `live` is given; the default is the newest backup. */
export async function difference(
  workspace: Workspace,
  options: { readonly desired?: string; readonly live?: string; readonly scope: ScopeRequest },
): Promise<DifferenceReport> {
  const scope = scopeOf(workspace, options.scope);
  const desired = await desiredState(workspace, options.desired);
  if (options.live !== undefined) {
    const live = await stateAt(workspace, options.live);
    return reportOf(workspace, desired, live, scope, desired.facts.tenant);
  }
  const tenant = await openTenant(workspace, desired.facts.tenant);
  try {
    const previous = await latestBackup(workspace);
    const live = await readLive(workspace, tenant, { types: typesFor(workspace, scope), previous, desired });
    return await reportOf(workspace, desired, liveSide(live, desired), scope, tenant.id);
  } finally {
    await tenant.close();
  }
}

async function desiredState(workspace: Workspace, revision: string | undefined): Promise<CommittedState> {
  if (revision !== undefined) return stateAt(workspace, revision);
  const latest = await latestBackup(workspace);
  if (latest !== undefined) return latest;
  throw new Failure({
    code: 'KG133',
    message: 'There is no backup yet.',
    where: workspace.root,
    remedy: 'Take one with `knowngood snapshot`.',
  });
}

async function reportOf(
  workspace: Workspace,
  desired: CommittedState,
  live: ComparedState,
  scope: Scope,
  tenant: string,
): Promise<DifferenceReport> {
  refuseUnknownTargets(scope, desired.ids, live.ids);
  const comparison = await compareStates(workspace, desired, live, scope);
  const types = typesIn(workspace, scope);
  const plan = assemblePlan(FRAME, comparison.judgements, workspace.registry, (id) => comparison.names.get(id));
  const acted = comparison.judgements.filter(
    (judgement) => judgement.action !== undefined || judgement.links.length > 0,
  );
  return {
    format: 1,
    kind: 'difference-report',
    tenant,
    desired: desired.reference,
    live: live.reference,
    coverage: {
      desired: coverageIn(desired.coverage, types),
      ...(live.coverage === undefined ? {} : { live: coverageIn(live.coverage, types) }),
    },
    scope,
    summary: plan.summary,
    changes: acted.map(reportedChange),
    blocked: plan.blocked,
    kept: plan.kept,
    problems: plan.problems,
    names: Object.fromEntries([...comparison.names].sort(([a], [b]) => byCodeUnit(a, b))),
  };
}

const NOTHING_READ = { types: {}, gaps: [], unrecognised: [] };
const NEVER = { start: '', end: '' };

/** The parts of a plan that a difference report says in its own way. */
const FRAME: PlanFrame = {
  tool: '',
  tenant: '',
  requestedBy: '',
  desired: { commit: '', captured: NEVER },
  live: { tree: '', captured: NEVER },
  schemas: '',
  coverage: { desired: NOTHING_READ, live: NOTHING_READ },
  scope: { types: [], targets: [], allowDelete: [] },
  problems: [],
};

/** A restore shows the object alone: what else to set is judged after it came back. */
function reportedChange(judgement: Judgement): ReportedChange {
  const { change, action, set, links } = judgement;
  return {
    object: change.object,
    label: change.label,
    action: action ?? 'links',
    values: action === 'restore' ? [] : set.flatMap((value) => leafDifferences(value.path, value.live, value.desired)),
    links,
  };
}
