/** The HTTP client of the incidents: no more than an attacker or a script would use. */

/** Where the tenant answers, and as whom. */
export interface Connection {
  readonly url: string;
  readonly token: string;
  readonly fetch?: typeof fetch;
  readonly onProgress?: (done: number, total: number) => void;
}

/** A JSON object of the tenant. */
export type Json = Record<string, unknown>;

/** One request of a batch; `url` is relative to the version of the API. */
export interface BatchItem {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly body?: Json;
}

/** What the incidents use of Microsoft Graph. Every failure is an error with the status and Graph's code. */
export interface Client {
  /** How many requests were made; each request of a batch counts, and the batch does not. */
  readonly requests: number;
  /** Throws unless the other side says that it is a sandbox. */
  requireSandbox(): Promise<void>;
  /** Everything that a list holds, over all its pages. */
  list(path: string): Promise<Json[]>;
  /** Creates something, or does something; the body of the answer. */
  post(path: string, body: Json): Promise<Json>;
  patch(path: string, body: Json): Promise<void>;
  remove(path: string): Promise<void>;
  /** Sends the requests twenty at a time and gives the bodies of the answers, in the order of the requests. */
  batch(items: readonly BatchItem[]): Promise<Json[]>;
}

/** The header by which a sandbox makes itself known. */
export const SANDBOX_HEADER = 'x-knowngood-sandbox';
/** The header that says at what pace its limits hold: a number, or `none`. */
const PACE_HEADER = 'x-knowngood-sandbox-pace';
const BATCH_SIZE = 20;
const BATCHES_AT_ONCE = 4;
const MOST_ATTEMPTS = 20;

/** Connects to a tenant. */
export function createClient(connection: Connection): Client {
  return new HttpClient(connection);
}

class HttpClient implements Client {
  requests = 0;
  readonly #connection: Connection;
  readonly #root: string;
  /** How many times as fast as real time the limits of the sandbox run. */
  #pace = 1;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#root = `${connection.url.replace(/\/+$/, '')}/v1.0`;
  }

  async requireSandbox(): Promise<void> {
    const response = await this.#fetch('GET', `${this.#root}/organization`);
    await response.body?.cancel();
    if (response.headers.get(SANDBOX_HEADER) === null) {
      throw new Error('not a sandbox: incidents never touch a real tenant');
    }
  }

  async list(path: string): Promise<Json[]> {
    const items: Json[] = [];
    let next: string | undefined = this.#root + path;
    while (next !== undefined) {
      const page: Json = await this.#request('GET', next);
      items.push(...(Array.isArray(page.value) ? (page.value as Json[]) : []));
      next = nextPage(page, this.#root);
    }
    return items;
  }

  async post(path: string, body: Json): Promise<Json> {
    return await this.#request('POST', this.#root + path, body);
  }

  async patch(path: string, body: Json): Promise<void> {
    await this.#request('PATCH', this.#root + path, body);
  }

  async remove(path: string): Promise<void> {
    await this.#request('DELETE', this.#root + path);
  }

  async batch(items: readonly BatchItem[]): Promise<Json[]> {
    const bodies: Json[] = new Array(items.length);
    let next = 0;
    let done = 0;
    const work = async (): Promise<void> => {
      while (next < items.length) {
        const from = next;
        next += BATCH_SIZE;
        const part = items.slice(from, next);
        const answers = await this.#sendBatch(part);
        for (const [i, answer] of answers.entries()) bodies[from + i] = answer;
        done += part.length;
        this.#connection.onProgress?.(done, items.length);
      }
    };
    await Promise.all(Array.from({ length: BATCHES_AT_ONCE }, work));
    return bodies;
  }

  /** One batch; requests that were refused for a while are sent again. */
  async #sendBatch(items: readonly BatchItem[]): Promise<Json[]> {
    const bodies: Json[] = items.map(() => ({}));
    let open = items.map((_, i) => i);
    for (let attempt = 1; open.length > 0; attempt++) {
      const requests = open.map((i) => batchRequest(items[i] as BatchItem, i));
      this.requests += requests.length - 1;
      const { responses } = await this.#request('POST', `${this.#root}/$batch`, { requests });
      const refused: number[] = [];
      let wait = 0;
      for (const answer of responses as BatchAnswer[]) {
        const place = Number(answer.id);
        const item = items[place] as BatchItem;
        if (isPassing(answer.status) && attempt < MOST_ATTEMPTS) {
          refused.push(place);
          wait = Math.max(wait, secondsToWait(headerOf(answer, 'retry-after'), attempt));
        } else if (answer.status >= 400) {
          throw failure(item.method, item.url, answer.status, answer.body);
        } else {
          bodies[place] = (answer.body ?? {}) as Json;
        }
      }
      open = refused;
      if (open.length > 0) await this.#sleep(wait);
    }
    return bodies;
  }

  async #request(method: string, url: string, body?: Json): Promise<Json> {
    for (let attempt = 1; ; attempt++) {
      const response = await this.#fetch(method, url, body);
      const text = await response.text();
      if (isPassing(response.status) && attempt < MOST_ATTEMPTS) {
        await this.#sleep(secondsToWait(response.headers.get('retry-after'), attempt));
      } else if (!response.ok) {
        throw failure(method, url, response.status, parse(text));
      } else {
        return (parse(text) ?? {}) as Json;
      }
    }
  }

  async #fetch(method: string, url: string, body?: Json): Promise<Response> {
    this.requests += 1;
    const send = this.#connection.fetch ?? fetch;
    const headers: Record<string, string> = { authorization: `Bearer ${this.#connection.token}` };
    if (body !== undefined) headers['content-type'] = 'application/json';
    const response = await send(url, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    this.#pace = Number(response.headers.get(PACE_HEADER)) || 1;
    return response;
  }

  /** Seconds of the sandbox's clock. */
  #sleep(seconds: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, (seconds / this.#pace) * 1000));
  }
}

interface BatchAnswer {
  readonly id: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

function batchRequest(item: BatchItem, place: number): Json {
  const { method, url, body } = item;
  const withBody = body === undefined ? {} : { headers: { 'Content-Type': 'application/json' }, body };
  return { id: String(place), method, url, ...withBody };
}

/** The address of the next page, which must be on the server that the first page came from. */
function nextPage(page: Json, root: string): string | undefined {
  const next = page['@odata.nextLink'];
  if (typeof next !== 'string') return undefined;
  if (new URL(next).origin !== new URL(root).origin) throw new Error(`the next page is on another server: ${next}`);
  return next;
}

function headerOf(answer: BatchAnswer, wanted: string): string | null {
  const found = Object.entries(answer.headers ?? {}).find(([name]) => name.toLowerCase() === wanted);
  return found?.[1] ?? null;
}

/** Refusals before anything was done: too many requests, and a service that is away for a moment. */
const isPassing = (status: number): boolean => status === 429 || status === 503;

/** What the answer asks for; else longer each time. */
function secondsToWait(retryAfter: string | null, attempt: number): number {
  const seconds = Number.parseFloat(retryAfter ?? '');
  return Math.min(Number.isFinite(seconds) ? seconds : 2 ** (attempt - 1), 300);
}

function parse(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function failure(method: string, url: string, status: number, body: unknown): Error {
  const error = (body as { error?: { code?: string; message?: string } } | undefined)?.error;
  const said = [error?.code, error?.message].filter(Boolean).join(': ');
  return new Error(`${method} ${url} failed with status ${status}${said === '' ? '' : ` (${said})`}`);
}
