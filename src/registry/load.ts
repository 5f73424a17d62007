/** Reads the schema files and makes the registry of them. */

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isJsonObject, type JsonObject } from '../model/json.js';
import { nearest } from '../model/nearest.js';
import { byCodeUnit } from '../model/object.js';
import { Failure } from '../model/problem.js';
import { compileType } from './compile.js';
import { compileDialect } from './dialect.js';
import { aliasesOf, rankKinds, rankTypes } from './order.js';
import type { SchemaFile, SchemaNode } from './schema.js';
import type { ObjectType, Registry } from './types.js';
import { type DocumentCheck, documentCheck } from './validate.js';

/** The schemas that come with the package. */
export const SCHEMAS = fileURLToPath(new URL('../../schemas', import.meta.url));

/**
 * Loads the type schemas of a folder that holds `dialect.json` and `types/`, and checks them. With `only`, the registry
 * has just these types; digest and ranks are those of all of them.
 */
export function loadRegistry(folder: string = SCHEMAS, only?: readonly string[]): Registry {
  const files = typeFiles(folder);
  const dialect = readSchema(folder, 'dialect.json');
  const checked = schemasOf(dialect, files);
  const compiled = files.map((file, at) => {
    const schema = checked[at] as SchemaNode;
    return { type: compileType(file, schema), check: documentCheck(schema) };
  });
  const unranked = compiled.map(({ type }) => type);
  const ranks = rankTypes(unranked);
  const kindRanks = rankKinds(unranked, ranks);
  const aliases = aliasesOf(unranked);
  const wanted = selection(
    files.map(({ name }) => name),
    only,
  );
  const checks = new Map<string, DocumentCheck>();
  const types: ObjectType[] = [];
  for (const { type, check } of compiled) {
    checks.set(type.name, check);
    if (!wanted.has(type.name)) continue;
    const kinds = type.kinds.map(({ odataType, cast }) => ({ odataType, cast, rank: kindRanks.get(odataType) ?? 0 }));
    types.push({ ...type, kinds, rank: ranks.get(type.name) ?? 0, aliases: aliases.get(type.name) ?? [] });
  }
  types.sort((a, b) => a.rank - b.rank || byCodeUnit(a.name, b.name));
  return {
    types,
    byName: new Map(types.map((type) => [type.name, type])),
    byFolder: foldersOf(types),
    digest: digestOf(files),
    validate(type, document) {
      const check = checks.get(type.name);
      if (check === undefined) throw new Error(`${type.name} is not a type of this registry.`);
      return check(document);
    },
  };
}

function typeFiles(folder: string): SchemaFile[] {
  const names = readdirSync(join(folder, 'types')).filter((name) => name.endsWith('.json'));
  return names.sort(byCodeUnit).map((name) => {
    const file = `types/${name}`;
    return { name: basename(name, '.json'), file: `schemas/${file}`, document: readSchema(folder, file) };
  });
}

/** Where the build says which schemas it has checked; beside the compiled code only. */
const CHECKED = fileURLToPath(new URL('checked.json', import.meta.url));

/** What the build writes beside the compiled code about the schemas of the package, once they are known to be well-formed. */
export function checkedSchemas(folder: string = SCHEMAS): { readonly digest: string } {
  const files = typeFiles(folder);
  const dialect = readSchema(folder, 'dialect.json');
  checkAll(dialect, files);
  return { digest: digestOf(withDialect(dialect, files)) };
}

/** Checking takes longer than all else at start: the very schemas that the build has checked are not checked again. */
function schemasOf(dialect: JsonObject, files: readonly SchemaFile[]): readonly SchemaNode[] {
  if (digestOf(withDialect(dialect, files)) !== digestOfBuild()) return checkAll(dialect, files);
  return files.map(({ document }) => document as unknown as SchemaNode);
}

function withDialect(document: JsonObject, files: readonly SchemaFile[]): readonly SchemaFile[] {
  return [{ name: 'dialect', file: 'schemas/dialect.json', document }, ...files];
}

function checkAll(document: JsonObject, files: readonly SchemaFile[]): readonly SchemaNode[] {
  const dialect = compileDialect(document);
  return files.map((file) => dialect.check(file));
}

function digestOfBuild(): unknown {
  try {
    const written: unknown = JSON.parse(readFileSync(CHECKED, 'utf8'));
    return isJsonObject(written) ? written.digest : undefined;
  } catch {
    return undefined;
  }
}

function readSchema(folder: string, file: string): JsonObject {
  const where = `schemas/${file}`;
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Failure({ code: 'KG301', message: `This schema file cannot be read: ${reason}`, where, cause });
  }
  if (!isJsonObject(document)) {
    throw new Failure({ code: 'KG301', message: 'A schema file must hold a JSON object.', where });
  }
  return document;
}

function selection(names: readonly string[], only: readonly string[] = names): ReadonlySet<string> {
  for (const name of only) {
    if (names.includes(name)) continue;
    const near = nearest(name, names);
    throw new Failure({
      code: 'KG303',
      message: `There is no type ${JSON.stringify(name)}.`,
      remedy: near.length > 0 ? `Did you mean ${near.join(' or ')}?` : `Types: ${names.join(', ')}.`,
    });
  }
  return new Set(only);
}

function foldersOf(types: readonly ObjectType[]): ReadonlyMap<string, ObjectType> {
  const byFolder = new Map<string, ObjectType>();
  for (const type of types) {
    const other = byFolder.get(type.folder);
    if (other !== undefined) {
      throw new Failure({
        code: 'KG301',
        message: `${other.name} and ${type.name} have the same folder ${JSON.stringify(type.folder)}.`,
        where: `schemas/types/${type.name}.json#/x-graph/folder`,
      });
    }
    byFolder.set(type.folder, type);
  }
  return byFolder;
}

/** White space does not count; the order of members does, because it is the order of the keys in state files. */
function digestOf(files: readonly SchemaFile[]): string {
  const hash = createHash('sha256');
  for (const { name, document } of files) hash.update(`${name}\n${JSON.stringify(document)}\n`);
  return `sha256:${hash.digest('hex')}`;
}
