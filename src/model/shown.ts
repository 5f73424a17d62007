/** A backup, and one object of it, as they are shown. Their JSON Schemas are under schemas/output/. */

import type { Captured, Coverage } from './coverage.js';
import type { StateReference } from './documents.js';
import type { Json } from './json.js';
import type { ContentId, ObjectKey } from './object.js';

export interface ShownBackup {
  readonly format: 1;
  readonly kind: 'shown-backup';
  readonly tenant: string;
  readonly state: StateReference;
  /** Commit of the backup that the state stems from. */
  readonly backup: string;
  /** Subject of that commit. */
  readonly subject: string;
  readonly captured: Captured;
  readonly coverage: Coverage;
  /** Types with objects in the state, and those that were asked for, in order. */
  readonly objects: Readonly<Record<string, ObjectCount>>;
  /** Digest of the schemas the backup was written with. */
  readonly schemas: string;
  /** Version of knowngood that wrote it. */
  readonly version: string;
}

export interface ObjectCount {
  readonly active: number;
  /** In the recycle bin. */
  readonly deleted: number;
}

export interface ShownObject {
  readonly format: 1;
  readonly kind: 'shown-object';
  readonly object: ObjectKey;
  readonly label: string;
  readonly state: StateReference;
  /** Commit of the backup that the state stems from. */
  readonly backup: string;
  /** Path of its file in the state repository. */
  readonly file: string;
  /** Git blob id of its file. */
  readonly contentId: ContentId;
  /** When it went to the recycle bin; null while it is active. */
  readonly deleted: string | null;
  readonly properties: Readonly<Record<string, Json>>;
  /** Target ids by link. */
  readonly links: Readonly<Record<string, readonly string[]>>;
  /** Names of the ids in its links and properties, where the state knows them. */
  readonly names: Readonly<Record<string, string>>;
  /** Its file, as it is stored. */
  readonly content: string;
}
