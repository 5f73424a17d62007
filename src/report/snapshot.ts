/** What a backup holds, for people. */

import { isComplete } from '../model/coverage.js';
import type { SnapshotResult } from '../model/documents.js';
import { BLANK, cut, type Line, literal, paint, type Span, span, whole, wrap } from './lines.js';
import { cell, prose, sentence, tableHead, tableRow } from './markdown.js';
import { findingsOf, gapLines, gapSpans, problemLines, someOf } from './notices.js';
import type { RenderOptions } from './review.js';
import { changesPhrase } from './summary.js';
import { tableLines } from './table.js';
import { between, counted, duration, minute, plural, shortCommit, thousands } from './words.js';

/** So many objects with values that the schemas do not describe are named. */
const UNRECOGNISED = 10;

export function renderSnapshot(result: SnapshotResult, options: RenderOptions): string {
  return options.format === 'text' ? snapshotText(result, options) : snapshotMarkdown(result);
}

function title(result: SnapshotResult): string {
  return `Backup ${shortCommit(result.commit)} on ${result.branch}: ${changesPhrase(result.changes)}`;
}

/** Whose tenant, and when: `Read 2026-11-18 13:58 UTC, took 2 minutes`. */
function facts(result: SnapshotResult): Span[][] {
  const { start, end } = result.captured;
  const took = between(start, end);
  const read = took === undefined ? minute(start) : `${minute(start)}, took ${duration(took)}`;
  const what = result.read === 'incremental' ? ', only what has changed' : '';
  return [[span('Tenant '), literal(result.tenant)], [span(`Read ${read}${what}`)]];
}

function incomplete(result: SnapshotResult): string {
  return `this backup does not hold everything: ${counted(result.coverage.gaps.length, 'gap')}.`;
}

const ELSEWHERE = '--json lists all';
const UNDESCRIBED = 'values that this version does not know. They are never written over.';

function snapshotText(result: SnapshotResult, options: RenderOptions): string {
  const { coverage } = result;
  const complete = isComplete(coverage);
  const gaps = [
    wrap(0, span('INCOMPLETE: ', 'error'), incomplete(result)),
    ...gapLines(coverage, options.now, ELSEWHERE),
  ];
  return paint(
    [
      whole(0, span(title(result), 'strong')),
      ...facts(result).map((spans) => wrap(0, ...spans)),
      BLANK,
      ...(complete ? [] : [...gaps, BLANK]),
      ...typesTable(result, options.width),
      BLANK,
      ...unrecognisedLines(result),
      ...(result.problems.length > 0 ? [...problemLines(result.problems, ELSEWHERE), BLANK] : []),
      ...(complete ? [cut(0, span('Coverage: complete.', 'good'))] : []),
    ],
    options,
  );
}

function typesTable(result: SnapshotResult, width: number): Line[] {
  const counts = Object.entries(result.coverage.types);
  const rows = counts.map(([type, count]) => [span(plural(type)), span(thousands(count))]);
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  const columns = [{ header: 'type' }, { header: 'objects', align: 'right' as const }];
  return tableLines(columns, [...rows, [span('total', 'strong'), span(thousands(total), 'strong')]], 2, width);
}

function unrecognisedLines(result: SnapshotResult): Line[] {
  const { unrecognised } = result.coverage;
  if (unrecognised.length === 0) return [];
  const shown = unrecognised.slice(0, UNRECOGNISED);
  const hidden = unrecognised.length - shown.length;
  return [
    wrap(0, span('Warning: ', 'warning'), `${counted(unrecognised.length, 'object')} with ${UNDESCRIBED}`),
    ...shown.map((item) => wrap(2, literal(item.object), `: ${someOf(item.paths, ELSEWHERE)}`)),
    ...(hidden > 0 ? [wrap(2, `and ${thousands(hidden)} more (${ELSEWHERE})`)] : []),
    BLANK,
  ];
}

function snapshotMarkdown(result: SnapshotResult): string {
  const { coverage } = result;
  const gaps = coverage.gaps.map((gap) => `- ${prose(gapSpans(gap, undefined))}\n`);
  const problems = findingsOf(result.problems).shown.map(
    ({ title, problem }) => `- **${title} ${sentence(problem.code)}:** ${sentence(problem.message)}\n`,
  );
  const unknown = coverage.unrecognised.slice(0, UNRECOGNISED);
  const types = Object.entries(coverage.types).map(([type, count]) => tableRow([cell(type), thousands(count)]));
  return [
    `**${sentence(title(result))}**\n\n${facts(result).map(prose).join('  \n')}\n`,
    gaps.length > 0 ? `\n**Incomplete:** ${incomplete(result)}\n\n${gaps.join('')}` : '\nCoverage: complete.\n',
    `\n${tableHead(['type', 'objects'], [1])}${types.join('')}`,
    problems.length > 0 ? `\n${problems.join('')}` : '',
    unknown.length > 0
      ? `\n**Warning:** ${counted(coverage.unrecognised.length, 'object')} with ${UNDESCRIBED}\n\n`
      : '',
    ...unknown.map(
      (item) => `- ${prose([literal(item.object), span(': '), literal(someOf(item.paths, ELSEWHERE))])}\n`,
    ),
  ].join('');
}
