/**
 * Many requests in `$batch` envelopes. "Combine multiple HTTP requests using JSON batching": items run in no order, each is
 * charged and may be refused on its own. An item that is sent again goes into an envelope with others of its kind; an item
 * of an envelope that got lost is treated as if it had been sent alone.
 */

import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../model/json.js';
import { batchSizeOf, type Charges, chargesOf, referencesIn } from './charges.js';
import type { HeaderSource } from './governor.js';
import { errorOf, type Http, type Refused } from './http.js';
import { BIND_BATCHES_AT_ONCE } from './limits.js';
import { type Trial, UNTRIED } from './retry.js';
import type { GraphAnswer, GraphError, GraphRequest, Outcome } from './types.js';

const BATCHES_AT_ONCE = 4;

/** A request on its way to its outcome. */
interface Item {
  readonly index: number;
  readonly request: GraphRequest;
  readonly trial: Trial;
}

/** Sends all requests; outcomes are in their order. Those that wait for a limit do not keep up the others. */
export async function sendAll(http: Http, requests: readonly GraphRequest[]): Promise<readonly Outcome[]> {
  const outcomes = new Array<Outcome>(requests.length);
  const kinds = new Map<string, Item[]>();
  for (const [index, request] of requests.entries()) {
    const item = { index, request, trial: UNTRIED };
    const kind = kindOf(request);
    const others = kinds.get(kind);
    if (others === undefined) kinds.set(kind, [item]);
    else others.push(item);
  }
  await Promise.all([...kinds.values()].map((items) => sendKind(http, items, outcomes)));
  return outcomes;
}

/** What goes into one envelope: requests of one version that are charged to the same buckets. */
function kindOf(request: GraphRequest): string {
  const charges = chargesOf(request);
  return `${request.version} ${batchSizeOf(request, charges)} ${charges.map(({ bucket }) => bucket).join()}`;
}

async function sendKind(http: Http, items: readonly Item[], outcomes: Outcome[]): Promise<void> {
  const { request } = items[0] as Item;
  const size = batchSizeOf(request);
  const envelopes: (readonly Item[])[] = [];
  for (let at = 0; at < items.length; at += size) envelopes.push(items.slice(at, at + size));
  let next = 0;
  const work = async () => {
    for (let envelope = envelopes[next++]; envelope !== undefined; envelope = envelopes[next++]) {
      if (size === 1) await sendAlone(http, envelope, outcomes);
      else await sendEnvelope(http, envelope, outcomes);
    }
  };
  const workers = size === 1 ? 1 : referencesIn(request.body) > 0 ? BIND_BATCHES_AT_ONCE : BATCHES_AT_ONCE;
  await Promise.all(Array.from({ length: Math.min(workers, envelopes.length) }, work));
}

async function sendAlone(http: Http, items: readonly Item[], outcomes: Outcome[]): Promise<void> {
  for (const { index, request } of items) outcomes[index] = await http.send(request);
}

/** Sends the items until each has an outcome. */
async function sendEnvelope(http: Http, items: readonly Item[], outcomes: Outcome[]): Promise<void> {
  const { request: first } = items[0] as Item;
  const signal = http.signalOf(first);
  for (let waiting = items; waiting.length > 0; ) {
    const requests = waiting.map(({ request }) => request);
    const charges = await http.governor.admit(requests, signal);
    const { version } = first;
    const envelope = await http.once({ method: 'POST', version, path: '/$batch', body: envelopeOf(http, waiting) });
    const answers = answersById(envelope.answer?.body);
    const again: Item[] = [];
    let wait = 0;
    for (const [at, item] of waiting.entries()) {
      const { answer, error, headers } = answerTo(item, envelope, answers);
      if (answer !== undefined) http.governor.hear(item.request, charges[at] as Charges, answer, headers);
      if (error === undefined && answer !== undefined) {
        outcomes[item.index] = { ok: true, answer, ...(item.trial === UNTRIED ? {} : { retried: true }) };
        continue;
      }
      const failed = error ?? NO_ANSWER;
      const verdict = await http.decide(item.request, failed, item.trial, { headers, token: envelope.token });
      if (verdict.next === 'end') outcomes[item.index] = { ok: false, error: failed };
      else {
        again.push({ ...item, trial: verdict.trial });
        wait = Math.max(wait, verdict.wait);
      }
    }
    if (wait > 0) await http.time.sleep(wait, signal);
    waiting = again;
  }
}

/** The answer to one item: its own, or, where the envelope was refused or lost, what happened to that. */
function answerTo(
  item: Item,
  envelope: Awaited<ReturnType<Http['once']>>,
  answers: ReadonlyMap<string, JsonObject>,
): { answer: GraphAnswer | undefined; error: GraphError | undefined; headers: Refused['headers'] } {
  if (envelope.error !== undefined) return envelope;
  const own = answers.get(String(item.index));
  const headers = headersOf(own);
  if (own === undefined || typeof own.status !== 'number') return { answer: undefined, error: NO_ANSWER, headers };
  const answer = { status: own.status, body: own.body === null ? undefined : own.body };
  return { answer, error: errorOf(answer, headers), headers };
}

const NO_ANSWER: GraphError = { status: 0, code: 'NoAnswer', message: 'The batch held no answer to this request.' };

function envelopeOf(http: Http, items: readonly Item[]): Json {
  return {
    requests: items.map(({ index, request }) => ({
      id: String(index),
      method: request.method,
      url: request.path,
      headers: request.body === undefined ? http.headers : { ...http.headers, 'content-type': 'application/json' },
      ...(request.body === undefined ? {} : { body: request.body }),
    })),
  };
}

function answersById(body: Json | undefined): Map<string, JsonObject> {
  const answers = new Map<string, JsonObject>();
  for (const answer of isJsonObject(body) && isJsonArray(body.responses) ? body.responses : []) {
    if (isJsonObject(answer)) answers.set(String(answer.id), answer);
  }
  return answers;
}

function headersOf(answer: JsonObject | undefined): HeaderSource {
  const headers = isJsonObject(answer?.headers) ? Object.entries(answer.headers) : [];
  return {
    get(name) {
      const found = headers.find(([header]) => header.toLowerCase() === name);
      return found === undefined ? null : String(found[1]);
    },
  };
}
