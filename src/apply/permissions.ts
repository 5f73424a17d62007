/** Which application permissions the writes of a plan take: what a denied one lacks. */

import type { GraphRequest } from '../graph/types.js';
import { isJsonObject } from '../model/json.js';
import { typeOf } from '../model/object.js';
import type { Action, LinkAction, Plan } from '../model/plan.js';
import { missingPermissions } from '../registry/permissions.js';
import type { ObjectType, Registry } from '../registry/types.js';

/** What to say of a write that was denied, of the actions `n`; undefined where nothing is known of it. */
export type Explain = (n: readonly number[], request: GraphRequest) => string | undefined;

/**
 * Names the permissions that a denied write of a plan lacks; where the token does not say what it holds, those that it
 * takes: the least ones that documentation names, from the type schemas.
 */
export function permissionsFor(plan: Plan, registry: Registry, granted?: ReadonlySet<string>): Explain {
  const actions = new Map<number, Action>(plan.actions.map((action) => [action.n, action]));
  const needed = (n: number, request: GraphRequest): readonly string[] => {
    const action = actions.get(n);
    const type = action === undefined ? undefined : registry.byName.get(typeOf(action.object));
    if (action === undefined || type === undefined) return [];
    return 'link' in action ? ofLink(action, type, registry) : ofObject(type, request);
  };
  return (n, request) => {
    const names = [...new Set(n.flatMap((each) => needed(each, request)))];
    if (names.length === 0) return undefined;
    if (granted === undefined) return `It takes ${listed(names)}.`;
    const missing = missingPermissions(granted, names);
    return missing.length === 0 ? HELD : `The token does not hold ${listed(missing)}.`;
  };
}

/** Sensitive actions, and groups that roles can be assigned to: "Who can perform sensitive actions". */
const HELD =
  'The token holds what it takes; about who holds a role, or a group that roles can be assigned to, it takes a directory role, too.';

const listed = (names: readonly string[]): string => [...names.slice(0, -2), names.slice(-2).join(' and ')].join(', ');

/** A link may have a permission of its own, which then suffices; an edge is of a type of its own. */
function ofLink(action: LinkAction, owner: ObjectType, registry: Registry): readonly string[] {
  const link = owner.links.find(({ name }) => name === action.link);
  if (link !== undefined) return link.permissions?.update ?? owner.permissions.update ?? [];
  return registry.byName.get(action.link)?.permissions.update ?? [];
}

/** Restoring and deleting may take other permissions than updating; some properties take one more. */
function ofObject(type: ObjectType, { method, path, body }: GraphRequest): readonly string[] {
  if (method === 'DELETE') return type.permissions.delete ?? [];
  if (path.endsWith('/restore')) return type.permissions.restore ?? [];
  const written = isJsonObject(body) ? type.properties.filter(({ name }) => Object.hasOwn(body, name)) : [];
  const part = written.find((property) => property.part !== undefined);
  if (part?.permissions?.update !== undefined) return part.permissions.update;
  return [...(type.permissions.update ?? []), ...written.flatMap(({ permissions }) => permissions?.update ?? [])];
}
