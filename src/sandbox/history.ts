/**
 * What happened to the objects that Graph tracks changes of, so that the past can be told: what was changed between two
 * positions, and how an object was at one of them. A position is the number of changes the tenant has seen, which is also
 * where a change is in the log; so a position outlives the process.
 */
import { effectiveObject } from './effective.js';
import { createRecoveryJobs, type RecoveryJobs } from './recovery-jobs.js';
import { concreteType, resources } from './resources.js';
import type { SeedCollection } from './seed.js';
import type { ChangeRecord, Store, Stored } from './store.js';

/** The collections Graph has a delta function for, as far as the sandbox holds them. Source: metadata (`delta`). */
export const trackedCollections = [
  'users',
  'groups',
  'applications',
  'servicePrincipals',
  'oauth2PermissionGrants',
] as const satisfies readonly SeedCollection[];

export type TrackedCollection = (typeof trackedCollections)[number];

/** Where an object is: among the live ones, in a recycle bin (or hidden with an object that is there), or nowhere. */
export type Whereabouts = 'live' | 'bin' | 'none';

type Properties = Readonly<Record<string, unknown>>;

/** One thing that happened to one object. */
export interface Trace {
  /** The state at this position is the first that shows it. */
  readonly position: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly id: string;
  /** Where the object was before, when it moved. */
  readonly from?: Whereabouts;
  /** The properties that changed, with what they were before (undefined: never set, or empty). */
  readonly before: Properties;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** The id as it was given out, when the object left for good. */
  readonly spelled?: unknown;
}

export interface History {
  /** Tells this tenant from another one with the same id (milliseconds since 1970: when it was made). */
  readonly generation: number;
  /** Changes that change tracking does not tell. */
  readonly recoveries: RecoveryJobs;
  /** How many changes the tenant has seen. */
  position(): number;
  /** What happened in a collection, oldest first. */
  traces(collection: TrackedCollection): readonly Trace[];
  tracesOf(id: string): readonly Trace[];
  /** Type of an object (`user`), and its collection, also of one that is gone; undefined when it was never there. */
  kindOf(id: string): { readonly type: string; readonly collection: SeedCollection } | undefined;
  /** To be called before a change is made; the function it returns, after it. */
  watch(record: ChangeRecord): () => void;
}

/** Starts with a tenant that has no past. */
export function createHistory(generation: number, tenant: () => Store): History {
  const traces = new Map<SeedCollection, Trace[]>(trackedCollections.map((name) => [name, []]));
  const byId = new Map<string, Trace[]>();
  const gone = new Map<string, { type: string; collection: SeedCollection }>();
  const recoveries = createRecoveryJobs();
  let position = 0;

  const note = (stored: Pick<Stored, 'id' | 'collection'>, at: string, what: Partial<Trace>) => {
    const list = traces.get(stored.collection);
    if (!list) return;
    const trace = { position, at: Date.parse(at), id: stored.id, before: {}, added: [], removed: [], ...what };
    list.push(trace);
    const own = byId.get(stored.id);
    if (own) own.push(trace);
    else byId.set(stored.id, [trace]);
  };

  /** An object leaves for good, with what cannot be without it. */
  const notePurge = (store: Store, stored: Stored, at: string) => {
    for (const edge of store.edges.get(stored.id) ?? []) {
      const other = store.objects.get(edge);
      if (other) notePurge(store, other, at);
    }
    for (const id of stored.memberOf) {
      const owner = store.objects.get(id);
      if (owner) note(owner, at, { removed: [stored.id] });
    }
    note(stored, at, { from: currently(store, stored), spelled: stored.object.id });
    gone.set(stored.id, kindOfStored(stored));
  };

  return {
    generation,
    recoveries,
    position: () => position,
    traces: (collection) => traces.get(collection) ?? [],
    tracesOf: (id) => byId.get(id) ?? [],
    kindOf(id) {
      const stored = tenant().objects.get(id);
      return stored ? kindOfStored(stored) : gone.get(id);
    },
    watch(record) {
      position++;
      if (record.unrecorded !== undefined) {
        recoveries.note(record);
        return () => undefined;
      }
      const store = tenant();
      if (record.op === 'create') {
        const { collection, add = [] } = record;
        note({ id: String(record.object.id).toLowerCase(), collection }, record.at, { from: 'none', added: add });
        return () => undefined;
      }
      const stored = store.objects.get(record.id.toLowerCase());
      if (!stored) return () => undefined;
      if (record.op === 'purge') {
        notePurge(store, stored, record.at);
        return () => undefined;
      }
      return watchChange(store, stored, record, note);
    },
  };
}

