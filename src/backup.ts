/** Takes backups. */

import type { LiveState, PartialState } from './collect/types.js';
import { openTenant, type Tenant } from './connection.js';
import { presenceOf } from './diff/compare.js';
import type { SnapshotChanges, SnapshotResult } from './model/documents.js';
import { type ContentId, type ObjectKey, typeOf } from './model/object.js';
import { Failure } from './model/problem.js';
import { refuseWhileApplying } from './state/applying.js';
import { backupMessage, CAPTURED } from './state/trailers.js';
import type { TreeEntry } from './state/types.js';
import { type CommittedState, latestFacts, readLive, stateOf, type Tip, wholeState } from './states.js';
import { DELTA_REF, leaveBehind, prepareReading } from './tracking.js';
import { TOOL_VERSION } from './version.js';
import type { Workspace } from './workspace.js';

const STATE_FOLDER = 'tenant-state';

export interface SnapshotOptions {
  /** Reads everything, also of types of which it is known what has changed. */
  readonly full?: boolean;
}

/**
 * Captures the tenant and commits it. The backup is visible whole or not at all: objects first, the branch last. What
 * could not be read is kept as last seen and said in the coverage. Throws a Failure when it cannot be committed.
 */
export async function snapshot(workspace: Workspace, options: SnapshotOptions = {}): Promise<SnapshotResult> {
  const { repository, config, surroundings } = workspace;
  await refuseWhileApplying(repository.gitDir, surroundings.clock());
  await repository.assertClean(surroundings.note);
  const tenant = await openTenant(workspace, undefined, 'read', true);
  try {
    const writer = repository.writer();
    const tip = await latestFacts(workspace);
    const reading = await prepareReading(workspace, tenant, tip, options.full === true);
    const known = reading.tracking.before;
    const before = tip && (await (known === undefined ? wholeState(workspace, tip) : partOf(workspace, tip, known)));
    const live = await readLive(workspace, tenant, {
      types: workspace.types,
      previous: before,
      tracking: reading.tracking,
      write: (bytes, id) => writer.blob(bytes, id),
    });
    noteLeftOut(workspace, before);
    surroundings.progress({ what: 'Writing the backup', done: live.ids.size });
    const {
      tree,
      commit,
      tip: parent,
      subject,
      changes,
    } = await writeBackup(workspace, writer, live, before, tenant, known !== undefined);
    const left = await leaveBehind(workspace, writer, commit, live, reading);
    await writer.flush();
    await refuseWhileApplying(repository.gitDir, surroundings.clock());
    const ref = `refs/heads/${config.branch}`;
    const updates = [
      { ref, to: commit, expected: parent ?? null },
      { ref: DELTA_REF, to: left, expected: reading.ref ?? null },
    ];
    if ((await repository.checkedOut()) === ref) await repository.advance(updates, ref, subject);
    else await repository.updateRefs(updates, subject);
    return {
      format: 1,
      kind: 'snapshot',
      tenant: tenant.id,
      commit,
      tree,
      branch: config.branch,
      subject,
      captured: live.captured,
      changes,
      read: readOf(live),
      problems: reading.problems,
      coverage: live.coverage,
    };
  } finally {
    await tenant.close();
  }
}

const partOf = (workspace: Workspace, tip: Tip, { ids }: PartialState) => stateOf(workspace, tip, tip.commit, ids, ids);

function readOf({ followed }: LiveState): 'full' | 'incremental' {
  return followed === undefined || followed.size === 0 ? 'full' : 'incremental';
}

/** Types that the backup before had and the configuration does not ask for any more leave the tree: a person should know. */
function noteLeftOut({ types, surroundings }: Workspace, before: CommittedState | undefined): void {
  const asked = new Set(types.map((type) => type.name));
  const left = Object.entries(before?.coverage.types ?? {}).filter(([type, count]) => count > 0 && !asked.has(type));
  if (left.length === 0) return;
  const list = left.map(([type, count]) => `${type} (${count.toLocaleString('en-US')})`).join(', ');
  surroundings.note(`Left out of this backup, because knowngood.yaml does not ask for them any more: ${list}`);
}

type Writer = ReturnType<Workspace['repository']['writer']>;

