/** JSON values as people read them. Not escaped yet. */

import type { ReportedValue } from '../model/documents.js';
import type { Json } from '../model/json.js';

/** The name of an id, where it is known. */
export type Names = (id: string) => string | undefined;

/** Names by id; an id may be spelled in upper case where it occurs. */
export function lookup(names: Readonly<Record<string, string>>, more?: ReadonlyMap<string, string>): Names {
  const own = (id: string): string | undefined => (Object.hasOwn(names, id) ? names[id] : more?.get(id));
  return (id) => {
    const name = own(id) ?? own(id.toLowerCase());
    return name === undefined || name === '' || name.toLowerCase() === id.toLowerCase() ? undefined : name;
  };
}

/** Null, a member that is not there and a collection without items: Graph makes no difference either. */
export const EMPTY = '(empty)';

/** Strings that could be taken for something else are quoted: `"true"`, `"12"`, `"(empty)"`, `" a"`. */
const NEEDS_QUOTES = /^(?:|\s.*|.*\s|true|false|null|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|\(empty\)|["[{].*)$/is;

/** A value on one line; an id is followed by its name. */
export function showValue(value: Json | undefined, names: Names): string {
  if (value === undefined || value === null) return EMPTY;
  if (typeof value === 'string') {
    const name = names(value);
    if (name !== undefined) return `${value} (${name})`;
    return NEEDS_QUOTES.test(value) ? JSON.stringify(value) : value;
  }
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value) && value.length === 0) return EMPTY;
  return JSON.stringify(value, (_, item: unknown) => {
    const name = typeof item === 'string' ? names(item) : undefined;
    return name === undefined ? kindLast(item) : `${item} (${name})`;
  });
}

/** `@odata.type` says least: it stands at the end, where a line may be cut. */
function kindLast(item: unknown): unknown {
  if (typeof item !== 'object' || item === null || !Object.hasOwn(item, '@odata.type')) return item;
  const { '@odata.type': kind, ...members } = item as Record<string, unknown>;
  return { ...members, '@odata.type': kind };
}

/** True for a value that says nothing worth a line of its own when an object comes back. */
export function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

export function isSetDifference(value: ReportedValue): boolean {
  return value.add !== undefined || value.remove !== undefined;
}
