/** Ids that no Graph gives: they are refused before anything is asked about them, and nothing is written anywhere. */

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Failure } from '../../src/model/problem.js';
import { type HostileTenant, hostileObjects, hostileTenant, registry } from '../support/hostile-tenant.js';
import { gitIn } from '../support/scene.js';

const IDS = [
  ...['../../etc/passwd', '..', '.', '.git', '..%2f', 'a/b', 'a\\b', 'C:', 'a b', ' ', '-rf', '_', '$(x)', "'", '*'],
  ...['CON', 'nul', 'Aux', 'prn', 'com1', 'LPT9', 'con-0000'],
  ...['a\u0000b', 'a\nb', '\u001b[31m', '\u202ea', '\ud800', 'İ', 'a.', `a${'0'.repeat(300)}`],
];

/** Ids that only a folder cannot be named after: they are those of types whose files are in folders by id. */
const ONLY_SHARDED = new Set(['con-0000']);

let tenant: HostileTenant;
const asked: string[] = [];
beforeAll(async () => {
  tenant = await hostileTenant(hostileObjects(['x'], 1));
  await tenant.run.snapshot();
  tenant.graph.refuse = (_, path) => {
    asked.push(path);
    return undefined;
  };
});
afterAll(() => tenant?.close());

const types = registry.types.filter(({ edge, singleton }) => edge === undefined && singleton === undefined);

describe.each(IDS.map((id, n) => [JSON.stringify(id), id, n] as const))('the id %s', (_, id, n) => {
  const fitting = types.filter(({ sharded }) => sharded || !ONLY_SHARDED.has(id));
  const type = fitting[n % fitting.length] as (typeof types)[number];
  const inBin = type.bin !== undefined && n % 2 === 0;

  it(`is refused, ${inBin ? 'in the recycle bin ' : ''}of a ${type.name}`, async () => {
    const { graph, root, run } = tenant;
    const list = (inBin ? graph.deleted : graph.objects).get(type.name) ?? [];
    const before = gitIn(root, 'for-each-ref');
    list.push({ ...graph.objects.get(type.name)?.[0], [type.keys[0]]: id });
    try {
      // All of them read the tenant in one way: that is tried of each once, and of `snapshot` with every id.
      for (const command of n < 2 ? [run.snapshot, run.diff, run.plan] : [run.snapshot]) {
        asked.length = 0;
        const failure = await command().then(
          () => undefined,
          (error: Failure) => error,
        );
        expect(failure?.code).toBe('KG204');
        expect(failure?.message).toContain('cannot be the name of a file');
        const below = asked.filter((path) => decodeURIComponent(path).includes(`/${id}`) && path !== type.bin?.list);
        expect(below).toEqual([]);
      }
    } finally {
      list.pop();
    }
    expect(gitIn(root, 'for-each-ref')).toBe(before);
    expect(gitIn(root, 'status', '--porcelain')).toBe('');
    expect(readdirSync(join(root, '..'))).toEqual(['state']);
  });
});

it('an object without an id is a gap', async () => {
  const { graph, run } = tenant;
  for (const id of ['', null, 7]) {
    graph.objects.get('user')?.push({ ...graph.objects.get('user')?.[0], id });
    const { coverage } = await run.snapshot();
    expect(coverage.gaps).toMatchObject([
      { what: 'user', status: 'partial', reason: 'An object came without its id.' },
    ]);
    graph.objects.get('user')?.pop();
  }
});

it('a target of a link that no request can name makes the link unknown, and nothing follows from it', async () => {
  const { graph, run } = tenant;
  const linking = registry.types.flatMap((type) => type.links.map((link) => [type, link] as const));
  expect(linking.length).toBeGreaterThan(0);
  const { tree } = await run.snapshot();
  for (const [type, link] of linking) {
    const owner = `${link.name} ${String(graph.objects.get(type.name)?.[0]?.id)}`;
    const targets = graph.links.get(owner) ?? [];
    for (const id of ['..', '.', '', '\ud800', 'a\udc00']) {
      graph.links.set(owner, [...targets, id]);
      const second = await run.snapshot();
      expect(second.tree).toBe(tree);
      expect(second.coverage.gaps).toMatchObject([{ what: `${type.name}.${link.name}`, status: 'partial' }]);
      expect((await run.plan()).actions).toEqual([]);
    }
    graph.links.set(owner, targets);
  }
});
