/**
 * Every request that knowngood can make, as pure functions. The list is closed: there is no request that purges an
 * object, and none that deletes a member without `/$ref`; a test reads this file's exports and holds that.
 */

import type { Json, JsonObject } from '../model/json.js';
import { DELETED } from '../model/object.js';
import type { Link, ObjectType } from '../registry/types.js';
import type { GraphRequest } from './types.js';

/** Who the token belongs to: the first request of every connection. */
export function organizationRequest(): GraphRequest {
  return { method: 'GET', version: 'v1.0', path: '/organization?$select=id' };
}

/** All active objects of a type, with every declared property. */
export function listRequest(type: ObjectType): GraphRequest {
  return { method: 'GET', version: type.version, path: withQuery(type.path, selectOf(type, []), topOf(type)) };
}

/** One active object. */
export function getRequest(type: ObjectType, id: string): GraphRequest {
  return { method: 'GET', version: type.version, path: withQuery(`${type.path}/${segment(id)}`, selectOf(type, [])) };
}

/** All objects of a type in its recycle bin. Undefined for types without one. */
export function listDeletedRequest(type: ObjectType): GraphRequest | undefined {
  if (type.bin === undefined) return undefined;
  return {
    method: 'GET',
    version: type.version,
    path: withQuery(type.bin.list, selectOf(type, [DELETED]), topOf(type)),
  };
}

/** One object in the recycle bin. */
export function getDeletedRequest(type: ObjectType, id: string): GraphRequest {
  return { method: 'GET', version: type.version, path: fill(binOf(type).get, { id }) };
}

/** The targets of one owner's link, first page. */
export function linkTargetsRequest(link: Link, owner: string): GraphRequest {
  return { method: 'GET', version: link.list.version, path: fill(link.list.path, { id: owner }) };
}

/** Writes these properties, and no other, to one object. */
export function updateRequest(type: ObjectType, id: string, body: JsonObject): GraphRequest {
  return { method: 'PATCH', version: type.version, path: `${type.path}/${segment(id)}`, body };
}

/** Brings an object back from the recycle bin. */
export function restoreRequest(type: ObjectType, id: string): GraphRequest {
  return { method: 'POST', version: type.version, path: fill(binOf(type).restore, { id }) };
}

/** Moves an object to the recycle bin. Types without one have no such request. */
export function softDeleteRequest(type: ObjectType, id: string): GraphRequest {
  if (!type.deletable || type.bin === undefined) throw new Error(`${type.name} has no recycle bin`);
  return { method: 'DELETE', version: type.version, path: `${type.path}/${segment(id)}` };
}

/** Adds targets to an owner's link, at most `link.add.perRequest`; Graph adds all of them or none. */
export function addTargetsRequest(link: Link, owner: string, targets: readonly string[], root: string): GraphRequest {
  const references: Json = targets.map((target) => `${root}/v1.0/directoryObjects/${segment(target)}`);
  return {
    method: 'PATCH',
    version: 'v1.0',
    path: fill(link.add.path, { id: owner }),
    body: { [link.add.bind]: references },
  };
}

/** Removes one target from an owner's link. Without `/$ref` Graph would delete the target itself. */
export function removeTargetRequest(link: Link, owner: string, target: string): GraphRequest {
  const path = fill(link.remove.path, { id: owner, target });
  if (!path.endsWith('/$ref')) throw new Error(`${link.name}: the path of a removal must end in /$ref`);
  return { method: 'DELETE', version: 'v1.0', path };
}

function binOf(type: ObjectType): NonNullable<ObjectType['bin']> {
  if (type.bin === undefined) throw new Error(`${type.name} has no recycle bin`);
  return type.bin;
}

function selectOf(type: ObjectType, more: readonly string[]): string {
  if (!type.select) return '';
  const names = type.properties
    .filter(
      (property) => property.access !== 'writeOnly' && property.name !== DELETED && !property.name.startsWith('@'),
    )
    .map((property) => property.name);
  return `$select=${[...names, ...more].join(',')}`;
}

function topOf(type: ObjectType): string {
  return type.pageSize === undefined ? '' : `$top=${type.pageSize}`;
}

function withQuery(path: string, ...options: readonly string[]): string {
  const query = options.filter((option) => option !== '').join('&');
  return query === '' ? path : `${path}?${query}`;
}

function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => segment(values[name] ?? ''));
}

function segment(value: string): string {
  if (value === '') throw new Error('an empty id cannot be part of a path');
  return encodeURIComponent(value);
}
