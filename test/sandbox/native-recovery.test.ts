/** Native backup and recovery, as far as a client may look at it. */
import { describe, expect, it } from 'vitest';
import type { NativeJob } from '../../src/sandbox/native-jobs.js';
import { errorOf, ids, type Json, seed, start } from './support.js';

const root = '/directory/recovery';
const snapshotId = Buffer.from('2026-11-20T02:30:00Z').toString('base64');
const jobs: NativeJob[] = [
  {
    id: 'd3f8e7e8-7e87-4a7f-9d2c-c1c2d7e8e1f1',
    type: 'recoveryPreviewJob',
    status: 'calculating',
    targetStateDateTime: '2026-11-19T02:30:00Z',
    jobStartDateTime: '2026-11-20T11:00:00Z',
  },
  {
    id: '3f4a6b60-7c1e-4e7c-9c7b-13f8d44b20c4',
    status: 'successful',
    targetStateDateTime: '2026-11-20T02:30:00Z',
    jobStartDateTime: '2026-11-20T08:30:00Z',
    jobCompletionDateTime: '2026-11-20T09:30:00Z',
    totalObjectsModified: 1024,
  },
];
const withJobs = () => start(seed, { behaviour: { nativeJobs: jobs } });
const list = (body: Json) => body.value as Json[];

describe('snapshots', () => {
  it('are one for each of the last seven days, with the time as their id', async () => {
    const sandbox = await start();
    const found = list((await sandbox.get(`${root}/snapshots`)).body);
    expect(found).toHaveLength(7);
    expect(found[0]).toEqual({ id: snapshotId, createdDateTime: '2026-11-20T02:30:00Z', totalChangedObjects: 0 });
    expect(found[6]?.createdDateTime).toBe('2026-11-14T02:30:00Z');
    sandbox.advance(15 * 60 * 60 * 1000);
    expect(list((await sandbox.get(`${root}/snapshots?$top=1`)).body)[0]?.createdDateTime).toBe('2026-11-21T02:30:00Z');
  });

  it('are found by their id, with and without escaping, and not by any other', async () => {
    const sandbox = await start();
    for (const id of [snapshotId, encodeURIComponent(snapshotId)])
      expect((await sandbox.get(`${root}/snapshots/${id}`)).body.createdDateTime).toBe('2026-11-20T02:30:00Z');
    const other = Buffer.from('2026-11-20T02:31:00Z').toString('base64');
    expect(errorOf(await sandbox.get(`${root}/snapshots/${other}`))).toMatchObject([
      404,
      expect.anything(),
      expect.stringContaining("isn't a valid timestamp for recovery"),
    ]);
  });

  it('are as many as the switch says', async () => {
    const sandbox = await start(seed, { behaviour: { nativeSnapshots: 0 } });
    expect(list((await sandbox.get(`${root}/snapshots`)).body)).toEqual([]);
  });
});

describe('jobs', () => {
  it('are those of the switch, each with its type', async () => {
    const found = list((await (await withJobs()).get(`${root}/jobs`)).body);
    expect(found.map((job) => job['@odata.type'])).toEqual([
      '#microsoft.graph.entraRecoveryServices.recoveryPreviewJob',
      '#microsoft.graph.entraRecoveryServices.recoveryJob',
    ]);
    expect(found[1]).toMatchObject({ status: 'successful', totalObjectsModified: 1024, totalFailedChanges: 0 });
    expect(found[0]).not.toHaveProperty('totalObjectsModified');
  });

  it('tell the later members of their status to those who ask for them', async () => {
    const sandbox = await withJobs();
    const status = async (headers?: Record<string, string>) =>
      list((await sandbox.get(`${root}/jobs`, headers)).body)[0]?.status;
    expect(await status()).toBe('unknownFutureValue');
    expect(await status({ Prefer: 'include-unknown-enum-members' })).toBe('calculating');
  });

  it.each([
    ["isof('microsoft.graph.entraRecoveryServices.recoveryJob')", [1]],
    ["status eq 'successful'", [1]],
    ["status ne 'successful'", [0]],
    ['targetStateDateTime eq 2026-11-19T02:30:00Z', [0]],
  ])('are found by %s', async (filter, expected) => {
    const sandbox = await withJobs();
    const found = list((await sandbox.get(`${root}/jobs?$filter=${encodeURIComponent(filter)}`)).body);
    expect(found.map(({ id }) => id)).toEqual(expected.map((at) => jobs[at]?.id));
  });

  it('are also below their snapshots', async () => {
    const sandbox = await withJobs();
    const below = `${root}/snapshots/${snapshotId}`;
    expect(list((await sandbox.get(`${below}/recoveryJobs`)).body).map(({ id }) => id)).toEqual([jobs[1]?.id]);
    expect(list((await sandbox.get(`${below}/recoveryPreviewJobs`)).body)).toEqual([]);
    expect((await sandbox.get(`${below}/recoveryJobs/${jobs[1]?.id}`)).status).toBe(200);
    expect((await sandbox.get(`${root}/jobs/${jobs[0]?.id}`)).status).toBe(200);
    expect((await sandbox.get(`${root}/jobs/${jobs[0]?.id}x`)).status).toBe(404);
  });

  it('are not started by an application', async () => {
    const sandbox = await withJobs();
    for (const kind of ['recoveryJobs', 'recoveryPreviewJobs']) {
      const answer = await sandbox.call('POST', `${root}/snapshots/${snapshotId}/${kind}`, {});
      expect(errorOf(answer).slice(0, 2)).toEqual([403, 'Authorization_RequestDenied']);
    }
  });
});

describe('jobs of changes that change tracking does not tell', () => {
  it('are one for each name that the changes were made under, also after a restart, and for seven days', async () => {
    const sandbox = await start();
    const monday = { 'x-knowngood-unrecorded': 'monday' };
    await sandbox.call('PATCH', `/users/${ids.ada}`, { city: 'Bonn' }, monday);
    sandbox.advance(60_000);
    await sandbox.call('DELETE', `/groups/${ids.security}/members/${ids.ada}/$ref`, undefined, monday);
    await sandbox.call('PATCH', `/users/${ids.bob}`, { city: 'Celle' }, { 'x-knowngood-unrecorded': ids.bob });
    const found = list((await sandbox.get(`${root}/jobs`)).body);
    expect(found).toMatchObject([
      { id: ids.bob, totalObjectsModified: 1 },
      {
        '@odata.type': '#microsoft.graph.entraRecoveryServices.recoveryJob',
        status: 'successful',
        targetStateDateTime: '2026-11-20T02:30:00Z',
        jobStartDateTime: '2026-11-20T12:00:00Z',
        jobCompletionDateTime: '2026-11-20T12:01:00Z',
        totalObjectsModified: 2,
        totalLinksModified: 1,
        totalFailedChanges: 0,
      },
    ]);
    await sandbox.close();
    const again = await start(seed, { dataDir: sandbox.dataDir });
    expect(list((await again.get(`${root}/jobs`)).body)).toEqual(found);
    again.advance(8 * 24 * 3600 * 1000);
    expect(list((await again.get(`${root}/jobs`)).body)).toEqual([]);
  });
});
