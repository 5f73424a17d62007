/** The judge of requests knows what is wrong, and says it of the test that makes it. */

import { describe, expect, it } from 'vitest';
import { judge } from './judge.js';
import { templateOf } from './recorder.mjs';
import { verdict } from './verdict.js';

const ID = '1b5f1a37-2a8c-4b6b-8f54-0f7d3d3d2a11';

describe('a request that Microsoft knows', () => {
  it.each([
    ['GET', '/users?$select=id,employeeOrgData&$top=999', '', null],
    ['GET', '/directory/deletedItems/microsoft.graph.group?$select=id,deletedDateTime', '', null],
    ['GET', "/applications(appId='{text}')?$select=tags", '', null],
    ['GET', '/users/delta?$select=id,manager&$deltatoken={token}', '', null],
    ['GET', "/oauth2PermissionGrants?$filter=resourceId eq '{text}' and consentType eq '{text}'", '', null],
    ['GET', "/users?$filter=identities/any(c:c/issuer eq '{text}')", '', null],
    ['GET', '/groups/{id}/members/microsoft.graph.user/$count', '', null],
    ['GET', '/policies/authenticationStrengthPolicies?$expand=combinationConfigurations', '', null],
    ['PATCH', '/users/{id}', '/employeeOrgData/division', 'null'],
    ['PATCH', '/users/{id}', '/employeeLeaveDateTime', 'date-time'],
    ['PATCH', '/groups/{id}', '/members%40odata.bind/[]', 'ref:/directoryObjects/{id}'],
    ['POST', '/groups/{id}/members/$ref', '/%40odata.id', 'ref:/users/{id}'],
    ['PATCH', '/identity/conditionalAccess/policies/{id}', '/conditions/clientAppTypes/[]', '"all"'],
    [
      'PATCH',
      '/identity/conditionalAccess/namedLocations/{id}',
      '/{#microsoft.graph.ipNamedLocation}/ipRanges',
      'empty list',
    ],
    [
      'POST',
      '/policies/authenticationStrengthPolicies/{id}/updateAllowedCombinations',
      '/allowedCombinations/[]',
      '"sms,password"',
    ],
    ['PATCH', '/applications/{id}/microsoft.graph.agentIdentityBlueprint', '/displayName', 'text'],
  ])('%s %s %s %s', (method, template, path, value) => {
    expect(judge(method, template, path, value)).toBeUndefined();
  });
});

