/**
 * Reads the live tenant into a state: lists and links first, recycle bins last, so that an object that moves from one to
 * the other while being read is not lost. What could not be read is kept from the previous backup and said in the
 * coverage: unknown is not empty.
 */

import { type Found, listDeleted, listObjects, readDeletedObjects, readObjects, readTargets } from '../graph/reader.js';
import { describeError, type GraphError, GraphFailure } from '../graph/types.js';
import type { Json, JsonObject } from '../model/json.js';
import { DELETED, type DirectoryObject, idOf, type ObjectKey, objectKey, typeOf } from '../model/object.js';
import { interruption } from '../model/problem.js';
import type { ObjectType } from '../registry/types.js';
import { canonicalise } from '../state/canonical.js';
import { linkStanding } from '../strategies/index.js';
import { createLedger, type Ledger } from './ledger.js';
import type { CollectOptions, LiveState } from './types.js';

/** An object whose links differ from the previous backup: settled once the recycle bins are known. */
interface Pending {
  readonly type: ObjectType;
  readonly object: DirectoryObject;
  readonly uncertain: readonly string[];
}

/**
 * Collects every given type. Throws a Failure only when interrupted; whatever Graph refuses becomes a gap of the
 * coverage.
 */
export async function collect(options: CollectOptions): Promise<LiveState> {
  const start = options.clock();
  const ledger = createLedger(options);
  const pending: Pending[] = [];
  const complete = new Set<ObjectType>();
  for (const type of options.types) {
    if (await collectList(options, ledger, type, pending)) complete.add(type);
  }
  const binned = new Map<ObjectKey, JsonObject>();
  for (const type of options.types) {
    if (!(await collectBin(options, ledger, type, binned))) complete.delete(type);
  }
  await settleBinned(options, ledger, binned);
  await settleMissing(options, ledger, complete, pending);
  await settlePending(options, ledger, pending);
  stopIfInterrupted(options.signal);
  return ledger.finish({ start: start.toISOString(), end: options.clock().toISOString() });
}

/** Reads the list of a type and the links of its objects. False when the list could not be read to its end. */
async function collectList(
  options: CollectOptions,
  ledger: Ledger,
  type: ObjectType,
  pending: Pending[],
): Promise<boolean> {
  let done = 0;
  try {
    for await (const page of listObjects(options.client, type)) {
      stopIfInterrupted(options.signal);
      await collectPage(options, ledger, type, page, pending);
      done += page.length;
      options.progress({ what: `Reading ${type.folder}`, done });
    }
    return true;
  } catch (cause) {
    stopIfInterrupted(options.signal);
    ledger.gap(type.name, done === 0 ? 'not-collected' : 'partial', reasonOf(cause));
    return false;
  }
}

/** Takes a page of objects into the state; those with links are read on and perhaps left pending. */
async function collectPage(
  options: CollectOptions,
  ledger: Ledger,
  type: ObjectType,
  page: readonly JsonObject[],
  pending: Pending[],
): Promise<void> {
  const fresh = page.filter((raw) => isNew(ledger, type, raw));
  const { links, uncertain } = await readLinks(options, ledger, type, fresh);
  for (const raw of fresh) {
    const id = String(raw[type.key]).toLowerCase();
    const object = ledger.canonical(type, raw, { deleted: null, links: links.get(id) ?? {} });
    if (object === undefined) continue;
    const doubtful = uncertain.get(id) ?? [];
    if (type.links.length > 0 && ledger.differs(object)) {
      ledger.seen(object.key);
      pending.push({ type, object, uncertain: doubtful });
    } else {
      await ledger.settle(object);
    }
  }
}

function isNew(ledger: Ledger, type: ObjectType, raw: JsonObject): boolean {
  const id = raw[type.key];
  if (typeof id !== 'string' || id === '') {
    ledger.gap(type.name, 'partial', 'An object came without its id.');
    return false;
  }
  return !ledger.has(objectKey(type.name, id));
}

/** Links of a page of objects, by owner: only those that are a setting of the owner; and those that could not be read. */
async function readLinks(options: CollectOptions, ledger: Ledger, type: ObjectType, page: readonly JsonObject[]) {
  const links = new Map<string, Record<string, readonly string[]>>();
  const uncertain = new Map<string, string[]>();
  for (const link of type.links) {
    const owners = page
      .filter((raw) => linkStanding(link, raw as Record<string, Json>).standing !== 'derived')
      .map((raw) => String(raw[type.key]).toLowerCase());
    const found = await readTargets(options.client, link, owners);
    for (const [index, owner] of owners.entries()) {
      const targets = found[index];
      if (targets?.status === 'found') {
        links.set(owner, { ...links.get(owner), [link.name]: targets.value });
      } else {
        uncertain.set(owner, [...(uncertain.get(owner) ?? []), link.name]);
        const reason =
          targets?.status === 'unknown'
            ? describeError(targets.error)
            : 'The owner was not found when its links were read.';
        ledger.linkGap(type, link.name, reason);
      }
    }
  }
  return { links, uncertain };
}

