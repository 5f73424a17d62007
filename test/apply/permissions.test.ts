/** What a denied write lacks, or takes where the token does not say what it holds. */

import { expect, it } from 'vitest';
import { permissionsFor } from '../../src/apply/permissions.js';
import type { GraphRequest, Method } from '../../src/graph/types.js';
import { bearerOf } from '../../src/identity/bearer.js';
import type { JsonObject } from '../../src/model/json.js';
import type { Action, Plan } from '../../src/model/plan.js';
import { loadRegistry } from '../../src/registry/load.js';

const registry = loadRegistry();
const ID = 'a0000000-0000-4000-8000-000000000001';

function explained(action: object, method: Method, path: string, body?: JsonObject, granted?: readonly string[]) {
  const plan = { actions: [{ n: 1, ...action } as Action] } as unknown as Plan;
  const request: GraphRequest = { method, version: 'v1.0', path, ...(body === undefined ? {} : { body }) };
  return permissionsFor(plan, registry, granted === undefined ? undefined : new Set(granted))([1], request);
}

const user = { action: 'update', object: `user/${ID}` };
const link = { action: 'link', object: `group/${ID}`, link: 'members', target: ID };
const edge = { action: 'link', object: `servicePrincipal/${ID}`, link: 'appRoleAssignment', target: 'x' };

it.each([
  ['a property', user, 'PATCH', `/users/${ID}`, { city: 'Ulm' }, 'User.ReadWrite.All'],
  [
    'a property with a permission of its own',
    user,
    'PATCH',
    `/users/${ID}`,
    { city: 'Ulm', employeeLeaveDateTime: null },
    'User.ReadWrite.All and User-LifeCycleInfo.ReadWrite.All',
  ],
  [
    'a part',
    user,
    'PATCH',
    `/users/${ID}/authentication/requirements`,
    { perUserMfaState: 'enforced' },
    'Policy.ReadWrite.AuthenticationMethod',
  ],
  ['a restore', user, 'POST', `/directory/deletedItems/${ID}/restore`, undefined, 'User.DeleteRestore.All'],
  ['a delete', user, 'DELETE', `/users/${ID}`, undefined, 'User.DeleteRestore.All'],
  ['a link', link, 'PATCH', `/groups/${ID}`, { 'members@odata.bind': [] }, 'GroupMember.ReadWrite.All'],
  [
    'an edge',
    edge,
    'POST',
    `/servicePrincipals/${ID}/appRoleAssignedTo`,
    {},
    'AppRoleAssignment.ReadWrite.All and Application.Read.All',
  ],
] as const)('%s takes its permissions', (_, action, method, path, body, names) => {
  expect(explained(action, method, path, body)).toBe(`It takes ${names}.`);
});

it('of what is needed, what the token does not hold is named; a role, if it holds all of it', () => {
  const ask = (...granted: string[]) =>
    explained(edge, 'POST', `/servicePrincipals/${ID}/appRoleAssignedTo`, {}, granted);
  expect(ask('Application.ReadWrite.All')).toBe('The token does not hold AppRoleAssignment.ReadWrite.All.');
  expect(ask()).toBe('The token does not hold AppRoleAssignment.ReadWrite.All and Application.Read.All.');
  expect(ask('Application.Read.All', 'AppRoleAssignment.ReadWrite.All')).toContain('it takes a directory role, too.');
});

const permissionsOf = (token: string) => bearerOf(token)?.permissions;

it('a token says what it holds, or nothing', () => {
  const token = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;
  expect(permissionsOf(token({ roles: ['User.Read.All'] }))).toEqual(new Set(['User.Read.All']));
  expect(permissionsOf(token({ scp: 'User.Read Group.Read.All' }))).toEqual(new Set(['User.Read', 'Group.Read.All']));
  // An application without any permission has no such claim.
  expect(permissionsOf(token({ aud: 'x' }))).toEqual(new Set());
  for (const other of ['', 'opaque', 'a.b.c', 'e30.bnVsbA.x']) expect(permissionsOf(other)).toBeUndefined();
});
