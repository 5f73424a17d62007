/** What a person must know before the rest: what was not read, and findings. */

import type { Coverage, Gap } from '../model/coverage.js';
import type { Problem, Severity } from '../model/problem.js';
import { partition } from './groups.js';
import { type Line, literal, type Span, span, type Tone, together, wrap } from './lines.js';
import type { Hole } from './review.js';
import { counted, thousands, timeAndAge } from './words.js';

/** So many gaps, and findings of one severity, are shown. */
export const NOTICES = 30;

/** What follows from it, whatever it is. */
export const UNREAD = 'What was not read may differ, too, without being listed here.';

export function holeLines(hole: Hole, now: Date, elsewhere: string): Line[] {
  return [
    wrap(0, span('INCOMPLETE: ', 'error'), span(holeTitle(hole))),
    ...gapLines(hole.coverage, now, elsewhere),
    wrap(2, span(UNREAD, 'dim')),
  ];
}

export function holeTitle(hole: Hole): string {
  const kind = hole.side.startsWith('the ') ? 'was not read completely' : 'does not hold everything';
  return `${hole.side} ${kind}: ${counted(hole.coverage.gaps.length, 'gap')}.`;
}

/** `elsewhere`: where the gaps are that are not shown. */
export function gapLines(coverage: Coverage, now: Date, elsewhere: string): Line[] {
  const lines = coverage.gaps.slice(0, NOTICES).map((gap) => wrap(2, ...gapSpans(gap, now)));
  const hidden = coverage.gaps.length - lines.length;
  return hidden > 0 ? [...lines, wrap(2, `and ${counted(hidden, 'more gap')} (${elsewhere})`)] : lines;
}

/** `group.members: only partly read (12 objects). 403 Forbidden. What was read … stands in for it.` */
export function gapSpans(gap: Gap, now: Date | undefined): Span[] {
  const objects = gap.objects === undefined ? '' : ` (${counted(gap.objects, 'object')})`;
  const spans = [
    literal(gap.what, 'strong'),
    span(`: ${gap.status === 'partial' ? 'only partly read' : 'not collected'}${objects}. `),
    span(`${gap.reason.replace(/[. ]+$/, '')}.`),
  ];
  if (gap.keptFrom === undefined) return spans;
  return [...spans, span(' What was read '), together(timeAndAge(gap.keptFrom, now)), span(' stands in for it.')];
}

const SEVERITIES: readonly (readonly [Severity, string, Tone])[] = [
  ['error', 'Error', 'error'],
  ['warning', 'Warning', 'warning'],
  ['note', 'Note', 'strong'],
];

export interface Finding {
  readonly title: string;
  readonly tone: Tone;
  readonly problem: Problem;
  /** The objects it is about. */
  readonly objects: readonly string[];
}

/**
 * Errors first; the same finding about several objects is one. A finding that only repeats a gap, with its reason, is
 * left out where the gap is told.
 */
export function findingsOf(
  problems: readonly Problem[],
  holes: readonly Hole[] = [],
): { readonly shown: Finding[]; readonly hidden: number } {
  const gaps = holes.flatMap((hole) => hole.coverage.gaps);
  const repeats = ({ message, remedy }: Problem): boolean =>
    remedy === undefined && gaps.some((gap) => message.includes(gap.what) && message.includes(gap.reason));
  const all = SEVERITIES.map(([severity, word, tone]) => {
    const found = problems.filter((problem) => problem.severity === severity && !repeats(problem));
    const same = partition(found, (problem) => `${problem.code}\0${problem.message}\0${problem.remedy ?? ''}`);
    return same.map((items) => ({
      title: word,
      tone,
      problem: items[0] as Problem,
      objects: items.flatMap((item) => (item.object === undefined ? [] : [item.object])),
    }));
  });
  const shown = all.flatMap((findings) => findings.slice(0, NOTICES));
  return { shown, hidden: all.flat().length - shown.length };
}

export function problemLines(problems: readonly Problem[], elsewhere: string, holes: readonly Hole[] = []): Line[] {
  const { shown, hidden } = findingsOf(problems, holes);
  const lines = shown.flatMap(({ title, tone, problem, objects }) => [
    wrap(0, span(`${title} ${problem.code}: `, tone), problem.message),
    ...(problem.remedy === undefined ? [] : [wrap(2, span('What to do: ', 'dim'), problem.remedy)]),
    ...(objects.length === 0 ? [] : [wrap(2, span('About: ', 'dim'), someOf(objects, elsewhere))]),
  ]);
  return hidden > 0 ? [...lines, wrap(0, `and ${counted(hidden, 'more finding')} (${elsewhere})`)] : lines;
}

/** The first three, and where the rest is. */
export function someOf(objects: readonly string[], elsewhere: string): string {
  const hidden = objects.length - 3;
  return `${objects.slice(0, 3).join(', ')}${hidden > 0 ? ` and ${thousands(hidden)} more (${elsewhere})` : ''}`;
}
