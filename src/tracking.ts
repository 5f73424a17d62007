/**
 * What a snapshot leaves behind so that the next one need read only what has changed: the ref `refs/knowngood/delta`, a commit
 * with one file, moved together with the branch.
 */

import { createHash } from 'node:crypto';
import type { LiveState, PartialState, Tracking, Trail } from './collect/types.js';
import type { Tenant } from './connection.js';
import { recoveredSince } from './graph/delta.js';
import { describeError, type GraphClient, GraphFailure } from './graph/types.js';
import { canonicalJson, type Json } from './model/json.js';
import { byCodeUnit, type ObjectKey } from './model/object.js';
import type { Problem } from './model/problem.js';
import type { ObjectType } from './registry/types.js';
import { UNRECOGNISED_LIMIT } from './state/trailers.js';
import type { ObjectWriter } from './state/types.js';
import { stateOf, type Tip } from './states.js';
import type { Workspace } from './workspace.js';

export const DELTA_REF = 'refs/knowngood/delta';
const FILE = 'delta.json';
const FORMAT = 1;
const DAY_MS = 24 * 60 * 60 * 1000;

interface LeftBehind {
  readonly format: number;
  /** The backup that the trails belong to. */
  readonly backup: string;
  readonly schemas: string;
  /** Digest of what the configuration says is read. */
  readonly configuration: string;
  /** Whether it could be seen what Microsoft's own recovery did. */
  readonly jobs: 'read' | 'unreadable';
  readonly types: Readonly<Record<string, Trail>>;
}

/** How a snapshot reads, and what it says of that. */
export interface Reading {
  readonly tracking: Tracking;
  /** Where the ref is now. */
  readonly ref: string | undefined;
  readonly jobs: LeftBehind['jobs'];
  /** Grows while the tenant is read. */
  readonly problems: Problem[];
}

/** Decides what of the last backup is believed: nothing where there is any doubt. */
export async function prepareReading(
  workspace: Workspace,
  tenant: Tenant,
  tip: Tip | undefined,
  full: boolean,
): Promise<Reading> {
  const problems: Problem[] = [];
  const ref = await workspace.repository.ref(DELTA_REF);
  const note = (code: string, message: string) => void problems.push({ code, severity: 'note', message });
  const tracking = {
    trails: new Map<string, Trail>(),
    before: undefined,
    whole: new Map<string, string>(),
    note: (type: ObjectType, reason: string) =>
      note('KG610', `Graph did not say what has changed of ${type.folder}, so that all of it was read: ${reason}`),
  };
  // A backup of another tenant is refused before anything is read.
  const isOther = tip !== undefined && tip.facts.tenant !== tenant.id;
  if (full || isOther || tip === undefined || ref === undefined) return { tracking, ref, jobs: 'read', problems };
  const left = await leftBehind(workspace, ref);
  const doubt = doubtIn(workspace, tip, left);
  if (left === undefined || doubt !== undefined) {
    note(
      'KG611',
      `Everything was read, and not only what has changed: ${doubt ?? 'what the last backup left behind cannot be read'}.`,
    );
    return { tracking, ref, jobs: 'read', problems };
  }
  const whole = dueTypes(workspace, left);
  if (whole.size > 0)
    note(
      'KG613',
      `Everything was read, and not only what has changed, of ${[...whole.keys()].join(', ')}: it is time for it (fullReadEvery).`,
    );
  const jobs = await lookAtJobs(tenant.client, tip);
  if (jobs === 'changed') {
    note(
      'KG611',
      'Everything was read, and not only what has changed: Microsoft Entra Backup and Recovery may have changed the tenant since the last backup.',
    );
    return { tracking, ref, jobs: 'read', problems };
  }
  if (jobs !== 'read' && left.jobs === 'read')
    note(
      'KG612',
      `What Microsoft Entra Backup and Recovery changes is seen only when everything is read, every ${workspace.config.fullReadEvery} days, because its jobs cannot be read: ${jobs.refused}`,
    );
  return {
    tracking: { ...tracking, trails: new Map(Object.entries(left.types)), before: partialState(workspace, tip), whole },
    ref,
    jobs: jobs === 'read' ? 'read' : 'unreadable',
    problems,
  };
}

async function leftBehind({ repository }: Workspace, ref: string): Promise<LeftBehind | undefined> {
  try {
    const left = JSON.parse((await repository.file(ref, FILE))?.toString('utf8') ?? '') as LeftBehind;
    const isTrail = (trail: Trail) =>
      [trail.again, ...Object.values(trail.links).flatMap((link) => link.foreign)].every((ids) => ids !== undefined) &&
      Array.isArray(trail.again) &&
      typeof trail.binned === 'object' &&
      !Number.isNaN(Date.parse(trail.whole));
    return left.format === FORMAT && Object.values(left.types).every(isTrail) ? left : undefined;
  } catch {
    return undefined;
  }
}

