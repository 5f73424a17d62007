/** Cuts a plan's actions into stages: everything in a stage may run at once, and a stage waits for the one before. Pure. */

import { typeOf } from '../model/object.js';
import type { Action, LinkAction, ObjectAction, Phase } from '../model/plan.js';

export type Stage = { readonly phase: Phase; readonly type: string } & (
  | { readonly kind: 'restore' | 'update' | 'soft-delete'; readonly actions: readonly ObjectAction[] }
  | { readonly kind: 'link' | 'unlink'; readonly actions: readonly LinkAction[] }
);

/** Stages in the order of the plan: phase, rank, kind of action, type. */
export function stagesOf(actions: readonly Action[]): Stage[] {
  const stages: { key: string; phase: Phase; kind: Action['action']; type: string; actions: Action[] }[] = [];
  for (const action of actions) {
    const type = typeOf(action.object);
    const rank = 'rank' in action ? action.rank : 0;
    const key = [action.phase, rank, action.action, type].join(' ');
    const open = stages.at(-1);
    if (open?.key === key) open.actions.push(action);
    else stages.push({ key, phase: action.phase, kind: action.action, type, actions: [action] });
  }
  return stages as unknown as Stage[];
}

/**
 * How many actions are read together where Graph allows one request in a second: what was read should not grow old before
 * it is written.
 */
export const SCARCE_PART = 20;

/** Parts of at most `size` items, in order. */
export function chunksOf<T>(items: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let at = 0; at < items.length; at += size) chunks.push(items.slice(at, at + size));
  return chunks;
}
