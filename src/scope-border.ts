/** What lies at the border of a scope: links and edges between what is in it and what is not. */

import type { Change, LinkChange } from './model/change.js';
import { byCodeUnit, idOf, type ObjectKey, typeOf } from './model/object.js';
import type { Scope } from './model/plan.js';
import type { Problem } from './model/problem.js';
import { endsAt, isOneOf, ownerOf } from './registry/identity.js';
import type { ObjectType } from './registry/types.js';
import { counted } from './report/words.js';
import { type Considered, endTypes, scopeTest } from './scope.js';
import type { ComparedState } from './states.js';

/** A difference, parted: what is in scope, and what only concerns it and is told. */
export interface Parted {
  readonly within?: Change;
  /** Links to what is left alone, or links of others to targets. */
  readonly across?: Change;
}

export interface Border {
  /** Whether an object outside the scope may have links to a target, or is an edge to what is left alone. */
  readonly isNear: (key: ObjectKey) => boolean;
  readonly part: (change: Change) => Parted;
  /** Findings about differences that lie across, by what owns them; `labelOf` gives the names of ids. */
  readonly tell: (across: readonly Change[], labelOf: (id: string) => string) => readonly Problem[];
}

/** The border of a scope. Types that one of the sides does not hold are not looked at: `unreadLinks` names them. */
export function borderOf(considered: Considered, scope: Scope, sides: readonly ComparedState[]): Border {
  const inScope = scopeTest(considered, scope);
  const inWiderScope = scopeTest(considered, { ...scope, exclude: [] });
  const types = new Map(considered.types.map((type) => [type.name, type]));
  const read = new Set(considered.types.filter((type) => isRead(type, sides)));
  const [targets, leftAlone] = [new Set(scope.targets), new Set(scope.exclude)];
  const targetTypes = new Set(scope.targets.map(typeOf));
  const isNear = (key: ObjectKey) => {
    const type = types.get(typeOf(key));
    if (type === undefined || !read.has(type) || isOneOf(type, key, considered.excluded)) return false;
    if (isOneOf(type, key, leftAlone)) return false;
    if (inWiderScope(key)) return !inScope(key);
    if (type.edge !== undefined) return endsAt(type, key, targets) && !endsAt(type, key, leftAlone);
    return type.links.some((link) => link.targets.some((name) => targetTypes.has(name)));
  };
  const part = (change: Change): Parted => {
    const type = types.get(typeOf(change.object));
    if (type === undefined || (change.links.length === 0 && inScope(change.object))) return { within: change };
    if (type.edge !== undefined) return inScope(change.object) ? { within: change } : { across: change };
    const linked = (objects: ReadonlySet<ObjectKey>, wanted: boolean) => linksTo(type, change.links, objects, wanted);
    if (!inScope(change.object)) return across(change, linked(targets, true));
    if (leftAlone.size === 0) return { within: change };
    const links = linked(leftAlone, false);
    const isEmpty = links.length === 0 && change.properties.length === 0;
    return { ...(isEmpty ? {} : { within: { ...change, links } }), ...across(change, linked(leftAlone, true)) };
  };
  return {
    isNear,
    part,
    tell: (changes, labelOf) => [
      ...outside(
        changes.filter(({ object }) => !inWiderScope(object)),
        types,
        labelOf,
      ),
      ...untouched(
        changes.filter(({ object }) => inWiderScope(object)),
        types,
        scope,
        labelOf,
      ),
    ],
  };
}

function across(change: Change, links: readonly LinkChange[]): Parted {
  return links.length === 0 ? {} : { across: { ...change, properties: [], links } };
}

/** Links without the targets that are, or are not, among these objects. */
function linksTo(
  type: ObjectType,
  links: readonly LinkChange[],
  objects: ReadonlySet<ObjectKey>,
  wanted: boolean,
): LinkChange[] {
  return links.flatMap((difference) => {
    const names = type.links.find(({ name }) => name === difference.link)?.targets ?? [];
    const fits = (id: string) => names.some((name) => objects.has(`${name}/${id}`)) === wanted;
    const [add, remove] = [difference.add.filter(fits), difference.remove.filter(fits)];
    return add.length + remove.length === 0 ? [] : [{ ...difference, add, remove }];
  });
}

