/** Where the bodies of requests name other objects. */

import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../src/model/json.js';
import type { CorpusType } from './reasons.js';
import { isGuid } from './values.js';

/** What a reference leads to. Roles, applications by `appId` and terms of use keep the ids that they have. */
export type Referred =
  | 'user'
  | 'group'
  | 'namedLocation'
  | 'authenticationStrengthPolicy'
  | 'servicePrincipal'
  | 'application'
  | 'roleDefinition'
  | 'appId'
  | 'role'
  | 'agreement';

/** The id that stands for an id of the corpus in the tenant. */
export type Resolve = (kind: Referred, id: string) => Promise<string>;

/** Words where an id could be. */
const WORDS: Readonly<Partial<Record<Referred, readonly string[]>>> = {
  user: ['All', 'None', 'GuestsOrExternalUsers', 'all_users'],
  group: ['all_users'],
  namedLocation: ['All', 'AllTrusted'],
  servicePrincipal: ['ServicePrincipalsInMyTenant'],
  appId: ['All', 'None', 'Office365', 'MicrosoftAdminPortals'],
};
const NOBODY = '00000000-0000-0000-0000-000000000000';
const BUILT_IN_STRENGTH = /^00000000-0000-0000-0000-00000000000\d$/;

const LISTS: Readonly<Record<string, Referred>> = {
  includeUsers: 'user',
  excludeUsers: 'user',
  includeGroups: 'group',
  excludeGroups: 'group',
  includeRoles: 'role',
  excludeRoles: 'role',
  includeLocations: 'namedLocation',
  excludeLocations: 'namedLocation',
  includeApplications: 'appId',
  excludeApplications: 'appId',
  includeServicePrincipals: 'servicePrincipal',
  excludeServicePrincipals: 'servicePrincipal',
  termsOfUse: 'agreement',
};

const MEMBERS: Readonly<Partial<Record<CorpusType, Readonly<Record<string, Referred>>>>> = {
  oauth2PermissionGrant: { clientId: 'servicePrincipal', resourceId: 'servicePrincipal', principalId: 'user' },
  appRoleAssignment: { principalId: 'servicePrincipal', resourceId: 'servicePrincipal' },
  roleAssignment: { principalId: 'user', roleDefinitionId: 'roleDefinition' },
};

/** The body with every id replaced by the one it has in the tenant. */
export async function rewritten(type: CorpusType, body: JsonObject, resolve: Resolve): Promise<JsonObject> {
  const of = MEMBERS[type] ?? {};
  const one = async (kind: Referred, id: Json): Promise<Json> => {
    if (typeof id !== 'string' || id === NOBODY || WORDS[kind]?.includes(id)) return id;
    if (kind === 'authenticationStrengthPolicy' && BUILT_IN_STRENGTH.test(id)) return id;
    const stays = kind === 'role' || kind === 'appId' || kind === 'agreement';
    if (stays && isGuid(id)) return id;
    const found = await resolve(kind, id);
    // Loud ids stay loud: Graph takes both.
    return isGuid(id) && id === id.toUpperCase() && id !== id.toLowerCase() ? found.toUpperCase() : found;
  };
  const member = async (name: string, value: Json, holder: JsonObject): Promise<Json> => {
    const kind = of[name];
    if (kind !== undefined && typeof value === 'string') return one(kind, value);
    if (name === 'directoryScopeId' && typeof value === 'string' && /^\/[0-9a-f-]{36}$/i.test(value))
      return `/${await one('application', value.slice(1))}`;
    const list = LISTS[name];
    if (list !== undefined && isJsonArray(value)) return Promise.all(value.map((id) => one(list, id)));
    if (name === 'authenticationStrength' && isJsonObject(value))
      return { ...value, id: await one('authenticationStrengthPolicy', value.id ?? null) };
    if (name === 'id' && (holder.targetType === 'group' || holder.targetType === 'user'))
      return one(holder.targetType, value);
    return walk(value);
  };
  const walk = async (value: Json): Promise<Json> => {
    if (isJsonArray(value)) return Promise.all(value.map(walk));
    if (!isJsonObject(value)) return value;
    const entries = Object.entries(value) as [string, Json][];
    return Object.fromEntries(
      await Promise.all(entries.map(async ([name, inner]) => [name, await member(name, inner, value)] as const)),
    );
  };
  return (await walk(body)) as JsonObject;
}
