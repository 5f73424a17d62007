/**
 * One HTTP exchange with Graph, and when to repeat it. Facts: throttling and retriable statuses are those of
 * "Microsoft Graph throttling guidance" and "Microsoft Graph error responses"; Retry-After may be seconds (also
 * decimals) or a date.
 */

import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { isJsonObject, type Json } from '../model/json.js';
import type { GraphAnswer, GraphError, GraphRequest, Outcome } from './types.js';

export interface HttpOptions {
  readonly root: string;
  /** A bearer token, asked for at each request. */
  readonly token: () => Promise<string>;
  readonly fetch?: typeof fetch;
  /** Aborted: reads in flight are given up; writes are finished, because their outcome must be known. */
  readonly signal?: AbortSignal;
  /** Waits; injected so that tests need not. */
  readonly sleep?: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

export interface Exchange {
  readonly answer: GraphAnswer;
  readonly headers: Headers;
}

const ATTEMPTS = 6;
/** As long as nothing has ever answered, it is more likely the wrong address than a passing fault. */
const FIRST_ATTEMPTS = 3;
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;
const TIMEOUT_MS = 120_000;
/** Statuses after which the same request may be sent again, for every method: what makes an edge is read back. */
const RETRIABLE = new Set([0, 408, 429, 500, 502, 503, 504, 509]);

/** Sends requests one at a time. `send` retries; what Graph finally refuses is an outcome. */
export function createHttp(options: HttpOptions): {
  send(request: GraphRequest): Promise<Outcome & { readonly headers?: Headers }>;
  pause(milliseconds: number): Promise<void>;
} {
  const pause = options.sleep ?? wait;
  let answered = false;
  return {
    pause,
    async send(request) {
      for (let attempt = 1; ; attempt += 1) {
        const exchange = await exchangeOnce(options, request);
        if ('answer' in exchange) answered = true;
        const error = 'error' in exchange ? exchange.error : errorOf(exchange.answer, exchange.headers);
        if (error === undefined && 'answer' in exchange) return { ok: true, ...exchange };
        const last = attempt === (answered ? ATTEMPTS : FIRST_ATTEMPTS) || options.signal?.aborted === true;
        if (error === undefined || !RETRIABLE.has(error.status) || last) {
          return { ok: false, error: error ?? { status: 0, code: 'NoAnswer', message: '' } };
        }
        const milliseconds = waitOf('headers' in exchange ? exchange.headers.get('retry-after') : null, attempt);
        await pause(milliseconds, request.method === 'GET' ? options.signal : undefined);
      }
    },
  };
}

/** Waits, or until the signal. */
async function wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, signal === undefined ? {} : { signal }).catch((cause: unknown) => {
    if (signal?.aborted !== true) throw cause;
  });
}

/** How long to wait before the next attempt, in milliseconds: as Graph asks, else exponentially with jitter. */
export function waitOf(retryAfter: string | null, attempt: number, now: number = Date.now()): number {
  const jitter = Math.random() * FIRST_DELAY_MS;
  if (retryAfter !== null) {
    const seconds = Number(retryAfter);
    const asked = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(retryAfter) - now;
    if (Number.isFinite(asked)) return Math.max(0, asked) + jitter;
  }
  return Math.min(FIRST_DELAY_MS * 2 ** (attempt - 1), LONGEST_DELAY_MS) + jitter;
}

/** The refusal in an answer, or undefined when it is a success. */
export function errorOf(answer: GraphAnswer, headers?: { get(name: string): string | null }): GraphError | undefined {
  if (answer.status < 400) return undefined;
  const error = isJsonObject(answer.body) && isJsonObject(answer.body.error) ? answer.body.error : {};
  const requestId = headers?.get('request-id') ?? undefined;
  return {
    status: answer.status,
    code: typeof error.code === 'string' && error.code !== '' ? error.code : 'UnknownError',
    message: typeof error.message === 'string' ? error.message : '',
    ...(requestId === undefined ? {} : { requestId }),
  };
}

function signalFor(options: HttpOptions, request: GraphRequest): AbortSignal {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  return options.signal === undefined || request.method !== 'GET'
    ? timeout
    : AbortSignal.any([timeout, options.signal]);
}

async function exchangeOnce(options: HttpOptions, request: GraphRequest): Promise<Exchange | { error: GraphError }> {
  try {
    const response = await (options.fetch ?? fetch)(`${options.root}/${request.version}${request.path}`, {
      method: request.method,
      redirect: 'error',
      signal: signalFor(options, request),
      headers: {
        authorization: `Bearer ${await options.token()}`,
        accept: 'application/json',
        prefer: 'include-unknown-enum-members',
        'client-request-id': randomUUID(),
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    });
    const text = await response.text();
    const body = text === '' ? undefined : (JSON.parse(text) as Json);
    return { answer: { status: response.status, body }, headers: response.headers };
  } catch (cause) {
    return { error: networkError(cause) };
  }
}

/** What network errors mean, by their code. */
const NETWORK: readonly (readonly [RegExp, string])[] = [
  [
    /CERT|SELF_SIGNED|UNABLE_TO_VERIFY/,
    'The certificate is not trusted; NODE_EXTRA_CA_CERTS=FILE adds a private authority.',
  ],
  [/^ECONNREFUSED$/, 'Nothing answers there.'],
  [/^(?:ENOTFOUND|EAI_AGAIN)$/, 'The name of the host is not known.'],
  [/^(?:TimeoutError|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/, 'There was no answer in time.'],
];

/** What went wrong below HTTP, without the address: it could hold credentials. */
function networkError(cause: unknown): GraphError {
  if (cause instanceof SyntaxError)
    return { status: 0, code: 'InvalidJson', message: 'The answer was not whole JSON.' };
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const { code } = inner as { code?: unknown };
  const known = typeof code === 'string' ? code : inner instanceof Error ? inner.name : 'Error';
  const [, message = 'Microsoft Graph could not be reached, or the answer was cut short.'] =
    NETWORK.find(([shape]) => shape.test(known)) ?? [];
  return { status: 0, code: known, message };
}
