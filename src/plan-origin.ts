/** Holds a plan against the backup it goes back to: what it would write must be what the backup holds. */

import { presenceOf } from './diff/compare.js';
import { jsonEqual } from './model/json.js';
import { type DirectoryObject, idOf, type ObjectKey, objectKey, typeOf } from './model/object.js';
import type { Objects } from './model/objects.js';
import { type Action, isLinkAction, type LinkAction, type ObjectAction, type Plan } from './model/plan.js';
import { EXIT, Failure } from './model/problem.js';
import { valuesOfEdge } from './plan/judge-edges.js';
import { isOneOf, ownerOf } from './registry/identity.js';
import type { ObjectType, Registry } from './registry/types.js';
import type { Considered } from './scope.js';
import { isAbsent } from './sight.js';
import type { CommittedState } from './states.js';
import { linkStanding } from './strategies/index.js';

/**
 * Refuses a plan that would write anything but what its backup holds, whoever made it: a Failure (KG147, exit 4) names the
 * first such action. `desired` is the state at the plan's commit.
 */
export async function refuseForeignValues(considered: Considered, plan: Plan, desired: CommittedState): Promise<void> {
  const { registry } = considered;
  refuseLeftOut(considered, plan);
  const objects = await desired.load(new Set(plan.actions.flatMap(objectsOf)));
  for (const action of plan.actions) {
    const reason = foreignIn(registry, action, objects, desired, plan);
    if (reason === undefined) continue;
    throw new Failure({
      code: 'KG147',
      message: `Action ${action.n} of the plan is not what its backup asks for: ${reason}.`,
      where: action.object,
      remedy: 'Do not apply it. Make the plan again, and find out who made this one.',
      exit: EXIT.refused,
    });
  }
}

/**
 * Refuses a plan that does not say that its commit is no backup, or of another one: a Failure (KG147, exit 4). Its reviewers
 * did not know that a person's changes are in it. `changed`: the backup that was changed, if any.
 */
export function refuseHiddenChange(plan: Plan, changed: string | undefined): void {
  if (plan.desired.backup === changed) return;
  const commit = plan.desired.commit.slice(0, 7);
  throw new Failure({
    code: 'KG147',
    message:
      changed === undefined
        ? `The plan says that the state of commit ${commit} was changed since its backup, and it was not.`
        : `The plan does not say that the state of commit ${commit} was changed since backup ${changed.slice(0, 7)}, by a person or a merge.`,
    where: `plan ${plan.id.slice(0, 12)}, made with ${plan.tool}`,
    remedy: 'Make the plan again, and have it reviewed: it tells then how the change can be seen.',
    exit: EXIT.refused,
  });
}

function objectsOf(action: Action): readonly ObjectKey[] {
  if (isLinkAction(action)) return [action.object, edgeKey(action)];
  return [action.object, ...(action.linkedFrom ?? []).map((owner) => owner.object)];
}

/** The key of the edge that a link action is about, where it is about one. */
function edgeKey(action: LinkAction): ObjectKey {
  return objectKey(action.link, action.target);
}

function foreignEdge(
  registry: Registry,
  type: ObjectType,
  action: LinkAction,
  objects: Objects,
  desired: CommittedState,
): string | undefined {
  const key = edgeKey(action);
  const edge = objects.get(key);
  if (type.edge?.create === undefined) return `${type.name} is only read`;
  if (ownerOf(type, key) !== action.object) return 'it is of another owner';
  if (action.action === 'unlink') {
    if (edge !== undefined) return `${type.name} is there`;
    return isAbsent(registry, desired, key) ? undefined : 'the backup does not say whether it was there';
  }
  if (edge === undefined) return `${type.name} is not there`;
  const [wanted, set] = [valuesOfEdge(type, edge), action.set ?? []];
  const foreign =
    set.find(({ path, desired: value }) => !wanted.some((own) => own.path === path && jsonEqual(own.desired, value))) ??
    wanted.find(({ path }) => !set.some((value) => value.path === path));
  return foreign === undefined ? undefined : `${foreign.path} has another value there`;
}

