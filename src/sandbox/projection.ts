/**
 * How a stored object looks in an answer: the selected properties, null or `[]` where there is no value, complex values
 * complete, and enum members that old clients do not know replaced by `unknownFutureValue`.
 */

import { effectiveObject } from './effective.js';
import { malformed } from './errors.js';
import { entryFor, enumOf, isComplex, navigationOf, type PropertyFact, propertiesOf } from './facts.js';
import { canRead, isWithheld } from './permits.js';
import { applicationOnSelect } from './quirks/application-reading.js';
import { defaultProperties } from './quirks/reading.js';
import { concreteType, type Resource, resources, typeName } from './resources.js';
import type { Store, Stored } from './store.js';
import type { Caller } from './tokens.js';

export interface ProjectionOptions {
  readonly store: Store;
  /** What `$select` named; undefined for the default set of the type. */
  readonly select?: readonly string[] | undefined;
  /** With header `Prefer: include-unknown-enum-members`. */
  readonly unknownEnumMembers: boolean;
  /** Whether one object is read, and not a list. */
  readonly alone?: boolean;
  /** Who reads; undefined for a caller that may read everything. */
  readonly caller?: Caller | undefined;
  /** How the values of an object are found; absent: as they are now. */
  readonly valuesOf?: (stored: Stored) => Properties;
  /** Say which type the object is, as lists of directory objects of any type do. */
  readonly withType?: boolean;
}

export type Projection = (stored: Stored) => Record<string, unknown>;

/** Makes the function that turns stored objects into what a request asked for. */
export function projection(options: ProjectionOptions): Projection {
  const columns = new Map<string, readonly Column[]>();
  return (stored) => {
    const resource = resources[stored.collection];
    const type = concreteType(resource, stored.object);
    let wanted = columns.get(type);
    if (!wanted) {
      wanted = columnsOf(type, options);
      columns.set(type, wanted);
    }
    const view: Record<string, unknown> = {};
    const shown = canRead(options.caller, stored.collection);
    const object = shown ? (options.valuesOf?.(stored) ?? effectiveObject(options.store, stored)) : onlyId(stored);
    const own = object['@odata.type'];
    if (options.withType) view['@odata.type'] = typeof own === 'string' ? own : `#microsoft.graph.${type}`;
    else if (typeof own === 'string') view['@odata.type'] = own;
    for (const column of wanted)
      view[column.name] = column.read(object, shown ? stored : { ...stored, object, deletedDateTime: null });
    // Objects in a recycle bin always say since when, unless something else was selected ("List deletedItems").
    if (!options.select && shown && stored.deletedDateTime) view.deletedDateTime = stored.deletedDateTime;
    return view;
  };
}

type Properties = Readonly<Record<string, unknown>>;

/** What is left of an object that the caller may not read ("Limited information returned for inaccessible member objects"). */
function onlyId({ object }: Stored): Properties {
  const type = object['@odata.type'];
  return { id: object.id, ...(type === undefined ? {} : { '@odata.type': type }) };
}

interface Column {
  readonly name: string;
  read(object: Properties, stored: Stored): unknown;
}

function columnsOf(type: string, options: ProjectionOptions): Column[] {
  const facts = propertiesOf(type);
  const names = options.select ?? defaultNames(type);
  return names.flatMap((name) => {
    const fact = facts.get(name);
    return fact ? [columnOf(type, name, fact, options)] : [];
  });
}

/** The properties that are read of a type when nothing is selected. */
export function defaultNames(type: string): readonly string[] {
  return entryFor(defaultProperties, type) ?? [...propertiesOf(type).keys()].filter((name) => !isOnSelect(type, name));
}

const isOnSelect = (type: string, name: string): boolean => entryFor(applicationOnSelect, type)?.has(name) === true;

function columnOf(type: string, name: string, fact: PropertyFact, options: ProjectionOptions): Column {
  if (isWithheld(options.caller, type, name)) return { name, read: () => (fact.collection ? [] : null) };
  if (name === 'deletedDateTime') return { name, read: (_, stored) => stored.deletedDateTime };
  if (type === 'group' && name === 'securityEnabled') return { name, read: securityEnabled };
  // A password never leaves the directory (documentation page "passwordProfile resource type").
  if (name === 'passwordProfile') return { name, read: () => null };
  if (name === 'keyCredentials') return { name, read: (object) => keyCredentials(object[name], fact, options) };
  const plain = fact.type.startsWith('Edm.');
  if (plain && fact.collection) return { name, read: (object) => object[name] ?? [] };
  // The metadata calls some switches not nullable: one that was never set is off.
  const unset = fact.type === 'Edm.Boolean' && fact.nullable === false ? false : null;
  if (plain) return { name, read: (object) => object[name] ?? unset };
  return { name, read: (object) => complete(object[name], fact, options) };
}

