import { describe, expect, it } from 'vitest';
import type { TenantSeed } from '../../src/sandbox/seed.js';
import { errorOf, eventual, group, id, ids, idsOf, type Json, seed, start, tenantId, user } from './support.js';

const crowd = (count: number): TenantSeed => ({
  ...seed,
  objects: Array.from({ length: count }, (_, n) => user(id('a', n + 1), `user${n + 1}`)),
});

describe('requests', () => {
  it('refuses a request without a bearer token', async () => {
    const sandbox = await start();
    const response = await fetch(`${sandbox.url}/v1.0/users`);
    expect(response.status).toBe(401);
    expect(((await response.json()) as { error: Json }).error.code).toBe('InvalidAuthenticationToken');
    expect(response.headers.get('x-knowngood-sandbox')).toBe(tenantId);
  });

  it('puts its own headers and the ids of the request on every answer', async () => {
    const sandbox = await start();
    const answer = await sandbox.get('/users/nobody@contoso.com', { 'client-request-id': 'mine' });
    expect(answer.headers.get('x-knowngood-sandbox')).toBe(tenantId);
    expect(answer.headers.get('client-request-id')).toBe('mine');
    expect(answer.headers.get('x-ms-resource-unit')).toBe('1');
    expect(answer.headers.get('date')).toBe('Fri, 20 Nov 2026 12:00:00 GMT');
    const requestId = answer.headers.get('request-id');
    expect(answer.body.error).toEqual({
      code: 'Request_ResourceNotFound',
      message:
        "Resource 'nobody@contoso.com' does not exist or one of its queried reference-property objects are not present.",
      innerError: { date: '2026-11-20T12:00:00', 'request-id': requestId, 'client-request-id': 'mine' },
    });
  });

  it.each([
    ['/users?$top=999', '2'],
    ['/users?$select=id', '1'],
    [`/groups/${ids.security}/members`, '3'],
    [`/groups/${ids.security}/members?$select=id&$top=5`, '1'],
    [`/users/${ids.ada}/memberOf`, '2'],
    ['/groups', '1'],
  ])('charges %s with %s resource units', async (path, units) => {
    const sandbox = await start();
    expect((await sandbox.get(path)).headers.get('x-ms-resource-unit')).toBe(units);
  });

  it('names the segment that does not exist', async () => {
    const sandbox = await start();
    expect(errorOf(await sandbox.get('/users/x/nonsense'))).toEqual([
      400,
      'BadRequest',
      "Resource not found for the segment 'nonsense'.",
    ]);
    expect(errorOf(await sandbox.get('/identity'))).toEqual([
      400,
      'BadRequest',
      "Resource not found for the segment 'identity'.",
    ]);
    expect(errorOf(await sandbox.get(`${sandbox.url}/v2.0/users`))[2]).toBe('Invalid version: v2.0');
  });

  it('refuses a method that a path does not have', async () => {
    const sandbox = await start();
    expect(errorOf(await sandbox.call('PUT', '/users', {}))).toEqual([
      405,
      'Request_BadRequest',
      'Specified HTTP method is not allowed for the request target.',
    ]);
  });

  it('refuses a body that is not JSON', async () => {
    const sandbox = await start();
    const answer = await sandbox.call('PATCH', `/users/${ids.ada}`, '{"city":');
    expect(errorOf(answer)[0]).toBe(400);
    expect(errorOf(answer)[2]).toMatch(/^Unable to read JSON request payload\./);
  });

  it('serves the same tenant under beta, with links of that version', async () => {
    const sandbox = await start();
    const { body } = await sandbox.get('/beta/users?$top=1');
    expect(body['@odata.nextLink']).toMatch(new RegExp(`^${sandbox.url}/beta/users\\?`));
  });

  it('builds links from the host the client used', async () => {
    const sandbox = await start();
    const port = new URL(sandbox.url).port;
    const { body } = await sandbox.get(`http://localhost:${port}/v1.0/users?$top=1`);
    expect(body['@odata.nextLink']).toMatch(new RegExp(`^http://localhost:${port}/`));
  });
});

