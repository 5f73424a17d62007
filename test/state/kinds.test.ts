/** Objects of derived types, members that Graph derives, values that mean the same, and what edges are called. */

import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/model/json.js';
import type { DirectoryObject } from '../../src/model/object.js';
import { loadRegistry } from '../../src/registry/load.js';
import { canonicalise, kindOf, sameValue } from '../../src/state/canonical.js';
import { readObject } from '../../src/state/document.js';
import { emitObject } from '../../src/state/emit.js';
import { edgeLabel, labelOf } from '../../src/state/label.js';
import { typeNamed } from '../support/memory-state.js';

const registry = loadRegistry();
const ID = 'a0000000-0000-4000-8000-000000000001';
const ROLE = 'a0000000-0000-4000-8000-00000000000c';
const KIND = '@odata.type';

const canonical = (type: string, raw: JsonObject) =>
  canonicalise(typeNamed(registry, type), raw, { deleted: null, links: {} });
const objectOf = (type: string, raw: JsonObject) => canonical(type, raw)?.object as DirectoryObject;

describe('an object of a derived type', () => {
  const derived = registry.types.flatMap((type) => type.kinds.map((kind) => [type.name, kind] as const));

  it.each(derived)('%s: says so, first of all, and reads back as what it is', (name, kind) => {
    const type = typeNamed(registry, name);
    const object = objectOf(name, { id: ID, [KIND]: kind.odataType });
    expect(Object.keys(object.properties)[0]).toBe(KIND);
    expect(object.properties[KIND]).toBe(kind.odataType);
    expect(kindOf(type, object.properties)).toEqual(kind);
    const text = emitObject(object).toString('utf8');
    expect(readObject(registry, type, object.key, text, 'file', 'by snapshot')).toEqual(object);
    const short = `"@odata.type": "${kind.odataType}"\nid: ${ID}\n`;
    expect(readObject(registry, type, object.key, short, 'file', 'by a person').properties).toEqual({
      [KIND]: kind.odataType,
      id: ID,
    });
  });

  it.each(registry.types.filter(({ kinds }) => kinds.length > 0).map(({ name }) => name))(
    '%s: others do not say what they are, and a person cannot make one up',
    (name) => {
      const type = typeNamed(registry, name);
      for (const odataType of [undefined, `#microsoft.graph.${name}`, '#microsoft.graph.somethingNew']) {
        const raw = { id: ID, ...(odataType === undefined ? {} : { [KIND]: odataType }) };
        expect(objectOf(name, raw).properties).not.toHaveProperty([KIND]);
        expect(kindOf(type, raw)).toBeUndefined();
      }
      const text = `id: ${ID}\n"@odata.type": "#microsoft.graph.somethingNew"\n`;
      expect(() => readObject(registry, type, `${name}/${ID}`, text, 'file', 'by a person')).toThrow();
    },
  );
});

describe('members that Graph derives', () => {
  const role = {
    id: ROLE,
    value: 'x',
    displayName: 'X',
    description: 'X',
    allowedMemberTypes: ['User'],
    isEnabled: true,
  };

  it('are neither stored nor wondered about, and any other member is', () => {
    const found = canonical('servicePrincipal', { id: ID, appRoles: [{ ...role, origin: 'Application' }] });
    expect(found?.object.properties.appRoles).toEqual([role]);
    expect(found?.unrecognised).toEqual([]);
    const odd = canonical('servicePrincipal', { id: ID, appRoles: [{ ...role, origins: 'Application' }] });
    expect(odd?.unrecognised).toEqual(['appRoles.origins']);
  });

  it('never keep a secret', () => {
    const secret = { keyId: ROLE, displayName: 'ci', hint: 'abc', secretText: 'abcdef' };
    for (const type of ['application', 'servicePrincipal']) {
      const { object, unrecognised } = canonical(type, { id: ID, passwordCredentials: [secret] }) ?? {};
      expect(object?.properties.passwordCredentials).toEqual([{ keyId: ROLE, displayName: 'ci' }]);
      expect([unrecognised, emitObject(object as DirectoryObject).includes('abc')]).toEqual([[], false]);
    }
  });
});

describe('values that mean the same', () => {
  it.each<readonly [Json, Json, boolean]>([
    ['enabled', 'enforced', true],
    ['enforced', 'enabled', true],
    ['enabled', 'enabled', true],
    ['enabled', 'disabled', false],
    ['disabled', 'enforced', false],
    [null, 'disabled', false],
    ['new', 'new', true],
    ['new', 'enabled', false],
  ])('are compared alike, and stored as they are: %j and %j', (a, b, same) => {
    const shape = typeNamed(registry, 'user').properties.find(({ name }) => name === 'perUserMfaState')?.shape;
    expect(sameValue(shape as never, a, b)).toBe(same);
    expect(objectOf('user', { id: ID, perUserMfaState: a }).properties.perUserMfaState).toBe(a);
  });
});

describe('the name of an edge', () => {
  const type = typeNamed(registry, 'appRoleAssignment');
  const edge = (appRoleId: string) => objectOf('appRoleAssignment', { principalId: ID, resourceId: ROLE, appRoleId });
  const resource = objectOf('servicePrincipal', { id: ROLE, appRoles: [{ id: ROLE, value: 'CRM.Admin' }] });
  const named = (appRoleId: string, known: boolean) =>
    edgeLabel(
      type,
      edge(appRoleId),
      () => (known ? 'Ada' : undefined),
      (types, id) => (known && types.includes('servicePrincipal') && id === ROLE ? resource : undefined),
    );

  it('is made of the names of what it connects, as far as they are known', () => {
    expect(named(ROLE, true)).toBe('Ada: CRM.Admin');
    expect(named(ID, true)).toBe(`Ada: ${ID}`);
    expect(named(ROLE, false)).toBe(`${ID}: ${ROLE}`);
    expect(labelOf(type, edge(ROLE))).toBe(`${ID}: ${ROLE}`);
  });

  it('has words for ids that stand for something else', () => {
    expect(named('00000000-0000-0000-0000-000000000000', false)).toBe(`${ID}: default access`);
  });

  it('has no words for ids that only every object knows', () => {
    for (const id of ['constructor', '__proto__', 'toString']) expect(named(id, true)).toBe(`Ada: ${id.toLowerCase()}`);
  });

  it('leaves out what is empty', () => {
    const grant = objectOf('oauth2PermissionGrant', { clientId: ID, resourceId: ROLE, scope: null });
    expect(labelOf(typeNamed(registry, 'oauth2PermissionGrant'), grant)).toBe(ID);
  });
});
