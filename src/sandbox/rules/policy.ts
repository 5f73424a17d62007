/**
 * Rules of Conditional Access policies. Source: "conditionalAccessPolicy resource type" and the types of its members,
 * "Create conditionalAccessPolicy", "Update conditionalAccessPolicy". Where the service's own words are not published,
 * the message says what is wrong in plain words under the code the service uses (`BadRequest`).
 */
import { malformed } from '../errors.js';
import { isComplex, navigationOf, propertiesOf } from '../facts.js';
import { hasId } from '../ordered-ids.js';
import { policySentinels } from '../quirks/policies.js';
import { requiredOnCreate } from '../quirks/writing.js';
import { resources } from '../resources.js';
import type { SeedCollection } from '../seed.js';
import type { Store, Stored } from '../store.js';
import { type Body, checkProperties, checkRequired, isGuid, isObject } from '../validate.js';
import { checkSessionControls } from './session.js';

const resource = resources.policies;
const type = 'conditionalAccessPolicy';

/** The properties of a new policy. */
export function newPolicy(store: Store, body: Body, id: string, now: string): Record<string, unknown> {
  checkRequired(resource, requiredOnCreate[type] ?? [], body);
  const values = checkProperties(resource, type, body, 'create');
  const policy = settle({}, values, { clientAppTypes: ['all'] });
  checkPolicy(store, policy, values);
  return { ...policy, id, createdDateTime: now };
}

/** The properties a PATCH sets. Complex members are merged by property, arrays replaced, null clears. */
export function policyUpdate(store: Store, stored: Stored, body: Body, now: string): Record<string, unknown> {
  const values = checkProperties(resource, type, body, 'update');
  const policy = settle(stored.object, values, {});
  checkPolicy(store, { ...stored.object, ...policy }, values);
  return { ...policy, modifiedDateTime: now };
}

function settle(before: Body, values: Body, conditionDefaults: Body): Record<string, unknown> {
  const settled: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values)) {
    const fact = propertiesOf(type).get(name);
    settled[name] = fact && isComplex(fact.type) ? merge(fact.type, before[name], value) : value;
  }
  if (isObject(settled.conditions)) settled.conditions = { ...conditionDefaults, ...settled.conditions };
  return settled;
}

/** Merges a complex value into the one before. A value of another concrete type replaces it. */
function merge(declaredType: string, before: unknown, after: unknown): unknown {
  if (!isObject(after)) return after;
  const sameType =
    isObject(before) && (after['@odata.type'] === undefined || after['@odata.type'] === before['@odata.type']);
  const merged: Record<string, unknown> = sameType ? { ...before } : {};
  // A sign-in frequency that becomes "every time" has no value and no type any more.
  if (after.frequencyInterval === 'everyTime') for (const name of ['value', 'type']) delete merged[name];
  const facts = propertiesOf(declaredType);
  for (const [name, value] of Object.entries(after)) {
    if (name in navigationOf(declaredType)) merged[name] = isObject(value) ? { id: value.id } : value;
    else if (name.includes('@odata.') && name !== '@odata.type') continue;
    else {
      const fact = facts.get(name);
      merged[name] = fact && isComplex(fact.type) && !fact.collection ? merge(fact.type, merged[name], value) : value;
    }
    if (merged[name] === null) delete merged[name];
  }
  return withKind(merged);
}

/** The kind of external tenants follows from the concrete type. */
function withKind(value: Record<string, unknown>): Record<string, unknown> {
  if (value['@odata.type'] === '#microsoft.graph.conditionalAccessEnumeratedExternalTenants')
    value.membershipKind = 'enumerated';
  if (value['@odata.type'] === '#microsoft.graph.conditionalAccessAllExternalTenants') value.membershipKind = 'all';
  return value;
}

/** Checks the policy as it would be (`policy`) in the parts that this request writes (`written`). */
function checkPolicy(store: Store, policy: Body, written: Body): void {
  const { conditions, grantControls: grant, sessionControls: session } = policy;
  if (isObject(written.conditions)) {
    checkConditions(isObject(conditions) ? conditions : {});
    checkReferences(store, written.conditions);
  }
  if (!isObject(grant) && !isObject(session)) throw malformed('A policy must have grantControls or sessionControls.');
  if (isObject(written.grantControls)) {
    checkStrength(store, written.grantControls.authenticationStrength);
    if (isObject(grant)) checkGrant(grant);
  }
  if (isObject(written.sessionControls) && isObject(session)) checkSessionControls(session);
}

