import { describe, expect, it } from 'vitest';
import type { LiveState } from '../../src/collect/types.js';
import type { JsonObject } from '../../src/model/json.js';
import { type ObjectKey, typeOf } from '../../src/model/object.js';
import { coversType } from '../../src/state/trailers.js';
import { ok, refusal } from '../support/fake-client.js';
import { type Answers, backup, read, tenant } from '../support/fake-tenant.js';

const id = (last: string) => `f0000000-0000-4000-8000-00000000000${last}`;
const [ADA, CRM, MAIL, ROLE] = ['1', 'a', 'b', 'c'].map(id) as [string, string, string, string];
const REFUSED = refusal(403, 'Authorization_RequestDenied', 'no');

const principal = (of: string): JsonObject => ({ id: of, appId: of, displayName: of });
const assigned = (who: string, where: string, as = 'e-1'): JsonObject => ({
  id: as,
  principalId: who,
  resourceId: where,
  appRoleId: ROLE,
  principalType: 'User',
});
const granted = (client: string, resource: string, scope = 'User.Read'): JsonObject => ({
  id: `g-${client}`,
  clientId: client,
  resourceId: resource,
  consentType: 'AllPrincipals',
  principalId: null,
  scope,
});
const assignedTo = (of: string) => `/servicePrincipals/${of}/appRoleAssignedTo`;
const key = (who: string, where: string): ObjectKey => `appRoleAssignment/${who}_${where}_${ROLE}`;

const BEFORE: Answers = {
  '/users': [{ id: ADA, displayName: 'Ada', userPrincipalName: 'ada@x' }],
  '/servicePrincipals': [principal(CRM), principal(MAIL)],
  [assignedTo(CRM)]: [assigned(ADA, CRM), assigned(MAIL, CRM)],
  [assignedTo(MAIL)]: [assigned(ADA, MAIL)],
  '/oauth2PermissionGrants': [granted(CRM, MAIL)],
  '/roleManagement/directory/roleAssignments': [
    { id: 'r-1', roleDefinitionId: ROLE, principalId: ADA, directoryScopeId: '/' },
  ],
};
const before = await read(BEFORE);
const previous = backup(before);
const keysOf = (state: LiveState, type: string) => [...state.ids.keys()].filter((each) => typeOf(each) === type).sort();

describe('edges', () => {
  it('are known by what they connect, not by the ids that Graph gave them', async () => {
    expect(keysOf(before, 'appRoleAssignment')).toEqual([key(ADA, CRM), key(ADA, MAIL), key(MAIL, CRM)].sort());
    expect(keysOf(before, 'oauth2PermissionGrant')).toEqual([`oauth2PermissionGrant/${CRM}_${MAIL}`]);
    expect(keysOf(before, 'roleAssignment')).toEqual([`roleAssignment/${ROLE}_${ADA}_`]);
    for (const object of before.objects.values())
      if (object.key.includes('_')) expect(object.properties.id).toBeUndefined();
    const again = await read(
      { ...BEFORE, [assignedTo(CRM)]: [assigned(MAIL.toUpperCase(), CRM, 'e-8'), assigned(ADA, CRM, 'e-9')] },
      { previous },
    );
    expect(new Map([...again.ids].sort())).toEqual(new Map([...before.ids].sort()));
  });

  it('are listed owner by owner where they have no list, and all at once where they have one', async () => {
    const client = tenant(BEFORE);
    await read(BEFORE, { client });
    const asked = client.sent.map(({ path }) => path.split('?')[0]);
    expect(asked.filter((path) => path?.endsWith('/appRoleAssignedTo'))).toEqual([assignedTo(CRM), assignedTo(MAIL)]);
    expect(asked.filter((path) => path === '/oauth2PermissionGrants').length).toBe(1);
  });

  it('that are gone are gone, and so are those of an owner that is', async () => {
    const state = await read({ ...BEFORE, [assignedTo(CRM)]: [assigned(ADA, CRM)] }, { previous });
    expect(keysOf(state, 'appRoleAssignment')).toEqual([key(ADA, CRM), key(ADA, MAIL)].sort());
    const alone = await read(
      {
        ...BEFORE,
        '/servicePrincipals': [principal(MAIL)],
        [assignedTo(CRM)]: refusal(404, 'Request_ResourceNotFound'),
      },
      { previous },
    );
    expect(keysOf(alone, 'appRoleAssignment')).toEqual([key(ADA, MAIL)]);
    for (const { coverage, unknown } of [state, alone]) expect([coverage.gaps, unknown.size]).toEqual([[], 0]);
  });

  it('that their list leaves out are there when their owner names them', async () => {
    const grants = `/oauth2PermissionGrants?resourceId eq '${MAIL}'`;
    const state = await read(
      { ...BEFORE, '/oauth2PermissionGrants': [], [grants]: [granted(CRM, MAIL)] },
      { previous },
    );
    expect(state.ids).toEqual(before.ids);
  });
});

