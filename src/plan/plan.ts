/** Puts judged differences into the order of execution and into one plan. Pure: equal inputs give byte-equal plans. */

import { createHash } from 'node:crypto';
import type { Change } from '../model/change.js';
import { canonicalJson, type Json } from '../model/json.js';
import { byCodeUnit, idOf, typeOf } from '../model/object.js';
import {
  type Action,
  type Blocked,
  type LinkAction,
  type ObjectAction,
  PHASES,
  type Phase,
  type Plan,
  type PlanContent,
  type PlanSummary,
  type Scope,
} from '../model/plan.js';
import type { Problem } from '../model/problem.js';
import type { ObjectType, Registry } from '../registry/types.js';
import { loosens } from '../strategies/index.js';
import type { Judgement } from './judge.js';
import { comesBackWith } from './judge-edges.js';

/** What a plan says beside its actions. */
export type PlanFrame = Omit<PlanContent, 'format' | 'summary' | 'least' | 'actions' | 'blocked' | 'kept' | 'names'>;

/** Builds the content of a plan from judgements in any order. `nameOf` gives the names of ids, where they are known. */
export function assemblePlan(
  frame: PlanFrame,
  judgements: readonly Judgement[],
  registry: Registry,
  nameOf: (id: string) => string | undefined,
): PlanContent {
  const actions = orderedActions(judgements, registry, (id) => nameOf(id) ?? id);
  const blocked = judgements
    .flatMap((judgement) => judgement.blocked)
    .sort(
      (a, b) =>
        byCodeUnit(a.object, b.object) ||
        byCodeUnit(a.path ?? '', b.path ?? '') ||
        byCodeUnit(a.reason, b.reason) ||
        byCodeUnit(a.target ?? '', b.target ?? ''),
    );
  const kept = judgements
    .flatMap((judgement) => (judgement.kept === undefined ? [] : [judgement.kept]))
    .sort((a, b) => byCodeUnit(a.object, b.object));
  return {
    format: 1,
    ...frame,
    problems: [...frame.problems, ...unreadProblems(judgements)],
    summary: summaryOf(actions, blocked.length, kept.length),
    actions,
    blocked,
    kept,
    names: namesIn([...actions, ...blocked], frame.scope, nameOf),
  };
}

/** Gives a plan its id, which is the SHA-256 of its content, and the moment it was made. */
export function identifyPlan(content: PlanContent, createdAt: Date): Plan {
  return { ...content, id: planId(content), createdAt: createdAt.toISOString() };
}

/** SHA-256 of a plan's canonical content: everything but `id` and `createdAt`. */
export function planId(plan: PlanContent | Plan): string {
  const content = Object.fromEntries(Object.entries(plan).filter(([name]) => name !== 'id' && name !== 'createdAt'));
  return createHash('sha256')
    .update(canonicalJson(content as unknown as Json))
    .digest('hex');
}

/** Counts of a list of actions. */
export function summaryOf(actions: readonly Action[], blocked: number, kept: number): PlanSummary {
  const count = (kind: Action['action']) => actions.filter((action) => action.action === kind).length;
  return {
    restore: count('restore'),
    recreate: 0,
    update: count('update'),
    softDelete: count('soft-delete'),
    link: count('link'),
    unlink: count('unlink'),
    blocked,
    kept,
  };
}

type Unnumbered = Omit<ObjectAction, 'n'> | Omit<LinkAction, 'n'>;

function orderedActions(
  judgements: readonly Judgement[],
  registry: Registry,
  nameOf: (id: string) => string,
): Action[] {
  const restored = new Set(
    judgements.filter((judgement) => judgement.action === 'restore').map((judgement) => judgement.change.object),
  );
  const actions: Unnumbered[] = [];
  for (const judgement of judgements) {
    const type = registry.byName.get(typeOf(judgement.change.object)) as ObjectType;
    if (judgement.action !== undefined) actions.push(objectAction(type, judgement, restored));
    actions.push(...linkActions(type, judgement, restored, nameOf));
    actions.push(...edgeActions(type, judgement, restored, nameOf));
  }
  return actions.sort(inOrder).map((action, index) => ({ n: index + 1, ...action }));
}

function objectAction(type: ObjectType, judgement: Judgement, restored: ReadonlySet<string>): Omit<ObjectAction, 'n'> {
  const { change, action, set, restoredLinks, linkedFrom } = judgement;
  return {
    phase: phaseOf(type, judgement, restored),
    rank: rankOf(type, change),
    action: action as ObjectAction['action'],
    object: change.object,
    label: change.label,
    set,
    ...(action === 'restore' && type.links.length > 0 && restoredLinks !== undefined ? { links: restoredLinks } : {}),
    ...(linkedFrom === undefined ? {} : { linkedFrom }),
  };
}

