/** Compares type schemas with what Microsoft's metadata says of the same types. */

import type { SchemaNode } from '../../src/registry/schema.js';

export interface Fact {
  readonly type: string;
  readonly collection?: boolean;
  readonly nullable?: boolean;
  /** Of a relationship: its objects have no life of their own, and are read and written with the object around them. */
  readonly contained?: boolean;
}

interface StructuredType {
  readonly base?: string;
  readonly abstract?: boolean;
  readonly properties: Readonly<Record<string, Fact>>;
  readonly navigation?: Readonly<Record<string, Fact>>;
}

export interface Facts {
  readonly entities: Readonly<Record<string, StructuredType>>;
  readonly complex: Readonly<Record<string, StructuredType>>;
  readonly enums: Readonly<Record<string, { readonly flags?: boolean; readonly members: readonly string[] }>>;
}

const PRIMITIVES: ReadonlyMap<string, string> = new Map([
  ['Edm.String', 'string'],
  ['Edm.Guid', 'string'],
  ['Edm.Binary', 'string'],
  ['Edm.DateTimeOffset', 'string'],
  ['Edm.Boolean', 'boolean'],
  ['Edm.Int32', 'integer'],
]);

const PREFIX = '#microsoft.graph.';

/** Types whose name in the metadata is not that of the schema. */
const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['oauth2PermissionGrant', 'oAuth2PermissionGrant'],
  ['roleAssignment', 'unifiedRoleAssignment'],
  ['roleDefinition', 'unifiedRoleDefinition'],
]);

/** Everything in which a schema differs from the facts, as `path: what`. */
export function differences(name: string, schema: SchemaNode, facts: Facts): string[] {
  const check = new Check(schema, facts);
  for (const { branch, entity } of bodies(name, schema)) check.entity(branch, entity);
  return check.found;
}

function bodies(name: string, schema: SchemaNode): { readonly branch: SchemaNode; readonly entity: string }[] {
  return (schema.oneOf ?? [schema]).map((branch) => ({
    branch,
    entity: discriminator(branch) ?? ENTITIES.get(name) ?? name,
  }));
}

function discriminator(branch: SchemaNode): string | undefined {
  return branch.properties?.['@odata.type']?.const?.slice(PREFIX.length);
}

class Check {
  readonly found: string[] = [];
  readonly #root: SchemaNode;
  readonly #facts: Facts;

  constructor(root: SchemaNode, facts: Facts) {
    this.#root = root;
    this.#facts = facts;
  }

  /** Every declared property must exist; not every property of an entity must be declared. */
  entity(schema: SchemaNode, name: string): void {
    const { properties, navigation } = this.#inherited(this.#facts.entities, name);
    this.#expect(properties.size > 0, name, 'is no entity');
    if (properties.size === 0) return;
    for (const [member, node] of Object.entries(schema.properties ?? {})) {
      if (member === '@odata.type') continue;
      const inside = navigation.get(member);
      const own = properties.get(member) ?? (inside?.contained === true ? inside : undefined);
      const fact = node['x-link'] === undefined ? own : inside;
      const path = `${name}.${member}`;
      if (fact === undefined) this.#expect(false, path, 'does not exist');
      else if (node['x-link'] === undefined) this.#value(node, fact, path);
      else {
        const many = node['x-link'].cardinality === 'many';
        this.#expect(many === (fact.collection === true), path, 'has another cardinality');
      }
    }
  }

