import type { BatchItem, Client, Json } from './client.js';
import {
  counted,
  type Item,
  isAgent,
  isEmergencyAccount,
  isSynced,
  listApplications,
  listUsers,
  objectOf,
  selectOneIn,
  textsOf,
} from './tenant-view.js';

const LOST = { department: 'Imported', jobTitle: 'Unknown' };
const NOWHERE = 'https://migration.example';

/** A provisioning script reads the wrong columns: names, departments and the addresses of applications are overwritten. */
export async function corruptAttributes(client: Client): Promise<string[]> {
  const [users, applications] = [await listUsers(client), await listApplications(client)];
  const writable = users.filter((user) => !isSynced(user) && !isAgent(user) && !isEmergencyAccount(user));
  const members = writable.filter((user) => user.userType === 'Member');
  const moved = selectOneIn(2, writable, 1);
  const renamed = newNames(selectOneIn(20, members, 1, 'back'), users);
  const broken = applications.filter((application) => !isAgent(application)).filter((_, i) => i % 2 === 0);
  const changes = new Map<string, Json>(moved.map((user) => [user.id, LOST]));
  for (const [id, userPrincipalName] of renamed) changes.set(id, { ...changes.get(id), userPrincipalName });
  await client.batch([
    ...[...changes].map(([id, body]): BatchItem => ({ method: 'PATCH', url: `/users/${id}`, body })),
    ...broken.map(
      (application): BatchItem => ({
        method: 'PATCH',
        url: `/applications/${application.id}`,
        body: corruption(application),
      }),
    ),
  ]);
  return [
    `department and job title overwritten: ${moved.length.toLocaleString('en-US')} of ${counted(users, 'user')}`,
    `user principal name rewritten: ${counted([...renamed], 'user')}`,
    `redirect addresses, identifiers, tags and links overwritten: ${broken.length} of ${counted(applications, 'application')}`,
  ];
}

/** Names that nobody has: made of the id, in the domain that the user is in. */
function newNames(chosen: readonly Item[], users: readonly Item[]): Map<string, string> {
  const taken = new Set(users.map((user) => String(user.userPrincipalName).toLowerCase()));
  return new Map(
    chosen.map((user) => {
      const domain = String(user.userPrincipalName).split('@')[1];
      const digits = [8, 12, 32].map((length) => user.id.replaceAll('-', '').slice(0, length));
      const names = digits.map((part) => `user-${part}@${domain}`.toLowerCase());
      const name = names.find((candidate) => !taken.has(candidate)) ?? String(user.userPrincipalName);
      taken.add(name);
      return [user.id, name];
    }),
  );
}

/** What the script makes of an application: every address it has is wrong afterwards. */
function corruption(application: Item): Json {
  const platforms = ['web', 'spa', 'publicClient'].flatMap((platform) => {
    const uris = textsOf(objectOf(application[platform]).redirectUris);
    return uris.length === 0 ? [] : [[platform, { redirectUris: uris.map((_, i) => `${NOWHERE}/${platform}/${i}`) }]];
  });
  return {
    ...Object.fromEntries(platforms),
    identifierUris: textsOf(application.identifierUris).map((uri) => `${uri}-imported`),
    info: { supportUrl: `${NOWHERE}/help`, termsOfServiceUrl: `${NOWHERE}/terms` },
    tags: ['imported'],
  };
}
