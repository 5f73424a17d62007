/** What is wrong with the files of a state repository, for people. */

import type { FileProblem, ValidationReport } from '../model/validation.js';
import { csvDocument } from './csv.js';
import { partition } from './groups.js';
import { BLANK, cut, type Line, literal, paint, type Span, span, type Tone, whole, wrap } from './lines.js';
import { cell, code, fitParts, type Part, prose, sentence } from './markdown.js';
import type { RenderOptions } from './review.js';
import { counted, shortCommit, thousands } from './words.js';

/** So many files, problems of one file, and notes are shown. */
const FILES = 50;
const OF_A_FILE = 10;
const NOTES = 5;
/** So many different notes are shown. */
const NOTE_KINDS = 20;
const MAX_BYTES = 60_000;
const ELSEWHERE = '--format csv lists all';

const TONES: Readonly<Record<FileProblem['severity'], Tone>> = { error: 'error', warning: 'warning', note: 'dim' };

export function renderValidation(report: ValidationReport, options: RenderOptions): string {
  return options.format === 'text' ? validationText(report, options) : validationMarkdown(report, options);
}

/** `Valid: 1,234 files.`, `Valid: 1,234 files, 1 warning.` or `3 problems in 2 files and 1 folder.` */
export function validationLine({ files, counts, problems }: ValidationReport): string {
  const warnings = counts.warnings === 0 ? '' : `, ${counted(counts.warnings, 'warning')}`;
  if (counts.errors === 0) return `Valid: ${counted(files, 'file')}${warnings}.`;
  const wrong = [...new Set(problems.filter(({ severity }) => severity === 'error').map(({ file }) => file))];
  const folders = wrong.filter((file) => file.endsWith('/')).length;
  const places = [
    ...(wrong.length > folders ? [counted(wrong.length - folders, 'file')] : []),
    ...(folders > 0 ? [counted(folders, 'folder')] : []),
  ];
  return `${counted(counts.errors, 'problem')} in ${places.join(' and ')}.`;
}

function title({ commit, files }: ValidationReport): string {
  return `Checked ${counted(files, 'file')} ${commit === undefined ? 'of the work tree' : `of ${shortCommit(commit)}`}`;
}

function validationText(report: ValidationReport, options: RenderOptions): string {
  const told = report.problems.filter(({ severity }) => severity !== 'note');
  const notes = report.problems.filter(({ severity }) => severity === 'note');
  const byFile = partition(told, ({ file }) => file);
  const hidden = byFile.slice(FILES).reduce((sum, problems) => sum + problems.length, 0);
  const tone = report.counts.errors > 0 ? 'error' : report.counts.warnings > 0 ? 'warning' : 'good';
  return paint(
    [
      cut(0, title(report)),
      BLANK,
      ...byFile.slice(0, FILES).flatMap((problems) => [...fileLines(problems), BLANK]),
      ...(hidden > 0 ? [cut(0, span(`and ${counted(hidden, 'more problem')} (${ELSEWHERE})`, 'dim')), BLANK] : []),
      ...noteLines(notes),
      BLANK,
      whole(0, span(validationLine(report), tone)),
    ],
    options,
  );
}

function fileLines(problems: readonly FileProblem[]): Line[] {
  const hidden = problems.length - OF_A_FILE;
  return [
    ...problems.slice(0, OF_A_FILE).flatMap((problem, index, shown) => problemLines(problem, shown[index + 1])),
    ...(hidden > 0 ? [cut(2, span(`and ${counted(hidden, 'more problem')} in this file (${ELSEWHERE})`, 'dim'))] : []),
  ];
}

/** What to do is said once for problems in a row that need the same. */
function problemLines(problem: FileProblem, next: FileProblem | undefined): Line[] {
  return [
    // Whole, because editors and terminals open such places.
    whole(0, span(placeOf(problem), 'strong')),
    wrap(
      2,
      span(`${problem.severity} ${problem.code}: `, TONES[problem.severity]),
      problem.message,
      span(` (${problem.rule})`, 'dim'),
    ),
    ...(next?.remedy === problem.remedy ? [] : [wrap(2, span('What to do: ', 'dim'), problem.remedy)]),
  ];
}

/** `tenant-state/users/0f8/….yaml:12:3` */
function placeOf({ file, line, column }: FileProblem): string {
  return line === undefined ? file : `${file}:${line}${column === undefined ? '' : `:${column}`}`;
}

/** Notes that say the same of several files are one. */
function noteLines(notes: readonly FileProblem[]): Line[] {
  const kinds = partition(notes, (note) => `${note.code}\0${note.message}\0${note.remedy}`);
  const hidden = kinds.slice(NOTE_KINDS).reduce((sum, same) => sum + same.length, 0);
  return [
    ...kinds.slice(0, NOTE_KINDS).flatMap(sameNotes),
    ...(hidden > 0 ? [cut(0, span(`and ${counted(hidden, 'more note')} (${ELSEWHERE})`, 'dim'))] : []),
  ];
}

function sameNotes(same: readonly FileProblem[]): Line[] {
  const [first] = same as [FileProblem];
  const hidden = same.length - NOTES;
  return [
    wrap(0, span(`note ${first.code}: `, 'dim'), `${first.message} ${first.remedy}`),
    ...same.slice(0, NOTES).map((note) => whole(2, span(placeOf(note), 'dim'))),
    ...(hidden > 0 ? [cut(2, span(`and ${thousands(hidden)} more (${ELSEWHERE})`, 'dim'))] : []),
  ];
}

function validationMarkdown(report: ValidationReport, options: RenderOptions): string {
  const start = `**${validationLine(report)}** ${sentence(title(report))}\n`;
  const parts = partition(report.problems, ({ severity }) => severity).map(severityPart);
  return start + fitParts(parts, Math.max(8_000, options.maxBytes ?? MAX_BYTES) - start.length);
}

function severityPart(problems: readonly FileProblem[]): Part {
  const [first] = problems as [FileProblem];
  const rows = problems.map((problem) => {
    const spans: Span[] = [literal(placeOf(problem)), span(` ${problem.code}: ${problem.message} ${problem.remedy}`)];
    return `- ${prose(spans)} (${code(problem.rule)})\n`;
  });
  return {
    open: `\n### ${counted(problems.length, first.severity)}\n\n`,
    rows,
    close: '',
    more: (hidden) => `\n${counted(hidden, 'more problem')} (${cell('--json')} lists all).\n`,
  };
}

export function validationCsv(report: ValidationReport): string {
  return csvDocument(
    ['file', 'line', 'column', 'severity', 'code', 'rule', 'path', 'message', 'remedy'],
    report.problems.map((problem) => [
      problem.file,
      problem.line,
      problem.column,
      problem.severity,
      problem.code,
      problem.rule,
      problem.path,
      problem.message,
      problem.remedy,
    ]),
  );
}
