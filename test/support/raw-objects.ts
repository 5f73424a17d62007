/** Objects as Graph might answer them, made from the compiled types, and other spellings of the same objects. */

import fc from 'fast-check';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../src/model/json.js';
import { DELETED } from '../../src/model/object.js';
import type {
  ComplexShape,
  ComplexVariant,
  Member,
  ObjectType,
  ScalarShape,
  Shape,
  TypeVariant,
} from '../../src/registry/types.js';
import { hostileString } from './hostile.js';

const ODATA_TYPE = '@odata.type';
const guid = fc.uuid({ version: 4 });
const date = fc
  .tuple(fc.date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }), fc.nat(9_999_999))
  .map(([day, fraction]) => {
    const digits = String(fraction).padStart(7, '0').replace(/0+$/, '');
    return `${day.toISOString().slice(0, 19)}${digits === '' ? '' : `.${digits}`}Z`;
  });

/** A value of this shape in some spelling; never null, and no collection in it is missing. */
export function anyValue(shape: Shape): fc.Arbitrary<Json> {
  switch (shape.kind) {
    case 'scalar':
      return scalarOf(shape);
    case 'collection':
      return fc.array(anyValue(shape.items), { maxLength: 4 });
    case 'complex':
      return fc.oneof(...shape.variants.map((variant) => membersOf(variant)));
  }
}

function membersOf(variant: ComplexVariant): fc.Arbitrary<JsonObject> {
  const members = variant.members.map((member): [string, fc.Arbitrary<Json>] => {
    if (member.name === ODATA_TYPE) return [member.name, fc.constant(variant.odataType ?? null)];
    if (member.shape.kind === 'collection') return [member.name, anyValue(member.shape)];
    return [member.name, fc.option(anyValue(member.shape), { nil: null, freq: 3 })];
  });
  return fc.record(Object.fromEntries(members)) as fc.Arbitrary<JsonObject>;
}

function scalarOf(shape: ScalarShape): fc.Arbitrary<Json> {
  if (shape.scalar === 'boolean') return fc.boolean();
  if (shape.scalar === 'integer') return fc.integer();
  if (shape.scalar === 'number') return fc.double({ noNaN: true, noDefaultInfinity: true });
  if (shape.format === 'uuid') return guid;
  if (shape.format === 'date-time') return date;
  if (shape.flags !== undefined) {
    const separator = shape.flags === 'comma' ? ',' : ' ';
    const words = shape.values ?? ['None', 'DisableStrongPassword', 'DisablePasswordExpiration'];
    return fc.subarray([...words], { minLength: 1 }).map((some) => some.join(separator));
  }
  if (shape.values !== undefined) return fc.constantFrom(...shape.values);
  if (shape.reference !== undefined) return fc.oneof(guid, fc.constantFrom('All', ...shape.reference.sentinels));
  return hostileString;
}

export interface RawObject {
  readonly variant: TypeVariant;
  readonly values: JsonObject;
  readonly deleted: string | null;
  readonly links: Readonly<Record<string, readonly string[]>>;
}

/** An object of this type, each of its properties there. */
export function objectOf(type: ObjectType): fc.Arbitrary<RawObject> {
  return fc.constantFrom(...type.variants).chain((variant) => {
    const values = variant.properties
      .filter((property) => property.name !== DELETED)
      .map((property): [string, fc.Arbitrary<Json>] => {
        if (property.name === ODATA_TYPE) return [property.name, fc.constant(variant.odataType ?? null)];
        if (type.keys.includes(property.name)) return [property.name, identityOf(type, property)];
        const value = anyValue(property.shape);
        return [property.name, property.clearable ? fc.option(value, { nil: null }) : value.filter(isSomething)];
      });
    return fc.record({
      variant: fc.constant(variant),
      values: fc
        .tuple(fc.record(Object.fromEntries(values)) as fc.Arbitrary<JsonObject>, kindOf(type))
        .map(([own, kind]) => ({ ...kind, ...own })),
      deleted: fc.option(date, { nil: null }),
      links: fc.record(Object.fromEntries(type.links.map((link) => [link.name, fc.array(guid, { maxLength: 4 })]))),
    });
  });
}

/** Where Graph never answers with nothing, it does not answer with an object of nothing either. */
function isSomething(value: Json): boolean {
  if (!isJsonObject(value)) return value !== null;
  return Object.values(value).some((item) => (isJsonArray(item) ? item.length > 0 : isSomething(item)));
}

/** What identifies an object: an id, a word as some collections have them, or a place as edges name it. */
function identityOf(type: ObjectType, { shape }: Member): fc.Arbitrary<Json> {
  if (shape.kind === 'scalar' && shape.format === 'uuid') return guid;
  if (type.edge === undefined) return fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,20}$/);
  return fc.oneof(
    fc.constant('/'),
    guid.map((id) => `/administrativeUnits/${id}`),
  );
}

/** The derived type that an object is of, if it is of one. */
function kindOf(type: ObjectType): fc.Arbitrary<JsonObject> {
  const named = type.kinds.map(({ odataType }): JsonObject => ({ [ODATA_TYPE]: odataType }));
  return fc.constantFrom<JsonObject[]>({}, ...named);
}

