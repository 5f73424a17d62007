/** Ajv's errors in plain sentences, with the nearest valid name or value where something was misspelt. */

import type { ErrorObject } from 'ajv';
import { isJsonObject } from '../model/json.js';
import { nearest } from '../model/nearest.js';

export interface Explanation {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly remedy?: string;
  /** The JSON Schema keyword that was not met. */
  readonly rule: string;
}

/**
 * Explains the errors of one ajv run (with `allErrors` and `verbose`), each once. Where a value can have several forms, one
 * sentence names them all instead of what is wrong with each.
 */
export function explain(errors: readonly ErrorObject[], document: unknown): Explanation[] {
  const seen = new Set<string>();
  const explanations: Explanation[] = [];
  for (const error of meaningful(errors)) {
    const explanation: Explanation = { ...explainOne(error, document), rule: error.keyword };
    const key = JSON.stringify([explanation.path, explanation.message]);
    if (!seen.has(key)) explanations.push(explanation);
    seen.add(key);
  }
  return explanations;
}

/** Leaves out errors that only repeat what another one says. */
function meaningful(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  let kept = errors.filter(({ keyword }) => keyword !== 'if');
  for (const choice of errors.filter(({ keyword }) => keyword === 'anyOf')) {
    const inside = kept.filter(({ instancePath }) => within(instancePath, choice.instancePath));
    const described = typeof choice.parentSchema?.description === 'string';
    const best = described ? choice : (inside.find(({ keyword }) => keyword === 'enum') ?? choice);
    kept = kept.filter((error) => error === best || !inside.includes(error));
  }
  const mistyped = new Set(kept.filter(({ keyword }) => keyword === 'type').map(({ instancePath }) => instancePath));
  return kept.filter(({ keyword, instancePath }) => keyword !== 'enum' || !mistyped.has(instancePath));
}

function within(path: string, outer: string): boolean {
  return path === outer || path.startsWith(`${outer}/`);
}

type Explained = Omit<Explanation, 'rule'>;

function explainOne(error: ErrorObject, document: unknown): Explained {
  const path = toPath(error.instancePath, document);
  const { params } = error as { readonly params: Readonly<Record<string, unknown>> };
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownName(String(params.additionalProperty), error, path);
    case 'required':
      return { path, message: `${quoted(String(params.missingProperty))} is missing.` };
    case 'enum':
      return notOneOf(error.data, params.allowedValues as readonly unknown[], path);
    case 'flags':
      return notOneOf(params.value, params.allowedValues as readonly unknown[], path);
    default:
      return { path, message: `It ${requirement(error, params)}.` };
  }
}

function unknownName(name: string, { parentSchema }: ErrorObject, at: Explanation['path']): Explained {
  const properties: unknown = parentSchema?.properties;
  const known = isJsonObject(properties) ? Object.keys(properties) : [];
  const near = nearest(name, known);
  const few = known.length <= 12 ? ` Known are ${known.join(', ')}.` : '';
  const suggestion = near.length > 0 ? ` Did you mean ${alternatives(near)}?` : few;
  return {
    path: [...at, name],
    message: `${quoted(name)} is not known here.${suggestion}`,
    remedy:
      near.length > 0
        ? `Write ${alternatives(near)}.`
        : few === ''
          ? `Known here: ${known.join(', ')}.`
          : 'Take it away, or write one of these.',
  };
}

function notOneOf(value: unknown, allowed: readonly unknown[], path: Explanation['path']): Explained {
  const words = allowed.filter((item) => item !== null).map(String);
  const near = typeof value === 'string' ? nearest(value, words) : [];
  const suggestion = near.length > 0 ? ` Did you mean ${alternatives(near)}?` : '';
  return {
    path,
    message: `${shown(value)} is not one of ${words.map(quoted).join(', ')}${allowed.includes(null) ? ' or null' : ''}.${suggestion}`,
    ...(near.length > 0 ? { remedy: `Write ${alternatives(near)}.` } : {}),
  };
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  boolean: 'true or false',
  integer: 'a whole number',
  number: 'a number',
  array: 'a list',
  object: 'an object',
  null: 'null',
};

const FORMAT_NAMES: Readonly<Record<string, string>> = {
  uuid: 'a GUID such as 0f8a1c2e-5b1d-4c8e-9f63-2a7d4e1b9c05',
  'date-time': 'a date and time such as 2026-11-18T14:00:00Z',
};

function requirement(error: ErrorObject, params: Readonly<Record<string, unknown>>): string {
  switch (error.keyword) {
    case 'type': {
      const types = [params.type].flat().map((type) => TYPE_NAMES[String(type)] ?? String(type));
      return `must be ${types.join(' or ')}, not ${typeName(error.data)}`;
    }
    case 'const':
      return `must be ${shown(params.allowedValue)}`;
    case 'format':
      return `must be ${FORMAT_NAMES[String(params.format)] ?? String(params.format)}, not ${shown(error.data)}`;
    case 'pattern': {
      const description: unknown = error.parentSchema?.description;
      const form = typeof description === 'string' ? `${description} (` : 'of the form ';
      return `must be ${form}${String(params.pattern)}${typeof description === 'string' ? ')' : ''}, not ${shown(error.data)}`;
    }
    case 'anyOf': {
      const description: unknown = error.parentSchema?.description;
      return `must be ${typeof description === 'string' ? description : 'of another form'}`;
    }
    case 'minItems':
    case 'minProperties':
    case 'minLength':
      return 'must not be empty';
    case 'uniqueItems':
      return 'must not hold the same value twice';
    default:
      return error.message ?? 'is not valid';
  }
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'boolean') return String(value);
  return TYPE_NAMES[typeof value] ?? typeof value;
}

/** Member names and array indexes of a JSON pointer: digits are an index only where the document has an array. */
function toPath(instancePath: string, document: unknown): (string | number)[] {
  const path: (string | number)[] = [];
  let value = document;
  for (const part of instancePath.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(value)) {
      path.push(Number(name));
      value = value[Number(name)];
    } else {
      path.push(name);
      value = isJsonObject(value) ? value[name] : undefined;
    }
  }
  return path;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

function alternatives(names: readonly string[]): string {
  return names.map(quoted).join(' or ');
}

/** A value in a message: whole when it is short. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length <= 80 ? text : `${text.slice(0, 77)}…`;
}
