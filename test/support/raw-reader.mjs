/**
 * An independent reader of a tenant: plain HTTP, no code of the product. What it reads before and after decides whether
 * a recovery worked.
 *
 *   node test/support/raw-reader.mjs URL [TOKEN] > dump.json
 *   node test/support/raw-reader.mjs --compare before.json after.json     exit code 1 and the differences, if there are any
 *
 * How two tenants are compared is in raw-compare.mjs.
 */

import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { compareTenants } from './raw-compare.mjs';

export { compareAlive, compareTenants } from './raw-compare.mjs';

const USER_PROPERTIES = `id accountEnabled ageGroup assignedLicenses authorizationInfo businessPhones city companyName
  consentProvidedForMinor country createdDateTime creationType deletedDateTime department displayName employeeHireDate employeeId
  employeeLeaveDateTime employeeOrgData employeeType externalUserState externalUserStateChangeDateTime faxNumber givenName
  identities imAddresses jobTitle legalAgeGroupClassification mail mailNickname mobilePhone officeLocation
  onPremisesDistinguishedName onPremisesDomainName onPremisesExtensionAttributes onPremisesImmutableId
  onPremisesLastSyncDateTime onPremisesSamAccountName onPremisesSecurityIdentifier onPremisesSyncEnabled
  onPremisesUserPrincipalName otherMails passwordPolicies postalCode preferredDataLocation preferredLanguage proxyAddresses
  state streetAddress surname usageLocation userPrincipalName userType`
  .split(/\s+/)
  .join();

const GROUP_PROPERTIES =
  `id classification createdDateTime deletedDateTime description displayName expirationDateTime groupTypes
  isAssignableToRole mail mailEnabled mailNickname membershipRule membershipRuleProcessingState onPremisesDomainName
  onPremisesLastSyncDateTime onPremisesNetBiosName onPremisesSamAccountName onPremisesSecurityIdentifier onPremisesSyncEnabled
  preferredDataLocation preferredLanguage proxyAddresses renewedDateTime resourceBehaviorOptions resourceProvisioningOptions
  securityEnabled theme uniqueName visibility`
    .split(/\s+/)
    .join();

const BIN = '/directory/deletedItems/microsoft.graph';
const ACCESS = '/identity/conditionalAccess';
const ROLES = '/roleManagement/directory';
const METHODS = '/policies/authenticationMethodsPolicy';
const STRENGTHS = '/policies/authenticationStrengthPolicies';

const LISTS = {
  users: `/users?$select=${USER_PROPERTIES}&$top=999`,
  groups: `/groups?$select=${GROUP_PROPERTIES}&$top=999`,
  applications: '/applications?$top=999',
  servicePrincipals: '/servicePrincipals?$top=999',
  policies: `${ACCESS}/policies`,
  namedLocations: `${ACCESS}/namedLocations`,
  strengths: STRENGTHS,
  methodConfigurations: `${METHODS}/authenticationMethodConfigurations`,
  organizations: '/organization',
  roleDefinitions: `${ROLES}/roleDefinitions`,
  deletedUsers: `${BIN}.user?$select=${USER_PROPERTIES}&$top=999`,
  deletedGroups: `${BIN}.group?$select=${GROUP_PROPERTIES}&$top=999`,
  deletedApplications: `${BIN}.application?$top=999`,
  deletedServicePrincipals: `${BIN}.servicePrincipal?$top=999`,
  deletedPolicies: `${ACCESS}/deletedItems/policies`,
  deletedNamedLocations: `${ACCESS}/deletedItems/namedLocations`,
};

/** What a tenant has one of. */
const SINGLE = {
  authorizationPolicy: '/policies/authorizationPolicy',
  authenticationMethodsPolicy: METHODS,
};

/** Objects that connect others: they are known by what they connect, and the id and the date that Graph gave them are dropped. */
const EDGES = {
  grants: { path: '/oauth2PermissionGrants', ends: ['clientId', 'resourceId', 'consentType', 'principalId'] },
  assignments: { path: undefined, ends: ['principalId', 'resourceId', 'appRoleId'] },
  roleAssignments: { path: `${ROLES}/roleAssignments`, ends: ['roleDefinitionId', 'principalId', 'directoryScopeId'] },
};

const AT_ONCE = 8;
const MOST_ATTEMPTS = 20;

/**
 * Reads a whole tenant: every list by name, and in it every object by id, in the order of the ids; groups with `members`,
 * users with `perUserMfaState`, strengths with their combinationConfigurations; edges by what they connect.
 * @param {string} url
 * @param {string} [token]
 * @returns {Promise<Record<string, Record<string, Record<string, unknown>>>>}
 */
