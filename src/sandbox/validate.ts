/**
 * Checks the body of a create or update request against the metadata and the tables of `quirks/`, one property at a
 * time. Rules that involve several properties are in `rules/`.
 */
import { badRequest, denied, GraphError, invalidValue } from './errors.js';
import {
  entryFor,
  enumOf,
  isAbstract,
  isComplex,
  isKindOf,
  navigationOf,
  type PropertyFact,
  propertiesOf,
} from './facts.js';
import { agentWritable } from './quirks/application-writing.js';
import { allowedPattern, allowedRange, allowedValues, maxItems, maxLength } from './quirks/values.js';
import { createOnly, delegatedOnly, notClearable, readOnly } from './quirks/writing.js';
import { type Resource, typeName } from './resources.js';

export type Body = Readonly<Record<string, unknown>>;
export type Mode = 'create' | 'update';

/** The body as an object. Throws 400 when there is none. */
export function objectBody(body: unknown): Body {
  if (isObject(body)) return body;
  throw badRequest('Empty Payload. JSON content expected.');
}

export function isObject(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Checks every property of a body for the given concrete type and returns those that are values (without annotations and
 * reference bindings). Throws what Graph answers to the first wrong one.
 */
export function checkProperties(resource: Resource, type: string, body: Body, mode: Mode): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(body)) {
    if (isAnnotation(type, name)) continue;
    const fact = propertiesOf(type).get(name);
    if (!fact) throw unknownProperty(resource, type, name);
    checkAccess(resource, type, name, fact, mode);
    if (value === null) checkClearable(resource, type, name, fact, mode);
    else checkValue(resource, type, name, fact, value);
    values[name] = value;
  }
  return values;
}

/** Annotations say something about a value; of the reference bindings only the members of groups are served. */
function isAnnotation(type: string, name: string): boolean {
  if (name.endsWith('@odata.bind')) return type === 'group' && name === 'members@odata.bind';
  return name.includes('@odata.');
}

function checkAccess(resource: Resource, concrete: string, name: string, fact: PropertyFact, mode: Mode): void {
  const { type } = resource;
  const fixed = mode === 'update' && (fact.immutable || createOnly[type]?.has(name));
  const foreign = agentWritable[concrete]?.has(name) === false;
  if (fact.computed || fixed || foreign || readOnly[type]?.has(name))
    throw refuse(resource, `Property '${name}' is read-only and cannot be set.`, name);
  if (delegatedOnly[type]?.has(name)) throw denied();
}

function checkClearable(resource: Resource, type: string, name: string, fact: PropertyFact, mode: Mode): void {
  // Giving null at creation is the same as giving nothing; what is required is asked for separately.
  if (mode === 'create' && resource.directory) return;
  const refused = entryFor(notClearable, type)?.has(name) || (fact.nullable === false && !fact.collection);
  if (refused) throw wrong(resource, type, name);
  // OData has no null collection; Graph refuses it for the collections whose items may not be null.
  if (fact.collection && fact.nullable === false) {
    throw refuse(
      resource,
      `A null value was found for the property named '${name}', which has the expected type 'Collection(${fact.type})[Nullable=False]'. The expected type 'Collection(${fact.type})[Nullable=False]' does not allow null values.`,
      name,
    );
  }
}

function checkValue(resource: Resource, type: string, name: string, fact: PropertyFact, value: unknown): void {
  const items = fact.collection ? value : [value];
  if (!Array.isArray(items)) throw wrong(resource, type, name);
  const most = entryFor(maxItems, type)?.[name];
  if (most !== undefined && items.length > most) throw wrong(resource, type, name);
  for (const item of items) {
    if (!fits(resource, fact.type, item)) throw wrong(resource, type, name);
    if (typeof item === 'string' && !allowed(resource, type, name, item)) throw wrong(resource, type, name);
    if (typeof item === 'number' && !inRange(type, name, item)) throw wrong(resource, type, name);
  }
}

