/** A plan that somebody wrote by hand: what it may ask for is what its backup holds, and no more. */

import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/model/json.js';
import type { DirectoryObject, ObjectKey } from '../../src/model/object.js';
import type { Action, LinkAction, ObjectAction, Plan } from '../../src/model/plan.js';
import { refuseForeignValues } from '../../src/plan-origin.js';
import { loadRegistry } from '../../src/registry/load.js';
import { canonicalise } from '../../src/state/canonical.js';
import type { CommittedState } from '../../src/states.js';
import { type MadeUp, stateOf, typeNamed } from '../support/memory-state.js';

const registry = loadRegistry();
const id = (last: string) => `f0000000-0000-4000-8000-00000000000${last}`;
const [ADA, CRM, MAIL, ROLE] = ['1', 'a', 'b', 'c'].map(id) as [string, string, string, string];

function object(type: string, raw: JsonObject): DirectoryObject {
  const found = canonicalise(typeNamed(registry, type), raw, { deleted: null, links: {} });
  if (found === undefined) throw new Error(`no canonical form of a ${type}`);
  return found.object;
}

const assignment = object('appRoleAssignment', { principalId: ADA, resourceId: CRM, appRoleId: ROLE });
const grant = object('oauth2PermissionGrant', {
  clientId: MAIL,
  resourceId: CRM,
  consentType: 'AllPrincipals',
  scope: 'User.Read',
});
const held = object('roleAssignment', { roleDefinitionId: ROLE, principalId: ADA, directoryScopeId: '/' });
const group = (last: string, members?: readonly string[]): DirectoryObject => {
  const made = object('group', { id: id(last), displayName: 'Staff', groupTypes: [], mailEnabled: false });
  return { ...made, links: members === undefined ? {} : { members } };
};
const [STAFF, UNREAD] = [group('d', [ADA, MAIL]), group('e')];
const BACKUP = [
  STAFF,
  UNREAD,
  object('servicePrincipal', { id: CRM, displayName: 'CRM' }),
  object('servicePrincipal', { id: MAIL, displayName: 'Mail' }),
  assignment,
  grant,
  held,
];
const GRANT = { clientId: MAIL, resourceId: CRM, consentType: 'AllPrincipals', principalId: null, scope: 'User.Read' };
const ASSIGNMENT = { principalId: ADA, resourceId: CRM, appRoleId: ROLE };

const setOf = (values: JsonObject) => Object.entries(values).map(([path, desired]) => ({ path, desired }));

function edge(kind: 'link' | 'unlink', link: string, target: string, more: Partial<LinkAction> = {}): LinkAction {
  const object: ObjectKey = `servicePrincipal/${CRM}`;
  return { n: 1, phase: 'links', action: kind, object, label: '', link, target, targetLabel: '', ...more };
}

const grantTo = (scope: JsonObject = {}, more: Partial<LinkAction> = {}) =>
  edge('link', 'oauth2PermissionGrant', `${MAIL}_${CRM}`, { set: setOf({ ...GRANT, ...scope }), ...more });
const assign = (values: JsonObject = ASSIGNMENT, more: Partial<LinkAction> = {}) =>
  edge('link', 'appRoleAssignment', `${ADA}_${CRM}_${ROLE}`, { set: setOf(values), ...more });
const step = (kind: ObjectAction['action'], of: ObjectKey): ObjectAction => ({
  n: 1,
  phase: 'objects',
  rank: 0,
  action: kind,
  object: of,
  label: '',
  set: [],
});

interface Given extends MadeUp {
  readonly excluded?: readonly ObjectKey[];
  readonly types?: readonly string[];
  readonly blocked?: Plan['blocked'];
}

function checked(action: Action, { excluded = [], types, blocked = [], ...more }: Given = {}): Promise<void> {
  const state = stateOf(registry, BACKUP, { kind: 'backup', ...more }) as CommittedState;
  const considered = {
    registry,
    types: registry.types.filter(({ name }) => types?.includes(name) ?? true),
    excluded: new Set(excluded),
  };
  return refuseForeignValues(considered, { actions: [action], blocked } as unknown as Plan, state);
}

const { scope: _, ...WITHOUT_SCOPE } = GRANT;
const partial = [{ what: 'appRoleAssignment', status: 'partial' as const, reason: '403' }];

