/** Holds a plan against the backup it goes back to: what it would write must be what the backup holds. */

import { presenceOf } from './diff/compare.js';
import { jsonEqual } from './model/json.js';
import { type DirectoryObject, idOf, type ObjectKey, typeOf } from './model/object.js';
import { type Action, isLinkAction, type Plan } from './model/plan.js';
import { EXIT, Failure } from './model/problem.js';
import type { Registry } from './registry/types.js';
import type { Considered } from './scope.js';
import type { CommittedState } from './states.js';

/**
 * Refuses a plan that would write anything but what its backup holds, whoever made it: a Failure (KG147, exit 4) names the
 * first such action. `desired` is the state at the plan's commit.
 */
export async function refuseForeignValues(considered: Considered, plan: Plan, desired: CommittedState): Promise<void> {
  const { registry } = considered;
  refuseLeftOut(considered, plan);
  const objects = await desired.load(new Set(plan.actions.flatMap(objectsOf)));
  for (const action of plan.actions) {
    const reason = foreignIn(registry, action, objects, desired);
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

function objectsOf(action: Action): readonly ObjectKey[] {
  const owners = isLinkAction(action) ? [] : (action.linkedFrom ?? []);
  return [action.object, ...owners.map((owner) => owner.object)];
}

/** The configuration may have changed since the plan was made: what it leaves out is not touched. */
function refuseLeftOut({ types, excluded }: Considered, plan: Plan): void {
  const left = plan.actions.find(
    ({ object }) => excluded.has(object) || !types.some((type) => type.name === typeOf(object)),
  );
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
  objects: ReadonlyMap<ObjectKey, DirectoryObject>,
  desired: CommittedState,
): string | undefined {
  const object = objects.get(action.object);
  const active = presenceOf(object) === 'active';
  if (action.action === 'soft-delete') {
    if (active) return 'the object is there in the backup';
    const known =
      object !== undefined || (desired.covers(typeOf(action.object)) && !desired.unknown.has(action.object));
    return known ? undefined : 'the backup does not say whether the object was there';
  }
  if (object === undefined || !active) return 'the object is not there in the backup';
  if (isLinkAction(action)) {
    const wanted = object.links[action.link]?.includes(action.target) ?? false;
    return wanted === (action.action === 'link') ? undefined : `${action.link} are others there`;
  }
  const writable = registry.byName
    .get(typeOf(action.object))
    ?.properties.filter(({ access }) => access === 'readWrite');
  const foreign = action.set.find(
    ({ path, desired }) => !writable?.some(({ name }) => name === path) || !jsonEqual(object.properties[path], desired),
  );
  if (foreign !== undefined) return `${foreign.path} has another value there`;
  const link = action.links?.find((planned) => !object.links[planned.link]?.includes(planned.target));
  if (link !== undefined) return `${link.link} are others there`;
  const id = idOf(action.object);
  const from = action.linkedFrom?.find((owner) => !objects.get(owner.object)?.links[owner.link]?.includes(id));
  return from === undefined ? undefined : `${from.object} does not lead to it there`;
}
