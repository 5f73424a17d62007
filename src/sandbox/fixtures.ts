/** What every tenant has from its first day, whoever made it. The objects are in `facts/tenant-fixtures.json`. */
import fixtures from './facts/tenant-fixtures.json' with { type: 'json' };
import type { SeedCollection, SeedObject, TenantSeed } from './seed.js';

type Fixtures = Readonly<Partial<Record<SeedCollection, readonly Readonly<Record<string, unknown>>[]>>>;

/** The objects that belong into the tenant and that its seed does not hold. */
export function missingFixtures(seed: TenantSeed): SeedObject[] {
  const held = new Set(seed.objects.map(({ object }) => String(object.id).toLowerCase()));
  const organization: SeedObject = { collection: 'singletons', object: { id: seed.tenantId } };
  const common = (
    Object.entries(fixtures as Fixtures) as [SeedCollection, Readonly<Record<string, unknown>>[]][]
  ).flatMap(([collection, objects]) =>
    objects
      .filter((object) => !held.has(String(object.id).toLowerCase()))
      .map((object): SeedObject => ({ collection, object })),
  );
  return held.has(seed.tenantId.toLowerCase()) ? common : [organization, ...common];
}
