/** Writes on live objects: create, update, delete. */
import { newGuid } from '../guid.js';
import type { Handler } from '../request.js';
import { resources } from '../resources.js';
import { groupUpdate, newGroup } from '../rules/group.js';
import { locationUpdate, newLocation } from '../rules/location.js';
import { newPolicy, policyUpdate } from '../rules/policy.js';
import { newUser, userUpdate } from '../rules/user.js';
import type { SeedCollection } from '../seed.js';
import type { Store, Stored } from '../store.js';
import { graphTime } from '../time.js';
import { type Body, objectBody } from '../validate.js';
import { bindKey, boundMembers } from './members.js';
import { entity, findLive, viewOf } from './read.js';
import { removeObject } from './removal.js';

interface Rules {
  create(store: Store, body: Body, id: string, now: string): Record<string, unknown>;
  update(store: Store, stored: Stored, body: Body, now: string): Record<string, unknown>;
}

const rules: Readonly<Record<SeedCollection, Rules>> = {
  users: { create: newUser, update: userUpdate },
  groups: { create: newGroup, update: (_, stored, body) => groupUpdate(stored, body) },
  policies: { create: newPolicy, update: policyUpdate },
  namedLocations: {
    create: (_, body, id, now) => newLocation(body, id, now),
    update: (_, stored, body, now) => locationUpdate(stored, body, now),
  },
};

/** `POST` on a collection: 201 with the new object. Source: "Create user", "Create group", "Create conditionalAccessPolicy",
 * "Create namedLocation". */
export function createObject(collection: SeedCollection): Handler {
  const resource = resources[collection];
  return (context) => {
    const { store, request } = context;
    const body = objectBody(request.body);
    const id = newGuid(context.random);
    const now = graphTime(context.clock());
    const object = rules[collection].create(store, body, id, now);
    const add = collection === 'groups' ? boundMembers(store, undefined, body) : [];
    context.commit({ op: 'create', at: now, collection, object, ...(add.length > 0 ? { add } : {}) });
    return {
      status: 201,
      body: entity(request, `${resource.context}/$entity`, viewOf(request)(store.objects.get(id) as Stored)),
    };
  };
}

/** `PATCH` of one object: 204 without body. Members can be bound in the same request as properties of a group. */
export function updateObject(collection: SeedCollection): Handler {
  return (context) => {
    const { store, request } = context;
    const stored = findLive(store, collection, context.parameters.id ?? '');
    const body = objectBody(request.body);
    const now = graphTime(context.clock());
    const set = rules[collection].update(store, stored, body, now);
    const add = collection === 'groups' && bindKey in body ? boundMembers(store, stored, body) : [];
    context.commit({ op: 'update', at: now, id: stored.id, set, ...(add.length > 0 ? { add } : {}) });
    return { status: 204 };
  };
}

/** `DELETE` of one object: 204. */
export function deleteObject(collection: SeedCollection): Handler {
  return (context) => removeObject(context, findLive(context.store, collection, context.parameters.id ?? ''));
}
