/** What keeps a file from being read as YAML, in words for people. */

import type { Document } from 'yaml';
import { tokensOf } from './tokens.js';

export interface SyntaxFault {
  /** KG201 not YAML, KG205 a key twice. */
  readonly code: 'KG201' | 'KG205';
  /** One sentence. */
  readonly message: string;
  /** What would be right, where that is known. */
  readonly remedy?: string;
  /** Where in the text. */
  readonly offset: number;
}

/** Lines that `git merge` leaves around what it could not unite; no state file has a line that begins so. */
const MERGE = /^(?:<{7}|>{7}|\|{7})(?: |\r?$)/m;

/**
 * What is wrong with the syntax of a text. What follows the first fault is mostly an echo of it, and is left out; keys that
 * are there twice are faults of their own. Empty where the text can be read.
 */
export function syntaxFaults(text: string, { errors }: Pick<Document, 'errors'>): readonly SyntaxFault[] {
  const merge = errors.length === 0 ? undefined : MERGE.exec(text);
  if (merge) return [unresolved(text, merge.index)];
  const first = errors.find(({ code }) => code !== 'DUPLICATE_KEY');
  if (first !== undefined) return [{ code: 'KG201', offset: first.pos[0], ...inWords(first, text) }];
  return errors.map(({ pos }) => {
    const key = JSON.stringify(keyAt(text, pos));
    const message = `The key ${key} is there twice, and only one of its values would count.`;
    return { code: 'KG205', message, remedy: 'Keep one of the two.', offset: pos[0] };
  });
}

function unresolved(text: string, offset: number): SyntaxFault {
  const line = text.slice(0, offset).split('\n').length;
  return {
    code: 'KG201',
    message: `It has the markers of an unresolved merge, from line ${line} on.`,
    remedy: 'Keep what is right of each part, and take the lines with <<<<<<<, ======= and >>>>>>> away.',
    offset,
  };
}

type YamlError = Document['errors'][number];

/** Parsers have their own words, and some speak to programmers. */
function inWords({ code, message, pos }: YamlError, text: string): Pick<SyntaxFault, 'message'> & Partial<SyntaxFault> {
  if (code === 'TAB_AS_INDENT')
    return { message: 'This is not YAML: a tab stands where a line is indented.', remedy: 'Indent it with spaces.' };
  if (code === 'MULTIPLE_DOCS')
    return {
      message: 'It holds more than one YAML document: `---` begins another one here.',
      remedy: 'Keep the document of the object that the file is named after.',
    };
  if (/^Missing closing ["']quote$/.test(message))
    return {
      message: 'This is not YAML: the text in quotation marks that begins here is never closed.',
      remedy: 'Close it, in the same line.',
      offset: openQuote(text, pos[0]),
    };
  return { message: `This is not YAML: ${sentence(message)}` };
}

/** Where the text in quotation marks begins that goes on until `end`. */
function openQuote(text: string, end: number): number {
  let found = end;
  for (const token of tokensOf(text)) {
    if (token.offset >= end) break;
    if (/^["']/.test(token.text) && !token.plain) found = token.offset;
  }
  return found;
}

/** A message of the parser as the end of a sentence. */
export function sentence(message: string): string {
  const line = message.replace(/\s+/g, ' ').trim();
  return /[.!?]$/.test(line) ? line : `${line}.`;
}

function keyAt(text: string, [start, end]: readonly [number, number]): string {
  const key = /^[^\s:][^:\n]*/.exec(text.slice(start, end > start + 1 ? end : start + 80))?.[0]?.trim() ?? '';
  return key.replace(/^"|"$/g, '');
}
