import { describe, expect, it } from 'vitest';
import { appIds, applicationSeed, apps, role, roleId } from './application-support.js';
import { errorOf, eventual, id, idsOf, type Json, start } from './support.js';

const startApps = () => start(applicationSeed);
const home = `/applications/${apps.home}`;

describe('reading applications', () => {
  it('lists them with the usual options', async () => {
    const sandbox = await startApps();
    expect(idsOf(await sandbox.all('/applications?$top=1'))).toEqual([apps.home, apps.blueprint]);
    expect((await sandbox.get("/applications?$select=id,appId&$filter=displayName eq 'payroll'")).body).toEqual({
      '@odata.context': `${sandbox.url}/v1.0/$metadata#applications(id,appId)`,
      value: [{ id: apps.home, appId: appIds.home }],
    });
    for (const filter of [`appId eq '${appIds.home}'`, `id eq '${apps.home}'`, "startswith(displayName,'pay')"])
      expect(idsOf((await sandbox.get(`/applications?$filter=${filter}`)).body.value)).toEqual([apps.home]);
    expect((await sandbox.get('/applications/$count', eventual)).text).toBe('2');
    expect((await sandbox.get('/applications')).headers.get('x-ms-resource-unit')).toBe('2');
  });

  it('finds one by its object id and by its application id', async () => {
    const sandbox = await startApps();
    const { body } = await sandbox.get(`${home}?$select=displayName`);
    expect(body.displayName).toBe('Payroll');
    expect((await sandbox.get(`/applications(appId='${appIds.home}')?$select=displayName`)).body).toEqual(body);
    expect((await sandbox.get(`/applications('${apps.home}')?$select=displayName`)).body).toEqual(body);
    expect((await sandbox.get(`/applications(appId='${appIds.binned}')`)).status).toBe(404);
    expect((await sandbox.get(`/applications(name='x')`)).status).toBe(400);
  });

  it('gives keys to a read of one with $select, and to no other', async () => {
    const sandbox = await startApps();
    const keyOf = (body: Json) => (body.keyCredentials as Json[])[0]?.key;
    expect(keyOf((await sandbox.get(`${home}?$select=keyCredentials`)).body)).toBe('c2VjcmV0');
    expect(keyOf((await sandbox.get(home)).body)).toBeNull();
    const listed = (await sandbox.all('/applications?$select=id,keyCredentials')).find((app) => app.id === apps.home);
    expect(keyOf(listed ?? {})).toBeNull();
  });

  it('leaves out what has to be selected', async () => {
    const sandbox = await startApps();
    const { body } = await sandbox.get(home);
    expect(body).not.toHaveProperty('authenticationBehaviors');
    expect(body).toMatchObject({ notes: null, spa: null, requiredResourceAccess: [] });
    expect((await sandbox.get(`${home}?$select=authenticationBehaviors`)).status).toBe(200);
  });
});

describe('creating applications', () => {
  it('answers 201 with ids and defaults', async () => {
    const sandbox = await startApps();
    const answer = await sandbox.call('POST', '/applications', {
      displayName: 'New',
      web: { redirectUris: ['https://new.contoso.com'] },
    });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      displayName: 'New',
      createdDateTime: '2026-11-20T12:00:00Z',
      publisherDomain: 'contoso.com',
      signInAudience: 'AzureADMyOrg',
      identifierUris: [],
      web: {
        redirectUris: ['https://new.contoso.com'],
        redirectUriSettings: [{ uri: 'https://new.contoso.com', index: null }],
        implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: false },
      },
    });
    const { id: objectId, appId } = answer.body;
    expect(appId).not.toBe(objectId);
    expect((await sandbox.get(`/applications(appId='${String(appId)}')?$select=id`)).body.id).toBe(objectId);
  });

  it.each<[string, Json]>([
    ["A value is required for property 'displayName' of resource 'Application'.", {}],
    ["Property 'appId' is read-only and cannot be set.", { displayName: 'x', appId: appIds.home }],
    ["Property 'publisherDomain' is read-only and cannot be set.", { displayName: 'x', publisherDomain: 'a.b' }],
    [
      "Invalid value specified for property 'signInAudience' of resource 'Application'.",
      { displayName: 'x', signInAudience: 'All' },
    ],
    [
      "Invalid value specified for property 'appRoles' of resource 'Application'.",
      { displayName: 'x', appRoles: [role, role] },
    ],
    ["Invalid property 'colour'.", { displayName: 'x', colour: 'blue' }],
  ])('refuses: %s', async (message, body) => {
    const sandbox = await startApps();
    expect(errorOf(await sandbox.call('POST', '/applications', body))).toEqual([400, 'Request_BadRequest', message]);
  });

  it.each(['api://payroll', 'API://gone'])('refuses the identifier %s, which another one has', async (uri) => {
    const sandbox = await startApps();
    const refused = await sandbox.call('POST', '/applications', { displayName: 'x', identifierUris: [uri] });
    expect(errorOf(refused)).toEqual([
      400,
      'Request_BadRequest',
      'Another object with the same value for property identifierUris already exists.',
    ]);
    expect((await sandbox.call('PATCH', home, { identifierUris: ['api://payroll', 'api://more'] })).status).toBe(204);
  });
});

