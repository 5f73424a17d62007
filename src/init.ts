/** Making a state repository. */

import { existsSync } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { CONFIG_FILE, readConfig } from './config.js';
import { Failure } from './model/problem.js';
import { escapeTerminal } from './report/escape.js';
import { createSandbox } from './sandbox/index.js';
import { commitFiles, initRepository, openRepository } from './state/repository.js';
import type { Layout } from './state/types.js';
import type { Surroundings } from './workspace.js';

const SANDBOX = 'sandbox';
const SANDBOX_USERS = 200;
/** Where the data of a sandbox tenant is kept, from the root of the state repository. */
const SANDBOX_DATA = ['.knowngood', 'sandbox'] as const;
const TENANT_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export interface InitOptions {
  readonly directory: string;
  /** A tenant's id, or `sandbox`. */
  readonly tenant?: string;
  /** Users of the sandbox tenant. */
  readonly users?: number;
  readonly branch: string;
}

export interface InitResult {
  readonly format: 1;
  readonly kind: 'init';
  /** Absolute. */
  readonly directory: string;
  readonly tenant: string;
  readonly branch: string;
  readonly commit: string;
  /** What was committed. */
  readonly files: readonly string[];
  readonly sandbox?: { readonly tenantId: string; readonly users: number; readonly objects: number };
  /** What to type next. */
  readonly next: readonly string[];
}

/** Makes the repository whole, or leaves everything as it was. */
export async function init(options: InitOptions, surroundings: Surroundings): Promise<InitResult> {
  const tenant = tenantOf(options);
  const directory = resolve(options.directory);
  const files = new Map([
    [CONFIG_FILE, configText(tenant, options.branch)],
    ['.gitattributes', 'tenant-state/** -text\n'],
    ['.gitignore', '.knowngood/\n'],
  ]);
  await refuseToOverwrite(directory, [...files.keys(), SANDBOX_DATA.join('/')]);
  const undo = undoOf(directory, [...files.keys(), '.git', SANDBOX_DATA[0]]);
  try {
    await mkdir(directory, { recursive: true });
    const users = options.users ?? SANDBOX_USERS;
    const made =
      tenant === SANDBOX ? await createSandbox({ dataDir: join(directory, ...SANDBOX_DATA), users }) : undefined;
    surroundings.signal.throwIfAborted();
    const commit = await makeRepository(directory, options.branch, files, surroundings);
    return {
      format: 1,
      kind: 'init',
      directory,
      tenant,
      branch: options.branch,
      commit,
      files: [...files.keys()],
      ...(made === undefined ? {} : { sandbox: { tenantId: made.tenantId, users, objects: made.objects } }),
      next: [...changeInto(directory), 'knowngood snapshot'],
    };
  } catch (error) {
    await undo();
    throw error;
  }
}

