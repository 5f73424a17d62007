/** What is said of an object that is left alone. Pure. */

import type { Change } from '../model/change.js';
import { isJsonArray, type Json } from '../model/json.js';
import type { Kept, KeptFact } from '../model/plan.js';
import type { ObjectType, Property, Shape } from '../registry/types.js';

/** The object, since when it is there, and what it is now: whoever reviews has nothing else but its name. */
export function keptOf(type: ObjectType, change: Change): Kept {
  const facts = type.properties.flatMap((property) => factOf(property, change.liveObject?.properties[property.name]));
  return {
    object: change.object,
    label: change.label,
    since: change.desired === 'deleted' ? 'restored' : 'created',
    ...(facts.length === 0 ? {} : { facts }),
  };
}

/** Switches and states as they are; of credentials how many there are. What is not set says nothing, nor does the kind. */
function factOf({ name, shape }: Property, value: Json | undefined): KeptFact[] {
  if (value === undefined || value === null || name === '@odata.type') return [];
  if (isSwitch(shape)) return [{ path: name, value }];
  if (!name.endsWith('Credentials') || !isJsonArray(value) || value.length === 0) return [];
  return [{ path: name, count: value.length }];
}

function isSwitch(shape: Shape): boolean {
  return (
    shape.kind === 'scalar' && shape.flags === undefined && (shape.scalar === 'boolean' || shape.values !== undefined)
  );
}
