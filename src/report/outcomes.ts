/** What of an apply was not simply done, by outcome and reason. */

import type { ApplyResult } from '../model/documents.js';
import { partition } from './groups.js';
import type { Tone } from './lines.js';
import type { Named } from './name-lines.js';
import { counted } from './words.js';

export interface OutcomeSection {
  readonly title: string;
  readonly tone: Tone;
  readonly reasons: readonly OutcomeReason[];
}

export interface OutcomeReason {
  readonly reason: string;
  readonly items: readonly (Named & { readonly action: string })[];
}

type Item = ApplyResult['results'][number];

/** Failures first; in each section the reason with most objects first. */
export function outcomesOf(result: ApplyResult): OutcomeSection[] {
  const of = (outcome: Item['outcome']): Item[] => result.results.filter((item) => item.outcome === outcome);
  const refusals = result.results.flatMap((item) =>
    (item.refused ?? []).map(({ path, reason }) => ({ ...item, reason: `${path}: ${reason}` })),
  );
  return [
    section('Failed', 'action', 'error', of('failed')),
    section('Skipped', 'action', 'warning', of('skipped')),
    section('Refused, while the rest of the object was written', 'value', 'warning', refusals),
    section('Not run', 'action', 'warning', of('not-run')),
  ].flat();
}

function section(words: string, what: string, tone: Tone, items: readonly Item[]): OutcomeSection[] {
  if (items.length === 0) return [];
  const reasons = partition(items, (item) => item.reason ?? '').map((same) => ({
    reason: same[0]?.reason ?? '',
    items: same,
  }));
  reasons.sort((a, b) => b.items.length - a.items.length);
  return [{ title: `${words}: ${counted(items.length, what)}`, tone, reasons }];
}

/** `12 updates` */
export function actionCounts(items: readonly { readonly action: string }[]): string {
  return partition(items, (item) => item.action)
    .map((same) => counted(same.length, same[0]?.action ?? ''))
    .join(', ');
}
