/** What an object's own answer does not say: parts, values that others are mixed into, and what there is only once. */

import { describe, expect, it } from 'vitest';
import type { LiveState } from '../../src/collect/types.js';
import type { JsonObject } from '../../src/model/json.js';
import type { ObjectKey } from '../../src/model/object.js';
import { loadRegistry } from '../../src/registry/load.js';
import { withoutUnmanaged } from '../../src/registry/narrow.js';
import { ok, refusal } from '../support/fake-client.js';
import { type Answers, backup, type Given, read, tenant } from '../support/fake-tenant.js';

const everything = loadRegistry();
const id = (last: string) => `f0000000-0000-4000-8000-00000000000${last}`;
const [ADA, BOB, CRM, MAIL, APP, GONE] = ['1', '2', 'a', 'b', 'c', 'd'].map(id) as [
  string,
  string,
  string,
  string,
  string,
  string,
];
const REFUSED = refusal(403, 'Authorization_RequestDenied', 'no');
const NO = '403 Authorization_RequestDenied: no';

describe('a value into which Graph mixes that of another object', () => {
  const key: ObjectKey = `servicePrincipal/${CRM}`;
  const principal = (of: string, appId: string, tags: readonly string[]): JsonObject => ({
    id: of,
    appId,
    displayName: of,
    tags,
    servicePrincipalNames: [appId, `api://${of}`],
  });
  const application = (tags: readonly string[] | undefined): JsonObject => ({
    id: APP,
    appId: APP.toUpperCase(),
    displayName: 'CRM',
    identifierUris: [`api://${CRM}`],
    ...(tags === undefined ? {} : { tags }),
  });
  const BEFORE: Answers = {
    '/applications': [application(['app', 'both'])],
    '/servicePrincipals': [principal(CRM, APP, ['own', 'app', 'both']), principal(MAIL, GONE, ['app', 'x'])],
  };
  const tagsOf = (state: LiveState, of = key) => state.objects.get(of)?.properties.tags;

  it('is its own part alone, and all of it where the other object is of another tenant', async () => {
    const state = await read(BEFORE);
    expect(tagsOf(state)).toEqual(['own']);
    expect(tagsOf(state, `servicePrincipal/${MAIL}`)).toEqual(['app', 'x']);
    expect(state.objects.get(key)?.properties.servicePrincipalNames).toEqual([APP]);
    expect([state.coverage.gaps, state.uncertain.size]).toEqual([[], 0]);
  });

  it('does not change when only the other object changes', async () => {
    const before = await read(BEFORE);
    const state = await read({
      '/applications': [application(['app', 'both', 'new'])],
      '/servicePrincipals': [principal(CRM, APP, ['own', 'app', 'both', 'new']), principal(MAIL, GONE, ['app', 'x'])],
    });
    expect(state.ids.get(key)).toBe(before.ids.get(key));
  });

  it('is told apart though nobody asked for the other type, which is read once and is not in the state', async () => {
    const client = tenant(BEFORE);
    const state = await read(BEFORE, { types: ['servicePrincipal'], client });
    expect(tagsOf(state)).toEqual(['own']);
    expect([...state.ids.keys()].filter((each) => each.startsWith('application/'))).toEqual([]);
    expect(client.sent.filter(({ path }) => path.startsWith('/applications')).length).toBe(1);
  });

  it('is told apart from that of an object that is excluded', async () => {
    expect(tagsOf(await read(BEFORE, { excluded: new Set<ObjectKey>([`application/${APP}`]) }))).toEqual(['own']);
  });

  it('is unknown where the other objects could not all be read: kept as last seen, and never compared', async () => {
    const previous = backup(await read(BEFORE));
    const given: Answers = { ...BEFORE, '/servicePrincipals': [principal(CRM, APP, ['evil', 'app', 'both'])] };
    const unread: readonly (readonly [Answers, Given])[] = [
      [{ ...given, '/applications': REFUSED }, { previous }],
      [{ ...given, '/applications': [[application(['app'])], [{ refused: true }]] }, { previous }],
      [
        { ...given, '/applications': REFUSED },
        { previous, types: ['servicePrincipal'] },
      ],
    ];
    for (const [answers, more] of unread) {
      const state = await read(answers, more);
      expect(tagsOf(state)).toEqual(['own']);
      expect(state.uncertain.get(key)).toEqual(['tags', 'servicePrincipalNames']);
      for (const name of ['tags', 'servicePrincipalNames'])
        expect(state.coverage.gaps).toContainEqual({
          what: `servicePrincipal.${name}`,
          status: 'partial',
          reason: 'application was not read whole.',
          objects: 1,
          keptFrom: previous.captured.start,
        });
    }
    const first = await read({ ...given, '/applications': REFUSED });
    expect(first.objects.get(key)?.properties).not.toHaveProperty('tags');
  });

  it('of an object that is first seen in the recycle bin is not known', async () => {
    const binned = { ...principal(GONE, APP, ['own', 'app']), deletedDateTime: '2026-11-01T00:00:00Z' };
    const state = await read({ ...BEFORE, '/directory/deletedItems/microsoft.graph.servicePrincipal': [binned] });
    expect(state.objects.get(`servicePrincipal/${GONE}`)?.properties).not.toHaveProperty('tags');
  });

  it('is not managed where the other value is not: nobody could tell them apart', async () => {
    const registry = withoutUnmanaged(everything, { application: ['tags'] });
    expect(registry.byName.get('servicePrincipal')?.properties.map(({ name }) => name)).not.toContain('tags');
    const answers = { ...BEFORE, '/applications': [application(undefined)] };
    const state = await read(answers, { registry });
    expect(state.objects.get(key)?.properties).not.toHaveProperty('tags');
    expect(state.objects.get(key)?.properties.servicePrincipalNames).toEqual([APP]);
  });
});

