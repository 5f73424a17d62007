/**
 * Spends what Graph allows, and no more: every request, and every item of a batch, waits here until all its buckets hold
 * enough. One governor serves all workers of a client. Requests with the same buckets go in the order in which they came;
 * those with other buckets do not wait for them, so reads go on while writes wait.
 */

import { isJsonArray, isJsonObject } from '../model/json.js';
import { type Bucket, fullBucket, hear, resized, spend, type Told, usage, waitFor } from './buckets.js';
import { type Charges, chargesOf, ownBucketsIn, referencesIn } from './charges.js';
import {
  BACKGROUND_SHARE,
  type BucketName,
  DIRECTORY_SIZES,
  LIMITS,
  LIST_OF_USERS,
  REFERENCES_PER_WRITE,
} from './limits.js';
import { retryAfter } from './retry.js';
import type { Time } from './time.js';
import type { GraphAnswer, GraphRequest, WriteBudget } from './types.js';

/** Headers of an answer, or of an item's: names in lower case. */
export interface HeaderSource {
  get(name: string): string | null;
}

export interface Governor {
  /** Waits until these requests may be sent together, and spends what they cost. An aborted signal ends the wait. */
  admit(requests: readonly GraphRequest[], signal?: AbortSignal): Promise<readonly Charges[]>;
  /** Learns from the answer to one request. */
  hear(request: GraphRequest, charges: Charges, answer: GraphAnswer, headers: HeaderSource): void;
  /** Learns from the headers of an HTTP answer whether, and how fast, its clock runs: a sandbox says so. */
  pace(headers: HeaderSource): void;
  /** What is left of the limit on writes; undefined where there is none. */
  writes(): WriteBudget | undefined;
}

const SANDBOX_HEADER = 'x-knowngood-sandbox';
const PACE_HEADER = 'x-knowngood-sandbox-pace';
/** Most that is added to a wait, so that many clients do not come back at the same moment. */
const JITTER_MS = 500;
/** A refusal came too early when we have spent less than this part of what there was. */
const EARLY = 0.8;
/** Graph tells from 0.8 of a limit on: what is not told while our account is emptier than this is not so. */
const NEARLY_NOTHING = 0.1;

