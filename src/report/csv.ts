/**
 * CSV as spreadsheets open it: RFC 4180 with CRLF, a byte order mark so that Excel takes it for UTF-8, a header row. Texts
 * come from the tenant: none of them can become a formula, a second row or a second cell.
 */

import { isJsonArray, isJsonObject, type Json } from '../model/json.js';
import { escapeTerminal } from './escape.js';

/** A text is escaped; a number is one that was counted here; undefined is an empty cell. */
export type CsvCell = string | number | undefined;

const BYTE_ORDER_MARK = '\ufeff';

/** What makes a spreadsheet calculate, wide forms included, whatever white space stands before it. */
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/;

/** Where the list separator is a semicolon, a cell could begin after one. */
const AFTER_SEMICOLON = /;(?=\s*[=+\-@\uff1d\uff0b\uff0d\uff20])/g;

/** The document: a row for each record, each with a cell for each column. */
export function csvDocument(columns: readonly string[], rows: Iterable<readonly CsvCell[]>): string {
  let text = BYTE_ORDER_MARK + row(columns);
  for (const cells of rows) text += row(cells);
  return text;
}

function row(cells: readonly CsvCell[]): string {
  return `${cells.map(cell).join(',')}\r\n`;
}

function cell(value: CsvCell): string {
  if (value === undefined) return '';
  const text = typeof value === 'number' ? String(value) : inert(value);
  return /[",;\s]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One line that shows what it holds, and that no spreadsheet calculates. */
export function inert(text: string): string {
  const shown = escapeTerminal(text).replace(AFTER_SEMICOLON, ";'");
  return FORMULA.test(text) || FORMULA.test(shown) ? `'${shown}` : shown;
}

/** A value as one cell: a text as it is, anything else as JSON; nothing, null and empty collections are an empty cell. */
export function csvValue(value: Json | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  const empty = isJsonArray(value) ? value.length === 0 : isJsonObject(value) && Object.keys(value).length === 0;
  return empty ? undefined : JSON.stringify(value);
}
