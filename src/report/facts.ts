/** The first lines of a review: what is compared with what, within which scope. */

import type { StateReference } from '../model/documents.js';
import { idOf, type ObjectKey } from '../model/object.js';
import type { Scope } from '../model/plan.js';
import { SHOWN } from './limits.js';
import { literal, type Span, span, together } from './lines.js';
import type { RenderOptions } from './review.js';
import type { Names } from './values.js';
import { age, between, capturedAt, counted, duration, minute, shortCommit } from './words.js';

/** A time, and how long ago it was in the words that fit the place. */
export type Tell = (time: string) => string;

/** A terminal is read now: `2 days ago`. Markdown is read at any time: there the age is that at the live read. */
export function tellTimes(options: RenderOptions, live: StateReference): Tell {
  return (time) => {
    const old = options.format === 'text' ? age(time, options.now) : ageAtRead(time, live);
    return old === undefined ? minute(time) : `${minute(time)}, ${old}`;
  };
}

function ageAtRead(time: string, live: StateReference): string | undefined {
  if (live.kind !== 'live' || live.captured === undefined) return undefined;
  const passed = between(time, capturedAt(live.captured));
  return passed === undefined || passed <= 0 ? undefined : `${duration(passed)} before the live read`;
}

/** `backup 3f2a9c1 (2026-11-18 14:00 UTC, 2 days ago)` */
export function stateSpans(state: StateReference, tell: Tell): Span[] {
  if (state.commit === undefined) return [span('the live tenant')];
  const name = [span(`${state.kind} `), literal(shortCommit(state.commit), 'strong')];
  return state.captured === undefined ? name : [...name, span(' '), together(`(${tell(capturedAt(state.captured))})`)];
}

/**
 * `Scope: only user/… (Ada Lovelace); soft-deletes are allowed.` Undefined where everything is in scope. `elsewhere`: where
 * the objects are, if they are too many to be named.
 */
export function scopeSpans(scope: Scope, names: Names, elsewhere: string): Span[] | undefined {
  const parts: Span[] = [];
  const say = (words: string, items: readonly string[] = []): void => {
    parts.push(span(parts.length > 0 ? `; ${words}` : words));
    for (const [index, item] of items.entries()) parts.push(span(index > 0 ? ', ' : ' '), literal(item));
  };
  const sayObjects = (word: string, keys: readonly ObjectKey[], rest: string): void => {
    if (keys.length > SHOWN) say(`${word} ${counted(keys.length, 'object')} ${rest} (${elsewhere})`);
    else
      for (const [index, key] of keys.entries()) {
        if (index === 0) say(word, [key]);
        else parts.push(span(', '), literal(key));
        const name = names(idOf(key));
        if (name !== undefined) parts.push(span(' '), together(`(${name})`));
      }
  };
  if (scope.types.length > 0) say('only', scope.types);
  sayObjects('only', scope.targets, 'that were asked for');
  sayObjects('without', scope.exclude, 'that are left alone');
  if (scope.allowDelete.includes('*')) say('soft-deletes are allowed');
  else if (scope.allowDelete.length > 0) say('soft-deletes are allowed for', scope.allowDelete);
  return parts.length === 0 ? undefined : [span('Scope: '), ...parts, span('.')];
}
