/** The story from beginning to end, as a person types it; an independent reader is the judge. Incidents about people and gates. */

import { beforeAll, describe, expect, it } from 'vitest';
import { compareTenants } from '../support/raw-reader.mjs';
import { writesIn } from '../support/scene.js';
import { countsOf, type Story, tell, tellAgain } from '../support/story.js';

const INCIDENTS: readonly (readonly [incident: string, counts: Readonly<Record<string, number>>])[] = [
  ['mass-disable', { update: 50 }],
  ['mass-delete', { restore: 30, link: 1 }],
  ['membership-purge', { link: 173 }],
  ['ca-tampered', { update: 6 }],
];

describe.each(INCIDENTS)('%s', (incident, counts) => {
  let story: Story;
  /** For what is particular to one incident. */
  const only = (name: string) => (incident === name ? it : () => undefined);

  beforeAll(async () => {
    story = await tell(incident);
    return () => story.remove();
  }, 240_000);

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
    expect(countsOf(story.plan)).toEqual(counts);
    const { summary } = story.plan;
    expect(plan.stdout).toMatch(
      new RegExp(`^Plan: ${summary.restore} to restore, 0 to recreate, ${summary.update} to `, 'm'),
    );
    // These had come back with the objects that had them: nobody added them.
    const back = story.plan.actions.filter((action) => 'conditional' in action).length;
    expect(apply.stdout.match(/(\d+) links? had come back with a restored object/)?.[1] ?? '0').toBe(String(back));
    expect(apply.stdout).toMatch(
      new RegExp(
        `^Apply complete! ${summary.restore} restored, 0 recreated, ${summary.update} updated, 0 soft-deleted; ${summary.link - back} links? added, 0 removed\\. 0 failed, 0 skipped\\.$`,
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

  it('is the same plan and the same recovery when deletes are allowed', async () => {
    const { codes, plan, recovered } = await tellAgain(story, incident, ['--allow-delete']);
    expect(codes).toEqual([0, 0, 0, 0]);
    expect(countsOf(plan)).toEqual(counts);
    expect(compareTenants(story.good, recovered)).toEqual([]);
  }, 240_000);

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
