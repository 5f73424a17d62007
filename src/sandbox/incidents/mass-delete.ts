import type { Client } from './client.js';
import {
  type Item,
  isAgent,
  isEmergencyAccount,
  isExchangeGroup,
  isSynced,
  LOCATIONS,
  listGroups,
  listLocations,
  listPolicies,
  listUsers,
  POLICIES,
  selectOneIn,
  usesLocation,
} from './tenant-view.js';

/** A clean-up with the wrong list: it deletes a third of the users and groups, a policy and a named location. */
export async function massDelete(client: Client): Promise<string[]> {
  const [allUsers, allGroups] = await Promise.all([listUsers(client), listGroups(client)]);
  const users = selectOneIn(
    3,
    allUsers.filter((user) => !isSynced(user) && !isAgent(user) && !isEmergencyAccount(user)),
    3,
  );
  const groups = selectOneIn(
    3,
    allGroups.filter((group) => !isSynced(group) && !isExchangeGroup(group)),
    1,
  );
  await client.batch([
    ...users.map((user) => ({ method: 'DELETE' as const, url: `/users/${user.id}` })),
    ...groups.map((group) => ({ method: 'DELETE' as const, url: `/groups/${group.id}` })),
  ]);
  return [
    `${users.length} of ${allUsers.length} users deleted`,
    `${groups.length} of ${allGroups.length} groups deleted`,
    ...(await deleteGates(client)),
  ];
}

/** Policies first: a named location that one of them uses cannot be deleted. */
async function deleteGates(client: Client): Promise<string[]> {
  const policies = await listPolicies(client);
  const untrusted = (await listLocations(client)).filter((location) => location.isTrusted !== true);
  const users = (location: Item) => policies.filter((policy) => usesLocation(policy, location));
  const [location] = untrusted.toSorted((a, b) => users(a).length - users(b).length);
  const inTheWay = location === undefined ? [] : users(location);
  const doomed = inTheWay.length > 0 ? inTheWay : policies.filter((policy) => policy.state === 'enabled').slice(0, 1);
  for (const policy of doomed) await client.remove(`${POLICIES}/${policy.id}`);
  if (location !== undefined) await client.remove(`${LOCATIONS}/${location.id}`);
  return [
    ...doomed.map((policy) => `Conditional Access policy deleted: ${policy.displayName}`),
    ...(location === undefined ? [] : [`named location deleted: ${location.displayName}`]),
  ];
}
