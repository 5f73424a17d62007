/** What is wrong with the files of a state repository. Its JSON Schema is schemas/output/validation.json. */

import type { Severity } from './problem.js';

export interface ValidationReport {
  readonly format: 1;
  readonly kind: 'validation';
  /** Full id of the commit whose files were checked; absent for those of the work tree. */
  readonly commit?: string;
  /** How many files were checked. */
  readonly files: number;
  readonly counts: { readonly errors: number; readonly warnings: number; readonly notes: number };
  /** In order of file, line and column. */
  readonly problems: readonly FileProblem[];
}

/** Rules that files are held against, beside the keywords of their schema. */
export type FileRule =
  | 'yaml'
  | 'duplicate-key'
  | 'schema'
  | 'identity'
  | 'place'
  | 'canonical'
  | 'unknown'
  | 'names'
  | 'missing'
  | 'unmanaged';

export interface FileProblem {
  /** From the root of the repository. */
  readonly file: string;
  /** From 1; absent where it is about the file as a whole. */
  readonly line?: number;
  readonly column?: number;
  /**
   * `error`: the file cannot be used as it is. `warning`: it can, with care. `note`: it means what it should, or what is
   * said.
   */
  readonly severity: Severity;
  /** `KG…`, see docs/problems.md. */
  readonly code: string;
  /** `schema` is followed by the keyword: `schema: enum`. */
  readonly rule: string;
  /** The value concerned, `conditions.users.includeUsers.0`; absent where it is the whole file. */
  readonly path?: string;
  readonly message: string;
  readonly remedy: string;
}
