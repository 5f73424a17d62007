/** Checks `knowngood.yaml`: everything that is wrong with it, not only what is wrong first. */

import { LineCounter, parseDocument } from 'yaml';
import { CONFIG_FILE, type Config, readConfig } from './config.js';
import { Failure } from './model/problem.js';
import type { FileProblem } from './model/validation.js';
import { validateConfig } from './registry/config-schema.js';
import type { Registry, Violation } from './registry/types.js';
import { positionAt, positionOf } from './state/positions.js';
import { syntaxFaults } from './state/syntax.js';
import { checkNames, typeNamed } from './workspace.js';

const REMEDY = `Correct ${CONFIG_FILE}: every line is "key: value" or an item of a list.`;

export function checkConfig(registry: Registry, text: string | undefined): FileProblem[] {
  if (text === undefined)
    return [
      problem(
        'KG101',
        'yaml',
        'The configuration is missing.',
        'Write one with at least "format: 1" and "tenant: <id>".',
      ),
    ];
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const broken = syntaxFaults(text, document).map(({ message, remedy = REMEDY, offset }) => ({
    ...problem('KG102', 'yaml', message, remedy),
    ...positionAt(lines, offset),
  }));
  if (broken.length > 0) return broken;
  const at = (path: Violation['path']) => ({ ...positionOf(document, lines, path), path: path.join('.') });
  const violations = violationsIn(document);
  if (violations.length > 0) {
    return violations.map(({ path, message, rule, remedy }) => ({
      ...problem('KG103', `schema: ${rule}`, message.replace(/^It /, `${path.join('.')} `), remedy ?? REMEDY),
      ...at(path),
    }));
  }
  return wrongNames(registry, readConfig(text, CONFIG_FILE)).map(({ failure, path }) => ({
    ...problem(failure.code, 'names', failure.message, failure.remedy ?? REMEDY),
    ...at(path),
  }));
}

function violationsIn(document: ReturnType<typeof parseDocument>): readonly Violation[] {
  try {
    return validateConfig(document.toJS() ?? {});
  } catch (cause) {
    return [{ path: [], rule: 'yaml', message: cause instanceof Error ? cause.message : String(cause) }];
  }
}

function problem(code: string, rule: string, message: string, remedy: string): FileProblem {
  return { file: CONFIG_FILE, severity: 'error', code, rule, message, remedy };
}

interface WrongName {
  readonly failure: Failure;
  readonly path: Violation['path'];
}

/** Names of types and properties that there are none of, each by itself. */
function wrongNames(registry: Registry, config: Config): WrongName[] {
  const nothing = { exclude: [], unmanaged: {}, optional: {} };
  const properties = (key: 'unmanaged' | 'optional') =>
    Object.entries(config[key]).flatMap(([type, names]) =>
      names.length === 0
        ? wrong([key, type], () => checkNames(registry, { ...nothing, [key]: { [type]: [] } }))
        : names.flatMap((name, index) =>
            wrong([key, type, index], () => checkNames(registry, { ...nothing, [key]: { [type]: [name] } })),
          ),
    );
  return [
    ...(config.types ?? []).flatMap((name, index) => wrong(['types', index], () => typeNamed(registry, name))),
    ...config.exclude.flatMap((object, index) =>
      wrong(['exclude', index], () => checkNames(registry, { ...nothing, exclude: [object] })),
    ),
    ...properties('unmanaged'),
    ...properties('optional'),
  ];
}

function wrong(path: Violation['path'], check: () => unknown): WrongName[] {
  try {
    check();
    return [];
  } catch (failure) {
    if (failure instanceof Failure) return [{ failure, path }];
    throw failure;
  }
}
