/**
 * Rules of directory roles and of who has them. Source: "unifiedRoleDefinition resource type", "Create roleDefinitions",
 * "Update unifiedRoleDefinition", "Delete unifiedRoleDefinition", "Create unifiedRoleAssignment", "Use Microsoft Entra
 * groups to manage role assignments".
 */
import { badRequest, missingWords } from '../errors.js';

import { requiredOnCreate } from '../quirks/writing.js';
import { isDirectoryObject, resources } from '../resources.js';
import type { Store, Stored } from '../store.js';
import { roleAssignmentId } from '../tenant/opaque-ids.js';
import { type Body, checkProperties, checkRequired, isGuid, refuse } from '../validate.js';

const definitions = resources.roleDefinitions;
const assignments = resources.roleAssignments;

/** The properties of a new custom role. A template id that is given becomes the id. */
export function newRole(store: Store, body: Body, id: string): Record<string, unknown> {
  checkRequired(definitions, requiredOnCreate.unifiedRoleDefinition ?? [], body);
  const values = checkProperties(definitions, 'unifiedRoleDefinition', body, 'create');
  checkPermissions(values.rolePermissions);
  const templateId = String(values.templateId ?? id).toLowerCase();
  if (!isGuid(templateId)) throw refuse(definitions, `'${templateId}' is not a template id.`, 'templateId');
  if (store.objects.has(templateId)) throw badRequest(conflictWords);
  return { resourceScopes: ['/'], ...values, templateId, id: templateId, isBuiltIn: false };
}

/** The properties a PATCH of a custom role sets. */
export function roleUpdate(stored: Stored, body: Body): Record<string, unknown> {
  checkCustom(stored);
  const values = checkProperties(definitions, 'unifiedRoleDefinition', body, 'update');
  if ('rolePermissions' in values) checkPermissions(values.rolePermissions);
  return values;
}

/** Throws 400 for a built-in role, and while someone has the role (the words are not published). */
export function checkRoleDeletable(store: Store, stored: Stored): void {
  checkCustom(stored);
  const assigned = store.live.roleAssignments.some((id) => {
    const { roleDefinitionId, principalId } = store.objects.get(id)?.object ?? {};
    return String(roleDefinitionId).toLowerCase() === stored.id && store.objects.has(String(principalId).toLowerCase());
  });
  if (assigned) throw badRequest('The role definition has role assignments and cannot be deleted.');
}

function checkCustom(stored: Stored): void {
  if (stored.object.isBuiltIn === true) throw badRequest('A built-in role definition cannot be changed or deleted.');
}

function checkPermissions(permissions: unknown): void {
  const usable =
    Array.isArray(permissions) &&
    permissions.length > 0 &&
    permissions.every(({ allowedResourceActions: actions }: Body) => Array.isArray(actions) && actions.length > 0);
  if (!usable) throw refuse(definitions, "'rolePermissions' must allow actions.", 'rolePermissions');
}

/** The words for something that is there already (observed). */
const conflictWords =
  'A conflicting object with one or more of the specified property values is present in the directory.';

/** The properties of a new assignment. `number` makes its id one of its own. */
export function newAssignment(store: Store, body: Body, number: string): Record<string, unknown> {
  checkRequired(assignments, requiredOnCreate.unifiedRoleAssignment ?? [], body);
  const values = checkProperties(assignments, 'unifiedRoleAssignment', body, 'create');
  const role = roleOf(store, String(values.roleDefinitionId));
  const principal = principalOf(store, String(values.principalId));
  const { directoryScopeId } = values;
  checkScope(store, String(directoryScopeId));
  const triple = { principalId: principal.id, roleDefinitionId: role.id, directoryScopeId };
  if (isAssigned(store, triple)) throw badRequest(conflictWords);
  return { ...values, ...triple, id: roleAssignmentId(role.id, principal.id, number) };
}

function roleOf(store: Store, id: string): Stored {
  const role = store.objects.get(id.toLowerCase());
  if (role?.collection !== 'roleDefinitions') throw badRequest(missingWords(id));
  if (role.object.isEnabled === false) throw badRequest('The role definition is not enabled for assignment.');
  return role;
}

function principalOf(store: Store, id: string): Stored {
  const principal = store.objects.get(id.toLowerCase());
  const assignable = ['users', 'groups', 'servicePrincipals'];
  if (!principal || principal.deletedDateTime || !assignable.includes(principal.collection))
    throw badRequest(missingWords(id));
  if (principal.collection === 'groups' && principal.object.isAssignableToRole !== true)
    throw badRequest('The group was not created as one that roles can be assigned to.');
  return principal;
}

/** The directory, an administrative unit (which the sandbox does not hold), or one directory object. */
function checkScope(store: Store, scope: string): void {
  if (scope === '/') return;
  const [, unit, id = ''] = /^\/(administrativeUnits\/)?([^/]+)$/.exec(scope) ?? [];
  const held = store.objects.get(id.toLowerCase());
  const live = held !== undefined && !held.deletedDateTime && isDirectoryObject(held.collection);
  if (!isGuid(id) || (unit === undefined && !live))
    throw refuse(assignments, `'${scope}' is not a scope of this directory.`, 'directoryScopeId');
}

function isAssigned(store: Store, triple: Body): boolean {
  return store.live.roleAssignments.some((id) => {
    const object = store.objects.get(id)?.object ?? {};
    return Object.entries(triple).every(
      ([name, value]) => String(object[name]).toLowerCase() === String(value).toLowerCase(),
    );
  });
}

/** Whether an assignment is in effect: not while its principal is in the recycle bin. */
export function isEffective(store: Store, assignment: Stored): boolean {
  const principal = store.objects.get(String(assignment.object.principalId).toLowerCase());
  return principal !== undefined && !principal.deletedDateTime;
}
