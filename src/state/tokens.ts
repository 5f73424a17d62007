/** The tokens of a YAML text, each with its place. */

import { Lexer } from 'yaml';

export interface Token {
  readonly text: string;
  readonly offset: number;
  /** A text without quotation marks: it may look like anything else. */
  readonly plain: boolean;
}

/** Tokens of the lexer that take no place in the text; the last one stands before a plain text. */
const MARKS = ['\ufeff', '\u0002', '\u0018', '\u001f'];
const PLAIN = '\u001f';

export function* tokensOf(text: string): Generator<Token> {
  let offset = text.startsWith('\ufeff') ? 1 : 0;
  let before = '';
  for (const token of new Lexer().lex(text)) {
    if (!MARKS.includes(token)) {
      yield { text: token, offset, plain: before === PLAIN };
      offset += token.length;
    }
    before = token;
  }
}
