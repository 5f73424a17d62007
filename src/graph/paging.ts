/**
 * Lists, page by page. Facts: "Paging Microsoft Graph data in your app": the whole next link is followed until there is
 * none, also from an empty page; a link from an answer that took several attempts is not to be followed; tokens expire.
 */

import { isJsonArray, isJsonObject, type Json } from '../model/json.js';
import type { Version } from '../registry/types.js';
import { type GraphClient, type GraphError, GraphFailure, type GraphRequest, type Outcome } from './types.js';

/** Refusals after which a list can only be read from its beginning. */
const LOST = new Set(['Directory_ExpiredPageToken', 'DirectoryPageTokenNotFoundException']);
/** How often a list is begun anew. */
const RESTARTS = 5;
/** How often a page is asked for again because its answer took several attempts. */
const REPEATS = 3;

type Send = (request: GraphRequest) => Promise<Outcome>;

/** Pages of a list, the next one on its way while one is worked on. `anew`: what came so far comes again. */
export async function* pagesOf(
  root: string,
  send: Send,
  request: GraphRequest,
  anew: () => void = () => undefined,
): AsyncGenerator<readonly Json[]> {
  for (let restarts = 0; ; restarts += 1) {
    let isBegun = false;
    try {
      for await (const page of onePass(root, send, request)) {
        isBegun = true;
        yield page;
      }
      return;
    } catch (cause) {
      // A list whose first page is lost is one that was begun elsewhere.
      if (!isLost(cause) || !isBegun || restarts === RESTARTS) throw cause;
      anew();
    }
  }
}

async function* onePass(root: string, send: Send, request: GraphRequest): AsyncGenerator<readonly Json[]> {
  const visited = new Set<string>();
  let answer = trusted(send, request);
  for (let next: GraphRequest | undefined = request; next !== undefined; ) {
    if (visited.has(next.path)) throw new GraphFailure(pagingError('The list leads back to a page it had already.'));
    visited.add(next.path);
    const outcome = await answer;
    if (!outcome.ok) throw new GraphFailure(outcome.error);
    const page = pageOf(outcome.answer.body, root);
    next = page.next;
    if (next !== undefined && !visited.has(next.path)) answer = trusted(send, next);
    yield page.items;
  }
}

/** An answer whose links can be followed: the page is asked for until it comes at the first attempt, or patience ends. */
export async function trusted(send: Send, request: GraphRequest): Promise<Outcome> {
  let outcome = await send(request);
  for (let repeat = 0; repeat < REPEATS && hasDoubtfulLink(outcome); repeat += 1) outcome = await send(request);
  return outcome;
}

/** Whether an answer that took several attempts says where to go on, now or later. */
function hasDoubtfulLink(outcome: Outcome): boolean {
  if (!outcome.ok || outcome.retried !== true) return false;
  const { body } = outcome.answer;
  return isJsonObject(body) && (body['@odata.nextLink'] ?? body['@odata.deltaLink'] ?? null) !== null;
}

/** Whether Graph does not know any more where a list was. */
function isLost(cause: unknown): boolean {
  return cause instanceof GraphFailure && cause.error.status === 400 && LOST.has(cause.error.code);
}

/** Everything that a list holds, of which the first page came with other answers. Throws a GraphFailure. */
export async function allItems(
  client: GraphClient,
  request: GraphRequest,
  { answer, retried }: Extract<Outcome, { ok: true }>,
): Promise<readonly Json[]> {
  const page = pageOf(answer.body, client.root);
  if (page.next === undefined) return page.items;
  const items: Json[] = [];
  const read = async (first: GraphRequest) => {
    for await (const more of client.pages(first, () => void items.splice(0))) for (const item of more) items.push(item);
  };
  if (retried === true) await read(request);
  else {
    items.push(...page.items);
    await read(page.next).catch((cause: unknown) => {
      if (!isLost(cause)) throw cause;
      items.splice(0);
      return read(request);
    });
  }
  return items;
}

function pagingError(message: string): GraphError {
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
