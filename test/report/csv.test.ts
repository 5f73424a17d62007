import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvDocument, csvValue, inert } from '../../src/report/csv.js';
import { backupsCsv, differenceCsv, planCsv } from '../../src/report/index.js';
import { hostileString, hostileWords } from '../support/hostile.js';
import { parseCsv } from './parse-csv.js';
import { backups } from './sample-results.js';
import { badDay, badDayPlan } from './sample-reviews.js';

const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/;

describe('a cell', () => {
  it.each([
    ['Ada', 'Ada'],
    ['=cmd()', "'=cmd()"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['  =1', "'  =1"],
    ['\u00a0=1', "'\u00a0=1"],
    ['\uff1d1', "'\uff1d1"],
    ['\t=1', "'\\u{9}=1"],
    ['\tx', "'\\u{9}x"],
    ['\rx', "'\\u{d}x"],
    ['a\nb', 'a\\u{a}b'],
    ['\u202eabc', '\\u{202e}abc'],
    ['\u200b=1', '\\u{200b}=1'],
    ['a;=1+1', "a;'=1+1"],
    ['a; -1', "a;' -1"],
    ['a=b', 'a=b'],
    ['', ''],
  ])('%j is %j', (text, expected) => {
    expect(inert(text)).toBe(expected);
  });

  it.each([
    [null, undefined],
    [undefined, undefined],
    [[], undefined],
    [{}, undefined],
    ['', ''],
    [false, 'false'],
    [-5, '-5'],
    [['a', 1], '["a",1]'],
    [{ a: null }, '{"a":null}'],
  ])('holds the value %j as %j', (value, expected) => {
    expect(csvValue(value)).toBe(expected);
  });

  it('holds a number that was counted here as it is', () => {
    expect(parseCsv(csvDocument(['n'], [[-5], [0]]))).toEqual([['n'], ['-5'], ['0']]);
  });
});

describe('a document', () => {
  it('begins with a byte order mark, and ends every row with CRLF', () => {
    expect(csvDocument(['a', 'b'], [['x', undefined]])).toBe('\ufeffa,b\r\nx,\r\n');
  });

  it('gives back every cell, inert and on one line, whatever the cells are', () => {
    const cells = fc.array(fc.array(hostileString, { minLength: 3, maxLength: 3 }), { maxLength: 5 });
    fc.assert(
      fc.property(cells, (rows) => {
        const text = csvDocument(['a', 'b', 'c'], rows);
        expect(parseCsv(text)).toEqual([['a', 'b', 'c'], ...rows.map((row) => row.map(inert))]);
        expect(text.slice(1).replaceAll('\r\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      }),
    );
  });

  it('lets no text become a formula, in whichever way a spreadsheet cuts it', () => {
    fc.assert(
      fc.property(fc.oneof(hostileString, fc.string({ unit: fc.constantFrom(...' ;=+-@\t\r\n"a') })), (text) => {
        const cell = parseCsv(csvDocument(['x'], [[text]]))[1]?.[0] ?? '';
        for (const part of cell.split(';')) expect(part).not.toMatch(FORMULA);
      }),
    );
  });

  it.each(hostileWords)('survives %j', (word) => {
    expect(parseCsv(csvDocument(['x'], [[word, 'end']]))).toEqual([['x'], [inert(word), 'end']]);
  });
});

/** Rows as objects by column. */
function records(text: string): Record<string, string>[] {
  const [columns = [], ...rows] = parseCsv(text);
  return rows.map((row) => {
    expect(row).toHaveLength(columns.length);
    return Object.fromEntries(columns.map((column, index) => [column, row[index] ?? '']));
  });
}

describe('the bad day', () => {
  it('is a row for every value, item and link of a difference, then for what is blocked and kept', () => {
    const rows = records(differenceCsv(badDay(3)));
    const of = (label: string) => rows.filter((row) => row.label === label);
    expect(of('Katherine Johnson').map(({ path, change }) => [path, change])).toEqual([
      ['jobTitle', 'set'],
      ['officeLocation', 'set'],
    ]);
    const policy = of('Require multi-factor authentication for administrators');
    expect(policy.map(({ change }) => change)).toEqual(['set', 'add', 'remove', 'remove', 'set']);
    expect(policy.map(({ name }) => name)).toEqual(['', 'Break glass', 'Mallory', '', '']);
    expect(policy[0]).toMatchObject({ kind: 'difference', action: 'update', live: 'disabled', desired: 'enabled' });
    expect(of('Sales EMEA').map(({ action }) => action)).toEqual([...Array(12).fill('link'), 'unlink']);
    expect(rows.filter(({ action }) => action === 'restore')).toHaveLength(2);
    expect(rows.filter(({ action }) => action === 'soft-delete')).toHaveLength(1);
    expect(rows.filter(({ kind }) => kind === 'blocked')).toHaveLength(3);
    expect(rows.filter(({ kind }) => kind === 'kept')).toHaveLength(7);
    expect(of('Old project')[0]).toMatchObject({ code: 'KG502', remedy: expect.stringContaining('by hand') });
  });

  it('is a row for every action of a plan at least, in order', () => {
    const plan = badDayPlan(3);
    const rows = records(planCsv(plan)).filter(({ kind }) => kind === 'action');
    expect([...new Set(rows.map(({ step }) => Number(step)))]).toEqual(plan.actions.map(({ n }) => n));
    const restored = rows.filter(({ action }) => action === 'restore');
    expect(restored[0]).toMatchObject({ path: '', live: '', desired: '' });
    expect(records(planCsv(plan))).toHaveLength(rows.length + plan.blocked.length + plan.kept.length);
  });

  it('has as many columns in every row, whatever the names are', () => {
    fc.assert(
      fc.property(hostileString, (label) => {
        const report = badDay(1);
        const renamed = { ...report, changes: report.changes.map((change) => ({ ...change, label })) };
        expect(records(differenceCsv(renamed)).filter((row) => row.label === inert(label)).length).toBeGreaterThan(0);
      }),
      { numRuns: 30 },
    );
  });
});

it('backups are a row each, with a column for every type', () => {
  const rows = records(backupsCsv(backups()));
  expect(rows).toMatchObject([
    { coverage: 'incomplete', gaps: '2', objects: '6322', user: '6012', group: '310' },
    { coverage: 'complete', changed: 'no changes' },
  ]);
});
