import { describe, expect, it } from 'vitest';
import type { ApplyContext } from '../../src/apply/context.js';
import { applyEdges } from '../../src/apply/edges.js';
import { createWriter } from '../../src/apply/writer.js';
import type { GraphRequest, Outcome } from '../../src/graph/types.js';
import type { ActionResult } from '../../src/model/documents.js';
import type { JsonObject } from '../../src/model/json.js';
import type { LinkAction, PlannedValue } from '../../src/model/plan.js';
import { loadRegistry } from '../../src/registry/load.js';
import { type FakeClient, fakeClient, nullJournal, ok, refusal } from '../support/fake-client.js';
import { typeNamed } from '../support/memory-state.js';

const registry = loadRegistry();
const CLIENT = 'f0000000-0000-4000-8000-00000000000a';
const RESOURCE = 'f0000000-0000-4000-8000-00000000000b';
const ROLE = 'f0000000-0000-4000-8000-00000000000c';
const grant = typeNamed(registry, 'oauth2PermissionGrant');
const assignment = typeNamed(registry, 'appRoleAssignment');

const SET: readonly PlannedValue[] = [
  { path: 'clientId', desired: CLIENT },
  { path: 'resourceId', desired: RESOURCE },
  { path: 'consentType', desired: 'AllPrincipals' },
  { path: 'principalId', desired: null },
  { path: 'scope', desired: 'User.Read' },
];

const raw = (more: JsonObject = {}): JsonObject => ({
  id: 'now',
  clientId: CLIENT,
  resourceId: RESOURCE,
  consentType: 'AllPrincipals',
  principalId: null,
  scope: 'User.Read',
  ...more,
});

function action(kind: 'link' | 'unlink', more: Partial<LinkAction> = {}): LinkAction {
  return {
    n: 1,
    phase: 'links',
    action: kind,
    object: `servicePrincipal/${RESOURCE}`,
    label: 'Resource',
    link: grant.name,
    target: `${CLIENT}_${RESOURCE}`,
    targetLabel: 'Client',
    ...(kind === 'link' ? { set: SET } : {}),
    ...more,
  };
}

/** Grants as Graph holds them; `refuse` refuses a write, before or after it had its effect. */
function grantsClient(
  grants: JsonObject[],
  refuse: (request: GraphRequest) => { readonly outcome: Outcome; readonly after?: boolean } | undefined = () =>
    undefined,
): FakeClient {
  const write = ({ method, path, body }: GraphRequest): Outcome => {
    const at = grants.findIndex(({ id }) => path.endsWith(`/${String(id)}`));
    if (method === 'POST') grants.push({ id: 'made', ...(body as JsonObject) });
    else if (at === -1) return refusal(404, 'Request_ResourceNotFound');
    else if (method === 'PATCH') grants[at] = { ...grants[at], ...(body as JsonObject) };
    else grants.splice(at, 1);
    return ok(undefined, 204);
  };
  return fakeClient((request) => {
    if (request.method === 'GET') return refuse(request)?.outcome ?? ok({ value: [...grants] });
    const refused = refuse(request);
    if (refused === undefined) return write(request);
    if (refused.after === true) write(request);
    return refused.outcome;
  });
}

async function run(client: FakeClient, actions: readonly LinkAction[], type = grant): Promise<ActionResult[]> {
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
  await applyEdges(context, type, actions);
  return results;
}

const writes = (client: FakeClient) =>
  client.sent.flatMap(({ method, path, body }) => (method === 'GET' ? [] : [{ method, path, body }]));

describe('an edge that Graph names by what is no id', () => {
  it('is not touched: the path would lead to its owner', async () => {
    const held = { principalId: CLIENT, resourceId: RESOURCE, appRoleId: ROLE };
    const target = `${CLIENT}_${RESOURCE}_${ROLE}`;
    for (const of of [{ id: '..' }, { id: '.' }, { id: '' }, {}]) {
      const client = fakeClient(() => ok({ value: [{ ...held, ...of }] }));
      const results = await run(client, [action('unlink', { link: assignment.name, target })], assignment);
      expect(results).toMatchObject([{ n: 1, outcome: 'failed' }]);
      expect(writes(client)).toEqual([]);
    }
  });
});

