/**
 * Answers one Graph request: path, body, route, handler, headers, log. The same for a request of its own and for an item
 * of a batch. Nothing here waits, so requests never overlap.
 */
import { randomUUID } from 'node:crypto';
import type { Behaviour } from './behaviour.js';
import { GraphError, malformed } from './errors.js';
import { checkPermitted } from './permits.js';
import type { Journal } from './persistence.js';
import { readCost } from './quirks/limits.js';
import type { GraphAnswer, GraphRequest } from './request.js';
import { findRoute } from './routes.js';
import type { ChangeRecord, Store } from './store.js';
import { binWatch } from './time.js';

export interface Service {
  readonly store: Store;
  readonly journal: Journal;
  readonly clock: () => Date;
  readonly random: () => number;
  readonly behaviour: Behaviour;
  /** Makes a change and notes it for the log. */
  commit(record: ChangeRecord): void;
  /** Removes what has been in a recycle bin for too long. */
  age(): void;
}

/** A request as it came in; `url` is path and query. */
export interface IncomingRequest {
  readonly method: string;
  readonly url: string;
  readonly origin: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Body text, or undefined when there is none. */
  readonly text?: string | undefined;
  /** The body when it is parsed already (items of a batch). */
  readonly body?: unknown;
  /** The text of the bearer token; a batch hands its own to its items. It is never logged. */
  readonly token?: string | undefined;
}

export interface OutgoingAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export function createService(parts: Pick<Service, 'store' | 'journal' | 'clock' | 'random' | 'behaviour'>): Service {
  const { store, journal, clock } = parts;
  const due = binWatch(store);
  let binChanged = true;
  const commit = (record: ChangeRecord) => {
    store.apply(record);
    journal.change(record);
    if (record.op === 'delete') binChanged = true;
  };
  return {
    ...parts,
    commit,
    age() {
      const now = clock();
      const ids = due(now, binChanged);
      binChanged = false;
      for (const id of ids) commit({ op: 'purge', at: now.toISOString(), id });
    },
  };
}

/** Performs one request and logs it. */
export function perform(service: Service, incoming: IncomingRequest): OutgoingAnswer {
  let body: unknown = incoming.body;
  let request: GraphRequest | undefined;
  let answer: GraphAnswer;
  const identity = identify(incoming);
  try {
    if (incoming.text !== undefined) body = parseBody(incoming);
    request = parseRequest(incoming, body);
    service.age();
    const { handler, parameters, path } = findRoute(request.method, request.segments);
    const { store, clock, random, behaviour } = service;
    checkPermitted(store, request, path, parameters);
    // As the native recovery service does: its changes are in no change tracking.
    const unrecorded = incoming.headers['x-knowngood-unrecorded'];
    const commit =
      unrecorded !== undefined ? (record: ChangeRecord) => service.commit({ ...record, unrecorded }) : service.commit;
    answer = handler({ store, request, parameters, clock, random, behaviour, commit });
  } catch (error) {
    answer = errorAnswer(service, identity, error);
  }
  // A text that is no JSON is not logged: nobody can tell what is in it.
  logRequest(service, incoming, body ?? null, answer.status);
  return { status: answer.status, headers: headersOf(identity, request, answer), body: answer.body };
}

/** Writes one line to the request log, with secrets replaced. */
export function logRequest(service: Service, incoming: IncomingRequest, body: unknown, status: number): void {
  const { method, url } = incoming;
  service.journal.request({ time: service.clock().toISOString(), method, url, body: masked(body), status });
}

/** Names of values that are not written down, wherever they are. */
const secrets: ReadonlySet<string> = new Set(['passwordProfile', 'secretText']);

function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, secrets.has(name) ? '***' : masked(each)]),
  );
}

interface Identity {
  readonly requestId: string;
  readonly clientRequestId: string;
}

