/**
 * What a caller may do. A token of the sandbox says who calls, and holds exactly its permissions; any other text is a caller
 * that may do everything.
 */
import { denied, GraphError } from './errors.js';
import { entryFor } from './facts.js';
import {
  assignableGroup,
  hiddenMembers,
  narrowWriting,
  permissionRules,
  readingProperties,
  readingTypes,
  writingKinds,
  writingProperties,
} from './quirks/permissions.js';
import type { GraphRequest } from './request.js';
import { typeName } from './resources.js';
import type { SeedCollection } from './seed.js';
import type { Store, Stored } from './store.js';
import { type Caller, readCaller } from './tokens.js';
import { isObject } from './validate.js';

/** Throws 401 for no token, for one that has expired, and for one of another tenant. Source: "Microsoft Graph error
 * responses"; words observed. */
export function checkToken(token: string | undefined, store: Store, now: Date): void {
  const invalid = (words: string) => new GraphError(401, 'InvalidAuthenticationToken', words);
  if (token === undefined) throw invalid('Access token is empty.');
  const caller = readCaller(token);
  if (!caller) return;
  if (caller.tenantId !== store.tenantId) throw invalid('Access token validation failure. Invalid tenant.');
  if (caller.expires <= now.getTime()) throw invalid('Lifetime validation failed, the token is expired.');
}

/** Whether the caller has what a text of `quirks/permissions.ts` asks for. */
export function holds(caller: Caller | undefined, needs: string): boolean {
  if (!caller) return true;
  return needs
    .split('|')
    .map((way) => way.trim())
    .some((way) => way !== '' && way.split('+').every((name) => caller.permissions.has(name.trim())));
}

/** What a request to a route needs; undefined when no rule is known, which a test does not let happen. */
export function needsOf(method: string, path: string): string | undefined {
  return permissionRules.find(([methods, start]) => methods.split(' ').includes(method) && path.startsWith(start))?.[2];
}

/** Throws 403 when the caller may not send this request. `path` is the route's. */
export function checkPermitted(
  store: Store,
  request: GraphRequest,
  path: string,
  parameters: Readonly<Record<string, string>>,
): void {
  const caller = readCaller(request.token);
  if (!caller) return;
  const { method, body } = request;
  const needs =
    kindNeeds(store, method, path, parameters) ?? needsOf(method, withCollection(store, path, parameters)) ?? '';
  if (!holds(caller, needs) && !isNarrow(caller, request, path)) throw refused(path);
  if (method === 'GET') return;
  checkAssignable(store, caller, path, parameters);
  if (!isObject(body)) return;
  for (const [name, own] of Object.entries(writingProperties[path.split('/')[1] ?? ''] ?? {}))
    if (name in body && !holds(caller, own)) throw refused(path);
}

/** What a write to an object of a special kind needs; undefined for others. */
function kindNeeds(
  store: Store,
  method: string,
  path: string,
  parameters: Readonly<Record<string, string>>,
): string | undefined {
  const [, collection, , rest] = path.split('/');
  const restores = path === '/directory/deletedItems/:id/restore';
  const isOne =
    ['applications', 'servicePrincipals'].includes(collection ?? '') && /^(?:microsoft\.graph\..*)?$/.test(rest ?? '');
  const stored = store.objects.get((parameters.id ?? '').toLowerCase());
  const kind = stored?.object['@odata.type'];
  if (method === 'GET' || !(isOne || restores) || typeof kind !== 'string') return undefined;
  return writingKinds[typeName(kind)]?.[method === 'PATCH' ? 'update' : 'remove'];
}

/** A group that roles can be assigned to is written with a permission of its own, its members included. */
function checkAssignable(
  store: Store,
  caller: Caller,
  path: string,
  parameters: Readonly<Record<string, string>>,
): void {
  if (!path.startsWith('/groups/:id')) return;
  const group = store.objects.get((parameters.id ?? '').toLowerCase());
  if (group?.object.isAssignableToRole === true && !holds(caller, assignableGroup)) throw refused(path);
}

/** Whether everything the request changes is covered by permissions for just that. */
function isNarrow(caller: Caller, { method, body }: GraphRequest, path: string): boolean {
  if (method !== 'PATCH' || !isObject(body)) return false;
  const names = Object.keys(body);
  if (path === '/groups/:id')
    return names.length === 1 && names[0] === 'members@odata.bind' && holds(caller, 'GroupMember.ReadWrite.All');
  return path === '/users/:id' && names.length > 0 && names.every((name) => holds(caller, narrowWriting[name] ?? ''));
}

/** The path, with the collection of the object where the path does not tell it. */
function withCollection(store: Store, path: string, parameters: Readonly<Record<string, string>>): string {
  const id = path.startsWith('/directory/deletedItems/:id') ? parameters.id : parameters.memberId;
  const stored = id === undefined ? undefined : store.objects.get(id.toLowerCase());
  if (!stored) return path;
  if (path.startsWith('/directory/deletedItems/:id')) return `/directory/deletedItems/:id#${stored.collection}`;
  return path === '/groups/:id/members/:memberId' ? `${path}#${stored.collection}` : path;
}

/** 403 in the words of the directory, or of the service for Conditional Access (observed). */
function refused(path: string): GraphError {
  if (!path.startsWith('/identity/')) return denied();
  return new GraphError(
    403,
    'AccessDenied',
    'You cannot perform the requested operation, required scopes are missing in the token.',
  );
}

/** Whether objects of a collection are shown whole to the caller, and not by id and type alone. */
export function canRead(caller: Caller | undefined, collection: SeedCollection): boolean {
  const needs = readingTypes[collection];
  return needs === undefined || holds(caller, needs);
}

/** Whether the caller may know who is in a group. Source: "List group members" (hidden membership). */
export function showsMembers(caller: Caller | undefined, { object }: Stored): boolean {
  return object.visibility !== 'HiddenMembership' || holds(caller, hiddenMembers);
}

/** Whether a property reads as null for the caller, whatever it is. */
export function isWithheld(caller: Caller | undefined, type: string, name: string): boolean {
  const needs = caller && entryFor(readingProperties, type)?.[name];
  return needs !== undefined && !holds(caller, needs);
}
