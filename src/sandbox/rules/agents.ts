/**
 * Rules of the agent identity kinds, which are special users, applications and service principals. Source: "agentUser",
 * "agentIdentity", "agentIdentityBlueprint" and "agentIdentityBlueprintPrincipal" resource types and their update pages.
 */
import { badRequest, notFound } from '../errors.js';
import { concreteType, resources, typeName } from '../resources.js';
import type { Stored } from '../store.js';
import { type Body, isObject } from '../validate.js';

/** Whether an object is more special than its collection says. */
function specialKind(stored: Stored): string | undefined {
  const resource = resources[stored.collection];
  const kind = concreteType(resource, stored.object);
  return resource.bin === 'directory' && kind !== resource.type ? kind : undefined;
}

/** Throws 404 when a path with a cast names an object of another type. */
export function checkCast(stored: Stored, cast: string | undefined): void {
  if (cast !== undefined && specialKind(stored) !== cast) throw notFound(stored.id);
}

/**
 * Throws 400 for an update that does not say which kind it is for: applications and service principals by a cast in the
 * path, users by `@odata.type` in the body. The words are not published.
 */
export function checkKindNamed(stored: Stored, cast: string | undefined, body: unknown): void {
  const kind = specialKind(stored);
  if (kind === undefined || kind === cast) return;
  if (stored.collection !== 'users')
    throw badRequest(`An object of the type '${kind}' is updated under …/${stored.id}/microsoft.graph.${kind}.`);
  const named = isObject(body) ? (body as Body)['@odata.type'] : undefined;
  if (typeof named !== 'string' || typeName(named) !== kind)
    throw badRequest(`The body must name the type of the object: '@odata.type': '#microsoft.graph.${kind}'.`);
}