describe('updating applications', () => {
  it('changes the named members of complex values, and replaces collections', async () => {
    const sandbox = await startApps();
    const set = {
      web: { homePageUrl: 'https://x.contoso.com' },
      tags: [],
      info: { supportUrl: 'https://help.contoso.com' },
    };
    expect((await sandbox.call('PATCH', home, set)).status).toBe(204);
    expect((await sandbox.get(`${home}?$select=web,tags,info`)).body).toMatchObject({
      tags: [],
      info: { marketingUrl: 'https://contoso.com', supportUrl: 'https://help.contoso.com' },
      web: {
        homePageUrl: 'https://x.contoso.com',
        redirectUris: ['https://payroll.contoso.com/in'],
        implicitGrantSettings: { enableIdTokenIssuance: true },
      },
    });
    await sandbox.call('PATCH', home, { web: { redirectUris: [], homePageUrl: null } });
    expect((await sandbox.get(`${home}?$select=web`)).body.web).toMatchObject({
      homePageUrl: null,
      redirectUris: [],
      redirectUriSettings: [],
      implicitGrantSettings: { enableIdTokenIssuance: true },
    });
  });

  it.each<[string, Json]>([
    ['id', { id: apps.home }],
    ['appId', { appId: appIds.home }],
    ['createdDateTime', { createdDateTime: '2026-01-01T00:00:00Z' }],
    ['oauth2RequirePostResponse', { oauth2RequirePostResponse: true }],
    ['passwordCredentials', { passwordCredentials: [] }],
    ['uniqueName', { uniqueName: 'x' }],
    ['logoUrl', { info: { logoUrl: 'https://x.example' } }],
  ])('refuses %s', async (name, body) => {
    const sandbox = await startApps();
    expect(errorOf(await sandbox.call('PATCH', home, body))).toEqual([
      400,
      'Request_BadRequest',
      `Property '${name}' is read-only and cannot be set.`,
    ]);
  });

  it.each<[string, Json, Json]>([
    ['a role that is left out', { appRoles: [] }, { appRoles: [{ ...role, isEnabled: false }] }],
    [
      'a role with another value',
      { appRoles: [{ ...role, isEnabled: false, value: 'x' }] },
      { appRoles: [{ ...role, isEnabled: false }] },
    ],
    [
      'a scope that is left out',
      { api: { oauth2PermissionScopes: [] } },
      {
        api: { oauth2PermissionScopes: [{ id: id('9', 2), type: 'User', isEnabled: false, value: 'access' }] },
      },
    ],
  ])('wants it disabled first: %s', async (_, change, disable) => {
    const sandbox = await startApps();
    expect(errorOf(await sandbox.call('PATCH', home, change)).slice(0, 2)).toEqual([
      400,
      'CannotDeleteOrUpdateEnabledEntitlement',
    ]);
    expect((await sandbox.call('PATCH', home, disable)).status).toBe(204);
    expect((await sandbox.call('PATCH', home, change)).status).toBe(204);
  });

  it('lets the other members of an enabled role change', async () => {
    const sandbox = await startApps();
    const appRoles = [
      { ...role, displayName: 'Other' },
      { ...role, id: id('9', 7), value: 'Write' },
    ];
    expect((await sandbox.call('PATCH', home, { appRoles })).status).toBe(204);
    expect((await sandbox.call('PATCH', home, { api: { requestedAccessTokenVersion: 1 } })).status).toBe(204);
    expect((await sandbox.get(`${home}?$select=appRoles,api`)).body).toMatchObject({
      appRoles: [
        { id: roleId, displayName: 'Other', origin: 'Application' },
        { value: 'Write', origin: 'Application' },
      ],
      api: { requestedAccessTokenVersion: 1, oauth2PermissionScopes: [{ value: 'access' }] },
    });
  });

  it('replaces keys whole, and keeps what it knows of those that stay', async () => {
    const sandbox = await startApps();
    const path = `${home}?$select=keyCredentials`;
    const kept = { keyId: id('9', 9), displayName: 'renamed' };
    await sandbox.call('PATCH', home, {
      keyCredentials: [kept, { type: 'AsymmetricX509Cert', usage: 'Verify', key: 'bmV3' }],
    });
    expect((await sandbox.get(path)).body.keyCredentials).toMatchObject([
      { ...kept, key: 'c2VjcmV0', type: 'AsymmetricX509Cert' },
      { key: 'bmV3', keyId: expect.any(String) },
    ]);
    expect((await sandbox.call('PATCH', home, { keyCredentials: [{ keyId: id('9', 6) }] })).status).toBe(400);
    await sandbox.call('PATCH', home, { keyCredentials: [] });
    expect((await sandbox.get(path)).body.keyCredentials).toEqual([]);
  });
});

