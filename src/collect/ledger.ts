/** The account of a collection: which objects are in the state, with which content, and what is uncertain. */

import type { Captured, Coverage, Gap } from '../model/coverage.js';
import type { JsonObject } from '../model/json.js';
import {
  byCodeUnit,
  type ContentId,
  DELETED,
  type DirectoryObject,
  idOf,
  type ObjectKey,
  typeOf,
} from '../model/object.js';
import { createShelf } from '../model/objects.js';
import { isOneOf, keyOf } from '../registry/identity.js';
import type { ObjectType } from '../registry/types.js';
import { canonicalise, type Surrounding } from '../state/canonical.js';
import { emitWithId } from '../state/emit.js';
import { ownText } from '../state/ids.js';
import { labelOf } from '../state/label.js';
import { createGaps } from './gaps.js';
import type { CollectOptions, LiveState } from './types.js';

export interface Ledger {
  /** Whether the object was seen, settled or not. */
  has(key: ObjectKey): boolean;
  /** Whether the object was settled as being in a recycle bin. */
  isDeleted(key: ObjectKey): boolean;
  /** Whether the object is kept from the previous backup because nothing certain is known of it. */
  isUnknown(key: ObjectKey): boolean;
  /** Ids of the active objects of a type that were seen, settled or not. */
  active(type: Pick<ObjectType, 'name'>): readonly string[];
  /** Takes an object out of the state: it will be read again. */
  forget(key: ObjectKey): void;
  /** Notes an object that will be settled later. */
  seen(key: ObjectKey): void;
  /**
   * Whether Graph may store a link to this target without listing it: the target, of one of these types, is in a recycle
   * bin, or it is not known where it is.
   */
  mayBeStored(types: readonly string[], id: string): boolean;
  /** Canonical form of what Graph answered; undefined, and noted, when it is of a kind that the schema does not know. */
  canonical(type: ObjectType, raw: JsonObject, around: Surrounding): DirectoryObject | undefined;
  /** Whether the content is not the previous backup's. */
  differs(object: DirectoryObject): boolean;
  /** Takes an object into the state. */
  settle(object: DirectoryObject, presence?: 'active' | 'deleted'): Promise<void>;
  /** Notes an object that is in a recycle bin as it was at the previous backup. */
  rest(key: ObjectKey): void;
  /** The content of an object; undefined where it is not settled. */
  contentOf(key: ObjectKey): ContentId | undefined;
  /** Keeps objects of the previous backup of which nothing certain is known. */
  keepUnknown(keys: readonly ObjectKey[]): void;
  uncertain(key: ObjectKey, parts: readonly string[]): void;
  gap(what: string, status: Gap['status'], reason: string, objects?: number): void;
  /** Notes that a link or property of some objects could not be read. */
  partGap(type: ObjectType, part: string, reason: string, objects: number): void;
  /** `unread`: objects that are as in the previous backup, by type, and what of theirs the schema does not describe. */
  finish(captured: Captured, unread?: Unread): LiveState;
}

export interface Unread {
  readonly types: Readonly<Record<string, number>>;
  readonly unrecognised: Coverage['unrecognised'];
}

