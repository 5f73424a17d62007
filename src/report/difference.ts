/** The difference report, for people. */

import { isComplete } from '../model/coverage.js';
import type { DifferenceReport, ReportedChange, StateReference } from '../model/documents.js';
import { scopeSpans, stateSpans, type Tell, tellTimes } from './facts.js';
import { groupEntries } from './groups.js';
import { standingText } from './kept.js';
import { literal, type Span, span, together } from './lines.js';
import { groupBlocked, type Hole, linkCounts, type RenderOptions, type Review, type Section } from './review.js';
import { reviewMarkdown } from './review-markdown.js';
import { reviewText } from './review-text.js';
import { differenceLine, noChangesLine, noChangesReadLine } from './summary.js';
import { lookup, type Names } from './values.js';
import { capturedAt, counted, shortCommit } from './words.js';

const ELSEWHERE = '--json lists all';

export function renderDifference(report: DifferenceReport, options: RenderOptions): string {
  const review = reviewOf(report, options);
  return options.format === 'text' ? reviewText(review, options) : reviewMarkdown(review, options);
}

function reviewOf(report: DifferenceReport, options: RenderOptions): Review {
  const holes = holesOf(report);
  const names = lookup(report.names);
  const isSame = report.changes.length + report.blocked.length === 0;
  return {
    head: headOf(report, tellTimes(options, report.live), names),
    holes,
    problems: report.problems,
    sections: sectionsOf(report.changes),
    blocked: groupBlocked(report.blocked),
    blockedCount: report.blocked.length,
    kept: report.kept,
    ...(isSame && report.kept.length > 0 ? { standing: standingText(report.kept) } : {}),
    desired: report.desired.commit,
    names,
    final: finalLine(report, holes.length === 0),
    elsewhere: ELSEWHERE,
    elsewhereInMarkdown: 'in the report, by --json',
  };
}

function finalLine(report: DifferenceReport, complete: boolean): string {
  if (report.changes.length > 0 || report.blocked.length > 0) return differenceLine(report.summary);
  const desired = report.desired.commit ?? '';
  return complete ? noChangesLine(desired, report.live, report.scope) : noChangesReadLine(desired);
}

function headOf(report: DifferenceReport, tell: Tell, names: Names): Span[][] {
  const { live, desired } = report;
  const compared = [span('Comparing '), ...stateSpans(live, tell), span(' with '), ...stateSpans(desired, tell)];
  const head = [compared, [span('Tenant '), literal(report.tenant)]];
  if (live.kind === 'live' && live.captured !== undefined) {
    head.push([span('Live state '), together(`read ${tell(capturedAt(live.captured))}`)]);
  }
  const scope = scopeSpans(report.scope, names, ELSEWHERE);
  return scope === undefined ? head : [...head, scope];
}

function holesOf(report: DifferenceReport): Hole[] {
  const sides: readonly (readonly [StateReference, 'live' | 'desired'])[] = [
    [report.live, 'live'],
    [report.desired, 'desired'],
  ];
  return sides.flatMap(([state, side]) => {
    const coverage = report.coverage[side];
    return coverage === undefined || isComplete(coverage) ? [] : [{ side: sideName(state), coverage }];
  });
}

function sideName(state: StateReference): string {
  return state.commit === undefined ? 'the live tenant' : `${state.kind} ${shortCommit(state.commit)}`;
}

function sectionsOf(changes: readonly ReportedChange[]): Section[] {
  const section = (action: ReportedChange['action'], title: (found: readonly ReportedChange[]) => string) => {
    const found = changes.filter((change) => change.action === action);
    return found.length === 0 ? [] : [{ title: title(found), groups: groupEntries(found), verbs: false }];
  };
  return [
    ...section('restore', (found) => `To restore from the recycle bin: ${counted(found.length, 'object')}`),
    ...section('update', (found) => `To update: ${counted(found.length, 'object')}`),
    ...section('links', (found) => `Links: ${linkCounts(found)}, on ${counted(found.length, 'object')}`),
    ...section('soft-delete', (found) => `To soft-delete: ${counted(found.length, 'object')}`),
  ];
}
