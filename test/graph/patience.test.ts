import { describe, expect, it } from 'vitest';
import { patient, REPLICATION_WAITS_MS } from '../../src/graph/patience.js';
import type { GraphClient, GraphRequest, Outcome } from '../../src/graph/types.js';

const ID = '11111111-1111-4111-8111-111111111111';
const OTHER = '22222222-2222-4222-8222-222222222222';
const restore: GraphRequest = { method: 'POST', version: 'v1.0', path: `/directory/deletedItems/${ID}/restore` };
const read = (id: string): GraphRequest => ({ method: 'GET', version: 'v1.0', path: `/users/${id}?$select=id` });
const refused = (status: number, message = ''): Outcome => ({ ok: false, error: { status, code: 'X', message } });
const done: Outcome = { ok: true, answer: { status: 200, body: { id: ID } } };

/** A client that refuses as often as told, and then does everything. */
function setUp(refusals: readonly Outcome[]) {
  const waits: number[] = [];
  const sent: string[] = [];
  const left = [...refusals];
  const answer = (request: GraphRequest): Outcome => {
    sent.push(`${request.method} ${request.path}`);
    return request === restore ? done : (left.shift() ?? done);
  };
  const inner: GraphClient = {
    root: 'https://graph.test',
    send: async (request) => answer(request),
    sendAll: async (requests) => requests.map(answer),
    async *pages() {},
  };
  const client = patient(inner, async (milliseconds) => void waits.push(milliseconds));
  return { client, waits, sent };
}

describe('a client that restored something', () => {
  it('asks again for what Graph does not know yet', async () => {
    const { client, waits, sent } = setUp([refused(404), refused(404)]);
    await client.sendAll([restore]);
    expect(await client.sendAll([read(ID)])).toEqual([done]);
    expect(waits).toEqual(REPLICATION_WAITS_MS.slice(0, 2));
    expect(sent).toHaveLength(4);
  });

  it('repeats a write that refers to it, and nothing that went well', async () => {
    const { client, sent } = setUp([
      refused(400, 'Resource x does not exist or one of its queried reference-property objects are not present.'),
    ]);
    await client.send(restore);
    const link: GraphRequest = {
      method: 'POST',
      version: 'v1.0',
      path: `/groups/${OTHER}/members/$ref`,
      body: { '@odata.id': ID },
    };
    await client.sendAll([link, read(ID)]);
    expect(sent.filter((line) => line.includes('$ref'))).toHaveLength(2);
    expect(sent.filter((line) => line.includes('/users/'))).toHaveLength(1);
  });

  it('takes a 404 for an answer in the end, and at once where it is about something else', async () => {
    const { client, waits } = setUp(Array.from({ length: 20 }, () => refused(404)));
    await client.send(restore);
    expect(await client.send(read(OTHER))).toEqual(refused(404));
    expect(waits).toEqual([]);
    expect(await client.send(read(ID))).toEqual(refused(404));
    expect(waits).toEqual(REPLICATION_WAITS_MS);
  });

  it('does not wait for what is refused for a reason of its own', async () => {
    const { client, waits } = setUp([refused(403), refused(400, 'Another object with the same value already exists.')]);
    await client.send(restore);
    await client.send(read(ID));
    await client.send(read(ID));
    expect(waits).toEqual([]);
  });
});
