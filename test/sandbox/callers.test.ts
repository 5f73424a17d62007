/** What callers may do, by the permissions and roles that their tokens name. */
import { describe, expect, it } from 'vitest';
import { needsOf } from '../../src/sandbox/permits.js';
import { type CallerName, callerSets, directoryRoles } from '../../src/sandbox/quirks/callers.js';
import { routes } from '../../src/sandbox/routes.js';
import type { SeedObject, TenantSeed } from '../../src/sandbox/seed.js';
import { writeToken } from '../../src/sandbox/tokens.js';
import { applicationSeed, apps } from './application-support.js';
import { errorOf, group, id, ids, type Json, seed, start, startTime, tenantId } from './support.js';

const hour = 3600;

function token(
  as: CallerName,
  { only, without = [], roles }: { only?: string[]; without?: string[]; roles?: string[] } = {},
): Record<string, string> {
  const set = callerSets[as];
  const permissions = (only ?? set.permissions).filter((name) => !without.includes(name));
  const content = { tenantId, appId: set.appId, permissions, roles: roles ?? set.roles };
  const text = writeToken({ ...content, now: new Date(startTime), lifetimeSeconds: hour });
  return { Authorization: `Bearer ${text}` };
}
const having = (...only: string[]) => token('reader', { only });

const denied = [403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.'];
const withheld = [
  403,
  'AccessDenied',
  'You cannot perform the requested operation, required scopes are missing in the token.',
];

describe('the table of permissions', () => {
  it('has a rule for every route', () => {
    expect(routes.filter(([method, path]) => needsOf(method, path) === undefined)).toEqual([]);
  });
});

describe('a reader', () => {
  it.each([
    `/users`,
    `/users/delta`,
    `/users/${ids.ada}`,
    `/users/${ids.ada}/memberOf`,
    '/groups',
    `/groups/${ids.security}/members`,
    '/applications',
    '/servicePrincipals',
    '/oauth2PermissionGrants',
    '/oauth2PermissionGrants/delta',
    '/organization',
    '/identity/conditionalAccess/policies',
    '/identity/conditionalAccess/namedLocations',
    '/identity/conditionalAccess/deletedItems/policies',
    '/identity/conditionalAccess/authenticationContextClassReferences',
    '/policies/authenticationStrengthPolicies',
    '/policies/authenticationMethodsPolicy',
    '/policies/authorizationPolicy',
    '/roleManagement/directory/roleAssignments',
    '/directory/deletedItems/microsoft.graph.user',
    `/directory/deletedItems/${ids.binned}`,
    `/directoryObjects/${ids.ada}`,
    `/beta/users/${ids.ada}/authentication/requirements`,
  ])('reads %s', async (path) => {
    const sandbox = await start();
    expect((await sandbox.get(path, token('reader'))).status).toBe(200);
  });

  it.each<[string, string, Json | undefined, unknown[]]>([
    ['PATCH', `/users/${ids.bob}`, { city: 'Bonn' }, denied],
    ['DELETE', `/users/${ids.bob}`, undefined, denied],
    ['POST', '/groups', { displayName: 'x' }, denied],
    ['POST', `/groups/${ids.security}/members/$ref`, { '@odata.id': `x/users/${ids.bob}` }, denied],
    ['DELETE', `/groups/${ids.security}/members/${ids.ada}/$ref`, undefined, denied],
    ['DELETE', `/groups/${ids.security}/members/${ids.ada}`, undefined, denied],
    ['POST', `/directory/deletedItems/${ids.binned}/restore`, undefined, denied],
    ['DELETE', `/directory/deletedItems/${ids.binned}`, undefined, denied],
    ['PATCH', `/organization/${tenantId}`, {}, denied],
    ['PATCH', `/identity/conditionalAccess/policies/${ids.mfaPolicy}`, { state: 'disabled' }, withheld],
    ['PATCH', '/policies/authorizationPolicy', {}, denied],
  ])('may not %s %s', async (method, path, body, error) => {
    const sandbox = await start();
    const before = (await sandbox.get('/users')).body;
    expect(errorOf(await sandbox.call(method, path, body, token('reader')))).toEqual(error);
    expect((await sandbox.get('/users')).body).toEqual(before);
  });
});

describe('an operator', () => {
  it('writes what recovery writes, but purges no group, as no application can', async () => {
    const sandbox = await start();
    const operator = token('operator');
    const call = async (method: string, path: string, body?: Json) =>
      (await sandbox.call(method, path, body, operator)).status;
    expect(await call('PATCH', `/users/${ids.bob}`, { accountEnabled: true, city: 'Bonn' })).toBe(204);
    expect(await call('PATCH', `/groups/${ids.security}`, { description: 'x' })).toBe(204);
    expect(await call('POST', `/directory/deletedItems/${ids.binned}/restore`)).toBe(200);
    expect(await call('PATCH', `/identity/conditionalAccess/policies/${ids.mfaPolicy}`, { state: 'disabled' })).toBe(
      204,
    );
    expect(await call('DELETE', `/groups/${ids.unified}`)).toBe(204);
    expect(await call('DELETE', `/directory/deletedItems/${ids.unified}`)).toBe(403);
  });

  it('needs a permission of its own for groups that roles can be assigned to', async () => {
    const held = group(id('b', 20), 'held', { isAssignableToRole: true });
    const sandbox = await start({ ...seed, objects: [...seed.objects, held] });
    const without = token('operator', { without: ['RoleManagement.ReadWrite.Directory'] });
    const bound = { '@odata.id': `x/users/${ids.bob}` };
    const path = `/groups/${held.object.id}/members`;
    expect(errorOf(await sandbox.call('POST', `${path}/$ref`, bound, without))).toEqual(denied);
    expect((await sandbox.call('POST', `${path}/$ref`, bound, token('operator'))).status).toBe(204);
    expect(errorOf(await sandbox.call('DELETE', `${path}/${ids.bob}/$ref`, undefined, without))).toEqual(denied);
  });

  it('needs the permissions of their kind to write agents, and no others', async () => {
    const sandbox = await start(applicationSeed);
    const path = `/servicePrincipals/${apps.agent}/microsoft.graph.agentIdentity`;
    const binned = `/directory/deletedItems/${apps.agent}/restore`;
    const call = async (method: string, url: string, permission: string) => {
      const body = method === 'PATCH' ? { tags: ['x'] } : undefined;
      return (await sandbox.call(method, url, body, having('Application.Read.All', permission))).status;
    };
    expect(await call('PATCH', path, 'Application.ReadWrite.All')).toBe(403);
    expect(await call('PATCH', path, 'AgentIdentity.ReadWrite.All')).toBe(204);
    expect(await call('DELETE', path, 'AgentIdentity.ReadWrite.All')).toBe(403);
    expect(await call('DELETE', path, 'AgentIdentity.DeleteRestore.All')).toBe(204);
    expect(await call('POST', binned, 'Application.ReadWrite.All')).toBe(403);
    expect(await call('POST', binned, 'AgentIdentity.DeleteRestore.All')).toBe(200);
  });

  it('may be given just what it needs', async () => {
    const sandbox = await start();
    const patch = async (body: Json, ...names: string[]) =>
      (await sandbox.call('PATCH', `/users/${ids.bob}`, body, having(...names))).status;
    expect(await patch({ accountEnabled: true }, 'User.EnableDisableAccount.All', 'User.Read.All')).toBe(204);
    expect(await patch({ accountEnabled: true }, 'User.EnableDisableAccount.All')).toBe(403);
    expect(await patch({ accountEnabled: true, city: 'x' }, 'User.EnableDisableAccount.All', 'User.Read.All')).toBe(
      403,
    );
    expect(await patch({ employeeLeaveDateTime: null }, 'User.ReadWrite.All')).toBe(403);
    const both = ['User.ReadWrite.All', 'User-LifeCycleInfo.ReadWrite.All'];
    expect(await patch({ employeeLeaveDateTime: '2026-12-31T00:00:00Z' }, ...both)).toBe(204);
    const bind = { 'members@odata.bind': [`x/users/${ids.bob}`] };
    const bound = await sandbox.call('PATCH', `/groups/${ids.security}`, bind, having('GroupMember.ReadWrite.All'));
    expect(bound.status).toBe(204);
  });
});

describe('a token without a permission', () => {
  it.each([
    ['User.Read.All', '/users'],
    ['Group.Read.All', '/groups'],
    ['Application.Read.All', '/applications'],
    ['Application.Read.All', '/servicePrincipals'],
    ['Organization.Read.All', '/organization'],
  ])('%s reads %s with Directory.Read.All, and not with neither', async (least, path) => {
    const sandbox = await start();
    expect((await sandbox.get(path, having(least))).status).toBe(200);
    expect((await sandbox.get(path, having('Directory.Read.All'))).status).toBe(200);
    expect(errorOf(await sandbox.get(path, having('Policy.Read.All')))).toEqual(denied);
  });

  it('sees objects of types it may not read by type and id alone', async () => {
    const sandbox = await start();
    const members = async (headers: Record<string, string>, query = '') =>
      (await sandbox.get(`/groups/${ids.security}/members${query}`, headers)).body.value as Json[];
    const [shown] = await members(having('GroupMember.Read.All', 'User.Read.All'));
    expect(shown?.displayName).toBe('ada');
    const [hidden] = await members(having('GroupMember.Read.All'));
    expect(hidden).toMatchObject({
      '@odata.type': '#microsoft.graph.user',
      id: ids.ada,
      displayName: null,
      mail: null,
    });
    expect(hidden?.businessPhones).toEqual([]);
    const [selected] = await members(having('GroupMember.Read.All'), '?$select=id,department');
    expect(selected).toEqual({ '@odata.type': '#microsoft.graph.user', id: ids.ada, department: null });
    const restored = await sandbox.call(
      'POST',
      `/directory/deletedItems/${ids.binned}/restore`,
      undefined,
      having('User.DeleteRestore.All'),
    );
    expect(restored.body).toMatchObject({ id: ids.binned, displayName: null });
  });

  it('for the last day of work reads it as null, everywhere', async () => {
    const leaving = { employeeLeaveDateTime: '2026-12-31T00:00:00Z' };
    const objects = seed.objects.map(
      (each): SeedObject => (each.object.id === ids.ada ? { ...each, object: { ...each.object, ...leaving } } : each),
    );
    const sandbox = await start({ ...seed, objects });
    const select = '$select=employeeLeaveDateTime';
    const read = async (headers: Record<string, string>) => [
      (await sandbox.get(`/users/${ids.ada}?${select}`, headers)).body.employeeLeaveDateTime,
      ((await sandbox.get(`/users?${select}`, headers)).body.value as Json[])[0]?.employeeLeaveDateTime,
      ((await sandbox.get(`/users/delta?${select}`, headers)).body.value as Json[])[0]?.employeeLeaveDateTime,
    ];
    const shown = leaving.employeeLeaveDateTime;
    expect(await read(token('reader'))).toEqual([shown, shown, shown]);
    expect(await read(token('reader', { without: ['User-LifeCycleInfo.Read.All'] }))).toEqual([null, null, null]);
  });
});

describe('a token', () => {
  it('ends on the clock of the sandbox, also for a batch', async () => {
    const sandbox = await start();
    const reader = token('reader');
    sandbox.advance(hour * 1000 - 1);
    expect((await sandbox.get('/users', reader)).status).toBe(200);
    sandbox.advance(1);
    const batch = { requests: [{ id: '1', method: 'GET', url: '/users' }] };
    for (const answer of [await sandbox.get('/users', reader), await sandbox.call('POST', '/$batch', batch, reader)])
      expect(errorOf(answer).slice(0, 2)).toEqual([401, 'InvalidAuthenticationToken']);
  });

  it('is of one tenant', async () => {
    const sandbox = await start({ ...seed, tenantId: tenantId.replace(/1/g, '2') });
    expect((await sandbox.get('/users', token('reader'))).status).toBe(401);
  });

  it('decides for each item of a batch', async () => {
    const sandbox = await start();
    const requests = [
      { id: '1', method: 'GET', url: '/users' },
      { id: '2', method: 'DELETE', url: `/users/${ids.bob}` },
    ];
    const { body } = await sandbox.call('POST', '/$batch', { requests }, token('reader'));
    const responses = body.responses as { id: string; status: number }[];
    expect(Object.fromEntries(responses.map((each) => [each.id, each.status]))).toEqual({ 1: 200, 2: 403 });
  });

  it('that nobody knows may do everything', async () => {
    const sandbox = await start();
    for (const text of ['any', 'a.b.c', 'a.b.sandbox'])
      expect((await sandbox.get('/users', { Authorization: `Bearer ${text}` })).status).toBe(200);
  });
});

describe('sensitive actions', () => {
  const roles = directoryRoles;
  const assigned = (role: string): TenantSeed => ({
    ...seed,
    objects: [
      ...seed.objects,
      {
        collection: 'roleAssignments',
        object: { id: 'One-1', principalId: ids.bob, roleDefinitionId: role, directoryScopeId: '/' },
      },
    ],
  });
  const other = 'b1be1c3e-b65d-4f19-8427-f6fa0d97feb9';

  it.each<[string, string, string[], number]>([
    ['nobody protected', roles.directoryReaders, [], 204],
    ['nobody protected', roles.passwordAdministrator, [], 204],
    ['an Authentication Administrator', roles.authenticationAdministrator, [], 403],
    ['an Authentication Administrator', roles.authenticationAdministrator, [roles.authenticationAdministrator], 204],
    ['an Authentication Administrator', roles.authenticationAdministrator, [roles.userAdministrator], 403],
    ['a Helpdesk Administrator', roles.helpdeskAdministrator, [roles.userAdministrator], 204],
    ['a User Administrator', roles.userAdministrator, [roles.authenticationAdministrator], 403],
    ['a Global Administrator', roles.globalAdministrator, [roles.userAdministrator], 403],
    ['a Global Administrator', roles.globalAdministrator, [roles.privilegedAuthenticationAdministrator], 204],
    ['the holder of any other role', other, [roles.userAdministrator], 403],
    ['the holder of any other role', other, [roles.globalAdministrator], 204],
  ])('on %s (%s), by a caller with %j: %i', async (_, role, own, status) => {
    const sandbox = await start(assigned(role));
    const caller = token('operator', { roles: own });
    const path = `/users/${ids.bob}`;
    expect((await sandbox.call('PATCH', path, { accountEnabled: false }, caller)).status).toBe(status);
    expect((await sandbox.call('PATCH', path, { department: 'x' }, caller)).status).toBe(204);
  });

  it('on a member of a group that roles can be assigned to need the highest roles, even while it has none', async () => {
    const held = group(id('b', 20), 'held', { isAssignableToRole: true }, [ids.bob]);
    const sandbox = await start({ ...seed, objects: [...seed.objects, held] });
    const disable = async (as: CallerName) =>
      (await sandbox.call('PATCH', `/users/${ids.bob}`, { accountEnabled: false }, token(as))).status;
    expect(await disable('operator')).toBe(403);
    expect(await disable('administrator')).toBe(204);
  });
});
