/**
 * Values that properties take, made from what Microsoft's metadata and the sandbox's tables say of them, and never from
 * the product's schemas: a property that a schema lacks is damaged like any other, and found missing.
 */

import fc from 'fast-check';
import type { Json } from '../../src/model/json.js';
import { enumOf, isComplex, isKindOf, navigationOf, type PropertyFact, propertiesOf } from '../../src/sandbox/facts.js';
import { agentWritable } from '../../src/sandbox/quirks/application-writing.js';
import { allowedRange, allowedValues, maxItems } from '../../src/sandbox/quirks/values.js';
import { createOnly, delegatedOnly, notClearable, readOnly } from '../../src/sandbox/quirks/writing.js';
import { type Ids, idPool, none, optional, SPECIAL, UNTOUCHED, type Values } from './special-values.js';
import { text } from './tenant-values.js';

/** An object of which everything is null looks like one that may not be read, and is kept as it was: it has a name at least. */
const ALWAYS_TOLD = new Set(['authenticationContextClassReference.displayName']);

/** Values of every property that a request can set: of an object that is there already, or of a new one. */
export function factValues(base: string, entity: string, ids: Ids, mode: 'create' | 'update'): Values {
  const values: Record<string, fc.Arbitrary<Json>> = {};
  for (const [name, fact] of propertiesOf(entity)) {
    const fixed =
      name === 'id' ||
      name === 'deletedDateTime' ||
      fact.computed ||
      readOnly[base]?.has(name) ||
      delegatedOnly[base]?.has(name);
    const later = mode === 'update' && (fact.immutable === true || createOnly[base]?.has(name) === true);
    if (fixed || later || agentWritable[entity]?.has(name) === false || UNTOUCHED.has(`${base}.${name}`)) continue;
    const value = propertyValue(base, entity, name, fact, ids);
    const empty =
      ALWAYS_TOLD.has(`${base}.${name}`) || fact.nullable === false || fact.collection || notClearable[base]?.has(name);
    values[name] = empty ? value : optional(value);
  }
  return values;
}

function propertyValue(base: string, entity: string, name: string, fact: PropertyFact, ids: Ids): fc.Arbitrary<Json> {
  const special = SPECIAL[`${entity}.${name}`] ?? SPECIAL[`${base}.${name}`] ?? SPECIAL[`.${name}`];
  if (special !== undefined) return special(ids);
  if (!fact.collection) return itemOf(entity, name, fact, ids);
  const most = Math.min(3, maxItems[entity]?.[name] ?? 3);
  return fc.uniqueArray(itemOf(entity, name, fact, ids), { maxLength: most, selector: identity });
}

/** What two items of one collection must not share. */
function identity(item: Json): string {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return JSON.stringify(item).toLowerCase();
  const of = item as Readonly<Record<string, Json>>;
  const named = of.id ?? of.appId ?? of.resourceAppId ?? of.keyId ?? of.key ?? of.name ?? of.subjectKeyIdentifier;
  return JSON.stringify(named ?? of.x509CertificateField ?? item).toLowerCase();
}

function itemOf(owner: string, name: string, fact: PropertyFact, ids: Ids): fc.Arbitrary<Json> {
  const words = allowedValues[owner]?.[name];
  if (words !== undefined) return fc.constantFrom(...words);
  const special = SPECIAL[fact.type];
  if (special !== undefined) return special(ids);
  const listed = enumOf(fact.type);
  if (listed !== undefined) {
    const members = listed.members.filter((member) => member !== 'unknownFutureValue');
    if (!listed.flags) return fc.constantFrom(...members);
    return fc
      .subarray([...members], { minLength: 1, maxLength: Math.min(2, members.length) })
      .map((some) => some.join(','));
  }
  if (isComplex(fact.type)) return complexOf(fact.type, ids);
  const range = allowedRange[owner]?.[name];
  return scalarOf(fact.type, range);
}

function scalarOf(type: string, range: readonly [number, number] = [0, 5]): fc.Arbitrary<Json> {
  switch (type) {
    case 'Edm.Boolean':
      return fc.boolean();
    case 'Edm.Guid':
      return idPool;
    case 'Edm.Int32':
    case 'Edm.Int64':
      return fc.integer({ min: range[0], max: range[1] });
    case 'Edm.DateTimeOffset':
      return fc.constantFrom('2026-01-31T00:00:00Z', '2026-02-01T10:20:30.500Z', '2026-03-01T01:00:00+02:00');
    case 'Edm.Binary':
      return fc.constantFrom('AQID', 'BAUG');
    default:
      return text(12);
  }
}

function complexOf(type: string, ids: Ids): fc.Arbitrary<Json> {
  const members: Record<string, fc.Arbitrary<Json>> = {};
  for (const [name, fact] of propertiesOf(type)) {
    if (UNTOUCHED.has(`${type}.${name}`) || name in navigationOf(type)) continue;
    const value = propertyValue(type, type, name, fact, ids);
    const needed = fact.nullable === false || fact.collection || name === 'id' || isKindOf(type, 'entity');
    members[name] = needed ? value : optional(value);
  }
  return Object.keys(members).length === 0 ? none : (fc.record(members) as fc.Arbitrary<Json>);
}
