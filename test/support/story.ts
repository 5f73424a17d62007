/** The story of one incident, from the first backup to the last comparison, as a person types it. */

import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DifferenceReport } from '../../src/model/documents.js';
import type { Plan } from '../../src/model/plan.js';
import { openSandbox } from '../../src/sandbox/index.js';
import { type CliResult, runCli } from '../cli/run-cli.js';
import { readTenant, type TenantDump } from './raw-reader.mjs';
import { gitIn, type LoggedRequest, requestLog, temporary } from './scene.js';

/** What one command came to, and what it asked of the tenant. */
export interface Step extends CliResult {
  readonly requests: readonly LoggedRequest[];
}

export interface Story {
  readonly root: string;
  /** What became of each command, in the order in which they were typed. */
  readonly steps: Readonly<Record<'first' | 'second' | 'diff' | 'plan' | 'apply' | 'after' | 'again' | 'last', Step>>;
  /** Trees of the first two backups. */
  readonly trees: readonly string[];
  /** The backup that the plan goes back to. */
  readonly head: string;
  readonly good: TenantDump;
  readonly damaged: TenantDump;
  readonly recovered: TenantDump;
  readonly plan: Plan;
  /** What the comparison after the recovery says. */
  readonly left: DifferenceReport;
  remove(): void;
}

/** Tells it; `flags` are those of diff and plan. */
export async function tell(incident: string, flags: readonly string[] = []): Promise<Story> {
  const outside = temporary();
  const root = join(outside, 'acme');
  await runCli(['init', 'acme', '--tenant', 'sandbox', '--users', '60'], { cwd: outside });
  const { run, dump } = tellerIn(root);
  const treeOf = () => gitIn(root, 'rev-parse', 'HEAD:tenant-state');
  const first = await run('snapshot');
  const trees = [treeOf()];
  const second = await run('snapshot');
  trees.push(treeOf());
  const head = gitIn(root, 'rev-parse', 'HEAD');
  const good = await dump();
  await run('sandbox', 'incident', incident);
  const damaged = await dump();
  const diff = await run('diff', '--detailed-exitcode', ...flags);
  const plan = await run('plan', '--to', 'HEAD', '-o', 'plan.json', ...flags);
  const apply = await run('apply', 'plan.json');
  const after = await run('diff', '--detailed-exitcode', ...flags);
  const left = await run('diff', '--json', ...flags);
  const recovered = await dump();
  const again = await run('apply', 'plan.json');
  const last = await run('snapshot');
  return {
    root,
    steps: { first, second, diff, plan, apply, after, again, last },
    trees,
    head,
    good,
    damaged,
    recovered,
    plan: planIn(root),
    left: JSON.parse(left.stdout) as DifferenceReport,
    remove: () => rmSync(outside, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** The same incident once more, for a tenant that was recovered completely, undone with other flags. */
export async function tellAgain(
  { root }: Story,
  incident: string,
  flags: readonly string[],
): Promise<Pick<Story, 'plan' | 'recovered'> & { readonly codes: readonly (number | null)[] }> {
  const { run, dump } = tellerIn(root);
  const steps = [
    await run('sandbox', 'incident', incident),
    await run('plan', '--to', 'HEAD', '-o', 'plan.json', ...flags),
    await run('apply', 'plan.json'),
    await run('diff', '--detailed-exitcode', ...flags),
  ];
  return { codes: steps.map(({ code }) => code), plan: planIn(root), recovered: await dump() };
}

/** Types commands in a repository, and reads its sandbox. */
function tellerIn(root: string) {
  const dataDir = join(root, '.knowngood', 'sandbox');
  const since = requestLog(dataDir);
  const run = async (...args: string[]): Promise<Step> => {
    const result = await runCli(args, { cwd: root });
    return { ...result, requests: since() };
  };
  const dump = async (): Promise<TenantDump> => {
    const sandbox = await openSandbox({ dataDir });
    const tenant = await readTenant(sandbox.url);
    await sandbox.close();
    since();
    return tenant;
  };
  return { run, dump };
}

function planIn(root: string): Plan {
  return JSON.parse(readFileSync(join(root, 'plan.json'), 'utf8')) as Plan;
}

/** The counts of a plan without those that are zero. */
export function countsOf({ summary }: Pick<Plan, 'summary'>): Record<string, number> {
  return Object.fromEntries(Object.entries(summary).filter(([, count]) => count > 0));
}
