/**
 * When a request is sent again, and after how long. Facts: "Microsoft Graph throttling guidance", "Microsoft Graph error
 * responses". A refusal for lack of capacity did nothing, and is waited out by the hour; a fault of the service is borne a
 * few times; what makes something new is never sent again while it may have been made: its caller looks for it first.
 */

import type { GraphError, GraphRequest } from './types.js';

/** What happened to one request so far. */
export interface Trial {
  /** Faults of the service so far. */
  readonly faults: number;
  /** When the first refusal for lack of capacity came; `undefined` before. */
  readonly refusedAt: number | undefined;
  /** Another token was asked for because of this request. */
  readonly renewed: boolean;
}

export const UNTRIED: Trial = { faults: 0, refusedAt: undefined, renewed: false };

export type Verdict =
  | { readonly next: 'end' }
  /** Sent again after so many milliseconds, with another token where it says so. */
  | { readonly next: 'again'; readonly wait: number; readonly trial: Trial; readonly renew: boolean };

const ATTEMPTS = 6;
/** As long as nothing has ever answered, it is more likely the wrong address than a passing fault. */
const FIRST_ATTEMPTS = 3;
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;
/** A longer wait than this is not waited for, nor is lack of capacity longer than that. */
const PATIENCE_MS = 60 * 60 * 1000;

/** Refused before anything was done: too much was asked, or something else was at work on the same object. */
const NOTHING_DONE = new Set([409, 423, 424, 429, 509]);
/** The outcome is not known: the service failed while, or after, it did what was asked. */
const UNCERTAIN = new Set([0, 408, 500, 502, 503, 504]);
/** Failures below HTTP that came before the request went out. */
const NEVER_SENT =
  /^(?:NoToken|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT)$|CERT|SELF_SIGNED|UNABLE_TO_VERIFY/;
const CONCURRENCY = 'Directory_ConcurrencyViolation';

/** Whether doing it twice comes to the same, or is refused the second time: everything but what makes something new. */
export function isRepeatable({ method, path }: GraphRequest): boolean {
  return method !== 'POST' || /\/(?:\$ref|\$batch|restore)$/.test(path.split('?')[0] ?? '');
}

/** Whether a failed request may have been carried out all the same. */
export function isUncertain(error: GraphError): boolean {
  return UNCERTAIN.has(error.status) && !NEVER_SENT.test(error.code);
}

/** What to do after a failure. `answered`: something answered before, at least once. */
export function judge(
  request: GraphRequest,
  error: GraphError,
  trial: Trial,
  at: { readonly now: number; readonly asked: number | undefined; readonly answered: boolean; readonly random: number },
): Verdict {
  if (error.status === 401 && !trial.renewed) {
    return { next: 'again', wait: 0, trial: { ...trial, renewed: true }, renew: true };
  }
  if (error.status === 429) {
    const refusedAt = trial.refusedAt ?? at.now;
    const end = at.now - refusedAt + (at.asked ?? 0) > PATIENCE_MS;
    // The governor knows for how long.
    return end ? { next: 'end' } : { next: 'again', wait: 0, trial: { ...trial, refusedAt }, renew: false };
  }
  const isFault = isUncertain(error) ? isRepeatable(request) : UNCERTAIN.has(error.status) || isPassing(error);
  const faults = trial.faults + 1;
  const wait = waitOf(at.asked, faults, at.random);
  if (!isFault || faults >= (at.answered ? ATTEMPTS : FIRST_ATTEMPTS) || wait > PATIENCE_MS) return { next: 'end' };
  return { next: 'again', wait, trial: { ...trial, faults }, renew: false };
}

function isPassing({ status, code }: GraphError): boolean {
  return NOTHING_DONE.has(status) && (status !== 409 || code === CONCURRENCY);
}

/** Milliseconds before the next attempt: as long as Graph asks, else exponentially longer; `random` from 0 to 1. */
export function waitOf(asked: number | undefined, attempt: number, random: number): number {
  const jitter = random * FIRST_DELAY_MS;
  return (asked ?? Math.min(FIRST_DELAY_MS * 2 ** (attempt - 1), LONGEST_DELAY_MS)) + jitter;
}

/**
 * Milliseconds that an answer asks to wait: seconds, also decimals, or a date, which is held against the date of the same
 * answer where there is one. Undefined when it asks for nothing that can be understood.
 */
export function retryAfter(
  headers: { get(name: string): string | null },
  now: number = Date.now(),
): number | undefined {
  const text = headers.get('retry-after');
  if (text === null) return undefined;
  const seconds = Number(text);
  const sent = Date.parse(headers.get('date') ?? '');
  const asked = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(text) - (Number.isFinite(sent) ? sent : now);
  return Number.isFinite(asked) ? Math.max(0, asked) : undefined;
}
