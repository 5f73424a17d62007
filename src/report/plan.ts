/** The plan, for people: what would be done, in the order in which it would be done. */

import { isComplete } from '../model/coverage.js';
import type { ReportedValue, StateReference } from '../model/documents.js';
import {
  isLinkAction,
  type LeastTime,
  type LinkAction,
  type ObjectAction,
  PHASES,
  type Phase,
  type Plan,
} from '../model/plan.js';
import { scopeSpans, stateSpans, type Tell, tellTimes } from './facts.js';
import { type Entry, type EntryLinks, groupEntries, partition } from './groups.js';
import { standingText } from './kept.js';
import { leafDifferences } from './leaves.js';
import { literal, type Span, span, together } from './lines.js';
import { groupBlocked, type Hole, linkCounts, type RenderOptions, type Review, type Section } from './review.js';
import { reviewMarkdown } from './review-markdown.js';
import { reviewText } from './review-text.js';
import { noChangesLine, noChangesReadLine, planLine } from './summary.js';
import { lookup, type Names } from './values.js';
import { capturedAt, counted, shortCommit, shortPlan, timeSpan } from './words.js';

export function renderPlan(plan: Plan, options: RenderOptions): string {
  const review = reviewOf(plan, options);
  return options.format === 'text' ? reviewText(review, options) : reviewMarkdown(review, options);
}

/** Where everything is that is not shown. */
const SAVED = { text: 'the plan file lists all', markdown: 'in the plan file' };
const UNSAVED = { text: '--json lists all, -o FILE keeps all', markdown: 'in the plan, by --json' };

function reviewOf(plan: Plan, options: RenderOptions): Review {
  const live: StateReference = { kind: 'live', captured: plan.live.captured };
  const holes = holesOf(plan);
  const names = lookup(plan.names, targetLabels(plan));
  const isSame = plan.actions.length + plan.blocked.length === 0;
  const elsewhere = options.saved === false ? UNSAVED : SAVED;
  return {
    head: headOf(plan, tellTimes(options, live), names, elsewhere.text),
    holes,
    problems: plan.problems,
    sections: sectionsOf(plan),
    blocked: groupBlocked(plan.blocked),
    blockedCount: plan.blocked.length,
    kept: plan.kept,
    ...(isSame && plan.kept.length > 0 ? { standing: standingText(plan.kept) } : {}),
    desired: plan.desired.commit,
    names,
    final: finalLine(plan, live, holes.length === 0),
    elsewhere: elsewhere.text,
    elsewhereInMarkdown: elsewhere.markdown,
  };
}

function targetLabels(plan: Plan): Map<string, string> {
  return new Map(plan.actions.filter(isLinkAction).map((action) => [action.target, action.targetLabel]));
}

function finalLine(plan: Plan, live: StateReference, complete: boolean): string {
  if (plan.actions.length > 0 || plan.blocked.length > 0) return planLine(plan.summary);
  const { commit } = plan.desired;
  return complete ? noChangesLine(commit, live, plan.scope) : noChangesReadLine(commit);
}

function headOf(plan: Plan, tell: Tell, names: Names, elsewhere: string): Span[][] {
  const head = [
    [span('Plan '), literal(shortPlan(plan.id), 'strong'), span(' for tenant '), literal(plan.tenant)],
    ...originSpans(plan, tell),
    [span('Against the live tenant, '), together(`read ${tell(capturedAt(plan.live.captured))}`)],
    [span('Requested by '), literal(plan.requestedBy), span(', '), together(`planned ${tell(plan.createdAt)}`)],
  ];
  if (plan.least !== undefined) head.push(leastSpans(plan.least));
  const scope = scopeSpans(plan.scope, names, elsewhere);
  return scope === undefined ? head : [...head, scope];
}

/** A commit that a person changed is no backup, and says how the change can be seen: it would be written like the rest. */
function originSpans({ desired: { commit, captured, backup } }: Plan, tell: Tell): Span[][] {
  if (backup === undefined) return [[span('Made from '), ...stateSpans({ kind: 'backup', commit, captured }, tell)]];
  const [changed, from] = [shortCommit(commit), shortCommit(backup)];
  return [
    [
      span('Made from '),
      ...stateSpans({ kind: 'commit', commit }, tell),
      span(', which stems from '),
      ...stateSpans({ kind: 'backup', commit: backup, captured }, tell),
      span(' and was changed since by a person or a merge', 'warning'),
    ],
    [
      span('To see what was changed, type: '),
      { ...literal(`git diff ${from} ${changed} -- tenant-state`), together: true },
    ],
  ];
}

