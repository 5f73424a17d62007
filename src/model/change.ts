/** Semantic differences between two states, oriented live → desired. No text, no colour, no requests. */

import type { Json } from './json.js';
import type { DirectoryObject, ObjectKey, Presence } from './object.js';

export interface PropertyChange {
  /** Name of a top-level property, exactly as in Graph. */
  readonly path: string;
  /** The live value; absent where there is none to speak of (a deleted object's values are not trusted). */
  readonly live?: Json;
  readonly desired: Json;
}

export interface LinkChange {
  readonly link: string;
  /** Target ids that are desired and not live, sorted. */
  readonly add: readonly string[];
  /** Target ids that are live and not desired, sorted. */
  readonly remove: readonly string[];
}

/**
 * One object that is not the same on both sides. `properties` and `links` list what differs between two active
 * objects; both are empty where one side is not active.
 */
export interface Change {
  readonly object: ObjectKey;
  readonly label: string;
  readonly desired: Presence;
  readonly live: Presence;
  readonly properties: readonly PropertyChange[];
  readonly links: readonly LinkChange[];
  /** The object on each side, where it is known. */
  readonly desiredObject?: DirectoryObject | undefined;
  readonly liveObject?: DirectoryObject | undefined;
  /** Paths inside the live object, and inside the desired one as it was captured, that the schema does not describe. */
  readonly unrecognised?: { readonly live: readonly string[]; readonly desired: readonly string[] };
}
