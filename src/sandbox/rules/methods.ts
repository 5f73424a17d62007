/**
 * Rules of the authentication methods policy and of the configurations of its methods. Source: "Update
 * authenticationMethodsPolicy", "authenticationMethodConfiguration resource type" and the pages "Update …" of its kinds,
 * "Create externalAuthenticationMethodConfiguration". The words of the refusals are not published.
 */
import { malformed } from '../errors.js';
import { propertiesOf } from '../facts.js';
import { hasId } from '../ordered-ids.js';
import { everyone, externalMethod, migrationSteps, targetDefaults } from '../quirks/methods.js';
import { requiredOnCreate } from '../quirks/writing.js';
import { concreteType, type Resource, resources, typeName } from '../resources.js';
import type { Store, Stored } from '../store.js';
import { type Body, checkProperties, checkRequired, isObject } from '../validate.js';

const resource = resources.authenticationMethodConfigurations;

/** The properties a PATCH of the policy sets. */
export function methodsPolicyUpdate(
  policy: Resource,
  stored: Stored,
  body: Body,
  store: Store,
  now: string,
): Record<string, unknown> {
  if ('authenticationMethodConfigurations' in body)
    throw malformed('The configurations of the methods are updated one by one, each under its own path.');
  const values = checkProperties(policy, 'authenticationMethodsPolicy', body, 'update');
  checkMigration(stored.object.policyMigrationState, values.policyMigrationState);
  if (isObject(values.registrationEnforcement)) checkCampaign(store, values.registrationEnforcement);
  return { ...values, lastModifiedDateTime: now };
}

function checkMigration(before: unknown, after: unknown): void {
  if (typeof after !== 'string') return;
  if (migrationSteps.indexOf(after) < migrationSteps.indexOf(String(before)))
    throw malformed(`policyMigrationState cannot go back from '${String(before)}' to '${after}'.`);
}

function checkCampaign(store: Store, enforcement: Body): void {
  const { authenticationMethodsRegistrationCampaign: campaign } = enforcement;
  if (!isObject(campaign)) return;
  checkTargets(store, 'includeTargets', campaign.includeTargets);
  checkTargets(store, 'excludeTargets', campaign.excludeTargets);
}

/** The properties of a new configuration: of an external method, as the other kinds exist once and for ever. */
export function newMethod(store: Store, body: Body, id: string): Record<string, unknown> {
  if (namedType(body) !== externalMethod)
    throw malformed(`Only a configuration of the type '#microsoft.graph.${externalMethod}' can be created.`);
  checkRequired(resource, requiredOnCreate[externalMethod] ?? [], body);
  const values = checkConfiguration(store, externalMethod, body, 'create');
  return {
    '@odata.type': `#microsoft.graph.${externalMethod}`,
    state: 'disabled',
    excludeTargets: [],
    includeTargets: [],
    ...values,
    id,
  };
}

/** The properties a PATCH of one configuration sets. The body must name the type; its own id in it does not matter. */
export function methodUpdate(store: Store, stored: Stored, body: Body): Record<string, unknown> {
  const type = concreteType(resource, stored.object);
  const named = namedType(body);
  if (named !== type) throw malformed(`The type of '${String(stored.object.id)}' is not '#microsoft.graph.${named}'.`);
  const { id, ...rest } = body;
  if (id !== undefined && String(id).toLowerCase() !== stored.id)
    throw malformed(`The id '${String(id)}' is not that of the configuration.`);
  const values = checkConfiguration(store, type, rest, 'update');
  checkLifetimes({ ...stored.object, ...values });
  return values;
}

/** Throws 400 for anything but an external method. */
export function checkMethodDeletable(_: Store, stored: Stored): void {
  if (concreteType(resource, stored.object) !== externalMethod)
    throw malformed(`The configuration '${String(stored.object.id)}' cannot be deleted.`);
}

function namedType(body: Body): string {
  const named = body['@odata.type'];
  if (typeof named !== 'string')
    throw malformed("The configuration of a method must carry '@odata.type', the type of its method.");
  const type = typeName(named);
  if (!resource.kinds.includes(type)) throw malformed(`The type '${named}' is not the configuration of a method.`);
  return type;
}

function checkConfiguration(store: Store, type: string, body: Body, mode: 'create' | 'update'): Body {
  const values = checkProperties(resource, type, body, mode);
  checkTargets(store, 'includeTargets', values.includeTargets);
  checkTargets(store, 'excludeTargets', values.excludeTargets);
  if (!Array.isArray(values.includeTargets)) return values;
  const targetType = propertiesOf(type).get('includeTargets')?.type ?? '';
  const defaults = { ...targetDefaults.authenticationMethodTarget, ...targetDefaults[targetType] };
  return { ...values, includeTargets: values.includeTargets.map((target: Body) => ({ ...defaults, ...target })) };
}

/** Every target says what it is; a group must be there, unless everyone is meant. */
function checkTargets(store: Store, name: string, targets: unknown): void {
  if (!Array.isArray(targets)) return;
  for (const target of targets.filter(isObject)) {
    const { id, targetType } = target;
    if (typeof id !== 'string' || typeof targetType !== 'string')
      throw malformed(`Every target in '${name}' must have an id and a targetType.`);
    if (targetType !== 'group' || id === everyone) continue;
    if (!hasId(store.live.groups, id.toLowerCase()))
      throw malformed(`A target in '${name}' is a group that does not exist: '${id}'.`);
  }
}

/** Source: "temporaryAccessPassAuthenticationMethodConfiguration resource type": the default is between the bounds. */
function checkLifetimes(configuration: Body): void {
  const { minimumLifetimeInMinutes: least, maximumLifetimeInMinutes: largest } = configuration;
  const { defaultLifetimeInMinutes: standard } = configuration;
  if (typeof least !== 'number' || typeof largest !== 'number' || typeof standard !== 'number') return;
  if (least > standard || standard > largest)
    throw malformed('defaultLifetimeInMinutes must lie between minimumLifetimeInMinutes and maximumLifetimeInMinutes.');
}
