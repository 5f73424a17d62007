/** What becomes of one difference: actions, or the reasons why Graph cannot recover it. Pure. */

import { verdictOf } from '../diff/table.js';
import type { Change, LinkChange, PropertyChange } from '../model/change.js';
import type { Json } from '../model/json.js';
import type { DirectoryObject, ObjectKey } from '../model/object.js';
import type { Blocked, Kept, LinkedFrom, PlannedLink, PlannedValue } from '../model/plan.js';
import type { ObjectType, Property } from '../registry/types.js';
import { keepsFromDelete, linkStanding } from '../strategies/index.js';

const ON_PREMISES = 'onPremisesSyncEnabled';

/** What is known of a link's target on the live side, once the plan's own restores are done. */
export type TargetStanding = 'active' | 'restored' | 'deleted' | 'absent' | 'unknown';

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
  readonly blocked: readonly Blocked[];
  readonly kept?: Kept;
  /** The live state of the object is not known. */
  readonly unread?: true;
}

export interface JudgeContext {
  readonly allowDelete: (type: string) => boolean;
  readonly standing: (target: string, types: readonly string[]) => TargetStanding;
  readonly labelOf: (id: string) => string;
  /** Links of active objects in scope that lead to this object on the desired side, and seem to on the live side. */
  readonly linkedFrom: (object: ObjectKey) => readonly LinkedFrom[];
  /** An active object, other than this one, that holds the value of a unique property; undefined when it is free. */
  readonly holder: (property: string, value: string, change: Change) => string | undefined;
}

