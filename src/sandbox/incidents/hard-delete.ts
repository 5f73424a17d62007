import type { Client } from './client.js';
import {
  BIN,
  counted,
  type Item,
  isAgent,
  isEmergencyAccount,
  isExchangeGroup,
  isSynced,
  LOCATION_BIN,
  LOCATIONS,
  listApplications,
  listGroups,
  listLocations,
  listPolicies,
  listPrincipals,
  listUsers,
  objectOf,
  POLICIES,
  POLICY_BIN,
  selectOneIn,
  textsOf,
  usesLocation,
} from './tenant-view.js';

const SHARE = 30;

/** Somebody deletes and makes sure that it stays so: the recycle bin is purged, but only of what they put there. */
export async function hardDelete(client: Client): Promise<string[]> {
  const policies = await listPolicies(client);
  return [
    ...(await purgeUsers(client)),
    ...(await purgeGroups(client, policies)),
    ...(await purgeApplication(client, policies)),
    ...(await purgeGates(client, policies)),
  ];
}

/** Some users are gone for good, some others only disabled. */
async function purgeUsers(client: Client): Promise<string[]> {
  const all = await listUsers(client);
  const users = all.filter((user) => !isSynced(user) && !isAgent(user) && !isEmergencyAccount(user));
  const purged = selectOneIn(SHARE, users, 1);
  const left = users.filter((user) => user.accountEnabled === true && !purged.includes(user));
  const disabled = selectOneIn(SHARE, left, 1, 'back');
  await remove(client, '/users', purged);
  const body = { accountEnabled: false };
  await client.batch(disabled.map(({ id }) => ({ method: 'PATCH', url: `/users/${id}`, body })));
  return [`${counted(purged, 'user')} deleted for good`, `${counted(disabled, 'user')} disabled`];
}

/** Groups that no policy depends on. */
async function purgeGroups(client: Client, policies: readonly Item[]): Promise<string[]> {
  const all = await listGroups(client);
  const named = new Set(policies.flatMap(groupsOf));
  const groups = all.filter(
    (group) => !isSynced(group) && !isExchangeGroup(group) && group.isAssignableToRole !== true && !named.has(group.id),
  );
  const purged = selectOneIn(SHARE, groups, 2);
  await remove(client, '/groups', purged);
  return [`${counted(purged, 'group')} deleted for good`];
}

function groupsOf(policy: Item): string[] {
  const { includeGroups, excludeGroups } = objectOf(objectOf(policy.conditions).users);
  return [...textsOf(includeGroups), ...textsOf(excludeGroups)];
}

/** Deletes, and purges what went to the recycle bin. */
async function remove(client: Client, path: string, items: readonly Item[]): Promise<void> {
  await client.batch(items.map(({ id }) => ({ method: 'DELETE', url: `${path}/${id}` })));
  await client.batch(items.map(({ id }) => ({ method: 'DELETE', url: `${BIN}/${id}` })));
}

/** An application that no policy depends on, with its service principal. */
async function purgeApplication(client: Client, policies: readonly Item[]): Promise<string[]> {
  const named = new Set(
    policies.flatMap((policy) => {
      const { includeApplications, excludeApplications } = objectOf(objectOf(policy.conditions).applications);
      return [...textsOf(includeApplications), ...textsOf(excludeApplications)];
    }),
  );
  const applications = (await listApplications(client)).filter(
    (application) => !isAgent(application) && !named.has(String(application.appId)),
  );
  const [application] = selectOneIn(SHARE, applications, 1);
  if (application === undefined) return [];
  const principal = (await listPrincipals(client)).find(({ appId }) => appId === application.appId);
  // The directory deletes the service principal together with the application.
  await client.remove(`/applications/${application.id}`);
  if (principal !== undefined) await client.remove(`${BIN}/${principal.id}`);
  await client.remove(`${BIN}/${application.id}`);
  return [`application deleted for good: ${application.displayName}`];
}

/** A policy that is enabled, and a named location that nobody trusts or uses. */
async function purgeGates(client: Client, policies: readonly Item[]): Promise<string[]> {
  const summary: string[] = [];
  const policy = policies.findLast(({ state }) => state === 'enabled');
  if (policy !== undefined) {
    await client.remove(`${POLICIES}/${policy.id}`);
    await client.remove(`${POLICY_BIN}/${policy.id}`);
    summary.push(`Conditional Access policy deleted for good: ${policy.displayName}`);
  }
  const left = policies.filter((candidate) => candidate !== policy);
  const location = (await listLocations(client)).find(
    (candidate) => candidate.isTrusted !== true && !left.some((other) => usesLocation(other, candidate)),
  );
  if (location !== undefined) {
    await client.remove(`${LOCATIONS}/${location.id}`);
    await client.remove(`${LOCATION_BIN}/${location.id}`);
    summary.push(`named location deleted for good: ${location.displayName}`);
  }
  return summary;
}