/** Public keys are read with `$select` of one object only (documentation page "keyCredential resource type"). */
function keyCredentials(value: unknown, fact: PropertyFact, options: ProjectionOptions): unknown {
  const items = complete(value, fact, options) as Properties[];
  return options.alone && options.select ? items : items.map((item) => ({ ...item, key: null }));
}

/** A security group in the recycle bin reads false whatever it was (documentation page "Delete group", limitation). */
function securityEnabled(_: Properties, stored: Stored): unknown {
  const unified = Array.isArray(stored.object.groupTypes) && stored.object.groupTypes.includes('Unified');
  if (stored.deletedDateTime && !unified) return false;
  return stored.object.securityEnabled ?? null;
}

/** A value as its type says: every declared member of a complex value is there. */
function complete(value: unknown, fact: PropertyFact, options: ProjectionOptions): unknown {
  if (fact.collection) return (Array.isArray(value) ? value : []).map((item) => single(item, fact, options));
  return single(value, fact, options);
}

function single(value: unknown, fact: PropertyFact, options: ProjectionOptions): unknown {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return options.unknownEnumMembers ? value : knownMember(value, fact.type);
  if (!isComplex(fact.type) || typeof value !== 'object') return value;
  const object = value as Readonly<Record<string, unknown>>;
  const named = object['@odata.type'];
  const type = typeof named === 'string' ? typeName(named) : fact.type;
  const view: Record<string, unknown> = {};
  // Only a type that the metadata does not tell is said ("OData JSON Format", minimal metadata), whatever was written.
  if (typeof named === 'string' && type !== fact.type) view['@odata.type'] = named;
  for (const [name, member] of propertiesOf(type)) view[name] = complete(object[name], member, options);
  for (const name of Object.keys(navigationOf(type))) view[name] = expandStrength(object[name], options);
  return view;
}

/** `authenticationStrength` is stored as its id and read as the whole policy (observed; "conditionalAccessGrantControls"). */
function expandStrength(value: unknown, options: ProjectionOptions): unknown {
  if (value === null || value === undefined) return null;
  const { id } = value as { id?: unknown };
  const stored = options.store.objects.get(String(id).toLowerCase());
  if (stored?.collection !== 'authenticationStrengthPolicies') return { id };
  const strength = effectiveObject(options.store, stored);
  const view: Record<string, unknown> = {};
  for (const [name, fact] of propertiesOf('authenticationStrengthPolicy'))
    view[name] = complete(strength[name], fact, options);
  return view;
}

/** Members that come after `unknownFutureValue` in the metadata are hidden from clients that did not ask for them.
 * Source: "Best practices for working with Microsoft Graph: handling future members in evolvable enumerations". */
function knownMember(value: string, type: string): string {
  const declared = enumOf(type);
  const sentinel = declared?.members.indexOf('unknownFutureValue') ?? -1;
  if (!declared || sentinel < 0) return value;
  const hidden = (member: string) => declared.members.indexOf(member.trim()) > sentinel;
  if (!declared.flags) return hidden(value) ? 'unknownFutureValue' : value;
  const parts = value.split(',');
  return parts.some(hidden) ? [...parts.filter((part) => !hidden(part)), 'unknownFutureValue'].join(',') : value;
}

/** Reads `$select` for objects of the given types. Throws 400 for a property none of them has. */
export function parseSelect(value: string | null, types: readonly string[], reported: string): string[] | undefined {
  if (value === null) return undefined;
  const names = [...new Set(value.split(',').map((name) => name.trim()))].filter((name) => name !== '');
  for (const name of names) {
    if (types.some((type) => propertiesOf(type).has(name))) continue;
    throw malformed(
      `Parsing OData Select and Expand failed: Could not find a property named '${name}' on type 'microsoft.graph.${reported}'.`,
    );
  }
  return names.length > 0 ? names : undefined;
}

/** The types whose properties `$select` may name in a collection. */
export function selectableTypes(resource: Resource): readonly string[] {
  return resource.kinds;
}
