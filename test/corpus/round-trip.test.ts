/**
 * Objects of other people's tenants go through: made in the sandbox by requests, backed up twice to the same tree, changed
 * each in one property, planned, recovered, and read as before by a reader that knows nothing of the product. The corpus
 * lies outside the repository.
 */

import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/model/json.js';
import { compareTenants, type TenantDump } from '../support/raw-reader.mjs';
import { sceneForTest } from '../support/scene.js';
import { change, numbers, SHOWN, settled, undo } from './changing.js';
import { create, type Send } from './creating.js';
import { readCorpus } from './files.js';
import { REASONS, TYPES } from './reasons.js';
import { lost } from './sent.js';
import { isLeftOut, sorted } from './sorting.js';
import { countsOf, populations, type Shaped, seedOf, shaped } from './tenants.js';

const SEED = Number(process.env.KNOWNGOOD_CORPUS_SEED ?? 20261120);
const corpus = readCorpus();

if ('missing' in corpus) {
  it.skip(`skipped: ${corpus.missing}`, () => undefined);
} else {
  describe('objects of the corpus', () => {
    const found = corpus.files.flatMap(sorted);
    const requests = found.map((each) => (isLeftOut(each) ? each : shaped(each)));
    const left = requests.filter(isLeftOut);
    const { tenants, repeated } = populations(requests.filter((each): each is Shaped => !isLeftOut(each)));
    const through: Shaped[] = [];

    it.each(tenants.map((population, index) => ({ n: index + 1, count: population.length, population })))(
      'tenant $n: $count objects are recovered to the letter',
      async ({ n, population }) => {
        const tenantId = randomUUID();
        const scene = await sceneForTest({ seed: seedOf(population, tenantId) });
        const send = sender(scene.url);
        const { made, refused } = await create(population, tenantId, send);
        expect(refused, 'refused by the sandbox').toEqual([]);

        const first = await scene.run.snapshot();
        const second = await scene.run.snapshot();
        expect(second.tree).toBe(first.tree);
        expect(first.coverage).toMatchObject({ gaps: [], unrecognised: [] });
        const before = await scene.dump();
        const unread = made.flatMap(({ shaped: { file, type }, sent, list, key }) =>
          lost(sent, before[list]?.[key] as Json).map((what) => `${file} (${type}) ${what}`),
        );
        expect(unread, 'sent and not read').toEqual([]);

        const random = numbers(SEED + n);
        const changed = new Map<string, string>();
        const unchanged: string[] = [];
        for (const each of made) {
          const path = await change(each, before, send, random);
          if (path === undefined) unchanged.push(`${each.shaped.file} (${each.shaped.type})`);
          else changed.set(`${each.list}/${each.key}`, `${path}, from ${each.shaped.file}`);
        }
        expect(unchanged, 'nothing of it could be changed').toEqual([]);

        const plan = await scene.run.plan(first.commit);
        const shown = made.filter((each) => SHOWN.has(each.shaped.type));
        expect(plan.blocked.filter(({ code }) => code !== 'KG503')).toEqual([]);
        expect(plan.blocked).toHaveLength(shown.length);
        for (const { object } of plan.blocked) expect(SHOWN).toContain(object.slice(0, object.indexOf('/')));
        expect(plan.problems.filter(({ severity }) => severity !== 'note')).toEqual([]);
        expect(plan.actions.length).toBeGreaterThan(0);
        const applied = await scene.run.apply(plan);
        expect(applied.results).toEqual([]);
        expect(applied).toMatchObject({ status: 'complete', verification: { remaining: [] } });

        for (const each of shown) await undo(each, before, send);
        const after = await scene.dump();
        const differences = compareTenants(ordered(before), ordered(after));
        const explained = differences.map((line) => `${line} [${changed.get(line.slice(0, line.indexOf(' ')))}]`);
        expect(explained).toEqual([]);
        expect((await scene.run.snapshot()).tree).toBe(first.tree);
        through.push(...made.map((each) => each.shaped));
      },
    );

    it('every object went through or was left out for a reason, and some of every type went through', () => {
      expect(through.length + left.length + repeated.length).toBe(found.length);
      for (const type of TYPES)
        expect(
          through.some((each) => each.type === type),
          type,
        ).toBe(true);
    });

    afterAll(() => {
      const reasons = Object.entries(REASONS).map(([name, words]) => `  ${name}: ${words}`);
      console.log([countsOf(found, through, [...left, ...repeated]), '', ...reasons].join('\n'));
    });
  });
}

function sender(url: string): Send {
  return async (method, path, body) => {
    const response = await fetch(`${url}/v1.0${path}`, {
      method,
      headers: {
        authorization: 'Bearer somebody',
        prefer: 'include-unknown-enum-members',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as JsonObject) };
  };
}

/** Several flags in one text are a set: their order says nothing; and a complex value of nothing is none. */
function ordered(tenant: TenantDump): TenantDump {
  const flags = /"(guestOrExternalUserTypes|transferMethods|insiderRiskLevels|passwordPolicies)":"([^"]*,[^"]*)"/g;
  const sort = (_: string, name: string, words: string) => `"${name}":"${words.split(',').sort().join(',')}"`;
  const lists = Object.entries(tenant as unknown as Record<string, JsonObject>);
  const plain = Object.fromEntries(lists.map(([name, objects]) => [name, settledIn(objects)]));
  return JSON.parse(JSON.stringify(plain).replace(flags, sort)) as TenantDump;
}

function settledIn(objects: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(objects).map(([id, object]) => [id, settled(object as Json)]));
}
