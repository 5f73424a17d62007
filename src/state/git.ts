/** How git is run: one function that spawns it, one environment. */

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { devNull } from 'node:os';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type SimpleGit, type SimpleGitOptions, simpleGit } from 'simple-git';
import { Failure } from '../model/problem.js';
import { gitFailure, readable } from './complaints.js';

export type Environment = Readonly<Record<string, string>>;

/** Where git runs and with what. */
export interface Git {
  /** Working directory of every git process: the root of the repository once it is open. */
  readonly directory: string;
  readonly environment: Environment;
  /** The same directory and environment behind simple-git, for questions with short answers in text. */
  readonly ask: SimpleGit;
}

export interface GitOutput {
  readonly code: number;
  readonly stdout: Buffer;
  /** What git complained about, fit for people. */
  readonly complaint: string;
}

export interface RunOptions {
  readonly input?: string | Buffer | readonly Buffer[];
  readonly environment?: Environment;
  /** Exit codes that are answers, not errors; 0 always is. */
  readonly accept?: readonly number[];
}

/** The oldest git whose commands are all used here: `rev-parse --path-format` came with it. */
const OLDEST = [2, 31] as const;

/** Settings that must not differ between machines. Hooks and monitors of the person's own git work are not for ours. */
const SETTINGS = [
  'core.quotePath=false',
  'core.fsmonitor=false',
  // No folder anywhere: nothing is in it.
  `core.hooksPath=${devNull}`,
  // Files that are written with LF are so on purpose.
  'core.safecrlf=false',
  'gc.auto=0',
  'maintenance.auto=false',
  'i18n.commitEncoding=UTF-8',
  'trailer.separators=:',
] as const;

/** Variables that would send git to another repository, make ids mean other bytes, or paths mean patterns. */
const STRIPPED = new Set([
  'GIT_DIR',
  'GIT_COMMON_DIR',
  'GIT_WORK_TREE',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_PREFIX',
  'GIT_INDEX_FILE',
  'GIT_INDEX_VERSION',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_QUARANTINE_PATH',
  'GIT_NAMESPACE',
  'GIT_CONFIG',
  'GIT_GRAFT_FILE',
  'GIT_SHALLOW_FILE',
  'GIT_REPLACE_REF_BASE',
  'GIT_TEMPLATE_DIR',
  'GIT_DEFAULT_HASH',
  'GIT_EXTERNAL_DIFF',
  'GIT_GLOB_PATHSPECS',
  'GIT_NOGLOB_PATHSPECS',
  'GIT_ICASE_PATHSPECS',
  'GIT_REDIRECT_STDIN',
  'GIT_REDIRECT_STDOUT',
  'GIT_REDIRECT_STDERR',
]);

/** What simple-git guards besides `GIT_…`; none of it is needed where nobody edits and nothing is paged. */
const INTERACTIVE = new Set(['EDITOR', 'VISUAL', 'PAGER', 'PREFIX', 'SSH_ASKPASS', 'GIT_EDITOR', 'GIT_PAGER']);

/**
 * simple-git refuses settings and variables that could run programs, because it cannot know who wrote them. Here they
 * are constants of this file and the environment of the person who runs the tool; nothing from a tenant is among them.
 */
const TRUSTED: NonNullable<SimpleGitOptions['unsafe']> = {
  allowUnsafeAlias: true,
  allowUnsafeAskPass: true,
  allowUnsafeCommandBinaries: true,
  allowUnsafeConfigEnvCount: true,
  allowUnsafeConfigPaths: true,
  allowUnsafeCredentialHelper: true,
  allowUnsafeDiffExternal: true,
  allowUnsafeDiffTextConv: true,
  allowUnsafeEditor: true,
  allowUnsafeExec: true,
  allowUnsafeFilter: true,
  allowUnsafeFsMonitor: true,
  allowUnsafeGitProxy: true,
  allowUnsafeGpgProgram: true,
  allowUnsafeHooksPath: true,
  allowUnsafeInclude: true,
  allowUnsafeMergeDriver: true,
  allowUnsafePack: true,
  allowUnsafePager: true,
  allowUnsafeProtocolOverride: true,
  allowUnsafeSshCommand: true,
  allowUnsafeSubmodule: true,
  allowUnsafeTemplateDir: true,
  allowUnsafeUrlRewrite: true,
};

/**
 * Git in a directory, with the environment cleaned of what would redirect it.
 *
 * @throws Failure KG404 when there is no git or it is too old, KG405 when the directory does not exist.
 */
export async function connect(directory: string, inherited: NodeJS.ProcessEnv): Promise<Git> {
  const environment = gitEnvironment(inherited);
  let ask: SimpleGit;
  try {
    ask = simpleGit({
      baseDir: directory,
      config: [...SETTINGS],
      trimmed: true,
      allowEnvironment: Object.keys(environment),
      unsafe: TRUSTED,
    }).env(withoutSecrets(environment));
  } catch (cause) {
    throw new Failure({
      code: 'KG405',
      message: 'There is no such folder.',
      where: directory,
      remedy: 'Name an existing state repository with -C, or make one with `knowngood init`.',
      cause,
    });
  }
  await checkVersion(ask);
  return { directory, environment, ask };
}

