/**
 * The recycle bins. Source: "List deletedItems", "Get deletedItem", "Restore deleted item", "Permanently delete item" of
 * directory objects, and the pages of the same names of conditionalAccessPolicy and namedLocation (beta pages; the paths
 * are in the v1.0 metadata).
 */
import { badRequest, conflict, malformed, notFound } from '../errors.js';
import { addressesOf } from '../indexes.js';
import { parseSelect } from '../projection.js';
import type { GraphAnswer, Handler, HandlerContext } from '../request.js';
import { directoryObjectTypes, isDirectoryObject, type Resource, resources } from '../resources.js';
import { checkParent } from '../rules/agents.js';
import { checkSensitive } from '../rules/sensitive.js';
import { checkRestorable } from '../rules/service-principal.js';
import { checkPrincipalName } from '../rules/user.js';
import type { SeedCollection } from '../seed.js';
import type { Store, Stored } from '../store.js';
import { graphTime } from '../time.js';
import { isObject } from '../validate.js';
import { answerList, answerObject, entity, missing, viewOf } from './read.js';

/** `GET /directory/deletedItems`: the cast is required (the words are not published). */
export function listWithoutCast(): GraphAnswer {
  throw malformed('The request must name a type: /directory/deletedItems/microsoft.graph.user');
}

/** `GET /directory/deletedItems/microsoft.graph.user`, `GET /identity/conditionalAccess/deletedItems/policies` and so on. */
export function listDeleted(collection: SeedCollection): Handler {
  const resource = resources[collection];
  const context = isDirectoryObject(collection)
    ? resource.context
    : resource.context.replace('conditionalAccess/', 'conditionalAccess/deletedItems/');
  return (request) => answerList(request, { resource, ids: request.store.bin[collection], context });
}

/** `GET /directory/deletedItems/{id}`. */
export function getDeletedDirectoryObject(context: HandlerContext): GraphAnswer {
  const { request } = context;
  const stored = findDeleted(context, undefined);
  const select = parseSelect(request.query.get('$select'), directoryObjectTypes, 'directoryObject');
  return { status: 200, body: entity(request, 'directoryObjects/$entity', viewOf(context, select, true)(stored)) };
}

/** `GET /identity/conditionalAccess/deletedItems/policies/{id}` and the same for named locations. */
export function getDeletedPolicy(collection: SeedCollection): Handler {
  return (context) => answerObject(context, findDeleted(context, collection), resources[collection]);
}

/** `POST /directory/deletedItems/{id}/restore`: 200 with the object. A unique value that a live object holds is a conflict. */
export function restoreDirectoryObject(context: HandlerContext): GraphAnswer {
  const stored = findDeleted(context, undefined);
  checkSensitive(context, stored);
  if (stored.collection === 'servicePrincipals') checkRestorable(context.store, stored);
  if (stored.collection === 'users') checkParent(context.store, stored);
  const options = context.request.body ?? {};
  if (!isObject(options)) throw malformed('The body of restore must be an object.');
  const set = {
    ...(stored.collection === 'users' ? newName(context.store, stored, options.newUserPrincipalName) : {}),
    ...freeAddresses(context.store, stored, options.autoReconcileProxyConflict === true),
  };
  context.commit({ op: 'restore', at: graphTime(context.clock()), id: stored.id, set });
  return {
    status: 200,
    body: entity(context.request, 'directoryObjects/$entity', viewOf(context, undefined, true)(stored)),
  };
}

/** The name under which the user comes back. Throws 400 when a live user has it. */
function newName(store: Store, stored: Stored, given: unknown): Record<string, unknown> {
  if (given === undefined || given === null) {
    const name = String(stored.object.userPrincipalName);
    if (store.principalNames.has(name.toLowerCase())) throw conflict('userPrincipalName');
    return {};
  }
  if (typeof given !== 'string')
    throw badRequest("Invalid value specified for property 'newUserPrincipalName' of resource 'User'.");
  checkPrincipalName(store, given, stored.id);
  const identities = Array.isArray(stored.object.identities) ? stored.object.identities : [];
  return {
    userPrincipalName: given,
    identities: identities.map((each) =>
      isObject(each) && each.signInType === 'userPrincipalName' ? { ...each, issuerAssignedId: given } : each,
    ),
  };
}

/** Drops the addresses that live objects hold, when asked to; else they are a conflict. */
function freeAddresses(store: Store, stored: Stored, reconcile: boolean): Record<string, unknown> {
  const taken = addressesOf(stored.object).filter((address) => store.addresses.has(address));
  if (taken.length === 0) return {};
  if (!reconcile) throw conflict('proxyAddresses');
  const { mail, proxyAddresses } = stored.object;
  const kept = (Array.isArray(proxyAddresses) ? proxyAddresses : []).filter(
    (each) =>
      !taken.includes(
        String(each)
          .replace(/^smtp:/i, '')
          .toLowerCase(),
      ),
  );
  return { proxyAddresses: kept, ...(taken.includes(String(mail).toLowerCase()) ? { mail: null } : {}) };
}

/** `POST …/restore` of a policy (it has the state it had) or a named location (it is not trusted any more). */
export function restorePolicy(collection: SeedCollection): Handler {
  const resource: Resource = resources[collection];
  return (context) => {
    const stored = findDeleted(context, collection);
    const set = stored.object.isTrusted === undefined ? {} : { isTrusted: false };
    context.commit({ op: 'restore', at: graphTime(context.clock()), id: stored.id, set });
    return {
      status: 200,
      body: entity(context.request, `${resource.context}/$entity`, viewOf(context)(stored)),
    };
  };
}

/** `DELETE` in a recycle bin: gone for good, memberships included. 204. */
export function purge(collection: SeedCollection | undefined): Handler {
  return (context) => {
    const stored = findDeleted(context, collection);
    context.commit({ op: 'purge', at: graphTime(context.clock()), id: stored.id });
    return { status: 204 };
  };
}

/** An object of a recycle bin: of the directory's, or of the given collection's. Throws 404. */
function findDeleted(context: HandlerContext, collection: SeedCollection | undefined): Stored {
  const id = context.parameters.id ?? '';
  const stored = context.store.objects.get(id.toLowerCase());
  const here =
    stored &&
    stored.deletedDateTime !== null &&
    (collection ? stored.collection === collection : isDirectoryObject(stored.collection));
  if (here) return stored;
  throw collection ? missing(collection, id) : notFound(id);
}
