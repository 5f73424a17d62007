/** A journal that was cut off at any byte goes on: every line is whole, and every request has a number of its own. */

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Intent, openJournal } from '../../src/apply/journal.js';

const clock = () => new Date('2026-11-20T12:00:00Z');
const intent = { n: [1], method: 'PATCH', path: '/v1.0/users/a' };

const intents: readonly Intent[] = ['a', 'ü', '"event":"intent"'].map((name, index) => ({
  n: [index + 1],
  method: 'PATCH',
  path: `/v1.0/users/${index}`,
  body: { displayName: name },
}));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'knowngood-journal-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const linesOf = (file: string) => readFileSync(file, 'utf8').split('\n').slice(0, -1);

it('goes on after a kill at any byte', async () => {
  const whole = join(folder, 'whole.jsonl');
  const first = await openJournal(whole, clock);
  await first.remark({ event: 'start' });
  await first.record((await first.intend(intents)).map((request) => ({ request, status: 204 })));
  await first.close();
  const bytes = readFileSync(whole);
  expect(bytes.toString('utf8').match(/\n/g)).toHaveLength(7);
  mkdirSync(join(folder, 'cut'));
  for (let length = 0; length <= bytes.length; length += 1) {
    const file = join(folder, 'cut', `${length}.jsonl`);
    const left = bytes.subarray(0, length);
    writeFileSync(file, left);
    const journal = await openJournal(file, clock);
    await journal.remark({ event: 'start' });
    const numbers = await journal.intend(intents);
    await journal.close();
    const text = readFileSync(file, 'utf8');
    expect(text.startsWith(left.toString('utf8', 0, left.lastIndexOf(0x0a) + 1))).toBe(true);
    const lines = text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as { event: string; request?: number });
    const told = lines.filter(({ event }) => event === 'intent').map(({ request }) => request);
    expect(told).toEqual(told.map((_, index) => index + 1));
    expect(numbers).toEqual(told.slice(-intents.length));
  }
});

describe('a journal that is there already', () => {
  it.each([
    ['whole', '{"time":"T","event":"intent","request":1}\n', '', 2],
    ['cut off in the middle of a line', '{"time":"T","event":"intent","request":1}\n', '{"time":"torn","eve', 2],
    ['not a journal at all', 'nonsense', '', 1],
    ['empty', '', '', 1],
  ])('%s: every new line is whole, and every request has a number of its own', async (_, before, torn, request) => {
    const file = join(folder, 'plan.jsonl');
    writeFileSync(file, before + torn);
    const journal = await openJournal(file, clock);
    expect(await journal.intend([intent])).toEqual([request]);
    await journal.record([{ request, status: 204 }]);
    await journal.close();
    expect(readFileSync(file, 'utf8').startsWith(before)).toBe(true);
    if (torn !== '') expect(readFileSync(file, 'utf8')).not.toContain(torn);
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
