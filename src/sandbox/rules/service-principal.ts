/**
 * Rules of service principals. Source: "servicePrincipal resource type", "Create servicePrincipal", "Update
 * servicePrincipal"; refusals that no page words are observed.
 */
import { binnedApplication, effectiveObject, homeApplication } from '../effective.js';
import { badRequest, denied, GraphError } from '../errors.js';
import { followed } from '../quirks/application-reading.js';
import { newPrincipalDefaults } from '../quirks/application-writing.js';
import { requiredOnCreate } from '../quirks/writing.js';
import { concreteType, resources } from '../resources.js';
import type { Store, Stored } from '../store.js';
import { type Body, checkProperties, checkRequired } from '../validate.js';
import { keys } from './application.js';

const resource = resources.servicePrincipals;

/**
 * The properties of a new service principal: of an application of this tenant, or of one of another tenant that this
 * tenant has known before.
 */
export function newPrincipal(store: Store, body: Body, id: string): Record<string, unknown> {
  checkRequired(resource, requiredOnCreate.servicePrincipal ?? [], body);
  const values = checkProperties(resource, resource.type, body, 'create');
  const appId = String(values.appId).toLowerCase();
  checkName(store, appId);
  return { ...newPrincipalDefaults, ...described(store, appId), ...values, id, appId, servicePrincipalNames: [appId] };
}

/** What the application says about its service principals. Throws 400 when there is no such application. */
function described(store: Store, appId: string): Body {
  const application = store.objects.get(store.appIds.applications.get(appId) ?? '')?.object;
  if (application) {
    const taken = followed.map(([name, read]) => [name, read(application)]);
    return { ...Object.fromEntries(taken), appOwnerOrganizationId: store.tenantId };
  }
  const foreign = store.foreignApplications.get(appId);
  if (foreign && !binnedApplication(store, appId)) return foreign;
  throw new GraphError(
    400,
    'Request_BadRequest',
    `The appId '${appId}' of the service principal does not reference a valid application object.`,
  );
}

/** Throws 409 when another principal, also one in the recycle bin, has the name (words observed). */
function checkName(store: Store, appId: string): void {
  const holds = (id: string) => String(store.objects.get(id)?.object.appId ?? '').toLowerCase() === appId;
  if (!store.appIds.servicePrincipals.has(appId) && !store.bin.servicePrincipals.some(holds)) return;
  throw new GraphError(
    409,
    'Request_MultipleObjectsWithSameKeyValue',
    `The service principal cannot be created, updated, or restored because the service principal name ${appId} is already in use.`,
  );
}

/** The properties a PATCH sets. What follows the application can be repeated, and not changed. */
export function principalUpdate(
  store: Store,
  stored: Stored,
  body: Body,
  _now: string,
  random: () => number,
): Record<string, unknown> {
  checkOwned(stored);
  const values = checkProperties(resource, concreteType(resource, stored.object), body, 'update');
  if (homeApplication(store, stored)) {
    const reads = effectiveObject(store, stored);
    for (const name of ['appRoles', 'oauth2PermissionScopes']) {
      if (!(name in values) || JSON.stringify(values[name]) === JSON.stringify(reads[name] ?? [])) continue;
      throw badRequest(`The property '${name}' on the service principal does not match the application object.`);
    }
  }
  if ('keyCredentials' in values)
    values.keyCredentials = keys(values.keyCredentials, stored.object.keyCredentials, random);
  return values;
}

/** Managed identities belong to the resources they are for: throws 403. Source: "servicePrincipal resource type". */
export function checkOwned({ object }: Stored): void {
  if (object.servicePrincipalType === 'ManagedIdentity') throw denied();
}

/** Which application a principal is made from: an agent identity has none of its own, but a blueprint ("agentIdentity
 * resource type"). */
function backingAppId(object: Body, appId: string): string {
  const isAgent = concreteType(resource, object) === 'agentIdentity';
  return isAgent ? String(object.agentIdentityBlueprintId ?? '').toLowerCase() : appId;
}

/** Throws 400 when the principal cannot come back: without its application, or while another one has its name. */
export function checkRestorable(store: Store, { object }: Stored): void {
  const appId = String(object.appId ?? '').toLowerCase();
  if (appId === '') return;
  const backing = backingAppId(object, appId);
  const home = object.appOwnerOrganizationId === store.tenantId || binnedApplication(store, backing) !== undefined;
  if (home && !store.appIds.applications.has(backing))
    throw badRequest(`Cannot restore ServicePrincipal without backing Application ${backing}.`);
  if (store.appIds.servicePrincipals.has(appId)) {
    throw new GraphError(
      409,
      'Request_MultipleObjectsWithSameKeyValue',
      `The service principal cannot be created, updated, or restored because the service principal name ${appId} is already in use.`,
    );
  }
}
