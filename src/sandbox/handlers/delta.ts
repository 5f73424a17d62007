/**
 * Change tracking: `GET /users/delta` and its like. Source: "Use delta query to track changes in Microsoft Graph data",
 * "user: delta", "group: delta", "application: delta", "servicePrincipal: delta", "oauth2PermissionGrant: delta".
 */

import { chance } from '../chance.js';
import { type Change, changesBetween, visiblePosition } from '../delta-disorder.js';
import { changeItems, type Item, presentItems, type Tracking } from '../delta-items.js';
import { type Cursor, type DeltaToken, readToken, writeToken } from '../delta-token.js';
import { malformed, unsupportedQuery } from '../errors.js';
import type { TrackedCollection } from '../history.js';
import { hasId, positionAfter } from '../ordered-ids.js';
import { parseSelect, selectableTypes } from '../projection.js';
import { deltaFilterLimit, pageSize } from '../quirks/limits.js';
import { trackedRelationships } from '../quirks/reading.js';
import { type GraphAnswer, type Handler, type HandlerContext, versionRoot } from '../request.js';
import { resources } from '../resources.js';
import type { Store } from '../store.js';
import { selection } from './read.js';

/** `GET` of the changes of a collection: a first synchronization, the next page, or what happened since a token. */
export function listChanges(collection: TrackedCollection): Handler {
  return (context) => {
    const { request } = context;
    checkDeltaOptions(request.query);
    const token = startOf(context, collection);
    const root = `${versionRoot(request)}/${collection}/delta`;
    if (request.query.get('$deltatoken')?.toLowerCase() === 'latest')
      return answer(context, collection, token, { items: [], link: linkTo(root, '$deltatoken', token) });
    const { items, after } = cutPage(trackingOf(context, collection, token), token);
    const link = after
      ? linkTo(root, '$skiptoken', { ...token, after })
      : linkTo(root, '$deltatoken', { ...token, from: token.to, after: undefined });
    return answer(context, collection, token, { items, link, more: after !== undefined });
  };
}

function answer(
  { request }: HandlerContext,
  collection: TrackedCollection,
  token: DeltaToken,
  page: { items: readonly Item[]; link: string; more?: boolean },
): GraphAnswer {
  const minimal = /\breturn=minimal\b/i.test(request.headers.prefer ?? '');
  return {
    status: 200,
    ...(minimal ? { headers: { 'Preference-Applied': 'return=minimal' } } : {}),
    body: {
      '@odata.context': `${versionRoot(request)}/$metadata#${collection}${selection(token.select?.split(','))}`,
      [page.more ? '@odata.nextLink' : '@odata.deltaLink']: page.link,
      value: page.items.map((item) => item.body),
    },
  };
}

const linkTo = (root: string, name: string, token: DeltaToken): string => `${root}?${name}=${writeToken(token)}`;

/** Options of a first request; the links carry them on. The words for others are not published. */
const understood = new Set(['$select', '$filter', '$deltatoken', '$skiptoken', '$format']);

function checkDeltaOptions(query: URLSearchParams): void {
  for (const name of query.keys()) {
    if (name.startsWith('$') && !understood.has(name))
      throw unsupportedQuery(`The query option '${name}' is not supported by change tracking.`);
  }
  if (query.has('$skiptoken') && query.has('$deltatoken'))
    throw malformed('$skiptoken and $deltatoken cannot be used together.');
}

/** The token a request carries, or that of a first request. A round that starts now ends where the tenant is now. */
function startOf(context: HandlerContext, collection: TrackedCollection): DeltaToken {
  const { request, store, clock } = context;
  const { query } = request;
  const text = query.get('$skiptoken') ?? query.get('$deltatoken') ?? '';
  const now = { issued: clock().getTime(), to: visiblePosition(context, collection) };
  if (text === '' || text.toLowerCase() === 'latest') {
    const select = selectOf(query.get('$select'), collection);
    const latest = text === '' ? {} : { from: now.to };
    const { tenantId: tenant, history } = store;
    return { tenant, generation: history.generation, collection, select, ids: idsOf(query), ...now, ...latest };
  }
  if (query.has('$select') || query.has('$filter'))
    throw malformed('$select and $filter belong to the first request of change tracking; its links carry them on.');
  const token = readToken(context, collection, text);
  if (query.has('$skiptoken')) return { ...token, issued: now.issued };
  return { ...token, issued: now.issued, to: Math.max(token.to, now.to), after: {} };
}

/** The text of `$select`, when every name in it is a property or a relationship that can be tracked. Throws 400. */
function selectOf(text: string | null, collection: TrackedCollection): string | undefined {
  const names = (text ?? '').split(',').map((name) => name.trim());
  const properties = names.filter((name) => name !== '' && !trackedRelationships[collection]?.has(name));
  const resource = resources[collection];
  parseSelect(properties.join(','), selectableTypes(resource), resource.type);
  return names.some((name) => name !== '') ? names.filter((name) => name !== '').join(',') : undefined;
}

