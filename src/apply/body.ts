/** Bodies of PATCH requests. Pure. */

import { isJsonObject, type Json, type JsonObject } from '../model/json.js';

const ODATA_TYPE = '@odata.type';

/** One property to write: its desired value, and the value it has now. */
export interface ValueToWrite {
  readonly path: string;
  readonly desired: Json;
  readonly live: Json | undefined;
  /** Members of the value that Graph must be sent, each with what it is when empty; none where it needs not be complete. */
  readonly always?: JsonObject;
}

/**
 * The body that brings these properties, and no other, to their desired values. A complex value is written whole; a
 * member that is live and not desired is written as null, because Graph merges some complex values member by member
 * ("Update conditionalAccessPolicy"). `kind` is the object's `@odata.type`, which polymorphic types must carry.
 */
export function patchBody(values: readonly ValueToWrite[], kind: string | undefined): JsonObject {
  const body: Record<string, Json> = kind === undefined ? {} : { [ODATA_TYPE]: kind };
  for (const { path, desired, live, always } of values) body[path] = completed(withCleared(desired, live), always);
  return body;
}

function withCleared(desired: Json, live: Json | undefined): Json {
  if (!isJsonObject(desired) || !isJsonObject(live)) return desired;
  if (desired[ODATA_TYPE] !== live[ODATA_TYPE]) return desired;
  const whole: Record<string, Json> = {};
  for (const name of Object.keys(desired)) whole[name] = withCleared(desired[name] as Json, live[name]);
  for (const name of Object.keys(live)) if (!Object.hasOwn(desired, name)) whole[name] = null;
  return whole;
}

/** A value that must be complete is never null in a body: every member of it is emptied instead. */
function completed(value: Json, always: JsonObject | undefined): Json {
  if (always === undefined || (value !== null && !isJsonObject(value))) return value;
  const missing = Object.entries(always).filter(([name]) => value === null || !Object.hasOwn(value, name));
  return { ...value, ...Object.fromEntries(missing) };
}
