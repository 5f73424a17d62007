/**
 * Every request of Microsoft's documentation is sent to a sandbox in which it can happen; status and shape of the answer
 * are those of the page, or `disagreements.json` says why not. The documentation lies outside the repository.
 */

import { afterAll, describe, expect, it } from 'vitest';
import type { TenantSeed } from '../../src/sandbox/seed.js';
import { loopback } from '../support/loopback.js';
import { type Comparison, differences } from './compare.js';
import disagreements from './disagreements.json' with { type: 'json' };
import { type Example, type JsonObject, readExamples } from './examples.js';
import { before, change, isFollowing, SELECT, type Send } from './follow.js';
import { prepare } from './prepare.js';
import { CREATED } from './stubs.js';

const read = readExamples();
const LISTED: Readonly<Record<string, readonly string[]>> = disagreements;
/** Reasons by file. */
const REASONS = new Map(
  Object.entries(LISTED).flatMap(([reason, files]) => files.map((file) => [file, reason] as const)),
);

async function replay(example: Example): Promise<string[]> {
  const following = isFollowing(example);
  const { seed, path, body, ids } = await prepare(following ? before(example) : example);
  const send = sender(example, seed);
  const list = path.replace(/\/delta.*$/, '');
  const first = path.replace(/\$skiptoken=.*$/, `$select=${SELECT[list]}`);
  const place = following ? await change(example, list, send) : first;
  const { status, body: answer } = await send(example.method, place, body);
  if (status !== example.status)
    return [`status ${status}, and not ${example.status}: ${JSON.stringify(answer).slice(0, 200)}`];
  return example.answer === undefined ? [] : differences(example.answer, answer, comparison(example, ids));
}

/** Null will do for what was not made as the page shows it: in other people's settings, and in answers to writes. */
function comparison({ placeholders, method, status, path }: Example, ids: readonly string[]): Comparison {
  const settings = path.startsWith('/policies/auth');
  return {
    lenient: placeholders || settings || method !== 'GET' || status >= 400,
    sparse: placeholders && path.includes('/delta'),
    ids,
  };
}

function sender({ version, headers }: Example, seed: TenantSeed): Send {
  const tenant = loopback(
    seed,
    () => new Date(CREATED),
    () => 0.5,
  );
  return async (method, path, body) => {
    const answer = await tenant.fetch(`${tenant.url}/${version}${encodeURI(decodeURI(path).replaceAll('+', ' '))}`, {
      method,
      headers: {
        authorization: 'Bearer somebody',
        prefer: 'include-unknown-enum-members',
        ...headers,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text.startsWith('{') ? (JSON.parse(text) as JsonObject) : {} };
  };
}

if ('missing' in read) {
  it.skip(`skipped: ${read.missing}`, () => undefined);
} else {
  describe('the examples of the documentation', async () => {
    const { examples } = read;
    const found = new Map<string, readonly string[]>();
    for (const example of examples) {
      const wrong = await replay(example);
      for (const file of example.files) found.set(file, wrong);
    }
    const agreeing = [...found].filter(([, wrong]) => wrong.length === 0).map(([file]) => file);

    it('agree with the sandbox, or there is a reason', () => {
      const unexplained = [...found].filter(([file, wrong]) => wrong.length > 0 && !REASONS.has(file));
      expect(Object.fromEntries(unexplained)).toEqual({});
    });

    it('have no reason where they agree, or are not there', () => {
      expect([...REASONS.keys()].filter((file) => agreeing.includes(file) || !found.has(file))).toEqual([]);
    });

    afterAll(() => {
      const rest = Object.entries(LISTED).map(([reason, files]) => `  ${files.length}: ${reason}`);
      console.log([`Of ${found.size} files of examples ${agreeing.length} agree. The others:`, ...rest].join('\n'));
    });
  });
}
