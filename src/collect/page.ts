/** Takes pages of active objects into the state, with all that belongs to them. */

import { readTypedTargets } from '../graph/reader.js';
import { describeError } from '../graph/types.js';
import type { Json, JsonObject } from '../model/json.js';
import { idOf, type ObjectKey } from '../model/object.js';
import { keyOf } from '../registry/identity.js';
import type { ObjectType } from '../registry/types.js';
import { tellsNothing } from '../state/canonical.js';
import { linkStanding } from '../strategies/index.js';
import { NO_ID, NOTHING_TOLD } from './gaps.js';
import { storedKeyOf } from './keys.js';
import type { Ledger } from './ledger.js';
import { noteTargets } from './trails.js';
import type { Work } from './work.js';

/** Takes a page of objects into the state; those of which something else must be known first are left pending. */
export async function collectPage(work: Work, type: ObjectType, page: readonly JsonObject[]): Promise<void> {
  const { ledger, more } = work;
  const fresh = page.filter((raw) => isNew(ledger, type, raw) && isReadable(work, type, raw));
  more.note(type, fresh);
  const { links, uncertain } = await readLinks(work, type, fresh);
  for (const { raw, doubtful } of await more.complete(type, fresh)) {
    const key = keyOf(type, raw) as ObjectKey;
    const object = ledger.canonical(type, raw, { deleted: null, links: links.get(key) ?? {}, distrust: doubtful });
    if (object === undefined) continue;
    const unread = [...(uncertain.get(key) ?? []), ...doubtful];
    if ((type.links.length > 0 || unread.length > 0) && (unread.length > 0 || ledger.differs(object))) {
      ledger.seen(object.key);
      work.pending.push({ type, object, uncertain: unread });
    } else {
      await ledger.settle(object);
    }
  }
}

function isNew(ledger: Ledger, type: ObjectType, raw: JsonObject): boolean {
  const key = storedKeyOf(type, raw);
  if (key === undefined) {
    ledger.gap(type.name, 'partial', NO_ID);
    return false;
  }
  return !ledger.has(key);
}

/** False, and the object is kept as last seen, where Graph told nothing but its id. */
function isReadable({ ledger, more, excluded }: Work, type: ObjectType, raw: JsonObject): boolean {
  if (!tellsNothing(type, raw)) return true;
  const key = keyOf(type, raw) as ObjectKey;
  more.incomplete(type);
  if (excluded.has(key)) return false;
  ledger.keepUnknown([key]);
  ledger.gap(type.name, 'partial', NOTHING_TOLD, 1);
  return false;
}

/** Links of a page of objects, by owner: only those that are a setting of the owner; and those that could not be read. */
async function readLinks(work: Work, type: ObjectType, page: readonly JsonObject[]) {
  const { client, ledger } = work;
  const links = new Map<ObjectKey, Record<string, readonly string[]>>();
  const uncertain = new Map<ObjectKey, string[]>();
  for (const link of type.links) {
    const owners = page
      .filter((raw) => linkStanding(link, raw as Record<string, Json>).standing !== 'derived')
      .map((raw) => keyOf(type, raw) as ObjectKey);
    const found = await readTypedTargets(client, link, owners.map(idOf));
    for (const [index, owner] of owners.entries()) {
      const targets = found[index];
      if (targets?.status === 'found') {
        links.set(owner, { ...links.get(owner), [link.name]: targets.value.map(({ id }) => id) });
        noteTargets(work, type, link, idOf(owner), targets.value);
      } else {
        uncertain.set(owner, [...(uncertain.get(owner) ?? []), link.name]);
        const reason =
          targets?.status === 'unknown'
            ? describeError(targets.error)
            : 'The owner was not found when its links were read.';
        ledger.partGap(type, link.name, reason, 1);
      }
    }
  }
  return { links, uncertain };
}
