import { describe, expect, it } from 'vitest';
import { errorOf, id, ids, type Json, seed, start } from './support.js';

const policy = '/policies/authenticationMethodsPolicy';
const methods = `${policy}/authenticationMethodConfigurations`;
const typed = (kind: string, body: Json = {}): Json => ({
  '@odata.type': `#microsoft.graph.${kind}AuthenticationMethodConfiguration`,
  ...body,
});
const everyone = { id: 'all_users', targetType: 'group' };
const external = typed('external', {
  displayName: 'Contoso MFA',
  appId: id('e', 1),
  state: 'enabled',
  openIdConnectSetting: { clientId: 'contoso', discoveryUrl: 'https://contoso.com/.well-known/openid-configuration' },
  includeTargets: [everyone],
});
const allKinds = [
  'Email',
  'Fido2',
  'MicrosoftAuthenticator',
  'QRCodePin',
  'Sms',
  'SoftwareOath',
  'TemporaryAccessPass',
  'VerifiableCredentials',
  'Voice',
  'X509Certificate',
];

describe('the authentication methods policy', () => {
  it('shows its configurations inline, each with its type', async () => {
    const sandbox = await start();
    const { status, body } = await sandbox.get(policy);
    const inline = body.authenticationMethodConfigurations as Json[];
    const root = `${sandbox.url}/v1.0/$metadata#`;
    expect(status).toBe(200);
    expect(body).toMatchObject({
      '@odata.context': `${root}authenticationMethodsPolicy`,
      id: 'authenticationMethodsPolicy',
      policyMigrationState: 'migrationInProgress',
      reconfirmationInDays: null,
      'authenticationMethodConfigurations@odata.context': `${root}policies/authenticationMethodsPolicy/authenticationMethodConfigurations`,
      registrationEnforcement: {
        authenticationMethodsRegistrationCampaign: { state: 'default', includeTargets: [{ id: 'all_users' }] },
      },
    });
    expect(inline.map((each) => each.id).sort()).toEqual(allKinds);
    expect(inline.find((each) => each.id === 'Sms')).toEqual({
      '@odata.type': '#microsoft.graph.smsAuthenticationMethodConfiguration',
      id: 'Sms',
      state: 'disabled',
      excludeTargets: [],
      'includeTargets@odata.context': `${root}policies/authenticationMethodsPolicy/authenticationMethodConfigurations('Sms')/microsoft.graph.smsAuthenticationMethodConfiguration/includeTargets`,
      includeTargets: [{ ...everyone, isRegistrationRequired: false, isUsableForSignIn: false }],
    });
    expect(inline.find((each) => each.id === 'Fido2')).toMatchObject({
      keyRestrictions: { isEnforced: false, aaGuids: [] },
      passkeyProfiles: [],
      includeTargets: [{ id: 'all_users', allowedPasskeyProfiles: [] }],
    });
    expect((await sandbox.get(`${policy}?$select=id,policyVersion`)).body).not.toHaveProperty(
      'authenticationMethodConfigurations',
    );
    expect((await sandbox.get(`${policy}?$expand=authenticationMethodConfigurations`)).body).toEqual(body);
  });

  it('takes the migration state, forwards only', async () => {
    const sandbox = await start();
    const move = async (policyMigrationState: string) =>
      (await sandbox.call('PATCH', policy, { policyMigrationState })).status;
    expect(await move('preMigration')).toBe(400);
    expect(await move('migrationInProgress')).toBe(204);
    expect(await move('migrationComplete')).toBe(204);
    expect(await move('migrationInProgress')).toBe(400);
    expect((await sandbox.get(policy)).body).toMatchObject({
      policyMigrationState: 'migrationComplete',
      lastModifiedDateTime: '2026-11-20T12:00:00Z',
    });
  });

  it('takes the registration campaign, whole', async () => {
    const sandbox = await start();
    const campaign = {
      snoozeDurationInDays: 7,
      state: 'enabled',
      excludeTargets: [{ id: ids.security, targetType: 'group' }],
      includeTargets: [{ ...everyone, targetedAuthenticationMethod: 'microsoftAuthenticator' }],
    };
    const registrationEnforcement = { authenticationMethodsRegistrationCampaign: campaign };
    expect((await sandbox.call('PATCH', policy, { registrationEnforcement })).status).toBe(204);
    expect((await sandbox.get(policy)).body.registrationEnforcement).toEqual(registrationEnforcement);
    for (const wrong of [
      { snoozeDurationInDays: 15 },
      { state: 'on' },
      { excludeTargets: [{ id: id('e', 1), targetType: 'group' }] },
    ]) {
      const body = {
        registrationEnforcement: { authenticationMethodsRegistrationCampaign: { ...campaign, ...wrong } },
      };
      expect((await sandbox.call('PATCH', policy, body)).status).toBe(400);
    }
    expect((await sandbox.get(policy)).body.registrationEnforcement).toEqual(registrationEnforcement);
  });

  it.each<[string, Json]>([
    ['its configurations', { authenticationMethodConfigurations: [] }],
    ['its description', { description: 'x' }],
    ['its name', { displayName: 'x' }],
    ['its version', { policyVersion: '2' }],
    ['its time', { lastModifiedDateTime: '2026-01-01T00:00:00Z' }],
    ['what was removed', { reconfirmationInDays: 1 }],
    ['what only beta has', { systemCredentialPreferences: {} }],
    ['an unknown state', { policyMigrationState: 'done' }],
  ])('does not take %s', async (_, body) => {
    const sandbox = await start();
    expect((await sandbox.call('PATCH', policy, body)).status).toBe(400);
  });
});

