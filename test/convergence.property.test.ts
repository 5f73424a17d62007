/**
 * Recovery converges: whatever happened to a tenant, one plan takes it back to the backup, and the plan after it is empty
 * but for what was blocked, kept or refused, each named. A second plan is needed only
 *
 * - where the restore of an object brought back a membership that nobody could see while the object was in the recycle
 *   bin, because it was made after the backup;
 * - where a name had to become free first: the first plan says so (KG508), and a chain of names takes a plan for each.
 *   Two users who swapped their names block each other for good;
 * - where the members of a group follow from a rule until the first plan has taken the rule away (KG507).
 *
 * The seed is fixed, so that the same code has the same result; CONVERGENCE_SEED=random looks for more. CONVERGENCE_RUNS,
 * CONVERGENCE_SEED and CONVERGENCE_PATH repeat or prolong a run.
 */

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { loadRegistry } from '../src/registry/load.js';
import { checkRecovery } from './support/recovery-checks.js';
import { describeRun, type Recovery, recover, type Scenario } from './support/recovery-run.js';
import { damage, tenant } from './support/small-tenants.js';
import type { Known } from './support/tenant-values.js';

const { CONVERGENCE_RUNS, CONVERGENCE_SEED, CONVERGENCE_PATH } = process.env;
const registry = loadRegistry();

const allowDelete = fc.constantFrom<readonly string[]>([], ['*'], ['user'], []);
const scopeFor = (known: Known, deletes: readonly string[]): fc.Arbitrary<Scenario['scope']> => {
  const targets = [
    ...known.users.map((id) => `user/${id}` as const),
    ...known.groups.map((id) => `group/${id}` as const),
  ];
  const everything = { types: [], targets: [], allowDelete: deletes };
  return fc.oneof(
    { weight: 6, arbitrary: fc.constant(everything) },
    { weight: 1, arbitrary: fc.constantFrom(...registry.types).map(({ name }) => ({ ...everything, types: [name] })) },
    {
      weight: 1,
      arbitrary: fc.subarray(targets).map((some) => ({ ...everything, targets: some })),
    },
  );
};

const scenario: fc.Arbitrary<Scenario> = fc.noBias(
  tenant.chain(({ objects, known }) =>
    fc.record({
      objects: fc.constant(objects),
      damage: fc.array(damage(known), { maxLength: 12, size: 'max' }),
      backupAfter: fc.option(fc.nat(8), { nil: undefined, freq: 2 }),
      scope: allowDelete.chain((deletes) => scopeFor(known, deletes)),
    }),
  ),
);

it('takes any damaged tenant back to its backup by one plan, and touches nothing else', {
  timeout: 1_800_000,
}, async () => {
  const changed = new Set<string>();
  const done = new Map<string, number>();
  const planned = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(scenario, async (given) => {
      let recovery: Recovery | undefined;
      try {
        recovery = await recover(registry, given);
        await checkRecovery(given, recovery);
      } catch (cause) {
        throw new Error(`${(cause as Error).message}\n\n${describeRun(given, recovery)}`, { cause });
      }
      for (const name of recovery.vandal.changed) changed.add(name);
      for (const [op, count] of recovery.vandal.done) done.set(op, (done.get(op) ?? 0) + count);
      for (const { plan } of recovery.rounds)
        for (const { action } of plan.actions) planned.set(action, (planned.get(action) ?? 0) + 1);
    }),
    {
      numRuns: Number(CONVERGENCE_RUNS ?? 1000),
      seed: CONVERGENCE_SEED === 'random' ? Date.now() : Number(CONVERGENCE_SEED ?? 20261120),
      ...(CONVERGENCE_PATH === undefined ? {} : { path: CONVERGENCE_PATH }),
    },
  );
  if (CONVERGENCE_PATH !== undefined || Number(CONVERGENCE_RUNS ?? 1000) < 1000) return;
  // All of this would hold of tenants to which nothing happened.
  for (const op of ['set', 'delete', 'restore', 'purge', 'create', 'link', 'unlink', 'swap-names', 'take-name'])
    expect(done.get(op) ?? 0, `damage by ${op}`).toBeGreaterThan(5);
  for (const action of ['restore', 'update', 'soft-delete', 'link', 'unlink'])
    expect(planned.get(action) ?? 0, `actions: ${action}`).toBeGreaterThan(20);
  expect(changed.size, `properties that were changed: ${[...changed].sort().join(' ')}`).toBeGreaterThan(50);
});