/** Why nothing of what was left behind is believed. */
function doubtIn(workspace: Workspace, { commit, facts }: Tip, left: LeftBehind | undefined): string | undefined {
  if (left === undefined) return undefined;
  if (left.backup !== commit) return 'what was left behind is of another backup than the last one';
  if (left.schemas !== workspace.registry.digest || facts.schemas !== left.schemas)
    return 'the schemas of the types have changed';
  if (left.configuration !== configurationOf(workspace)) return 'the configuration has changed';
  if (facts.coverage.unrecognised.length >= UNRECOGNISED_LIMIT)
    return 'the last backup does not name all objects with values that are not known';
  return undefined;
}

/** What of the configuration decides which objects are read, and what of them. */
function configurationOf({ types, excluded, config }: Workspace): string {
  const { unmanaged, optional } = config;
  const sorted = (names: Iterable<string>) => [...names].sort(byCodeUnit);
  const read = { types: sorted(types.map(({ name }) => name)), excluded: sorted(excluded), unmanaged, optional };
  return `sha256:${createHash('sha256')
    .update(canonicalJson(read as Json))
    .digest('hex')}`;
}

/** Types that were read whole so long ago that it is time again. Half a day early is in time: nightly runs are not punctual. */
function dueTypes({ config, surroundings }: Workspace, { types }: LeftBehind): ReadonlyMap<string, string> {
  const latest = surroundings.clock().getTime() - (config.fullReadEvery - 0.5) * DAY_MS;
  const due = Object.entries(types).filter(([, { whole }]) => Date.parse(whole) <= latest);
  return new Map(due.map(([type, { whole }]) => [type, whole]));
}

async function lookAtJobs(
  client: GraphClient,
  { facts }: Tip,
): Promise<'read' | 'changed' | { readonly refused: string }> {
  try {
    return (await recoveredSince(client, facts.captured.start)) ? 'changed' : 'read';
  } catch (cause) {
    if (cause instanceof GraphFailure) return { refused: describeError(cause.error) };
    throw cause;
  }
}

const GUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** The last backup, of which only what is asked for is read. */
function partialState(workspace: Workspace, tip: Tip): PartialState {
  const { repository, excluded } = workspace;
  const ids = repository.emptyIds();
  const leaveOut = (to: typeof ids) => {
    for (const key of excluded) to.delete(key);
  };
  const allOf = async (type: ObjectType) => {
    const all = repository.emptyIds();
    await repository.addIdsOfTypes(tip.commit, [type], all);
    leaveOut(all);
    return all;
  };
  const { captured, coverage, load } = stateOf(workspace, tip, tip.commit, ids, ids);
  return {
    ids,
    captured,
    coverage,
    load,
    async fetch(keys) {
      await repository.addIds(tip.commit, keys, ids);
      leaveOut(ids);
    },
    async fetchTypes(types) {
      await repository.addIdsOfTypes(tip.commit, types, ids);
      leaveOut(ids);
    },
    keysOf: async (type) => [...(await allOf(type)).keys()],
    async ownersOf(type, targets) {
      const all = [...(await allOf(type))];
      const owners: ObjectKey[] = [];
      let at = 0;
      for await (const { content } of repository.blobs(all.map(([, id]) => id))) {
        const [key] = all[at++] as (typeof all)[number];
        // What is named elsewhere in the file does no harm: the object is read once more than it need be.
        if ([...content.toString('utf8').matchAll(GUID)].some(([id]) => targets.has(id))) owners.push(key);
      }
      return owners;
    },
  };
}

/** Queues the commit that the next snapshot begins with. Returns its id. */
export async function leaveBehind(
  workspace: Workspace,
  writer: ObjectWriter,
  backup: string,
  live: LiveState,
  { jobs }: Reading,
): Promise<string> {
  const left: LeftBehind = {
    format: FORMAT,
    backup,
    schemas: workspace.registry.digest,
    configuration: configurationOf(workspace),
    jobs,
    types: Object.fromEntries(live.trails ?? []),
  };
  const id = await writer.blob(Buffer.from(`${JSON.stringify(left, undefined, 1)}\n`, 'utf8'));
  const tree = await writer.treeOf([[FILE, { mode: '100644', id }]]);
  return writer.commit({ tree, parents: [], message: `Where the next snapshot after ${backup} begins` });
}
