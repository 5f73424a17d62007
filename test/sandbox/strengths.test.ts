import { describe, expect, it } from 'vitest';
import { errorOf, id, ids, idsOf, type Json, seed, start, type TestSandbox } from './support.js';

const paths = [
  '/policies/authenticationStrengthPolicies',
  '/identity/conditionalAccess/authenticationStrength/policies',
];
const [strengths = ''] = paths;
const builtIn = (n: number) => `00000000-0000-0000-0000-00000000000${n}`;
const mfaPolicy = `/identity/conditionalAccess/policies/${ids.mfaPolicy}`;
const own: Json = {
  '@odata.type': '#microsoft.graph.authenticationStrengthPolicy',
  displayName: 'Keys and passes',
  description: 'For administrators',
  allowedCombinations: ['fido2', 'password, sms', 'x509CertificateMultiFactor'],
};
const keys: Json = {
  '@odata.type': '#microsoft.graph.fido2CombinationConfiguration',
  appliesToCombinations: ['fido2'],
  allowedAAGUIDs: [id('e', 1)],
};

async function created(sandbox: TestSandbox, body: Json = own): Promise<string> {
  const answer = await sandbox.call('POST', strengths, body);
  expect(answer.status).toBe(201);
  return String(answer.body.id);
}

async function inUse(sandbox: TestSandbox, strength: string) {
  return sandbox.call('PATCH', mfaPolicy, { grantControls: { authenticationStrength: { id: strength } } });
}

describe.each(paths)('strengths under %s', (path) => {
  it('are listed, read, created, updated and deleted', async () => {
    const sandbox = await start();
    expect(idsOf(await sandbox.all(path))).toEqual([builtIn(2), builtIn(3), builtIn(4)]);
    const answer = await sandbox.call('POST', path, own);
    expect(answer.status).toBe(201);
    const whole = {
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      displayName: 'Keys and passes',
      description: 'For administrators',
      createdDateTime: '2026-11-20T12:00:00Z',
      modifiedDateTime: '2026-11-20T12:00:00Z',
      policyType: 'custom',
      requirementsSatisfied: 'mfa',
      allowedCombinations: ['fido2', 'password,sms', 'x509CertificateMultiFactor'],
      combinationConfigurations: [],
    };
    expect(answer.body).toMatchObject(whole);
    const one = `${path}/${String(answer.body.id)}`;
    sandbox.advance(60_000);
    expect((await sandbox.call('PATCH', one, { displayName: 'Keys', description: null })).status).toBe(204);
    expect((await sandbox.get(one)).body).toMatchObject({
      ...whole,
      displayName: 'Keys',
      description: null,
      modifiedDateTime: '2026-11-20T12:01:00Z',
    });
    expect((await sandbox.call('DELETE', one)).status).toBe(204);
    expect((await sandbox.get(one)).status).toBe(404);
    expect((await sandbox.get(`/directory/deletedItems/${String(answer.body.id)}`)).status).toBe(404);
  });
});

describe('reading strengths', () => {
  it('shows the configurations, with and without $expand', async () => {
    const sandbox = await start();
    const strength = await created(sandbox);
    await sandbox.call('POST', `${strengths}/${strength}/combinationConfigurations`, keys);
    for (const query of ['', '?$expand=combinationConfigurations']) {
      const items = await sandbox.all(`${strengths}${query}`);
      expect(items.find((each) => each.id === strength)).toMatchObject({
        'combinationConfigurations@odata.context': `${sandbox.url}/v1.0/$metadata#policies/authenticationStrengthPolicies('${strength}')/combinationConfigurations`,
        combinationConfigurations: [keys],
      });
      expect((await sandbox.get(`${strengths}/${strength}${query}`)).body.combinationConfigurations).toHaveLength(1);
    }
    expect((await sandbox.get(`${strengths}/${strength}?$select=displayName`)).body).toEqual({
      '@odata.context': `${sandbox.url}/v1.0/$metadata#policies/authenticationStrengthPolicies(displayName)/$entity`,
      displayName: 'Keys and passes',
    });
    const both = await sandbox.get(`${strengths}/${strength}?$select=id&$expand=combinationConfigurations`);
    expect(both.body).toMatchObject({ id: strength, combinationConfigurations: [keys] });
    expect((await sandbox.get(`${strengths}?$expand=usage`)).status).toBe(400);
    expect(idsOf(await sandbox.all(`${strengths}?$filter=policyType eq 'custom'`))).toEqual([strength]);
  });

  it('hides methods that came later from clients that do not ask for them', async () => {
    const sandbox = await start();
    const strength = await created(sandbox, { ...own, allowedCombinations: ['fido2', 'qrCodePin'] });
    const read = async (headers = {}) => (await sandbox.get(`${strengths}/${strength}`, headers)).body;
    expect((await read()).allowedCombinations).toEqual(['fido2', 'unknownFutureValue']);
    expect((await read({ Prefer: 'include-unknown-enum-members' })).allowedCombinations).toEqual([
      'fido2',
      'qrCodePin',
    ]);
  });

  it.each([
    [['fido2'], 'mfa'],
    [['password,voice', 'temporaryAccessPassOneTime'], 'mfa'],
    [['password'], 'none'],
    [['fido2', 'sms'], 'none'],
  ])('derives what %j satisfies', async (allowedCombinations, requirementsSatisfied) => {
    const sandbox = await start();
    const strength = await created(sandbox, { ...own, allowedCombinations });
    expect((await sandbox.get(`${strengths}/${strength}`)).body).toMatchObject({ requirementsSatisfied });
  });
});

