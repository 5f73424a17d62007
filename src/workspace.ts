/** A state repository opened for work: its configuration, its types, its git repository. */

import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CONFIG_FILE, type Config, placeInConfig, readConfig } from './config.js';
import type { OnProgress } from './model/documents.js';
import { reasonOf } from './model/file-errors.js';
import { nearest } from './model/nearest.js';
import { byCodeUnit, type ObjectKey } from './model/object.js';
import { Failure } from './model/problem.js';
import { loadRegistry } from './registry/load.js';
import { withoutUnmanaged } from './registry/narrow.js';
import type { ObjectType, Registry } from './registry/types.js';
import { createLayout } from './state/layout.js';
import { findRepository, openRepository } from './state/repository.js';
import type { Layout, StateRepository } from './state/types.js';
import { isJudgedBy } from './strategies/index.js';

/** What a command brings along from the world around it. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: () => Date;
  /** Says something to the person at once, on stderr. */
  readonly note: (text: string) => void;
  readonly progress: OnProgress;
  /** Aborted at the first Ctrl-C. */
  readonly signal: AbortSignal;
}

export interface Workspace {
  readonly root: string;
  readonly config: Config;
  readonly registry: Registry;
  /** Types that the configuration asks for, in order of rank. */
  readonly types: readonly ObjectType[];
  readonly layout: Layout;
  readonly repository: StateRepository;
  /** Objects that are neither captured nor compared. */
  readonly excluded: ReadonlySet<ObjectKey>;
  readonly surroundings: Surroundings;
  close(): Promise<void>;
}

/** Opens the state repository at `directory`, else the one that holds the current directory. Throws a Failure. */
export async function openWorkspace(directory: string | undefined, surroundings: Surroundings): Promise<Workspace> {
  const from = resolve(directory ?? process.cwd());
  const root = directory === undefined ? await findRepository(from) : from;
  if (root === undefined) throw notFound(from);
  const everything = loadRegistry();
  const layout = createLayout(everything);
  const repository = await openRepository(root, layout, { clock: surroundings.clock, note: surroundings.note });
  try {
    const text = await configText(repository, root);
    const config = readConfig(text, CONFIG_FILE);
    const at: PlaceOf = (path) => placeInConfig(text, path);
    checkNames(everything, config, at);
    const registry = withoutUnmanaged(everything, config.unmanaged, config.optional);
    return {
      root,
      config,
      registry,
      types: configuredTypes(registry, config, at),
      layout,
      repository,
      excluded: new Set(config.exclude as readonly ObjectKey[]),
      surroundings,
      close: () => repository.close(),
    };
  } catch (cause) {
    await repository.close();
    throw cause;
  }
}

export function notFound(from: string): Failure {
  return new Failure({
    code: 'KG110',
    message: 'There is no state repository here or above.',
    where: from,
    remedy: 'Make one with `knowngood init DIR --tenant ID`, or name one with -C DIR.',
  });
}

async function configText(repository: StateRepository, root: string): Promise<string> {
  const file = repository.bare
    ? await repository.file('HEAD', CONFIG_FILE)
    : await readIfThere(join(root, CONFIG_FILE));
  if (file === undefined) throw notFound(root);
  return file.toString('utf8');
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Failure({
      code: 'KG101',
      message: `The configuration cannot be read: ${reasonOf(cause)}.`,
      where: path,
      remedy: 'It is a file that you may read; `git checkout -- knowngood.yaml` brings the committed one back.',
      cause,
    });
  }
}

/** Where a value of the configuration is, in words for people. */
type PlaceOf = (path: readonly (string | number)[]) => string;

function configuredTypes(registry: Registry, config: Config, at: PlaceOf): readonly ObjectType[] {
  if (config.types === undefined) return registry.types;
  return config.types
    .map((name, index) => typeNamed(registry, name, () => at(['types', index])))
    .sort((a, b) => registry.types.indexOf(a) - registry.types.indexOf(b));
}

/** What is misspelt would silently be managed, or not be. */
export function checkNames(
  registry: Registry,
  config: Pick<Config, 'exclude' | 'unmanaged' | 'optional'>,
  at: PlaceOf = () => CONFIG_FILE,
): void {
  for (const [type, names] of Object.entries(config.optional)) {
    const object = typeNamed(registry, type, () => at(['optional', type]));
    const known = object.properties.filter(({ optional }) => optional).map(({ name }) => name);
    const wrong = names.find((name) => !known.includes(name));
    if (wrong === undefined) continue;
    throw new Failure({
      code: 'KG123',
      message: `${JSON.stringify(wrong)} is not a property of ${type} that can be asked for.`,
      where: at(['optional', type, names.indexOf(wrong)]),
      remedy: known.length === 0 ? `${type} has none.` : `The properties are ${known.join(', ')}.`,
    });
  }
  for (const [index, object] of config.exclude.entries()) {
    typeNamed(registry, object.split('/')[0] ?? '', () => at(['exclude', index]));
  }
  for (const [type, names] of Object.entries(config.unmanaged)) {
    const object = typeNamed(registry, type, () => at(['unmanaged', type]));
    const compared = object.properties.filter(({ access }) => access !== 'identity' && access !== 'context');
    const known = [...compared, ...object.links].map(({ name }) => name).filter((name) => !isJudgedBy(object, name));
    const wrong = names.find((name) => !known.includes(name));
    if (wrong === undefined) continue;
    const [guess] = nearest(wrong, known);
    throw new Failure({
      code: 'KG123',
      message: `${JSON.stringify(wrong)} is not a property of ${type} that can be left unmanaged.`,
      where: at(['unmanaged', type, names.indexOf(wrong)]),
      remedy: `${guess === undefined ? '' : `Did you mean ${guess}? `}The properties are ${known.join(', ')}.`,
    });
  }
}

/** The type of this name; a Failure with the nearest names when there is none. */
export function typeNamed(registry: Registry, name: string, place?: string | (() => string)): ObjectType {
  const type = registry.byName.get(name);
  if (type !== undefined) return type;
  const names = registry.types.map((candidate) => candidate.name);
  const [guess] = nearest(name, names);
  const where = typeof place === 'function' ? place() : place;
  throw new Failure({
    code: 'KG120',
    message: `There is no type ${JSON.stringify(name)}.`,
    ...(where === undefined ? {} : { where }),
    remedy:
      guess === undefined
        ? `The types are ${names.sort(byCodeUnit).join(', ')}.`
        : `Did you mean ${guess}? Type "knowngood coverage" for all types.`,
  });
}
