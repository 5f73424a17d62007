/** Finds the objects that were asked for, by id or by name, in the two states of a comparison. */

import { type AskedObject, type AskedScope, oneFailure } from './asked.js';
import type { LiveState } from './collect/types.js';
import { presenceOf } from './diff/compare.js';
import { byCodeUnit, type DirectoryObject, idOf, type ObjectKey, typeOf } from './model/object.js';
import type { Scope } from './model/plan.js';
import { Failure } from './model/problem.js';
import { asArgument, foldName, type NameSearch, namesOfObject, searchNames, uniqueValues } from './names.js';
import type { ObjectType } from './registry/types.js';
import { labelOf } from './state/label.js';
import type { ComparedState } from './states.js';

/** Where objects are looked for. */
export interface Sides {
  readonly desired: ComparedState;
  readonly live: ComparedState;
  /** The tenant as it was read, where that is the live side: it knows the names of all its objects. */
  readonly read?: LiveState;
}

/**
 * The scope by ids alone; `note` is told which name is which object. Throws a Failure: KG122 where neither side has an
 * id, KG125 where several objects have a name, KG126 where none has, KG128 where everything asked for is excluded.
 */
export async function settleScope(asked: AskedScope, sides: Sides, note: (text: string) => void): Promise<Scope> {
  const { scope } = asked;
  const found = await findAll([...asked.targets, ...asked.exclude], sides);
  tellNames(found, note);
  const keys = (objects: readonly AskedObject[]) => objects.map((object) => found.get(object) as ObjectKey);
  const sorted = (list: readonly ObjectKey[]) => [...new Set(list)].sort(byCodeUnit);
  const targets = sorted([...scope.targets, ...keys(asked.targets)]);
  const exclude = sorted([...scope.exclude, ...keys(asked.exclude)]);
  if (asked.targets.length > 0 && targets.every((key) => exclude.includes(key))) {
    throw new Failure({
      code: 'KG128',
      message: 'Every object that was asked for is excluded: there would be nothing to compare.',
      where: '--exclude',
      remedy: 'Leave one of the two out.',
    });
  }
  return { ...scope, targets, exclude };
}

const has = (sides: Sides, key: ObjectKey) => sides.desired.ids.has(key) || sides.live.ids.has(key);

async function findAll(asked: readonly AskedObject[], sides: Sides): Promise<Map<AskedObject, ObjectKey>> {
  const found = new Map<AskedObject, ObjectKey>();
  const named: AskedObject[] = [];
  for (const object of asked) {
    if (has(sides, object.key)) found.set(object, object.key);
    else if (object.certain) throw unknownId(object);
    else named.push(object);
  }
  const failures: Failure[] = [];
  for (const type of new Set(named.map((object) => object.type))) {
    const ofType = named.filter((object) => object.type === type);
    const search = await searchBothSides(type, ofType, sides);
    for (const object of ofType) {
      const keys = search.found(object.name);
      if (keys.length === 1) found.set(object, keys[0] as ObjectKey);
      else failures.push(keys.length === 0 ? noSuchName(object, search) : await ambiguous(object, keys, sides));
    }
  }
  if (failures.length > 0) throw oneFailure(failures);
  return found;
}

/**
 * Names in both states. The live side knows what its objects are called without parsing anything, so of the desired side
 * only objects are parsed that are not the same live. A name that nobody is called by may still be another label of
 * somebody: for that all objects of the type are parsed, because only then it is known to be one object's alone.
 */
async function searchBothSides(type: ObjectType, asked: readonly AskedObject[], sides: Sides): Promise<NameSearch> {
  const { desired, live, read } = sides;
  const keysIn = (state: ComparedState) => [...state.ids.keys()].filter((key) => typeOf(key) === type.name);
  const differs = (key: ObjectKey) => desired.ids.get(key) !== live.ids.get(key);
  const seen = new Map([[live, await live.load(keysIn(live).filter(differs))]]);
  seen.set(desired, await desired.load(read === undefined ? keysIn(desired) : keysIn(desired).filter(differs)));
  const see = (search: NameSearch, names: (object: DirectoryObject) => string[]) => {
    for (const objects of seen.values()) for (const [key, object] of objects) search.see(key, names(object));
  };
  const first = searchNames(asked.map(({ name }) => name));
  if (read !== undefined) seeRead(type, asked, read, first);
  see(first, (object) => [labelOf(type, object), ...uniqueValues(type, object)]);
  const left = asked.filter(({ name }) => first.found(name).length === 0);
  if (left.length === 0) return first;
  if (read !== undefined) seen.set(desired, await desired.load(keysIn(desired)));
  const second = searchNames(left.map(({ name }) => name));
  see(second, (object) => namesOfObject(type, object));
  return {
    see: second.see,
    found: (name) => (first.found(name).length > 0 ? first.found(name) : second.found(name)),
    near: second.near,
  };
}

