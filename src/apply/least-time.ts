/**
 * The least time in which Microsoft Graph lets a plan be applied: what its actions take from the buckets of requests,
 * against how fast those fill. Pure. Reads of objects that are not scarce, and what goes wrong, come on top.
 */

import { chargesOf } from '../graph/charges.js';
import { type BucketName, LIMITS, REFERENCES_PER_WRITE } from '../graph/limits.js';
import { isScarceType } from '../graph/scarce.js';
import type { Method } from '../graph/types.js';
import { typeOf } from '../model/object.js';
import { type Action, isLinkAction, type LeastTime, type LinkAction, type ObjectAction } from '../model/plan.js';
import type { ObjectType, Registry } from '../registry/types.js';
import { SCARCE_PART } from './stages.js';

/** What one action takes from a bucket; `most` where adding many references costs more than one write. */
interface Cost {
  readonly bucket: BucketName;
  readonly least: number;
  readonly most: number;
}

/** What takes less is not told. */
const WORTH_TELLING_SECONDS = 10;

/** Whole seconds, for both costs of adding references; undefined where it is a few seconds only. */
export function leastTime(actions: readonly Action[], registry: Registry): LeastTime | undefined {
  const left = createLeft(actions, registry);
  const [seconds, most] = [whole(left.seconds('least')), whole(left.seconds('most'))];
  if (most < WORTH_TELLING_SECONDS) return undefined;
  return { seconds, ...(most > seconds ? { secondsIfReferencesCount: most } : {}) };
}

/** Rounded up, but for what sums of fractions leave over. */
function whole(seconds: number): number {
  return Math.ceil(seconds - 0.001);
}

/** What a plan still takes. */
export interface Left {
  /** An action is done, or will not be. */
  take(action: Action): void;
  /** Seconds until the rest can be done; `available`: writes that would be accepted at once. */
  seconds(cost: 'least' | 'most', available?: number): number;
}

export function createLeft(actions: readonly Action[], registry: Registry): Left {
  const packs = packSizes(actions, registry);
  const totals = new Map<BucketName, { least: number; most: number }>();
  const add = (action: Action, sign: 1 | -1) => {
    for (const { bucket, least, most } of costsOf(action, registry, packs)) {
      const total = totals.get(bucket) ?? { least: 0, most: 0 };
      totals.set(bucket, { least: total.least + sign * least, most: total.most + sign * most });
    }
  };
  for (const action of actions) add(action, 1);
  return {
    take: (action) => add(action, -1),
    seconds(cost, available = LIMITS.writes.units) {
      const each = [...totals].map(([bucket, total]) => {
        const { units, seconds } = LIMITS[bucket];
        return (Math.max(0, total[cost] - (bucket === 'writes' ? available : units)) * seconds) / units;
      });
      return Math.max(0, ...each);
    },
  };
}

function linkKey({ object, link, action }: LinkAction): string {
  return `${action} ${link} ${object}`;
}

/** How many links of each owner are added, by owner and link. */
function packSizes(actions: readonly Action[], registry: Registry): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const action of actions) {
    if (!isLinkAction(action) || action.action !== 'link') continue;
    if (linkOf(action, registry)?.add.bind === undefined) continue;
    sizes.set(linkKey(action), (sizes.get(linkKey(action)) ?? 0) + 1);
  }
  return sizes;
}

function linkOf(action: LinkAction, registry: Registry) {
  return registry.byName.get(typeOf(action.object))?.links.find(({ name }) => name === action.link);
}

function costsOf(action: Action, registry: Registry, packs: ReadonlyMap<string, number>): readonly Cost[] {
  const type = registry.byName.get(typeOf(action.object));
  if (type === undefined) return [];
  if (!isLinkAction(action)) return objectCosts(type, action);
  const count = packs.get(linkKey(action));
  if (count === undefined) return writes(type, 'POST', 1);
  const size = linkOf(action, registry)?.add.perRequest ?? 1;
  const rest = count % size;
  const whole = Math.floor(count / size);
  const most = whole * Math.ceil(size / REFERENCES_PER_WRITE) + Math.ceil(rest / REFERENCES_PER_WRITE);
  return writes(type, 'PATCH', Math.ceil(count / size) / count, most / count);
}

/** One request for the object, and one for each part that has its own; where few are allowed, its share of a list. */
function objectCosts(type: ObjectType, action: ObjectAction): readonly Cost[] {
  const parts = new Set(action.set.map(({ path }) => type.properties.find(({ name }) => name === path)?.part?.path));
  const requests = action.action === 'update' ? Math.max(1, parts.size) : 1;
  return writes(type, 'PATCH', requests + (isScarceType(type) ? 1 / SCARCE_PART : 0));
}

function writes({ path, version }: ObjectType, method: Method, least: number, most = least): readonly Cost[] {
  return chargesOf({ method, version, path: `${path}/id` })
    .filter(({ bucket }) => bucket !== 'directory')
    .map(({ bucket }) => ({ bucket, least, most }));
}