describe('unknown is not empty:', () => {
  it('edges of an owner that was refused are those last seen, and the type has a gap', async () => {
    const state = await read({ ...BEFORE, [assignedTo(CRM)]: REFUSED }, { previous });
    expect(state.ids).toEqual(before.ids);
    expect(state.unknown).toEqual(new Set([key(ADA, CRM), key(MAIL, CRM)]));
    expect(state.coverage.gaps).toEqual([
      {
        what: 'appRoleAssignment',
        status: 'partial',
        reason: '403 Authorization_RequestDenied: no',
        objects: 1,
        keptFrom: before.captured.start,
      },
    ]);
    expect(coversType(state.coverage, 'appRoleAssignment')).toBe(false);
    const both = await read({ ...BEFORE, [assignedTo(CRM)]: REFUSED, [assignedTo(MAIL)]: REFUSED }, { previous });
    expect([both.unknown.size, both.coverage.gaps[0]?.objects]).toEqual([3, 2]);
  });

  it('a list of edges that was cut short keeps the edges of that owner', async () => {
    const items = { value: [assigned(ADA, CRM)], '@odata.nextLink': 'https://elsewhere.example/v1.0/x' };
    const state = await read(
      { ...BEFORE, [assignedTo(CRM)]: { ok: true, answer: { status: 200, body: items } } },
      { previous },
    );
    expect(state.ids).toEqual(before.ids);
    expect(state.unknown).toEqual(new Set([key(ADA, CRM), key(MAIL, CRM)]));
  });

  it('all edges are those last seen where it is not known which owners there are', async () => {
    for (const owners of [REFUSED, [[principal(CRM)], [{ refused: true }]]]) {
      const state = await read({ ...BEFORE, '/servicePrincipals': owners }, { previous });
      expect(keysOf(state, 'appRoleAssignment')).toEqual(keysOf(before, 'appRoleAssignment'));
      expect([...state.unknown].filter((each) => typeOf(each) === 'appRoleAssignment').length).toBe(3);
      expect(state.coverage.gaps).toContainEqual({
        what: 'appRoleAssignment',
        status: 'not-collected',
        reason: 'servicePrincipal could not be read whole.',
        keptFrom: before.captured.start,
      });
    }
  });

  it('edges of an owner that was listed, and is not found when they are read, are those last seen', async () => {
    const gone = refusal(404, 'Request_ResourceNotFound');
    const state = await read({ ...BEFORE, [assignedTo(CRM)]: gone }, { previous });
    expect(state.ids).toEqual(before.ids);
    expect(state.unknown).toEqual(new Set([key(ADA, CRM), key(MAIL, CRM)]));
    expect(coversType(state.coverage, 'appRoleAssignment')).toBe(false);
  });

  it('edges that are not listed while it is not known where an end of them is are those last seen', async () => {
    const [user, bin] = [{ '/users': [] }, { '/directory/deletedItems/microsoft.graph.user': REFUSED }];
    const without = { [assignedTo(CRM)]: [assigned(MAIL, CRM)], [assignedTo(MAIL)]: [] };
    const state = await read({ ...BEFORE, ...user, ...bin, ...without }, { previous });
    expect(state.unknown).toEqual(new Set([`user/${ADA}`, key(ADA, CRM), key(ADA, MAIL)]));
    expect(state.ids).toEqual(before.ids);
    expect(coversType(state.coverage, 'appRoleAssignment')).toBe(false);
    const known = await read({ ...BEFORE, ...user, ...without }, { previous });
    expect(keysOf(known, 'appRoleAssignment')).toEqual([key(MAIL, CRM)]);
    expect(known.coverage.gaps).toEqual([]);
  });

  it('an owner that its list left out is asked for its edges once it was found', async () => {
    const late = { '/servicePrincipals': [principal(MAIL)], [`/servicePrincipals/${CRM}`]: ok(principal(CRM)) };
    const more = { [assignedTo(CRM)]: [assigned(ADA, CRM), assigned(MAIL, CRM), assigned(CRM, CRM)] };
    const state = await read({ ...BEFORE, ...late, ...more }, { previous });
    expect(keysOf(state, 'appRoleAssignment')).toContain(key(CRM, CRM));
    expect(state.coverage.gaps).toEqual([]);
  });

  it('a list of all edges that was refused keeps every one of them', async () => {
    for (const path of ['/oauth2PermissionGrants', '/roleManagement/directory/roleAssignments']) {
      const state = await read({ ...BEFORE, [path]: REFUSED }, { previous });
      expect(state.ids).toEqual(before.ids);
      expect([state.unknown.size, state.coverage.gaps.length]).toEqual([1, 1]);
    }
  });

  it('an edge that does not say what it connects makes the list partial', async () => {
    const { resourceId: _, ...odd } = assigned(ADA, CRM);
    const state = await read({ ...BEFORE, [assignedTo(CRM)]: [odd] }, { previous });
    expect(coversType(state.coverage, 'appRoleAssignment')).toBe(false);
  });
});

