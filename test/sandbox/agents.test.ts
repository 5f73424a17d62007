import { describe, expect, it } from 'vitest';
import { applicationSeed, apps } from './application-support.js';
import { errorOf, ids, idsOf, start } from './support.js';

const startApps = () => start(applicationSeed);

const kinds: [string, string, string, string][] = [
  ['servicePrincipals', apps.agent, 'agentIdentity', 'agentIdentityBlueprintId'],
  ['servicePrincipals', apps.blueprintPrincipal, 'agentIdentityBlueprintPrincipal', 'appId'],
  ['applications', apps.blueprint, 'agentIdentityBlueprint', 'appId'],
];

describe.each(kinds)('%s/%s, of the type %s', (collection, objectId, kind, property) => {
  const path = `/${collection}/${objectId}`;
  const cast = `${path}/microsoft.graph.${kind}`;

  it('says which type it is, unlike the others in its collection', async () => {
    const sandbox = await startApps();
    const named = (await sandbox.all(`/${collection}`)).filter((each) => '@odata.type' in each);
    expect(named.find((each) => each.id === objectId)?.['@odata.type']).toBe(`#microsoft.graph.${kind}`);
    expect(idsOf(named).every((each) => kinds.some((row) => row[1] === each))).toBe(true);
    expect(idsOf(await sandbox.all(`/${collection}/microsoft.graph.${kind}`))).toEqual([objectId]);
    expect((await sandbox.get(cast)).body).toMatchObject({ id: objectId, [property]: expect.any(String) });
  });

  it('is updated under its type only, and in few properties', async () => {
    const sandbox = await startApps();
    expect(errorOf(await sandbox.call('PATCH', path, { tags: ['x'] })).slice(0, 2)).toEqual([
      400,
      'Request_BadRequest',
    ]);
    expect((await sandbox.call('PATCH', cast, { tags: ['x'] })).status).toBe(204);
    expect((await sandbox.get(path)).body.tags).toContain('x');
    expect((await sandbox.call('PATCH', cast, { notes: 'x' })).status).toBe(400);
  });

  it('is deleted and comes back as what it was', async () => {
    const sandbox = await startApps();
    expect((await sandbox.call('DELETE', cast)).status).toBe(204);
    expect((await sandbox.get(cast)).status).toBe(404);
    const { body } = await sandbox.call('POST', `/directory/deletedItems/${objectId}/restore`);
    expect(body['@odata.type']).toBe(`#microsoft.graph.${kind}`);
  });
});

it('does not find another type under a cast', async () => {
  const sandbox = await startApps();
  for (const path of [
    `/servicePrincipals/${apps.homePrincipal}/microsoft.graph.agentIdentity`,
    `/servicePrincipals/${apps.agent}/microsoft.graph.agentIdentityBlueprintPrincipal`,
    `/applications/${apps.home}/microsoft.graph.agentIdentityBlueprint`,
    `/users/${ids.ada}/microsoft.graph.agentUser`,
  ])
    expect((await sandbox.get(path)).status).toBe(404);
});

it('cannot move an agent identity to another blueprint', async () => {
  const sandbox = await startApps();
  const path = `/servicePrincipals/${apps.agent}/microsoft.graph.agentIdentity`;
  expect((await sandbox.call('PATCH', path, { agentIdentityBlueprintId: 'x' })).status).toBe(400);
});

describe('agent users', () => {
  const path = `/users/${apps.agentUser}`;
  const kind = { '@odata.type': '#microsoft.graph.agentUser' };

  it('are users that say what they are', async () => {
    const sandbox = await startApps();
    const listed = await sandbox.all('/users?$select=id,identityParentId');
    expect(listed).toContainEqual({ ...kind, id: apps.agentUser, identityParentId: apps.agent });
    expect((await sandbox.get(`${path}/microsoft.graph.agentUser`)).body).toMatchObject({
      ...kind,
      displayName: 'Agent user',
    });
  });

  it('are updated with their type in the body', async () => {
    const sandbox = await startApps();
    expect((await sandbox.call('PATCH', path, { city: 'Bonn' })).status).toBe(400);
    expect((await sandbox.call('PATCH', path, { ...kind, city: 'Bonn' })).status).toBe(204);
    expect((await sandbox.get(`${path}?$select=city`)).body.city).toBe('Bonn');
    expect((await sandbox.call('PATCH', path, { ...kind, identityParentId: 'x' })).status).toBe(400);
    expect((await sandbox.call('PATCH', path, { ...kind, usageLocation: 'nowhere' })).status).toBe(400);
    expect((await sandbox.call('PATCH', path, { ...kind, displayName: null })).status).toBe(400);
    expect((await sandbox.call('PATCH', path, { ...kind, passwordProfile: { password: 'x' } })).status).toBe(400);
  });
});

it.each([
  ['a blueprint', `/applications/${apps.blueprint}/microsoft.graph.agentIdentityBlueprint`],
  ['its principal', `/servicePrincipals/${apps.blueprintPrincipal}/microsoft.graph.agentIdentityBlueprintPrincipal`],
])('%s takes the identities made from it and their users along, which come back in order', async (_, path) => {
  const sandbox = await startApps();
  expect((await sandbox.call('DELETE', path)).status).toBe(204);
  const restore = (which: string) => sandbox.call('POST', `/directory/deletedItems/${which}/restore`);
  for (const gone of [`/servicePrincipals/${apps.agent}`, `/users/${apps.agentUser}`])
    expect((await sandbox.get(gone)).status).toBe(404);
  expect(errorOf(await restore(apps.agentUser)).slice(0, 2)).toEqual([400, 'Request_BadRequest']);
  if (path.includes('applications')) expect((await restore(apps.blueprint)).status).toBe(200);
  for (const back of [apps.blueprintPrincipal, apps.agent, apps.agentUser])
    expect((await restore(back)).status).toBe(200);
});
