/**
 * Whatever the texts of a tenant are, a backup holds them as they were, and a recovery brings them back: every text of
 * every type of the registry, over HTTP and with real git. HOSTILE_OBJECTS chooses how many objects of every variant there
 * are: with as many as there are words, every text of every type is every word once, but of types with one object.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { ApplyResult, SnapshotResult } from '../../src/model/documents.js';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../src/model/json.js';
import type { Plan } from '../../src/model/plan.js';
import type { Shape } from '../../src/registry/types.js';
import { allHostile, longWords } from '../support/attacks.js';
import { type HostileTenant, hostileObjects, hostileTenant } from '../support/hostile-tenant.js';
import { gitIn } from '../support/scene.js';

const words = [...allHostile, ...longWords];
const MANY = Number(process.env.HOSTILE_OBJECTS ?? 8);

let tenant: HostileTenant;
let first: SnapshotResult;
let second: SnapshotResult;
let stored: ReadonlyMap<string, JsonObject>;
let plan: Plan;
let result: ApplyResult;
let last: SnapshotResult;
beforeAll(async () => {
  tenant = await hostileTenant(hostileObjects(words, MANY));
  const { run } = tenant;
  first = await run.snapshot();
  second = await run.snapshot();
  stored = new Map(filesIn(tenant.root).map((file) => [identityIn(file), read(join(tenant.root, file))]));
  tenant.damage();
  plan = await run.plan(first.commit);
  result = await run.apply(plan);
  last = await run.snapshot();
}, 1_800_000);
afterAll(() => tenant?.close());

it('backs up every object, and the same again', () => {
  expect(first.coverage).toMatchObject({ gaps: [], unrecognised: [] });
  expect(Object.values(first.coverage.types).reduce((sum, count) => sum + count, 0)).toBe(tenant.made.length);
  expect(second.tree).toBe(first.tree);
});

it('holds every text as it was', () => {
  const wrong: string[] = [];
  for (const { type, object } of tenant.made) {
    const names = type.edge === undefined ? [type.keys[0]] : type.keys;
    const key =
      type.singleton !== undefined
        ? type.folder
        : `${type.folder}/${names.map((name) => partOf(object[name])).join('_')}`;
    const found = stored.get(key);
    if (found === undefined) wrong.push(`${key} is not there`);
    for (const property of type.properties) {
      if (Object.hasOwn(object, property.name) && !property.optional)
        wrong.push(
          ...differences(property.shape, object[property.name], found?.[property.name], `${key} ${property.name}`),
        );
    }
  }
  expect(stored.size).toBe(tenant.made.length);
  expect(wrong.slice(0, 20)).toEqual([]);
});

it('names files with nothing but letters, digits, hyphens and the low line', () => {
  const names = gitIn(tenant.root, 'ls-tree', '-r', '-t', '-z', '--name-only', 'HEAD').split('\0').filter(Boolean);
  expect(names.filter((name) => !/^[A-Za-z0-9][A-Za-z0-9_/-]*(?:\.yaml)?$/.test(name))).toEqual([
    '.gitattributes',
    '.gitignore',
  ]);
});

it('brings back everything that was changed, exactly', () => {
  expect(plan.blocked).toEqual([]);
  expect(plan.actions.length).toBeGreaterThan(tenant.made.length / 2);
  expect(result.results?.filter(({ outcome }) => outcome !== 'done')).toEqual([]);
  expect(last.tree).toBe(first.tree);
});

function filesIn(root: string): string[] {
  return gitIn(root, 'ls-tree', '-r', '--name-only', 'HEAD', 'tenant-state/').split('\n');
}

function identityIn(file: string): string {
  return file
    .replace(/^tenant-state\//, '')
    .replace(/\.yaml$/, '')
    .replace(/^([^/]+)\/.+\/([^/]+)$/, '$1/$2');
}

/** How a part of an identity stands in the name of a file. */
function partOf(value: Json | undefined): string {
  return String(value)
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '');
}

function read(file: string): JsonObject {
  return parse(readFileSync(file, 'utf8')) as JsonObject;
}

/** Where a stored value is not what Graph answered. Sets have no order; texts of flags are sets; ids and dates have spellings. */
function differences(shape: Shape, raw: Json | undefined, stored: Json | undefined, path: string): string[] {
  const same = JSON.stringify(raw) === JSON.stringify(stored) || isSpelling(shape, raw, stored);
  if (same) return [];
  if (shape.kind === 'complex' && isJsonObject(raw) && isJsonObject(stored)) {
    const members = shape.variants.find(({ odataType }) => odataType === raw['@odata.type'])?.members ?? [];
    return members.flatMap(({ name, shape: inner }) => differences(inner, raw[name], stored[name], `${path}.${name}`));
  }
  if (shape.kind === 'collection' && isJsonArray(raw) && isJsonArray(stored)) {
    const fits = (a: Json, b: Json) => differences(shape.items, a, b, path).length === 0;
    const lost = raw.filter((item) => !stored.some((other) => fits(item, other)));
    const added = stored.filter((other) => !raw.some((item) => fits(item, other)));
    return [
      ...lost.map((item) => `${path} lost ${JSON.stringify(item)}`),
      ...added.map((item) => `${path} got ${JSON.stringify(item)}`),
    ];
  }
  return [`${path}: ${JSON.stringify(raw)} became ${JSON.stringify(stored)}`];
}

function isSpelling(shape: Shape, raw: Json | undefined, stored: Json | undefined): boolean {
  if (shape.kind !== 'scalar' || typeof raw !== 'string' || typeof stored !== 'string') return false;
  if (shape.format === 'uuid') return raw.toLowerCase() === stored;
  if (shape.format === 'date-time') return Date.parse(raw) === Date.parse(stored);
  const flags = (text: string) =>
    JSON.stringify(
      [...new Set(text.split(shape.flags === 'comma' ? ',' : ' ').map((word) => word.replace(/^ +| +$/g, '')))]
        .filter(Boolean)
        .sort(),
    );
  return shape.flags !== undefined && flags(raw) === flags(stored);
}
