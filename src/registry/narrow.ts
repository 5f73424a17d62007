/** Leaves out what a team does not want managed, before anything else looks: what is not there is neither read nor written. */

import type { ObjectType, Registry } from './types.js';

/** The registry without these properties and links, by type. Older backups that hold them stay valid; they are not seen. */
export function withoutUnmanaged(registry: Registry, unmanaged: Readonly<Record<string, readonly string[]>>): Registry {
  if (Object.keys(unmanaged).length === 0) return registry;
  const types = registry.types.map((type) => narrowed(type, new Set(unmanaged[type.name] ?? [])));
  return {
    ...registry,
    types,
    byName: new Map(types.map((type) => [type.name, type])),
    byFolder: new Map(types.map((type) => [type.folder, type])),
    validate: (type, document) => registry.validate(registry.byName.get(type.name) ?? type, document),
  };
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
