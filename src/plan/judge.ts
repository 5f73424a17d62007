/** What becomes of one difference: actions, or the reasons why Graph cannot recover it. Pure. */

import { verdictOf } from '../diff/table.js';
import type { Change, LinkChange, PropertyChange } from '../model/change.js';
import type { Json } from '../model/json.js';
import type { DirectoryObject, ObjectKey } from '../model/object.js';
import type { Blocked, Kept, LinkedFrom, PlannedLink, PlannedValue } from '../model/plan.js';
import type { ObjectType, Property } from '../registry/types.js';
import { isPartlyWritable, keepsFromDelete, keepsFromUpdate } from '../strategies/index.js';
import { block } from './blocked.js';
import { withoutNeeded } from './dependents.js';
import { judgeEdge, type PlannedEdge } from './judge-edges.js';
import { judgeLink, type LinkContext, linksOfRestored, unseenLinks } from './judge-links.js';
import { keptOf } from './kept.js';
import { goneTarget, namesWhatIsGone } from './references.js';

export type { TargetStanding } from './judge-links.js';

/** What Graph answers instead of enum values that are newer than the client says it knows. */
const FUTURE = 'unknownFutureValue';
const ON_PREMISES = 'onPremisesSyncEnabled';

/** A difference, judged: what to do to the object, to its links, and what cannot be done. */
export interface Judgement {
  readonly change: Change;
  readonly action?: 'restore' | 'update' | 'soft-delete';
  readonly set: readonly PlannedValue[];
  /** Complete desired links of a restored object; absent when the desired state does not know them. */
  readonly restoredLinks?: readonly PlannedLink[];
  /** Links of other objects that should lead to a restored one. */
  readonly linkedFrom?: readonly LinkedFrom[];
  readonly links: readonly LinkChange[];
  /** The edge to make or remove, where the change is about one. */
  readonly edge?: PlannedEdge;
  readonly blocked: readonly Blocked[];
  readonly kept?: Kept;
  /** The live state of the object is not known. */
  readonly unread?: true;
}

export interface JudgeContext extends LinkContext {
  readonly allowDelete: (type: string) => boolean;
  /** Links of active objects in scope that lead to this object on the desired side, and seem to on the live side. */
  readonly linkedFrom: (object: ObjectKey) => readonly LinkedFrom[];
  /** What Graph would restore an object after only, where that neither is there nor comes back by this plan. */
  readonly needed: (object: ObjectKey) => readonly ObjectKey[];
  /** An active object, other than this one, that holds the value of a unique property; undefined when it is free. */
  readonly holder: (property: string, value: string, change: Change) => string | undefined;
}

/** Judges one difference by the total table and the rules of its type. */
export function judge(type: ObjectType, change: Change, context: JudgeContext): Judgement {
  const nothing: Judgement = { change, set: [], links: [], blocked: [] };
  const oneSided = change.desired !== 'active' || change.live !== 'active';
  if (type.edge !== undefined && oneSided) return { ...nothing, ...judgeEdge(type, change, context) };
  const verdict = verdictOf(change.desired, change.live, context.allowDelete(type.name));
  switch (verdict) {
    case 'nothing':
      return nothing;
    case 'report':
      return { ...nothing, unread: true };
    case 'keep':
      return { ...nothing, kept: keptOf(type, change) };
    case 'soft-delete':
      return { ...nothing, ...judgeDelete(type, change) };
    case 'hard-deleted':
      return { ...nothing, blocked: [hardDeleted(type, change)] };
    case 'restore':
      return { ...nothing, ...judgeRestore(type, change, context) };
    case 'update':
      return { ...nothing, ...judgeUpdate(type, change, context) };
  }
}

function hardDeleted(type: ObjectType, change: Change): Blocked {
  const bin = type.bin === undefined ? 'this type has no recycle bin' : 'it is no longer in the recycle bin';
  return block(
    change,
    'KG502',
    type.remake === undefined
      ? `It was deleted for good: ${bin}.`
      : 'It was deleted, and knowngood cannot make it again.',
    type.remake ?? 'Create it again by hand from its file in the backup; it gets a new id.',
  );
}

/** Why Graph would not keep, or not take, anything that is written to the object. */
function heldBack(type: ObjectType, change: Change): Blocked | undefined {
  return synchronised(change) ?? managedElsewhere(type, change);
}

