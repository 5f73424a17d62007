/**
 * Links that the previous backup had and a list does not. A page that leaves out an item looks like any other, so a link
 * is gone only when a second reading does not have it either.
 */

import { readTargets } from '../graph/reader.js';
import { describeError } from '../graph/types.js';
import { type DirectoryObject, idOf, type ObjectKey } from '../model/object.js';
import type { Link, ObjectType } from '../registry/types.js';
import type { Pending, Work } from './work.js';

const OWNERS_AT_ONCE = 400;

/** Targets of a link of an object: those that either reading has; undefined where the second could not be had. */
export type Confirmed = (owner: ObjectKey, link: string) => readonly string[] | 'unknown' | undefined;

/** Reads again the links of pending objects that lost a target. `before`: the objects of the previous backup. */
export async function confirmLost(work: Work, before: Known): Promise<Confirmed> {
  const confirmed = new Map<string, readonly string[] | 'unknown'>();
  const types = new Set(work.pending.map(({ type }) => type));
  for (const type of types) {
    for (const link of type.links) {
      const losing = work.pending.filter((item) => item.type === type && hasLost(work, item, link, before));
      for (let at = 0; at < losing.length; at += OWNERS_AT_ONCE) {
        await readAgain(work, type, link, losing.slice(at, at + OWNERS_AT_ONCE), confirmed);
      }
    }
  }
  return (owner, link) => confirmed.get(`${owner} ${link}`);
}

interface Known {
  get(key: ObjectKey): DirectoryObject | undefined;
}

/** Whether a target is missing that no recycle bin explains. */
function hasLost({ ledger }: Work, { object }: Pending, link: Link, before: Known): boolean {
  const now = object.links[link.name];
  if (now === undefined || ledger.isDeleted(object.key)) return false;
  const present = new Set(now);
  const then = before.get(object.key)?.links[link.name] ?? [];
  return then.some((target) => !present.has(target) && !ledger.mayBeStored(link.targets, target));
}

async function readAgain(
  { client, ledger }: Work,
  type: ObjectType,
  link: Link,
  losing: readonly Pending[],
  confirmed: Map<string, readonly string[] | 'unknown'>,
): Promise<void> {
  const found = await readTargets(
    client,
    link,
    losing.map(({ object }) => idOf(object.key)),
  );
  for (const [index, { object }] of losing.entries()) {
    const answer = found[index];
    const name = `${object.key} ${link.name}`;
    if (answer?.status === 'found') {
      confirmed.set(name, [...new Set([...(object.links[link.name] ?? []), ...answer.value])]);
    } else {
      const reason = answer?.status === 'unknown' ? describeError(answer.error) : 'The owner was not found.';
      ledger.partGap(type, link.name, `What it lost could not be read again: ${reason}`, 1);
      confirmed.set(name, 'unknown');
    }
  }
}
