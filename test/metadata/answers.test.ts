/** Every answer of the sandbox about a generated tenant has only what Microsoft's metadata knows, with values that fit. */

import { describe, expect, it } from 'vitest';
import { generateTenant } from '../../src/sandbox/tenant.js';
import { loopback } from '../support/loopback.js';
import { judgeAnswer } from './judge.js';

const seed = generateTenant(60, '2026-11-20T12:00:00Z');
const tenant = loopback(
  seed,
  () => new Date('2026-11-20T12:00:00Z'),
  () => 0.5,
);

async function read(path: string): Promise<Readonly<Record<string, unknown>>> {
  const answer = await tenant.fetch(`${tenant.url}/v1.0${path}`, {
    headers: { authorization: 'Bearer somebody', prefer: 'include-unknown-enum-members' },
  });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${text}`);
  return JSON.parse(text);
}

const LISTS = [
  ...['users', 'groups', 'applications', 'servicePrincipals', 'oauth2PermissionGrants', 'organization'],
  ...['user', 'group', 'application', 'servicePrincipal'].map(
    (type) => `directory/deletedItems/microsoft.graph.${type}`,
  ),
  ...['policies', 'namedLocations', 'authenticationContextClassReferences'].map(
    (name) => `identity/conditionalAccess/${name}`,
  ),
  ...['policies', 'namedLocations'].map((name) => `identity/conditionalAccess/deletedItems/${name}`),
  ...['roleDefinitions', 'roleAssignments'].map((name) => `roleManagement/directory/${name}`),
  'policies/authenticationStrengthPolicies',
  'policies/authenticationMethodsPolicy/authenticationMethodConfigurations',
].map((path) => `/${path}`);

describe('the answers of the sandbox', () => {
  it.each(LISTS)('%s, and each object of it', async (path) => {
    const wrong = new Set<string>();
    const list = await read(path);
    for (const each of judgeAnswer(path, list)) wrong.add(each);
    const items = list.value as { readonly id: string }[];
    expect(items.length).toBeGreaterThan(0);
    const isCast = path.startsWith('/directory/deletedItems/');
    for (const { id } of items.slice(0, 20)) {
      const at = `${isCast ? '/directory/deletedItems' : path}/`;
      for (const each of judgeAnswer(
        isCast ? path.replace('deletedItems', 'deletedItems/{id}') : `${at}{id}`,
        await read(`${at}${id}`),
      ))
        wrong.add(each);
    }
    expect([...wrong]).toEqual([]);
  });

  it.each(['/policies/authorizationPolicy', '/policies/authenticationMethodsPolicy'])('%s', async (path) => {
    expect(judgeAnswer(path, await read(path))).toEqual([]);
  });

  it('relations', async () => {
    const group = seed.objects.find(({ collection, members }) => collection === 'groups' && (members?.length ?? 0) > 3);
    const assignment = seed.objects.find(({ collection }) => collection === 'appRoleAssignments')?.object ?? {};
    const members = `/groups/${group?.object.id}/members`;
    expect(judgeAnswer('/groups/{id}/members', await read(members))).toEqual([]);
    const assigned = `/servicePrincipals/${assignment.resourceId}/appRoleAssignedTo`;
    expect(judgeAnswer('/servicePrincipals/{id}/appRoleAssignedTo', await read(assigned))).toEqual([]);
  });
});
