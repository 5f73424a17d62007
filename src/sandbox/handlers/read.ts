/** Reads: collections, counts, single objects. */

import { effectiveObject } from '../effective.js';
import { badRequest, GraphError, malformed, notFound } from '../errors.js';
import { parseFilter } from '../filter.js';
import { checkOptions, cutPage, isContinued, readExpand, readTop } from '../paging.js';
import { type Projection, parseSelect, projection, selectableTypes } from '../projection.js';
import { onlyOnGet } from '../quirks/reading.js';
import {
  type GraphAnswer,
  type GraphRequest,
  type Handler,
  type HandlerContext,
  isEventual,
  versionRoot,
  wantsUnknownEnumMembers,
} from '../request.js';
import { concreteType, directoryObjectTypes, isDirectoryObject, type Resource, resources } from '../resources.js';
import { checkCast } from '../rules/agents.js';
import type { SeedCollection } from '../seed.js';
import type { Store, Stored } from '../store.js';
import { readCaller } from '../tokens.js';
import { isGuid } from '../validate.js';

/** What a list is made of. */
export interface Listing {
  readonly resource: Resource;
  /** Sorted ids to choose from. */
  readonly ids: readonly string[];
  /** Narrows the ids further, before `$filter`. */
  readonly includes?: (stored: Stored) => boolean;
  /** What follows `$metadata#` in the context. */
  readonly context: string;
  /** Types whose properties `$select` may name, and the one that error messages name. */
  readonly selectable?: { readonly types: readonly string[]; readonly reported: string };
  readonly withType?: boolean;
}

/** `GET` of a live collection. Source: "List users", "List groups", "List policies", "List namedLocations". `cast` is the
 * type the path names. */
export function listCollection(collection: SeedCollection, cast?: string): Handler {
  const resource = resources[collection];
  return (context) =>
    answerList(context, {
      resource,
      ids: context.store.live[collection],
      context: cast === undefined ? resource.context : `${resource.context}/microsoft.graph.${cast}`,
      ...(cast === undefined ? {} : { includes: (stored) => concreteType(resource, stored.object) === cast }),
    });
}

/** One page of a list, with the query options applied. */
export function answerList(context: HandlerContext, listing: Listing): GraphAnswer {
  const { request, store } = context;
  const { resource } = listing;
  checkOptions(request, resource.type);
  const selectable = listing.selectable ?? { types: selectableTypes(resource), reported: resource.type };
  const select = selected(request, resource, selectable);
  if (select?.some((name) => onlyOnGet[resource.type]?.has(name))) {
    throw new GraphError(501, 'NotImplemented', 'This operation target is not yet supported.');
  }
  const matches = matcher(request, store, listing);
  const size = Math.min(readTop(request, resource.directory), context.behaviour.largestPage);
  const page = cutPage(request, listing.ids, size, matches);
  const view = viewOf(context, select, listing.withType, false);
  const counted =
    request.query.get('$count') === 'true' && !isContinued(request) && (isEventual(request) || !resource.directory);
  return {
    status: 200,
    body: {
      '@odata.context': `${versionRoot(request)}/$metadata#${listing.context}${selection(select)}`,
      ...(counted ? { '@odata.count': count(listing.ids, matches) } : {}),
      ...(page.nextLink ? { '@odata.nextLink': page.nextLink } : {}),
      value: page.items.map((id) => view(store.objects.get(id) as Stored)),
    },
  };
}

/** What `$select` names, with what `$expand` adds to it. */
function selected(
  request: GraphRequest,
  { type }: Resource,
  { types, reported }: NonNullable<Listing['selectable']>,
): string[] | undefined {
  const select = parseSelect(request.query.get('$select'), types, reported);
  return select && [...new Set([...select, ...readExpand(request, type)])];
}

/** `GET …/$count`. Directory objects need the header `ConsistencyLevel: eventual` (words observed). */
export function answerCount(context: HandlerContext, listing: Listing): GraphAnswer {
  if (listing.resource.directory && !isEventual(context.request))
    throw badRequest('$count is not currently supported.');
  return { status: 200, body: String(count(listing.ids, matcher(context.request, context.store, listing))) };
}

export function countCollection(collection: SeedCollection): Handler {
  return (context) =>
    answerCount(context, { resource: resources[collection], ids: context.store.live[collection], context: '' });
}

