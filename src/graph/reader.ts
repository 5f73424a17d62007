/** Reads objects, links and recycle bins. What Graph refuses is told apart from what is not there. */

import { isJsonObject, type Json, type JsonObject } from '../model/json.js';
import type { Link, ObjectType } from '../registry/types.js';
import { pageOf } from './client.js';
import {
  getDeletedRequest,
  getRequest,
  linkTargetsRequest,
  listDeletedRequest,
  listRequest,
  organizationRequest,
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

/** Pages of all active objects of a type. Throws a GraphFailure where the list cannot be read to its end. */
export async function* listObjects(client: GraphClient, type: ObjectType): AsyncGenerator<readonly JsonObject[]> {
  for await (const page of client.pages(listRequest(type))) yield page.filter(isJsonObject);
}

/** Pages of all objects of a type in its recycle bin; none for types without one. */
export async function* listDeleted(client: GraphClient, type: ObjectType): AsyncGenerator<readonly JsonObject[]> {
  const request = listDeletedRequest(type);
  if (request === undefined) return;
  for await (const page of client.pages(request)) yield page.filter(isJsonObject);
}

/** Active objects by id, in the order of the ids. */
export async function readObjects(
  client: GraphClient,
  type: ObjectType,
  ids: readonly string[],
): Promise<readonly Found<JsonObject>[]> {
  return (await client.sendAll(ids.map((id) => getRequest(type, id)))).map(foundObject);
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
  return { status: 'unknown', error: { status: 0, code: 'NoObject', message: 'The answer held no object.' } };
}

/** Target ids of one link of many owners, in the order of the owners; each list is whole or unknown. */
export async function readTargets(
  client: GraphClient,
  link: Link,
  owners: readonly string[],
): Promise<readonly Found<readonly string[]>[]> {
  const first = await client.sendAll(owners.map((owner) => linkTargetsRequest(link, owner)));
  return Promise.all(first.map((outcome) => allTargets(client, outcome)));
}

async function allTargets(client: GraphClient, first: Outcome): Promise<Found<readonly string[]>> {
  if (!first.ok) return first.error.status === 404 ? { status: 'absent' } : { status: 'unknown', error: first.error };
  try {
    const page = pageOf(first.answer.body, client.root);
    const targets = page.items.map(targetId);
    if (page.next !== undefined)
      for await (const items of rest(client, page.next)) targets.push(...items.map(targetId));
    return { status: 'found', value: targets };
  } catch (cause) {
    if (cause instanceof GraphFailure) return { status: 'unknown', error: cause.error };
    throw cause;
  }
}

function rest(client: GraphClient, next: GraphRequest): AsyncGenerator<readonly Json[]> {
  return client.pages(next);
}

function targetId(item: Json): string {
  const id = isJsonObject(item) ? item.id : undefined;
  if (typeof id === 'string' && id !== '') return id.toLowerCase();
  throw new GraphFailure({ status: 0, code: 'NoId', message: 'A target of a link came without its id.' });
}