describe('select', () => {
  it('returns the default set of eleven for users', async () => {
    const sandbox = await start();
    const { body } = await sandbox.get(`/users/${ids.ada}`);
    expect(Object.keys(body).sort()).toEqual(
      [
        '@odata.context',
        'businessPhones',
        'displayName',
        'givenName',
        'id',
        'jobTitle',
        'mail',
        'mobilePhone',
        'officeLocation',
        'preferredLanguage',
        'surname',
        'userPrincipalName',
      ].sort(),
    );
    expect(body.businessPhones).toEqual([]);
    expect(body.jobTitle).toBeNull();
  });

  it('leaves out of the default set of groups what must be selected', async () => {
    const sandbox = await start();
    const { body } = await sandbox.get(`/groups/${ids.security}`);
    expect(body).toMatchObject({
      displayName: 'security',
      securityEnabled: true,
      description: null,
      proxyAddresses: [],
    });
    expect(body).not.toHaveProperty('allowExternalSenders');
    expect(body).not.toHaveProperty('isManagementRestricted');
  });

  it('returns only what was selected', async () => {
    const sandbox = await start();
    const { body } = await sandbox.get(`/users/${ids.ada}?$select=displayName,department`);
    expect(body).toEqual({
      '@odata.context': `${sandbox.url}/v1.0/$metadata#users(displayName,department)/$entity`,
      displayName: 'ada',
      department: 'Finance',
    });
  });

  it('returns all properties of policies', async () => {
    const sandbox = await start();
    const { body } = await sandbox.get(`/identity/conditionalAccess/policies/${ids.mfaPolicy}`);
    expect(body).toMatchObject({
      state: 'enabled',
      deletedDateTime: null,
      description: null,
      sessionControls: null,
      templateId: null,
    });
    expect((body.conditions as Json).users).toMatchObject({
      includeUsers: ['All'],
      includeRoles: [],
      excludeGuestsOrExternalUsers: null,
    });
  });

  it('refuses a property that does not exist', async () => {
    const sandbox = await start();
    expect(errorOf(await sandbox.get('/users?$select=id,shoeSize'))).toEqual([
      400,
      'BadRequest',
      "Parsing OData Select and Expand failed: Could not find a property named 'shoeSize' on type 'microsoft.graph.user'.",
    ]);
  });

  it('cannot list what only a read of one user returns', async () => {
    const sandbox = await start();
    expect((await sandbox.get('/users?$select=id,aboutMe')).status).toBe(501);
    expect((await sandbox.get(`/users/${ids.ada}?$select=aboutMe`)).body.aboutMe).toBeNull();
  });

  it('never returns a password', async () => {
    const sandbox = await start();
    expect((await sandbox.get(`/users/${ids.ada}?$select=passwordProfile`)).body.passwordProfile).toBeNull();
  });

  it('finds users by user principal name, whatever the case', async () => {
    const sandbox = await start();
    expect((await sandbox.get('/users/ADA@contoso.com')).body.id).toBe(ids.ada);
  });

  it('serves the organization', async () => {
    const sandbox = await start();
    expect((await sandbox.get('/organization?$select=id')).body.value).toEqual([{ id: tenantId }]);
    expect((await sandbox.get('/organization')).body.value).toMatchObject([
      {
        id: tenantId,
        displayName: 'Contoso',
        verifiedDomains: [{ name: 'contoso.com', isDefault: true }, { name: 'fabrikam.com' }],
      },
    ]);
    expect((await sandbox.get(`/organization/${tenantId}?$select=displayName`)).body.displayName).toBe('Contoso');
  });
});

describe('enum members that came later', () => {
  it('are hidden unless the client asks for them', async () => {
    const sandbox = await start();
    const path = `/identity/conditionalAccess/policies/${ids.mfaPolicy}?$select=conditions`;
    const platforms = (body: Json) => ((body.conditions as Json).platforms as Json).includePlatforms;
    expect(platforms((await sandbox.get(path)).body)).toEqual(['android', 'unknownFutureValue']);
    expect(platforms((await sandbox.get(path, { Prefer: 'include-unknown-enum-members' })).body)).toEqual([
      'android',
      'linux',
    ]);
  });
});

