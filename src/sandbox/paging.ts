/**
 * Query options of lists, and pages. A page token names the last object of the page before, so objects that appear or
 * disappear meanwhile shift nothing. Source: "Paging Microsoft Graph data in your app".
 */
import { badRequest, GraphError, malformed, unsupportedQuery } from './errors.js';
import { positionAfter } from './ordered-ids.js';
import { pageSize } from './quirks/limits.js';
import { expandable } from './quirks/reading.js';
import { type GraphRequest, isEventual, versionRoot } from './request.js';

/** Options a list understands; every other one is refused. */
const knownOptions = new Set([
  '$select',
  '$filter',
  '$top',
  '$count',
  '$skiptoken',
  '$search',
  '$orderby',
  '$expand',
  '$skip',
  '$format',
]);

/** Refuses query options that the sandbox does not serve, in the words of Graph where they are known (observed). */
export function checkOptions(request: GraphRequest, type: string): void {
  for (const name of request.query.keys()) {
    if (name.startsWith('$') && !knownOptions.has(name))
      throw malformed(`The query parameter '${name}' is not supported.`);
  }
  if (request.query.has('$search')) {
    throw unsupportedQuery(
      isEventual(request)
        ? 'The sandbox does not support $search.'
        : "Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'",
    );
  }
  if (request.query.has('$orderby')) throw unsupportedQuery('Sorting not supported for current query.');
  readExpand(request, type);
  if (request.query.has('$skip')) throw badRequest('$skip is not currently supported.');
}

/** The relationships that `$expand` names. Throws 400 for one that the sandbox does not show with the type. */
export function readExpand(request: GraphRequest, type: string): string[] {
  const names = (request.query.get('$expand') ?? '').split(',').filter((name) => name !== '');
  if (names.some((name) => !expandable[type]?.has(name)))
    throw unsupportedQuery('The sandbox does not support this $expand.');
  return names;
}

/** The page size a request asks for. Above the maximum the directory refuses, other services use their maximum. */
export function readTop(request: GraphRequest, directory: boolean): number {
  const text = request.query.get('$top');
  if (text === null) return pageSize.standard;
  const top = Number(text);
  if (!/^\d+$/.test(text.trim()))
    throw malformed(
      `Invalid value '${text}' for $top query option found. The $top query option requires a non-negative integer value.`,
    );
  if (top >= 1 && top <= pageSize.largest) return top;
  if (!directory && top >= 1) return pageSize.largest;
  throw unsupportedQuery(
    `Invalid page size specified: '${text}'. Must be between 1 and ${pageSize.largest} inclusive.`,
  );
}

export interface Page {
  readonly items: readonly string[];
  /** Absolute URL of the next page; undefined on the last one. */
  readonly nextLink: string | undefined;
}

/** Cuts one page out of sorted ids. Looks one match ahead, so that the last page has no link. */
export function cutPage(
  request: GraphRequest,
  ids: readonly string[],
  size: number,
  matches: (id: string) => boolean,
): Page {
  const items: string[] = [];
  for (let at = positionAfter(ids, readToken(request)); at < ids.length; at++) {
    const id = ids[at] as string;
    if (!matches(id)) continue;
    if (items.length === size) return { items, nextLink: linkAfter(request, items[size - 1] as string) };
    items.push(id);
  }
  return { items, nextLink: undefined };
}

/** Whether this is a page after the first, which carries no count. */
export function isContinued(request: GraphRequest): boolean {
  return request.query.has('$skiptoken');
}

function readToken(request: GraphRequest): string | undefined {
  const token = request.query.get('$skiptoken');
  if (token === null) return undefined;
  const [list, after] = Buffer.from(token, 'base64url').toString('utf8').split('\n');
  if (after !== undefined && list === listName(request)) return after;
  throw new GraphError(
    400,
    'Directory_ExpiredPageToken',
    'The specified page token value has expired and can no longer be included in your request.',
  );
}

/** The list a token belongs to: a token of another list is worth nothing. */
const listName = (request: GraphRequest): string => request.segments.join('/');

function linkAfter(request: GraphRequest, id: string): string {
  const path = request.segments.map(encodeURIComponent).join('/').replaceAll('%24', '$');
  const options = [...request.query].filter(([name]) => name !== '$skiptoken');
  options.push(['$skiptoken', Buffer.from(`${listName(request)}\n${id}`, 'utf8').toString('base64url')]);
  const query = options.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  return `${versionRoot(request)}/${path}?${query}`;
}