/** Watches an update, a deletion or a restore. */
function watchChange(
  store: Store,
  stored: Stored,
  record: ChangeRecord & { readonly op: 'update' | 'delete' | 'restore' },
  note: (stored: Stored, at: string, what: Partial<Trace>) => void,
): () => void {
  const watched = [stored, ...followers(store, stored)].map((each) => ({
    each,
    from: currently(store, each),
    before: { ...effectiveObject(store, each) },
  }));
  return () => {
    for (const { each, from, before } of watched) {
      const changed = difference(before, effectiveObject(store, each));
      const [added = [], removed = []] = record.op === 'update' && each === stored ? [record.add, record.remove] : [];
      const moved = currently(store, each) === from ? {} : { from };
      if (moved.from || Object.keys(changed).length + added.length + removed.length > 0)
        note(each, record.at, { ...moved, before: changed, added, removed });
    }
  };
}

/** Objects that look different when this one changes: the service principal of an application, the grants of an end. */
function followers(store: Store, stored: Stored): Stored[] {
  const principal =
    stored.collection === 'applications'
      ? store.appIds.servicePrincipals.get(String(stored.object.appId ?? '').toLowerCase())
      : undefined;
  const grants = (store.edges.get(stored.id) ?? []).filter(
    (id) => store.objects.get(id)?.collection === 'oauth2PermissionGrants',
  );
  return [...(principal === undefined ? [] : [principal]), ...grants].flatMap((id) => store.objects.get(id) ?? []);
}

/** What was before in the properties that differ. */
function difference(before: Properties, after: Properties): Properties {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return Object.fromEntries(
    [...names]
      .filter((name) => before[name] !== after[name] && JSON.stringify(before[name]) !== JSON.stringify(after[name]))
      .map((name) => [name, before[name]]),
  );
}

/** Names of the properties of a grant or an assignment that hold its ends. */
const ends = ['principalId', 'resourceId', 'clientId'] as const;

/** Whether no end of a grant or an assignment is in the recycle bin: it is not listed while one is. */
export function hasLiveEnds(store: Store, { object }: Stored): boolean {
  return ends.every((name) => !store.objects.get(String(object[name] ?? '').toLowerCase())?.deletedDateTime);
}

/** Where an object is now. */
function currently(store: Store, stored: Stored): Whereabouts {
  return stored.deletedDateTime || (stored.collection === 'oauth2PermissionGrants' && !hasLiveEnds(store, stored))
    ? 'bin'
    : 'live';
}

/** Where an object was at a position. */
export function whereAt(store: Store, id: string, position: number): Whereabouts {
  const next = store.history.tracesOf(id).find((trace) => trace.position > position && trace.from !== undefined);
  if (next?.from) return next.from;
  const stored = store.objects.get(id);
  return stored ? currently(store, stored) : 'none';
}

/** The properties of an object, which is still there, at a position. */
export function valuesAt(store: Store, stored: Stored, position: number): Properties {
  const values: Record<string, unknown> = { ...effectiveObject(store, stored) };
  const later = store.history.tracesOf(stored.id).filter((trace) => trace.position > position);
  for (const trace of later.reverse()) {
    for (const [name, value] of Object.entries(trace.before)) {
      if (value === undefined) delete values[name];
      else values[name] = value;
    }
  }
  return values;
}

/** The stored members of a group at a position, in the order of their ids. */
export function membersAt(store: Store, group: Stored, position: number): readonly string[] {
  const later = store.history.tracesOf(group.id).filter((trace) => trace.position > position);
  if (!later.some((trace) => trace.added.length + trace.removed.length > 0)) return group.members;
  const members = new Set(group.members);
  for (const trace of later.reverse()) {
    for (const id of trace.added) members.delete(id);
    for (const id of trace.removed) members.add(id);
  }
  return [...members].sort();
}

function kindOfStored({ collection, object }: Stored): { type: string; collection: SeedCollection } {
  return { type: concreteType(resources[collection], object), collection };
}