/** `background`: its requests are of low priority, and leave a part of the directory's bucket to others. */
export function createGovernor(time: Time, random: () => number, background = false): Governor {
  const buckets = new Map<BucketName, Bucket>();
  const lanes = new Map<string, Promise<void>>();
  const ownBucket = new Set<string>();
  const users = new Set<string>();
  const known = { ownBucket, bindsCostMore: false };
  let limits: Readonly<Record<BucketName, { units: number; seconds: number }>> = LIMITS;
  let isPaced = true;
  const shareOf = (name: BucketName) => (background && name === 'directory' ? BACKGROUND_SHARE : 1);
  const bucketOf = (name: BucketName) => buckets.get(name) ?? fullBucket(limits[name], time.now(), shareOf(name));

  const take = async (total: Charges, signal: AbortSignal | undefined) => {
    while (signal?.aborted !== true) {
      const now = time.now();
      const waits = total.map(({ bucket, cost }) => {
        const state = bucketOf(bucket);
        return isPaced ? waitFor(state, cost, now) : Math.max(0, state.until - now);
      });
      const wait = Math.max(...waits);
      if (wait === 0) {
        for (const { bucket, cost } of total) buckets.set(bucket, spend(bucketOf(bucket), cost, now));
        return;
      }
      await time.sleep(wait, signal);
    }
  };
  const tell = (name: BucketName, told: Told) => void buckets.set(name, hear(bucketOf(name), told, time.now()));

  /** A tenant is as large as the users in it that were seen, at least. */
  const measure = (request: GraphRequest, { body }: GraphAnswer) => {
    if (request.method !== 'GET' || request.path.split('?')[0] !== LIST_OF_USERS) return;
    const largest = DIRECTORY_SIZES[0]?.units;
    if (limits.directory.units === largest || !isJsonObject(body) || !isJsonArray(body.value)) return;
    for (const user of body.value) if (isJsonObject(user)) users.add(String(user.id));
    const units = DIRECTORY_SIZES.find(({ moreUsersThan }) => users.size > moreUsersThan)?.units;
    if (units === undefined || units === limits.directory.units) return;
    limits = { ...limits, directory: { ...limits.directory, units } };
    buckets.set('directory', resized(bucketOf('directory'), limits.directory, time.now(), shareOf('directory')));
  };
  /** Whether adding many references costs more than one write shows in when we are refused, and when we are not. */
  const learnBinds = (request: GraphRequest, refused: boolean, used: number | undefined) => {
    if (referencesIn(request.body) <= REFERENCES_PER_WRITE) return;
    const { available, used: spent } = usage(bucketOf('writes'), time.now());
    const isEmpty = available < bucketOf('writes').capacity * NEARLY_NOTHING;
    if (refused && spent < EARLY) known.bindsCostMore = true;
    else if (!refused && used === undefined && isEmpty) known.bindsCostMore = false;
  };

  return {
    async admit(requests, signal) {
      const charges = requests.map((request) => chargesOf(request, known));
      const total = sumOf(charges);
      const lane = total.map(({ bucket }) => bucket).join();
      const turn = (lanes.get(lane) ?? Promise.resolve()).then(() => take(total, signal));
      lanes.set(lane, turn);
      await turn;
      return charges;
    },
    hear(request, charges, answer, headers) {
      const last = charges.at(-1)?.bucket;
      if (last === undefined) return;
      for (const [path, own] of ownBucketsIn(request, answer.body)) own ? ownBucket.add(path) : ownBucket.delete(path);
      measure(request, answer);
      const used = numberIn(headers, 'x-ms-throttle-limit-percentage');
      const refused = answer.status === 429;
      if (last === 'writes') learnBinds(request, refused, used);
      const units = charges.find(({ bucket }) => bucket === 'directory');
      const more = (numberIn(headers, 'x-ms-resource-unit') ?? units?.cost ?? 0) - (units?.cost ?? 0);
      if (units !== undefined && more !== 0) tell('directory', { more });
      const wait = retryAfter(headers);
      if (refused) tell(refusedBy(charges, headers) ?? last, { refused: { wait, jitter: random() * JITTER_MS } });
      else tell(last, used === undefined ? {} : { used });
    },
    pace(headers) {
      const told = headers.get(SANDBOX_HEADER) === null ? null : headers.get(PACE_HEADER);
      if (told === null) return;
      isPaced = told !== 'none';
      const speed = Number(told);
      if (Number.isFinite(speed) && speed > 0) time.run(speed);
    },
    writes() {
      return isPaced ? { ...usage(bucketOf('writes'), time.now()), speed: time.speed() } : undefined;
    },
  };
}

function sumOf(charges: readonly Charges[]): Charges {
  const total = new Map<BucketName, number>();
  for (const { bucket, cost } of charges.flat()) total.set(bucket, (total.get(bucket) ?? 0) + cost);
  return [...total].map(([bucket, cost]) => ({ bucket, cost }));
}

/** The bucket that a refusal names; undefined when it names none that the request belongs to. */
function refusedBy(charges: Charges, headers: HeaderSource): BucketName | undefined {
  const [, scope] = (headers.get('x-ms-throttle-scope') ?? '').split('/');
  const told = headers.get('x-ms-throttle-information') ?? scope ?? '';
  const name = /^ResourceUnit|^Read$/.test(told) ? 'directory' : /^Write/.test(told) ? 'writes' : undefined;
  return charges.find(({ bucket }) => bucket === name)?.bucket;
}

function numberIn(headers: HeaderSource, name: string): number | undefined {
  const text = headers.get(name);
  const value = text === null || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}
