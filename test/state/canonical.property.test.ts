import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareProperties } from '../../src/diff/compare.js';
import { isJsonObject, type Json, type JsonObject } from '../../src/model/json.js';
import type { DirectoryObject } from '../../src/model/object.js';
import { loadRegistry } from '../../src/registry/load.js';
import type { ObjectType } from '../../src/registry/types.js';
import { canonicalise } from '../../src/state/canonical.js';
import { readObject } from '../../src/state/document.js';
import { contentId, emitObject, emitWithId } from '../../src/state/emit.js';
import { objectOf, type RawObject, respelt } from '../support/raw-objects.js';

const registry = loadRegistry();
/** CANONICAL_RUNS: how often each rule is tried on each type. */
const RUNS = { numRuns: Number(process.env.CANONICAL_RUNS ?? 200) };

function canonical(type: ObjectType, { values, deleted, links }: RawObject): DirectoryObject {
  const result = canonicalise(type, values, { deleted, links });
  if (result === undefined) throw new Error('no canonical form');
  expect(result.unrecognised).toEqual([]);
  return result.object;
}

describe.each(registry.types.map((type) => [type.name, type] as const))('the canonical form of any %s', (_, type) => {
  const raw = objectOf(type);
  const twoSpellings = raw.chain((first) => fc.tuple(fc.constant(first), respelt(first), respelt(first)));

  it('is its own canonical form', () => {
    fc.assert(
      fc.property(raw, (given) => {
        const once = canonical(type, given);
        const deleted = once.properties.deletedDateTime as string | null;
        const again = canonical(type, { ...given, values: once.properties as JsonObject, deleted, links: once.links });
        expect(again).toEqual(once);
        expect(emitObject(again).equals(emitObject(once))).toBe(true);
      }),
      RUNS,
    );
  });

  it('reads back from its file as the same object with the same bytes', () => {
    fc.assert(
      fc.property(raw, (given) => {
        const object = canonical(type, given);
        const bytes = emitObject(object);
        expect(emitWithId(object)).toEqual({ bytes, id: contentId(bytes) });
        const read = readObject(registry, type, object.key, bytes.toString('utf8'), 'file', 'by a person');
        expect(read).toEqual(object);
        expect(emitObject(read).equals(bytes)).toBe(true);
      }),
      RUNS,
    );
  });

  it('has the same content id for every spelling of the same object', () => {
    fc.assert(
      fc.property(twoSpellings, ([first, second, third]) => {
        const texts = [first, second, third].map((given) => emitObject(canonical(type, given)).toString('utf8'));
        expect(texts[1]).toBe(texts[0]);
        expect(texts[2]).toBe(texts[0]);
        expect(new Set(texts.map((text) => contentId(Buffer.from(text)))).size).toBe(1);
      }),
      RUNS,
    );
  });

  // Edges may hold nothing but what they connect.
  const compared = ['readWrite', 'readOnly', 'createOnly'];
  const comparable = type.properties.some(({ access }) => compared.includes(access));
  it.runIf(comparable)('differs from that of another object in exactly the property that was changed', () => {
    const pair = fc.tuple(raw, raw).chain(([given, donor]) => {
      const names = given.variant.properties
        .filter((property) => compared.includes(property.access) && donor.values[property.name] !== undefined)
        .map((property) => property.name);
      return fc.record({ given: fc.constant(given), donor: fc.constant(donor), name: fc.constantFrom(...names) });
    });
    fc.assert(
      fc.property(pair, ({ given, donor, name }) => {
        fc.pre(given.variant === donor.variant);
        const value = donor.values[name] as Json;
        const before = canonical(type, given);
        const after = canonical(type, { ...given, values: { ...given.values, [name]: value } });
        const changes = compareProperties(type, after, before);
        if (emitObject(before).equals(emitObject(after))) expect(changes).toEqual([]);
        else if (differsInCase(before.properties[name], after.properties[name])) expect(changes.length).toBeLessThan(2);
        else if (areAlike(type, name, [before, after])) expect(changes).toEqual([]);
        else expect(changes.map((change) => change.path)).toEqual([name]);
      }),
      RUNS,
    );
  });

  it('names every member of a complex value that the schema does not describe, unless it is empty', () => {
    fc.assert(
      fc.property(raw, fc.constantFrom<Json[]>('x', 0, false, ['x'], { a: null }), (given, value) => {
        const places = complexMembers(given.values);
        for (const name of places) {
          const inside = given.values[name] as JsonObject;
          const unrecognised = (more: JsonObject) =>
            canonicalise(type, { ...given.values, [name]: { ...inside, ...more } }, { deleted: null, links: {} })
              ?.unrecognised;
          expect(unrecognised({ newMember: value })).toEqual([`${name}.newMember`]);
          expect(unrecognised({ newMember: null, other: [], 'newMember@odata.type': 'x' })).toEqual([]);
        }
      }),
      RUNS,
    );
  });
});

function areAlike(type: ObjectType, name: string, objects: readonly DirectoryObject[]): boolean {
  const shape = type.properties.find((property) => property.name === name)?.shape;
  const groups = shape?.kind === 'scalar' ? (shape.alike ?? []) : [];
  return groups.some((group) => objects.every(({ properties }) => group.includes(String(properties[name]))));
}

function differsInCase(a: Json | undefined, b: Json | undefined): boolean {
  return JSON.stringify(a).toLowerCase() === JSON.stringify(b).toLowerCase();
}

function complexMembers(values: JsonObject): string[] {
  return Object.keys(values).filter((name) => isJsonObject(values[name]) && !isReference(values[name] as JsonObject));
}

/** An object whose only member is an id stands for the object of that id. */
function isReference(value: JsonObject): boolean {
  return Object.keys(value).join() === 'id';
}
