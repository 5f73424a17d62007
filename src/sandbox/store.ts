/**
 * The tenant in memory: objects, recycle bins and memberships. It changes only by records (`apply`), the same whether
 * they come from a request or from the log; whether a change is allowed is decided before, by the handlers.
 */
import { addId, removeId, sortedIds } from './ordered-ids.js';
import { binMilliseconds } from './quirks/limits.js';
import { collections } from './resources.js';
import type { SeedCollection, TenantSeed } from './seed.js';

/** A stored object with what the directory keeps about it. */
export interface Stored {
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

/** One change of the tenant, as it is written to the log. `at` is when it happened (UTC, ISO 8601). */
export type ChangeRecord =
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
  | { readonly op: 'purge'; readonly at: string; readonly id: string };

export interface Store {
  readonly tenantId: string;
  readonly displayName: string;
  readonly verifiedDomains: readonly string[];
  /** Any object, live or in the bin, by its id (lower case). */
  readonly objects: ReadonlyMap<string, Stored>;
  /** Ids of the live objects, sorted. */
  readonly live: Readonly<Record<SeedCollection, readonly string[]>>;
  /** Ids of the objects in the recycle bin, sorted. */
  readonly bin: Readonly<Record<SeedCollection, readonly string[]>>;
  /** Who holds a user principal name (lower case), among live users. */
  readonly principalNames: ReadonlyMap<string, string>;
  /** Who holds a mail address (lower case, without `smtp:`), among live users and groups. */
  readonly addresses: ReadonlyMap<string, string>;
  /** Makes the change. Throws when the record does not fit the tenant (a log of another seed). */
  apply(record: ChangeRecord): void;
}

/** A store that holds exactly the seed. `createdAt` is when the sandbox was made. */
export function loadSeed(seed: TenantSeed, createdAt: Date): Store {
  const objects = new Map<string, Stored>();
  const index = createIndex();
  for (const { collection, object, members, deletedDateTime } of seed.objects) {
    const id = String(object.id).toLowerCase();
    const stored = newStored(collection, id, object, members);
    stored.deletedDateTime = deletedDateTime ?? null;
    stored.binnedAt = seededBinTime(deletedDateTime, createdAt);
    objects.set(id, stored);
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
  return {
    tenantId: seed.tenantId,
    displayName: seed.displayName,
    verifiedDomains: seed.verifiedDomains,
    objects,
    live,
    bin,
    principalNames: index.principalNames,
    addresses: index.addresses,
    apply: (record) => applyRecord({ objects, live, bin, index }, record),
  };
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
    const id = String(record.object.id);
    if (objects.has(id)) throw new Error(`The object ${id} exists already.`);
    const stored = newStored(record.collection, id, record.object);
    objects.set(id, stored);
    addId(live[record.collection], id);
    index.claim(stored);
    for (const member of record.add ?? []) link(objects, stored, member);
    return;
  }
  const stored = objects.get(record.id);
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
      if (!stored.deletedDateTime) index.release(stored);
      for (const member of [...stored.members]) unlink(objects, stored, member);
      for (const group of [...stored.memberOf]) unlink(objects, objects.get(group), stored.id);
      removeId(live[stored.collection], stored.id);
      removeId(bin[stored.collection], stored.id);
      objects.delete(stored.id);
      return;
  }
}

function newStored(
  collection: SeedCollection,
  id: string,
  object: Readonly<Record<string, unknown>>,
  members?: readonly string[],
): Stored {
  const copy: Record<string, unknown> = {};
  assign(copy, { ...object, id });
  return {
    id,
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
  const ids = (collection: SeedCollection) =>
    sortedIds(all.filter((stored) => stored.collection === collection).map((stored) => stored.id));
  const [users, groups, policies, namedLocations] = collections.map(ids) as [string[], string[], string[], string[]];
  return { users, groups, policies, namedLocations };
}

/** The values that only one live object may hold. */
function createIndex() {
  const principalNames = new Map<string, string>();
  const addresses = new Map<string, string>();
  const forget = (map: Map<string, string>, key: string, id: string) => {
    if (map.get(key) === id) map.delete(key);
  };
  return {
    principalNames,
    addresses,
    claim(stored: Stored): void {
      const name = stored.object.userPrincipalName;
      if (typeof name === 'string') principalNames.set(name.toLowerCase(), stored.id);
      for (const address of addressesOf(stored.object)) addresses.set(address, stored.id);
    },
    release(stored: Stored): void {
      const name = stored.object.userPrincipalName;
      if (typeof name === 'string') forget(principalNames, name.toLowerCase(), stored.id);
      for (const address of addressesOf(stored.object)) forget(addresses, address, stored.id);
    },
  };
}

/** The mail addresses of an object, lower case and without their kind (`SMTP:`). */
export function addressesOf(object: Readonly<Record<string, unknown>>): string[] {
  const addresses = new Set<string>();
  if (typeof object.mail === 'string') addresses.add(object.mail.toLowerCase());
  if (Array.isArray(object.proxyAddresses)) {
    for (const address of object.proxyAddresses)
      addresses.add(
        String(address)
          .replace(/^smtp:/i, '')
          .toLowerCase(),
      );
  }
  return [...addresses];
}
