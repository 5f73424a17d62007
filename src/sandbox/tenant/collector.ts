/** Puts the objects of a tenant together: the live ones, and those in the recycle bin with the time of their deletion. */

import type { SeedCollection, SeedObject } from '../seed.js';
import { formatInstant, type Random } from './random.js';

/** What is collected of an object. */
export interface Item {
  readonly object: Readonly<Record<string, unknown>>;
  readonly members?: readonly string[];
}

/** Takes the objects in the order in which they are given. */
export interface Collector {
  add(collection: SeedCollection, items: readonly Item[]): void;
  /** Each of the items was deleted at a time of its own, in the nine days before the tenant was made. */
  bin(collection: SeedCollection, items: readonly Item[], random: Random): void;
  /** All of the items were deleted at the same time. */
  binTogether(items: readonly (readonly [SeedCollection, Item])[], random: Random): void;
  readonly objects: readonly SeedObject[];
}

const DAY = 24 * 60 * 60;

/** Starts with nothing. `created` is when the tenant is made (milliseconds since 1970). */
export function createCollector(created: number): Collector {
  const objects: SeedObject[] = [];
  const take = (collection: SeedCollection, { object, members }: Item, age = {}) => {
    objects.push({ collection, object, ...(members !== undefined && { members }), ...age });
  };
  const deletion = (random: Random) => ({
    deletedDateTime: formatInstant(created - random.int(DAY, 9 * DAY) * 1000),
  });
  return {
    objects,
    add(collection, items) {
      for (const item of items) take(collection, item);
    },
    bin(collection, items, random) {
      for (const item of items) take(collection, item, deletion(random));
    },
    binTogether(items, random) {
      const age = deletion(random);
      for (const [collection, item] of items) take(collection, item, age);
    },
  };
}
