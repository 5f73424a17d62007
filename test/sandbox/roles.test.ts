import { describe, expect, it } from 'vitest';
import { errorOf, group, id, ids, idsOf, type Json, seed, start, type TestSandbox } from './support.js';

const definitions = '/roleManagement/directory/roleDefinitions';
const assignments = '/roleManagement/directory/roleAssignments';
const globalAdministrator = '62e90394-69f5-4237-9190-012177145e10';
const globalReader = 'f2ef992c-3afb-46b9-b7cf-a126ee74c451';
const admins = id('b', 8);
const own: Json = {
  displayName: 'Passwords',
  description: 'Resets passwords',
  isEnabled: true,
  rolePermissions: [{ allowedResourceActions: ['microsoft.directory/users/password/update'] }],
};
const given = (more: Json = {}): Json => ({
  roleDefinitionId: globalReader,
  principalId: ids.ada,
  directoryScopeId: '/',
  ...more,
});

const withAdmins = () =>
  start({ ...seed, objects: [...seed.objects, group(admins, 'admins', { isAssignableToRole: true })] });

async function created(sandbox: TestSandbox, path: string, body: Json): Promise<string> {
  const answer = await sandbox.call('POST', path, body);
  expect(answer.status).toBe(201);
  return String(answer.body.id);
}

