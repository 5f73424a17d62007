/** The client: single requests, `$batch` envelopes and pages, over one HTTP connection pool. */

import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../model/json.js';
import type { Version } from '../registry/types.js';
import { createHttp, errorOf, type HttpOptions, waitOf } from './http.js';
import { type GraphClient, GraphFailure, type GraphRequest, type Outcome } from './types.js';

/** "Combine multiple HTTP requests using JSON batching": at most 20 requests in one envelope. */
const BATCH_SIZE = 20;
const BATCHES_AT_ONCE = 4;
const ITEM_ATTEMPTS = 6;
/** Statuses of a batch item after which the item is sent again, in a new envelope. 424: its dependency failed. */
const RETRIABLE_ITEM = new Set([424, 429, 500, 502, 503, 504, 509]);

/** Opens a client on one Graph root. Nothing is sent before the first request. */
export function createClient(options: HttpOptions): GraphClient {
  const http = createHttp(options);
  const root = options.root;
  return {
    root,
    send: (request) => http.send(request),
    sendAll: (requests) => sendAll(http, requests),
    async *pages(request) {
      const visited = new Set<string>();
      // The next page is on its way while this one is worked on.
      let answer = http.send(request);
      for (let next: GraphRequest | undefined = request; next !== undefined; ) {
        if (visited.has(next.path))
          throw new GraphFailure(pagingError('The list leads back to a page it had already.'));
        visited.add(next.path);
        const outcome = await answer;
        if (!outcome.ok) throw new GraphFailure(outcome.error);
        const page = pageOf(outcome.answer.body, root);
        next = page.next;
        if (next !== undefined && !visited.has(next.path)) answer = http.send(next);
        yield page.items;
      }
    },
  };
}

function pagingError(message: string): { status: number; code: string; message: string } {
  return { status: 0, code: 'InvalidPage', message };
}

/**
 * Items and next request of a page. A next link is followed only on the configured origin: the token goes nowhere else.
 * Throws a GraphFailure when the body is no page.
 */
export function pageOf(
  body: Json | undefined,
  root: string,
): { items: readonly Json[]; next: GraphRequest | undefined } {
  if (!isJsonObject(body) || !isJsonArray(body.value)) throw new GraphFailure(pagingError('The answer is not a list.'));
  const link = body['@odata.nextLink'];
  if (link === undefined || link === null) return { items: body.value, next: undefined };
  const next = typeof link === 'string' ? requestAt(link, root) : undefined;
  if (next === undefined) throw new GraphFailure(pagingError('The next page is said to be at another address.'));
  return { items: body.value, next };
}

/** The request that a link in an answer stands for; undefined where it leads to another origin. */
export function requestAt(link: string, root: string): GraphRequest | undefined {
  const match = link.startsWith(`${root}/`) ? /^\/(v1\.0|beta)(\/.*)$/.exec(link.slice(root.length)) : null;
  return match === null ? undefined : { method: 'GET', version: match[1] as Version, path: match[2] as string };
}

type Http = ReturnType<typeof createHttp>;

async function sendAll(http: Http, requests: readonly GraphRequest[]): Promise<readonly Outcome[]> {
  const outcomes = new Array<Outcome>(requests.length);
  const envelopes: number[][] = [];
  for (const version of ['v1.0', 'beta'] as const) {
    const indexes = requests.flatMap((request, index) => (request.version === version ? [index] : []));
    for (let at = 0; at < indexes.length; at += BATCH_SIZE) envelopes.push(indexes.slice(at, at + BATCH_SIZE));
  }
  let next = 0;
  const work = async () => {
    for (let indexes = envelopes[next++]; indexes !== undefined; indexes = envelopes[next++]) {
      await sendEnvelope(http, requests, indexes, outcomes);
    }
  };
  await Promise.all(Array.from({ length: BATCHES_AT_ONCE }, work));
  return outcomes;
}

/** Sends the requests at these indexes until each has an outcome: throttled items go again, alone, when they may. */
async function sendEnvelope(
  http: Http,
  requests: readonly GraphRequest[],
  indexes: readonly number[],
  outcomes: Outcome[],
): Promise<void> {
  let waiting = indexes;
  for (let attempt = 1; waiting.length > 0; attempt += 1) {
    const version = (requests[waiting[0] as number] as GraphRequest).version;
    const envelope = await http.send({ method: 'POST', version, path: '/$batch', body: envelopeOf(requests, waiting) });
    if (!envelope.ok) {
      for (const index of waiting) outcomes[index] = envelope;
      return;
    }
    const answers = answersById(envelope.answer.body);
    const again: number[] = [];
    let wait = 0;
    for (const index of waiting) {
      const answer = answers.get(String(index));
      outcomes[index] = outcomeOf(answer);
      if ((answer === undefined || RETRIABLE_ITEM.has(Number(answer.status))) && attempt < ITEM_ATTEMPTS) {
        again.push(index);
        wait = Math.max(wait, waitOf(headerOf(answer, 'retry-after'), attempt));
      }
    }
    waiting = again;
    if (again.length > 0) await http.pause(wait);
  }
}

function envelopeOf(requests: readonly GraphRequest[], indexes: readonly number[]): Json {
  return {
    requests: indexes.map((index) => {
      const request = requests[index] as GraphRequest;
      const headers = { prefer: 'include-unknown-enum-members' };
      return {
        id: String(index),
        method: request.method,
        url: request.path,
        headers: request.body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
        ...(request.body === undefined ? {} : { body: request.body }),
      };
    }),
  };
}

function answersById(body: Json | undefined): Map<string, JsonObject> {
  const answers = new Map<string, JsonObject>();
  for (const answer of isJsonObject(body) && isJsonArray(body.responses) ? body.responses : []) {
    if (isJsonObject(answer)) answers.set(String(answer.id), answer);
  }
  return answers;
}

function outcomeOf(answer: JsonObject | undefined): Outcome {
  if (answer === undefined || typeof answer.status !== 'number') {
    return { ok: false, error: { status: 0, code: 'NoAnswer', message: 'The batch held no answer to this request.' } };
  }
  const body = answer.body === null ? undefined : answer.body;
  const graph = { status: answer.status, body };
  const error = errorOf(graph, { get: (name) => headerOf(answer, name) });
  return error === undefined ? { ok: true, answer: graph } : { ok: false, error };
}

function headerOf(answer: JsonObject | undefined, name: string): string | null {
  if (!isJsonObject(answer?.headers)) return null;
  const found = Object.entries(answer.headers).find(([header]) => header.toLowerCase() === name);
  return found === undefined ? null : String(found[1]);
}
