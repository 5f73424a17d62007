/** What a partial reading must come to: what was read as it is, and everything else as in the backup. */

import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../src/model/json.js';
import { type DirectoryObject, idOf, type ObjectKey, typeOf } from '../../src/model/object.js';
import { endpointsOf, keyOf, ownerOf } from '../../src/registry/identity.js';
import type { ObjectType } from '../../src/registry/types.js';
import { contentId, emitObject } from '../../src/state/emit.js';
import type { StateIds } from '../../src/state/types.js';
import { linkStanding } from '../../src/strategies/index.js';
import type { PartlyRead } from './partly-read.js';
import type { Reading, Role } from './reading.js';

/** Answers that came through whole. */
export type Delivered = readonly { readonly path: string; readonly body: unknown }[];

/** What is disturbed, and whether the ids of objects came through all the same. */
export interface Disturbed {
  readonly reading: Reading;
  readonly named: boolean;
  /** Whether what came before counts although the rest did not come: nothing was cut off. */
  readonly whole: boolean;
}

export interface Expected {
  /** The tree, as content ids. */
  readonly ids: ReadonlyMap<ObjectKey, string>;
  /** Objects of which nothing was read. */
  readonly unread: ReadonlySet<ObjectKey>;
}

const OBJECTS: readonly Role[] = ['list', 'bin', 'edges', 'object', 'deleted'];

/** The state that comes of it, object by object. */
export async function expectedState(
  all: PartlyRead,
  { reading, named, whole: isWhole }: Disturbed,
  delivered: Delivered,
): Promise<Expected> {
  const { good, whole, registry } = all;
  const seen = seenIn(all, delivered);
  const answered = answeredIn(all, delivered);
  const keys = [...new Set([...good.ids.keys(), ...whole.ids.keys()])];
  const then = await good.load(keys);
  const now = await all.repository.live(whole, good).load(keys);
  const incomplete = incompleteTypes(all, reading);
  const unread = new Set(
    keys.filter((key) => {
      if (reading.role === 'edges' && incomplete.has(typeOf(key)))
        return !answered.edges(typeOf(key), ownerIn(all, key)) && !(isWhole && seen.has(key));
      const isListed = !incomplete.has(typeOf(key)) || (named && !whole.ids.has(key));
      return good.ids.has(key) && !isListed && !seen.has(key);
    }),
  );
  const ids = new Map<ObjectKey, string>();
  for (const key of keys) {
    const type = registry.byName.get(typeOf(key)) as ObjectType;
    const kept = good.ids.get(key);
    const isDoubtful = endpointsOf(type, key).some((end) => end.types.some((name) => unread.has(`${name}/${end.id}`)));
    if (unread.has(key) || (isDoubtful && !whole.ids.has(key))) {
      if (kept !== undefined) ids.set(key, kept);
      continue;
    }
    const object = now.get(key);
    if (object === undefined || (reading.role !== 'edges' && incomplete.has(type.name) && !seen.has(key))) continue;
    const isRead = (part: string) => whole.deleted.has(key) || answered.whole(type, part, idOf(key));
    const mixed = whole.deleted.has(key) ? object : adjusted(type, object, then.get(key), isRead, reading, unread);
    ids.set(key, contentId(emitObject(mixed)));
  }
  return { ids, unread };
}

const ownerIn = ({ registry }: PartlyRead, key: ObjectKey): string => {
  const owner = ownerOf(registry.byName.get(typeOf(key)) as ObjectType, key);
  return owner === undefined ? '' : idOf(owner);
};

/** Types of which not every object was listed. */
function incompleteTypes({ registry }: PartlyRead, { role, types }: Reading): ReadonlySet<string> {
  if (!OBJECTS.includes(role)) return new Set();
  const names = new Set(types.map(({ name }) => name));
  if (role === 'bin') return names;
  const owned = registry.types.filter(({ path, edge }) => path.includes('{owner}') && names.has(edge?.ownerType ?? ''));
  return new Set([...names, ...owned.map(({ name }) => name)]);
}

