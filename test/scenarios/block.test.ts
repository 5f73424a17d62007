/** The story from beginning to end, as a person types it, for every incident; an independent reader is the judge. */

import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan.js';
import { openSandbox } from '../../src/sandbox/index.js';
import { type CliResult, runCli } from '../cli/run-cli.js';
import { compareTenants, readTenant, type TenantDump } from '../support/raw-reader.mjs';
import { gitIn, type LoggedRequest, requestLog, temporary, writesIn } from '../support/scene.js';

/** What one command came to, and what it asked of the tenant. */
interface Step extends CliResult {
  readonly requests: readonly LoggedRequest[];
}

interface Story {
  readonly steps: Readonly<Record<'first' | 'second' | 'diff' | 'plan' | 'apply' | 'again' | 'after', Step>>;
  readonly trees: readonly string[];
  readonly head: string;
  readonly good: TenantDump;
  readonly damaged: TenantDump;
  readonly recovered: TenantDump;
  readonly plan: Plan;
}

async function tell(outside: string, incident: string): Promise<Story> {
  const root = join(outside, 'acme');
  const dataDir = join(root, '.knowngood', 'sandbox');
  await runCli(['init', 'acme', '--tenant', 'sandbox', '--users', '60'], { cwd: outside });
  const since = requestLog(dataDir);
  const trees: string[] = [];
  const run = async (...args: string[]): Promise<Step> => {
    const result = await runCli(args, { cwd: root });
    return { ...result, requests: since() };
  };
  const dump = async () => {
    const sandbox = await openSandbox({ dataDir });
    const tenant = await readTenant(sandbox.url);
    await sandbox.close();
    since();
    return tenant;
  };
  const first = await run('snapshot');
  trees.push(gitIn(root, 'rev-parse', 'HEAD:tenant-state'));
  const second = await run('snapshot');
  trees.push(gitIn(root, 'rev-parse', 'HEAD:tenant-state'));
  const good = await dump();
  await run('sandbox', 'incident', incident);
  const damaged = await dump();
  const diff = await run('diff', '--detailed-exitcode');
  const plan = await run('plan', '--to', 'HEAD', '-o', 'plan.json');
  const apply = await run('apply', 'plan.json');
  const after = await run('diff', '--detailed-exitcode');
  const recovered = await dump();
  const again = await run('apply', 'plan.json');
  return {
    steps: { first, second, diff, plan, apply, again, after },
    trees,
    head: gitIn(root, 'rev-parse', 'HEAD'),
    good,
    damaged,
    recovered,
    plan: JSON.parse(readFileSync(join(root, 'plan.json'), 'utf8')) as Plan,
  };
}

describe.each(['mass-disable', 'mass-delete', 'membership-purge', 'ca-tampered'])('%s', (incident) => {
  let story: Story;
  /** For what is particular to one incident. */
  const only = (name: string) => (incident === name ? it : () => undefined);

  beforeAll(async () => {
    const outside = temporary();
    story = await tell(outside, incident);
    return () => rmSync(outside, { recursive: true, force: true, maxRetries: 5 });
  }, 120_000);

  it('two backups of an unchanged tenant are the same tree', () => {
    expect([story.steps.first.code, story.steps.second.code]).toEqual([0, 0]);
    expect(story.trees[0]).toMatch(/^[0-9a-f]{40}$/);
    expect(story.trees[1]).toBe(story.trees[0]);
    expect(story.steps.second.stdout).toContain('no changes');
  });

  it('is found by diff, planned, and undone, with the exit codes that say so', () => {
    const { diff, plan, apply, after } = story.steps;
    expect(compareTenants(story.good, story.damaged)).not.toEqual([]);
    expect([diff.code, plan.code, apply.code, after.code]).toEqual([2, 0, 0, 0]);
    const { restore, update, link, blocked } = story.plan.summary;
    expect(restore + update + link).toBeGreaterThan(0);
    expect(blocked).toBe(0);
    const { summary } = story.plan;
    expect(plan.stdout).toMatch(
      new RegExp(`^Plan: ${summary.restore} to restore, 0 to recreate, ${summary.update} to `, 'm'),
    );
    expect(apply.stdout).toMatch(
      new RegExp(
        `^Apply complete! ${summary.restore} restored, 0 recreated, ${summary.update} updated, 0 soft-deleted; ${summary.link} links? added, 0 removed\\. 0 failed, 0 skipped\\.$`,
        'm',
      ),
    );
  });

  it('the last diff says that there are no changes, and which backup it is', () => {
    expect(story.steps.after.stdout.split('\n')).toContain(
      `No changes. The live tenant matches ${story.head.slice(0, 7)}.`,
    );
  });

  it('brings every value and membership back, and touches nothing else', () => {
    expect(compareTenants(story.good, story.recovered)).toEqual([]);
  });

  it('snapshot, diff and plan only read', () => {
    const { first, second, diff, plan, after } = story.steps;
    for (const { requests } of [first, second, diff, plan, after]) {
      expect(requests.length).toBeGreaterThan(0);
      expect(writesIn(requests)).toEqual([]);
    }
  });

  it('asks first of all whose tenant it is', () => {
    for (const { requests } of Object.values(story.steps)) {
      expect(requests[0]).toMatchObject({ method: 'GET', url: '/v1.0/organization?$select=id' });
    }
  });

  it('a second apply of the plan writes nothing and exits with 5', () => {
    expect(story.steps.again.code).toBe(5);
    expect(writesIn(story.steps.again.requests)).toEqual([]);
  });

  it('no request of an apply was refused, none purges, and a membership is removed by its reference only', () => {
    const writes = writesIn(story.steps.apply.requests);
    expect(writes.length).toBeGreaterThan(0);
    expect(writes.filter((write) => write.status >= 400)).toEqual([]);
    const deletes = writes.filter((write) => write.method === 'DELETE');
    expect(deletes.filter((write) => !write.url.endsWith('/$ref'))).toEqual([]);
  });

  only('mass-disable')('every disabled user is enabled by one request that says nothing else', () => {
    const enabled = Object.entries(story.good.users ?? {}).filter(
      ([id, user]) => user.accountEnabled === true && story.damaged.users?.[id]?.accountEnabled === false,
    );
    expect(enabled.length).toBeGreaterThan(30);
    const writes = writesIn(story.steps.apply.requests);
    expect(writes.map(({ method, url, body }) => ({ method, url, body }))).toEqual(
      expect.arrayContaining(
        enabled.map(([id]) => ({ method: 'PATCH', url: `/v1.0/users/${id}`, body: { accountEnabled: true } })),
      ),
    );
    expect(writes).toHaveLength(enabled.length);
  });

  only('mass-delete')('what was deleted comes back under its own id by one restore each', () => {
    const writes = writesIn(story.steps.apply.requests);
    const restores = writes.filter((write) => write.method === 'POST');
    expect(restores.length).toBe(story.plan.summary.restore);
    expect(restores.filter((write) => !write.url.endsWith('/restore'))).toEqual([]);
  });
});
