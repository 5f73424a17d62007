/** The plan file: what `plan` writes, a person reviews and `apply` does. Its JSON Schema is schemas/output/plan.json. */

import type { Captured, Coverage } from './coverage.js';
import type { Json } from './json.js';
import type { ObjectKey } from './object.js';
import type { Problem } from './problem.js';

/**
 * Phases in order of execution. `loosen`: gates that let people in again; `objects`: everything that is not a gate;
 * `links`: additions, then removals; `tighten`: gates that keep people out; `delete`: soft-deletes in reverse rank.
 */
export const PHASES = ['loosen', 'objects', 'links', 'tighten', 'delete'] as const;
export type Phase = (typeof PHASES)[number];

/** One property of an action: the value to write, and the value it must still have for the action to hold. */
export interface PlannedValue {
  readonly path: string;
  /** The live value the plan was made from; absent in a restore, which is judged after the object came back. */
  readonly live?: Json;
  readonly desired: Json;
}

export interface PlannedLink {
  readonly link: string;
  readonly target: string;
}

export type ObjectActionKind = 'restore' | 'update' | 'soft-delete';
export type LinkActionKind = 'link' | 'unlink';

/** A link of another object that leads to the one in question. */
export interface LinkedFrom {
  readonly object: ObjectKey;
  readonly link: string;
}

/** A step on one object. Steps of equal phase and rank do not depend on each other. */
export interface ObjectAction {
  readonly n: number;
  readonly phase: Phase;
  readonly rank: number;
  readonly action: ObjectActionKind;
  readonly object: ObjectKey;
  readonly label: string;
  /** What to write, in schema order; empty for a soft-delete. */
  readonly set: readonly PlannedValue[];
  /**
   * Restore only: the complete desired links of the object. It is read after it came back, and brought to exactly
   * these: an object comes back with the links it had when it was deleted. Absent where the desired links are not known:
   * the object keeps those it comes back with.
   */
  readonly links?: readonly PlannedLink[];
  /**
   * Restore only: links of other objects that lead to this one at the desired commit, and that Graph is believed to bring
   * back. Each is looked at when the object is back, and added where it is missing.
   */
  readonly linkedFrom?: readonly LinkedFrom[];
}

export interface LinkAction {
  readonly n: number;
  readonly phase: Phase;
  readonly action: LinkActionKind;
  readonly object: ObjectKey;
  readonly label: string;
  /** Name of a link of the object, or of a type of edges that it owns. */
  readonly link: string;
  /** Id of the target; of an edge, its key within its type. */
  readonly target: string;
  readonly targetLabel: string;
  /** What an edge that is to be made holds; absent for other links. */
  readonly set?: readonly PlannedValue[];
  /** True when owner or target comes back by a restore of this plan: the link may have come back with it. */
  readonly conditional?: true;
}

export type Action = ObjectAction | LinkAction;

/** A difference that Graph cannot recover, why, and what a person can do. */
export interface Blocked {
  readonly object: ObjectKey;
  readonly label: string;
  /** The property or link concerned; absent when it is the whole object. */
  readonly path?: string;
  /** Id of what is missing, where a link or an edge cannot be made because of it. */
  readonly target?: string;
  /** Values of the property on each side, where there is one. */
  readonly live?: Json;
  readonly desired?: Json;
  readonly code: string;
  readonly reason: string;
  readonly remedy: string;
}

/** An object that only a delete would remove, left alone because deletes were not asked for. */
export interface Kept {
  readonly object: ObjectKey;
  readonly label: string;
  /** `created`: absent at the desired commit. `restored`: in the recycle bin at the desired commit. */
  readonly since: 'created' | 'restored';
  /** What it is now, as far as that can be said in a word: whether it is enabled, how many credentials it has. */
  readonly facts?: readonly KeptFact[];
}

/** A property of an object that was left alone: its live value, or how many items it has. */
export interface KeptFact {
  readonly path: string;
  readonly value?: Json;
  readonly count?: number;
}

/** What the person asked to be considered. Empty lists mean everything. */
export interface Scope {
  readonly types: readonly string[];
  readonly targets: readonly ObjectKey[];
  /** Objects that are left alone whatever else is asked for, and with them links and edges that lead to them or are theirs. */
  readonly exclude: readonly ObjectKey[];
  /** Types whose objects may be soft-deleted; `*` for all. */
  readonly allowDelete: readonly string[];
}

export interface PlanSummary {
  readonly restore: number;
  readonly recreate: number;
  readonly update: number;
  readonly softDelete: number;
  readonly link: number;
  readonly unlink: number;
  readonly blocked: number;
  readonly kept: number;
}

/** The least time in which Graph lets a plan be applied, by its published limits. */
export interface LeastTime {
  readonly seconds: number;
  /** The same if every few references that one request adds count as a write; absent when that makes no difference. */
  readonly secondsIfReferencesCount?: number;
}

/** Everything of a plan that follows from its inputs; its hash is the plan's id. */
export interface PlanContent {
  readonly format: 1;
  readonly tool: string;
  readonly tenant: string;
  readonly requestedBy: string;
  /** `backup`: where the commit is none, but was made from one by a person or a merge that changed its state. */
  readonly desired: { readonly commit: string; readonly captured: Captured; readonly backup?: string };
  /** `tree`: git tree id of the live state's `tenant-state/`. */
  readonly live: { readonly tree: string; readonly captured: Captured };
  /** Digest of the schemas the plan was made with. */
  readonly schemas: string;
  readonly coverage: { readonly desired: Coverage; readonly live: Coverage };
  readonly scope: Scope;
  readonly summary: PlanSummary;
  /** Absent where it is a few seconds, or nothing limits requests: in a sandbox without limits. */
  readonly least?: LeastTime;
  readonly actions: readonly Action[];
  readonly blocked: readonly Blocked[];
  readonly kept: readonly Kept[];
  readonly problems: readonly Problem[];
  /** Names of the ids that occur in values and links, where they are known: the plan is read without the tenant. */
  readonly names: Readonly<Record<string, string>>;
}

export interface Plan extends PlanContent {
  /** SHA-256 of the canonical content without `id` and `createdAt`: equal inputs give equal plans. */
  readonly id: string;
  readonly createdAt: string;
}

export function isLinkAction(action: Action): action is LinkAction {
  return action.action === 'link' || action.action === 'unlink';
}