/** What signs in to a tenant is nothing to git, nor to what git starts. */
const SIGN_IN = /^(?:KNOWNGOOD_|AZURE_|ACTIONS_ID_TOKEN_REQUEST_)|^(?:SYSTEM_ACCESSTOKEN|IDENTITY_HEADER|MSI_SECRET)$/;

/** simple-git tells the whole environment with DEBUG=*; its questions about the repository need no secret. */
function withoutSecrets(environment: Environment): Environment {
  const secret = /TOKEN|SECRET|PASSW|CREDENTIAL|API_?KEY|PRIVATE/i;
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !secret.test(name)));
}

function gitEnvironment(inherited: NodeJS.ProcessEnv): Environment {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(inherited)) {
    const upper = name.toUpperCase();
    if (value !== undefined && !STRIPPED.has(upper) && !INTERACTIVE.has(upper) && !SIGN_IN.test(upper))
      kept[name] = value;
  }
  return {
    ...kept,
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
  };
}

/** `2.39.2` */
export async function gitVersion(directory: string, environment: NodeJS.ProcessEnv = process.env): Promise<string> {
  const { ask } = await connect(directory, environment);
  const { major, minor, patch } = await ask.version();
  return `${major}.${minor}.${patch}`;
}

async function checkVersion(ask: SimpleGit): Promise<void> {
  const found = await ask.version().catch(() => undefined);
  const needed = OLDEST.join('.');
  if (found === undefined || !found.installed) {
    throw new Failure({
      code: 'KG404',
      message: `git was not found; knowngood needs git ${needed} or newer.`,
      remedy: 'Install git (https://git-scm.com/downloads) and make sure it is on the PATH.',
    });
  }
  if (found.major < OLDEST[0] || (found.major === OLDEST[0] && found.minor < OLDEST[1])) {
    throw new Failure({
      code: 'KG404',
      message: `git ${found.major}.${found.minor}.${found.patch} is too old; knowngood needs git ${needed} or newer.`,
      remedy: 'Update git (https://git-scm.com/downloads).',
    });
  }
}

/** Starts git. The only place where it is spawned; the caller reads, writes and waits. */
export function startGit(git: Git, args: readonly string[], more?: Environment): ChildProcessWithoutNullStreams {
  const settings = SETTINGS.flatMap((setting) => ['-c', setting]);
  const child = spawn('git', [...settings, ...args], {
    cwd: git.directory,
    env: { ...git.environment, ...more },
    windowsHide: true,
  });
  // A process that ends early closes its input; its exit code and complaint say why.
  child.stdin.on('error', () => undefined);
  return child;
}

/**
 * Runs git to its end and returns what it wrote.
 *
 * @throws Failure KG406 with git's complaint when the exit code is not accepted.
 */
export async function runGit(git: Git, args: readonly string[], options: RunOptions = {}): Promise<GitOutput> {
  const child = startGit(git, args, options.environment);
  const ended = ending(child, args);
  const out: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  void feed(child, options.input);
  const { code, complaint } = await ended;
  if (code !== 0 && !options.accept?.includes(code)) throw gitFailure(args, complaint);
  return { code, stdout: Buffer.concat(out), complaint };
}

/**
 * Runs git and passes on what it writes while it writes it.
 *
 * @throws Failure KG406 with git's complaint when git fails.
 */
export async function* streamGit(git: Git, args: readonly string[]): AsyncGenerator<Buffer, void, undefined> {
  const child = startGit(git, args);
  const ended = ending(child, args);
  ended.catch(() => undefined);
  child.stdin.end();
  let complete = false;
  try {
    yield* child.stdout as AsyncIterable<Buffer>;
    complete = true;
  } finally {
    // Whoever stops reading early does not want the rest; one that wrote everything ends by itself.
    if (!complete) child.kill();
  }
  const { code, complaint } = await ended;
  if (code !== 0) throw gitFailure(args, complaint);
}

async function feed(child: ChildProcessWithoutNullStreams, input: RunOptions['input']): Promise<void> {
  if (input === undefined || typeof input === 'string' || Buffer.isBuffer(input)) child.stdin.end(input);
  else await pipeline(Readable.from(input), child.stdin).catch(() => undefined);
}

async function ending(
  child: ChildProcessWithoutNullStreams,
  args: readonly string[],
): Promise<{ readonly code: number; readonly complaint: string }> {
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    if (complaint.length < 10_000) complaint += chunk.toString('utf8');
  });
  return new Promise((resolve, reject) => {
    child.on('error', (cause) => reject(gitFailure(args, cause.message, cause)));
    child.on('close', (code, signal) => {
      resolve({ code: code ?? -1, complaint: readable(complaint) || (signal === null ? '' : `ended by ${signal}`) });
    });
  });
}

/**
 * Asks simple-git; an answer of failure without a complaint is the empty text.
 *
 * @throws Failure KG406 with git's complaint.
 */
export async function askGit(git: Git, args: readonly string[]): Promise<string> {
  try {
    return await git.ask.raw([...args]);
  } catch (cause) {
    throw gitFailure(args, cause instanceof Error ? cause.message : String(cause), cause);
  }
}
