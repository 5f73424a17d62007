/** Reads objects, links and recycle bins. What Graph refuses is told apart from what is not there. */

import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../model/json.js';
import { idOf, objectKey } from '../model/object.js';
import { isSegment, keyOf, ownerOf } from '../registry/identity.js';
import type { Inline, Link, ObjectType, Property, Union } from '../registry/types.js';
import { allItems, pageOf } from './paging.js';
import {
  getDeletedRequest,
  getRequest,
  linkTargetsRequest,
  listDeletedRequest,
  listOfOwnerRequest,
  listRequest,
  organizationRequest,
  partRequest,
  unionRequest,
} from './requests.js';
import { type GraphClient, type GraphError, GraphFailure, type GraphRequest, type Outcome } from './types.js';

/** What asking for one thing came to: it, the certainty that it is not there (404), or neither. */
export type Found<T> =
  | { readonly status: 'found'; readonly value: T }
  | { readonly status: 'absent' }
  | { readonly status: 'unknown'; readonly error: GraphError };

/** Ids of the organizations the token is good for: one, for an application or a member. */
export async function readOrganization(client: GraphClient): Promise<string> {
  const outcome = await client.send(organizationRequest());
  if (!outcome.ok) throw new GraphFailure(outcome.error);
  const [organization] = pageOf(outcome.answer.body, client.root).items;
  const id = isJsonObject(organization) ? organization.id : undefined;
  if (typeof id !== 'string')
    throw new GraphFailure({ status: 0, code: 'NoOrganization', message: 'Graph named no organization.' });
  return id.toLowerCase();
}

/**
 * Pages of all active objects of a type. Throws a GraphFailure where the list cannot be read to its end. `anew`: what came
 * so far comes again.
 */
export async function* listObjects(
  client: GraphClient,
  type: ObjectType,
  anew?: () => void,
): AsyncGenerator<readonly JsonObject[]> {
  const request = listRequest(type);
  if (type.singleton === 'object' || type.inline !== undefined) yield await objectsWithin(client, request, type.inline);
  else for await (const page of client.pages(request, anew)) yield page.filter(isJsonObject);
}

/** The one object that an answer is, or the objects that a property of it holds. */
async function objectsWithin(client: GraphClient, request: GraphRequest, inline: Inline | undefined) {
  const outcome = await client.send(request);
  if (!outcome.ok) throw new GraphFailure(outcome.error);
  const { body } = outcome.answer;
  const objects = inline === undefined ? [body] : isJsonObject(body) ? heldIn(body, inline.property) : undefined;
  if (isJsonArray(objects) && objects.every(isJsonObject)) return objects;
  throw new GraphFailure(NO_OBJECT);
}

/** What a property of an object holds; undefined where the answer has only the first page of it. */
function heldIn(body: JsonObject, property: string): Json | undefined {
  return body[`${property}@odata.nextLink`] === undefined ? body[property] : undefined;
}

/** Edges of many owners, in the order of the owners; each list is whole or unknown. */
export async function listEdges(
  client: GraphClient,
  type: ObjectType,
  owners: readonly string[],
): Promise<readonly Found<readonly JsonObject[]>[]> {
  if (type.edge?.list === undefined) return edgesByOwner(client, type, owners);
  const requests = owners.map((owner) => listOfOwnerRequest(type, owner));
  const first = await client.sendAll(requests);
  return Promise.all(
    first.map(async (outcome, index) => {
      const items = await itemsOf(client, requests[index] as GraphRequest, outcome);
      return items.status === 'found' ? { ...items, value: items.value.filter(isJsonObject) } : items;
    }),
  );
}

/** Pages of all objects of a type in its recycle bin; none for types without one. */
export async function* listDeleted(
  client: GraphClient,
  type: ObjectType,
  anew?: () => void,
): AsyncGenerator<readonly JsonObject[]> {
  const request = listDeletedRequest(type);
  if (request === undefined) return;
  for await (const page of client.pages(request, anew)) yield page.filter(isJsonObject);
}

