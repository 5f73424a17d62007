/**
 * Rules of applications. Source: "application resource type", "Create application", "Update application", and the
 * resource types of their parts. Agent identity blueprints are applications with fewer writable properties.
 */
import { badRequest, conflict, GraphError, invalidValue } from '../errors.js';
import { newGuid } from '../guid.js';
import { mergedOnUpdate, newApplicationDefaults } from '../quirks/application-writing.js';
import { requiredOnCreate } from '../quirks/writing.js';
import { concreteType, resources } from '../resources.js';
import type { Store, Stored } from '../store.js';
import { type Body, checkProperties, checkRequired, isObject } from '../validate.js';

const resource = resources.applications;

/** The properties of a new application. */
export function newApplication(
  store: Store,
  body: Body,
  id: string,
  now: string,
  random: () => number,
): Record<string, unknown> {
  checkRequired(resource, requiredOnCreate.application ?? [], body);
  const values = settle(newApplicationDefaults, checkProperties(resource, resource.type, body, 'create'));
  check(store, values, id);
  return {
    ...newApplicationDefaults,
    ...values,
    keyCredentials: keys(values.keyCredentials, [], random),
    id,
    appId: newGuid(random),
    createdDateTime: now,
    publisherDomain: store.verifiedDomains[0] ?? null,
  };
}

/** The properties a PATCH sets: the named members of some complex values, everything else whole. */
export function applicationUpdate(
  store: Store,
  { id, object }: Stored,
  body: Body,
  _now: string,
  random: () => number,
): Record<string, unknown> {
  const values = settle(object, checkProperties(resource, concreteType(resource, object), body, 'update'));
  check(store, values, id);
  if ('appRoles' in values) checkEntitlements(object.appRoles, values.appRoles);
  if ('api' in values) checkEntitlements(scopesOf(object.api), scopesOf(values.api));
  if ('keyCredentials' in values) values.keyCredentials = keys(values.keyCredentials, object.keyCredentials, random);
  return values;
}

function settle(before: Body, values: Body): Record<string, unknown> {
  const settled: Record<string, unknown> = { ...values };
  for (const name of mergedOnUpdate) if (name in values) settled[name] = merged(before[name], values[name]);
  if (isObject(values.web) && isObject(settled.web)) settled.web = withRedirects(values.web, settled.web);
  // Where a role was defined is the directory's to say ("appRole resource type").
  if (Array.isArray(values.appRoles))
    settled.appRoles = values.appRoles.map((role) => (isObject(role) ? { ...role, origin: 'Application' } : role));
  if (isObject(values.info) && differs(values.info.logoUrl, isObject(before.info) ? before.info.logoUrl : undefined))
    throw badRequest("Property 'logoUrl' is read-only and cannot be set.");
  return settled;
}

/** Members that are not named stay; a member that is null is emptied. */
function merged(before: unknown, after: unknown): unknown {
  if (!isObject(before) || !isObject(after)) return after;
  const members = Object.entries(after).map(([name, value]) => [name, merged(before[name], value)]);
  return { ...before, ...Object.fromEntries(members) };
}

const differs = (given: unknown, known: unknown): boolean => given !== undefined && (given ?? null) !== (known ?? null);

/** `redirectUriSettings` says the same as `redirectUris`; a request gives one of them. */
function withRedirects(given: Body, web: Body): Body {
  const uris = listOf(given.redirectUris);
  const settings = listOf(given.redirectUriSettings).filter(isObject);
  if (given.redirectUris && given.redirectUriSettings) {
    const same = settings.map((each) => String(each.uri)).sort();
    if (JSON.stringify(same) !== JSON.stringify(uris.map(String).sort()))
      throw invalidValue('redirectUriSettings', resource.label);
  }
  if (given.redirectUriSettings) return { ...web, redirectUris: settings.map((each) => each.uri) };
  if (given.redirectUris) return { ...web, redirectUriSettings: uris.map((uri) => ({ uri, index: null })) };
  return web;
}

function check(store: Store, values: Body, id: string): void {
  for (const [name, items] of [
    ['appRoles', values.appRoles],
    ['api', scopesOf(values.api)],
  ] as const) {
    const seen = new Set(entitlements(items).map((item) => item.id));
    if (seen.size < entitlements(items).length) throw invalidValue(name, resource.label);
  }
  if (listOf(values.identifierUris).length > 0) checkIdentifiers(store, listOf(values.identifierUris), id);
}

/** An identifier belongs to one application, also while that is in the recycle bin. */
function checkIdentifiers(store: Store, uris: readonly unknown[], id: string): void {
  const wanted = new Set(uris.map((uri) => String(uri).toLowerCase()));
  for (const other of [...store.live.applications, ...store.bin.applications]) {
    if (other === id) continue;
    const held = listOf(store.objects.get(other)?.object.identifierUris);
    if (held.some((uri) => wanted.has(String(uri).toLowerCase()))) throw conflict('identifierUris');
  }
}

/**
 * Roles and scopes that are enabled must be disabled by one request before another one changes their value or leaves them
 * out. Source: "Update application" (appRoles, api); the code is observed.
 */
function checkEntitlements(before: unknown, after: unknown): void {
  const kept = new Map(entitlements(after).map((item) => [item.id, item.value]));
  for (const { id, value, isEnabled } of entitlements(before)) {
    if (!isEnabled || (kept.has(id) && kept.get(id) === value)) continue;
    throw new GraphError(
      400,
      'CannotDeleteOrUpdateEnabledEntitlement',
      'Permission (scope or role) cannot be deleted or updated unless disabled first.',
    );
  }
}

function entitlements(items: unknown): { id: string; value: unknown; isEnabled: boolean }[] {
  return listOf(items)
    .filter(isObject)
    .map(({ id, value, isEnabled }) => ({
      id: String(id).toLowerCase(),
      value: value ?? null,
      isEnabled: isEnabled === true,
    }));
}

const scopesOf = (api: unknown): unknown => (isObject(api) ? api.oauth2PermissionScopes : undefined);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/**
 * The keys after a request: those it names by `keyId` keep what it does not say, as the key itself is not listed. Source:
 * "keyCredential resource type", "Update application".
 */
export function keys(given: unknown, before: unknown, random: () => number): unknown[] {
  const known = new Map(
    listOf(before)
      .filter(isObject)
      .map((each) => [each.keyId, each]),
  );
  return listOf(given)
    .filter(isObject)
    .map((each) => {
      const old = known.get(each.keyId);
      const { key, ...rest } = each;
      if (!old && typeof key !== 'string') throw invalidValue('keyCredentials', resource.label);
      return { keyId: newGuid(random), ...old, ...rest, ...(typeof key === 'string' ? { key } : {}) };
    });
}
