/** Why Graph refuses a write (403): which permissions it takes, and which of them the identity lacks. Pure. */

import type { GraphError } from './graph/types.js';
import { missingPermissions } from './identity/permissions.js';
import { typeOf } from './model/object.js';
import type { Action, Plan } from './model/plan.js';
import type { ObjectType, Permissions, Registry } from './registry/types.js';

/** Adds to a refusal what it takes. `n` are the numbers of the actions that the request carries out. */
export type Explain = (n: readonly number[], error: GraphError) => GraphError;

/** `held`: permissions of the identity; undefined where they are not known. */
export function explainRefusals(plan: Plan, registry: Registry, held: ReadonlySet<string> | undefined): Explain {
  const actions = new Map(plan.actions.map((action) => [action.n, action]));
  return (n, error) => {
    if (error.status !== 403) return error;
    const needed = n.flatMap((number) => permissionsFor(actions.get(number), registry));
    const names = [...new Set(needed)].sort();
    if (names.length === 0) return error;
    const message = error.message.replace(/\s+$/, '').replace(/(?<![.!?])$/, '.');
    return { ...error, message: `${message} ${whatItTakes(names, held)}` };
  };
}

function whatItTakes(names: readonly string[], held: ReadonlySet<string> | undefined): string {
  if (held === undefined) return `It takes ${names.join(', ')}.`;
  const missing = missingPermissions(held, names);
  if (missing.length > 0) return `The identity lacks ${missing.join(', ')}.`;
  return 'The identity has the permissions; who holds a role, or is in a group that roles can be assigned to, takes a directory role, too.';
}

function permissionsFor(action: Action | undefined, registry: Registry): readonly string[] {
  if (action === undefined) return [];
  const owner = registry.byName.get(typeOf(action.object));
  if (owner === undefined) return [];
  if ('link' in action) {
    const edge = registry.byName.get(action.link);
    const link = owner.links.find(({ name }) => name === action.link);
    return (
      (edge?.edge === undefined ? link?.permissions?.update : undefined) ?? (edge ?? owner).permissions.update ?? []
    );
  }
  if (action.action === 'soft-delete') return owner.permissions.delete ?? [];
  const written = partsOf(owner, new Set(action.set.map(({ path }) => path))).flatMap(({ update = [] }) => update);
  const restored = action.action === 'restore' ? (owner.permissions.restore ?? []) : [];
  return [...restored, ...(owner.permissions.update ?? []), ...written];
}

/** The permissions that single properties ask for beside those of their type. */
function partsOf(type: ObjectType, names: ReadonlySet<string>): readonly Permissions[] {
  return type.properties.filter(({ name }) => names.has(name)).flatMap(({ permissions }) => permissions ?? []);
}