export function createLedger(options: CollectOptions): Ledger {
  const ids = options.ids ?? new Map<ObjectKey, ContentId>();
  const objects = createShelf();
  const waiting = new Set<ObjectKey>();
  const deleted = new Set<ObjectKey>();
  const unknown = new Set<ObjectKey>();
  const doubts = new Map<ObjectKey, readonly string[]>();
  const unrecognised = new Map<ObjectKey, readonly string[]>();
  const labels = new Map<string, string>();
  const holders = new Map<string, ObjectKey>();
  const gaps = createGaps(options.previous);
  const { previous } = options;

  /** An object is asked about and settled right after: its bytes are made once. */
  let last: { readonly object: DirectoryObject; readonly as: ReturnType<typeof emitWithId> } | undefined;
  const emitted = (object: DirectoryObject) => {
    if (last?.object !== object) last = { object, as: emitWithId(object) };
    return last.as;
  };
  const keepUnknown = (keys: readonly ObjectKey[]) => {
    for (const key of keys) {
      unknown.add(key);
      const id = previous?.ids.get(key);
      if (id !== undefined) ids.set(key, id);
    }
  };

  return {
    has: (key) => ids.has(key) || waiting.has(key) || unknown.has(key),
    isDeleted: (key) => deleted.has(key),
    isUnknown: (key) => unknown.has(key),
    active: (type) =>
      [...ids.keys(), ...waiting]
        .filter((key) => typeOf(key) === type.name && !deleted.has(key) && !unknown.has(key))
        .map(idOf),
    forget(key) {
      ids.delete(key);
      waiting.delete(key);
    },
    seen: (key) => void waiting.add(key),
    mayBeStored: (types, id) => types.some((type) => deleted.has(`${type}/${id}`) || unknown.has(`${type}/${id}`)),
    canonical(type, raw, around) {
      const key = keyOf(type, raw);
      if (key === undefined) return undefined;
      if (isOneOf(type, key, options.excluded)) {
        const holdings = typeof raw[DELETED] === 'string' ? [] : holdingsOf(type, raw);
        for (const holding of holdings) holders.set(ownText(holding), key);
        return undefined;
      }
      const canonical = canonicalise(type, raw, around);
      if (canonical === undefined) {
        unrecognised.set(key, ['@odata.type']);
        keepUnknown([key]);
        return undefined;
      }
      if (canonical.unrecognised.length > 0) {
        unrecognised.set(key, [...canonical.unrecognised].sort(byCodeUnit));
      }
      return canonical.object;
    },
    differs: (object) => previous?.ids.get(object.key) !== emitted(object).id,
    async settle(object, presence = 'active') {
      const { bytes, id } = emitted(object);
      ids.set(object.key, id);
      waiting.delete(object.key);
      const type = options.types.find((candidate) => candidate.name === typeOf(object.key)) as ObjectType;
      const kept = options.keep(object.key, id);
      const label = labelOf(type, object);
      if (kept || options.named === true) labels.set(idOf(object.key), label);
      for (const alias of aliasesOf(type, object)) labels.set(alias, label);
      if (presence === 'deleted') deleted.add(object.key);
      else for (const holding of holdingsOf(type, object.properties)) holders.set(ownText(holding), object.key);
      if (kept) objects.set(object.key, object);
      if (options.write !== undefined && previous?.ids.get(object.key) !== id) await options.write(bytes, id);
    },
    rest: (key) => void deleted.add(key),
    contentOf: (key) => ids.get(key),
    keepUnknown,
    uncertain: (key, parts) => void doubts.set(key, parts),
    gap: (what, status, reason, objects) => gaps.add(what, status, reason, objects),
    partGap: (type, part, reason, objects) => gaps.add(`${type.name}.${part}`, 'partial', reason, objects),
    finish(captured, unread) {
      const types: Record<string, number> = Object.fromEntries(options.types.map((type) => [type.name, 0]));
      const concerned = new Set(options.types.flatMap(({ name, edge }) => [name, edge?.ownerType ?? name]));
      const excluded = [...options.excluded].filter((key) => concerned.has(typeOf(key))).sort(byCodeUnit);
      for (const [holding, key] of holders) if (deleted.has(key)) holders.delete(holding);
      for (const key of ids.keys()) types[typeOf(key)] = (types[typeOf(key)] ?? 0) + 1;
      for (const [type, count] of Object.entries(unread?.types ?? {})) types[type] = (types[type] ?? 0) + count;
      for (const { object, paths } of unread?.unrecognised ?? []) unrecognised.set(object as ObjectKey, paths);
      return {
        ids,
        deleted,
        objects,
        unknown,
        uncertain: doubts,
        unrecognised,
        labels,
        holders,
        captured,
        coverage: {
          types,
          gaps: gaps.list(),
          unrecognised: [...unrecognised]
            .sort(([a], [b]) => byCodeUnit(a, b))
            .map(([object, paths]) => ({ object, paths })),
          ...(excluded.length === 0 ? {} : { excluded }),
        },
      };
    },
  };
}

/** Other identifiers by which objects of other types refer to this one. */
function aliasesOf(type: ObjectType, object: DirectoryObject): string[] {
  return type.aliases.flatMap((name) => {
    const value = object.properties[name];
    return typeof value === 'string' && value !== '' ? [value.toLowerCase()] : [];
  });
}

function holdingsOf(type: ObjectType, values: JsonObject): string[] {
  const unique = type.properties.filter((property) => property.unique).map(({ name }) => name);
  return unique.flatMap((name) =>
    [values[name]].flat().flatMap((value) => {
      return typeof value === 'string' ? [`${type.name}.${name}=${value.toLowerCase()}`] : [];
    }),
  );
}