describe('paging', () => {
  it('gives 100 a page, and at most 999', async () => {
    const sandbox = await start(crowd(1001));
    expect((await sandbox.get('/users')).body.value).toHaveLength(100);
    const page = await sandbox.get('/users?$top=999&$select=id');
    expect(page.body.value).toHaveLength(999);
    const rest = await sandbox.get(String(page.body['@odata.nextLink']));
    expect(rest.body.value).toHaveLength(2);
    expect(rest.body).not.toHaveProperty('@odata.nextLink');
    expect(Object.keys((rest.body.value as Json[])[0] ?? {})).toEqual(['id']);
    expect(errorOf(await sandbox.get('/users?$top=1000'))).toEqual([
      400,
      'Request_UnsupportedQuery',
      "Invalid page size specified: '1000'. Must be between 1 and 999 inclusive.",
    ]);
  });

  it('has no link after a last page that is full', async () => {
    const sandbox = await start(crowd(100));
    expect((await sandbox.get('/users')).body).not.toHaveProperty('@odata.nextLink');
  });

  it('goes on after the last object seen, whatever was deleted or created meanwhile', async () => {
    const sandbox = await start(crowd(30));
    const first = await sandbox.get('/users?$top=10');
    const seen = first.body.value as Json[];
    await sandbox.call('DELETE', `/users/${String(seen[9]?.id)}`);
    await sandbox.call('DELETE', `/users/${String(seen[3]?.id)}`);
    const rest = await sandbox.all(String(first.body['@odata.nextLink']));
    expect([...seen, ...rest].map((item) => item.id)).toEqual(crowd(30).objects.map(({ object }) => object.id));
  });

  it('refuses a page token of another list', async () => {
    const sandbox = await start(crowd(30));
    const { body } = await sandbox.get('/users?$top=10');
    const token = new URL(String(body['@odata.nextLink'])).searchParams.get('$skiptoken');
    expect(errorOf(await sandbox.get(`/groups?$skiptoken=${token}`))[1]).toBe('Directory_ExpiredPageToken');
  });
});

describe('count', () => {
  it('is given on the first page, with the header only', async () => {
    const sandbox = await start();
    const first = await sandbox.get('/users?$count=true&$top=2', eventual);
    expect(first.body['@odata.count']).toBe(3);
    expect((await sandbox.get(String(first.body['@odata.nextLink']), eventual)).body).not.toHaveProperty(
      '@odata.count',
    );
    expect((await sandbox.get('/users?$count=true')).body).not.toHaveProperty('@odata.count');
  });

  it('is served as text under $count', async () => {
    const sandbox = await start();
    expect((await sandbox.get('/users/$count', eventual)).text).toBe('3');
    expect(errorOf(await sandbox.get('/users/$count'))).toEqual([
      400,
      'Request_BadRequest',
      '$count is not currently supported.',
    ]);
  });

  it('needs no header for policies', async () => {
    const sandbox = await start();
    expect((await sandbox.get('/identity/conditionalAccess/policies?$count=true')).body['@odata.count']).toBe(1);
  });
});