function matcher(request: GraphRequest, store: Store, listing: Listing): (id: string) => boolean {
  const expression = request.query.get('$filter');
  const advanced =
    isEventual(request) && (request.query.get('$count') === 'true' || request.segments.at(-1) === '$count');
  const predicate = expression === null ? undefined : parseFilter(expression, listing.resource, advanced);
  const { includes } = listing;
  if (!predicate && !includes) return () => true;
  return (id) => {
    const stored = store.objects.get(id);
    return (
      stored !== undefined && (includes?.(stored) ?? true) && (predicate?.(effectiveObject(store, stored)) ?? true)
    );
  };
}

function count(ids: readonly string[], matches: (id: string) => boolean): number {
  let total = 0;
  for (const id of ids) if (matches(id)) total++;
  return total;
}

export const selection = (select: readonly string[] | undefined): string => (select ? `(${select.join(',')})` : '');

/** `GET` of one object. Source: "Get user", "Get group", "Get conditionalAccessPolicy", "Get namedLocation". */
export function getObject(collection: SeedCollection, cast?: string): Handler {
  const resource = resources[collection];
  return (context) => {
    const stored = findLive(context.store, collection, context.parameters.id ?? '');
    checkCast(stored, cast);
    return answerObject(context, stored, resource);
  };
}

/** A stored object as the answer to a read of that object alone. */
export function answerObject(context: HandlerContext, stored: Stored, resource: Resource): GraphAnswer {
  const { request } = context;
  checkOptions(request, resource.type);
  const select = selected(request, resource, { types: selectableTypes(resource), reported: resource.type });
  return {
    status: 200,
    body: entity(request, `${resource.context}${selection(select)}/$entity`, viewOf(context, select)(stored)),
  };
}

/** Turns stored objects into what the request asked for. `withType`: say the type of every
 * object. `alone`: what is read is one object, and not a list. */
export function viewOf(
  context: HandlerContext,
  select?: readonly string[],
  withType = false,
  alone = true,
): Projection {
  const { store, request } = context;
  const caller = readCaller(request.token);
  return projection({ store, caller, select, unknownEnumMembers: wantsUnknownEnumMembers(request), withType, alone });
}

/** A single object with its context first. */
export function entity(
  request: GraphRequest,
  context: string,
  view: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return { '@odata.context': `${versionRoot(request)}/$metadata#${context}`, ...view };
}

/**
 * A live object by its id, a user also by its user principal name. Throws 404, or 400 where the service refuses what
 * cannot be an id (observed for groups).
 */
export function findLive(store: Store, collection: SeedCollection, key: string): Stored {
  const id = idOf(store, collection, key);
  const stored = id === undefined ? undefined : store.objects.get(id);
  if (stored?.collection === collection && !stored.deletedDateTime) return stored;
  if (collection === 'groups' && !isGuid(key)) throw badRequest(`Invalid object identifier '${key}'.`);
  throw missing(collection, key);
}

/** The id behind a key: of a user its user principal name, of applications and service principals `(appId='…')`. */
function idOf(store: Store, collection: SeedCollection, key: string): string | undefined {
  const alternate = /^\((\w+)='(.*)'\)$/.exec(key);
  if (alternate) {
    if (alternate[1] !== 'appId' || (collection !== 'applications' && collection !== 'servicePrincipals'))
      throw malformed(`Resource not found for the segment '${key}'.`);
    return store.appIds[collection].get(alternate[2]?.toLowerCase() ?? '');
  }
  return collection === 'users' && !isGuid(key) ? store.principalNames.get(key.toLowerCase()) : key.toLowerCase();
}

/** 404 as the owner of the collection gives it. */
export function missing(collection: SeedCollection, key: string): GraphError {
  if (resources[collection].directory) return notFound(key);
  return new GraphError(404, 'NotFound', `The resource '${key}' could not be found.`);
}

/** `GET /directoryObjects/{id}`. Source: "Get directoryObject". */
export function getDirectoryObject(context: HandlerContext): GraphAnswer {
  const id = context.parameters.id ?? '';
  const stored = context.store.objects.get(id.toLowerCase());
  if (!stored || stored.deletedDateTime || !isDirectoryObject(stored.collection)) throw notFound(id);
  const select = parseSelect(context.request.query.get('$select'), directoryObjectTypes, 'directoryObject');
  return {
    status: 200,
    body: entity(
      context.request,
      `directoryObjects${selection(select)}/$entity`,
      viewOf(context, select, true)(stored),
    ),
  };
}
