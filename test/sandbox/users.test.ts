import { describe, expect, it } from 'vitest';
import { errorOf, ids, type Json, seed, start, user } from './support.js';

const newUser: Json = {
  accountEnabled: true,
  displayName: 'Eve',
  mailNickname: 'eve',
  userPrincipalName: 'eve@contoso.com',
  passwordProfile: { password: 'Secret-123', forceChangePasswordNextSignIn: true },
};

describe('creating users', () => {
  it('answers 201 with the user, who can be read then', async () => {
    const sandbox = await start();
    const answer = await sandbox.call('POST', '/users', newUser);
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      '@odata.context': `${sandbox.url}/v1.0/$metadata#users/$entity`,
      displayName: 'Eve',
    });
    const { body } = await sandbox.get(
      '/users/eve@contoso.com?$select=id,userType,createdDateTime,identities,accountEnabled',
    );
    expect(body).toMatchObject({
      id: answer.body.id,
      userType: 'Member',
      accountEnabled: true,
      createdDateTime: '2026-11-20T12:00:00Z',
      identities: [{ signInType: 'userPrincipalName', issuer: 'contoso.com', issuerAssignedId: 'eve@contoso.com' }],
    });
  });

  it('takes ids from the given randomness', async () => {
    const [first, second] = await Promise.all([start(), start()]);
    const idOf = async (sandbox: typeof first) => (await sandbox.call('POST', '/users', newUser)).body.id;
    expect(await idOf(first)).toBe(await idOf(second));
  });

  it.each(['accountEnabled', 'displayName', 'mailNickname', 'userPrincipalName'])('requires %s', async (name) => {
    const sandbox = await start();
    const { [name]: _, ...body } = newUser;
    expect(errorOf(await sandbox.call('POST', '/users', body))).toEqual([
      400,
      'Request_BadRequest',
      `A value is required for property '${name}' of resource 'User'.`,
    ]);
  });

  it('requires a password', async () => {
    const sandbox = await start();
    const { passwordProfile: _, ...body } = newUser;
    expect(errorOf(await sandbox.call('POST', '/users', body))).toEqual([
      400,
      'Request_BadRequest',
      'A password must be specified to create a new user.',
    ]);
  });

  it('refuses a name that another user has, whatever the case', async () => {
    const sandbox = await start();
    const answer = await sandbox.call('POST', '/users', { ...newUser, userPrincipalName: 'ADA@contoso.com' });
    const message = 'Another object with the same value for property userPrincipalName already exists.';
    expect(errorOf(answer)).toEqual([400, 'Request_BadRequest', message]);
    expect((answer.body.error as Json).details).toEqual([
      { code: 'ObjectConflict', message, target: 'userPrincipalName' },
    ]);
  });

  it('accepts the name of a deleted user', async () => {
    const sandbox = await start();
    expect((await sandbox.call('POST', '/users', { ...newUser, userPrincipalName: 'binned@contoso.com' })).status).toBe(
      201,
    );
  });

  it('refuses a domain that is not verified', async () => {
    const sandbox = await start();
    expect(
      errorOf(await sandbox.call('POST', '/users', { ...newUser, userPrincipalName: 'eve@evil.example' }))[2],
    ).toBe(
      'The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization.',
    );
  });
});

