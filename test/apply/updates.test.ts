import { describe, expect, it } from 'vitest';
import type { ApplyContext } from '../../src/apply/context.js';
import { applyUpdates } from '../../src/apply/updates.js';
import { createWriter } from '../../src/apply/writer.js';
import type { GraphRequest, Outcome } from '../../src/graph/types.js';
import type { ActionResult } from '../../src/model/documents.js';
import type { Json, JsonObject } from '../../src/model/json.js';
import type { ObjectKey } from '../../src/model/object.js';
import type { ObjectAction, PlannedValue } from '../../src/model/plan.js';
import { loadRegistry } from '../../src/registry/load.js';
import type { ObjectType } from '../../src/registry/types.js';
import { type FakeClient, fakeClient, nullJournal, ok, refusal } from '../support/fake-client.js';
import { typeNamed } from '../support/memory-state.js';

const registry = loadRegistry();
const ID = 'a0000000-0000-4000-8000-000000000001';
const APP = 'a0000000-0000-4000-8000-00000000000a';

type Answers = Readonly<Record<string, Json | Outcome>>;

/** Answers reads by path, without the query; writes as told, and every other write is taken. */
function graph(answers: Answers, write: (request: GraphRequest) => Outcome | undefined = () => undefined): FakeClient {
  return fakeClient((request) => {
    if (request.method !== 'GET') return write(request) ?? ok(undefined, 204);
    const found = answers[request.path.split('?')[0] ?? ''];
    if (found === undefined) return refusal(404, 'Request_ResourceNotFound');
    return typeof found === 'object' && found !== null && 'ok' in found ? (found as Outcome) : ok(found as Json);
  });
}

async function update(
  client: FakeClient,
  type: ObjectType,
  set: readonly PlannedValue[],
  object: ObjectKey = `${type.name}/${ID}`,
): Promise<ActionResult[]> {
  const action: ObjectAction = { n: 1, phase: 'objects', rank: 0, action: 'update', object, label: 'It', set };
  const results: ActionResult[] = [];
  const context: ApplyContext = {
    client,
    registry,
    writer: createWriter(client, nullJournal()),
    sleep: async () => undefined,
    report: (result) => void results.push(result),
    leftAlone: new Set(),
    whenObjectsAreBack: () => undefined,
  };
  await applyUpdates(context, type, [action]);
  return results;
}

const writes = (client: FakeClient) =>
  client.sent.flatMap(({ method, path, version, body }) =>
    method === 'GET' ? [] : [`${method} /${version}${path} ${JSON.stringify(body)}`],
  );

describe('the only object of a type is written', () => {
  it('where it is, by the id that Graph gave it', async () => {
    const organization = typeNamed(registry, 'organization');
    const set = [{ path: 'technicalNotificationMails', live: ['a@x'], desired: ['b@x'] }];
    const client = graph({ '/organization': { value: [{ id: ID, technicalNotificationMails: ['a@x'] }] } });
    expect(await update(client, organization, set, 'organization/organization')).toEqual([{ n: 1, outcome: 'done' }]);
    expect(writes(client)).toEqual([`PATCH /v1.0/organization/${ID} {"technicalNotificationMails":["b@x"]}`]);
  });

  it('at the path that answers with it', async () => {
    const policy = typeNamed(registry, 'authorizationPolicy');
    const set = [{ path: 'allowedToUseSSPR', live: true, desired: false }];
    const client = graph({ [policy.path]: { id: 'authorizationPolicy', allowedToUseSSPR: true } });
    expect(await update(client, policy, set, 'authorizationPolicy/authorizationPolicy')).toMatchObject([
      { outcome: 'done' },
    ]);
    expect(writes(client)).toEqual(['PATCH /v1.0/policies/authorizationPolicy {"allowedToUseSSPR":false}']);
  });
});

