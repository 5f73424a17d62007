import { describe, expect, it } from 'vitest';
import { collect } from '../../src/collect/collect.js';
import type { LiveState } from '../../src/collect/types.js';
import type { JsonObject } from '../../src/model/json.js';
import type { ObjectKey } from '../../src/model/object.js';
import { singletonKey } from '../../src/registry/identity.js';
import { loadRegistry } from '../../src/registry/load.js';
import { ok, refusal } from '../support/fake-client.js';
import { type Answers, backup, ONLY, read, tenant } from '../support/fake-tenant.js';
import { idAt } from '../support/small-tenants.js';

const registry = loadRegistry();
const [ADA, BOB, EVE] = [0, 1, 2].map((index) => idAt('user', index)) as [string, string, string];
const [SALES, TEAM] = [0, 1].map((index) => idAt('group', index)) as [string, string];
const BIN = '/directory/deletedItems/microsoft.graph.';

const user = (id: string, more: JsonObject = {}): JsonObject => ({
  id,
  displayName: 'U',
  userPrincipalName: `${id}@x`,
  ...more,
});
const group = (id: string, more: JsonObject = {}): JsonObject => ({
  id,
  displayName: 'G',
  groupTypes: [],
  securityEnabled: true,
  ...more,
});
const gone = (object: JsonObject): JsonObject => ({ ...object, deletedDateTime: '2026-11-01T00:00:00Z' });

const BEFORE: Answers = {
  '/users': [user(ADA, { department: 'Research' }), user(BOB)],
  '/groups': [group(SALES), group(TEAM)],
  [`/groups/${SALES}/members`]: [{ id: ADA }, { id: BOB }],
};
const before = await read(BEFORE);
const previous = backup(before);
const REFUSED = refusal(403, 'Authorization_RequestDenied', 'Insufficient privileges.');

describe('a tenant that was read whole', () => {
  it('has every object and link once, and no gap', async () => {
    const state = await read({
      ...BEFORE,
      '/users': [
        [user(ADA), user(BOB)],
        [user(BOB), user(ADA)],
      ],
    });
    expect([...state.ids.keys()].sort()).toEqual(
      [`group/${SALES}`, `group/${TEAM}`, `user/${ADA}`, `user/${BOB}`, ...ONLY.map(singletonKey)].sort(),
    );
    expect(state.objects.get(`group/${SALES}`)?.links.members).toEqual([ADA, BOB]);
    expect(state.coverage).toMatchObject({ gaps: [], types: { user: 2, group: 2, namedLocation: 0 } });
    expect(state.unknown.size + state.uncertain.size + state.deleted.size).toBe(0);
  });

  it('is the same state whatever the order of the answers, and nothing is written twice', async () => {
    const written: string[] = [];
    const state = await read(
      {
        '/users': [...(BEFORE['/users'] as JsonObject[])].reverse(),
        '/groups': [...(BEFORE['/groups'] as JsonObject[])].reverse(),
        [`/groups/${SALES}/members`]: [{ id: BOB }, { id: ADA.toUpperCase() }],
      },
      { previous, written },
    );
    expect(new Map([...state.ids].sort())).toEqual(new Map([...before.ids].sort()));
    expect(written).toEqual([]);
  });

  it('leaves out what is excluded', async () => {
    const state = await read(BEFORE, {
      excluded: new Set<ObjectKey>([`user/${BOB}`]),
    });
    expect(state.ids.has(`user/${BOB}`)).toBe(false);
  });

  it('does not ask for links that follow from elsewhere', async () => {
    const state = await read({
      '/groups': [group(SALES, { groupTypes: ['DynamicMembership'] }), group(TEAM, { onPremisesSyncEnabled: true })],
      [`/groups/${SALES}/members`]: [{ id: ADA }],
      [`/groups/${TEAM}/members`]: REFUSED,
    });
    for (const id of [SALES, TEAM]) expect(state.objects.get(`group/${id}`)?.links).toEqual({});
    expect(state.coverage.gaps).toEqual([]);
  });
});

