/** What else protects the tenant: a guard before hard deletion, and Microsoft's own backups. */

import type { GraphClient } from '../graph/types.js';
import type { Check } from '../model/doctor.js';
import {
  askForAll,
  nativeJobsQuestion,
  nativeSnapshotsQuestion,
  policyBinQuestion,
  protectedActionQuestion,
  textIn,
  whereDenied,
} from './questions.js';

/** "Protected actions in Microsoft Entra ID": an authentication context that deleting for good asks for. */
export async function hardDeletionCheck(client: GraphClient): Promise<Check> {
  const base = { id: 'protection.hard-deletion', area: 'protection', title: 'Hard deletion' } as const;
  const actions = await askForAll(client, protectedActionQuestion);
  const action = 'value' in actions ? actions.value[0] : undefined;
  if (action === undefined) {
    const why = 'why' in actions ? actions.why : 'Graph does not list the action';
    return {
      ...base,
      status: 'unknown',
      message: `Whether deleting for good is a protected action is not known: ${why}.`,
      ...('why' in actions ? whereDenied(actions, 'Grant RoleManagement.Read.Directory to see it.') : {}),
    };
  }
  const context = textIn(action, 'authenticationContextId');
  if (context !== undefined) {
    return {
      ...base,
      status: 'ok',
      message: `Whoever deletes for good must satisfy the authentication context ${context}.`,
    };
  }
  return {
    ...base,
    status: 'warning',
    message: 'Every administrator can empty the recycle bin, and what is gone from there cannot be restored.',
    remedy:
      'Make microsoft.directory/deletedItems/delete a protected action, with a policy that asks for strong authentication.',
  };
}

/** Where there is no bin, a policy that was deleted cannot be restored. */
export async function policyBinCheck(client: GraphClient, cloud: string): Promise<Check> {
  const base = { id: 'protection.policy-bin', area: 'protection', title: 'Deleted policies' } as const;
  const deleted = await askForAll(client, policyBinQuestion);
  if ('value' in deleted) {
    const count = deleted.value.length;
    const now = count === 0 ? 'none' : count === 1 ? '1 policy' : `${count} policies`;
    return { ...base, status: 'ok', message: `Conditional Access has a recycle bin, with ${now} in it now.` };
  }
  if (!deleted.denied && cloud !== 'global') {
    return {
      ...base,
      status: 'warning',
      message: 'This cloud has no recycle bin for Conditional Access: a policy that is deleted cannot be restored.',
      remedy: 'Disable policies rather than deleting them; a backup still shows what a deleted one was.',
    };
  }
  return {
    ...base,
    status: 'unknown',
    message: `Whether Conditional Access has a recycle bin is not known: ${deleted.why}.`,
    ...whereDenied(deleted, 'Grant Policy.Read.All to see it.'),
  };
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Microsoft Entra Backup and Recovery takes one backup a day. */
export async function nativeBackupsCheck(client: GraphClient, now: Date): Promise<Check> {
  const base = { id: 'protection.native-backups', area: 'protection', title: 'Native backups' } as const;
  const snapshots = await askForAll(client, nativeSnapshotsQuestion);
  if ('why' in snapshots) {
    return {
      ...base,
      status: 'unknown',
      message: `Whether Microsoft takes backups is not known: ${snapshots.why}.`,
      ...whereDenied(snapshots, SEE_THEM),
    };
  }
  const times = snapshots.value.flatMap((snapshot) => textIn(snapshot, 'createdDateTime') ?? []).sort();
  const newest = times.at(-1);
  if (newest === undefined) {
    return {
      ...base,
      status: 'warning',
      message: 'Microsoft has none of this tenant.',
      remedy: 'They need P1 or P2; they begin by themselves.',
    };
  }
  const message = `Microsoft has ${times.length}, from ${minuteOf(times[0] as string)} to ${minuteOf(newest)}.`;
  const isOld = now.getTime() - Date.parse(newest) > 2 * DAY_MS;
  return isOld
    ? {
        ...base,
        status: 'warning',
        message: `${message} The newest is older than two days.`,
        remedy: 'Look at Backup and recovery in the admin center: there should be one every day.',
      }
    : { ...base, status: 'ok', message };
}

/** A recovery by Microsoft's product leaves no trace in delta queries: it must be known of. */
export async function nativeJobsCheck(client: GraphClient): Promise<Check> {
  const base = { id: 'protection.native-recovery', area: 'protection', title: 'Native recoveries' } as const;
  const jobs = await askForAll(client, nativeJobsQuestion);
  if ('why' in jobs)
    return {
      ...base,
      status: 'unknown',
      message: `Whether Microsoft's product recovers anything is not known: ${jobs.why}.`,
      ...whereDenied(jobs, SEE_THEM),
    };
  const latest = jobs.value
    .filter((job) => textIn(job, '@odata.type')?.endsWith('.recoveryJob') === true)
    .sort((a, b) => ((textIn(a, 'jobStartDateTime') ?? '') < (textIn(b, 'jobStartDateTime') ?? '') ? 1 : -1))[0];
  if (latest === undefined) return { ...base, status: 'ok', message: 'None was started in the last days.' };
  const status = textIn(latest, 'status') ?? 'unknown';
  const failed = typeof latest.totalFailedChanges === 'number' ? latest.totalFailedChanges : 0;
  const running = !FINISHED.has(status);
  const message = `The latest one was started at ${minuteOf(textIn(latest, 'jobStartDateTime') ?? '')}, to ${minuteOf(
    textIn(latest, 'targetStateDateTime') ?? '',
  )}: ${status}${failed > 0 ? `, ${failed} changes failed` : ''}.`;
  if (!running && status === 'successful' && failed === 0) return { ...base, status: 'ok', message };
  return {
    ...base,
    status: 'warning',
    message,
    remedy: running
      ? 'Wait for its end before you plan or apply anything: both would work on the same objects.'
      : 'Compare with a backup: `knowngood diff`.',
  };
}

const FINISHED = new Set(['successful', 'failed', 'abandoned']);
const SEE_THEM = 'Grant EntraBackup.Read.All to see them.';

function minuteOf(time: string): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime())
    ? time || 'an unknown time'
    : `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
