import { describe, expect, it } from 'vitest';
import { errorOf, id, ids, idsOf, type Json, officeLocation, start } from './support.js';

const policies = '/identity/conditionalAccess/policies';
const locations = '/identity/conditionalAccess/namedLocations';
const policyBin = '/identity/conditionalAccess/deletedItems/policies';
const locationBin = '/identity/conditionalAccess/deletedItems/namedLocations';
const mfa = `${policies}/${ids.mfaPolicy}`;

const newPolicy: Json = {
  displayName: 'Block',
  state: 'disabled',
  conditions: { applications: { includeApplications: ['All'] }, users: { includeUsers: ['All'] } },
  grantControls: { operator: 'OR', builtInControls: ['block'] },
};
const withConditions = (conditions: Json): Json => ({
  ...newPolicy,
  conditions: { ...(newPolicy.conditions as Json), ...conditions },
});

describe('creating policies', () => {
  it('answers 201 with the whole policy', async () => {
    const sandbox = await start();
    const answer = await sandbox.call('POST', policies, newPolicy);
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      displayName: 'Block',
      state: 'disabled',
      createdDateTime: '2026-11-20T12:00:00Z',
      modifiedDateTime: null,
      conditions: { clientAppTypes: ['all'], userRiskLevels: [], locations: null },
      grantControls: { operator: 'OR', builtInControls: ['block'], termsOfUse: [], authenticationStrength: null },
      sessionControls: null,
    });
    expect(await sandbox.all(policies)).toHaveLength(2);
  });

  it.each<[string, Json]>([
    ['no state', { ...newPolicy, state: undefined }],
    ['a wrong state', { ...newPolicy, state: 'on' }],
    ['no controls', { ...newPolicy, grantControls: null }],
    ['empty controls', { ...newPolicy, grantControls: { operator: 'OR', builtInControls: [] } }],
    ['no operator', { ...newPolicy, grantControls: { builtInControls: ['mfa'] } }],
    ['an unknown control', { ...newPolicy, grantControls: { operator: 'OR', builtInControls: ['magic'] } }],
    [
      'the placeholder for unknown enum members',
      { ...newPolicy, grantControls: { operator: 'OR', builtInControls: ['unknownFutureValue'] } },
    ],
    [
      'block with another control',
      { ...newPolicy, grantControls: { operator: 'OR', builtInControls: ['block', 'mfa'] } },
    ],
    ['an unknown property', { ...newPolicy, mood: 'good' }],
    ['an unknown condition', withConditions({ weather: 'rain' })],
    ['a read-only property', { ...newPolicy, createdDateTime: '2026-01-01T00:00:00Z' }],
    ['nobody', withConditions({ users: { includeUsers: [] } })],
    ['nothing', withConditions({ applications: { includeApplications: [] } })],
    ['a user who does not exist', withConditions({ users: { includeUsers: [id('e', 1)] } })],
    ['a deleted user', withConditions({ users: { includeUsers: ['All'], excludeUsers: [ids.binned] } })],
    ['a group that does not exist', withConditions({ users: { includeUsers: ['All'], excludeGroups: [id('e', 1)] } })],
    ['a deleted location', withConditions({ locations: { includeLocations: [ids.binnedOffice] } })],
    [
      'external tenants without a type',
      withConditions({
        users: {
          includeGuestsOrExternalUsers: {
            guestOrExternalUserTypes: 'internalGuest',
            externalTenants: { membershipKind: 'all' },
          },
        },
      }),
    ],
    [
      'members for all external tenants',
      withConditions({
        users: {
          includeGuestsOrExternalUsers: {
            guestOrExternalUserTypes: 'internalGuest',
            externalTenants: { '@odata.type': '#microsoft.graph.conditionalAccessAllExternalTenants', members: [] },
          },
        },
      }),
    ],
  ])('refuses %s', async (_, body) => {
    const sandbox = await start();
    expect(errorOf(await sandbox.call('POST', policies, body)).slice(0, 2)).toEqual([
      400,
      expect.stringMatching(/BadRequest$/),
    ]);
    expect(await sandbox.all(policies)).toHaveLength(1);
  });

  it('refuses applications together with user actions', async () => {
    const sandbox = await start();
    const body = withConditions({
      applications: { includeApplications: ['All'], includeUserActions: ['urn:user:registersecurityinfo'] },
    });
    expect(errorOf(await sandbox.call('POST', policies, body))[2]).toMatch(
      /^1012: 'applications' condition cannot include both/,
    );
  });

  it('accepts flags, words that stand for ids, and external tenants', async () => {
    const sandbox = await start();
    const guests = {
      guestOrExternalUserTypes: 'internalGuest,b2bCollaborationGuest',
      externalTenants: {
        '@odata.type': '#microsoft.graph.conditionalAccessEnumeratedExternalTenants',
        members: [id('f', 1)],
      },
    };
    const body = withConditions({
      users: { includeUsers: ['None'], includeGuestsOrExternalUsers: guests },
      locations: { includeLocations: ['All'], excludeLocations: ['AllTrusted'] },
    });
    const answer = await sandbox.call('POST', policies, body);
    expect(answer.status).toBe(201);
    expect(answer.body.conditions).toMatchObject({
      users: {
        includeGuestsOrExternalUsers: {
          ...guests,
          externalTenants: { ...guests.externalTenants, membershipKind: 'enumerated' },
        },
      },
    });
  });

  it('says the type of a value only where the metadata does not tell it, whatever was sent', async () => {
    const sandbox = await start();
    const block = {
      '@odata.type': '#microsoft.graph.conditionalAccessGrantControls',
      operator: 'OR',
      'builtInControls@odata.type': '#Collection(microsoft.graph.conditionalAccessGrantControl)',
      builtInControls: ['block'],
    };
    const answer = await sandbox.call('POST', policies, { ...newPolicy, grantControls: block });
    expect(answer.status).toBe(201);
    expect(JSON.stringify(answer.body)).not.toContain('@odata.type');
  });
});

