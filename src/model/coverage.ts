/** What of the tenant was read into a state, and what was not. */

/** Why something is missing from a state: what Graph answered. */
export interface Gap {
  /** `group` for the type's list, `group.members` for a link, `group.deletedItems` for its recycle bin. */
  readonly what: string;
  /** `partial`: some of it was read. `not-collected`: none of it was. */
  readonly status: 'partial' | 'not-collected';
  /** Graph's status and code, or the network error, in one line. */
  readonly reason: string;
  /** How many objects it concerns, where that is known. */
  readonly objects?: number;
  /** When the content that was kept instead was read (UTC, ISO 8601); absent when there was nothing to keep. */
  readonly keptFrom?: string;
}

/** A value that the schema does not describe fully: complex values with undeclared members or unknown enum values. */
export interface Unrecognised {
  readonly object: string;
  /** Paths of the undeclared members, for example `conditions.newCondition`. */
  readonly paths: readonly string[];
}

export interface Coverage {
  /** Types that were asked for, in order, with the number of objects (active and deleted) in the state. */
  readonly types: Readonly<Record<string, number>>;
  readonly gaps: readonly Gap[];
  readonly unrecognised: readonly Unrecognised[];
  /** Objects that the configuration left out: it is not known whether they were there. */
  readonly excluded?: readonly string[];
}

export function isComplete(coverage: Coverage): boolean {
  return coverage.gaps.length === 0;
}

/** An interval in which a state was read (UTC, ISO 8601). */
export interface Captured {
  readonly start: string;
  readonly end: string;
}
