/** Tables on a terminal: columns as wide as their content, one of them taking what is left and wrapping. */

import { escapeTerminal } from './escape.js';
import { cut, type Line, type Span, span } from './lines.js';
import { padEnd, padStart, stringWidth, takeColumns, truncate } from './width.js';

export interface Column {
  readonly header: string;
  readonly align?: 'right';
  /** Takes what room is left; at most one column. Its text goes on in further lines. */
  readonly flexible?: true;
  /** Never cut: people copy it. */
  readonly whole?: true;
}

const GAP = 2;
const LEAST_FLEXIBLE = 12;
/** No fixed column is wider: what is longer is cut. */
const WIDEST = 40;

export function tableLines(...table: Parameters<typeof tableRows>): Line[] {
  return tableRows(...table).flat();
}

/** The lines of the header, then those of each row. */
export function tableRows(
  columns: readonly Column[],
  rows: readonly (readonly Span[])[],
  indent: number,
  width: number,
): Line[][] {
  const cells = rows.map((row) => row.map((item) => ({ ...item, text: escapeTerminal(item.text) })));
  const natural = columns.map((column, index) =>
    Math.max(stringWidth(column.header), ...cells.map((row) => stringWidth(row[index]?.text ?? ''))),
  );
  const fixed = columns.map((column, index) =>
    column.flexible ? 0 : Math.min(column.whole ? width : WIDEST, natural[index] ?? 0),
  );
  const left = width - indent - fixed.reduce((sum, size) => sum + size, 0) - GAP * (columns.length - 1);
  const sizes = columns.map((column, index) =>
    column.flexible ? Math.min(natural[index] ?? 0, Math.max(LEAST_FLEXIBLE, left)) : (fixed[index] ?? 0),
  );
  const header = columns.map((column) => span(column.header, 'dim'));
  return [header, ...cells].map((row) => rowLines(columns, sizes, row, indent));
}

function rowLines(columns: readonly Column[], sizes: readonly number[], row: readonly Span[], indent: number): Line[] {
  const texts = columns.map((column, index) => {
    const text = row[index]?.text ?? '';
    const size = sizes[index] ?? 0;
    return column.flexible ? wrapped(text, size) : [truncate(text, size)];
  });
  const height = Math.max(1, ...texts.map((parts) => parts.length));
  return Array.from({ length: height }, (_, line) => {
    const spans = columns.flatMap((column, index) => {
      const text = texts[index]?.[line] ?? '';
      const size = sizes[index] ?? 0;
      const last = index === columns.length - 1;
      const padded = column.align === 'right' ? padStart(text, size) : last ? text : padEnd(text, size);
      return [span(padded, text === '' ? 'plain' : row[index]?.tone), ...(last ? [] : [span(' '.repeat(GAP))])];
    });
    return cut(indent, ...spans);
  });
}

/** The text in lines of at most so many columns, broken at spaces where there are any. */
function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    let rest = word;
    if (line !== '' && stringWidth(line) + 1 + stringWidth(rest) <= columns) {
      line += ` ${rest}`;
      continue;
    }
    if (line !== '') lines.push(line);
    while (stringWidth(rest) > columns) {
      const part = takeColumns(rest, columns) || rest.slice(0, 2);
      lines.push(part);
      rest = rest.slice(part.length);
    }
    line = rest;
  }
  if (line !== '' || lines.length === 0) lines.push(line);
  return lines;
}
