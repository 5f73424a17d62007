import { describe, expect, it } from 'vitest';
import * as requests from '../../src/graph/requests.js';
import type { GraphRequest } from '../../src/graph/types.js';
import type { JsonObject } from '../../src/model/json.js';
import { loadRegistry } from '../../src/registry/load.js';
import type { Link, ObjectType, RequestPart, Union } from '../../src/registry/types.js';
import { typeNamed } from '../support/memory-state.js';

const registry = loadRegistry();
const ROOT = 'https://graph.microsoft.com';
const HOSTILE = '../../$batch?a=b#c&d/e%2f é\n';
const ID = '0f8a1c2e-0000-4000-8000-000000000001';
const TARGET = '0f8a1c2e-0000-4000-8000-000000000002';

const links = (type: ObjectType): readonly Link[] => type.links;
const parts = (type: ObjectType): readonly RequestPart[] => type.properties.flatMap(({ part }) => part ?? []);
const unions = (type: ObjectType): readonly Union[] => type.properties.flatMap(({ union }) => union ?? []);
const isWritable = ({ edge }: ObjectType) => edge === undefined || edge.item !== undefined;

/** Where requests find an object of this type: it may be of any kind. An edge belongs to the target. */
const addresses = (type: ObjectType, id: string, target: string): requests.Address[] =>
  [undefined, ...type.kinds].map((kind) => ({ id, kind, ...(type.edge === undefined ? {} : { owner: target }) }));

/** Every exported function, called in every way in which a type has it, with an id and the id of another object. */
const CALLS: Readonly<
  Record<keyof typeof requests, (type: ObjectType, id: string, target: string) => readonly (GraphRequest | undefined)[]>
> = {
  organizationRequest: () => [requests.organizationRequest()],
  listRequest: (type) => (type.path.includes('{owner}') ? [] : [requests.listRequest(type)]),
  listOfOwnerRequest: (type, id) => (type.edge?.list === undefined ? [] : [requests.listOfOwnerRequest(type, id)]),
  getRequest: (type, id) => (type.edge === undefined ? [requests.getRequest(type, id)] : []),
  partRequest: (type, id) => parts(type).map((part) => requests.partRequest(part, id)),
  unionRequest: (type, id) =>
    unions(type).map((union) => requests.unionRequest(union, typeNamed(registry, union.type), id)),
  listDeletedRequest: (type) => (type.bin === undefined ? [] : [requests.listDeletedRequest(type)]),
  getDeletedRequest: (type, id) => (type.bin === undefined ? [] : [requests.getDeletedRequest(type, id)]),
  linkTargetsRequest: (type, id) => links(type).map((link) => requests.linkTargetsRequest(link, id)),
  deltaRequest: (type) => (type.delta === undefined ? [] : [requests.deltaRequest(type)]),
  objectByRequest: (type, id) =>
    unions(type).map((union) => requests.objectByRequest(typeNamed(registry, union.type), union.by, id)),
  ownersOfTargetRequest: (type, id) =>
    links(type).flatMap((link) =>
      Object.keys(link.delta?.apart ?? {}).map((target) => requests.ownersOfTargetRequest(link, target, id)),
    ),
  recoveryJobsRequest: () => [requests.recoveryJobsRequest()],
  updateRequest: (type, id, target) =>
    isWritable(type) ? addresses(type, id, target).map((at) => requests.updateRequest(type, at, { x: 'x' })) : [],
  updatePartRequest: (type, id) => parts(type).map((part) => requests.updatePartRequest(part, id, { x: 'x' })),
  createEdgeRequest: (type, id) =>
    type.edge?.create === undefined ? [] : [requests.createEdgeRequest(type, id, { x: 'x' })],
  deleteEdgeRequest: (type, id, target) =>
    type.edge?.item === undefined ? [] : [requests.deleteEdgeRequest(type, { id, owner: target })],
  restoreRequest: (type, id) => (type.bin === undefined ? [] : [requests.restoreRequest(type, id)]),
  softDeleteRequest: (type, id, target) =>
    type.deletable ? addresses(type, id, target).map((at) => requests.softDeleteRequest(type, at)) : [],
  addTargetsRequest: (type, id, target) =>
    links(type).map((link) => requests.addTargetsRequest(link, id, [target], ROOT)),
  removeTargetRequest: (type, id, target) => links(type).map((link) => requests.removeTargetRequest(link, id, target)),
};

