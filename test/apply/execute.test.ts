/** Whole plans: links of objects and edges that they own, one after the other, each with one result. */

import { describe, expect, it } from 'vitest';
import { execute } from '../../src/apply/execute.js';
import { createWriter } from '../../src/apply/writer.js';
import type { JsonObject } from '../../src/model/json.js';
import type { Action, LinkAction, Plan } from '../../src/model/plan.js';
import { loadRegistry } from '../../src/registry/load.js';
import { fakeClient, nullJournal, ok, refusal } from '../support/fake-client.js';

const id = (last: string) => `f0000000-0000-4000-8000-00000000000${last}`;
const [ADA, TEAM, CRM, ROLE] = ['1', '2', 'a', 'c'].map(id) as [string, string, string, string];

const link = (n: number, object: LinkAction['object'], name: string, target: string, more: Partial<LinkAction> = {}) =>
  ({
    n,
    phase: 'links',
    action: 'link',
    object,
    label: '',
    link: name,
    target,
    targetLabel: '',
    ...more,
  }) as LinkAction;

function run(actions: readonly Action[], answers: Readonly<Record<string, readonly JsonObject[]>>) {
  const client = fakeClient(({ method, path }) => {
    if (method !== 'GET') return Object.keys(answers).length === 0 ? refusal(404, 'NotFound') : ok(undefined, 204);
    const found = answers[path.split('?')[0] ?? ''];
    return found === undefined ? refusal(404, 'Request_ResourceNotFound') : ok({ value: [...found] });
  });
  const results = execute({ actions, scope: { exclude: [] } } as unknown as Plan, {
    client,
    registry: loadRegistry(),
    writer: createWriter(client, nullJournal()),
    sleep: async () => undefined,
    progress: () => undefined,
    signal: new AbortController().signal,
  });
  return { client, results };
}

describe('links and edges', () => {
  const key = `${ADA}_${CRM}_${ROLE}`;
  const set = [{ path: 'principalId', desired: ADA }];

  it('are carried out together, each by its own request, and every action has its result', async () => {
    const { client, results } = run(
      [
        link(1, `group/${TEAM}`, 'members', ADA),
        link(2, `servicePrincipal/${CRM}`, 'appRoleAssignment', key, { set }),
        link(3, `servicePrincipal/${CRM}`, 'oauth2PermissionGrant', `${CRM}_${CRM}`, { set: [] }),
        link(4, `servicePrincipal/${CRM}`, 'appRoleAssignment', `${TEAM}_${CRM}_${ROLE}`, { action: 'unlink' }),
      ],
      {
        [`/groups/${TEAM}/members`]: [],
        [`/servicePrincipals/${CRM}/appRoleAssignedTo`]: [
          { id: 'e', principalId: TEAM, resourceId: CRM, appRoleId: ROLE },
        ],
        '/oauth2PermissionGrants': [],
      },
    );
    expect((await results).map(({ n, outcome }) => [n, outcome])).toEqual([1, 2, 3, 4].map((n) => [n, 'done']));
    expect(client.sent.flatMap(({ method, path }) => (method === 'GET' ? [] : [`${method} ${path}`]))).toEqual([
      `PATCH /groups/${TEAM}`,
      `POST /servicePrincipals/${CRM}/appRoleAssignedTo`,
      'POST /oauth2PermissionGrants',
      `DELETE /servicePrincipals/${CRM}/appRoleAssignedTo/e`,
    ]);
  });

  it('whose owner is gone: what was to be made has failed, and what was to be removed is gone', async () => {
    const owner = `servicePrincipal/${CRM}` as const;
    const { results } = run(
      [
        link(1, owner, 'appRoleAssignment', key, { set }),
        link(2, owner, 'appRoleAssignment', `${TEAM}_${CRM}_${ROLE}`, { action: 'unlink' }),
      ],
      {},
    );
    expect((await results).map(({ n, outcome }) => [n, outcome])).toEqual([
      [1, 'failed'],
      [2, 'skipped'],
    ]);
  });
});
