/** Under which key an object of the live tenant is stored. */

import type { JsonObject } from '../model/json.js';
import type { ObjectKey } from '../model/object.js';
import { keyOf } from '../registry/identity.js';
import type { ObjectType } from '../registry/types.js';
import { assertStorable } from '../state/layout.js';

/**
 * The key of an object as Graph answered it; undefined where it does not identify itself. Throws a Failure (KG204) where it
 * cannot be the name of a file, before anything else is asked about the object.
 */
export function storedKeyOf(type: ObjectType, raw: JsonObject): ObjectKey | undefined {
  const key = keyOf(type, raw);
  if (key !== undefined) assertStorable(type, key);
  return key;
}
