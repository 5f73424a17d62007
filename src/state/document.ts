/** Reads state files, which people may edit: what is wrong is said with file, line and column. */

import { LineCounter, parse, parseDocument } from 'yaml';
import { isJsonObject, type Json, type JsonObject } from '../model/json.js';
import { DELETED, type DirectoryObject, idOf, type ObjectKey } from '../model/object.js';
import { Failure } from '../model/problem.js';
import type { ObjectType, Registry, Violation } from '../registry/types.js';
import { canonicalise, variantOf } from './canonical.js';
import { scanCanonical } from './scan.js';

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
      message: violation === undefined ? 'The file does not hold an object.' : told(violation),
      where: `${where}${position(text, violation?.path ?? [])}`,
      remedy: 'Correct the file in a commit of its own, or choose another backup.',
    });
  }
  const object = managedOnly(type, document);
  if (object?.key !== key) {
    throw new Failure({
      code: 'KG203',
      message: `The file is named after ${idOf(key)}, but its ${identity(type, document)}.`,
      where: `${where}${position(text, [type.keys[0]])}`,
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
    const [error] = parseDocument(text, { ...OPTIONS, lineCounter: lines }).errors;
    const at = error === undefined ? undefined : lines.linePos(error.pos[0]);
    const reason = (error?.message ?? String(cause)).replace(/\s+/g, ' ').replace(/\.?$/, '.');
    const twice = error?.code === 'DUPLICATE_KEY';
    throw new Failure({
      code: twice ? 'KG205' : 'KG201',
      message: twice
        ? 'A key is there twice, and only one of its values would count.'
        : `The file is not valid YAML: ${reason}`,
      where: at === undefined ? where : `${where}:${at.line}:${at.col}`,
      remedy: 'Correct the file in a commit of its own, or choose another backup.',
      cause,
    });
  }
}

/** `:line:column` of the value at a path, or of the nearest value around it. */
function position(text: string, path: readonly (string | number)[]): string {
  const lines = new LineCounter();
  const document = parseDocument(text, { ...OPTIONS, lineCounter: lines });
  for (let length = path.length; length >= 0; length -= 1) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    const range = (node as { range?: readonly number[] | null } | null | undefined)?.range;
    if (range?.[0] !== undefined) {
      const at = lines.linePos(range[0]);
      return `:${at.line}:${at.col}`;
    }
  }
  return '';
}
