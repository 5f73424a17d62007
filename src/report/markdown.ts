/** Pieces of Markdown, escaped. The only way to Markdown. */

import { codeCell, codeSpan, escapeMarkdown, escapeTerminal } from './escape.js';
import type { Span } from './lines.js';
import { truncate } from './width.js';

/** So much of one text is shown: the name of an object may be 256 characters long. */
const COLUMNS = 300;

/** Spans as prose: literal ones in code spans, so that they can be copied. */
export function prose(spans: readonly Span[]): string {
  return spans
    .map((item) => {
      if (item.literal) return code(item.text);
      const spaces = /^( *)(.*?)( *)$/s.exec(item.text);
      return `${spaces?.[1] ?? ''}${escapeMarkdown(spaces?.[2] ?? '')}${spaces?.[3] ?? ''}`;
    })
    .join('');
}

/** A sentence out of the tenant, or about it. */
export function sentence(text: string): string {
  return escapeMarkdown(truncate(escapeTerminal(text), COLUMNS * 2));
}

export function code(text: string): string {
  return codeSpan(truncate(escapeTerminal(text), COLUMNS));
}

export function cell(text: string, columns = COLUMNS): string {
  return codeCell(truncate(escapeTerminal(text), columns));
}

export function tableRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |\n`;
}

export function tableHead(headers: readonly string[], right: readonly number[] = []): string {
  const rule = headers.map((_, index) => (right.includes(index) ? '---:' : '---'));
  return tableRow(headers) + tableRow(rule);
}

/** Bytes of UTF-8. */
export function byteLength(text: string): number {
  let bytes = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    bytes += unit < 0x80 ? 1 : unit < 0x800 ? 2 : unit >= 0xd800 && unit <= 0xdfff ? 2 : 3;
  }
  return bytes;
}

/** A part of a page that may have more rows than there is room for. */
export interface Part {
  /** Before the first row; always there. */
  readonly open: string;
  readonly rows: readonly string[];
  /** After the last row; always there. */
  readonly close: string;
  /** What is said of rows that were left out. */
  readonly more: (hidden: number) => string;
}

/**
 * The parts in order, with the rows that fit into the bytes: one row of each part in turn, so that a long part never hides
 * a short one, nor a long row the rows after it.
 */
export function fitParts(parts: readonly Part[], maxBytes: number): string {
  let left = maxBytes;
  for (const part of parts) left -= byteLength(part.open + part.close + part.more(part.rows.length));
  const shown = parts.map((): string[] => []);
  const longest = Math.max(0, ...parts.map((part) => part.rows.length));
  for (let turn = 0; turn < longest; turn++) {
    for (const [index, part] of parts.entries()) {
      const row = part.rows[turn];
      const bytes = row === undefined ? 0 : byteLength(row);
      if (row === undefined || bytes > left) continue;
      left -= bytes;
      shown[index]?.push(row);
    }
  }
  return parts
    .map((part, index) => {
      const rows = shown[index] ?? [];
      const hidden = part.rows.length - rows.length;
      return part.open + rows.join('') + part.close + (hidden > 0 ? part.more(hidden) : '');
    })
    .join('');
}
