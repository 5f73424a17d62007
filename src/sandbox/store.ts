/**
 * The tenant in memory: objects, recycle bins and memberships. It changes only by records (`apply`), the same whether
 * they come from a request or from the log; whether a change is allowed is decided before, by the handlers.
 */
import { missingFixtures } from './fixtures.js';
import { createHistory, type History } from './history.js';
import { createIndex } from './indexes.js';
import { addId, removeId, sortedIds } from './ordered-ids.js';
import { binMilliseconds } from './quirks/limits.js';
import { collections } from './resources.js';
import type { SeedCollection, TenantSeed } from './seed.js';

/** A stored object with what the directory keeps about it. */
export interface Stored {
  /** The key: the id in lower case. `object.id` is spelled as Graph gives it out. */
  readonly id: string;
  readonly collection: SeedCollection;
  /** Graph properties that have a value; `id` included. */
  readonly object: Record<string, unknown>;
  /** When it went to the recycle bin (UTC, ISO 8601); null while it is live. */
  deletedDateTime: string | null;
  /** When it came into the bin as far as ageing is concerned (milliseconds since 1970). */
  binnedAt: number;
  /** Members of a group, those in the recycle bin included. */
  readonly members: string[];
  /** Groups that hold this object as a member, those in the recycle bin included. Sorted, like `members`. */
  readonly memberOf: string[];
}

/** Who made a change: a user, by the id in lower case, or an application, by its `appId` and the id of its service principal. */
export type Initiator = { readonly user: string } | { readonly app: string; readonly principal?: string };

/**
 * One change of the tenant, as it is written to the log. `at` is when it happened (UTC, ISO 8601); `by` is absent where
 * the service did it of itself; what is `unrecorded` leaves no trace in change tracking, and is part of the recovery job of
 * that name.
 */
export type ChangeRecord = { readonly by?: Initiator; readonly unrecorded?: string } & (
  | {
      readonly op: 'create';
      readonly at: string;
      readonly collection: SeedCollection;
      readonly object: Readonly<Record<string, unknown>>;
      readonly add?: readonly string[];
    }
  | {
      readonly op: 'update';
      readonly at: string;
      readonly id: string;
      readonly set?: Readonly<Record<string, unknown>>;
      readonly add?: readonly string[];
      readonly remove?: readonly string[];
    }
  | { readonly op: 'delete'; readonly at: string; readonly id: string }
  | {
      readonly op: 'restore';
      readonly at: string;
      readonly id: string;
      readonly set?: Readonly<Record<string, unknown>>;
    }
  | { readonly op: 'purge'; readonly at: string; readonly id: string }
);

export interface Store {
  readonly tenantId: string;
  readonly displayName: string;
  readonly verifiedDomains: readonly string[];
  /** Any object, live or in the bin, by its id in lower case. */
  readonly objects: ReadonlyMap<string, Stored>;
  /** Ids (lower case) of the live objects, sorted. */
  readonly live: Readonly<Record<SeedCollection, readonly string[]>>;
  /** Ids of the objects in the recycle bin, sorted. */
  readonly bin: Readonly<Record<SeedCollection, readonly string[]>>;
  /** Who holds a user principal name (lower case), among live users. */
  readonly principalNames: ReadonlyMap<string, string>;
  /** Who holds a mail address (lower case, without `smtp:`), among live users and groups. */
  readonly addresses: ReadonlyMap<string, string>;
  /** Which live application or service principal has an `appId` (lower case). */
  readonly appIds: Readonly<Record<'applications' | 'servicePrincipals', ReadonlyMap<string, string>>>;
  /** Ids of the grants and assignments that one of their ends names, sorted, by the id of that end. */
  readonly edges: ReadonlyMap<string, readonly string[]>;
  /** What is known of applications of other tenants, by `appId` (lower case): they stay when nothing here uses them. */
  readonly foreignApplications: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  /** What happened to the objects that changes are tracked of. */
  readonly history: History;
  /** Makes the change. Throws when the record does not fit the tenant (a log of another seed). */
  apply(record: ChangeRecord): void;
}

/** A store that holds exactly the seed. `createdAt` is when the sandbox was made. */
export function loadSeed(seed: TenantSeed, createdAt: Date): Store {
  const objects = new Map<string, Stored>();
  const index = createIndex(seed.tenantId);
  for (const { collection, object, members, deletedDateTime } of [...seed.objects, ...missingFixtures(seed)]) {
    const stored = newStored(collection, object, members);
    stored.deletedDateTime = deletedDateTime ?? null;
    stored.binnedAt = seededBinTime(deletedDateTime, createdAt);
    objects.set(stored.id, stored);
  }
  const memberOf = new Map<string, string[]>();
  for (const stored of objects.values()) {
    if (!stored.deletedDateTime) index.claim(stored);
    for (const member of stored.members) {
      const groups = memberOf.get(member);
      if (groups) groups.push(stored.id);
      else memberOf.set(member, [stored.id]);
    }
  }
  for (const [id, groups] of memberOf) objects.get(id)?.memberOf.push(...groups.sort());
  const sets = (binned: boolean) =>
    bySet([...objects.values()].filter((each) => (each.deletedDateTime !== null) === binned));
  const live = sets(false);
  const bin = sets(true);
  const history = createHistory(createdAt.getTime(), () => store);
  const store: Store = {
    tenantId: seed.tenantId,
    displayName: seed.displayName,
    verifiedDomains: seed.verifiedDomains,
    objects,
    live,
    bin,
    principalNames: index.principalNames,
    addresses: index.addresses,
    appIds: index.appIds,
    edges: index.edges,
    foreignApplications: index.foreignApplications,
    history,
    apply(record) {
      const changed = history.watch(record);
      applyRecord({ objects, live, bin, index }, record);
      changed();
    },
  };
  return store;
}

