/** A tenant that changes, with backups that read only what has changed, each beside one that reads everything. */

import { collect } from '../../src/collect/collect.js';
import type { LiveState, PartialState, PreviousState, Tracking, Trail } from '../../src/collect/types.js';
import { createClient } from '../../src/graph/client.js';
import { type GraphClient, type GraphError, GraphFailure, type Outcome } from '../../src/graph/types.js';
import { isJsonObject } from '../../src/model/json.js';
import { type ContentId, type DirectoryObject, type ObjectKey, typeOf } from '../../src/model/object.js';
import { withoutUnmanaged } from '../../src/registry/narrow.js';
import type { Registry } from '../../src/registry/types.js';
import type { Behaviour } from '../../src/sandbox/behaviour.js';
import type { SeedObject, TenantSeed } from '../../src/sandbox/seed.js';
import { readObject } from '../../src/state/document.js';
import { contentId } from '../../src/state/emit.js';
import { type Vandal, vandal } from './damage.js';
import { kindsOf } from './kinds.js';
import { loopback, type SeenRequest } from './loopback.js';
import { plainHttp } from './plain-http.js';
import type { Damage } from './random-damage.js';
import { seededRandom } from './seeded.js';
import { TENANT } from './small-workloads.js';

export interface Sequence {
  readonly objects: readonly SeedObject[];
  /** What happens before each backup but the first. */
  readonly steps: readonly (readonly Damage[])[];
  readonly behaviour: Partial<Behaviour>;
  /** Whether properties are asked for that are managed on request only. */
  readonly optional: boolean;
  /** Types that are asked for; all of them where it is undefined. */
  readonly types: readonly string[] | undefined;
  /** At which objects nobody looks. */
  readonly excluded: readonly ObjectKey[];
  /** How many of a hundred requests of a backup that reads what has changed are refused, but for the last backup. */
  readonly refused?: number;
  /** Collections whose accounts of changes name nothing. */
  readonly silent?: readonly string[];
}

/** A state and what it left behind. */
export interface Kept {
  readonly state: PreviousState;
  readonly trails: ReadonlyMap<string, Trail>;
}

/** One backup that read what had changed, and what reading everything would have come to. */
export interface Step {
  readonly previous: PreviousState;
  readonly incremental: PreviousState;
  readonly whole: PreviousState;
  readonly followed: ReadonlySet<string>;
  readonly notes: readonly string[];
  readonly requests: readonly SeenRequest[];
}

export interface Run {
  readonly steps: readonly Step[];
  readonly culprit: Vandal;
}

const START = Date.parse('2026-11-20T12:00:00Z');

/** Plays a sequence. `settle`: seconds that pass before the last backup, so that what was changed is seen. */
export async function play(registry: Registry, sequence: Sequence, settle = 0): Promise<Run> {
  let now = START;
  const clock = () => {
    now += 1000;
    return new Date(now);
  };
  const random = seededRandom();
  const seed: TenantSeed = {
    tenantId: TENANT,
    displayName: 'Contoso',
    verifiedDomains: ['contoso.com'],
    objects: sequence.objects,
  };
  const sandbox = loopback(seed, clock, random, sequence.behaviour);
  const client = createClient({
    root: sandbox.url,
    fetch: sandbox.fetch,
    token: async () => 'any',
    sleep: async () => undefined,
  });
  const asked = withoutUnmanaged(registry, {}, sequence.optional ? { user: ['perUserMfaState'] } : {});
  const trouble = { rate: 0 };
  const backups = backupsOf(asked, silenced(troubled(client, trouble, random), sequence.silent ?? []), clock, sequence);
  const culprit = vandal(plainHttp(sandbox.url, sandbox.fetch), kindsOf(registry), seed);
  let kept = await backups.read(undefined, undefined);
  const steps: Step[] = [];
  for (const [index, acts] of sequence.steps.entries()) {
    for (const act of acts) await culprit.damage(act);
    if (index === sequence.steps.length - 1) now += settle * 1000;
    const from = sandbox.requests.length;
    trouble.rate = index === sequence.steps.length - 1 ? 0 : (sequence.refused ?? 0);
    const next = await backups.read(kept.state, kept.trails);
    trouble.rate = 0;
    const requests = sandbox.requests.slice(from);
    const whole = await backups.read(kept.state, undefined);
    steps.push({ ...next, previous: kept.state, incremental: next.state, whole: whole.state, requests });
    kept = next;
  }
  return { steps, culprit };
}

