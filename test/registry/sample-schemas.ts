/** Small made-up type schemas, and folders of them, for tests of the compiler. */

import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { JsonObject } from '../../src/model/json.js';
import { Failure } from '../../src/model/problem.js';
import { loadRegistry, SCHEMAS } from '../../src/registry/load.js';
import type { Registry } from '../../src/registry/types.js';

/** A mutable JSON value: tests break schemas in every possible place. */
// biome-ignore lint/suspicious/noExplicitAny: mutants are ill-typed on purpose
export type Loose = any;

/** The schema of a type with an identity, a name, and these properties besides. */
export function schemaOf(folder: string, properties: JsonObject = {}): Loose {
  return {
    $schema: '../dialect.json',
    title: folder,
    type: 'object',
    additionalProperties: false,
    'x-graph': { path: `/${folder}`, key: 'id', folder, label: ['displayName'] },
    properties: {
      id: { type: 'string', format: 'uuid', 'x-access': 'identity' },
      displayName: { type: ['string', 'null'] },
      ...properties,
    },
  };
}

/** A text that identifies an object of another type, which must exist first unless `orders` is false. */
export function referenceTo(type: string, orders = true): JsonObject {
  return { type: 'string', 'x-ref': { types: [type], orders } };
}

/** Loads a registry from a temporary folder that holds these type schemas, by name. */
export function registryOf(types: Readonly<Record<string, unknown>>, only?: readonly string[]): Registry {
  const folder = mkdtempSync(join(tmpdir(), 'knowngood-schemas-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(join(SCHEMAS, 'dialect.json'), join(folder, 'dialect.json'));
  mkdirSync(join(folder, 'types'));
  for (const [name, schema] of Object.entries(types)) {
    writeFileSync(join(folder, 'types', `${name}.json`), typeof schema === 'string' ? schema : JSON.stringify(schema));
  }
  return loadRegistry(folder, only);
}

/** One of the schemas that come with the package, parsed anew each time. */
export function shippedSchema(name: string): Loose {
  return JSON.parse(readFileSync(join(SCHEMAS, 'types', `${name}.json`), 'utf8'));
}

/** The Failure that an action ends in. */
export function failureOf(action: () => unknown): Failure {
  try {
    action();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('It did not fail.');
}
