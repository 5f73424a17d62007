/**
 * What change tracking says of one object. Source: "Use delta query to track changes in Microsoft Graph data", "user:
 * delta", "group: delta", "Get incremental changes to groups".
 */
import { membersAt, type Trace, type TrackedCollection, valuesAt, whereAt } from './history.js';
import { showsMembers } from './permits.js';
import { defaultNames, projection } from './projection.js';
import { type HandlerContext, wantsUnknownEnumMembers } from './request.js';
import { concreteType, resources } from './resources.js';
import type { Stored } from './store.js';
import { readCaller } from './tokens.js';

type Json = Readonly<Record<string, unknown>>;

/** What is tracked, and how it is told. */
export interface Tracking {
  readonly context: HandlerContext;
  readonly collection: TrackedCollection;
  /** The selected properties; undefined: the default ones. */
  readonly select: readonly string[] | undefined;
  /** Whether members of groups are tracked. */
  readonly members: boolean;
  /** Whether service principals are named among them. */
  readonly principals: boolean;
  /** Whether only what changed is told (`Prefer: return=minimal`). */
  readonly minimal: boolean;
}

/** Part of what there is to say of an object, with the last member it names. */
export interface Item {
  readonly body: Json;
  readonly member?: string;
}

/**
 * An object as it was at a position, for a first synchronization; several items when it has many members. What happened
 * since is for the next round: told now, and taken back before that one, it would never be heard of again.
 */
export function* presentItems(tracking: Tracking, stored: Stored, position: number, after?: string): Generator<Item> {
  const { store } = tracking.context;
  if (whereAt(store, stored.id, position) !== 'live') return;
  const members = tellsMembers(tracking, stored) ? membersAt(store, stored, position) : [];
  const told = members.filter((id) => isTold(tracking, id, true)).map((id): [string, boolean] => [id, true]);
  yield* slices(tracking, propertiesOf(tracking, stored, position), told, after);
}

/** What happened to an object after one position up to another; nothing when nothing that is tracked did. */
export function* changeItems(
  tracking: Tracking,
  id: string,
  from: number,
  to: number,
  after?: string,
): Generator<Item> {
  const { store } = tracking.context;
  const traces = store.history.tracesOf(id).filter((trace) => trace.position > from && trace.position <= to);
  const [before, now] = [whereAt(store, id, from), whereAt(store, id, to)];
  const stored = store.objects.get(id);
  if (now === 'none' && before === 'none') return;
  // The id of a grant is spelled with capitals, and nothing else is known of what is gone.
  if (now !== 'live' || !stored) {
    if (before === 'bin' && now === 'bin' && !traces.some((trace) => trace.from)) return;
    yield { body: { id: spelled(stored, id, traces), '@removed': { reason: now === 'bin' ? 'changed' : 'deleted' } } };
    return;
  }
  const appeared = traces.some((trace) => trace.from !== undefined);
  const touched = new Set(traces.flatMap((trace) => Object.keys(trace.before)));
  const members = tellsMembers(tracking, stored)
    ? memberChanges(tracking, stored, traces, appeared ? to : undefined)
    : [];
  const tracked = namesOf(tracking, stored);
  if (!appeared && members.length === 0 && !tracked.some((name) => touched.has(name))) return;
  const only = tracking.minimal && !appeared ? touched : undefined;
  yield* slices(tracking, propertiesOf(tracking, stored, to, only), members, after);
}

/** Ids are told as they were given out. */
function spelled(stored: Stored | undefined, id: string, traces: readonly Trace[]): unknown {
  return stored?.object.id ?? traces.findLast((trace) => trace.spelled !== undefined)?.spelled ?? id;
}

function namesOf({ select }: Tracking, stored: Stored): readonly string[] {
  return select ?? defaultNames(concreteType(resources[stored.collection], stored.object));
}

/** The tracked properties that ever had a value, as they were at a position; `only` some of them. */
function propertiesOf(tracking: Tracking, stored: Stored, position: number, only?: ReadonlySet<string>): Json {
  const { store, request } = tracking.context;
  const values = valuesAt(store, stored, position);
  const emptied = new Set(store.history.tracesOf(stored.id).flatMap((trace) => Object.keys(trace.before)));
  const select = namesOf(tracking, stored).filter(
    (name) => (name in values || emptied.has(name)) && (!only || only.has(name)),
  );
  const view = projection({
    store,
    caller: readCaller(request.token),
    select: [...new Set(['id', ...select])],
    unknownEnumMembers: wantsUnknownEnumMembers(request),
    valuesOf: () => values,
  });
  return view({ ...stored, object: values, deletedDateTime: null });
}

/** Members that were added (true) or removed in the end. Of an object that appeared, also those it had before. */
function memberChanges(
  tracking: Tracking,
  group: Stored,
  traces: readonly Trace[],
  appearedAt: number | undefined,
): [string, boolean][] {
  const first = new Map<string, boolean>();
  const last = new Map<string, boolean>();
  for (const { added, removed } of traces) {
    for (const [ids, isAdded] of [[added, true] as const, [removed, false] as const]) {
      for (const id of ids) {
        if (!first.has(id)) first.set(id, isAdded);
        last.set(id, isAdded);
      }
    }
  }
  const changes = new Map([...last].filter(([id, isAdded]) => first.get(id) === isAdded));
  const present = appearedAt === undefined ? [] : membersAt(tracking.context.store, group, appearedAt);
  for (const id of present) changes.set(id, true);
  return [...changes].filter(([id, isAdded]) => isTold(tracking, id, isAdded)).sort(([a], [b]) => (a < b ? -1 : 1));
}

function tellsMembers({ context, members }: Tracking, group: Stored): boolean {
  return members && showsMembers(readCaller(context.request.token), group);
}

/** Whether a member is named. One in the recycle bin stays a member; it is named as one that was added where lists name it. */
function isTold({ context, principals }: Tracking, id: string, isAdded: boolean): boolean {
  const { store, behaviour } = context;
  if (isAdded && !behaviour.listDeletedMembers && store.objects.get(id)?.deletedDateTime) return false;
  return principals || store.history.kindOf(id)?.collection !== 'servicePrincipals';
}

/** The object once for every slice of its members, from the one after the given member on. */
function* slices(
  tracking: Tracking,
  properties: Json,
  members: readonly (readonly [string, boolean])[],
  after: string | undefined,
): Generator<Item> {
  const { history } = tracking.context.store;
  const rest = after === undefined ? members : members.filter(([id]) => id > after);
  if (members.length === 0) yield { body: properties };
  const size = tracking.context.behaviour.deltaMemberSlice;
  for (let at = 0; at < rest.length; at += size) {
    const slice = rest.slice(at, at + size);
    const told = slice.map(([id, isAdded]) => ({
      '@odata.type': `#microsoft.graph.${history.kindOf(id)?.type ?? 'directoryObject'}`,
      id,
      ...(isAdded ? {} : { '@removed': { reason: 'deleted' } }),
    }));
    const [last = ''] = slice.at(-1) ?? [];
    yield { body: { ...properties, 'members@delta': told }, member: last };
  }
}