/** The ids of `$filter=id eq '…' or id eq '…'`; no other filter is supported. Throws 400. */
function idsOf(query: URLSearchParams): string[] | undefined {
  const filter = query.get('$filter');
  if (filter === null) return undefined;
  const terms = filter.trim().split(/\s+or\s+/i);
  const ids = terms.flatMap((term) => /^\(?\s*id\s+eq\s+'([^']+)'\s*\)?$/i.exec(term)?.[1]?.toLowerCase() ?? []);
  if (ids.length < terms.length) throw unsupportedQuery('Change tracking is filtered by id alone.');
  if (ids.length > deltaFilterLimit)
    throw unsupportedQuery(`The filter names ${ids.length} ids, and ${deltaFilterLimit} at most are supported.`);
  return ids;
}

function trackingOf(context: HandlerContext, collection: TrackedCollection, token: DeltaToken): Tracking {
  const { request, behaviour } = context;
  const names = token.select?.split(',');
  const relationships = trackedRelationships[collection];
  const where = behaviour.deltaServicePrincipalMembers;
  return {
    context,
    collection,
    select: names?.filter((name) => !relationships?.has(name)),
    members: collection === 'groups' && (names === undefined || names.includes('members')),
    principals: where === 'always' || (where === 'beta' && request.version === 'beta'),
    minimal: /\breturn=minimal\b/i.test(request.headers.prefer ?? ''),
  };
}

/** One page of a round: its items, and where it ended when there is more. An object is on a page once. */
function cutPage(tracking: Tracking, token: DeltaToken): { items: Item[]; after: Cursor | undefined } {
  const { request, behaviour } = tracking.context;
  const preferred = /\bodata\.maxpagesize=(\d+)/i.exec(request.headers.prefer ?? '')?.[1];
  const largest = Math.min(pageSize.largest, behaviour.largestPage);
  const size = Math.min(Math.max(1, Number(preferred ?? pageSize.standard)), largest);
  const units = token.from === undefined ? firstRound(tracking, token) : laterRound(tracking, token, token.from);
  const items: Item[] = [];
  const sliced = new Set<unknown>();
  let after: Cursor | undefined;
  for (const unit of units) {
    if (items.length >= size || sliced.has(unit.item.body.id)) return { items, after };
    if (unit.item.member !== undefined) sliced.add(unit.item.body.id);
    after = unit.after;
    items.push(unit.item);
    const again = chance(behaviour.seed, `again ${token.to} ${JSON.stringify(unit.after)}`) < behaviour.deltaReplay;
    if (again && token.from === undefined && items.length < size) items.push(unit.item);
  }
  return { items, after: undefined };
}

interface Unit {
  readonly item: Item;
  readonly after: Cursor;
}

/** Every object that was there when the round began, in the order of the ids. */
function* firstRound(tracking: Tracking, { ids, to, after = {} }: DeltaToken): Generator<Unit> {
  const { store } = tracking.context;
  const all = liveIds(store, tracking.collection, ids);
  const start = positionAfter(all, after.id);
  // An object whose members are not all told goes on where it stopped.
  const isHalfTold = after.member !== undefined && all[start - 1] === after.id;
  for (let at = isHalfTold ? start - 1 : start; at < all.length; at++) {
    const id = all[at] as string;
    const stored = store.objects.get(id);
    if (!stored) continue;
    for (const item of presentItems(tracking, stored, to, id === after.id ? after.member : undefined))
      yield { item, after: { id, ...(item.member === undefined ? {} : { member: item.member }) } };
  }
}

function liveIds(store: Store, collection: TrackedCollection, ids: readonly string[] | undefined): readonly string[] {
  const live = store.live[collection];
  return ids === undefined ? live : ids.filter((id) => hasId(live, id)).sort();
}

/** What happened after a position, up to that of the token. */
function* laterRound(tracking: Tracking, token: DeltaToken, from: number): Generator<Unit> {
  const { ids, after = {} } = token;
  const changes = remembered(tracking, from, token.to);
  for (let index = after.index ?? 0; index < changes.length; index++) {
    const { id, ...stretch } = changes[index] as Change;
    if (ids !== undefined && !ids.includes(id)) continue;
    const member = index === after.index ? after.member : undefined;
    for (const item of changeItems(tracking, id, stretch.from, stretch.to, member))
      yield { item, after: item.member === undefined ? { index: index + 1 } : { index, member: item.member } };
  }
}

const rounds = new WeakMap<Store, { key: string; changes: readonly Change[] }>();

/** The changes of a round; those of the last one asked for are kept for its next page. */
function remembered({ context, collection }: Tracking, from: number, to: number): readonly Change[] {
  const key = JSON.stringify([collection, from, to, context.behaviour]);
  const known = rounds.get(context.store);
  if (known?.key === key) return known.changes;
  const changes = changesBetween(context, collection, from, to);
  rounds.set(context.store, { key, changes });
  return changes;
}
