/** What `knowngood doctor` found. Its JSON Schema is schemas/output/doctor.json. */

/**
 * `failed`: keeps backups or recovery from working. `warning`: works, and is dangerous or not whole. `unknown`: cannot be
 * told from here, which is no verdict.
 */
export type CheckStatus = 'ok' | 'warning' | 'failed' | 'unknown';

export const CHECK_STATUSES: readonly CheckStatus[] = ['ok', 'warning', 'failed', 'unknown'];

/** What a check is about, in the order in which they are shown. */
export const CHECK_AREAS = ['here', 'tenant', 'backup', 'recovery', 'protection'] as const;

export type CheckArea = (typeof CHECK_AREAS)[number];

export interface Check {
  /** Stable: programs may look for it. */
  readonly id: string;
  readonly area: CheckArea;
  readonly title: string;
  readonly status: CheckStatus;
  /** What was found, in sentences. */
  readonly message: string;
  /** The code of an error, where one is what was found. */
  readonly code?: string;
  /** What to do; absent where there is nothing. */
  readonly remedy?: string;
  /** Facts, one by one: names, permissions. */
  readonly details?: readonly string[];
}

/** Who signs in, as far as the environment and the token tell. */
export interface SignedIn {
  /** `secret`, `github` …; null for a sandbox, where nobody signs in. */
  readonly kind: string | null;
  /** Why in this way. */
  readonly because: string | null;
  /** Whether the token is of an application or of a person; null where it does not say. */
  readonly who: 'app' | 'person' | null;
  readonly appId: string | null;
  /** Of the application or the person. */
  readonly name: string | null;
  /** Id of the service principal or the user. */
  readonly objectId: string | null;
  /** When the token ends. */
  readonly expires: string | null;
  /** Permissions that the token says it has; null where it does not say. */
  readonly permissions: readonly string[] | null;
}

export interface PermissionRow {
  /** Graph's name of the type. */
  readonly name: string;
  readonly title: string;
  readonly read: PermissionNeed;
  /** Null where nothing of the type is ever written. */
  readonly write: PermissionNeed | null;
}

export interface PermissionNeed {
  /** Least permissions, all of them. */
  readonly needed: readonly string[];
  /** Those that the identity does not have, nor one that includes them; null where that cannot be told. */
  readonly missing: readonly string[] | null;
}

export interface DoctorReport {
  readonly format: 1;
  readonly kind: 'doctor';
  readonly tool: string;
  readonly checkedAt: string;
  readonly tenant: { readonly id: string; readonly name: string | null; readonly cloud: string };
  readonly reading: SignedIn;
  /** Null where `apply` signs in as everything else does. */
  readonly writing: SignedIn | null;
  readonly permissions: readonly PermissionRow[];
  readonly checks: readonly Check[];
  readonly counts: Readonly<Record<CheckStatus, number>>;
}
