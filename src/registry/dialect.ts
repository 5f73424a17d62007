/** Checks schema files against the dialect: a misspelt, misplaced or ill-valued keyword is found before it is believed. */

import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { JsonObject } from '../model/json.js';
import { Failure } from '../model/problem.js';
import { explain } from './explain.js';
import { misplaced } from './placement.js';
import { pointer, type SchemaFile, type SchemaNode, type SchemaProblem } from './schema.js';

export interface Dialect {
  /** The schema, now known to be well-formed; a Failure that lists everything that is wrong. */
  check(file: SchemaFile): SchemaNode;
}

/** Compiles the dialect (the parsed schemas/dialect.json). */
export function compileDialect(document: JsonObject): Dialect {
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    strict: true,
    allowUnionTypes: true,
    validateFormats: false,
    // The dialect runs once or a few times per process: compiling it fast matters, running it fast does not.
    code: { optimize: false },
  });
  ajv.addMetaSchema(document, undefined, false);
  const validate = ajv.getSchema(String(document.$id)) as ValidateFunction;
  return {
    check(file) {
      const problems: SchemaProblem[] = validate(file.document) ? [] : explain(validate.errors ?? [], file.document);
      if (problems.length === 0) problems.push(...misplaced(file.document as unknown as SchemaNode));
      refuse(file.file, problems);
      return file.document as unknown as SchemaNode;
    },
  };
}

/** Throws when there are problems: all of them in one Failure that points at the first. */
export function refuse(file: string, problems: readonly SchemaProblem[]): void {
  const [first] = problems;
  if (first === undefined) return;
  const lines = problems.map(({ path, message }) => `${pointer(path) || '/'}: ${message}`);
  const remedies = [...new Set(problems.map(({ remedy }) => remedy).filter((remedy) => remedy !== undefined))];
  throw new Failure({
    code: 'KG301',
    message:
      lines.length === 1 ? first.message : `${lines.length} things are wrong in this schema file. ${lines.join(' ')}`,
    where: `${file}#${pointer(first.path)}`,
    ...(remedies.length > 0 ? { remedy: remedies.join(' ') } : {}),
  });
}
