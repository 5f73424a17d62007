/** The list of backups, for people. */

import { isComplete } from '../model/coverage.js';
import type { BackupList, BackupSummary } from '../model/documents.js';
import { BLANK, cut, paint, type Span, span, wrap } from './lines.js';
import { cell, code, sentence, tableHead, tableRow } from './markdown.js';
import type { RenderOptions } from './review.js';
import { tableLines } from './table.js';
import { age, capturedAt, counted, minute, shortCommit, thousands } from './words.js';

const COLUMNS = [
  { header: 'commit' },
  { header: 'captured (UTC)' },
  { header: 'age' },
  { header: 'changed', flexible: true },
  { header: 'objects', align: 'right' },
  { header: 'coverage' },
] as const;

export function renderBackups(list: BackupList, options: RenderOptions): string {
  const title = `${counted(list.backups.length, 'backup')} on ${list.branch}`;
  if (list.backups.length === 0) {
    const none = `There are no backups on ${list.branch} yet. Take one with: knowngood snapshot`;
    return options.format === 'text' ? paint([wrap(0, none)], options) : `${sentence(none)}\n`;
  }
  const rows = list.backups.map((backup) => cellsOf(backup, options.now));
  if (options.format === 'text') {
    return paint([cut(0, span(title, 'strong')), BLANK, ...tableLines(COLUMNS, rows, 0, options.width)], options);
  }
  const head = tableHead(['commit', 'captured (UTC)', 'changed', 'objects', 'coverage'], [3]);
  const lines = rows.map(([commit, captured, , changed, objects, coverage]) =>
    tableRow([
      cell(commit?.text ?? ''),
      sentence(captured?.text ?? ''),
      sentence(changed?.text ?? ''),
      objects?.text ?? '',
      coverage?.text ?? '',
    ]),
  );
  return `**${counted(list.backups.length, 'backup')}** on ${code(list.branch)}\n\n${head}${lines.join('')}`;
}

function cellsOf(backup: BackupSummary, now: Date): Span[] {
  const captured = capturedAt(backup.captured);
  const objects = Object.values(backup.objects).reduce((sum, count) => sum + count, 0);
  return [
    span(shortCommit(backup.commit), 'change'),
    span(minute(captured).replace(/ UTC$/, '')),
    span(age(captured, now) ?? ''),
    span(backup.subject.replace(/^Snapshot: /, '')),
    span(thousands(objects)),
    isComplete(backup.coverage) ? span('complete', 'good') : span('INCOMPLETE', 'error'),
  ];
}
