/**
 * Objects that connect others: app role assignments and delegated permission grants. Source: "List appRoleAssignments
 * granted for a service principal", "List appRoleAssignments granted to a user" (and to a group, a service principal),
 * "Delete appRoleAssignment", "List oauth2PermissionGrants". They are not listed while one of their ends is in the
 * recycle bin.
 */
import { notFound } from '../errors.js';
import { newOpaqueId } from '../guid.js';
import { hasLiveEnds } from '../history.js';
import type { GraphAnswer, Handler, HandlerContext } from '../request.js';
import { resources } from '../resources.js';
import { newAssignment } from '../rules/assignment.js';
import type { SeedCollection } from '../seed.js';
import type { Stored } from '../store.js';
import { graphTime } from '../time.js';
import { objectBody } from '../validate.js';
import { answerList, answerObject, entity, findLive, viewOf } from './read.js';
import { removeObject } from './removal.js';

type EdgeCollection = 'appRoleAssignments' | 'oauth2PermissionGrants';
type Holder = 'users' | 'groups' | 'servicePrincipals';

/** A path under which edges of one object are: `/servicePrincipals/{id}/appRoleAssignedTo`. */
export interface EdgePath {
  readonly holder: Holder;
  readonly name: string;
  readonly collection: EdgeCollection;
  /** The property of the edge that names the object of the path. */
  readonly end: 'principalId' | 'resourceId' | 'clientId';
}

/** `GET /oauth2PermissionGrants`. */
export function listEdges(collection: EdgeCollection): Handler {
  const resource = resources[collection];
  return (context) =>
    answerList(context, {
      resource,
      ids: context.store.live[collection],
      includes: (stored) => hasLiveEnds(context.store, stored),
      context: resource.context,
    });
}

/** `GET` of the edges of one object. */
export function listEdgesOf(path: EdgePath): Handler {
  return (context) => {
    const { store } = context;
    const { id } = holder(context, path);
    return answerList(context, {
      resource: resources[path.collection],
      ids: store.edges.get(id) ?? [],
      includes: (stored) => belongs(stored, path, id) && hasLiveEnds(store, stored),
      context: `${path.holder}('${id}')/${path.name}`,
    });
  };
}

/** `GET /oauth2PermissionGrants/{id}`. */
export function getEdge(collection: EdgeCollection): Handler {
  return (context) => {
    const stored = findLive(context.store, collection, context.parameters.id ?? '');
    if (!hasLiveEnds(context.store, stored)) throw notFound(String(stored.object.id));
    return answerObject(context, stored, resources[collection]);
  };
}

/** `GET` of one edge of an object. */
export function getEdgeOf(path: EdgePath): Handler {
  return (context) => answerObject(context, edgeOf(context, path), resources[path.collection]);
}

/** `DELETE` of one edge of an object: 204, and it is gone for good. */
export function deleteEdgeOf(path: EdgePath): Handler {
  return (context) => removeObject(context, edgeOf(context, path));
}

/** `POST` of an app role assignment on either of its ends: 201. */
export function createAssignment(path: EdgePath & { readonly end: 'principalId' | 'resourceId' }): Handler {
  return (context): GraphAnswer => {
    const { store, request } = context;
    const at = { end: path.end, id: holder(context, path).id };
    const id = newOpaqueId(context.random);
    const now = graphTime(context.clock());
    const object = newAssignment(store, objectBody(request.body), at, id, now);
    context.commit({ op: 'create', at: now, collection: 'appRoleAssignments', object });
    const stored = store.objects.get(id.toLowerCase()) as Stored;
    const name = `${path.holder}('${at.id}')/${path.name}/$entity`;
    return { status: 201, body: entity(request, name, viewOf(context)(stored)) };
  };
}

function holder(context: HandlerContext, path: EdgePath): Stored {
  return findLive(context.store, path.holder, context.parameters.id ?? '');
}

function edgeOf(context: HandlerContext, path: EdgePath): Stored {
  const { id } = holder(context, path);
  const key = context.parameters.edgeId ?? '';
  const stored = context.store.objects.get(key.toLowerCase());
  // Ids of edges are opaque: another spelling is another id.
  if (stored?.object.id === key && belongs(stored, path, id) && hasLiveEnds(context.store, stored)) return stored;
  throw notFound(key);
}

function belongs(stored: Stored, path: EdgePath, id: string): boolean {
  const collection: SeedCollection = path.collection;
  return stored.collection === collection && String(stored.object[path.end] ?? '').toLowerCase() === id;
}