const FORGED: readonly (readonly [string, Action, Given?])[] = [
  ['removes an edge that is there', edge('unlink', 'appRoleAssignment', `${ADA}_${CRM}_${ROLE}`)],
  ['makes an edge that is not there', edge('link', 'appRoleAssignment', `${MAIL}_${CRM}_${ROLE}`, { set: [] })],
  ['grants something else', grantTo({ scope: 'Directory.ReadWrite.All' })],
  ['grants something more', grantTo({ scope: 'User.Read Directory.ReadWrite.All' })],
  ['grants to somebody else under the name of one that is there', grantTo({ clientId: ADA })],
  ['holds a value that edges do not have', grantTo({ startTime: '2026-01-01T00:00:00Z' })],
  ['leaves out what an edge connects', assign({ principalId: ADA, resourceId: CRM })],
  ['leaves out all of it', edge('link', 'appRoleAssignment', `${ADA}_${CRM}_${ROLE}`)],
  ['leaves out what an edge holds', grantTo({}, { set: setOf(WITHOUT_SCOPE) })],
  ['makes it for another owner', assign(ASSIGNMENT, { object: `servicePrincipal/${MAIL}` })],
  ['makes it for an object that owns no such edges', assign(ASSIGNMENT, { object: `user/${CRM}` })],
  ['removes it from another owner', edge('unlink', 'appRoleAssignment', `${ADA}_${MAIL}_${ROLE}`)],
  ['names no edge', edge('unlink', 'appRoleAssignment', ADA)],
  [
    'makes an edge that is only read',
    edge('link', 'roleAssignment', `${ROLE}_${ADA}_`, { object: `roleDefinition/${ROLE}`, set: [] }),
  ],
  [
    'removes an edge that is only read',
    edge('unlink', 'roleAssignment', `${ROLE}_${MAIL}_`, { object: `roleDefinition/${ROLE}` }),
  ],
  [
    'removes what the backup did not read',
    edge('unlink', 'appRoleAssignment', `${MAIL}_${CRM}_${ROLE}`),
    { gaps: partial },
  ],
  [
    'removes an edge of which the backup knows nothing',
    edge('unlink', 'appRoleAssignment', `${MAIL}_${CRM}_${ROLE}`),
    { unknown: new Set([`appRoleAssignment/${MAIL}_${CRM}_${ROLE}` as ObjectKey]) },
  ],
  [
    'removes an edge of an object that the backup left out',
    edge('unlink', 'appRoleAssignment', `${MAIL}_${CRM}_${ROLE}`),
    { unknown: new Set([`servicePrincipal/${CRM}` as ObjectKey]) },
  ],
  ['deletes an edge as an object', step('soft-delete', `appRoleAssignment/${MAIL}_${CRM}_${ROLE}`)],
  ['deletes an object that would be gone for good', step('soft-delete', `authenticationStrengthPolicy/${ADA}`)],
  ['restores what no recycle bin holds', step('restore', assignment.key)],
];

const member = (kind: 'link' | 'unlink', of: DirectoryObject, target: string) =>
  edge(kind, 'members', target, { object: of.key });
const restored = (of: DirectoryObject, ...members: readonly string[]): ObjectAction => ({
  ...step('restore', of.key),
  links: members.map((target) => ({ link: 'members', target })),
});

describe('a plan about links', () => {
  const said = [{ object: STAFF.key, label: '', path: 'members', code: 'KG510', reason: `(${MAIL})`, remedy: '' }];

  it('is what its backup asks for where it knows them', async () => {
    await checked(member('link', STAFF, ADA));
    await checked(member('unlink', STAFF, CRM));
    await checked(restored(STAFF, ADA, MAIL));
    await checked(restored(STAFF, ADA), { blocked: said });
    await checked(step('restore', UNREAD.key));
  });

  it.each<readonly [string, Action]>([
    ['adds one that is not there', member('link', STAFF, CRM)],
    ['removes one that is there', member('unlink', STAFF, ADA)],
    ['removes one that the backup did not read', member('unlink', UNREAD, ADA)],
    ['restores an object with others', restored(STAFF, ADA, MAIL, CRM)],
    ['restores an object without some, and does not say why', restored(STAFF, ADA)],
    ['restores an object without those that the backup did not read', restored(UNREAD)],
  ])('is refused that %s', async (_, action) => {
    await expect(checked(action)).rejects.toMatchObject({ code: 'KG147', exit: 4 });
  });
});

describe('a plan about edges', () => {
  it('is what its backup asks for where it makes what is there, as it is there, and removes what is not', async () => {
    await checked(grantTo());
    await checked(assign());
    await checked(edge('unlink', 'appRoleAssignment', `${MAIL}_${CRM}_${ROLE}`));
  });

  it.each(FORGED.map(([what, action, given = {}]) => [what, action, given] as const))(
    'is refused that %s',
    async (_, action, given) => {
      await expect(checked(action, given)).rejects.toMatchObject({ code: 'KG147', exit: 4 });
    },
  );

  it.each<readonly [string, Action, Given]>([
    ['of an owner that is excluded', assign(), { excluded: [`servicePrincipal/${CRM}`] }],
    ['that is excluded', assign(), { excluded: [assignment.key] }],
    ['of a type that is not asked for', assign(), { types: ['servicePrincipal'] }],
    [
      'that is written, of an owner that is excluded',
      step('update', grant.key),
      { excluded: [`servicePrincipal/${CRM}`] },
    ],
  ])('is refused that is about an edge %s', async (_, action, given) => {
    await expect(checked(action, given)).rejects.toMatchObject({ code: 'KG148', exit: 4 });
  });

  it('may be about edges of objects that are not asked for themselves', async () => {
    await checked(assign(), { types: ['appRoleAssignment'] });
  });
});
