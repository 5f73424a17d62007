/** Lists over HTTP: every item of every page, once, in the order of the service. */

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createClient } from '../../src/graph/client.js';
import type { Json } from '../../src/model/json.js';

/** A service whose one list has these pages. */
async function serving(pages: readonly (readonly Json[])[]) {
  const server = createServer((request, response) => {
    const at = Number(new URL(request.url ?? '', 'http://localhost').searchParams.get('$skiptoken') ?? 0);
    const next = at + 1 < pages.length ? { '@odata.nextLink': `${root}/v1.0/users?$skiptoken=${at + 1}` } : {};
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ value: pages[at], ...next }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return createClient({ root, token: async () => 'x' });
}

it.each([
  ['one page', [['a', 'b']]],
  ['an empty page', [[]]],
  ['three pages', [['a', 'b'], ['c'], ['d']]],
  ['an empty page between', [['a'], [], ['b']]],
  ['an empty page at the end', [['a'], ['b'], []]],
])('a list of %s is read to its end', async (_, pages) => {
  const client = await serving(pages);
  const read: Json[] = [];
  for await (const page of client.pages({ method: 'GET', version: 'v1.0', path: '/users' })) read.push(...page);
  expect(read).toEqual(pages.flat());
});
