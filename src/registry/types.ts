/**
 * Compiled object types: what the engine knows of Graph, derived from the JSON Schemas under schemas/types/.
 * Data only; everything here is read-only and the same for every run of one version.
 */

import type { Permissions } from './permissions.js';

/** How a value is shaped, compared and brought into canonical form. */
export type Shape = ScalarShape | ComplexShape | CollectionShape;

export interface ScalarShape {
  readonly kind: 'scalar';
  readonly scalar: 'string' | 'boolean' | 'integer' | 'number';
  /** JSON Schema `format`: `uuid` is stored in lower case, `date-time` in UTC with the shortest fraction. */
  readonly format?: 'uuid' | 'date-time';
  readonly values?: readonly string[];
  /** Two spellings that differ in case only are the same value; the stored spelling is Graph's. */
  readonly caseInsensitive: boolean;
  /** A string that holds several values: a set, stored in the order of `values` and joined the way Graph joins them. */
  readonly flags?: 'comma' | 'space';
  /** Groups of values that mean the same. */
  readonly alike?: readonly (readonly string[])[];
  readonly reference?: Reference;
  readonly sensitive: boolean;
}

export interface ComplexShape {
  readonly kind: 'complex';
  /** One variant, or several told apart by `@odata.type`. */
  readonly variants: readonly ComplexVariant[];
  /** Name of a strategy that reads the value in another way than member by member. */
  readonly strategy?: string;
}

export interface ComplexVariant {
  /** `#microsoft.graph.…`; absent where the type is not polymorphic. */
  readonly odataType?: string;
  /** Members in schema order; `@odata.type` is one of them where the type is polymorphic. */
  readonly members: readonly Member[];
  /** Names of members that Graph computes or never takes: neither stored nor written, and nothing to wonder about. */
  readonly derived: readonly string[];
}

export interface Member {
  readonly name: string;
  readonly shape: Shape;
}

export interface CollectionShape {
  readonly kind: 'collection';
  readonly items: Shape;
  /** `set`: order and repetition do not matter. `list`: order matters. */
  readonly order: 'set' | 'list';
  /** Members of the items that identify an item of the set; absent: the whole item does. */
  readonly keys?: readonly string[];
}

/** An identifier of another object embedded in a body. */
export interface Reference {
  readonly types: readonly string[];
  /** What the identifier is: `key`, or a property of the target such as `appId`. */
  readonly by: string;
  /** Words that stand where an identifier is expected and are none: `All`, `AllTrusted`, … */
  readonly sentinels: readonly string[];
  /** The target must exist before this object is written. */
  readonly orders: boolean;
  /** It identifies an item inside another object, and no object of its own. */
  readonly within?: Within;
  /** Identifiers that stand for something else than an object, and what. */
  readonly words: Readonly<Record<string, string>>;
}

/** Where an identifier of an item leads: property `object` names the object, its `property` holds the items by id. */
export interface Within {
  readonly object: string;
  readonly property: string;
  /** The member of the item that people know it by. */
  readonly shown: string;
}

/** identity: names the object; context: stored and shown, never a difference; readOnly: shown, blocked when it differs. */
export type Access = 'identity' | 'context' | 'readOnly' | 'createOnly' | 'readWrite' | 'writeOnly';

export interface Property extends Member {
  readonly access: Access;
  /** False: Graph refuses null. */
  readonly clearable: boolean;
  readonly sensitive: boolean;
  /** No two active objects of the tenant have the same value. */
  readonly unique: boolean;
  /** Name under which Microsoft's own product documents it; `false` where knowngood goes beyond it. */
  readonly native: string | false | undefined;
  /** In addition to those of the type. */
  readonly permissions?: Permissions;
  /** Requests carry every declared member of the value, `null` where it has none: Graph would keep or empty the rest. */
  readonly whole?: true;
  /** Properties that go into the same request, changed or not, where they have a value. */
  readonly with?: readonly string[];
  /** Written by a request of its own, perhaps read by one, too. Absent: part of the object. */
  readonly part?: RequestPart;
  /** Items must be disabled before they are changed or removed: of the value itself, or of its member of that name. */
  readonly disableFirst?: true | string;
  /** Graph answers with more than the object's own values. */
  readonly union?: Union;
  /** Collected and compared only where the configuration asks for it. */
  readonly optional: boolean;
  readonly description?: string;
}

/** A request for some properties of an object; `{id}` in its path is the object. */
export interface RequestPart {
  readonly path: string;
  readonly method: 'PATCH' | 'POST';
  readonly version: Version;
  /** The value must be read there: the object's own answer does not have it. */
  readonly read: boolean;
}

/**
 * What Graph answers is the union of the object's own values and those of `property` of the object of `type` that has the
 * same `by`. Own values are what the union holds beyond the other's; only they are stored and compared.
 */
export interface Union {
  readonly type: string;
  readonly by: string;
  readonly property: string;
  /** What a request must carry. */
  readonly send: 'own' | 'all';
}

/** A link: a reference changed by its own request. `{id}` is the owner, `{target}` the target. */
export interface Link {
  readonly name: string;
  readonly targets: readonly string[];
  readonly cardinality: 'one' | 'many';
  /** Path and version of the list of targets. */
  readonly list: { readonly path: string; readonly version: Version };
  /** The delta of the owner names changes of this link; absent: it does not. */
  readonly delta?: LinkDelta;
  /**
   * PATCH of the owner with `<name>@odata.bind`, at most `perRequest` targets, all or nothing; without `bind` a POST of one
   * reference.
   */
  readonly add: { readonly path: string; readonly bind?: string; readonly perRequest: number };
  readonly remove: { readonly path: string };
  /** Name of the strategy that says whether an owner's link is managed or derived; absent: always managed. */
  readonly strategy?: string;
  readonly native: string | false | undefined;
  /** In addition to those of the owner's type. */
  readonly permissions?: Permissions;
}

