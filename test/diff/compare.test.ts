import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareLinks, compareObject, compareProperties, differingKeys, presenceOf } from '../../src/diff/compare.js';
import type { Json, JsonObject } from '../../src/model/json.js';
import type { DirectoryObject, ObjectKey, Presence } from '../../src/model/object.js';
import { loadRegistry } from '../../src/registry/load.js';
import { typeNamed } from '../support/memory-state.js';

const registry = loadRegistry();
const group = typeNamed(registry, 'group');
const user = typeNamed(registry, 'user');
const everywhere = { desired: () => true, live: () => true };

const object = (properties: JsonObject, members?: readonly string[]): DirectoryObject => ({
  key: 'group/x',
  properties,
  links: members === undefined ? {} : { members },
});

describe('objects that differ', () => {
  it('are those whose content ids differ or that only one side has, sorted, each once', () => {
    const key = fc.constantFrom<ObjectKey>('user/a', 'user/b', 'user/c', 'group/a', 'group/b', 'group/Z');
    const state = fc.uniqueArray(fc.tuple(key, fc.constantFrom('1', '2')), { selector: ([name]) => name });
    fc.assert(
      fc.property(state, state, fc.constantFrom('user', 'group', ''), (desired, live, type) => {
        const [wanted, found] = [new Map(desired), new Map(live)];
        const keys = differingKeys(wanted, found, (name) => name.startsWith(type));
        const expected = [...new Set([...wanted.keys(), ...found.keys()])]
          .filter((name) => name.startsWith(type) && wanted.get(name) !== found.get(name))
          .sort();
        expect(keys).toEqual(expected);
      }),
    );
  });
});

describe('properties that differ', () => {
  it('are those that both sides manage, in schema order, without context', () => {
    const desired = object({ jobTitle: 'x', displayName: 'Ada', department: 'R', createdDateTime: '1', city: 'Oslo' });
    const live = object({ jobTitle: 'y', displayName: 'Eve', createdDateTime: '2', city: 'Oslo', country: 'NO' });
    expect(compareProperties(user, desired, live)).toEqual([
      { path: 'displayName', live: 'Eve', desired: 'Ada' },
      { path: 'jobTitle', live: 'y', desired: 'x' },
    ]);
  });

  it('are those that mean something else', () => {
    const same = (name: string, a: Json, b: Json) =>
      compareProperties(user, object({ [name]: a }), object({ [name]: b }));
    expect(same('userPrincipalName', 'Ada@Contoso.com', 'ada@contoso.com')).toEqual([]);
    expect(same('otherMails', ['a@x', 'B@x'], ['b@x', 'A@x'])).toEqual([]);
    expect(same('passwordPolicies', 'A, B', 'B,A')).toEqual([]);
    expect(same('displayName', 'Ada', 'ada')).toHaveLength(1);
    expect(same('department', null, '')).toHaveLength(1);
  });
});

describe('links that differ', () => {
  it('are what only one side has', () => {
    expect(compareLinks(group, object({}, ['a', 'b']), object({}, ['b', 'c']), everywhere)).toEqual([
      { link: 'members', add: ['a'], remove: ['c'] },
    ]);
    expect(compareLinks(group, object({}, ['a']), object({}, ['a']), everywhere)).toEqual([]);
  });

  it('do not count where either side was not read', () => {
    expect(compareLinks(group, object({}), object({}, ['a']), everywhere)).toEqual([]);
    expect(compareLinks(group, object({}, ['a']), object({}), everywhere)).toEqual([]);
    expect(compareLinks(group, undefined, object({}, ['a']), everywhere)).toEqual([]);
  });

  it('count as empty on the side where they are derived, so that what the other side holds is seen', () => {
    const dynamic = object({ groupTypes: ['DynamicMembership'] });
    expect(compareLinks(group, object({}, ['a']), dynamic, everywhere)).toEqual([
      { link: 'members', add: ['a'], remove: [] },
    ]);
    expect(compareLinks(group, dynamic, object({}, ['a']), everywhere)).toEqual([
      { link: 'members', add: [], remove: ['a'] },
    ]);
    expect(compareLinks(group, dynamic, dynamic, everywhere)).toEqual([]);
  });

  it('are in effect only with a target that is in effect on that side', () => {
    const effective = { desired: (id: string) => id !== 'binned', live: (id: string) => id !== 'gone' };
    expect(compareLinks(group, object({}, ['a', 'binned']), object({}, ['c', 'gone']), effective)).toEqual([
      { link: 'members', add: ['a'], remove: ['c'] },
    ]);
  });
});

describe('an object', () => {
  const side = (presence: Presence, properties: JsonObject = {}) => ({ presence, object: object(properties, []) });

  it('says of itself where it stands', () => {
    expect(presenceOf(undefined)).toBe('absent');
    expect(presenceOf(object({}))).toBe('active');
    expect(presenceOf(object({ deletedDateTime: null }))).toBe('active');
    expect(presenceOf(object({ deletedDateTime: '2026-11-01T00:00:00Z' }))).toBe('deleted');
  });

  it('has no difference where both sides are the same, or both are not active', () => {
    for (const [wanted, found] of [
      ['active', 'active'],
      ['deleted', 'deleted'],
      ['absent', 'absent'],
    ] as const)
      expect(
        compareObject(
          group,
          'group/x',
          side(wanted, { displayName: 'x' }),
          side(found, { displayName: 'x' }),
          everywhere,
        ),
      ).toBeUndefined();
    expect(
      compareObject(
        group,
        'group/x',
        side('deleted', { displayName: 'x' }),
        side('deleted', { displayName: 'y' }),
        everywhere,
      ),
    ).toBeUndefined();
  });

  it('lists no property where one side is not active: presence alone is the difference', () => {
    for (const [wanted, found] of [
      ['active', 'deleted'],
      ['active', 'unknown'],
      ['deleted', 'active'],
      ['absent', 'active'],
    ] as const) {
      const change = compareObject(
        group,
        'group/x',
        side(wanted, { displayName: 'x' }),
        side(found, { displayName: 'y' }),
        everywhere,
      );
      expect(change).toMatchObject({ desired: wanted, live: found, properties: [], links: [] });
    }
  });

  it('is called what it is called now, and by its old name where it is not active', () => {
    const label = (found: Presence) =>
      compareObject(
        group,
        'group/x',
        side('active', { displayName: 'Old' }),
        side(found, { displayName: 'New' }),
        everywhere,
      )?.label;
    expect([label('active'), label('deleted')]).toEqual(['New', 'Old']);
  });
});