const anyLink = registry.types.flatMap((type) => type.links)[0] as Link;

function everyRequest(id: string, target: string): (GraphRequest & { name: string; type: ObjectType })[] {
  return registry.types.flatMap((type) =>
    Object.entries(CALLS).flatMap(([name, call]) =>
      call(type, id, target).flatMap((request) => (request === undefined ? [] : [{ ...request, name, type }])),
    ),
  );
}

describe('the closed list of requests', () => {
  it('is called in whole by this test', () => {
    expect(Object.keys(requests).sort()).toEqual(Object.keys(CALLS).sort());
    const called = new Set(everyRequest(ID, TARGET).map(({ name }) => name));
    expect([...called].sort()).toEqual(Object.keys(CALLS).sort());
  });

  it('holds no purge', () => {
    for (const { method, path, name } of everyRequest(ID, TARGET)) {
      if (method === 'DELETE') expect(path, name).not.toMatch(/deletedItems/i);
      expect(path, name).not.toMatch(/permanentDelete|hardDelete/i);
    }
  });

  it('deletes nothing but objects of types with a recycle bin, references, and edges below their own path', () => {
    for (const { method, path, name, type } of everyRequest(ID, TARGET)) {
      if (method !== 'DELETE') continue;
      if (name === 'removeTargetRequest') expect(path).toMatch(/\/\$ref$/);
      else if (name === 'deleteEdgeRequest') {
        expect([type.edge === undefined, type.bin]).toEqual([false, undefined]);
        expect(path).toBe(`${type.edge?.create?.replace('{owner}', TARGET)}/${ID}`);
      } else {
        const paths = ['', ...type.kinds.filter(({ cast }) => cast).map(({ odataType }) => `/${odataType.slice(1)}`)];
        expect([name, type.bin !== undefined, type.deletable, type.edge]).toEqual([
          'softDeleteRequest',
          true,
          true,
          undefined,
        ]);
        expect(paths.map((end) => `${type.path}/${ID}${end}`)).toContain(path);
      }
    }
  });

  it('writes one object, one part of it, one link or edge; makes nothing but edges; and restores', () => {
    const writes = everyRequest(ID, TARGET).filter(({ method }) => method !== 'GET');
    const isReference = ({ name, path }: { name: string; path: string }) =>
      name === 'addTargetsRequest' && path.endsWith('/$ref');
    const shapes = new Set(
      writes.filter((request) => !isReference(request)).map(({ method, name }) => `${name} ${method}`),
    );
    for (const { method } of writes.filter(isReference)) expect(method).toBe('POST');
    expect([...shapes].sort()).toEqual([
      'addTargetsRequest PATCH',
      'createEdgeRequest POST',
      'deleteEdgeRequest DELETE',
      'removeTargetRequest DELETE',
      'restoreRequest POST',
      'softDeleteRequest DELETE',
      'updatePartRequest PATCH',
      'updatePartRequest POST',
      'updateRequest PATCH',
    ]);
  });

  it('refuses to remove a link by a path that does not end in /$ref', () => {
    const link: Link = { ...anyLink, remove: { path: '/groups/{id}/members/{target}' } };
    expect(() => requests.removeTargetRequest(link, ID, TARGET)).toThrow(/\$ref/);
  });

  it('refuses to delete an object of a type that has no recycle bin, or is not declared deletable', () => {
    for (const type of registry.types) {
      expect(() => requests.softDeleteRequest({ ...type, bin: undefined }, { id: ID })).toThrow(/recycle bin/);
      expect(() => requests.softDeleteRequest({ ...type, deletable: false }, { id: ID })).toThrow(/recycle bin/);
      expect(requests.listDeletedRequest({ ...type, bin: undefined })).toBeUndefined();
      expect(() => requests.restoreRequest({ ...type, bin: undefined }, ID)).toThrow(/recycle bin/);
      if (type.edge !== undefined || type.singleton !== undefined || type.inline !== undefined)
        expect([type.name, type.bin, type.deletable]).toEqual([type.name, undefined, false]);
    }
  });

  it('refuses to make, change or remove an edge that is only read, or anything that is none', () => {
    for (const type of registry.types) {
      if (type.edge?.create !== undefined) continue;
      expect(() => requests.createEdgeRequest(type, ID, {})).toThrow(/no edge/);
      expect(() => requests.deleteEdgeRequest(type, { id: ID, owner: TARGET })).toThrow(/no edge/);
      expect(() => requests.listOfOwnerRequest(type, ID)).toThrow(/no edge/);
      if (type.edge !== undefined) expect(() => requests.updateRequest(type, { id: ID }, {})).toThrow(/no edge/);
    }
  });

  it('refuses to list edges without their owner where they have no list of their own', () => {
    const byOwner = registry.types.filter(({ path }) => path.includes('{owner}'));
    expect(byOwner.length).toBeGreaterThan(0);
    for (const type of byOwner) expect(() => requests.listRequest(type)).toThrow(/empty id/);
  });

  it('encodes every id, so that no id leads anywhere else', () => {
    const harmless = everyRequest(ID, TARGET);
    for (const [index, { path, body, name }] of everyRequest(HOSTILE, HOSTILE).entries()) {
      const expected = (harmless[index] as GraphRequest).path
        .replaceAll(ID, encodeURIComponent(HOSTILE))
        .replaceAll(TARGET, encodeURIComponent(HOSTILE));
      expect(path, name).toBe(expected);
      expect(new URL(`${ROOT}/v1.0${path}`).pathname.split('/').length, name).toBe(
        new URL(`${ROOT}/v1.0${(harmless[index] as GraphRequest).path}`).pathname.split('/').length,
      );
      if (name === 'addTargetsRequest')
        expect(Object.values(body as JsonObject).flat()).toEqual([
          `${ROOT}/v1.0/directoryObjects/${encodeURIComponent(HOSTILE)}`,
        ]);
    }
  });

  it('leaves no id out of its quotation marks', () => {
    for (const type of registry.types) {
      for (const union of unions(type))
        expect(requests.unionRequest(union, typeNamed(registry, union.type), "x' or '").path).toContain(
          "x''%20or%20''",
        );
      if (type.edge?.list?.includes("'{owner}'"))
        expect(requests.listOfOwnerRequest(type, "x' or '").path).toContain("'x''%20or%20'''");
    }
  });

  it('refuses an empty id: the request would be about the whole collection', () => {
    for (const type of registry.types) {
      for (const [name, call] of Object.entries(CALLS)) {
        if (/^(?:organization|list|listDeleted|union|delta|objectBy|recoveryJobs)Request$/.test(name)) continue;
        // There is only one: its id is not in its path.
        if (type.singleton === 'object' && /^(?:get|update)Request$/.test(name)) continue;
        if (name === 'createEdgeRequest' && !type.edge?.create?.includes('{owner}')) continue;
        if (call(type, ID, TARGET).length > 0) expect(() => call(type, '', TARGET), name).toThrow(/empty id/);
      }
      if (type.edge?.item?.includes('{owner}'))
        for (const owner of ['', undefined])
          expect(() => requests.deleteEdgeRequest(type, { id: ID, owner })).toThrow(/empty id/);
    }
    expect(() => requests.removeTargetRequest(anyLink, ID, '')).toThrow(/empty id/);
    expect(() => requests.addTargetsRequest(anyLink, ID, [''], ROOT)).toThrow(/empty id/);
  });

  it('asks for every declared property of types that answer with a few only, and for the deletion date in the bin', () => {
    for (const type of registry.types) {
      if (!type.path.includes('{owner}')) {
        const { path } = requests.listRequest(type);
        const chosen = new URLSearchParams(path.split('?')[1]).get('$select')?.split(',') ?? [];
        // Other requests answer with parts.
        const own = type.properties.filter(({ name, part }) => !name.startsWith('@') && part?.read !== true);
        if (!type.select) expect(chosen).toEqual([]);
        else expect(chosen).toEqual(own.map(({ name }) => name).filter((name) => name !== 'deletedDateTime'));
      }
      if (type.bin !== undefined)
        expect(requests.listDeletedRequest(type)?.path.includes('deletedDateTime')).toBe(type.select);
    }
  });
});

