/**
 * Many objects at once, just before they are written. Where Graph allows few requests (one in a second for Conditional
 * Access), one list takes the place of a request for each object; what it does not name is asked for by id.
 */

import type { JsonObject } from '../model/json.js';
import { idOf } from '../model/object.js';
import { keyOf } from '../registry/identity.js';
import type { ObjectType } from '../registry/types.js';
import { isScarce } from './charges.js';
import { type Found, listDeleted, listObjects, readDeletedObjects, readObjects } from './reader.js';
import { type GraphClient, GraphFailure } from './types.js';

/** Whether Graph allows few requests about objects of this type. */
export function isScarceType(type: ObjectType): boolean {
  return type.edge === undefined && type.singleton === undefined && isScarce(type);
}

/** Active objects by id, in the order of the ids. */
export function readManyObjects(
  client: GraphClient,
  type: ObjectType,
  ids: readonly string[],
): Promise<readonly Found<JsonObject>[]> {
  const byId = (some: readonly string[]) => readObjects(client, type, some);
  return isScarceType(type) ? readListed(type, ids, () => listObjects(client, type), byId) : byId(ids);
}

/** Objects of a recycle bin by id, in the order of the ids. */
export function readManyDeletedObjects(
  client: GraphClient,
  type: ObjectType,
  ids: readonly string[],
): Promise<readonly Found<JsonObject>[]> {
  const byId = (some: readonly string[]) => readDeletedObjects(client, type, some);
  return isScarceType(type) ? readListed(type, ids, () => listDeleted(client, type), byId) : byId(ids);
}

async function readListed(
  type: ObjectType,
  ids: readonly string[],
  list: () => AsyncGenerator<readonly JsonObject[]>,
  byId: (ids: readonly string[]) => Promise<readonly Found<JsonObject>[]>,
): Promise<readonly Found<JsonObject>[]> {
  if (ids.length < 2) return byId(ids);
  const listed = new Map<string, JsonObject>();
  try {
    for await (const page of list()) {
      for (const object of page) {
        const key = keyOf(type, object);
        if (key !== undefined) listed.set(idOf(key), object);
      }
    }
  } catch (cause) {
    if (!(cause instanceof GraphFailure)) throw cause;
    listed.clear();
  }
  const others = ids.filter((id) => !listed.has(id));
  const found = new Map((await byId(others)).map((answer, index) => [others[index] as string, answer]));
  return ids.map((id): Found<JsonObject> => {
    const value = listed.get(id);
    return value === undefined ? (found.get(id) as Found<JsonObject>) : { status: 'found', value };
  });
}
