/** Which links of other objects should lead to the objects that a plan restores. */

import { presenceOf } from './diff/compare.js';
import type { Change } from './model/change.js';
import { byCodeUnit, type DirectoryObject, type ObjectKey, typeOf } from './model/object.js';
import type { LinkedFrom } from './model/plan.js';
import type { Registry } from './registry/types.js';
import type { ComparedState } from './states.js';
import { linkStanding } from './strategies/index.js';

/**
 * Links of active objects in scope that lead to restored ones on the desired side. Graph is believed to have stored them;
 * a link that was removed before its target was deleted is not seen until the target is back, so each is looked at then.
 * Links that are known to be missing are differences of their own and not repeated here.
 */
export async function linksToRestored(
  registry: Registry,
  restored: ReadonlySet<ObjectKey>,
  changes: readonly Change[],
  sides: { readonly desired: ComparedState; readonly live: ComparedState },
  inScope: (key: ObjectKey) => boolean,
): Promise<ReadonlyMap<ObjectKey, readonly LinkedFrom[]>> {
  const found = new Map<ObjectKey, LinkedFrom[]>();
  if (restored.size === 0) return found;
  const changed = new Map(changes.map((change) => [change.object, change]));
  const owning = new Set(registry.types.filter((type) => type.links.length > 0).map((type) => type.name));
  const owners = [...sides.desired.ids.keys()].filter(
    (key) => owning.has(typeOf(key)) && inScope(key) && !restored.has(key) && sides.live.ids.has(key),
  );
  for (const [key, owner] of await sides.desired.load(owners.sort(byCodeUnit))) {
    if (presenceOf(owner) !== 'active') continue;
    for (const link of registry.byName.get(typeOf(key))?.links ?? []) {
      const live = changed.get(key)?.liveObject ?? owner;
      if (![owner, live].every((side) => isManaged(link, side))) continue;
      const missing = changed.get(key)?.links.find((difference) => difference.link === link.name)?.add ?? [];
      for (const target of owner.links[link.name] ?? []) {
        const type = link.targets.find((name) => restored.has(`${name}/${target}`));
        if (type === undefined || missing.includes(target)) continue;
        const targetKey: ObjectKey = `${type}/${target}`;
        found.set(targetKey, [...(found.get(targetKey) ?? []), { object: key, link: link.name }]);
      }
    }
  }
  return found;
}

function isManaged(link: { readonly strategy?: string }, owner: DirectoryObject): boolean {
  return linkStanding(link, owner.properties).standing === 'managed';
}
