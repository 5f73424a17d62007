/** HTTP exchanges with Graph: each waits for its turn, is sent with a token, and is repeated where that is right. */

import { randomUUID } from 'node:crypto';
import { isJsonObject, type Json } from '../model/json.js';
import { Failure } from '../model/problem.js';
import { createGovernor, type Governor, type HeaderSource } from './governor.js';
import { judge, retryAfter, type Trial, UNTRIED, type Verdict } from './retry.js';
import { createTime, type Sleep, type Time } from './time.js';
import type { GraphAnswer, GraphError, GraphRequest, Outcome, TokenSource } from './types.js';

export interface HttpOptions {
  readonly root: string;
  /** A bearer token, asked for at each request; and another one when Graph refused it. */
  readonly token: TokenSource;
  readonly fetch?: typeof fetch;
  /** Aborted: reads in flight are given up; writes are finished, because their outcome must be known. */
  readonly signal?: AbortSignal;
  /** `knowngood/1.2.3`, told with every request. */
  readonly userAgent?: string;
  /** Reads of no hurry: Graph throttles them first, and others' requests last. */
  readonly background?: boolean;
  /** Waits; injected so that tests need not. */
  readonly sleep?: Sleep;
  /** Milliseconds of any clock; injected together with `sleep`. */
  readonly clock?: () => number;
  readonly random?: () => number;
}

/** One request that was sent once: what came back, or why nothing did. */
export interface Attempt {
  readonly answer: GraphAnswer | undefined;
  /** The refusal, or the failure to get an answer. */
  readonly error: GraphError | undefined;
  readonly headers: HeaderSource;
  /** The token that went with it. */
  readonly token: string;
}

export interface Http {
  readonly time: Time;
  readonly governor: Governor;
  /** Headers that every request carries, an item of a batch too. */
  readonly headers: Readonly<Record<string, string>>;
  /** What ends the waiting of a request like this: the person's signal, for reads. */
  signalOf(request: GraphRequest): AbortSignal | undefined;
  /** Sends one request until it has an outcome. */
  send(request: GraphRequest): Promise<Outcome>;
  /** Sends one request once; its turn must have come. */
  once(request: GraphRequest): Promise<Attempt>;
  /** What to do about a failed request; asks for another token where that may help. */
  decide(request: GraphRequest, error: GraphError, trial: Trial, refused: Refused): Promise<Verdict>;
}

/** Where a refusal was found. */
export type Refused = Pick<Attempt, 'headers' | 'token'>;

const TIMEOUT_MS = 120_000;
const NO_HEADERS: HeaderSource = { get: () => null };

/** Opens the way to one Graph root. Nothing is sent yet. */
export function createHttp(options: HttpOptions): Http {
  const time = createTime(options.clock, options.sleep);
  const random = options.random ?? Math.random;
  const governor = createGovernor(time, random, options.background);
  let answered = false;

  const http: Http = {
    time,
    governor,
    headers: {
      prefer: 'include-unknown-enum-members',
      ...(options.background === true ? { 'x-ms-throttle-priority': 'Low' } : {}),
    },
    signalOf: ({ method }) => (method === 'GET' ? options.signal : undefined),
    async once(request) {
      const attempt = await exchange(options, http.headers, request, answered);
      if (attempt.answer !== undefined) {
        answered = true;
        governor.pace(attempt.headers);
      }
      return attempt;
    },
    async decide(request, error, trial, { headers, token }) {
      if (http.signalOf(request)?.aborted === true) return { next: 'end' };
      const at = { now: time.now(), asked: retryAfter(headers), answered, random: random() };
      const verdict = judge(request, error, trial, at);
      if (verdict.next === 'end' || !verdict.renew) return verdict;
      const claims = claimsIn(headers);
      const other = await options
        .token({ refused: token, ...(claims === undefined ? {} : { claims }) })
        .catch(() => token);
      return other === token ? { next: 'end' } : verdict;
    },
    async send(request) {
      const signal = http.signalOf(request);
      for (let trial = UNTRIED; ; ) {
        const [charges = []] = await governor.admit([request], signal);
        const attempt = await http.once(request);
        if (attempt.answer !== undefined) governor.hear(request, charges, attempt.answer, attempt.headers);
        if (attempt.error === undefined && attempt.answer !== undefined)
          return { ok: true, answer: attempt.answer, ...(trial === UNTRIED ? {} : { retried: true }) };
        const error = attempt.error ?? NO_ANSWER;
        const verdict = await http.decide(request, error, trial, attempt);
        if (verdict.next === 'end') return { ok: false, error };
        if (verdict.wait > 0) await time.sleep(verdict.wait, signal);
        trial = verdict.trial;
      }
    },
  };
  return http;
}

const NO_ANSWER: GraphError = { status: 0, code: 'NoAnswer', message: '' };

/** The refusal in an answer, or undefined when it is a success. */
export function errorOf(answer: GraphAnswer, headers: HeaderSource = NO_HEADERS): GraphError | undefined {
  if (answer.status < 400) return undefined;
  const error = isJsonObject(answer.body) && isJsonObject(answer.body.error) ? answer.body.error : {};
  const requestId = headers.get('request-id') ?? undefined;
  return {
    status: answer.status,
    code: typeof error.code === 'string' && error.code !== '' ? error.code : 'UnknownError',
    message: typeof error.message === 'string' ? error.message : '',
    ...(requestId === undefined ? {} : { requestId }),
    ...(claimsIn(headers) === undefined ? {} : { claimsChallenge: true }),
  };
}

/**
 * The claims that a refusal asks for, as JSON text: "Claims challenges, claims requests and client capabilities" puts them
 * in WWW-Authenticate, encoded with base64. Undefined when it asks for none.
 */
export function claimsIn(headers: HeaderSource): string | undefined {
  const [, encoded] = /\bclaims="([A-Za-z0-9+/_=-]+)"/.exec(headers.get('www-authenticate') ?? '') ?? [];
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8');
}

function signalFor(options: HttpOptions, request: GraphRequest): AbortSignal {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  return options.signal === undefined || request.method !== 'GET'
    ? timeout
    : AbortSignal.any([timeout, options.signal]);
}

async function exchange(
  options: HttpOptions,
  headers: Readonly<Record<string, string>>,
  request: GraphRequest,
  answered: boolean,
): Promise<Attempt> {
  let token = '';
  try {
    token = await options.token();
  } catch (cause) {
    // Before anything was done, the command line says it best; later, what was done must be told.
    if (cause instanceof Failure && !answered) throw cause;
    const message = cause instanceof Failure ? cause.message : 'There is no token for Microsoft Graph.';
    return { answer: undefined, error: { status: 0, code: 'NoToken', message }, headers: NO_HEADERS, token };
  }
  try {
    const response = await (options.fetch ?? fetch)(`${options.root}/${request.version}${request.path}`, {
      method: request.method,
      redirect: 'error',
      signal: signalFor(options, request),
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        'client-request-id': randomUUID(),
        ...headers,
        ...(options.userAgent === undefined ? {} : { 'user-agent': options.userAgent }),
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    });
    const text = await response.text();
    const body = text === '' ? undefined : bodyOf(text, response.status);
    const answer = { status: response.status, body };
    return { answer, error: errorOf(answer, response.headers), headers: response.headers, token };
  } catch (cause) {
    return { answer: undefined, error: networkError(cause), headers: NO_HEADERS, token };
  }
}

/** Gateways on the way answer with HTML; what they refuse or cannot do is said by the status. No other answer is believed. */
function bodyOf(text: string, status: number): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    if (status >= 500 || status === 401 || status === 429) return undefined;
    throw cause;
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