/** The object as it is, with what was not read of it as it was. */
function adjusted(
  type: ObjectType,
  now: DirectoryObject,
  then: DirectoryObject | undefined,
  isRead: (part: string) => boolean,
  { role, types }: Reading,
  unread: ReadonlySet<ObjectKey>,
): DirectoryObject {
  const isMixed = (source: string) => role === 'list' && types.some(({ name }) => name === source);
  const lost = new Set(
    type.properties
      .filter(({ name, part, union }) => (part?.read === true && !isRead(name)) || (union && isMixed(union.type)))
      .map(({ name }) => name),
  );
  const properties = Object.entries(now.properties).flatMap(([name, value]): [string, Json][] => {
    const known = lost.has(name) ? then?.properties[name] : value;
    return known === undefined ? [] : [[name, known]];
  });
  const links = type.links.flatMap((link): [string, readonly string[]][] => {
    if (linkStanding(link, now.properties).standing === 'derived') return [];
    const before = then?.links[link.name];
    if (!isRead(link.name)) return before === undefined ? [] : [[link.name, before]];
    const hidden = (before ?? []).filter((id) => link.targets.some((name) => unread.has(`${name}/${id}`)));
    return [[link.name, [...new Set([...(now.links[link.name] ?? []), ...hidden])].sort()]];
  });
  return { key: now.key, properties: Object.fromEntries(properties), links: Object.fromEntries(links) };
}

/** Objects of which an answer told all. */
function seenIn({ readingOf }: PartlyRead, delivered: Delivered): ReadonlySet<ObjectKey> {
  const seen = new Set<ObjectKey>();
  for (const { path, body } of delivered) {
    const reading = readingOf(path);
    if (reading === undefined || !OBJECTS.includes(reading.role)) continue;
    for (const type of reading.types) for (const raw of objectsOf(type, body)) seen.add(keyOf(type, raw) ?? '/');
  }
  return seen;
}

function objectsOf({ inline }: ObjectType, body: unknown): readonly JsonObject[] {
  if (!isJsonObject(body as JsonObject)) return [];
  const held = (body as JsonObject)[inline?.property ?? 'value'];
  return isJsonArray(held) ? held.filter(isJsonObject) : [body as JsonObject];
}

/** Links and properties that were answered to their last page, by the object that they are of. */
function answeredIn({ readingOf }: PartlyRead, delivered: Delivered) {
  const last = new Map<string, boolean>();
  for (const { path, body } of delivered) {
    const reading = readingOf(path);
    if (reading?.part === undefined && reading?.role !== 'edges') continue;
    const [id = ''] = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i.exec(path) ?? [];
    const place = `${reading.types[0]?.name}.${reading.part ?? ''} ${id.toLowerCase()}`;
    last.set(place, !isJsonObject(body as JsonObject) || (body as JsonObject)['@odata.nextLink'] === undefined);
  }
  return {
    whole: (type: ObjectType, part: string, id: string) => last.get(`${type.name}.${part} ${id}`) === true,
    edges: (type: string, owner: string) => last.get(`${type}. ${owner}`) === true,
  };
}

/** Where two trees differ, in words. What may be either is as it should be where it is as in the backup or as it is. */
export function treeDifferences(
  { good, whole }: PartlyRead,
  is: StateIds,
  should: StateIds,
  maybeEither: (key: ObjectKey) => boolean = () => false,
): string[] {
  const word = (key: ObjectKey, id: string | undefined) => {
    if (id === undefined) return 'not there';
    if (id === good.ids.get(key)) return id === whole.ids.get(key) ? 'unchanged' : 'as in the backup';
    return id === whole.ids.get(key) ? 'as it is' : `mixed ${id.slice(0, 7)}`;
  };
  const keys = [...new Set([...is.keys(), ...should.keys()])].sort();
  return keys
    .filter((key) => is.get(key) !== should.get(key))
    .filter((key) => !maybeEither(key) || ![good.ids.get(key), whole.ids.get(key)].includes(is.get(key)))
    .map((key) => `${key} is ${word(key, is.get(key))}, and should be ${word(key, should.get(key))}`);
}