describe('writing strengths', () => {
  it.each<[string, Json]>([
    ['no name', { ...own, displayName: undefined }],
    ['no combinations', { ...own, allowedCombinations: undefined }],
    ['an empty list', { ...own, allowedCombinations: [] }],
    ['an unknown method', { ...own, allowedCombinations: ['password,telepathy'] }],
    ['the placeholder for unknown methods', { ...own, allowedCombinations: ['unknownFutureValue'] }],
    ['a type of policy', { ...own, policyType: 'builtIn' }],
    ['configurations', { ...own, combinationConfigurations: [keys] }],
    ['an unknown property', { ...own, mood: 'good' }],
  ])('refuses %s', async (_, body) => {
    const sandbox = await start();
    expect((await sandbox.call('POST', strengths, body)).status).toBe(400);
    expect(await sandbox.all(strengths)).toHaveLength(3);
  });

  it.each<[string, Json]>([
    ['combinations', { allowedCombinations: ['fido2'] }],
    ['what is derived', { requirementsSatisfied: 'none' }],
    ['null for the name', { displayName: null }],
  ])('does not update %s', async (_, body) => {
    const sandbox = await start();
    const strength = await created(sandbox);
    expect((await sandbox.call('PATCH', `${strengths}/${strength}`, body)).status).toBe(400);
  });

  it('changes combinations by an action, which says what it changed', async () => {
    const sandbox = await start();
    const strength = await created(sandbox);
    const action = `${strengths}/${strength}/updateAllowedCombinations`;
    const first = await sandbox.call('POST', action, { allowedCombinations: ['fido2'] });
    expect([first.status, first.body]).toEqual([
      200,
      {
        '@odata.context': `${sandbox.url}/v1.0/$metadata#microsoft.graph.updateAllowedCombinationsResult`,
        previousCombinations: ['fido2', 'password,sms', 'x509CertificateMultiFactor'],
        currentCombinations: ['fido2'],
        conditionalAccessReferences: [],
        additionalInformation: null,
      },
    ]);
    await inUse(sandbox, strength);
    const second = await sandbox.call('POST', action, { allowedCombinations: ['password'] });
    expect(second.body).toMatchObject({
      conditionalAccessReferences: [ids.mfaPolicy],
      additionalInformation: expect.any(String),
    });
    expect((await sandbox.get(`${strengths}/${strength}`)).body).toMatchObject({
      allowedCombinations: ['password'],
      requirementsSatisfied: 'none',
    });
    for (const body of [
      {},
      { allowedCombinations: [] },
      { allowedCombinations: ['x'] },
      { allowedCombinations: ['fido2'], x: 1 },
    ])
      expect((await sandbox.call('POST', action, body)).status).toBe(400);
  });

  it('never changes or deletes a built-in one', async () => {
    const sandbox = await start();
    const path = `${strengths}/${builtIn(2)}`;
    const answers = [
      await sandbox.call('PATCH', path, { displayName: 'x' }),
      await sandbox.call('DELETE', path),
      await sandbox.call('POST', `${path}/updateAllowedCombinations`, { allowedCombinations: ['fido2'] }),
      await sandbox.call('POST', `${path}/combinationConfigurations`, keys),
    ];
    expect(answers.map((answer) => errorOf(answer)[0])).toEqual([400, 400, 400, 400]);
    expect((await sandbox.get(path)).body).toMatchObject({ policyType: 'builtIn', combinationConfigurations: [] });
  });
});

