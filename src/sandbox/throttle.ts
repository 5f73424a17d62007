/**
 * Throttling: a token bucket for every limit and everybody it is for. A request is charged when it arrives, also when it
 * is refused, so who hammers stays out. Source: "Microsoft Graph throttling guidance".
 */
import type { Behaviour } from './behaviour.js';
import { appOf } from './caller.js';
import { type Charge, chargesOf } from './costs.js';
import { GraphError } from './errors.js';
import { failures, unknownFailure } from './quirks/failures.js';
import { type Limit, lowPriorityShare, toldShare } from './quirks/throttling.js';
import type { GraphRequest } from './request.js';
import type { Store } from './store.js';

interface Bucket {
  /** How much is in use, at the moment `at` (milliseconds). */
  used: number;
  at: number;
}

/** Charges one request; returns headers for its answer. Throws 429 when a limit is exceeded. */
export type Throttle = (request: GraphRequest) => Readonly<Record<string, string>>;

/** `milliseconds` is the clock of the limits. Without `throttle` nothing is charged. */
export function createThrottle(store: Store, behaviour: Behaviour, milliseconds: () => number): Throttle {
  if (!behaviour.throttle) return () => ({});
  const buckets = new Map<string, Bucket>();
  return (request) => {
    const now = milliseconds();
    const app = appOf(request.token);
    const low = request.headers['x-ms-throttle-priority']?.toLowerCase() === 'low';
    let fullest = 0;
    let refused: { readonly limit: Limit; readonly wait: number } | undefined;
    for (const charge of chargesOf(request, store, behaviour)) {
      const { limit, name } = charge;
      const wait = take(bucketOf(buckets, limit.scope === 'Tenant' ? name : `${name} ${app}`, now), charge, now, low);
      if (limit.directory) fullest = Math.max(fullest, wait.share);
      if (wait.seconds > 0) refused ??= { limit, wait: wait.seconds };
    }
    const told: Record<string, string> =
      fullest >= toldShare.from ? { 'x-ms-throttle-limit-percentage': shareText(fullest) } : {};
    if (refused) throw tooMany(refused.limit, refused.wait, `${app}/${store.tenantId}`, told);
    return told;
  };
}

function bucketOf(buckets: Map<string, Bucket>, key: string, now: number): Bucket {
  const found = buckets.get(key) ?? { used: 0, at: now };
  buckets.set(key, found);
  return found;
}

/** Charges a bucket. `seconds`: how long until the same request would find room; 0 when it has. */
function take(
  bucket: Bucket,
  { limit, units }: Charge,
  now: number,
  low: boolean,
): { readonly seconds: number; readonly share: number } {
  const rate = limit.units / limit.seconds;
  const used = Math.max(0, bucket.used - (Math.max(0, now - bucket.at) / 1000) * rate);
  const room = limit.units * (low && limit.directory ? lowPriorityShare : 1);
  bucket.used = Math.min(used + units, limit.units * toldShare.most);
  bucket.at = now;
  // A thousandth is what rounding may cost: a request that comes exactly in time is in time.
  const fits = used + units <= room + 0.001;
  return { seconds: fits ? 0 : (bucket.used + units - room) / rate, share: bucket.used / limit.units };
}

const shareText = (share: number): string => (Math.floor(share * 100) / 100).toFixed(2).replace(/0$/, '');

/** 429 as the service gives it. Seconds may have a fraction (observed). */
function tooMany(limit: Limit, seconds: number, whose: string, told: Readonly<Record<string, string>>): GraphError {
  const { code, message } = failures[429] ?? unknownFailure;
  return new GraphError(429, code, message, [], {
    ...told,
    ...(limit.retryAfter ? { 'Retry-After': String(Math.ceil(seconds * 1000) / 1000) } : {}),
    'x-ms-throttle-scope': `${limit.scope}/${limit.counts}/${whose}`,
    'x-ms-throttle-information': limit.information,
  });
}
