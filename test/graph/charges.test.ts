/** What requests cost, by the published table, and which of them share a batch. */

import { describe, expect, it } from 'vitest';
import { batchSizeOf, chargesOf, isScarce, ownBucketsIn } from '../../src/graph/charges.js';
import type { GraphRequest, Method } from '../../src/graph/types.js';
import type { Json } from '../../src/model/json.js';

const request = (method: Method, path: string, body?: Json): GraphRequest => ({
  method,
  version: 'v1.0',
  path,
  ...(body === undefined ? {} : { body }),
});
const costOf = (...of: Parameters<typeof request>) =>
  chargesOf(request(...of))
    .map(({ bucket, cost }) => `${bucket} ${cost}`)
    .join(', ');
const members = (count: number) => ({ 'members@odata.bind': Array.from({ length: count }, (_, at) => `x/${at}`) });

describe('the cost of a request', () => {
  it.each<[string, string]>([
    ['/users', 'directory 2'],
    ['/users?$select=id,displayName&$top=999', 'directory 1'],
    ['/users?$select=id&$expand=manager', 'directory 2'],
    ['/users?$top=5', 'directory 1'],
    ['/users/u-1', 'directory 1'],
    ['/users/u-1?$select=id', 'directory 1'],
    ['/groups?$expand=members', 'directory 2'],
    ['/groups/g-1/members', 'directory 3'],
    ['/groups/g-1/members?$select=id', 'directory 2'],
    ['/groups/g-1/transitiveMembers', 'directory 5'],
    ['/groups/members/owners', 'directory 1'],
    ['/applications', 'directory 2'],
    ['/oauth2PermissionGrants/x', 'directory 2'],
    ["/oauth2PermissionGrants?$filter=clientId eq 'a'", 'directory 2'],
    ['/servicePrincipals/s-1/appRoleAssignedTo', 'directory 1'],
    ['/directory/deletedItems/microsoft.graph.user?$select=id', 'directory 1'],
    ['/identity/conditionalAccess/policies', 'conditionalAccess 1'],
    ['/identity/conditionalAccess/namedLocations/x', 'conditionalAccess 1'],
    ['/identity/conditionalAccess/deletedItems/policies', 'conditionalAccess 1'],
    ['/identity/conditionalAccessNot/x', 'directory 1'],
    ['/policies/authorizationPolicy', 'directory 1'],
    ['/policies/authenticationStrengthPolicies', 'directory 1, authenticationPolicies 1'],
    ['/auditLogs/directoryAudits?$top=999', 'reports 1'],
  ])('GET %s', (path, cost) => {
    expect(costOf('GET', path)).toBe(cost);
  });

  it.each<[Method, string, Json | undefined, string]>([
    ['PATCH', '/users/u-1', { accountEnabled: true }, 'directory 1, writes 1'],
    ['DELETE', '/groups/g-1/members/u-1/$ref', undefined, 'directory 1, writes 1'],
    ['POST', '/directory/deletedItems/x/restore', undefined, 'directory 1, writes 1'],
    ['PATCH', '/groups/g-1', members(20), 'directory 1, writes 1'],
    ['PATCH', '/identity/conditionalAccess/policies/p-1', { state: 'enabled' }, 'conditionalAccess 1'],
    ['PATCH', '/policies/authenticationMethodsPolicy', {}, 'directory 1, authenticationPolicies 1, writes 1'],
    ['PATCH', '/applications/a-1', { displayName: 'x' }, 'directory 1, writes 1'],
    [
      'PATCH',
      '/applications/a-1',
      { signInAudience: 'PersonalMicrosoftAccount' },
      'directory 1, writes 1, personalApplications 1',
    ],
  ])('%s %s %j', (method, path, body, cost) => {
    expect(costOf(method, path, body)).toBe(cost);
  });

  it('counts a third of the references where one write is more than the request', () => {
    const known = { ownBucket: new Set<string>(), bindsCostMore: true };
    const writes = (body: Json) => chargesOf(request('PATCH', '/groups/g-1', body), known).at(-1)?.cost;
    expect([20, 3, 4, 1].map((count) => writes(members(count)))).toEqual([7, 1, 2, 1]);
    expect(writes({ displayName: 'x' })).toBe(1);
  });

  it('knows applications that answers told to be for personal accounts', () => {
    const list = request('GET', '/applications?$select=id');
    const told = ownBucketsIn(list, {
      value: [
        { id: 'A-1', signInAudience: 'AzureADandPersonalMicrosoftAccount' },
        { id: 'a-2', signInAudience: 'AzureADMyOrg' },
        { id: 'a-3' },
      ],
    });
    expect(told).toEqual([
      ['/applications/a-1', true],
      ['/applications/a-2', false],
    ]);
    const known = { ownBucket: new Set(['/applications/a-1']), bindsCostMore: false };
    const last = (path: string) => chargesOf(request('PATCH', path, {}), known).at(-1)?.bucket;
    expect(last('/applications/A-1')).toBe('personalApplications');
    expect(last('/applications/a-1/owners/$ref')).toBe('personalApplications');
    expect(last('/applications/a-2')).toBe('writes');
    expect(
      ownBucketsIn(request('GET', '/users'), { value: [{ id: 'x', signInAudience: 'PersonalMicrosoftAccount' }] }),
    ).toEqual([]);
  });
});

describe('a batch', () => {
  it.each<[Method, string, Json | undefined, number]>([
    ['GET', '/users/u-1', undefined, 20],
    ['PATCH', '/users/u-1', {}, 20],
    ['DELETE', '/groups/g-1/members/u-1/$ref', undefined, 20],
    ['PATCH', '/groups/g-1', members(20), 5],
    ['GET', '/identity/conditionalAccess/policies/p-1', undefined, 1],
    ['PATCH', '/identity/conditionalAccess/policies/p-1', {}, 1],
    ['GET', '/auditLogs/directoryAudits', undefined, 5],
  ])('%s %s %j', (method, path, body, size) => {
    expect(batchSizeOf(request(method, path, body))).toBe(size);
  });

  it('is no way to ask for what only few requests may ask for', () => {
    expect(isScarce({ path: '/identity/conditionalAccess/namedLocations' })).toBe(true);
    expect(isScarce({ path: '/users' })).toBe(false);
  });
});
