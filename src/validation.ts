/** Checks the files of a state repository: the work tree's, or those of a commit. Nothing is read from the tenant. */

import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CONFIG_FILE, readConfig } from './config.js';
import { checkConfig } from './config-check.js';
import { nearest } from './model/nearest.js';
import { byCodeUnit, type ObjectKey, typeOf } from './model/object.js';
import { Failure, interruption, type Severity } from './model/problem.js';
import type { FileProblem, ValidationReport } from './model/validation.js';
import { loadRegistry } from './registry/load.js';
import type { ObjectType, Registry } from './registry/types.js';
import { commitOf } from './revisions.js';
import { checkStateFile } from './state/check.js';
import { contentId } from './state/emit.js';
import { createLayout } from './state/layout.js';
import { findRepository, openRepository } from './state/repository.js';
import { filesOfCommit, filesOfWorkTree, type StateFile } from './state/state-files.js';
import { CAPTURED } from './state/trailers.js';
import type { Layout, StateIds, StateRepository } from './state/types.js';
import { notFound, type Surroundings } from './workspace.js';

const STATE_FOLDER = 'tenant-state';

/** Ids of the backup that files may stem from; asked for when the first file does not fit its schema. */
type BackupIds = () => Promise<StateIds>;

interface Context {
  readonly registry: Registry;
  readonly layout: Layout;
  readonly backup: BackupIds;
  /** Folders that are none of ours, and how many files are in each. */
  readonly strangers: Map<string, number>;
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
    const context = { registry, layout, backup: backupIds(repository, commit ?? 'HEAD'), strangers: new Map() };
    const problems = [...checkConfig(registry, config)];
    let files = 1;
    for await (const found of checked(context, listed.files)) {
      if (surroundings.signal.aborted) throw interruption();
      problems.push(...found);
      files += 1;
      if (files % 1000 === 0) surroundings.progress({ what: 'Checking files', done: files, total: listed.count });
    }
    return reportOf(commit, files, [...problems, ...strangeFolders(context)]);
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

function backupIds(repository: StateRepository, revision: string): BackupIds {
  let ids: Promise<StateIds> | undefined;
  const find = async (): Promise<StateIds> => {
    const [backup] = await repository.log(revision, { trailer: CAPTURED, limit: 1 });
    return backup === undefined ? new Map() : repository.ids(backup.id);
  };
  return () => {
    ids ??= find();
    return ids;
  };
}

/** Problems of each file in turn. */
async function* checked(context: Context, files: AsyncIterable<StateFile>): AsyncGenerator<readonly FileProblem[]> {
  const { registry, layout } = context;
  for await (const { path, content } of files) {
    const name = path.slice(STATE_FOLDER.length + 1);
    const key = layout.keyOf(name);
    const type = key === undefined ? undefined : registry.byName.get(typeOf(key));
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
      yield unknown(context, path, name);
    } else {
      const inside = await contentProblems(context, type, key, path, content);
      // Where the file of another object belongs helps nobody.
      const named = inside.every(({ code }) => code !== 'KG203');
      yield [...(named ? misplaced(layout, path, name, key) : []), ...inside];
    }
  }
}

function fileProblem(file: string, code: string, rule: string, message: string, remedy: string): FileProblem {
  return { file, severity: 'error', code, rule, message, remedy };
}

/** A file that holds no object by its name. Those in a folder of no type are counted, and told together. */
function unknown({ registry, layout, strangers }: Context, path: string, name: string): FileProblem[] {
  const [folder = '', ...rest] = name.split('/');
  const type = registry.byFolder.get(folder);
  if (rest.length > 0 && (type === undefined || type.singleton !== undefined)) {
    strangers.set(folder, (strangers.get(folder) ?? 0) + 1);
    return [];
  }
  const better = betterName(layout, name);
  const known = registry.types.filter(({ singleton }) => singleton !== undefined).map((only) => `${only.folder}.yaml`);
  const [near] = rest.length === 0 ? nearest(name, known) : [];
  const message = rest.length === 0 ? 'There is no type with this file.' : 'No object has a file of this name.';
  const remedy =
    better !== undefined
      ? `Rename it: ${STATE_FOLDER}/${better}`
      : near === undefined
        ? 'Take it away: knowngood does not read it.'
        : `Did you mean ${near}? Otherwise take it away.`;
  return [fileProblem(path, 'KG206', 'unknown', message, remedy)];
}

/** The same name as `snapshot` would write it, where it differs in case or ending. */
function betterName(layout: Layout, name: string): string | undefined {
  const slash = name.lastIndexOf('/') + 1;
  const base = name
    .slice(slash)
    .replace(/\.ya?ml$/i, '.yaml')
    .toLowerCase();
  const key = [name.slice(0, slash) + base, name.replace(/\.ya?ml$/i, '.yaml')]
    .map((candidate) => layout.keyOf(candidate))
    .find((candidate) => candidate !== undefined);
  return key === undefined ? undefined : layout.pathOf(key);
}

function misplaced(layout: Layout, path: string, name: string, key: ObjectKey): FileProblem[] {
  const place = layout.pathOf(key);
  if (place === name) return [];
  return [
    fileProblem(path, 'KG208', 'place', `The file of ${key} belongs elsewhere.`, `Move it to ${STATE_FOLDER}/${place}`),
  ];
}

async function contentProblems(
  { registry, backup }: Context,
  type: ObjectType,
  key: ObjectKey,
  file: string,
  content: Buffer,
): Promise<FileProblem[]> {
  const found = checkStateFile({ registry, type, key }, content);
  if (!found.some(({ code }) => code === 'KG202')) return found.map((finding) => ({ file, ...finding }));
  // What Graph answered is believed, even where the schemas do not know it yet.
  const written = (await backup()).get(key) === contentId(content);
  return found.map((finding) =>
    written && finding.code === 'KG202'
      ? {
          file,
          ...finding,
          severity: 'warning',
          remedy:
            'It is what Graph answered, and newer than this version: use a newer version. It is kept, and never written over.',
        }
      : { file, ...finding },
  );
}

/** One problem for each folder that is none of ours, however many files are in it. */
function strangeFolders({ registry, strangers }: Context): FileProblem[] {
  return [...strangers].map(([folder, count]) => {
    const near = nearest(folder, registry.byFolder.keys());
    const files = count === 1 ? '1 file' : `${count.toLocaleString('en-US')} files`;
    return fileProblem(
      `${STATE_FOLDER}/${folder}/`,
      'KG207',
      'unknown',
      `There is no type with this folder, and ${files} in it.`,
      near.length > 0
        ? `Did you mean ${near.join(' or ')}? Otherwise take it away.`
        : 'Take it away: knowngood does not read it.',
    );
  });
}
