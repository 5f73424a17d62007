/**
 * Rules of delegated permission grants. Source: "oAuth2PermissionGrant resource type", "Create oAuth2PermissionGrant",
 * "Update oAuth2PermissionGrant".
 */
import { GraphError, invalidValue, notFound } from '../errors.js';
import { requiredOnCreate } from '../quirks/writing.js';
import { resources } from '../resources.js';
import type { SeedCollection } from '../seed.js';
import type { Store, Stored } from '../store.js';
import { type Body, checkProperties, checkRequired } from '../validate.js';

const resource = resources.oauth2PermissionGrants;

/** The properties of a new grant. Throws 409 when there is one for the same client, resource and principal. */
export function newGrant(store: Store, body: Body, id: string): Record<string, unknown> {
  checkRequired(resource, requiredOnCreate[resource.type] ?? [], body);
  const values = checkProperties(resource, resource.type, body, 'create');
  const { clientId, resourceId, principalId, consentType } = values;
  // A grant for one user names the user; a grant for all names nobody.
  if ((consentType === 'Principal') !== (typeof principalId === 'string'))
    throw invalidValue('principalId', resource.label);
  checkLive(store, 'servicePrincipals', clientId);
  checkLive(store, 'servicePrincipals', resourceId);
  if (typeof principalId === 'string') checkLive(store, 'users', principalId);
  const wanted = keyOf(values);
  const others = store.edges.get(String(clientId).toLowerCase()) ?? [];
  if (others.some((other) => isGrant(store.objects.get(other), wanted))) {
    throw new GraphError(409, 'Request_MultipleObjectsWithSameKeyValue', 'Permission entry already exists.');
  }
  return { ...values, id };
}

/** The properties a PATCH sets. */
export function grantUpdate(body: Body): Record<string, unknown> {
  return checkProperties(resource, resource.type, body, 'update');
}

/** Throws 404 when there is no such live object. */
function checkLive(store: Store, collection: SeedCollection, id: unknown): void {
  const stored = store.objects.get(String(id).toLowerCase());
  if (stored?.collection !== collection || stored.deletedDateTime) throw notFound(String(id));
}

function isGrant(stored: Stored | undefined, key: string): boolean {
  return stored?.collection === 'oauth2PermissionGrants' && keyOf(stored.object) === key;
}

/** What only one grant may have. */
function keyOf({ clientId, resourceId, consentType, principalId }: Body): string {
  return JSON.stringify([clientId, resourceId, consentType, principalId ?? null]).toLowerCase();
}
