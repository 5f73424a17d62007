/** One whole recovery over HTTP: a tenant, a backup, damage, plan, apply, and what came of it. */

import { execute } from '../../src/apply/execute.js';
import { createWriter } from '../../src/apply/writer.js';
import type { LiveState } from '../../src/collect/types.js';
import { createClient } from '../../src/graph/client.js';
import { patient } from '../../src/graph/patience.js';
import type { GraphClient } from '../../src/graph/types.js';
import type { ActionResult } from '../../src/model/documents.js';
import { type Action, isLinkAction, type Plan, type Scope } from '../../src/model/plan.js';
import { withoutUnmanaged } from '../../src/registry/narrow.js';
import type { Registry } from '../../src/registry/types.js';
import type { SeedObject, TenantSeed } from '../../src/sandbox/seed.js';
import type { CommittedState } from '../../src/states.js';
import { type Vandal, vandal } from './damage.js';
import { nullJournal } from './fake-client.js';
import { type Kind, kindsOf } from './kinds.js';
import { type Loopback, loopback, type SeenRequest } from './loopback.js';
import { memoryRepository } from './memory-state.js';
import { plainHttp } from './plain-http.js';
import type { Damage } from './random-damage.js';
import { type RawTenant, readRaw } from './raw-tenant.js';
import { seededRandom } from './seeded.js';
import { TENANT } from './small-workloads.js';
import { type TroubleOptions, troubled } from './trouble.js';

export interface Scenario {
  readonly objects: readonly SeedObject[];
  readonly damage: readonly Damage[];
  /** After how many acts of damage another backup is taken; the recovery still goes back to the first. */
  readonly backupAfter: number | undefined;
  /** Whether properties are asked for that are managed on request only. */
  readonly optional: boolean;
  readonly scope: Scope;
  /** Trouble that a first recovery meets, and the second one no more. */
  readonly trouble?: TroubleOptions;
  /** Seconds until reads see what was written, at most. */
  readonly lag?: number;
}

/** One plan and its apply. */
export interface Round {
  readonly plan: Plan;
  readonly results: readonly ActionResult[];
  /** The tenant just before and after the apply. */
  readonly before: RawTenant;
  readonly after: RawTenant;
  /** What the apply asked of the sandbox. */
  readonly requests: readonly SeenRequest[];
}

export interface Recovery {
  readonly kinds: readonly Kind[];
  readonly desired: CommittedState;
  /** The tenant when the backup was taken. */
  readonly wanted: RawTenant;
  readonly rounds: readonly Round[];
  /** The plan that was left when no round changed anything any more. */
  readonly last: Plan;
  readonly vandal: Vandal;
  /** What the product asked of the sandbox beside its applies. */
  readonly reads: readonly SeenRequest[];
  /** The recovery that met trouble. */
  readonly hurt?: HurtRound;
}

/** A round in trouble, and what a round without would have seen at the same time. */
export interface HurtRound extends Round {
  readonly previous: CommittedState;
  readonly live: LiveState;
  readonly calm: { readonly live: LiveState; readonly plan: Plan };
  /** What was done to which request. */
  readonly trouble: readonly string[];
}

const START = Date.parse('2026-11-20T12:00:00Z');
const MOST_ROUNDS = 8;

/** Plays a scenario until a plan is empty or changes nothing. */
export async function recover(registry: Registry, scenario: Scenario): Promise<Recovery> {
  let ticks = 0;
  const clock = () => new Date(START + 1000 * ticks++);
  const random = seededRandom();
  const seed: TenantSeed = {
    tenantId: TENANT,
    displayName: 'Contoso',
    verifiedDomains: ['contoso.com'],
    objects: scenario.objects,
  };
  const time = { milliseconds: 0 };
  const lag = scenario.lag === undefined ? null : { seconds: scenario.lag };
  const sandbox = loopback(seed, clock, random, { lag }, () => time.milliseconds);
  const asked = scenario.optional ? { user: ['perUserMfaState'] } : {};
  return play(withoutUnmanaged(registry, {}, asked), scenario, seed, sandbox, clock, time);
}

