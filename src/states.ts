/** States as use cases see them: a commit's, or the live tenant's. */

import { collect } from './collect/collect.js';
import type { LiveState, Tracking } from './collect/types.js';
import type { Tenant } from './connection.js';
import type { Captured, Coverage } from './model/coverage.js';
import type { StateReference } from './model/documents.js';
import { type ContentId, idOf, type ObjectKey, typeOf } from './model/object.js';
import { createShelf, eitherOf, type Objects } from './model/objects.js';
import { Failure } from './model/problem.js';
import type { ObjectType, Registry } from './registry/types.js';
import { commitOf } from './revisions.js';
import { readObject } from './state/document.js';
import { labelOf } from './state/label.js';
import { type BackupFacts, backupFacts, CAPTURED, coversType } from './state/trailers.js';
import type { StateIds } from './state/types.js';
import { lackingOf, withoutWithheld } from './withheld.js';
import type { Workspace } from './workspace.js';

/** One side of a comparison, whatever it comes from. */
export interface ComparedState {
  readonly reference: StateReference;
  readonly ids: StateIds;
  readonly coverage: Coverage | undefined;
  /** Whether an object of this type that is not in `ids` was certainly not there. */
  covers(type: string): boolean;
  /** Objects in the state of which nothing certain is known. */
  readonly unknown: ReadonlySet<ObjectKey>;
  /** Links and properties that could not be read. */
  readonly uncertain: ReadonlyMap<ObjectKey, readonly string[]>;
  readonly unrecognised: ReadonlyMap<ObjectKey, readonly string[]>;
  /** An active object that holds a value of a unique property; undefined when none does, or it is not known. */
  holder(type: string, property: string, value: string): ObjectKey | undefined;
  /** Objects of the state; keys that are not in it are left out. */
  load(keys: Iterable<ObjectKey>): Promise<Objects>;
  /** The backup that the state stems from; absent where that is the state itself, and for the live tenant. */
  readonly stemsFrom?: Pick<ComparedState, 'ids' | 'load'>;
  /** The name of an object by its id, where it is at hand without reading. */
  label(id: string): string | undefined;
}

/** A commit with the backup that its state stems from. */
export interface CommittedState extends ComparedState {
  readonly commit: string;
  readonly captured: Captured;
  readonly coverage: Coverage;
  readonly facts: BackupFacts;
  /** Commit of the backup that the state stems from. */
  readonly backup: string;
}

const EMPTY = new Map<never, never>();
const PROGRESS_EVERY = 500;

/**
 * Objects by content id, parsed and checked. `commit` names the place for people; `backup` holds the ids of the backup it
 * stems from: what is the same there was written by `snapshot`.
 */
async function loadByIds(
  workspace: Workspace,
  commit: string,
  wanted: ReadonlyMap<ObjectKey, ContentId>,
  backup: StateIds,
): Promise<Objects> {
  const keys = [...wanted.keys()];
  const objects = createShelf();
  const { progress } = workspace.surroundings;
  let at = 0;
  for await (const blob of workspace.repository.blobs(wanted.values())) {
    const key = keys[at++] as ObjectKey;
    const type = workspace.registry.byName.get(typeOf(key)) as ObjectType;
    const where = `${commit.slice(0, 7)}:tenant-state/${workspace.layout.pathOf(key)}`;
    const written = backup.get(key) === blob.id ? 'by snapshot' : 'by a person';
    objects.set(key, readObject(workspace.registry, type, key, blob.content.toString('utf8'), where, written));
    if (at % PROGRESS_EVERY === 0) progress({ what: 'Comparing', done: at, total: keys.length });
  }
  return objects;
}

function pick(ids: StateIds, keys: Iterable<ObjectKey>): Map<ObjectKey, ContentId> {
  const wanted = new Map<ObjectKey, ContentId>();
  for (const key of keys) {
    const id = ids.get(key);
    if (id !== undefined) wanted.set(key, id);
  }
  return wanted;
}

/** The newest backup of the configured branch; undefined where there is none. */
export async function latestBackup(workspace: Workspace): Promise<CommittedState | undefined> {
  const { repository, config } = workspace;
  const [commit] = await repository.log(`refs/heads/${config.branch}`, { trailer: CAPTURED, limit: 1 });
  return commit === undefined ? undefined : committedState(workspace, commit.id);
}

