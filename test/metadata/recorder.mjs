/**
 * Records what the product's client asks Microsoft Graph, as shapes: ids are replaced, values are named by their kind, and
 * what was seen before is not written again. The test workers load it as a setup file, and processes that tests start
 * load it by `--import`. Only the product's own requests count: no other client here sends both of its headers.
 */

import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder that a whole run writes to; each process writes a file of its own. */
export const VARIABLE = 'KNOWNGOOD_RECORDED_REQUESTS';
const TEST = 'KNOWNGOOD_RECORDED_TEST';
/** Free text has countless values; more than a few of each place are not needed. Words could be members of an enum. */
const MOST_TEXTS = 20;
const MOST_WORDS = 500;

/** What a member of an enum looks like, or several that are flags. */
const WORDS = /^[A-Za-z0-9]+(?:, ?[A-Za-z0-9]+)*$/;

const folder = process.env[VARIABLE];
const seen = new Set();
const counts = new Map();
let test = process.env[TEST] ?? '';

/** Names the test file that the next requests belong to. */
export function recordFor(name) {
  test = name;
}

/** What a process needs in its environment, so that its requests are recorded. */
export function recording() {
  if (folder === undefined) return {};
  return { [VARIABLE]: folder, [TEST]: test, NODE_OPTIONS: `--import=${import.meta.url}` };
}

/** Notes a request of the product; the items of a batch one by one. Others are let through unseen. */
export function record(url, options) {
  if (folder === undefined || options === undefined || !isOurs(options.headers)) return;
  const { pathname, search } = new URL(url);
  const method = options.method ?? 'GET';
  const body = typeof options.body === 'string' ? JSON.parse(options.body) : undefined;
  const [, version = '', path = ''] = /^\/([^/]+)(\/.*)$/.exec(pathname) ?? [];
  if (path !== '/$batch') {
    note(method, version, path + search, body);
    return;
  }
  for (const item of body.requests) note(item.method, version, item.url, item.body);
}

function isOurs(given = {}) {
  const header = (name) => (given instanceof Headers ? given.get(name) : given[name]);
  return header('client-request-id') && header('prefer')?.includes('include-unknown-enum-members');
}

function note(method, version, url, body) {
  const request = `${method} ${version} ${templateOf(url)}`;
  write(request, '', undefined);
  if (body !== undefined) leaves(body, '', (path, value) => write(request, path, value));
}

function write(request, path, value) {
  const key = `${request}\t${path}\t${value}`;
  if (seen.has(key)) return;
  seen.add(key);
  if (value?.startsWith('"')) {
    const place = `${request}\t${path}`;
    const count = (counts.get(place) ?? 0) + 1;
    counts.set(place, count);
    if (count > (WORDS.test(JSON.parse(value)) ? MOST_WORDS : MOST_TEXTS)) return;
  }
  appendFileSync(join(folder, `${process.pid}.jsonl`), `${JSON.stringify([request, path, value ?? null, test])}\n`);
}

const GUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

/** Segments that look like ids that somebody made up, and are none. */
const NAMES = /^(?:microsoft\.graph\..*|oauth2PermissionGrants)$/;

/** A path and its query with ids, quoted texts and tokens replaced. */
export function templateOf(url) {
  const at = url.indexOf('?');
  const path = at < 0 ? url : url.slice(0, at);
  const segments = path.split('/').map((segment) => {
    if (segment.length < 18) return segment;
    const plain = segment.replace(/'(?:[^']|'')*'/g, "'{text}'").replace(GUID, '{id}');
    const isOpaque = plain.length >= 18 && /[0-9%_-]|[A-Z]{2}/.test(plain) && !NAMES.test(plain);
    return isOpaque ? '{id}' : plain;
  });
  return at < 0 ? segments.join('/') : `${segments.join('/')}?${queryOf(url.slice(at + 1))}`;
}

/** Queries repeat, but for those of later pages. */
const queries = new Map();

function queryOf(text) {
  const known = queries.get(text);
  if (known !== undefined) return known;
  const query = decodeURIComponent(text.replaceAll('+', ' '))
    .replace(/'(?:[^']|'')*'/g, "'{text}'")
    .replace(/(\$(?:skiptoken|deltatoken))=[^&]*/g, '$1={token}')
    .replace(GUID, '{id}');
  if (queries.size < 1000) queries.set(text, query);
  return query;
}

/** Every value inside a body: where it is, and what kind of value it is. Objects name their type if they say it. */
export function leaves(value, path, found) {
  if (Array.isArray(value)) {
    if (value.length === 0) found(path, 'empty list');
    for (const each of value) leaves(each, `${path}/[]`, found);
  } else if (typeof value === 'object' && value !== null) {
    const type = value['@odata.type'];
    const here = typeof type === 'string' ? `${path}/{${type}}` : path;
    const names = Object.keys(value);
    if (names.length === 0) found(path, 'empty object');
    for (const name of names)
      if (name !== '@odata.type') leaves(value[name], `${here}/${encodeURIComponent(name)}`, found);
    if (names.length === 1 && typeof type === 'string') found(here, 'empty object');
  } else found(path, kindOf(value));
}

function kindOf(value) {
  if (value === null) return 'null';
  if (typeof value !== 'string') return Number.isInteger(value) ? 'integer' : typeof value;
  const reference = /^https?:\/\/[^/]+\/(?:v1\.0|beta)(\/.*)$/.exec(value);
  if (reference !== null) return `ref:${templateOf(reference[1])}`;
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)) return 'guid';
  if (/^\d{4}-\d\d-\d\dT[\d:]+(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(value)) return 'date-time';
  return value.length <= 80 || (value.length <= 500 && WORDS.test(value)) ? JSON.stringify(value) : 'text';
}

if (folder !== undefined) {
  const real = globalThis.fetch;
  globalThis.fetch = (input, options) => {
    record(String(input), options);
    return real(input, options);
  };
}