function synchronised(change: Change): Blocked | undefined {
  if (change.liveObject?.properties[ON_PREMISES] !== true) return undefined;
  const reason = 'It is synchronised from Active Directory, which would overwrite the change.';
  return block(change, 'KG501', reason, 'Correct it in Active Directory.');
}

function managedElsewhere(type: ObjectType, change: Change): Blocked | undefined {
  const reason = keepsFromUpdate(type, change.liveObject?.properties ?? {});
  return reason === undefined ? undefined : block(change, 'KG513', `${reason}.`, 'Correct it where it is managed.');
}

function judgeDelete(type: ObjectType, change: Change): Partial<Judgement> {
  const held = heldBack(type, change);
  if (held !== undefined) return { blocked: [held] };
  if (!type.deletable) {
    const gone = 'It would be gone for good: its type has no recycle bin.';
    return { blocked: [block(change, 'KG511', gone, 'Delete it by hand if that is meant.')] };
  }
  const reason = keepsFromDelete(type, change.liveObject?.properties ?? {});
  if (reason !== undefined) {
    return { blocked: [block(change, 'KG512', `${reason}.`, 'Change that by hand first, then plan again.')] };
  }
  return { action: 'soft-delete' };
}

function judgeRestore(type: ObjectType, change: Change, context: JudgeContext): Partial<Judgement> {
  const desired = change.desiredObject as DirectoryObject;
  const held = heldBack(type, change) ?? withoutNeeded(change, context);
  if (held !== undefined) return { blocked: [held] };
  for (const property of type.properties.filter((candidate) => candidate.unique)) {
    const taken = takenValue(property, desired.properties[property.name], change, context);
    if (taken !== undefined) return { blocked: [taken] };
  }
  const wanted = type.properties
    .filter((property) => property.access === 'readWrite' && desired.properties[property.name] !== undefined)
    .map((property) => ({ path: property.name, desired: desired.properties[property.name] as Json }));
  const losses = wanted.map((value) => lossOf(value.path, value.desired, change));
  const set = wanted.filter((_, index) => losses[index] === undefined);
  const lossy = wanted.flatMap((value, index) => {
    const loss = losses[index];
    return loss === undefined
      ? []
      : [block(change, 'KG506', loss, 'Correct it by hand, or with a newer version.', value)];
  });
  // A gate that came back without something of it, and with the rest of the backup, could lock people out.
  if (lossy.length > 0 && !isPartlyWritable(type, {}, set)) return { blocked: lossy };
  const links = linksOfRestored(type, change, desired, context);
  const linkedFrom = context.linkedFrom(change.object);
  return {
    action: 'restore',
    set,
    blocked: [...lossy, ...links.blocked],
    ...(links.restored === undefined ? {} : { restoredLinks: links.restored }),
    ...(linkedFrom.length === 0 ? {} : { linkedFrom }),
  };
}

function judgeUpdate(type: ObjectType, change: Change, context: JudgeContext): Partial<Judgement> {
  const held = synchronised(change);
  if (held !== undefined) return { blocked: everything(change).map((of) => ({ ...held, ...of })) };
  const elsewhere = managedElsewhere(type, change);
  const set: PlannedValue[] = [];
  const blocked: Blocked[] = [];
  const kind = change.properties.find((property) => property.path === '@odata.type');
  if (kind !== undefined) {
    const reason = `It is of another kind now (${String(kind.live)}); Graph cannot change the kind of an object.`;
    return { blocked: [block(change, 'KG509', reason, 'Delete it and create it again by hand.', kind)] };
  }
  for (const difference of change.properties) {
    const property = type.properties.find((candidate) => candidate.name === difference.path) as Property;
    const problem =
      elsewhere === undefined ? unwritable(property, difference, change, context) : { ...elsewhere, ...difference };
    if (problem === undefined)
      set.push({ path: difference.path, live: difference.live as Json, desired: difference.desired });
    else blocked.push(problem);
  }
  set.push(...companions(type, set, change));
  const half = halfOfGate(type, change, set, blocked);
  const written = half.length === 0 ? set : [];
  const links = change.links.map((link) => judgeLink(type, change, link, context));
  return {
    ...(written.length === 0 ? {} : { action: 'update' as const }),
    set: written,
    links: links.map((judged) => judged.link).filter((link) => link.add.length > 0 || link.remove.length > 0),
    blocked: [...blocked, ...half, ...links.flatMap((judged) => judged.blocked), ...unseenLinks(type, change)],
  };
}

/** Differences that no plan writes, whatever else it does: they belong to no setting that could be half written. */
const NEVER_WRITTEN: readonly string[] = ['KG503', 'KG505'];

