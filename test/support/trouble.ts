/** A network and a service in trouble: a part of the requests of one client is hurt, the same ones for the same seed. */

import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../src/model/json.js';
import { seededRandom } from './seeded.js';

/** What may happen to a request, as the sandbox's fault header says it. */
export type Trouble = string | JsonObject;

/** Passing trouble, that a client has to get over. */
export const READING: readonly Trouble[] = [
  { effect: 'status', status: 429, retryAfter: 2 },
  { effect: 'status', status: 429, retryAfter: 0.5, retryAfterAs: 'decimal' },
  { effect: 'status', status: 429, retryAfter: 1, retryAfterAs: 'date' },
  '429',
  '500',
  '502',
  '503',
  '504',
  '509',
  'reset',
  'truncate',
  'reset-after',
  'duplicate',
  'empty-page',
  'page-token-lost',
  'page-token-expired',
];

/** A page that leaves out an item. What was never seen before can be missed; what was, must not be. */
export const LEFT_OUT = 'missing';

/** Trouble that stays: what it strikes is refused, or cannot be followed. */
export const REFUSED: readonly Trouble[] = ['403', 'loop', 'foreign'];

export const WRITING: readonly Trouble[] = [
  { effect: 'status', status: 429, retryAfter: 2 },
  '409',
  '429',
  '500',
  '502',
  '503',
  'lost',
  'reset',
  'reset-after',
  'truncate',
];

export interface TroubleOptions {
  readonly seed: number;
  /** Part of the requests that are hurt, from 0 to 1; the parts of a batch count one by one. */
  readonly rate: number;
  readonly reading: readonly Trouble[];
  readonly writing: readonly Trouble[];
}

export interface Troubled {
  readonly fetch: typeof fetch;
  /** What was done to which request. */
  readonly log: string[];
}

/** What may happen to a batch as a whole: what is in it may have been done. */
const ENVELOPE: readonly Trouble[] = ['429', '500', '502', '503', '504', 'lost', 'reset', 'reset-after', 'truncate'];

const HEADER = 'x-knowngood-fault';

/** Effects that spoil an answer on the wire, which the parts of a batch have no answer of their own for. */
const ON_THE_WIRE = new Set<Trouble>(['reset', 'reset-after', 'truncate']);

export function troubled(inner: typeof fetch, { seed, rate, reading, writing }: TroubleOptions): Troubled {
  const log: string[] = [];
  const random = seededRandom((seed % 2147483646) + 1);
  const choose = (method: string, path: string, alone: boolean): string | undefined => {
    if (random() >= rate) return undefined;
    const all = method === 'GET' ? reading : method === 'BATCH' ? ENVELOPE : writing;
    const possible = alone ? all : all.filter((trouble) => !ON_THE_WIRE.has(trouble));
    const trouble = possible[Math.floor(random() * possible.length)];
    if (trouble === undefined) return undefined;
    const text = typeof trouble === 'string' ? trouble : JSON.stringify(trouble);
    log.push(`${method} ${path}: ${text}`);
    return text;
  };
  const send = (url: string, options: RequestInit = {}) => {
    const { method = 'GET' } = options;
    const path = url.replace(/^https?:\/\/[^/]+/, '');
    const text = typeof options.body === 'string' ? options.body : undefined;
    const isBatch = path.endsWith('/$batch');
    const body = isBatch && text !== undefined ? partsHurt(JSON.parse(text) as Json, choose) : text;
    // An envelope is struck as often as a request; what is in it was struck before.
    const own = choose(isBatch ? 'BATCH' : method, path, true);
    const headers = { ...(options.headers as Record<string, string>), ...(own === undefined ? {} : { [HEADER]: own }) };
    return inner(url, { ...options, headers, ...(body === undefined ? {} : { body }) });
  };
  return { fetch: (url, options) => send(String(url), options), log };
}

function partsHurt(
  envelope: Json,
  choose: (method: string, path: string, alone: boolean) => string | undefined,
): string {
  const requests = isJsonObject(envelope) && isJsonArray(envelope.requests) ? envelope.requests : [];
  const hurt = requests.map((part) => {
    if (!isJsonObject(part)) return part;
    const own = choose(String(part.method), String(part.url), false);
    const headers = isJsonObject(part.headers) ? part.headers : {};
    return own === undefined ? part : { ...part, headers: { ...headers, [HEADER]: own } };
  });
  return JSON.stringify({ requests: hurt });
}