describe('unknown is not empty:', () => {
  const kept = (state: LiveState, keys: readonly ObjectKey[]) => {
    for (const key of keys) {
      expect(state.unknown.has(key), key).toBe(true);
      expect(state.ids.get(key), key).toBe(before.ids.get(key));
    }
  };

  it('a list that was refused keeps every object of the backup, and says why', async () => {
    const state = await read({ ...BEFORE, '/users': REFUSED }, { previous });
    kept(state, [`user/${ADA}`, `user/${BOB}`]);
    expect(state.coverage.gaps).toEqual([
      {
        what: 'user',
        status: 'not-collected',
        reason: '403 Authorization_RequestDenied: Insufficient privileges.',
        keptFrom: before.captured.start,
      },
    ]);
  });

  it('a list that was cut short keeps what it did not get to', async () => {
    const state = await read({ ...BEFORE, '/users': [[user(ADA)], [{ refused: true }]] }, { previous });
    kept(state, [`user/${BOB}`]);
    expect(state.unknown.has(`user/${ADA}`)).toBe(false);
    expect(state.coverage.gaps).toMatchObject([{ what: 'user', status: 'partial', reason: '503 Busy' }]);
  });

  it('a recycle bin that was refused keeps what the list did not name: it may be there', async () => {
    const state = await read({ ...BEFORE, '/users': [user(ADA)], [`${BIN}user`]: REFUSED }, { previous });
    kept(state, [`user/${BOB}`]);
    expect(state.coverage.gaps).toMatchObject([{ what: 'user.deletedItems', status: 'not-collected' }]);
  });

  it('an object in neither list nor bin is asked for: there after all, gone for certain, or unknown', async () => {
    const missing = { ...BEFORE, '/users': [user(ADA, { department: 'Research' })] };
    const there = await read({ ...missing, [`/users/${BOB}`]: ok(user(BOB)) }, { previous });
    expect(there.ids).toEqual(before.ids);
    const deleted = await read(missing, { previous });
    expect([deleted.ids.has(`user/${BOB}`), deleted.unknown.size]).toEqual([false, 0]);
    expect(deleted.coverage.gaps).toEqual([]);
    const unclear = await read({ ...missing, [`/users/${BOB}`]: refusal(503, 'Busy') }, { previous });
    kept(unclear, [`user/${BOB}`]);
    expect(unclear.coverage.gaps).toMatchObject([{ what: 'user', status: 'partial' }]);
  });

  it('links that were refused are those last seen, and are marked as uncertain', async () => {
    const answers = { ...BEFORE, '/groups': [group(SALES, { displayName: 'New' }), group(TEAM)] };
    const state = await read({ ...answers, [`/groups/${SALES}/members`]: REFUSED }, { previous });
    expect(state.objects.get(`group/${SALES}`)).toMatchObject({
      properties: { displayName: 'New' },
      links: { members: [ADA, BOB] },
    });
    expect(state.uncertain.get(`group/${SALES}`)).toEqual(['members']);
    expect(state.coverage.gaps).toMatchObject([{ what: 'group.members', status: 'partial', objects: 1 }]);
  });

  it('links that were refused and never seen are absent, not empty', async () => {
    const state = await read({ ...BEFORE, [`/groups/${SALES}/members`]: REFUSED });
    expect(state.objects.get(`group/${SALES}`)?.links).toEqual({});
    expect(state.uncertain.has(`group/${SALES}`)).toBe(true);
  });

  it('a list of members with one that has no id is not a list', async () => {
    const state = await read({ ...BEFORE, [`/groups/${SALES}/members`]: [{ id: ADA }, {}] }, { previous });
    expect(state.uncertain.has(`group/${SALES}`)).toBe(true);
  });

  it('an object without an id makes the list partial', async () => {
    const state = await read({ ...BEFORE, '/users': [user(ADA), { displayName: 'x' }, user(BOB)] });
    expect(state.coverage.gaps).toMatchObject([{ what: 'user', status: 'partial' }]);
  });
});

describe('an object in the recycle bin', () => {
  it('keeps the properties and links with which it was last seen alive: the bin reports some wrongly', async () => {
    const state = await read(
      {
        ...BEFORE,
        '/groups': [group(TEAM)],
        [`${BIN}group`]: [gone(group(SALES, { securityEnabled: false, displayName: 'Late' }))],
      },
      { previous },
    );
    const object = state.objects.get(`group/${SALES}`);
    expect(object?.properties).toMatchObject({
      securityEnabled: true,
      displayName: 'G',
      deletedDateTime: '2026-11-01T00:00:00Z',
    });
    expect(object?.links.members).toEqual([ADA, BOB]);
    expect(state.deleted.has(`group/${SALES}`)).toBe(true);
  });

  it('leaves out what the bin reports wrongly when it was never seen alive', async () => {
    const state = await read({ [`${BIN}group`]: [gone(group(SALES, { securityEnabled: false }))] });
    const object = state.objects.get(`group/${SALES}`);
    expect(object?.properties).toMatchObject({ displayName: 'G' });
    expect(object?.properties).not.toHaveProperty('securityEnabled');
    expect(object?.links).toEqual({});
  });

  it('stays a member where it was one: Graph stores the link and brings it back with it', async () => {
    const answers = {
      ...BEFORE,
      '/users': [user(ADA)],
      [`${BIN}user`]: [gone(user(BOB))],
      [`/groups/${SALES}/members`]: [{ id: ADA }],
    };
    const state = await read(answers, { previous });
    expect(state.objects.get(`group/${SALES}`)?.links.members).toEqual([ADA, BOB]);
    const removed = await read({ ...BEFORE, [`/groups/${SALES}/members`]: [{ id: ADA }] }, { previous });
    expect(removed.objects.get(`group/${SALES}`)?.links.members).toEqual([ADA]);
  });

  it('does not stay a member when it is gone for good', async () => {
    const answers = { ...BEFORE, '/users': [user(ADA)], [`/groups/${SALES}/members`]: [{ id: ADA }] };
    expect((await read(answers, { previous })).objects.get(`group/${SALES}`)?.links.members).toEqual([ADA]);
  });

  it('holds no unique value: a name is taken by active objects only', async () => {
    const state = await read({ '/users': [user(ADA)], [`${BIN}user`]: [gone(user(EVE))] });
    expect([...state.holders]).toEqual([[`user.userPrincipalName=${ADA}@x`, `user/${ADA}`]]);
  });
});

