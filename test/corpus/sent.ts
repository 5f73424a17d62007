/** Whether an object reads as it was written. */

import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../src/model/json.js';

/** What an answer never shows: passwords, and keys outside of a request for one object. */
const SECRET = new Set(['passwordProfile', 'key']);

/** Paths of what was sent and is not read: every value that is something has to be there, lists in any order. */
export function lost(sent: JsonObject, read: Json | undefined): string[] {
  return Object.entries(sent).flatMap(([name, value]) =>
    name.includes('@odata.') || SECRET.has(name) || value === undefined
      ? []
      : missing(value, memberOf(read, name), name),
  );
}

const memberOf = (value: Json | undefined, name: string): Json | undefined =>
  isJsonObject(value) ? value[name] : undefined;

function missing(sent: Json, read: Json | undefined, path: string): string[] {
  if (sent === null) return [];
  if (isJsonArray(sent)) return missingItems(sent, isJsonArray(read) ? read : [], path);
  if (isJsonObject(sent)) return lost(sent, read).map((inner) => `${path}.${inner}`);
  return same(sent, read) ? [] : [`${path}: sent ${JSON.stringify(sent)}, read ${JSON.stringify(read)}`];
}

function missingItems(sent: readonly Json[], read: readonly Json[], path: string): string[] {
  return sent.flatMap((item) =>
    read.some((other) => missing(item, other, path).length === 0)
      ? []
      : [`${path}: ${JSON.stringify(item)} is not in ${JSON.stringify(read)}`],
  );
}

/** A scope is read as its words. */
function same(sent: Json, read: Json | undefined): boolean {
  if (isJsonArray(read) && typeof sent === 'string') return sent.split(' ').every((word) => read.includes(word));
  return sent === read;
}
