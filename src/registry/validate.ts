/** Checks state files against the schema of their type. */

import type { SchemaValidateFunction } from 'ajv';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { explain } from './explain.js';
import { addFormats } from './formats.js';
import type { CompareKeyword, SchemaNode } from './schema.js';
import { DISCRIMINATOR } from './shape.js';
import type { Violation } from './types.js';

/** Keywords that say nothing about which documents are valid. */
const SILENT = [
  'x-graph',
  'x-permissions',
  'x-access',
  'x-clearable',
  'x-request',
  'x-ref',
  'x-link',
  'x-sensitive',
  'x-strategy',
  'x-native',
  'x-unique',
  'x-optional',
  'x-derived',
  'x-unavailable',
];

export type DocumentCheck = (document: unknown) => readonly Violation[];

/** A check of documents against a schema, compiled when it is first used. */
export function documentCheck(schema: SchemaNode): DocumentCheck {
  let validate: ValidateFunction | undefined;
  return (document) => {
    validate ??= newAjv().compile(withBranches(withKinds(schema)));
    if (validate(document)) return [];
    return explain(validate.errors ?? [], document);
  };
}

function newAjv(): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    strict: true,
    allowUnionTypes: true,
    validateSchema: false,
    code: { optimize: false },
  });
  addFormats(ajv);
  for (const keyword of SILENT) ajv.addKeyword(keyword);
  ajv.addKeyword({ keyword: 'x-compare', validate: knownFlags, errors: true });
  return ajv;
}

/** Several values in one text: each of them must be one that Graph knows. */
const knownFlags: SchemaValidateFunction = (compare: CompareKeyword, text: unknown): boolean => {
  if (typeof compare !== 'object' || !('flags' in compare) || compare.values === undefined) return true;
  if (typeof text !== 'string') return true;
  const words = text
    .split(compare.flags === 'comma' ? ',' : ' ')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  const unknown = words.find((word) => compare.values?.includes(word) === false);
  if (unknown === undefined) return true;
  knownFlags.errors = [{ keyword: 'flags', params: { value: unknown, allowedValues: compare.values } }];
  return false;
};

/** Objects of a derived type say so; the type's own do not. */
function withKinds(schema: SchemaNode): SchemaNode {
  const kinds = schema['x-graph']?.kinds;
  if (kinds === undefined || schema.properties === undefined) return schema;
  const named: SchemaNode = { type: 'string', enum: kinds.map(({ odataType }) => odataType) };
  return { ...schema, properties: { [DISCRIMINATOR]: named, ...schema.properties } };
}

/**
 * The same schema with every `oneOf` written as "if it has this `@odata.type`, then …": ajv then reports what is wrong with
 * the variant that was meant, and not what is wrong with every other.
 */
function withBranches(node: SchemaNode): Record<string, unknown> {
  const { oneOf, properties, items, $defs, ...rest } = node;
  return {
    ...rest,
    ...(properties === undefined ? {} : { properties: mapValues(properties, withBranches) }),
    ...($defs === undefined ? {} : { $defs: mapValues($defs, withBranches) }),
    ...(items === undefined ? {} : { items: withBranches(items) }),
    ...(oneOf === undefined ? {} : choice(oneOf)),
  };
}

function choice(branches: readonly SchemaNode[]): Record<string, unknown> {
  const objects = branches.filter((branch) => branch.type !== 'null');
  const names = objects.map((branch) => branch.properties?.[DISCRIMINATOR]?.const);
  const has = (schema: Record<string, unknown>): Record<string, unknown> => ({
    type: 'object',
    required: [DISCRIMINATOR],
    properties: { [DISCRIMINATOR]: schema },
  });
  return {
    type: objects.length < branches.length ? ['object', 'null'] : 'object',
    if: { type: 'object' },
    // biome-ignore lint/suspicious/noThenProperty: a JSON Schema keyword
    then: has({ enum: names }),
    allOf: objects.map((branch, index) => ({
      if: has({ const: names[index] }),
      // biome-ignore lint/suspicious/noThenProperty: a JSON Schema keyword
      then: withBranches(branch),
    })),
  };
}

function mapValues<From, To>(record: Readonly<Record<string, From>>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