describe('edges of owners that nobody asked for', () => {
  it('are read all the same: their owners are looked up, and are not in the state', async () => {
    const state = await read(BEFORE, { types: ['appRoleAssignment'] });
    expect(keysOf(state, 'appRoleAssignment')).toEqual(keysOf(before, 'appRoleAssignment'));
    expect(keysOf(state, 'servicePrincipal')).toEqual([]);
  });

  it('are those last seen where their owners cannot be looked up', async () => {
    const state = await read({ ...BEFORE, '/servicePrincipals': REFUSED }, { types: ['appRoleAssignment'], previous });
    expect([...state.unknown].filter((each) => typeOf(each) === 'appRoleAssignment').length).toBe(3);
    expect(state.coverage.gaps).toMatchObject([{ what: 'appRoleAssignment', status: 'not-collected' }]);
  });
});

describe('edges of an owner that is excluded', () => {
  const excluded = new Set<ObjectKey>([`servicePrincipal/${CRM}`, `servicePrincipal/${MAIL}`]);

  it('are left out with it, whether they are listed by owner or all at once, and known or not', async () => {
    for (const given of [{ excluded }, { excluded, previous }, { excluded, types: ['appRoleAssignment'] }]) {
      const state = await read(BEFORE, given);
      expect([...keysOf(state, 'appRoleAssignment'), ...keysOf(state, 'oauth2PermissionGrant')]).toEqual([]);
      expect(state.coverage.excluded).toEqual([...excluded]);
    }
  });

  it('are left out where their lists were refused, too', async () => {
    const state = await read(
      { ...BEFORE, '/servicePrincipals': REFUSED, '/oauth2PermissionGrants': REFUSED },
      { excluded, previous },
    );
    expect([...keysOf(state, 'appRoleAssignment'), ...keysOf(state, 'oauth2PermissionGrant')]).toEqual([]);
  });

  it('are not missing where somebody else at their end is excluded', async () => {
    const state = await read(BEFORE, { excluded: new Set<ObjectKey>([`user/${ADA}`]), previous });
    expect(keysOf(state, 'appRoleAssignment')).toEqual(keysOf(before, 'appRoleAssignment'));
  });
});