/**
 * The state at a revision: its files, with the interval and coverage of the backup it stems from. Throws a Failure when
 * nothing has that name, or no backup is in its history.
 */
export async function stateAt(workspace: Workspace, revision: string): Promise<CommittedState> {
  const commit = await commitOf(workspace, revision);
  return committedState(workspace, commit);
}

/** The newest backup of the configured branch and what it says of itself, without a look at its objects. */
export async function latestFacts(workspace: Workspace): Promise<Tip | undefined> {
  const { repository, config } = workspace;
  const [commit] = await repository.log(`refs/heads/${config.branch}`, { trailer: CAPTURED, limit: 1 });
  const facts = commit === undefined ? undefined : backupFacts(commit);
  return commit === undefined || facts === undefined ? undefined : { commit: commit.id, facts };
}

export interface Tip {
  readonly commit: string;
  readonly facts: BackupFacts;
}

async function committedState(workspace: Workspace, commit: string): Promise<CommittedState> {
  const { repository } = workspace;
  const [backup] = await repository.log(commit, { trailer: CAPTURED, limit: 1 });
  const facts = backup === undefined ? undefined : backupFacts(backup);
  if (backup === undefined || facts === undefined) {
    throw new Failure({
      code: 'KG132',
      message: `Commit ${commit.slice(0, 7)} holds no backup.`,
      where: repository.root,
      remedy: 'Take one with `knowngood snapshot`; `knowngood backups` lists those there are.',
    });
  }
  const ids = await idsAt(workspace, commit);
  const backedUp = backup.id === commit ? ids : await repository.ids(backup.id);
  return stateOf(workspace, { commit, facts }, backup.id, ids, backedUp);
}

/** A backup with all its objects. */
export async function wholeState(workspace: Workspace, tip: Tip): Promise<CommittedState> {
  const ids = await idsAt(workspace, tip.commit);
  return stateOf(workspace, tip, tip.commit, ids, ids);
}

async function idsAt(workspace: Workspace, commit: string): Promise<StateIds> {
  const all = await workspace.repository.ids(commit);
  return [...workspace.excluded].some((key) => all.has(key)) ? without(all, workspace) : all;
}

/**
 * A state of which these objects are known; what is the same in `backedUp`, the state of the backup that it stems from, was
 * written by `snapshot`.
 */
export function stateOf(
  workspace: Workspace,
  { commit, facts }: Tip,
  backup: string,
  ids: StateIds,
  backedUp: StateIds,
): CommittedState {
  return {
    reference: { kind: backup === commit ? 'backup' : 'commit', commit, captured: facts.captured },
    commit,
    captured: facts.captured,
    facts,
    backup,
    ids,
    coverage: facts.coverage,
    covers: (type) => coversType(facts.coverage, type),
    unknown: unknownAt(facts.coverage),
    uncertain: EMPTY,
    unrecognised: unrecognisedAt(facts.coverage),
    holder: () => undefined,
    load: (keys) => loadByIds(workspace, commit, pick(ids, keys), backedUp),
    stemsFrom: { ids: backedUp, load: (keys) => loadByIds(workspace, backup, pick(backedUp, keys), backedUp) },
    label: () => undefined,
  };
}

function without(all: StateIds, { repository, excluded }: Workspace): StateIds {
  const ids = repository.emptyIds();
  for (const [key, id] of all) if (!excluded.has(key)) ids.set(key, id);
  return ids;
}

/** Objects that the backup left out, or could not make out: whether they were there, it does not say. */
function unknownAt(coverage: Coverage): ReadonlySet<ObjectKey> {
  const odd = coverage.unrecognised.filter((item) => item.paths.includes('@odata.type')).map((item) => item.object);
  return new Set([...(coverage.excluded ?? []), ...odd] as ObjectKey[]);
}

function unrecognisedAt(coverage: Coverage): ReadonlyMap<ObjectKey, readonly string[]> {
  return new Map(coverage.unrecognised.map((item) => [item.object as ObjectKey, item.paths]));
}

