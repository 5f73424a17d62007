/** A review as Markdown, for a pull request: counts first, what is risky in the open, the rest folded. */

import type { Kept } from '../model/plan.js';
import { groupRows, type Page } from './group-markdown.js';
import { keptKinds, keptText, remedyOfKept } from './kept.js';
import { SHOWN } from './limits.js';
import { byteLength, code, fitParts, type Part, prose, sentence, tableHead } from './markdown.js';
import { labelOf } from './name-lines.js';
import { findingsOf, gapSpans, holeTitle, someOf, UNREAD } from './notices.js';
import { type BlockedGroup, type Hole, lookUp, type RenderOptions, type Review, type Section } from './review.js';
import { counted, shownOf, thousands } from './words.js';

const MAX_BYTES = 60_000;
const LEAST_BYTES = 8_000;
const CHANGES = tableHead(['object', 'property', 'desired (what recovery writes)', 'live']);
const DIFFERENCES = tableHead(['object', 'property', 'desired', 'live']);
/** So many reasons have a table of their own. */
const REASONS = 20;

export function reviewMarkdown(review: Review, options: RenderOptions): string {
  const maxBytes = Math.max(LEAST_BYTES, options.maxBytes ?? MAX_BYTES);
  const standing = review.standing === undefined ? '' : `**${sentence(review.standing)}**\n\n`;
  const start = `${standing}**${sentence(review.final)}**\n\n${review.head.map(prose).join('  \n')}\n`;
  const parts = [
    ...review.holes.map((hole) => holePart(hole, review)),
    findingsPart(review),
    ...blockedParts(review),
    ...review.sections.map((section) => sectionPart(section, review)),
    ...keptParts(review),
  ];
  return start + fitParts(parts, maxBytes - byteLength(start));
}

/** `12 more gaps are in the plan file.` */
function hiddenIn(review: Review, what: string): Part['more'] {
  return (hidden) =>
    `\n${counted(hidden, `more ${what}`)} ${hidden === 1 ? 'is' : 'are'} ${review.elsewhereInMarkdown}.\n`;
}

function holePart(hole: Hole, review: Review): Part {
  return {
    open: `\n**Incomplete:** ${sentence(holeTitle(hole))} ${UNREAD}\n\n`,
    rows: hole.coverage.gaps.map(
      (gap) => `- ${prose(gapSpans({ ...gap, reason: gap.reason.slice(0, 400) }, undefined))}\n`,
    ),
    close: '',
    more: hiddenIn(review, 'gap'),
  };
}

function findingsPart(review: Review): Part {
  const { shown, hidden } = findingsOf(review.problems, review.holes);
  return {
    open: shown.length > 0 ? '\n' : '',
    rows: shown.map(({ title, problem, objects }) => {
      const remedy = problem.remedy === undefined ? '' : ` *What to do:* ${sentence(problem.remedy)}`;
      const about = objects.length === 0 ? '' : ` *About:* ${code(someOf(objects, review.elsewhere))}`;
      return `- **${title} ${sentence(problem.code)}:** ${sentence(problem.message)}${remedy}${about}\n`;
    }),
    close: hidden > 0 ? `- and ${counted(hidden, 'more finding')} (${review.elsewhereInMarkdown})\n` : '',
    more: hiddenIn(review, 'finding'),
  };
}

function blockedParts(review: Review): Part[] {
  if (review.blocked.length === 0) return [];
  const heading = `\n### Blocked: ${counted(review.blockedCount, 'difference')} that cannot be recovered from here\n`;
  const hidden = review.blocked.length - REASONS;
  const parts = review.blocked.slice(0, REASONS).map((group, index) => ({
    open: `${index === 0 ? heading : ''}\n${blockedReason(group, review)}\n\n${DIFFERENCES}`,
    rows: group.groups.map((item) => groupRows(item, false, pageOf(review))),
    close: '',
    more: hiddenIn(review, 'entry'),
  }));
  const rest = {
    open: `\nand ${counted(hidden, 'more reason')} (${review.elsewhereInMarkdown})\n`,
    rows: [],
    close: '',
    more: () => '',
  };
  return hidden > 0 ? [...parts, rest] : parts;
}

function blockedReason(group: BlockedGroup, review: Review): string {
  const reason = `**${sentence(group.code)}** ${sentence(group.reason)} (${thousands(group.count)})`;
  const file = lookUp(group, review.desired);
  const how = file === undefined ? '' : `  \n${sentence(file.words)} ${code(file.command)}`;
  return `${reason}  \n*What to do:* ${sentence(group.remedy)}${how}`;
}

function pageOf({ names, elsewhereInMarkdown }: Review): Page {
  return { names, elsewhere: elsewhereInMarkdown };
}

function sectionPart(section: Section, review: Review): Part {
  const note = section.note === undefined ? '' : `${sentence(section.note)}\n\n`;
  return {
    open: `\n<details>\n<summary>${section.title}</summary>\n\n${note}${CHANGES}`,
    rows: section.groups.map((group) => groupRows(group, section.verbs, pageOf(review))),
    close: '\n</details>\n',
    more: hiddenIn(review, 'entry'),
  };
}

function keptParts(review: Review): Part[] {
  if (review.kept.length === 0) return [];
  const kinds = keptKinds(review.kept);
  return [
    {
      open: `\n<details>\n<summary>Kept: ${counted(review.kept.length, 'object')} that only a soft-delete would remove</summary>\n\n`,
      rows: kinds.map((items) => `- ${sentence(keptText(items))}\n${keptObjects(items, review)}`),
      close: `\n${sentence(remedyOfKept(review.kept))}\n\n</details>\n`,
      more: hiddenIn(review, 'kind'),
    },
  ];
}

function keptObjects(items: readonly Kept[], review: Review): string {
  const shown = items.slice(0, shownOf(items.length, SHOWN));
  const rest = items.length - shown.length;
  const more = rest > 0 ? `  - and ${thousands(rest)} more (${review.elsewhereInMarkdown})\n` : '';
  return shown.map((item) => `  - ${code(labelOf(item))} ${code(item.object)}\n`).join('') + more;
}
