/** Files of a state repository that are not where any object has its file. */

import { nearest } from './model/nearest.js';
import type { ObjectKey } from './model/object.js';
import type { FileProblem } from './model/validation.js';
import type { Registry } from './registry/types.js';
import { STATE_FOLDER } from './state/edits.js';
import type { Layout } from './state/types.js';

export interface Strangers {
  readonly registry: Registry;
  readonly layout: Layout;
  /** Folders that are none of ours, and how many files are in each. */
  readonly folders: Map<string, number>;
}

export function fileProblem(file: string, code: string, rule: string, message: string, remedy: string): FileProblem {
  return { file, severity: 'error', code, rule, message, remedy };
}

/** A file that holds no object by its name. Those in a folder of no type are counted, and told together. */
export function unknownFile({ registry, layout, folders }: Strangers, path: string, name: string): FileProblem[] {
  const [folder = '', ...rest] = name.split('/');
  const type = registry.byFolder.get(folder);
  if (rest.length > 0 && (type === undefined || type.singleton !== undefined)) {
    folders.set(folder, (folders.get(folder) ?? 0) + 1);
    return [];
  }
  const meant = strangeName(layout, name);
  const better = meant === undefined ? undefined : layout.pathOf(meant);
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

/** The object whose file it would be, were it not for the case or the ending of its name. */
export function strangeName(layout: Layout, name: string): ObjectKey | undefined {
  const slash = name.lastIndexOf('/') + 1;
  const base = name
    .slice(slash)
    .replace(/\.ya?ml$/i, '.yaml')
    .toLowerCase();
  return [name.slice(0, slash) + base, name.replace(/\.ya?ml$/i, '.yaml')]
    .map((candidate) => layout.keyOf(candidate))
    .find((candidate) => candidate !== undefined);
}

/** A file of an object that is not in its place. */
export function misplacedFile(layout: Layout, path: string, name: string, key: ObjectKey): FileProblem[] {
  const place = layout.pathOf(key);
  if (place === name) return [];
  return [
    fileProblem(path, 'KG208', 'place', `The file of ${key} belongs elsewhere.`, `Move it to ${STATE_FOLDER}/${place}`),
  ];
}

/** One problem for each folder that is none of ours, however many files are in it. */
export function strangeFolders({ registry, folders }: Strangers): FileProblem[] {
  return [...folders].map(([folder, count]) => {
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
