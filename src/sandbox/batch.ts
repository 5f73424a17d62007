/** `POST /$batch`. Source: "Combine multiple HTTP requests using JSON batching". */
import { GraphError, malformed } from './errors.js';
import { admit, refused } from './gateway.js';
import { failures, unknownFailure } from './quirks/failures.js';
import { batchLimit } from './quirks/limits.js';
import { type IncomingRequest, logRequest, type Service, type Wire } from './service.js';
import { isObject } from './validate.js';

interface Item {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly dependsOn: readonly string[];
}

interface ItemAnswer {
  readonly id: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** An answer with what a fault does to the connection, which the items share. */
interface DoneItem {
  readonly answer: ItemAnswer;
  readonly wire: Wire;
  readonly incoming: IncomingRequest;
}

/** A batch that was performed. */
export interface DoneBatch {
  readonly body: { readonly responses: readonly ItemAnswer[] };
  readonly wire: Wire;
  /** The items as requests of their own. */
  readonly items: readonly IncomingRequest[];
}

/**
 * Performs the items of a batch, each as a request of its own, and returns the body of the answer, and what becomes of
 * it on its way. Answers come in no particular order. Throws 400 for an envelope that is wrong; nothing is performed then.
 */
export function performBatch(service: Service, envelope: IncomingRequest, version: string, body: unknown): DoneBatch {
  const waiting = readItems(body);
  const answers = new Map<string, DoneItem>();
  let binds = 0;
  while (waiting.length > 0) {
    const at = waiting.findIndex((item) => item.dependsOn.every((id) => answers.has(id.toLowerCase())));
    const [item] = waiting.splice(at, 1);
    if (!item) break;
    if (isBind(item)) binds++;
    const allowed = !isBind(item) || binds <= (service.behaviour.bindsPerBatch ?? batchLimit);
    answers.set(item.id.toLowerCase(), performItem(service, envelope, version, item, answers, allowed));
  }
  const done = [...answers.values()];
  return {
    body: {
      responses: shuffled(
        done.map(({ answer }) => answer),
        service.random,
      ),
    },
    wire: commonWire(done.map(({ wire }) => wire)),
    items: done.map(({ incoming }) => incoming),
  };
}

/** The items travel together: the slowest holds all of them up, and one broken connection is that of all. */
function commonWire(wires: readonly Wire[]): Wire {
  const delay = Math.max(0, ...wires.map((wire) => wire.delay ?? 0));
  const cuts = wires.map(({ cut }) => cut);
  const cut = (['all', 'half'] as const).find((each) => cuts.includes(each));
  return { ...(delay > 0 ? { delay } : {}), ...(cut ? { cut } : {}) };
}

function performItem(
  service: Service,
  envelope: IncomingRequest,
  version: string,
  item: Item,
  done: ReadonlyMap<string, DoneItem>,
  allowed: boolean,
): DoneItem {
  const incoming: IncomingRequest = {
    method: item.method.toUpperCase(),
    url: `/${version}/${item.url.replace(/^\//, '')}`,
    origin: envelope.origin,
    headers: item.headers,
    token: envelope.token,
    batched: true,
    ...bodyOf(item),
  };
  if (item.dependsOn.some((id) => (done.get(id.toLowerCase())?.answer.status ?? 0) >= 400)) {
    logRequest(service, incoming, item.body ?? null, 424);
    const message = 'The request was not performed because a request it depends on failed.';
    const body = { error: { code: 'FailedDependency', message } };
    return { answer: { id: item.id, status: 424, headers: {}, body }, wire: {}, incoming };
  }
  const {
    status,
    headers,
    body,
    wire = {},
  } = allowed ? admit(service, incoming) : refused(service, incoming, overloaded());
  const empty = service.behaviour.batchEmptyBody === 'null' ? { body: null } : {};
  return { answer: { id: item.id, status, headers, ...(body === undefined ? empty : { body }) }, wire, incoming };
}

/** Whether an item adds many members at once, of which a batch bears few (reported by Microsoft's group management service). */
const isBind = ({ method, body }: Item): boolean =>
  method.toUpperCase() === 'PATCH' && isObject(body) && 'members@odata.bind' in body;

const overloaded = (): GraphError => {
  const { code, message } = failures[503] ?? unknownFailure;
  return new GraphError(503, code, message);
};

/** A body needs its content type here too; a text that is no JSON makes the item fail like a request of its own. */
function bodyOf(item: Item): Pick<IncomingRequest, 'text' | 'body'> {
  if (item.body === undefined || item.body === null) return {};
  const typed = /\bapplication\/json\b/i.test(item.headers['content-type'] ?? '');
  return typed && isObject(item.body) ? { body: item.body } : { text: JSON.stringify(item.body) };
}

function readItems(body: unknown): Item[] {
  const requests = isObject(body) ? body.requests : undefined;
  if (!Array.isArray(requests)) throw malformed('Invalid batch payload format.');
  if (requests.length > batchLimit)
    throw malformed(`Number of batch request steps exceeds the maximum value of ${batchLimit}.`);
  const items = requests.map(readItem);
  const ids = new Set(items.map((item) => item.id.toLowerCase()));
  if (ids.size < items.length) throw malformed('Request Id must be unique in a batch request.');
  checkDependencies(items, ids);
  return items;
}

function readItem(value: unknown): Item {
  if (!isObject(value) || typeof value.id !== 'string' || value.id === '')
    throw malformed('Invalid batch payload format: every request needs an id.');
  const { id, method, url, dependsOn = [], headers = {} } = value;
  if (typeof method !== 'string' || typeof url !== 'string' || /^[a-z]+:/i.test(url) || /^\/?\$batch\b/.test(url)) {
    throw malformed(`Invalid batch payload format: the request '${id}' needs a method and a relative url.`);
  }
  if (!Array.isArray(dependsOn) || !isObject(headers))
    throw malformed(`Invalid batch payload format in the request '${id}'.`);
  const named = Object.entries(headers).map(([name, text]) => [name.toLowerCase(), String(text)]);
  return { id, method, url, headers: Object.fromEntries(named), body: value.body, dependsOn: dependsOn.map(String) };
}

/** Every dependency must be in the batch, and none may depend on itself, however long the way. */
function checkDependencies(items: readonly Item[], ids: ReadonlySet<string>): void {
  const settled = new Set<string>();
  for (let before = -1; before < settled.size; ) {
    before = settled.size;
    for (const item of items) {
      const open = item.dependsOn.map((id) => id.toLowerCase()).filter((id) => !settled.has(id));
      if (open.some((id) => !ids.has(id)))
        throw malformed(`The request '${item.id}' depends on a request that is not in the batch.`);
      if (open.length === 0) settled.add(item.id.toLowerCase());
    }
  }
  if (settled.size < items.length) throw malformed('The requests of the batch depend on each other in a circle.');
}

function shuffled<T>(items: T[], random: () => number): T[] {
  for (let at = items.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [items[at], items[other]] = [items[other] as T, items[at] as T];
  }
  return items;
}
