/** Objects that cannot be without another one: Graph deletes them with it, and does not restore them before it. Pure. */

import type { Change } from '../model/change.js';
import { type DirectoryObject, idOf, type ObjectKey, typeOf } from '../model/object.js';
import type { Blocked } from '../model/plan.js';
import type { ObjectType, Registry } from '../registry/types.js';
import { block } from './blocked.js';
import type { JudgeContext, Judgement } from './judge.js';

/** An active object by the value of a property that is unique among objects of its type; undefined when there is none. */
export type Holder = (type: string, property: string, value: string) => ObjectKey | undefined;

/** A property by which objects of a type stand for an object of another type. */
interface Dependence {
  readonly type: ObjectType;
  readonly property: string;
  /** The property of the other object that it repeats. */
  readonly by: string;
}

/** What cannot be without objects of a type: its identity refers to one, as that of a service principal to its application. */
export function dependencesOn(target: ObjectType, { types }: Registry): readonly Dependence[] {
  return types.flatMap((type) => {
    if (type.edge !== undefined || type === target) return [];
    return type.properties.flatMap(({ name, access, unique, shape }) => {
      const reference = shape.kind === 'scalar' ? shape.reference : undefined;
      if (access !== 'identity' || !unique || !reference?.types.includes(target.name)) return [];
      return [{ type, property: name, by: reference.by }];
    });
  });
}

/**
 * Judgements in which nothing is soft-deleted that would take along what is to stay: an object that is left alone, excluded
 * or out of scope ("Delete application": its service principal goes to the recycle bin with it).
 */
export function withoutCascades(
  judgements: readonly Judgement[],
  registry: Registry,
  holder: Holder,
  labelOf: (id: string) => string,
): readonly Judgement[] {
  const leaving = new Set(judgements.flatMap(({ action, change }) => (action === 'soft-delete' ? change.object : [])));
  return judgements.map((judgement) => {
    if (judgement.action !== 'soft-delete') return judgement;
    const stays = dependentsOf(judgement, registry, holder).find((key) => !leaving.has(key));
    if (stays === undefined) return judgement;
    const reason = `Graph would delete ${labelOf(idOf(stays))} (${stays}) with it, which is to stay.`;
    const blocked = [block(judgement.change, 'KG515', reason, 'Let the plan delete both, or neither.')];
    return { change: judgement.change, set: [], links: [], blocked };
  });
}

function dependentsOf({ change }: Judgement, registry: Registry, holder: Holder): readonly ObjectKey[] {
  const target = registry.byName.get(typeOf(change.object));
  if (target === undefined) return [];
  return dependencesOn(target, registry).flatMap(({ type, property, by }) => {
    const value = by === 'key' ? idOf(change.object) : change.liveObject?.properties[by];
    return typeof value === 'string' ? (holder(type.name, property, value) ?? []) : [];
  });
}

/** An object that another one cannot be without. */
export interface Need {
  readonly types: readonly string[];
  readonly isMetBy: (object: DirectoryObject) => boolean;
}

/** What an object that is to come back needs: what it stands for, or was created for. Edges are judged by their ends. */
export function needsOf({ byName }: Registry, object: DirectoryObject | undefined): readonly Need[] {
  const type = object === undefined ? undefined : byName.get(typeOf(object.key));
  if (object === undefined || type === undefined || type.edge !== undefined) return [];
  return type.properties.flatMap(({ name, access, shape }) => {
    const reference = shape.kind === 'scalar' ? shape.reference : undefined;
    const value = object.properties[name];
    if ((access !== 'identity' && access !== 'createOnly') || reference === undefined) return [];
    if (typeof value !== 'string') return [];
    const { types, by } = reference;
    const named = ({ key, properties }: DirectoryObject) => (by === 'key' ? idOf(key) : properties[by]);
    return [{ types, isMetBy: (other: DirectoryObject) => named(other) === value.toLowerCase() }];
  });
}

/** Why an object cannot be restored: what it needs neither is there nor comes back by this plan, or could not be read. */
export function withoutNeeded(change: Change, context: JudgeContext): Blocked | undefined {
  const [missing] = context.needed(change.object);
  if (missing === undefined) return undefined;
  const isUnknown = context.standing(idOf(missing), [typeOf(missing)]) === 'unknown';
  const [why, remedy] = isUnknown
    ? ['could not be read', 'Plan again when everything can be read.']
    : [
        'this plan does not bring back',
        'Plan with both in scope; if the other is gone for good, create both again by hand.',
      ];
  const what = `${context.labelOf(idOf(missing))} (${missing})`;
  return block(change, 'KG516', `Graph restores it after ${what} only, which ${why}.`, remedy);
}