async function play(
  registry: Registry,
  scenario: Scenario,
  seed: TenantSeed,
  sandbox: Loopback,
  clock: () => Date,
  time: { milliseconds: number },
): Promise<Recovery> {
  // Whoever is not the product waits long enough to see what is.
  const patient: typeof fetch = (url, options) => {
    time.milliseconds += 3_600_000;
    return sandbox.fetch(url, options);
  };
  const sleep = async (milliseconds: number) => {
    time.milliseconds += milliseconds;
  };
  const http = plainHttp(sandbox.url, patient);
  const kinds = kindsOf(registry);
  const repository = memoryRepository(registry, clock);
  const client = clientOf(sandbox.url, sandbox.fetch, sleep);
  const desired = repository.backup(await repository.read(client, undefined));
  const wanted = await readRaw(http, kinds);
  const culprit = vandal(http, kinds, seed);
  let previous = desired;
  for (const [index, act] of scenario.damage.entries()) {
    if (index === scenario.backupAfter) previous = repository.backup(await repository.read(client, previous));
    await culprit.damage(act);
  }
  const rounds: Round[] = [];
  const reads: SeenRequest[] = [];
  const look = async (through: GraphClient) => {
    time.milliseconds += 3_600_000;
    const start = sandbox.requests.length;
    const live: LiveState = await repository.read(through, previous, desired, scenario.scope);
    const plan = await repository.plan(desired, live, scenario.scope);
    reads.push(...sandbox.requests.slice(start));
    return { live, plan };
  };
  const act = async (through: GraphClient, plan: Plan): Promise<Round> => {
    const before = await readRaw(http, kinds);
    const from = sandbox.requests.length;
    const results = await execute(plan, {
      client: through,
      registry,
      writer: createWriter(through, nullJournal()),
      sleep,
      progress: () => undefined,
      signal: new AbortController().signal,
    });
    const requests = sandbox.requests.slice(from);
    return { plan, results, requests, before, after: await readRaw(http, kinds) };
  };
  let hurt: HurtRound | undefined;
  if (scenario.trouble !== undefined) {
    const network = troubled(sandbox.fetch, scenario.trouble);
    const through = clientOf(sandbox.url, network.fetch, sleep);
    const calm = await look(client);
    const { live, plan } = await look(through);
    hurt = { ...(await act(through, plan)), previous, live, calm, trouble: network.log };
    previous = repository.backup(live);
  }
  for (;;) {
    const { plan } = await look(client);
    if (plan.actions.length === 0 || rounds.length === MOST_ROUNDS || sameActions(rounds.at(-1)?.plan, plan)) {
      const recovery = { kinds, desired, wanted, rounds, last: plan, vandal: culprit, reads };
      return hurt === undefined ? recovery : { ...recovery, hurt };
    }
    rounds.push(await act(client, plan));
  }
}

function clientOf(root: string, through: typeof fetch, sleep: (milliseconds: number) => Promise<void>): GraphClient {
  return patient(createClient({ root, fetch: through, token: async () => 'any', sleep }), sleep);
}

function sameActions(a: Plan | undefined, b: Plan): boolean {
  return JSON.stringify(a?.actions) === JSON.stringify(b.actions);
}

/** What an action is about, as `object property` or `object link target`. */
export function pathsOf(action: Action): string[] {
  if (isLinkAction(action)) return [`${action.object} ${action.link} ${action.target}`];
  if (action.action !== 'update') return [`${action.object} ${action.action}`];
  return action.set.map((value) => `${action.object} ${value.path}`);
}

/** A scenario and what came of it, for people. */
export function describeRun(scenario: Scenario, recovery: Recovery | undefined): string {
  const lines = ['Objects:', ...scenario.objects.map((object) => `  ${JSON.stringify(object)}`)];
  lines.push(`Scope: ${JSON.stringify(scenario.scope)}; another backup after ${scenario.backupAfter ?? 'no'} acts`);
  lines.push('Damage:', ...(recovery?.vandal.log ?? scenario.damage.map((act) => JSON.stringify(act))).map(indented));
  if (scenario.lag !== undefined) lines.push(`Lag: ${scenario.lag} s`);
  if (scenario.trouble !== undefined) lines.push(`Trouble: ${JSON.stringify(scenario.trouble)}`);
  lines.push(...(recovery?.hurt?.trouble ?? []).map(indented));
  const all = [...(recovery?.hurt === undefined ? [] : [recovery.hurt]), ...(recovery?.rounds ?? [])];
  for (const [index, { plan, results }] of all.entries()) {
    lines.push(`Plan ${index + 1}:`);
    for (const [at, action] of plan.actions.entries())
      lines.push(`  ${JSON.stringify(action)}`, `      ${JSON.stringify(results[at])}`);
    lines.push(...plan.blocked.map((item) => `  blocked ${JSON.stringify(item)}`));
    lines.push(...plan.kept.map((item) => `  kept ${JSON.stringify(item)}`));
  }
  const left = recovery?.last.actions.map((action) => `  ${JSON.stringify(action)}`) ?? [];
  return [...lines, 'Left:', ...left].join('\n');
}

const indented = (line: string): string => `  ${line}`;
