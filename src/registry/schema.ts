/** The part of JSON Schema that type schemas use, as the dialect (schemas/dialect.json) lets it through. */

import type { Json, JsonObject } from '../model/json.js';
import type { Permissions } from './permissions.js';
import type { Access, Delta, Fixture, Inline, Unavailable, Version, Within } from './types.js';

export interface SchemaNode {
  readonly title?: string;
  readonly description?: string;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, SchemaNode>>;
  readonly type?: string | readonly string[];
  readonly enum?: readonly Json[];
  readonly const?: string;
  readonly format?: 'uuid' | 'date-time';
  readonly items?: SchemaNode;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false;
  readonly oneOf?: readonly SchemaNode[];
  readonly 'x-graph'?: GraphKeyword;
  readonly 'x-permissions'?: Permissions;
  readonly 'x-access'?: Access;
  readonly 'x-clearable'?: false;
  readonly 'x-request'?: RequestKeyword;
  readonly 'x-compare'?: CompareKeyword;
  readonly 'x-ref'?: RefKeyword;
  readonly 'x-link'?: LinkKeyword;
  readonly 'x-sensitive'?: true;
  readonly 'x-strategy'?: string;
  readonly 'x-native'?: string | false;
  readonly 'x-unique'?: true;
  readonly 'x-optional'?: true;
  readonly 'x-derived'?: true;
  readonly 'x-unavailable'?: readonly Unavailable[];
}

export interface GraphKeyword {
  readonly path: string;
  readonly version?: Version;
  readonly key: string | readonly string[];
  readonly singleton?: 'object' | 'list';
  readonly inline?: Inline;
  readonly filter?: string;
  readonly expand?: readonly string[];
  readonly kinds?: readonly {
    readonly odataType: string;
    readonly cast?: true;
    readonly permissions?: Pick<Permissions, 'update' | 'delete' | 'restore'>;
    readonly after?: readonly string[];
  }[];
  readonly edge?: { readonly owner: string; readonly list?: string; readonly create?: string; readonly item?: string };
  readonly fixture?: Fixture;
  readonly folder: string;
  readonly sharded?: boolean;
  readonly label: readonly string[];
  readonly select?: boolean;
  readonly pageSize?: number;
  readonly bin?: {
    readonly list: string;
    readonly get: string;
    readonly restore: string;
    readonly misreports?: readonly string[];
  };
  readonly delta?: Delta;
  readonly gate?: boolean;
  readonly after?: readonly string[];
  readonly deletable?: boolean;
  readonly remake?: string;
}

export interface RequestKeyword {
  readonly whole?: true;
  readonly with?: readonly string[];
  readonly part?: {
    readonly path: string;
    readonly method: 'PATCH' | 'POST';
    readonly version?: Version;
    readonly read?: true;
  };
  readonly disableFirst?: true | string;
  readonly union?: {
    readonly type: string;
    readonly by: string;
    readonly property: string;
    readonly send?: 'own' | 'all';
  };
}

export type CompareKeyword =
  | 'value'
  | 'list'
  | 'set'
  | 'caseInsensitive'
  | { readonly keyedBy: readonly string[] }
  | { readonly alike: readonly (readonly string[])[] }
  | { readonly flags: 'comma' | 'space'; readonly values?: readonly string[] };

export interface RefKeyword {
  readonly types: readonly string[];
  readonly by?: string;
  readonly sentinels?: readonly string[];
  readonly orders?: boolean;
  readonly within?: Within;
  readonly words?: Readonly<Record<string, string>>;
}

export interface LinkKeyword {
  readonly targets: readonly string[];
  readonly cardinality: 'one' | 'many';
  readonly list: { readonly path: string; readonly version?: Version };
  readonly delta?: { readonly apart?: Readonly<Record<string, string>> };
  readonly add: { readonly path: string; readonly bind?: string; readonly perRequest?: number };
  readonly remove: { readonly path: string };
}

/** A schema file as it was read: its name without `.json`, and where it is, for messages. */
export interface SchemaFile {
  readonly name: string;
  readonly file: string;
  readonly document: JsonObject;
}

/** Something wrong inside a schema file. */
export interface SchemaProblem {
  /** Member names from the root of the file. */
  readonly path: readonly (string | number)[];
  /** One sentence without its subject's place: `must be …`, `"x-acces" is not …`. */
  readonly message: string;
  /** What would be right: nearest names, or all that are known. */
  readonly remedy?: string;
}

/** JSON pointer of a path: `/properties/mail/x-access`. */
export function pointer(path: readonly (string | number)[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
