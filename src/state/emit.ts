/**
 * Canonical YAML: one object, one byte sequence. Every content id hangs on the rules below, so a change to them is a
 * change of format. Reading is done by the `yaml` package; that both agree is proven by tests.
 */

import { createHash, hash } from 'node:crypto';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../model/json.js';
import type { ContentId, DirectoryObject } from '../model/object.js';

const PLAIN =
  /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[A-Za-z/](?:[A-Za-z0-9_./@+()-]|[ :](?=[A-Za-z0-9_./@+()-]))*)$/;
const RESERVED = /^(?:y|n|yes|no|on|off|true|false|null|e[+-]?[0-9]+)$/i;
/** Characters that a reviewer cannot see, or that some YAML parser would not take as they are. */
const INVISIBLE = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]/g;

/** The bytes of an object's file: properties in schema order, then links. */
export function emitObject(object: DirectoryObject): Buffer {
  return Buffer.from(textOf(object), 'utf8');
}

/** The bytes of an object's file, and their content id. */
export function emitWithId(object: DirectoryObject): { readonly bytes: Buffer; readonly id: ContentId } {
  const text = textOf(object);
  const head = `blob ${Buffer.byteLength(text, 'utf8')}\u0000`;
  const blob = Buffer.from(head + text, 'utf8');
  return { bytes: blob.subarray(head.length), id: hash('sha1', blob, 'hex') };
}

function textOf({ properties, links }: DirectoryObject): string {
  return emitMembers(properties, '') + emitMembers(links, '');
}

/** The git blob id of a file with these bytes. */
export function contentId(bytes: Uint8Array): ContentId {
  return createHash('sha1').update(`blob ${bytes.length}\u0000`).update(bytes).digest('hex');
}

/** A JSON object as a block mapping; every line ends with a line feed. */
export function emitMembers(value: JsonObject, indent: string): string {
  let text = '';
  for (const name in value) text += `${indent}${nameText(name)}:${emitValue(value[name] as Json, indent)}`;
  return text;
}

/** Names are few: those of the schemas. Others are in files that a person made. */
const NAMES = new Map<string, string>();
const MOST_NAMES = 10_000;

function nameText(name: string): string {
  const known = NAMES.get(name);
  if (known !== undefined) return known;
  const text = scalarText(name);
  if (NAMES.size < MOST_NAMES) NAMES.set(name, text);
  return text;
}

function emitValue(value: Json, indent: string): string {
  if (isJsonArray(value)) return value.length === 0 ? ' []\n' : `\n${emitItems(value, `${indent}  `)}`;
  if (!isJsonObject(value)) return ` ${scalarText(value)}\n`;
  const members = emitMembers(value, `${indent}  `);
  return members === '' ? ' {}\n' : `\n${members}`;
}

function emitItems(items: readonly Json[], indent: string): string {
  let text = '';
  for (const item of items) {
    if (typeof item !== 'object' || item === null) text += `${indent}- ${scalarText(item)}\n`;
    else text += `${indent}- ${emitBlockItem(item, `${indent}  `)}`;
  }
  return text;
}

/** The text of a mapping or sequence inside a sequence, without the indentation of its first line. */
function emitBlockItem(item: readonly Json[] | JsonObject, indent: string): string {
  if (isJsonArray(item)) return item.length === 0 ? '[]\n' : emitItems(item, indent).slice(indent.length);
  const members = emitMembers(item, indent);
  return members === '' ? '{}\n' : members.slice(indent.length);
}

function scalarText(value: null | boolean | number | string): string {
  if (value === null) return 'null';
  if (typeof value !== 'string') return JSON.stringify(value);
  if (PLAIN.test(value) && !RESERVED.test(value)) return value;
  return JSON.stringify(value).replace(
    INVISIBLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
