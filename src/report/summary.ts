/** Frozen lines: people and scripts look for them. Numbers are without separators, nothing is inflected. */

import type { ApplyResult, SnapshotChanges, StateReference } from '../model/documents.js';
import type { PlanSummary, Scope } from '../model/plan.js';
import { shortCommit, thousands } from './words.js';

function planned(summary: PlanSummary): string {
  return (
    `${summary.restore} to restore, ${summary.recreate} to recreate, ${summary.update} to update, ` +
    `${summary.softDelete} to soft-delete; ${summary.link} links to add, ${summary.unlink} to remove. ` +
    `${summary.blocked} blocked, ${summary.kept} kept.`
  );
}

export function planLine(summary: PlanSummary): string {
  return `Plan: ${planned(summary)}`;
}

export function differenceLine(summary: PlanSummary): string {
  return `Differences: ${planned(summary)}`;
}

/** For two sides of which everything was read. */
export function noChangesLine(desiredCommit: string, live: StateReference, scope: Scope): string {
  const matches = `matches ${shortCommit(desiredCommit)}.`;
  const side = live.commit === undefined ? undefined : shortCommit(live.commit);
  if (scope.types.length + scope.targets.length + scope.exclude.length === 0)
    return `No changes. ${side ?? 'The live tenant'} ${matches}`;
  return `No changes in this scope: there, ${side ?? 'the live tenant'} ${matches}`;
}

/** For sides of which something is not known: whether they match is not known either. */
export function noChangesReadLine(desiredCommit: string): string {
  return `No changes in what was read. Whether everything matches ${shortCommit(desiredCommit)} is not known.`;
}

const APPLIED: Readonly<Record<ApplyResult['status'], string>> = {
  complete: 'Apply complete!',
  incomplete: 'Apply incomplete.',
  stale: 'Nothing was applied: the plan is stale.',
  interrupted: 'Apply interrupted.',
};

export function applyLine(result: ApplyResult): string {
  const { counts } = result;
  return (
    `${APPLIED[result.status]} ${counts.restored} restored, ${counts.recreated} recreated, ${counts.updated} updated, ` +
    `${counts.softDeleted} soft-deleted; ${counts.linksAdded} links added, ${counts.linksRemoved} removed. ` +
    `${counts.failed} failed, ${counts.skipped} skipped.`
  );
}

/** What a backup changed, as in the subject of its commit: `4,800 updated, 3 added, 1 soft-deleted`. */
export function changesPhrase(changes: SnapshotChanges): string {
  const parts: readonly (readonly [number, string])[] = [
    [changes.updated, 'updated'],
    [changes.added, 'added'],
    [changes.softDeleted, 'soft-deleted'],
    [changes.restored, 'restored'],
    [changes.removed, 'removed'],
    [changes.linksAdded, changes.linksAdded === 1 ? 'link added' : 'links added'],
    [changes.linksRemoved, changes.linksRemoved === 1 ? 'link removed' : 'links removed'],
  ];
  const words = parts.filter(([count]) => count > 0).map(([count, word]) => `${thousands(count)} ${word}`);
  return words.length === 0 ? 'no changes' : words.join(', ');
}
