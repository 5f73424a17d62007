/** Writes on live objects: create, update, delete. */
import { conflict, notAllowed } from '../errors.js';
import { newGuid, newOpaqueId } from '../guid.js';
import { plainFacts, plainId } from '../plain.js';
import type { GraphAnswer, Handler, HandlerContext } from '../request.js';
import { resources } from '../resources.js';
import { checkCast, checkKindNamed } from '../rules/agents.js';
import { applicationUpdate, newApplication } from '../rules/application.js';
import { grantUpdate, newGrant } from '../rules/grant.js';
import { groupUpdate, newGroup } from '../rules/group.js';
import { locationUpdate, newLocation } from '../rules/location.js';
import { methodUpdate, newMethod } from '../rules/methods.js';
import { newPolicy, policyUpdate } from '../rules/policy.js';
import { newAssignment, newRole, roleUpdate } from '../rules/role.js';
import { checkSensitive } from '../rules/sensitive.js';
import { newPrincipal, principalUpdate } from '../rules/service-principal.js';
import { newStrength, strengthUpdate } from '../rules/strength.js';
import { newUser, userUpdate } from '../rules/user.js';
import type { SeedCollection } from '../seed.js';
import type { Store, Stored } from '../store.js';
import { graphTime } from '../time.js';
import { type Body, checkProperties, checkRequired, objectBody } from '../validate.js';
import { bindKey, boundMembers } from './members.js';
import { entity, findLive, viewOf } from './read.js';
import { removeObject } from './removal.js';

/** How the bodies of one collection become stored properties. Each throws what Graph answers to a wrong body. */
interface Rules {
  /** The properties of a new object. `random` is for ids that are part of it. */
  create?(store: Store, body: Body, id: string, now: string, random: () => number): Record<string, unknown>;
  /** The properties a PATCH sets. */
  update?(store: Store, stored: Stored, body: Body, now: string, random: () => number): Record<string, unknown>;
  /** The id of a new object, where it is no GUID. */
  newId?(random: () => number): string;
}

const rules: Readonly<Partial<Record<SeedCollection, Rules>>> = {
  users: { create: newUser, update: userUpdate },
  groups: { create: newGroup, update: (_, stored, body) => groupUpdate(stored, body) },
  applications: { create: newApplication, update: applicationUpdate },
  servicePrincipals: { create: newPrincipal, update: principalUpdate },
  oauth2PermissionGrants: { create: newGrant, update: (_, __, body) => grantUpdate(body), newId: newOpaqueId },
  policies: { create: newPolicy, update: policyUpdate },
  namedLocations: {
    create: (_, body, id, now) => newLocation(body, id, now),
    update: (_, stored, body, now) => locationUpdate(stored, body, now),
  },
  authenticationMethodConfigurations: { create: newMethod, update: methodUpdate },
  authenticationStrengthPolicies: {
    create: (_, body, id, now) => newStrength(body, id, now),
    update: (_, stored, body, now) => strengthUpdate(stored, body, now),
  },
  roleDefinitions: { create: newRole, update: (_, stored, body) => roleUpdate(stored, body) },
  roleAssignments: { create: newAssignment },
};

/** The rules of a collection; those of a plain one are its facts and the metadata. */
function rulesOf(collection: SeedCollection): Rules {
  const facts = plainFacts(collection);
  if (facts === undefined) return rules[collection] ?? {};
  const resource = resources[collection];
  return {
    create(store, { id: given, ...body }, newId) {
      const id = plainId(facts, given, newId);
      if (store.objects.has(id.toLowerCase())) throw conflict('id');
      checkRequired(resource, facts.required, body);
      return { ...checkProperties(resource, facts.type, body, 'create'), id };
    },
    update: (_, __, { id: ___, ...body }) => checkProperties(resource, facts.type, body, 'update'),
  };
}

/** `POST` on a collection: 201 with the new object. Source: "Create user", "Create group", "Create conditionalAccessPolicy",
 * "Create namedLocation". */
export function createObject(collection: SeedCollection): Handler {
  const resource = resources[collection];
  return (context) => {
    const { store, request } = context;
    const body = objectBody(request.body);
    const { create, newId = newGuid } = rulesOf(collection);
    if (!create) throw notAllowed();
    const id = newId(context.random);
    const now = graphTime(context.clock());
    const object = create(store, body, id, now, context.random);
    const add = collection === 'groups' ? boundMembers(store, undefined, body) : [];
    context.commit({ op: 'create', at: now, collection, object, ...(add.length > 0 ? { add } : {}) });
    return {
      status: 201,
      body: entity(
        request,
        `${resource.context}/$entity`,
        viewOf(context)(store.objects.get(String(object.id).toLowerCase()) as Stored),
      ),
    };
  };
}

/**
 * `PATCH` of one object: 204 without body. Members can be bound in the same request as properties of a group. `cast` is the
 * type the path names.
 */
export function updateObject(collection: SeedCollection, cast?: string): Handler {
  return (context) => {
    const { store, request } = context;
    const body = objectBody(request.body);
    if (isUpsert(context, collection)) return upserted(context, collection, body);
    const stored = findLive(store, collection, context.parameters.id ?? '');
    checkCast(stored, cast);
    checkKindNamed(stored, cast, body);
    checkSensitive(context, stored, Object.keys(body));
    const now = graphTime(context.clock());
    const { update } = rulesOf(collection);
    if (!update) throw notAllowed();
    const set = update(store, stored, body, now, context.random);
    const add = collection === 'groups' && bindKey in body ? boundMembers(store, stored, body) : [];
    context.commit({ op: 'update', at: now, id: stored.id, set, ...(add.length > 0 ? { add } : {}) });
    return { status: 204 };
  };
}

/** Whether a PATCH makes an object that is not there. */
function isUpsert({ store, parameters }: HandlerContext, collection: SeedCollection): boolean {
  return plainFacts(collection)?.upsert === true && !store.objects.has((parameters.id ?? '').toLowerCase());
}

function upserted(context: HandlerContext, collection: SeedCollection, body: Body): GraphAnswer {
  const request = { ...context.request, body: { ...body, id: context.parameters.id } };
  createObject(collection)({ ...context, request });
  return { status: 204 };
}

/** `DELETE` of one object: 204. */
export function deleteObject(collection: SeedCollection, cast?: string): Handler {
  return (context) => {
    const stored = findLive(context.store, collection, context.parameters.id ?? '');
    checkCast(stored, cast);
    return removeObject(context, stored);
  };
}