  #value(unresolved: SchemaNode, fact: Fact, path: string): void {
    const node = this.#resolve(unresolved);
    if (fact.collection === true) {
      this.#expect(node.type === 'array', path, 'is a collection');
      if (node.items !== undefined) this.#value(node.items, { type: fact.type, nullable: false }, `${path}[]`);
      return;
    }
    const types = node.oneOf === undefined ? [node.type ?? []].flat() : node.oneOf.map(({ type }) => String(type));
    const nullable = fact.nullable !== false && node['x-access'] !== 'identity';
    this.#expect(types.includes('null') === nullable, path, 'is nullable in one of the two only');
    this.#single(node, new Set(types.filter((type) => type !== 'null')), fact, path);
  }

  #single(node: SchemaNode, types: ReadonlySet<string>, fact: Fact, path: string): void {
    const primitive = PRIMITIVES.get(fact.type);
    const choice = this.#facts.enums[fact.type];
    if (primitive !== undefined) {
      this.#expect(types.size === 1 && types.has(primitive), path, `is ${fact.type}`);
      this.#expect((node.format === 'date-time') === (fact.type === 'Edm.DateTimeOffset'), path, `is ${fact.type}`);
      this.#expect(node.enum === undefined, path, 'has no fixed values');
    } else if (choice !== undefined) {
      const compare = node['x-compare'];
      const flags = typeof compare === 'object' && 'flags' in compare ? (compare.values ?? []) : undefined;
      this.#expect(types.has('string') && types.size === 1, path, 'is text');
      this.#expect((flags !== undefined) === (choice.flags === true), path, 'is a set of flags in one of the two only');
      const listed = (flags ?? node.enum ?? []).filter((value) => value !== null).map(String);
      const known = choice.members.filter((member) => member !== 'unknownFutureValue');
      this.#expect(listed.toSorted().join() === known.toSorted().join(), path, `has the values ${known.join(', ')}`);
      const hasNull = flags !== undefined || node.enum?.includes(null) === (fact.nullable !== false);
      this.#expect(hasNull, path, 'has null among its values in one of the two only');
    } else {
      this.#expect(types.size === 1 && types.has('object'), path, 'is an object');
      this.#object(node, fact.type, path);
    }
  }

  #object(node: SchemaNode, name: string, path: string): void {
    const isEntity = this.#facts.entities[name] !== undefined;
    if (isEntity && node.oneOf === undefined) {
      this.#contained(node, name, path);
      return;
    }
    const branches = (node.oneOf ?? [node]).filter(({ type }) => type !== 'null');
    const declared = branches.map((branch) => discriminator(branch) ?? name);
    const concrete = this.#concrete(isEntity ? this.#facts.entities : this.#facts.complex, name);
    this.#expect(declared.toSorted().join() === concrete.toSorted().join(), path, `is ${concrete.join(' or ')}`);
    for (const [index, branch] of branches.entries()) {
      const of = declared[index] ?? name;
      if (isEntity) this.#contained(branch, of, path);
      else this.#members(branch, of, path);
    }
  }

  /** An object inside another is as complete as a complex value, unless it is only named by its id. */
  #contained(node: SchemaNode, name: string, path: string): void {
    this.entity(node, name);
    if (Object.keys(node.properties ?? {}).join() === 'id') return;
    for (const member of this.#inherited(this.#facts.entities, name).properties.keys()) {
      this.#expect(Object.hasOwn(node.properties ?? {}, member), `${path}.${member}`, 'is not declared');
    }
  }

  /** Members of complex values must be complete: what is not declared would be lost when the value is written. */
  #members(node: SchemaNode, name: string, path: string): void {
    const { properties, navigation } = this.#inherited(this.#facts.complex, name);
    const members = Object.entries(node.properties ?? {}).filter(([member]) => member !== '@odata.type');
    for (const [member, child] of members) {
      const fact = properties.get(member) ?? navigation.get(member);
      if (fact === undefined) this.#expect(false, `${path}.${member}`, 'does not exist');
      else this.#value(child, fact, `${path}.${member}`);
    }
    for (const member of properties.keys()) {
      this.#expect(Object.hasOwn(node.properties ?? {}, member), `${path}.${member}`, 'is not declared');
    }
  }

  /** A type, or the types derived from it where it is abstract. */
  #concrete(types: Facts['complex'], name: string): string[] {
    const own = types[name];
    if (own === undefined) return [];
    const derived = Object.keys(types).filter((other) => types[other]?.base === name);
    return [...(own.abstract === true ? [] : [name]), ...derived.flatMap((other) => this.#concrete(types, other))];
  }

  #inherited(types: Facts['complex'], name: string) {
    const properties = new Map<string, Fact>();
    const navigation = new Map<string, Fact>();
    for (let at: string | undefined = name; at !== undefined; at = types[at]?.base) {
      for (const [member, fact] of Object.entries(types[at]?.properties ?? {})) properties.set(member, fact);
      for (const [member, fact] of Object.entries(types[at]?.navigation ?? {})) navigation.set(member, fact);
    }
    return { properties, navigation };
  }

  #resolve(node: SchemaNode): SchemaNode {
    if (node.$ref === undefined) return node;
    return { ...this.#root.$defs?.[node.$ref.slice('#/$defs/'.length)], ...node };
  }

  #expect(holds: boolean, path: string, what: string): void {
    if (!holds) this.found.push(`${path}: ${what}`);
  }
}