/** What was in the bin longer than it may be when the sandbox was made counts from that moment, so that it can be seen. */
function seededBinTime(deletedDateTime: string | undefined, createdAt: Date): number {
  const deleted = deletedDateTime === undefined ? 0 : Date.parse(deletedDateTime);
  return deleted > createdAt.getTime() - binMilliseconds ? deleted : createdAt.getTime();
}

interface Parts {
  readonly objects: Map<string, Stored>;
  readonly live: Record<SeedCollection, string[]>;
  readonly bin: Record<SeedCollection, string[]>;
  readonly index: ReturnType<typeof createIndex>;
}

function applyRecord(parts: Parts, record: ChangeRecord): void {
  const { objects, live, bin, index } = parts;
  if (record.op === 'create') {
    create(parts, record);
    return;
  }
  const stored = objects.get(record.id.toLowerCase());
  if (!stored) throw new Error(`The object ${record.id} does not exist.`);
  switch (record.op) {
    case 'update':
      if (record.set) {
        if (!stored.deletedDateTime) index.release(stored);
        assign(stored.object, record.set);
        if (!stored.deletedDateTime) index.claim(stored);
      }
      for (const member of record.add ?? []) link(objects, stored, member);
      for (const member of record.remove ?? []) unlink(objects, stored, member);
      return;
    case 'delete':
      index.release(stored);
      removeId(live[stored.collection], stored.id);
      addId(bin[stored.collection], stored.id);
      stored.deletedDateTime = record.at;
      stored.binnedAt = Date.parse(record.at);
      return;
    case 'restore':
      if (record.set) assign(stored.object, record.set);
      removeId(bin[stored.collection], stored.id);
      addId(live[stored.collection], stored.id);
      stored.deletedDateTime = null;
      stored.binnedAt = 0;
      index.claim(stored);
      return;
    case 'purge':
      purge(parts, stored);
      return;
  }
}

function create({ objects, live, index }: Parts, record: ChangeRecord & { op: 'create' }): void {
  const stored = newStored(record.collection, record.object);
  if (objects.has(stored.id)) throw new Error(`The object ${stored.id} exists already.`);
  objects.set(stored.id, stored);
  addId(live[record.collection], stored.id);
  index.claim(stored);
  for (const member of record.add ?? []) link(objects, stored, member);
}

/** Removes an object for good, with its memberships and with the grants and assignments it is an end of. */
function purge(parts: Parts, stored: Stored): void {
  const { objects, live, bin, index } = parts;
  for (const edge of [...(index.edges.get(stored.id) ?? [])]) {
    const other = objects.get(edge);
    if (other) purge(parts, other);
  }
  if (!stored.deletedDateTime) index.release(stored);
  for (const member of [...stored.members]) unlink(objects, stored, member);
  for (const group of [...stored.memberOf]) unlink(objects, objects.get(group), stored.id);
  removeId(live[stored.collection], stored.id);
  removeId(bin[stored.collection], stored.id);
  objects.delete(stored.id);
}

function newStored(
  collection: SeedCollection,
  object: Readonly<Record<string, unknown>>,
  members?: readonly string[],
): Stored {
  const copy: Record<string, unknown> = {};
  assign(copy, object);
  return {
    id: String(object.id).toLowerCase(),
    collection,
    object: copy,
    deletedDateTime: null,
    binnedAt: 0,
    members: sortedIds((members ?? []).map((member) => member.toLowerCase())),
    memberOf: [],
  };
}

/** Sets properties; null empties one. */
function assign(object: Record<string, unknown>, set: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(set)) {
    if (value === null || value === undefined) delete object[name];
    else object[name] = value;
  }
}

function link(objects: ReadonlyMap<string, Stored>, group: Stored, member: string): void {
  addId(group.members, member);
  const target = objects.get(member);
  if (target) addId(target.memberOf, group.id);
}

function unlink(objects: ReadonlyMap<string, Stored>, group: Stored | undefined, member: string): void {
  if (!group) return;
  removeId(group.members, member);
  const target = objects.get(member);
  if (target) removeId(target.memberOf, group.id);
}

function bySet(all: readonly Stored[]): Record<SeedCollection, string[]> {
  const ids = Object.fromEntries(collections.map((collection) => [collection, [] as string[]]));
  for (const stored of all) ids[stored.collection]?.push(stored.id);
  return Object.fromEntries(Object.entries(ids).map(([collection, list]) => [collection, sortedIds(list)])) as Record<
    SeedCollection,
    string[]
  >;
}