describe('filter', () => {
  it.each([
    ["department eq 'sales'", ['bob', 'synced']],
    ['accountEnabled eq false', ['bob']],
    ["startsWith(displayName,'A')", ['ada']],
    ["startswith(displayName,'b') or department eq 'Finance'", ['ada', 'bob']],
    ["department eq 'Sales' and (accountEnabled eq true or displayName eq 'nobody')", ['synced']],
    [`id eq '${ids.ada}'`, ['ada']],
    [`id in ('${ids.ada}','${ids.bob}')`, ['ada', 'bob']],
    ['onPremisesSyncEnabled eq null', ['ada', 'bob']],
  ])('%s', async (filter, names) => {
    const sandbox = await start();
    const items = await sandbox.all(`/users?$select=displayName&$filter=${encodeURIComponent(filter)}`);
    expect(items.map((item) => item.displayName).sort()).toEqual(names);
  });

  it('reads quotes in values', async () => {
    const sandbox = await start({ ...seed, objects: [user(ids.ada, 'ada', { surname: "O'Neil" })] });
    expect(await sandbox.all(`/users?$filter=${encodeURIComponent("surname eq 'O''Neil'")}`)).toHaveLength(1);
  });

  it('keeps the filter on the next pages', async () => {
    const sandbox = await start();
    const items = await sandbox.all(`/users?$top=1&$select=id&$filter=${encodeURIComponent("department eq 'Sales'")}`);
    expect(idsOf(items)).toEqual([ids.bob, ids.synced]);
  });

  it('compares with null only as an advanced query', async () => {
    const sandbox = await start();
    expect((await sandbox.get('/users?$filter=city eq null')).status).toBe(400);
    expect((await sandbox.get('/users?$count=true&$filter=city eq null', eventual)).body['@odata.count']).toBe(3);
  });

  it.each([
    "department ne 'Sales'",
    "endsWith(mail,'x')",
    'not(accountEnabled eq true)',
    "proxyAddresses eq 'x'",
    "assignedLicenses/any(x:x eq 'y')",
  ])('refuses %s', async (filter) => {
    const sandbox = await start();
    expect(errorOf(await sandbox.get(`/users?$filter=${encodeURIComponent(filter)}`)).slice(0, 2)).toEqual([
      400,
      'Request_UnsupportedQuery',
    ]);
  });

  it('refuses other options', async () => {
    const sandbox = await start();
    expect(errorOf(await sandbox.get('/users?$orderby=displayName'))[1]).toBe('Request_UnsupportedQuery');
    expect(errorOf(await sandbox.get('/users?$expand=manager'))[1]).toBe('Request_UnsupportedQuery');
    expect(errorOf(await sandbox.get('/users?$search="displayName:a"'))[2]).toMatch(/special request header/);
    expect((await sandbox.get('/users?$skip=5')).status).toBe(400);
    expect((await sandbox.get('/users?$apply=x')).status).toBe(400);
  });
});

describe('members', () => {
  const many: TenantSeed = {
    ...seed,
    objects: [
      ...crowd(150).objects,
      group(ids.security, 'big', {}, [...crowd(150).objects.map(({ object }) => String(object.id)), ids.unified]),
      ...seed.objects.filter(({ object }) => object.id === ids.unified),
    ],
  };

  it('are paged, and say which type they are', async () => {
    const sandbox = await start(many);
    const page = await sandbox.get(`/groups/${ids.security}/members?$select=id`);
    expect(page.body.value).toHaveLength(100);
    const items = await sandbox.all(`/groups/${ids.security}/members?$select=id&$top=999`);
    expect(items).toHaveLength(151);
    expect(items[0]).toEqual({ '@odata.type': '#microsoft.graph.user', id: id('a', 1) });
    expect(items.at(-1)).toEqual({ '@odata.type': '#microsoft.graph.group', id: ids.unified });
  });

  it('can be cast and counted', async () => {
    const sandbox = await start(many);
    const groups = await sandbox.all(`/groups/${ids.security}/members/microsoft.graph.group`);
    expect(idsOf(groups)).toEqual([ids.unified]);
    expect((await sandbox.get(`/groups/${ids.security}/members?$count=true`, eventual)).body['@odata.count']).toBe(151);
    expect((await sandbox.get(`/groups/${ids.security}/members/$count`, eventual)).text).toBe('151');
  });

  it('are not listed while they are in the recycle bin', async () => {
    const sandbox = await start();
    expect(idsOf((await sandbox.get(`/groups/${ids.security}/members`)).body.value)).toEqual([ids.ada]);
  });

  it('know their groups', async () => {
    const sandbox = await start();
    expect((await sandbox.get(`/users/${ids.bob}/memberOf?$select=id`)).body.value).toEqual([
      { '@odata.type': '#microsoft.graph.group', id: ids.unified },
      { '@odata.type': '#microsoft.graph.group', id: ids.dynamic },
    ]);
    await sandbox.call('DELETE', `/groups/${ids.unified}`);
    expect(idsOf((await sandbox.get(`/users/${ids.bob}/memberOf/microsoft.graph.group`)).body.value)).toEqual([
      ids.dynamic,
    ]);
  });
});
