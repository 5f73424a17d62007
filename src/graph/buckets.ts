/**
 * The token buckets as the service has them, kept on our side: how long something must wait, what spending leaves, what an
 * answer tells. Pure: state and the moment in, numbers and state out. Times are milliseconds, of any clock.
 */

import type { Limit } from './limits.js';

export interface Bucket {
  /** What it holds when it is full, and what it gains in a millisecond. */
  readonly capacity: number;
  readonly rate: number;
  /** What it held at that moment; below nothing when an answer told that more was spent than we knew. */
  readonly level: number;
  readonly at: number;
  /** Nothing is spent before this moment: a refusal asked to wait. */
  readonly until: number;
  /** Refusals in a row that did not say how long to wait. */
  readonly refusals: number;
  /** What was spent in all, and since when. */
  readonly spent: number;
  readonly since: number | undefined;
}

/**
 * The part that is left unspent, so that requests that come closer together than they were sent are not refused. A bucket
 * of one request is slower by as much, and counts from the answer.
 */
const SLACK = 0.02;
const LONGEST_BACKOFF_MS = 120_000;
const FIRST_BACKOFF_MS = 2000;
/** "0.8 to 1.8", in steps of a tenth: how much of a limit is used. */
const STEP = 0.1;
/** What is believed to be overspent at most, as a part of the capacity. */
const MOST_OVERSPENT = 0.2;

/** A full bucket, of which only a part is used. */
export function fullBucket({ units, seconds }: Limit, now: number, share = 1): Bucket {
  const capacity = units === 1 ? 1 : units * (share - SLACK);
  const rate = units / (seconds * 1000) / (units === 1 ? 1 + SLACK : 1);
  return { capacity, rate, level: capacity, at: now, until: 0, refusals: 0, spent: 0, since: undefined };
}

/** The same bucket with another limit: what was spent stays spent. */
export function resized(bucket: Bucket, limit: Limit, now: number, share = 1): Bucket {
  const full = fullBucket(limit, now, share);
  return {
    ...bucket,
    capacity: full.capacity,
    rate: full.rate,
    level: levelAt(bucket, now) + full.capacity - bucket.capacity,
    at: now,
  };
}

function levelAt(bucket: Bucket, now: number): number {
  return Math.min(bucket.capacity, bucket.level + Math.max(0, now - bucket.at) * bucket.rate);
}

/** How long it takes until so much can be spent. More than it ever holds may be spent when it is full. */
export function waitFor(bucket: Bucket, cost: number, now: number): number {
  const missing = Math.min(cost, bucket.capacity) - levelAt(bucket, now);
  return Math.max(0, bucket.until - now, missing <= 1e-9 ? 0 : Math.ceil(missing / bucket.rate));
}

/** The bucket after so much was spent. */
export function spend(bucket: Bucket, cost: number, now: number): Bucket {
  return {
    ...bucket,
    level: levelAt(bucket, now) - cost,
    at: now,
    spent: bucket.spent + cost,
    since: bucket.since ?? now,
  };
}

/** What an answer tells of a bucket. */
export interface Told {
  /** The request was refused for lack of capacity; how long to wait, where it says so. */
  readonly refused?: { readonly wait: number | undefined; readonly jitter: number };
  /** What was spent beyond what we took. */
  readonly more?: number;
  /** `x-ms-throttle-limit-percentage`: 1 is all of the limit. */
  readonly used?: number;
}

/** The bucket after an answer. */
export function hear(bucket: Bucket, told: Told, now: number): Bucket {
  let level = levelAt(bucket, now) - (told.more ?? 0);
  if (told.used !== undefined)
    level = Math.min(level, bucket.capacity * Math.max(-MOST_OVERSPENT, 1 + STEP - told.used));
  if (bucket.capacity === 1) level = Math.min(level, 0);
  if (told.refused === undefined) return { ...bucket, level, at: now, refusals: 0 };
  // Requests that were under way together are refused together: that counts as once.
  const again = now >= bucket.until || bucket.refusals === 0 ? 1 : 0;
  const refusals = told.refused.wait === undefined ? bucket.refusals + again : 0;
  const backoff = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (refusals - 1));
  const wait = told.refused.wait ?? backoff;
  const until = Math.max(bucket.until, now + wait + told.refused.jitter);
  // Nothing fits before the time that it says, and then not much more than what was refused.
  return { ...bucket, level: Math.min(-wait * bucket.rate, level), at: now, refusals, until };
}

/** What can be spent at once, and the part spent of all that could have been since the first request. */
export function usage(bucket: Bucket, now: number): { available: number; used: number; perSecond: number } {
  const budget = bucket.capacity + (now - (bucket.since ?? now)) * bucket.rate;
  return { available: levelAt(bucket, now), used: bucket.spent / budget, perSecond: bucket.rate * 1000 };
}
