/** What becomes of differing links: which can be written, and why others cannot. Pure. */

import type { Change, LinkChange } from '../model/change.js';
import type { DirectoryObject, Presence } from '../model/object.js';
import type { Blocked, PlannedLink } from '../model/plan.js';
import type { ObjectType } from '../registry/types.js';
import { linkStanding } from '../strategies/index.js';
import { block } from './blocked.js';

/**
 * What is known of a link's target on the live side, once the plan's own restores are done. `absent`: the desired side holds
 * it; `nowhere`: no side does.
 */
export type TargetStanding = 'active' | 'restored' | 'deleted' | 'absent' | 'nowhere' | 'unknown';

/** What is known about the targets of links. */
export interface LinkContext {
  readonly standing: (target: string, types: readonly string[]) => TargetStanding;
  /** Where the target stands at the desired commit. */
  readonly desiredPresence: (target: string, types: readonly string[]) => Presence;
  readonly labelOf: (id: string) => string;
}

/** A target that could not be read is still desired: what is there is seen after the restore. */
const LINKABLE: readonly TargetStanding[] = ['active', 'restored', 'unknown'];

/**
 * The links of a restored object, and those that cannot come back with it. `restored` is undefined when a link is not
 * known on the desired side: none of them may then be taken for empty.
 */
export function linksOfRestored(
  type: ObjectType,
  change: Change,
  desired: DirectoryObject,
  context: LinkContext,
): { readonly restored: readonly PlannedLink[] | undefined; readonly blocked: readonly Blocked[] } {
  const managed = type.links.filter((link) => linkStanding(link, desired.properties).standing === 'managed');
  if (managed.some((link) => desired.links[link.name] === undefined)) return { restored: undefined, blocked: [] };
  const restored: PlannedLink[] = [];
  const blocked: Blocked[] = [];
  for (const link of managed) {
    for (const target of desired.links[link.name] ?? []) {
      const standing = context.standing(target, link.targets);
      if (LINKABLE.includes(standing)) restored.push({ link: link.name, target });
      else blocked.push(unreachableLink(change, link.name, target, standing));
    }
  }
  return { restored, blocked };
}

/** Why a link cannot be added: its target is not, and will not be, there. `what`: the words for the target. */
export function unreachable(
  change: Change,
  target: string,
  standing: TargetStanding,
  what: string,
  of: Partial<Blocked> = {},
): Blocked {
  const obstacle = UNREACHABLE[standing] ?? { reason: 'cannot be linked', remedy: 'Link it by hand.' };
  return block(change, 'KG510', `${what} ${obstacle.reason}.`, obstacle.remedy, { ...of, target });
}

/** Links of many objects are told together where their targets have met the same fate. */
function unreachableLink(change: Change, path: string, target: string, standing: TargetStanding): Blocked {
  return unreachable(change, target, standing, 'The target', { path });
}

/** `Ada (0f8a1c2e-…)`; the id alone where nobody knows a name. */
export function namedBy({ labelOf }: Pick<LinkContext, 'labelOf'>, id: string): string {
  const label = labelOf(id);
  return label === id ? id : `${label} (${id})`;
}

/**
 * Links that are a setting again when the update is done, and were derived when the tenant was read: what they will hold
 * then, nobody knows now.
 */
export function unseenLinks(type: ObjectType, change: Change): Blocked[] {
  return type.links.flatMap((link) => {
    const live = linkStanding(link, change.liveObject?.properties ?? {});
    const desired = linkStanding(link, change.desiredObject?.properties ?? {});
    const said = change.links.some((difference) => difference.link === link.name);
    if (said || live.standing !== 'derived' || desired.standing !== 'managed') return [];
    const reason = `What is to be added or removed is not known yet, because ${live.reason}.`;
    return [block(change, 'KG507', reason, 'Plan again after this recovery.', { path: link.name })];
  });
}

/** Splits a difference into what can be written and what cannot. */
export function judgeLink(
  type: ObjectType,
  change: Change,
  difference: LinkChange,
  context: LinkContext,
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
    const standing = context.standing(target, link.targets);
    if (standing === 'active' || standing === 'restored') add.push(target);
    else blocked.push(unreachableLink(change, link.name, target, standing));
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
  nowhere: {
    reason: 'is in neither the backup nor the tenant',
    remedy:
      'Correct the id in the file, or take it out; if it names something that knowngood does not read, such as a device, link it by hand.',
  },
  unknown: { reason: 'could not be read', remedy: 'Plan again when it can be read.' },
};
