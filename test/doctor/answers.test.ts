/** What the doctor makes of single answers of Graph. */

import { describe, expect, it } from 'vitest';
import { hardDeletionCheck, nativeBackupsCheck, nativeJobsCheck, policyBinCheck } from '../../src/doctor/protection.js';
import { kindCheck, licenceCheck, quotaCheck } from '../../src/doctor/tenant-checks.js';
import { createClient } from '../../src/graph/client.js';
import type { Check } from '../../src/model/doctor.js';

/** A client to a Graph that gives one answer, whatever it is asked at this path. */
function graph(path: string, status: number, body: object) {
  return createClient({
    root: 'https://graph.microsoft.com',
    token: async () => 'token',
    fetch: async (input) => {
      if (!String(input).startsWith(`https://graph.microsoft.com${path}`)) throw new Error(`asked at ${String(input)}`);
      return new Response(JSON.stringify(body), { status });
    },
  });
}

const denied = { error: { code: 'Authorization_RequestDenied', message: 'Insufficient privileges.' } };
const NOW = new Date('2026-11-20T14:30:00Z');

describe('the tenant', () => {
  it.each([
    ['AAD', 'ok'],
    ['CIAM', 'failed'],
    ['AAD B2C', 'failed'],
    ['Other', 'unknown'],
  ])('of kind %s is %s', (tenantType, status) => {
    expect(kindCheck({ value: { tenantType } })).toMatchObject({ status });
  });

  it.each([
    ['eec0eb4f-6444-4f95-aba0-50c24d67f998', 'Enabled', 'ok', 'P2'],
    ['41781fb2-bc02-4b7c-bd55-b576c07bb09d', 'Warning', 'ok', 'P1'],
    ['eec0eb4f-6444-4f95-aba0-50c24d67f998', 'Deleted', 'warning', '7 days'],
  ])('with the plan %s (%s) is %s', (servicePlanId, capabilityStatus, status, words) => {
    const check = licenceCheck({ value: { assignedPlans: [{ servicePlanId, capabilityStatus }] } });
    expect(check).toMatchObject({ status, message: expect.stringContaining(words) });
  });

  it.each([
    [{ used: 211_802, total: 300_000 }, 'ok'],
    [{ used: 290_000, total: 300_000 }, 'warning'],
  ])('with %o objects is %s', async (directorySizeQuota, status) => {
    const client = graph('/beta/organization', 200, { value: [{ id: 't', directorySizeQuota }] });
    expect(await quotaCheck(client)).toMatchObject({ status });
  });
});

describe('protection', () => {
  const job = (more: object) => ({
    '@odata.type': '#microsoft.graph.entraRecoveryServices.recoveryJob',
    status: 'successful',
    jobStartDateTime: '2026-11-19T08:30:00Z',
    targetStateDateTime: '2026-11-18T02:30:00Z',
    totalFailedChanges: 0,
    ...more,
  });
  const running = job({ status: 'running', jobStartDateTime: '2026-11-20T08:30:00Z' });
  type Ask = (client: ReturnType<typeof graph>) => Promise<Check>;
  const asks: Readonly<Record<string, readonly [path: string, ask: Ask]>> = {
    action: ['/beta/roleManagement', hardDeletionCheck],
    backups: ['/v1.0/directory/recovery/snapshots', (client) => nativeBackupsCheck(client, NOW)],
    jobs: ['/v1.0/directory/recovery/jobs', nativeJobsCheck],
    bin: ['/v1.0/identity/conditionalAccess/deletedItems', (client) => policyBinCheck(client, 'global')],
    'bin in China': ['/v1.0/identity/conditionalAccess/deletedItems', (client) => policyBinCheck(client, 'china')],
  };

  it.each<[string, string, readonly object[] | number, string]>([
    ['action', 'that is guarded', [{ authenticationContextId: 'c1' }], 'ok'],
    ['action', 'that is not', [{ authenticationContextId: null }], 'warning'],
    ['action', 'that is not told', 403, 'unknown'],
    ['backups', 'of today', [{ createdDateTime: '2026-11-20T02:30:00Z' }], 'ok'],
    ['backups', 'that are old', [{ createdDateTime: '2026-11-10T02:30:00Z' }], 'warning'],
    ['backups', 'that are not there', [], 'warning'],
    ['jobs', 'that succeeded', [job({})], 'ok'],
    ['jobs', 'that failed in part', [job({ totalFailedChanges: 3 })], 'warning'],
    ['jobs', 'of which the latest is running', [job({}), running], 'warning'],
    ['jobs', 'that are not there', [], 'ok'],
    ['jobs', 'that may not be seen', 403, 'unknown'],
    ['bin', 'with a policy in it', [{ id: 'p' }], 'ok'],
    ['bin', 'that may not be seen', 403, 'unknown'],
    ['bin in China', 'that is not there', 400, 'warning'],
  ])('%s %s', async (name, _, reply, status) => {
    const [path, ask] = asks[name] as (typeof asks)[string];
    const body = typeof reply === 'number' ? denied : { value: reply };
    const check = await ask(graph(path, typeof reply === 'number' ? reply : 200, body));
    expect(check).toMatchObject({ status });
    expect(check.remedy === undefined).toBe(status === 'ok');
  });
});
