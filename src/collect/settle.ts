/** Decides on what lists alone do not tell: recycle bins, objects that are missing, links that differ. */

import { type Found, readDeletedObjects, readObjects } from '../graph/reader.js';
import { describeError, type GraphError } from '../graph/types.js';
import type { Json, JsonObject } from '../model/json.js';
import { DELETED, type DirectoryObject, idOf, type ObjectKey, typeOf } from '../model/object.js';
import { isOneOf, keyOf } from '../registry/identity.js';
import type { ObjectType } from '../registry/types.js';
import { canonicalise, tellsNothing } from '../state/canonical.js';
import { edgesMayDiffer, nameMixed, nameOwners } from './consequences.js';
import { collectLateEdges, keepDoubtful } from './edges.js';
import { unfollow } from './follow.js';
import { NOTHING_TOLD } from './gaps.js';
import { collectList } from './lists.js';
import { confirmLost } from './lost-links.js';
import { collectPage } from './page.js';
import type { Work } from './work.js';

/**
 * Takes the recycle bins into the state. The properties and links of a deleted object are those last seen alive, because
 * the bin reports some of them wrongly; an object first seen in the bin leaves those out.
 */
export async function settleBinned(work: Work, binned: ReadonlyMap<ObjectKey, JsonObject>): Promise<void> {
  const { ledger, previous } = work;
  const known = [...binned.keys()].filter((key) => previous?.ids.has(key));
  const before = (await previous?.load(known)) ?? new Map<ObjectKey, DirectoryObject>();
  for (const [key, raw] of binned) {
    if (work.excluded.has(key)) continue;
    const type = work.types.find((candidate) => candidate.name === typeOf(key)) as ObjectType;
    if (tellsNothing(type, raw)) {
      ledger.keepUnknown([key]);
      ledger.gap(`${type.name}.deletedItems`, 'partial', NOTHING_TOLD, 1);
      continue;
    }
    const deleted = typeof raw[DELETED] === 'string' ? raw[DELETED] : work.clock().toISOString();
    const last = before.get(key);
    const object =
      last === undefined
        ? ledger.canonical(type, raw, { deleted, links: {}, distrust: unseenInBin(type) })
        : canonicalise(type, { ...last.properties }, { deleted, links: last.links, distrust: absentFrom(type, last) })
            ?.object;
    if (object !== undefined) await ledger.settle(object, 'deleted');
  }
}

/** What the bin reports wrongly, what only requests for active objects would tell, and what was not taken apart. */
function unseenInBin(type: ObjectType): string[] {
  const parts = type.properties
    .filter(({ part, union }) => part?.read === true || union !== undefined)
    .map(({ name }) => name);
  return [...(type.bin?.misreports ?? []), ...type.expand, ...parts];
}

function absentFrom(type: ObjectType, object: DirectoryObject): string[] {
  return type.properties
    .map((property) => property.name)
    .filter((name) => name !== DELETED && !Object.hasOwn(object.properties, name));
}

/**
 * Decides on objects of the previous backup that neither list nor bin named. Each is asked for by id: it is there after
 * all, or in the recycle bin, or certainly gone, or unknown and kept. Where a list or a bin was not read whole, all of them are unknown.
 */
export async function settleMissing(work: Work): Promise<void> {
  const missed = unseenByType(work);
  for (const type of work.types) {
    await collectLateEdges(work, type);
    await nameMixed(work, type);
    if (type.edge !== undefined && work.followed.has(type) && edgesMayDiffer(work, type)) await readWhole(work, type);
    else await settleUnseen(work, type, [...(work.followed.get(type) ?? missed.get(type.name) ?? [])]);
  }
  for (const type of [...work.followed.keys()].filter(({ links }) => links.length > 0)) {
    if (await nameOwners(work, type)) await settleUnseen(work, type, [...(work.followed.get(type) ?? [])]);
    else await readWhole(work, type);
  }
}

/** Reads all of a type of which it turned out that more may differ than was named. */
async function readWhole(work: Work, type: ObjectType): Promise<void> {
  if (work.followed.has(type)) await unfollow(work, type);
  if (await collectList(work, type)) work.complete.add(type);
  else work.more.incomplete(type);
  await settleUnseen(work, type, unseenByType(work).get(type.name) ?? []);
}

/** Decides on objects that were not seen, of those that are given. */
async function settleUnseen(work: Work, type: ObjectType, keys: readonly ObjectKey[]): Promise<void> {
  const { client, ledger, excluded } = work;
  const again = forgetTooEarly(work, type);
  const unseen = [...new Set([...keys.filter((key) => !ledger.has(key)), ...again])];
  if (unseen.length === 0) return;
  if (!work.complete.has(type)) {
    ledger.keepUnknown(unseen.filter((key) => !isOneOf(type, key, excluded)));
    return;
  }
  const decidable = keepDoubtful(work, type, unseen);
  const active = sorted(type, await askFor(decidable, (ids) => readObjects(client, type, ids)));
  const gone = type.bin === undefined ? [] : active.absent;
  const binned = sorted(type, await askFor(gone, (ids) => readDeletedObjects(client, type, ids)));
  await settleBinned(work, binned.found);
  for (const [key, error] of [...active.unknown, ...binned.unknown]) {
    if (isOneOf(type, key, excluded)) continue;
    ledger.keepUnknown([key]);
    ledger.gap(type.name, 'partial', describeError(error), 1);
    work.more.incomplete(type);
  }
  await collectPage(work, type, [...active.found.values()]);
}

