/**
 * A sandbox tenant in memory that answers HTTP requests without sockets and files: the requests and answers of the
 * server, as fast as a thousand tenants need it.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { standardBehaviour } from '../../src/sandbox/behaviour.js';
import type { Journal } from '../../src/sandbox/persistence.js';
import type { TenantSeed } from '../../src/sandbox/seed.js';
import { createSandboxServer } from '../../src/sandbox/server.js';
import { createService } from '../../src/sandbox/service.js';
import { loadSeed } from '../../src/sandbox/store.js';
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
}

const ROOT = 'http://sandbox.test';

/** Starts a tenant; nothing has to be stopped. */
export function loopback(seed: TenantSeed, clock: () => Date, random: () => number): Loopback {
  const requests: SeenRequest[] = [];
  const journal: Journal = {
    change: () => undefined,
    request: ({ method, url, status, body }) => void requests.push({ method, url, status, body }),
    flush: () => undefined,
    close: () => undefined,
  };
  const service = createService({
    store: loadSeed(seed, clock()),
    journal,
    clock,
    random,
    behaviour: standardBehaviour,
  });
  const server = createSandboxServer({
    service: Promise.resolve(service),
    control: () => false,
    isClosed: () => false,
  });
  const send = (url: string, options: RequestInit | undefined) =>
    new Promise<Response>((resolve, reject) => {
      record(url, options);
      const answered = (status: number, headers: ReadonlyMap<string, string>, text: string) =>
        resolve({
          status,
          ok: status < 400,
          headers: { get: (name: string) => headers.get(name.toLowerCase()) ?? null },
          text: async () => text,
        } as Response);
      server.emit('request', incoming(url, options), outgoing(answered, reject));
    });
  return { url: ROOT, fetch: (url, options) => send(String(url), options), requests };
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
  answered: (status: number, headers: ReadonlyMap<string, string>, text: string) => void,
  failed: (cause: unknown) => void,
): ServerResponse {
  const headers = new Map<string, string>();
  const response = {
    statusCode: 200,
    setHeader: (name: string, value: string) => void headers.set(name.toLowerCase(), value),
    end: (text = '') => answered(response.statusCode, headers, text),
    destroy: (cause?: unknown) => failed(cause ?? new Error('the connection was cut')),
  };
  return response as unknown as ServerResponse;
}
