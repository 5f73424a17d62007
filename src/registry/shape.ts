/** Schema nodes → shapes: how a value is built, compared and brought into canonical form. */

import { jsonEqual } from '../model/json.js';
import { nearest } from '../model/nearest.js';
import type { SchemaNode, SchemaProblem } from './schema.js';
import type { CollectionShape, ComplexShape, ComplexVariant, Member, Reference, ScalarShape, Shape } from './types.js';

type Path = readonly (string | number)[];
type Definitions = Readonly<Record<string, SchemaNode>>;

/** The member that tells the variants of a polymorphic value apart. */
export const DISCRIMINATOR = '@odata.type';
const SCALARS = ['string', 'boolean', 'integer', 'number'];
const NOTHING: Shape = { kind: 'scalar', scalar: 'string', caseInsensitive: false, sensitive: false };

/** Compiles the values of one schema file, and collects what is wrong with them. */
export class ShapeCompiler {
  readonly problems: SchemaProblem[] = [];
  readonly #definitions: Definitions;
  /** Definitions that are being compiled: one that leads back to itself would never end. */
  readonly #open = new Set<string>();

  constructor(definitions: Definitions) {
    this.#definitions = definitions;
  }

  problem(path: Path, message: string, remedy?: string): void {
    if (this.problems.some((known) => known.message === message && jsonEqual(known.path, path))) return;
    this.problems.push({ path, message, ...(remedy === undefined ? {} : { remedy }) });
  }

