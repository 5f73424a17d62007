/** What a person took out of a state file: it is valid without, and unmanaged from then on. */

import { parse } from 'yaml';
import { isJsonObject } from '../model/json.js';
import type { ObjectType } from '../registry/types.js';
import { OPTIONS } from './document.js';
import { scanCanonical } from './scan.js';

/** Names of compared properties and of links that one content of an object's file holds and a later one does not. */
export function droppedNames(type: ObjectType, before: string, now: string): readonly string[] {
  const [had, has] = [before, now].map(namesIn);
  if (had === undefined || has === undefined) return [];
  const compared = type.properties.filter(
    ({ access }) => access === 'readWrite' || access === 'readOnly' || access === 'createOnly',
  );
  return [...compared, ...type.links].map(({ name }) => name).filter((name) => had.has(name) && !has.has(name));
}

function namesIn(text: string): ReadonlySet<string> | undefined {
  try {
    const document: unknown = scanCanonical(text) ?? parse(text, { ...OPTIONS, logLevel: 'error' });
    return isJsonObject(document) ? new Set(Object.keys(document)) : undefined;
  } catch {
    return undefined;
  }
}
