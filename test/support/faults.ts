/** Trouble between the client and a tenant in memory: what `fetch` gives is refused, cut short or emptied by a rule. */

import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../src/model/json.js';

/**
 * What becomes of an answer. `reset`: the connection breaks. `truncated`: half of the bytes. `unreadable`: every object
 * tells its id and kind, and nothing else, as Graph answers for what the token may not read. `hollow`: an empty object.
 */
export type Fault = { readonly status: number } | 'reset' | 'truncated' | 'unreadable' | 'hollow';

/** One request, on its own or as part of a batch. */
export interface Asked {
  readonly method: string;
  /** With the version and the query. */
  readonly path: string;
}

export interface Troubled {
  readonly fetch: typeof fetch;
  /** Replaces the rule; without one everything goes through. */
  trouble(rule: ((asked: Asked) => Fault | undefined) | undefined): void;
  /** Changes what the tenant answers, before any fault. */
  bend(change: ((asked: Asked, body: Json) => Json) | undefined): void;
  /** Answers that went through whole since the last rule was given, in order. */
  taken(): readonly { readonly path: string; readonly body: Json }[];
}

export interface TroubleOptions {
  /** The size of pages that every request asks for instead, so that small lists have several. */
  readonly top: number;
  /** Properties that hold objects of their own. */
  readonly holding: ReadonlySet<string>;
}

/** Puts rules between a client and the `fetch` of a tenant. */
export function troubled(inner: typeof fetch, origin: string, { top, holding }: TroubleOptions): Troubled {
  let rule: ((asked: Asked) => Fault | undefined) | undefined;
  let change: (asked: Asked, body: Json) => Json = (_, body) => body;
  let delivered: { path: string; body: Json }[] = [];
  const smaller = (path: string) => path.replace(/\$top=\d+/, `$top=${top}`);

  /** The answer to one request, with a fault if there is to be one. */
  const spoil = (
    asked: Asked,
    fault: Fault | undefined,
    status: number,
    body: Json,
  ): { status: number; body: Json } => {
    if (fault === undefined) {
      const bent = status === 200 ? change(asked, body) : body;
      if (status === 200) delivered.push({ path: asked.path, body: bent });
      return { status, body: bent };
    }
    if (typeof fault === 'object') return refusal(fault.status);
    if (fault === 'hollow') return { status: 200, body: {} };
    if (fault === 'unreadable') return { status, body: bareBody(body, holding) };
    return { status, body };
  };

  const send = async (url: string, options: RequestInit = {}): Promise<Response> => {
    const path = smaller(url.slice(origin.length));
    const version = /^\/(v1\.0|beta)\/\$batch$/.exec(path)?.[1];
    const items = version === undefined ? [] : itemsOf(String(options.body));
    const asked: Asked[] =
      version === undefined
        ? [{ method: options.method ?? 'GET', path }]
        : items.map(({ method, url: below }) => ({
            method: String(method),
            path: `/${version}${smaller(String(below))}`,
          }));
    const faults = asked.map((each) => rule?.(each));
    if (faults.includes('reset')) throw new TypeError('fetch failed', { cause: reset() });
    const requests = items.map((item) => ({ ...item, url: smaller(String(item.url)) }));
    const body = version === undefined ? {} : { body: JSON.stringify({ requests }) };
    const answer = await inner(origin + path, { ...options, ...body });
    const text = await answer.text();
    if (faults.includes('truncated')) return answerOf(answer, answer.status, text.slice(0, text.length / 2));
    if (text === '') return answerOf(answer, answer.status, text);
    const whole = JSON.parse(text) as Json;
    if (version === undefined) {
      const spoilt = spoil(asked[0] as Asked, faults[0], answer.status, whole);
      return answerOf(answer, spoilt.status, JSON.stringify(spoilt.body));
    }
    const responses = isJsonObject(whole) && isJsonArray(whole.responses) ? whole.responses : [];
    const spoilt = responses.map((response) => {
      if (!isJsonObject(response)) return response;
      const at = items.findIndex(({ id }) => id === response.id);
      return { ...response, ...spoil(asked[at] as Asked, faults[at], Number(response.status), response.body ?? null) };
    });
    return answerOf(answer, answer.status, JSON.stringify({ responses: spoilt }));
  };
  return {
    fetch: (url, options) => send(String(url), options),
    trouble(next) {
      rule = next;
      delivered = [];
    },
    bend: (next) => {
      change = next ?? ((_, body) => body);
    },
    taken: () => delivered,
  };
}

function reset(): Error {
  return Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
}

function answerOf(answer: Response, status: number, text: string): Response {
  return { status, ok: status < 400, headers: answer.headers, text: async () => text } as Response;
}

function itemsOf(text: string): readonly JsonObject[] {
  const { requests } = JSON.parse(text) as { requests: JsonObject[] };
  return requests;
}

function refusal(status: number): { status: number; body: Json } {
  const code = { 403: 'Authorization_RequestDenied', 404: 'Request_ResourceNotFound' }[status] ?? 'InternalServerError';
  return { status, body: { error: { code, message: `Refused with ${status}.` } } };
}

/** An answer whose objects tell nothing but their ids and kinds: those of a list, or the one that it is. */
function bareBody(body: Json, holding: ReadonlySet<string>): Json {
  if (!isJsonObject(body)) return body;
  const bareAll = (items: Json): Json =>
    isJsonArray(items) ? items.map((item) => (isJsonObject(item) ? bare(item) : item)) : items;
  if (isJsonArray(body.value)) return { ...body, value: bareAll(body.value) };
  const held = Object.entries(body).filter(([name]) => holding.has(name));
  return { ...bare(body), ...Object.fromEntries(held.map(([name, items]) => [name, bareAll(items)])) };
}

/** What Graph answers of an object that the token may not read. */
function bare(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([name, value]): [string, Json] => {
      if (name === 'id' || name.startsWith('@odata.')) return [name, value];
      return [name, isJsonArray(value) ? [] : null];
    }),
  );
}