/** Another spelling of the same object: order, repetition, nulls, letter case of ids, digits and zones of dates. */
export function respelt(raw: RawObject): fc.Arbitrary<RawObject> {
  const links = Object.entries(raw.links).map(([name, ids]): [string, fc.Arbitrary<string[]>] => [
    name,
    shuffled(ids).chain((some) => fc.tuple(...some.map(otherCase))),
  ]);
  const { [ODATA_TYPE]: kind } = raw.values;
  return fc.record({
    variant: fc.constant(raw.variant),
    values: otherMembers(raw.variant.properties, raw.values).map((values) =>
      kind === undefined ? values : { ...values, [ODATA_TYPE]: kind },
    ),
    deleted: raw.deleted === null ? fc.constant(null) : otherDate(raw.deleted),
    links: fc.record(Object.fromEntries(links)),
  });
}

function otherMembers(members: readonly Member[], values: JsonObject): fc.Arbitrary<JsonObject> {
  const entries = members.flatMap(({ name, shape }): [string, fc.Arbitrary<Json | undefined>][] => {
    const value = values[name];
    return value === undefined ? [] : [[name, name === ODATA_TYPE ? fc.constant(value) : otherSpelling(shape, value)]];
  });
  return fc
    .record({
      values: fc.record(Object.fromEntries(entries)),
      order: fc.shuffledSubarray(
        entries.map(([name]) => name),
        { minLength: entries.length },
      ),
      annotated: fc.subarray(entries.map(([name]) => name)),
    })
    .map(({ values: spelt, order, annotated }) => {
      const notes = annotated.map((name) => [`${name}@odata.context`, '$metadata#x'] as const);
      const named = order.map((name) => [name, spelt[name]] as const).filter(([, value]) => value !== undefined);
      return Object.fromEntries([...named, ...notes]) as JsonObject;
    });
}

function otherSpelling(shape: Shape, value: Json): fc.Arbitrary<Json | undefined> {
  if (value === null) return nothing(shape);
  if (shape.kind === 'collection' && isJsonArray(value)) {
    if (value.length === 0) return fc.constantFrom<(Json | undefined)[]>([], null, undefined);
    const order = shape.order === 'set' ? shuffled(value) : fc.constant([...value]);
    return order.chain((items) => fc.tuple(...items.map((item) => present(shape.items, item))));
  }
  return present(shape, value);
}

/** Spellings of nothing: null, missing, and for complex values one whose members are all nothing. */
function nothing(shape: Shape): fc.Arbitrary<Json | undefined> {
  if (shape.kind !== 'complex' || shape.variants[0]?.odataType !== undefined)
    return fc.constantFrom<(Json | undefined)[]>(null, undefined);
  const members = shape.variants[0]?.members ?? [];
  const empty = Object.fromEntries(
    members.map((member) => [member.name, member.shape.kind === 'collection' ? [] : null]),
  );
  return fc.constantFrom<(Json | undefined)[]>(null, undefined, {}, empty);
}

function present(shape: Shape, value: Json): fc.Arbitrary<Json> {
  if (shape.kind === 'scalar') return typeof value === 'string' ? otherText(shape, value) : fc.constant(value);
  if (shape.kind === 'collection') return otherSpelling(shape, value) as fc.Arbitrary<Json>;
  const members = variantOf(shape, value)?.members ?? [];
  return isJsonObject(value) ? otherMembers(members, value) : fc.constant(value);
}

function variantOf(shape: ComplexShape, value: Json): ComplexVariant | undefined {
  const kind = isJsonObject(value) ? value[ODATA_TYPE] : undefined;
  return shape.variants.find((variant) => variant.odataType === kind) ?? shape.variants[0];
}

function otherText(shape: ScalarShape, value: string): fc.Arbitrary<string> {
  const id = shape.format === 'uuid' || (shape.reference !== undefined && /^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(value));
  if (id) return otherCase(value);
  if (shape.format === 'date-time') return otherDate(value);
  if (shape.flags === undefined) return fc.constant(value);
  const separator = shape.flags === 'comma' ? ',' : ' ';
  return shuffled(value.split(separator)).map((words) => words.join(separator));
}

/** The items in another order, perhaps one of them twice. */
function shuffled<T>(items: readonly T[]): fc.Arbitrary<T[]> {
  return fc
    .tuple(fc.shuffledSubarray([...items], { minLength: items.length }), fc.nat(items.length))
    .map(([some, at]) => [...some, ...some.slice(at, at + 1)]);
}

function otherCase(text: string): fc.Arbitrary<string> {
  return fc.boolean().map((loud) => (loud ? text.toUpperCase() : text));
}

function otherDate(value: string): fc.Arbitrary<string> {
  const [seconds = '', fraction = ''] = value.slice(0, -1).split('.');
  return fc.tuple(fc.nat(3), fc.constantFrom(0, 2, -5)).map(([zeros, hours]) => {
    const digits = `${fraction}${'0'.repeat(zeros)}`;
    const local = new Date(Date.parse(`${seconds}Z`) + hours * 3_600_000).toISOString().slice(0, 19);
    const zone = hours === 0 ? 'Z' : `${hours < 0 ? '-' : '+'}0${Math.abs(hours)}:00`;
    return `${local}${digits === '' ? '' : `.${digits}`}${zone}`;
  });
}
