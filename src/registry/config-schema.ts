/** Checks the configuration of a state repository (knowngood.yaml) against schemas/config.json. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { explain } from './explain.js';
import { addFormats } from './formats.js';
import { SCHEMAS } from './load.js';
import type { Violation } from './types.js';

let compiled: ValidateFunction | undefined;

/** What is wrong with a parsed knowngood.yaml: unknown keys with a suggestion, missing keys, values of the wrong kind. */
export function validateConfig(document: unknown): readonly Violation[] {
  compiled ??= compile();
  if (compiled(document)) return [];
  return explain(compiled.errors ?? [], document);
}

function compile(): ValidateFunction {
  const ajv = new Ajv2020({ allErrors: true, verbose: true, strict: true, validateSchema: false });
  addFormats(ajv);
  return ajv.compile(JSON.parse(readFileSync(join(SCHEMAS, 'config.json'), 'utf8')));
}
