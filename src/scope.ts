/** Which part of a tenant a comparison considers. */

import type { Coverage, Gap } from './model/coverage.js';
import { type ObjectKey, typeOf } from './model/object.js';
import type { Scope } from './model/plan.js';
import { dependencesOn } from './plan/dependents.js';
import { endsAt, isOneOf, ownerOf } from './registry/identity.js';
import type { ObjectType, Registry } from './registry/types.js';

/** What of a workspace decides which objects are considered. */
export interface Considered {
  readonly registry: Registry;
  /** Types that the configuration asks for. */
  readonly types: readonly ObjectType[];
  readonly excluded: ReadonlySet<ObjectKey>;
}

/** Types that must be read for a scope: its own, those that its links and edges lead to, and what goes with its objects. */
export function typesFor(considered: Considered, scope: Scope): readonly ObjectType[] {
  const own = typesIn(considered, scope);
  if (own.length === considered.types.length) return own;
  const linked = new Set(
    own.flatMap((type) => [
      ...type.links.flatMap((link) => link.targets),
      ...endTypes(type),
      ...dependencesOn(type, considered.registry).map((dependence) => dependence.type.name),
      ...neededTypes(type),
    ]),
  );
  return considered.types.filter((type) => own.includes(type) || linked.has(type.name));
}

/** Types without whose objects those of a type are not restored. */
function neededTypes(type: ObjectType): readonly string[] {
  if (type.edge !== undefined) return [];
  return type.properties.flatMap(({ access, shape }) =>
    (access === 'identity' || access === 'createOnly') && shape.kind === 'scalar' ? (shape.reference?.types ?? []) : [],
  );
}

/** Types of the objects that an edge connects; none for other types. */
export function endTypes(type: ObjectType): readonly string[] {
  if (type.edge === undefined) return [];
  return type.properties.flatMap(({ name, shape }) =>
    type.keys.includes(name) && shape.kind === 'scalar' ? (shape.reference?.types ?? []) : [],
  );
}

/** Types that a scope is about; edges go with their owners. */
export function typesIn(considered: Considered, scope: Scope): readonly ObjectType[] {
  const named = new Set([...scope.types, ...scope.targets.map(typeOf)]);
  if (named.size === 0) return considered.types;
  return considered.types.filter(({ name, edge }) => named.has(name) || named.has(edge?.ownerType ?? name));
}

/**
 * What a reader must know of a side before believing a comparison: its coverage, and the types in scope that were not
 * asked for when it was captured.
 */
export function coverageIn(coverage: Coverage, types: readonly ObjectType[]): Coverage {
  const missing = types.filter((type) => !Object.hasOwn(coverage.types, type.name));
  const gaps = missing.map(
    (type): Gap => ({ what: type.name, status: 'not-collected', reason: 'knowngood.yaml did not ask for it.' }),
  );
  return gaps.length === 0 ? coverage : { ...coverage, gaps: [...coverage.gaps, ...gaps] };
}

/** Whether an object is considered. An edge is where its owner is, and left alone with either of its ends. */
export function scopeTest(considered: Considered, scope: Scope): (key: ObjectKey) => boolean {
  const targets = new Set(scope.targets);
  const types = new Set(scope.types);
  const leftAlone = new Set(scope.exclude);
  const configured = new Map(considered.types.map((type) => [type.name, type]));
  const named = (key: ObjectKey) => types.has(typeOf(key)) || targets.has(key);
  return (key) => {
    const type = configured.get(typeOf(key));
    if (type === undefined || isOneOf(type, key, considered.excluded)) return false;
    if (isOneOf(type, key, leftAlone) || endsAt(type, key, leftAlone)) return false;
    if (types.size === 0 && targets.size === 0) return true;
    const owner = ownerOf(type, key);
    return named(key) || (owner !== undefined && named(owner));
  };
}
