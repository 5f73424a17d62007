import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isComplex, propertiesOf } from '../../src/sandbox/facts.js';
import { concreteType, resources, typeName } from '../../src/sandbox/resources.js';
import type { SeedCollection, TenantSeed } from '../../src/sandbox/seed.js';
import { generateTenant } from '../../src/sandbox/tenant.js';

type Properties = Readonly<Record<string, unknown>>;
type Listed = readonly Properties[];

const CREATED_AT = '2026-03-01T12:00:00Z';
const SIZES = [1, 2, 5, 12, 50, 200, 3000];
const MICROSOFT = 'f8cdef31-a31e-4b4a-93e4-5f571e91255a';
const GRAPH = '00000003-0000-0000-c000-000000000000';
const fixtures = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../src/sandbox/facts/tenant-fixtures.json'), 'utf8'),
) as Partial<Record<SeedCollection, Listed>>;

/** The active objects of a collection. */
function active(seed: TenantSeed, collection: SeedCollection): Listed {
  return seed.objects
    .filter((item) => item.collection === collection && item.deletedDateTime === undefined)
    .map((item) => item.object);
}

const list = (value: unknown) => value as Listed;
const texts = (value: unknown) => value as readonly string[];
const part = (value: unknown) => value as Properties;
const idsIn = (value: unknown) => list(value).map(({ id }) => String(id));

/** The names of properties that Graph's types do not have, however deep. */
function unknownIn(value: Properties, type: string, path: string): string[] {
  const named = value['@odata.type'];
  const facts = propertiesOf(typeof named === 'string' ? typeName(named) : type);
  return Object.entries(value).flatMap(([name, member]) => {
    const fact = facts.get(name);
    if (name === '@odata.type') return [];
    if (fact === undefined) return [`${path}/${name}`];
    if (member !== null && Array.isArray(member) !== (fact.collection ?? false))
      return [`${path}/${name}: one or many`];
    const parts = (Array.isArray(member) ? member : [member]).filter((item) => typeof item === 'object' && item);
    return isComplex(fact.type) ? parts.flatMap((item) => unknownIn(item, fact.type, `${path}/${name}`)) : [];
  });
}

it.each(SIZES)('a tenant of %i users has only properties that Graph knows', (users) => {
  const { objects } = generateTenant(users, CREATED_AT);
  const unknown = objects.flatMap(({ collection, object }) =>
    unknownIn(object, concreteType(resources[collection], object), collection),
  );
  // The older MFA of single users is kept with them, and read under a path of its own.
  expect(unknown.filter((path) => path !== 'users/perUserMfaState')).toEqual([]);
});

