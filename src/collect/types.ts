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

/** What a snapshot leaves behind of a type, so that the next one need not read all of it again. */
export interface Trail {
  /** Where Graph's account of changes goes on; absent: it gave none, and the type is read whole. */
  readonly link?: string;
  /** Start of the last snapshot that read the whole type (UTC, ISO 8601). */
  readonly whole: string;
  /**
   * Ids that were named: they are read once more by the next snapshot, because what was read of a change that had only just
   * been made may have been what was there before it.
   */
  readonly again: readonly string[];
  /** What was in the recycle bin, and since when. */
  readonly binned: Readonly<Record<string, string>>;
  /** By link: what its owner's account of changes does not tell of it. */
  readonly links: Readonly<Record<string, LinkTrail>>;
}

export interface LinkTrail {
  /** Owners with targets of which nothing is known but that they are targets: they are read by every snapshot. */
  readonly foreign: readonly string[];
  /** Owners by targets of the types that the account may leave out. */
  readonly apart: Readonly<Record<string, readonly string[]>>;
}

/** A backup of which only what is looked at is known: the rest is as it was. */
export interface PartialState extends PreviousState {
  readonly ids: GrowingIds;
  /** Makes these objects known, as far as the backup has them. */
  fetch(keys: readonly ObjectKey[]): Promise<void>;
  /** Makes all objects of these types known. */
  fetchTypes(types: readonly ObjectType[]): Promise<void>;
  /** The keys of all objects of a type, which are not known by that. */
  keysOf(type: ObjectType): Promise<readonly ObjectKey[]>;
  /** Objects of a type that have a link to one of these targets. */
  ownersOf(type: ObjectType, targets: ReadonlySet<string>): Promise<readonly ObjectKey[]>;
}

/** How Graph's accounts of changes are used. */
export interface Tracking {
  /** What the last snapshot left behind, by type; a type without is read whole. */
  readonly trails: ReadonlyMap<string, Trail>;
  /** The last backup, where any type is not read whole. */
  readonly before: PartialState | undefined;
  /** Why types are read whole though the last snapshot left something behind of them, by type. */
  readonly whole: ReadonlyMap<string, string>;
  /** Receives why a type is read whole, where it was not asked for. */
  readonly note: (type: ObjectType, reason: string) => void;
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
  /** Only what has changed is read, where that is known, and the state holds only that of the types in `followed`. */
  readonly tracking?: Tracking;
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
  /** Where changes were tracked: what is left behind for the next snapshot, by type. */
  readonly trails?: ReadonlyMap<string, Trail>;
  /** Names of types of which only what has changed was read: everything else of them is as in the backup before. */
  readonly followed?: ReadonlySet<string>;
}
