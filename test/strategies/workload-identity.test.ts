import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/model/json.js';
import type { Presence } from '../../src/model/object.js';
import { type JudgeContext, judge } from '../../src/plan/judge.js';
import { loadRegistry } from '../../src/registry/load.js';
import { isJudgedBy, keepsFromDelete, keepsFromUpdate } from '../../src/strategies/index.js';
import { typeNamed } from '../support/memory-state.js';

const type = typeNamed(loadRegistry(), 'servicePrincipal');
const ID = 'a0000000-0000-4000-8000-000000000001';
const MICROSOFT = 'f8cdef31-a31e-4b4a-93e4-5f571e91255a';

/** What it is, its properties, and whether it can be changed and deleted. */
const TABLE: readonly (readonly [string, JsonObject, boolean, boolean])[] = [
  ['an application of the tenant', { servicePrincipalType: 'Application', appOwnerOrganizationId: ID }, true, true],
  ['a managed identity', { servicePrincipalType: 'ManagedIdentity' }, false, false],
  [
    'an application of Microsoft',
    { servicePrincipalType: 'Application', appOwnerOrganizationId: MICROSOFT },
    true,
    false,
  ],
  ['one of which nothing is known', {}, true, true],
];

const context: JudgeContext = {
  allowDelete: () => true,
  standing: () => 'active',
  desiredPresence: () => 'active',
  labelOf: (id) => id,
  linkedFrom: () => [],
  holder: () => undefined,
  needed: () => [],
};

function judged(live: JsonObject, desired: Presence, now: Presence) {
  const object = (properties: JsonObject) => ({ key: `servicePrincipal/${ID}` as const, properties, links: {} });
  const both = desired === 'active' && now === 'active';
  return judge(
    type,
    {
      object: `servicePrincipal/${ID}`,
      label: 'It',
      desired,
      live: now,
      properties: both
        ? [
            { path: 'notes', live: 'a', desired: 'b' },
            { path: 'tags', live: [], desired: ['x'] },
          ]
        : [],
      links: [],
      desiredObject: object({ notes: 'b' }),
      liveObject: object({ notes: 'a', ...live }),
    },
    context,
  );
}

describe('a service principal', () => {
  it.each(TABLE)('%s', (_, live, changes, goes) => {
    expect(keepsFromUpdate(type, live) === undefined).toBe(changes);
    expect(keepsFromDelete(type, live) === undefined).toBe(goes);
    const update = judged(live, 'active', 'active');
    expect([update.action, update.blocked.map(({ code, path }) => [code, path])]).toEqual(
      changes
        ? ['update', []]
        : [
            undefined,
            [
              ['KG513', 'notes'],
              ['KG513', 'tags'],
            ],
          ],
    );
    const restore = judged(live, 'active', 'deleted');
    expect([restore.action, restore.blocked.map(({ code }) => code)]).toEqual(
      changes ? ['restore', []] : [undefined, ['KG513']],
    );
    const remove = judged(live, 'absent', 'active');
    expect([remove.action, remove.blocked.map(({ code }) => code)]).toEqual(
      goes ? ['soft-delete', []] : [undefined, [changes ? 'KG512' : 'KG513']],
    );
    for (const { reason, remedy } of [...update.blocked, ...restore.blocked, ...remove.blocked])
      expect([reason, remedy]).toEqual([expect.stringMatching(/^\w.*[^.]\.$/), expect.stringMatching(/^\w.*\.$/)]);
  });

  it('is judged by properties that cannot be left unmanaged', () => {
    for (const name of ['servicePrincipalType', 'appOwnerOrganizationId']) {
      expect(isJudgedBy(type, name)).toBe(true);
      expect(type.properties.some((property) => property.name === name)).toBe(true);
    }
    expect(isJudgedBy(type, 'notes')).toBe(false);
  });
});