/** How long it takes at least, because Graph limits requests. */
function leastSpans({ seconds, secondsIfReferencesCount: most }: LeastTime): Span[] {
  const more = most === undefined ? '' : ` (${timeSpan(most)} if adding several members counts as several writes)`;
  return [
    span('Takes at least '),
    together(timeSpan(seconds)),
    span(`${more} at the pace that Microsoft Graph allows`),
  ];
}

function holesOf(plan: Plan): Hole[] {
  const { live, desired } = plan.coverage;
  return [
    { side: 'the live tenant', coverage: live },
    { side: `backup ${shortCommit(plan.desired.backup ?? plan.desired.commit)}`, coverage: desired },
  ].filter((hole) => !isComplete(hole.coverage));
}

const TITLES: Readonly<Record<Phase, string>> = {
  loosen: 'First, gates that loosen',
  objects: 'Objects',
  links: 'Links',
  tighten: 'Gates that tighten',
  delete: 'Soft-deletes',
};

const RESTORED = 'What is restored gets every property and link of the backup.';

const NOTES: Readonly<Partial<Record<Phase, string>>> = {
  loosen: 'Before anything else, because these may be what locks people out.',
  tighten: 'When the objects and links they refer to are in place.',
  delete: 'Objects go to the recycle bin, from which they can be restored.',
};

function sectionsOf(plan: Plan): Section[] {
  const values = plannedValues();
  const phases = new Map(partition(plan.actions, (action) => action.phase).map((part) => [part[0]?.phase, part]));
  const present = PHASES.filter((phase) => phases.has(phase));
  return present.map((phase, index) => {
    const actions = phases.get(phase) ?? [];
    const objects = actions.filter((action): action is ObjectAction => !isLinkAction(action));
    const links = linkEntries(actions.filter(isLinkAction));
    const parts = objects.length > 0 ? [counted(objects.length, 'object')] : [];
    if (links.length > 0) parts.push(`${linkCounts(links)}, on ${counted(links.length, 'object')}`);
    const note = actions.some((action) => action.action === 'restore') ? RESTORED : NOTES[phase];
    return {
      title: `${index + 1}. ${TITLES[phase]}: ${parts.join('; ')}`,
      ...(note === undefined ? {} : { note }),
      groups: groupEntries([...objects.map((action) => objectEntry(action, values)), ...links]),
      verbs: objects.length > 0 && phase !== 'delete',
    };
  });
}

/** The leaf differences of an action's values; equal values give the very same list. */
type PlannedValues = (action: ObjectAction) => readonly ReportedValue[];

function plannedValues(): PlannedValues {
  const known = new Map<string, readonly ReportedValue[]>();
  return (action) => {
    const key = JSON.stringify(action.set);
    let values = known.get(key);
    if (values === undefined) {
      values = action.set.flatMap((value) => leafDifferences(value.path, value.live, value.desired));
      known.set(key, values);
    }
    return values;
  };
}

function objectEntry(action: ObjectAction, values: PlannedValues): Entry {
  const { object, label } = action;
  const links = partition(action.links ?? [], (item) => item.link).map((items) => ({
    link: items[0]?.link ?? '',
    add: items.map((item) => item.target),
    remove: [],
  }));
  return { object, label, action: action.action, values: values(action), links };
}

/** One entry for each object whose links change. */
function linkEntries(actions: readonly LinkAction[]): Entry[] {
  return partition(actions, (action) => action.object).map((steps) => {
    const { object, label } = steps[0] as LinkAction;
    return { object, label, action: 'links', values: [], links: partition(steps, (step) => step.link).map(entryLinks) };
  });
}

function entryLinks(steps: readonly LinkAction[]): EntryLinks {
  const targets = (kind: LinkAction['action']): string[] =>
    steps.filter((step) => step.action === kind).map((step) => step.target);
  const conditional = steps.filter((step) => step.conditional === true).length;
  return {
    link: steps[0]?.link ?? '',
    add: targets('link'),
    remove: targets('unlink'),
    ...(conditional > 0 ? { conditional } : {}),
  };
}
