/** The configuration of a state repository: `knowngood.yaml`. */

import { type Document, LineCounter, parseDocument } from 'yaml';
import { byCodeUnit } from './model/object.js';
import { Failure } from './model/problem.js';
import { validateConfig } from './registry/config-schema.js';
import type { Violation } from './registry/types.js';
import { offsetOf } from './state/positions.js';

/** Name of the file, at the root of a state repository. */
export const CONFIG_FILE = 'knowngood.yaml';

export interface Config {
  readonly format: 1;
  /** The tenant's id in lower case, or `sandbox`. */
  readonly tenant: string;
  readonly cloud: 'global' | 'usgov' | 'usgovdod' | 'china';
  /** The branch that holds the backups. */
  readonly branch: string;
  /** Absent: every type there is. */
  readonly types?: readonly string[];
  /** Objects that are left alone, as `type/id` with the id in lower case. */
  readonly exclude: readonly string[];
  /** Properties, by type, that are not managed. */
  readonly unmanaged: Readonly<Record<string, readonly string[]>>;
  /** Properties, by type, that are managed though they are not by default. */
  readonly optional: Readonly<Record<string, readonly string[]>>;
  /** So many days after a type was read whole it is read whole again, whatever Graph says has changed. */
  readonly fullReadEvery: number;
}

type Written = Pick<Config, 'format' | 'tenant'> & Partial<Config>;

/** The configuration in `text`; `file` is its name in messages. Throws a Failure that says what is wrong, and where. */
export function readConfig(text: string, file: string): Config {
  if (text.trim() === '') throw empty(file);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const [error] = document.errors;
  if (error !== undefined) throw notYaml(error.message, at(error.pos[0]));
  const content = contentOf(document, at);
  if (content === null) throw empty(file);
  const format = (content as { readonly format?: unknown }).format;
  if (typeof format === 'number' && format > 1) throw newer(format, at(offsetOf(document, ['format'])));
  const violations = validateConfig(content);
  if (violations.length > 0) throw notValid(violations, document, at);
  return complete(content as Written);
}

function complete(written: Written): Config {
  return {
    format: 1,
    tenant: written.tenant.toLowerCase(),
    cloud: written.cloud ?? 'global',
    branch: written.branch ?? 'main',
    ...(written.types === undefined ? {} : { types: written.types }),
    exclude: (written.exclude ?? []).map((object) => object.replace(/\/.*$/s, (id) => id.toLowerCase())),
    unmanaged: written.unmanaged ?? {},
    optional: written.optional ?? {},
    fullReadEvery: written.fullReadEvery ?? 7,
  };
}

/** Aliases that would blow up are an error like any other. */
function contentOf(document: Document.Parsed, at: (offset: number) => string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw notYaml(error instanceof Error ? error.message : String(error), at(document.range[0]));
  }
}

function empty(file: string): Failure {
  return new Failure({
    code: 'KG101',
    message: 'The configuration is empty.',
    where: file,
    remedy: 'Write at least "format: 1" and "tenant: <id>" into it.',
  });
}

function newer(format: number, where: string): Failure {
  return new Failure({
    code: 'KG103',
    message: `format must be 1, not ${format}: this version of knowngood knows no other.`,
    where,
    remedy: 'Use the version of knowngood that the repository was made for.',
  });
}

/** `knowngood.yaml:3:5`: where a value stands in a configuration that can be read. */
export function placeInConfig(text: string, path: Violation['path']): string {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const { line, col } = lines.linePos(offsetOf(document, path));
  return `${CONFIG_FILE}:${line}:${col}`;
}

function notYaml(message: string, where: string): Failure {
  return new Failure({
    code: 'KG102',
    message: `The configuration is not valid YAML: ${message.replace(/\s+/g, ' ').replace(/\.$/, '')}.`,
    where,
    remedy: 'Correct the file; every line is "key: value" or an item of a list.',
  });
}

function notValid(
  violations: readonly Violation[],
  document: Document.Parsed,
  at: (offset: number) => string,
): Failure {
  const located = violations
    .map((violation) => ({ ...violation, offset: offsetOf(document, violation.path) }))
    // What is missing comes last: often it is there, misspelt.
    .sort((a, b) => Number(a.path.length === 0) - Number(b.path.length === 0) || a.offset - b.offset);
  const sentences = located.map(({ path, message }) => message.replace(/^It /, `${path.join('.')} `));
  const more = sentences.length > 3 ? ` There are ${sentences.length - 3} more problems.` : '';
  return new Failure({
    code: 'KG103',
    message: `${sentences.slice(0, 3).join(' ')}${more}`,
    where: at(located[0]?.offset ?? 0),
    remedy: `Correct ${CONFIG_FILE}; it may hold: ${KEYS.join(', ')}.`,
  });
}

const KEYS = ['format', 'tenant', 'cloud', 'branch', 'types', 'exclude', 'unmanaged', 'optional', 'fullReadEvery'].sort(
  byCodeUnit,
);
