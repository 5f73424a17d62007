/**
 * The floor: what was asked, asked again by a plain loop that parses the answers and does nothing with them. As many
 * requests are under way at once as the product has.
 *
 * `node floor.mjs URL LOG`
 */

import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

const BATCHES_AT_ONCE = 4;
const [root, file] = process.argv.slice(2);
const headers = { authorization: 'Bearer sandbox', accept: 'application/json' };
let bytes = 0;

async function ask([method, url, body]) {
  const more = body === undefined ? {} : { body, headers: { ...headers, 'content-type': 'application/json' } };
  const response = await fetch(`${root}${url}`, { method, headers, ...more });
  const text = await response.text();
  bytes += text.length;
  JSON.parse(text);
}

const underWay = new Set();
for await (const line of createInterface({ input: createReadStream(file) })) {
  if (line === '') continue;
  const request = JSON.parse(line);
  if (request[0] === 'GET') {
    await Promise.all(underWay);
    await ask(request);
    continue;
  }
  if (underWay.size >= BATCHES_AT_ONCE) await Promise.race(underWay);
  const asked = ask(request).then(() => underWay.delete(asked));
  underWay.add(asked);
}
await Promise.all(underWay);
process.stdout.write(`${bytes}\n`);