/** Objects of the previous backup, and of the recycle bins before the lists were read, that were not seen so far. */
function unseenByType({ previous, ledger, binnedBefore }: Work): ReadonlyMap<string, readonly ObjectKey[]> {
  const unseen = new Map<string, ObjectKey[]>();
  const note = (key: ObjectKey) => {
    if (ledger.has(key)) return;
    const ofType = unseen.get(typeOf(key));
    if (ofType === undefined) unseen.set(typeOf(key), [key]);
    else ofType.push(key);
  };
  for (const key of previous?.ids.keys() ?? []) note(key);
  for (const key of binnedBefore) if (previous?.ids.has(key) !== true) note(key);
  return unseen;
}

/** Takes out of the state what was settled before all was known that may be mixed into it, so that it is read again. */
function forgetTooEarly({ ledger, more, pending }: Work, type: ObjectType): readonly ObjectKey[] {
  const keys = new Set(more.takenTooEarly(type).filter((key) => !ledger.isDeleted(key) && !ledger.isUnknown(key)));
  for (const key of keys) ledger.forget(key);
  const others = pending.filter(({ object }) => !keys.has(object.key));
  pending.splice(0, pending.length, ...others);
  return [...keys];
}

/** Answers by what they say; one that is about no object, or about another, says nothing. */
function sorted(type: ObjectType, answers: readonly (readonly [ObjectKey, Found<JsonObject>])[]) {
  const found = new Map<ObjectKey, JsonObject>();
  const absent: ObjectKey[] = [];
  const unknown: [ObjectKey, GraphError][] = [];
  for (const [key, answer] of answers) {
    if (answer.status === 'found' && keyOf(type, answer.value) === key) found.set(key, answer.value);
    else if (answer.status === 'found') unknown.push([key, OTHER_OBJECT]);
    else if (answer.status === 'absent') absent.push(key);
    else unknown.push([key, answer.error]);
  }
  return { found, absent, unknown };
}

async function askFor<T>(
  keys: readonly ObjectKey[],
  ask: (ids: readonly string[]) => Promise<readonly Found<T>[]>,
): Promise<readonly (readonly [ObjectKey, Found<T>])[]> {
  const answers = keys.length === 0 ? [] : await ask(keys.map(idOf));
  return keys.map((key, index) => [key, answers[index] ?? { status: 'unknown', error: NO_ANSWER }] as const);
}

const NO_ANSWER: GraphError = { status: 0, code: 'NoAnswer', message: '' };
const OTHER_OBJECT: GraphError = { status: 0, code: 'OtherObject', message: 'The answer did not name the object.' };

/**
 * Settles objects whose links differ from the previous backup. A target that went to the recycle bin is kept: Graph
 * stores the link and brings it back on restore. A link or property that could not be read is kept as last seen.
 */
export async function settlePending(work: Work): Promise<void> {
  const { ledger, previous, pending } = work;
  const keys = pending.map((item) => item.object.key).filter((key) => previous?.ids.has(key));
  const before = (await previous?.load(keys)) ?? new Map<ObjectKey, DirectoryObject>();
  const confirmed = await confirmLost(work, before);
  for (const { type, object, uncertain: unread } of pending) {
    if (ledger.isDeleted(object.key)) continue;
    const last = before.get(object.key);
    const links: Record<string, readonly string[]> = {};
    const doubtful = type.links.map(({ name }) => name).filter((name) => confirmed(object.key, name) === 'unknown');
    const uncertain = [...unread, ...doubtful];
    let asRead = uncertain.length === 0;
    for (const link of type.links) {
      const again = confirmed(object.key, link.name);
      const now = again === 'unknown' ? undefined : (again ?? object.links[link.name]);
      const then = last?.links[link.name];
      if (again !== undefined) asRead = false;
      if (now !== undefined) {
        const stored = (then ?? []).filter((target) => ledger.mayBeStored(link.targets, target));
        links[link.name] = [...now, ...stored];
        if (stored.length > 0) asRead = false;
      } else if (then !== undefined && uncertain.includes(link.name)) {
        links[link.name] = then;
      }
    }
    if (asRead) {
      await ledger.settle(object);
      continue;
    }
    if (uncertain.length > 0) ledger.uncertain(object.key, uncertain);
    const properties = { ...lastValues(last, uncertain), ...object.properties };
    const distrust = absentFrom(type, { ...object, properties });
    const whole = canonicalise(type, properties, { deleted: null, links, distrust })?.object;
    if (whole !== undefined) await ledger.settle(whole);
  }
}

function lastValues(last: DirectoryObject | undefined, names: readonly string[]): Record<string, Json> {
  return Object.fromEntries(Object.entries(last?.properties ?? {}).filter(([name]) => names.includes(name)));
}
