/** What the steps of a collection have in common. */

import type { DirectoryObject } from '../model/object.js';
import type { ObjectType } from '../registry/types.js';
import type { Ledger } from './ledger.js';
import type { More } from './more.js';
import type { CollectOptions } from './types.js';

/** What the steps of a collection share. */
export interface Work extends CollectOptions {
  readonly ledger: Ledger;
  readonly more: More;
  readonly pending: Pending[];
  /** Types of which every active object was read. */
  readonly complete: Set<ObjectType>;
}

/** An object whose links differ from the previous backup: settled once the recycle bins are known. */
export interface Pending {
  readonly type: ObjectType;
  readonly object: DirectoryObject;
  readonly uncertain: readonly string[];
}
