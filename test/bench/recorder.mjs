/** A server between the product and a sandbox that records every answer. */

import { once } from 'node:events';
import { Agent, createServer, request as send } from 'node:http';
import { createRecording, itemKey, ORIGIN, pageKey } from './recording.mjs';

/** Listens; `url` is where the product is to look for Graph. */
export async function startRecorder(target, file) {
  const recording = createRecording(file);
  const agent = new Agent({ keepAlive: true });
  let failure;
  const server = createServer((request, response) => {
    handle(request, response).catch((error) => {
      failure ??= error;
      response.destroy();
    });
  });

  async function handle(request, response) {
    const body = await bytesOf(request);
    const answer = await forward(target, agent, request, body);
    if (answer.status !== 200) throw new Error(`${request.method} ${request.url} was answered with ${answer.status}`);
    const origin = `http://${request.headers.host}`;
    if (request.url.endsWith('/$batch'))
      recordItems(recording, request, body, withToken(Buffer.from(answer.body), origin));
    else recording.add(pageKey(request.url), withToken(Buffer.from(answer.body), origin));
    response.writeHead(answer.status, answer.headers).end(answer.body);
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    async close() {
      agent.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      recording.close();
      if (failure !== undefined) throw failure;
    },
  };
}

/** Links to a next page lead to the server that is asked next time. */
function withToken(body, origin) {
  if (origin.length !== ORIGIN.length) throw new Error(`the port of ${origin} has not five digits`);
  for (let at = body.indexOf(origin); at >= 0; at = body.indexOf(origin, at)) body.write(ORIGIN, at, 'latin1');
  return body;
}

function recordItems(recording, { url: path }, body, answer) {
  const version = path.slice(0, -'/$batch'.length);
  const asked = new Map(JSON.parse(body.toString('utf8')).requests.map(({ id, url }) => [id, url]));
  for (const { id, ...item } of JSON.parse(answer.toString('utf8')).responses) {
    if (item.status !== 200) throw new Error(`${asked.get(id)} was answered with ${item.status}`);
    recording.add(itemKey(`${version}${asked.get(id)}`), Buffer.from(JSON.stringify(item)));
  }
}

const OWN = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length']);

async function forward(target, agent, request, body) {
  const { hostname, port } = new URL(target);
  const headers = { ...request.headers, ...(body.length === 0 ? {} : { 'content-length': body.length }) };
  const outgoing = send({ hostname, port, method: request.method, path: request.url, headers, agent });
  outgoing.end(body);
  const [incoming] = await once(outgoing, 'response');
  const kept = Object.entries(incoming.headers).filter(([name]) => !OWN.has(name));
  return { status: incoming.statusCode, headers: Object.fromEntries(kept), body: await bytesOf(incoming) };
}

export async function bytesOf(message) {
  const parts = [];
  for await (const part of message) parts.push(part);
  return Buffer.concat(parts);
}
