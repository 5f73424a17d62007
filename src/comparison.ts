/** Compares two states and judges every difference: what `diff` shows and `plan` plans is the same list. */

import { compareObject, differingKeys, type Effective } from './diff/compare.js';
import { nameEdges } from './edge-names.js';
import { linksToRestored } from './linked-from.js';
import type { Change } from './model/change.js';
import { idOf, type ObjectKey, typeOf } from './model/object.js';
import type { Scope } from './model/plan.js';
import type { Problem } from './model/problem.js';
import { leftBehind, neededByRestores } from './needed.js';
import { type NowhereTest, nowhereTest } from './nowhere.js';
import { withoutCascades } from './plan/dependents.js';
import { type JudgeContext, type Judgement, judge, type TargetStanding } from './plan/judge.js';
import { idsIn } from './plan/plan.js';
import type { ObjectType, Registry } from './registry/types.js';
import { type Considered, scopeTest } from './scope.js';
import { type Border, borderOf, holderOf, unreadLinks } from './scope-border.js';
import { lookAt, type Sight } from './sight.js';
import { type ComparedState, namesOf } from './states.js';

/** The differences between two states, judged. */
export interface Comparison {
  readonly judgements: readonly Judgement[];
  readonly names: ReadonlyMap<string, string>;
  /** What the scope leaves out that concerns what is in it. */
  readonly problems: readonly Problem[];
}

/** Compares the two sides within a scope. */
export async function compareStates(
  considered: Considered,
  desired: ComparedState,
  live: ComparedState,
  scope: Scope,
): Promise<Comparison> {
  const { registry } = considered;
  const inScope = scopeTest(considered, scope);
  const border = borderOf(considered, scope, [desired, live]);
  const keys = differingKeys(desired.ids, live.ids, (key) => inScope(key) || border.isNear(key));
  const sight = await lookAt(registry, keys, desired, live);
  const comesBack = (key: ObjectKey) =>
    inScope(key) && sight.desiredPresence(key) === 'active' && sight.livePresence(key) === 'deleted';
  const parted = changesOf(considered, keys, sight, effectiveLinks(sight, comesBack), { desired, live }, border.part);
  const changes = await named(registry, parted.within, [live, desired]);
  const looked: Looked = {
    needed: await neededByRestores(registry, changes, { desired, live }),
    isNowhere: await nowhereTest(considered, keys, desired, live),
  };
  const judgeAll = (known: Known, of = changes) =>
    of.map((change) =>
      judge(
        typeFor(considered, change.object),
        change,
        contextFor(change, scope, sight, live, { ...known, ...looked }),
      ),
    );
  // Whether a target comes back decides about links to it, and what is said needs names: everything is judged twice.
  const guess: Known = { restored: comesBack, labelOf: (id) => id, linkedFrom: () => [] };
  const { restored, ids, edges } = learn(judgeAll(guess));
  const across = judgeAll({ ...guess, restored: (key) => restored.has(key) }, parted.across).filter(isDifference);
  const concerned = across.map(({ change }) => holderOf(registry.byName, change));
  for (const key of [...scope.targets, ...scope.exclude, ...concerned]) ids.add(idOf(key));
  const names = await namesOf(registry, ids, [live, desired]);
  for (const { object, label } of edges) names.set(idOf(object), label);
  const linked = await linksToRestored(registry, restored, changes, { desired, live }, inScope);
  const labelOf = (id: string) => names.get(id) ?? live.label(id) ?? id;
  const linkedFrom = (key: ObjectKey) => linked.get(key) ?? [];
  const judged = judgeAll({ restored: (key) => restored.has(key), labelOf, linkedFrom });
  const judgements = withoutCascades(judged, registry, live.holder, labelOf);
  const back = judged.filter(({ action }) => action === 'restore').map(({ change }) => change);
  const concerning = across.map(({ change }) => change);
  const problems = [
    ...(await leftBehind(registry, back, { desired, live }, inScope)),
    ...border.tell(concerning, (id) => names.get(id) ?? id),
    ...unreadLinks(considered, scope, [desired, live]),
  ];
  return { judgements: withoutLinksTo(leaving(judgements), judgements), names, problems };
}

/** Whether a judgement says more than that nothing is to be done. */
function isDifference({ action, links, edge, blocked }: Judgement): boolean {
  return action !== undefined || edge !== undefined || links.length > 0 || blocked.length > 0;
}

/** What the second judging has to know of the first one, which is not needed any more then. */
function learn(first: readonly Judgement[]) {
  return {
    restored: new Set(first.filter(({ action }) => action === 'restore').map(({ change }) => change.object)),
    ids: idsToName(first),
    edges: first.filter(({ edge }) => edge !== undefined).map(({ change }) => change),
  };
}

/** Ids of what goes back to the recycle bin, where the desired state holds it. */
function leaving(judgements: readonly Judgement[]): ReadonlySet<string> {
  const back = judgements.filter(({ action, change }) => action === 'soft-delete' && change.desired === 'deleted');
  return new Set(back.map(({ change }) => idOf(change.object)));
}

