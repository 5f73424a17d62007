/** Lines of a terminal: spans with a tone, fitted to the width, escaped, then coloured. The only way to a terminal. */

import { Chalk, type ChalkInstance } from 'chalk';
import { escapeTerminal } from './escape.js';
import { stringWidth, takeColumns, truncate } from './width.js';

export type Tone = 'plain' | 'strong' | 'dim' | 'add' | 'remove' | 'change' | 'warning' | 'error' | 'good';

export interface Span {
  readonly text: string;
  readonly tone: Tone;
  /** Never broken over two lines, if it fits in one. */
  readonly together?: true;
  /** What people copy: an id, a name. In Markdown a code span. */
  readonly literal?: true;
}

/** `cut`: shortened with `…`. `wrap`: continued on further lines. `whole`: left as it is, for what is grepped or copied. */
export interface Line {
  readonly indent: number;
  readonly fit: 'cut' | 'wrap' | 'whole';
  readonly spans: readonly Span[];
}

export interface TerminalStyle {
  readonly color: boolean;
  readonly width: number;
}

export function span(text: string, tone: Tone = 'plain'): Span {
  return { text, tone };
}

export function literal(text: string, tone: Tone = 'plain'): Span {
  return { text, tone, literal: true };
}

export function together(text: string, tone: Tone = 'plain'): Span {
  return { text, tone, together: true };
}

/** May be broken between words, but not where that would hide that there are several spaces. */
export function exact(text: string, tone: Tone = 'plain'): Span {
  return text.includes('  ') ? together(text, tone) : span(text, tone);
}

function spansOf(parts: readonly (Span | string)[]): Span[] {
  return parts.map((part) => (typeof part === 'string' ? span(part) : part));
}

export function cut(indent: number, ...parts: (Span | string)[]): Line {
  return { indent, fit: 'cut', spans: spansOf(parts) };
}

export function wrap(indent: number, ...parts: (Span | string)[]): Line {
  return { indent, fit: 'wrap', spans: spansOf(parts) };
}

export function whole(indent: number, ...parts: (Span | string)[]): Line {
  return { indent, fit: 'whole', spans: spansOf(parts) };
}

export const BLANK: Line = { indent: 0, fit: 'whole', spans: [] };

/** Text of the lines, each ended by a line feed; several blank lines in a row become one, none stand at an end. */
export function paint(lines: readonly Line[], style: TerminalStyle): string {
  const tones = tonesOf(new Chalk({ level: style.color ? 1 : 0 }));
  const width = Math.max(20, style.width);
  let text = '';
  let blank = true;
  for (const line of lines) {
    if (line.spans.length === 0) {
      if (!blank) text += '\n';
      blank = true;
      continue;
    }
    blank = false;
    for (const row of rowsOf(line, width)) {
      const spans = merged(trimmed(row.spans));
      const indent = spans.length === 0 ? '' : ' '.repeat(row.indent);
      text += `${indent}${spans.map((item) => tones[item.tone](item.text)).join('')}\n`;
    }
  }
  return text.endsWith('\n\n') ? text.slice(0, -1) : text;
}

function trimmed(spans: readonly Span[]): Span[] {
  const parts = [...spans];
  for (let last = parts.at(-1); last !== undefined; last = parts.at(-1)) {
    const text = last.text.replace(/ +$/, '');
    parts.pop();
    if (text === '') continue;
    parts.push({ ...last, text });
    break;
  }
  return parts;
}

/** Neighbours of one tone as one span, with the spaces between them: so that coloured words can be searched for. */
function merged(spans: readonly Span[]): Span[] {
  const parts: Span[] = [];
  for (const [index, item] of spans.entries()) {
    const last = parts.at(-1);
    const next = spans[index + 1];
    const between = item.text === ' ' && last !== undefined && last.tone === next?.tone;
    if (last !== undefined && (between || last.tone === item.tone)) {
      parts[parts.length - 1] = { ...last, text: last.text + item.text };
    } else {
      parts.push(item);
    }
  }
  return parts;
}

function tonesOf(chalk: ChalkInstance): Record<Tone, (text: string) => string> {
  return {
    plain: (text) => text,
    strong: chalk.bold,
    dim: chalk.dim,
    add: chalk.green,
    remove: chalk.red,
    change: chalk.yellow,
    warning: chalk.yellow.bold,
    error: chalk.red.bold,
    good: chalk.green.bold,
  };
}

interface Row {
  readonly indent: number;
  readonly spans: readonly Span[];
}

function rowsOf(line: Line, width: number): Row[] {
  const spans = line.spans.map((item) => ({ ...item, text: escapeTerminal(item.text) }));
  if (line.fit === 'whole') return [{ indent: line.indent, spans }];
  const indent = Math.min(line.indent, width - 10);
  return line.fit === 'cut' ? [{ indent, spans: cutSpans(spans, width - indent) }] : wrapSpans(spans, indent, width);
}

function cutSpans(spans: readonly Span[], room: number): Span[] {
  const shown: Span[] = [];
  let left = room;
  for (const [index, item] of spans.entries()) {
    const width = stringWidth(item.text);
    const after = index < spans.length - 1 ? 1 : 0;
    if (width > left - after && spans.slice(index).reduce((sum, next) => sum + stringWidth(next.text), 0) > left) {
      return [...shown, { ...item, text: truncate(`${item.text}…`, left) }];
    }
    shown.push(item);
    left -= width;
  }
  return shown;
}

/** Pieces that belong together because no space stands between them. */
type Word = Span[];

function wordsOf(spans: readonly Span[]): Word[] {
  const words: Word[] = [];
  let glue = false;
  for (const item of spans) {
    const parts = item.together ? [item.text] : item.text.split(' ');
    for (const [index, part] of parts.entries()) {
      if (index > 0) glue = false;
      if (part === '') continue;
      const last = words.at(-1);
      if (glue && last !== undefined) last.push({ ...item, text: part });
      else words.push([{ ...item, text: part }]);
      glue = true;
    }
  }
  return words;
}

function wrapSpans(spans: readonly Span[], indent: number, width: number): Row[] {
  const rows: Row[] = [];
  let row: Span[] = [];
  let used = 0;
  let margin = indent;
  const flush = (): void => {
    rows.push({ indent: margin, spans: row });
    row = [];
    used = 0;
    margin = Math.min(indent + 2, width - 10);
  };
  for (const word of wordsOf(spans)) {
    const size = word.reduce((sum, piece) => sum + stringWidth(piece.text), 0);
    // A word that is longer than any row is broken in any case: it begins where it stands.
    if (used > 0 && used + 1 + size > width - margin && size <= width - indent - 2) flush();
    if (used > 0) {
      row.push(span(' '));
      used += 1;
    }
    for (const piece of word) {
      let rest = piece.text;
      while (used + stringWidth(rest) > width - margin) {
        const part = takeColumns(rest, width - margin - used);
        if (part !== '') row.push({ ...piece, text: part });
        rest = rest.slice(part.length);
        flush();
      }
      row.push({ ...piece, text: rest });
      used += stringWidth(rest);
    }
  }
  if (row.length > 0 || rows.length === 0) flush();
  return rows;
}
