/**
 * An independent reader of a tenant: plain HTTP, no code of the product. What it reads before and after decides whether
 * a recovery worked.
 *
 *   node test/support/raw-reader.mjs URL [TOKEN] > dump.json
 *   node test/support/raw-reader.mjs --compare before.json after.json     exit code 1 and the differences, if there are any
 *
 * Everything counts but what IGNORED lists. Collections are compared without their order, because the directory has none;
 * texts, flags and dates must be the same to the letter.
 */

import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';

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

const LISTS = {
  users: `/users?$select=${USER_PROPERTIES}&$top=999`,
  groups: `/groups?$select=${GROUP_PROPERTIES}&$top=999`,
  policies: '/identity/conditionalAccess/policies',
  namedLocations: '/identity/conditionalAccess/namedLocations',
  deletedUsers: `/directory/deletedItems/microsoft.graph.user?$select=${USER_PROPERTIES}&$top=999`,
  deletedGroups: `/directory/deletedItems/microsoft.graph.group?$select=${GROUP_PROPERTIES}&$top=999`,
  deletedPolicies: '/identity/conditionalAccess/deletedItems/policies',
  deletedNamedLocations: '/identity/conditionalAccess/deletedItems/namedLocations',
};

const IGNORED = new Set(['deletedDateTime', 'modifiedDateTime', 'renewedDateTime']);
const GROUPS_AT_ONCE = 8;
const MOST_ATTEMPTS = 20;

/**
 * Reads a whole tenant: every list by name, and in it every object by id, in the order of the ids; groups with `members`.
 * @param {string} url
 * @param {string} [token]
 * @returns {Promise<Record<string, Record<string, Record<string, unknown>>>>}
 */
export async function readTenant(url, token = 'raw-reader') {
  const root = `${url.replace(/\/+$/, '')}/v1.0`;
  const tenant = {};
  for (const [name, path] of Object.entries(LISTS)) {
    tenant[name] = byId(await list(root + path, token), name);
  }
  const groups = Object.values(tenant.groups);
  let next = 0;
  const work = async () => {
    while (next < groups.length) {
      const group = groups[next++];
      const members = await list(`${root}/groups/${group.id}/members?$select=id&$top=999`, token);
      group.members = Object.keys(byId(members, `members of ${group.id}`));
    }
  };
  await Promise.all(Array.from({ length: GROUPS_AT_ONCE }, work));
  return tenant;
}

/**
 * Says in words how two tenants differ; an empty list means that they are equal.
 * @param {Record<string, Record<string, Record<string, unknown>>>} before
 * @param {Record<string, Record<string, Record<string, unknown>>>} after
 * @returns {string[]}
 */
export function compareTenants(before, after) {
  const differences = [];
  for (const name of union(before, after)) {
    const [was, is] = [before[name] ?? {}, after[name] ?? {}];
    for (const id of union(was, is)) {
      const label = `${name}/${id} (${was[id]?.displayName ?? is[id]?.displayName})`;
      if (!(id in is)) differences.push(`${label}: missing afterwards`);
      else if (!(id in was)) differences.push(`${label}: not there before`);
      else compareValues(was[id], is[id], label, differences);
    }
  }
  return differences;
}

function compareValues(was, is, place, differences) {
  if (isObject(was) && isObject(is)) {
    for (const name of union(was, is)) {
      if (!isIgnored(name)) compareValues(was[name], is[name], `${place} ${name}`, differences);
    }
  } else if (Array.isArray(was) && Array.isArray(is)) {
    const lost = without(was, is);
    const added = without(is, was);
    for (const item of lost) differences.push(`${place}: lost ${item}`);
    for (const item of added) differences.push(`${place}: gained ${item}`);
  } else if (canonical(was) !== canonical(is)) {
    differences.push(`${place}: was ${canonical(was)}, is ${canonical(is)}`);
  }
}

/** The items of one list that the other has not, each as often as it is missing. */
function without(items, others) {
  const counts = new Map();
  for (const other of others) counts.set(canonical(other), (counts.get(canonical(other)) ?? 0) + 1);
  return items.map(canonical).filter((item) => {
    const count = counts.get(item) ?? 0;
    counts.set(item, count - 1);
    return count <= 0;
  });
}

/** JSON with sorted members, without what is ignored; `absent` for a member that is not there. */
function canonical(value) {
  if (value === undefined) return 'absent';
  if (Array.isArray(value)) return `[${value.map(canonical).sort().join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const names = Object.keys(value).filter((name) => !isIgnored(name));
  return `{${names
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`)
    .join(',')}}`;
}

function isIgnored(name) {
  return IGNORED.has(name) || name.endsWith('@odata.context');
}

function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function union(a, b) {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
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
