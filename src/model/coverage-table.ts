/** What knowngood keeps and recovers of a tenant, type by type. Its JSON Schema is schemas/output/coverage-table.json. */

/**
 * `recoverable`: written back by a plan. `shown-only`: kept and compared, and a difference is reported as blocked.
 * `context`: kept and shown, and never a difference. `no-api`: Microsoft's own product has it, and Graph does not.
 */
export type Recoverability = 'recoverable' | 'shown-only' | 'context' | 'no-api';

export const RECOVERABILITIES: readonly Recoverability[] = ['recoverable', 'shown-only', 'context', 'no-api'];

export interface CoverageTable {
  readonly format: 1;
  readonly kind: 'coverage-table';
  /** By title. */
  readonly types: readonly TypeCoverage[];
}

export interface TypeCoverage {
  /** Graph's name. */
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  /** `edge`: a relation, added and removed like a link. `singleton`: there is exactly one. */
  readonly form: 'object' | 'singleton' | 'edge';
  /** What happens to the objects themselves, in sentences. */
  readonly notes: readonly string[];
  readonly permissions: TypePermissions;
  /** Properties and links that Microsoft's product covers, and what knowngood does with them. */
  readonly native: NativeCounts;
  /** Recoverable properties and links that Microsoft's product does not cover. */
  readonly beyond: number;
  /** In order of the schema: properties (of all kinds, then kind by kind), then links, then what there is no API for. */
  readonly items: readonly CoverageItem[];
}

export interface NativeCounts {
  readonly total: number;
  readonly recoverable: number;
  readonly shownOnly: number;
  readonly context: number;
  readonly noApi: number;
}

/** Application permissions of Microsoft Graph, all of a list; empty where there is no such request. */
export interface TypePermissions {
  readonly read: readonly string[];
  readonly update: readonly string[];
  readonly delete: readonly string[];
  readonly restore: readonly string[];
  /** What some objects take besides, to be written: which, in words, and what. */
  readonly some: readonly { readonly objects: string; readonly needed: readonly string[] }[];
}

export interface CoverageItem {
  /** Name in Graph; null where there is none. */
  readonly name: string | null;
  readonly kind: 'property' | 'link' | 'setting';
  /** Kinds of the type that have it so, named as in `@odata.type`; absent where all have it. */
  readonly of?: readonly string[];
  readonly coverage: Recoverability;
  /** Name under which Microsoft's product documents it; null where knowngood goes beyond it. */
  readonly native: string | null;
  /** Why it is not recoverable; absent where it is. */
  readonly reason?: string;
  /** What else is to know of it, in sentences. */
  readonly notes: readonly string[];
  /** True: collected only where the configuration asks for it. */
  readonly optional: boolean;
  /** All that is needed to read it and to write it, those of the type included. */
  readonly permissions: { readonly read: readonly string[]; readonly write: readonly string[] };
  readonly description?: string;
}