describe('updating users', () => {
  it('answers 204 without a body and changes what was sent', async () => {
    const sandbox = await start();
    const answer = await sandbox.call('PATCH', `/users/${ids.ada}`, { department: 'Legal', city: 'Bonn' });
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect((await sandbox.get(`/users/${ids.ada}?$select=department,city,usageLocation`)).body).toMatchObject({
      department: 'Legal',
      city: 'Bonn',
      usageLocation: 'DE',
    });
  });

  it('empties with null', async () => {
    const sandbox = await start();
    expect((await sandbox.call('PATCH', `/users/${ids.ada}`, { department: null })).status).toBe(204);
    expect((await sandbox.get(`/users/${ids.ada}?$select=department`)).body.department).toBeNull();
  });

  it.each(['usageLocation', 'displayName', 'mail', 'mailNickname', 'userPrincipalName', 'accountEnabled'])(
    'does not empty %s',
    async (name) => {
      const sandbox = await start();
      expect(errorOf(await sandbox.call('PATCH', `/users/${ids.ada}`, { [name]: null }))).toEqual([
        400,
        'Request_BadRequest',
        `Invalid value specified for property '${name}' of resource 'User'.`,
      ]);
    },
  );

  it.each([
    ['department', ''],
    ['department', 7],
    ['accountEnabled', 'yes'],
    ['businessPhones', '+49 1'],
    ['businessPhones', ['+49 1', '+49 2']],
    ['usageLocation', 'Germany'],
    ['userType', 'Robot'],
    ['ageGroup', 'Old'],
    ['employeeHireDate', 'yesterday'],
    ['employeeOrgData', 'EU'],
    ['passwordPolicies', 'Anything'],
    ['department', 'x'.repeat(65)],
    ['mail', 'no address'],
    ['identities', []],
  ])('refuses %s: %j', async (name, value) => {
    const sandbox = await start();
    expect(errorOf(await sandbox.call('PATCH', `/users/${ids.ada}`, { [name]: value }))).toEqual([
      400,
      'Request_BadRequest',
      `Invalid value specified for property '${name}' of resource 'User'.`,
    ]);
  });

  it('refuses null for a collection', async () => {
    const sandbox = await start();
    expect(errorOf(await sandbox.call('PATCH', `/users/${ids.ada}`, { businessPhones: null }))[2]).toMatch(
      /does not allow null values\.$/,
    );
  });

  it('refuses unknown and read-only properties, and changes nothing then', async () => {
    const sandbox = await start();
    expect(errorOf(await sandbox.call('PATCH', `/users/${ids.ada}`, { city: 'Bonn', shoeSize: 44 }))).toEqual([
      400,
      'Request_BadRequest',
      "Invalid property 'shoeSize'.",
    ]);
    expect(errorOf(await sandbox.call('PATCH', `/users/${ids.ada}`, { city: 'Bonn', proxyAddresses: [] }))).toEqual([
      400,
      'Request_BadRequest',
      "Property 'proxyAddresses' is read-only and cannot be set.",
    ]);
    expect((await sandbox.get(`/users/${ids.ada}?$select=city`)).body.city).toBeNull();
  });

  it('refuses members of complex values that do not exist', async () => {
    const sandbox = await start();
    expect(errorOf(await sandbox.call('PATCH', `/users/${ids.ada}`, { employeeOrgData: { area: 'x' } }))[2]).toBe(
      "Invalid property 'area'.",
    );
  });

  it('refuses what an application cannot write', async () => {
    const sandbox = await start();
    expect(errorOf(await sandbox.call('PATCH', `/users/${ids.ada}`, { aboutMe: 'hello' })).slice(0, 2)).toEqual([
      403,
      'Authorization_RequestDenied',
    ]);
  });

  it('replaces complex values whole', async () => {
    const sandbox = await start();
    await sandbox.call('PATCH', `/users/${ids.ada}`, { employeeOrgData: { division: 'US' } });
    expect((await sandbox.get(`/users/${ids.ada}?$select=employeeOrgData`)).body.employeeOrgData).toEqual({
      division: 'US',
      costCenter: null,
    });
  });

  it('merges extension attributes', async () => {
    const sandbox = await start();
    await sandbox.call('PATCH', `/users/${ids.ada}`, { onPremisesExtensionAttributes: { extensionAttribute2: 'new' } });
    expect(
      (await sandbox.get(`/users/${ids.ada}?$select=onPremisesExtensionAttributes`)).body.onPremisesExtensionAttributes,
    ).toMatchObject({
      extensionAttribute1: 'one',
      extensionAttribute2: 'new',
      extensionAttribute3: null,
    });
  });

  it('keeps the address before as a secondary one when mail changes', async () => {
    const sandbox = await start();
    await sandbox.call('PATCH', `/users/${ids.ada}`, { mail: 'ada.l@contoso.com' });
    expect((await sandbox.get(`/users/${ids.ada}?$select=mail,proxyAddresses`)).body).toMatchObject({
      mail: 'ada.l@contoso.com',
      proxyAddresses: ['SMTP:ada.l@contoso.com', 'smtp:ada@contoso.com'],
    });
    expect(errorOf(await sandbox.call('PATCH', `/users/${ids.bob}`, { mail: 'ada@contoso.com' }))[2]).toBe(
      'Another object with the same value for property proxyAddresses already exists.',
    );
  });

  it('moves a user principal name, which is free afterwards', async () => {
    const sandbox = await start();
    expect((await sandbox.call('PATCH', `/users/${ids.ada}`, { userPrincipalName: 'ada@fabrikam.com' })).status).toBe(
      204,
    );
    expect((await sandbox.get('/users/ada@contoso.com')).status).toBe(404);
    const { body } = await sandbox.get('/users/ada@fabrikam.com?$select=id,identities');
    expect(body).toMatchObject({
      id: ids.ada,
      // The name is another one; who issued it is not.
      identities: [{ issuer: 'contoso.com', issuerAssignedId: 'ada@fabrikam.com' }],
    });
    expect((await sandbox.call('PATCH', `/users/${ids.bob}`, { userPrincipalName: 'ada@contoso.com' })).status).toBe(
      204,
    );
    expect((await sandbox.call('PATCH', `/users/${ids.ada}`, { userPrincipalName: 'ADA@fabrikam.com' })).status).toBe(
      204,
    );
  });

  it('refuses what is mastered on-premises, and accepts the rest', async () => {
    const sandbox = await start();
    expect(errorOf(await sandbox.call('PATCH', `/users/${ids.synced}`, { department: 'Legal' }))).toEqual([
      400,
      'Request_BadRequest',
      'Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration.',
    ]);
    expect((await sandbox.call('PATCH', `/users/${ids.synced}`, { usageLocation: 'FR' })).status).toBe(204);
  });

  it('answers 404 for a user that does not exist or is in the recycle bin', async () => {
    const sandbox = await start();
    for (const key of ['00000000-0000-4000-8000-00000000dead', ids.binned, ids.security]) {
      expect(errorOf(await sandbox.call('PATCH', `/users/${key}`, { city: 'Bonn' }))).toEqual([
        404,
        'Request_ResourceNotFound',
        `Resource '${key}' does not exist or one of its queried reference-property objects are not present.`,
      ]);
    }
  });

  it('writes no password into its files', async () => {
    const sandbox = await start({ ...seed, objects: [user(ids.ada, 'ada')] });
    await sandbox.call('POST', '/users', newUser);
    await sandbox.call('PATCH', `/users/${ids.ada}`, { passwordProfile: { password: 'Other-456' } });
    const { readFileSync, readdirSync } = await import('node:fs');
    for (const file of readdirSync(sandbox.dataDir))
      expect(readFileSync(`${sandbox.dataDir}/${file}`, 'utf8')).not.toMatch(/Secret-123|Other-456|Bearer/);
  });
});
