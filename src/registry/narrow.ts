/** Leaves out what a team does not want managed, before anything else looks: what is not there is neither read nor written. */

import type { ObjectType, Registry } from './types.js';

type Names = Readonly<Record<string, readonly string[]>>;

/**
 * The registry without these properties and links, by type, and without those that are managed only where they are asked
 * for and are not. Older backups that hold them stay valid; they are not seen.
 */
export function withoutUnmanaged(registry: Registry, unmanaged: Names, optional: Names = {}): Registry {
  const types = registry.types.map((type) => narrowed(type, leftOut(type, unmanaged, optional)));
  if (types.every((type, index) => type === registry.types[index])) return registry;
  return {
    ...registry,
    types,
    byName: new Map(types.map((type) => [type.name, type])),
    byFolder: new Map(types.map((type) => [type.folder, type])),
    validate: (type, document) => registry.validate(registry.byName.get(type.name) ?? type, document),
  };
}

function leftOut(type: ObjectType, unmanaged: Names, optional: Names): ReadonlySet<string> {
  const unasked = type.properties.filter(
    (property) => property.optional && !optional[type.name]?.includes(property.name),
  );
  // What others mix in cannot be told apart where it is not read.
  const mixed = type.properties.filter(
    ({ union }) => union !== undefined && unmanaged[union.type]?.includes(union.property),
  );
  return new Set([...(unmanaged[type.name] ?? []), ...[...unasked, ...mixed].map(({ name }) => name)]);
}

function narrowed(type: ObjectType, names: ReadonlySet<string>): ObjectType {
  if (names.size === 0) return type;
  const managed = <T extends { readonly name: string }>(items: readonly T[]) =>
    items.filter((item) => !names.has(item.name));
  return {
    ...type,
    properties: managed(type.properties),
    links: managed(type.links),
    variants: type.variants.map((variant) => ({ ...variant, properties: managed(variant.properties) })),
  };
}