describe('strengths in Conditional Access policies', () => {
  it('are shown whole, custom ones too, and must exist', async () => {
    const sandbox = await start();
    const strength = await created(sandbox);
    expect((await inUse(sandbox, strength)).status).toBe(204);
    const shown = async () =>
      ((await sandbox.get(mfaPolicy)).body.grantControls as Json).authenticationStrength as Json;
    expect(await shown()).toMatchObject({ id: strength, displayName: 'Keys and passes', policyType: 'custom' });
    await sandbox.call('PATCH', `${strengths}/${strength}`, { displayName: 'Renamed' });
    expect((await shown()).displayName).toBe('Renamed');
    expect((await inUse(sandbox, id('e', 1))).status).toBe(400);
    expect((await inUse(sandbox, ids.ada)).status).toBe(400);
  });

  it('are not deleted while a live policy names them', async () => {
    const sandbox = await start();
    const strength = await created(sandbox);
    await inUse(sandbox, strength);
    expect(errorOf(await sandbox.call('DELETE', `${strengths}/${strength}`))[2]).toMatch(/referenced/);
    await sandbox.call('DELETE', mfaPolicy);
    expect((await sandbox.call('DELETE', `${strengths}/${strength}`)).status).toBe(204);
  });
});

describe('combination configurations', () => {
  const under = async (sandbox: TestSandbox) => `${strengths}/${await created(sandbox)}/combinationConfigurations`;

  it('are created, listed, read, updated and deleted', async () => {
    const sandbox = await start();
    const path = await under(sandbox);
    const answer = await sandbox.call('POST', path, keys);
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ ...keys, id: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    const certificates = {
      '@odata.type': '#microsoft.graph.x509CertificateCombinationConfiguration',
      appliesToCombinations: ['x509CertificateMultiFactor'],
      allowedPolicyOIDs: ['1.2.3'],
    };
    await sandbox.call('POST', path, certificates);
    expect((await sandbox.get(path)).body.value).toMatchObject([keys, { ...certificates, allowedIssuerSkis: [] }]);
    const one = `${path}/${String(answer.body.id)}`;
    const change = { '@odata.type': keys['@odata.type'], allowedAAGUIDs: [id('e', 2), id('e', 3)] };
    expect((await sandbox.call('PATCH', one, change)).status).toBe(204);
    expect((await sandbox.get(one)).body).toMatchObject({ ...keys, ...change });
    expect((await sandbox.call('DELETE', one)).status).toBe(204);
    expect((await sandbox.get(one)).status).toBe(404);
    expect((await sandbox.get(path)).body.value).toHaveLength(1);
  });

  it.each<[string, Json]>([
    ['no type', { ...keys, '@odata.type': undefined }],
    ['the abstract type', { ...keys, '@odata.type': '#microsoft.graph.authenticationCombinationConfiguration' }],
    ['no keys', { ...keys, allowedAAGUIDs: undefined }],
    ['an empty list of keys', { ...keys, allowedAAGUIDs: [] }],
    ['a key that is no GUID', { ...keys, allowedAAGUIDs: ['yellow'] }],
    ['no combinations', { ...keys, appliesToCombinations: undefined }],
    ['a combination the strength does not allow', { ...keys, appliesToCombinations: ['windowsHelloForBusiness'] }],
    ['a combination of another kind', { ...keys, appliesToCombinations: ['x509CertificateMultiFactor'] }],
    ['a property of another kind', { ...keys, allowedIssuerSkis: ['x'] }],
  ])('refuse %s', async (_, body) => {
    const sandbox = await start();
    const path = await under(sandbox);
    expect((await sandbox.call('POST', path, body)).status).toBe(400);
    expect((await sandbox.get(path)).body.value).toEqual([]);
  });

  it('keep their type, and must exist', async () => {
    const sandbox = await start();
    const path = await under(sandbox);
    const { body } = await sandbox.call('POST', path, keys);
    const one = `${path}/${String(body.id)}`;
    expect((await sandbox.call('PATCH', one, { allowedAAGUIDs: [id('e', 2)] })).status).toBe(400);
    const other = { '@odata.type': '#microsoft.graph.x509CertificateCombinationConfiguration' };
    expect((await sandbox.call('PATCH', one, other)).status).toBe(400);
    for (const method of ['GET', 'DELETE'])
      expect((await sandbox.call(method, `${path}/${id('e', 1)}`)).status).toBe(404);
  });
});

it('says of a strength in a seed what follows from it', async () => {
  const object = { id: id('e', 5), displayName: 'Seeded', allowedCombinations: ['fido2'] };
  const sandbox = await start({
    ...seed,
    objects: [...seed.objects, { collection: 'authenticationStrengthPolicies', object }],
  });
  const derived = { policyType: 'custom', requirementsSatisfied: 'mfa' };
  expect((await sandbox.get(`${strengths}/${id('e', 5)}`)).body).toMatchObject({ ...object, ...derived });
  await inUse(sandbox, id('e', 5));
  expect((await sandbox.get(mfaPolicy)).body.grantControls).toMatchObject({
    authenticationStrength: { ...object, ...derived },
  });
  expect((await sandbox.call('PATCH', `${strengths}/${id('e', 5)}`, { displayName: 'Mine' })).status).toBe(204);
});
