/** The arithmetic of token buckets: when something may be spent, and what refusals and headers change. */

import { describe, expect, it } from 'vitest';
import { type Bucket, fullBucket, hear, resized, spend, usage, waitFor } from '../../src/graph/buckets.js';

const WRITES = { units: 3000, seconds: 150 };
/** What is kept back of 3,000, and of the pace of single requests. */
const USABLE = 2940;

const spentAll = (bucket: Bucket) => spend(bucket, USABLE, 0);

describe('a bucket', () => {
  it('lets its capacity pass at once, and then what comes back in time', () => {
    const bucket = fullBucket(WRITES, 0);
    expect(waitFor(bucket, USABLE, 0)).toBe(0);
    expect(waitFor(spentAll(bucket), 1, 0)).toBe(50);
    expect(waitFor(spentAll(bucket), 20, 0)).toBe(1000);
    expect(waitFor(spentAll(bucket), 20, 999)).toBe(1);
    expect(waitFor(spentAll(bucket), 20, 1000)).toBe(0);
  });

  it('never holds more than it can, however long nothing is spent', () => {
    const later = spend(fullBucket(WRITES, 0), USABLE, 1_000_000_000);
    expect(waitFor(later, 1, 1_000_000_000)).toBe(50);
  });

  it('lets more than it ever holds pass when it is full, and pays for it afterwards', () => {
    const bucket = fullBucket(WRITES, 0);
    expect(waitFor(bucket, 4000, 0)).toBe(0);
    expect(waitFor(spend(bucket, 4000, 0), 1, 0)).toBe((4000 - USABLE + 1) * 50);
  });

  it('of one request is counted from the answer, and a little slower than allowed', () => {
    const bucket = fullBucket({ units: 1, seconds: 1 }, 0);
    expect(waitFor(bucket, 1, 0)).toBe(0);
    const sent = spend(bucket, 1, 0);
    expect(waitFor(sent, 1, 0)).toBe(1020);
    expect(waitFor(hear(sent, {}, 700), 1, 700)).toBe(1020);
  });

  it('that grows has what it gained to spend', () => {
    const grown = resized(spend(fullBucket({ units: 3500, seconds: 10 }, 0), 3430, 0), { units: 8000, seconds: 10 }, 0);
    expect(waitFor(grown, 4410, 0)).toBe(0);
    expect(waitFor(grown, 4418, 0)).toBe(10);
  });
});

describe('a refusal', () => {
  const refused = (wait: number | undefined, jitter = 0) => ({ refused: { wait, jitter } });

  it('holds back everything for as long as it says, and a little more', () => {
    const bucket = hear(fullBucket(WRITES, 0), refused(7000, 100), 0);
    expect(waitFor(bucket, 1, 0)).toBe(7100);
    expect(waitFor(bucket, 1, 7099)).toBe(1);
    expect(waitFor(bucket, 1, 7100)).toBe(0);
  });

  it('leaves nothing but what comes back after that time', () => {
    const bucket = hear(fullBucket(WRITES, 0), refused(1000), 0);
    expect(waitFor(bucket, 20, 0)).toBe(2000);
    expect(waitFor(bucket, 100, 1000)).toBe(5000);
  });

  it('does not shorten the wait of another', () => {
    const bucket = hear(hear(fullBucket(WRITES, 0), refused(9000), 0), refused(1000), 0);
    expect(bucket.until).toBe(9000);
    expect(waitFor(bucket, 1, 0)).toBe(9050);
  });

  it('without a time makes it wait twice as long each time, up to a limit, and begin again after a success', () => {
    let bucket = fullBucket({ units: 1, seconds: 1 }, 0);
    let now = 0;
    const waits: number[] = [];
    for (let round = 0; round < 9; round += 1) {
      bucket = hear(bucket, refused(undefined), now);
      waits.push(bucket.until - now);
      now = bucket.until;
    }
    expect(waits).toEqual([2000, 4000, 8000, 16_000, 32_000, 64_000, 120_000, 120_000, 120_000]);
    bucket = hear(hear(bucket, {}, now), refused(undefined), now);
    expect(bucket.until - now).toBe(2000);
  });

  it('of requests that were under way together counts once', () => {
    let bucket = fullBucket(WRITES, 0);
    for (let item = 0; item < 20; item += 1) bucket = hear(bucket, refused(undefined), 0);
    expect(bucket.until).toBe(2000);
  });
});

describe('what an answer tells', () => {
  it('about more that was spent, is paid for', () => {
    expect(waitFor(hear(spentAll(fullBucket(WRITES, 0)), { more: 4 }, 0), 1, 0)).toBe(250);
  });

  it.each([
    ['below the limit, takes nothing from one who is at it, too', 0, 1, 0],
    ['that others spent half, leaves the rest', USABLE, 0.6, USABLE * 0.5],
    ['above the limit, stops for a while', USABLE, 1.2, USABLE * -0.1],
    ['far above the limit, does not stop for long', USABLE, 1.8, USABLE * -0.2],
  ])('about the use, %s', (_, level, used, then) => {
    const bucket = spend(fullBucket(WRITES, 0), USABLE - level, 0);
    expect(usage(hear(bucket, { used }, 0), 0).available).toBeCloseTo(then, 6);
  });
});

it('the use is what was spent of all that could have been', () => {
  const bucket = spend(fullBucket(WRITES, 0), 1470, 0);
  expect(usage(bucket, 0)).toEqual({ available: 1470, used: 0.5, perSecond: 20 });
  expect(usage(bucket, 73_500).used).toBeCloseTo(1 / 3, 6);
});
