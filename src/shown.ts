/** Shows what a backup holds: all of it in numbers, or one object. */

import { objectIn } from './asked.js';
import { presenceOf } from './diff/compare.js';
import { nameEdges } from './edge-names.js';
import type { Change } from './model/change.js';
import { byCodeUnit, DELETED, type DirectoryObject, idOf, type ObjectKey, typeOf } from './model/object.js';
import { Failure } from './model/problem.js';
import type { ShownBackup, ShownObject } from './model/shown.js';
import { asArgument, namesOfObject, searchNames } from './names.js';
import { idsIn } from './plan/plan.js';
import type { ObjectType } from './registry/types.js';
import { wrongDate } from './revisions.js';
import { labelOf } from './state/label.js';
import { CAPTURED } from './state/trailers.js';
import { type CommittedState, namesOf, stateAt } from './states.js';
import { typeNamed, type Workspace } from './workspace.js';

/** What a backup holds, by type. Throws a Failure when nothing has that name, or no backup is in its history. */
export async function showBackup(workspace: Workspace, revision: string): Promise<ShownBackup> {
  const state = await stateNamed(workspace, revision);
  const [backup] = await workspace.repository.log(state.backup, { trailer: CAPTURED, limit: 1 });
  return {
    format: 1,
    kind: 'shown-backup',
    tenant: state.facts.tenant,
    state: state.reference,
    backup: state.backup,
    subject: backup?.subject ?? '',
    captured: state.captured,
    coverage: state.coverage,
    objects: await countsOf(workspace, state),
    schemas: state.facts.schemas,
    version: state.facts.version,
  };
}

/**
 * One object of a backup; `text` is `TYPE/ID`, `TYPE/NAME`, or a type of which there is one object. Throws a Failure: KG121,
 * KG125 where several objects have the name, KG126 where none has, KG134 where the backup has no such id.
 */
export async function showObject(workspace: Workspace, revision: string, text: string): Promise<ShownObject> {
  const asked = objectIn(text, 'TYPE/ID', (name) => typeNamed(workspace.registry, name, 'TYPE/ID'));
  const state = await stateNamed(workspace, revision);
  const key = state.ids.has(asked.key) ? asked.key : await keyByName(state, asked);
  const contentId = state.ids.get(key) as string;
  const object = (await state.load([key])).get(key);
  if (object === undefined) throw notThere(state, asked.type, key);
  const deleted = object.properties[DELETED];
  return {
    format: 1,
    kind: 'shown-object',
    object: key,
    label: await nameOf(workspace, state, asked.type, object),
    state: state.reference,
    backup: state.backup,
    file: `tenant-state/${workspace.layout.pathOf(key)}`,
    contentId,
    deleted: typeof deleted === 'string' ? deleted : null,
    properties: object.properties,
    links: object.links,
    names: await namesIn(workspace, state, object),
    content: await contentOf(workspace, contentId),
  };
}

async function namesIn(
  { registry }: Workspace,
  state: CommittedState,
  object: DirectoryObject,
): Promise<ShownObject['names']> {
  const ids = idsIn([object.links, object.properties]);
  ids.delete(idOf(object.key));
  const names = await namesOf(registry, ids, [state]);
  return Object.fromEntries([...names].filter(([id, name]) => name !== id).sort(([a], [b]) => byCodeUnit(a, b)));
}

/** Edges are named by what they connect. */
async function nameOf(
  { registry }: Workspace,
  state: CommittedState,
  type: ObjectType,
  object: DirectoryObject,
): Promise<string> {
  const label = labelOf(type, object);
  if (type.edge === undefined) return label;
  const presence = { desired: 'active', live: 'absent' } as const;
  const edge: Change = { object: object.key, label, ...presence, properties: [], links: [], desiredObject: object };
  return (await nameEdges(registry, [edge], [state])).get(object.key) ?? label;
}

/** The first word of the command may also have been meant to be a file. */
async function stateNamed(workspace: Workspace, revision: string): Promise<CommittedState> {
  try {
    return await stateAt(workspace, revision);
  } catch (cause) {
    if (!(cause instanceof Failure) || cause.code !== 'KG130' || wrongDate(revision) !== undefined) throw cause;
    const object = /^[A-Za-z]+\//.test(revision) ? ` For an object, write: knowngood show HEAD "${revision}".` : '';
    throw new Failure({
      code: 'KG130',
      message: `There is no revision, and no plan file, ${JSON.stringify(revision)}.`,
      where: 'REV',
      remedy: `${cause.remedy ?? ''}${object}`,
      cause,
    });
  }
}

