/** What collecting a live tenant needs and what it comes to. */

import type { GraphClient } from '../graph/types.js';
import type { Captured, Coverage } from '../model/coverage.js';
import type { OnProgress } from '../model/documents.js';
import type { ContentId, ObjectKey } from '../model/object.js';
import type { Objects } from '../model/objects.js';
import type { ObjectType } from '../registry/types.js';
import type { GrowingIds } from '../state/ids.js';
import type { StateIds } from '../state/types.js';

/** The last backup: what is kept where Graph gives no, or no believable, answer. */
export interface PreviousState {
  readonly ids: StateIds;
  readonly captured: Captured;
  readonly coverage: Coverage;
  /** Objects of the backup, parsed; each must be in `ids`. */
  load(keys: Iterable<ObjectKey>): Promise<Objects>;
}

export interface CollectOptions {
  readonly client: GraphClient;
  /** Of these permissions, those that the identity lacks; absent where it is not known what it has. */
  readonly lacking?: ((needed: readonly string[]) => readonly string[]) | undefined;
  readonly types: readonly ObjectType[];
  /** All types there are, by name: some must be looked at to understand those that are asked for. */
  readonly related: ReadonlyMap<string, ObjectType>;
  readonly previous: PreviousState | undefined;
  /** Objects that are neither captured nor compared. */
  readonly excluded: ReadonlySet<ObjectKey>;
  /** Receives the bytes of every object whose content id is not the previous backup's. */
  readonly write?: (bytes: Buffer, id: ContentId) => Promise<ContentId>;
  /** Whether the parsed object must stay at hand: it is not known from a commit. */
  readonly keep: (key: ObjectKey, id: ContentId) => boolean;
  /** Whether the names of all objects must stay at hand, because somebody asks for objects by name. */
  readonly named?: boolean;
  /** Where the state's content ids go; a state without objects. */
  readonly ids?: GrowingIds;
  readonly clock: () => Date;
  readonly progress: OnProgress;
  readonly signal: AbortSignal;
}

/** The live tenant as a state, with what is not certain about it. */
export interface LiveState {
  readonly ids: StateIds;
  readonly deleted: ReadonlySet<ObjectKey>;
  /** Objects for which `keep` said yes. */
  readonly objects: Objects;
  /** In the state because the previous backup has them; whether they are still there could not be read. */
  readonly unknown: ReadonlySet<ObjectKey>;
  /** Links and properties that could not be read: in the state as last seen, never compared. */
  readonly uncertain: ReadonlyMap<ObjectKey, readonly string[]>;
  /** Paths of values that the schema does not describe. */
  readonly unrecognised: ReadonlyMap<ObjectKey, readonly string[]>;
  /** Display names by id (without the type), of objects that are kept or, if `named`, of all; and by other identifiers. */
  readonly labels: ReadonlyMap<string, string>;
  /** Active objects by the values of their unique properties: `type.property=value in lower case`. */
  readonly holders: ReadonlyMap<string, ObjectKey>;
  readonly coverage: Coverage;
  readonly captured: Captured;
}
