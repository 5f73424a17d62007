import type { Client } from './client.js';
import { isAgent, isEmergencyAccount, isSynced, listUsers } from './tenant-view.js';

/** A script that was meant for fifty users has lost its filter: it disables every account that it can. */
export async function massDisable(client: Client): Promise<string[]> {
  const users = await listUsers(client);
  const enabled = users.filter((user) => user.accountEnabled === true);
  const disabled = enabled.filter(
    (user) => user.userType === 'Member' && !isSynced(user) && !isAgent(user) && !isEmergencyAccount(user),
  );
  const body = { accountEnabled: false };
  await client.batch(disabled.map((user) => ({ method: 'PATCH', url: `/users/${user.id}`, body })));
  return [
    `${disabled.length.toLocaleString('en-US')} of ${enabled.length.toLocaleString('en-US')} enabled users disabled`,
  ];
}
