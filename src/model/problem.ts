/** Findings and errors that people read. Codes are stable for ever and listed in docs/problems.md. */

export type Severity = 'note' | 'warning' | 'error';

/** A finding about data: it is returned and shown, never thrown. */
export interface Problem {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly remedy?: string;
  readonly object?: string;
}

/** Exit codes of the command line. */
export const EXIT = {
  done: 0,
  error: 1,
  differences: 2,
  incomplete: 3,
  refused: 4,
  stale: 5,
  interrupted: 130,
} as const;

export interface FailureDetails {
  /** `KG…`, see docs/problems.md. */
  readonly code: string;
  /** What is wrong, in one sentence. */
  readonly message: string;
  /** File, line and column, or the thing concerned. */
  readonly where?: string;
  /** What to do, in one sentence. */
  readonly remedy?: string;
  /** One of EXIT; 1 where it is not given. */
  readonly exit?: number;
  readonly cause?: unknown;
}

/** An error with an answer: the command stops, and the person is told what, where and what to do. */
export class Failure extends Error {
  readonly code: string;
  readonly where: string | undefined;
  readonly remedy: string | undefined;
  readonly exit: number;

  constructor(details: FailureDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'Failure';
    this.code = details.code;
    this.where = details.where;
    this.remedy = details.remedy;
    this.exit = details.exit ?? EXIT.error;
  }
}

/** What a command that only reads says when it was interrupted. */
export function interruption(): Failure {
  return new Failure({ code: 'KG009', message: 'Interrupted. Nothing was changed.', exit: EXIT.interrupted });
}
