import { describe, expect, it } from 'vitest';
import * as requests from '../../src/graph/requests.js';
import type { GraphRequest } from '../../src/graph/types.js';
import { loadRegistry } from '../../src/registry/load.js';
import type { Link, ObjectType } from '../../src/registry/types.js';

const registry = loadRegistry();
const ROOT = 'https://graph.microsoft.com';
const HOSTILE = '../../$batch?a=b#c&d/e%2f é\n';
const ID = '0f8a1c2e-0000-4000-8000-000000000001';
const TARGET = '0f8a1c2e-0000-4000-8000-000000000002';

/** Every exported function, called with an id and, for links, a target. */
const CALLS: Readonly<
  Record<keyof typeof requests, (type: ObjectType, link: Link, id: string, target: string) => unknown>
> = {
  organizationRequest: () => requests.organizationRequest(),
  listRequest: (type) => requests.listRequest(type),
  getRequest: (type, _, id) => requests.getRequest(type, id),
  listDeletedRequest: (type) => requests.listDeletedRequest(type),
  getDeletedRequest: (type, _, id) => requests.getDeletedRequest(type, id),
  linkTargetsRequest: (_, link, id) => requests.linkTargetsRequest(link, id),
  updateRequest: (type, _, id) => requests.updateRequest(type, id, { displayName: 'x' }),
  restoreRequest: (type, _, id) => requests.restoreRequest(type, id),
  softDeleteRequest: (type, _, id) => requests.softDeleteRequest(type, id),
  addTargetsRequest: (_, link, id, target) => requests.addTargetsRequest(link, id, [target], ROOT),
  removeTargetRequest: (_, link, id, target) => requests.removeTargetRequest(link, id, target),
};

const anyLink = registry.types.flatMap((type) => type.links)[0] as Link;

function everyRequest(id: string, target: string): (GraphRequest & { name: string; type: ObjectType })[] {
  return registry.types.flatMap((type) =>
    (type.links.length > 0 ? type.links : [anyLink]).flatMap((link) =>
      Object.entries(CALLS).map(([name, call]) => ({ ...(call(type, link, id, target) as GraphRequest), name, type })),
    ),
  );
}

describe('the closed list of requests', () => {
  it('is called in whole by this test', () => {
    expect(Object.keys(requests).sort()).toEqual(Object.keys(CALLS).sort());
    expect(everyRequest(ID, TARGET).length).toBeGreaterThanOrEqual(registry.types.length * Object.keys(CALLS).length);
  });

  it('holds no purge', () => {
    for (const { method, path, name } of everyRequest(ID, TARGET)) {
      if (method === 'DELETE') expect(path, name).not.toMatch(/deletedItems/i);
      expect(path, name).not.toMatch(/permanentDelete|hardDelete/i);
    }
  });

  it('deletes nothing but an object of a type with a recycle bin, and references', () => {
    for (const { method, path, name, type } of everyRequest(ID, TARGET)) {
      if (method !== 'DELETE') continue;
      if (name === 'removeTargetRequest') expect(path).toMatch(/\/\$ref$/);
      else expect([name, path, type.bin !== undefined]).toEqual(['softDeleteRequest', `${type.path}/${ID}`, true]);
    }
  });

  it('writes by PATCH and DELETE of one object, and by restore', () => {
    const shapes = new Set(
      everyRequest(ID, TARGET)
        .filter(({ method }) => method !== 'GET')
        .map(({ method, name }) => `${name} ${method}`),
    );
    expect([...shapes].sort()).toEqual([
      'addTargetsRequest PATCH',
      'removeTargetRequest DELETE',
      'restoreRequest POST',
      'softDeleteRequest DELETE',
      'updateRequest PATCH',
    ]);
  });

  it('refuses to remove a link by a path that does not end in /$ref', () => {
    const link: Link = { ...anyLink, remove: { path: '/groups/{id}/members/{target}' } };
    expect(() => requests.removeTargetRequest(link, ID, TARGET)).toThrow(/\$ref/);
  });

  it('refuses to delete an object of a type that has no recycle bin, or is not declared deletable', () => {
    for (const type of registry.types) {
      expect(() => requests.softDeleteRequest({ ...type, bin: undefined }, ID)).toThrow(/recycle bin/);
      expect(() => requests.softDeleteRequest({ ...type, deletable: false }, ID)).toThrow(/recycle bin/);
      expect(requests.listDeletedRequest({ ...type, bin: undefined })).toBeUndefined();
      expect(() => requests.restoreRequest({ ...type, bin: undefined }, ID)).toThrow(/recycle bin/);
    }
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
        expect(body).toEqual({ [anyLink.add.bind]: [`${ROOT}/v1.0/directoryObjects/${encodeURIComponent(HOSTILE)}`] });
    }
  });

  it('refuses an empty id: the request would be about the whole collection', () => {
    for (const type of registry.types) {
      for (const ask of [
        requests.getRequest,
        requests.softDeleteRequest,
        requests.restoreRequest,
        requests.getDeletedRequest,
      ])
        expect(() => ask(type, '')).toThrow(/empty id/);
      expect(() => requests.updateRequest(type, '', {})).toThrow(/empty id/);
    }
    expect(() => requests.removeTargetRequest(anyLink, ID, '')).toThrow(/empty id/);
    expect(() => requests.removeTargetRequest(anyLink, '', TARGET)).toThrow(/empty id/);
    expect(() => requests.addTargetsRequest(anyLink, ID, [''], ROOT)).toThrow(/empty id/);
  });

  it('asks for every declared property of types that answer with a few only, and for the deletion date in the bin', () => {
    for (const type of registry.types) {
      const { path } = requests.listRequest(type);
      const chosen = new URLSearchParams(path.split('?')[1]).get('$select')?.split(',') ?? [];
      if (!type.select) expect(chosen).toEqual([]);
      else
        expect(chosen).toEqual(
          type.properties.map(({ name }) => name).filter((name) => name !== 'deletedDateTime' && !name.startsWith('@')),
        );
      expect(requests.listDeletedRequest(type)?.path.includes('deletedDateTime')).toBe(type.select);
    }
  });
});
