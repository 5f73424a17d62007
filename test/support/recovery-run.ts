/** One whole recovery over HTTP: a tenant, a backup, damage, plan, apply, and what came of it. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execute } from '../../src/apply/execute.js';
import { createWriter } from '../../src/apply/writer.js';
import type { LiveState } from '../../src/collect/types.js';
import { createClient } from '../../src/graph/client.js';
import type { ActionResult } from '../../src/model/documents.js';
import { type Action, isLinkAction, type Plan, type Scope } from '../../src/model/plan.js';
import type { Registry } from '../../src/registry/types.js';
import { startSandbox } from '../../src/sandbox/index.js';
import { writeSeed } from '../../src/sandbox/persistence.js';
import type { SeedObject } from '../../src/sandbox/seed.js';
import type { CommittedState } from '../../src/states.js';
import { type Vandal, vandal } from './damage.js';
import { nullJournal } from './fake-client.js';
import { memoryRepository } from './memory-state.js';
import { type PlainHttp, plainHttp, type RawTenant, readRaw } from './plain-http.js';
import type { Damage } from './small-tenants.js';

export interface Scenario {
  readonly objects: readonly SeedObject[];
  readonly damage: readonly Damage[];
  /** After how many acts of damage another backup is taken; the recovery still goes back to the first. */
  readonly backupAfter: number | undefined;
  readonly scope: Scope;
}

/** One plan and its apply. */
export interface Round {
  readonly plan: Plan;
  readonly results: readonly ActionResult[];
  /** The tenant just before and after the apply. */
  readonly before: RawTenant;
  readonly after: RawTenant;
}

export interface Recovery {
  readonly desired: CommittedState;
  /** The tenant when the backup was taken. */
  readonly wanted: RawTenant;
  readonly rounds: readonly Round[];
  /** The plan that was left when no round changed anything any more. */
  readonly last: Plan;
  readonly vandal: Vandal;
  /** What the sandbox saw from the first plan on: `method url status`. */
  readonly requests: readonly { readonly method: string; readonly url: string; readonly status: number }[];
}

const START = Date.parse('2026-11-20T12:00:00Z');
const MOST_ROUNDS = 8;

/** Plays a scenario until a plan is empty or changes nothing. */
export async function recover(registry: Registry, scenario: Scenario): Promise<Recovery> {
  const dataDir = mkdtempSync(join(tmpdir(), 'knowngood-recovery-'));
  let ticks = 0;
  const clock = () => new Date(START + 1000 * ticks++);
  writeSeed(dataDir, {
    createdAt: new Date(START).toISOString(),
    from: {
      tenantId: '11111111-1111-4111-8111-111111111111',
      displayName: 'Contoso',
      verifiedDomains: ['contoso.com'],
      objects: scenario.objects,
    },
  });
  let state = 1;
  const random = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  const sandbox = await startSandbox({ dataDir, clock, random });
  const http = plainHttp(sandbox.url);
  try {
    return await play(registry, scenario, sandbox.url, http, clock, () => requestsIn(dataDir));
  } finally {
    http.close();
    await sandbox.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function requestsIn(dataDir: string): Recovery['requests'] {
  const lines = readFileSync(join(dataDir, 'requests.jsonl'), 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Recovery['requests'][number]);
}

async function play(
  registry: Registry,
  scenario: Scenario,
  root: string,
  http: PlainHttp,
  clock: () => Date,
  requests: () => Recovery['requests'],
): Promise<Recovery> {
  const repository = memoryRepository(registry, clock);
  const client = createClient({ root, fetch: http.fetch, token: async () => 'any', sleep: async () => undefined });
  const desired = repository.backup(await repository.read(client, undefined));
  const wanted = await readRaw(http);
  const culprit = vandal(http, scenario.objects);
  let previous = desired;
  for (const [index, act] of scenario.damage.entries()) {
    if (index === scenario.backupAfter) previous = repository.backup(await repository.read(client, previous));
    await culprit.damage(act);
  }
  const quiet = requests().length;
  const rounds: Round[] = [];
  for (;;) {
    const live: LiveState = await repository.read(client, previous, desired);
    const plan = await repository.plan(desired, live, scenario.scope);
    if (plan.actions.length === 0 || rounds.length === MOST_ROUNDS || sameActions(rounds.at(-1)?.plan, plan))
      return { desired, wanted, rounds, last: plan, vandal: culprit, requests: requests().slice(quiet) };
    const before = rounds.at(-1)?.after ?? (await readRaw(http));
    const results = await execute(plan, {
      client,
      registry,
      writer: createWriter(client, nullJournal()),
      sleep: async () => undefined,
      progress: () => undefined,
      signal: new AbortController().signal,
    });
    rounds.push({ plan, results, before, after: await readRaw(http) });
  }
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
  for (const [index, { plan, results }] of (recovery?.rounds ?? []).entries()) {
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