describe('a property that is managed only where it is asked for', () => {
  const asked = withoutUnmanaged(everything, {}, { user: ['perUserMfaState'] });
  const part = (of: string) => `/users/${of}/authentication/requirements`;
  const user = (of: string): JsonObject => ({ id: of, displayName: of, userPrincipalName: `${of}@x` });
  const BEFORE: Answers = {
    '/users': [user(ADA), user(BOB)],
    [part(ADA)]: ok({ perUserMfaState: 'enforced' }),
    [part(BOB)]: ok({ perUserMfaState: 'disabled' }),
  };
  const stateOf = (state: LiveState, of: string) => state.objects.get(`user/${of}`)?.properties.perUserMfaState;

  it('is neither read nor stored where nobody asks for it', async () => {
    const registry = withoutUnmanaged(everything, {});
    const client = tenant(BEFORE);
    const state = await read(BEFORE, { registry, client });
    expect(state.objects.get(`user/${ADA}`)?.properties).not.toHaveProperty('perUserMfaState');
    expect(client.sent.some(({ path }) => path.includes('/authentication/requirements'))).toBe(false);
  });

  it('is read by one request for each object', async () => {
    const client = tenant(BEFORE);
    const state = await read(BEFORE, { registry: asked, client });
    expect([stateOf(state, ADA), stateOf(state, BOB)]).toEqual(['enforced', 'disabled']);
    const sent = client.sent.filter(({ path }) => path.includes('/authentication/requirements'));
    expect(sent.map(({ path, version }) => [path, version])).toEqual([ADA, BOB].map((of) => [part(of), 'beta']));
    expect(client.sent.some(({ path }) => /\$select=[^&]*perUserMfaState/.test(path))).toBe(false);
  });

  it('is kept as last seen, and uncertain, where its reading was refused', async () => {
    const previous = backup(await read(BEFORE, { registry: asked }));
    for (const [answer, reason] of [
      [REFUSED, NO],
      [refusal(404, 'Request_ResourceNotFound'), 'It was not found.'],
    ] as const) {
      const state = await read({ ...BEFORE, [part(ADA)]: answer }, { registry: asked, previous });
      expect([stateOf(state, ADA), stateOf(state, BOB)]).toEqual(['enforced', 'disabled']);
      expect([...state.uncertain]).toEqual([[`user/${ADA}`, ['perUserMfaState']]]);
      expect(state.coverage.gaps).toEqual([
        { what: 'user.perUserMfaState', status: 'partial', reason, objects: 1, keptFrom: previous.captured.start },
      ]);
      expect(state.unknown.size).toBe(0);
    }
    const first = await read({ ...BEFORE, [part(ADA)]: REFUSED }, { registry: asked });
    expect(first.objects.get(`user/${ADA}`)?.properties).not.toHaveProperty('perUserMfaState');
  });

  it('is that last seen alive for an object in the recycle bin, and unknown for one never seen', async () => {
    const previous = backup(await read(BEFORE, { registry: asked }));
    const bin = '/directory/deletedItems/microsoft.graph.user';
    const gone = (of: string) => ({ ...user(of), deletedDateTime: '2026-11-01T00:00:00Z' });
    const state = await read(
      { ...BEFORE, '/users': [user(BOB)], [bin]: [gone(ADA), gone(GONE)] },
      { registry: asked, previous },
    );
    expect(stateOf(state, ADA)).toBe('enforced');
    expect(state.objects.get(`user/${GONE}`)?.properties).not.toHaveProperty('perUserMfaState');
  });
});

