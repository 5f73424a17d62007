/** A sandbox tenant, a state repository for it, and what a scenario does with both. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ScopeRequest } from '../../src/asked.js';
import { type SnapshotOptions, snapshot } from '../../src/backup.js';
import { difference } from '../../src/difference.js';
import { init } from '../../src/init.js';
import type { ApplyResult, DifferenceReport, SnapshotResult } from '../../src/model/documents.js';
import type { Plan } from '../../src/model/plan.js';
import { apply, makePlan } from '../../src/recovery.js';
import type { Behaviour } from '../../src/sandbox/behaviour.js';
import { type RunningSandbox, runIncident, startSandbox } from '../../src/sandbox/index.js';
import { writeSeed } from '../../src/sandbox/persistence.js';
import type { TenantSeed } from '../../src/sandbox/seed.js';
import { openWorkspace, type Surroundings, type Workspace } from '../../src/workspace.js';
import { cleanEnvironment } from '../cli/run-cli.js';
import { acme } from './acme.js';
import { readTenant, type TenantDump } from './raw-reader.mjs';

type Properties = Record<string, unknown>;

/** One line of the sandbox's own log of requests; those of a batch are lines of their own. */
export interface LoggedRequest {
  readonly method: string;
  readonly url: string;
  readonly body: Properties | null;
  readonly status: number;
}

export interface GraphAnswer {
  readonly status: number;
  readonly body: Properties;
}

export interface SceneOptions {
  /** The tenant; acme where it is not given. */
  readonly seed?: TenantSeed;
  /** What the configuration names: the tenant's own id where it is not given. */
  readonly tenant?: string;
  /** What of the service the sandbox shows; the usual where it is not given. */
  readonly behaviour?: Partial<Behaviour>;
}

export interface Scene {
  /** The state repository. */
  readonly root: string;
  /** Where the sandbox answers. */
  readonly url: string;
  readonly tenantId: string;
  /** The environment in which commands find the sandbox. */
  readonly env: Readonly<Record<string, string>>;
  /** The same repository with Graph at another address. */
  at(graph: string): Commands;
  readonly run: Commands;
  /** One request as anybody could make it, to v1.0; throws when it is refused. */
  graph(method: string, path: string, body?: unknown): Promise<Properties>;
  incident(name: string): Promise<void>;
  /** The tenant as the independent reader sees it. */
  dump(): Promise<TenantDump>;
  git(...args: string[]): string;
  /** Requests since the last call. */
  requests(): LoggedRequest[];
  close(): Promise<void>;
}

/** The use cases, each in a workspace of its own, as a command would run them. */
export interface Commands {
  in<T>(work: (workspace: Workspace) => Promise<T>): Promise<T>;
  /** Reads what has changed since the backup before, where that is known; all of it if `full`. */
  snapshot(options?: SnapshotOptions): Promise<SnapshotResult>;
  diff(options?: {
    readonly desired?: string;
    readonly live?: string;
    readonly scope?: ScopeRequest;
  }): Promise<DifferenceReport>;
  plan(to?: string, scope?: ScopeRequest): Promise<Plan>;
  apply(plan: Plan): Promise<ApplyResult>;
}

/** A scene that is gone after the test. */
export async function sceneForTest(options?: SceneOptions): Promise<Scene> {
  const scene = await createScene(options);
  onTestFinished(() => scene.close());
  return scene;
}

/** Makes tenant and repository; there is no backup yet. */
export async function createScene({ seed = acme, tenant, behaviour = {} }: SceneOptions = {}): Promise<Scene> {
  const outside = temporary();
  const root = join(outside, 'acme');
  const dataDir = join(outside, 'tenant');
  writeSeed(dataDir, { createdAt: new Date().toISOString(), from: seed });
  const sandbox = await startSandbox({ dataDir, behaviour });
  const env = { KNOWNGOOD_GRAPH_URL: sandbox.url };
  await init({ directory: root, tenant: tenant ?? sandbox.tenantId, branch: 'main' }, surroundings(env));
  return {
    root,
    url: sandbox.url,
    tenantId: sandbox.tenantId,
    env,
    at: (graph) => commands(root, { KNOWNGOOD_GRAPH_URL: graph }),
    run: commands(root, env),
    graph: (method, path, body) => askGraph(sandbox.url, method, path, body),
    incident: async (name) => {
      await runIncident(name, { url: sandbox.url, token: 'incident' });
    },
    dump: () => readTenant(sandbox.url),
    git: (...args) => gitIn(root, ...args),
    requests: requestLog(dataDir),
    close: () => remove(outside, sandbox),
  };
}

/** A new folder in the system's place for them. */
export function temporary(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'knowngood-scenario-')));
}

async function remove(folder: string, sandbox: RunningSandbox): Promise<void> {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

export function gitIn(root: string, ...args: string[]): string {
  const git = execFileSync('git', args, { cwd: root, env: cleanEnvironment(), encoding: 'utf8', maxBuffer: 2 ** 28 });
  return git.trim();
}

/** What is new in a sandbox's log of requests since the last call. */
export function requestLog(dataDir: string): () => LoggedRequest[] {
  let read = 0;
  return () => {
    const lines = readFileSync(join(dataDir, 'requests.jsonl'), 'utf8').split('\n').slice(0, -1);
    const fresh = lines.slice(read);
    read = lines.length;
    return fresh.map((line) => JSON.parse(line) as LoggedRequest);
  };
}

/** The requests that would change something. */
export function writesIn(requests: readonly LoggedRequest[]): LoggedRequest[] {
  return requests.filter((request) => request.method !== 'GET');
}

export function surroundings(env: Readonly<Record<string, string>>, more: Partial<Surroundings> = {}): Surroundings {
  return {
    env: cleanEnvironment(env),
    clock: () => new Date(),
    note: () => undefined,
    progress: () => undefined,
    signal: new AbortController().signal,
    ...more,
  };
}

/** The use cases in the repository at `root`. */
export function commands(root: string, env: Readonly<Record<string, string>>): Commands {
  const within = async <T>(work: (workspace: Workspace) => Promise<T>): Promise<T> => {
    const workspace = await openWorkspace(root, surroundings(env));
    try {
      return await work(workspace);
    } finally {
      await workspace.close();
    }
  };
  return {
    in: within,
    snapshot: (options) => within((workspace) => snapshot(workspace, options)),
    diff: ({ scope = {}, ...sides } = {}) => within((workspace) => difference(workspace, { ...sides, scope })),
    plan: (to = 'HEAD', scope = {}) => within((workspace) => makePlan(workspace, { to, scope, keepLive: true })),
    apply: (plan) => within((workspace) => apply(workspace, plan)),
  };
}

async function askGraph(url: string, method: string, path: string, body?: unknown): Promise<Properties> {
  const response = await fetch(`${url}/v1.0${path}`, {
    method,
    headers: {
      authorization: 'Bearer somebody',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === '' ? {} : (JSON.parse(text) as Properties);
}
