/** A tenant before and after damage, read with faults: what is compared with what was read without any. */

import type { LiveState } from '../../src/collect/types.js';
import { createClient } from '../../src/graph/client.js';
import type { GraphClient } from '../../src/graph/types.js';
import type { Plan } from '../../src/model/plan.js';
import { loadRegistry } from '../../src/registry/load.js';
import { withoutUnmanaged } from '../../src/registry/narrow.js';
import type { Registry } from '../../src/registry/types.js';
import type { TenantSeed } from '../../src/sandbox/seed.js';
import type { CommittedState } from '../../src/states.js';
import { afterDamage, tenantOfEverything } from './changed-tenant.js';
import { type Asked, type Fault, type Troubled, troubled } from './faults.js';
import { kindsOf } from './kinds.js';
import { loopback } from './loopback.js';
import { EVERYTHING, type MemoryRepository, memoryRepository } from './memory-state.js';
import { type Reading, type Role, readings } from './reading.js';

/** Objects on one page of any list. */
export const PAGE = 2;

/** One tenant that answers a client, through a place where trouble can be made. */
export interface Answering {
  readonly client: GraphClient;
  readonly wire: Troubled;
}

export interface PartlyRead {
  readonly registry: Registry;
  readonly repository: MemoryRepository;
  readonly readingOf: (path: string) => Reading | undefined;
  readonly before: Answering;
  readonly after: Answering;
  /** The backup of the tenant before, and that tenant read once more, all of it kept at hand. */
  readonly good: CommittedState;
  readonly goodRead: LiveState;
  /** The tenant after, read whole. */
  readonly whole: LiveState;
  /** The paths that a whole reading of the tenant after asks for. */
  readonly asked: readonly string[];
  /** What one whole reading of the tenant before asks, by kind. */
  readonly kinds: ReadonlyMap<string, Reading>;
}

/** Everything that is managed, on request only or always. */
export function everythingManaged(): Registry {
  const registry = loadRegistry();
  const optional = registry.types.map(
    ({ name, properties }) => [name, properties.flatMap((each) => (each.optional ? [each.name] : []))] as const,
  );
  return withoutUnmanaged(registry, {}, Object.fromEntries(optional));
}

export async function partlyRead(): Promise<PartlyRead> {
  const registry = everythingManaged();
  let ticks = 0;
  const clock = () => new Date(Date.parse('2026-11-20T12:00:00Z') + 1000 * ticks++);
  const repository = memoryRepository(registry, clock);
  const readingOf = readings(registry);
  const seed = tenantOfEverything(kindsOf(registry));
  const before = answering(seed, registry, clock);
  const after = answering(afterDamage(kindsOf(registry), seed), registry, clock);
  const good = repository.backup(await repository.read(before.client, undefined));
  const asked = before.wire.taken().flatMap(({ path }) => readingOf(path) ?? []);
  const kinds = new Map(asked.map((reading) => [reading.name, reading]));
  const goodRead = await repository.read(before.client, undefined, { ...good, ids: new Map() });
  const whole = await repository.read(after.client, good, good);
  const paths = after.wire.taken().map(({ path }) => path);
  return { registry, repository, readingOf, before, after, good, goodRead, whole, asked: paths, kinds };
}

function answering(seed: TenantSeed, registry: Registry, clock: () => Date): Answering {
  const tenant = loopback(seed, clock, () => 0.5);
  const holding = new Set(registry.types.flatMap(({ inline }) => inline?.property ?? []));
  const wire = troubled(tenant.fetch, tenant.url, { top: PAGE, holding });
  return { client: clientOf(tenant.url, wire.fetch), wire };
}

/**
 * A tenant that is as before until it is asked for this for the last time, after its lists were read, and then as after the
 * damage: everything happened in between.
 */
export function switching({ before, after, readingOf }: PartlyRead, role: Role): Answering {
  let lists = false;
  let changed = false;
  const fetch: typeof globalThis.fetch = (url, options) => {
    const reading = readingOf(new URL(String(url)).pathname + new URL(String(url)).search);
    lists ||= reading?.role === 'list';
    changed ||= lists && reading?.role === role;
    return (changed ? after : before).wire.fetch(url, options);
  };
  const wire = { ...before.wire, fetch };
  return { client: clientOf(before.client.root, fetch), wire };
}

function clientOf(root: string, fetch: typeof globalThis.fetch): GraphClient {
  return createClient({ root, fetch, token: async () => 'any', sleep: async () => undefined });
}

/** Reads a tenant with a fault wherever a rule says so. */
export async function readWith(
  { repository, good }: PartlyRead,
  { client, wire }: Answering,
  previous: CommittedState | undefined,
  rule: (asked: Asked) => Fault | undefined,
): Promise<LiveState> {
  wire.trouble(rule);
  return repository.read(client, previous, good);
}

/** Plans, with and without deletes. */
export async function plansFor({ repository }: PartlyRead, desired: CommittedState, live: LiveState): Promise<Plan[]> {
  const scopes = [EVERYTHING, { ...EVERYTHING, allowDelete: ['*'] }];
  return Promise.all(scopes.map((scope) => repository.plan(desired, live, scope)));
}