/** Links to these are not removed: they came back with them and go with them, so that a later restore finds them. */
function withoutLinksTo(ids: ReadonlySet<string>, judgements: readonly Judgement[]): readonly Judgement[] {
  if (ids.size === 0) return judgements;
  return judgements.map((judgement) => {
    if (judgement.links.length === 0) return judgement;
    const links = judgement.links.map((link) => ({ ...link, remove: link.remove.filter((id) => !ids.has(id)) }));
    return { ...judgement, links: links.filter(({ add, remove }) => add.length > 0 || remove.length > 0) };
  });
}

function typeFor(considered: Considered, key: ObjectKey): ObjectType {
  return considered.registry.byName.get(typeOf(key)) as ObjectType;
}

function changesOf(
  considered: Considered,
  keys: readonly ObjectKey[],
  sight: Sight,
  effective: Effective,
  states: { readonly desired: ComparedState; readonly live: ComparedState },
  part: Border['part'],
): { readonly within: Change[]; readonly across: Change[] } {
  const parted = { within: [] as Change[], across: [] as Change[] };
  for (const key of keys) {
    const change = compareObject(typeFor(considered, key), key, sight.desired(key), sight.live(key), effective);
    if (change === undefined) continue;
    const desired = states.desired.unrecognised.get(key) ?? [];
    const live = states.live.unrecognised.get(key) ?? [];
    const more = desired.length + live.length === 0 ? {} : { unrecognised: { desired, live } };
    const { within, across } = part(change);
    if (within !== undefined) parted.within.push(withoutObjects(within, sight, more));
    if (across !== undefined) parted.across.push(withoutObjects(across, sight, more));
  }
  return parted;
}

/** A change that keeps what differs, and looks the whole objects up when it is asked for them: there may be many changes. */
function withoutObjects(change: Change, sight: Sight, more: Pick<Change, 'unrecognised'>): Change {
  const { desiredObject: _, liveObject: __, ...kept } = change;
  return {
    ...kept,
    ...more,
    get desiredObject() {
      return sight.desired(change.object).object;
    },
    get liveObject() {
      return sight.live(change.object).object;
    },
  };
}

/** Changes of edges with labels that people understand: the names of what they connect. */
async function named(
  registry: Registry,
  changes: readonly Change[],
  sides: readonly ComparedState[],
): Promise<readonly Change[]> {
  const edges = changes.filter((change) => registry.byName.get(typeOf(change.object))?.edge !== undefined);
  if (edges.length === 0) return changes;
  const names = await nameEdges(registry, edges, sides);
  return changes.map((change) => {
    const label = names.get(change.object);
    return label === undefined ? change : { ...change, label };
  });
}

/** A link is in effect when its target is active, or will be; targets of other types are taken to be there. */
function effectiveLinks(sight: Sight, comesBack: (key: ObjectKey) => boolean): Effective {
  const judged = (test: (key: ObjectKey) => boolean) => (target: string, types: readonly string[]) => {
    const key = sight.targetKey(target, types);
    return key === undefined || test(key);
  };
  return {
    desired: judged((key) => sight.desiredPresence(key) === 'active'),
    live: judged((key) => sight.livePresence(key) === 'active' || comesBack(key)),
  };
}

/** What a judgement rests on beside the two states. */
interface Known extends Pick<JudgeContext, 'linkedFrom' | 'labelOf'> {
  readonly restored: (key: ObjectKey) => boolean;
}

/** What was looked up before anything is judged. */
interface Looked {
  readonly needed: ReadonlyMap<ObjectKey, readonly ObjectKey[]>;
  readonly isNowhere: NowhereTest;
}

function contextFor(
  change: Change,
  scope: Scope,
  sight: Sight,
  live: ComparedState,
  known: Known & Looked,
): JudgeContext {
  return {
    allowDelete: (name) => scope.allowDelete.includes('*') || scope.allowDelete.includes(name),
    standing: (target, types) => {
      const key = sight.targetKey(target, types);
      if (key !== undefined) return standingOf(key, sight, known.restored);
      return known.isNowhere(change, target, types) ? 'nowhere' : 'active';
    },
    desiredPresence: (target, types) => {
      const key = sight.targetKey(target, types);
      return key === undefined ? 'active' : sight.desiredPresence(key);
    },
    labelOf: known.labelOf,
    needed: (object) => (known.needed.get(object) ?? []).filter((key) => !known.restored(key)),
    linkedFrom: known.linkedFrom,
    holder: (property, value) => {
      const key = live.holder(typeOf(change.object), property, value);
      return key === undefined || key === change.object ? undefined : idOf(key);
    },
  };
}

function standingOf(key: ObjectKey, sight: Sight, restored: (key: ObjectKey) => boolean): TargetStanding {
  const presence = sight.livePresence(key);
  return presence === 'deleted' && restored(key) ? 'restored' : presence;
}

function idsToName(judgements: readonly Judgement[]): Set<string> {
  const ids = new Set<string>();
  for (const { change, links, restoredLinks, blocked, set, edge } of judgements) {
    ids.add(idOf(edge?.owner ?? change.object));
    for (const link of [...links, ...change.links]) for (const target of [...link.add, ...link.remove]) ids.add(target);
    for (const link of restoredLinks ?? []) ids.add(link.target);
    for (const id of idsIn([set, blocked])) ids.add(id);
  }
  return ids;
}
