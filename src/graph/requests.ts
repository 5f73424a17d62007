/**
 * Every request that knowngood can make, as pure functions. The list is closed: there is no request that purges an
 * object, and none that deletes a member without `/$ref`; a test reads this file's exports and holds that.
 */

import type { JsonObject } from '../model/json.js';
import { DELETED } from '../model/object.js';
import { isSegment } from '../registry/identity.js';
import type { Edge, Kind, Link, ObjectType, RequestPart, Union } from '../registry/types.js';
import type { GraphRequest } from './types.js';

/** Who the token belongs to: the first request of every connection. */
export function organizationRequest(): GraphRequest {
  return { method: 'GET', version: 'v1.0', path: '/organization?$select=id' };
}

/**
 * All active objects of a type, with every declared property: a list, the answer that holds them, or the one object.
 * Edges that are listed owner by owner have no such request.
 */
export function listRequest(type: ObjectType): GraphRequest {
  if (type.inline !== undefined) return { method: 'GET', version: type.version, path: type.inline.path };
  const path = fill(type.path, {});
  const query = [selectOf(type, []), expandOf(type), filterOf(type), topOf(type)];
  return { method: 'GET', version: type.version, path: withQuery(path, ...query) };
}

/** The edges of one owner. */
export function listOfOwnerRequest(type: ObjectType, owner: string): GraphRequest {
  const path = fill(edgeOf(type).list ?? '', { owner: owner.replaceAll("'", "''") }).replaceAll(' ', '%20');
  return { method: 'GET', version: type.version, path };
}

/** One active object: the id is Graph's. Edges are found among those of their owner instead. */
export function getRequest(type: ObjectType, id: string): GraphRequest {
  return {
    method: 'GET',
    version: type.version,
    path: withQuery(pathOf(type, id), selectOf(type, []), expandOf(type)),
  };
}

/** A part of an object that its own answer does not have. */
export function partRequest(part: RequestPart, id: string): GraphRequest {
  return { method: 'GET', version: part.version, path: fill(part.path, { id }) };
}

/** The property of another object that is mixed into a value; `value` is what both objects have in common. */
export function unionRequest(union: Union, type: ObjectType, value: string): GraphRequest {
  const path = `${alternatePath(type, union.by, value)}?$select=${union.property}`;
  return { method: 'GET', version: type.version, path };
}

