import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ApplyContext } from '../../src/apply/context.js';
import { addTargets, applyLinks, removeTargets, type WantedLink } from '../../src/apply/links.js';
import { createWriter } from '../../src/apply/writer.js';
import type { ActionResult } from '../../src/model/documents.js';
import type { LinkAction } from '../../src/model/plan.js';
import { loadRegistry } from '../../src/registry/load.js';
import type { Link } from '../../src/registry/types.js';
import { type FakeClient, groupsClient, nullJournal, refusal } from '../support/fake-client.js';
import { typeNamed } from '../support/memory-state.js';

const registry = loadRegistry();
const group = typeNamed(registry, 'group');
const members = group.links[0] as Link;

function contextOf(client: FakeClient) {
  const results: ActionResult[] = [];
  const context: ApplyContext = {
    client,
    registry,
    writer: createWriter(client, nullJournal()),
    sleep: async () => undefined,
    report: (result) => void results.push(result),
    leftAlone: new Set(),
    whenObjectsAreBack: () => undefined,
  };
  return { context, results };
}

const wantedOf = (owner: string, targets: readonly string[], from = 1): WantedLink[] =>
  targets.map((target, index) => ({ n: from + index, owner, target }));
const names = (count: number, prefix = 'm'): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`);
const writes = (client: FakeClient) => client.sent.filter((request) => request.method !== 'GET');
const packSizes = (client: FakeClient) =>
  writes(client).map((request) => (request.body as { 'members@odata.bind': string[] })['members@odata.bind'].length);

describe('targets that are added', () => {
  it.each([
    [0, []],
    [1, [1]],
    [20, [20]],
    [21, [20, 1]],
    [45, [20, 20, 5]],
  ])('go in packs as large as Graph allows: %i', async (count, sizes) => {
    const groups = new Map([['g', new Set<string>()]]);
    const client = groupsClient(groups);
    expect(await addTargets(contextOf(client).context, members, wantedOf('g', names(count)))).toEqual([]);
    expect(packSizes(client)).toEqual(sizes);
    expect([...(groups.get('g') ?? [])].sort()).toEqual(names(count).sort());
  });

  it.each([1, 20, 25])('and are there already, where reads do not show it yet, count as added: %i', async (count) => {
    const exist = 'One or more added object references already exist for the following modified properties: "members".';
    const groups = new Map([['g', new Set<string>()]]);
    const client = groupsClient(groups, new Set(), ({ method }) =>
      method === 'GET' ? undefined : refusal(400, 'Request_BadRequest', exist),
    );
    expect(await addTargets(contextOf(client).context, members, wantedOf('g', names(count)))).toEqual([]);
  });

  it('are never packed with those of another owner', async () => {
    const groups = new Map([
      ['g', new Set<string>()],
      ['h', new Set<string>()],
    ]);
    const client = groupsClient(groups);
    const wanted = [...wantedOf('g', names(25)), ...wantedOf('h', names(3), 100)];
    await addTargets(contextOf(client).context, members, wanted);
    expect([groups.get('g')?.size, groups.get('h')?.size]).toEqual([25, 3]);
    expect(packSizes(client).sort((a, b) => a - b)).toEqual([3, 5, 20]);
  });

  it('all arrive but the bad ones, however many are bad and wherever they are', async () => {
    const some = fc.record({
      count: fc.integer({ min: 1, max: 45 }),
      bad: fc.uniqueArray(fc.nat(44), { maxLength: 5 }),
      there: fc.uniqueArray(fc.nat(44), { maxLength: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(some, async ({ count, bad, there }) => {
        const wrong = new Set(bad.map((index) => `m${index}`));
        const before = there.map((index) => `m${index}`).filter((name) => !wrong.has(name));
        const groups = new Map([['g', new Set(before)]]);
        const failures = await addTargets(
          contextOf(groupsClient(groups, wrong)).context,
          members,
          wantedOf('g', names(count)),
        );
        const failing = names(count).filter((name) => wrong.has(name));
        expect(failures.map((failure) => failure.target).sort()).toEqual(failing.sort());
        for (const failure of failures) expect(failure.n).toBe(names(count).indexOf(failure.target) + 1);
        const expected = new Set([...before, ...names(count).filter((name) => !wrong.has(name))]);
        expect(groups.get('g')).toEqual(expected);
      }),
    );
  });

  it('are not tried one by one when the refusal was about something else', async () => {
    const groups = new Map([['g', new Set<string>()]]);
    for (const status of [0, 403, 429, 503]) {
      const client = groupsClient(groups, undefined, ({ method }) =>
        method === 'PATCH' ? refusal(status) : undefined,
      );
      const failures = await addTargets(contextOf(client).context, members, wantedOf('g', names(5)));
      expect(failures.length).toBe(5);
      expect(writes(client).length).toBe(1);
    }
  });
});

describe('targets that are removed', () => {
  it('are removed by one request each, with /$ref at its end', async () => {
    const groups = new Map([['g', new Set(names(3))]]);
    const client = groupsClient(groups);
    expect(await removeTargets(contextOf(client).context, members, wantedOf('g', ['m0', 'm2']))).toEqual([]);
    expect(writes(client).map(({ method, path }) => `${method} ${path}`)).toEqual([
      'DELETE /groups/g/members/m0/$ref',
      'DELETE /groups/g/members/m2/$ref',
    ]);
    expect([...(groups.get('g') ?? [])]).toEqual(['m1']);
  });

  it('count as removed when they are gone, and as failed when they are still there', async () => {
    const gone = new Map([['g', new Set<string>()]]);
    expect(await removeTargets(contextOf(groupsClient(gone)).context, members, wantedOf('g', ['m0']))).toEqual([]);
    const stays = groupsClient(new Map([['g', new Set(['m0'])]]), undefined, ({ method }) =>
      method === 'DELETE' ? refusal(403, 'Denied', 'no') : undefined,
    );
    const failures = await removeTargets(contextOf(stays).context, members, wantedOf('g', ['m0']));
    expect(failures).toEqual([{ n: 1, owner: 'g', target: 'm0', reason: '403 Denied: no' }]);
  });

  it('cost nothing when there are none', async () => {
    const client = groupsClient(new Map());
    expect(await removeTargets(contextOf(client).context, members, [])).toEqual([]);
    expect(client.sent).toEqual([]);
  });
});

describe('a link action', () => {
  const action = (n: number, kind: 'link' | 'unlink', target: string, conditional = false): LinkAction => ({
    n,
    phase: 'links',
    action: kind,
    object: 'group/g',
    label: 'G',
    link: 'members',
    target,
    targetLabel: target,
    ...(conditional ? { conditional: true } : {}),
  });
  const run = async (client: FakeClient, actions: readonly LinkAction[]) => {
    const { context, results } = contextOf(client);
    await applyLinks(context, group, actions);
    return results;
  };

  it('is skipped when it is done already, unless a restore of the plan may have done it', async () => {
    const client = groupsClient(new Map([['g', new Set(['there'])]]));
    expect(await run(client, [action(1, 'link', 'there'), action(2, 'link', 'there', true)])).toEqual([
      { n: 1, outcome: 'skipped', reason: 'The link is there already.', alreadyThere: true },
      { n: 2, outcome: 'done', alreadyThere: true },
    ]);
    expect(await run(client, [action(1, 'unlink', 'gone')])).toEqual([
      { n: 1, outcome: 'skipped', reason: 'The link is gone already.', alreadyThere: true },
    ]);
    expect(writes(client)).toEqual([]);
  });

  it('is not carried out when its owner is gone, or its links could not be read', async () => {
    const gone = groupsClient(new Map());
    expect((await run(gone, [action(1, 'link', 'm')]))[0]).toMatchObject({ outcome: 'skipped' });
    const unread = groupsClient(new Map([['g', new Set(['m'])]]), undefined, ({ method }) =>
      method === 'GET' ? refusal(403) : undefined,
    );
    expect((await run(unread, [action(1, 'unlink', 'm')]))[0]).toMatchObject({ outcome: 'failed' });
    expect([...writes(gone), ...writes(unread)]).toEqual([]);
  });

  it('has exactly one result, and the others are done when one fails', async () => {
    const groups = new Map([['g', new Set<string>()]]);
    const results = await run(
      groupsClient(groups, new Set(['m1'])),
      names(4).map((name, index) => action(index + 1, 'link', name)),
    );
    expect(results.map(({ n, outcome }) => [n, outcome]).sort()).toEqual([
      [1, 'done'],
      [2, 'failed'],
      [3, 'done'],
      [4, 'done'],
    ]);
  });
});

it('targets that are gone already, where reads do not show it yet, count as removed', async () => {
  const gone = 'One or more removed object references do not exist for the following modified properties: "members".';
  const groups = new Map([['g', new Set(names(3))]]);
  const client = groupsClient(groups, new Set(), ({ method, path }) =>
    method === 'DELETE'
      ? refusal(400, 'Request_BadRequest', path.includes('m1') ? 'Another reason.' : gone)
      : undefined,
  );
  const failures = await removeTargets(contextOf(client).context, members, wantedOf('g', names(3)));
  expect(failures.map(({ target }) => target)).toEqual(['m1']);
});
