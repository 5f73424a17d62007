/** What a recovery may ask of the service, what may be refused, and what is nobody's setting: tables for the checks. */

import { isJsonArray, isJsonObject, type Json } from '../../src/model/json.js';
import type { ObjectKey } from '../../src/model/object.js';
import type { Action, Scope } from '../../src/model/plan.js';
import { endsOf, type Kind } from './kinds.js';
import type { RawObject, RawTenant } from './raw-tenant.js';

/** Refusals that no plan can avoid. Any other failure of a step is a defect. */
const INEVITABLE: readonly (readonly [
  RegExp,
  ((found: RegExpExecArray, after: RawTenant, action: Action) => boolean)?,
])[] = [
  // A unique value: addresses are not compared, and the recycle bin does not say under which name a user comes back.
  [
    /^400 Request_BadRequest: Another object with the same value for property (?:userPrincipalName|proxyAddresses|identifierUris) already exists\.$/,
  ],
  // A policy that refers to something that is not there any more, or was not there at the backup.
  [/^400 BadRequest: The policy names an object in '\w+' that does not exist: '([0-9a-f-]+)'\.$/, isGone],
  [/^400 BadRequest: A target in '\w+' is a group that does not exist: '([0-9a-f-]+)'\.$/, isGone],
  [/^400 BadRequest: The authentication strength '([0-9a-f-]+)' does not exist\.$/, isGone],
  // A location that a policy still refers to: one that is kept or could not be changed.
  [
    /^400 BadRequest: The named location is referenced by the Conditional Access policy '[0-9a-f-]+' and cannot be deleted\.$/,
  ],
  // A service principal comes back after its application only; an agent identity after its blueprint, which nobody sees.
  [
    /^400 Request_BadRequest: Cannot restore ServicePrincipal without backing Application ([0-9a-f-]+)\.$/,
    hasNoApplication,
  ],
  // The user of an agent comes back after its identity only, which nobody sees either.
  [/^400 Request_BadRequest: The agent user cannot be restored before its parent identity '([0-9a-f-]+)'\.$/, isGone],
  // An end of an edge that did not come back, and a role that the resource does not offer, or not any more.
  [
    /^(?:404 Request_ResourceNotFound|400 Request_BadRequest): Resource '([0-9a-f-]+)' does not exist or one of its queried .*$/,
    isGone,
  ],
  [/^400 Request_BadRequest: Permission being assigned was not found on application$/, isNotOffered],
  // The migration of the method policies goes in one direction.
  [/^400 BadRequest: policyMigrationState cannot go back from '\w+' to '\w+'\.$/],
  // What a service principal holds of its own was not seen while its application held it, too.
  [/^(?:tags|servicePrincipalNames) changed after the plan was made\.$/, hasApplication],
  [/^The first delete of its type failed\.$/],
  [/^Graph does not let it be emptied\.$/],
];

function isGone([, id]: RegExpExecArray, after: RawTenant): boolean {
  return ![...after.values()].some((object) => object.id === String(id).toLowerCase() && !object.deleted);
}

function hasNoApplication([, appId]: RegExpExecArray, after: RawTenant): boolean {
  return ![...after.values()].some(
    ({ type, deleted, values }) => type === 'application' && !deleted && values.appId === appId,
  );
}

function hasApplication(_: RegExpExecArray, after: RawTenant, { object }: Action): boolean {
  const principal = after.get(object);
  return principal !== undefined && applicationOf(after, principal) !== undefined;
}

function isNotOffered(_: RegExpExecArray, after: RawTenant, action: Action): boolean {
  const wanted = 'set' in action ? action.set?.find(({ path }) => path === 'appRoleId')?.desired : undefined;
  const roles = after.get(action.object)?.values.appRoles;
  return !(isJsonArray(roles) ? roles : []).some(
    (role) => isJsonObject(role) && String(role.id).toLowerCase() === wanted && role.isEnabled === true,
  );
}

export function isInevitable(reason: string, after: RawTenant, action: Action): boolean {
  return INEVITABLE.some(([shape, holds]) => {
    const found = shape.exec(reason);
    return found !== null && (holds?.(found, after, action) ?? true);
  });
}

const GUID = '[0-9a-f-]{36}';
const CAST = String.raw`(?:/microsoft\.graph\.agent\w+)?`;
/** Types that are shown and never written. */
const SHOWN: ReadonlySet<string> = new Set(['roleDefinition', 'roleAssignment']);

interface Allowed {
  readonly writes: readonly RegExp[];
  /** Requests that move an object to the recycle bin, by type. */
  readonly deletes: readonly (readonly [string, RegExp])[];
}

/** Writes that a recovery may make, and no other. */
export function allowedWrites(kinds: readonly Kind[]): Allowed {
  const writes = [
    `PATCH /beta/users/${GUID}/authentication/requirements`,
    `POST /v1\\.0/policies/authenticationStrengthPolicies/${GUID}/updateAllowedCombinations`,
    `POST /v1\\.0/servicePrincipals/${GUID}/appRoleAssignedTo`,
    `DELETE /v1\\.0/servicePrincipals/${GUID}/appRoleAssignedTo/[\\w-]+`,
    'POST /v1\\.0/oauth2PermissionGrants',
    '(?:PATCH|DELETE) /v1\\.0/oauth2PermissionGrants/[\\w-]+',
  ];
  const deletes: [string, RegExp][] = [];
  for (const { name, live, bin, singleton, edge, links, type } of kinds) {
    if (edge || SHOWN.has(name)) continue;
    const path = `/v1\\.0${live.replaceAll('.', '\\.')}`;
    writes.push(type.singleton === 'object' ? `PATCH ${path}` : `PATCH ${path}/[\\w-]+${CAST}`);
    for (const link of links) writes.push(`DELETE ${path}/${GUID}/${link}/${GUID}/\\$ref`);
    for (const link of links) writes.push(`POST ${path}/${GUID}/${link}/\\$ref`);
    if (bin === undefined || singleton) continue;
    writes.push(`POST /v1\\.0${bin.items}/${GUID}/restore`);
    deletes.push([name, new RegExp(`^DELETE ${path}/${GUID}${CAST}$`)]);
  }
  return { writes: writes.map((text) => new RegExp(`^${text}$`)), deletes };
}