/** What was made, and what to type next. */
export function renderInit({ directory, tenant, sandbox, next }: InitResult): string {
  const what = `Made a state repository in ${escapeTerminal(directory)}`;
  const of =
    sandbox === undefined ? `for the tenant ${tenant}.` : `with a sandbox tenant of ${count(sandbox.users)} users.`;
  return [`${what}\n${of}`, 'Next:', ...next.map((command) => `  ${escapeTerminal(command)}`)].join('\n');
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

function tenantOf({ tenant, users }: InitOptions): string {
  const forms = 'Type --tenant sandbox for a tenant to try things on, or --tenant with the id of yours (a GUID).';
  if (tenant === undefined) throw new Failure({ code: 'KG160', message: 'Which tenant?', remedy: forms });
  if (tenant !== SANDBOX && !TENANT_ID.test(tenant)) {
    throw new Failure({ code: 'KG161', message: `This is not the id of a tenant: ${tenant}`, remedy: forms });
  }
  if (tenant !== SANDBOX && users !== undefined) {
    throw new Failure({
      code: 'KG162',
      message: '--users is for sandbox tenants; a real tenant has the users it has.',
      remedy: 'Leave out --users, or use --tenant sandbox.',
    });
  }
  return tenant.toLowerCase();
}

/** The configuration, as short as it can be; read back, so that nothing is written that cannot be read. */
function configText(tenant: string, branch: string): string {
  const text = `format: 1\ntenant: ${tenant}\n${branch === 'main' ? '' : `branch: ${JSON.stringify(branch)}\n`}`;
  try {
    readConfig(text, CONFIG_FILE);
  } catch (cause) {
    throw new Failure({
      code: 'KG163',
      message: `This cannot be the name of the branch: ${branch}`,
      remedy: 'Use letters, digits, ".", "_", "-" and "/".',
      cause,
    });
  }
  return text;
}

async function refuseToOverwrite(directory: string, names: readonly string[]): Promise<void> {
  const there = await stat(directory).catch(() => undefined);
  if (there !== undefined && !there.isDirectory()) {
    throw new Failure({
      code: 'KG164',
      message: 'This is not a folder.',
      where: directory,
      remedy: 'Name another folder; it is made if need be.',
    });
  }
  const taken = names.find((name) => existsSync(join(directory, name)));
  if (taken === CONFIG_FILE) {
    throw new Failure({
      code: 'KG165',
      message: 'This is a state repository already.',
      where: join(directory, taken),
      remedy: 'Name another folder, or go on with "knowngood snapshot" there.',
    });
  }
  if (taken !== undefined) {
    throw new Failure({
      code: 'KG166',
      message: `There is a ${taken} already, and nothing is overwritten.`,
      where: join(directory, taken),
      remedy: 'Name an empty folder, or move the file away.',
    });
  }
}

/** Takes back what was not there before: the outermost new folder, or the new files in an old one. */
function undoOf(directory: string, names: readonly string[]): () => Promise<void> {
  const remove = (path: string) => rm(path, { recursive: true, force: true, maxRetries: 3 });
  if (!existsSync(directory)) {
    let outermost = directory;
    while (!existsSync(dirname(outermost))) outermost = dirname(outermost);
    return () => remove(outermost);
  }
  const absent = names.map((name) => join(directory, name)).filter((path) => !existsSync(path));
  return async () => {
    for (const path of absent) await remove(path);
  };
}

async function makeRepository(
  directory: string,
  branch: string,
  files: ReadonlyMap<string, string>,
  { clock, env, signal }: Surroundings,
): Promise<string> {
  await initRepository(directory, branch, env);
  const repository = await openRepository(directory, NO_STATE, { clock, environment: env });
  try {
    const current = await repository.checkedOut();
    if (current !== `refs/heads/${branch}`) throw otherBranch(directory, current);
    signal.throwIfAborted();
    await commitFiles(repository, files, 'Start a knowngood state repository\n');
    return (await repository.resolve('HEAD')) ?? '';
  } finally {
    await repository.close();
  }
}

/** Nothing of the new repository is state yet. */
const NO_STATE: Layout = {
  pathOf: (object) => `${object}.yaml`,
  keyOf: () => undefined,
};

function otherBranch(directory: string, current: string | undefined): Failure {
  const name = current?.replace('refs/heads/', '');
  return new Failure({
    code: 'KG167',
    message: `This git repository is on ${name === undefined ? 'no branch' : `the branch ${name}`}.`,
    where: directory,
    remedy:
      name === undefined ? 'Check out a branch first.' : `Type --branch ${name}, or check out the other branch first.`,
  });
}

function changeInto(directory: string): string[] {
  const here = relative(process.cwd(), directory);
  if (here === '') return [];
  const shorter = here.length < directory.length && !here.startsWith('..') ? here : directory;
  return [`cd ${/^[\w@%+=:,./\\-]+$/.test(shorter) ? shorter : `"${shorter}"`}`];
}
