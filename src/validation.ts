/** Checks the files of a state repository: the work tree's, or those of a commit. Nothing is read from the tenant. */

import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CONFIG_FILE, readConfig } from './config.js';
import { checkConfig } from './config-check.js';
import { missingOf, type StemsFrom } from './missing.js';
import { byCodeUnit, type ObjectKey, typeOf } from './model/object.js';
import { Failure, interruption, type Severity } from './model/problem.js';
import type { FileProblem, ValidationReport } from './model/validation.js';
import { loadRegistry } from './registry/load.js';
import type { ObjectType, Registry } from './registry/types.js';
import { commitOf } from './revisions.js';
import { scopeTest } from './scope.js';
import { CORRECT, checkStateFile } from './state/check.js';
import { droppedNames } from './state/dropped.js';
import { STATE_FOLDER } from './state/edits.js';
import { contentId } from './state/emit.js';
import type { GrowingIds } from './state/ids.js';
import { createLayout } from './state/layout.js';
import { findRepository, openRepository } from './state/repository.js';
import { filesOfCommit, filesOfWorkTree, type StateFile } from './state/state-files.js';
import { CAPTURED } from './state/trailers.js';
import type { Layout, StateRepository } from './state/types.js';
import {
  fileProblem,
  misplacedFile,
  type Strangers,
  strangeFolders,
  strangeName,
  unknownFile,
} from './strange-files.js';
import { notFound, type Surroundings } from './workspace.js';

/** The backup that the files stem from. */
interface Backup extends StemsFrom {
  /** Its objects of which no file was seen yet. */
  readonly unseen: GrowingIds;
}

interface Context extends Strangers {
  readonly registry: Registry;
  readonly layout: Layout;
  readonly repository: StateRepository;
  /** Undefined where there is none. */
  readonly backup: Backup | undefined;
}

/**
 * Checks every file under `tenant-state/`, and `knowngood.yaml`: those at `revision` where one is given or the repository is
 * bare. Throws a Failure where there is no repository, or no such revision.
 */
export async function validateFiles(
  options: { readonly directory?: string | undefined; readonly revision?: string | undefined },
  surroundings: Surroundings,
): Promise<ValidationReport> {
  const from = resolve(options.directory ?? process.cwd());
  const root = options.directory === undefined ? await findRepository(from) : from;
  if (root === undefined) throw notFound(from);
  const registry = loadRegistry();
  const layout = createLayout(registry);
  const repository = await openRepository(root, layout, { clock: surroundings.clock });
  try {
    const revision = options.revision ?? (repository.bare ? 'HEAD' : undefined);
    const here = await configText(root, repository.bare);
    const commit = revision === undefined ? undefined : await commitFor(repository, here, revision);
    const config = commit === undefined ? here : await configAt(repository, commit);
    const listed = commit === undefined ? filesOfWorkTree(root) : await filesOfCommit(repository, commit);
    const backup = await backupOf(repository, commit ?? 'HEAD');
    const context = { registry, layout, repository, backup, folders: new Map() };
    const problems = [...checkConfig(registry, config)];
    let files = 1;
    for await (const found of checked(context, listed.files)) {
      if (surroundings.signal.aborted) throw interruption();
      problems.push(...found);
      files += 1;
      if (files % 1000 === 0) surroundings.progress({ what: 'Checking files', done: files, total: listed.count });
    }
    problems.push(...strangeFolders(context), ...(await missingFiles(context, config)));
    return reportOf(commit, files, problems);
  } finally {
    await repository.close();
  }
}