/** Objects of a kind that needs others of its type, or of a later one, are written after those. */
function rankOf(type: ObjectType, { desiredObject, liveObject }: Change): number {
  const odataType = (desiredObject ?? liveObject)?.properties['@odata.type'];
  return type.kinds.find((kind) => kind.odataType === odataType)?.rank ?? type.rank;
}

/** A gate loosens first unless it refers to something that this plan has yet to bring back; then it waits its turn. */
function phaseOf(type: ObjectType, judgement: Judgement, restored: ReadonlySet<string>): Phase {
  if (judgement.action === 'soft-delete') return 'delete';
  if (!type.gate) return 'objects';
  const { desiredObject, liveObject } = judgement.change;
  const live = judgement.action === 'restore' ? undefined : liveObject?.properties;
  if (desiredObject === undefined || !loosens(type, live, desiredObject.properties)) return 'tighten';
  const text = JSON.stringify(judgement.set.map((value) => value.desired));
  const waits = [...restored].some((object) => text.includes(idOf(object as `${string}/${string}`)));
  return waits ? 'tighten' : 'loosen';
}

function linkActions(
  type: ObjectType,
  judgement: Judgement,
  restored: ReadonlySet<string>,
  nameOf: (id: string) => string,
): Omit<LinkAction, 'n'>[] {
  const { object, label } = judgement.change;
  return judgement.links.flatMap((difference) => {
    const targets = type.links.find((link) => link.name === difference.link)?.targets ?? [];
    const step = (action: LinkAction['action']) => (target: string) => ({
      phase: 'links' as const,
      action,
      object,
      label,
      link: difference.link,
      target,
      targetLabel: nameOf(target),
      ...(targets.some((name) => restored.has(`${name}/${target}`)) ? { conditional: true as const } : {}),
    });
    return [...difference.add.map(step('link')), ...difference.remove.map(step('unlink'))];
  });
}

/** An edge is a link of its owner, named after its type; its target is its own key. */
function edgeActions(
  type: ObjectType,
  { change, edge }: Judgement,
  restored: ReadonlySet<string>,
  nameOf: (id: string) => string,
): Omit<LinkAction, 'n'>[] {
  if (edge === undefined) return [];
  return [
    {
      phase: 'links',
      action: edge.action,
      object: edge.owner,
      label: nameOf(idOf(edge.owner)),
      link: type.name,
      target: idOf(change.object),
      targetLabel: change.label,
      ...(edge.set.length === 0 ? {} : { set: edge.set }),
      ...(comesBackWith(type, change.object, restored) ? { conditional: true as const } : {}),
    },
  ];
}

function inOrder(a: Unnumbered, b: Unnumbered): number {
  const rank = (action: Unnumbered) =>
    'rank' in action ? (action.phase === 'delete' ? -action.rank : action.rank) : 0;
  return (
    PHASES.indexOf(a.phase) - PHASES.indexOf(b.phase) ||
    rank(a) - rank(b) ||
    byCodeUnit(a.action, b.action) ||
    byCodeUnit(a.object, b.object) ||
    ('link' in a && 'link' in b ? byCodeUnit(a.link, b.link) || byCodeUnit(a.target, b.target) : 0)
  );
}

function unreadProblems(judgements: readonly Judgement[]): Problem[] {
  return judgements
    .filter((judgement) => judgement.unread)
    .map((judgement) => judgement.change)
    .sort((a, b) => byCodeUnit(a.object, b.object))
    .map((change) => ({
      code: 'KG601',
      severity: 'warning',
      message: `${change.label} could not be read; nothing is planned for it.`,
      object: change.object,
    }));
}

const ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/**
 * Names of the ids that values, restored links, links that cannot be made and the scope hold, sorted by id; objects and
 * targets of actions have labels of their own.
 */
function namesIn(
  items: readonly (Action | Blocked)[],
  scope: Scope,
  nameOf: (id: string) => string | undefined,
): Record<string, string> {
  const ids = idsIn([items.map(valuesOf), scope]);
  const names = [...ids].sort(byCodeUnit).map((id) => [id, nameOf(id)] as const);
  return Object.fromEntries(names.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function valuesOf(item: Action | Blocked): unknown {
  if ('set' in item) return [item.set, 'links' in item ? item.links : []];
  return 'code' in item ? [item.live ?? null, item.desired ?? null, item.target ?? null] : [];
}

/** Every id that occurs in any string of a value. */
export function idsIn(value: unknown, found: Set<string> = new Set()): Set<string> {
  if (typeof value === 'string') for (const id of value.match(ID) ?? []) found.add(id);
  else if (Array.isArray(value)) for (const item of value) idsIn(item, found);
  else if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) idsIn(item, found);
  return found;
}
