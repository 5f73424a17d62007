/** The HTTP face of the sandbox: bodies, the bearer token, batches, headers, and the control paths under `/.knowngood/`. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { type DoneBatch, performBatch } from './batch.js';
import { GraphError } from './errors.js';
import { admit, underFaults } from './gateway.js';
import { checkToken } from './permits.js';
import {
  failure,
  type IncomingRequest,
  logRequest,
  type OutgoingAnswer,
  parseBody,
  type Service,
  splitUrl,
  success,
} from './service.js';
import { answerSignIn, isSignIn } from './sign-in.js';

/** Largest body, in bytes (observed: Graph refuses larger ones with 413). */
const largestBody = 4 * 1024 * 1024;

export interface ServerOptions {
  readonly tls?: { readonly key: string; readonly cert: string } | undefined;
  /** Resolves when the tenant is loaded; requests wait for it. */
  readonly service: Promise<Service>;
  /** Answers the private paths of the life cycle; returns false for paths it does not know. */
  control(path: string, response: ServerResponse): boolean;
  /** Whether the sandbox has come to its end: it changes nothing and answers 503 then. */
  isClosed(): boolean;
}

/** Makes the server; it does not listen yet. */
export function createSandboxServer(options: ServerOptions): Server {
  const scheme = options.tls ? 'https' : 'http';
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    receive(options, scheme, request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
    });
  };
  const server = options.tls
    ? createTlsServer({ key: options.tls.key, cert: options.tls.cert }, listener)
    : createServer(listener);
  // Clients keep connections open between requests; a short limit would cut them off in the moment they send.
  server.keepAliveTimeout = 60_000;
  return server;
}

async function receive(
  options: ServerOptions,
  scheme: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = request.url ?? '/';
  const [path, search] = splitUrl(url);
  if (path.startsWith('/.knowngood/')) {
    if (!options.control(path, response)) response.writeHead(404).end();
    return;
  }
  const text = await readBody(request);
  const service = await options.service;
  if (options.isClosed()) {
    response.writeHead(503, sandboxHeaders(service)).end();
    return;
  }
  const origin = `${scheme}://${request.headers.host ?? '127.0.0.1'}`;
  if (isSignIn(path)) {
    send(service, response, answerSignIn(service, { method: request.method ?? 'GET', path, origin, text: text ?? '' }));
    return;
  }
  const incoming: IncomingRequest = {
    method: request.method ?? 'GET',
    url: search === '' ? path : url,
    origin,
    headers: flatHeaders(request),
    text: text || undefined,
    token: /^Bearer (\S.*)$/i.exec(request.headers.authorization ?? '')?.[1],
  };
  const answer = respond(service, incoming, text);
  service.journal.flush();
  const { delay = 0, cut } = answer.wire ?? {};
  if (delay > 0) await sleep(delay);
  if (cut === 'all') response.destroy();
  else send(service, response, answer);
}

function respond(service: Service, incoming: IncomingRequest, text: string | undefined): OutgoingAnswer {
  const [, version, rest] = /^\/(v1\.0|beta)(\/\$batch\/?)?(?:\?|$|\/)/.exec(incoming.url) ?? [];
  try {
    checkToken(incoming.token, service.store, service.clock());
    if (text === undefined)
      throw new GraphError(
        413,
        'RequestEntityTooLarge',
        'The page was not displayed because the request entity is too large.',
      );
    if (!version || !rest) return admit(service, incoming);
    if (incoming.method !== 'POST')
      throw new GraphError(405, 'Request_BadRequest', 'Specified HTTP method is not allowed for the request target.');
    return respondToBatch(service, incoming, version);
  } catch (error) {
    const answer = failure(service, incoming, error);
    logRequest(service, incoming, null, answer.status);
    return answer;
  }
}

function respondToBatch(service: Service, incoming: IncomingRequest, version: string): OutgoingAnswer {
  let items: DoneBatch['items'] = [];
  const answer = underFaults(service, incoming, () => {
    const done = performBatch(service, incoming, version, parseBody(incoming));
    items = done.items;
    return { ...success(incoming, done.body), wire: done.wire };
  });
  // Nobody heard of the items when nobody heard of the batch.
  if (answer.status >= 400 || answer.wire?.cut) for (const item of items) service.pageTokens.heard(item, answer);
  return answer;
}

/** The body text; undefined when it is too large. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += (part as Buffer).length;
    if (size <= largestBody) parts.push(part as Buffer);
  }
  return size > largestBody ? undefined : Buffer.concat(parts).toString('utf8');
}

function flatHeaders(request: IncomingMessage): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value]),
  );
}

/** Which machine answered, as the service says it ("Microsoft Graph error responses"). */
const diagnostic = JSON.stringify({
  ServerInfo: { DataCenter: 'Sandbox', Slice: 'E', Ring: '0', ScaleUnit: '000', RoleInstance: 'SANDBOX000' },
});

/** Headers by which a client knows that this is not the service itself, and at what pace its limits hold. */
function sandboxHeaders({ store, behaviour }: Service): Record<string, string> {
  return {
    'x-knowngood-sandbox': store.tenantId,
    'x-knowngood-sandbox-pace': behaviour.throttle ? String(behaviour.speed) : 'none',
    'x-ms-ags-diagnostic': diagnostic,
  };
}

function send(service: Service, response: ServerResponse, answer: OutgoingAnswer): void {
  response.setHeader('Date', service.clock().toUTCString());
  for (const [name, value] of Object.entries({ ...sandboxHeaders(service), ...answer.headers })) {
    try {
      response.setHeader(name, value);
    } catch {
      // A client-request-id that is no valid header value is not echoed.
    }
  }
  response.statusCode = answer.status;
  if (answer.body === undefined) {
    response.end();
    return;
  }
  const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
  if (answer.wire?.cut === 'half') sendHalf(response, Buffer.from(text, 'utf8'));
  else response.end(text);
}

/** Half of the bytes, after a length that promises all of them. */
function sendHalf(response: ServerResponse, bytes: Buffer): void {
  response.setHeader('Content-Length', bytes.length);
  response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
}