describe('settings of a gate', () => {
  const methods = typeNamed(registry, 'authenticationMethodsPolicy');
  const policy = typeNamed(registry, 'conditionalAccessPolicy');

  it('stand apart where it is the only object of its type: what Graph refuses keeps nothing else back', async () => {
    const campaign = (snoozeDurationInDays: number) => ({
      authenticationMethodsRegistrationCampaign: {
        snoozeDurationInDays,
        state: 'enabled',
        includeTargets: [],
        excludeTargets: [],
      },
    });
    const before = { policyMigrationState: 'migrationComplete', registrationEnforcement: campaign(1) };
    const set = [
      { path: 'policyMigrationState', live: 'migrationComplete', desired: 'preMigration' },
      { path: 'registrationEnforcement', live: campaign(1), desired: campaign(3) },
    ];
    const client = graph({ [methods.path]: { id: 'authenticationMethodsPolicy', ...before } }, ({ body }) =>
      JSON.stringify(body).includes('policyMigrationState') ? refusal(400, 'BadRequest', 'no way back') : undefined,
    );
    expect(await update(client, methods, set, 'authenticationMethodsPolicy/authenticationMethodsPolicy')).toEqual([
      { n: 1, outcome: 'done', refused: [{ path: 'policyMigrationState', reason: '400 BadRequest: no way back' }] },
    ]);
    expect(writes(client)).toHaveLength(3);
  });

  it('do not anywhere else: a policy is written whole or not at all', async () => {
    const set = [
      { path: 'state', live: 'disabled', desired: 'enabled' },
      { path: 'displayName', live: 'Off', desired: 'On' },
    ];
    const before = { id: ID, state: 'disabled', displayName: 'Off' };
    const client = graph({ [`${policy.path}/${ID}`]: before }, () => refusal(400, 'BadRequest', 'no'));
    expect(await update(client, policy, set)).toMatchObject([{ n: 1, outcome: 'failed' }]);
    expect(writes(client)).toHaveLength(1);
  });
});

describe('the description of a Conditional Access policy', () => {
  const policy = typeNamed(registry, 'conditionalAccessPolicy');
  const before = { id: ID, state: 'disabled', description: 'x' };
  const set = [
    { path: 'description', live: 'x', desired: 'y' },
    { path: 'state', live: 'disabled', desired: 'enabled' },
  ];

  it('goes alone, and keeps nothing back where Graph does not take it', async () => {
    const client = graph({ [`${policy.path}/${ID}`]: before }, ({ body }) =>
      JSON.stringify(body).includes('description') ? refusal(400, 'BadRequest', 'no') : undefined,
    );
    expect(await update(client, policy, set)).toEqual([
      { n: 1, outcome: 'done', refused: [{ path: 'description', reason: '400 BadRequest: no' }] },
    ]);
    expect(writes(client).sort()).toEqual([
      `PATCH /v1.0${policy.path}/${ID} {"description":"y"}`,
      `PATCH /v1.0${policy.path}/${ID} {"state":"enabled"}`,
    ]);
  });
});

describe('an object of a derived type is written', () => {
  const principal = typeNamed(registry, 'servicePrincipal');

  it('where the type is named, and its name is not in the body', async () => {
    const set = [{ path: 'notes', live: 'a', desired: 'b' }];
    const kind = '#microsoft.graph.agentIdentity';
    const client = graph({ [`/servicePrincipals/${ID}`]: { '@odata.type': kind, id: ID, notes: 'a' } });
    await update(client, principal, set);
    expect(writes(client)).toEqual([`PATCH /v1.0/servicePrincipals/${ID}/microsoft.graph.agentIdentity {"notes":"b"}`]);
  });
});

describe('parts of an object that have requests of their own', () => {
  const user = typeNamed(registry, 'user');
  const path = `/users/${ID}/authentication/requirements`;
  const set: readonly PlannedValue[] = [
    { path: 'department', live: 'x', desired: 'y' },
    { path: 'perUserMfaState', live: 'disabled', desired: 'enforced' },
  ];
  const answers = { [`/users/${ID}`]: { id: ID, department: 'x' }, [path]: { perUserMfaState: 'disabled' } };
  const [whole, part] = [
    `PATCH /v1.0/users/${ID} {"department":"y"}`,
    `PATCH /beta${path} {"perUserMfaState":"enforced"}`,
  ];

  it('are written by them', async () => {
    const client = graph(answers);
    expect(await update(client, user, set)).toEqual([{ n: 1, outcome: 'done' }]);
    expect(writes(client)).toEqual([whole, part]);
  });

  it('do not keep back the rest when they are refused, nor the rest them', async () => {
    for (const [refused, name] of [
      [(request: GraphRequest) => request.path === path, 'perUserMfaState'],
      [(request: GraphRequest) => request.path !== path, 'department'],
    ] as const) {
      const client = graph(answers, (request) => (refused(request) ? refusal(403, 'Denied', 'no') : undefined));
      expect(await update(client, user, set)).toEqual([
        { n: 1, outcome: 'done', refused: [{ path: name, reason: '403 Denied: no' }] },
      ]);
      expect(writes(client)).toEqual([whole, part]);
    }
  });

  it('are read only where the action is about them', async () => {
    const client = graph({ [`/users/${ID}`]: { id: ID, department: 'x' }, [path]: refusal(403) });
    expect(await update(client, user, set.slice(0, 1))).toEqual([{ n: 1, outcome: 'done' }]);
    expect(client.sent.some((request) => request.path === path)).toBe(false);
  });

  it('are not written when they cannot be read', async () => {
    const client = graph({ ...answers, [path]: refusal(403, 'Denied', 'no') });
    expect(await update(client, user, set)).toEqual([
      { n: 1, outcome: 'failed', reason: 'It could not be read: 403 Denied: no' },
    ]);
    expect(writes(client)).toEqual([]);
  });

  it('have the value of the plan as long as Graph treats it alike', async () => {
    const alike = [{ path: 'perUserMfaState', live: 'enabled', desired: 'disabled' }];
    const client = graph({ ...answers, [path]: { perUserMfaState: 'enforced' } });
    expect(await update(client, user, alike)).toEqual([{ n: 1, outcome: 'done' }]);
    const changed = graph({ ...answers, [path]: { perUserMfaState: 'disabled' } });
    expect(await update(changed, user, alike)).toMatchObject([{ outcome: 'skipped' }]);
  });

  it('are found in what the object answers where they have no reading of their own', async () => {
    const strength = typeNamed(registry, 'authenticationStrengthPolicy');
    const combinations = [{ path: 'allowedCombinations', live: ['sms'], desired: ['fido2'] }];
    const at = `/policies/authenticationStrengthPolicies/${ID}`;
    const client = graph({ [at]: { id: ID, policyType: 'custom', allowedCombinations: ['sms'] } });
    expect(await update(client, strength, combinations)).toEqual([{ n: 1, outcome: 'done' }]);
    expect(writes(client)).toEqual([`POST /v1.0${at}/updateAllowedCombinations {"allowedCombinations":["fido2"]}`]);
  });
});

