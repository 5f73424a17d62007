/** Files that a backup has and that a state which stems from it lacks: a plan takes their objects for not there. */

import { byCodeUnit, idOf, type ObjectKey, typeOf } from './model/object.js';
import type { Scope } from './model/plan.js';
import type { Problem, Severity } from './model/problem.js';
import type { ObjectType, Registry } from './registry/types.js';
import { scopeTest } from './scope.js';
import { readObject } from './state/document.js';
import { STATE_FOLDER } from './state/edits.js';
import { labelOf } from './state/label.js';
import type { Layout, StateIds, StateRepository } from './state/types.js';
import type { CommittedState } from './states.js';
import type { Workspace } from './workspace.js';

/** What is missing of one type, or of all types at once, in words. */
export interface Missing {
  /** The file, or the folder with a slash at its end, from the root of the repository. */
  readonly file: string;
  /** `error`: all files of a type are gone, and there were several. */
  readonly severity: Severity;
  readonly message: string;
  readonly remedy: string;
}

/** Where the files are looked for. */
export interface Place {
  readonly registry: Registry;
  readonly layout: Layout;
  readonly repository: Pick<StateRepository, 'blobs'>;
}

export interface StemsFrom {
  /** Full id of the commit that is the backup. */
  readonly commit: string;
  readonly ids: StateIds;
}

/** What of a backup is missing: `gone` are its objects without a file. Those of types that nobody knows are left out. */
export async function missingOf(place: Place, backup: StemsFrom, gone: Iterable<ObjectKey>): Promise<Missing[]> {
  const { registry } = place;
  const byType = new Map<string, ObjectKey[]>();
  for (const key of gone) {
    const keys = byType.get(typeOf(key)) ?? [];
    byType.set(typeOf(key), keys);
    keys.push(key);
  }
  const had = new Map<string, number>();
  for (const key of backup.ids.keys()) had.set(typeOf(key), (had.get(typeOf(key)) ?? 0) + 1);
  const lost = registry.types.flatMap((type): Lost[] => {
    const keys = byType.get(type.name);
    return keys === undefined ? [] : [{ type, keys: keys.sort(byCodeUnit), of: had.get(type.name) ?? keys.length }];
  });
  const isAll = lost.length > 1 && lost.length === had.size && lost.every(({ keys, of }) => keys.length === of);
  if (isAll) return [everything(backup)];
  return Promise.all(lost.map((each) => missingOfType(place, backup, each)));
}

interface Lost {
  readonly type: ObjectType;
  readonly keys: readonly ObjectKey[];
  /** How many the backup has. */
  readonly of: number;
}

function everything({ commit, ids }: StemsFrom): Missing {
  const backup = commit.slice(0, 7);
  return {
    file: `${STATE_FOLDER}/`,
    severity: 'error',
    message:
      `All ${number(ids.size)} files of backup ${backup} are missing; ` +
      'a plan from here takes every object for not there and, with --allow-delete, deletes what it can.',
    remedy: `Bring them back: \`git checkout ${backup} -- ${STATE_FOLDER}\`.`,
  };
}

async function missingOfType(place: Place, backup: StemsFrom, { type, keys, of }: Lost): Promise<Missing> {
  const commit = backup.commit.slice(0, 7);
  const folder = `${STATE_FOLDER}/${type.folder}${type.singleton === undefined ? '/' : '.yaml'}`;
  const whole = keys.length === of && of > 1;
  const [only] = keys.length === 1 ? keys : [];
  const file = only === undefined ? folder : `${STATE_FOLDER}/${place.layout.pathOf(only)}`;
  const [isAre, it] = keys.length === 1 ? ['is', 'it'] : ['are', 'them'];
  const count = of === 1 ? 'the only file' : `${number(keys.length)} of ${number(of)} files`;
  const names = await namesOfSome(place, backup.ids, type, keys);
  return {
    file,
    severity: whole ? 'error' : 'warning',
    message: `${type.name}: ${count} of backup ${commit} ${isAre} missing${names}; a plan from here ${consequence(type, it)}.`,
    remedy: `Bring ${it} back, unless that is meant: \`${bringBack(commit, file, whole || only !== undefined)}\`.`,
  };
}

/** A path that is longer is broken over two lines of a terminal. */
const COPIED = 80;

/** Takes nothing but what is missing: others of the folder may hold edits. */
function bringBack(commit: string, file: string, all: boolean): string {
  if (all && file.length <= COPIED) return `git checkout ${commit} -- ${file.replace(/\/$/, '')}`;
  const folder = file.split('/').slice(0, 2).join('/');
  return `git diff --name-only --diff-filter=D ${commit} -- ${folder} | git checkout ${commit} --pathspec-from-file=-`;
}

function number(count: number): string {
  return count.toLocaleString('en-US');
}

/** What a plan makes of an object that its commit does not hold. */
function consequence(type: ObjectType, them: string): string {
  const taken = `takes ${them} for not there`;
  if (type.edge?.create !== undefined)
    return `${taken} and removes ${them} from the tenant, also without --allow-delete`;
  return type.deletable
    ? `${taken} and, with --allow-delete, deletes ${them}`
    : `${taken} and recovers nothing of ${them}`;
}

const NAMED = 3;
const NAME_LENGTH = 40;

/** ` ("Ada", "Bob", "Cy" and 7 more)`; nothing where objects have no names of their own. */
async function namesOfSome(
  { registry, repository }: Place,
  ids: StateIds,
  type: ObjectType,
  keys: readonly ObjectKey[],
): Promise<string> {
  if (type.edge !== undefined || type.singleton !== undefined) return '';
  const some = keys.slice(0, NAMED);
  const names: string[] = [];
  for await (const { content } of repository.blobs(some.map((key) => ids.get(key) as string))) {
    names.push(nameIn(registry, type, some[names.length] as ObjectKey, content));
  }
  const more = keys.length - names.length;
  return ` (${names.join(', ')}${more > 0 ? ` and ${number(more)} more` : ''})`;
}

function nameIn(registry: Registry, type: ObjectType, key: ObjectKey, content: Buffer): string {
  try {
    const name = labelOf(type, readObject(registry, type, key, content.toString('utf8'), key, 'by snapshot'));
    return JSON.stringify(name.length > NAME_LENGTH ? `${name.slice(0, NAME_LENGTH - 1)}…` : name);
  } catch {
    return idOf(key);
  }
}

/** Warnings for a comparison with a commit that lacks files of its backup: they would be taken for not there. */
export async function missingProblems(workspace: Workspace, desired: CommittedState, scope: Scope): Promise<Problem[]> {
  const { backup, commit, stemsFrom } = desired;
  if (stemsFrom === undefined || backup === commit) return [];
  const isIn = scopeTest(workspace, scope);
  const gone = [...stemsFrom.ids.keys()].filter((key) => !desired.ids.has(key) && isIn(key));
  const missing = await missingOf(workspace, { commit: backup, ids: stemsFrom.ids }, gone);
  return missing.map(({ message, remedy }) => ({ code: 'KG620', severity: 'warning', message, remedy }));
}
