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
import { createLayout, isSafeKey } from './layout.js';
import { type Position, positionAt, positionOf, positionOfViolation } from './positions.js';
import { scanCanonical } from './scan.js';
import { spellingOf } from './spelling.js';
import { sentence, syntaxFaults } from './syntax.js';

/** A problem of a file whose name the caller knows. */
export type Finding = Omit<FileProblem, 'file'>;

/** Where a file stands, and what it should hold. */
export interface Expected {
  readonly registry: Registry;
  readonly type: ObjectType;
  readonly key: ObjectKey;
}

/** What to do where nothing better is known. */
export const CORRECT = 'Correct it, or take the file from a backup again: `git checkout REV -- FILE`.';
const START: Position = { line: 1, column: 1 };

/** Everything that is wrong with the content; a file as `snapshot` writes it is read the fast way. */
export function checkStateFile(expected: Expected, content: Buffer): Finding[] {
  const text = content.toString('utf8');
  const canonical = scanCanonical(text);
  if (canonical !== undefined) return checkDocument(expected, canonical, text, () => parsed(text));
  if (!isUtf8(content)) return [finding('KG201', 'yaml', 'The file is not UTF-8 text.', CORRECT, START)];
  const yaml = parsed(text);
  const broken = syntaxFaults(text, yaml.document).map(({ code, message, remedy = CORRECT, offset }): Finding => {
    const rule = code === 'KG205' ? 'duplicate-key' : 'yaml';
    return finding(code, rule, message, remedy, positionAt(yaml.lines, offset));
  });
  if (broken.some(({ code }) => code === 'KG201')) return broken;
  const value = valueIn(yaml.document);
  if (value instanceof Error)
    return [finding('KG201', 'yaml', `This is not YAML: ${sentence(value.message)}`, CORRECT)];
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

function checkDocument(
  expected: Expected,
  document: unknown,
  text: string,
  parse: () => Parsed,
  broken = false,
): Finding[] {
  const { registry, type } = expected;
  const violations = registry.validate(type, document);
  if (!isJsonObject(document)) return [noObject(document, violations)];
  const stranger = ofAnotherType(expected, document, violations);
  if (stranger !== undefined) return [stranger];
  const identity = misnamed(expected, document, parse).filter(({ path }) => !isMisspelt(violations, path));
  // Of an id that is no id, or has a misspelt key, it is enough to say one of the two.
  const told = violations.filter(({ path }) => identity.every((item) => item.path !== path.join('.')));
  const found = [...told.map((violation) => violated(violation, parse)), ...identity];
  return found.length > 0 || broken ? found : spelled(type, document, text);
}

/** Whether a key is there that should have been this one. */
function isMisspelt(violations: readonly Violation[], name = ''): boolean {
  return violations.some(
    ({ rule, remedy }) => rule === 'additionalProperties' && remedy === `Write ${JSON.stringify(name)}.`,
  );
}

function noObject(document: unknown, [violation]: readonly Violation[]): Finding {
  const isEmpty = document === null || document === undefined;
  const message = isEmpty ? 'The file is empty.' : (violation?.message ?? 'The file does not hold an object.');
  return { ...finding('KG202', 'schema: type', message, CORRECT, START), path: '' };
}

/**
 * A file whose keys are all known to another type, and not to its own, was put into the wrong folder: that is one thing to
 * tell, and not one for each key.
 */
function ofAnotherType(
  { registry, type }: Expected,
  document: JsonObject,
  violations: readonly Violation[],
): Finding | undefined {
  const strange = violations.filter(({ rule, path }) => rule === 'additionalProperties' && path.length === 1);
  if (strange.length < 2) return undefined;
  const names = Object.keys(document);
  const fitting = registry.types.filter((other) => {
    const declared = new Set([...other.properties, ...other.links].map(({ name }) => name));
    return other !== type && names.every((name) => declared.has(name));
  });
  const [only, ...others] = fitting;
  const key = only === undefined || others.length > 0 ? undefined : keyOf(only, document);
  if (only === undefined || key === undefined || !isSafeKey(idOf(key))) return undefined;
  const message = `It looks like an object of type ${only.name}, and this is a place of type ${type.name}.`;
  const place = `tenant-state/${createLayout(registry).pathOf(key)}`;
  return finding('KG208', 'place', message, `Move it to ${place}, or take it away if that is there.`, START);
}

function violated(violation: Violation, parse: () => Parsed): Finding {
  const { document, lines } = parse();
  const path = violation.path.join('.');
  const message = path === '' ? violation.message : violation.message.replace(/^It /, `${path} `);
  const remedy = violation.remedy ?? CORRECT;
  const at = positionOfViolation(document, lines, violation);
  return { ...finding('KG202', `schema: ${violation.rule}`, message, remedy, at), path };
}

/** The object in the file is the one that the name of the file says. */
function misnamed({ type, key }: Expected, document: JsonObject, parse: () => Parsed): Finding[] {
  const found = keyOf(type, document);
  if (found === key) return [];
  const wrong = wrongKeys(type, key, document, found);
  const absent = wrong.filter(({ name }) => typeof document[name] !== 'string' || document[name] === '');
  const { document: yaml, lines } = parse();
  const at = positionOf(yaml, lines, [absent.length > 0 ? '' : (wrong[0]?.name ?? '')], 'value');
  const named =
    type.singleton === undefined ? `The file is named after ${idOf(key)}, but ` : 'The file names no object: ';
  const what =
    found === undefined
      ? `it has no ${absent.map(({ name }) => name).join(' and no ')}`
      : `its ${wrong.map(({ name }) => `${name} is ${JSON.stringify(document[name])}`).join(' and its ')}`;
  const line = wrong.map(({ name, part }) => (part === undefined ? name : `\`${name}: ${part}\``)).join(' and ');
  const remedy =
    type.singleton === undefined
      ? `Write ${line} as the name of the file says, or name the file after the object that it holds.`
      : CORRECT;
  return [{ ...finding('KG203', 'identity', `${named}${what}.`, remedy, at), path: type.keys[0] }];
}

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Properties that name another object than the file's name does, each with its part of that name where it is written so. */
function wrongKeys(type: ObjectType, key: ObjectKey, document: JsonObject, found: ObjectKey | undefined) {
  const isOne = type.keys.length === 1;
  const parts = isOne ? [idOf(key)] : idOf(key).split('_');
  const own = found === undefined ? [] : isOne ? [idOf(found)] : idOf(found).split('_');
  return type.keys.flatMap((name, index) => {
    const part = parts[index] ?? '';
    const isWrong =
      found === undefined ? typeof document[name] !== 'string' || document[name] === '' : own[index] !== part;
    return isWrong ? [{ name, part: isOne || GUID.test(part) ? part : undefined }] : [];
  });
}

/** A file that means what it should, and is not spelled the way `snapshot` would spell it. */
function spelled(type: ObjectType, document: JsonObject, text: string): Finding[] {
  const object = managedOnly(type, document);
  const members = object === undefined ? undefined : { ...object.properties, ...object.links };
  const canonical = members === undefined ? text : emitMembers(members, '');
  if (members === undefined || canonical === text) return [];
  const { what, line, column } = spellingOf(text, document, canonical, members);
  const message = `The file is valid, but not spelled as snapshot spells it: ${what}.`;
  const remedy = 'Nothing has to be done: the next backup writes it in its own way.';
  return [finding('KG209', 'canonical', message, remedy, { line, column })];
}

function finding(code: string, rule: string, message: string, remedy: string, at?: Position): Finding {
  return { ...at, severity: code === 'KG209' ? 'note' : 'error', code, rule, message, remedy };
}
