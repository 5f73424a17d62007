/** From the reading to the plan: what could not be read is neither made, changed nor removed. */

import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/model/json.js';
import { isLinkAction } from '../../src/model/plan.js';
import { loadRegistry } from '../../src/registry/load.js';
import { refusal } from '../support/fake-client.js';
import { type Answers, tenant } from '../support/fake-tenant.js';
import { EVERYTHING, memoryRepository } from '../support/memory-state.js';

const id = (last: string) => `f0000000-0000-4000-8000-00000000000${last}`;
const [ADA, EVE, CRM, MAIL, APP, ROLE] = ['1', '2', 'a', 'b', 'd', 'c'].map(id) as [
  string,
  string,
  string,
  string,
  string,
  string,
];
const REFUSED = refusal(403, 'Authorization_RequestDenied', 'no');
const ALL = { ...EVERYTHING, allowDelete: ['*'] };

const assigned = (who: string, where: string): JsonObject => ({
  id: `${who}-${where}`,
  principalId: who,
  resourceId: where,
  appRoleId: ROLE,
});
const assignedTo = (of: string) => `/servicePrincipals/${of}/appRoleAssignedTo`;
const BEFORE: Answers = {
  '/users': [ADA, EVE].map((of) => ({ id: of, displayName: of, userPrincipalName: `${of}@x` })),
  '/applications': [{ id: APP, appId: APP, displayName: 'CRM', tags: ['app'] }],
  '/servicePrincipals': [
    { id: CRM, appId: APP, displayName: 'CRM', appRoleAssignmentRequired: false, tags: ['app', 'own'], notes: 'a' },
    { id: MAIL, appId: MAIL, displayName: 'Mail', appRoleAssignmentRequired: false },
  ],
  [assignedTo(CRM)]: [assigned(ADA, CRM)],
  [assignedTo(MAIL)]: [assigned(ADA, MAIL)],
};
/** The same tenant after somebody changed its edges, and what is its own of one value. */
const AFTER: Answers = {
  ...BEFORE,
  '/servicePrincipals': [
    { id: CRM, appId: APP, displayName: 'CRM', appRoleAssignmentRequired: false, tags: ['app', 'evil'], notes: 'b' },
    { id: MAIL, appId: MAIL, displayName: 'Mail', appRoleAssignmentRequired: false },
  ],
  [assignedTo(CRM)]: [assigned(EVE, CRM)],
  [assignedTo(MAIL)]: [assigned(EVE, MAIL)],
};

async function planned(answers: Answers) {
  const repository = memoryRepository(loadRegistry(), () => new Date('2026-11-20T00:00:00Z'));
  const desired = repository.backup(await repository.read(tenant(BEFORE), undefined));
  const live = await repository.read(tenant(answers), desired, desired);
  const { actions, blocked, kept } = await repository.plan(desired, live, ALL);
  expect([blocked, kept]).toEqual([[], []]);
  return actions.flatMap((action) =>
    isLinkAction(action)
      ? [`${action.action} ${action.target}`]
      : action.set.map(({ path }) => `${action.action} ${action.object} ${path}`),
  );
}

const [TAGS, NOTES] = ['tags', 'notes'].map((name) => `update servicePrincipal/${CRM} ${name}`);
const swapped = (where: string) => [`link ${ADA}_${where}_${ROLE}`, `unlink ${EVE}_${where}_${ROLE}`];

describe('what is planned', () => {
  it('is everything where everything was read', async () => {
    const all = [TAGS, NOTES, ...swapped(CRM), ...swapped(MAIL)];
    expect((await planned(AFTER)).sort()).toEqual(all.sort());
  });

  it('has no edge of an owner whose edges were refused, and makes none at all: the type was not read whole', async () => {
    const some = [TAGS, NOTES, ...swapped(MAIL).slice(1)];
    expect((await planned({ ...AFTER, [assignedTo(CRM)]: REFUSED })).sort()).toEqual(some.sort());
  });

  it('has no edge where the owners could not all be read', async () => {
    const owners = [AFTER['/servicePrincipals'] as JsonObject[], [{ refused: true }]];
    expect((await planned({ ...AFTER, '/servicePrincipals': owners })).sort()).toEqual([TAGS, NOTES].sort());
  });

  it('has no value that could not be told from what another object mixes in', async () => {
    const some = [NOTES, ...swapped(CRM), ...swapped(MAIL)];
    expect((await planned({ ...AFTER, '/applications': REFUSED })).sort()).toEqual(some.sort());
  });

  it('has nothing where edges were made again as they were', async () => {
    const again = { ...assigned(ADA, CRM), id: 'new' };
    expect(await planned({ ...BEFORE, [assignedTo(CRM)]: [again] })).toEqual([]);
  });
});
