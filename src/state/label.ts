/** The name of an object for people. */

import type { DirectoryObject } from '../model/object.js';
import { idOf } from '../model/object.js';
import type { ObjectType } from '../registry/types.js';

/** The first non-empty label property, else the id. The text is the tenant's: escape it where it is printed. */
export function labelOf(type: ObjectType | undefined, object: DirectoryObject): string {
  for (const name of type?.label ?? []) {
    const value = object.properties[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  return idOf(object.key);
}