/** Reads the recycle bin of a type. False when it could not be read to its end. */
async function collectBin(
  options: CollectOptions,
  ledger: Ledger,
  type: ObjectType,
  binned: Map<ObjectKey, JsonObject>,
): Promise<boolean> {
  let done = 0;
  try {
    for await (const page of listDeleted(options.client, type)) {
      stopIfInterrupted(options.signal);
      for (const raw of page) {
        const id = raw[type.key];
        if (typeof id === 'string' && id !== '') binned.set(objectKey(type.name, id), raw);
      }
      done += page.length;
      options.progress({ what: `Reading deleted ${type.folder}`, done });
    }
    return true;
  } catch (cause) {
    stopIfInterrupted(options.signal);
    ledger.gap(`${type.name}.deletedItems`, done === 0 ? 'not-collected' : 'partial', reasonOf(cause));
    return false;
  }
}

/**
 * Takes the recycle bins into the state. The properties and links of a deleted object are those last seen alive, because
 * the bin reports some of them wrongly; an object first seen in the bin leaves those out.
 */
async function settleBinned(
  options: CollectOptions,
  ledger: Ledger,
  binned: ReadonlyMap<ObjectKey, JsonObject>,
): Promise<void> {
  const known = [...binned.keys()].filter((key) => options.previous?.ids.has(key));
  const before = (await options.previous?.load(known)) ?? new Map<ObjectKey, DirectoryObject>();
  for (const [key, raw] of binned) {
    if (options.excluded.has(key)) continue;
    const type = options.types.find((candidate) => candidate.name === typeOf(key)) as ObjectType;
    const deleted = typeof raw[DELETED] === 'string' ? raw[DELETED] : options.clock().toISOString();
    const last = before.get(key);
    const object =
      last === undefined
        ? ledger.canonical(type, raw, { deleted, links: {}, distrust: type.bin?.misreports ?? [] })
        : canonicalise(type, { ...last.properties }, { deleted, links: last.links, distrust: absentFrom(type, last) })
            ?.object;
    if (object !== undefined) await ledger.settle(object, 'deleted');
  }
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
async function settleMissing(
  options: CollectOptions,
  ledger: Ledger,
  complete: ReadonlySet<ObjectType>,
  pending: Pending[],
): Promise<void> {
  for (const type of options.types) {
    const missing = [...(options.previous?.ids.keys() ?? [])].filter(
      (key) => typeOf(key) === type.name && !ledger.has(key),
    );
    if (missing.length === 0) continue;
    if (!complete.has(type)) {
      ledger.keepUnknown(missing.filter((key) => !options.excluded.has(key)));
      continue;
    }
    const active = sorted(await askFor(missing, (ids) => readObjects(options.client, type, ids)));
    const gone = type.bin === undefined ? [] : active.absent;
    const binned = sorted(await askFor(gone, (ids) => readDeletedObjects(options.client, type, ids)));
    await settleBinned(options, ledger, binned.found);
    for (const [key, error] of [...active.unknown, ...binned.unknown]) {
      if (options.excluded.has(key)) continue;
      ledger.keepUnknown([key]);
      ledger.gap(type.name, 'partial', describeError(error));
    }
    await collectPage(options, ledger, type, [...active.found.values()], pending);
  }
}

/** Answers by what they say. */
function sorted(answers: readonly (readonly [ObjectKey, Found<JsonObject>])[]) {
  const found = new Map<ObjectKey, JsonObject>();
  const absent: ObjectKey[] = [];
  const unknown: [ObjectKey, GraphError][] = [];
  for (const [key, answer] of answers) {
    if (answer.status === 'found') found.set(key, answer.value);
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

/**
 * Settles objects whose links differ from the previous backup. A target that went to the recycle bin is kept: Graph
 * stores the link and brings it back on restore. A link that could not be read is kept as last seen.
 */
async function settlePending(options: CollectOptions, ledger: Ledger, pending: readonly Pending[]): Promise<void> {
  const keys = pending.map((item) => item.object.key).filter((key) => options.previous?.ids.has(key));
  const before = (await options.previous?.load(keys)) ?? new Map<ObjectKey, DirectoryObject>();
  for (const { type, object, uncertain } of pending) {
    if (ledger.isDeleted(object.key)) continue;
    const last = before.get(object.key);
    const links: Record<string, readonly string[]> = {};
    for (const link of type.links) {
      const now = object.links[link.name];
      const then = last?.links[link.name];
      if (now !== undefined) {
        const stored = (then ?? []).filter((target) => ledger.mayBeStored(link.targets, target));
        links[link.name] = [...now, ...stored];
      } else if (then !== undefined && uncertain.includes(link.name)) {
        links[link.name] = then;
      }
    }
    if (uncertain.length > 0) ledger.uncertain(object.key, uncertain);
    const whole = canonicalise(
      type,
      { ...object.properties },
      { deleted: null, links, distrust: absentFrom(type, object) },
    )?.object;
    if (whole !== undefined) await ledger.settle(whole);
  }
}

function stopIfInterrupted(signal: AbortSignal): void {
  if (signal.aborted) throw interruption();
}

/** One line for the coverage; anything but a refusal by Graph is not ours to swallow. */
function reasonOf(cause: unknown): string {
  if (cause instanceof GraphFailure) return describeError(cause.error satisfies GraphError);
  throw cause;
}
