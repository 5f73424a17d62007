/** What is recoverable, on a terminal: every type, then the counts of all. */

import type { CoverageItem, CoverageTable, TypeCoverage } from '../model/coverage-table.js';
import { coverageMarkdown } from './coverage-markdown.js';
import {
  COVERAGE_MEANINGS,
  COVERAGE_TONES,
  COVERAGE_WORDS,
  headline,
  itemName,
  itemNotes,
  permissionRows,
  SUMMARY_HEADERS,
  summaryCells,
  totals,
} from './coverage-words.js';
import { partition } from './groups.js';
import { BLANK, cut, type Line, paint, type Span, span, wrap } from './lines.js';
import type { RenderOptions } from './review.js';
import { type Column, tableLines, tableRows } from './table.js';
import { stringWidth } from './width.js';

/** With so many columns left, notes stand beside the property, and not below it. */
const ROOM_FOR_NOTES = 50;

export function renderCoverage(table: CoverageTable, options: RenderOptions): string {
  return options.format === 'text' ? coverageText(table, options) : coverageMarkdown(table);
}

function coverageText(table: CoverageTable, options: RenderOptions): string {
  const width = Math.max(40, options.width);
  const classes = Object.entries(COVERAGE_MEANINGS) as [CoverageItem['coverage'], string][];
  return paint(
    [
      ...table.types.flatMap((type) => [...typeLines(type, width), BLANK]),
      ...classes.map(([name, meaning]) => wrap(0, span(COVERAGE_WORDS[name], COVERAGE_TONES[name]), `: ${meaning}`)),
      BLANK,
      ...summaryLines(table, width),
      BLANK,
      wrap(0, span(headline(table), 'strong')),
    ],
    options,
  );
}

function typeLines(type: TypeCoverage, width: number): Line[] {
  const inGraph = type.items.filter((item) => item.name !== null);
  const told = inGraph.filter((item) => item.coverage !== 'context' || item.native !== null);
  const kept = inGraph.filter((item) => !told.includes(item));
  const missing = type.items.filter((item) => item.name === null);
  return [
    wrap(0, span(type.title, 'strong'), ' ', span(`(${type.type})`, 'dim')),
    ...(type.description === undefined ? [] : [wrap(2, type.description)]),
    ...type.notes.map((note) => wrap(2, note)),
    ...permissionRows(type).map(([what, names]) => wrap(2, span(`To ${what}: `, 'dim'), names.join(', '))),
    BLANK,
    ...itemLines(type, told, width),
    ...partition(missing, (item) => item.reason ?? '').flatMap(missingLines),
    ...(kept.length > 0 ? [wrap(2, span(`For information: ${kept.map(itemName).join(', ')}`, 'dim'))] : []),
  ];
}

/** Settings of Microsoft's product that Graph does not have, for the same reason. */
function missingLines(items: readonly CoverageItem[]): Line[] {
  const [{ coverage, reason }] = items as readonly [CoverageItem];
  return [
    wrap(2, span(`${COVERAGE_WORDS[coverage]}: `, COVERAGE_TONES[coverage]), reason ?? ''),
    ...items.map((item) => wrap(6, item.native ?? '')),
  ];
}

const NATIVE = "name in Microsoft's product";
const COLUMNS: readonly Column[] = [{ header: 'property', whole: true }, { header: 'coverage' }];

function itemLines(type: TypeCoverage, items: readonly CoverageItem[], width: number): Line[] {
  const rows = items.map(cellsOf);
  const notes = items.map((item) => span(itemNotes(item, type), 'dim'));
  const natural = rows.map((row) => row.map((item) => stringWidth(item.text)));
  const columns = [0, 1, 2].map((column) => Math.max(...natural.map((row) => row[column] ?? 0), 0));
  const left = width - columns.reduce((sum, size) => sum + size, 8);
  if (left >= ROOM_FOR_NOTES) {
    const all = rows.map((row, index) => [...row, notes[index] as Span]);
    const columns: Column[] = [...COLUMNS, { header: NATIVE, whole: true }, { header: 'to know', flexible: true }];
    const [header = [], ...lines] = tableRows(columns, all, 2, width);
    return [...header, ...underKinds(items, lines)];
  }
  const [header = [], ...lines] = tableRows([...COLUMNS, { header: NATIVE, flexible: true }], rows, 2, width);
  const noted = lines.map((row, index) => {
    const note = notes[index] as Span;
    return note.text === '' ? row : [...row, wrap(6, note)];
  });
  return [...header, ...underKinds(items, noted)];
}

/** The lines of each item, under a line that names the kinds of the type where not all of them have it. */
function underKinds(items: readonly CoverageItem[], lines: readonly (readonly Line[])[]): Line[] {
  const kindsOf = (item: CoverageItem | undefined) => item?.of?.join(', ');
  return lines.flatMap((line, index) => {
    const kinds = kindsOf(items[index]);
    const goesOn = kinds === undefined || kinds === kindsOf(items[index - 1]);
    return goesOn ? line : [wrap(2, span(`Only ${kinds}:`, 'dim')), ...line];
  });
}

function cellsOf(item: CoverageItem): Span[] {
  return [
    span(itemName(item)),
    span(COVERAGE_WORDS[item.coverage], COVERAGE_TONES[item.coverage]),
    item.native === null ? span('not covered', 'dim') : span(item.native),
  ];
}

function summaryLines(table: CoverageTable, width: number): Line[] {
  const [first = '', ...rest] = SUMMARY_HEADERS;
  const columns: Column[] = [
    { header: first, flexible: true },
    ...rest.map((header): Column => ({ header, align: 'right' })),
  ];
  const rows = table.types.map((type) => [span(type.title), ...summaryCells(type).map((cell) => span(cell))]);
  const all = [span('total', 'strong'), ...summaryCells(totals(table)).map((cell) => span(cell, 'strong'))];
  return [cut(0, span("Properties and links by type, as Microsoft's product covers them", 'strong'))].concat(
    tableLines(columns, [...rows, all], 2, width),
  );
}