function seeRead(type: ObjectType, asked: readonly AskedObject[], read: LiveState, search: NameSearch): void {
  for (const key of read.ids.keys()) {
    const label = typeOf(key) === type.name ? read.labels.get(idOf(key)) : undefined;
    if (label !== undefined) search.see(key, [label]);
  }
  const unique = type.properties.filter((property) => property.unique);
  for (const { name } of asked) {
    for (const property of unique) {
      const holder = read.holders.get(`${type.name}.${property.name}=${name.toLowerCase()}`);
      if (holder !== undefined) search.see(holder, [name]);
    }
  }
}

const TOLD = 5;

function tellNames(found: ReadonlyMap<AskedObject, ObjectKey>, note: (text: string) => void): void {
  const named = [...found].filter(([object, key]) => object.key !== key);
  // An object can be asked for and excluded.
  const lines = [...new Set(named.map(([object, key]) => `${object.type.name}/${object.name} is ${key}`))];
  const hidden = lines.length - TOLD;
  if (lines.length > 0) note([...lines.slice(0, TOLD), ...(hidden > 0 ? [`and ${hidden} more`] : [])].join('\n'));
}

function unknownId({ key, where }: AskedObject): Failure {
  return new Failure({
    code: 'KG122',
    message: `${key} is neither in the backup nor in what it is compared with.`,
    where,
    remedy: `Check the id; \`git log --all -- "tenant-state/**/${idOf(key)}.yaml"\` finds the backups that had it.`,
  });
}

/** A `#` within a name, where it may have been meant to begin a comment. */
const COMMENT = /\s#/;

function noSuchName({ type, name, where }: AskedObject, search: NameSearch): Failure {
  const near = search.near(name).flatMap((other) => asArgument(`${type.name}/${other}`) ?? []);
  return new Failure({
    code: 'KG126',
    message: `No ${type.name} is called ${JSON.stringify(name)}, neither in the backup nor in what it is compared with.`,
    where,
    remedy:
      type.edge !== undefined
        ? 'It has no name of its own: write its id, as diff --json and the names of the files in the backup have it.'
        : COMMENT.test(name)
          ? 'In a list, a comment stands on a line of its own: what follows # here is taken for part of the name.'
          : near.length > 0
            ? `Did you mean ${near.join(' or ')}?`
            : `Name it by its id; \`git log --all --oneline -S ${JSON.stringify(name)} -- tenant-state\` finds backups in which the name came or went.`,
  });
}

const SHOWN = 10;

async function ambiguous({ type, name, where }: AskedObject, keys: readonly ObjectKey[], sides: Sides) {
  const shown = [...keys].sort(byCodeUnit).slice(0, SHOWN);
  const [desired, live] = await Promise.all([sides.desired.load(shown), sides.live.load(shown)]);
  const listed = shown.map((key) => {
    const seen = [
      { place: placeOf(sides.desired), object: desired.get(key) },
      { place: placeOf(sides.live), object: live.get(key) },
    ];
    return `${key}${whereCalled(type, name, seen)}`;
  });
  const more = keys.length > shown.length ? ` and ${keys.length - shown.length} more` : '';
  return new Failure({
    code: 'KG125',
    message: `${keys.length} objects of type ${type.name} are called ${JSON.stringify(name)}: ${listed.join(', ')}${more}.`,
    where,
    remedy: 'Name the one you mean by its id.',
  });
}

function placeOf({ reference: { kind, commit = '' } }: ComparedState): string {
  return kind === 'live' ? 'live' : `in ${kind} ${commit.slice(0, 7)}`;
}

/** ` (in backup 3f2a9c1; live it is "new team")`; with the label, where it is called so beside it: ` "ada@contoso.com" (live)`. */
function whereCalled(
  type: ObjectType,
  name: string,
  seen: readonly { readonly place: string; readonly object: DirectoryObject | undefined }[],
): string {
  const isCalled = (object: DirectoryObject) =>
    namesOfObject(type, object).some((own) => foldName(own) === foldName(name));
  const words = seen.flatMap(({ place, object }) => {
    if (object === undefined || !isCalled(object)) return [];
    return [presenceOf(object) === 'deleted' ? `${place}, in the recycle bin` : place];
  });
  const other = seen.map(({ place, object }) => {
    if (object === undefined) return `; ${place} it is not there`;
    return isCalled(object) ? '' : `; ${place} it is ${JSON.stringify(labelOf(type, object))}`;
  });
  const labels = seen.flatMap(({ object }) =>
    object !== undefined && isCalled(object) ? [labelOf(type, object)] : [],
  );
  const label = labels.at(-1) ?? name;
  return `${foldName(label) === foldName(name) ? '' : ` ${JSON.stringify(label)}`} (${words.join(' and ')}${other.join('')})`;
}