/** The edges of these owners, from the list of all edges. */
async function edgesByOwner(client: GraphClient, type: ObjectType, owners: readonly string[]) {
  try {
    const edges: JsonObject[] = [];
    const anew = () => void edges.splice(0);
    for await (const page of listObjects(client, type, anew)) edges.push(...page);
    const owner = type.edge?.owner ?? '';
    // One that does not say what it connects may be anybody's.
    const isOf = (edge: JsonObject, id: string) =>
      String(edge[owner]).toLowerCase() === id || keyOf(type, edge) === undefined;
    const mine = (id: string) => edges.filter((edge) => isOf(edge, id));
    return owners.map((id) => ({ status: 'found' as const, value: mine(id) }));
  } catch (cause) {
    if (!(cause instanceof GraphFailure)) throw cause;
    const { error } = cause;
    return owners.map(() => ({ status: 'unknown' as const, error }));
  }
}

/** Active objects by the ids of their keys, in the order of the ids. */
export async function readObjects(
  client: GraphClient,
  type: ObjectType,
  ids: readonly string[],
): Promise<readonly Found<JsonObject>[]> {
  if (type.edge !== undefined) return readEdges(client, type, ids);
  if (type.singleton !== undefined) return Promise.all(ids.map(() => readOnly(client, type)));
  return (await client.sendAll(ids.map((id) => getRequest(type, id)))).map(foundObject);
}

/** The one object of a type. */
async function readOnly(client: GraphClient, type: ObjectType): Promise<Found<JsonObject>> {
  try {
    for await (const [object] of listObjects(client, type)) {
      if (object !== undefined) return { status: 'found', value: object };
    }
    return { status: 'unknown', error: NO_OBJECT };
  } catch (cause) {
    if (cause instanceof GraphFailure) return { status: 'unknown', error: cause.error };
    throw cause;
  }
}

/** Edges have no address that lasts: each is looked for among those of its owner. */
async function readEdges(
  client: GraphClient,
  type: ObjectType,
  ids: readonly string[],
): Promise<readonly Found<JsonObject>[]> {
  const keys = ids.map((id) => objectKey(type.name, id));
  const owners = [...new Set(keys.map((key) => idOf(ownerOf(type, key) ?? key)))];
  const lists = await listEdges(client, type, owners);
  const listOf = new Map(owners.map((owner, index) => [owner, lists[index]]));
  const found = new Map<string, JsonObject>();
  for (const list of lists) {
    for (const edge of list.status === 'found' ? list.value : []) {
      const key = keyOf(type, edge);
      if (key !== undefined) found.set(key, edge);
    }
  }
  return keys.map((key): Found<JsonObject> => {
    const edge = found.get(key);
    if (edge !== undefined) return { status: 'found', value: edge };
    const list = listOf.get(idOf(ownerOf(type, key) ?? key));
    if (list?.status === 'found' && !list.value.every((item) => keyOf(type, item) !== undefined))
      return { status: 'unknown', error: NO_ENDS };
    return list?.status === 'unknown' ? list : { status: 'absent' };
  });
}

/** A part of many objects that is read by a request of its own, in the order of the ids. */
export async function readParts(
  client: GraphClient,
  property: Property,
  ids: readonly string[],
): Promise<readonly Found<Json>[]> {
  const { part } = property;
  if (part === undefined) return [];
  const outcomes = await client.sendAll(ids.map((id) => partRequest(part, id)));
  return outcomes.map(foundObject).map((found): Found<Json> => {
    if (found.status !== 'found') return found;
    const value = found.value[property.name] ?? (property.clearable ? found.value[property.name] : undefined);
    return value === undefined ? { status: 'unknown', error: NO_VALUE } : { status: 'found', value };
  });
}

/**
 * What other objects mix into a value of these, by what they have in common. Where there is no such object, nothing is
 * mixed in: it belongs to another tenant.
 */
