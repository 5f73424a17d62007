/** From result documents to exit codes. Pure. */

import { isComplete } from '../model/coverage.js';
import type { DoctorReport } from '../model/doctor.js';
import type { ApplyResult, DifferenceReport, SnapshotResult } from '../model/documents.js';
import type { Plan } from '../model/plan.js';
import { EXIT } from '../model/problem.js';
import type { ValidationReport } from '../model/validation.js';

/** What the exit codes of a command mean, for its help. */
export type ExitCodes = Readonly<Record<number, string>>;

/** The codes that every command has, and what is particular to one. */
export function exitCodes(particular: ExitCodes = {}): ExitCodes {
  return {
    [EXIT.done]: 'Done.',
    [EXIT.error]: 'An error, or a command line that makes no sense.',
    ...particular,
    [EXIT.interrupted]: 'Interrupted.',
  };
}

export const INCOMPLETE_READ = 'Part of the tenant could not be read: what is missing is unknown, not empty.';

export function exitOfSnapshot(result: SnapshotResult): number {
  return isComplete(result.coverage) ? EXIT.done : EXIT.incomplete;
}

/** Two recorded states are what they are; only a live read can be incomplete now. */
export function exitOfDifference(report: DifferenceReport, detailed: boolean): number {
  const read = report.live.kind === 'live' ? report.coverage.live : undefined;
  if (read !== undefined && !isComplete(read)) return EXIT.incomplete;
  return detailed && report.changes.length + report.blocked.length > 0 ? EXIT.differences : EXIT.done;
}

export function exitOfPlan(plan: Plan, detailed: boolean): number {
  if (!isComplete(plan.coverage.live)) return EXIT.incomplete;
  return detailed && plan.actions.length + plan.blocked.length > 0 ? EXIT.differences : EXIT.done;
}

/** Notes and warnings are no reason to stop a pipeline. */
export function exitOfValidation(report: ValidationReport): number {
  return report.counts.errors > 0 ? EXIT.error : EXIT.done;
}

/** What cannot be told is no reason to stop a pipeline, nor is a danger: what keeps backups or recoveries from working is. */
export function exitOfDoctor(report: DoctorReport): number {
  return report.counts.failed > 0 ? EXIT.error : EXIT.done;
}

export function exitOfApply(result: ApplyResult): number {
  return APPLY[result.status];
}

const APPLY: Readonly<Record<ApplyResult['status'], number>> = {
  complete: EXIT.done,
  incomplete: EXIT.incomplete,
  stale: EXIT.stale,
  interrupted: EXIT.interrupted,
};
