import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/model/json.js';
import { idOf, type ObjectKey } from '../../src/model/object.js';
import { endpointsOf, graphIdOf, isOneOf, keyOf, ownerOf, singletonKey } from '../../src/registry/identity.js';
import { loadRegistry } from '../../src/registry/load.js';
import { createLayout, isSafeKey } from '../../src/state/layout.js';
import { typeNamed } from '../support/memory-state.js';
import { objectOf, respelt } from '../support/raw-objects.js';

const registry = loadRegistry();
const layout = createLayout(registry);
const id = (last: string) => `f0000000-0000-4000-8000-00000000000${last}`;
const [ADA, CRM, ROLE] = ['1', 'a', 'c'].map(id) as [string, string, string];

/** Objects as Graph answers them, by type, with their keys and the ids that requests for them carry. */
const TABLE: readonly (readonly [string, JsonObject, string | undefined, string | undefined])[] = [
  ['user', { id: ADA.toUpperCase() }, ADA, ADA.toUpperCase()],
  ['organization', { id: ADA }, 'organization', ADA],
  ['authorizationPolicy', { id: 'authorizationPolicy' }, 'authorizationpolicy', 'authorizationPolicy'],
  ['authenticationMethodConfiguration', { id: 'Fido2' }, 'fido2', 'Fido2'],
  [
    'appRoleAssignment',
    { id: 'x_Y', principalId: ADA.toUpperCase(), resourceId: CRM, appRoleId: ROLE },
    `${ADA}_${CRM}_${ROLE}`,
    'x_Y',
  ],
  ['appRoleAssignment', { principalId: ADA, resourceId: CRM, appRoleId: ROLE }, `${ADA}_${CRM}_${ROLE}`, undefined],
  ['appRoleAssignment', { id: 'x', principalId: ADA, resourceId: CRM }, undefined, 'x'],
  ['appRoleAssignment', { id: 'x', principalId: ADA, resourceId: CRM, appRoleId: '' }, undefined, 'x'],
  ['oauth2PermissionGrant', { id: 'g', clientId: ADA, resourceId: CRM }, `${ADA}_${CRM}`, 'g'],
  [
    'roleAssignment',
    { id: 'r', roleDefinitionId: ROLE, principalId: ADA, directoryScopeId: '/' },
    `${ROLE}_${ADA}_`,
    'r',
  ],
  [
    'roleAssignment',
    { id: 'r', roleDefinitionId: ROLE, principalId: ADA, directoryScopeId: `/administrativeUnits/${CRM}` },
    `${ROLE}_${ADA}_administrativeunits-${CRM}`,
    'r',
  ],
  ['user', {}, undefined, undefined],
  ['user', { id: 7 }, undefined, undefined],
  ['organization', { displayName: 'x' }, undefined, undefined],
];

describe('an object is identified', () => {
  it.each(TABLE)('%s %j as %s, and in requests as %s', (name, raw, key, graphId) => {
    const type = typeNamed(registry, name);
    expect(keyOf(type, raw)).toBe(key === undefined ? undefined : `${name}/${key}`);
    expect(graphIdOf(type, raw)).toBe(graphId);
  });

  it('the same however it is spelt, and by a name that files can have', () => {
    for (const type of registry.types) {
      const spellings = objectOf(type).chain((raw) => fc.tuple(fc.constant(raw), respelt(raw)));
      fc.assert(
        fc.property(spellings, ([first, second]) => {
          const key = keyOf(type, first.values) as ObjectKey;
          expect(keyOf(type, second.values)).toBe(key);
          expect(isSafeKey(idOf(key)), key).toBe(true);
          expect(layout.keyOf(layout.pathOf(key)), key).toBe(key);
        }),
        { numRuns: 30 },
      );
    }
  });
});

describe('the ends of an edge', () => {
  it('are the objects that it connects; its owner is one of them', () => {
    const edges = registry.types.filter(({ edge }) => edge !== undefined);
    expect(edges.length).toBeGreaterThan(0);
    for (const type of edges) {
      fc.assert(
        fc.property(objectOf(type), ({ values }) => {
          const key = keyOf(type, values) as ObjectKey;
          const owner = ownerOf(type, key) as ObjectKey;
          expect(owner).toBe(`${type.edge?.ownerType}/${String(values[type.edge?.owner ?? ''])}`);
          const ends = endpointsOf(type, key);
          expect(ends.some(({ id: end, types }) => types.some((name) => `${name}/${end}` === owner))).toBe(true);
          for (const { property, id: end } of ends) expect(end).toBe(values[property]);
          expect(isOneOf(type, key, new Set([owner]))).toBe(true);
          expect(isOneOf(type, key, new Set([key]))).toBe(true);
          expect(isOneOf(type, key, new Set<ObjectKey>([`x/${ADA}`]))).toBe(false);
        }),
        { numRuns: 20 },
      );
    }
  });

  it('are none of an object, nor of a key that is not that of an edge', () => {
    const [user, assignment] = ['user', 'appRoleAssignment'].map((name) => typeNamed(registry, name));
    expect(endpointsOf(user as never, `user/${ADA}`)).toEqual([]);
    expect(ownerOf(user as never, `user/${ADA}`)).toBeUndefined();
    expect(ownerOf(assignment as never, 'appRoleAssignment/x')).toBeUndefined();
  });
});

describe('a file', () => {
  it('of what there is only once is named after its type, at the top', () => {
    for (const type of registry.types.filter(({ singleton }) => singleton !== undefined)) {
      expect(layout.pathOf(singletonKey(type))).toBe(`${type.folder}.yaml`);
      expect(layout.keyOf(`${type.folder}/x.yaml`)).toBeUndefined();
      expect(layout.keyOf(`${type.folder}/${type.name.toLowerCase()}.yaml`)).toBeUndefined();
    }
  });

  it('at the top is of nothing else', () => {
    for (const type of registry.types.filter(({ singleton }) => singleton === undefined))
      expect(layout.keyOf(`${type.folder}.yaml`)).toBeUndefined();
    for (const path of ['README.md', 'x.yaml', 'x/y.yaml', 'users/x.txt', 'users/.x.yaml'])
      expect(layout.keyOf(path)).toBeUndefined();
  });

  it('of an edge is in a folder by its first end', () => {
    expect(layout.pathOf(`appRoleAssignment/${ADA}_${CRM}_${ROLE}`)).toBe(
      `appRoleAssignments/${ADA.slice(0, 3)}/${ADA}_${CRM}_${ROLE}.yaml`,
    );
  });

  it('is never named after what cannot be the name of one', () => {
    const devices = ['user/con', 'user/nul-1', 'namedLocation/aux', 'namedLocation/com1', 'namedLocation/lpt9'];
    for (const key of ['user/../x', 'user/', 'user/.x', 'user/a b', 'nothing/x', `user/${'a'.repeat(201)}`, ...devices])
      expect(() => layout.pathOf(key as ObjectKey)).toThrow(/cannot be the name of a file/);
    expect(layout.pathOf('namedLocation/console')).toBe('namedLocations/console.yaml');
  });
});