describe('updating policies', () => {
  it('merges complex members, replaces arrays, clears with null', async () => {
    const sandbox = await start();
    const answer = await sandbox.call('PATCH', mfa, {
      conditions: { users: { excludeGroups: [ids.unified] }, locations: null },
    });
    expect([answer.status, answer.text]).toEqual([204, '']);
    const { body } = await sandbox.get(mfa);
    expect(body).toMatchObject({
      state: 'enabled',
      modifiedDateTime: '2026-11-20T12:00:00Z',
      conditions: {
        users: { includeUsers: ['All'], excludeGroups: [ids.unified] },
        locations: null,
        applications: { includeApplications: ['All'] },
      },
    });
  });

  it('does not care about old references when only the state changes', async () => {
    const sandbox = await start();
    await sandbox.call('DELETE', `/groups/${ids.security}`);
    expect((await sandbox.call('PATCH', mfa, { state: 'disabled' })).status).toBe(204);
    expect(((await sandbox.get(mfa)).body.conditions as Json).users).toMatchObject({ excludeGroups: [ids.security] });
  });

  it('reads an authentication strength whole, and accepts its id only', async () => {
    const sandbox = await start();
    const strength = async () => ((await sandbox.get(mfa)).body.grantControls as Json).authenticationStrength as Json;
    const before = await strength();
    expect(before).toMatchObject({
      id: '00000000-0000-0000-0000-000000000004',
      displayName: 'Phishing-resistant MFA',
      policyType: 'builtIn',
      allowedCombinations: expect.arrayContaining(['fido2']),
    });
    expect((await sandbox.call('PATCH', mfa, { grantControls: { authenticationStrength: before } })).status).toBe(400);
    expect(
      (await sandbox.call('PATCH', mfa, { grantControls: { authenticationStrength: { id: id('e', 1) } } })).status,
    ).toBe(400);
    expect(
      (
        await sandbox.call('PATCH', mfa, {
          grantControls: { authenticationStrength: { id: '00000000-0000-0000-0000-000000000002' } },
        })
      ).status,
    ).toBe(204);
    expect((await strength()).displayName).toBe('Multifactor authentication');
    expect(
      (await sandbox.call('PATCH', mfa, { grantControls: { builtInControls: ['mfa'], authenticationStrength: null } }))
        .status,
    ).toBe(204);
    expect(await strength()).toBeNull();
  });

  it.each<[string, Json]>([
    ['controls without effect', { signInFrequency: { isEnabled: false } }],
    ['controls that are all null', { persistentBrowser: null }],
    ['a frequency with default values', { signInFrequency: { isEnabled: true } }],
    ['a frequency without type', { signInFrequency: { isEnabled: true, value: 4 } }],
    ['24 hours', { signInFrequency: { isEnabled: true, value: 24, type: 'hours' } }],
    [
      'every time with a value',
      { signInFrequency: { isEnabled: true, frequencyInterval: 'everyTime', value: 1, type: 'hours' } },
    ],
    [
      'every time with application restrictions',
      {
        signInFrequency: { isEnabled: true, frequencyInterval: 'everyTime' },
        applicationEnforcedRestrictions: { isEnabled: true },
      },
    ],
  ])('refuses session controls: %s', async (_, sessionControls) => {
    const sandbox = await start();
    expect((await sandbox.call('PATCH', mfa, { sessionControls })).status).toBe(400);
    expect((await sandbox.get(mfa)).body.sessionControls).toBeNull();
  });

  it('sets and removes session controls', async () => {
    const sandbox = await start();
    expect(
      (
        await sandbox.call('PATCH', mfa, {
          sessionControls: {
            signInFrequency: { isEnabled: true, value: 4, type: 'hours', frequencyInterval: 'timeBased' },
          },
        })
      ).status,
    ).toBe(204);
    expect(
      (
        await sandbox.call('PATCH', mfa, {
          sessionControls: { signInFrequency: { isEnabled: true, frequencyInterval: 'everyTime' } },
        })
      ).status,
    ).toBe(204);
    expect((await sandbox.get(mfa)).body.sessionControls).toMatchObject({
      signInFrequency: { frequencyInterval: 'everyTime', value: null, type: null },
      persistentBrowser: null,
    });
    expect((await sandbox.call('PATCH', mfa, { sessionControls: null })).status).toBe(204);
    expect((await sandbox.get(mfa)).body.sessionControls).toBeNull();
    expect((await sandbox.call('PATCH', mfa, { grantControls: null })).status).toBe(400);
  });

  it.each(['conditions', 'displayName', 'state'])('does not empty %s', async (name) => {
    const sandbox = await start();
    expect((await sandbox.call('PATCH', mfa, { [name]: null })).status).toBe(400);
  });
});