describe('the path of', () => {
  const at = (name: string, id: string, more: Partial<requests.Address> = {}) =>
    requests.updateRequest(typeNamed(registry, name), { id, ...more }, {}).path;
  const listOf = (name: string) => requests.listRequest(typeNamed(registry, name)).path;

  it('the only object of a type is that of the object, or has the id that Graph gave it', () => {
    expect(at('authorizationPolicy', 'authorizationPolicy')).toBe('/policies/authorizationPolicy');
    expect(listOf('authorizationPolicy')).toBe('/policies/authorizationPolicy');
    expect(at('organization', ID)).toBe(`/organization/${ID}`);
    expect(listOf('organization')).toBe('/organization');
  });

  it('objects that another answer holds is that answer, and each of them has its own', () => {
    expect(listOf('authenticationMethodConfiguration')).toBe('/policies/authenticationMethodsPolicy');
    expect(at('authenticationMethodConfiguration', 'Fido2')).toBe(
      '/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/Fido2',
    );
  });

  it('an object of a derived type names the type where Graph wants it to', () => {
    const kindsOf = (name: string) => typeNamed(registry, name).kinds;
    for (const kind of kindsOf('servicePrincipal'))
      expect(at('servicePrincipal', ID, { kind })).toBe(`/servicePrincipals/${ID}/${kind.odataType.slice(1)}`);
    for (const kind of kindsOf('user')) expect(at('user', ID, { kind })).toBe(`/users/${ID}`);
  });

  it('an edge is below its owner, or in a collection of its own', () => {
    const [assignment, grant] = ['appRoleAssignment', 'oauth2PermissionGrant'].map((name) => typeNamed(registry, name));
    const address = { id: 'e-1', owner: TARGET };
    expect(requests.deleteEdgeRequest(assignment as ObjectType, address).path).toBe(
      `/servicePrincipals/${TARGET}/appRoleAssignedTo/e-1`,
    );
    expect(requests.deleteEdgeRequest(grant as ObjectType, address).path).toBe('/oauth2PermissionGrants/e-1');
    expect(requests.createEdgeRequest(assignment as ObjectType, TARGET, {}).path).toBe(
      `/servicePrincipals/${TARGET}/appRoleAssignedTo`,
    );
    expect(requests.listOfOwnerRequest(grant as ObjectType, TARGET).path).toBe(
      `/oauth2PermissionGrants?$filter=resourceId%20eq%20'${TARGET}'%20and%20consentType%20eq%20'AllPrincipals'`,
    );
    expect(listOf('oauth2PermissionGrant')).toBe(
      "/oauth2PermissionGrants?$filter=consentType%20eq%20'AllPrincipals'&$top=999",
    );
  });

  it('a part of an object has a version of its own', () => {
    const [part] = parts(typeNamed(registry, 'user'));
    expect(requests.partRequest(part as RequestPart, ID)).toEqual({
      method: 'GET',
      version: 'beta',
      path: `/users/${ID}/authentication/requirements`,
    });
    expect(requests.updatePartRequest(part as RequestPart, ID, { x: 1 })).toMatchObject({
      method: 'PATCH',
      body: { x: 1 },
    });
  });
});
