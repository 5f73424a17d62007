/** A bug to seed: the first occurrence of `from` in `file` becomes `to`, and one of `tests` must go red. */
export interface SeededBug {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly tests: readonly string[];
}

export declare const bugs: readonly SeededBug[];
