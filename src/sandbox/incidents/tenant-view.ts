/** What the incidents look at before they act: the tenant's objects in a fixed order, and which of them to spare. */

import type { Client, Json } from './client.js';

/** An object of the tenant, by its id. */
export interface Item extends Json {
  readonly id: string;
}

const USER_PROPERTIES = 'id,accountEnabled,displayName,onPremisesSyncEnabled,userPrincipalName,userType';
const GROUP_PROPERTIES = 'id,displayName,groupTypes,mailEnabled,onPremisesSyncEnabled,isAssignableToRole';
const PAGE = '$top=999';

/** The active users, sorted by id. */
export async function listUsers(client: Client): Promise<Item[]> {
  return sorted(await client.list(`/users?$select=${USER_PROPERTIES}&$top=999`));
}

/** The active groups, sorted by id. */
export async function listGroups(client: Client): Promise<Item[]> {
  return sorted(await client.list(`/groups?$select=${GROUP_PROPERTIES}&$top=999`));
}

/** The applications, sorted by name. */
export async function listApplications(client: Client): Promise<Item[]> {
  return sorted(await client.list(`/applications?${PAGE}`), 'displayName');
}

/** The service principals, sorted by name. */
export async function listPrincipals(client: Client): Promise<Item[]> {
  return sorted(await client.list(`/servicePrincipals?${PAGE}`), 'displayName');
}

/** What is in the recycle bin of the directory, of one type, sorted by name. */
export async function listDeleted(client: Client, type: DirectoryType): Promise<Item[]> {
  return sorted(await client.list(`${BIN}/microsoft.graph.${type}?${PAGE}`), 'displayName');
}

/** Types that have a recycle bin in the directory. */
export type DirectoryType = 'user' | 'group' | 'application' | 'servicePrincipal';

/** The Conditional Access policies, sorted by name. */
export async function listPolicies(client: Client): Promise<Item[]> {
  return sorted(await client.list(POLICIES), 'displayName');
}

/** The named locations, sorted by name. */
export async function listLocations(client: Client): Promise<Item[]> {
  return sorted(await client.list(LOCATIONS), 'displayName');
}

/** Where Conditional Access policies are. */
export const POLICIES = '/identity/conditionalAccess/policies';
/** Where named locations are. */
export const LOCATIONS = '/identity/conditionalAccess/namedLocations';

/** The recycle bin of the directory. */
export const BIN = '/directory/deletedItems';
/** The recycle bins of policies and named locations. */
export const POLICY_BIN = '/identity/conditionalAccess/deletedItems/policies';
export const LOCATION_BIN = '/identity/conditionalAccess/deletedItems/namedLocations';

/** True for what belongs to an agent; Graph changes it only under its own type. */
export function isAgent(object: Item): boolean {
  return /^#microsoft\.graph\.agent/.test(String(object['@odata.type']));
}

/** True for the accounts that nobody should ever lock out. */
export function isEmergencyAccount(user: Item): boolean {
  return /^(?:emergency|break-?glass)/i.test(String(user.userPrincipalName));
}

/** True for what an on-premises directory owns; the cloud refuses to change it. */
export function isSynced(object: Item): boolean {
  return object.onPremisesSyncEnabled === true;
}

/** True for a group whose members a rule selects. */
export function isDynamic(group: Item): boolean {
  return textsOf(group.groupTypes).includes('DynamicMembership');
}

/** True for distribution lists and mail-enabled security groups, which Graph can only read. */
export function isExchangeGroup(group: Item): boolean {
  return group.mailEnabled === true && !textsOf(group.groupTypes).includes('Unified');
}

/** About one in `count` objects, always the same ones: ids are as good as random. Each end of an id chooses others. */
export function isOneIn(count: number, object: Item, end: 'front' | 'back' = 'front'): boolean {
  const digits = end === 'front' ? object.id.slice(0, 8) : object.id.slice(-8);
  return Number.parseInt(digits, 16) % count === 0;
}

/** About one in `count` of the objects, and at least `least` of them as far as there are so many. */
export function selectOneIn(
  count: number,
  objects: readonly Item[],
  least: number,
  end: 'front' | 'back' = 'front',
): Item[] {
  const chosen = objects.filter((object) => isOneIn(count, object, end));
  const missing = Math.max(0, least - chosen.length);
  return [...chosen, ...objects.filter((object) => !isOneIn(count, object, end)).slice(0, missing)];
}

/** True for a policy that names the location. */
export function usesLocation(policy: Item, location: Item): boolean {
  const { includeLocations, excludeLocations } = objectOf(objectOf(policy.conditions).locations);
  return [...textsOf(includeLocations), ...textsOf(excludeLocations)].includes(location.id);
}

/** The texts of a value that should be a list of texts. */
export function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** The object that a value is, or an empty one. */
export function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

/** How many there are of what: `1 user`, `2,345 users`, `3 policies`. */
export function counted({ length }: readonly unknown[], noun: string): string {
  const plural = noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`;
  return `${length.toLocaleString('en-US')} ${length === 1 ? noun : plural}`;
}

function sorted(objects: readonly Json[], by: 'id' | 'displayName' = 'id'): Item[] {
  const key = (item: Item) => `${String(item[by])}\n${item.id}`;
  return (objects as Item[]).toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}
