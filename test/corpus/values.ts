/** Small operations on JSON that every rule of shaping needs. */

import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../src/model/json.js';

export type Members = Record<string, Json>;

/** The members of an object that are left when these are taken out, and those that only describe other members. */
export function without(source: JsonObject, names: Iterable<string>): Members {
  const out = new Set(names);
  return Object.fromEntries(Object.entries(source).filter(([name]) => !out.has(name))) as Members;
}

export function only(source: JsonObject, names: readonly string[]): Members {
  return Object.fromEntries(names.flatMap((name) => (name in source ? [[name, source[name] as Json]] : []))) as Members;
}

/** The same value with a rule applied to every object in it, the innermost first. */
export function deep(value: Json, rule: (object: Members) => Json): Json {
  if (isJsonArray(value)) return value.map((item) => deep(item, rule));
  if (!isJsonObject(value)) return value;
  return rule(Object.fromEntries(Object.entries(value).map(([name, member]) => [name, deep(member as Json, rule)])));
}

/** Takes the named members out of every object, and what a full answer says about actions and links. */
export function withoutAll(names: ReadonlySet<string>): (object: Members) => Json {
  return (object) =>
    Object.fromEntries(Object.entries(object).filter(([name]) => !names.has(name) && !name.startsWith('#')));
}

/** A value of which all members are null is null: that is how PowerShell writes a complex value that is not there. */
export function nothingIsNull(object: Members): Json {
  const values = Object.entries(object).filter(([name]) => !name.includes('@odata.'));
  return values.length > 0 && values.every(([, value]) => value === null) ? null : object;
}

export const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
export const isGuid = (value: string): boolean => GUID.test(value);

/** Members by path, as they are changed; undefined where there is none. */
export function memberAt(value: Json | undefined, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>((at, name) => (isJsonObject(at) ? at[name] : undefined), value);
}
