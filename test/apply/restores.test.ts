import { describe, expect, it } from 'vitest';
import type { ApplyContext } from '../../src/apply/context.js';
import { applyRestores } from '../../src/apply/restores.js';
import { createWriter } from '../../src/apply/writer.js';
import type { Outcome } from '../../src/graph/types.js';
import type { ActionResult } from '../../src/model/documents.js';
import type { Json } from '../../src/model/json.js';
import type { ObjectAction, PlannedValue } from '../../src/model/plan.js';
import { loadRegistry } from '../../src/registry/load.js';
import { type FakeClient, fakeClient, nullJournal, ok, refusal } from '../support/fake-client.js';
import { typeNamed } from '../support/memory-state.js';

const registry = loadRegistry();
const ID = 'a0000000-0000-4000-8000-000000000001';
const APP = 'a0000000-0000-4000-8000-00000000000a';
const BIN = `/directory/deletedItems/${ID}`;

/** Answers reads by path, without the query; every write is taken. */
function graph(answers: Readonly<Record<string, Json | Outcome>>): FakeClient {
  return fakeClient(({ method, path }) => {
    if (method !== 'GET') return ok(undefined, 204);
    const found = answers[path.split('?')[0] ?? ''];
    if (found === undefined) return refusal(404, 'Request_ResourceNotFound');
    return typeof found === 'object' && found !== null && 'ok' in found ? (found as Outcome) : ok(found as Json);
  });
}

async function restore(client: FakeClient, type: string, set: readonly PlannedValue[]) {
  const action: ObjectAction = {
    n: 1,
    phase: 'objects',
    rank: 0,
    action: 'restore',
    object: `${type}/${ID}`,
    label: 'It',
    set,
  };
  const results: ActionResult[] = [];
  const waits: number[] = [];
  const last: (() => Promise<void>)[] = [];
  const context: ApplyContext = {
    client,
    registry,
    writer: createWriter(client, nullJournal()),
    sleep: async (milliseconds) => void waits.push(milliseconds),
    report: (result) => void results.push(result),
    leftAlone: new Set(),
    whenObjectsAreBack: (work) => void last.push(work),
  };
  await applyRestores(context, typeNamed(registry, type), [action]);
  for (const work of last) await work();
  return { results, waits };
}

const writes = (client: FakeClient) =>
  client.sent.flatMap(({ method, path, body }) =>
    method === 'GET' ? [] : [`${method} ${path}${body === undefined ? '' : ` ${JSON.stringify(body)}`}`],
  );

describe('a restored object', () => {
  const part = `/users/${ID}/authentication/requirements`;
  const set = [
    { path: 'department', desired: 'y' },
    { path: 'perUserMfaState', desired: 'enforced' },
  ];

  it('is brought to what the plan says, with the parts that have requests of their own', async () => {
    const answers = { [BIN]: { id: ID }, [`/users/${ID}`]: { id: ID, department: 'x' } };
    const client = graph({ ...answers, [part]: { perUserMfaState: 'disabled' } });
    expect((await restore(client, 'user', set)).results).toEqual([{ n: 1, outcome: 'done' }]);
    expect(writes(client)).toEqual([
      `POST ${BIN}/restore`,
      `PATCH /users/${ID} {"department":"y"}`,
      `PATCH ${part} {"perUserMfaState":"enforced"}`,
    ]);
    const alike = graph({ ...answers, [part]: { perUserMfaState: 'enabled' } });
    await restore(alike, 'user', set);
    expect(writes(alike)).toEqual([`POST ${BIN}/restore`, `PATCH /users/${ID} {"department":"y"}`]);
  });

  it('gets what Graph wants in the same request, even where it has it already', async () => {
    const rule = { membershipRule: 'user.city -eq "Oslo"', membershipRuleProcessingState: 'On' };
    const live = { id: ID, displayName: 'Oslo', groupTypes: [], ...rule };
    const client = graph({ [BIN]: { id: ID }, [`/groups/${ID}`]: live });
    const wanted = { displayName: 'Oslo', groupTypes: ['DynamicMembership'], ...rule };
    await restore(
      client,
      'group',
      Object.entries(wanted).map(([path, desired]) => ({ path, desired })),
    );
    const body = { groupTypes: ['DynamicMembership'], ...rule };
    expect(writes(client)).toEqual([`POST ${BIN}/restore`, `PATCH /groups/${ID} ${JSON.stringify(body)}`]);
  });

  it('is brought there but for a part that cannot be read, which nobody waits for', async () => {
    const client = graph({
      [BIN]: { id: ID },
      [`/users/${ID}`]: { id: ID, department: 'x' },
      [part]: refusal(403, 'Denied', 'no'),
    });
    expect(await restore(client, 'user', set)).toEqual({
      results: [
        {
          n: 1,
          outcome: 'done',
          refused: [{ path: 'perUserMfaState', reason: 'It could not be read: 403 Denied: no' }],
        },
      ],
      waits: [],
    });
    expect(writes(client)).toEqual([`POST ${BIN}/restore`, `PATCH /users/${ID} {"department":"y"}`]);
  });

  it('that is a policy is not enabled without the conditions that cannot be written', async () => {
    const at = `/identity/conditionalAccess/policies/${ID}`;
    const bin = `/identity/conditionalAccess/deletedItems/policies/${ID}`;
    const odd = { users: { includeUsers: ['All'] }, newCondition: { a: 1 } };
    const enable = [
      { path: 'state', desired: 'enabled' },
      { path: 'conditions', desired: { users: { includeUsers: ['All'], excludeUsers: [APP] } } },
    ];
    const client = graph({ [bin]: { id: ID }, [at]: { id: ID, state: 'disabled', conditions: odd } });
    const { results } = await restore(client, 'conditionalAccessPolicy', enable);
    expect(results[0]?.refused?.map(({ path }) => path)).toEqual(['conditions', 'state']);
    expect(writes(client)).toEqual([`POST ${bin}/restore`]);
    const disable = enable.map((value) => (value.path === 'state' ? { ...value, desired: 'disabled' } : value));
    const loosened = graph({ [bin]: { id: ID }, [at]: { id: ID, state: 'enabled', conditions: odd } });
    await restore(loosened, 'conditionalAccessPolicy', disable);
    expect(writes(loosened)).toEqual([`POST ${bin}/restore`, `PATCH ${at} {"state":"disabled"}`]);
  });

  it('is written what is its own of a value into which Graph mixes that of another', async () => {
    const raw = { id: ID, appId: APP, tags: ['app', 'late'], servicePrincipalNames: [APP, 'api://app'] };
    const client = graph({
      [BIN]: { id: ID },
      [`/servicePrincipals/${ID}`]: raw,
      [`/applications(appId='${APP}')`]: { tags: ['app'], identifierUris: ['api://app'] },
    });
    const wanted = [
      { path: 'tags', desired: ['own'] },
      { path: 'servicePrincipalNames', desired: [APP, 'api://own'] },
    ];
    expect((await restore(client, 'servicePrincipal', wanted)).results).toEqual([{ n: 1, outcome: 'done' }]);
    expect(writes(client)).toEqual([
      `POST ${BIN}/restore`,
      `PATCH /servicePrincipals/${ID} {"tags":["own"],"servicePrincipalNames":["${APP}","api://own","api://app"]}`,
    ]);
  });
});
