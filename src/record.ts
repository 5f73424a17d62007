/** Records a recovery in git: plan, its review and its result, one commit on `recoveries` for each. */

import type { ApplyResult } from './model/documents.js';
import type { Plan } from './model/plan.js';
import { renderJson, renderPlan } from './report/index.js';
import type { TreeEntry } from './state/types.js';
import type { Workspace } from './workspace.js';

const RECOVERIES = 'refs/heads/recoveries';

/** Commits `recoveries/<plan-id>/{plan.json,plan.md,result.json}`; resolves to the commit. */
export async function recordRecovery(workspace: Workspace, plan: Plan, result: ApplyResult): Promise<string> {
  const { repository, surroundings } = workspace;
  const writer = repository.writer();
  const options = { format: 'markdown', color: false, width: 100, now: surroundings.clock() } as const;
  const files: Readonly<Record<string, string>> = {
    'plan.json': renderJson(plan),
    'plan.md': renderPlan(plan, options),
    'result.json': renderJson(result),
  };
  const entries: [string, TreeEntry][] = [];
  for (const [name, text] of Object.entries(files)) {
    entries.push([name, { mode: '100644', id: await writer.blob(Buffer.from(text, 'utf8')) }]);
  }
  const folder = await writer.treeOf(entries);
  const tip = await repository.ref(RECOVERIES);
  const entriesNow = tip === undefined ? [] : await repository.rootEntries(`${tip}:recoveries`);
  // A plan of which a part had failed may be applied again: its latest result takes the place of the one before.
  const recovered = new Map<string, TreeEntry>(entriesNow).set(plan.id, { mode: '040000', id: folder });
  const recoveries = await writer.treeOf(recovered);
  const commit = await writer.commit({
    tree: await writer.treeOf([['recoveries', { mode: '040000', id: recoveries }]]),
    parents: tip === undefined ? [] : [tip],
    message: messageOf(plan, result),
  });
  await writer.flush();
  await repository.updateRefs(
    [{ ref: RECOVERIES, to: commit, expected: tip ?? null }],
    `recovery ${plan.id.slice(0, 12)}`,
  );
  return commit;
}

function messageOf(plan: Plan, result: ApplyResult): string {
  const { counts } = result;
  const links = counts.linksAdded + counts.linksRemoved;
  const parts = [
    [counts.restored, 'restored'],
    [counts.updated, 'updated'],
    [counts.softDeleted, 'soft-deleted'],
    [links, links === 1 ? 'link' : 'links'],
    [counts.failed, 'failed'],
    [counts.skipped, 'skipped'],
  ] as const;
  const words = parts.filter(([count]) => count > 0).map(([count, word]) => `${count.toLocaleString('en-US')} ${word}`);
  const trailers = [
    `Knowngood-Plan: ${plan.id}`,
    `Knowngood-Tenant: ${plan.tenant}`,
    `Knowngood-Desired: ${plan.desired.commit}`,
    `Knowngood-Status: ${result.status}`,
  ];
  return `Recovery: ${words.join(', ') || 'nothing'}\n\n${trailers.join('\n')}\n`;
}
