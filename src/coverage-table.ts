/** What is kept and recovered of each type: the type schemas read as a table. */

import type {
  CoverageItem,
  CoverageTable,
  NativeCounts,
  Recoverability,
  TypeCoverage,
} from './model/coverage-table.js';
import { byCodeUnit } from './model/object.js';
import { loadRegistry } from './registry/load.js';
import { type Permissions, whereWords } from './registry/permissions.js';
import type { Access, Link, ObjectType, Property, Registry } from './registry/types.js';
import { typeNamed } from './workspace.js';

/** The table of the types that this version knows; only of these, where any are named. Throws a Failure (KG120) for others. */
export function coverageOfTypes(names: readonly string[] = []): CoverageTable {
  const registry = loadRegistry();
  const wanted = new Set(names.map((name) => typeNamed(registry, name, '--type').name));
  const table = coverageTable(registry);
  return wanted.size === 0 ? table : { ...table, types: table.types.filter(({ type }) => wanted.has(type)) };
}

export function coverageTable(registry: Registry): CoverageTable {
  const types = registry.types.map(typeCoverage);
  return {
    format: 1,
    kind: 'coverage-table',
    types: types.sort((a, b) => byCodeUnit(a.title, b.title) || byCodeUnit(a.type, b.type)),
  };
}

function typeCoverage(type: ObjectType): TypeCoverage {
  const { read = [], update = [], restore = [] } = type.permissions;
  const items = [
    ...propertyItems(type),
    ...type.links.map((link) => linkItem(type, link)),
    ...type.unavailable.map(
      ({ native, reason }): CoverageItem => ({
        name: null,
        kind: 'setting',
        coverage: 'no-api',
        native,
        reason,
        notes: [],
        optional: false,
        permissions: { read: [], write: [] },
      }),
    ),
  ];
  return {
    type: type.name,
    title: type.title,
    ...(type.description === undefined ? {} : { description: type.description }),
    form: type.edge !== undefined ? 'edge' : type.singleton !== undefined ? 'singleton' : 'object',
    notes: typeNotes(type),
    permissions: { read, update, delete: type.permissions.delete ?? [], restore, some: someOf(type) },
    native: nativeCounts(items),
    beyond: items.filter((item) => item.native === null && item.coverage === 'recoverable').length,
    items,
  };
}

function someOf({ permissions }: ObjectType): TypeCoverage['permissions']['some'] {
  return (permissions.where ?? []).map((where) => ({
    objects: whereWords(where),
    needed: joined(where.update, where.delete, where.restore),
  }));
}

function nativeCounts(items: readonly CoverageItem[]): NativeCounts {
  const covered = items.filter((item) => item.native !== null);
  const count = (coverage: Recoverability) => covered.filter((item) => item.coverage === coverage).length;
  return {
    total: covered.length,
    recoverable: count('recoverable'),
    shownOnly: count('shown-only'),
    context: count('context'),
    noApi: count('no-api'),
  };
}

const READ_ONLY_EDGE = 'It is read and compared, and never written.';

function typeNotes(type: ObjectType): string[] {
  const { edge, singleton, bin, deletable, remake, fixture, gate } = type;
  const notes: string[] = [];
  if (edge !== undefined) {
    notes.push(
      edge.create === undefined ? READ_ONLY_EDGE : 'Added and removed like links, each by a request of its own.',
    );
  } else if (singleton !== undefined) {
    notes.push('There is exactly one: it is never created or deleted.');
  } else if (bin === undefined) {
    notes.push('Graph has no recycle bin for it: what was deleted is gone, and nothing is ever deleted here.');
  } else {
    notes.push('Soft-deleted objects are restored from the recycle bin.');
    if (deletable) notes.push('Objects that the backup does not hold are soft-deleted where that is asked for.');
  }
  if (fixture !== undefined) {
    const { property, equals } = fixture;
    notes.push(
      `Objects that come with the tenant (${property}: ${String(equals)}) are kept and named, never compared.`,
    );
  }
  if (remake !== undefined) notes.push(remake);
  if (gate) notes.push('A gate: a plan loosens it first and tightens it last.');
  return notes;
}

