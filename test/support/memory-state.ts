/** States without git: what the product makes of commits and of the live tenant, kept in memory. */

import { collect } from '../../src/collect/collect.js';
import type { LiveState, PreviousState } from '../../src/collect/types.js';
import { compareStates } from '../../src/comparison.js';
import type { GraphClient } from '../../src/graph/types.js';
import { type ContentId, type DirectoryObject, type ObjectKey, typeOf } from '../../src/model/object.js';
import type { Plan, Scope } from '../../src/model/plan.js';
import { assemblePlan, identifyPlan } from '../../src/plan/plan.js';
import type { ObjectType, Registry } from '../../src/registry/types.js';
import { typesFor } from '../../src/scope.js';
import { readObject } from '../../src/state/document.js';
import { contentId, emitObject } from '../../src/state/emit.js';
import { coversType } from '../../src/state/trailers.js';
import type { StateIds } from '../../src/state/types.js';
import { type CommittedState, type ComparedState, liveSide } from '../../src/states.js';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const NEVER = new AbortController().signal;
const TENANT = '11111111-1111-4111-8111-111111111111';

/** A state repository in memory: blobs by content id, and nothing else. */
export interface MemoryRepository {
  readonly registry: Registry;
  /**
   * Reads the tenant, as `snapshot` and `plan` do. `against`: what it will be compared with; `scope`: where, of which all is
   * read that must be known.
   */
  read(
    client: GraphClient,
    previous: PreviousState | undefined,
    against?: CommittedState,
    scope?: Scope,
  ): Promise<LiveState>;
  /** The state as a backup: its objects are parsed again from their bytes. */
  backup(live: LiveState): CommittedState;
  live(live: LiveState, desired: CommittedState): ComparedState;
  /** The plan that takes the live tenant to the desired state. */
  plan(desired: CommittedState, live: LiveState, scope: Scope): Promise<Plan>;
}

export const EVERYTHING: Scope = { types: [], targets: [], exclude: [], allowDelete: [] };

export function memoryRepository(registry: Registry, clock: () => Date): MemoryRepository {
  const blobs = new Map<ContentId, Buffer>();
  const write = async (bytes: Buffer): Promise<ContentId> => {
    const id = contentId(bytes);
    blobs.set(id, bytes);
    return id;
  };
  const load = async (ids: StateIds, keys: Iterable<ObjectKey>) => {
    const objects = new Map<ObjectKey, DirectoryObject>();
    for (const key of keys) {
      const bytes = blobs.get(ids.get(key) ?? '');
      const type = registry.byName.get(typeOf(key));
      if (bytes !== undefined && type !== undefined)
        objects.set(key, readObject(registry, type, key, bytes.toString('utf8'), key, 'by a person'));
    }
    return objects;
  };
  const considered = { registry, types: registry.types, excluded: new Set<ObjectKey>() };
  return {
    registry,
    read(client, previous, against, scope = EVERYTHING) {
      const types = typesFor(considered, scope);
      const names = new Set(types.map((type) => type.name));
      const ids = new Map([...(previous?.ids ?? [])].filter(([key]) => names.has(typeOf(key))));
      return collect({
        client,
        types,
        related: registry.byName,
        previous: previous && { ...previous, ids },
        excluded: considered.excluded,
        write,
        keep: (key, id) => against !== undefined && against.ids.get(key) !== id,
        clock,
        progress: () => undefined,
        signal: NEVER,
      });
    },
    backup: ({ ids, captured, coverage }) => ({
      backup: COMMIT,
      reference: { kind: 'backup', commit: COMMIT, captured },
      commit: COMMIT,
      captured,
      coverage,
      facts: { tenant: TENANT, captured, coverage, schemas: registry.digest, version: '0' },
      ids,
      covers: (type) => coversType(coverage, type),
      unknown: unknownIn(coverage),
      uncertain: new Map(),
      unrecognised: new Map(),
      holder: () => undefined,
      load: (keys) => load(ids, keys),
      label: () => undefined,
    }),
    live: (live, desired) => liveSide(live, desired),
    async plan(desired, live, scope) {
      const comparison = await compareStates(considered, desired, liveSide(live, desired), scope);
      const content = assemblePlan(
        {
          tool: 'knowngood test',
          tenant: TENANT,
          requestedBy: 'Ada <ada@contoso.com>',
          desired: { commit: COMMIT, captured: desired.captured },
          live: { tree: COMMIT, captured: live.captured },
          schemas: registry.digest,
          coverage: { desired: desired.coverage, live: live.coverage },
          scope,
          problems: [],
        },
        comparison.judgements,
        registry,
        (id) => comparison.names.get(id),
      );
      return identifyPlan(content, clock());
    },
  };
}

/** Objects of which a backup says that it does not know whether they were there. */
function unknownIn({ excluded = [], unrecognised }: CommittedState['coverage']): ReadonlySet<ObjectKey> {
  const odd = unrecognised.filter(({ paths }) => paths.includes('@odata.type')).map(({ object }) => object);
  return new Set([...excluded, ...odd] as ObjectKey[]);
}

/** The type of this name; it is an error of the test when there is none. */
export function typeNamed(registry: Registry, name: string): ObjectType {
  const type = registry.byName.get(name);
  if (type === undefined) throw new Error(`no type ${name}`);
  return type;
}

/** What a made-up state says of itself beside its objects. */
export interface MadeUp {
  readonly kind?: 'backup' | 'live';
  readonly gaps?: CommittedState['coverage']['gaps'];
  readonly unknown?: ReadonlySet<ObjectKey>;
  readonly uncertain?: ReadonlyMap<ObjectKey, readonly string[]>;
  readonly unrecognised?: ReadonlyMap<ObjectKey, readonly string[]>;
  /** The backup of which this is an edited copy. */
  readonly stemsFrom?: ComparedState;
}

/** A state of these objects, in their order. */
export function stateOf(registry: Registry, objects: readonly DirectoryObject[], more: MadeUp = {}): ComparedState {
  const byKey = new Map(objects.map((object) => [object.key, object]));
  const ids = new Map(objects.map((object) => [object.key, contentId(emitObject(object))]));
  const types = Object.fromEntries(registry.types.map((type) => [type.name, 0]));
  const coverage = { types, gaps: more.gaps ?? [], unrecognised: [] };
  return {
    reference: { kind: more.kind ?? 'live' },
    ...(more.stemsFrom === undefined ? {} : { stemsFrom: more.stemsFrom }),
    ids,
    coverage,
    covers: (type) => coversType(coverage, type),
    unknown: more.unknown ?? new Set(),
    uncertain: more.uncertain ?? new Map(),
    unrecognised: more.unrecognised ?? new Map(),
    holder: (type, property, value) =>
      objects.find(
        ({ key, properties }) =>
          typeOf(key) === type &&
          (properties.deletedDateTime ?? null) === null &&
          String(properties[property]).toLowerCase() === value.toLowerCase(),
      )?.key,
    async load(keys) {
      const found = new Map<ObjectKey, DirectoryObject>();
      for (const key of keys) {
        const object = byKey.get(key);
        if (object !== undefined) found.set(key, object);
      }
      return found;
    },
    label: () => undefined,
  };
}