describe('items that must be disabled before they are changed or removed', () => {
  const application = typeNamed(registry, 'application');
  const at = `/applications/${ID}`;
  const role = (id: string, more: JsonObject = {}): JsonObject => ({
    id: `b0000000-0000-4000-8000-00000000000${id}`,
    value: id,
    displayName: id,
    description: id,
    allowedMemberTypes: ['User'],
    isEnabled: true,
    ...more,
  });
  const appRoles = (live: readonly JsonObject[], desired: readonly JsonObject[]) => [
    { path: 'appRoles', live, desired },
  ];
  const bodies = (client: FakeClient) => client.sent.filter(({ method }) => method !== 'GET').map(({ body }) => body);

  it.each<readonly [string, readonly JsonObject[], readonly JsonObject[], readonly JsonObject[] | undefined]>([
    ['one that goes', [role('1'), role('2')], [role('2')], [role('1', { isEnabled: false }), role('2')]],
    ['one that changes', [role('1')], [role('1', { value: 'x' })], [role('1', { isEnabled: false })]],
    ['none where one comes', [role('1')], [role('1'), role('2')], undefined],
    ['none where a disabled one goes', [role('1', { isEnabled: false })], [], undefined],
    ['none where a disabled one is enabled', [role('1', { isEnabled: false })], [role('1')], undefined],
    ['one that is disabled', [role('1')], [role('1', { isEnabled: false })], [role('1', { isEnabled: false })]],
  ])('are disabled first: %s', async (_, live, desired, disabled) => {
    const client = graph({ [at]: { id: ID, appRoles: live } });
    expect(await update(client, application, appRoles(live, desired))).toEqual([{ n: 1, outcome: 'done' }]);
    expect(bodies(client)).toEqual([
      ...(disabled === undefined ? [] : [{ appRoles: disabled }]),
      { appRoles: desired },
    ]);
  });

  it('are as they were again when the change itself is refused', async () => {
    const [live, desired] = [[role('1'), role('2')], [role('2')]];
    const isDisabling = ({ body }: GraphRequest) => JSON.stringify(body).includes('"isEnabled":false');
    const client = graph({ [at]: { id: ID, appRoles: live } }, ({ body }) =>
      (body as { appRoles: unknown[] }).appRoles.length < live.length ? refusal(400, 'Bad', 'no') : undefined,
    );
    expect(await update(client, application, appRoles(live, desired))).toEqual([
      { n: 1, outcome: 'failed', reason: '400 Bad: no' },
    ]);
    expect(client.sent.filter(({ method }) => method !== 'GET').map(isDisabling)).toEqual([true, false, false]);
    expect(bodies(client).at(-1)).toEqual({ appRoles: live });
  });

  it('are told from others though Graph says more of them than can be written', async () => {
    const client = graph({ [at]: { id: ID, appRoles: [{ ...role('1'), origin: 'Application' }] } });
    await update(client, application, appRoles([role('1')], [role('1'), role('2')]));
    expect(bodies(client).length).toBe(1);
  });

  it('may be inside another value', async () => {
    const scope = (more: JsonObject) => ({ id: 'c0000000-0000-4000-8000-000000000001', value: 's', ...more });
    const [live, desired] = [{ oauth2PermissionScopes: [scope({ isEnabled: true })] }, { oauth2PermissionScopes: [] }];
    const whole = { ...live, knownClientApplications: [], preAuthorizedApplications: [] };
    const client = graph({ [at]: { id: ID, api: whole } });
    const set = [{ path: 'api', live: whole, desired: { ...whole, ...desired } }];
    expect(await update(client, application, set)).toEqual([{ n: 1, outcome: 'done' }]);
    const [first, second] = bodies(client) as { api: { oauth2PermissionScopes: JsonObject[] } }[];
    expect(first?.api.oauth2PermissionScopes).toEqual([scope({ isEnabled: false })]);
    expect(second?.api.oauth2PermissionScopes).toEqual([]);
  });

  it('and what is beside them there is sent along, so that Graph empties nothing of it', async () => {
    const scopes = [{ id: 'c0000000-0000-4000-8000-000000000001', value: 's', isEnabled: true }];
    const beside = { knownClientApplications: [APP], preAuthorizedApplications: [], requestedAccessTokenVersion: 2 };
    const live = { oauth2PermissionScopes: scopes, ...beside };
    const client = graph({ [at]: { id: ID, api: live } }, ({ body }) =>
      (body as { api: typeof live }).api.oauth2PermissionScopes.length === 0 ? refusal(400, 'Bad', 'no') : undefined,
    );
    await update(client, application, [{ path: 'api', live, desired: { ...live, oauth2PermissionScopes: [] } }]);
    const disabled = { ...live, oauth2PermissionScopes: [{ ...scopes[0], isEnabled: false }] };
    expect(bodies(client).filter((_, index) => index !== 1)).toEqual([{ api: disabled }, { api: live }]);
  });
});