function checkConditions(conditions: Body): void {
  const applications = isObject(conditions.applications) ? conditions.applications : {};
  const users = isObject(conditions.users) ? conditions.users : {};
  const clients = isObject(conditions.clientApplications) ? conditions.clientApplications : {};
  const filled = (value: unknown) => (Array.isArray(value) ? value.length > 0 : isObject(value));
  const targets = [
    applications.includeApplications,
    applications.applicationFilter,
    applications.includeUserActions,
    applications.includeAuthenticationContextClassReferences,
  ];
  if (!targets.some(filled))
    throw malformed('conditions.applications must include applications, user actions or authentication contexts.');
  if (filled(applications.includeApplications) && filled(applications.includeUserActions)) {
    throw malformed(
      "1012: 'applications' condition cannot include both 'includeApplications' and 'includeUserActions'/'includeProtectionLevels'. Please remove one of the conditions.",
    );
  }
  const subjects = [
    users.includeUsers,
    users.includeGroups,
    users.includeRoles,
    users.includeGuestsOrExternalUsers,
    clients.includeServicePrincipals,
    clients.servicePrincipalFilter,
  ];
  if (!subjects.some(filled))
    throw malformed('conditions must include users, groups, roles, guests or client applications.');
  if (!filled(conditions.clientAppTypes)) throw malformed('conditions.clientAppTypes must not be empty.');
}

/** Ids in the lists that a request writes must be those of live objects. */
function checkReferences(store: Store, conditions: Body): void {
  const users = isObject(conditions.users) ? conditions.users : {};
  const locations = isObject(conditions.locations) ? conditions.locations : {};
  const applications = isObject(conditions.applications) ? conditions.applications : {};
  for (const side of ['include', 'exclude']) {
    checkIds(store, 'users', users, `${side}Users`, policySentinels.users);
    checkIds(store, 'groups', users, `${side}Groups`, new Set());
    checkIds(store, 'namedLocations', locations, `${side}Locations`, policySentinels.locations);
    checkIds(store, undefined, users, `${side}Roles`, new Set());
    checkIds(store, undefined, applications, `${side}Applications`, policySentinels.applications);
  }
}

function checkIds(
  store: Store,
  collection: SeedCollection | undefined,
  from: Body,
  name: string,
  sentinels: ReadonlySet<string>,
): void {
  const ids = from[name];
  if (!Array.isArray(ids)) return;
  for (const id of ids.map(String)) {
    if (sentinels.has(id)) continue;
    const known = isGuid(id) && (collection === undefined || hasId(store.live[collection], id.toLowerCase()));
    if (!known) throw malformed(`The policy names an object in '${name}' that does not exist: '${id}'.`);
  }
}

function checkGrant(grant: Body): void {
  const controls = Array.isArray(grant.builtInControls) ? grant.builtInControls : [];
  const lists = [controls, grant.customAuthenticationFactors, grant.termsOfUse];
  const any = lists.some((list) => Array.isArray(list) && list.length > 0) || isObject(grant.authenticationStrength);
  if (!any) throw malformed('grantControls must hold at least one control.');
  if (typeof grant.operator !== 'string') throw malformed("grantControls.operator must be 'AND' or 'OR'.");
  if (controls.includes('block') && controls.length > 1)
    throw malformed("The control 'block' cannot be combined with other controls.");
}

/** Only the id of a strength can be written, though a read returns the whole policy. */
function checkStrength(store: Store, strength: unknown): void {
  if (strength === null || strength === undefined) return;
  const names = isObject(strength) ? Object.keys(strength).filter((name) => !name.includes('@odata.')) : [];
  if (!isObject(strength) || names.length !== 1 || typeof strength.id !== 'string') {
    throw malformed("grantControls.authenticationStrength accepts 'id' only.");
  }
  if (!hasId(store.live.authenticationStrengthPolicies, strength.id.toLowerCase())) {
    throw malformed(`The authentication strength '${strength.id}' does not exist.`);
  }
}

/** Whether a policy names this location. */
export function referencesLocation(policy: Body, id: string): boolean {
  const locations =
    isObject(policy.conditions) && isObject(policy.conditions.locations) ? policy.conditions.locations : {};
  return [locations.includeLocations, locations.excludeLocations].some(
    (list) => Array.isArray(list) && list.some((each) => String(each).toLowerCase() === id),
  );
}
