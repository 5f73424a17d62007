/** Checks the content of one state file: everything that is wrong with it, not only what is wrong first. */

import { isUtf8 } from 'node:buffer';
import { type Document, LineCounter, parseDocument } from 'yaml';
import { isJsonObject, type JsonObject } from '../model/json.js';
import { idOf, type ObjectKey } from '../model/object.js';
import type { FileProblem } from '../model/validation.js';
import { keyOf } from '../registry/identity.js';
import type { ObjectType, Registry, Violation } from '../registry/types.js';
import { managedOnly, OPTIONS } from './document.js';
import { emitMembers } from './emit.js';
import { type Position, positionAt, positionOf } from './positions.js';
import { scanCanonical } from './scan.js';

/** A problem of a file whose name the caller knows. */
export type Finding = Omit<FileProblem, 'file'>;

/** Where a file stands, and what it should hold. */
export interface Expected {
  readonly registry: Registry;
  readonly type: ObjectType;
  readonly key: ObjectKey;
}

const CORRECT = 'Correct it, or take the file from a backup again: `git checkout REV -- FILE`.';

/** Everything that is wrong with the content; a file as `snapshot` writes it is read the fast way. */
export function checkStateFile(expected: Expected, content: Buffer): Finding[] {
  const text = content.toString('utf8');
  const canonical = scanCanonical(text);
  if (canonical !== undefined) return checkDocument(expected, canonical, text, () => parsed(text));
  if (!isUtf8(content)) {
    return [finding('KG201', 'yaml', 'The file is not UTF-8 text.', CORRECT, { line: 1, column: 1 })];
  }
  const yaml = parsed(text);
  const broken = yaml.document.errors.map((error): Finding => {
    const at = positionAt(yaml.lines, error.pos[0]);
    return error.code === 'DUPLICATE_KEY'
      ? finding('KG205', 'duplicate-key', duplicate(text, error.pos), 'Keep one of the two.', at)
      : finding('KG201', 'yaml', `This is not YAML: ${oneLine(error.message)}`, CORRECT, at);
  });
  if (broken.some(({ code }) => code === 'KG201')) return broken;
  const value = valueIn(yaml.document);
  if (value instanceof Error) return [finding('KG201', 'yaml', `This is not YAML: ${oneLine(value.message)}`, CORRECT)];
  return [...broken, ...checkDocument(expected, value, text, () => yaml, broken.length > 0)];
}

interface Parsed {
  readonly document: Document;
  readonly lines: LineCounter;
}

function parsed(text: string): Parsed {
  const lines = new LineCounter();
  return { document: parseDocument(text, { ...OPTIONS, lineCounter: lines }), lines };
}

/** Aliases that would blow up are an error like any other. */
function valueIn(document: Parsed['document']): unknown {
  try {
    return document.toJS();
  } catch (cause) {
    return cause instanceof Error ? cause : new Error(String(cause));
  }
}

function duplicate(text: string, [start, end]: readonly [number, number]): string {
  const key = /^[^\s:][^:\n]*/.exec(text.slice(start, end > start + 1 ? end : start + 80))?.[0]?.trim() ?? '';
  return `The key ${JSON.stringify(key.replace(/^"|"$/g, ''))} is there twice.`;
}

function checkDocument(
  expected: Expected,
  document: unknown,
  text: string,
  parse: () => Parsed,
  broken = false,
): Finding[] {
  const { registry, type } = expected;
  const violations = registry.validate(type, document);
  const found = violations.map((violation) => violated(violation, parse));
  if (!isJsonObject(document)) return found.length > 0 ? found : [noObject()];
  found.push(...misnamed(expected, document, parse));
  return found.length > 0 || broken ? found : spelled(type, document, text);
}

function noObject(): Finding {
  return finding('KG202', 'schema: type', 'The file does not hold an object.', CORRECT, { line: 1, column: 1 });
}

function violated(violation: Violation, parse: () => Parsed): Finding {
  const { document, lines } = parse();
  const path = violation.path.join('.');
  const message = path === '' ? violation.message : violation.message.replace(/^It /, `${path} `);
  const remedy = violation.remedy ?? CORRECT;
  return {
    ...finding('KG202', `schema: ${violation.rule}`, message, remedy, positionOf(document, lines, violation.path)),
    path,
  };
}

/** The object in the file is the one that the name of the file says. */
function misnamed({ type, key }: Expected, document: JsonObject, parse: () => Parsed): Finding[] {
  const found = keyOf(type, document);
  if (found === key) return [];
  const names = type.keys.join(', ');
  const missing = type.keys.filter((name) => typeof document[name] !== 'string' || document[name] === '');
  const { document: yaml, lines } = parse();
  const at = positionOf(yaml, lines, [missing.length > 0 ? '' : type.keys[0]]);
  const message =
    found === undefined
      ? `The file is named after ${idOf(key)}, but it has no ${missing.join(' and no ')}.`
      : `The file is named after ${idOf(key)}, but holds the object with the ${names} ${idOf(found)}.`;
  return [
    {
      ...finding('KG203', 'identity', message, 'Name the file after the object that it holds, or take it away.', at),
      path: type.keys[0],
    },
  ];
}

/** A file that means what it should, and is not spelled the way `snapshot` would spell it. */
function spelled(type: ObjectType, document: JsonObject, text: string): Finding[] {
  const object = managedOnly(type, document);
  const canonical = object === undefined ? text : emitMembers({ ...object.properties, ...object.links }, '');
  if (canonical === text) return [];
  const own = text.split('\n');
  const line = canonical.split('\n').findIndex((other, index) => other !== own[index]);
  const remedy = 'Nothing has to be done: the next backup writes it in its own way.';
  return [
    finding('KG209', 'canonical', 'The file is valid, but not spelled as snapshot spells it.', remedy, {
      line: line === -1 ? 1 : Math.min(line + 1, own.length),
      column: 1,
    }),
  ];
}

function finding(code: string, rule: string, message: string, remedy: string, at?: Position): Finding {
  return { ...at, severity: code === 'KG209' ? 'note' : 'error', code, rule, message, remedy };
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
