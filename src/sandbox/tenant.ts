/**
 * The generated tenant: an invented company of any size. Everything but the deletion dates depends on the number of
 * users alone, so the same tenant can be made again anywhere.
 */

import { plainSamples } from './plain.js';
import type { TenantSeed } from './seed.js';
import { createAgent } from './tenant/agents.js';
import { createMethods, createSettings, createStrengthPolicy, createStrengths } from './tenant/authentication.js';
import { type Collector, createCollector } from './tenant/collector.js';
import { COMPANY, DEFAULT_DOMAIN, INITIAL_DOMAIN } from './tenant/company.js';
import { createDirectoryRoles } from './tenant/directory-roles.js';
import { createGroups } from './tenant/groups.js';
import { createLocations } from './tenant/locations.js';
import { createNicknames } from './tenant/nicknames.js';
import { workplaceOf } from './tenant/people.js';
import { createPolicies } from './tenant/policies.js';
import { createRandom, type Random } from './tenant/random.js';
import { createAccounts, withAgent, withMfaStates } from './tenant/users.js';
import { createWorkloads, type WorkloadScene } from './tenant/workloads.js';

/**
 * Makes a tenant with `users` active users, and everything else that a tenant of this size has. From twelve users on,
 * one of them is an agent.
 *
 * @param users how many active users it has, from 1
 * @param createdAt when the tenant is made (UTC, ISO 8601); what is in its recycle bin was deleted in the nine days before
 */
export function generateTenant(users: number, createdAt: string): TenantSeed {
  if (!Number.isInteger(users) || users < 1) throw new RangeError(`a tenant needs at least one user, not ${users}`);
  const created = Date.parse(createdAt);
  if (Number.isNaN(created)) throw new RangeError(`not a date: ${createdAt}`);
  const seed = createCollector(created);
  const scene = collectPeople(seed, users);
  collectWorkloads(seed, scene);
  return {
    tenantId: scene.tenantId,
    displayName: COMPANY,
    verifiedDomains: [DEFAULT_DOMAIN, INITIAL_DOMAIN],
    objects: [...seed.objects, ...plainSamples()],
  };
}

/** Users and groups, and the Conditional Access that protects them. */
function collectPeople(seed: Collector, users: number): WorkloadScene {
  const random = createRandom(`tenant of ${users}`);
  // Choices of their own: people and groups stay the same whatever else is made.
  const ownRandom: Random = createRandom(`applications of ${users}`);
  const tenantId = random.guid();
  const nicknames = createNicknames();
  const place = workplaceOf(users, random, nicknames);
  const agent = createAgent(ownRandom, tenantId, nicknames);
  const accounts = withMfaStates(withAgent(createAccounts(users, place), agent.account));
  const groups = createGroups(users, accounts, place);
  const { oldDatacenter, ...locations } = createLocations(random);
  const policies = createPolicies(random, accounts, groups, { oldDatacenter, ...locations });
  seed.add('users', accounts.active);
  seed.bin('users', accounts.deleted, random);
  seed.add('groups', groups.active);
  seed.bin('groups', groups.deleted, random);
  seed.add('namedLocations', Object.values(locations));
  seed.bin('namedLocations', [oldDatacenter], random);
  seed.add('policies', policies.active);
  seed.bin('policies', [policies.deleted], random);
  return { users, tenantId, place: { ...place, random: ownRandom }, accounts, groups, agent };
}

/** Applications and their rights, how people sign in, and who administers the directory. */
function collectWorkloads(seed: Collector, scene: WorkloadScene): void {
  const { tenantId, accounts, groups } = scene;
  const { random } = scene.place;
  const workloads = createWorkloads(scene);
  const strengths = createStrengths(random);
  const roles = createDirectoryRoles(random, tenantId, accounts, groups, workloads);
  const asItem = (object: Readonly<Record<string, unknown>>) => ({ object });
  seed.add('groups', workloads.groups);
  seed.add('applications', workloads.applications);
  seed.add('servicePrincipals', workloads.principals);
  seed.binTogether(
    [
      ['applications', workloads.deletedApplication],
      ['servicePrincipals', workloads.deletedPrincipal],
    ],
    random,
  );
  seed.add('oauth2PermissionGrants', workloads.grants.map(asItem));
  seed.add('appRoleAssignments', workloads.assignments.map(asItem));
  seed.add('authenticationStrengthPolicies', Object.values(strengths));
  seed.add('authenticationMethodConfigurations', createMethods(groups).map(asItem));
  seed.add('policies', [createStrengthPolicy(random, groups, workloads, strengths)]);
  seed.add('roleDefinitions', [roles.definition]);
  seed.add('roleAssignments', roles.assignments.map(asItem));
  seed.add('singletons', createSettings(random, tenantId, groups).map(asItem));
}
