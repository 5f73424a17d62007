/** The difference report: live, or a commit, compared with a commit. */

import { type AskedScope, askedScope, asksForNames, provisionalScope, type ScopeRequest } from './asked.js';
import { compareStates } from './comparison.js';
import { openTenant } from './connection.js';
import { missingProblems } from './missing.js';
import type { DifferenceReport, ReportedChange } from './model/documents.js';
import { byCodeUnit, idOf, typeOf } from './model/object.js';
import { Failure } from './model/problem.js';
import type { Judgement } from './plan/judge.js';
import { assemblePlan, type PlanFrame } from './plan/plan.js';
import { leafDifferences } from './report/leaves.js';
import { coverageIn, typesFor, typesIn } from './scope.js';
import { type CommittedState, latestBackup, liveSide, readLive, stateAt } from './states.js';
import { type Sides, settleScope } from './targets.js';
import type { Workspace } from './workspace.js';

/** Compares with the live tenant, or with another revision when `live` is given; the default is the newest backup. */
export async function difference(
  workspace: Workspace,
  options: { readonly desired?: string; readonly live?: string; readonly scope: ScopeRequest },
): Promise<DifferenceReport> {
  const asked = askedScope(workspace, options.scope);
  const desired = await desiredState(workspace, options.desired);
  if (options.live !== undefined) {
    const live = await stateAt(workspace, options.live);
    return reportOf(workspace, desired, { live }, asked, desired.facts.tenant);
  }
  const tenant = await openTenant(workspace, desired.facts.tenant);
  try {
    const previous = await latestBackup(workspace);
    const types = typesFor(workspace, provisionalScope(asked));
    const read = await readLive(workspace, tenant, { types, previous, desired, named: asksForNames(asked) });
    const report = await reportOf(workspace, desired, { live: liveSide(read, desired), read }, asked, tenant.id);
    if (options.desired === undefined && report.changes.length + report.blocked.length === 0) noteNewest(workspace);
    return report;
  } finally {
    await tenant.close();
  }
}

/** Nobody asked for the newest backup by its name: what it holds already is no difference. */
function noteNewest({ surroundings }: Workspace): void {
  surroundings.note(
    'Compared with the newest backup, which may hold damage already; "knowngood backups" lists others.',
  );
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
  { live, read }: Omit<Sides, 'desired'>,
  asked: AskedScope,
  tenant: string,
): Promise<DifferenceReport> {
  const sides: Sides = read === undefined ? { desired, live } : { desired, live, read };
  const scope = await settleScope(asked, sides, workspace.surroundings.note);
  const comparison = await compareStates(workspace, desired, live, scope);
  const types = typesIn(workspace, scope);
  const missing = await missingProblems(workspace, desired, scope);
  const frame = { ...FRAME, problems: [...missing, ...comparison.problems] };
  const plan = assemblePlan(frame, comparison.judgements, workspace.registry, (id) => comparison.names.get(id));
  const acted = comparison.judgements.filter(
    (judgement) => judgement.action !== undefined || judgement.links.length > 0 || judgement.edge !== undefined,
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
    changes: byObject(acted.map((judgement) => reportedChange(judgement, comparison.names))),
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
  scope: { types: [], targets: [], exclude: [], allowDelete: [] },
  problems: [],
};

/** What is said of one object in one place: an edge is a link of its owner, which may have differences of its own. */
function byObject(changes: readonly ReportedChange[]): ReportedChange[] {
  const merged = new Map<string, ReportedChange>();
  for (const change of changes) {
    const known = merged.get(change.object);
    merged.set(change.object, known === undefined ? change : together(known, change));
  }
  return [...merged.values()].sort((a, b) => byCodeUnit(a.object, b.object));
}

function together(a: ReportedChange, b: ReportedChange): ReportedChange {
  const links = new Map(a.links.map((link) => [link.link, link]));
  for (const link of b.links) {
    const known = links.get(link.link);
    const add = [...(known?.add ?? []), ...link.add].sort(byCodeUnit);
    const remove = [...(known?.remove ?? []), ...link.remove].sort(byCodeUnit);
    links.set(link.link, { link: link.link, add, remove });
  }
  const own = a.action === 'links' ? b : a;
  return { ...own, values: [...a.values, ...b.values], links: [...links.values()] };
}

/** A restore shows the object alone: what else to set is judged after it came back. */
function reportedChange(judgement: Judgement, names: ReadonlyMap<string, string>): ReportedChange {
  const { change, action, set, links, edge } = judgement;
  if (edge !== undefined) {
    const target = [idOf(change.object)];
    const link = { link: typeOf(change.object), add: [] as string[], remove: [] as string[] };
    const label = names.get(idOf(edge.owner)) ?? idOf(edge.owner);
    const moved = edge.action === 'link' ? { ...link, add: target } : { ...link, remove: target };
    return { object: edge.owner, label, action: 'links', values: [], links: [moved] };
  }
  return {
    object: change.object,
    label: change.label,
    action: action ?? 'links',
    values: action === 'restore' ? [] : set.flatMap((value) => leafDifferences(value.path, value.live, value.desired)),
    links,
  };
}
