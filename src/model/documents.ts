/**
 * The neutral documents that use cases return and `report/` renders: everything a human view shows is in here, so
 * `--json` knows no less than the terminal. Their JSON Schemas are under schemas/output/.
 */

import type { Captured, Coverage } from './coverage.js';
import type { Json } from './json.js';
import type { ObjectKey } from './object.js';
import type { Blocked, Kept, ObjectActionKind, PlanSummary, Scope } from './plan.js';
import type { Problem } from './problem.js';

/** One side of a comparison. */
export interface StateReference {
  /** `live`: read from Graph just now. `backup`: a commit made by `snapshot`. `commit`: any other commit. */
  readonly kind: 'live' | 'backup' | 'commit';
  /** Full commit id; absent for the live tenant. */
  readonly commit?: string;
  readonly captured?: Captured;
}

/** One differing value, as deep inside the property as the difference is: `conditions.users.excludeUsers`. */
export interface ReportedValue {
  readonly path: string;
  /** Absent where there is no such member on that side, or where it is not trusted (an object in the recycle bin). */
  readonly live?: Json;
  readonly desired?: Json;
  /** For sets: the items only desired, and those only live. */
  readonly add?: readonly Json[];
  readonly remove?: readonly Json[];
}

export interface ReportedLinks {
  readonly link: string;
  /** Target ids; names are in the document's `names`. */
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/** One object that recovery would act on. */
export interface ReportedChange {
  readonly object: ObjectKey;
  readonly label: string;
  /** What it needs; `links` when only links differ. */
  readonly action: ObjectActionKind | 'links';
  readonly values: readonly ReportedValue[];
  readonly links: readonly ReportedLinks[];
}

export interface DifferenceReport {
  readonly format: 1;
  readonly kind: 'difference-report';
  readonly tenant: string;
  readonly desired: StateReference;
  readonly live: StateReference;
  readonly coverage: { readonly desired?: Coverage; readonly live?: Coverage };
  readonly scope: Scope;
  readonly summary: PlanSummary;
  /** In order of type and object. */
  readonly changes: readonly ReportedChange[];
  readonly blocked: readonly Blocked[];
  readonly kept: readonly Kept[];
  readonly problems: readonly Problem[];
  /** Names of the ids that occur in values and links, where they are known. */
  readonly names: Readonly<Record<string, string>>;
}

export interface SnapshotResult {
  readonly format: 1;
  readonly kind: 'snapshot';
  readonly tenant: string;
  readonly commit: string;
  /** Tree id of `tenant-state/`. */
  readonly tree: string;
  readonly branch: string;
  readonly subject: string;
  readonly captured: Captured;
  readonly changes: SnapshotChanges;
  /** Whether everything was read, or of some types only what had changed. */
  readonly read: 'full' | 'incremental';
  /** Why something was read that need not have been. */
  readonly problems: readonly Problem[];
  readonly coverage: Coverage;
}

/** What a backup changed against the backup before it. */
export interface SnapshotChanges {
  readonly added: number;
  readonly updated: number;
  /** Went to the recycle bin. */
  readonly softDeleted: number;
  /** Came back from the recycle bin. */
  readonly restored: number;
  /** Left the tree: aged out of, or purged from, the recycle bin. */
  readonly removed: number;
  /** Edges that are new. */
  readonly linksAdded: number;
  /** Edges that are gone; those with an end in the recycle bin are, too. */
  readonly linksRemoved: number;
}

export interface BackupList {
  readonly format: 1;
  readonly kind: 'backups';
  readonly branch: string;
  /** Newest first. */
  readonly backups: readonly BackupSummary[];
}

export interface BackupSummary {
  readonly commit: string;
  readonly subject: string;
  readonly captured: Captured;
  readonly tenant: string;
  /** Objects by type. */
  readonly objects: Readonly<Record<string, number>>;
  readonly coverage: Coverage;
}

export type ActionOutcome = 'done' | 'skipped' | 'failed' | 'not-run';

/** What became of one action of a plan. */
export interface ActionResult {
  readonly n: number;
  readonly outcome: ActionOutcome;
  /** Why it was skipped, or how it failed; absent when done. */
  readonly reason?: string;
  /** Properties that Graph refused while the rest was written. */
  readonly refused?: readonly { readonly path: string; readonly reason: string }[];
  /** True when nothing had to be written: the link had come back with a restored object, or all was as planned already. */
  readonly alreadyThere?: true;
}

export interface ApplyResult {
  readonly format: 1;
  readonly kind: 'apply';
  readonly plan: string;
  readonly tenant: string;
  readonly started: string;
  readonly ended: string;
  readonly status: 'complete' | 'incomplete' | 'stale' | 'interrupted';
  readonly counts: {
    readonly restored: number;
    readonly recreated: number;
    readonly updated: number;
    readonly softDeleted: number;
    readonly linksAdded: number;
    readonly linksRemoved: number;
    readonly failed: number;
    readonly skipped: number;
  };
  /** Requests that changed the tenant. */
  readonly writes: number;
  /** Every action that was not simply done. */
  readonly results: readonly (ActionResult & {
    readonly object: ObjectKey;
    readonly label: string;
    readonly action: string;
  })[];
  /** What was found when everything touched was read again and planned again; absent when nothing was written. */
  readonly verification?: {
    readonly objectsRead: number;
    /** What still differs and is neither blocked, kept, skipped nor failed. */
    readonly remaining: readonly { readonly object: ObjectKey; readonly label: string; readonly path: string }[];
    readonly problems: readonly Problem[];
  };
  /** Commit on `recoveries` that records it; absent when nothing was written. */
  readonly recorded?: string;
}

/** One line of progress of long work; shown on stderr when it takes longer than a second. */
export interface Progress {
  /** What is being done: `Reading users`. */
  readonly what: string;
  readonly done: number;
  /** Absent while it is not known. */
  readonly total?: number;
  /** The part used of the writes that Graph allows, where it limits them. */
  readonly budgetUsed?: number;
  /** What is left takes at least so long, because of Graph's limits. */
  readonly leastSeconds?: number;
}

export type OnProgress = (progress: Progress) => void;
