import { expect, it } from 'vitest';
import { createWriter } from '../../src/apply/writer.js';
import type { GraphRequest, Outcome } from '../../src/graph/types.js';
import { fakeClient, nullJournal, ok, refusal } from '../support/fake-client.js';

it('counts as changes what was done or may have been, and not what was refused', async () => {
  const outcomes = [
    ok(undefined, 204),
    refusal(403),
    refusal(400),
    refusal(404),
    refusal(408),
    refusal(504),
    refusal(0),
  ];
  const request = (at: number): GraphRequest => ({ method: 'PATCH', version: 'v1.0', path: `/users/${at}`, body: {} });
  const client = fakeClient(({ path }) => outcomes[Number(path.slice('/users/'.length))] as Outcome);
  const writer = createWriter(client, nullJournal());
  await writer.send(outcomes.map((_, at) => ({ n: [at + 1], request: request(at) })));
  expect([writer.sent(), writer.effective()]).toEqual([7, 4]);
});