describe('a value into which Graph mixes that of another object', () => {
  const principal = typeNamed(registry, 'servicePrincipal');
  const at = `/servicePrincipals/${ID}`;
  const source = `/applications(appId='${APP}')`;
  const raw = { id: ID, appId: APP, tags: ['own', 'app'], servicePrincipalNames: ['api://own', 'api://app'] };
  const answers: Answers = { [at]: raw, [source]: { tags: ['app'], identifierUris: ['api://app'] } };
  const tags = [{ path: 'tags', live: ['own'], desired: ['new'] }];
  const names = [{ path: 'servicePrincipalNames', live: ['api://own'], desired: ['api://new'] }];

  it('is judged by its own part, and only that is written', async () => {
    const client = graph(answers);
    expect(await update(client, principal, tags)).toEqual([{ n: 1, outcome: 'done' }]);
    expect(writes(client)).toEqual([`PATCH /v1.0${at} {"tags":["new"]}`]);
  });

  it('is written whole where Graph wants the whole', async () => {
    const client = graph(answers);
    expect(await update(client, principal, names)).toEqual([{ n: 1, outcome: 'done' }]);
    expect(writes(client)).toEqual([`PATCH /v1.0${at} {"servicePrincipalNames":["api://new","api://app"]}`]);
  });

  it('is its own where there is no such object: it belongs to another tenant', async () => {
    const client = graph({ [at]: { ...raw, tags: ['own'] } });
    expect(await update(client, principal, tags)).toEqual([{ n: 1, outcome: 'done' }]);
  });

  it('is not written when the other object cannot be read, or the own part has changed', async () => {
    const unread = graph({ ...answers, [source]: refusal(403, 'Denied', 'no') });
    expect(await update(unread, principal, tags)).toEqual([
      { n: 1, outcome: 'failed', reason: 'It could not be read: 403 Denied: no' },
    ]);
    const changed = graph({ ...answers, [source]: { tags: [] } });
    expect(await update(changed, principal, tags)).toMatchObject([{ outcome: 'skipped' }]);
    expect([...writes(unread), ...writes(changed)]).toEqual([]);
  });

  it('does not ask for the other object where the action is not about it', async () => {
    const client = graph({ [at]: { ...raw, notes: 'a' }, [source]: refusal(403) });
    expect(await update(client, principal, [{ path: 'notes', live: 'a', desired: 'b' }])).toEqual([
      { n: 1, outcome: 'done' },
    ]);
    expect(client.sent.some(({ path }) => path.startsWith(source))).toBe(false);
  });
});
