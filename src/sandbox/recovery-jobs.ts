/**
 * Jobs of Microsoft Entra Backup and Recovery that the sandbox did not run, but shows for changes that change tracking does
 * not tell: those made with the header `x-knowngood-unrecorded`, one job for each value of it.
 */
import { guidOf } from './guid.js';
import type { ChangeRecord } from './store.js';
import { isGuid } from './validate.js';

export interface RecoveryJob {
  readonly id: string;
  /** UTC, ISO 8601: when the first and the last change were made. */
  readonly started: string;
  readonly ended: string;
  readonly objects: ReadonlySet<string>;
  readonly links: number;
}

export interface RecoveryJobs {
  /** In the order they started. */
  all(): readonly RecoveryJob[];
  /** Counts a change of the job that the record names. */
  note(record: ChangeRecord): void;
}

/** Starts without jobs; they follow from the log. */
export function createRecoveryJobs(): RecoveryJobs {
  const jobs = new Map<string, { id: string; started: string; ended: string; objects: Set<string>; links: number }>();
  return {
    all: () => [...jobs.values()],
    note(record) {
      const name = String(record.unrecorded);
      const job = jobs.get(name) ?? {
        id: isGuid(name) ? name.toLowerCase() : guidOf(`recovery job ${name}`),
        started: record.at,
        ended: record.at,
        objects: new Set<string>(),
        links: 0,
      };
      jobs.set(name, job);
      job.ended = record.at;
      job.objects.add(String(record.op === 'create' ? record.object.id : record.id).toLowerCase());
      if (record.op === 'update') job.links += (record.add?.length ?? 0) + (record.remove?.length ?? 0);
    },
  };
}