function alternatePath(type: ObjectType, property: string, value: string): string {
  return `${type.path}(${property}='${encodeURIComponent(value.replace(/\p{Cs}/gu, '\ufffd').replaceAll("'", "''"))}')`;
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

/**
 * Where Graph's account of the changes of a type begins: now. Only what is selected is tracked. Source: "Use delta query to
 * track changes in Microsoft Graph data".
 */
export function deltaRequest(type: ObjectType): GraphRequest {
  if (type.delta === undefined) throw new Error(`the changes of ${type.name} are not tracked`);
  const links = type.links.filter(({ delta }) => delta !== undefined).map(({ name }) => name);
  const path = withQuery(type.delta.path, selectOf(type, links), '$deltatoken=latest');
  return { method: 'GET', version: type.version, path };
}

/** The object that has this value of a property that identifies it, its id only. */
export function objectByRequest(type: ObjectType, property: string, value: string): GraphRequest {
  return {
    method: 'GET',
    version: type.version,
    path: `${alternatePath(type, property, value)}?$select=${type.keys[0]}`,
  };
}

/** The owners that have a link to one target. */
export function ownersOfTargetRequest(link: Link, targetType: string, target: string): GraphRequest {
  return { method: 'GET', version: 'v1.0', path: fill(link.delta?.apart[targetType] ?? '', { id: target }) };
}

/** Jobs of Microsoft Entra Backup and Recovery: what they change is in no account of changes. */
export function recoveryJobsRequest(): GraphRequest {
  return { method: 'GET', version: 'v1.0', path: '/directory/recovery/jobs' };
}

/** One object in the recycle bin. */
export function getDeletedRequest(type: ObjectType, id: string): GraphRequest {
  return { method: 'GET', version: type.version, path: fill(binOf(type).get, { id }) };
}

/** The targets of one owner's link, first page. */
export function linkTargetsRequest(link: Link, owner: string): GraphRequest {
  return { method: 'GET', version: link.list.version, path: fill(link.list.path, { id: owner }) };
}

/** Where requests find one object. */
export interface Address {
  /** The id that Graph gave it. */
  readonly id: string;
  /** The derived type that it is of. */
  readonly kind?: Kind | undefined;
  /** The id of the owner, for an edge. */
  readonly owner?: string | undefined;
}

/** Writes these properties, and no other, to one object. */
export function updateRequest(type: ObjectType, address: Address, body: JsonObject): GraphRequest {
  return { method: 'PATCH', version: type.version, path: addressPath(type, address), body };
}

/** Writes a part of an object by its own request. */
export function updatePartRequest(part: RequestPart, id: string, body: JsonObject): GraphRequest {
  return { method: part.method, version: part.version, path: fill(part.path, { id }), body };
}

/** Makes an edge. */
export function createEdgeRequest(type: ObjectType, owner: string, body: JsonObject): GraphRequest {
  return { method: 'POST', version: type.version, path: fill(edgeOf(type).create ?? '', { owner }), body };
}

/** Removes an edge, by the id that Graph gave it. It connects objects and is none: they stay. */
export function deleteEdgeRequest(type: ObjectType, address: Address): GraphRequest {
  edgeOf(type);
  return { method: 'DELETE', version: type.version, path: addressPath(type, address) };
}

/** Brings an object back from the recycle bin. */
export function restoreRequest(type: ObjectType, id: string): GraphRequest {
  return { method: 'POST', version: type.version, path: fill(binOf(type).restore, { id }) };
}

/** Moves an object to the recycle bin. Types without one have no such request. */
export function softDeleteRequest(type: ObjectType, address: Address): GraphRequest {
  if (!type.deletable || type.bin === undefined) throw new Error(`${type.name} has no recycle bin`);
  return { method: 'DELETE', version: type.version, path: addressPath(type, address) };
}

/** Adds targets to an owner's link, at most `link.add.perRequest`; Graph adds all of them or none. */
export function addTargetsRequest(link: Link, owner: string, targets: readonly string[], root: string): GraphRequest {
  const path = fill(link.add.path, { id: owner });
  const references = targets.map((target) => `${root}/v1.0/directoryObjects/${segment(target)}`);
  const { bind } = link.add;
  if (bind !== undefined) return { method: 'PATCH', version: 'v1.0', path, body: { [bind]: references } };
  if (references.length !== 1) throw new Error(`${link.name}: one reference is one request`);
  return { method: 'POST', version: 'v1.0', path, body: { '@odata.id': references[0] ?? '' } };
}

/** Removes one target from an owner's link. Without `/$ref` Graph would delete the target itself. */
export function removeTargetRequest(link: Link, owner: string, target: string): GraphRequest {
  const path = fill(link.remove.path, { id: owner, target });
  if (!path.endsWith('/$ref')) throw new Error(`${link.name}: the path of a removal must end in /$ref`);
  return { method: 'DELETE', version: 'v1.0', path };
}

/** Where one object is: below its collection, or at the path of the only one. */
function pathOf(type: ObjectType, id: string): string {
  if (type.edge !== undefined) throw new Error(`${type.name} is an edge`);
  return type.singleton === 'object' ? type.path : `${type.path}/${segment(id)}`;
}

function addressPath(type: ObjectType, { id, kind, owner = '' }: Address): string {
  if (type.edge !== undefined) return fill(edgeOf(type).item ?? '', { id, ...(owner === '' ? {} : { owner }) });
  return kind?.cast === true ? `${pathOf(type, id)}/${kind.odataType.slice(1)}` : pathOf(type, id);
}

function edgeOf(type: ObjectType): Edge {
  if (type.edge?.create === undefined) throw new Error(`${type.name} is no edge that can be written`);
  return type.edge;
}

function binOf(type: ObjectType): NonNullable<ObjectType['bin']> {
  if (type.bin === undefined) throw new Error(`${type.name} has no recycle bin`);
  return type.bin;
}

function selectOf(type: ObjectType, more: readonly string[]): string {
  if (!type.select) return '';
  const names = type.properties
    .filter(
      ({ access, name, part }) =>
        access !== 'writeOnly' &&
        name !== DELETED &&
        !name.startsWith('@') &&
        part?.read !== true &&
        !type.withheld?.includes(name),
    )
    .map((property) => property.name);
  return `$select=${[...names, ...more].join(',')}`;
}

function expandOf(type: ObjectType): string {
  return type.expand.length === 0 ? '' : `$expand=${type.expand.join(',')}`;
}

function filterOf(type: ObjectType): string {
  return type.filter === undefined ? '' : `$filter=${encodeURIComponent(type.filter)}`;
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
  if (!isSegment(value)) throw new Error(`${value} cannot be part of a path`);
  return encodeURIComponent(value);
}
