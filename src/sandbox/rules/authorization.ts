/** Rules of the authorization policy. Source: "Update authorizationPolicy", "authorizationPolicy resource type". */
import type { Resource } from '../resources.js';
import type { Stored } from '../store.js';
import { type Body, checkProperties, isObject } from '../validate.js';

/** The properties a PATCH sets. The permissions of the default user are merged member by member (page "Update
 * authorizationPolicy": what is left out keeps its value). */
export function authorizationUpdate(resource: Resource, stored: Stored, body: Body): Record<string, unknown> {
  const values = checkProperties(resource, 'authorizationPolicy', body, 'update');
  const { defaultUserRolePermissions: before } = stored.object;
  const { defaultUserRolePermissions: given } = values;
  if (!isObject(given)) return values;
  return { ...values, defaultUserRolePermissions: { ...(isObject(before) ? before : {}), ...given } };
}