describe('role definitions', () => {
  it('hold the built-in roles under their template ids', async () => {
    const sandbox = await start();
    const all = await sandbox.all(definitions);
    expect(all).toHaveLength(11);
    expect(all.every((role) => role.id === role.templateId && role.isBuiltIn === true)).toBe(true);
    expect((await sandbox.get(`${definitions}/${globalAdministrator}`)).body).toMatchObject({
      displayName: 'Global Administrator',
      isEnabled: true,
      resourceScopes: ['/'],
      version: '1',
      rolePermissions: [
        { allowedResourceActions: expect.arrayContaining(['microsoft.directory/users/allProperties/allTasks']) },
      ],
    });
  });

  it('are created, filtered, updated and deleted for good', async () => {
    const sandbox = await start();
    const answer = await sandbox.call('POST', definitions, own);
    expect(answer.status).toBe(201);
    const { id: role } = answer.body;
    expect(answer.body).toMatchObject({
      ...own,
      templateId: role,
      isBuiltIn: false,
      resourceScopes: ['/'],
      version: null,
    });
    const filtered = async (filter: string) =>
      idsOf(await sandbox.all(`${definitions}?$filter=${encodeURIComponent(filter)}`));
    expect(await filtered('isBuiltIn eq false')).toEqual([role]);
    expect(await filtered('isBuiltIn eq true')).toHaveLength(11);
    expect(await filtered("displayName eq 'Passwords'")).toEqual([role]);
    expect(await filtered(`templateId eq '${globalReader}'`)).toEqual([globalReader]);
    expect(await filtered(`id eq '${globalReader}'`)).toEqual([globalReader]);
    const path = `${definitions}/${String(role)}`;
    const change = {
      description: null,
      isEnabled: false,
      rolePermissions: [{ allowedResourceActions: ['microsoft.directory/users/basic/update'] }],
    };
    expect((await sandbox.call('PATCH', path, change)).status).toBe(204);
    expect((await sandbox.get(path)).body).toMatchObject({
      displayName: 'Passwords',
      description: null,
      isEnabled: false,
      rolePermissions: [{ allowedResourceActions: ['microsoft.directory/users/basic/update'] }],
    });
    expect((await sandbox.call('DELETE', path)).status).toBe(204);
    expect((await sandbox.get(path)).status).toBe(404);
    expect((await sandbox.get(`/directory/deletedItems/${String(role)}`)).status).toBe(404);
  });

  it('take the template id that is given, once', async () => {
    const sandbox = await start();
    const body = { ...own, templateId: id('e', 1) };
    expect(await created(sandbox, definitions, body)).toBe(id('e', 1));
    expect((await sandbox.call('POST', definitions, body)).status).toBe(400);
    expect((await sandbox.call('POST', definitions, { ...own, templateId: globalReader })).status).toBe(400);
    expect((await sandbox.call('PATCH', `${definitions}/${id('e', 1)}`, { templateId: id('e', 2) })).status).toBe(400);
  });

  it.each<[string, Json]>([
    ['no name', { ...own, displayName: undefined }],
    ['no state', { ...own, isEnabled: undefined }],
    ['no permissions', { ...own, rolePermissions: undefined }],
    ['empty permissions', { ...own, rolePermissions: [] }],
    ['permissions without actions', { ...own, rolePermissions: [{ allowedResourceActions: [] }] }],
    ['an action that is none', { ...own, rolePermissions: [{ allowedResourceActions: ['everything'] }] }],
    ['an unknown member', { ...own, rolePermissions: [{ ...(own.rolePermissions as Json[])[0], mood: 'good' }] }],
    ['another scope', { ...own, resourceScopes: ['/somewhere'] }],
    ['the mark of built-in roles', { ...own, isBuiltIn: true }],
    ['an unknown property', { ...own, mood: 'good' }],
  ])('refuse %s', async (_, body) => {
    const sandbox = await start();
    expect(errorOf(await sandbox.call('POST', definitions, body)).slice(0, 2)).toEqual([400, 'Request_BadRequest']);
    expect(await sandbox.all(definitions)).toHaveLength(11);
  });

  it('do not change when they are built-in, and stay while they are assigned', async () => {
    const sandbox = await start();
    const path = `${definitions}/${globalReader}`;
    expect((await sandbox.call('PATCH', path, { displayName: 'x' })).status).toBe(400);
    expect((await sandbox.call('DELETE', path)).status).toBe(400);
    const role = await created(sandbox, definitions, own);
    const assignment = await created(sandbox, assignments, given({ roleDefinitionId: role }));
    expect((await sandbox.call('DELETE', `${definitions}/${role}`)).status).toBe(400);
    await sandbox.call('DELETE', `${assignments}/${assignment}`);
    expect((await sandbox.call('DELETE', `${definitions}/${role}`)).status).toBe(204);
  });

  it('stay while someone in the recycle bin has them', async () => {
    const sandbox = await start();
    const role = await created(sandbox, definitions, own);
    await created(sandbox, assignments, given({ roleDefinitionId: role }));
    await sandbox.call('DELETE', `/users/${ids.ada}`);
    expect((await sandbox.call('DELETE', `${definitions}/${role}`)).status).toBe(400);
    await sandbox.call('DELETE', `/directory/deletedItems/${ids.ada}`);
    expect((await sandbox.call('DELETE', `${definitions}/${role}`)).status).toBe(204);
  });
});

