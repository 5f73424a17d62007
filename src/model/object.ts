/** Objects of a directory and the states that hold them. */

import type { Json } from './json.js';

/** `<type>/<key>`, for example `user/0f8a1c2e-…`; the key is lower-case. Names one object within one tenant. */
export type ObjectKey = `${string}/${string}`;

/** The git blob id of an object's canonical YAML: 40 (SHA-1) lower-case hexadecimal digits. */
export type ContentId = string;

/** One directory object in canonical form. */
export interface DirectoryObject {
  readonly key: ObjectKey;
  /**
   * Declared properties in schema order, identity and context included. A property that is absent is unmanaged (it was
   * not captured, and is neither compared nor written); `null` means known to be empty.
   */
  readonly properties: Readonly<Record<string, Json>>;
  /** Sorted target ids by link name. A link that is absent was not read, or is derived; an empty list means no targets. */
  readonly links: Readonly<Record<string, readonly string[]>>;
}

/** Where an object stands on one side of a comparison. `unknown`: not, or not completely, read. */
export type Presence = 'active' | 'deleted' | 'absent' | 'unknown';

/** The name of the context property that says when an object went to the recycle bin; `null` while it is active. */
export const DELETED = 'deletedDateTime';

export function objectKey(type: string, key: string): ObjectKey {
  return `${type}/${key.toLowerCase()}`;
}

export function typeOf(object: ObjectKey): string {
  return object.slice(0, object.indexOf('/'));
}

/** The object's id within its type: what follows the first slash. */
export function idOf(object: ObjectKey): string {
  return object.slice(object.indexOf('/') + 1);
}

/** Order of all lists that are printed or hashed: by code unit, the same on every machine and in every locale. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
