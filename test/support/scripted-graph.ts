/** A client of a service whose every answer is a function of the request; a batch is taken apart. Its time is virtual. */

import { createClient } from '../../src/graph/client.js';
import type { HttpOptions } from '../../src/graph/http.js';
import type { GraphClient } from '../../src/graph/types.js';
import type { Json } from '../../src/model/json.js';
import { type VirtualTime, virtualTime } from './virtual-time.js';

export interface Sent {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** How often the same was asked for before. */
  readonly before: number;
}

export interface Answered {
  readonly status: number;
  readonly body?: Json;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What an envelope comes to, instead of answers to its items. */
export type Lost = Error | Answered;

export interface Script {
  readonly answer: (sent: Sent) => Answered | Error;
  /** Called for every envelope; undefined: its items are answered. */
  readonly envelope?: (paths: readonly string[], index: number) => Lost | undefined;
}

export interface ScriptedGraph {
  readonly client: GraphClient;
  readonly time: VirtualTime;
  readonly sent: readonly Sent[];
  /** Paths of every envelope. */
  readonly envelopes: readonly (readonly string[])[];
}

export const ROOT = 'https://graph.example';

interface Item {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
}

export function scriptedGraph(script: Script, options: Partial<HttpOptions> = {}): ScriptedGraph {
  const time = virtualTime();
  const sent: Sent[] = [];
  const envelopes: string[][] = [];
  const counts = new Map<string, number>();
  const answerTo = (method: string, path: string, headers: Readonly<Record<string, string>>) => {
    const before = counts.get(`${method} ${path}`) ?? 0;
    counts.set(`${method} ${path}`, before + 1);
    const request = { at: time.now(), method, path, headers, before };
    sent.push(request);
    return script.answer(request);
  };
  const fetch: typeof globalThis.fetch = async (url, init = {}) => {
    const path = String(url).slice(ROOT.length + '/v1.0'.length);
    const headers = init.headers as Record<string, string>;
    if (path !== '/$batch') return responseOf(answerTo(init.method ?? 'GET', path, headers));
    const { requests } = JSON.parse(String(init.body)) as { requests: Item[] };
    const paths = requests.map((item) => item.url);
    envelopes.push(paths);
    const lost = script.envelope?.(paths, envelopes.length - 1);
    if (lost !== undefined) return responseOf(lost);
    const responses = requests.flatMap((item) => {
      const answer = answerTo(item.method, item.url, { ...headers, ...item.headers });
      return answer instanceof Error ? [] : [{ id: item.id, ...answer } as Json];
    });
    return responseOf({ status: 200, body: { responses } });
  };
  const client = createClient({
    root: ROOT,
    token: async () => 'first',
    sleep: time.sleep,
    clock: time.now,
    random: () => 0,
    fetch,
    ...options,
  });
  return { client, time, sent, envelopes };
}

function responseOf(answer: Answered | Error): Response {
  if (answer instanceof Error) throw answer;
  const { status, body, headers = {} } = answer;
  return new Response(body === undefined ? null : JSON.stringify(body), { status, headers });
}

/** A connection that breaks, with the code of the network error. */
export function broken(code: string): Error {
  return new TypeError('fetch failed', { cause: Object.assign(new Error('broken'), { code }) });
}
