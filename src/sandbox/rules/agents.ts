/**
 * Rules of the agent identity kinds, which are special users, applications and service principals. Source: "agentUser",
 * "agentIdentity", "agentIdentityBlueprint" and "agentIdentityBlueprintPrincipal" resource types and their update pages.
 */
import { badRequest, notFound } from '../errors.js';
import { concreteType, resources, typeName } from '../resources.js';
import type { Store, Stored } from '../store.js';
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

const BLUEPRINTS: readonly (string | undefined)[] = ['agentIdentityBlueprint', 'agentIdentityBlueprintPrincipal'];

/**
 * What is deleted with a blueprint, or with its principal: its identities and their accounts ("Agent identity deletion").
 * Here that is done at once.
 */
export function agentsOf(store: Store, stored: Stored): readonly Stored[] {
  if (!BLUEPRINTS.includes(specialKind(stored))) return [];
  const appId = String(stored.object.appId ?? '').toLowerCase();
  const live = [...store.objects.values()].filter(({ deletedDateTime }) => deletedDateTime === null);
  const identities = live.filter(({ object }) => String(object.agentIdentityBlueprintId ?? '').toLowerCase() === appId);
  const accounts = live.filter(({ object }) => identities.some(({ id }) => id === object.identityParentId));
  return [...accounts, ...identities];
}

/** Throws 400 when the account of an agent cannot come back: its identity is not there (the words are not published). */
export function checkParent(store: Store, { object }: Stored): void {
  const { identityParentId: parent } = object;
  if (typeof parent !== 'string') return;
  if (store.objects.get(parent.toLowerCase())?.deletedDateTime === null) return;
  throw badRequest(`The agent user cannot be restored before its parent identity '${parent}'.`);
}
