/** How an error is told: as text on stderr, or as one JSON document on stdout. */

import { isWriteError, reasonOf } from '../model/file-errors.js';
import { Failure } from '../model/problem.js';
import { escapeTerminal } from '../report/escape.js';

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
 * With a width, longer lines are folded between words; what stands in quotes stays in one piece, to be copied.
 */
export function errorText(failure: Failure, colour: boolean, width = Number.POSITIVE_INFINITY): string {
  const paint = (code: string, text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const lines = [['Error:', '1;31', `${escapeTerminal(failure.message)} (${failure.code})`]];
  if (failure.where !== undefined) lines.push(['  where:', '2', escapeTerminal(failure.where)]);
  if (failure.remedy !== undefined) lines.push(['  do:', '2', escapeTerminal(failure.remedy)]);
  const code = `(${failure.code})`;
  return lines
    .map(([head = '', tone = '', text = '']) => {
      const folded = (width === Number.POSITIVE_INFINITY ? `${head} ${text}` : fold(`${head} ${text}`, width)).slice(
        head.length,
      );
      return paint(tone, head) + (tone === '2' ? folded : folded.slice(0, -code.length) + paint('2', code));
    })
    .join('\n');
}

const UNFOLDED = /(?:`[^`]*`|"[^"]*"|\S)+/g;

function fold(line: string, width: number): string {
  const indent = /^ */.exec(line)?.[0] ?? '';
  let text = indent;
  let used = indent.length;
  for (const [index, word] of (line.match(UNFOLDED) ?? []).entries()) {
    if (index > 0 && used + 1 + word.length > width) {
      text += `\n${indent}    ${word}`;
      used = indent.length + 4 + word.length;
    } else {
      text += index === 0 ? word : ` ${word}`;
      used += word.length + (index === 0 ? 0 : 1);
    }
  }
  return text;
}

/** The stack of what went wrong, and of what caused it; for KNOWNGOOD_DEBUG only. */
export function stackOf(error: unknown): string {
  const stacks: string[] = [];
  for (let next: unknown = error; next !== undefined && stacks.length < 5; ) {
    stacks.push(next instanceof Error ? (next.stack ?? String(next)) : String(next));
    next = next instanceof Error ? next.cause : undefined;
  }
  return stacks.map((stack) => stack.split('\n').map(escapeTerminal).join('\n')).join('\ncaused by: ');
}