const REFUSED: Outcome = { ok: false, error: { status: 403, code: 'Authorization_RequestDenied', message: '' } };

/** A client of which some requests are refused. */
function troubled(client: GraphClient, trouble: { readonly rate: number }, random: () => number): GraphClient {
  const isRefused = () => trouble.rate > 0 && random() * 100 < trouble.rate;
  return {
    root: client.root,
    send: async (request) => (isRefused() ? REFUSED : client.send(request)),
    sendAll: async (requests) => (await client.sendAll(requests)).map((outcome) => (isRefused() ? REFUSED : outcome)),
    async *pages(request) {
      if (isRefused()) throw new GraphFailure((REFUSED as { readonly error: GraphError }).error);
      yield* client.pages(request);
    },
  };
}

/** A client to which the accounts of changes of some collections name nothing. */
function silenced(client: GraphClient, silent: readonly string[]): GraphClient {
  const isSilent = (path: string) => silent.some((collection) => path.startsWith(`/${collection}/delta?$deltatoken=`));
  return {
    ...client,
    async send(request) {
      const outcome = await client.send(request);
      const body = outcome.ok ? outcome.answer.body : undefined;
      if (!isSilent(request.path) || !isJsonObject(body)) return outcome;
      return { ok: true, answer: { status: 200, body: { ...body, value: [] } } };
    },
  };
}

function backupsOf(registry: Registry, client: GraphClient, clock: () => Date, { types, excluded }: Sequence) {
  const blobs = new Map<ContentId, Buffer>();
  const load = async (ids: PreviousState['ids'], keys: Iterable<ObjectKey>) => {
    const objects = new Map<ObjectKey, DirectoryObject>();
    for (const key of keys) {
      const bytes = blobs.get(ids.get(key) ?? '');
      const type = registry.byName.get(typeOf(key));
      if (bytes === undefined || type === undefined) throw new Error(`${key} is not in the backup`);
      objects.set(key, readObject(registry, type, key, bytes.toString('utf8'), key, 'by snapshot'));
    }
    return objects;
  };
  const partOf = (state: PreviousState): PartialState => {
    const ids = new Map<ObjectKey, ContentId>();
    const all = (name: string) => [...state.ids].filter(([key]) => typeOf(key) === name);
    return {
      ids,
      captured: state.captured,
      coverage: state.coverage,
      load: (keys) => load(ids, keys),
      async fetch(keys) {
        for (const key of keys) if (state.ids.has(key)) ids.set(key, state.ids.get(key) as ContentId);
      },
      async fetchTypes(wanted) {
        for (const { name } of wanted) for (const [key, id] of all(name)) ids.set(key, id);
      },
      keysOf: async ({ name }) => all(name).map(([key]) => key),
      async ownersOf({ name }, targets) {
        const objects = await load(
          state.ids,
          all(name).map(([key]) => key),
        );
        return [...objects.values()]
          .filter(({ links }) => Object.values(links).some((ids) => ids.some((id) => targets.has(id))))
          .map(({ key }) => key);
      },
    };
  };
  return {
    async read(previous: PreviousState | undefined, trails: ReadonlyMap<string, Trail> | undefined) {
      const notes: string[] = [];
      const before = previous === undefined || trails === undefined ? undefined : partOf(previous);
      const tracking: Tracking = {
        trails: trails ?? new Map(),
        before,
        whole: new Map(),
        note: (type, reason) => void notes.push(`${type.name}: ${reason}`),
      };
      const live = await collect({
        client,
        types: registry.types.filter(({ name }) => types?.includes(name) ?? true),
        related: registry.byName,
        previous: before ?? previous,
        excluded: new Set(excluded),
        tracking,
        write: async (bytes) => {
          const id = contentId(bytes);
          blobs.set(id, bytes);
          return id;
        },
        keep: () => false,
        clock,
        progress: () => undefined,
        signal: new AbortController().signal,
      });
      const ids = new Map(live.ids);
      if (before !== undefined)
        for (const [key, id] of previous?.ids ?? []) if (!before.ids.has(key) && !ids.has(key)) ids.set(key, id);
      const state = stateOf(live, ids, (keys) => load(ids, keys));
      return { state, trails: live.trails ?? new Map(), followed: live.followed ?? new Set<string>(), notes };
    },
  };
}

function stateOf(
  { captured, coverage }: LiveState,
  ids: ReadonlyMap<ObjectKey, ContentId>,
  load: PreviousState['load'],
): PreviousState {
  return { ids, captured, coverage, load };
}