async function writeBackup(
  workspace: Workspace,
  writer: Writer,
  live: LiveState,
  before: CommittedState | undefined,
  tenant: Tenant,
  isPart: boolean,
) {
  const { repository, config, registry } = workspace;
  const tip = await repository.ref(`refs/heads/${config.branch}`);
  if (tip !== undefined && tip !== before?.commit) await refuseOtherBackup(workspace, tip, before);
  const tree =
    isPart && before !== undefined
      ? await repository.patch(before.commit, writer, differences(live, before))
      : await writeState(workspace, writer, live, before);
  // A branch that does not exist yet begins where the repository stands: with its configuration.
  const parent = tip ?? (await repository.resolve('HEAD'));
  const entries = new Map<string, TreeEntry>(parent === undefined ? [] : await repository.rootEntries(parent));
  entries.set(STATE_FOLDER, { mode: '040000', id: tree });
  const changes = await changesSince(live, before, (key) => registry.byName.get(typeOf(key))?.edge !== undefined);
  const subject = before === undefined ? firstSubject(live) : subjectOf(changes);
  const commit = await writer.commit({
    tree: await writer.treeOf(entries),
    parents: parent === undefined ? [] : [parent],
    message: backupMessage(subject, {
      tenant: tenant.id,
      captured: live.captured,
      coverage: live.coverage,
      schemas: registry.digest,
      version: TOOL_VERSION,
      read: readOf(live),
    }),
  });
  return { tree, commit, tip, subject, changes };
}

/** A person may have committed something meanwhile; another backup would be one that this one was not compared with. */
async function refuseOtherBackup(
  { repository, config }: Workspace,
  tip: string,
  before: CommittedState | undefined,
): Promise<void> {
  const [newest] = await repository.log(tip, { trailer: CAPTURED, limit: 1 });
  if (newest === undefined || newest.id === before?.backup) return;
  throw new Failure({
    code: 'KG402',
    message: `Another snapshot was committed to ${config.branch} while this one read the tenant.`,
    where: `refs/heads/${config.branch} is at ${tip.slice(0, 12)}`,
    remedy: 'Run the command again, if a newer backup than that is wanted.',
  });
}

/** Queues the tree of a state; trees that the last backup has are not written again. Returns the id of the tree. */
export async function writeState(
  workspace: Workspace,
  writer: Writer,
  live: LiveState,
  before: CommittedState | undefined,
): Promise<string> {
  const known = before === undefined ? undefined : (await workspace.repository.trees(before.commit)).all;
  const files = function* (): Generator<readonly [string, string]> {
    for (const [key, id] of live.ids) yield [workspace.layout.pathOf(key), id];
  };
  return writer.tree(files(), known);
}

/** What differs of the objects that were looked at. */
function* differences(live: LiveState, before: CommittedState): Generator<readonly [ObjectKey, ContentId | undefined]> {
  for (const [key, id] of live.ids) if (before.ids.get(key) !== id) yield [key, id];
  for (const key of before.ids.keys()) if (!live.ids.has(key)) yield [key, undefined];
}

/** What a state changed against the backup before it; only objects that differ are parsed. */
async function changesSince(
  live: LiveState,
  before: CommittedState | undefined,
  isEdge: (key: ObjectKey) => boolean,
): Promise<SnapshotChanges> {
  const counts = { added: 0, updated: 0, softDeleted: 0, restored: 0, removed: 0, linksAdded: 0, linksRemoved: 0 };
  const changed: ObjectKey[] = [];
  for (const [key, id] of live.ids) {
    const old = before?.ids.get(key);
    if (old === undefined) counts[isEdge(key) ? 'linksAdded' : 'added'] += 1;
    else if (old !== id) changed.push(key);
  }
  for (const key of before?.ids.keys() ?? []) {
    if (!live.ids.has(key)) counts[isEdge(key) ? 'linksRemoved' : 'removed'] += 1;
  }
  const old = (await before?.load(changed)) ?? new Map();
  for (const key of changed) {
    const was = presenceOf(old.get(key));
    const is = live.deleted.has(key) ? 'deleted' : 'active';
    if (was === is) counts.updated += 1;
    else if (is === 'deleted') counts.softDeleted += 1;
    else counts.restored += 1;
  }
  return counts;
}

/** The commit's subject: `Snapshot: 4,800 updated, 3 added, 1 soft-deleted`. */
function subjectOf(changes: SnapshotChanges): string {
  const words: readonly (readonly [number, string])[] = [
    [changes.updated, 'updated'],
    [changes.added, 'added'],
    [changes.softDeleted, 'soft-deleted'],
    [changes.restored, 'restored'],
    [changes.removed, 'removed'],
    [changes.linksAdded, changes.linksAdded === 1 ? 'link added' : 'links added'],
    [changes.linksRemoved, changes.linksRemoved === 1 ? 'link removed' : 'links removed'],
  ];
  const parts = words.filter(([count]) => count > 0).map(([count, word]) => `${count.toLocaleString('en-US')} ${word}`);
  return parts.length === 0 ? 'Snapshot: no changes' : `Snapshot: ${parts.join(', ')}`;
}

function firstSubject(live: LiveState): string {
  return `Snapshot: first backup, ${live.ids.size.toLocaleString('en-US')} objects`;
}