describe('deleted policies', () => {
  it('are listed, read, restored with the state they had, and purged', async () => {
    const sandbox = await start();
    await sandbox.call('DELETE', mfa);
    expect((await sandbox.get(mfa)).status).toBe(404);
    expect(idsOf(await sandbox.all(policyBin))).toEqual([ids.mfaPolicy, ids.binnedPolicy]);
    expect((await sandbox.get(`${policyBin}/${ids.mfaPolicy}`)).body).toMatchObject({
      state: 'enabled',
      deletedDateTime: '2026-11-20T12:00:00Z',
    });
    const restored = await sandbox.call('POST', `${policyBin}/${ids.mfaPolicy}/restore`);
    expect([restored.status, restored.body.state, restored.body.deletedDateTime]).toEqual([200, 'enabled', null]);
    expect((await sandbox.get(mfa)).status).toBe(200);
    expect((await sandbox.call('DELETE', `${policyBin}/${ids.binnedPolicy}`)).status).toBe(204);
    expect((await sandbox.get(`${policyBin}/${ids.binnedPolicy}`)).status).toBe(404);
  });

  it('are not in the recycle bin of the directory', async () => {
    const sandbox = await start();
    expect((await sandbox.get(`/directory/deletedItems/${ids.binnedPolicy}`)).status).toBe(404);
    expect((await sandbox.get(`${policyBin}/${ids.binnedOffice}`)).status).toBe(404);
  });
});

