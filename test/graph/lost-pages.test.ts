/** Lists that Graph loses its place in, and links that cannot be relied on. */

import { describe, expect, it } from 'vitest';
import { collect } from '../../src/collect/collect.js';
import { readTargets } from '../../src/graph/reader.js';
import type { Json } from '../../src/model/json.js';
import { loadRegistry } from '../../src/registry/load.js';
import type { Link, ObjectType } from '../../src/registry/types.js';
import { type Answered, ROOT, type Script, scriptedGraph } from '../support/scripted-graph.js';

const FIRST = { method: 'GET', version: 'v1.0', path: '/users' } as const;
const LOST = ['Directory_ExpiredPageToken', 'DirectoryPageTokenNotFoundException'] as const;
const pathOf = (page: number, list = '/users') => (page === 0 ? list : `${list}?$skiptoken=${page}`);

/** A page of a list of three: its number is its item. */
function page(at: number, token = String(at + 1)): Answered {
  const next: Record<string, Json> = at < 2 ? { '@odata.nextLink': `${ROOT}/v1.0/users?$skiptoken=${token}` } : {};
  return { status: 200, body: { value: [at], ...next } };
}

const refused = (code: string): Answered => ({ status: 400, body: { error: { code, message: '' } } });
const busy: Answered = { status: 503, body: {} };

/** All items that come, `anew` where the list begins again, and the paths that were asked for. */
async function read(answer: Script['answer']) {
  const { client, time, sent } = scriptedGraph({ answer });
  const seen: unknown[] = [];
  const reading = async () => {
    for await (const items of client.pages(FIRST, () => seen.push('anew'))) seen.push(...items);
  };
  const failure = await time.run(reading()).catch((cause: unknown) => cause);
  return { seen, failure, asked: sent.map(({ path }) => path) };
}

describe('a list whose place Graph has lost', () => {
  it.each(LOST)('begins anew after %s', async (code) => {
    const { seen, asked } = await read(({ path, before }) => {
      if (path === pathOf(2) && before < 2) return refused(code);
      return page(Number(path.split('=')[1] ?? 0));
    });
    expect(seen).toEqual([0, 1, 'anew', 0, 1, 'anew', 0, 1, 2]);
    expect(asked.length).toBe(9);
  });

  it('does not begin anew for ever', async () => {
    const { seen, failure } = await read(({ path }) => {
      const at = Number(path.split('=')[1] ?? 0);
      return at === 1 ? refused(LOST[0]) : page(at);
    });
    expect(failure).toMatchObject({ error: { status: 400, code: LOST[0] } });
    expect(seen.filter((item) => item === 'anew').length).toBe(5);
  });

  it('does not begin anew after other refusals', async () => {
    const { seen, failure } = await read(({ path }) => (path === pathOf(1) ? refused('Request_BadRequest') : page(0)));
    expect([seen, failure]).toMatchObject([[0], { error: { code: 'Request_BadRequest' } }]);
  });
});

describe('a link from an answer that took several attempts', () => {
  it('is not followed: the page is asked for until it comes at the first attempt', async () => {
    const { seen, asked } = await read(({ path, before }) => {
      if (path === pathOf(1)) return before === 0 || before === 2 ? busy : page(1, before < 4 ? 'doubtful' : '2');
      return path.endsWith('doubtful') ? refused(LOST[1]) : page(Number(path.split('=')[1] ?? 0));
    });
    expect(seen).toEqual([0, 1, 2]);
    expect(asked).toEqual([pathOf(0), ...Array(5).fill(pathOf(1)), pathOf(2)]);
  });

  it('is followed where the page never comes at the first attempt', async () => {
    const { seen } = await read(({ path, before }) =>
      path === pathOf(1) && before % 2 === 0 ? busy : page(Number(path.split('=')[1] ?? 0)),
    );
    expect(seen).toEqual([0, 1, 2]);
  });

  it('does not matter on the last page', async () => {
    const { asked } = await read(({ path, before }) =>
      path === pathOf(2) && before === 0 ? busy : page(Number(path.split('=')[1] ?? 0)),
    );
    expect(asked).toEqual([pathOf(0), pathOf(1), pathOf(2), pathOf(2)]);
  });
});

describe('a list whose first page came in a batch', () => {
  const members = loadRegistry()
    .types.flatMap((type) => type.links)
    .find((link) => link.name === 'members') as Link;

  async function targets(answer: Script['answer']) {
    const { client, time, sent } = scriptedGraph({ answer: (request) => answer({ ...request }) });
    const owned = { ...members, list: { ...members.list, version: 'v1.0' } } as Link;
    const found = await time.run(readTargets(client, owned, ['g-1']));
    return { found: found[0], asked: sent.map(({ path }) => path.includes('skiptoken')) };
  }
  const part = (ids: readonly string[], next?: string): Answered => ({
    status: 200,
    body: {
      value: ids.map((id) => ({ id })),
      ...(next === undefined ? {} : { '@odata.nextLink': `${ROOT}/v1.0/groups/g-1/members?$skiptoken=${next}` }),
    },
  });

  it('begins anew where its place is lost, and holds everything once', async () => {
    const { found, asked } = await targets(({ path, before }) => {
      if (!path.includes('skiptoken')) return part(['a', 'b'], '1');
      return before === 0 ? refused(LOST[0]) : part(['c']);
    });
    expect(found).toEqual({ status: 'found', value: ['a', 'b', 'c'] });
    expect(asked).toEqual([false, true, false, true]);
  });

  it('is read on its own where that page took several attempts', async () => {
    const { found, asked } = await targets(({ path, before }) => {
      if (path.includes('skiptoken')) return path.endsWith('sure') ? part(['c']) : refused(LOST[1]);
      return before === 0 ? busy : part(['a', 'b'], before === 1 ? 'doubtful' : 'sure');
    });
    expect(found).toEqual({ status: 'found', value: ['a', 'b', 'c'] });
    expect(asked).toEqual([false, false, false, true]);
  });
});

describe('a backup', () => {
  it('holds every object once, and counts it once, where the list began anew', async () => {
    const object = (at: number) => ({ id: `a0000000-0000-4000-8000-00000000000${at}`, displayName: `User ${at}` });
    const { client, time } = scriptedGraph({
      answer: ({ path, before }) => {
        if (path.startsWith('/directory/')) return { status: 200, body: { value: [] } };
        if (!path.includes('skiptoken')) {
          const next = { '@odata.nextLink': `${ROOT}/v1.0/users?$skiptoken=1` };
          return { status: 200, body: { value: [object(1), object(2)], ...next } };
        }
        return before === 0 ? refused(LOST[1]) : { status: 200, body: { value: [object(2), object(3)] } };
      },
    });
    const type = loadRegistry().byName.get('user') as ObjectType;
    const plain = { ...type, properties: type.properties.filter(({ part }) => part === undefined), links: [] };
    const told: number[] = [];
    const state = await time.run(
      collect({
        client,
        types: [plain],
        related: new Map(),
        previous: undefined,
        excluded: new Set(),
        keep: () => true,
        clock: () => new Date(0),
        progress: ({ what, done }) => void (what === 'Reading users' && told.push(done)),
        signal: new AbortController().signal,
      }),
    );
    expect([...state.ids.keys()].sort()).toEqual([1, 2, 3].map((at) => `user/${object(at).id}`));
    expect(state.coverage.gaps).toEqual([]);
    expect(told).toEqual([2, 2, 4]);
  });
});