export async function readMixedIn(
  client: GraphClient,
  union: Union,
  source: ObjectType,
  values: readonly string[],
): Promise<readonly Found<readonly Json[]>[]> {
  const outcomes = await client.sendAll(values.map((value) => unionRequest(union, source, value)));
  return outcomes.map(foundObject).map((found): Found<readonly Json[]> => {
    if (found.status === 'unknown') return found;
    const items = found.status === 'found' ? found.value[union.property] : [];
    return { status: 'found', value: isJsonArray(items) ? items : [] };
  });
}

/** Objects of a recycle bin by id, in the order of the ids. */
export async function readDeletedObjects(
  client: GraphClient,
  type: ObjectType,
  ids: readonly string[],
): Promise<readonly Found<JsonObject>[]> {
  return (await client.sendAll(ids.map((id) => getDeletedRequest(type, id)))).map(foundObject);
}

function foundObject(outcome: Outcome): Found<JsonObject> {
  if (!outcome.ok)
    return outcome.error.status === 404 ? { status: 'absent' } : { status: 'unknown', error: outcome.error };
  if (isJsonObject(outcome.answer.body)) return { status: 'found', value: outcome.answer.body };
  return { status: 'unknown', error: NO_OBJECT };
}

const NO_ENDS: GraphError = { status: 0, code: 'NoEnds', message: 'The list holds something that connects nothing.' };
const NO_VALUE: GraphError = { status: 0, code: 'NoValue', message: 'The answer did not hold the value.' };
const NO_OBJECT: GraphError = { status: 0, code: 'NoObject', message: 'The answer held no object.' };

/** Target ids of one link of many owners, in the order of the owners; each list is whole or unknown. */
export async function readTargets(
  client: GraphClient,
  link: Link,
  owners: readonly string[],
): Promise<readonly Found<readonly string[]>[]> {
  const lists = await readTypedTargets(client, link, owners);
  return lists.map((list) => (list.status === 'found' ? { ...list, value: list.value.map(({ id }) => id) } : list));
}

/** An object that a link leads to. */
export interface Target {
  readonly id: string;
  /** Its `@odata.type`, where Graph says it. */
  readonly odataType: string | undefined;
}

/** The same, with the types of the targets. */
export async function readTypedTargets(
  client: GraphClient,
  link: Link,
  owners: readonly string[],
): Promise<readonly Found<readonly Target[]>[]> {
  const requests = owners.map((owner) => linkTargetsRequest(link, owner));
  const first = await client.sendAll(requests);
  return Promise.all(first.map((outcome, index) => allTargets(client, requests[index] as GraphRequest, outcome)));
}

async function allTargets(
  client: GraphClient,
  request: GraphRequest,
  first: Outcome,
): Promise<Found<readonly Target[]>> {
  const items = await itemsOf(client, request, first);
  if (items.status !== 'found') return items;
  try {
    return { status: 'found', value: items.value.map(targetIn) };
  } catch (cause) {
    if (cause instanceof GraphFailure) return { status: 'unknown', error: cause.error };
    throw cause;
  }
}

/** Everything that a list holds, of which the first page is there. */
async function itemsOf(client: GraphClient, request: GraphRequest, first: Outcome): Promise<Found<readonly Json[]>> {
  if (!first.ok) return first.error.status === 404 ? { status: 'absent' } : { status: 'unknown', error: first.error };
  try {
    return { status: 'found', value: await allItems(client, request, first) };
  } catch (cause) {
    if (cause instanceof GraphFailure) return { status: 'unknown', error: cause.error };
    throw cause;
  }
}

function targetIn(item: Json): Target {
  const { id, '@odata.type': odataType } = isJsonObject(item) ? item : {};
  if (typeof id === 'string' && isSegment(id))
    return { id: id.toLowerCase(), odataType: typeof odataType === 'string' ? odataType : undefined };
  throw new GraphFailure({ status: 0, code: 'NoId', message: 'A target of a link came without its id.' });
}
