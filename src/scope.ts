/** Which part of a tenant a comparison considers. */

import type { Coverage, Gap } from './model/coverage.js';
import { byCodeUnit, type ObjectKey, objectKey, typeOf } from './model/object.js';
import type { Scope } from './model/plan.js';
import { Failure } from './model/problem.js';
import type { ObjectType, Registry } from './registry/types.js';
import type { StateIds } from './state/types.js';
import { typeNamed } from './workspace.js';

/** What of a workspace decides which objects are considered. */
export interface Considered {
  readonly registry: Registry;
  /** Types that the configuration asks for. */
  readonly types: readonly ObjectType[];
  readonly excluded: ReadonlySet<ObjectKey>;
}

/** What a person asks to be considered; nothing given means everything. */
export interface ScopeRequest {
  readonly types?: readonly string[];
  /** `type/id`. */
  readonly targets?: readonly string[];
  readonly allowDelete?: boolean;
  readonly allowDeleteTypes?: readonly string[];
}

/** The scope in the words of the plan file, checked. */
export function scopeOf(considered: Considered, request: ScopeRequest): Scope {
  const types = (request.types ?? []).map((name) => asked(considered, name, '--type').name);
  const allowed = (request.allowDeleteTypes ?? []).map(
    (name) => typeNamed(considered.registry, name, '--allow-delete-type').name,
  );
  const targets = (request.targets ?? []).map((target) => targetKey(considered, target));
  return {
    types: [...new Set(types)].sort(byCodeUnit),
    targets: [...new Set(targets)].sort(byCodeUnit),
    allowDelete: request.allowDelete ? ['*'] : [...new Set(allowed)].sort(byCodeUnit),
  };
}

/** A type that there is and that the configuration asks for. */
function asked(considered: Considered, name: string, where: string): ObjectType {
  const type = typeNamed(considered.registry, name, where);
  if (considered.types.some((candidate) => candidate.name === type.name)) return type;
  throw new Failure({
    code: 'KG124',
    message: `knowngood.yaml does not ask for the type ${type.name}.`,
    where,
    remedy: 'Add it to `types` in knowngood.yaml, or leave `types` out to have them all.',
  });
}

/** Whether objects of the type are named by a GUID: then a name in its place is told at once. */
function isGuidKeyed(type: ObjectType): boolean {
  const shape = type.properties.find((property) => property.name === type.key)?.shape;
  return shape?.kind === 'scalar' && shape.format === 'uuid';
}

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function targetKey(considered: Considered, target: string): ObjectKey {
  const [name, id, ...rest] = target.split('/');
  if (name === undefined || id === undefined || id === '' || rest.length > 0) {
    throw new Failure({
      code: 'KG121',
      message: `${JSON.stringify(target)} does not name an object.`,
      where: '--target',
      remedy: 'Write TYPE/ID, for example user/0f8a1c2e-5d1b-4f0e-9a53-2b7c1d0e4f6a.',
    });
  }
  const type = asked(considered, name, '--target');
  if (!isGuidKeyed(type) || GUID.test(id)) return objectKey(type.name, id);
  throw new Failure({
    code: 'KG121',
    message: `${JSON.stringify(id)} is not the id of an object.`,
    where: '--target',
    remedy: 'Find the id by a name with `git grep -l NAME tenant-state`: the file is named after it.',
  });
}

/** Types that must be read for a scope: its own, and those that its links lead to. */
export function typesFor(considered: Considered, scope: Scope): readonly ObjectType[] {
  const named = new Set([...scope.types, ...scope.targets.map(typeOf)]);
  if (named.size === 0) return considered.types;
  const linked = considered.types
    .filter((type) => named.has(type.name))
    .flatMap((type) => type.links.flatMap((link) => link.targets));
  return considered.types.filter((type) => named.has(type.name) || linked.includes(type.name));
}

/** Types that a scope is about. */
export function typesIn(considered: Considered, scope: Scope): readonly ObjectType[] {
  const named = new Set([...scope.types, ...scope.targets.map(typeOf)]);
  return named.size === 0 ? considered.types : considered.types.filter((type) => named.has(type.name));
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

/** Refuses targets that neither side has. */
export function refuseUnknownTargets(scope: Scope, desired: StateIds, live: StateIds): void {
  const unknown = scope.targets.find((target) => !desired.has(target) && !live.has(target));
  if (unknown === undefined) return;
  throw new Failure({
    code: 'KG122',
    message: `${unknown} is neither in the backup nor in what it is compared with.`,
    where: '--target',
    remedy: 'Check the id; `git log --all -- "tenant-state/**/ID.yaml"` finds the backups that had it.',
  });
}

/** Whether an object is considered. */
export function scopeTest(considered: Considered, scope: Scope): (key: ObjectKey) => boolean {
  const targets = new Set(scope.targets);
  const types = new Set(scope.types);
  const configured = new Set(considered.types.map((type) => type.name));
  return (key) => {
    const type = typeOf(key);
    if (!configured.has(type) || considered.excluded.has(key)) return false;
    if (types.size === 0 && targets.size === 0) return true;
    return types.has(type) || targets.has(key);
  };
}