/** The configuration may have changed since the plan was made: what it leaves out is not touched. */
function refuseLeftOut({ registry, types, excluded }: Considered, plan: Plan): void {
  const asked = new Set(types.map((type) => type.name));
  const left = plan.actions.find((action) => {
    const isEdge = isLinkAction(action) && registry.byName.get(action.link)?.edge !== undefined;
    const key = isEdge ? edgeKey(action) : action.object;
    const type = registry.byName.get(typeOf(key));
    const isLeftOut = type === undefined || isOneOf(type, key, excluded) || excluded.has(action.object);
    return isLeftOut || !asked.has(typeOf(key));
  });
  if (left === undefined) return;
  throw new Failure({
    code: 'KG148',
    message: `Action ${left.n} of the plan is about an object that knowngood.yaml leaves out.`,
    where: left.object,
    remedy: 'Make the plan again, or correct `exclude` and `types` in knowngood.yaml.',
    exit: EXIT.refused,
  });
}

/** What of an action the backup does not ask for; undefined when it asks for all of it. */
function foreignIn(
  registry: Registry,
  action: Action,
  objects: Objects,
  desired: CommittedState,
  plan: Plan,
): string | undefined {
  const edge = isLinkAction(action) ? registry.byName.get(action.link) : undefined;
  if (isLinkAction(action) && edge?.edge !== undefined) return foreignEdge(registry, edge, action, objects, desired);
  const type = registry.byName.get(typeOf(action.object));
  const object = objects.get(action.object);
  const active = presenceOf(object) === 'active';
  if (action.action === 'soft-delete') {
    if (active) return 'the object is there in the backup';
    if (type?.deletable !== true) return 'objects of its type are not deleted';
    const known = object !== undefined || isAbsent(registry, desired, action.object);
    return known ? undefined : 'the backup does not say whether the object was there';
  }
  if (object === undefined || !active) return 'the object is not there in the backup';
  if (action.action === 'restore' && type?.bin === undefined) return 'its type has no recycle bin';
  if (isLinkAction(action)) {
    const known = object.links[action.link];
    if (known === undefined) return `the backup does not know its ${action.link}`;
    return known.includes(action.target) === (action.action === 'link') ? undefined : `${action.link} are others there`;
  }
  const writable = type?.properties.filter(({ access }) => access === 'readWrite');
  const foreign = action.set.find(
    ({ path, desired }) => !writable?.some(({ name }) => name === path) || !jsonEqual(object.properties[path], desired),
  );
  if (foreign !== undefined) return `${foreign.path} has another value there`;
  const link = foreignLink(type, action, object, plan);
  if (link !== undefined) return link;
  const id = idOf(action.object);
  const from = action.linkedFrom?.find((owner) => !objects.get(owner.object)?.links[owner.link]?.includes(id));
  return from === undefined ? undefined : `${from.object} does not lead to it there`;
}

/**
 * A restored object keeps the links of its action and loses all others: they must be those of the backup, known and whole,
 * but for those that the plan says it cannot bring back.
 */
function foreignLink(
  type: ObjectType | undefined,
  { object: key, links }: ObjectAction,
  { links: known, properties }: DirectoryObject,
  { blocked }: Plan,
): string | undefined {
  if (links === undefined) return undefined;
  const foreign = links.find(({ link, target }) => !known[link]?.includes(target));
  if (foreign !== undefined) return `${foreign.link} are others there`;
  const planned = new Set(links.map(({ link, target }) => `${link} ${target}`));
  const said = blocked.filter(({ object }) => object === key);
  const isSaid = (link: string, target: string) =>
    said.some(({ path, reason }) => path === link && reason.includes(target));
  for (const link of type?.links ?? []) {
    if (linkStanding(link, properties).standing !== 'managed') continue;
    const targets = known[link.name];
    if (targets === undefined) return `the backup does not know its ${link.name}`;
    const left = targets.some((target) => !planned.has(`${link.name} ${target}`) && !isSaid(link.name, target));
    if (left) return `${link.name} are more there`;
  }
  return undefined;
}