describe('passwords', () => {
  it('are told once', async () => {
    const sandbox = await startApps();
    const added = await sandbox.call('POST', `${home}/addPassword`, { passwordCredential: { displayName: 'CI' } });
    expect(added.status).toBe(200);
    const { secretText, keyId, hint } = added.body as Record<string, string>;
    expect(secretText?.slice(0, 3)).toBe(hint);
    expect(added.body).toMatchObject({ displayName: 'CI', endDateTime: '2028-11-20T12:00:00Z' });
    const read = await sandbox.get(`${home}?$select=passwordCredentials`);
    expect(read.body.passwordCredentials).toMatchObject([{ keyId, hint, displayName: 'CI', secretText: null }]);
    expect(JSON.stringify(sandbox.requests())).not.toContain(secretText);
    expect((await sandbox.call('POST', `${home}/removePassword`, { keyId })).status).toBe(204);
    expect((await sandbox.get(`${home}?$select=passwordCredentials`)).body.passwordCredentials).toEqual([]);
    expect((await sandbox.call('POST', `${home}/removePassword`, { keyId })).status).toBe(400);
  });

  it('are not written down when they come in a refused request', async () => {
    const sandbox = await startApps();
    await sandbox.call('PATCH', home, { passwordCredentials: [{ secretText: 'hunter2' }] });
    expect(JSON.stringify(sandbox.requests())).not.toContain('hunter2');
  });
});

describe('deleting applications', () => {
  it('takes the service principal of this tenant along, and restore does not bring it back', async () => {
    const sandbox = await startApps();
    expect((await sandbox.call('DELETE', home)).status).toBe(204);
    expect((await sandbox.get(`/servicePrincipals/${apps.homePrincipal}`)).status).toBe(404);
    const bin = '/directory/deletedItems';
    expect(idsOf(await sandbox.all(`${bin}/microsoft.graph.application`))).toEqual([apps.home, apps.binned]);
    expect(idsOf(await sandbox.all(`${bin}/microsoft.graph.servicePrincipal`))).toEqual([
      apps.homePrincipal,
      apps.binnedPrincipal,
    ]);
    expect((await sandbox.get(`${bin}/${apps.home}`)).body['@odata.type']).toBe('#microsoft.graph.application');
    const restore = (objectId: string) => sandbox.call('POST', `${bin}/${objectId}/restore`);
    expect(errorOf(await restore(apps.homePrincipal))).toEqual([
      400,
      'Request_BadRequest',
      `Cannot restore ServicePrincipal without backing Application ${appIds.home}.`,
    ]);
    expect((await restore(apps.home)).status).toBe(200);
    expect((await sandbox.get(`/servicePrincipals/${apps.homePrincipal}`)).status).toBe(404);
    expect((await restore(apps.homePrincipal)).status).toBe(200);
    expect((await sandbox.get(`/servicePrincipals/${apps.homePrincipal}`)).status).toBe(200);
  });
});
