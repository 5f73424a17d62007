/** A state repository: made, found and opened. */

import { mkdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ObjectKey } from '../model/object.js';
import { Failure } from '../model/problem.js';
import { readable } from './complaints.js';
import { STATE_FOLDER } from './edits.js';
import { askGit, connect, type Git, runGit } from './git.js';
import { readLog } from './history.js';
import { type Identity, readIdentity } from './identity.js';
import { createIds, createKeyTable } from './ids.js';
import { rootEntries, stateFiles, stateIds, stateTrees } from './listings.js';
import { patchTree } from './patch.js';
import { moveRefsAlone } from './ref-moves.js';
import { readRef, refNames } from './refs.js';
import { createObjectReader, readBlobs } from './stored.js';
import { EMPTY_TREE } from './trees.js';
import type { Layout, StateIds, StateRepository } from './types.js';
import { advanceBranch, checkedOutBranch, needWorkTree, refuseEdits, type WorkTree } from './work-tree.js';
import { commitEnvironment, createWriter } from './writer.js';

const CONFIG_FILE = 'knowngood.yaml';
const ID = /^[0-9a-f]{40}$/;

export interface RepositoryOptions {
  /** Time of commits; the system's where it is not given. */
  readonly clock?: () => Date;
  /** Environment that git inherits, cleaned; the process's where it is not given. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Says what a killed run had left behind and was cleared away. */
  readonly note?: (text: string) => void;
}

/** An open repository, with what is needed to commit files that are not state. */
export interface OpenRepository extends StateRepository {
  readonly workTree: WorkTree;
  readonly who: () => Promise<Identity>;
}

/**
 * Makes a git repository in a directory, which is created if need be; its own, even inside another repository.
 *
 * @throws Failure KG404 without a usable git, KG406 when git refuses the name of the branch.
 */
export async function initRepository(
  directory: string,
  branch: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  await mkdir(directory, { recursive: true });
  const git = await connect(directory, environment);
  try {
    await git.ask.init(['--quiet', `--initial-branch=${branch}`, '--object-format=sha1']);
    // Names of edges are long, and Windows counts the folders before them.
    await git.ask.addConfig('core.longPaths', 'true');
  } catch (cause) {
    throw new Failure({
      code: 'KG406',
      message: `git could not make the repository: ${readable(cause instanceof Error ? cause.message : String(cause))}`,
      where: directory,
      remedy: 'Check the name of the branch, and that the folder may be written to.',
      cause,
    });
  }
}

/**
 * The nearest folder, from here upwards, that holds `knowngood.yaml`: in a bare repository, at HEAD.
 *
 * @throws Failure KG404 without a usable git, where a bare repository has to be asked.
 */
export async function findRepository(
  from: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string | undefined> {
  for (let folder = path.resolve(from); ; folder = path.dirname(folder)) {
    if (await isFile(path.join(folder, CONFIG_FILE))) return folder;
    if ((await isFile(path.join(folder, 'HEAD'))) && (await isConfiguredBare(folder, environment))) return folder;
    if (folder === path.dirname(folder)) return undefined;
  }
}

async function isFile(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined))?.isFile() === true;
}

async function isConfiguredBare(folder: string, environment: NodeJS.ProcessEnv): Promise<boolean> {
  const git = await connect(folder, environment);
  try {
    if ((await askGit(git, ['rev-parse', '--is-bare-repository'])) !== 'true') return false;
    return (await askGit(git, ['rev-parse', '--verify', '--quiet', `HEAD:${CONFIG_FILE}`])) !== '';
  } catch {
    return false;
  }
}

/**
 * Opens the repository whose top (or, if it is bare, whose folder) is this directory.
 *
 * @throws Failure KG403 for a shallow clone, KG404 without a usable git, KG405 when this is not the top of a repository,
 * KG409 for a repository whose ids are not SHA-1.
 */