describe.each(SIZES)('the applications of a tenant of %i users', (users) => {
  const seed = generateTenant(users, CREATED_AT);
  const applications = active(seed, 'applications');
  const principals = active(seed, 'servicePrincipals');
  const grants = active(seed, 'oauth2PermissionGrants');
  const assignments = active(seed, 'appRoleAssignments');
  const principalOf = new Map(principals.map((principal) => [principal.id, principal]));
  const byAppId = new Map(principals.map((principal) => [principal.appId, principal]));
  const collectionOf = new Map(
    seed.objects.filter((item) => item.deletedDateTime === undefined).map((item) => [item.object.id, item.collection]),
  );

  it('are as many as such a tenant has', () => {
    const firstParty = principals.filter((principal) => principal.appOwnerOrganizationId === MICROSOFT);
    if (users < 20) {
      expect(principals.length).toBeLessThanOrEqual(15);
      expect(applications.length).toBeLessThanOrEqual(6);
    } else {
      expect(firstParty.length).toBe(12 + Math.round(users / 200));
      expect(applications.length).toBe(7 + Math.round(users / 60));
    }
    expect(firstParty[0]).toMatchObject({ appId: GRAPH, displayName: 'Microsoft Graph' });
  });

  it('each have one service principal here, and say the same as it does', () => {
    expect(byAppId.size).toBe(principals.length);
    expect(new Set(applications.map(({ appId }) => appId)).size).toBe(applications.length);
    for (const application of applications) {
      const principal = byAppId.get(application.appId);
      expect(principal).toMatchObject({ appOwnerOrganizationId: seed.tenantId, displayName: application.displayName });
      expect(principal?.appRoles).toEqual(application.appRoles ?? []);
      expect(principal?.oauth2PermissionScopes).toEqual(part(application.api)?.oauth2PermissionScopes ?? []);
    }
    for (const principal of principals.filter((item) => item.appOwnerOrganizationId === seed.tenantId)) {
      const known = applications.some(({ appId }) => appId === principal.appId);
      expect(known || principal.servicePrincipalType === 'ServiceIdentity').toBe(true);
    }
  });

  it('have addresses and names of their own', () => {
    const uris = applications.flatMap(({ identifierUris }) => texts(identifierUris));
    expect(new Set(uris).size).toBe(uris.length);
    const names = principals.map(({ displayName }) => displayName);
    expect(new Set(names).size).toBe(names.length);
    for (const { servicePrincipalNames, appId } of principals) expect(servicePrincipalNames).toContain(appId);
  });

  it('ask for permissions that there are', () => {
    for (const application of applications.filter((item) => item.requiredResourceAccess !== undefined)) {
      for (const { resourceAppId, resourceAccess } of list(application.requiredResourceAccess)) {
        const resource = byAppId.get(String(resourceAppId));
        expect(resource).toBeDefined();
        expect(list(resourceAccess).length).toBeGreaterThan(0);
        for (const { id, type } of list(resourceAccess)) {
          expect(idsIn(type === 'Role' ? resource?.appRoles : resource?.oauth2PermissionScopes)).toContain(id);
        }
      }
      for (const { delegatedPermissionIds } of list(part(application.api).preAuthorizedApplications)) {
        const offered = idsIn(part(application.api).oauth2PermissionScopes);
        expect(offered).toEqual(expect.arrayContaining(texts(delegatedPermissionIds).slice()));
      }
    }
  });

  it('have consents between service principals, for scopes that there are, each once', () => {
    const key = (grant: Properties) => [grant.clientId, grant.resourceId, grant.principalId].join();
    expect(new Set(grants.map(key)).size).toBe(grants.length);
    expect(grants.some(({ consentType }) => consentType === 'AllPrincipals')).toBe(true);
    for (const { clientId, resourceId, consentType, principalId, scope } of grants) {
      expect(principalOf.has(clientId)).toBe(true);
      const offered = list(principalOf.get(resourceId)?.oauth2PermissionScopes).map(({ value }) => value);
      for (const value of String(scope).split(' ')) expect(offered).toContain(value);
      if (consentType === 'AllPrincipals') expect(principalId).toBeNull();
      else expect(collectionOf.get(principalId)).toBe('users');
    }
  });

  it('have roles that were given to what there is, each once', () => {
    const key = (item: Properties) => [item.principalId, item.resourceId, item.appRoleId].join();
    const collections = { User: 'users', Group: 'groups', ServicePrincipal: 'servicePrincipals' };
    const names = new Map(seed.objects.map(({ object }) => [object.id, object.displayName]));
    expect(new Set(assignments.map(key)).size).toBe(assignments.length);
    for (const item of assignments) {
      const resource = principalOf.get(item.resourceId);
      expect(collectionOf.get(item.principalId)).toBe(collections[item.principalType as keyof typeof collections]);
      expect(names.get(item.principalId)).toBe(item.principalDisplayName);
      expect(resource?.displayName).toBe(item.resourceDisplayName);
      if (item.appRoleId === '00000000-0000-0000-0000-000000000000') continue;
      const role = list(resource?.appRoles).find(({ id }) => id === item.appRoleId);
      const holder = item.principalType === 'ServicePrincipal' ? 'Application' : 'User';
      expect(role?.allowedMemberTypes).toContain(holder);
    }
  });

  it('have one application in the recycle bin, deleted with its service principal', () => {
    const deleted = (collection: SeedCollection) =>
      seed.objects.filter((item) => item.collection === collection && item.deletedDateTime !== undefined);
    const [[application, ...others], [principal, ...more]] = [deleted('applications'), deleted('servicePrincipals')];
    expect([others, more]).toEqual([[], []]);
    expect(principal?.object.appId).toBe(application?.object.appId);
    expect(principal?.deletedDateTime).toBe(application?.deletedDateTime);
  });

  it('have an agent, with an account where there are enough people', () => {
    const typed = (collection: SeedCollection, type: string) =>
      active(seed, collection).filter((item) => item['@odata.type'] === `#microsoft.graph.${type}`);
    const [blueprint] = typed('applications', 'agentIdentityBlueprint');
    const [principal] = typed('servicePrincipals', 'agentIdentityBlueprintPrincipal');
    const [identity] = typed('servicePrincipals', 'agentIdentity');
    const accounts = typed('users', 'agentUser');
    expect(principal?.appId).toBe(blueprint?.appId);
    expect(identity?.agentIdentityBlueprintId).toBe(blueprint?.appId);
    expect(accounts.map(({ identityParentId }) => identityParentId)).toEqual(users < 12 ? [] : [identity?.id]);
  });

  it('have directory roles and sign-in settings that refer to what exists', () => {
    const definitions = [...list(fixtures.roleDefinitions), ...active(seed, 'roleDefinitions')].map(({ id }) => id);
    for (const { principalId, roleDefinitionId, directoryScopeId } of active(seed, 'roleAssignments')) {
      expect(['users', 'groups', 'servicePrincipals']).toContain(collectionOf.get(principalId));
      expect(definitions).toContain(roleDefinitionId);
      const scope = String(directoryScopeId).slice(1);
      if (scope !== '') expect(collectionOf.get(scope)).toBe('applications');
    }
    const targets = JSON.stringify([
      ...active(seed, 'authenticationMethodConfigurations'),
      ...active(seed, 'singletons').filter(({ id }) => id === 'authenticationMethodsPolicy'),
    ]).matchAll(/"id":"([0-9a-f-]{36})"/g);
    const ids = [...targets].map(([, id]) => String(id));
    expect(ids.length).toBeGreaterThan(5);
    for (const id of ids) expect(collectionOf.get(id)).toBe('groups');
  });

  it('are named by a policy, which asks for a strength of the company', () => {
    const policies = active(seed, 'policies').map(({ conditions, grantControls }) => ({
      applications: texts(part(part(conditions).applications).includeApplications),
      strength: part(part(grantControls)?.authenticationStrength)?.id,
    }));
    const own = idsIn(active(seed, 'authenticationStrengthPolicies'));
    const policy = policies.find(({ strength }) => own.includes(String(strength)));
    expect(own).toHaveLength(2);
    expect(applications.map(({ appId }) => appId)).toContain(policy?.applications[0]);
  });
});

