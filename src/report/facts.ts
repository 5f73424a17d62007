/** The first lines of a review: what is compared with what, within which scope. */

import type { StateReference } from '../model/documents.js';
import type { Scope } from '../model/plan.js';
import { literal, type Span, span, together } from './lines.js';
import type { RenderOptions } from './review.js';
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

/** `Scope: only group; soft-deletes are allowed.` Undefined where everything is in scope. */
export function scopeSpans(scope: Scope): Span[] | undefined {
  const parts: Span[] = [];
  const say = (words: string, names: readonly string[] = []): void => {
    parts.push(span(parts.length > 0 ? `; ${words}` : words));
    for (const [index, name] of names.entries()) parts.push(span(index > 0 ? ', ' : ' '), literal(name));
  };
  if (scope.types.length > 0) say('only', scope.types);
  if (scope.targets.length > 3) say(`only ${counted(scope.targets.length, 'object')} that were asked for`);
  else if (scope.targets.length > 0) say('only', scope.targets);
  if (scope.exclude.length > 3) say(`without ${counted(scope.exclude.length, 'object')} that are left alone`);
  else if (scope.exclude.length > 0) say('without', scope.exclude);
  if (scope.allowDelete.includes('*')) say('soft-deletes are allowed');
  else if (scope.allowDelete.length > 0) say('soft-deletes are allowed for', scope.allowDelete);
  return parts.length === 0 ? undefined : [span('Scope: '), ...parts, span('.')];
}