describe('what there is only once', () => {
  const path = '/policies/authorizationPolicy';
  const key: ObjectKey = 'authorizationPolicy/authorizationpolicy';
  const policy = (allowedToUseSSPR: boolean) => ok({ id: 'authorizationPolicy', allowedToUseSSPR });

  it('is named after its type, whatever its id is', async () => {
    const state = await read({ [path]: policy(true), '/organization': [{ id: ADA, displayName: 'Contoso' }] });
    expect(state.objects.get(key)?.properties).toMatchObject({ id: 'authorizationPolicy', allowedToUseSSPR: true });
    expect(state.objects.get('organization/organization')?.properties).toMatchObject({ id: ADA });
    expect(state.coverage).toMatchObject({ gaps: [], types: { authorizationPolicy: 1, organization: 1 } });
  });

  it('is kept where it could not be read, or its list is empty: it is never gone', async () => {
    const answers: Answers = { [path]: policy(true), '/organization': [{ id: ADA, displayName: 'Contoso' }] };
    const before = await read(answers);
    for (const [given, unknown] of [
      [{ ...answers, [path]: REFUSED }, key],
      [{ ...answers, '/organization': REFUSED }, 'organization/organization'],
      [{ ...answers, '/organization': [] }, 'organization/organization'],
    ] as const) {
      const state = await read(given, { previous: backup(before) });
      expect(state.ids).toEqual(before.ids);
      expect(state.unknown).toEqual(new Set([unknown]));
      expect(state.coverage.gaps.length).toBe(1);
    }
  });
});

describe('objects that another answer holds', () => {
  const path = '/policies/authenticationMethodsPolicy';
  const fido = {
    '@odata.type': '#microsoft.graph.fido2AuthenticationMethodConfiguration',
    id: 'Fido2',
    state: 'enabled',
  };
  const key: ObjectKey = 'authenticationMethodConfiguration/fido2';
  const policy = (held: JsonObject) => ok({ id: 'authenticationMethodsPolicy', displayName: 'Methods', ...held });

  it('are objects of their own', async () => {
    const state = await read({ [path]: policy({ authenticationMethodConfigurations: [fido] }) });
    expect(state.objects.get(key)?.properties).toMatchObject({ id: 'Fido2', state: 'enabled' });
    const around = state.objects.get('authenticationMethodsPolicy/authenticationmethodspolicy');
    expect(around?.properties).not.toHaveProperty('authenticationMethodConfigurations');
    expect(state.coverage.unrecognised).toEqual([]);
  });

  it('are unknown where that answer does not hold them', async () => {
    const before = await read({ [path]: policy({ authenticationMethodConfigurations: [fido] }) });
    for (const answer of [REFUSED, policy({}), policy({ authenticationMethodConfigurations: null })]) {
      const state = await read({ [path]: answer }, { previous: backup(before) });
      expect(state.ids.get(key)).toBe(before.ids.get(key));
      expect(state.unknown.has(key)).toBe(true);
      expect(state.coverage.gaps.map(({ what }) => what)).toContain('authenticationMethodConfiguration');
    }
  });

  it('of a kind that no schema has are unknown', async () => {
    const odd = { '@odata.type': '#microsoft.graph.newAuthenticationMethodConfiguration', id: 'New', state: 'enabled' };
    const state = await read({ [path]: policy({ authenticationMethodConfigurations: [fido, odd] }) });
    expect(state.unknown).toEqual(new Set(['authenticationMethodConfiguration/new']));
  });
});