  /** The shape of a value. `sensitive`: something around it is. */
  shape(node: SchemaNode, path: Path, sensitive = false): Shape {
    if (node.$ref !== undefined) return this.#referred(node, node.$ref, path, sensitive);
    const masked = sensitive || node['x-sensitive'] === true;
    if (node.oneOf !== undefined) return this.#polymorphic(node, node.oneOf, path, masked);
    const types = [node.type ?? []].flat().filter((type) => type !== 'null');
    const type = types.length === 1 ? types[0] : undefined;
    if (type === undefined) {
      this.problem(path, 'A value must have exactly one type, and "null" beside it where it can be empty.');
      return NOTHING;
    }
    this.#keywordsFit(node, type, path);
    if (type === 'array') return this.#collection(node, path, masked);
    if (type !== 'object') return this.#scalar(node, type, masked);
    const variants = [this.#variant(node, path, masked)];
    return { kind: 'complex', variants, ...strategyOf(node) };
  }

  /** The definition that a node refers to, else the node itself; a reference that leads nowhere is told by `shape`. */
  resolve(node: SchemaNode): SchemaNode {
    const name = node.$ref?.slice('#/$defs/'.length);
    return name === undefined ? node : (this.#definitions[name] ?? node);
  }

  /** Members of an object, in schema order. */
  members(node: SchemaNode, path: Path, sensitive: boolean): Member[] {
    return Object.entries(node.properties ?? {}).map(([name, child]) => ({
      name,
      shape: this.shape(child, [...path, 'properties', name], sensitive),
    }));
  }

  /** `@odata.type` of a branch of a `oneOf`. */
  discriminator(branch: SchemaNode, path: Path): string | undefined {
    const name = branch.properties?.[DISCRIMINATOR]?.const;
    if (name === undefined || !(branch.required ?? []).includes(DISCRIMINATOR)) {
      this.problem(path, `A branch must declare "${DISCRIMINATOR}" with a "const" and require it.`);
    }
    return name;
  }

  /** Objects are closed, so that a member nobody described is noticed. */
  closed(node: SchemaNode, path: Path): void {
    if (node.type !== 'object' && !(Array.isArray(node.type) && node.type.includes('object'))) {
      this.problem(path, 'It must have "type": "object".');
    }
    if (node.properties === undefined) this.problem(path, 'An object must declare its members under "properties".');
    if (node.additionalProperties !== false) {
      this.problem(path, 'An object must say "additionalProperties": false.');
    }
  }

  #referred(node: SchemaNode, ref: string, path: Path, sensitive: boolean): Shape {
    const name = ref.slice('#/$defs/'.length);
    const target = this.#definitions[name];
    if (target === undefined) {
      const near = nearest(name, Object.keys(this.#definitions));
      this.problem([...path, '$ref'], `There is no ${JSON.stringify(name)} under "$defs".`, hint(near));
      return NOTHING;
    }
    if (this.#open.has(name)) {
      this.problem([...path, '$ref'], `${JSON.stringify(name)} contains itself.`);
      return NOTHING;
    }
    this.#open.add(name);
    const shape = this.shape(target, ['$defs', name], sensitive || node['x-sensitive'] === true);
    this.#open.delete(name);
    return shape.kind === 'complex' ? { ...shape, ...strategyOf(node) } : shape;
  }

  #polymorphic(node: SchemaNode, branches: readonly SchemaNode[], path: Path, sensitive: boolean): ComplexShape {
    const variants = branches.flatMap((branch, index) => {
      if (branch.type === 'null') return [];
      const at = [...path, 'oneOf', index];
      const odataType = this.discriminator(branch, at);
      return [{ ...this.#variant(branch, at, sensitive), ...(odataType === undefined ? {} : { odataType }) }];
    });
    return { kind: 'complex', variants, ...strategyOf(node) };
  }

  #variant(node: SchemaNode, path: Path, sensitive: boolean): ComplexVariant {
    this.closed(node, path);
    const derived = Object.entries(node.properties ?? {}).filter(([, member]) => member['x-derived'] === true);
    const names = new Set(derived.map(([name]) => name));
    return {
      members: this.members(node, path, sensitive || node['x-sensitive'] === true).filter(
        ({ name }) => !names.has(name),
      ),
      derived: [...names],
    };
  }

  #collection(node: SchemaNode, path: Path, sensitive: boolean): CollectionShape {
    const compare = node['x-compare'];
    if (node.items === undefined) this.problem(path, 'A list must declare its "items".');
    const items = node.items === undefined ? NOTHING : this.shape(node.items, [...path, 'items'], sensitive);
    if (compare === 'list') return { kind: 'collection', items, order: 'list' };
    if (typeof compare !== 'object' || !('keyedBy' in compare)) return { kind: 'collection', items, order: 'set' };
    for (const key of compare.keyedBy) {
      const known = items.kind === 'complex' && items.variants.every(({ members }) => hasMember(members, key));
      if (!known) this.problem([...path, 'x-compare', 'keyedBy'], `Not every item has ${JSON.stringify(key)}.`);
    }
    return { kind: 'collection', items, order: 'set', keys: compare.keyedBy };
  }

  #scalar(node: SchemaNode, type: string, sensitive: boolean): ScalarShape {
    const compare = node['x-compare'];
    const flags = typeof compare === 'object' && 'flags' in compare ? compare : undefined;
    const listed = node.enum?.filter((value) => typeof value === 'string');
    const values = flags?.values ?? (node.const === undefined ? listed : [node.const]);
    return {
      kind: 'scalar',
      scalar: type as ScalarShape['scalar'],
      ...(node.format === undefined ? {} : { format: node.format }),
      ...(values === undefined ? {} : { values }),
      caseInsensitive: compare === 'caseInsensitive',
      ...(flags === undefined ? {} : { flags: flags.flags }),
      ...(typeof compare === 'object' && 'alike' in compare ? { alike: compare.alike } : {}),
      ...referenceOf(node),
      sensitive,
    };
  }

  /** Keywords that mean something on values of other types only. */
  #keywordsFit(node: SchemaNode, type: string, path: Path): void {
    const compare = node['x-compare'];
    if (type !== 'array' && type !== 'object' && !SCALARS.includes(type)) {
      this.problem([...path, 'type'], `${JSON.stringify(type)} is not the type of a value.`);
    }
    const ordered = compare === 'list' || compare === 'set' || (typeof compare === 'object' && 'keyedBy' in compare);
    if (type === 'array' && !ordered) {
      this.problem(path, 'A list must say how it is compared.', 'Add "x-compare": "set", "list" or {"keyedBy": […]}.');
    }
    if (type !== 'array' && ordered) this.#only('x-compare', 'a list can be compared in this way', path);
    if (type !== 'string') {
      if (
        compare === 'caseInsensitive' ||
        (typeof compare === 'object' && ('flags' in compare || 'alike' in compare))
      ) {
        this.#only('x-compare', 'text can be compared in this way', path);
      }
      if (node['x-ref'] !== undefined) this.#only('x-ref', 'text can identify another object', path);
      const texts = type === 'array' && node.items?.type === 'string';
      if (node['x-unique'] !== undefined && !texts) this.#only('x-unique', 'text can be unique in a tenant', path);
      if (node.format !== undefined) this.#only('format', 'text has a format', path);
    }
    if (type !== 'object' && node['x-strategy'] !== undefined) {
      this.#only('x-strategy', 'an object, a link or the root can have a strategy', path);
    }
  }

  #only(keyword: string, sentence: string, path: Path): void {
    this.problem([...path, keyword], `Only ${sentence}.`);
  }
}

function strategyOf(node: SchemaNode): { readonly strategy?: string } {
  return node['x-strategy'] === undefined ? {} : { strategy: node['x-strategy'] };
}

function referenceOf(node: SchemaNode): { readonly reference?: Reference } {
  const ref = node['x-ref'];
  if (ref === undefined) return {};
  const { types, by = 'key', sentinels = [], orders = false, within, words = {} } = ref;
  return { reference: { types, by, sentinels, orders, words, ...(within === undefined ? {} : { within }) } };
}

function hasMember(members: readonly Member[], name: string): boolean {
  return members.some((member) => member.name === name);
}

function hint(near: readonly string[]): string | undefined {
  return near.length > 0 ? `Write ${near.map((name) => JSON.stringify(name)).join(' or ')}.` : undefined;
}
