/**
 * What Microsoft's metadata says about the types the sandbox serves: properties with their types, relationships, enum
 * members. Source: the CSDL document of Microsoft Graph v1.0 (`$metadata`), turned into `facts/graph-facts.json` by
 * `scripts/generate-sandbox-facts.mjs`. What the metadata does not say is in `quirks/`.
 */
import facts from './facts/graph-facts.json' with { type: 'json' };

/** One property or relationship as declared: its type (`Edm.String`, or the name of a Graph type without namespace). */
export interface PropertyFact {
  readonly type: string;
  readonly collection?: boolean;
  /** `false` when null is refused; for a collection, when its items may not be null. */
  readonly nullable?: boolean;
  /** Set by the service alone (metadata term `Core.Computed`). */
  readonly computed?: boolean;
  /** Can be given at creation only (metadata term `Core.Immutable`). */
  readonly immutable?: boolean;
  /** A relationship whose objects are part of this one: they are read and written with it. */
  readonly contained?: boolean;
}

interface TypeFact {
  readonly base?: string;
  readonly abstract?: boolean;
  readonly open?: boolean;
  readonly properties: Readonly<Record<string, PropertyFact>>;
  readonly navigation?: Readonly<Record<string, PropertyFact>>;
}

interface EnumFact {
  readonly flags?: boolean;
  readonly members: readonly string[];
}

const entities: Readonly<Record<string, TypeFact>> = facts.entities;
const complexTypes: Readonly<Record<string, TypeFact>> = facts.complex;
const enums: Readonly<Record<string, EnumFact>> = facts.enums;

/** The members of an enum type, in the order of the metadata, or undefined when the type is no enum. */
export function enumOf(type: string): EnumFact | undefined {
  return Object.hasOwn(enums, type) ? enums[type] : undefined;
}

/** The declaration of an entity or complex type, or undefined when the sandbox does not know it. */
function typeOf(type: string): TypeFact | undefined {
  if (Object.hasOwn(entities, type)) return entities[type];
  return Object.hasOwn(complexTypes, type) ? complexTypes[type] : undefined;
}

/** Entity types whose objects are values of other objects, and the types derived from them. */
const containedTypes: ReadonlySet<string> = new Set(
  Object.values(entities)
    .flatMap((each) => Object.values(each.navigation ?? {}))
    .filter((relationship) => relationship.contained)
    .flatMap((relationship) => Object.keys(entities).filter((name) => isKindOf(name, relationship.type))),
);

/** Whether the name is a complex type, or one used like it: a value with properties that is part of another object. */
export function isComplex(type: string): boolean {
  return Object.hasOwn(complexTypes, type) || containedTypes.has(type);
}

const kinds = new Map<string, readonly string[]>();

/** The concrete types among a type and those derived from it; the type itself comes first. */
export function kindsOf(type: string): readonly string[] {
  const known = kinds.get(type);
  if (known) return known;
  const derived = Object.keys(entities).filter((name) => name !== type && isKindOf(name, type));
  const concrete = [type, ...derived].filter((name) => !isAbstract(name));
  kinds.set(type, concrete);
  return concrete;
}

/** Whether values of this type must name their concrete type (`@odata.type`), because the type itself is abstract. */
export function isAbstract(type: string): boolean {
  return typeOf(type)?.abstract === true;
}

const merged = new Map<string, ReadonlyMap<string, PropertyFact>>();

/** All properties of a type, inherited ones first, by name; contained relationships are among them. */
export function propertiesOf(type: string): ReadonlyMap<string, PropertyFact> {
  const known = merged.get(type);
  if (known) return known;
  const declaration = typeOf(type);
  const all = new Map<string, PropertyFact>(declaration?.base ? propertiesOf(declaration.base) : []);
  for (const [name, property] of Object.entries(declaration?.properties ?? {})) all.set(name, property);
  for (const [name, relationship] of Object.entries(declaration?.navigation ?? {}))
    if (relationship.contained) all.set(name, relationship);
  merged.set(type, all);
  return all;
}

/** The relationships of a type that the sandbox knows: those to directory objects, and those inside complex values. */
export function navigationOf(type: string): Readonly<Record<string, PropertyFact>> {
  return typeOf(type)?.navigation ?? {};
}

/** What a table says about a type, or about the nearest type it derives from. */
export function entryFor<T>(table: Readonly<Record<string, T>>, type: string): T | undefined {
  for (let at: string | undefined = type; at !== undefined; at = typeOf(at)?.base) {
    if (Object.hasOwn(table, at)) return table[at];
  }
  return undefined;
}

/** Whether a type is the other one or derives from it. */
export function isKindOf(type: string, ancestor: string): boolean {
  for (let at: string | undefined = type; at !== undefined; at = typeOf(at)?.base) if (at === ancestor) return true;
  return false;
}
