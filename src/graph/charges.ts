/** What a request costs, and in which buckets: by method, path and body, from the table of limits. Pure. */

import { isJsonArray, isJsonObject, type Json } from '../model/json.js';
import {
  BATCH_SIZE,
  BIND_BATCH_SIZE,
  BUCKET_OF_PATH,
  BUCKET_OF_VALUE,
  type BucketName,
  LIMITS,
  QUERY_UNITS,
  READ_UNITS,
  REFERENCES_PER_WRITE,
} from './limits.js';
import type { GraphRequest } from './types.js';

/** What a request takes from each bucket that it belongs to; the bucket that most probably refuses it comes last. */
export type Charges = readonly { readonly bucket: BucketName; readonly cost: number }[];

/** What is known of the tenant that a request alone does not tell. */
export interface Known {
  /** Paths of objects whose writes have a bucket of their own. */
  readonly ownBucket: ReadonlySet<string>;
  /** Whether adding several references counts as several writes. */
  readonly bindsCostMore: boolean;
}

const NOTHING_KNOWN: Known = { ownBucket: new Set(), bindsCostMore: false };

/** What a request takes from the buckets. */
export function chargesOf(request: GraphRequest, known: Known = NOTHING_KNOWN): Charges {
  const [path, query] = splitPath(request.path);
  const bucket = bucketOf(path);
  const isRead = request.method === 'GET';
  if (bucket === 'conditionalAccess' || bucket === 'reports') return [{ bucket, cost: 1 }];
  const units = { bucket: 'directory', cost: isRead ? unitsOf(path, query) : 1 } as const;
  const own = bucket === 'directory' ? [] : [{ bucket, cost: 1 }];
  if (isRead) return [units, ...own];
  const references = referencesIn(request.body);
  const cost = known.bindsCostMore ? Math.max(1, Math.ceil(references / REFERENCES_PER_WRITE)) : 1;
  const personal = isOwn(request, path, known) ? [{ bucket: BUCKET_OF_VALUE.bucket, cost: 1 }] : [];
  return [units, ...own, { bucket: 'writes', cost }, ...personal];
}

function splitPath(path: string): readonly [string, string] {
  const at = path.indexOf('?');
  return at < 0 ? [path, ''] : [path.slice(0, at), path.slice(at + 1)];
}

function bucketOf(path: string): BucketName {
  for (const [start, bucket] of BUCKET_OF_PATH) if (isBelow(path, start)) return bucket;
  return 'directory';
}

function isBelow(path: string, start: string): boolean {
  return path.startsWith(start) && (path.length === start.length || path[start.length] === '/');
}

function unitsOf(path: string, query: string): number {
  const base = READ_UNITS[shapeOf(path)] ?? 1;
  const select = query.includes('$select=') ? QUERY_UNITS.$select : 0;
  const expand = query.includes('$expand=') ? QUERY_UNITS.$expand : 0;
  const top = query.includes('$top=') ? /\$top=(\d+)/.exec(query)?.[1] : undefined;
  const small = top !== undefined && Number(top) < QUERY_UNITS.smallTop ? QUERY_UNITS.$top : 0;
  return Math.max(1, base + select + expand + small);
}

/** The path with a star for every id: every second segment is one. */
function shapeOf(path: string): string {
  const segments = path.split('/');
  for (let at = 2; at < segments.length; at += 2) segments[at] = '*';
  return segments.join('/');
}

/** How many references a body adds. */
export function referencesIn(body: Json | undefined): number {
  if (body === undefined || !isJsonObject(body)) return 0;
  const bound = Object.entries(body).filter(([name]) => name.endsWith('@odata.bind'));
  return bound.reduce((sum, [, value]) => sum + (isJsonArray(value) ? value.length : 0), 0);
}

function isOwn({ body }: GraphRequest, path: string, known: Known): boolean {
  if (!isBelow(path, BUCKET_OF_VALUE.collection)) return false;
  const value = isJsonObject(body) ? body[BUCKET_OF_VALUE.property] : undefined;
  return isOwnValue(value) || known.ownBucket.has(objectPathOf(path));
}

function isOwnValue(value: Json | undefined): boolean {
  return BUCKET_OF_VALUE.values.some((own) => own === value);
}

function objectPathOf(path: string): string {
  return path.split('/').slice(0, 3).join('/').toLowerCase();
}

/** Paths of objects in an answer, and whether each has a bucket of its own. Empty for answers about other objects. */
export function ownBucketsIn(request: GraphRequest, body: Json | undefined): readonly (readonly [string, boolean])[] {
  const [path = ''] = request.path.split('?');
  const { collection, property } = BUCKET_OF_VALUE;
  if (request.method !== 'GET' || !isBelow(path, collection) || path.split('/').length > 3) return [];
  const objects = isJsonObject(body) && isJsonArray(body.value) ? body.value : [body];
  return objects.flatMap((object) => {
    if (!isJsonObject(object) || typeof object.id !== 'string' || object[property] === undefined) return [];
    return [[objectPathOf(`${collection}/${object.id}`), isOwnValue(object[property])] as const];
  });
}

/** Whether so few requests of this kind are allowed that many objects are better read by their list. */
export function isScarce(request: Pick<GraphRequest, 'path'>): boolean {
  return batchSizeOf({ method: 'GET', version: 'v1.0', path: request.path }) === 1;
}

/** How many requests like this one go into one batch; 1: it is sent on its own. */
export function batchSizeOf(request: GraphRequest, charges: Charges = chargesOf(request)): number {
  let size = referencesIn(request.body) > 0 ? BIND_BATCH_SIZE : BATCH_SIZE;
  for (const { bucket } of charges) size = Math.min(size, LIMITS[bucket].units);
  return size;
}