describe('configurations of methods', () => {
  it('are listed, and read by their id in any case', async () => {
    const sandbox = await start();
    const listed = await sandbox.get(methods);
    expect(listed.body['@odata.context']).toMatch(/#policies\/authenticationMethodsPolicy\/authenticationMethodConf/);
    expect((listed.body.value as Json[]).map((each) => each.id).sort()).toEqual(allKinds);
    for (const name of ['fido2', 'FIDO2', 'Fido2']) {
      const { status, body } = await sandbox.get(`${methods}/${name}`);
      expect([status, body.id]).toEqual([200, 'Fido2']);
      expect(body['@odata.context']).toBe(`${sandbox.url}/v1.0/$metadata#authenticationMethodConfigurations/$entity`);
    }
    expect((await sandbox.get(`${methods}/HardwareOath`)).status).toBe(404);
    expect((await sandbox.get(`${methods}/authenticationMethodsPolicy`)).status).toBe(404);
  });

  it.each<[string, string, Json]>([
    ['Email', 'email', { state: 'disabled', allowExternalIdToUseEmailOtp: 'enabled' }],
    [
      'Fido2',
      'fido2',
      {
        isAttestationEnforced: false,
        keyRestrictions: { isEnforced: true, enforcementType: 'allow', aaGuids: [id('e', 1)] },
        defaultPasskeyProfile: id('e', 2),
        passkeyProfiles: [
          {
            id: id('e', 2),
            name: 'Keys',
            attestationEnforcement: 'disabled',
            passkeyTypes: 'deviceBound,synced',
            keyRestrictions: null,
          },
        ],
      },
    ],
    ['MicrosoftAuthenticator', 'microsoftAuthenticator', { isSoftwareOathEnabled: true }],
    ['QRCodePin', 'qrCodePin', { pinLength: 10, standardQRCodeLifetimeInDays: 30 }],
    ['Sms', 'sms', { state: 'enabled' }],
    ['SoftwareOath', 'softwareOath', { state: 'enabled' }],
    ['TemporaryAccessPass', 'temporaryAccessPass', { defaultLength: 12, isUsableOnce: true }],
    ['VerifiableCredentials', 'verifiableCredentials', { state: 'enabled' }],
    ['Voice', 'voice', { isOfficePhoneAllowed: true }],
    ['X509Certificate', 'x509Certificate', { issuerHintsConfiguration: { state: 'enabled' } }],
  ])('%s is updated', async (name, kind, body) => {
    const sandbox = await start();
    const answer = await sandbox.call('PATCH', `${methods}/${name}`, typed(kind, { id: name, ...body }));
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect((await sandbox.get(`${methods}/${name}`)).body).toMatchObject({ id: name, ...typed(kind, body) });
    expect((await sandbox.get(policy)).body.lastModifiedDateTime).toBe('2026-11-20T12:00:00Z');
  });

  it('replace their targets whole, with what a target says by default', async () => {
    const sandbox = await start();
    const path = `${methods}/MicrosoftAuthenticator`;
    const body = typed('microsoftAuthenticator', {
      includeTargets: [{ id: ids.security, targetType: 'group' }],
      excludeTargets: [{ id: ids.unified, targetType: 'group' }],
    });
    expect((await sandbox.call('PATCH', path, body)).status).toBe(204);
    expect((await sandbox.get(path)).body).toMatchObject({
      includeTargets: [
        { id: ids.security, targetType: 'group', isRegistrationRequired: false, authenticationMode: 'any' },
      ],
      excludeTargets: [{ id: ids.unified, targetType: 'group' }],
    });
    const second = typed('microsoftAuthenticator', {
      includeTargets: [{ ...everyone, authenticationMode: 'push' }],
      excludeTargets: [],
    });
    await sandbox.call('PATCH', path, second);
    expect((await sandbox.get(path)).body).toMatchObject({
      includeTargets: [{ ...everyone, isRegistrationRequired: false, authenticationMode: 'push' }],
      excludeTargets: [],
    });
  });

  it.each<[string, Json]>([
    ['no type', { state: 'enabled' }],
    ['the type of another method', typed('voice', { state: 'enabled' })],
    ['a type that is no method', { '@odata.type': '#microsoft.graph.group', state: 'enabled' }],
    ['the abstract type', { '@odata.type': '#microsoft.graph.authenticationMethodConfiguration', state: 'enabled' }],
    ['another id', typed('sms', { id: 'Voice' })],
    ['an unknown state', typed('sms', { state: 'default' })],
    ['a property of another method', typed('sms', { isOfficePhoneAllowed: true })],
    [
      'a member of the targets of another method',
      typed('sms', { includeTargets: [{ ...everyone, authenticationMode: 'any' }] }),
    ],
    ['a group that does not exist', typed('sms', { includeTargets: [{ id: id('e', 1), targetType: 'group' }] })],
    [
      'an excluded group that does not exist',
      typed('sms', { excludeTargets: [{ id: id('e', 1), targetType: 'group' }] }),
    ],
    ['a user for a group', typed('sms', { includeTargets: [{ id: ids.ada, targetType: 'group' }] })],
    ['a target without id', typed('sms', { includeTargets: [{ targetType: 'group' }] })],
    ['a target without type', typed('sms', { excludeTargets: [{ id: ids.security }] })],
    ['an unknown kind of target', typed('sms', { includeTargets: [{ id: ids.security, targetType: 'device' }] })],
  ])('refuse %s', async (_, body) => {
    const sandbox = await start();
    const before = (await sandbox.get(`${methods}/Sms`)).body;
    expect(errorOf(await sandbox.call('PATCH', `${methods}/Sms`, body)).slice(0, 2)).toEqual([400, 'BadRequest']);
    expect((await sandbox.get(`${methods}/Sms`)).body).toEqual(before);
  });

  it.each<[string, string, Json]>([
    ['TemporaryAccessPass', 'temporaryAccessPass', { defaultLength: 7 }],
    ['TemporaryAccessPass', 'temporaryAccessPass', { defaultLifetimeInMinutes: 30 }],
    ['TemporaryAccessPass', 'temporaryAccessPass', { maximumLifetimeInMinutes: 50000 }],
    ['QRCodePin', 'qrCodePin', { pinLength: 4 }],
  ])('%s refuses numbers out of range: %j', async (name, kind, body) => {
    const sandbox = await start();
    expect((await sandbox.call('PATCH', `${methods}/${name}`, typed(kind, body))).status).toBe(400);
  });

  it('refuse a group in the recycle bin', async () => {
    const sandbox = await start();
    await sandbox.call('DELETE', `/groups/${ids.security}`);
    const body = typed('sms', { includeTargets: [{ id: ids.security, targetType: 'group' }] });
    expect((await sandbox.call('PATCH', `${methods}/Sms`, body)).status).toBe(400);
  });

  it('hide values that came later from clients that do not ask for them', async () => {
    const sandbox = await start();
    const rule = {
      x509CertificateRuleType: 'issuerSubjectAndPolicyOID',
      issuerSubjectIdentifier: 'CN=Contoso',
      policyOidIdentifier: '1.2.3.4',
      identifier: null,
      x509CertificateAuthenticationMode: 'x509CertificateMultiFactor',
      x509CertificateRequiredAffinityLevel: 'high',
    };
    const path = `${methods}/X509Certificate`;
    const body = typed('x509Certificate', { authenticationModeConfiguration: { rules: [rule] } });
    expect((await sandbox.call('PATCH', path, body)).status).toBe(204);
    const ruleOf = (answer: { body: Json }) =>
      ((answer.body.authenticationModeConfiguration as Json).rules as Json[])[0]?.x509CertificateRuleType;
    expect(ruleOf(await sandbox.get(path))).toBe('unknownFutureValue');
    expect(ruleOf(await sandbox.get(path, { Prefer: 'include-unknown-enum-members' }))).toBe(
      'issuerSubjectAndPolicyOID',
    );
  });

  it('cannot be deleted or created, external methods apart', async () => {
    const sandbox = await start();
    expect((await sandbox.call('DELETE', `${methods}/Sms`)).status).toBe(400);
    expect((await sandbox.call('POST', methods, typed('sms', { state: 'enabled' }))).status).toBe(400);
    const created = await sandbox.call('POST', methods, external);
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({ ...external, includeTargets: [everyone], excludeTargets: [] });
    const path = `${methods}/${String(created.body.id)}`;
    expect((await sandbox.call('PATCH', path, typed('external', { displayName: 'Other' }))).status).toBe(204);
    expect((await sandbox.get(path)).body).toMatchObject({ displayName: 'Other', appId: id('e', 1) });
    expect((await sandbox.get(policy)).body.authenticationMethodConfigurations).toHaveLength(11);
    expect((await sandbox.call('DELETE', path)).status).toBe(204);
    expect((await sandbox.get(path)).status).toBe(404);
    expect((await sandbox.get(`/directory/deletedItems/${String(created.body.id)}`)).status).toBe(404);
  });

  it.each(['displayName', 'appId', 'openIdConnectSetting'])('external ones need %s', async (name) => {
    const sandbox = await start();
    expect((await sandbox.call('POST', methods, { ...external, [name]: undefined })).status).toBe(400);
  });
});

it('takes what a seed says about a method for the whole of it', async () => {
  const object = { ...typed('voice'), id: 'Voice', state: 'enabled', includeTargets: [] };
  const sandbox = await start({
    ...seed,
    objects: [...seed.objects, { collection: 'authenticationMethodConfigurations', object }],
  });
  expect((await sandbox.get(`${methods}/voice`)).body).toMatchObject({
    state: 'enabled',
    includeTargets: [],
    isOfficePhoneAllowed: null,
  });
});
