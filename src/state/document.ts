/** Reads state files, which people may edit: what is wrong is said with file, line and column. */

import { LineCounter, parse, parseDocument } from 'yaml';
import { isJsonObject, type Json, type JsonObject } from '../model/json.js';
import { DELETED, type DirectoryObject, idOf, type ObjectKey } from '../model/object.js';
import { Failure } from '../model/problem.js';
import type { ObjectType, Registry, Violation } from '../registry/types.js';
import { canonicalise, variantOf } from './canonical.js';
import { positionAt, positionOfViolation } from './positions.js';
import { scanCanonical } from './scan.js';
import { sentence, syntaxFaults } from './syntax.js';

/** How state files are read as YAML. */
export const OPTIONS = { version: '1.2', schema: 'core', uniqueKeys: true, prettyErrors: false } as const;

/**
 * Parses, checks and canonicalises one state file. `where` names the file for people, for example
 * `3f2a9c1:tenant-state/users/0f8/….yaml`. A property or link that the file does not hold is unmanaged, and stays absent.
 * `written` says by whom: what `snapshot` wrote is what Graph answered, and is believed even where it is newer than the
 * schema; a person's edit must be valid. Throws a Failure (KG201 not YAML, KG202 not valid, KG203 of another object).
 */
export function readObject(
  registry: Registry,
  type: ObjectType,
  key: ObjectKey,
  text: string,
  where: string,
  written: 'by snapshot' | 'by a person',
): DirectoryObject {
  const document = scanCanonical(text) ?? parseText(text, where);
  const [violation] = written === 'by snapshot' ? [] : registry.validate(type, document);
  if (violation !== undefined || !isJsonObject(document)) {
    throw new Failure({
      code: 'KG202',
      message:
        document === null
          ? 'The file is empty.'
          : violation === undefined
            ? 'The file does not hold an object.'
            : told(violation),
      where: `${where}${position(text, violation ?? { path: [], rule: 'type' })}`,
      remedy: 'Correct the file in a commit of its own, or choose another backup.',
    });
  }
  const object = managedOnly(type, document);
  if (object?.key !== key) {
    throw new Failure({
      code: 'KG203',
      message: `The file is named after ${idOf(key)}, but its ${identity(type, document)}.`,
      where: `${where}${position(text, { path: [type.keys[0]], rule: 'identity' })}`,
      remedy: 'Give the file the name of its object, or choose another backup.',
    });
  }
  return object;
}

/** A violation speaks of "it": which property that is, somebody who reads it by itself should know. */
function told({ path, message }: Violation): string {
  return path.length === 0 ? message : message.replace(/^It /, `${path.join('.')} `);
}

/** `id is "…"`, for people. */
function identity(type: ObjectType, document: JsonObject): string {
  return type.keys.map((name) => `${name} is ${JSON.stringify(document[name] ?? null)}`).join(' and its ');
}

/** The object that a valid document holds, in canonical form; undefined when it does not name itself. */
export function managedOnly(type: ObjectType, document: JsonObject): DirectoryObject | undefined {
  const variant = variantOf(type, document);
  if (variant === undefined) return undefined;
  const absent = variant.properties.map((property) => property.name).filter((name) => !Object.hasOwn(document, name));
  const links: Record<string, readonly string[]> = {};
  for (const link of type.links) {
    const targets = document[link.name];
    if (Array.isArray(targets)) links[link.name] = targets.map(String);
  }
  const deleted = document[DELETED];
  return canonicalise(type, document, {
    deleted: typeof deleted === 'string' ? deleted : null,
    links,
    distrust: absent,
  })?.object;
}

function parseText(text: string, where: string): Json {
  try {
    // Warnings would be printed as they are, with what the file holds.
    return parse(text, { ...OPTIONS, logLevel: 'error' }) as Json;
  } catch (cause) {
    const lines = new LineCounter();
    const document = parseDocument(text, { ...OPTIONS, lineCounter: lines });
    const [fault] = syntaxFaults(text, document);
    const at = fault === undefined ? undefined : positionAt(lines, fault.offset);
    throw new Failure({
      code: fault?.code ?? 'KG201',
      message: fault?.message ?? `This is not YAML: ${sentence(String(cause))}`,
      where: at === undefined ? where : `${where}:${at.line}:${at.column}`,
      remedy: 'Correct the file in a commit of its own, or choose another backup.',
      cause,
    });
  }
}

/** `:line:column` of what does not fit. */
function position(text: string, violation: Pick<Violation, 'path' | 'rule'>): string {
  const lines = new LineCounter();
  const document = parseDocument(text, { ...OPTIONS, lineCounter: lines });
  const { line, column } = positionOfViolation(document, lines, violation);
  return `:${line}:${column}`;
}