async function contentOf(workspace: Workspace, id: string): Promise<string> {
  for await (const { content } of workspace.repository.blobs([id])) return content.toString('utf8');
  return '';
}

/** A state file of an object in the recycle bin says so on a line of its own. */
const IN_BIN = new RegExp(`^"?${DELETED}"?: *(?!null\\b|~|$)\\S`, 'm');

async function countsOf(workspace: Workspace, state: CommittedState): Promise<ShownBackup['objects']> {
  const { registry, repository, surroundings } = workspace;
  const counts = new Map<string, { active: number; deleted: number }>();
  for (const type of Object.keys(state.coverage.types)) counts.set(type, { active: 0, deleted: 0 });
  const perhaps: ObjectKey[] = [];
  for (const key of state.ids.keys()) {
    const type = typeOf(key);
    const count = counts.get(type) ?? { active: 0, deleted: 0 };
    counts.set(type, count);
    count.active += 1;
    if (registry.byName.get(type)?.bin !== undefined) perhaps.push(key);
  }
  let at = 0;
  for await (const { content } of repository.blobs(perhaps.map((key) => state.ids.get(key) as string))) {
    const count = counts.get(typeOf(perhaps[at++] as ObjectKey));
    if (at % 5000 === 0) surroundings.progress({ what: 'Counting', done: at, total: perhaps.length });
    if (count === undefined || !IN_BIN.test(content.toString('latin1'))) continue;
    count.active -= 1;
    count.deleted += 1;
  }
  return Object.fromEntries(counts);
}

type Asked = ReturnType<typeof objectIn>;

async function keyByName(state: CommittedState, { type, name, key, certain }: Asked): Promise<ObjectKey> {
  if (certain) throw notThere(state, type, key);
  const search = searchNames([name]);
  const keys = [...state.ids.keys()].filter((candidate) => typeOf(candidate) === type.name);
  const objects = await state.load(keys);
  for (const [candidate, object] of objects) search.see(candidate, namesOfObject(type, object));
  const [only, ...others] = search.found(name);
  if (only !== undefined && others.length === 0) return only;
  if (only === undefined) throw noSuchName(state, type, name, search.near(name));
  const listed = [only, ...others].sort(byCodeUnit).map((candidate) => {
    const deleted = presenceOf(objects.get(candidate)) === 'deleted';
    return `${candidate} (${deleted ? 'in the recycle bin' : 'active'})`;
  });
  throw new Failure({
    code: 'KG125',
    message: `${listed.length} objects of type ${type.name} are called ${JSON.stringify(name)}: ${listed.slice(0, 10).join(', ')}.`,
    where: 'TYPE/ID',
    remedy: 'Name the one you mean by its id.',
  });
}

function placeOf(state: CommittedState): string {
  return `${state.reference.kind} ${state.commit.slice(0, 7)}`;
}

function noSuchName(state: CommittedState, type: ObjectType, name: string, near: readonly string[]): Failure {
  const typable = near.flatMap((other) => asArgument(`${type.name}/${other}`) ?? []);
  return new Failure({
    code: 'KG126',
    message: `No ${type.name} is called ${JSON.stringify(name)} in ${placeOf(state)}.`,
    where: 'TYPE/ID',
    remedy:
      type.edge !== undefined
        ? `It has no name of its own: write its id, which is the name of its file in tenant-state/${type.folder}.`
        : typable.length > 0
          ? `Did you mean ${typable.join(' or ')}?`
          : `\`git log --all --oneline -S ${JSON.stringify(name)} -- tenant-state/${type.folder}\` finds backups in which the name came or went.`,
  });
}

/** So much of an id that two have in common is no accident. */
const ALIKE = 4;

function notThere(state: CommittedState, type: ObjectType, key: ObjectKey): Failure {
  const id = idOf(key);
  const near = [...state.ids.keys()]
    .filter((other) => typeOf(other) === type.name)
    .filter((other) => idOf(other).startsWith(id.slice(0, ALIKE)) || idOf(other).endsWith(id.slice(-ALIKE)))
    .slice(0, 3);
  const guess = near.length > 0 ? `Did you mean ${near.join(' or ')}? ` : '';
  return new Failure({
    code: 'KG134',
    message: `${key} is not in ${placeOf(state)}.`,
    where: 'TYPE/ID',
    remedy: `${guess}\`git log --all --oneline -- "tenant-state/**/${id}.yaml"\` lists the backups in which it changed.`,
  });
}
