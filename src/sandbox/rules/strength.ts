/**
 * Rules of authentication strengths. Source: "authenticationStrengthPolicy resource type", "Create
 * authenticationStrengthPolicy", "Update authenticationStrengthPolicy", "authenticationStrengthPolicy:
 * updateAllowedCombinations", "Delete authenticationStrengthPolicy". The words of the refusals are not published.
 */
import { malformed } from '../errors.js';
import { enumOf } from '../facts.js';
import { configurableCombinations, multifactorMethods } from '../quirks/methods.js';
import { requiredOnCreate } from '../quirks/writing.js';
import { type Resource, resources, typeName } from '../resources.js';
import type { Store, Stored } from '../store.js';
import { type Body, checkProperties, checkRequired, isObject } from '../validate.js';

const resource = resources.authenticationStrengthPolicies;
const type = 'authenticationStrengthPolicy';
const configurationType = 'authenticationCombinationConfiguration';
const configurationResource: Resource = { ...resource, type: configurationType, label: 'CombinationConfiguration' };

/** The properties of a new strength: always one of the tenant's own. */
export function newStrength(body: Body, id: string, now: string): Record<string, unknown> {
  checkRequired(resource, requiredOnCreate[type] ?? [], body);
  const values = checkProperties(resource, type, body, 'create');
  return {
    ...values,
    id,
    createdDateTime: now,
    modifiedDateTime: now,
    policyType: 'custom',
    allowedCombinations: combinations(values.allowedCombinations),
    combinationConfigurations: [],
  };
}

/** The properties a PATCH sets: name and description of a custom strength. */
export function strengthUpdate(stored: Stored, body: Body, now: string): Record<string, unknown> {
  checkCustom(stored);
  return { ...checkProperties(resource, type, body, 'update'), modifiedDateTime: now };
}

/** What the action `updateAllowedCombinations` sets. */
export function combinationsUpdate(stored: Stored, body: Body, now: string): Record<string, unknown> {
  checkCustom(stored);
  const unknown = Object.keys(body).find((name) => name !== 'allowedCombinations');
  if (unknown !== undefined)
    throw malformed(`The parameter '${unknown}' in the request payload is not a valid parameter for the operation.`);
  return { allowedCombinations: combinations(body.allowedCombinations), modifiedDateTime: now };
}

/** Throws 400 for a built-in strength, and while a live policy names the strength. */
export function checkStrengthDeletable(store: Store, stored: Stored): void {
  checkCustom(stored);
  const [user] = policiesNaming(store, stored.id);
  if (user !== undefined)
    throw malformed(
      `The authentication strength is referenced by the Conditional Access policy '${user}' and cannot be deleted.`,
    );
}

/** Ids of the live policies that name the strength. */
export function policiesNaming(store: Store, id: string): string[] {
  return store.live.policies.filter((policy) => {
    const grant = store.objects.get(policy)?.object.grantControls;
    const strength = isObject(grant) ? grant.authenticationStrength : undefined;
    return isObject(strength) && String(strength.id).toLowerCase() === id;
  });
}

export function checkCustom(stored: Stored): void {
  if (stored.object.policyType === 'builtIn')
    throw malformed('A built-in authentication strength cannot be changed or deleted.');
}

/** Reads combinations: methods with commas between them. Throws 400 for none, and for an unknown method. */
function combinations(given: unknown): string[] {
  if (!Array.isArray(given) || given.length === 0) throw malformed("'allowedCombinations' must name combinations.");
  const known = enumOf('authenticationMethodModes')?.members ?? [];
  return given.map((combination) => {
    const methods = String(combination)
      .split(',')
      .map((method) => method.trim());
    if (methods.some((method) => method === 'unknownFutureValue' || !known.includes(method)))
      throw malformed(`'${String(combination)}' is not a combination of authentication methods.`);
    return methods.join(',');
  });
}

/** A strength grants the claim of multifactor authentication when each of its combinations does. */
export function requirementsOf(allowedCombinations: unknown): 'mfa' | 'none' {
  const multifactor = (each: unknown) => String(each).includes(',') || multifactorMethods.has(String(each));
  return Array.isArray(allowedCombinations) && allowedCombinations.every(multifactor) ? 'mfa' : 'none';
}

/** A new configuration of combinations. */
export function newConfiguration(stored: Stored, body: Body, id: string): Body {
  checkCustom(stored);
  const kind = namedKind(body);
  checkRequired(configurationResource, requiredOnCreate[kind] ?? [], body);
  const values = checkProperties(configurationResource, kind, body, 'create');
  checkConfiguration(stored, kind, values);
  return { '@odata.type': `#microsoft.graph.${kind}`, ...values, id };
}

/** A configuration after a PATCH, which must name the type it has. */
export function changedConfiguration(stored: Stored, before: Body, body: Body): Body {
  checkCustom(stored);
  const kind = namedKind(body);
  if (kind !== typeName(String(before['@odata.type'])))
    throw malformed('The type of a combination configuration cannot be changed.');
  const after = { ...before, ...checkProperties(configurationResource, kind, body, 'update') };
  checkConfiguration(stored, kind, after);
  return after;
}

function namedKind(body: Body): string {
  const kind = typeName(String(body['@odata.type'] ?? ''));
  if (kind in configurableCombinations) return kind;
  const kinds = Object.keys(configurableCombinations).map((each) => `#microsoft.graph.${each}`);
  throw malformed(`A combination configuration must carry '@odata.type': ${kinds.join(' or ')}.`);
}

/** A configuration is about combinations of its kind that the strength allows, and restricts something. */
function checkConfiguration(stored: Stored, kind: string, configuration: Body): void {
  const allowed = stored.object.allowedCombinations;
  const about = configuration.appliesToCombinations;
  const fits = (each: unknown) =>
    configurableCombinations[kind]?.includes(String(each)) && Array.isArray(allowed) && allowed.includes(each);
  if (!Array.isArray(about) || about.length === 0 || !about.every(fits))
    throw malformed("'appliesToCombinations' must name combinations that the strength allows and the type is about.");
  const restrictions = [configuration.allowedAAGUIDs, configuration.allowedIssuerSkis, configuration.allowedPolicyOIDs];
  if (!restrictions.some((list) => Array.isArray(list) && list.length > 0))
    throw malformed('A combination configuration must restrict something.');
}
