import type { Client, Json } from './client.js';
import {
  BIN,
  counted,
  type Item,
  isAgent,
  LOCATION_BIN,
  listApplications,
  listDeleted,
  listPrincipals,
  listUsers,
  POLICIES,
  POLICY_BIN,
} from './tenant-view.js';

/** Somebody reads the recycle bin as a list of losses: everything in it comes back, and is switched on. */
export async function unwantedRestore(client: Client): Promise<string[]> {
  const users = await restoreUsers(client);
  const groups = await restore(client, BIN, await listDeleted(client, 'group'));
  const applications = await restore(client, BIN, await listDeleted(client, 'application'));
  const principals = await restorePrincipals(client);
  const locations = await restore(client, LOCATION_BIN, await client.list(LOCATION_BIN));
  const policies = await restore(client, POLICY_BIN, await client.list(POLICY_BIN));
  await change(client, POLICIES, policies, { state: 'enabled' });
  const summary = [
    tell(users, 'user', 'restored and enabled'),
    tell(groups, 'group', 'restored'),
    tell(applications, 'application', 'restored'),
    tell(principals, 'service principal', 'restored and enabled'),
    tell(locations, 'named location', 'restored'),
    tell(policies, 'Conditional Access policy', 'restored and enabled'),
  ].flat();
  return summary.length > 0 ? summary : ['the recycle bin was empty'];
}

/** A user whose name somebody else has by now stays deleted. */
async function restoreUsers(client: Client): Promise<readonly Item[]> {
  const nameOf = (user: Item) => String(user.userPrincipalName).toLowerCase();
  const taken = new Set((await listUsers(client)).map(nameOf));
  const free = (await listDeleted(client, 'user')).filter((user) => {
    const isFree = !taken.has(nameOf(user));
    taken.add(nameOf(user));
    return isFree;
  });
  const users = await restore(client, BIN, free, { autoReconcileProxyConflict: true });
  const people = users.filter((user) => !isAgent(user));
  await change(client, '/users', people, { accountEnabled: true });
  return users;
}

/** A service principal comes back only where its application is, and only if there is no other one for it. */
async function restorePrincipals(client: Client): Promise<readonly Item[]> {
  const there = new Set((await listApplications(client)).map(({ appId }) => appId));
  const served = new Set((await listPrincipals(client)).map(({ appId }) => appId));
  const [organization] = await client.list('/organization');
  const deleted = (await listDeleted(client, 'servicePrincipal')).filter(
    ({ appId, appOwnerOrganizationId: owner }) =>
      !served.has(appId) && (there.has(appId) || (owner !== organization?.id && owner !== null)),
  );
  const principals = await restore(client, BIN, deleted);
  const off = principals.filter((principal) => principal.accountEnabled !== true && !isAgent(principal));
  await change(client, '/servicePrincipals', off, { accountEnabled: true });
  return principals;
}

async function restore(client: Client, bin: string, items: readonly Json[], options?: Json): Promise<readonly Item[]> {
  const body = options === undefined ? {} : { body: options };
  await client.batch(items.map(({ id }) => ({ method: 'POST', url: `${bin}/${id}/restore`, ...body })));
  return items as Item[];
}

async function change(client: Client, path: string, items: readonly Item[], body: Json): Promise<void> {
  await client.batch(items.map(({ id }) => ({ method: 'PATCH', url: `${path}/${id}`, body })));
}

function tell(items: readonly Item[], noun: string, effect: string): string[] {
  return items.length === 0 ? [] : [`${counted(items, noun)} ${effect}`];
}
