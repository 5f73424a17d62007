/** Accounts of changes, as Graph may give them. */

import { describe, expect, it } from 'vitest';
import { beginChanges, readChanges, recoveredSince } from '../../src/graph/delta.js';
import type { Outcome } from '../../src/graph/types.js';
import type { Json, JsonObject } from '../../src/model/json.js';
import { loadRegistry } from '../../src/registry/load.js';
import { FAKE_ROOT, fakeClient, ok, refusal } from '../support/fake-client.js';
import { typeNamed } from '../support/memory-state.js';

const LINK = 'v1.0/users/delta?$deltatoken=a';
const delta = (token: string) => ({ '@odata.deltaLink': `${FAKE_ROOT}/v1.0/users/delta?$deltatoken=${token}` });
const next = (token: string) => ({ '@odata.nextLink': `${FAKE_ROOT}/v1.0/users/delta?$skiptoken=${token}` });

/** What is read of pages that are answered one after the other. */
async function read(...pages: readonly Outcome[]) {
  let at = 0;
  const client = fakeClient(() => pages[at++] ?? refusal(500));
  const { named, link } = await readChanges(client, LINK, () => undefined);
  return { named: [...named], link, asked: client.sent.map(({ path }) => path) };
}

const page = (items: readonly JsonObject[], link: JsonObject): Outcome => ok({ value: items, ...link });

describe('an account of changes', () => {
  it('names each object once, whatever is said of it, how often and in which order', async () => {
    const removed = { '@removed': { reason: 'changed' } };
    const members = { 'members@delta': [{ id: 'u1' }, { id: 'u2', '@removed': { reason: 'deleted' } }] };
    const account = await read(
      page(
        [
          { id: 'A', ...removed },
          { id: 'b', ...members },
        ],
        next('2'),
      ),
      page([], next('3')),
      page(
        [
          { id: 'b', ...members },
          { id: 'a', displayName: 'Old' },
          { id: 'c', '@removed': { reason: 'deleted' } },
        ],
        delta('z'),
      ),
    );
    expect(account).toEqual({
      named: ['a', 'b', 'c'],
      link: 'v1.0/users/delta?$deltatoken=z',
      asked: ['/users/delta?$deltatoken=a', '/users/delta?$skiptoken=2', '/users/delta?$skiptoken=3'],
    });
  });

  it.each<[string, readonly Outcome[]]>([
    ['that is refused', [refusal(410, 'syncStateNotFound')]],
    ['that breaks off', [page([{ id: 'a' }], next('2')), refusal(400, 'Directory_ExpiredPageToken')]],
    ['that does not say where the next begins', [page([{ id: 'a' }], {})]],
    ['that goes on elsewhere', [page([], { '@odata.nextLink': 'https://elsewhere.example/v1.0/users/delta?x' })]],
    [
      'after which the next is elsewhere',
      [page([], { '@odata.deltaLink': 'https://elsewhere.example/v1.0/users/delta?x' })],
    ],
    ['that leads in a circle', [page([], next('2')), page([], next('2'))]],
    ['that names nothing', [page([{ displayName: 'x' }], delta('z'))]],
    ['that is none', [ok('text')]],
  ])('%s tells nothing', async (_, pages) => {
    await expect(read(...pages)).rejects.toMatchObject({ name: 'GraphFailure' });
  });

  it('begins now, with everything that is stored of an object, and the links of which it tells', async () => {
    const client = fakeClient(() => page([], delta('now')));
    const group = typeNamed(loadRegistry(), 'group');
    expect(await beginChanges(client, group)).toBe('v1.0/users/delta?$deltatoken=now');
    const { searchParams, pathname } = new URL(`${FAKE_ROOT}${client.sent[0]?.path}`);
    expect([pathname, searchParams.get('$deltatoken')]).toEqual(['/groups/delta', 'latest']);
    const names = group.properties.map(({ name }) => name).filter((name) => name !== 'deletedDateTime');
    expect(searchParams.get('$select')?.split(',')).toEqual([...names, 'members']);
  });
});

describe('recovery by Microsoft may have changed the tenant', () => {
  const SINCE = '2026-11-20T12:00:00Z';
  const [EARLIER, LATER] = ['2026-11-20T11:59:59Z', '2026-11-20T12:00:01Z'];
  const KIND = '#microsoft.graph.entraRecoveryServices.recovery';
  const job = (status: string, jobCompletionDateTime: Json, more: JsonObject = {}): JsonObject => ({
    '@odata.type': `${KIND}Job`,
    status,
    jobStartDateTime: EARLIER,
    jobCompletionDateTime,
    ...more,
  });

  it.each<[string, readonly JsonObject[], boolean]>([
    ['where there was none', [], false],
    ['where it ended before', [job('successful', EARLIER)], false],
    ['where it ended since', [job('successful', EARLIER), job('successful', LATER)], true],
    ['where it failed since: a part of it was done', [job('failed', LATER)], true],
    ['where it was given up since', [job('abandoned', LATER)], true],
    ['where it is under way', [job('running', null)], true],
    ['where its status is not known', [job('unknownFutureValue', null)], true],
    [
      'where nobody says when it was given up, but it began since',
      [job('abandoned', null, { jobStartDateTime: LATER })],
      true,
    ],
    ['where it was given up before it had begun, long ago', [job('abandoned', null)], false],
    ['where it only looked', [job('running', null, { '@odata.type': `${KIND}PreviewJob` })], false],
  ])('%s', async (_, jobs, expected) => {
    expect(
      await recoveredSince(
        fakeClient(() => ok({ value: jobs })),
        SINCE,
      ),
    ).toBe(expected);
  });
});
