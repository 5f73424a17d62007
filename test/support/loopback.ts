/**
 * A sandbox tenant in memory that answers HTTP requests without sockets and files: the requests and answers of the
 * server, as fast as a thousand tenants need it.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Behaviour, standardBehaviour } from '../../src/sandbox/behaviour.js';
import type { FaultRule } from '../../src/sandbox/fault-rules.js';
import type { Journal, Visitor } from '../../src/sandbox/persistence.js';
import type { TenantSeed } from '../../src/sandbox/seed.js';
import { createSandboxServer } from '../../src/sandbox/server.js';
import { createService } from '../../src/sandbox/service.js';
import { type ChangeRecord, loadSeed } from '../../src/sandbox/store.js';
import { record } from '../metadata/recorder.mjs';

/** What the sandbox saw of one request, items of a batch one by one. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly body: unknown;
}

export interface Loopback {
  readonly url: string;
  /** What `fetch` does, as far as anybody here uses it. */
  readonly fetch: typeof fetch;
  readonly requests: readonly SeenRequest[];
  /** Replaces the rules of faults, from the next request on. */
  faults(rules: readonly FaultRule[]): void;
}

const ROOT = 'http://sandbox.test';

/**
 * Starts a tenant; nothing has to be stopped. `behaviour` switches what a test wants otherwise than it usually is;
 * `milliseconds` is the clock of throttling and lag.
 */
export function loopback(
  seed: TenantSeed,
  clock: () => Date,
  random: () => number,
  behaviour: Partial<Behaviour> = {},
  milliseconds?: () => number,
): Loopback {
  const requests: SeenRequest[] = [];
  const changes: ChangeRecord[] = [];
  const journal: Journal = {
    change: (record) => void changes.push(record),
    request: ({ method, url, status, body }) => void requests.push({ method, url, status, body }),
    flush: () => undefined,
    close: () => undefined,
  };
  const createdAt = clock();
  const copy = (visit?: Visitor) => {
    const store = loadSeed(seed, createdAt);
    for (const record of changes) {
      visit?.(store, record);
      store.apply(record);
    }
    return store;
  };
  const service = createService({
    store: copy(),
    copy,
    journal,
    clock,
    random,
    behaviour: { ...standardBehaviour, ...behaviour },
    ...(milliseconds ? { milliseconds } : {}),
  });
  const server = createSandboxServer({
    service: Promise.resolve(service),
    control: () => false,
    isClosed: () => false,
  });
  const send = (url: string, options: RequestInit | undefined) =>
    new Promise<Response>((resolve, reject) => {
      record(url, options);
      const answered = (status: number, headers: ReadonlyMap<string, string>, text: string | undefined) =>
        resolve({
          status,
          ok: status < 400,
          headers: { get: (name: string) => headers.get(name.toLowerCase()) ?? null },
          text: async () => {
            if (text === undefined) throw new TypeError('terminated');
            return text;
          },
        } as Response);
      server.emit('request', incoming(url, options), outgoing(answered, reject));
    });
  return { url: ROOT, fetch: (url, options) => send(String(url), options), requests, faults: service.faults.replace };
}

function incoming(url: string, options: RequestInit = {}): IncomingMessage {
  const headers = Object.entries((options.headers ?? {}) as Record<string, string>);
  const body = typeof options.body === 'string' ? [Buffer.from(options.body)] : [];
  return {
    method: options.method ?? 'GET',
    url: url.slice(ROOT.length),
    headers: Object.fromEntries([
      ['host', 'sandbox.test'],
      ...headers.map(([name, text]) => [name.toLowerCase(), text]),
    ]),
    async *[Symbol.asyncIterator]() {
      yield* body;
    },
  } as unknown as IncomingMessage;
}

function outgoing(
  answered: (status: number, headers: ReadonlyMap<string, string>, text: string | undefined) => void,
  failed: (cause: unknown) => void,
): ServerResponse {
  const headers = new Map<string, string>();
  const response = {
    statusCode: 200,
    setHeader: (name: string, value: string) => void headers.set(name.toLowerCase(), value),
    end: (text = '') => answered(response.statusCode, headers, text),
    // A part of an answer is all that comes of it: whoever waits for the rest learns that the connection broke.
    write: (_: unknown, written: () => void) => {
      answered(response.statusCode, headers, undefined);
      written();
    },
    destroy: (cause?: unknown) => failed(cause ?? new TypeError('fetch failed', { cause: new Error('ECONNRESET') })),
  };
  return response as unknown as ServerResponse;
}
