/**
 * A Graph that takes and gives whatever it is told, for every type of the registry: no rule of Graph's stands between a
 * text and the product. What Graph refuses is the sandbox's affair.
 */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isJsonObject, type Json, type JsonObject } from '../../src/model/json.js';
import type { Link, ObjectType, Registry } from '../../src/registry/types.js';

export interface Answer {
  readonly status: number;
  readonly body?: Json;
}

export interface PermissiveGraph {
  /** Active objects by type, in the order in which they are listed; edges have an id beside what they connect. */
  readonly objects: Map<string, JsonObject[]>;
  readonly deleted: Map<string, JsonObject[]>;
  /** Target ids by `link owner`. */
  readonly links: Map<string, string[]>;
  /** What is answered instead of doing what a request asks for. */
  refuse: (method: string, path: string) => Answer | undefined;
  answer(method: string, url: string, body: Json | undefined): Answer;
  /** Answers over HTTP until it is closed; resolves to the address. */
  listen(): Promise<{ readonly url: string; close(): Promise<void> }>;
}

type Handler = (ids: readonly string[], body: Json | undefined, url: URL) => Answer | undefined;

/** Nobody has to wait for limits here. */
const UNLIMITED = { 'x-knowngood-sandbox': 'permissive', 'x-knowngood-sandbox-pace': 'none' };

const ok = (body: Json): Answer => ({ status: 200, body });
const listed = (value: readonly Json[]): Answer => ok({ value });
const done: Answer = { status: 204 };
const missing: Answer = { status: 404, body: { error: { code: 'Request_ResourceNotFound', message: 'Not there.' } } };

