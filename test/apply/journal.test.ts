import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openJournal } from '../../src/apply/journal.js';

const clock = () => new Date('2026-11-20T14:30:00Z');
const intent = { n: [1], method: 'PATCH', path: '/v1.0/users/a' };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'knowngood-journal-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const linesOf = (file: string) => readFileSync(file, 'utf8').split('\n').slice(0, -1);

describe('a journal that is there already', () => {
  it.each([
    ['whole', '{"time":"T","event":"intent","request":1}\n', 2],
    ['cut off in the middle of a line', '{"time":"T","event":"intent","request":1}\n{"time":"T","eve', 2],
    ['not a journal at all', 'nonsense', 1],
    ['empty', '', 1],
  ])('%s: every new line is whole, and every request has a number of its own', async (_, before, request) => {
    const file = join(folder, 'plan.jsonl');
    writeFileSync(file, before);
    const journal = await openJournal(file, clock);
    expect(await journal.intend([intent])).toEqual([request]);
    await journal.record([{ request, status: 204 }]);
    await journal.close();
    expect(readFileSync(file, 'utf8').startsWith(before)).toBe(true);
    const added = linesOf(file).slice(-2);
    expect(added.map((line) => JSON.parse(line))).toMatchObject([
      { event: 'intent', request },
      { event: 'outcome', request, status: 204 },
    ]);
  });
});

describe('a journal that cannot be written', () => {
  it('is told with its name, and not left behind empty', async () => {
    mkdirSync(join(folder, 'plan.jsonl'));
    await expect(openJournal(join(folder, 'plan.jsonl'), clock)).rejects.toMatchObject({
      code: 'KG151',
      where: join(folder, 'plan.jsonl'),
    });
    const unused = join(folder, 'journal', 'unused.jsonl');
    await (await openJournal(unused, clock)).close();
    expect(existsSync(unused)).toBe(false);
  });
});
