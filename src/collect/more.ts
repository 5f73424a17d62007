/**
 * What an object's own answer does not say: parts that are read by requests of their own, and values into which Graph
 * mixes those of another object. Types are read in order of rank, so the objects that are mixed in were read before.
 */

import { listObjects, readMixedIn, readParts } from '../graph/reader.js';
import { describeError, GraphFailure } from '../graph/types.js';
import { isJsonArray, type Json, type JsonObject } from '../model/json.js';
import { type ObjectKey, typeOf } from '../model/object.js';
import { graphIdOf, keyOf } from '../registry/identity.js';
import type { ObjectType, Property, Union } from '../registry/types.js';
import type { Ledger } from './ledger.js';
import type { CollectOptions } from './types.js';

/** An object with all that belongs to it, and the names of the properties that could not be read. */
export interface Completed {
  readonly raw: JsonObject;
  readonly doubtful: readonly string[];
}

/** An object on its way to being complete. */
interface Item {
  readonly raw: Record<string, Json>;
  readonly doubtful: string[];
}

export interface More {
  /** Completes the objects of a page, in their order. */
  complete(type: ObjectType, page: readonly JsonObject[]): Promise<readonly Completed[]>;
  /** Notes objects that may be mixed into others. */
  note(type: ObjectType, page: readonly JsonObject[]): void;
  /** What an object that was noted has in common with the one that it is mixed into, in lower case. */
  commonOf(union: Union, key: ObjectKey): string | undefined;
  /** Notes that not all objects of a type are known. */
  incomplete(type: ObjectType): void;
  /**
   * Objects of a type that were taken for having nothing mixed in, while what may be mixed in was found, or found to be
   * unknown, only later. Each is named once.
   */
  takenTooEarly(type: ObjectType): readonly ObjectKey[];
}

type Values = ReadonlyMap<string, readonly Json[]>;

/** `isFollowed`: whether only what has changed is read of a type, so that what is not noted may be there all the same. */
export function createMore(options: CollectOptions, ledger: Ledger, isFollowed: (type: string) => boolean): More {
  const unions = options.types.flatMap((type) => type.properties.flatMap(({ union }) => union ?? []));
  const noted = new Map<Union, Map<string, readonly Json[]>>(unions.map((union) => [union, new Map()]));
  const common = new Map<Union, Map<ObjectKey, string>>(unions.map((union) => [union, new Map()]));
  const unknown = new Set<string>();
  const read = new Set(options.types.map((type) => type.name));

  /** Objects with nothing mixed in, by what they would have in common with that. */
  const alone = new Map<Union, Map<string, ObjectKey>>(unions.map((union) => [union, new Map()]));
  const tooEarly = new Set<ObjectKey>();

  // Also where none of its objects is read.
  for (const type of options.types)
    for (const property of type.properties) noteWithheld(options, ledger, type, property, []);

  const note: More['note'] = (type, page) => {
    for (const [union, values] of noted) {
      if (union.type !== type.name) continue;
      for (const raw of page) {
        const value = commonIn(union, raw);
        values.set(value, itemsOf(raw[union.property]));
        const key = alone.get(union)?.get(value);
        if (key !== undefined) tooEarly.add(key);
        const own = keyOf(type, raw);
        if (own !== undefined) common.get(union)?.set(own, value);
      }
    }
  };
  const incomplete: More['incomplete'] = (type) => {
    unknown.add(type.name);
    for (const [union, keys] of alone) {
      if (union.type === type.name) for (const key of keys.values()) tooEarly.add(key);
    }
  };
  /** Reads a type that nobody asked for, because what it holds is mixed into one that somebody asked for. */
  const readSource = async (union: Union) => {
    const source = options.related.get(union.type);
    if (source === undefined || read.has(union.type)) return;
    read.add(union.type);
    try {
      for await (const page of listObjects(options.client, source)) note(source, page);
    } catch (cause) {
      if (!(cause instanceof GraphFailure)) throw cause;
      unknown.add(union.type);
    }
  };
  /** Where not all objects that may be mixed in are noted, those of a page are asked for. */
  const askForMixedIn = async (union: Union, page: readonly Item[]): Promise<Values> => {
    const source = options.related.get(union.type) as ObjectType;
    const values = [...new Set(page.map(({ raw }) => commonIn(union, raw)))];
    const found = await readMixedIn(options.client, union, source, values);
    return new Map(
      values.flatMap((value, index) => {
        const mixed = found[index];
        return mixed?.status === 'found' ? [[value, mixed.value] as const] : [];
      }),
    );
  };
  return {
    note,
    incomplete,
    commonOf: (union, key) => common.get(union)?.get(key),
    takenTooEarly(type) {
      const keys = [...tooEarly].filter((key) => typeOf(key) === type.name);
      for (const key of keys) tooEarly.delete(key);
      return keys;
    },
    async complete(type, page) {
      const completed = page.map((raw): Item => ({ raw: { ...raw } as Record<string, Json>, doubtful: [] }));
      for (const name of type.expand) {
        for (const item of completed) noteUnexpanded(ledger, type, name, item);
      }
      for (const property of type.properties) {
        noteWithheld(options, ledger, type, property, completed);
        if (property.part?.read === true) await readPart(options, ledger, type, property, completed);
        if (property.union === undefined) continue;
        if (isFollowed(property.union.type)) {
          const asked = await askForMixedIn(property.union, completed);
          for (const item of completed) {
            const isKnown = asked.has(commonIn(property.union, item.raw));
            takeApart(property, property.union, isKnown ? asked : undefined, item);
            if (!isKnown) ledger.partGap(type, property.name, `Its ${property.union.type} could not be read.`, 1);
          }
          continue;
        }
        await readSource(property.union);
        const known = unknown.has(property.union.type) ? undefined : (noted.get(property.union) ?? new Map());
        if (known === undefined && page.length > 0) {
          ledger.partGap(type, property.name, `${property.union.type} was not read whole.`, page.length);
        }
        for (const item of completed) {
          takeApart(property, property.union, known, item);
          const value = commonIn(property.union, item.raw);
          const key = keyOf(type, item.raw);
          if (key !== undefined && known?.has(value) === false) alone.get(property.union)?.set(value, key);
        }
      }
      return completed;
    },
  };
}

