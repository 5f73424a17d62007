/** What became of a plan, for people. */

import type { ApplyResult } from '../model/documents.js';
import type { Plan } from '../model/plan.js';
import { SHOWN } from './limits.js';
import { BLANK, cut, type Line, literal, paint, type Span, span, whole, wrap } from './lines.js';
import { byteLength, code, fitParts, type Part, prose, sentence } from './markdown.js';
import { idLines, labelOf, moreLines, nameLines, type Scene } from './name-lines.js';
import { findingsOf, problemLines } from './notices.js';
import { actionCounts, type OutcomeReason, type OutcomeSection, outcomesOf } from './outcomes.js';
import type { RenderOptions } from './review.js';
import { applyLine } from './summary.js';
import { between, counted, duration, minute, shortCommit, shortPlan, shownOf, thousands } from './words.js';

/** So many reasons of one outcome are shown. */
const REASONS = 50;
const MAX_BYTES = 60_000;

/** Where everything is: a plan cannot be applied again just to see more of the result. */
function elsewhereOf({ plan, recorded }: ApplyResult): string {
  if (recorded === undefined) return '--json lists all';
  return `git show ${shortCommit(recorded)}:recoveries/${plan}/result.json lists all`;
}

/** The plan, where it is at hand, tells which backup a new plan would start from. */
export function renderApply(result: ApplyResult, options: RenderOptions, plan?: Plan): string {
  return options.format === 'text' ? applyText(result, options, plan) : applyMarkdown(result, options, plan);
}

function applyText(result: ApplyResult, options: RenderOptions, plan: Plan | undefined): string {
  const scene: Scene = { width: Math.max(40, options.width), names: () => undefined, elsewhere: elsewhereOf(result) };
  const complete = result.status === 'complete';
  const final = whole(0, span(applyLine(result), complete ? 'good' : 'error'));
  const details = [
    ...outcomesOf(result).flatMap((section) => [BLANK, ...sectionLines(section, scene)]),
    ...verificationLines(result, scene),
    BLANK,
    ...afterwards(result, plan).map((spans) => wrap(0, ...spans)),
  ];
  const head = facts(result).map((spans) => wrap(0, ...spans));
  return paint(complete ? [...head, ...details, BLANK, final] : [...head, BLANK, final, ...details], options);
}

function facts(result: ApplyResult): Span[][] {
  const took = between(result.started, result.ended);
  const writes =
    result.writes === 0 ? 'nothing was changed' : `${counted(result.writes, 'request')} changed the tenant`;
  const time = took === undefined ? minute(result.started) : `${minute(result.started)}, took ${duration(took)}`;
  return [
    [span('Plan '), literal(shortPlan(result.plan), 'strong'), span(' for tenant '), literal(result.tenant)],
    [span(`Started ${time}; ${writes}`)],
  ];
}

function sectionLines(section: OutcomeSection, scene: Scene): Line[] {
  const hidden = section.reasons.length - REASONS;
  return [
    cut(0, span(section.title, section.tone)),
    ...section.reasons.slice(0, REASONS).flatMap((reason) => reasonLines(reason, scene)),
    ...(hidden > 0 ? [wrap(2, span(`and ${counted(hidden, 'more reason')} (${scene.elsewhere})`, 'dim'))] : []),
  ];
}

function reasonLines({ reason, items }: OutcomeReason, scene: Scene): Line[] {
  const title = wrap(2, reason === '' ? 'No reason was given' : reason, span(` (${actionCounts(items)})`, 'dim'));
  if (shownOf(items.length, SHOWN) === items.length) return [title, ...idLines(items, 6, SHOWN, scene)];
  return [title, ...nameLines(items.map(labelOf), 6, scene)];
}

function verificationLines(result: ApplyResult, scene: Scene): Line[] {
  const { verification } = result;
  if (verification === undefined) return [];
  const { remaining, problems } = verification;
  const findings = problems.length === 0 ? [] : [BLANK, ...problemLines(problems, scene.elsewhere)];
  if (remaining.length === 0) return [BLANK, wrap(0, verified(result)), ...findings];
  const shown = remaining
    .slice(0, shownOf(remaining.length, SHOWN))
    .flatMap((item) => [wrap(2, labelOf(item), ': ', item.path), whole(6, span(item.object, 'dim'))]);
  const more = moreLines(remaining.length - shownOf(remaining.length, SHOWN), 2, scene);
  return [BLANK, wrap(0, span(verified(result), 'error')), ...shown, ...more, ...findings];
}

