/**
 * The canonical form of an object: one value for all the spellings that mean the same to Graph. Pure. Bytes are made
 * from it by emit.ts; nothing here knows of files.
 *
 *   top level          null, missing           → null ("known to be empty"); collections → []
 *   inside a complex   null, missing           → left out;                   collections → []
 *                      members all empty       → the complex value is left out (top level: null)
 *   set                any order, repetitions  → sorted, each item once
 */

import { canonicalJson, isJsonArray, isJsonObject, type Json, type JsonObject, jsonEqual } from '../model/json.js';
import { byCodeUnit, DELETED, type DirectoryObject } from '../model/object.js';
import { keyOf } from '../registry/identity.js';
import type {
  CollectionShape,
  ComplexShape,
  ComplexVariant,
  Kind,
  ObjectType,
  ScalarShape,
  Shape,
  TypeVariant,
} from '../registry/types.js';
import { readsById } from '../strategies/reference-by-id.js';

const ODATA_TYPE = '@odata.type';

/** What is known of an object beside its own properties. */
export interface Surrounding {
  /** When it went to the recycle bin (UTC, ISO 8601); null while it is active. */
  readonly deleted: string | null;
  /** Target ids by link name; links that were not read, or are derived, are left out. */
  readonly links: Readonly<Record<string, readonly string[]>>;
  /** Names of properties whose values are not to be believed: they are left out. */
  readonly distrust?: readonly string[];
}

export interface Canonical {
  readonly object: DirectoryObject;
  /** Paths of non-empty values that the schema does not describe. */
  readonly unrecognised: readonly string[];
}

/**
 * Brings an object as Graph answered it, or as a state file holds it, into canonical form. Undefined when it is of a
 * variant (`@odata.type`) that the type does not know, or has no identity.
 */
export function canonicalise(type: ObjectType, raw: JsonObject, around: Surrounding): Canonical | undefined {
  const variant = variantOf(type, raw);
  const key = keyOf(type, raw);
  if (variant === undefined || key === undefined) return undefined;
  const unrecognised: string[] = [];
  const properties: Record<string, Json> = {};
  const kind = kindOf(type, raw);
  if (kind !== undefined) properties[ODATA_TYPE] = kind.odataType;
  for (const property of variant.properties) {
    if (property.access === 'writeOnly' || around.distrust?.includes(property.name)) continue;
    if (property.name === DELETED) {
      properties[DELETED] = around.deleted === null ? null : canonicalDate(around.deleted);
    } else if (property.name === ODATA_TYPE) {
      properties[ODATA_TYPE] = variant.odataType ?? null;
    } else {
      properties[property.name] = canonicalValue(property.shape, raw[property.name], property.name, unrecognised);
    }
  }
  const links: Record<string, readonly string[]> = {};
  for (const link of type.links) {
    const targets = around.links[link.name];
    if (targets !== undefined) links[link.name] = sortedIds(targets);
  }
  return { object: { key, properties, links }, unrecognised };
}

/**
 * Whether an object tells nothing but its id and kind. Graph answers so for what the token may not read ("Limited
 * information returned for inaccessible member objects"): its values are unknown, not empty.
 */
export function tellsNothing(type: ObjectType, raw: JsonObject): boolean {
  if (type.edge !== undefined) return false;
  const named = new Set([...type.keys, ODATA_TYPE, DELETED]);
  return type.properties.every(({ name }) => {
    const value = raw[name];
    return named.has(name) || value === undefined || value === null || isEmptyCollection(value);
  });
}

/** The variant that a raw object is of; undefined when the type has several and none is named. */
export function variantOf(type: ObjectType, raw: JsonObject): TypeVariant | undefined {
  const [only] = type.variants;
  if (type.variants.length === 1 && only?.odataType === undefined) return only;
  return type.variants.find((variant) => variant.odataType === raw[ODATA_TYPE]);
}

