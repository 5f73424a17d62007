import { describe, expect, it } from 'vitest';
import { age, counted, duration, minute, plural, shownOf, thousands } from '../../src/report/words.js';

describe('words', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [4800, '4,800'],
    [1234567, '1,234,567'],
  ])('%i is %s', (count, words) => {
    expect(thousands(count)).toBe(words);
  });

  it.each([
    ['user', 'users'],
    ['conditionalAccessPolicy', 'conditionalAccessPolicies'],
    ['key', 'keys'],
    ['address', 'addresses'],
    ['branch', 'branches'],
    ['organization', 'organizations'],
  ])('several %s are %s', (word, words) => {
    expect(plural(word)).toBe(words);
  });

  it('counts in words', () => {
    expect([counted(1, 'object'), counted(0, 'object'), counted(4800, 'policy')]).toEqual([
      '1 object',
      '0 objects',
      '4,800 policies',
    ]);
  });

  it('shows one more where only that one would be hidden', () => {
    expect([0, 4, 5, 6, 7, 100].map((count) => shownOf(count, 5))).toEqual([0, 4, 5, 6, 5, 5]);
  });

  it('tells times in UTC, and leaves alone what is none', () => {
    expect(minute('2026-11-18T15:00:59+01:00')).toBe('2026-11-18 14:00 UTC');
    expect(minute('yesterday')).toBe('yesterday');
  });

  const now = new Date('2026-11-20T14:00:00Z');
  it.each([
    ['2026-11-20T14:00:00Z', 'just now'],
    ['2026-11-20T13:59:26Z', '34 seconds ago'],
    ['2026-11-20T13:58:00Z', '2 minutes ago'],
    ['2026-11-20T13:00:00Z', '1 hour ago'],
    ['2026-11-19T12:00:00Z', '26 hours ago'],
    ['2026-11-17T14:00:00Z', '3 days ago'],
    ['2026-06-01T00:00:00Z', '5 months ago'],
    ['2023-06-01T00:00:00Z', '3 years ago'],
    ['2026-11-20T14:00:30Z', 'just now'],
    ['2026-11-20T17:00:00Z', '3 hours in the future'],
    ['never', undefined],
  ])('%s was %s', (time, words) => {
    expect(age(time, now)).toBe(words);
  });

  it('never tells a negative duration', () => {
    expect(duration(-5)).toBe('less than a second');
  });
});
