/** Rules about groups that involve several properties. Source: "Create group", "Update group", "group resource type". */
import { badRequest, conflict, invalidValue } from '../errors.js';
import { memberWords, syncedWords } from '../quirks/words.js';
import { requiredOnCreate } from '../quirks/writing.js';
import { resources } from '../resources.js';
import type { Store, Stored } from '../store.js';
import { type Body, checkProperties, checkRequired, refuse } from '../validate.js';

const resource = resources.groups;

type Properties = Readonly<Record<string, unknown>>;

const has = (group: Properties, groupType: string): boolean =>
  Array.isArray(group.groupTypes) && group.groupTypes.includes(groupType);

export const isUnified = (group: Properties): boolean => has(group, 'Unified');
export const isDynamic = (group: Properties): boolean => has(group, 'DynamicMembership');
export const isSynced = (object: Properties): boolean => object.onPremisesSyncEnabled === true;
/** Mail-enabled security groups and distribution lists, which Exchange owns. */
export const isExchangeGroup = (group: Properties): boolean => group.mailEnabled === true && !isUnified(group);

/** Whether a deleted group goes to the recycle bin. Source: "Delete group". */
export const isSoftDeletable = (group: Properties): boolean => !isExchangeGroup(group) && !isSynced(group);

/** The properties of a new group. */
export function newGroup(store: Store, body: Body, id: string, now: string): Record<string, unknown> {
  checkRequired(resource, requiredOnCreate.group ?? [], body);
  const values = checkProperties(resource, 'group', body, 'create');
  const group: Record<string, unknown> = { groupTypes: [], ...values, id, createdDateTime: now, renewedDateTime: now };
  checkGroupTypes(group);
  if (isExchangeGroup(group))
    throw badRequest('Cannot Create a mail-enabled security groups and or distribution list.');
  if (isUnified(group) !== (group.mailEnabled === true)) throw invalid('mailEnabled');
  if (!isUnified(group) && group.securityEnabled !== true) throw invalid('securityEnabled');
  checkMembership(group, group.membershipRule);
  checkTheme(group, group.theme);
  if (group.isAssignableToRole === true) {
    if (isDynamic(group)) throw invalid('isAssignableToRole');
    if (group.visibility !== undefined && group.visibility !== 'Private') throw invalid('visibility');
    group.visibility = 'Private';
  }
  if (!isUnified(group)) return group;
  if (store.addresses.has(address(store, group).toLowerCase())) throw conflict('mailNickname');
  return {
    visibility: 'Public',
    ...group,
    mail: address(store, group),
    proxyAddresses: [`SMTP:${address(store, group)}`],
  };
}

/** The properties a PATCH sets. */
export function groupUpdate(stored: Stored, body: Body): Record<string, unknown> {
  const values = checkProperties(resource, 'group', body, 'update');
  if (Object.keys(values).length === 0) return values;
  const before = stored.object;
  if (isSynced(before)) throw badRequest(syncedWords);
  if (isExchangeGroup(before)) throw badRequest(memberWords.mailEnabled);
  const after = { ...before, ...values };
  checkGroupTypes(after);
  if (isUnified(before) !== isUnified(after)) throw invalid('groupTypes');
  if (
    isDynamic(after) &&
    !isDynamic(before) &&
    (values.membershipRule === undefined || values.membershipRuleProcessingState === undefined)
  ) {
    throw invalid('membershipRule');
  }
  if (after.mailEnabled !== before.mailEnabled) throw invalid('mailEnabled');
  if (!isUnified(after) && after.securityEnabled !== true) throw invalid('securityEnabled');
  checkMembership(after, values.membershipRule);
  checkTheme(after, values.theme);
  if ('visibility' in values) checkVisibility(before, values.visibility);
  return values;
}

function checkGroupTypes(group: Properties): void {
  const types: unknown = group.groupTypes;
  if (!Array.isArray(types) || types.some((type) => type !== 'Unified' && type !== 'DynamicMembership'))
    throw invalid('groupTypes');
}

/** A dynamic group has a rule and says whether it is processed; any other group is given none (an old one may stay). */
function checkMembership(group: Properties, givenRule: unknown): void {
  if (!isDynamic(group)) {
    if (typeof givenRule === 'string') throw invalid('membershipRule');
    return;
  }
  if (typeof group.membershipRule !== 'string') throw invalid('membershipRule');
  if (typeof group.membershipRuleProcessingState !== 'string') throw invalid('membershipRuleProcessingState');
}

/** HiddenMembership can be given at creation only and stays; role-assignable groups are private. */
function checkVisibility(before: Properties, visibility: unknown): void {
  const hidden = before.visibility === 'HiddenMembership';
  if (hidden !== (visibility === 'HiddenMembership')) throw invalid('visibility');
  if (before.isAssignableToRole === true && visibility !== 'Private') throw invalid('visibility');
}

function checkTheme(group: Properties, givenTheme: unknown): void {
  if (typeof givenTheme === 'string' && !isUnified(group)) throw invalid('theme');
}

function address(store: Store, group: Properties): string {
  return `${String(group.mailNickname)}@${store.verifiedDomains[0] ?? ''}`;
}

const invalid = (property: string) => invalidValue(property, resource.label);

/** Throws what Graph answers when the members of this group cannot be changed by requests. */
export function checkMembersWritable(group: Properties): void {
  if (isSynced(group)) throw badRequest(syncedWords);
  if (isExchangeGroup(group)) throw badRequest(memberWords.mailEnabled);
  if (isDynamic(group)) throw refuse(resource, memberWords.dynamic, 'members');
}
