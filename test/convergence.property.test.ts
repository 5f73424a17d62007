/**
 * Recovery converges: whatever happened to a tenant, one plan takes it back to the backup, and the plan after it is empty
 * but for what was blocked, kept or refused, each named. A second plan is needed only
 *
 * - where the restore of an object brought back a membership, an assignment or a grant that nobody could see while the
 *   object was in the recycle bin, because it was made after the backup;
 * - where a service principal and its application got the same value: Graph shows it as the application's, and only when
 *   that has lost it as the service principal's own;
 * - where a name or an identifier had to become free first: the first plan says so (KG508), and a chain of names takes a
 *   plan for each. Two users who swapped their names block each other for good;
 * - where the members of a group follow from a rule until the first plan has taken the rule away (KG507).
 *
 * The seed is fixed, so that the same code has the same result; CONVERGENCE_SEED=random looks for more. CONVERGENCE_RUNS,
 * CONVERGENCE_SEED and CONVERGENCE_PATH repeat or prolong a run.
 */

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { loadRegistry } from '../src/registry/load.js';
import { kindsOf } from './support/kinds.js';
import { changeableProperties } from './support/random-damage.js';
import { scenarioOf } from './support/random-scenario.js';
import { checkRecovery } from './support/recovery-checks.js';
import { describeRun, type Recovery, recover } from './support/recovery-run.js';

const { CONVERGENCE_RUNS, CONVERGENCE_SEED, CONVERGENCE_PATH } = process.env;
const registry = loadRegistry();
const kinds = kindsOf(registry);
const runs = Number(CONVERGENCE_RUNS ?? 1000);

it('takes any damaged tenant back to its backup by one plan, and touches nothing else', {
  timeout: 1_800_000,
}, async () => {
  const changed = new Set<string>();
  const done = new Map<string, number>();
  const planned = new Map<string, number>();
  const count = (counts: Map<string, number>, name: string, more = 1) =>
    void counts.set(name, (counts.get(name) ?? 0) + more);
  await fc.assert(
    fc.asyncProperty(scenarioOf(kinds), async (given) => {
      let recovery: Recovery | undefined;
      try {
        recovery = await recover(registry, given);
        await checkRecovery(given, recovery);
      } catch (cause) {
        throw new Error(`${(cause as Error).message}\n\n${describeRun(given, recovery)}`, { cause });
      }
      for (const name of recovery.vandal.changed) changed.add(name);
      for (const [op, many] of recovery.vandal.done) count(done, op, many);
      for (const { plan } of recovery.rounds)
        for (const action of plan.actions) {
          count(planned, action.action);
          count(planned, `${action.action} ${'link' in action ? action.link : action.object.split('/', 1)[0]}`);
        }
    }),
    {
      numRuns: runs,
      seed: CONVERGENCE_SEED === 'random' ? Date.now() : Number(CONVERGENCE_SEED ?? 20261120),
      ...(CONVERGENCE_PATH === undefined ? {} : { path: CONVERGENCE_PATH }),
    },
  );
  if (CONVERGENCE_PATH !== undefined || CONVERGENCE_SEED !== undefined || runs < 1000) return;
  // All of this would hold of tenants to which nothing happened.
  const often = (counts: ReadonlyMap<string, number>, name: string, least: number) =>
    expect(counts.get(name) ?? 0, `${name}, in ${[...counts].join(' ')}`).toBeGreaterThan(least);
  const ops = ['set', 'delete', 'restore', 'purge', 'create', 'link', 'unlink', 'swap-names', 'take-name'];
  const more = [
    'take-identifier',
    'disable',
    'grant',
    'assign',
    'leave',
    'make-again',
    'combinations',
    'configure',
    'mfa',
  ];
  for (const op of [...ops, ...more, 'add-password', 'remove-password']) often(done, op, 5);
  for (const action of ['restore', 'update', 'soft-delete', 'link', 'unlink']) often(planned, action, 20);
  for (const { name, edge, bin, links, type } of kinds) {
    const isWritten = type.properties.some(({ access }) => access === 'readWrite');
    if (!edge) often(done, `set ${name}`, 5);
    if (!edge && isWritten) often(planned, `update ${name}`, 5);
    if (bin !== undefined) for (const op of ['delete', 'restore', 'purge']) often(done, `${op} ${name}`, 1);
    if (bin !== undefined) often(planned, `restore ${name}`, 2);
    const linked = [...links, ...(type.edge?.create === undefined ? [] : [name])];
    for (const link of linked) for (const action of ['link', 'unlink']) often(planned, `${action} ${link}`, 5);
    if (edge) often(done, `delete ${name}`, 1);
  }
  const unchanged = changeableProperties(kinds).filter((name) => !changed.has(name));
  expect(unchanged, 'properties that nobody changed').toEqual([]);
});
