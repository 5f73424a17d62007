/** Lists of things that are no directory objects: rows that are worked out for each request. */
import { GraphError, malformed, unsupportedQuery } from '../errors.js';
import { pageTokenExpired } from '../quirks/failures.js';
import { type GraphRequest, versionRoot } from '../request.js';

/** A row of such a list. */
type Row = { readonly id: string };

/** One page, after the row that the token names. Throws 400 when that row is not there any more. */
export function pageOf<T extends Row>(
  request: GraphRequest,
  rows: readonly T[],
  size: { readonly standard: number; readonly largest: number },
): Record<string, unknown> {
  const from = startOf(request, rows);
  const until = from + topOf(request, size);
  const value = rows.slice(from, until).map((row) => picked(request, row));
  const last = rows[until - 1];
  return {
    ...(request.query.get('$count') === 'true' ? { '@odata.count': rows.length } : {}),
    ...(last && until < rows.length ? { '@odata.nextLink': linkAfter(request, last.id) } : {}),
    value,
  };
}

/** What `$select` names of a row; everything without it. */
export function picked<T extends Row>(request: GraphRequest, row: T): Record<string, unknown> {
  const select = request.query
    .get('$select')
    ?.split(',')
    .map((name) => name.trim());
  const entries = Object.entries(row);
  return Object.fromEntries(
    select ? entries.filter(([name]) => name.startsWith('@') || select.includes(name)) : entries,
  );
}

function topOf(request: GraphRequest, { standard, largest }: { standard: number; largest: number }): number {
  const text = request.query.get('$top');
  if (text !== null && !/^[1-9]\d*$/.test(text))
    throw malformed(`Invalid value '${text}' for $top query option found.`);
  return Math.min(text === null ? standard : Number(text), largest);
}

function startOf(request: GraphRequest, rows: readonly Row[]): number {
  for (const name of ['$expand', '$search', '$skip'])
    if (request.query.has(name)) throw unsupportedQuery(`The query parameter '${name}' is not supported.`);
  const token = request.query.get('$skiptoken');
  if (token === null) return 0;
  const id = Buffer.from(token, 'base64url').toString('utf8');
  const at = rows.findIndex((row) => row.id === id);
  if (at < 0) throw new GraphError(400, pageTokenExpired.code, pageTokenExpired.message);
  return at + 1;
}

function linkAfter(request: GraphRequest, id: string): string {
  const options = [...request.query].filter(([name]) => name !== '$skiptoken');
  options.push(['$skiptoken', Buffer.from(id, 'utf8').toString('base64url')]);
  const query = options.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  return `${versionRoot(request)}/${request.segments.join('/')}?${query}`;
}
