/** The audit log as a client reads it: who did what to which object, and when that can be known. */
import { describe, expect, it } from 'vitest';
import type { Behaviour } from '../../src/sandbox/behaviour.js';
import { callerSets } from '../../src/sandbox/quirks/callers.js';
import { writeToken } from '../../src/sandbox/tokens.js';
import {
  errorOf,
  ids,
  type Json,
  ref,
  seed,
  seededFolder,
  start,
  startTime,
  type TestSandbox,
  tenantId,
} from './support.js';

const path = '/auditLogs/directoryAudits';
const open = (behaviour: Partial<Behaviour> = {}) => start(seed, { behaviour });
const filtered = (filter: string) => `${path}?$filter=${encodeURIComponent(filter)}`;
const names = async (sandbox: TestSandbox, filter?: string) =>
  (await sandbox.all(filter === undefined ? path : filtered(filter))).map((event) => event.activityDisplayName);
const targetsOf = (event: Json) => event.targetResources as Json[];
const changesOf = (target: Json | undefined) =>
  Object.fromEntries(
    ((target?.modifiedProperties ?? []) as Json[]).map(({ displayName, oldValue, newValue }) => [
      displayName,
      [oldValue, newValue],
    ]),
  );

describe('the audit log', () => {
  it('is empty before anything was changed, and does not tell of reads', async () => {
    const sandbox = await open();
    await sandbox.get('/users');
    expect((await sandbox.get(path)).body).toEqual({
      '@odata.context': `${sandbox.url}/v1.0/$metadata#auditLogs/directoryAudits`,
      value: [],
    });
  });

  it('tells of an update with directory names, and values that are JSON in a text', async () => {
    const sandbox = await open();
    await sandbox.call('PATCH', `/users/${ids.ada}`, { mobilePhone: '+49 1', businessPhones: ['1'], department: null });
    const [event] = await sandbox.all(path);
    expect(event).toMatchObject({
      id: expect.stringMatching(/^Directory_[0-9a-f-]{36}_\d+$/),
      category: 'UserManagement',
      result: 'success',
      activityDisplayName: 'Update user',
      activityDateTime: '2026-11-20T12:00:00.0000000Z',
      loggedByService: 'Core Directory',
      operationType: 'Update',
      targetResources: [{ id: ids.ada, type: 'User', userPrincipalName: 'ada@contoso.com', groupType: null }],
    });
    expect(changesOf(targetsOf(event as Json)[0])).toEqual({
      Mobile: ['[]', '["+49 1"]'],
      TelephoneNumber: ['[]', '["1"]'],
      Department: ['["Finance"]', '[]'],
      'Included Updated Properties': [null, '"Mobile, TelephoneNumber, Department"'],
      'TargetId.UserType': [null, '"Member"'],
    });
  });

  it('says of a disabled account both that it was updated and that it was disabled, as one operation', async () => {
    const sandbox = await open();
    await sandbox.call('PATCH', `/users/${ids.ada}`, { accountEnabled: false });
    const events = await sandbox.all(path);
    expect(events.map((event) => event.activityDisplayName)).toEqual(['Disable account', 'Update user']);
    expect(events[0]?.correlationId).toBe(events[1]?.correlationId);
    expect(changesOf(targetsOf(events[0] as Json)[0])).toEqual({ AccountEnabled: ['[true]', '[false]'] });
  });

  it('names the application of the token, or the user whose name the token is', async () => {
    const sandbox = await open();
    const patch = (city: string, token: string) =>
      sandbox.call('PATCH', `/users/${ids.ada}`, { city }, { Authorization: `Bearer ${token}` });
    await patch('Bonn', 'secret');
    await patch('Rome', 'secret');
    await patch('Oslo', 'other');
    await patch('Wien', 'Bob@contoso.com');
    const [fourth, third, second, first] = (await sandbox.all(path)).map((event) => event.initiatedBy as Json);
    expect(first).toEqual({
      user: null,
      app: {
        appId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        displayName: null,
        servicePrincipalId: null,
        servicePrincipalName: null,
      },
    });
    expect(second).toEqual(first);
    expect(third).not.toEqual(first);
    expect(fourth).toEqual({
      app: null,
      user: { id: ids.bob, displayName: 'bob', userPrincipalName: 'bob@contoso.com', ipAddress: '127.0.0.1' },
    });
    expect((await sandbox.get(path)).text).not.toContain('secret');
  });

  it('names the application of a sandbox token', async () => {
    const sandbox = await open();
    const { appId, permissions, roles } = callerSets.operator;
    const now = new Date(startTime);
    const token = writeToken({ tenantId, appId, permissions, roles, now, lifetimeSeconds: 60 });
    const headers = { Authorization: `Bearer ${token}` };
    expect((await sandbox.call('PATCH', `/users/${ids.bob}`, { city: 'Bonn' }, headers)).status).toBe(204);
    const [event] = await sandbox.all(path);
    expect(event?.initiatedBy).toMatchObject({ user: null, app: { appId, servicePrincipalId: expect.any(String) } });
  });

  it('is shown to who may read it', async () => {
    const sandbox = await open();
    const status = async (...permissions: string[]) => {
      const caller = { tenantId, appId: callerSets.reader.appId, permissions, roles: [] };
      const token = writeToken({ ...caller, now: new Date(startTime), lifetimeSeconds: 60 });
      const headers = { Authorization: `Bearer ${token}` };
      return [
        (await sandbox.get(path, headers)).status,
        (await sandbox.get('/directory/recovery/jobs', headers)).status,
      ];
    };
    expect(await status('AuditLog.Read.All')).toEqual([200, 403]);
    expect(await status('EntraBackup.Read.All')).toEqual([403, 200]);
  });

  it('tells of memberships by the member, who names the group', async () => {
    const sandbox = await open();
    await sandbox.call('POST', `/groups/${ids.unified}/members/$ref`, { '@odata.id': ref(ids.ada) });
    await sandbox.call('DELETE', `/groups/${ids.unified}/members/${ids.ada}/$ref`);
    const [removed, added] = await sandbox.all(path);
    expect([removed?.activityDisplayName, added?.activityDisplayName]).toEqual([
      'Remove member from group',
      'Add member to group',
    ]);
    expect(targetsOf(added as Json)).toMatchObject([
      { id: ids.ada, type: 'User' },
      { id: ids.unified, type: 'Group', groupType: 'unifiedGroups' },
    ]);
    expect(changesOf(targetsOf(added as Json)[0])).toEqual({
      'Group.ObjectID': [null, `"${ids.unified}"`],
      'Group.DisplayName': [null, '"unified"'],
      'Group.WellKnownObjectName': [null, null],
    });
    expect(changesOf(targetsOf(removed as Json)[0])['Group.ObjectID']).toEqual([`"${ids.unified}"`, null]);
  });

  it('holds a Conditional Access policy before and after, whole', async () => {
    const sandbox = await open();
    await sandbox.call('PATCH', `/identity/conditionalAccess/policies/${ids.mfaPolicy}`, { state: 'disabled' });
    const [event] = await sandbox.all(path);
    expect(event).toMatchObject({ loggedByService: 'Conditional Access', category: 'Policy' });
    const [before, after] = changesOf(targetsOf(event as Json)[0]).ConditionalAccessPolicy as [string, string];
    expect([JSON.parse(before), JSON.parse(after)]).toMatchObject([
      { state: 'enabled', displayName: 'MFA', conditions: { clientAppTypes: ['all'] } },
      { state: 'disabled', displayName: 'MFA', conditions: { clientAppTypes: ['all'] } },
    ]);
  });

  it('tells of the whole life of an object', async () => {
    const sandbox = await open();
    await sandbox.call('DELETE', `/users/${ids.ada}`);
    await sandbox.call('POST', `/directory/deletedItems/${ids.ada}/restore`);
    await sandbox.call('DELETE', `/groups/${ids.unified}`);
    await sandbox.call('DELETE', `/directory/deletedItems/${ids.unified}`);
    const location = {
      '@odata.type': '#microsoft.graph.countryNamedLocation',
      displayName: 'FR',
      countriesAndRegions: ['FR'],
    };
    await sandbox.call('POST', '/identity/conditionalAccess/namedLocations', location);
    expect(await names(sandbox)).toEqual([
      'Add named location',
      'Hard Delete group',
      'Delete group',
      'Restore user',
      'Delete user',
    ]);
  });

  it('keeps what was written before it was asked, and what an earlier process did, under the same ids', async () => {
    const dataDir = seededFolder();
    const first = await start(seed, { dataDir });
    await first.call('PATCH', `/users/${ids.ada}`, { city: 'Bonn' });
    const before = await first.all(path);
    await first.call('PATCH', `/users/${ids.ada}`, { city: 'Rome' });
    await first.close();
    const second = await start(seed, { dataDir });
    const after = await second.all(path);
    expect(after.slice(1)).toEqual(before);
    expect(changesOf(targetsOf(after[0] as Json)[0]).City).toEqual(['["Bonn"]', '["Rome"]']);
    expect((await second.get(`${path}/${String(before[0]?.id)}`)).body).toMatchObject(before[0] as Json);
    expect((await second.get(`${path}/Directory_x_1`)).status).toBe(404);
  });

  it('never holds a password', async () => {
    const sandbox = await open();
    const userPrincipalName = 'new@contoso.com';
    const passwordProfile = { password: 'Correct1Horse' };
    const body = { accountEnabled: true, displayName: 'N', mailNickname: 'n', userPrincipalName, passwordProfile };
    expect((await sandbox.call('POST', '/users', body)).status).toBe(201);
    expect(await names(sandbox)).toEqual(['Add user']);
    expect((await sandbox.get(path)).text).not.toContain('Correct1Horse');
  });
});

