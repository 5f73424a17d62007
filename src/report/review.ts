/** What a difference report and a plan have in common when people read them: one shape, two ways to print it. */

import type { Coverage } from '../model/coverage.js';
import type { ObjectKey } from '../model/object.js';
import type { Blocked, Kept } from '../model/plan.js';
import type { Problem } from '../model/problem.js';
import { type Entry, type EntryLinks, type Group, groupEntries, partition } from './groups.js';
import { leafDifferences } from './leaves.js';
import type { Span } from './lines.js';
import { isSetDifference, type Names } from './values.js';
import { counted, shortCommit, thousands } from './words.js';

export interface RenderOptions {
  readonly format: 'text' | 'markdown';
  /** For ages; nothing here reads the clock. */
  readonly now: Date;
  /** Text only. */
  readonly color: boolean;
  /** Columns of the terminal. Text only. */
  readonly width: number;
  /** How many groups of objects a section of the text shows; 100 if not given. */
  readonly maxGroups?: number;
  /** Largest size of the Markdown in bytes of UTF-8; 60,000 if not given, and never taken for less than 8,000. */
  readonly maxBytes?: number;
  /** False for a plan that is in no file: what is not shown has to be looked for elsewhere. */
  readonly saved?: boolean;
}

export interface Section {
  readonly title: string;
  readonly note?: string;
  readonly groups: readonly Group[];
  /** Whether the groups are to name their action, because the section has several. */
  readonly verbs: boolean;
}

/** A side that was not completely read. */
export interface Hole {
  readonly side: string;
  readonly coverage: Coverage;
}

export interface Review {
  /** One item a line. */
  readonly head: readonly (readonly Span[])[];
  readonly holes: readonly Hole[];
  readonly problems: readonly Problem[];
  readonly sections: readonly Section[];
  readonly blocked: readonly BlockedGroup[];
  readonly blockedCount: number;
  readonly kept: readonly Kept[];
  /** What is still there although nothing is to be changed; absent where something is. */
  readonly standing?: string;
  /** The commit that is the desired side. */
  readonly desired: string | undefined;
  readonly names: Names;
  /** The frozen line. */
  readonly final: string;
  /** Where everything is that is not shown: `--json lists all`. */
  readonly elsewhere: string;
  /** The Markdown's word for it: `in the plan file`. */
  readonly elsewhereInMarkdown: string;
}

/** Differences that cannot be recovered for the same reason. */
export interface BlockedGroup {
  readonly code: string;
  readonly reason: string;
  readonly remedy: string;
  readonly groups: readonly Group[];
  readonly count: number;
  /** An object whose file in the backup helps to make it again; the others are looked up like it. */
  readonly example?: ObjectKey;
}

/** What was deleted for good: all that is left of it is its file. */
const GONE = 'KG502';
/** So many reasons with the same code are told apart; of more, one stands for all. */
const REASONS_OF_A_CODE = 5;

export function groupBlocked(blocked: readonly Blocked[]): BlockedGroup[] {
  // What is gone comes before what is missing because of it.
  const inOrder = blocked.toSorted((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0));
  const kinds = partition(inOrder, (item) => `${item.code}\0${item.remedy}`);
  return kinds.flatMap((items) => {
    const reasons = partition(items, (item) => item.reason);
    if (reasons.length <= REASONS_OF_A_CODE) return reasons.map((same) => blockedGroup(same, same[0]?.reason ?? ''));
    return [
      blockedGroup(items, `${counted(reasons.length, 'reason')} of one kind, such as: ${items[0]?.reason ?? ''}`),
    ];
  });
}

function blockedGroup(items: readonly Blocked[], reason: string): BlockedGroup {
  const { code, remedy, object } = items[0] as Blocked;
  // A link of an object that is blocked in several ways is one link all the same.
  const once = partition(items, ({ object: key, path = '', live, desired }) =>
    live === undefined && desired === undefined ? `${key}\0${path}` : `${key}\0${path}\0value`,
  );
  return {
    code,
    reason,
    remedy,
    count: items.length,
    groups: groupEntries(once.flatMap(blockedEntries)),
    ...(code === GONE ? { example: object } : {}),
  };
}

/** What is blocked of one property or link of an object. */
function blockedEntries(items: readonly Blocked[]): Entry[] {
  const [first] = items;
  if (first === undefined) return [];
  const lost = items.flatMap(({ path, target }) => (path === undefined || target === undefined ? [] : [target]));
  if (lost.length > 0) {
    const links = [{ link: first.path ?? '', add: [], remove: [], lost }];
    return [{ object: first.object, label: first.label, action: 'blocked', values: [], links }];
  }
  const isLink = first.live === undefined && first.desired === undefined;
  return (isLink ? [first] : items).map(blockedEntry);
}

function blockedEntry(item: Blocked): Entry {
  const { object, label, path, live, desired } = item;
  const entry = { object, label, action: 'blocked' as const, links: [] };
  if (path === undefined) return { ...entry, values: [] };
  if (live === undefined && desired === undefined) return { ...entry, values: [{ path }] };
  return { ...entry, values: leafDifferences(path, live, desired), ...(live === undefined ? { oneSided: true } : {}) };
}

/** True if any value is shown as `desired ← live`. */
export function showsValues(review: Review): boolean {
  return someEntry(review, (entry) =>
    entry.values.some((value) => !isSetDifference(value) && (value.desired ?? value.live) !== undefined),
  );
}

/** True if any item or link is shown as `+` or `−`. */
export function showsItems(review: Review): boolean {
  const moves = ({ add, remove }: EntryLinks): boolean => add.length + remove.length > 0;
  return someEntry(review, (entry) => entry.links.some(moves) || entry.values.some(isSetDifference));
}

function someEntry(review: Review, test: (entry: Entry) => boolean): boolean {
  const groups = [...review.sections, ...review.blocked].flatMap((part) => part.groups);
  return groups.some((group) => group.kind !== 'listed' && group.entries.some(test));
}

/** `12 to add, 3 to remove`; of links that are blocked, how many. */
export function linkCounts(entries: readonly Entry[]): string {
  let add = 0;
  let remove = 0;
  let lost = 0;
  for (const entry of entries) {
    for (const links of entry.links) {
      add += links.add.length;
      remove += links.remove.length;
      lost += links.lost?.length ?? 0;
    }
  }
  if (lost > 0) return `${thousands(lost)} cannot be linked`;
  return `${thousands(add)} to add, ${thousands(remove)} to remove`;
}

export const LEGEND = 'desired ← live: the left value is what recovery writes';
export const LEGEND_ITEMS = '+ comes back, − goes';

/** What to type to see what the backup holds of an object that a person has to make again. */
export function lookUp(
  group: BlockedGroup,
  desired: string | undefined,
): { words: string; command: string } | undefined {
  if (group.example === undefined || desired === undefined) return undefined;
  // A key out of a file is typed as it stands only where no shell takes it for more than a word.
  const key = /^[\w./-]+$/.test(group.example) ? group.example : 'TYPE/ID';
  const words = group.count === 1 ? 'To see the file, type:' : 'To see the file of each, by its TYPE/ID, type:';
  return { words, command: `knowngood show ${shortCommit(desired)} ${key}` };
}
