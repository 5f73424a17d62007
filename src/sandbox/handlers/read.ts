/** Reads: collections, counts, single objects, the organization. */
import { badRequest, GraphError, notFound } from '../errors.js';
import { propertiesOf } from '../facts.js';
import { parseFilter } from '../filter.js';
import { checkOptions, cutPage, isContinued, readTop } from '../paging.js';
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
import { type Resource, resources } from '../resources.js';
import type { SeedCollection } from '../seed.js';
import type { Store, Stored } from '../store.js';
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

/** `GET` of a live collection. Source: "List users", "List groups", "List policies", "List namedLocations". */
export function listCollection(collection: SeedCollection): Handler {
  const resource = resources[collection];
  return (context) => answerList(context, { resource, ids: context.store.live[collection], context: resource.context });
}

/** One page of a list, with the query options applied. */
export function answerList(context: HandlerContext, listing: Listing): GraphAnswer {
  const { request, store } = context;
  const { resource } = listing;
  checkOptions(request);
  const selectable = listing.selectable ?? { types: selectableTypes(resource), reported: resource.type };
  const select = parseSelect(request.query.get('$select'), selectable.types, selectable.reported);
  if (select?.some((name) => onlyOnGet[resource.type]?.has(name))) {
    throw new GraphError(501, 'NotImplemented', 'This operation target is not yet supported.');
  }
  const matches = matcher(request, store, listing);
  const page = cutPage(request, listing.ids, readTop(request, resource.directory), matches);
  const view = projection({
    select,
    unknownEnumMembers: wantsUnknownEnumMembers(request),
    withType: listing.withType ?? false,
  });
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
    return stored !== undefined && (includes?.(stored) ?? true) && (predicate?.(stored.object) ?? true);
  };
}

function count(ids: readonly string[], matches: (id: string) => boolean): number {
  let total = 0;
  for (const id of ids) if (matches(id)) total++;
  return total;
}

const selection = (select: readonly string[] | undefined): string => (select ? `(${select.join(',')})` : '');

/** `GET` of one object. Source: "Get user", "Get group", "Get conditionalAccessPolicy", "Get namedLocation". */
export function getObject(collection: SeedCollection): Handler {
  const resource = resources[collection];
  return (context) => answerObject(context, findLive(context.store, collection, context.parameters.id ?? ''), resource);
}

/** A stored object as the answer to a read of that object alone. */
export function answerObject(context: HandlerContext, stored: Stored, resource: Resource): GraphAnswer {
  const { request } = context;
  checkOptions(request);
  const select = parseSelect(request.query.get('$select'), selectableTypes(resource), resource.type);
  return {
    status: 200,
    body: entity(request, `${resource.context}${selection(select)}/$entity`, viewOf(request, select)(stored)),
  };
}

export function viewOf(request: GraphRequest, select?: readonly string[], withType = false): Projection {
  return projection({ select, unknownEnumMembers: wantsUnknownEnumMembers(request), withType });
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
  const id = collection === 'users' && !isGuid(key) ? store.principalNames.get(key.toLowerCase()) : key.toLowerCase();
  const stored = id === undefined ? undefined : store.objects.get(id);
  if (stored?.collection === collection && !stored.deletedDateTime) return stored;
  if (collection === 'groups' && !isGuid(key)) throw badRequest(`Invalid object identifier '${key}'.`);
  throw missing(collection, key);
}

/** 404 as the owner of the collection gives it. */
export function missing(collection: SeedCollection, key: string): GraphError {
  if (resources[collection].directory) return notFound(key);
  return new GraphError(404, 'NotFound', `The resource '${key}' could not be found.`);
}

/** `GET /organization`. Source: "List organizations". */
export function listOrganization(context: HandlerContext): GraphAnswer {
  const { request } = context;
  const select = parseSelect(request.query.get('$select'), ['organization'], 'organization');
  return {
    status: 200,
    body: {
      '@odata.context': `${versionRoot(request)}/$metadata#organization${selection(select)}`,
      value: [organization(context.store, select)],
    },
  };
}

/** `GET /organization/{id}`. Source: "Get organization". */
export function getOrganization(context: HandlerContext): GraphAnswer {
  const { request, store } = context;
  const id = context.parameters.id ?? '';
  if (id.toLowerCase() !== store.tenantId) throw notFound(id);
  const select = parseSelect(request.query.get('$select'), ['organization'], 'organization');
  return {
    status: 200,
    body: entity(request, `organization${selection(select)}/$entity`, organization(store, select)),
  };
}

function organization(store: Store, select: readonly string[] | undefined): Record<string, unknown> {
  const values: Record<string, unknown> = {
    id: store.tenantId,
    displayName: store.displayName,
    tenantType: 'AAD',
    mobileDeviceManagementAuthority: 'unknown',
    verifiedDomains: store.verifiedDomains.map((name, at) => ({
      capabilities: 'Email, OfficeCommunicationsOnline',
      isDefault: at === 0,
      isInitial: at === 0,
      name,
      type: 'Managed',
    })),
  };
  const view: Record<string, unknown> = {};
  const facts = propertiesOf('organization');
  for (const name of select ?? facts.keys()) view[name] = values[name] ?? (facts.get(name)?.collection ? [] : null);
  return view;
}

/** `GET /directoryObjects/{id}`. Source: "Get directoryObject". */
export function getDirectoryObject(context: HandlerContext): GraphAnswer {
  const id = context.parameters.id ?? '';
  const stored = context.store.objects.get(id.toLowerCase());
  if (!stored || stored.deletedDateTime || !resources[stored.collection].directory) throw notFound(id);
  const select = parseSelect(context.request.query.get('$select'), ['user', 'group'], 'directoryObject');
  return {
    status: 200,
    body: entity(
      context.request,
      `directoryObjects${selection(select)}/$entity`,
      viewOf(context.request, select, true)(stored),
    ),
  };
}
