/**
 * Rules of app role assignments. Source: "appRoleAssignment resource type", "Grant an appRoleAssignment for a service
 * principal"; the words of refusals are observed.
 */
import { effectiveObject } from '../effective.js';
import { badRequest, invalidValue, notFound } from '../errors.js';
import { defaultAccess } from '../quirks/application-writing.js';
import { requiredOnCreate } from '../quirks/writing.js';
import { resources } from '../resources.js';
import type { SeedCollection } from '../seed.js';
import type { Store, Stored } from '../store.js';
import { type Body, checkProperties, checkRequired, isObject } from '../validate.js';

const resource = resources.appRoleAssignments;

/** What a role can be assigned to. */
const principals: readonly SeedCollection[] = ['users', 'groups', 'servicePrincipals'];

/** The properties of a new assignment. `end` is the property that the path has given already. */
export function newAssignment(
  store: Store,
  body: Body,
  path: { readonly end: 'principalId' | 'resourceId'; readonly id: string },
  id: string,
  now: string,
): Record<string, unknown> {
  checkRequired(resource, requiredOnCreate[resource.type] ?? [], body);
  const values = checkProperties(resource, resource.type, body, 'create');
  if (String(values[path.end]).toLowerCase() !== path.id) throw invalidValue(path.end, resource.label);
  const principal = live(store, principals, values.principalId);
  const target = live(store, ['servicePrincipals'], values.resourceId);
  const appRoleId = String(values.appRoleId).toLowerCase();
  if (appRoleId !== defaultAccess && !offers(effectiveObject(store, target), appRoleId))
    throw badRequest('Permission being assigned was not found on application');
  const same = { principalId: principal.id, resourceId: target.id, appRoleId };
  if (store.edges.get(principal.id)?.some((edge) => isSame(store.objects.get(edge), same)))
    throw badRequest('Permission being assigned already exists on the object');
  return {
    id,
    appRoleId,
    createdDateTime: now,
    principalDisplayName: effectiveObject(store, principal).displayName,
    principalId: principal.id,
    principalType: resources[principal.collection].label,
    resourceDisplayName: effectiveObject(store, target).displayName,
    resourceId: target.id,
  };
}

/** Throws 404 when there is no such live object. */
function live(store: Store, collections: readonly SeedCollection[], id: unknown): Stored {
  const stored = store.objects.get(String(id).toLowerCase());
  if (stored && !stored.deletedDateTime && collections.includes(stored.collection)) return stored;
  throw notFound(String(id));
}

function offers({ appRoles }: Body, id: string): boolean {
  const roles = Array.isArray(appRoles) ? appRoles.filter(isObject) : [];
  return roles.some((role) => String(role.id).toLowerCase() === id && role.isEnabled === true);
}

function isSame(edge: Stored | undefined, wanted: Readonly<Record<string, string>>): boolean {
  if (edge?.collection !== 'appRoleAssignments') return false;
  return Object.entries(wanted).every(([name, value]) => String(edge.object[name]).toLowerCase() === value);
}
