/**
 * What an object's own answer does not say: parts that are read by requests of their own, and values into which Graph
 * mixes those of another object. Types are read in order of rank, so the objects that are mixed in were read before.
 */

import { listObjects, readParts } from '../graph/reader.js';
import { describeError, GraphFailure } from '../graph/types.js';
import { isJsonArray, type Json, type JsonObject } from '../model/json.js';
import { graphIdOf } from '../registry/identity.js';
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
  /** Notes that not all objects of a type are known. */
  incomplete(type: ObjectType): void;
}

type Values = ReadonlyMap<string, readonly Json[]>;

export function createMore(options: CollectOptions, ledger: Ledger): More {
  const unions = options.types.flatMap((type) => type.properties.flatMap(({ union }) => union ?? []));
  const noted = new Map<Union, Map<string, readonly Json[]>>(unions.map((union) => [union, new Map()]));
  const unknown = new Set<string>();
  const read = new Set(options.types.map((type) => type.name));

  const note: More['note'] = (type, page) => {
    for (const [union, values] of noted) {
      if (union.type !== type.name) continue;
      for (const raw of page) values.set(String(raw[union.by]).toLowerCase(), itemsOf(raw[union.property]));
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
  return {
    note,
    incomplete: (type) => void unknown.add(type.name),
    async complete(type, page) {
      const completed = page.map((raw): Item => ({ raw: { ...raw } as Record<string, Json>, doubtful: [] }));
      for (const name of type.expand) {
        for (const item of completed) noteUnexpanded(ledger, type, name, item);
      }
      for (const property of type.properties) {
        if (property.part?.read === true) await readPart(options, ledger, type, property, completed);
        if (property.union === undefined) continue;
        await readSource(property.union);
        const known = unknown.has(property.union.type) ? undefined : (noted.get(property.union) ?? new Map());
        if (known === undefined && page.length > 0) {
          ledger.partGap(type, property.name, `${property.union.type} was not read whole.`, page.length);
        }
        for (const item of completed) takeApart(property, property.union, known, item);
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
  else item.raw[property.name] = ownItems(item.raw[property.name], known.get(String(item.raw[union.by]).toLowerCase()));
}

/** The items of a union that are not the other's. */
export function ownItems(union: Json | undefined, others: readonly Json[] = []): readonly Json[] {
  return itemsOf(union).filter((item) => !others.includes(item));
}

function itemsOf(value: Json | undefined): readonly Json[] {
  return isJsonArray(value) ? value : [];
}
