/** How an error is told: as text on stderr, or as one JSON document on stdout. */

import { isWriteError, reasonOf } from '../model/file-errors.js';
import { Failure } from '../model/problem.js';
import { escapeTerminal } from '../report/escape.js';
import { paint, type Span, span, together, whole, wrap } from '../report/lines.js';

export interface ErrorDocument {
  readonly format: 1;
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly where: string | null;
    readonly remedy: string | null;
  };
}

/** An error nobody expected: a fault of this program, or of the machine it runs on. */
export const UNEXPECTED = 'KG000';
/** The person pressed Ctrl-C. */
export const INTERRUPTED = 'KG009';
/** A file cannot be written. */
const UNWRITTEN = 'KG151';
/** The sandbox cannot be made or started. */
const SANDBOX = 'KG174';

/** Any thrown value as a Failure. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (isSandboxError(error)) {
    return new Failure({ code: SANDBOX, message: error.message, remedy: error.remedy, cause: error });
  }
  if (isWriteError(error)) {
    return new Failure({
      code: UNWRITTEN,
      message: `A file or folder cannot be written: ${reasonOf(error)}.`,
      ...(typeof error.path === 'string' ? { where: error.path } : {}),
      remedy: 'Check that there is room, and that you may write there.',
      cause: error,
    });
  }
  const message = error instanceof Error ? error.message || error.name : String(error);
  return new Failure({
    code: UNEXPECTED,
    message: `Unexpected error: ${message}`,
    remedy: 'Run it again with KNOWNGOOD_DEBUG=1 for details; if it stays, report it with them.',
    cause: error,
  });
}

/** Known by its name: whoever tells an error need not load the sandbox. */
function isSandboxError(error: unknown): error is Error & { readonly remedy: string } {
  return error instanceof Error && error.name === 'SandboxError' && 'remedy' in error;
}

export function errorDocument(failure: Failure): ErrorDocument {
  return {
    format: 1,
    error: {
      code: failure.code,
      message: failure.message,
      where: failure.where ?? null,
      remedy: failure.remedy ?? null,
    },
  };
}

/**
 * ```
 * Error: knowngood.yaml has no tenant. (KG103)
 *   where: knowngood.yaml:1:1
 *   do: Add a line like "tenant: sandbox".
 * ```
 *
 * With a width, longer lines are folded between words; what stands in quotes, to be copied, stays in one piece.
 */
export function errorText(failure: Failure, color: boolean, width?: number): string {
  const line = (indent: number, head: Span, text: string, ...end: Span[]) => {
    const spans = [
      head,
      span(' '),
      ...text.split(QUOTED).map((part, at) => (at % 2 === 1 ? together(part) : span(part))),
    ];
    return width === undefined ? whole(indent, ...spans, ...end) : wrap(indent, ...spans, ...end);
  };
  const lines = [line(0, span('Error:', 'error'), failure.message, span(` (${failure.code})`, 'dim'))];
  if (failure.where !== undefined) lines.push(line(2, span('where:', 'dim'), failure.where));
  if (failure.remedy !== undefined) lines.push(line(2, span('do:', 'dim'), failure.remedy));
  return paint(lines, { color, width: width ?? 80 }).trimEnd();
}

const QUOTED = /(`[^`]*`|"[^"]*")/;

/** The stack of what went wrong, and of what caused it; for KNOWNGOOD_DEBUG only. */
export function stackOf(error: unknown): string {
  const stacks: string[] = [];
  for (let next: unknown = error; next !== undefined && stacks.length < 5; ) {
    stacks.push(next instanceof Error ? (next.stack ?? String(next)) : String(next));
    next = next instanceof Error ? next.cause : undefined;
  }
  return stacks.map((stack) => stack.split('\n').map(escapeTerminal).join('\n')).join('\ncaused by: ');
}
