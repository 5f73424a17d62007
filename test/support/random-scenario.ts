/** Random recoveries: a tenant, damage, and a scope. */

import fc from 'fast-check';
import { type Kind, keyIn } from './kinds.js';
import { damageTo } from './random-damage.js';
import type { Scenario } from './recovery-run.js';
import { type SmallTenant, tenantOf } from './small-tenants.js';

const allowDelete = fc.oneof(
  { weight: 2, arbitrary: fc.constant<readonly string[]>([]) },
  { weight: 3, arbitrary: fc.constant(['*']) },
  { weight: 3, arbitrary: fc.constantFrom(['user'], ['application'], ['servicePrincipal']) },
);
const scopeFor = (
  kinds: readonly Kind[],
  { objects }: SmallTenant,
  deletes: readonly string[],
): fc.Arbitrary<Scenario['scope']> => {
  const targets = kinds.flatMap((kind) =>
    kind.singleton
      ? [keyIn(kind, {})]
      : objects.filter(({ collection }) => collection === kind.collection).map(({ object }) => keyIn(kind, object)),
  );
  const everything = { types: [], targets: [], exclude: [], allowDelete: deletes };
  return fc.oneof(
    { weight: 8, arbitrary: fc.constant(everything) },
    { weight: 2, arbitrary: fc.constantFrom(...kinds).map(({ name }) => ({ ...everything, types: [name] })) },
    { weight: 1, arbitrary: fc.subarray(targets).map((some) => ({ ...everything, targets: some })) },
    {
      weight: 1,
      arbitrary: fc
        .subarray(targets, { maxLength: Math.min(3, targets.length) })
        .map((some) => ({ ...everything, exclude: some })),
    },
  );
};

/** A tenant, what happens to it, and what is to be recovered. */
export const scenarioOf = (kinds: readonly Kind[]): fc.Arbitrary<Scenario> =>
  fc.noBias(
    tenantOf(kinds).chain((tenant) =>
      fc.record({
        objects: fc.constant(tenant.objects),
        damage: fc.array(damageTo(kinds, tenant.known), { maxLength: 16, size: 'max' }),
        backupAfter: fc.option(fc.nat(8), { nil: undefined, freq: 2 }),
        optional: fc.boolean(),
        scope: allowDelete.chain((deletes) => scopeFor(kinds, tenant, deletes)),
      }),
    ),
  );
