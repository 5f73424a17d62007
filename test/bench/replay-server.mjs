/**
 * The static server: recorded answers, and nothing that is worked out but which recording they are from. It judges the
 * writes that arrive: each must be one that was expected, once. When the last has arrived, the answers are the good ones.
 *
 * `node replay-server.mjs FOLDER` prints its port. `/.bench/…` steers it.
 */

import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { bytesOf } from './recorder.mjs';
import { itemKey, openRecording, pageKey } from './recording.mjs';

const folder = process.argv[2];
const good = await openRecording(join(folder, 'good'));
const overlays = new Map();
const { tenant } = JSON.parse(readFileSync(join(folder, 'about.json'), 'utf8'));

let overlay;
let log;
let judge = createJudge(undefined);

const server = createServer((request, response) => {
  handle(request, response).catch((error) => response.destroy(error));
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address();
if (String(port).length !== 5) throw new Error(`the port ${port} has not five digits`);
process.stdout.write(`${port}\n`);

async function handle(request, response) {
  const url = request.url;
  const body = request.method === 'GET' ? '' : (await bytesOf(request)).toString('utf8');
  if (url.startsWith('/.bench/')) return response.end(JSON.stringify((await steer(url.slice(8), body)) ?? null));
  log?.push(JSON.stringify(body === '' ? [request.method, url] : [request.method, url, body]));
  const answer = url.endsWith('/$batch') ? batch(url.slice(0, -'/$batch'.length), body) : find(pageKey(url));
  response.setHeader('x-knowngood-sandbox', tenant);
  response.setHeader('x-knowngood-sandbox-pace', 'none');
  response.setHeader('content-type', 'application/json');
  response.statusCode = answer === undefined ? 404 : 200;
  response.end(answer ?? notFound(url));
}

function find(key) {
  return overlay?.read(key, port) ?? good.read(key, port);
}

function notFound(url) {
  return JSON.stringify({ error: { code: 'NotRecorded', message: `${url} was not recorded.` } });
}

const NO_CONTENT = '{"status":204,"headers":{},"body":null}';

function batch(version, body) {
  const parts = JSON.parse(body).requests.map((item) => {
    const url = `${version}${item.url}`;
    const answer = item.method === 'GET' ? read(url) : write(item.method, url, item.body);
    return `{"id":${JSON.stringify(item.id)},${answer.slice(1)}`;
  });
  if (overlay !== undefined && judge.isDone()) overlay = undefined;
  return Buffer.from(`{"responses":[${parts.join(',')}]}`);
}

function read(url) {
  const answer = find(itemKey(url)) ?? find(itemKey(url.split('?', 1)[0]));
  return answer?.toString('utf8') ?? `{"status":404,"headers":{},"body":${notFound(url)}}`;
}

function write(method, url, body) {
  judge.see(method, url, body);
  return NO_CONTENT;
}

/** Holds what is written against what was expected: a line for each PATCH, a line for each owner of links. */
function createJudge(file) {
  const values = new Map();
  const links = new Map();
  const seen = { writes: 0, unneeded: 0, packs: 0, links: 0 };
  for (const line of file !== undefined && existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []) {
    if (line === '') continue;
    const { url, body, targets } = JSON.parse(line);
    if (targets === undefined) values.set(url, JSON.stringify(body));
    else links.set(url, new Set(targets));
  }
  const fewest = [...links.values()].reduce((sum, targets) => sum + Math.ceil(targets.size / 20), 0);
  const expected = {
    updates: values.size,
    links: [...links.values()].reduce((sum, { size }) => sum + size, 0),
    fewest,
  };
  return {
    isDone: () => file !== undefined && values.size === 0 && links.size === 0,
    report: () => ({ ...seen, expected, missing: values.size + links.size }),
    see(method, path, { '@odata.type': _, ...body } = {}) {
      // A derived type is written below its cast, and names itself.
      const url = path.replace(/\/microsoft\.graph\.\w+$/, '');
      seen.writes += 1;
      const references = body['members@odata.bind'];
      if (method === 'PATCH' && references !== undefined) {
        seen.packs += 1;
        seen.links += references.length;
        const wanted = links.get(url);
        const known = references.filter((reference) => wanted?.delete(reference.slice(reference.lastIndexOf('/') + 1)));
        if (known.length !== references.length || references.length > 20) seen.unneeded += 1;
        if (wanted?.size === 0) links.delete(url);
      } else if (method === 'PATCH' && values.get(url) === JSON.stringify(sorted(body))) values.delete(url);
      else seen.unneeded += 1;
    },
  };
}

function sorted(body) {
  return Object.fromEntries(Object.entries(body).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** `state/NAME`: answer as this damage left the tenant. `log`, `unlog` with a file: write down what is asked. */
async function steer(what, body) {
  const [verb, name] = what.split('/');
  if (verb === 'state') {
    const file = join(folder, name);
    if (name !== 'good' && !overlays.has(name)) overlays.set(name, await openRecording(file));
    overlay = overlays.get(name);
    judge = createJudge(name === 'good' ? undefined : `${file}.expected`);
  } else if (verb === 'log') log = [];
  else if (verb === 'unlog') {
    writeFileSync(body, `${log.join('\n')}\n`);
    const count = log.length;
    log = undefined;
    return count;
  } else if (verb === 'report') return judge.report();
  return undefined;
}