describe('a request that Microsoft does not know', () => {
  it.each([
    ['GET', '/people', '', null, 'nothing is called people'],
    ['GET', '/users/{id}/boss', '', null, 'user has no boss'],
    ['GET', '/users?$select=id,shoeSize', '', null, 'user has no shoeSize'],
    ['GET', '/users?$top=1000', '', null, '$top=1000 is not between 1 and 999'],
    ['GET', '/users?$skip=10', '', null, '$skip is no query option'],
    ['GET', "/groups?$filter=shoeSize eq '{text}'", '', null, 'group has no shoeSize'],
    ['GET', '/groups?$expand=displayName', '', null, 'group has no relationship displayName'],
    ['GET', '/users/microsoft.graph.group', '', null, 'microsoft.graph.group is no user'],
    ['GET', "/users(shoeSize='{text}')", '', null, 'shoeSize is no key of user'],
    ['GET', '/policies/authorizationPolicy/{id}', '', null, 'authorizationPolicy has no {id}'],
    ['PATCH', '/users/{id}', '/shoeSize', 'integer', 'user has no shoeSize'],
    ['PATCH', '/users/{id}', '/accountEnabled', '"true"', '"true" is no value of Edm.Boolean'],
    ['PATCH', '/users/{id}', '/employeeLeaveDateTime', '"yesterday"', '"yesterday" is no value of Edm.DateTimeOffset'],
    ['PATCH', '/users/{id}', '/otherMails', 'text', 'text is no value of a list of Edm.String'],
    ['PATCH', '/users/{id}', '/otherMails', 'null', 'null is no value of a list of Edm.String'],
    ['PATCH', '/users/{id}', '/otherMails/[]', 'boolean', 'boolean is no value of Edm.String'],
    ['PATCH', '/groups/{id}', '/members%40odata.bind/[]', 'ref:/people/{id}', 'nothing is called people'],
    ['PATCH', '/users/{id}', '/manager%40odata.bind/[]', 'ref:/users/{id}', 'manager of user has another cardinality'],
    ['POST', '/groups/{id}/members/$ref', '/id', 'guid', 'a reference has no id'],
    [
      'PATCH',
      '/identity/conditionalAccess/policies/{id}',
      '/conditions/clientAppTypes/[]',
      '"fax"',
      '"fax" is no member of conditionalAccessClientApp',
    ],
    [
      'PATCH',
      '/identity/conditionalAccess/policies/{id}',
      '/conditions/clientAppTypes/[]',
      '"all,browser"',
      '"all,browser" is no member of conditionalAccessClientApp',
    ],
    [
      'PATCH',
      '/identity/conditionalAccess/namedLocations/{id}',
      '/ipRanges',
      'empty list',
      'namedLocation has no ipRanges',
    ],
    [
      'PATCH',
      '/identity/conditionalAccess/policies/{id}',
      '/conditions/users/everybody',
      'boolean',
      'conditionalAccessUsers has no everybody',
    ],
    [
      'POST',
      '/policies/authenticationStrengthPolicies/{id}/updateAllowedCombinations',
      '/all',
      'boolean',
      'updateAllowedCombinations takes no all',
    ],
  ])('%s %s %s %s', (method, template, path, value, words) => {
    expect(judge(method, template, path, value)).toBe(words);
  });

  it('is a violation, with the test that makes it; so is one that no list has', () => {
    const { requests, violations } = verdict(
      [
        ['GET v1.0 /users?$select=id,shoeSize', '', null, 'a.test.ts'],
        ['GET v1.0 /users', '', null, 'a.test.ts'],
        ['DELETE v1.0 /organization/{id}', '', null, 'b.test.ts'],
        ['DELETE beta /groups/{id}/members/{id}', '', null, 'c.test.ts'],
      ],
      false,
    );
    expect(requests).toBe(4);
    expect(violations).toEqual([
      'GET v1.0 /users?$select=id,shoeSize: user has no shoeSize (a.test.ts)',
      'DELETE v1.0 /organization/{id}: no page of the documentation is listed for it in test/metadata/documented.json (b.test.ts)',
      'DELETE beta /groups/{id}/members/{id}: a request to beta without a reason in test/metadata/beta.json (c.test.ts)',
    ]);
  });

  it('may have any value where a test makes up hostile ones, but no other names', () => {
    const of = (test: string) =>
      verdict(
        [
          ['PATCH v1.0 /users/{id}', '/employeeHireDate', '"= evil()"', test],
          ['PATCH v1.0 /users/{id}', '/shoeSize', '"= evil()"', test],
        ],
        false,
      ).violations;
    expect(of('hostile/a.test.ts')).toEqual([
      'PATCH v1.0 /users/{id}: /shoeSize: user has no shoeSize (hostile/a.test.ts)',
    ]);
    expect(of('apply/a.test.ts')).toHaveLength(2);
  });

  it('is missed where the list of beta says more than a run of everything makes', () => {
    expect(verdict([], true).violations).toContain(
      'beta GET /groups/{id}/members: is listed, and no test makes it (test/metadata/beta.json)',
    );
    expect(verdict([], false).violations).toEqual([]);
  });
});

it('a recorded request has no ids, texts or tokens', () => {
  expect(templateOf(`/groups/${ID}/members/${ID.toUpperCase()}/$ref`)).toBe('/groups/{id}/members/{id}/$ref');
  expect(templateOf(`/servicePrincipals/${ID}/appRoleAssignedTo/UyWzDM6fU0GzBvhj2YLCJYvcLYXVCfdCkDXqz0eDr3k`)).toBe(
    '/servicePrincipals/{id}/appRoleAssignedTo/{id}',
  );
  expect(templateOf("/oauth2PermissionGrants?$filter=clientId%20eq%20'it''s%20mine'&$skiptoken=abc")).toBe(
    "/oauth2PermissionGrants?$filter=clientId eq '{text}'&$skiptoken={token}",
  );
  expect(templateOf(`/applications(appId='${ID}')`)).toBe("/applications(appId='{text}')");
  expect(templateOf('/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/Fido2')).toBe(
    '/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/Fido2',
  );
});