/** Empty strings, lengths, closed lists and forms. The directory refuses empty strings: values are cleared with null. */
function allowed(resource: Resource, type: string, name: string, value: string): boolean {
  if (resource.directory && value === '') return false;
  const longest = entryFor(maxLength, type)?.[name];
  if (longest !== undefined && value.length > longest) return false;
  if (entryFor(allowedValues, type)?.[name]?.includes(value) === false) return false;
  return entryFor(allowedPattern, type)?.[name]?.test(value) !== false;
}

function inRange(type: string, name: string, value: number): boolean {
  const [least, largest] = entryFor(allowedRange, type)?.[name] ?? [value, value];
  return least <= value && value <= largest;
}

const scalars: Readonly<Record<string, (value: unknown) => boolean>> = {
  'Edm.String': (value) => typeof value === 'string',
  'Edm.Boolean': (value) => typeof value === 'boolean',
  'Edm.Int32': (value) => Number.isInteger(value) && Math.abs(value as number) <= 2 ** 31,
  'Edm.Int64': (value) => Number.isInteger(value),
  'Edm.Double': (value) => typeof value === 'number',
  'Edm.Guid': (value) => typeof value === 'string' && isGuid(value),
  'Edm.Date': (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value),
  'Edm.TimeOfDay': (value) => typeof value === 'string' && /^\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/.test(value),
  'Edm.DateTimeOffset': (value) =>
    typeof value === 'string' &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/.test(value) &&
    !Number.isNaN(Date.parse(value)),
};

/** Whether a value has the declared type; members of complex values are checked like properties. */
function fits(resource: Resource, type: string, value: unknown): boolean {
  const scalar = scalars[type];
  if (scalar) return scalar(value);
  const declared = enumOf(type);
  if (declared) {
    if (typeof value !== 'string') return false;
    const members = declared.flags ? value.split(',').map((member) => member.trim()) : [value];
    return members.every((member) => member !== 'unknownFutureValue' && declared.members.includes(member));
  }
  if (!isComplex(type)) return type.startsWith('Edm.');
  if (!isObject(value)) return false;
  checkComplex(resource, type, value);
  return true;
}

function checkComplex(resource: Resource, declaredType: string, value: Body): void {
  const named = value['@odata.type'];
  const type = typeof named === 'string' ? typeName(named) : declaredType;
  if (!isKindOf(type, declaredType))
    throw refuse(resource, `The type '${String(named)}' is not a '#microsoft.graph.${declaredType}'.`, '@odata.type');
  if (isAbstract(type)) {
    throw refuse(
      resource,
      `A value of the abstract type 'microsoft.graph.${type}' must name its type with '@odata.type'.`,
      '@odata.type',
    );
  }
  for (const [name, member] of Object.entries(value)) {
    if (name.includes('@odata.') || name in navigationOf(type)) continue;
    const fact = propertiesOf(type).get(name);
    if (!fact) throw unknownProperty(resource, type, name);
    if (member !== null) checkValue(resource, type, name, fact, member);
    else if (fact.nullable === false && !fact.collection) throw wrong(resource, type, name);
  }
}

/** Throws 400 for the first property that a new object needs and the body has not. */
export function checkRequired(resource: Resource, required: readonly string[], body: Body): void {
  for (const name of required) {
    if (body[name] !== undefined && body[name] !== null) continue;
    throw refuse(resource, `A value is required for property '${name}' of resource '${resource.label}'.`, name);
  }
}

function unknownProperty(resource: Resource, type: string, name: string): GraphError {
  if (resource.directory) return refuse(resource, `Invalid property '${name}'.`, name);
  return refuse(
    resource,
    `The property '${name}' does not exist on type 'microsoft.graph.${type}'. Make sure to only use property names that are defined by the type.`,
    name,
  );
}

function wrong(resource: Resource, type: string, name: string): GraphError {
  return resource.directory
    ? invalidValue(name, resource.label)
    : refuse(resource, `Invalid value specified for property '${name}' of type 'microsoft.graph.${type}'.`, name);
}

/** 400 in the manner of the service that owns the type: the directory, or Conditional Access. */
export function refuse(resource: Resource, message: string, target: string): GraphError {
  if (resource.directory) return badRequest(message, [{ code: 'InvalidValue', message, target }]);
  return new GraphError(400, 'BadRequest', message);
}

export function isGuid(value: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);
}
