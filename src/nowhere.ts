/** Which ids name nothing: objects that neither side of a comparison holds, though both would if there were any. */

import type { Change } from './model/change.js';
import type { DirectoryObject, ObjectKey } from './model/object.js';
import { idsIn } from './plan/plan.js';
import type { Considered } from './scope.js';
import type { ComparedState } from './states.js';

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether a target that neither side holds is certainly not there. */
export type NowhereTest = (change: Change, id: string, types: readonly string[]) => boolean;

/**
 * A test for ids that neither side holds. Such an id names nothing where every type that it could be of was read whole. One
 * that could also be of a type that knowngood never reads, as a device among members, is believed where Graph named it: it
 * names nothing only where a person wrote it into the file after the backup. What the live object names is there for Graph.
 */
export async function nowhereTest(
  { registry, excluded }: Pick<Considered, 'registry' | 'excluded'>,
  keys: readonly ObjectKey[],
  desired: ComparedState,
  live: ComparedState,
): Promise<NowhereTest> {
  const { ids, load } = desired.stemsFrom ?? desired;
  const edited = new Set(keys.filter((key) => desired.ids.has(key) && desired.ids.get(key) !== ids.get(key)));
  const before = await load(edited);
  const byHand = ({ object }: Change, id: string) => edited.has(object) && !names(before.get(object), id);
  const isInDoubt = (key: ObjectKey) => excluded.has(key) || live.unknown.has(key) || desired.unknown.has(key);
  return (change, id, types) => {
    const read = types.filter((name) => registry.byName.has(name));
    const whole = read.every((name) => registry.byName.get(name)?.filter === undefined && live.covers(name));
    if (!GUID.test(id) || read.length === 0 || !whole) return false;
    if (types.some((name) => isInDoubt(`${name}/${id}`)) || names(change.liveObject, id)) return false;
    return read.length === types.length || byHand(change, id);
  };
}

function names(object: DirectoryObject | undefined, id: string): boolean {
  return object !== undefined && idsIn([object.properties, object.links]).has(id);
}