function verified(result: ApplyResult): string {
  const read = result.verification?.objectsRead ?? 0;
  const remaining = result.verification?.remaining.length ?? 0;
  const again = `Verified: ${counted(read, 'object')} ${read === 1 ? 'was' : 'were'} read again`;
  if (remaining > 0) return `${again}; ${counted(remaining, 'value')} still ${remaining === 1 ? 'differs' : 'differ'}:`;
  return `${again}; ${result.status === 'complete' ? 'they are' : 'the rest is'} as planned.`;
}

function afterwards(result: ApplyResult, plan: Plan | undefined): Span[][] {
  const there = result.results.filter((item) => item.outcome === 'done' && item.alreadyThere === true).length;
  const lines: Span[][] = [];
  if (there > 0)
    lines.push([span(`${counted(there, 'link')} had come back with a restored object; nothing had to be written.`)]);
  if (result.recorded !== undefined)
    lines.push([span('Recorded as '), literal(shortCommit(result.recorded)), span(' on recoveries.')]);
  if (plan !== undefined) lines.push(...leftByPlan(plan));
  if (result.status === 'stale' && isDoneAlready(result)) {
    lines.push([span('Nothing was left to do: everything planned is there already.')]);
  } else if (result.status !== 'complete') {
    const to = plan === undefined ? 'COMMIT' : shortCommit(plan.desired.commit);
    lines.push([span('For a new plan of what is left, type: '), command(`knowngood plan --to ${to} -o FILE`)]);
  }
  return lines;
}

/** A stale plan has a result for every action. */
function isDoneAlready({ results }: ApplyResult): boolean {
  return results.length > 0 && results.every((item) => item.alreadyThere === true);
}

/** What people copy, and therefore on one line. */
function command(text: string): Span {
  return { ...literal(text), together: true };
}

/** What was no part of the plan, and is as it was: "complete" is not "as at the backup". */
function leftByPlan({ summary, desired }: Plan): Span[][] {
  const left = [
    ...(summary.blocked > 0
      ? [`${counted(summary.blocked, 'difference')} that ${summary.blocked === 1 ? 'is' : 'are'} blocked`]
      : []),
    ...(summary.kept > 0 ? [`${counted(summary.kept, 'object')} that ${summary.kept === 1 ? 'is' : 'are'} kept`] : []),
  ];
  if (left.length === 0) return [];
  return [
    [
      span(`Not in the plan: ${left.join(', ')}. To see them, type: `),
      command(`knowngood diff ${shortCommit(desired.commit)}`),
    ],
  ];
}

function applyMarkdown(result: ApplyResult, options: RenderOptions, plan: Plan | undefined): string {
  const start = `**${applyLine(result)}**\n\n${facts(result).map(prose).join('  \n')}\n`;
  const end = `\n${afterwards(result, plan).map(prose).join('  \n')}\n`;
  const parts = [...outcomesOf(result).map((section) => outcomePart(section, result)), ...verificationParts(result)];
  const maxBytes = Math.max(8_000, options.maxBytes ?? MAX_BYTES);
  return start + fitParts(parts, maxBytes - byteLength(start + end)) + end;
}

function more(what: string, result: ApplyResult): Part['more'] {
  return (hidden) => `\n${counted(hidden, `more ${what}`)} (${elsewhereOf(result)}).\n`;
}

function outcomePart(section: OutcomeSection, result: ApplyResult): Part {
  const rows = section.reasons.map(({ reason, items }) => {
    const names = items.slice(0, shownOf(items.length, SHOWN)).map((item) => code(labelOf(item)));
    const rest = items.length - names.length;
    const others = rest > 0 ? `, and ${thousands(rest)} more (${elsewhereOf(result)})` : '';
    return `- ${sentence(reason === '' ? 'No reason was given' : reason)} (${sentence(actionCounts(items))}): ${names.join(', ')}${others}\n`;
  });
  return { open: `\n### ${section.title}\n\n`, rows, close: '', more: more('reason', result) };
}

function verificationParts(result: ApplyResult): Part[] {
  if (result.verification === undefined) return [];
  const { remaining, problems } = result.verification;
  const rows = [
    ...remaining.map((item) => `- ${code(labelOf(item))} ${code(item.object)}: ${code(item.path)}\n`),
    ...findingsOf(problems).shown.map(
      ({ title, problem }) => `- **${title} ${sentence(problem.code)}:** ${sentence(problem.message)}\n`,
    ),
  ];
  return [
    { open: `\n${verified(result)}\n${rows.length > 0 ? '\n' : ''}`, rows, close: '', more: more('line', result) },
  ];
}
