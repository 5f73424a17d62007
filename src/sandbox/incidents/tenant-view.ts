/** What the incidents look at before they act: the tenant's objects in a fixed order, and which of them to spare. */

import type { Client, Json } from './client.js';

/** An object of the tenant, by its id. */
export interface Item extends Json {
  readonly id: string;
}

const USER_PROPERTIES = 'id,accountEnabled,displayName,onPremisesSyncEnabled,userPrincipalName,userType';
const GROUP_PROPERTIES = 'id,displayName,groupTypes,mailEnabled,onPremisesSyncEnabled';

/** The active users, sorted by id. */
export async function listUsers(client: Client): Promise<Item[]> {
  return sorted(await client.list(`/users?$select=${USER_PROPERTIES}&$top=999`));
}

/** The active groups, sorted by id. */
export async function listGroups(client: Client): Promise<Item[]> {
  return sorted(await client.list(`/groups?$select=${GROUP_PROPERTIES}&$top=999`));
}

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

/** About one in `count` objects, always the same ones: ids are as good as random. */
export function isOneIn(count: number, object: Item): boolean {
  return Number.parseInt(object.id.slice(0, 8), 16) % count === 0;
}

/** About one in `count` of the objects, and at least `least` of them as far as there are so many. */
export function selectOneIn(count: number, objects: readonly Item[], least: number): Item[] {
  const chosen = objects.filter((object) => isOneIn(count, object));
  const missing = Math.max(0, least - chosen.length);
  return [...chosen, ...objects.filter((object) => !isOneIn(count, object)).slice(0, missing)];
}

/** The texts of a value that should be a list of texts. */
export function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** The object that a value is, or an empty one. */
export function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function sorted(objects: readonly Json[], by: 'id' | 'displayName' = 'id'): Item[] {
  const key = (item: Item) => `${String(item[by])}\n${item.id}`;
  return (objects as Item[]).toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}
