/**
 * A backup that reads only what has changed is the backup that reads everything: whatever happens to a tenant, after every
 * step both have the same objects with the same contents, and say the same of what they cover.
 *
 * The seed is fixed, so that the same code has the same result; INCREMENTAL_SEED=random looks for more. INCREMENTAL_RUNS,
 * INCREMENTAL_SEED and INCREMENTAL_PATH repeat or prolong a run.
 */

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { byCodeUnit, type ObjectKey } from '../src/model/object.js';
import { loadRegistry } from '../src/registry/load.js';
import type { Behaviour } from '../src/sandbox/behaviour.js';
import { play, type Run, type Sequence, type Step } from './support/incremental.js';
import { keyIn, kindsOf } from './support/kinds.js';
import { damageTo } from './support/random-damage.js';
import { tenantOf } from './support/small-tenants.js';

const { INCREMENTAL_RUNS, INCREMENTAL_SEED, INCREMENTAL_PATH } = process.env;
const registry = loadRegistry();
const kinds = kindsOf(registry);
const runs = Number(INCREMENTAL_RUNS ?? 30);
const FOLLOWED = registry.types.filter(({ delta }) => delta !== undefined).map(({ name }) => name);

/** The ways of the service that documentation leaves open, and its worst. */
const behaviour: fc.Arbitrary<Partial<Behaviour>> = fc.record({
  seed: fc.nat(1000),
  deltaReplay: fc.constantFrom(0, 0.5, 1),
  deltaReorder: fc.boolean(),
  deltaMemberSlice: fc.constantFrom(1, 2, 200),
  deltaServicePrincipalMembers: fc.constantFrom('beta', 'always', 'never'),
  listDeletedMembers: fc.boolean(),
});

const some = fc.oneof(
  { weight: 8, arbitrary: fc.constant(undefined) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(['group'], ['user', 'group'], ['servicePrincipal', 'oauth2PermissionGrant']),
  },
  { weight: 1, arbitrary: fc.subarray(FOLLOWED, { minLength: 1 }) },
);

const sequence: fc.Arbitrary<Sequence> = fc.noBias(
  tenantOf(kinds).chain((tenant) =>
    fc.record({
      objects: fc.constant(tenant.objects),
      steps: fc.array(fc.array(damageTo(kinds, tenant.known), { maxLength: 5, size: 'max' }), {
        minLength: 1,
        maxLength: 5,
        size: 'max',
      }),
      behaviour,
      optional: fc.boolean(),
      types: some,
      excluded: fc.oneof(
        { weight: 4, arbitrary: fc.constant([]) },
        {
          weight: 1,
          arbitrary: fc.subarray(
            kinds.flatMap((kind) =>
              tenant.objects
                .filter(({ collection }) => collection === kind.collection)
                .map(({ object }) => keyIn(kind, object) as ObjectKey),
            ),
            { maxLength: 2 },
          ),
        },
      ),
    }),
  ),
);

const contentsOf = ({ ids }: Step['whole']) => [...ids].sort(([a], [b]) => byCodeUnit(a, b));

async function differing(step: Step): Promise<string> {
  const lines: string[] = [];
  for (const key of new Set([...step.incremental.ids.keys(), ...step.whole.ids.keys()])) {
    if (step.incremental.ids.get(key) === step.whole.ids.get(key)) continue;
    const of = async (state: Step['whole']) => (state.ids.has(key) ? (await state.load([key])).get(key) : 'none');
    lines.push(`${key}\n  changes: ${JSON.stringify(await of(step.incremental))}`);
    lines.push(`  whole:   ${JSON.stringify(await of(step.whole))}`);
  }
  return lines.join('\n');
}

async function check(given: Sequence, { steps, culprit }: Run, at: number): Promise<void> {
  const step = steps[at] as Step;
  if (JSON.stringify(contentsOf(step.incremental)) !== JSON.stringify(contentsOf(step.whole))) {
    const asked = step.requests.map(({ method, url, status }) => `${method} ${url} ${status}`);
    const rest = JSON.stringify({ ...given, steps: undefined });
    expect.fail([`step ${at}`, await differing(step), rest, ...culprit.log, ...asked].join('\n'));
  }
  expect(coverageOf(step.incremental)).toEqual(coverageOf(step.whole));
}

const coverageOf = ({ coverage: { gaps, unrecognised, types } }: Step['whole']) => ({ gaps, unrecognised, types });

const parameters = (numRuns: number) => ({
  numRuns,
  seed: INCREMENTAL_SEED === 'random' ? Date.now() : Number(INCREMENTAL_SEED ?? 20261120),
  ...(INCREMENTAL_PATH === undefined ? {} : { path: INCREMENTAL_PATH }),
});

it('reading what has changed comes to the same as reading everything', { timeout: 3_600_000 }, async () => {
  const followed = new Map<string, number>();
  let steps = 0;
  await fc.assert(
    fc.asyncProperty(sequence, async (given) => {
      const run = await play(registry, given);
      for (const [at, step] of run.steps.entries()) {
        await check(given, run, at);
        expect(step.notes, 'nothing was refused').toEqual([]);
        steps += 1;
        for (const name of step.followed) followed.set(name, (followed.get(name) ?? 0) + 1);
      }
    }),
    parameters(runs),
  );
  if (INCREMENTAL_PATH !== undefined) return;
  // All of this would hold if everything were read every time.
  for (const name of FOLLOWED)
    expect(followed.get(name) ?? 0, `${name} of ${steps} backups`).toBeGreaterThan(steps / 5);
});

it('a change of which Graph tells late is not lost', { timeout: 3_600_000 }, async () => {
  const late = sequence.map((given) => ({
    ...given,
    steps: [...given.steps, []],
    behaviour: { ...given.behaviour, deltaLatency: 300 },
  }));
  await fc.assert(
    fc.asyncProperty(late, async (given) => {
      const run = await play(registry, given, 3600);
      await check(given, run, run.steps.length - 1);
    }),
    parameters(Math.ceil(runs / 4)),
  );
});

it('what is refused is unknown, and not gone; the next backup has it right', { timeout: 3_600_000 }, async () => {
  const refusing = fc.tuple(sequence, fc.constantFrom(2, 10, 40)).map(([given, refused]) => ({
    ...given,
    steps: [...given.steps, []],
    refused,
  }));
  let incomplete = 0;
  await fc.assert(
    fc.asyncProperty(refusing, async (given) => {
      const run = await play(registry, given);
      for (const [at, { previous, incremental, whole }] of run.steps.entries()) {
        if (coverageOf(incremental).gaps.length === 0) await check(given, run, at);
        else incomplete += 1;
        for (const key of previous.ids.keys()) if (whole.ids.has(key)) expect(incremental.ids.has(key), key).toBe(true);
      }
    }),
    parameters(Math.ceil(runs / 4)),
  );
  expect(incomplete).toBeGreaterThan(runs / 10);
});
