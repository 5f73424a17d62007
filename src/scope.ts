/** Which part of a tenant a comparison considers. */

import { byCodeUnit, type ObjectKey, objectKey, typeOf } from './model/object.js';
import type { Scope } from './model/plan.js';
import { Failure } from './model/problem.js';
import type { ObjectType, Registry } from './registry/types.js';
import type { ComparedState } from './states.js';
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
  const types = (request.types ?? []).map((name) => typeNamed(considered.registry, name, '--type').name);
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
  return objectKey(typeNamed(considered.registry, name, '--target').name, id);
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

/** Whether an object is considered; a target that neither side has is a Failure. */
export function scopeTest(
  considered: Considered,
  scope: Scope,
  desired: ComparedState,
  live: ComparedState,
): (key: ObjectKey) => boolean {
  for (const target of scope.targets) {
    if (!desired.ids.has(target) && !live.ids.has(target)) {
      throw new Failure({
        code: 'KG122',
        message: `${target} is neither in the backup nor in what it is compared with.`,
        where: '--target',
        remedy: 'Check the id; `git log --all -- "tenant-state/**/ID.yaml"` finds the backups that had it.',
      });
    }
  }
  const types = new Set(scope.types);
  const targets = new Set(scope.targets);
  const configured = new Set(considered.types.map((type) => type.name));
  return (key) => {
    const type = typeOf(key);
    if (!configured.has(type) || considered.excluded.has(key)) return false;
    if (types.size === 0 && targets.size === 0) return true;
    return types.has(type) || targets.has(key);
  };
}