/** The derived type that an object is of; undefined for the type's own objects. */
export function kindOf(type: ObjectType, object: JsonObject): Kind | undefined {
  return type.kinds.find(({ odataType }) => odataType === object[ODATA_TYPE]);
}

/** Ids in lower case, sorted, each once. */
export function sortedIds(ids: Iterable<string>): string[] {
  return [...new Set([...ids].map((id) => id.toLowerCase()))].sort(byCodeUnit);
}

/**
 * Brings one top-level value into canonical form. `unrecognised` receives the paths of non-empty members that the
 * shape does not describe, and of enum values that this version of Graph would not name.
 */
export function canonicalValue(shape: Shape, raw: Json | undefined, path: string, unrecognised: string[]): Json {
  return canonicalOf(shape, raw, path, unrecognised) ?? null;
}

function canonicalOf(shape: Shape, raw: Json | undefined, path: string, unrecognised: string[]): Json | undefined {
  switch (shape.kind) {
    case 'scalar':
      return raw === undefined || raw === null ? undefined : scalarOf(shape, raw, path, unrecognised);
    case 'complex':
      return isJsonObject(raw) ? complexOf(shape, raw, path, unrecognised) : undefined;
    case 'collection':
      return isJsonArray(raw) ? collectionOf(shape, raw, path, unrecognised) : [];
  }
}

function scalarOf(shape: ScalarShape, raw: Json, path: string, unrecognised: string[]): Json {
  if (typeof raw !== 'string') return raw;
  const words = shape.flags === undefined ? [raw] : wordsOf(shape, raw);
  if (words.includes('unknownFutureValue')) unrecognised.push(path);
  if (shape.format === 'uuid') return raw.toLowerCase();
  if (shape.format === 'date-time') return canonicalDate(raw);
  if (shape.flags !== undefined) return canonicalFlags(shape, raw);
  if (shape.reference !== undefined && GUID.test(raw)) return raw.toLowerCase();
  return raw;
}

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The values that a text of flags holds. Only spaces are left out: whatever else stands there is part of a value. */
function wordsOf(shape: ScalarShape, raw: string): string[] {
  return raw.split(shape.flags === 'comma' ? ',' : ' ').map((word) => word.replace(/^ +| +$/g, ''));
}

/** Declared flags in the order in which Graph declares, and spells, them; then any others. */
function canonicalFlags(shape: ScalarShape, raw: string): string {
  const separator = shape.flags === 'space' ? ' ' : raw.includes(', ') ? ', ' : ',';
  const place = (word: string) => (shape.values ?? []).indexOf(word) >>> 0;
  return [...new Set(wordsOf(shape, raw).filter((word) => word !== ''))]
    .sort((a, b) => place(a) - place(b) || byCodeUnit(a, b))
    .join(separator);
}

const DATE = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/;

/** A date in UTC with the shortest fraction; a string that is no date stays as it is. */
export function canonicalDate(raw: string): string {
  const [, seconds, digits, zone] = DATE.exec(raw) ?? [];
  if (seconds === undefined) return raw;
  const fraction = (digits ?? '').replace(/0+$/, '');
  const utc = zone === 'Z' ? seconds : inUtc(`${seconds}${zone}`);
  if (utc === undefined) return raw;
  return fraction === '' ? `${utc}Z` : `${utc}.${fraction}Z`;
}

/** A moment in UTC; undefined where there is none, or its year has not four digits there. */
function inUtc(moment: string): string | undefined {
  const time = Date.parse(moment);
  const text = Number.isNaN(time) ? '' : new Date(time).toISOString();
  return text.length === '2026-11-20T00:00:00.000Z'.length ? text.slice(0, 19) : undefined;
}