describe('values that the schema does not describe', () => {
  it('are named with their object', async () => {
    const id = idAt('policy', 0);
    const policy = {
      id,
      displayName: 'P',
      state: 'enabled',
      conditions: { clientAppTypes: ['all'], newCondition: { a: 1 } },
    };
    const state = await read({ '/identity/conditionalAccess/policies': [policy] });
    const key: ObjectKey = `conditionalAccessPolicy/${id}`;
    expect(state.unrecognised.get(key)).toEqual(['conditions.newCondition']);
    expect(state.coverage.unrecognised).toEqual([{ object: key, paths: ['conditions.newCondition'] }]);
  });
});

describe('an interruption', () => {
  it('ends the reading with an answer for people, and without a state', async () => {
    const controller = new AbortController();
    controller.abort();
    const reading = collect({
      client: tenant(BEFORE),
      types: registry.types,
      related: registry.byName,
      previous: undefined,
      excluded: new Set(),
      keep: () => true,
      clock: () => new Date(0),
      progress: () => undefined,
      signal: controller.signal,
    });
    await expect(reading).rejects.toMatchObject({ code: 'KG009', exit: 130 });
  });
});

describe('what Graph leaves out', () => {
  it('an object that its recycle bin does not list, though it is there, is in the recycle bin and keeps its content', async () => {
    const state = await read(
      { ...BEFORE, '/groups': [group(TEAM)], [`/directory/deletedItems/${SALES}`]: ok(gone(group(SALES))) },
      { previous },
    );
    expect(state.deleted).toEqual(new Set([`group/${SALES}`]));
    expect(state.objects.get(`group/${SALES}`)?.links).toEqual({ members: [ADA, BOB] });
    expect(state.coverage.gaps).toEqual([]);
  });

  it('an object of a kind that no schema has is unknown: kept if it was known before, never absent', async () => {
    const place = '44444444-4444-4444-8444-444444444444';
    const path = '/identity/conditionalAccess/namedLocations';
    const country = { '@odata.type': '#microsoft.graph.countryNamedLocation', id: place, displayName: 'Lab' };
    const odd = { ...country, '@odata.type': '#microsoft.graph.compliantNetworkNamedLocation' };
    const known = backup(await read({ ...BEFORE, [path]: [country] }));
    const later = await read({ ...BEFORE, [path]: [odd] }, { previous: known });
    expect(later.ids.get(`namedLocation/${place}`)).toBe(known.ids.get(`namedLocation/${place}`));
    const first = await read({ ...BEFORE, [path]: [odd] });
    for (const state of [later, first]) {
      expect(state.unknown).toEqual(new Set([`namedLocation/${place}`]));
      expect(state.coverage.unrecognised).toEqual([{ object: `namedLocation/${place}`, paths: ['@odata.type'] }]);
    }
  });

  it('a group that changed and is deleted while it is read ends up deleted', async () => {
    const state = await read(
      {
        ...BEFORE,
        '/groups': [group(SALES, { description: 'new' }), group(TEAM)],
        [`${BIN}group`]: [gone(group(SALES))],
      },
      { previous },
    );
    expect(state.objects.get(`group/${SALES}`)?.properties.deletedDateTime).toBe('2026-11-01T00:00:00Z');
  });

  it('names objects in the same order, whatever the order of the list', async () => {
    const odd = (id: string) => user(id, { employeeOrgData: { division: 'x', zeta: 1, alpha: 2 } });
    const orders = [
      [ADA, BOB],
      [BOB, ADA],
    ].map((ids) => read({ '/users': ids.map(odd) }));
    const [one, other] = await Promise.all(orders);
    expect(one?.coverage).toEqual(other?.coverage);
    expect(one?.coverage.unrecognised[0]?.paths).toEqual(['employeeOrgData.alpha', 'employeeOrgData.zeta']);
  });
});