describe('role assignments', () => {
  it('are created, read, filtered and deleted, and never updated', async () => {
    const sandbox = await withAdmins();
    const answer = await sandbox.call('POST', assignments, given());
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ ...given(), principalOrganizationId: seed.tenantId, condition: null });
    const first = String(answer.body.id);
    expect(first).toMatch(/^(?=.*[a-z])(?=.*[A-Z])[\w-]+-1$/);
    const second = await created(
      sandbox,
      assignments,
      given({ roleDefinitionId: globalAdministrator, principalId: admins }),
    );
    const third = await created(
      sandbox,
      assignments,
      given({ directoryScopeId: `/administrativeUnits/${id('e', 1)}` }),
    );
    const fourth = await created(sandbox, assignments, given({ directoryScopeId: `/${ids.security}` }));
    const filtered = async (filter: string) =>
      idsOf(await sandbox.all(`${assignments}?$filter=${encodeURIComponent(filter)}`));
    expect(idsOf(await sandbox.all(assignments))).toEqual([first, second, third, fourth].sort());
    expect(await filtered(`principalId eq '${admins}'`)).toEqual([second]);
    expect(await filtered(`roleDefinitionId eq '${globalAdministrator}'`)).toEqual([second]);
    expect(await filtered(`directoryScopeId eq '/' and principalId eq '${ids.ada}'`)).toEqual([first]);
    expect((await sandbox.get(`${assignments}/${first}`)).body).toMatchObject({ id: first, ...given() });
    expect((await sandbox.call('PATCH', `${assignments}/${first}`, { principalId: ids.bob })).status).toBe(405);
    expect((await sandbox.call('DELETE', `${assignments}/${first}`)).status).toBe(204);
    expect((await sandbox.get(`${assignments}/${first}`)).status).toBe(404);
    expect(await created(sandbox, assignments, given())).not.toBe(first);
  });

  it.each<[string, Json]>([
    ['no role', given({ roleDefinitionId: undefined })],
    ['no principal', given({ principalId: undefined })],
    ['no scope', given({ directoryScopeId: undefined })],
    ['a role that does not exist', given({ roleDefinitionId: id('e', 1) })],
    ['a role that is no role', given({ roleDefinitionId: ids.ada })],
    ['a principal that does not exist', given({ principalId: id('e', 1) })],
    ['a principal in the recycle bin', given({ principalId: ids.binned })],
    ['a principal that is a policy', given({ principalId: ids.mfaPolicy })],
    ['a group that roles cannot be assigned to', given({ principalId: ids.security })],
    ['a scope that does not exist', given({ directoryScopeId: `/${id('e', 1)}` })],
    ['a scope that is no path', given({ directoryScopeId: 'everything' })],
    ['an unknown property', given({ mood: 'good' })],
  ])('refuse %s', async (_, body) => {
    const sandbox = await start();
    expect(errorOf(await sandbox.call('POST', assignments, body)).slice(0, 2)).toEqual([400, 'Request_BadRequest']);
    expect(await sandbox.all(assignments)).toEqual([]);
  });

  it('exist once for role, principal and scope', async () => {
    const sandbox = await start();
    await created(sandbox, assignments, given());
    expect(errorOf(await sandbox.call('POST', assignments, given({ principalId: ids.ada.toUpperCase() })))).toEqual([
      400,
      'Request_BadRequest',
      'A conflicting object with one or more of the specified property values is present in the directory.',
    ]);
  });

  it('refuse a role that is switched off', async () => {
    const sandbox = await start();
    const role = await created(sandbox, definitions, { ...own, isEnabled: false });
    expect((await sandbox.call('POST', assignments, given({ roleDefinitionId: role }))).status).toBe(400);
  });

  it('are not there while their principal is in the recycle bin, and come back with it', async () => {
    const sandbox = await start();
    const assignment = await created(sandbox, assignments, given());
    await sandbox.call('DELETE', `/users/${ids.ada}`);
    expect(await sandbox.all(assignments)).toEqual([]);
    expect((await sandbox.get(`${assignments}/${assignment}`)).status).toBe(404);
    expect((await sandbox.call('DELETE', `${assignments}/${assignment}`)).status).toBe(404);
    await sandbox.call('POST', `/directory/deletedItems/${ids.ada}/restore`);
    expect(idsOf(await sandbox.all(assignments))).toEqual([assignment]);
  });

  it('of a seed name their organization', async () => {
    const object = { id: 'AbC-1', ...given() };
    const sandbox = await start({ ...seed, objects: [...seed.objects, { collection: 'roleAssignments', object }] });
    expect(await sandbox.all(assignments)).toMatchObject([{ ...object, principalOrganizationId: seed.tenantId }]);
    expect((await sandbox.get(`${assignments}/AbC-1`)).body).toMatchObject(object);
  });

  it('survive a restart with their ids as they were given out', async () => {
    const first = await start();
    const assignment = await created(first, assignments, given());
    await first.close();
    const second = await start(undefined, { dataDir: first.dataDir });
    expect(idsOf(await second.all(assignments))).toEqual([assignment]);
    expect((await second.call('DELETE', `${assignments}/${assignment}`)).status).toBe(204);
  });
});
