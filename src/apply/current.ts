/** Objects as they are just before they are written, with all that the plan's values are judged by. */

import { type Found, readMixedIn, readParts } from '../graph/reader.js';
import type { Address } from '../graph/requests.js';
import { readManyObjects } from '../graph/scarce.js';
import type { GraphError } from '../graph/types.js';
import { isJsonArray, type Json, type JsonObject } from '../model/json.js';
import { idOf } from '../model/object.js';
import type { ObjectAction } from '../model/plan.js';
import { graphIdOf, ownerOf } from '../registry/identity.js';
import type { ObjectType, Property } from '../registry/types.js';
import { type Canonical, canonicalise, kindOf } from '../state/canonical.js';
import type { ApplyContext } from './context.js';

/** An object that was just read. */
export interface Current {
  /** Undefined when it is of a kind that this version does not know. */
  readonly canonical: Canonical | undefined;
  readonly address: Address;
  /** What other objects mix into a property's value, by property. */
  readonly mixedIn: Readonly<Record<string, readonly Json[]>>;
  /** Properties that the action is about and that could not be read. */
  readonly unread: readonly Unread[];
}

export interface Unread {
  readonly path: string;
  readonly error: GraphError;
}

/** Reads the objects of these actions, in their order, with the parts that the actions are about. */
export async function readCurrent(
  context: ApplyContext,
  type: ObjectType,
  actions: readonly ObjectAction[],
): Promise<readonly Found<Current>[]> {
  const found = await readManyObjects(
    context.client,
    type,
    actions.map((action) => idOf(action.object)),
  );
  const raws = found.map((answer) => (answer.status === 'found' ? { ...answer.value } : undefined));
  const mixedIn = actions.map((): Record<string, readonly Json[]> => ({}));
  const unread = actions.map((): Unread[] => []);
  const gone = new Set<number>();
  for (const property of type.properties.filter(({ part, union }) => part?.read === true || union !== undefined)) {
    const places = actions.flatMap((action, index) =>
      raws[index] !== undefined && action.set.some(({ path }) => path === property.name) ? [index] : [],
    );
    const more = await readMore(
      context,
      type,
      property,
      places.map((index) => raws[index] as JsonObject),
    );
    for (const [at, index] of places.entries()) {
      const answer = more[at];
      if (answer?.status === 'unknown') unread[index]?.push({ path: property.name, error: answer.error });
      else if (answer?.status !== 'found') gone.add(index);
      else (raws[index] as Record<string, Json>)[property.name] = answer.value.own;
      if (answer?.status === 'found' && mixedIn[index] !== undefined)
        mixedIn[index][property.name] = answer.value.others;
    }
  }
  return found.map((answer, index): Found<Current> => {
    const raw = raws[index];
    const action = actions[index] as ObjectAction;
    if (raw === undefined || answer.status !== 'found') return answer as Found<Current>;
    if (gone.has(index)) return { status: 'absent' };
    return { status: 'found', value: currentOf(type, action, raw, mixedIn[index] ?? {}, unread[index] ?? []) };
  });
}

interface Taken {
  readonly own: Json;
  readonly others: readonly Json[];
}

/** One property of many objects that their own answers do not, or not alone, hold. */
async function readMore(
  { client, registry }: ApplyContext,
  type: ObjectType,
  property: Property,
  raws: readonly JsonObject[],
): Promise<readonly Found<Taken>[]> {
  const { union } = property;
  if (raws.length === 0) return [];
  if (union === undefined) {
    const parts = await readParts(
      client,
      property,
      raws.map((raw) => graphIdOf(type, raw) ?? ''),
    );
    return parts.map((part) => (part.status === 'found' ? { ...part, value: { own: part.value, others: [] } } : part));
  }
  const source = registry.byName.get(union.type) as ObjectType;
  const others = await readMixedIn(
    client,
    union,
    source,
    raws.map((raw) => String(raw[union.by])),
  );
  return others.map((answer, index): Found<Taken> => {
    if (answer.status !== 'found') return answer;
    const all = raws[index]?.[property.name];
    const own = isJsonArray(all) ? all.filter((item) => !answer.value.includes(item)) : [];
    return { status: 'found', value: { own, others: answer.value } };
  });
}

function currentOf(
  type: ObjectType,
  action: ObjectAction,
  raw: JsonObject,
  mixedIn: Readonly<Record<string, readonly Json[]>>,
  unread: readonly Unread[],
): Current {
  const touched = new Set(action.set.map(({ path }) => path));
  const unasked = type.properties.filter(({ name, part, union }) => {
    return (part?.read === true || union !== undefined) && !touched.has(name);
  });
  const distrust = [...unasked.map(({ name }) => name), ...unread.map(({ path }) => path)];
  const owner = ownerOf(type, action.object);
  return {
    canonical: canonicalise(type, raw, { deleted: null, links: {}, distrust }),
    address: {
      id: graphIdOf(type, raw) ?? idOf(action.object),
      kind: kindOf(type, raw),
      owner: owner === undefined ? undefined : idOf(owner),
    },
    mixedIn,
    unread,
  };
}