describe('the applications of a tenant of 200 users', () => {
  const seed = generateTenant(200, CREATED_AT);
  const applications = active(seed, 'applications');
  const principals = active(seed, 'servicePrincipals');
  const some = (items: Listed, matches: (item: Properties) => boolean) => expect(items.filter(matches)).not.toEqual([]);
  const filled = (value: unknown) => value != null && value !== '' && !(Array.isArray(value) && value.length === 0);

  it.each(
    `appRoles description groupMembershipClaims identifierUris isDisabled keyCredentials notes optionalClaims
    passwordCredentials requiredResourceAccess serviceManagementReference servicePrincipalLockConfiguration tags`.split(
      /\s+/,
    ),
  )('have %s', (property) => some(applications, (application) => filled(application[property])));

  it.each(['web', 'spa', 'publicClient'])('have redirect addresses of the kind %s', (platform) =>
    some(applications, (application) => filled(part(application[platform])?.redirectUris)),
  );

  it.each(
    `alternativeNames appOwnerOrganizationId appRoles homepage keyCredentials loginUrl notes notificationEmailAddresses
    oauth2PermissionScopes preferredSingleSignOnMode preferredTokenSigningKeyThumbprint replyUrls samlSingleSignOnSettings
    tags`.split(/\s+/),
  )('have service principals with %s', (property) => some(principals, (principal) => filled(principal[property])));

  it('have every kind of service principal', () => {
    some(principals, (principal) => principal.servicePrincipalType === 'ManagedIdentity');
    some(principals, (principal) => principal.servicePrincipalType === 'ServiceIdentity');
    some(principals, (principal) => principal.appRoleAssignmentRequired === true);
    const owners = new Set(principals.map((principal) => principal.appOwnerOrganizationId));
    expect(owners.size).toBeGreaterThanOrEqual(4);
  });

  it('never show a secret', () => {
    const text = JSON.stringify([applications, principals]);
    expect(text).not.toMatch(/"(?:secretText|key)":"/);
    expect(text).toMatch(/"secretText":null/);
  });

  it('have consents of both kinds, and roles of people, groups and applications', () => {
    const kinds = (collection: SeedCollection, property: string) =>
      [...new Set(active(seed, collection).map((item) => item[property]))].sort();
    expect(kinds('oauth2PermissionGrants', 'consentType')).toEqual(['AllPrincipals', 'Principal']);
    expect(kinds('appRoleAssignments', 'principalType')).toEqual(['Group', 'ServicePrincipal', 'User']);
    some(active(seed, 'appRoleAssignments'), (item) => String(item.appRoleId).startsWith('00000000'));
  });

  it('are members of groups', () => {
    const ids = new Set(principals.map(({ id }) => String(id)));
    const groups = seed.objects.filter(({ members = [] }) => members.some((id) => ids.has(id)));
    expect(groups.map(({ object }) => object.displayName)).toEqual(['Workload identities']);
  });
});

describe('the first tenant that an id is known for', () => {
  it('has permissions of Microsoft Graph by their true ids, each once', () => {
    const graph = active(generateTenant(5, CREATED_AT), 'servicePrincipals').find(({ appId }) => appId === GRAPH);
    const [roles, scopes] = [list(graph?.appRoles), list(graph?.oauth2PermissionScopes)];
    expect(roles.find(({ value }) => value === 'Directory.ReadWrite.All')?.id).toBe(
      '19dbc75e-c2e2-444c-a770-ec69d8559fc7',
    );
    expect(scopes.find(({ value }) => value === 'User.Read')?.id).toBe('e1fe6dd8-ba31-4d61-89e7-88639da4683d');
    for (const items of [roles, scopes]) {
      expect(items.length).toBeGreaterThanOrEqual(25);
      expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
      expect(new Set(items.map(({ value }) => value)).size).toBe(items.length);
    }
  });
});
