/**
 * A reverse proxy in front of a sandbox that a test can make trouble with. It changes nothing but what a rule answers;
 * requests inside a `$batch` are asked about one by one. The Host header is the proxy's own, so that the links in answers
 * lead back through it.
 */

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request, on its own or as part of a batch. */
export interface ProxiedRequest {
  readonly method: string;
  /** With the version and the query: `/v1.0/users?$top=999`. */
  readonly path: string;
  readonly body: unknown;
  readonly batched: boolean;
}

/** An answer in place of the sandbox's, which does not get to know of the request. */
export interface OwnReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** `cut`: half of the bytes of the sandbox's answer. `lost`: the sandbox does it, and 504 is what is heard of it. */
export type Reply = OwnReply | 'cut' | 'lost';

const LOST: OwnReply = { status: 504, body: { error: { code: 'GatewayTimeout', message: 'No answer in time.' } } };

export type Rule = (request: ProxiedRequest) => Reply | undefined | Promise<Reply | undefined>;

export interface FaultyProxy {
  readonly url: string;
  /** Every request that came in, in order; those of a batch one by one, and the batch not. */
  readonly seen: ProxiedRequest[];
  /** Replaces the rule; without one everything goes through. */
  answer(rule: Rule | undefined): void;
  /** Resolves when the last request under way has been dealt with. */
  close(): Promise<void>;
}

/** Graph's refusal of one request. */
export function refusal(status: number, headers: Readonly<Record<string, string>> = {}): OwnReply {
  const code = status === 403 ? 'Authorization_RequestDenied' : 'ServiceUnavailable';
  return { status, headers, body: { error: { code, message: `Refused with ${status}.` } } };
}

export async function startProxy(target: string): Promise<FaultyProxy> {
  const seen: ProxiedRequest[] = [];
  const underWay = new Set<Promise<unknown>>();
  let rule: Rule | undefined;
  let closed: Promise<void> | undefined;
  const server = createServer((request, response) => {
    const work = handle(request, response).catch((error: unknown) => response.destroy(error as Error));
    underWay.add(work);
    void work.finally(() => underWay.delete(work));
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await textOf(request);
    const path = request.url ?? '/';
    const version = /^\/(v1\.0|beta)\/\$batch$/.exec(path)?.[1];
    if (version !== undefined) return handleBatch(request, response, version, text);
    const asked = { method: request.method ?? 'GET', path, body: text === '' ? undefined : json(text), batched: false };
    seen.push(asked);
    const reply = await rule?.(asked);
    if (typeof reply === 'object') return answerWith(response, reply);
    const answer = await forward(target, request, text);
    if (reply === 'lost') answerWith(response, LOST);
    else if (reply === undefined) response.writeHead(answer.status, answer.headers).end(answer.body);
    else cutOff(response, answer);
  }

  async function handleBatch(
    request: IncomingMessage,
    response: ServerResponse,
    version: string,
    text: string,
  ): Promise<void> {
    const { requests } = json(text) as { requests: { id: string; method: string; url: string; body?: unknown }[] };
    const own: unknown[] = [];
    const others: unknown[] = [];
    const lost = new Set<string>();
    for (const item of requests) {
      const asked = { method: item.method, path: `/${version}${item.url}`, body: item.body, batched: true };
      seen.push(asked);
      const reply = await rule?.(asked);
      if (reply === 'cut') throw new Error('a part of a batch cannot be cut');
      if (reply === 'lost') lost.add(item.id);
      if (typeof reply === 'object') own.push(part(item.id, reply));
      else others.push(item);
    }
    if (others.length === 0) return answerWith(response, { status: 200, body: { responses: own } });
    const answer = await forward(target, request, JSON.stringify({ requests: others }));
    const { responses } = json(answer.body.toString('utf8')) as { responses: unknown[] };
    answerWith(response, {
      status: answer.status,
      headers: answer.headers,
      body: { responses: [...own, ...responses] },
    });
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    answer: (next) => {
      rule = next;
    },
    close() {
      closed ??= (async () => {
        server.closeAllConnections();
        server.close();
        await Promise.all([once(server, 'close'), ...underWay]);
      })();
      return closed;
    },
  };
}

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

/** Headers of one connection, and those that describe bytes which may be others on the way back. */
const OWN = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length']);

function headersOf(message: IncomingMessage): Record<string, string> {
  const entries = Object.entries(message.headers).filter(([name, value]) => value !== undefined && !OWN.has(name));
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

async function forward(target: string, request: IncomingMessage, text: string): Promise<Answer> {
  const { hostname, port } = new URL(target);
  const headers = { ...headersOf(request), ...(text === '' ? {} : { 'content-length': Buffer.byteLength(text) }) };
  const outgoing = send({ hostname, port, method: request.method, path: request.url, headers, agent: false });
  outgoing.end(text);
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
  const body = await bytesOf(incoming);
  return { status: incoming.statusCode ?? 0, headers: headersOf(incoming), body };
}

function part(id: string, { status, headers = {}, body = null }: OwnReply): object {
  return { id, status, headers, body };
}

function answerWith(response: ServerResponse, reply: OwnReply): void {
  const text = reply.body === undefined ? '' : JSON.stringify(reply.body);
  response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers }).end(text);
}

function cutOff(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, { ...answer.headers, 'content-length': String(answer.body.length) });
  response.write(answer.body.subarray(0, answer.body.length / 2), () => response.destroy());
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

async function textOf(message: IncomingMessage): Promise<string> {
  return (await bytesOf(message)).toString('utf8');
}

function json(text: string): unknown {
  return JSON.parse(text) as unknown;
}
