/** In what a valid file differs from the way in which `snapshot` writes it, in words for people. */

import { canonicalJson, isJsonArray, isJsonObject, type Json, type JsonObject } from '../model/json.js';
import type { Position } from './positions.js';
import { tokensOf } from './tokens.js';

export interface Spelling extends Position {
  /** The end of a sentence: `its lines end with CRLF`. */
  readonly what: string;
}

/** The first difference of a text, which holds `document`, from the canonical one, which holds `object`. */
export function spellingOf(text: string, document: JsonObject, canonical: string, object: JsonObject): Spelling {
  const token = tokenIn(text);
  if (text.startsWith('\ufeff')) return { line: 1, column: 1, what: 'it begins with a byte order mark' };
  if (text.includes('\r')) return { line: lineOf(text, '\r'), column: 1, what: 'its lines end with CRLF' };
  if (token !== undefined) return token;
  const own = text.split('\n');
  const line = canonical.split('\n').findIndex((other, index) => other !== own[index]);
  const at = { line: line === -1 ? own.length : Math.min(line + 1, own.length), column: 1 };
  const value = differenceOf(document, object, '');
  if (value !== undefined) return { ...at, what: value };
  if (`${text}\n` === canonical) return { ...at, what: 'its last line has no line break' };
  return { ...at, what: layoutOf(own[at.line - 1] ?? '', canonical.split('\n')[at.line - 1] ?? '') };
}

/** In what two lines differ whose values are the same. */
function layoutOf(own: string, canonical: string): string {
  const without = (pattern: RegExp) => own.replace(pattern, '') === canonical.replace(pattern, '');
  if (without(/["']/g)) return 'quotation marks are not where snapshot sets them';
  if (without(/\s+/g)) return 'blanks are not where snapshot sets them';
  return 'its lines are laid out in another way';
}

function lineOf(text: string, part: string): number {
  return text.slice(0, text.indexOf(part)).split('\n').length;
}

const TOKENS: readonly (readonly [RegExp, string])[] = [
  [/^#/, 'it has a comment'],
  [/^&/, 'it has an anchor'],
  [/^\*/, 'it has an alias'],
  [/^!/, 'it has a tag'],
  [/^(?:---|\.\.\.)$/, 'it has a line that marks where a document begins or ends'],
];

/** The first token that no canonical file has. */
function tokenIn(text: string): Spelling | undefined {
  for (const token of tokensOf(text)) {
    const found = token.plain ? undefined : TOKENS.find(([shape]) => shape.test(token.text));
    if (found === undefined) continue;
    const lines = text.slice(0, token.offset).split('\n');
    return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1, what: found[1] };
  }
  return undefined;
}

/** Where two values that mean the same are not the same: keys, items of sets, spellings. */
function differenceOf(own: Json, canonical: Json, path: string): string | undefined {
  if (isJsonObject(own) && isJsonObject(canonical)) return ofMembers(own, canonical, path);
  if (isJsonArray(own) && isJsonArray(canonical)) return ofItems(own, canonical, path);
  if (canonicalJson(own) === canonicalJson(canonical)) return undefined;
  return `snapshot writes ${path} as ${short(canonical)}`;
}

function ofMembers(own: JsonObject, canonical: JsonObject, path: string): string | undefined {
  const inner = (name: string) => (path === '' ? name : `${path}.${name}`);
  const extra = Object.keys(own).find((name) => !Object.hasOwn(canonical, name));
  if (extra !== undefined) return `snapshot leaves ${inner(extra)} out where it is empty`;
  const lacking = Object.keys(canonical).find((name) => !Object.hasOwn(own, name));
  if (lacking !== undefined) return `snapshot writes ${inner(lacking)}, too`;
  const names = Object.keys(own);
  const place = Object.keys(canonical).findIndex((name, index) => name !== names[index]);
  if (place !== -1) return `snapshot has its keys in another order, from ${inner(names[place] as string)} on`;
  return first(names, (name) => differenceOf(own[name] as Json, canonical[name] as Json, inner(name)));
}

function ofItems(own: readonly Json[], canonical: readonly Json[], path: string): string | undefined {
  const texts = own.map(canonicalJson);
  const twice = texts.find((text, index) => texts.indexOf(text) !== index);
  const wanted = canonical.map(canonicalJson);
  if (texts.length > wanted.length && twice !== undefined)
    return `${path} is a set, and holds ${short(JSON.parse(twice) as Json)} twice`;
  const place = wanted.findIndex((text, index) => text !== texts[index]);
  if (place === -1) return undefined;
  if ([...texts].sort().join('\n') === [...wanted].sort().join('\n')) return `${path} is a set, and not sorted`;
  return first([...canonical.keys()], (index) =>
    differenceOf(own[index] as Json, canonical[index] as Json, `${path}.${index}`),
  );
}

function first<T, F>(items: readonly T[], find: (item: T) => F | undefined): F | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

const SHORT = 60;

function short(value: Json): string {
  const text = JSON.stringify(value);
  return text.length <= SHORT ? text : `${text.slice(0, SHORT - 1)}…`;
}
