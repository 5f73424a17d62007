import { describe, expect, it } from 'vitest';
import { progressLine, progressText } from '../../src/cli/progress.js';

function recording(live: boolean, columns?: number) {
  const written: string[] = [];
  let now = 0;
  const stream = {
    isTTY: live,
    ...(columns === undefined ? {} : { columns }),
    write: (text: string) => written.push(text),
  };
  const line = progressLine(stream, () => new Date(now), live);
  return {
    written,
    line,
    at(milliseconds: number, what: string, done: number, total?: number) {
      now = milliseconds;
      line.report({ what, done, ...(total === undefined ? {} : { total }) });
    },
  };
}

describe('progressText', () => {
  it('tells count, total, rate and what is left', () => {
    const text = progressText({ what: 'Reading users', done: 12_000, total: 48_000 }, 3871, 12_000);
    expect(text).toBe('Reading users  12,000 of 48,000  3,100/s  12 s left');
  });

  it.each([
    ['no total', { what: 'Reading', done: 1234 }, 2000, 1234, 'Reading  1,234  617/s'],
    ['too early for a rate', { what: 'Reading', done: 5, total: 10 }, 100, 5, 'Reading  5 of 10'],
    ['nothing yet', { what: 'Reading', done: 0, total: 10 }, 9000, 0, 'Reading  0 of 10'],
    ['slow', { what: 'Writing', done: 3, total: 900 }, 2000, 3, 'Writing  3 of 900  1.5/s  10 min left'],
    ['hours', { what: 'Writing', done: 1, total: 9000 }, 1000, 1, 'Writing  1 of 9,000  1.0/s  2 h 30 min left'],
    ['done', { what: 'Writing', done: 10, total: 10 }, 1000, 10, 'Writing  10 of 10  10/s'],
  ] as const)('%s', (_, progress, elapsed, done, text) => {
    expect(progressText(progress, elapsed, done)).toBe(text);
  });
});

describe('what Graph allows', () => {
  const progress = { what: 'Applying', done: 3000, total: 9000 };

  it('is how long it takes at least, however fast it went so far', () => {
    expect(progressText({ ...progress, budgetUsed: 0.982, leastSeconds: 300 }, 10_000, 3000)).toBe(
      'Applying  3,000 of 9,000  300/s  98% of write budget  5 min left',
    );
  });

  it('is not what holds back a slow network', () => {
    expect(progressText({ ...progress, budgetUsed: 0.1, leastSeconds: 100 }, 100_000, 500)).toBe(
      'Applying  3,000 of 9,000  5.0/s  10% of write budget  20 min left',
    );
  });
});

describe('progressLine', () => {
  it('tells the rate of the last half minute: at first, Graph lets more pass than later', () => {
    const { written, at } = recording(true);
    at(0, 'Applying', 0, 9000);
    for (let second = 1; second <= 60; second += 1) at(second * 1000, 'Applying', 3000 + second * 20, 9000);
    expect(written.at(-1)).toBe('\rApplying  4,200 of 9,000  20/s  4 min left\u001b[K');
  });

  it('says nothing about work that takes less than a second', () => {
    const { written, line, at } = recording(true);
    at(0, 'Reading', 1);
    at(999, 'Reading', 2);
    line.clear();
    expect(written).toEqual([]);
  });

  it('redraws one line on a terminal, and takes it away', () => {
    const { written, line, at } = recording(true);
    at(0, 'Reading', 0);
    at(1000, 'Reading', 100);
    at(1050, 'Reading', 105);
    at(1200, 'Reading', 120);
    line.clear();
    line.clear();
    expect(written).toEqual(['\rReading  100  100/s\u001b[K', '\rReading  120  100/s\u001b[K', '\r\u001b[K']);
  });

  it('does not wrap on a narrow terminal', () => {
    const { written, at } = recording(true, 20);
    at(0, 'Reading conditionalAccessPolicies', 0);
    at(1000, 'Reading conditionalAccessPolicies', 100);
    expect(written).toEqual(['\rReading conditiona…\u001b[K']);
  });

  it('writes a line at most every five seconds elsewhere', () => {
    const { written, line, at } = recording(false);
    for (let second = 0; second <= 12; second += 1) at(second * 1000, 'Reading', second);
    line.clear();
    expect(written).toEqual(['Reading  1  1.0/s\n', 'Reading  6  1.0/s\n', 'Reading  11  1.0/s\n']);
  });

  it('writes no line about a piece of the work that is done within a second', () => {
    const { written, at } = recording(false);
    at(0, 'Reading', 0);
    at(7000, 'Applying', 1);
    at(7900, 'Applying', 2);
    expect(written).toEqual([]);
  });

  it('keeps the rates of works that go on at the same time apart', () => {
    const { written, at } = recording(true);
    at(0, 'A', 0);
    at(1000, 'B', 500);
    at(2000, 'A', 100);
    at(3000, 'B', 1500);
    expect(written.slice(1)).toEqual(['\rA  100  50/s\u001b[K', '\rB  1,500  500/s\u001b[K']);
  });
});