/** What becomes of a property by who may set it, and why it is not recovered. */
const BY_ACCESS: Readonly<Record<Access, { readonly coverage: Recoverability; readonly reason?: string }>> = {
  readWrite: { coverage: 'recoverable' },
  readOnly: { coverage: 'shown-only', reason: 'A difference is shown, and no plan writes it.' },
  createOnly: { coverage: 'shown-only', reason: 'Graph takes it when the object is created, and never again.' },
  writeOnly: { coverage: 'no-api', reason: 'Graph takes it and never shows it: it cannot be in a backup.' },
  identity: { coverage: 'context', reason: 'It names the object and never changes.' },
  context: { coverage: 'context', reason: 'It is kept for information and is never a difference.' },
};

function standingOf({ edge }: ObjectType, access: Access): (typeof BY_ACCESS)[Access] {
  if (edge === undefined || access === 'context') return BY_ACCESS[access];
  if (edge.create === undefined) return { coverage: 'shown-only', reason: READ_ONLY_EDGE };
  // A relation is what it connects: it is made again with exactly that.
  return access === 'identity' || access === 'createOnly' ? BY_ACCESS.readWrite : BY_ACCESS[access];
}

/**
 * Properties that all kinds of the type have, then what only some have, kind by kind: one property may have another name
 * in Microsoft's product in each of them, or none.
 */
function propertyItems(type: ObjectType): CoverageItem[] {
  const shared: CoverageItem[] = [];
  const own: CoverageItem[] = [];
  const told = new Set<Property>();
  for (const property of type.variants.flatMap((variant) => variant.properties)) {
    if (told.has(property)) continue;
    const alike = type.variants.flatMap(({ odataType, properties }) => {
      const same = properties.find(({ name, native }) => name === property.name && native === property.native);
      return same === undefined ? [] : [{ odataType, same }];
    });
    for (const { same } of alike) told.add(same);
    const item = propertyItem(type, property);
    if (alike.length === type.variants.length) shared.push(item);
    else own.push({ ...item, of: alike.flatMap(({ odataType = '' }) => odataType.replace('#microsoft.graph.', '')) });
  }
  return [...shared, ...own];
}

function propertyItem(type: ObjectType, property: Property): CoverageItem {
  const standing = standingOf(type, property.access);
  const { read, write } = permissionsOf(type, property.permissions);
  return {
    name: property.name,
    kind: 'property',
    ...standing,
    native: nativeName(property.native),
    notes: propertyNotes(property),
    optional: property.optional,
    permissions: { read, write: standing.coverage === 'recoverable' ? write : [] },
    ...(property.description === undefined ? {} : { description: property.description }),
  };
}

function propertyNotes({ access, clearable, part, disableFirst, union, sensitive }: Property): string[] {
  const notes: string[] = [];
  if (access === 'readWrite' && !clearable) notes.push('Graph refuses to empty it.');
  if (part !== undefined) {
    notes.push(`A request of its own${part.version === 'beta' ? ', to the beta version of Graph' : ''}.`);
  }
  if (union !== undefined) notes.push(`Without what it has from ${union.type}.${union.property}.`);
  if (disableFirst !== undefined) notes.push('Disabled first where it must be to change.');
  if (sensitive) notes.push('Masked wherever it is shown.');
  return notes;
}

function linkItem(type: ObjectType, link: Link): CoverageItem {
  return {
    name: link.name,
    kind: 'link',
    coverage: 'recoverable',
    native: nativeName(link.native),
    notes: link.strategy === undefined ? [] : ['Not where it follows from a rule, or from another system.'],
    optional: false,
    permissions: permissionsOf(type, link.permissions),
  };
}

function nativeName(native: string | false | undefined): string | null {
  return typeof native === 'string' ? native : null;
}

function permissionsOf(type: ObjectType, own: Permissions = {}): CoverageItem['permissions'] {
  return {
    read: joined(type.permissions.read, own.read),
    write: joined(type.permissions.update, own.update, type.edge === undefined ? [] : type.permissions.delete),
  };
}

function joined(...lists: readonly (readonly string[] | undefined)[]): string[] {
  return [...new Set(lists.flatMap((list) => list ?? []))].sort(byCodeUnit);
}
