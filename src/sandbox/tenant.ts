/**
 * The generated tenant: an invented company of any size. Everything but the deletion dates depends on the number of
 * users alone, so the same tenant can be made again anywhere.
 */

import type { SeedCollection, SeedObject, TenantSeed } from './seed.js';
import { COMPANY, DEFAULT_DOMAIN, INITIAL_DOMAIN } from './tenant/company.js';
import { createGroups } from './tenant/groups.js';
import { createLocations } from './tenant/locations.js';
import { createNicknames } from './tenant/nicknames.js';
import { workplaceOf } from './tenant/people.js';
import { createPolicies } from './tenant/policies.js';
import { createRandom, formatInstant } from './tenant/random.js';
import { createAccounts } from './tenant/users.js';

/**
 * Makes a tenant with `users` active users, and groups, policies and named locations to match.
 *
 * @param users how many active users it has, from 1
 * @param createdAt when the tenant is made (UTC, ISO 8601); what is in its recycle bin was deleted in the nine days before
 */
export function generateTenant(users: number, createdAt: string): TenantSeed {
  if (!Number.isInteger(users) || users < 1) throw new RangeError(`a tenant needs at least one user, not ${users}`);
  const created = Date.parse(createdAt);
  if (Number.isNaN(created)) throw new RangeError(`not a date: ${createdAt}`);
  const random = createRandom(`tenant of ${users}`);
  const tenantId = random.guid();
  const place = workplaceOf(users, random, createNicknames());
  const accounts = createAccounts(users, place);
  const groups = createGroups(users, accounts, place);
  const { oldDatacenter, ...locations } = createLocations(random);
  const policies = createPolicies(random, accounts, groups, { oldDatacenter, ...locations });

  const objects: SeedObject[] = [];
  const add = (collection: SeedCollection, items: readonly Item[], isDeleted = false) => {
    for (const { object, members } of items) {
      const age = isDeleted ? { deletedDateTime: formatInstant(created - random.int(DAY, 9 * DAY) * 1000) } : {};
      objects.push({ collection, object, ...(members !== undefined && { members }), ...age });
    }
  };
  add('users', accounts.active.map(objectOnly));
  add('users', accounts.deleted.map(objectOnly), true);
  add('groups', groups.active);
  add('groups', groups.deleted, true);
  add('namedLocations', Object.values(locations).map(objectOnly));
  add('namedLocations', [oldDatacenter], true);
  add('policies', policies.active);
  add('policies', [policies.deleted], true);
  return { tenantId, displayName: COMPANY, verifiedDomains: [DEFAULT_DOMAIN, INITIAL_DOMAIN], objects };
}

const DAY = 24 * 60 * 60;

interface Item {
  readonly object: Readonly<Record<string, unknown>>;
  readonly members?: readonly string[];
}

function objectOnly(item: Item): Item {
  return { object: item.object };
}
