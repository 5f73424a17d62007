/** Why Graph refuses a write (403): which permissions it takes, and which of them the identity lacks. Pure. */

import type { GraphError } from './graph/types.js';
import { missingPermissions } from './identity/permissions.js';
import { typeOf } from './model/object.js';
import type { Action, Plan } from './model/plan.js';
import { type Permissions, type PermissionsWhere, whereWords } from './registry/permissions.js';
import type { ObjectType, Registry } from './registry/types.js';

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
    const sometimes = n.flatMap((number) => sometimesFor(actions.get(number), registry));
    return { ...error, message: `${message} ${whatItTakes(names, sometimes, held)}` };
  };
}

/** `sometimes`: what is needed beside `names` for some objects of the type. */
function whatItTakes(
  names: readonly string[],
  sometimes: readonly PermissionsWhere[],
  held: ReadonlySet<string> | undefined,
): string {
  const lacking = (needed: readonly string[]) => (held === undefined ? [...needed] : missingPermissions(held, needed));
  const more = sometimes.flatMap((where) => {
    const missing = lacking(where.update ?? []);
    return missing.length === 0 ? [] : [`${missing.join(', ')} for ${whereWords(where)}`];
  });
  const besides = [...new Set(more)].join('; ');
  if (held === undefined) return `It takes ${names.join(', ')}${besides === '' ? '' : `, and ${besides}`}.`;
  const missing = lacking(names);
  if (missing.length > 0) return `The identity lacks ${missing.join(', ')}.`;
  if (besides !== '') return `The identity lacks what some objects take: ${besides}.`;
  return 'The identity has the permissions; who holds a role, or is in a group that roles can be assigned to, takes a directory role, too.';
}

/** What the action takes for some objects of the type, as what it takes to update them. */
function sometimesFor(action: Action | undefined, registry: Registry): readonly PermissionsWhere[] {
  const type = action === undefined ? undefined : registry.byName.get(typeOf(action.object));
  if (action === undefined || type === undefined) return [];
  if ('link' in action && registry.byName.get(action.link)?.edge !== undefined) return [];
  return (type.permissions.where ?? []).map((where) => {
    if (action.action === 'soft-delete') return { ...where, update: where.delete ?? [] };
    const restore = action.action === 'restore' ? (where.restore ?? []) : [];
    return { ...where, update: [...new Set([...restore, ...(where.update ?? [])])] };
  });
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
