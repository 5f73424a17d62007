/**
 * A recovery over HTTP that can be killed at any request: what was under way never hears of it again, what the tenant and
 * the journal on disk hold at that moment is all that is left.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execute } from '../../src/apply/execute.js';
import { openJournal } from '../../src/apply/journal.js';
import { createWriter } from '../../src/apply/writer.js';
import { createClient } from '../../src/graph/client.js';
import type { ActionResult } from '../../src/model/documents.js';
import type { Plan } from '../../src/model/plan.js';
import { withoutUnmanaged } from '../../src/registry/narrow.js';
import type { Registry } from '../../src/registry/types.js';
import type { TenantSeed } from '../../src/sandbox/seed.js';
import type { CommittedState } from '../../src/states.js';
import { type Kind, kindsOf } from './kinds.js';
import { type Loopback, loopback, type SeenRequest } from './loopback.js';
import { type MemoryRepository, memoryRepository } from './memory-state.js';
import { type PlainHttp, plainHttp } from './plain-http.js';
import { type RawTenant, readRaw } from './raw-tenant.js';
import { seededRandom } from './seeded.js';
import type { Incident } from './small-incident-parts.js';
import { TENANT } from './small-workloads.js';

/** A request of an apply on the wire; a batch is one, and has the writes in it. */
export interface Call {
  readonly writes: number;
}

/** The call at which the apply is killed, and how many of its writes have their effect all the same. */
export interface Kill {
  readonly call: number;
  readonly done: number;
}

export interface Applied {
  readonly calls: readonly Call[];
  /** Undefined when it was killed. */
  readonly results: readonly ActionResult[] | undefined;
  /** The journal on disk, at its end or at the moment of the kill. */
  readonly journal: string;
  /** Writes that reached the tenant. */
  readonly writes: readonly SeenRequest[];
}

export interface Place {
  readonly http: PlainHttp;
  readonly plan: () => Promise<Plan>;
  readonly apply: (plan: Plan, kill?: Kill) => Promise<Applied>;
  readonly read: () => Promise<RawTenant>;
}

const START = Date.parse('2026-11-20T12:00:00Z');

/** The tenant of an incident, after it. Journals are written into the folder. */
export async function placeOf(everything: Registry, incident: Incident, folder: string): Promise<Place> {
  let ticks = 0;
  const clock = () => new Date(START + 1000 * ticks++);
  const seed: TenantSeed = {
    tenantId: TENANT,
    displayName: 'Contoso',
    verifiedDomains: ['contoso.com'],
    objects: incident.objects,
  };
  const registry = withoutUnmanaged(everything, {}, { user: ['perUserMfaState'] });
  const random = seededRandom();
  const sandbox = loopback(seed, clock, random);
  const repository = memoryRepository(registry, clock);
  const http = plainHttp(sandbox.url, sandbox.fetch);
  const client = clientOn(sandbox, sandbox.fetch);
  const desired = repository.backup(await repository.read(client, undefined));
  await incident.damage(http);
  const kinds: readonly Kind[] = kindsOf(registry);
  return {
    http,
    read: () => readRaw(http, kinds),
    plan: () => planOn(repository, client, desired, incident),
    apply: (plan, kill) => applyOn(sandbox, registry, join(folder, `${plan.id}.jsonl`), plan, kill),
  };
}

async function planOn(
  repository: MemoryRepository,
  client: ReturnType<typeof createClient>,
  desired: CommittedState,
  { scope }: Incident,
): Promise<Plan> {
  return repository.plan(desired, await repository.read(client, desired, desired, scope), scope);
}

function clientOn(sandbox: Loopback, fetch: typeof globalThis.fetch) {
  return createClient({ root: sandbox.url, fetch, token: async () => 'any', sleep: async () => undefined });
}

async function applyOn(
  sandbox: Loopback,
  registry: Registry,
  file: string,
  plan: Plan,
  kill: Kill | undefined,
): Promise<Applied> {
  const calls: Call[] = [];
  const from = sandbox.requests.length;
  const journal = await openJournal(file, () => new Date(START));
  let left = '';
  let die = () => {};
  const death = new Promise<undefined>((resolve) => {
    die = () => {
      left = readFileSync(file, 'utf8');
      resolve(undefined);
    };
  });
  let dead = false;
  const never = () => new Promise<Response>(() => undefined);
  const fetch: typeof globalThis.fetch = async (url, options) => {
    if (dead) return never();
    const writes = writesOf(String(url), options);
    calls.push({ writes });
    if (calls.length - 1 !== kill?.call) return sandbox.fetch(url, options);
    dead = true;
    if (kill.done > 0) await sandbox.fetch(url, partOf(String(url), options, kill.done));
    die();
    return never();
  };
  const options = {
    client: clientOn(sandbox, fetch),
    registry,
    writer: createWriter(clientOn(sandbox, fetch), journal),
    sleep: async () => undefined,
    progress: () => undefined,
    signal: new AbortController().signal,
  };
  await journal.remark({ event: 'start', plan: plan.id });
  const results = await Promise.race([execute(plan, options), death]);
  if (results !== undefined) left = readFileSync(file, 'utf8');
  await journal.close();
  const writes = sandbox.requests.slice(from).filter(({ method }) => method !== 'GET');
  return { calls, results, journal: left, writes };
}

interface Envelope {
  readonly requests: readonly { readonly method: string }[];
}

function envelopeOf(options: RequestInit | undefined): Envelope {
  return JSON.parse(String(options?.body)) as Envelope;
}

function writesOf(url: string, options: RequestInit | undefined): number {
  if (!url.endsWith('/$batch')) return (options?.method ?? 'GET') === 'GET' ? 0 : 1;
  return envelopeOf(options).requests.filter(({ method }) => method !== 'GET').length;
}

/** A batch of which only so many requests are carried out; a request of its own is carried out whole. */
function partOf(url: string, options: RequestInit | undefined, count: number): RequestInit | undefined {
  if (!url.endsWith('/$batch')) return options;
  return { ...options, body: JSON.stringify({ requests: envelopeOf(options).requests.slice(0, count) }) };
}