describe('named locations', () => {
  it('are created with their defaults', async () => {
    const sandbox = await start();
    const answer = await sandbox.call('POST', locations, {
      '@odata.type': '#microsoft.graph.countryNamedLocation',
      displayName: 'US',
      countriesAndRegions: ['US'],
    });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      '@odata.type': '#microsoft.graph.countryNamedLocation',
      countryLookupMethod: 'clientIpAddress',
      includeUnknownCountriesAndRegions: false,
    });
    expect((await sandbox.call('POST', locations, { ...officeLocation, isTrusted: undefined })).body.isTrusted).toBe(
      false,
    );
  });

  it.each<[string, Json]>([
    ['no type', { displayName: 'x', ipRanges: officeLocation.ipRanges }],
    ['the abstract type', { ...officeLocation, '@odata.type': '#microsoft.graph.namedLocation' }],
    ['no ranges', { ...officeLocation, ipRanges: undefined }],
    ['a range without type', { ...officeLocation, ipRanges: [{ cidrAddress: '10.0.0.0/8' }] }],
    [
      'a wrong range',
      { ...officeLocation, ipRanges: [{ '@odata.type': '#microsoft.graph.iPv4CidrRange', cidrAddress: '10.0.0/8' }] },
    ],
    [
      'a range of the other version',
      { ...officeLocation, ipRanges: [{ '@odata.type': '#microsoft.graph.iPv6CidrRange', cidrAddress: '10.0.0.0/8' }] },
    ],
    ['a property of the other type', { ...officeLocation, countriesAndRegions: ['DE'] }],
    [
      'a country that is no code',
      { '@odata.type': '#microsoft.graph.countryNamedLocation', displayName: 'x', countriesAndRegions: ['Germany'] },
    ],
  ])('refuse %s', async (_, body) => {
    const sandbox = await start();
    expect((await sandbox.call('POST', locations, body)).status).toBe(400);
  });

  it('are updated with their type only', async () => {
    const sandbox = await start();
    const path = `${locations}/${ids.office}`;
    expect((await sandbox.call('PATCH', path, { displayName: 'HQ' })).status).toBe(400);
    expect(
      (await sandbox.call('PATCH', path, { '@odata.type': '#microsoft.graph.countryNamedLocation', displayName: 'HQ' }))
        .status,
    ).toBe(400);
    expect(
      (await sandbox.call('PATCH', path, { '@odata.type': '#microsoft.graph.ipNamedLocation', displayName: 'HQ' }))
        .status,
    ).toBe(204);
    expect((await sandbox.get(path)).body).toMatchObject({
      displayName: 'HQ',
      isTrusted: true,
      '@odata.type': '#microsoft.graph.ipNamedLocation',
    });
    expect((await sandbox.get(`${path}?$select=id`)).body).toMatchObject({ id: ids.office });
  });

  it('are not deleted while they are trusted or used', async () => {
    const sandbox = await start();
    const path = `${locations}/${ids.office}`;
    expect(errorOf(await sandbox.call('DELETE', path))[2]).toMatch(/trusted/);
    await sandbox.call('PATCH', path, { '@odata.type': '#microsoft.graph.ipNamedLocation', isTrusted: false });
    expect(errorOf(await sandbox.call('DELETE', path))[2]).toMatch(/referenced/);
    await sandbox.call('PATCH', mfa, { conditions: { locations: null } });
    expect((await sandbox.call('DELETE', path)).status).toBe(204);
    expect(idsOf(await sandbox.all(locationBin))).toEqual([ids.office, ids.binnedOffice]);
  });

  it('come back untrusted', async () => {
    const sandbox = await start();
    const answer = await sandbox.call('POST', `${locationBin}/${ids.binnedOffice}/restore`);
    expect([answer.status, answer.body.isTrusted]).toEqual([200, false]);
    expect((await sandbox.get(`${locations}/${ids.binnedOffice}`)).body).toMatchObject({
      isTrusted: false,
      displayName: 'Old office',
    });
    await sandbox.call('DELETE', `${locations}/${ids.countries}`);
    expect((await sandbox.call('POST', `${locationBin}/${ids.countries}/restore`)).body).not.toHaveProperty(
      'isTrusted',
    );
    await sandbox.call('DELETE', `${locations}/${ids.countries}`);
    expect((await sandbox.call('DELETE', `${locationBin}/${ids.countries}`)).status).toBe(204);
    expect((await sandbox.get(`${locationBin}/${ids.countries}`)).status).toBe(404);
  });
});
