/** What the doctor asks Graph: reads only, each with what it takes from the answer. Pure. */

import {
  describeError,
  type GraphClient,
  type GraphError,
  GraphFailure,
  type GraphRequest,
  type Outcome,
} from '../graph/types.js';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../model/json.js';

const get = (version: GraphRequest['version'], path: string): GraphRequest => ({ method: 'GET', version, path });

/** "organization resource type". `directorySizeQuota` is in beta only. */
export const organizationQuestion = get('v1.0', '/organization?$select=id,displayName,tenantType,assignedPlans');
export const quotaQuestion = get('beta', '/organization?$select=id,directorySizeQuota');

/** Who may do what to the directory, and the groups that roles can be assigned to. */
export const assignmentsQuestion = get('v1.0', '/roleManagement/directory/roleAssignments');
export const assignableGroupsQuestion = get(
  'v1.0',
  '/groups?$filter=isAssignableToRole eq true&$select=id,displayName',
);

export function memberQuestion(group: string): GraphRequest {
  return get('v1.0', `/groups/${encodeURIComponent(group)}/members?$select=id&$top=999`);
}

export function ownerQuestion(group: string): GraphRequest {
  return get('v1.0', `/groups/${encodeURIComponent(group)}/owners?$select=id&$top=999`);
}

export function personQuestion(id: string): GraphRequest {
  return get('v1.0', `/users/${encodeURIComponent(id)}?$select=id,displayName,userPrincipalName`);
}

/** The application's own service principal, by the id that the environment or the token names. */
export function principalQuestion(appId: string): GraphRequest {
  return get('v1.0', `/servicePrincipals(appId='${encodeURIComponent(appId)}')?$select=id,displayName,appId`);
}

/** What an application was granted, for tokens that do not say; and what the ids of Graph's permissions mean. */
export function grantedQuestion(appId: string): GraphRequest {
  return get('v1.0', `/servicePrincipals(appId='${encodeURIComponent(appId)}')/appRoleAssignments`);
}
export const graphPermissionsQuestion = get(
  'v1.0',
  "/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')?$select=id,appRoles",
);

/** "Protected actions": in beta only. */
export const protectedActionQuestion = get(
  'beta',
  "/roleManagement/directory/resourceNamespaces/microsoft.directory/resourceActions?$filter=name eq 'microsoft.directory/deletedItems/delete'&$select=name,authenticationContextId,isAuthenticationContextSettable",
);

/** Deleted Conditional Access policies: in the global cloud only. */
export const policyBinQuestion = get('v1.0', '/identity/conditionalAccess/deletedItems/policies');

/** Microsoft Entra Backup and Recovery. */
export const nativeSnapshotsQuestion = get('v1.0', '/directory/recovery/snapshots');
export const nativeJobsQuestion = get('v1.0', '/directory/recovery/jobs');

/** What was answered, or why nothing was, in words that end a sentence; `denied` where a permission is missing. */
export type Answered<T> = { readonly value: T } | { readonly why: string; readonly denied: boolean };

function unanswered(error: GraphError): { readonly why: string; readonly denied: boolean } {
  const { status, code } = error;
  if (status === 403) return { why: `the identity may not see it (403 ${code})`, denied: true };
  if ([400, 404, 405, 501].includes(status))
    return { why: `Graph does not tell it here (${status} ${code})`, denied: false };
  return { why: describeError(error).replace(/\.+$/, ''), denied: false };
}

/** A remedy that helps only where a permission is missing. */
export function whereDenied({ denied }: { readonly denied: boolean }, remedy: string): { readonly remedy?: string } {
  return denied ? { remedy } : {};
}

/** All items of a collection, or of its first pages: what the doctor counts is seldom more. */
export async function askForAll(client: GraphClient, request: GraphRequest): Promise<Answered<readonly JsonObject[]>> {
  try {
    const items: JsonObject[] = [];
    for await (const page of client.pages(request)) items.push(...page.filter(isJsonObject));
    return { value: items };
  } catch (cause) {
    if (cause instanceof GraphFailure) return unanswered(cause.error);
    throw cause;
  }
}

/** One object. */
export async function askForOne(client: GraphClient, request: GraphRequest): Promise<Answered<JsonObject>> {
  return objectIn(await client.send(request));
}

export function objectIn(outcome: Outcome): Answered<JsonObject> {
  if (!outcome.ok) return unanswered(outcome.error);
  return isJsonObject(outcome.answer.body)
    ? { value: outcome.answer.body }
    : { why: 'the answer is not an object', denied: false };
}

export function listIn(outcome: Outcome): Answered<readonly JsonObject[]> {
  const found = objectIn(outcome);
  if ('why' in found) return found;
  return { value: objectsIn(found.value.value) };
}

export function objectsIn(value: Json | undefined): readonly JsonObject[] {
  return isJsonArray(value) ? value.filter(isJsonObject) : [];
}

export function textIn(object: JsonObject | undefined, name: string): string | undefined {
  const value = object?.[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