/**
 * A gate of which something cannot be written keeps the rest as it is, too: a policy that is enabled without the exclusions
 * that it had would lock people out. What certainly lets people in is written all the same.
 */
function halfOfGate(
  type: ObjectType,
  change: Change,
  set: readonly PlannedValue[],
  blocked: readonly Blocked[],
): Blocked[] {
  const missing = blocked.filter(({ code }) => !NEVER_WRITTEN.includes(code));
  const [first] = missing;
  if (first === undefined || isPartlyWritable(type, change.liveObject?.properties ?? {}, set)) return [];
  const paths = missing.map(({ path }) => path).join(', ');
  const reason = `A policy is written whole or not at all, and ${paths} cannot be written.`;
  return set.map(({ path, live = null, desired }) =>
    block(change, first.code, reason, first.remedy, { path, live, desired }),
  );
}

/** Properties that must go along in the request of another one, though they are as they should be. */
function companions(type: ObjectType, set: readonly PlannedValue[], change: Change): PlannedValue[] {
  const wanted = type.properties
    .filter((property) => set.some((value) => value.path === property.name))
    .flatMap((property) => property.with ?? []);
  return [...new Set(wanted)]
    .filter((name) => !change.properties.some((difference) => difference.path === name))
    .map((name) => ({
      path: name,
      live: change.liveObject?.properties[name] ?? null,
      desired: change.desiredObject?.properties[name] ?? null,
    }))
    .filter((value) => value.desired !== null);
}

function everything(change: Change): readonly Partial<Blocked>[] {
  return [...change.properties, ...change.links.map((link) => ({ path: link.link }))];
}

/** What writing a value would lose, because this version does not know all of it; undefined when it knows it all. */
function lossOf(path: string, desired: Json, change: Change): string | undefined {
  if (JSON.stringify(desired).includes(FUTURE))
    return `The backup holds ${FUTURE}, a value that Graph did not name and does not take.`;
  const within = (paths: readonly string[] = []) => paths.filter((unknown) => unknown.split('.')[0] === path);
  const live = within(change.unrecognised?.live);
  if (live.length > 0)
    return `The live value has parts that this version does not know (${live.join(', ')}); writing it would remove them.`;
  const lost = within(change.unrecognised?.desired);
  if (lost.length === 0) return undefined;
  return `It had parts at the backup that this version does not know (${lost.join(', ')}); they are not in the backup.`;
}

function unwritable(
  property: Property,
  difference: PropertyChange,
  change: Change,
  context: JudgeContext,
): Blocked | undefined {
  const of = { path: difference.path, live: difference.live as Json, desired: difference.desired };
  if (property.access === 'readOnly') {
    return block(
      change,
      'KG503',
      'knowngood shows it and cannot write it.',
      'Correct it where it comes from, or by hand.',
      of,
    );
  }
  if (property.access === 'createOnly' || property.access === 'identity') {
    return block(
      change,
      'KG505',
      'Graph lets it be set only when the object is created.',
      'Accept it, or replace the object by hand.',
      of,
    );
  }
  if (difference.desired === null && !property.clearable) {
    return block(change, 'KG504', 'Graph does not let it be emptied.', 'Accept it, or set another value by hand.', of);
  }
  const unknown = lossOf(difference.path, difference.desired, change);
  if (unknown !== undefined) return block(change, 'KG506', unknown, 'Correct it by hand, or with a newer version.', of);
  const gone = goneTarget(property.shape, difference.desired, context);
  if (gone !== undefined) return { ...namesWhatIsGone(gone, change, context), ...of };
  const taken = takenValue(property, difference.desired, change, context);
  return taken === undefined ? undefined : { ...taken, ...of };
}

/** Why a unique value, or one of several, cannot be given to the object; undefined when it is free. */
function takenValue(
  property: Property,
  desired: Json | undefined,
  change: Change,
  context: JudgeContext,
): Blocked | undefined {
  if (!property.unique) return undefined;
  for (const value of [desired].flat()) {
    const holder = typeof value === 'string' ? context.holder(property.name, value, change) : undefined;
    if (holder === undefined) continue;
    const reason = `Its ${property.name} ${JSON.stringify(value)} is taken by ${context.labelOf(holder)} (${holder}).`;
    return block(change, 'KG508', reason, 'Give the other object another value, then plan again.', {
      path: property.name,
    });
  }
  return undefined;
}