export async function openRepository(
  directory: string,
  layout: Layout,
  options: RepositoryOptions = {},
): Promise<OpenRepository> {
  const { clock = () => new Date(), environment = process.env, note = () => undefined } = options;
  const root = path.resolve(directory);
  const git = await connect(root, environment);
  const place = await locate(git, root);
  const tree: WorkTree = { git, clock, note, ...place };
  const reader = createObjectReader(git);
  let identity: Promise<Identity> | undefined;
  // What a commit holds never changes: it is listed once.
  const read = new Map<string, Promise<StateIds>>();
  const keys = createKeyTable();
  const who = () => {
    identity ??= readIdentity(git);
    return identity;
  };
  return {
    root,
    gitDir: place.gitDir,
    bare: place.bare,
    workTree: tree,
    who,
    resolve: (revision) => resolveCommit(git, revision),
    ids(commit) {
      const known = read.get(commit) ?? stateIds(git, layout, commit, createIds(keys));
      read.set(commit, known);
      known.catch(() => read.delete(commit));
      return known;
    },
    async addIds(commit, wanted, to) {
      const found = await Promise.all(
        wanted.map((key) => reader.read(`${commit}:${STATE_FOLDER}/${layout.pathOf(key)}`)),
      );
      for (const [index, object] of found.entries()) {
        if (object?.kind === 'blob') to.set(wanted[index] as ObjectKey, object.id);
      }
    },
    async addIdsOfTypes(commit, types, to) {
      const paths = types.map(
        ({ folder, singleton }) => `${STATE_FOLDER}/${folder}${singleton === undefined ? '' : '.yaml'}`,
      );
      if (paths.length > 0) await stateIds(git, layout, commit, to, paths);
    },
    async patch(commit, writer, changes) {
      const top = (await rootEntries(git, commit)).get(STATE_FOLDER)?.id ?? EMPTY_TREE;
      const files = [...changes].map(([key, id]) => [layout.pathOf(key), id] as const);
      return patchTree(reader, writer, top, new Map(files));
    },
    emptyIds: () => createIds(keys),
    files: (commit) => stateFiles(git, commit),
    trees: (commit) => stateTrees(git, commit),
    blobs: (ids) => readBlobs(reader, ids),
    async file(commit, file) {
      const object = await reader.read(`${commit}:${file}`);
      return object?.kind === 'blob' ? object.content : undefined;
    },
    rootEntries: (commit) => rootEntries(git, commit),
    async log(revision, logOptions) {
      const commit = await resolveCommit(git, revision);
      return commit === undefined ? [] : readLog(git, commit, logOptions);
    },
    ref: (name) => readRef(git, name),
    names: () => refNames(git),
    writer: () => createWriter(git, who, clock),
    updateRefs: (updates, reason) => moveRefsAlone(tree, updates, reason),
    checkedOut: () => checkedOutBranch(tree),
    assertClean: (note) => refuseEdits(tree, note),
    advance: (updates, branch, reason) => advanceBranch(tree, updates, branch, reason),
    async identity() {
      const { author } = await who();
      return `${author.name} <${author.mail}>`;
    },
    close: () => reader.close(),
  };
}

/**
 * Writes files into the work tree and commits them, and nothing else that is staged, on the branch that is checked out.
 *
 * @throws Failure KG406 when git refuses, or there is nothing to commit.
 */
export async function commitFiles(
  repository: OpenRepository,
  files: ReadonlyMap<string, Uint8Array | string>,
  message: string,
): Promise<void> {
  const { workTree: tree, root } = repository;
  needWorkTree(tree);
  for (const [name, content] of files) {
    const file = path.join(root, ...name.split('/'));
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  const input = [...files.keys()].map((name) => `${name}\0`).join('');
  const paths = ['--pathspec-from-file=-', '--pathspec-file-nul'];
  await runGit(tree.git, ['add', '--force', ...paths], { input });
  const environment = commitEnvironment(await repository.who(), Math.floor(tree.clock().getTime() / 1000));
  await runGit(tree.git, ['commit', '--quiet', '--cleanup=verbatim', '--only', '-m', message, ...paths], {
    input,
    environment,
  });
}

async function locate(git: Git, root: string): Promise<Pick<WorkTree, 'bare' | 'gitDir' | 'ownGitDir'>> {
  const questions = [
    '--is-bare-repository',
    '--is-inside-work-tree',
    '--is-shallow-repository',
    '--show-object-format',
  ];
  const answers = await askGit(git, [
    'rev-parse',
    '--path-format=absolute',
    '--git-common-dir',
    '--git-dir',
    ...questions,
    '--show-prefix',
  ]).catch((failure: unknown) => {
    throw failure instanceof Failure && /not a git repository/.test(failure.message) ? notARepository(root) : failure;
  });
  const [common = '', own = '', bareText, inside, shallow, format, prefix = ''] = answers.split(/\r?\n/);
  const bare = bareText === 'true';
  const [gitDir, ownGitDir] = [path.normalize(common), path.normalize(own)];
  const isTop = bare ? await isSameFolder(gitDir, root) : inside === 'true' && prefix === '';
  if (!isTop) throw notARepository(root);
  if (shallow === 'true') {
    throw new Failure({
      code: 'KG403',
      message: 'This is a shallow clone: backups are missing from its history.',
      where: root,
      remedy: 'Run `git fetch --unshallow`.',
    });
  }
  if (format !== 'sha1') {
    throw new Failure({
      code: 'KG409',
      message: `This repository names objects by ${format ?? 'an unknown format'}; knowngood needs SHA-1.`,
      where: root,
      remedy: 'Make a new state repository with `knowngood init`.',
    });
  }
  return { bare, gitDir, ownGitDir };
}

/** By identity, because a folder can have several spellings. */
async function isSameFolder(a: string, b: string): Promise<boolean> {
  const [left, right] = await Promise.all([stat(a, { bigint: true }), stat(b, { bigint: true })]);
  return left.ino === right.ino && left.dev === right.dev;
}

function notARepository(root: string): Failure {
  return new Failure({
    code: 'KG405',
    message: 'This folder is not the top of a git repository.',
    where: root,
    remedy: 'Run `knowngood init` there, or name the state repository with `-C`.',
  });
}

async function resolveCommit(git: Git, revision: string): Promise<string | undefined> {
  if (/[\0\r\n]/.test(revision) || revision === '') return undefined;
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`];
  // Git complains of some names that mean nothing, and is silent about others.
  const id = await askGit(git, args).catch(() => '');
  return ID.test(id) ? id : undefined;
}