/** Properties of a service principal that say what its application says. */
export const FOLLOWED: readonly string[] = [
  'displayName',
  'appDisplayName',
  'appDescription',
  'appRoles',
  'info',
  'oauth2PermissionScopes',
  'replyUrls',
  'signInAudience',
  'verifiedPublisher',
];
/** Those of which it has values of its own beside. */
export const UNITED: Readonly<Record<string, string>> = { tags: 'tags', servicePrincipalNames: 'identifierUris' };

const NAMES_OF_ENDS = ['principalDisplayName', 'resourceDisplayName'];

/** What follows from something else, or says when the service did something. */
export const NO_SETTING: Readonly<Record<string, readonly string[]>> = {
  user: ['proxyAddresses', 'identities'],
  group: ['proxyAddresses', 'renewedDateTime'],
  servicePrincipal: FOLLOWED,
  appRoleAssignment: ['id', 'createdDateTime', ...NAMES_OF_ENDS],
  oauth2PermissionGrant: ['id'],
  roleAssignment: ['id'],
  authenticationStrengthPolicy: ['requirementsSatisfied'],
};
export const TIMES: ReadonlySet<string> = new Set(['deletedDateTime', 'modifiedDateTime', 'lastModifiedDateTime']);

/** What Graph itself changes along with a property. */
export const FOLLOWS: Readonly<Record<string, readonly string[]>> = {
  mail: ['proxyAddresses'],
  userPrincipalName: ['identities'],
  allowedCombinations: ['requirementsSatisfied'],
};
/** What a reader never sees unchanged. */
export const ALWAYS_FOLLOWS: Readonly<Record<string, readonly string[]>> = { appRoleAssignment: NAMES_OF_ENDS };

const OWNERS: Readonly<Record<string, readonly [type: string, part: number]>> = {
  appRoleAssignment: ['servicePrincipal', 1],
  oauth2PermissionGrant: ['servicePrincipal', 1],
  roleAssignment: ['roleDefinition', 0],
};

export const isEdge = (key: string): boolean => key.slice(0, key.indexOf('/')) in OWNERS;

/** Whether links to an object are left alone with it. */
export const isExcluded = ({ exclude }: Scope, id: string): boolean => exclude.some((key) => key.endsWith(`/${id}`));

/** Whether a scope covers an object; an edge is where its owner is, and left alone with either of its ends. */
export function isInScope(scope: Scope, key: ObjectKey): boolean {
  const type = key.slice(0, key.indexOf('/'));
  const [ownerType = '', part = 0] = OWNERS[type] ?? [];
  const owner: ObjectKey | undefined = ownerType === '' ? undefined : `${ownerType}/${endsOf(key)[part]}`;
  if (scope.exclude.includes(key) || (isEdge(key) && endsOf(key).some((id) => isExcluded(scope, id)))) return false;
  if (scope.types.length === 0 && scope.targets.length === 0) return true;
  const named = (name: string, object: ObjectKey) => scope.types.includes(name) || scope.targets.includes(object);
  return named(type, key) || (owner !== undefined && named(ownerType, owner));
}

/** The application of this tenant that a service principal belongs to. */
export function applicationOf(tenant: RawTenant, { type, values }: RawObject): RawObject | undefined {
  if (type !== 'servicePrincipal') return undefined;
  return [...tenant.values()].find((other) => other.type === 'application' && other.values.appId === values.appId);
}

const ANY_CASE = new Set(['userPrincipalName', 'mail', 'otherMails']);
const WORDS = new Set([
  'passwordPolicies',
  'insiderRiskLevels',
  'guestOrExternalUserTypes',
  'groupMembershipClaims',
  'allowedCombinations',
  'appliesToCombinations',
  'passkeyTypes',
]);
/** Members that the service computes. */
const COMPUTED = new Set(['origin', 'logoUrl', 'redirectUriSettings', 'isRegistrationRequired', 'hint', 'key']);
const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A value without what does not matter to Graph: order and repetition, empty members, the spelling of dates and ids. */
export function plain(name: string, value: Json | undefined): Json {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return plainText(name, value);
  if (isJsonArray(value)) {
    const filled = value.map((item) => plain(name, item)).filter((item) => item !== null);
    const items = new Map(filled.map((item) => [JSON.stringify(item), item]));
    return items.size === 0 ? null : [...items.keys()].sort().map((text) => items.get(text) as Json);
  }
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value)
    .filter(([member]) => !COMPUTED.has(member) && !member.endsWith('@odata.context'))
    .map(([member, item]) => [member, plain(member, item)] as const);
  const filled = members.filter(([, item]) => item !== null);
  return filled.length === 0 ? null : Object.fromEntries(filled.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function plainText(name: string, value: string): string {
  if (ANY_CASE.has(name) || ID.test(value)) return value.toLowerCase();
  if (name === 'perUserMfaState') return value === 'enforced' ? 'enabled' : value;
  if (WORDS.has(name)) return value.split(/, ?/).sort().join();
  if (name === 'scope') return [...new Set(value.split(/\s+/).filter((word) => word !== ''))].sort().join(' ');
  return /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$/.test(value) ? new Date(value).toISOString() : value;
}
