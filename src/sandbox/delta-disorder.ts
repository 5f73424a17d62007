/** In which order change tracking tells changes, and what it tells twice. */
import { chance } from './chance.js';
import type { Trace, TrackedCollection } from './history.js';
import type { HandlerContext } from './request.js';

/** An object, and the stretch of its past that is told. */
export interface Change {
  readonly id: string;
  readonly from: number;
  readonly to: number;
}

/**
 * The objects that changed after one position up to another, each once, in the order of their last changes; or as
 * `behaviour` disturbs it. The same for every page of a round.
 */
export function changesBetween(
  { store, behaviour }: HandlerContext,
  collection: TrackedCollection,
  from: number,
  to: number,
): Change[] {
  const all = store.history.traces(collection);
  const first = firstAfter(all, from);
  const traces = all.slice(first, firstAfter(all, to));
  const last = new Map<string, number>();
  for (const { id, position } of traces) {
    last.delete(id);
    last.set(id, position);
  }
  const changes = [...last.keys()].map((id): Change => ({ id, from, to }));
  const roll = (purpose: string) => chance(behaviour.seed, `${collection}/${from}/${to}/${purpose}`);
  if (behaviour.deltaReorder) shuffle(changes, roll);
  if (behaviour.deltaReplay === 0) return changes;
  // What the rounds before told comes again, and the steps of this one, each with the past as it was.
  const steps = [...all.slice(Math.max(0, first - recentTraces), first), ...traces];
  for (const [step, { id, position }] of steps.entries()) {
    if (roll(`replay ${step}`) >= behaviour.deltaReplay) continue;
    const at = Math.floor(roll(`place ${step}`) * (changes.length + 1));
    changes.splice(at, 0, { id, from: Math.min(from, position - 1), to: position });
  }
  return changes;
}

/** How far back a replay reaches, in changes. */
const recentTraces = 20;

/** Index of the first trace after a position; traces are in the order of their positions. */
function firstAfter(traces: readonly Trace[], position: number): number {
  let low = 0;
  let high = traces.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((traces[middle] as Trace).position <= position) low = middle + 1;
    else high = middle;
  }
  return low;
}

function shuffle(items: Change[], roll: (purpose: string) => number): void {
  for (let at = items.length - 1; at > 0; at--) {
    const other = Math.floor(roll(`order ${at}`) * (at + 1));
    [items[at], items[other]] = [items[other] as Change, items[at] as Change];
  }
}

/** The last position that change tracking shows already: changes take `behaviour.deltaLatency` seconds at most. */
export function visiblePosition({ store, behaviour, clock }: HandlerContext, collection: TrackedCollection): number {
  const { deltaLatency, seed } = behaviour;
  const now = clock().getTime();
  let visible = store.history.position();
  if (deltaLatency === 0) return visible;
  const traces = store.history.traces(collection);
  for (let at = traces.length - 1; at >= 0; at--) {
    const trace = traces[at] as Trace;
    if (trace.at + deltaLatency * 1000 <= now) break;
    const lag = deltaLatency * 1000 * chance(seed, `latency ${trace.position}`);
    if (trace.at + lag > now) visible = trace.position - 1;
  }
  return visible;
}