describe('the time of events', () => {
  it('is that of the change; they arrive late, and leave after thirty days', async () => {
    const sandbox = await open({ auditDelay: 300 });
    for (let n = 0; n < 10; n++) await sandbox.call('PATCH', `/users/${ids.ada}`, { city: `City ${n}` });
    expect(await names(sandbox)).toEqual([]);
    sandbox.advance(150_000);
    const some = (await names(sandbox)).length;
    expect(some).toBeGreaterThan(0);
    expect(some).toBeLessThan(10);
    sandbox.advance(150_000);
    expect(await names(sandbox)).toHaveLength(10);
    sandbox.advance(30 * 24 * 60 * 60 * 1000);
    expect(await names(sandbox)).toEqual([]);
  });
});

describe('queries of the audit log', () => {
  async function filled(): Promise<TestSandbox> {
    const sandbox = await open();
    await sandbox.call('PATCH', `/users/${ids.ada}`, { city: 'Bonn' }, { Authorization: 'Bearer bob@contoso.com' });
    sandbox.advance(60_000);
    await sandbox.call('PATCH', `/groups/${ids.unified}`, { description: 'and so on' });
    sandbox.advance(60_000);
    await sandbox.call('PATCH', `/users/${ids.bob}`, { displayName: "O'Neil and sons" });
    await sandbox.call('DELETE', `/users/${ids.bob}`);
    return sandbox;
  }

  it.each([
    ["activityDisplayName eq 'Update user'", ['Update user', 'Update user']],
    ["startswith(activityDisplayName,'Update')", ['Update user', 'Update group', 'Update user']],
    ["category eq 'GroupManagement'", ['Update group']],
    ["initiatedBy/user/userPrincipalName eq 'bob@contoso.com'", ['Update user']],
    ["startswith(initiatedBy/user/userPrincipalName,'bob')", ['Update user']],
    [`initiatedBy/user/id eq '${ids.bob}'`, ['Update user']],
    [`targetResources/any(t: t/id eq '${ids.unified}')`, ['Update group']],
    [`targetResources/any(t:startswith(t/displayName,'O''Neil and'))`, ['Delete user']],
    ['activityDateTime ge 2026-11-20T12:01:00Z and activityDateTime le 2026-11-20T12:01:30Z', ['Update group']],
    [
      `(loggedByService eq 'Core Directory') and targetResources/any(t:t/id eq '${ids.bob}')`,
      ['Delete user', 'Update user'],
    ],
  ])('find %s', async (filter, expected) => {
    expect(await names(await filled(), filter)).toEqual(expected);
  });

  it('refuse what is not listed', async () => {
    const sandbox = await open();
    for (const filter of ["result eq 'success'", "category ne 'Policy'", "category eq 'a' or category eq 'b'"])
      expect(errorOf(await sandbox.get(filtered(filter))).slice(0, 2)).toEqual([400, 'Request_UnsupportedQuery']);
  });

  it('turn around, and page without repeating what comes in between', async () => {
    const sandbox = await filled();
    const ordered = (await sandbox.all(`${path}?$orderby=activityDateTime&$select=activityDateTime`)).map(
      (event) => event.activityDateTime,
    );
    expect(ordered).toEqual([...ordered].sort());
    expect(ordered).toHaveLength(4);
    const first = await sandbox.get(`${path}?$top=2`);
    await sandbox.call('PATCH', `/users/${ids.ada}`, { city: 'Rome' });
    const second = await sandbox.get(String(first.body['@odata.nextLink']));
    const read = [...(first.body.value as Json[]), ...(second.body.value as Json[])].map(
      ({ activityDisplayName }) => activityDisplayName,
    );
    expect(read).toEqual(['Delete user', 'Update user', 'Update group', 'Update user']);
    expect(second.body).not.toHaveProperty('@odata.nextLink');
  });
});

it('names the application that a sandbox token is of', async () => {
  const sandbox = await start();
  const { appId, permissions } = callerSets.operator;
  const content = { tenantId, appId, permissions, roles: [], now: new Date(startTime), lifetimeSeconds: 60 };
  const token = { Authorization: `Bearer ${writeToken(content)}` };
  await sandbox.call('PATCH', `/users/${ids.bob}`, { city: 'Bonn' }, token);
  const filter = encodeURIComponent(`initiatedBy/app/appId eq '${appId}'`);
  const found = (await sandbox.get(`/auditLogs/directoryAudits?$filter=${filter}`)).body.value as Json[];
  expect(found.map((event) => event.activityDisplayName)).toEqual(['Update user']);
  expect((await sandbox.get('/auditLogs/directoryAudits', token)).status).toBe(200);
});
