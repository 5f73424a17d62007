/** Names edges by what they connect: `Mail Sync Pro: Directory.ReadWrite.All` instead of three ids. */

import type { Change } from './model/change.js';
import type { DirectoryObject, ObjectKey } from './model/object.js';
import { typeOf } from './model/object.js';
import { endpointsOf } from './registry/identity.js';
import type { ObjectType, Registry } from './registry/types.js';
import { edgeLabel } from './state/label.js';
import { type ComparedState, namesOf } from './states.js';

/** Labels of changed edges, by key; what neither side knows is shown by its id. */
export async function nameEdges(
  registry: Registry,
  edges: readonly Change[],
  sides: readonly ComparedState[],
): Promise<ReadonlyMap<ObjectKey, string>> {
  const typeFor = (change: Change) => registry.byName.get(typeOf(change.object)) as ObjectType;
  const ends = edges.flatMap((change) => endpointsOf(typeFor(change), change.object));
  const names = await namesOf(registry, new Set(ends.map(({ id }) => id)), sides);
  const holders = await loadHolders(registry, edges, sides);
  const load = (types: readonly string[], id: string) =>
    types.map((name) => holders.get(`${name}/${id.toLowerCase()}`)).find((object) => object !== undefined);
  return new Map(
    edges.flatMap((change) => {
      const edge = change.liveObject ?? change.desiredObject;
      if (edge === undefined) return [];
      return [[change.object, edgeLabel(typeFor(change), edge, (id) => names.get(id.toLowerCase()), load)] as const];
    }),
  );
}

/** Objects of whose items the edges name one: a service principal that defines app roles. */
async function loadHolders(
  registry: Registry,
  edges: readonly Change[],
  sides: readonly ComparedState[],
): Promise<ReadonlyMap<ObjectKey, DirectoryObject>> {
  const wanted = new Set<ObjectKey>();
  for (const change of edges) {
    const type = registry.byName.get(typeOf(change.object)) as ObjectType;
    const within = new Set(
      type.properties.flatMap(({ shape }) => (shape.kind === 'scalar' ? (shape.reference?.within?.object ?? []) : [])),
    );
    for (const { property, id, types } of endpointsOf(type, change.object)) {
      if (within.has(property)) for (const name of types) wanted.add(`${name}/${id}`);
    }
  }
  const holders = new Map<ObjectKey, DirectoryObject>();
  for (const side of sides) {
    const missing = [...wanted].filter((key) => !holders.has(key) && side.ids.has(key));
    for (const [key, object] of await side.load(missing)) holders.set(key, object);
  }
  return holders;
}
