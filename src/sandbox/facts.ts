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

/** Whether the name is a complex type: a value with properties that is part of another object. */
export function isComplex(type: string): boolean {
  return Object.hasOwn(complexTypes, type);
}

/** Whether values of this type must name their concrete type (`@odata.type`), because the type itself is abstract. */
export function isAbstract(type: string): boolean {
  return typeOf(type)?.abstract === true;
}

const merged = new Map<string, ReadonlyMap<string, PropertyFact>>();

/** All properties of a type, inherited ones first, by name. */
export function propertiesOf(type: string): ReadonlyMap<string, PropertyFact> {
  const known = merged.get(type);
  if (known) return known;
  const declaration = typeOf(type);
  const all = new Map<string, PropertyFact>(declaration?.base ? propertiesOf(declaration.base) : []);
  for (const [name, property] of Object.entries(declaration?.properties ?? {})) all.set(name, property);
  merged.set(type, all);
  return all;
}

/** The relationships of a type that the sandbox knows: those to directory objects, and those inside complex values. */
export function navigationOf(type: string): Readonly<Record<string, PropertyFact>> {
  return typeOf(type)?.navigation ?? {};
}

/** Whether a type is the other one or derives from it. */
export function isKindOf(type: string, ancestor: string): boolean {
  for (let at: string | undefined = type; at !== undefined; at = typeOf(at)?.base) if (at === ancestor) return true;
  return false;
}