/** Ids that only label an answer; they are no part of the tenant. */
function identify(incoming: IncomingRequest): Identity {
  const requestId = randomUUID();
  return { requestId, clientRequestId: incoming.headers['client-request-id'] ?? requestId };
}

/** The answer to a request that failed before or in its handler. Source: "Microsoft Graph error responses". */
export function errorAnswer(service: Service, identity: Identity, error: unknown): GraphAnswer {
  const known =
    error instanceof GraphError
      ? error
      : new GraphError(500, 'InternalServerError', `The sandbox failed: ${String(error)}`);
  return {
    status: known.status,
    headers: known.headers,
    body: {
      error: {
        code: known.code,
        message: known.message,
        ...(known.details.length > 0 ? { details: known.details } : {}),
        innerError: {
          date: service.clock().toISOString().slice(0, 19),
          'request-id': identity.requestId,
          'client-request-id': identity.clientRequestId,
        },
      },
    },
  };
}

/** A whole answer for a failure outside of `perform`. */
export function failure(service: Service, incoming: IncomingRequest, error: unknown): OutgoingAnswer {
  const identity = identify(incoming);
  const answer = errorAnswer(service, identity, error);
  return { status: answer.status, headers: headersOf(identity, undefined, answer), body: answer.body };
}

/** A whole answer for something that is no request to one resource (a batch). */
export function success(incoming: IncomingRequest, body: unknown): OutgoingAnswer {
  const answer: GraphAnswer = { status: 200, body };
  return { ...answer, headers: headersOf(identify(incoming), undefined, answer) };
}

const contentType =
  'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8';

/** Headers of an answer. Source: "Microsoft Graph error responses" (request-id), throttling pages (resource units). */
export function headersOf(
  identity: Identity,
  request: GraphRequest | undefined,
  answer: GraphAnswer,
): Record<string, string> {
  return {
    'Cache-Control': 'no-cache',
    'request-id': identity.requestId,
    'client-request-id': identity.clientRequestId,
    'x-ms-resource-unit': String(request ? resourceUnits(request) : 1),
    ...(answer.body === undefined
      ? {}
      : { 'OData-Version': '4.0', 'Content-Type': typeof answer.body === 'string' ? 'text/plain' : contentType }),
    ...answer.headers,
  };
}

/** What a request costs. Source: "Microsoft Graph service-specific throttling limits", identity and access. */
function resourceUnits(request: GraphRequest): number {
  if (request.method !== 'GET') return 1;
  const { segments, query } = request;
  const path = segments.slice(0, 3).map((segment, at) => (at === 1 ? '*' : segment));
  const base = readCost[path.join('/')] ?? 1;
  const top = query.get('$top');
  return Math.max(1, base - (query.has('$select') ? 1 : 0) - (top !== null && Number(top) < 20 ? 1 : 0));
}

function parseRequest(incoming: IncomingRequest, body: unknown): GraphRequest {
  const [path = '', search = ''] = splitUrl(incoming.url);
  const [version, ...segments] = path
    .split('/')
    .filter((segment) => segment !== '')
    .map(decode);
  if (version !== 'v1.0' && version !== 'beta') throw malformed(`Invalid version: ${version ?? ''}`);
  const { method, origin, headers } = incoming;
  const { token = '' } = incoming;
  return { method, version, origin, segments, query: new URLSearchParams(search), headers, body, token };
}

export function splitUrl(url: string): [string, string] {
  const at = url.indexOf('?');
  return at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)];
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw malformed(`Resource not found for the segment '${segment}'.`);
  }
}

/** The JSON body. Throws 400 (words observed). */
export function parseBody(incoming: IncomingRequest): unknown {
  if (!incoming.text) return undefined;
  try {
    if (!/\bapplication\/json\b/i.test(incoming.headers['content-type'] ?? '')) throw new Error('not JSON');
    return JSON.parse(incoming.text);
  } catch {
    throw malformed(
      'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.',
    );
  }
}