type Types = ReadonlyMap<string, ObjectType>;
type LabelOf = (id: string) => string;

/** The object that the difference belongs to: of an edge its owner. */
export function holderOf(types: Types, { object }: Change): ObjectKey {
  const type = types.get(typeOf(object));
  return (type && ownerOf(type, object)) ?? object;
}

const SHOWN = 5;

const listed = (keys: readonly ObjectKey[], labelOf: LabelOf): string => {
  const shown = keys
    .slice(0, SHOWN)
    .map((key) => (labelOf(idOf(key)) === idOf(key) ? key : `${labelOf(idOf(key))} (${key})`));
  return `${shown.join(', ')}${keys.length > SHOWN ? ` and ${counted(keys.length - SHOWN, 'other')}` : ''}`;
};

const countOf = (changes: readonly Change[]): number =>
  changes.reduce(
    (sum, { links }) =>
      sum +
      Math.max(
        1,
        links.reduce((all, { add, remove }) => all + add.length + remove.length, 0),
      ),
    0,
  );

const sorted = (keys: Iterable<ObjectKey>): ObjectKey[] => [...new Set(keys)].sort(byCodeUnit);

function outside(changes: readonly Change[], types: Types, labelOf: LabelOf): Problem[] {
  if (changes.length === 0) return [];
  const owners = sorted(changes.map((change) => holderOf(types, change)));
  const count = countOf(changes);
  const message =
    `${counted(count, 'differing link')} that ${count === 1 ? 'leads' : 'lead'} to what is in scope ` +
    `${count === 1 ? 'belongs' : 'belong'} to objects outside it: ${listed(owners, labelOf)}.`;
  const remedy =
    owners.length > SHOWN
      ? 'Compare without --target to see all of them; add those that are meant as targets.'
      : `Add ${owners.map((key) => `--target ${key}`).join(' ')} to recover them, with whatever else differs of ${owners.length === 1 ? 'that object' : 'those objects'}.`;
  return [{ code: 'KG602', severity: 'warning', message, remedy }];
}

function untouched(changes: readonly Change[], types: Types, { exclude }: Scope, labelOf: LabelOf): Problem[] {
  if (changes.length === 0) return [];
  const count = countOf(changes);
  const isEnd = (key: ObjectKey) =>
    changes.some(({ object, links }) => {
      const type = types.get(typeOf(object));
      const isTarget = links.some(({ add, remove }) => add.includes(idOf(key)) || remove.includes(idOf(key)));
      return isTarget || (type !== undefined && endsAt(type, object, new Set([key])));
    });
  const owners = sorted(changes.map((change) => holderOf(types, change)));
  const message =
    `${counted(count, 'differing link')} to what is excluded ${count === 1 ? 'is' : 'are'} left alone, too: ` +
    `from ${listed(owners, labelOf)} to ${listed(exclude.filter(isEnd), labelOf)}.`;
  return [{ code: 'KG608', severity: 'note', message, remedy: 'To recover them, do not exclude it.' }];
}

function isRead({ name }: ObjectType, sides: readonly ComparedState[]): boolean {
  return sides.every(({ coverage }) => Object.hasOwn(coverage?.types ?? {}, name));
}

/** Names the links and edges that may lead to targets and that were not read, for a scope of targets. */
export function unreadLinks(considered: Considered, scope: Scope, sides: readonly ComparedState[]): Problem[] {
  const wanted = new Set(scope.targets.map(typeOf));
  const unread = considered.types.filter((type) => !isRead(type, sides));
  const links = unread.flatMap((type) =>
    type.edge === undefined
      ? type.links.flatMap(({ name, targets }) =>
          targets.some((to) => wanted.has(to)) ? [`${type.name}.${name}`] : [],
        )
      : endTypes(type).some((to) => wanted.has(to))
        ? [type.name]
        : [],
  );
  if (links.length === 0) return [];
  const flags = [...new Set(links.map((link) => `--type ${link.split('.')[0]}`))].join(' ');
  return [
    {
      code: 'KG604',
      severity: 'note',
      message: `Links that other objects have to what is in scope were not compared: ${links.join(', ')}.`,
      remedy: `To see them, compare with ${flags} in the place of the targets.`,
    },
  ];
}
