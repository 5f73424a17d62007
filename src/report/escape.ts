/**
 * Escaping at the edge. Every string of a document may have been chosen by an attacker: a display name can carry
 * terminal commands, characters that reverse the reading order, Markdown or HTML. What is printed shows it, inert.
 */

import { HIDDEN } from '../model/hidden.js';

/** More combining marks on one letter than any language needs: they would be drawn over the lines around. */
const PILED_MARKS = /(?<=\p{M}{4})\p{M}/gu;

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;

function spelledOut(text: string): string {
  return Array.from(text, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`).join('');
}

/** One line of text as a terminal may print it: what does not show, or does more than show, is spelled `\u{1b}`. */
export function escapeTerminal(text: string): string {
  if (PRINTABLE_ASCII.test(text)) return text;
  return text.replace(HIDDEN, spelledOut).replace(PILED_MARKS, spelledOut);
}

const INVISIBLE_BREAK = '&#8203;';

/**
 * Prose in Markdown: rendered, it reads as `escapeTerminal` shows it, and nothing of it is markup, HTML, a link, a
 * mention, an emoji code or the end of a table cell. GitHub looks for mentions, addresses and emoji codes in the
 * rendered text, where no backslash helps: there an invisible break is put in, also before a word at the end: a colon may
 * follow. Use `codeSpan` for what people copy.
 */
export function escapeMarkdown(text: string): string {
  return escapeTerminal(text)
    .replace(/[\\`*_{}[\]|~$#^]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/^[-+=]/, '\\$&')
    .replace(/^(\d+)([.)])/, '$1\\$2')
    .replace(/@|#(?=\d)|:(?=\/\/|[\w+-]+:|[\w+-]*[a-z][\w+-]*$)|www(?=\.)/gi, `$&${INVISIBLE_BREAK}`)
    .replace(/^ +| +$/g, (spaces) => '&#32;'.repeat(spaces.length));
}

/** Text in a Markdown code span: shown literally and copied exactly. */
export function codeSpan(text: string): string {
  const shown = escapeTerminal(text);
  if (shown.trim() === '') return codeSpan(JSON.stringify(shown));
  const longest = (shown.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0);
  const fence = '`'.repeat(longest + 1);
  const padding = /^`|`$|^ .* $/.test(shown) ? ' ' : '';
  return `${fence}${padding}${shown}${padding}${fence}`;
}

/** A code span in a table cell, where a bare `|` ends the cell even inside code. */
export function codeCell(text: string): string {
  return codeSpan(text).replace(/\\(\|)|\|/g, (_, afterBackslash) => (afterBackslash ? '\\\\u{7c}' : '\\|'));
}
