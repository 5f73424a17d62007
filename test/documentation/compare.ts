/** Whether an answer has the shape that a page shows: its members, each of the kind shown. */

import type { Json, JsonObject } from './examples.js';

/** Described elsewhere, or different each time. */
const IGNORED =
  /^(?:@odata\.(?:context|nextLink|deltaLink|id|etag)|@microsoft\.graph\..*|.*@odata\.context|innerError|innererror|message)$/;

export interface Comparison {
  /** Whether null will do where the page shows a value: it was not written there before. */
  readonly lenient: boolean;
  /** Whether members without a value are left out, as delta does. */
  readonly sparse: boolean;
  /** Ids of items by their position in the page's list. */
  readonly ids: readonly string[];
}

/** Where the answer differs from the page, as `path: what`. */
export function differences(shown: JsonObject, answer: JsonObject, how: Comparison): string[] {
  const found: string[] = [];
  const object = (expected: JsonObject, actual: JsonObject, path: string) => {
    for (const [name, value] of Object.entries(expected)) {
      if (IGNORED.test(name)) continue;
      const at = `${path}/${name}`;
      if (!Object.hasOwn(actual, name) && how.sparse) continue;
      if (!Object.hasOwn(actual, name)) found.push(`${at}: is missing`);
      else compare(value, actual[name] as Json, at);
    }
  };
  const list = (expected: readonly Json[], actual: readonly Json[], path: string) => {
    for (const [index, value] of expected.entries()) {
      if (actual.length === 0) {
        if (!how.lenient) found.push(`${path}: is empty`);
        return;
      }
      if (kindOf(value) !== 'object') compare(value, actual[0] as Json, `${path}/[]`);
      else {
        const id = path === '/value' ? how.ids[index] : (value as JsonObject).id;
        const same = id === undefined ? undefined : actual.find((each) => idOf(each) === idOf({ id }));
        if (same === undefined && path === '/value' && id !== undefined)
          found.push(`${path}: lacks the item ${index + 1} of the page`);
        else compare(value, same ?? (actual[index] as Json) ?? (actual[0] as Json), `${path}/[]`);
      }
    }
  };
  const compare = (expected: Json, actual: Json, path: string) => {
    const [wanted, got] = [kindOf(expected), kindOf(actual)];
    if (wanted === 'null' || (got === 'null' && how.lenient)) return;
    if (wanted !== got) found.push(`${path}: is ${got}, and not ${wanted}`);
    else if (wanted === 'object') object(expected as JsonObject, actual as JsonObject, path);
    else if (wanted === 'list') list(expected as readonly Json[], actual as readonly Json[], path);
  };
  object(shown, answer, '');
  return [...new Set(found)];
}

const idOf = (item: Json): string => String((item as JsonObject).id).toLowerCase();

function kindOf(value: Json): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'list' : typeof value;
}