/**
 * What the delta of the owner may not tell of a link: types of targets, with the path of the owners of one such target, which
 * is `{id}`. Of service principals among the members in the delta of groups, nothing is documented.
 */
export type LinkDelta = Readonly<Record<'apart', Readonly<Record<string, string>>>>;

export type Version = 'v1.0' | 'beta';

export interface RecycleBin {
  /** Path of the list of deleted objects. */
  readonly list: string;
  /** Path of one deleted object. */
  readonly get: string;
  /** Path of the restore action, `{id}` being the object. */
  readonly restore: string;
  /** Properties that deleted objects report wrongly. */
  readonly misreports: readonly string[];
}

/** Graph's account of what has changed: the path of the delta function. */
export type Delta = Readonly<Record<'path', string>>;

/** Objects that are listed inside another answer. */
export interface Inline {
  readonly path: string;
  /** The property of that answer that holds them. */
  readonly property: string;
}

/** A derived type that a collection holds beside its own. */
export interface Kind {
  readonly odataType: string;
  /** Requests on one object of it name it at the end of the path. */
  readonly cast: boolean;
  /** Its place in the order of writes: that of its type, unless it needs others of the type or of a later one. */
  readonly rank: number;
}

/** A relation with no life of its own. `{owner}` is the object that it belongs to, `{id}` the id that Graph gave it last. */
export interface Edge {
  /** Property that holds the key of the owner. */
  readonly owner: string;
  readonly ownerType: string;
  /** Path of the edges of one owner; absent where edges are only read. */
  readonly list?: string;
  /** Path where an edge is made; absent where edges are only read. */
  readonly create?: string;
  /** Path of one edge, changed and removed there; absent where edges are only read. */
  readonly item?: string;
}

/** What tells objects that come with the tenant from those that somebody made. */
export interface Fixture {
  readonly property: string;
  readonly equals: string | boolean;
}

/** A setting that Microsoft's own product recovers and Graph has no API for. */
export interface Unavailable {
  readonly native: string;
  readonly reason: string;
}

/** One type of directory object. */
export interface ObjectType {
  /** Graph's name: `user`, `conditionalAccessPolicy`. */
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  /** The collection or the one object; with `{owner}` where edges are listed owner by owner. */
  readonly path: string;
  readonly version: Version;
  /** Names of the properties that identify an object: one, or several for an edge. */
  readonly keys: readonly [string, ...string[]];
  /** There is exactly one. `object`: the path answers with it. `list`: with a list that holds it. */
  readonly singleton: 'object' | 'list' | undefined;
  readonly inline: Inline | undefined;
  /** `$filter` of the list. */
  readonly filter: string | undefined;
  readonly expand: readonly string[];
  /** Derived types stored as this one; those objects carry `@odata.type`, all others do not. */
  readonly kinds: readonly Kind[];
  readonly edge: Edge | undefined;
  /** Objects that come with the tenant: stored and named, never compared. */
  readonly fixture: Fixture | undefined;
  readonly unavailable: readonly Unavailable[];
  /** Folder under tenant-state/; for a singleton, the name of its file. */
  readonly folder: string;
  readonly sharded: boolean;
  /** Properties whose first non-empty value names the object for people. */
  readonly label: readonly string[];
  /** Whether requests carry `$select` with every declared property. */
  readonly select: boolean;
  readonly pageSize: number | undefined;
  readonly bin: RecycleBin | undefined;
  /** Absent: what has changed is known only by reading everything. */
  readonly delta: Delta | undefined;
  readonly gate: boolean;
  /** Types that are set right before, though nothing refers to them. */
  readonly after: readonly string[];
  /** Whether Graph deletes it into a recycle bin: others are never deleted. */
  readonly deletable: boolean;
  /** How a person makes an object again that is gone; absent where it simply gets a new id. */
  readonly remake: string | undefined;
  readonly permissions: Permissions;
  /** Name of the strategy that tells loosening from tightening, for gates. */
  readonly strategy: string | undefined;
  /** One variant, or several told apart by `@odata.type`. */
  readonly variants: readonly TypeVariant[];
  /** All properties of all variants in schema order, each name once; members that only some variants have are united. */
  readonly properties: readonly Property[];
  readonly links: readonly Link[];
  /** Properties that requests do not ask for, because the identity may not read them. */
  readonly withheld?: readonly string[];
  /** Properties, other than the key, by which other types refer to objects of this one. */
  readonly aliases: readonly string[];
  /** 0 for types that need no other; objects of a lower rank are written first. Derived from ordering references. */
  readonly rank: number;
}

export interface TypeVariant {
  readonly odataType?: string;
  readonly properties: readonly Property[];
}

/** All object types of one run. */
export interface Registry {
  /** Types in order of rank, then name. */
  readonly types: readonly ObjectType[];
  readonly byName: ReadonlyMap<string, ObjectType>;
  readonly byFolder: ReadonlyMap<string, ObjectType>;
  /** Digest of all schema files: `sha256:…`. */
  readonly digest: string;
  /**
   * Checks a parsed state file against the schema of its type. Every violation has the path of the value, as member
   * names and array indexes, and a sentence. An absent property is no violation.
   */
  validate(type: ObjectType, document: unknown): readonly Violation[];
}

export interface Violation {
  readonly path: readonly (string | number)[];
  readonly message: string;
  /** The JSON Schema keyword that was not met. */
  readonly rule: string;
  /** What would be right: the nearest names, or all there are. */
  readonly remedy?: string;
}
