/** A review on a terminal. */

import type { Kept } from '../model/plan.js';
import { groupLines } from './group-lines.js';
import type { Group } from './groups.js';
import { keptKinds, keptText, remedyOfKept } from './kept.js';
import { SHOWN } from './limits.js';
import { BLANK, cut, type Line, paint, span, together, whole, wrap } from './lines.js';
import { idLines, type Scene } from './name-lines.js';
import { holeLines, problemLines } from './notices.js';
import {
  type BlockedGroup,
  LEGEND,
  LEGEND_ITEMS,
  lookUp,
  type RenderOptions,
  type Review,
  type Section,
  showsItems,
  showsValues,
} from './review.js';
import { counted } from './words.js';

const MAX_GROUPS = 100;

export function reviewText(review: Review, options: RenderOptions): string {
  const { names, elsewhere } = review;
  const scene: Scene = { width: Math.max(40, options.width), names, elsewhere };
  const most = options.maxGroups ?? MAX_GROUPS;
  const lines = [
    ...review.head.map((spans) => wrap(0, ...spans)),
    BLANK,
    ...review.holes.flatMap((hole) => [...holeLines(hole, options.now, elsewhere), BLANK]),
    ...problemLines(review.problems, elsewhere, review.holes),
    BLANK,
    ...legendLines(review),
    ...review.sections.flatMap((section) => sectionLines(section, most, scene)),
    ...blockedLines(review, most, scene),
    ...keptLines(review.kept, scene),
    BLANK,
    ...(review.standing === undefined ? [] : [wrap(0, span(review.standing, 'warning'))]),
    whole(0, span(review.final, 'strong')),
  ];
  return paint(lines, options);
}

function legendLines(review: Review): Line[] {
  const items = showsItems(review);
  if (showsValues(review)) return [wrap(0, span(items ? `${LEGEND}; ${LEGEND_ITEMS}` : LEGEND, 'dim'))];
  return items ? [wrap(0, span(LEGEND_ITEMS, 'dim'))] : [];
}

function sectionLines(section: Section, most: number, scene: Scene): Line[] {
  const note = section.note === undefined ? [] : [wrap(0, span(section.note, 'dim'))];
  return [
    BLANK,
    cut(0, span(section.title, 'strong')),
    ...note,
    ...groupsLines(section.groups, section.verbs, most, scene),
  ];
}

function groupsLines(groups: readonly Group[], verbs: boolean, most: number, scene: Scene): Line[] {
  const hidden = groups.slice(most).reduce((sum, group) => sum + group.entries.length, 0);
  let before = 2;
  const lines = groups.slice(0, most).flatMap((group) => {
    const own = groupLines(group, verbs, scene);
    const apart = before > 1 || own.length > 1;
    before = own.length;
    return apart ? [BLANK, ...own] : own;
  });
  if (hidden === 0) return lines;
  return [...lines, BLANK, cut(2, span(`and ${counted(hidden, 'more object')} (${scene.elsewhere})`, 'dim'))];
}

function blockedLines(review: Review, most: number, scene: Scene): Line[] {
  if (review.blocked.length === 0) return [];
  const title = `Blocked: ${counted(review.blockedCount, 'difference')} that cannot be recovered from here`;
  return [
    BLANK,
    cut(0, span(title, 'warning')),
    ...review.blocked.slice(0, most).flatMap((group) => reasonLines(group, review.desired, most, scene)),
  ];
}

function reasonLines(group: BlockedGroup, desired: string | undefined, most: number, scene: Scene): Line[] {
  const file = lookUp(group, desired);
  return [
    BLANK,
    wrap(2, span(`${group.code}: `, 'warning'), group.reason, together(differencesOf(group), 'dim')),
    wrap(4, span('What to do: ', 'dim'), group.remedy),
    ...(file === undefined ? [] : [wrap(4, span(file.words, 'dim')), whole(6, span(file.command))]),
    ...groupsLines(group.groups, false, most, { ...scene, width: scene.width - 2 })
      .filter((line) => line !== BLANK)
      .map((line) => ({ ...line, indent: line.indent + 2 })),
  ];
}

/** Where several links of one object are told as one, how many there are. */
function differencesOf({ count, groups }: BlockedGroup): string {
  const told = groups.reduce((sum, group) => sum + group.entries.length, 0);
  return count === told ? '' : ` (${counted(count, 'difference')})`;
}

function keptLines(kept: readonly Kept[], scene: Scene): Line[] {
  if (kept.length === 0) return [];
  return [
    BLANK,
    cut(0, span(`Kept: ${counted(kept.length, 'object')} that only a soft-delete would remove`, 'strong')),
    ...keptKinds(kept).flatMap((items) => [wrap(2, keptText(items)), ...idLines(items, 6, SHOWN, scene)]),
    wrap(2, span(remedyOfKept(kept), 'dim')),
  ];
}
