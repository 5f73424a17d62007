/**
 * Eventual consistency: writes go to the tenant itself, reads to copies of it that every change reaches later, each copy
 * at a moment of its own and in the order of the changes. A read is served by any copy, so what was just written may be
 * seen, then not, then again. Source: "Eventual consistency" in "Advanced query capabilities on directory objects", and
 * Microsoft's advice to applications not to expect their own writes to be readable.
 */
import { chance } from './chance.js';
import { type Check, number, shape, whole } from './checks.js';
import { badRequest, notFound } from './errors.js';
import { type GraphRequest, isEventual } from './request.js';
import { isDirectoryObject } from './resources.js';
import type { ChangeRecord, Store, Stored } from './store.js';

/** How late a copy sees a change: both bounds must have passed. Each change draws its own share of them. */
export interface Lag {
  /** At most so many seconds, on the clock of the limits; default 0. */
  readonly seconds?: number;
  /** At most so many requests after that of the change; default 0. */
  readonly requests?: number;
  /** How many copies answer; default 2. */
  readonly replicas?: number;
}

/** Whether a value is a `Lag`. */
export const checkLag: Check = shape({
  seconds: number(0, 86_400),
  requests: whole(0, 100_000),
  replicas: whole(1, 5),
});

export interface Replicas {
  /** Keeps a change for the copies. */
  note(record: ChangeRecord): void;
  /**
   * What a request works on: the tenant itself for a write, a copy for a read. Throws 404 or 400 for a write about a
   * directory object that the copy it came to does not know yet.
   */
  storeFor(request: GraphRequest): Store;
}

interface Waiting {
  readonly record: ChangeRecord;
  /** Milliseconds, and running number of the request, from which on the change is seen. */
  readonly at: number;
  readonly request: number;
}

interface Copy {
  readonly store: Store;
  readonly waiting: Waiting[];
}

/** `copy` makes another store with the same content. Without lag there are no copies. */
export function createReplicas(
  store: Store,
  copy: (() => Store) | undefined,
  { lag, seed }: { readonly lag: Lag | null; readonly seed: number },
  milliseconds: () => number,
): Replicas {
  if (lag === null || copy === undefined) return { note: () => undefined, storeFor: () => store };
  const { seconds = 0, requests = 0, replicas = 2 } = lag;
  const copies = Array.from({ length: replicas }, (): Copy => ({ store: copy(), waiting: [] }));
  let asked = 0;
  let changes = 0;
  return {
    note(record) {
      changes++;
      copies.forEach(({ waiting }, at) => {
        const share = chance(seed, `lag ${at} ${changes}`);
        waiting.push({
          record,
          at: milliseconds() + share * seconds * 1000,
          request: asked + Math.ceil(share * requests),
        });
      });
    },
    storeFor(request) {
      asked++;
      for (const each of copies) catchUp(each, milliseconds(), asked);
      const chosen = copies[Math.floor(chance(seed, `copy ${asked}`) * copies.length)] as Copy;
      if (request.method !== 'GET') {
        checkKnown(request, store, chosen.store, () => chance(seed, `words ${asked}`));
        return store;
      }
      return isDelta(request) || isEventual(request) ? slowest(copies).store : chosen.store;
    },
  };
}

/** A change waits for those before it, however early it would be due itself. */
function catchUp({ store, waiting }: Copy, now: number, asked: number): void {
  for (let next = waiting[0]; next && next.at <= now && next.request < asked; next = waiting[0]) {
    store.apply(next.record);
    waiting.shift();
  }
}

const isDelta = ({ segments }: GraphRequest): boolean =>
  /^(?:microsoft\.graph\.)?delta(?:\(\))?$/.test(segments.at(-1) ?? '');

/**
 * For change tracking, which never runs ahead of what can be read, or a list read after its first link could miss a change;
 * and for `ConsistencyLevel: eventual`, which reads from an index that comes last.
 */
function slowest(copies: readonly Copy[]): Copy {
  return copies.reduce((one, other) => (other.waiting.length > one.waiting.length ? other : one));
}

/** Where a directory object is, for comparing. */
function placeOf(stored: Stored | undefined): 'live' | 'bin' | 'nowhere' {
  if (!stored) return 'nowhere';
  return stored.deletedDateTime ? 'bin' : 'live';
}

/** Throws when a write names a directory object that the copy holds elsewhere, or not at all. */
function checkKnown(request: GraphRequest, truth: Store, copy: Store, drawn: () => number): void {
  const isUnknown = (id: string): boolean => {
    const stored = truth.objects.get(id.toLowerCase());
    if (!stored || !isDirectoryObject(stored.collection)) return false;
    return placeOf(stored) !== placeOf(copy.objects.get(stored.id));
  };
  const ids = (text: string): string[] => text.match(guids) ?? [];
  const inPath = request.segments.flatMap(ids).find(isUnknown);
  if (inPath !== undefined) throw notFound(inPath);
  // Conditional Access does not tell in these words; what it says of objects it does not know yet is not documented.
  if (request.segments[0] === 'identity') return;
  const inBody = ids(JSON.stringify(request.body ?? null)).find(isUnknown);
  if (inBody === undefined) return;
  if (request.segments.at(-1) === '$ref' || drawn() < 0.5) throw notFound(inBody);
  throw badRequest('One or more property values specified are invalid.');
}

const guids = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;
