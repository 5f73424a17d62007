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
  /** Types whose changes Graph tells. */
  readonly tracked: Map<ObjectType, Tracked>;
  /** Types of which only what is named is read, and what is named of them. */
  readonly followed: Map<ObjectType, Set<ObjectKey>>;
}

/** What Graph told of the changes of a type, before anything else was read. */
export interface Tracked {
  /** Where its next account begins; undefined where it gave none. */
  readonly link: string | undefined;
  /** Ids that it named; undefined where it was not asked, or refused. */
  readonly named: ReadonlySet<string> | undefined;
  /** Owners with targets that are nothing else to us than targets, by link. */
  readonly foreign: Map<string, Set<string>>;
  /** Owners by targets that the account may leave out, by link. */
  readonly apart: Map<string, Map<string, readonly string[]>>;
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