export async function readTenant(url, token = 'raw-reader') {
  const server = url.replace(/\/+$/, '');
  const root = `${server}/v1.0`;
  const tenant = {};
  for (const [name, path] of Object.entries(LISTS)) {
    tenant[name] = byId(await list(root + path, token), name);
  }
  for (const [name, path] of Object.entries(SINGLE)) {
    const { authenticationMethodConfigurations: _, ...object } = await get(root + path, token);
    tenant[name] = byId([object], name);
  }
  await eachOf(tenant.groups, async (group) => {
    const members = await list(`${root}/groups/${group.id}/members?$select=id&$top=999`, token);
    group.members = Object.keys(byId(members, `members of ${group.id}`));
  });
  await eachOf(tenant.users, async (user) => {
    const state = await get(`${server}/beta/users/${user.id}/authentication/requirements`, token);
    user.perUserMfaState = state.perUserMfaState;
  });
  await eachOf(tenant.strengths, async (strength) => {
    const found = await list(`${root}${STRENGTHS}/${strength.id}/combinationConfigurations`, token);
    strength.combinationConfigurations = byId(found, `configurations of ${strength.id}`);
  });
  const assignments = [];
  await eachOf(tenant.servicePrincipals, async ({ id }) => {
    assignments.push(...(await list(`${root}/servicePrincipals/${id}/appRoleAssignedTo?$top=999`, token)));
  });
  for (const [name, { path, ends }] of Object.entries(EDGES)) {
    const edges = path === undefined ? assignments : await list(root + path, token);
    tenant[name] = byEnds(edges, ends, name);
  }
  return tenant;
}

/** Does something with every object of a list, several at a time. */
async function eachOf(objects, read) {
  const all = Object.values(objects);
  let next = 0;
  const work = async () => {
    while (next < all.length) await read(all[next++]);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** The objects by id, sorted; the same id twice is an error of the server. */
function byId(objects, what) {
  const sorted = {};
  for (const object of objects.sort((a, b) => (a.id < b.id ? -1 : 1))) {
    if (typeof object.id !== 'string') throw new Error(`an object without an id in ${what}: ${JSON.stringify(object)}`);
    if (object.id in sorted) throw new Error(`${object.id} occurs twice in ${what}`);
    sorted[object.id] = object;
  }
  return sorted;
}

/** The edges by what they connect, sorted; two that connect the same are an error of the server. */
function byEnds(edges, ends, what) {
  const named = edges.map(({ id: _, createdDateTime: __, ...edge }) => {
    // A scope is a set of words.
    const scope = typeof edge.scope === 'string' ? { scope: edge.scope.split(' ').filter(Boolean).sort() } : {};
    const key = ends.map((end) => edge[end] ?? 'everybody').join('_');
    return { ...edge, ...scope, id: key };
  });
  return byId(named, what);
}

async function list(url, token) {
  const objects = [];
  const seen = new Set();
  for (let next = url; next !== undefined; ) {
    if (seen.has(next)) throw new Error(`the pages go round in a circle at ${next}`);
    seen.add(next);
    const page = await get(next, token);
    if (!Array.isArray(page.value)) throw new Error(`not a list: ${next}`);
    for (const item of page.value) objects.push(item);
    next = page['@odata.nextLink'];
  }
  return objects;
}

async function get(url, token) {
  for (let attempt = 1; ; attempt++) {
    const headers = { authorization: `Bearer ${token}`, prefer: 'include-unknown-enum-members' };
    const response = await fetch(url, { headers });
    const text = await response.text();
    if (response.ok) return JSON.parse(text);
    const isBusy = response.status === 429 || response.status === 503;
    if (!isBusy || attempt >= MOST_ATTEMPTS) throw new Error(`GET ${url} failed with ${response.status}: ${text}`);
    const seconds = Number.parseFloat(response.headers.get('retry-after') ?? '');
    await new Promise((resolve) => setTimeout(resolve, (Number.isFinite(seconds) ? seconds : 1) * 1000));
  }
}

async function main(args) {
  if (args[0] === '--compare' && args.length === 3) {
    const [before, after] = await Promise.all(
      args.slice(1).map(async (file) => JSON.parse(await readFile(file, 'utf8'))),
    );
    const differences = compareTenants(before, after);
    for (const difference of differences) console.log(difference);
    process.exitCode = differences.length === 0 ? 0 : 1;
  } else if (args.length >= 1 && args.length <= 2 && !args[0].startsWith('-')) {
    process.stdout.write(`${JSON.stringify(await readTenant(args[0], args[1]), null, 1)}\n`);
  } else {
    console.error('usage: raw-reader.mjs URL [TOKEN] | raw-reader.mjs --compare BEFORE.json AFTER.json');
    process.exitCode = 1;
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main(process.argv.slice(2));
}