export function permissiveGraph(registry: Registry): PermissiveGraph {
  const objects = new Map<string, JsonObject[]>(registry.types.map(({ name }) => [name, []]));
  const deleted = new Map<string, JsonObject[]>(registry.types.map(({ name }) => [name, []]));
  const links = new Map<string, string[]>();
  const routes: [method: string, shape: RegExp, handle: Handler][] = [];
  const on = (method: string, template: string, handle: Handler) => routes.push([method, patternOf(template), handle]);
  const idOf = (type: ObjectType, object: JsonObject) => String(type.edge ? object.id : object[type.keys[0]]);
  const same = (a: string, b: string) => a === b;
  const find = (type: ObjectType, id: string) => objects.get(type.name)?.find((object) => same(idOf(type, object), id));
  const replace = (type: ObjectType, old: JsonObject, by: readonly JsonObject[]) => {
    const all = objects.get(type.name) ?? [];
    all.splice(all.indexOf(old), 1, ...by);
  };
  const all = (type: ObjectType) => objects.get(type.name) ?? [];

  const change = (type: ObjectType, id: string, body: Json | undefined): Answer => {
    const object = type.singleton === undefined ? find(type, id) : all(type)[0];
    if (object === undefined) return missing;
    const { values, added } = withoutBindings(type, body as JsonObject);
    for (const [link, targets] of added)
      links.set(`${link} ${id}`, [...(links.get(`${link} ${id}`) ?? []), ...targets]);
    replace(type, object, [merged(object, values)]);
    return done;
  };

  for (const type of registry.types) {
    const inline = registry.types.filter((other) => other.inline?.path === type.path);
    const item = `${type.path}/{id}`;
    const whole = (object: JsonObject): Json => ({
      ...object,
      ...Object.fromEntries(inline.map((other) => [other.inline?.property ?? '', all(other)])),
    });
    if (type.singleton === 'object') {
      on('GET', type.path, () => ok(whole(all(type)[0] as JsonObject)));
      on('PATCH', type.path, (_, body) => change(type, '', body));
    } else if (type.edge === undefined || !type.path.includes('{owner}')) {
      on('GET', type.path, (_, __, url) => listed(ownedBy(type, all(type), url)));
    }
    for (const path of [item, ...type.kinds.map(({ odataType }) => `${item}/${odataType.slice(1)}`)]) {
      on('GET', path, ([id = '']) => found(find(type, id)));
      on('PATCH', path, ([id = ''], body) => change(type, id, body));
      on('DELETE', path, ([id = '']) => {
        const object = find(type, id);
        if (object === undefined) return missing;
        replace(type, object, []);
        if (type.bin !== undefined)
          deleted.get(type.name)?.push({ ...object, deletedDateTime: '2026-11-20T00:00:00Z' });
        return done;
      });
    }
    for (const { part, name } of type.properties) {
      if (part === undefined) continue;
      on('GET', part.path, ([id = '']) => found(find(type, id), [name]));
      on(part.method, part.path, ([id = ''], body) => change(type, id, body));
    }
    if (type.edge?.list !== undefined) edgeRoutes(type, type.edge);
    if (type.bin !== undefined) binRoutes(type, type.bin);
    for (const link of type.links) linkRoutes(link);
  }

  function edgeRoutes(type: ObjectType, edge: NonNullable<ObjectType['edge']>): void {
    const mine = (owner: string) => all(type).filter((object) => same(String(object[edge.owner]), owner));
    if (edge.list?.includes('/{owner}/') === true) on('GET', edge.list, ([owner = '']) => listed(mine(owner)));
    let made = 0;
    if (edge.create !== undefined)
      on('POST', edge.create, (_, body) => {
        objects.get(type.name)?.push({ id: `made-${++made}`, ...(body as JsonObject) });
        return { status: 201, body: {} };
      });
    if (edge.item === undefined) return;
    on('DELETE', edge.item, (ids) => {
      const object = find(type, ids.at(-1) ?? '');
      if (object !== undefined) replace(type, object, []);
      return done;
    });
    on('PATCH', edge.item, (ids, body) => change(type, ids.at(-1) ?? '', body));
  }

  function binRoutes(type: ObjectType, bin: NonNullable<ObjectType['bin']>): void {
    const binned = deleted.get(type.name) as JsonObject[];
    const at = (id: string) => binned.find((object) => same(idOf(type, object), id));
    on('GET', bin.list, () => listed(binned));
    on('GET', bin.get, ([id = '']) => (at(id) === undefined ? undefined : found(at(id))));
    on('POST', bin.restore, ([id = '']) => {
      const object = at(id);
      if (object === undefined) return undefined;
      binned.splice(binned.indexOf(object), 1);
      objects.get(type.name)?.push({ ...object, deletedDateTime: null });
      return ok({});
    });
  }

  function linkRoutes(link: Link): void {
    const targets = (owner: string) => links.get(`${link.name} ${owner}`) ?? [];
    on('GET', link.list.path, ([owner = '']) => listed(targets(owner).map((id) => ({ id }))));
    if (link.add.bind === undefined)
      on('POST', link.add.path, ([owner = ''], body) => {
        const target =
          String((body as JsonObject)['@odata.id'])
            .split('/')
            .at(-1) ?? '';
        links.set(`${link.name} ${owner}`, [...targets(owner), decodeURIComponent(target)]);
        return done;
      });
    on('DELETE', link.remove.path, ([owner = '', target = '']) => {
      links.set(
        `${link.name} ${owner}`,
        targets(owner).filter((id) => !same(id, target)),
      );
      return done;
    });
  }

  const answer: PermissiveGraph['answer'] = (method, path, body) => {
    const url = new URL(path, 'http://graph.test');
    const below = url.pathname.replace(/^\/(?:v1\.0|beta)/, '');
    if (below === '/$batch') {
      const { requests } = body as unknown as {
        requests: { id: string; method: string; url: string; body?: Json }[];
      };
      return ok({
        responses: requests.map(({ id, ...one }): Json => ({ id, ...answer(one.method, `/v1.0${one.url}`, one.body) })),
      } as Json);
    }
    const refused = graph.refuse(method, below);
    if (refused !== undefined) return refused;
    for (const [verb, shape, handle] of routes) {
      const match = verb === method ? shape.exec(below) : null;
      const reply = match === null ? undefined : handle(match.slice(1).map(decodeURIComponent), body, url);
      if (reply !== undefined) return reply;
    }
    return missing;
  };

  const graph: PermissiveGraph = {
    objects,
    deleted,
    links,
    refuse: () => undefined,
    answer,
    async listen() {
      const server = createServer((request, response) => {
        const parts: Buffer[] = [];
        request.on('data', (part: Buffer) => parts.push(part));
        request.on('end', () => {
          const text = Buffer.concat(parts).toString('utf8');
          const { status, body } = answer(request.method ?? '', request.url ?? '', text ? JSON.parse(text) : undefined);
          response.writeHead(status, { 'content-type': 'application/json', ...UNLIMITED });
          response.end(body === undefined ? undefined : JSON.stringify(body));
        });
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return {
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        close: () =>
          new Promise<void>((resolve) => {
            server.close(() => resolve());
            server.closeAllConnections();
          }),
      };
    },
  };
  return graph;
}

function found(object: JsonObject | undefined, only?: readonly string[]): Answer {
  if (object === undefined) return missing;
  return ok(only === undefined ? object : Object.fromEntries(only.map((name) => [name, object[name] ?? null])));
}

/** Where the filter names an owner, its edges. */
function ownedBy(type: ObjectType, all: readonly JsonObject[], url: URL): readonly JsonObject[] {
  const id = /\w+Id eq '([^']*)'/.exec(url.searchParams.get('$filter') ?? '')?.[1];
  const owner = type.edge?.owner;
  return id === undefined || owner === undefined ? all : all.filter((object) => String(object[owner]) === id);
}

function patternOf(template: string): RegExp {
  const path = template.replace(/\?.*$/s, '').replace(/[.$()]/g, '\\$&');
  return new RegExp(`^${path.replace(/\{\w+\}/g, '([^/]+)')}$`);
}

function withoutBindings(type: ObjectType, body: JsonObject) {
  const bound = type.links.filter(({ add }) => add.bind !== undefined && Object.hasOwn(body, add.bind));
  const names = new Set(bound.map(({ add }) => add.bind));
  const added = bound.map(({ name, add }): [string, string[]] => [
    name,
    (body[add.bind ?? ''] as string[]).map((path) => decodeURIComponent(path.slice(path.lastIndexOf('/') + 1))),
  ]);
  const values: JsonObject = Object.fromEntries(Object.entries(body).filter(([name]) => !names.has(name)));
  return { values, added };
}

/** Complex values member by member, as Graph does with some: null empties, what is not named stays. */
function merged(old: JsonObject, changes: JsonObject): JsonObject {
  const values = Object.entries(changes).map(([name, value]): [string, Json] => {
    const before = Object.hasOwn(old, name) ? old[name] : undefined;
    const mergeable = isJsonObject(before) && isJsonObject(value) && before['@odata.type'] === value['@odata.type'];
    return [name, mergeable ? merged(before, value) : value];
  });
  return { ...old, ...Object.fromEntries(values) };
}