function complexOf(shape: ComplexShape, raw: JsonObject, path: string, unrecognised: string[]): Json | undefined {
  const variant = complexVariant(shape, raw);
  if (variant === undefined) {
    unrecognised.push(`${path}.${ODATA_TYPE}`);
    return undefined;
  }
  const value: Record<string, Json> = {};
  let empty = true;
  for (const member of variant.members) {
    if (member.name === ODATA_TYPE) {
      value[ODATA_TYPE] = variant.odataType ?? null;
      empty = false;
      continue;
    }
    const inner = canonicalOf(member.shape, raw[member.name], `${path}.${member.name}`, unrecognised);
    if (inner === undefined) continue;
    value[member.name] = inner;
    if (!isEmptyCollection(inner)) empty = false;
  }
  if (!readsById(shape)) noteUndeclared(variant, raw, path, unrecognised);
  return empty ? undefined : value;
}

function complexVariant(shape: ComplexShape, raw: JsonObject): ComplexVariant | undefined {
  const [only] = shape.variants;
  if (shape.variants.length === 1 && only?.odataType === undefined) return only;
  return shape.variants.find((variant) => variant.odataType === raw[ODATA_TYPE]);
}

function noteUndeclared(variant: ComplexVariant, raw: JsonObject, path: string, unrecognised: string[]): void {
  for (const [name, value] of Object.entries(raw)) {
    if (name.includes('@') || value === null || isEmptyCollection(value) || variant.derived.includes(name)) continue;
    if (!variant.members.some((member) => member.name === name)) unrecognised.push(`${path}.${name}`);
  }
}

function isEmptyCollection(value: Json | undefined): boolean {
  return isJsonArray(value) && value.length === 0;
}

function collectionOf(shape: CollectionShape, raw: readonly Json[], path: string, unrecognised: string[]): Json {
  const items = raw
    .map((item) => canonicalOf(shape.items, item, path, unrecognised))
    .filter((item): item is Json => item !== undefined);
  if (shape.order === 'list') return items;
  const byOrder = new Map<string, Json>();
  for (const item of items) byOrder.set(sortText(shape, item), item);
  return [...byOrder.keys()].sort(byCodeUnit).map((text) => byOrder.get(text) as Json);
}

/** Text by which an item of a set is sorted: its identifying members first, then all of it. */
function sortText(shape: CollectionShape, item: Json): string {
  if (typeof item === 'string') return item;
  const keys = isJsonObject(item) ? (shape.keys ?? []).map((key) => canonicalJson(item[key] ?? null)) : [];
  return [...keys, canonicalJson(item)].join('\u0000');
}

/** Letters in lower case, but for those that are other letters there: the Kelvin sign is no k. */
function foldCase(text: string): string {
  return text.replace(/\p{Lu}/gu, (letter) => {
    const small = letter.toLowerCase();
    return small.toUpperCase() === letter ? small : letter;
  });
}

/** Whether two canonical values of a shape mean the same to Graph. */
export function sameValue(shape: Shape, a: Json | undefined, b: Json | undefined): boolean {
  return jsonEqual(a, b) || jsonEqual(comparable(shape, a ?? null), comparable(shape, b ?? null));
}

function comparable(shape: Shape, value: Json): Json {
  if (value === null) return null;
  switch (shape.kind) {
    case 'scalar':
      if (typeof value !== 'string') return value;
      if (shape.flags !== undefined) return canonicalFlags(shape, value).replaceAll(', ', ',');
      if (shape.alike !== undefined) return shape.alike.find((group) => group.includes(value))?.[0] ?? value;
      return shape.caseInsensitive ? foldCase(value) : value;
    case 'collection': {
      if (!isJsonArray(value)) return value;
      const items = value.map((item: Json) => comparable(shape.items, item));
      return shape.order === 'set' ? items.sort((a, b) => byCodeUnit(canonicalJson(a), canonicalJson(b))) : items;
    }
    case 'complex': {
      const variant = isJsonObject(value) ? complexVariant(shape, value) : undefined;
      if (!isJsonObject(value) || variant === undefined) return value;
      const members = variant.members.filter((member) => value[member.name] !== undefined);
      return Object.fromEntries(
        members.map((member) => [member.name, comparable(member.shape, value[member.name] as Json)]),
      );
    }
  }
}