/** How to read the live tenant. */
export interface LiveOptions {
  readonly types: readonly ObjectType[];
  /** The newest backup: what is kept where Graph gives no, or no believable, answer. */
  readonly previous: CommittedState | undefined;
  /** The state it will be compared with: objects that are the same there need not be kept in memory. */
  readonly desired?: CommittedState;
  /** Whether objects may be asked for by name. */
  readonly named?: boolean;
  /** Only what has changed is read, where that is known. */
  readonly tracking?: Tracking;
  /** Receives the bytes of what the last backup does not have. */
  readonly write?: (bytes: Buffer, id: ContentId) => Promise<ContentId>;
}

/** Reads the live tenant. */
export async function readLive(workspace: Workspace, tenant: Tenant, options: LiveOptions): Promise<LiveState> {
  const { surroundings } = workspace;
  const { previous, tracking } = options;
  if (previous !== undefined && previous.facts.tenant !== tenant.id)
    throw otherTenant(previous.facts.tenant, tenant.id);
  const lacking = await lackingOf(tenant);
  return collect({
    client: tenant.client,
    lacking,
    types: options.types.map((type) => withoutWithheld(type, lacking)),
    related: workspace.registry.byName,
    previous: tracking?.before ?? (previous && { ...previous, ids: ofTypes(workspace, previous, options.types) }),
    ...(tracking === undefined ? {} : { tracking }),
    ids: workspace.repository.emptyIds(),
    excluded: workspace.excluded,
    named: options.named === true,
    ...(options.write === undefined ? {} : { write: options.write }),
    keep: (key, id) => options.desired !== undefined && options.desired.ids.get(key) !== id,
    clock: surroundings.clock,
    progress: surroundings.progress,
    signal: surroundings.signal,
  });
}

function ofTypes({ repository }: Workspace, state: CommittedState, types: readonly ObjectType[]): StateIds {
  const names = new Set(types.map((type) => type.name));
  if (Object.keys(state.coverage.types).every((name) => names.has(name))) return state.ids;
  const ids = repository.emptyIds();
  for (const [key, id] of state.ids) if (names.has(typeOf(key))) ids.set(key, id);
  return ids;
}

function otherTenant(found: string, expected: string): Failure {
  return new Failure({
    code: 'KG117',
    message: `The backups of this repository are of tenant ${found}, and this is tenant ${expected}. Nothing was read further.`,
    remedy: 'Keep one repository for each tenant.',
    exit: 4,
  });
}

/** The live tenant as one side of a comparison with `desired`. */
export function liveSide(live: LiveState, desired: CommittedState): ComparedState {
  const types = new Set(Object.keys(live.coverage.types));
  return {
    reference: { kind: 'live', captured: live.captured },
    ids: live.ids,
    coverage: live.coverage,
    covers: (type) => types.has(type) && coversType(live.coverage, type),
    unknown: live.unknown,
    uncertain: live.uncertain,
    unrecognised: live.unrecognised,
    holder: (type, property, value) => live.holders.get(`${type}.${property}=${value.toLowerCase()}`),
    async load(keys) {
      const wanted = new Set(keys);
      const same = [...wanted].filter((key) => {
        const id = live.objects.has(key) ? undefined : live.ids.get(key);
        return id !== undefined && desired.ids.get(key) === id;
      });
      return eitherOf(wanted, live.objects, await desired.load(same));
    },
    label: (id) => live.labels.get(id),
  };
}

/** Names of these ids, as far as either side knows them. */
export async function namesOf(
  registry: Registry,
  ids: Iterable<string>,
  sides: readonly ComparedState[],
): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (const side of sides) {
    const keys: ObjectKey[] = [];
    for (const id of new Set(ids)) {
      if (names.has(id)) continue;
      const label = side.label(id);
      if (label !== undefined) names.set(id, label);
      else
        keys.push(...registry.types.map((type): ObjectKey => `${type.name}/${id}`).filter((key) => side.ids.has(key)));
    }
    for (const [key, object] of await side.load(keys)) {
      names.set(idOf(key), labelOf(registry.byName.get(typeOf(key)), object));
    }
  }
  return names;
}
