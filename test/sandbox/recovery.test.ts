/** The lists of Microsoft's own backups and recoveries. */
import { describe, expect, it } from 'vitest';
import { errorOf, ids, type Json, seed, start } from './support.js';

describe('backups', () => {
  it('are there for seven days, with their times as ids', async () => {
    const sandbox = await start();
    const value = (await sandbox.get('/directory/recovery/snapshots')).body.value as Json[];
    expect(value.map((each) => each.createdDateTime)).toEqual(
      [20, 19, 18, 17, 16, 15, 14].map((day) => `2026-11-${day}T02:30:00Z`),
    );
    expect(value[0]?.id).toBe('MjAyNi0xMS0yMFQwMjozMDowMFo=');
    const one = await sandbox.get(`/directory/recovery/snapshots/${value[3]?.id}`);
    expect(one.body.createdDateTime).toBe('2026-11-17T02:30:00Z');
    expect((await sandbox.get('/directory/recovery/snapshots/eA==')).status).toBe(404);
    const last = (await sandbox.get('/directory/recovery/snapshots?$top=1')).body;
    expect([(last.value as Json[]).length, last['@odata.nextLink']]).toEqual([1, expect.stringContaining('skip=1')]);
    expect(await sandbox.all('/directory/recovery/snapshots?$top=3&$select=id')).toEqual(
      value.map(({ id }) => ({ id })),
    );
  });

  it('are not recovered by an application', async () => {
    const sandbox = await start();
    const answer = await sandbox.call('POST', '/directory/recovery/snapshots/eA==/recoveryJobs');
    expect(errorOf(answer)).toEqual([
      403,
      'Forbidden',
      'Authorization has been denied for this request. Check your credentials.',
    ]);
  });
});

describe('jobs', () => {
  it('are the changes that leave no trace in change tracking, also after a restart', async () => {
    const sandbox = await start();
    expect((await sandbox.get('/directory/recovery/jobs')).body.value).toEqual([]);
    const job = { 'x-knowngood-unrecorded': 'monday' };
    await sandbox.call('PATCH', `/users/${ids.ada}`, { city: 'Bonn' }, job);
    sandbox.advance(60_000);
    await sandbox.call('PATCH', `/users/${ids.ada}`, { city: 'Celle' }, job);
    await sandbox.call('DELETE', `/groups/${ids.security}/members/${ids.ada}/$ref`, undefined, job);
    const other = { 'x-knowngood-unrecorded': ids.bob };
    await sandbox.call('PATCH', `/users/${ids.bob}`, { city: 'Celle' }, other);
    const list = async (query = '') => (await sandbox.get(`/directory/recovery/jobs${query}`)).body.value as Json[];
    const jobs = await list();
    expect(jobs).toMatchObject([
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
    expect((await sandbox.get(`/directory/recovery/jobs/${jobs[1]?.id}`)).body).toMatchObject(jobs[1] as Json);
    expect(await list("?$filter=isof('microsoft.graph.entraRecoveryServices.recoveryPreviewJob')")).toEqual([]);
    expect(await list("?$filter=isof('microsoft.graph.entraRecoveryServices.recoveryJob')")).toEqual(jobs);
    expect(await list(`?$filter=id eq '${ids.bob}'`)).toHaveLength(1);
    await sandbox.close();
    const again = await start(seed, { dataDir: sandbox.dataDir });
    expect((await again.get('/directory/recovery/jobs')).body.value).toEqual(jobs);
    again.advance(8 * 24 * 3600 * 1000);
    expect((await again.get('/directory/recovery/jobs')).body.value).toEqual([]);
  });
});