/** A relation that was to come along and did not, or with its first page only. */
function noteUnexpanded(ledger: Ledger, type: ObjectType, name: string, { raw, doubtful }: Item): void {
  if (raw[name] !== undefined && raw[`${name}@odata.nextLink`] === undefined) return;
  doubtful.push(name);
  ledger.partGap(type, name, 'It did not come whole with the object.', 1);
}

/**
 * A property that takes a permission of its own comes along with every object, and is null without the permission ("Set
 * employeeLeaveDateTime"): what it is cannot be told from that. A part is refused instead.
 */
function noteWithheld(
  { lacking }: CollectOptions,
  ledger: Ledger,
  type: ObjectType,
  property: Property,
  completed: readonly Item[],
): void {
  const needed = property.permissions?.read ?? [];
  const missing = property.part === undefined ? (lacking?.(needed) ?? []) : [];
  if (missing.length === 0) return;
  for (const { doubtful } of completed) doubtful.push(property.name);
  const reason = `The identity lacks ${missing.join(', ')}: it was not asked for.`;
  ledger.partGap(type, property.name, reason, completed.length);
}

async function readPart(
  options: CollectOptions,
  ledger: Ledger,
  type: ObjectType,
  property: Property,
  completed: readonly Item[],
): Promise<void> {
  const found = await readParts(
    options.client,
    property,
    completed.map(({ raw }) => graphIdOf(type, raw) ?? ''),
  );
  for (const [index, item] of completed.entries()) {
    const answer = found[index];
    if (answer?.status === 'found') item.raw[property.name] = answer.value;
    else {
      item.doubtful.push(property.name);
      const reason = answer?.status === 'unknown' ? describeError(answer.error) : 'It was not found.';
      ledger.partGap(type, property.name, reason, 1);
    }
  }
}

function takeApart(property: Property, union: Union, known: Values | undefined, item: Item): void {
  if (known === undefined) item.doubtful.push(property.name);
  else item.raw[property.name] = ownItems(item.raw[property.name], known.get(commonIn(union, item.raw)));
}

/** What an object has in common with the one that is mixed into it. */
function commonIn(union: Union, raw: JsonObject): string {
  return String(raw[union.by]).toLowerCase();
}

/** The items of a union that are not the other's. */
export function ownItems(union: Json | undefined, others: readonly Json[] = []): readonly Json[] {
  return itemsOf(union).filter((item) => !others.includes(item));
}

function itemsOf(value: Json | undefined): readonly Json[] {
  return isJsonArray(value) ? value : [];
}