/** Judges one difference by the total table and the rules of its type. */
export function judge(type: ObjectType, change: Change, context: JudgeContext): Judgement {
  const nothing: Judgement = { change, set: [], links: [], blocked: [] };
  const verdict = verdictOf(change.desired, change.live, context.allowDelete(type.name));
  switch (verdict) {
    case 'nothing':
      return nothing;
    case 'report':
      return { ...nothing, unread: true };
    case 'keep':
      return { ...nothing, kept: keptOf(change) };
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

function keptOf(change: Change): Kept {
  return { object: change.object, label: change.label, since: change.desired === 'deleted' ? 'restored' : 'created' };
}

function block(change: Change, code: string, reason: string, remedy: string, of?: Partial<Blocked>): Blocked {
  return { object: change.object, label: change.label, ...of, code, reason, remedy };
}

function hardDeleted(type: ObjectType, change: Change): Blocked {
  const bin = type.bin === undefined ? 'this type has no recycle bin' : 'it is no longer in the recycle bin';
  return block(
    change,
    'KG502',
    `It was deleted for good: ${bin}.`,
    'Create it again by hand from its file in the backup; it gets a new id.',
  );
}

function synced(change: Change): Blocked | undefined {
  if (change.liveObject?.properties[ON_PREMISES] !== true) return undefined;
  return block(
    change,
    'KG501',
    'It is synchronised from Active Directory, which would overwrite the change.',
    'Correct it in Active Directory.',
  );
}

function judgeDelete(type: ObjectType, change: Change): Partial<Judgement> {
  const held = synced(change);
  if (held !== undefined) return { blocked: [held] };
  if (!type.deletable) {
    return {
      blocked: [
        block(
          change,
          'KG511',
          'It would be gone for good: its type has no recycle bin.',
          'Delete it by hand if that is meant.',
        ),
      ],
    };
  }
  const reason = keepsFromDelete(type, change.liveObject?.properties ?? {});
  if (reason !== undefined) {
    return { blocked: [block(change, 'KG512', `${reason}.`, 'Change that by hand first, then plan again.')] };
  }
  return { action: 'soft-delete' };
}

function judgeRestore(type: ObjectType, change: Change, context: JudgeContext): Partial<Judgement> {
  const desired = change.desiredObject as DirectoryObject;
  const held = synced(change);
  if (held !== undefined) return { blocked: [held] };
  for (const property of type.properties.filter((candidate) => candidate.unique)) {
    const value = desired.properties[property.name];
    const holder = typeof value === 'string' ? context.holder(property.name, value, change) : undefined;
    if (holder !== undefined) {
      const reason = `Its ${property.name} is taken by ${context.labelOf(holder)} (${holder}).`;
      return {
        blocked: [
          block(change, 'KG508', reason, 'Give the other object another value, then plan again.', {
            path: property.name,
          }),
        ],
      };
    }
  }
  const set = type.properties
    .filter((property) => property.access === 'readWrite' && desired.properties[property.name] !== undefined)
    .map((property) => ({ path: property.name, desired: desired.properties[property.name] as Json }));
  const restoredLinks = linksOfRestored(type, desired, context);
  const linkedFrom = context.linkedFrom(change.object);
  return {
    action: 'restore',
    set,
    ...(restoredLinks === undefined ? {} : { restoredLinks }),
    ...(linkedFrom.length === 0 ? {} : { linkedFrom }),
  };
}

/** A target that could not be read is still desired: what is there is seen after the restore. */
const LINKABLE: readonly TargetStanding[] = ['active', 'restored', 'unknown'];

/** Undefined when a link is not known on the desired side: none of them may then be taken for empty. */
function linksOfRestored(
  type: ObjectType,
  desired: DirectoryObject,
  context: JudgeContext,
): readonly PlannedLink[] | undefined {
  const managed = type.links.filter((link) => linkStanding(link, desired.properties).standing === 'managed');
  if (managed.some((link) => desired.links[link.name] === undefined)) return undefined;
  return managed.flatMap((link) =>
    (desired.links[link.name] ?? [])
      .filter((target) => LINKABLE.includes(context.standing(target, link.targets)))
      .map((target) => ({ link: link.name, target })),
  );
}

function judgeUpdate(type: ObjectType, change: Change, context: JudgeContext): Partial<Judgement> {
  const held = synced(change);
  if (held !== undefined) return { blocked: everything(change).map((of) => ({ ...held, ...of })) };
  const set: PlannedValue[] = [];
  const blocked: Blocked[] = [];
  const kind = change.properties.find((property) => property.path === '@odata.type');
  if (kind !== undefined) {
    const reason = `It is of another kind now (${String(kind.live)}); Graph cannot change the kind of an object.`;
    return { blocked: [block(change, 'KG509', reason, 'Delete it and create it again by hand.', kind)] };
  }
  for (const difference of change.properties) {
    const property = type.properties.find((candidate) => candidate.name === difference.path) as Property;
    const problem = unwritable(property, difference, change, context);
    if (problem === undefined)
      set.push({ path: difference.path, live: difference.live as Json, desired: difference.desired });
    else blocked.push(problem);
  }
  const links = change.links.map((link) => judgeLink(type, change, link, context));
  return {
    ...(set.length === 0 ? {} : { action: 'update' as const }),
    set,
    links: links.map((judged) => judged.link).filter((link) => link.add.length > 0 || link.remove.length > 0),
    blocked: [...blocked, ...links.flatMap((judged) => judged.blocked), ...unseenLinks(type, change)],
  };
}

/**
 * Links that are a setting again when the update is done, and were derived when the tenant was read: what they will hold
 * then, nobody knows now.
 */
function unseenLinks(type: ObjectType, change: Change): Blocked[] {
  return type.links.flatMap((link) => {
    const live = linkStanding(link, change.liveObject?.properties ?? {});
    const desired = linkStanding(link, change.desiredObject?.properties ?? {});
    const said = change.links.some((difference) => difference.link === link.name);
    if (said || live.standing !== 'derived' || desired.standing !== 'managed') return [];
    const reason = `What is to be added or removed is not known yet, because ${live.reason}.`;
    return [block(change, 'KG507', reason, 'Plan again after this recovery.', { path: link.name })];
  });
}

function everything(change: Change): readonly Partial<Blocked>[] {
  return [...change.properties, ...change.links.map((link) => ({ path: link.link }))];
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
      'Graph shows it and does not let anybody write it.',
      'Correct it where it comes from.',
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
  const unknown = (change.unrecognised ?? []).filter((path) => path.split('.')[0] === property.name);
  if (unknown.length > 0) {
    const reason = `The live value has parts that this version does not know (${unknown.join(', ')}); writing it would remove them.`;
    return block(change, 'KG506', reason, 'Correct it by hand, or with a newer version.', of);
  }
  const holder =
    property.unique && typeof difference.desired === 'string'
      ? context.holder(property.name, difference.desired, change)
      : undefined;
  if (holder !== undefined) {
    const reason = `The value is taken by ${context.labelOf(holder)} (${holder}).`;
    return block(change, 'KG508', reason, 'Give the other object another value, then plan again.', of);
  }
  return undefined;
}

function judgeLink(
  type: ObjectType,
  change: Change,
  difference: LinkChange,
  context: JudgeContext,
): { link: LinkChange; blocked: Blocked[] } {
  const link = type.links.find((candidate) => candidate.name === difference.link) as ObjectType['links'][number];
  const empty = { link: { ...difference, add: [], remove: [] } };
  for (const side of [change.liveObject, change.desiredObject]) {
    const standing = linkStanding(link, side?.properties ?? {});
    if (standing.standing !== 'managed') {
      const reason = `${difference.add.length} to add and ${difference.remove.length} to remove, but ${standing.reason}.`;
      return { ...empty, blocked: [block(change, 'KG507', reason, standing.remedy, { path: link.name })] };
    }
  }
  const add: string[] = [];
  const blocked: Blocked[] = [];
  for (const target of difference.add) {
    const obstacle = UNREACHABLE[context.standing(target, link.targets)];
    if (obstacle === undefined) {
      add.push(target);
      continue;
    }
    const reason = `${context.labelOf(target)} (${target}) ${obstacle.reason}.`;
    blocked.push(block(change, 'KG510', reason, obstacle.remedy, { path: link.name }));
  }
  const remove = difference.remove.filter((target) =>
    ['active', 'restored'].includes(context.standing(target, link.targets)),
  );
  return { link: { ...difference, add, remove }, blocked };
}

const UNREACHABLE: Readonly<Partial<Record<TargetStanding, { readonly reason: string; readonly remedy: string }>>> = {
  deleted: {
    reason: 'is in the recycle bin and is not restored by this plan',
    remedy: 'Plan again with the target in scope, too.',
  },
  absent: { reason: 'was deleted for good', remedy: 'Accept it, or link what has taken its place by hand.' },
  unknown: { reason: 'could not be read', remedy: 'Plan again when it can be read.' },
};
