/** What the steps of a collection have in common. */

import type { DirectoryObject, ObjectKey } from '../model/object.js';
import { interruption } from '../model/problem.js';
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
  /** What was in the recycle bins before the lists were read, where there is no backup that knows it. */
  readonly binnedBefore: Set<ObjectKey>;
  /** Owners whose edges were asked for, by the type of the edges. */
  readonly asked: Map<ObjectType, Set<string>>;
}

export function stopIfInterrupted(signal: AbortSignal): void {
  if (signal.aborted) throw interruption();
}

/** An object whose links differ from the previous backup: settled once the recycle bins are known. */
export interface Pending {
  readonly type: ObjectType;
  readonly object: DirectoryObject;
  readonly uncertain: readonly string[];
}