describe('an edge that should be there', () => {
  it('is made of what the plan says, in the collection of its owner', async () => {
    const client = grantsClient([]);
    expect(await run(client, [action('link')])).toEqual([{ n: 1, outcome: 'done' }]);
    const { id: _, ...body } = raw();
    expect(writes(client)).toEqual([{ method: 'POST', path: '/oauth2PermissionGrants', body }]);
    const other = fakeClient(({ method }) => (method === 'GET' ? ok({ value: [] }) : ok({}, 201)));
    const target = `${CLIENT}_${RESOURCE}_${ROLE}`;
    await run(other, [action('link', { link: assignment.name, target, set: [] })], assignment);
    expect(writes(other)[0]?.path).toBe(`/servicePrincipals/${RESOURCE}/appRoleAssignedTo`);
  });

  it('is left alone when it is there already, whatever it holds: the plan was made when it was not', async () => {
    for (const scope of ['User.Read', 'Mail.Read']) {
      const client = grantsClient([raw({ scope })]);
      expect(await run(client, [action('link')])).toEqual([
        { n: 1, outcome: 'skipped', reason: 'The link is there already.', alreadyThere: true },
      ]);
      expect(writes(client)).toEqual([]);
    }
  });

  it('is done when it came back with an object that the plan restored', async () => {
    const client = grantsClient([raw({ id: 'other', scope: 'User.Read' })]);
    expect(await run(client, [action('link', { conditional: true })])).toEqual([
      { n: 1, outcome: 'done', alreadyThere: true },
    ]);
    expect(writes(client)).toEqual([]);
  });

  it('is changed where it came back holding something else', async () => {
    const grants = [raw({ scope: 'Mail.Read User.Read' })];
    const client = grantsClient(grants);
    expect(await run(client, [action('link', { conditional: true })])).toEqual([{ n: 1, outcome: 'done' }]);
    expect(writes(client)).toEqual([
      { method: 'PATCH', path: '/oauth2PermissionGrants/now', body: { scope: 'User.Read' } },
    ]);
    expect(grants[0]?.scope).toBe('User.Read');
  });

  it('is not done when the change of what came back was refused', async () => {
    const client = grantsClient([raw({ scope: 'Mail.Read' })], ({ method }) =>
      method === 'PATCH' ? { outcome: refusal(403, 'Denied', 'no') } : undefined,
    );
    expect(await run(client, [action('link', { conditional: true })])).toEqual([
      { n: 1, outcome: 'failed', reason: '403 Denied: no' },
    ]);
  });

  it('is done when it was refused as there already: a repeated request finds the effect of the first', async () => {
    const client = grantsClient([], ({ method }) =>
      method === 'POST' ? { outcome: refusal(409, 'Request_MultipleObjectsWithSameKeyValue'), after: true } : undefined,
    );
    expect(await run(client, [action('link')])).toEqual([{ n: 1, outcome: 'done' }]);
  });

  it('has failed when it was refused and is not there', async () => {
    const client = grantsClient([], ({ method }) =>
      method === 'POST' ? { outcome: refusal(403, 'Denied', 'no') } : undefined,
    );
    expect(await run(client, [action('link')])).toEqual([{ n: 1, outcome: 'failed', reason: '403 Denied: no' }]);
  });
});

describe('an edge that should not be there', () => {
  it('is removed by the id that it has now', async () => {
    const grants = [raw({ id: 'another-id', clientId: CLIENT.toUpperCase() }), raw({ id: 'x', clientId: ROLE })];
    const client = grantsClient(grants);
    expect(await run(client, [action('unlink')])).toEqual([{ n: 1, outcome: 'done' }]);
    expect(writes(client)).toEqual([{ method: 'DELETE', path: '/oauth2PermissionGrants/another-id', body: undefined }]);
    expect(grants.map(({ id }) => id)).toEqual(['x']);
  });

  it('is skipped when it is gone, and done where it may have gone with a restored object', async () => {
    const client = grantsClient([]);
    expect(await run(client, [action('unlink'), action('unlink', { n: 2, conditional: true })])).toEqual([
      { n: 1, outcome: 'skipped', reason: 'The link is gone already.', alreadyThere: true },
      { n: 2, outcome: 'done', alreadyThere: true },
    ]);
    expect(writes(client)).toEqual([]);
  });

  it('is done when its removal finds nothing, though lists still show it or cannot be read', async () => {
    for (const [again, after] of [
      [undefined, true],
      [undefined, false],
      [refusal(503, 'Busy'), true],
    ] as const) {
      let removed = false;
      const client = grantsClient([raw()], ({ method }) => {
        if (method === 'GET') return removed && again !== undefined ? { outcome: again } : undefined;
        removed = true;
        return { outcome: refusal(404, 'Request_ResourceNotFound'), after };
      });
      expect(await run(client, [action('unlink')])).toEqual([{ n: 1, outcome: 'done' }]);
    }
  });

  it('has failed when its removal was refused and it is still there, or cannot be seen', async () => {
    let asked = 0;
    for (const second of [undefined, refusal(503, 'Busy')]) {
      asked = 0;
      const client = grantsClient([raw()], ({ method }) => {
        if (method === 'GET') return asked++ > 0 && second !== undefined ? { outcome: second } : undefined;
        return { outcome: refusal(403, 'Denied', 'no') };
      });
      expect(await run(client, [action('unlink')])).toEqual([{ n: 1, outcome: 'failed', reason: '403 Denied: no' }]);
    }
  });
});

describe('edges', () => {
  it('that cannot be read are not touched', async () => {
    const client = grantsClient([], () => ({ outcome: refusal(403, 'Denied', 'no') }));
    for (const kind of ['link', 'unlink'] as const)
      expect(await run(client, [action(kind)])).toEqual([
        { n: 1, outcome: 'failed', reason: 'It could not be read: 403 Denied: no' },
      ]);
    expect(writes(client)).toEqual([]);
  });

  it('have one result each, and one that is refused does not keep back the others', async () => {
    const others = [ROLE, RESOURCE].map((client, index) =>
      action('link', {
        n: index + 2,
        target: `${client}_${RESOURCE}`,
        set: SET.map((value) => (value.path === 'clientId' ? { ...value, desired: client } : value)),
      }),
    );
    const client = grantsClient([], ({ method, body }) =>
      method === 'POST' && (body as JsonObject).clientId === ROLE ? { outcome: refusal(400, 'Bad', 'no') } : undefined,
    );
    const results = await run(client, [action('link'), ...others]);
    expect(results.map(({ n, outcome }) => [n, outcome])).toEqual([
      [1, 'done'],
      [2, 'failed'],
      [3, 'done'],
    ]);
  });

  it('of one owner are read once', async () => {
    const client = grantsClient([]);
    await run(client, [action('link'), action('link', { n: 2, target: `${ROLE}_${RESOURCE}` })]);
    expect(client.sent.filter(({ method }) => method === 'GET').length).toBe(1);
  });
});
