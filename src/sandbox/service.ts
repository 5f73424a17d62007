/**
 * Answers one Graph request: path, body, route, handler, headers, log. The same for a request of its own and for an item
 * of a batch. Nothing here waits, so requests never overlap.
 */
import { randomUUID } from 'node:crypto';
import { type Audit, createAudit } from './audit.js';
import type { Behaviour } from './behaviour.js';
import { initiatorOf } from './caller.js';
import { resourceUnits } from './costs.js';
import { GraphError, malformed } from './errors.js';
import { createFaults, type Faults } from './faults.js';
import { createPageTokens, type PageTokens } from './page-tokens.js';
import { checkPermitted } from './permits.js';
import type { Journal, Visitor } from './persistence.js';
import { createReplicas, type Replicas } from './replicas.js';
import type { GraphAnswer, GraphRequest } from './request.js';
import { findRoute } from './routes.js';
import type { ChangeRecord, Store } from './store.js';
import { createThrottle, type Throttle } from './throttle.js';
import { binWatch } from './time.js';

export interface Service {
  readonly store: Store;
  readonly journal: Journal;
  readonly clock: () => Date;
  readonly random: () => number;
  readonly behaviour: Behaviour;
  /** Time for throttling, lag and page tokens, in milliseconds since any moment; it may run faster than that of `clock`. */
  readonly milliseconds: () => number;
  readonly faults: Faults;
  readonly throttle: Throttle;
  readonly replicas: Replicas;
  readonly pageTokens: PageTokens;
  readonly audit: Audit;
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
  /** Whether it came as an item of a batch. */
  readonly batched?: boolean;
}

export interface OutgoingAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly wire?: Wire;
}

/** What a fault does to an answer on its way. */
export interface Wire {
  /** How late it is, in milliseconds. */
  readonly delay?: number;
  /** The connection breaks before the answer, or in the middle of it. */
  readonly cut?: 'all' | 'half';
}

export type ServiceParts = Pick<Service, 'store' | 'journal' | 'clock' | 'random' | 'behaviour'> &
  Partial<Pick<Service, 'milliseconds'>> & {
    /**
     * Makes another store with everything that was changed so far, and shows each change; needed where `behaviour.lag`
     * is set, and by the audit log.
     */
    readonly copy?: (visit?: Visitor) => Store;
  };

export function createService(parts: ServiceParts): Service {
  const { store, journal, clock, behaviour } = parts;
  const { milliseconds = () => performance.now() * behaviour.speed } = parts;
  const replicas = createReplicas(store, parts.copy, behaviour, milliseconds);
  const audit = createAudit(parts.copy, journal, behaviour, clock);
  const due = binWatch(store);
  let binChanged = true;
  const commit = (record: ChangeRecord) => {
    audit.note(record);
    store.apply(record);
    journal.change(record);
    replicas.note(record);
    if (record.op === 'delete') binChanged = true;
  };
  return {
    ...parts,
    milliseconds,
    faults: createFaults(behaviour.faults, behaviour.seed),
    throttle: createThrottle(store, behaviour, milliseconds),
    replicas,
    audit,
    pageTokens: createPageTokens(behaviour, milliseconds),
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
  let toll: Readonly<Record<string, string>> = {};
  const identity = identify(incoming);
  try {
    if (incoming.text !== undefined) body = parseBody(incoming);
    request = parseRequest(incoming, body);
    service.age();
    toll = service.throttle(request);
    const { handler, parameters, path } = findRoute(request.method, request.segments);
    checkPermitted(service.store, request, path, parameters);
    const { clock, random, behaviour, audit } = service;
    const store = service.replicas.storeFor(request);
    const commit = committing(service, incoming);
    answer = handler({ store, request, parameters, clock, random, behaviour, audit, commit });
  } catch (error) {
    answer = errorAnswer(service, identity, error);
  }
  // A text that is no JSON is not logged: nobody can tell what is in it.
  logRequest(service, incoming, body ?? null, answer.status);
  return { status: answer.status, headers: { ...headersOf(identity, request, answer), ...toll }, body: answer.body };
}

/** How a request makes changes: in the name of who sends it. */
function committing(service: Service, { token = '', headers }: IncomingRequest): (record: ChangeRecord) => void {
  const by = initiatorOf(token, service.store);
  // As the native recovery service does: its changes are in no change tracking. The value names the job.
  const unrecorded = headers['x-knowngood-unrecorded'];
  return (record) => service.commit({ ...record, by, ...(unrecorded === undefined ? {} : { unrecorded }) });
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
          // Source: "Microsoft Graph throttling guidance".
          ...(known.status === 429 ? { code: '429', message: 'Please retry after', status: '429' } : {}),
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