function reportOf(commit: string | undefined, files: number, found: readonly FileProblem[]): ValidationReport {
  const problems = [...found].sort(
    (a, b) => byCodeUnit(a.file, b.file) || (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
  );
  const count = (severity: Severity) => problems.filter((problem) => problem.severity === severity).length;
  return {
    format: 1,
    kind: 'validation',
    ...(commit === undefined ? {} : { commit }),
    files,
    counts: { errors: count('error'), warnings: count('warning'), notes: count('note') },
    problems,
  };
}

async function configText(root: string, bare: boolean): Promise<string | undefined> {
  return bare ? undefined : readFile(join(root, CONFIG_FILE), 'utf8').catch(() => undefined);
}

async function configAt(repository: StateRepository, commit: string): Promise<string | undefined> {
  return (await repository.file(commit, CONFIG_FILE))?.toString('utf8');
}

/** A date is looked up on the configured branch; with a broken configuration, on the one that most have. */
async function commitFor(repository: StateRepository, config: string | undefined, revision: string): Promise<string> {
  const text = config ?? (await configAt(repository, 'HEAD'));
  let branch = 'main';
  try {
    if (text !== undefined) branch = readConfig(text, CONFIG_FILE).branch;
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
  }
  return commitOf({ repository, config: { branch } }, revision);
}

async function backupOf(repository: StateRepository, revision: string): Promise<Backup | undefined> {
  const [backup] = await repository.log(revision, { trailer: CAPTURED, limit: 1 });
  if (backup === undefined) return undefined;
  const ids = await repository.ids(backup.id);
  const unseen = repository.emptyIds();
  for (const [key, id] of ids) unseen.set(key, id);
  return { commit: backup.id, ids, unseen };
}

/** Files that the backup has, and that are gone; those of objects that the configuration leaves out do not count. */
async function missingFiles(context: Context, config: string | undefined): Promise<FileProblem[]> {
  const { backup, registry } = context;
  if (backup === undefined) return [];
  const isAsked = askedFor(registry, config);
  const gone = [...backup.unseen.keys()].filter(isAsked);
  const missing = await missingOf(context, backup, gone);
  return missing.map((each) => ({ ...each, code: 'KG210', rule: 'missing' }));
}

/** Everything, where the configuration cannot be read. */
function askedFor(registry: Registry, text: string | undefined): (key: ObjectKey) => boolean {
  const everything = { types: [], targets: [], exclude: [], allowDelete: [] };
  try {
    const { types, exclude } = readConfig(text ?? '', CONFIG_FILE);
    const asked = registry.types.filter(({ name }) => types === undefined || types.includes(name));
    return scopeTest({ registry, types: asked, excluded: new Set(exclude as ObjectKey[]) }, everything);
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    return () => true;
  }
}

/** Problems of each file in turn. */
async function* checked(context: Context, files: AsyncIterable<StateFile>): AsyncGenerator<readonly FileProblem[]> {
  const { registry, layout } = context;
  for await (const { path, content } of files) {
    const name = path.slice(STATE_FOLDER.length + 1);
    const key = layout.keyOf(name);
    const type = key === undefined ? undefined : registry.byName.get(typeOf(key));
    const seen = key ?? strangeName(layout, name);
    if (seen !== undefined) context.backup?.unseen.delete(seen);
    if (content === undefined) {
      yield [
        fileProblem(
          path,
          'KG206',
          'unknown',
          'It is no file of its own: a link, or another repository.',
          'Put the file itself there.',
        ),
      ];
    } else if (key === undefined || type === undefined) {
      yield unknownFile(context, path, name);
    } else {
      const inside = await contentProblems(context, type, key, path, content);
      // Where the file of another object belongs helps nobody.
      const named = inside.every(({ code }) => code !== 'KG203' && code !== 'KG208');
      yield [...(named ? misplacedFile(layout, path, name, key) : []), ...inside];
    }
  }
}

async function contentProblems(
  { registry, repository, backup }: Context,
  type: ObjectType,
  key: ObjectKey,
  file: string,
  content: Buffer,
): Promise<FileProblem[]> {
  const before = backup?.ids.get(key);
  const found = checkStateFile({ registry, type, key }, content).map((finding): FileProblem => ({ file, ...finding }));
  if (backup === undefined || before === undefined) return found;
  if (before === contentId(content)) return found.map(believed);
  if (found.some(({ severity }) => severity === 'error')) return found.map((problem) => fromBackup(problem, backup));
  for await (const { content: backedUp } of repository.blobs([before])) {
    const dropped = droppedNames(type, backedUp.toString('utf8'), content.toString('utf8'));
    if (dropped.length > 0) found.push(unmanaged(file, dropped, backup));
  }
  return found;
}

/** What Graph answered is believed, even where the schemas do not know it yet. */
function believed(problem: FileProblem): FileProblem {
  if (problem.code !== 'KG202') return problem;
  return {
    ...problem,
    severity: 'warning',
    remedy:
      'It is what Graph answered, and newer than this version: use a newer version. It is kept, and never written over.',
  };
}

/** The command that takes the file from the backup again, as it can be typed. */
function fromBackup(problem: FileProblem, { commit }: Backup): FileProblem {
  if (problem.remedy !== CORRECT) return problem;
  const again = `git checkout ${commit.slice(0, 7)} -- ${problem.file}`;
  return { ...problem, remedy: `Correct it, or take the file from the backup again: \`${again}\`.` };
}

function unmanaged(file: string, names: readonly string[], { commit }: Backup): FileProblem {
  const [is, it, them] = names.length === 1 ? ['is', 'it is', 'it'] : ['are', 'they are', 'them'];
  return {
    ...fileProblem(
      file,
      'KG211',
      'unmanaged',
      `${names.join(', ')} ${is} not in the file: ${it} unmanaged from here on, and no plan sets ${them} right.`,
      `Nothing has to be done if that is meant; else put ${them} back as in backup ${commit.slice(0, 7)}.`,
    ),
    severity: 'note',
  };
}
