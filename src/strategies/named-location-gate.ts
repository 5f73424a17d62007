/** Strategy `namedLocationGate`. Source: "Delete namedLocation": a trusted IP location must be untrusted first. */

import type { Json } from '../model/json.js';

/** Why Graph would refuse to delete this location; undefined when it would not. */
export function trustedLocationStays(live: Readonly<Record<string, Json>>): string | undefined {
  return live.isTrusted === true ? 'Graph does not delete a trusted location' : undefined;
}
