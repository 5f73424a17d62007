/** A journal that was cut off at any byte goes on: every line is whole, and every request has a number of its own. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type Intent, openJournal } from '../../src/apply/journal.js';

const clock = () => new Date('2026-11-20T12:00:00Z');
const intents: readonly Intent[] = ['a', 'ü', '"event":"intent"'].map((name, index) => ({
  n: [index + 1],
  method: 'PATCH',
  path: `/v1.0/users/${index}`,
  body: { displayName: name },
}));

it('goes on after a kill at any byte', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'knowngood-journal-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
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
