/** Which handler answers which path. A segment that starts with `:` is a parameter; a literal segment wins over it. */
import { applicationRoutes } from './application-routes.js';
import { type GraphError, malformed, notAllowed } from './errors.js';
import {
  getDeletedDirectoryObject,
  getDeletedPolicy,
  listDeleted,
  listWithoutCast,
  purge,
  restoreDirectoryObject,
  restorePolicy,
} from './handlers/deleted.js';
import { listChanges } from './handlers/delta.js';
import {
  addMember,
  countMembers,
  deleteMemberItself,
  listMemberOf,
  listMembers,
  removeMember,
} from './handlers/members.js';
import { countCollection, getDirectoryObject, getObject, listCollection } from './handlers/read.js';
import { createObject, deleteObject, updateObject } from './handlers/write.js';
import { trackedCollections } from './history.js';
import { observationRoutes } from './observation-routes.js';
import { type PlainFacts, plainCollections } from './plain.js';
import type { Handler } from './request.js';
import type { SeedCollection } from './seed.js';
import { settingsRoutes } from './settings-routes.js';

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

const policies = '/identity/conditionalAccess';
const bin = '/directory/deletedItems';

const table: readonly (readonly [Method, string, Handler])[] = [
  ...collectionRoutes('/users', 'users'),
  ...collectionRoutes('/groups', 'groups'),
  ...collectionRoutes('/applications', 'applications'),
  ...collectionRoutes('/servicePrincipals', 'servicePrincipals'),
  ...applicationRoutes,
  ...collectionRoutes(`${policies}/policies`, 'policies'),
  ...collectionRoutes(`${policies}/namedLocations`, 'namedLocations'),
  ...policyBinRoutes('policies'),
  ...policyBinRoutes('namedLocations'),
  ['GET', '/users/:id/memberOf', listMemberOf('users')],
  ['GET', '/users/:id/memberOf/microsoft.graph.group', listMemberOf('users', 'groups')],
  ['GET', '/groups/:id/memberOf', listMemberOf('groups')],
  ['GET', '/groups/:id/memberOf/microsoft.graph.group', listMemberOf('groups', 'groups')],
  ['GET', '/groups/:id/members', listMembers()],
  ['GET', '/groups/:id/members/$count', countMembers],
  ['GET', '/groups/:id/members/microsoft.graph.user', listMembers('users')],
  ['GET', '/groups/:id/members/microsoft.graph.group', listMembers('groups')],
  ['POST', '/groups/:id/members/$ref', addMember],
  ['DELETE', '/groups/:id/members/:memberId/$ref', removeMember],
  ['DELETE', '/groups/:id/members/:memberId', deleteMemberItself],
  ...settingsRoutes,
  ...observationRoutes,
  ...Object.entries(plainCollections as Readonly<Record<string, PlainFacts>>).flatMap(([name, { path }]) =>
    collectionRoutes(path, name as SeedCollection),
  ),
  ...trackedCollections.flatMap((collection) =>
    // Programs made with Microsoft's libraries use the long name.
    ['delta', 'delta()', 'microsoft.graph.delta', 'microsoft.graph.delta()'].map((name): [Method, string, Handler] => [
      'GET',
      `/${collection}/${name}`,
      listChanges(collection),
    ]),
  ),
  ['GET', '/directoryObjects/:id', getDirectoryObject],
  ['GET', bin, listWithoutCast],
  ['GET', `${bin}/microsoft.graph.user`, listDeleted('users')],
  ['GET', `${bin}/microsoft.graph.group`, listDeleted('groups')],
  ['GET', `${bin}/:id`, getDeletedDirectoryObject],
  ['DELETE', `${bin}/:id`, purge(undefined)],
  ['POST', `${bin}/:id/restore`, restoreDirectoryObject],
];

function collectionRoutes(path: string, collection: SeedCollection): (readonly [Method, string, Handler])[] {
  return [
    ['GET', path, listCollection(collection)],
    ['POST', path, createObject(collection)],
    ['GET', `${path}/$count`, countCollection(collection)],
    ['GET', `${path}/:id`, getObject(collection)],
    ['PATCH', `${path}/:id`, updateObject(collection)],
    ['DELETE', `${path}/:id`, deleteObject(collection)],
  ];
}

function policyBinRoutes(collection: 'policies' | 'namedLocations'): (readonly [Method, string, Handler])[] {
  const path = `${policies}/deletedItems/${collection}`;
  return [
    ['GET', path, listDeleted(collection)],
    ['GET', `${path}/:id`, getDeletedPolicy(collection)],
    ['DELETE', `${path}/:id`, purge(collection)],
    ['POST', `${path}/:id/restore`, restorePolicy(collection)],
  ];
}

interface RouteNode {
  readonly literal: Map<string, RouteNode>;
  parameter: { readonly name: string; readonly node: RouteNode } | undefined;
  readonly handlers: Map<string, { readonly handler: Handler; readonly path: string }>;
}

const newNode = (): RouteNode => ({ literal: new Map(), parameter: undefined, handlers: new Map() });

/** Methods and paths of all routes. */
export const routes: readonly (readonly [method: string, path: string])[] = table.map(([method, path]) => [
  method,
  path,
]);

const root = newNode();
for (const [method, path, handler] of table) {
  let node = root;
  for (const segment of path.slice(1).split('/')) node = childFor(node, segment);
  node.handlers.set(method, { handler, path });
}

function childFor(node: RouteNode, segment: string): RouteNode {
  if (segment.startsWith(':')) {
    node.parameter ??= { name: segment.slice(1), node: newNode() };
    return node.parameter.node;
  }
  // Segments that are names compare without case, as Graph does; casts keep their prefix optional.
  const key = segment.toLowerCase();
  const child = node.literal.get(key) ?? newNode();
  node.literal.set(key, child);
  return child;
}

export interface Route {
  readonly handler: Handler;
  /** As the table spells it. */
  readonly path: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * Segments with keys in parentheses taken apart: `users('1')` becomes `users`, `1`, and an alternate key stays together:
 * `applications(appId='1')` becomes `applications`, `(appId='1')`.
 */
function splitKeys(segments: readonly string[]): string[] {
  return segments.flatMap((segment) => {
    const match = /^([a-z]\w*)\((?:'([^']+)'|(\w+='[^']*'))\)$/i.exec(segment);
    if (!match?.[1]) return [segment];
    return [match[1], match[2] ?? `(${match[3]})`];
  });
}

/** Finds the handler. Throws 400 for a path that does not exist, 405 for a method the path has not (words observed). */
export function findRoute(method: string, segments: readonly string[]): Route {
  const parameters: Record<string, string> = {};
  let node = root;
  for (const segment of splitKeys(segments)) {
    const literal = node.literal.get(segment.toLowerCase());
    if (literal) node = literal;
    else if (node.parameter && !segment.startsWith('$') && !segment.startsWith('microsoft.graph.')) {
      parameters[node.parameter.name] = segment;
      node = node.parameter.node;
    } else throw unknownSegment(segment);
  }
  const found = node.handlers.get(method);
  if (found) return { ...found, parameters };
  if (node.handlers.size === 0) throw unknownSegment(segments.at(-1) ?? '');
  throw notAllowed();
}

function unknownSegment(segment: string): GraphError {
  return malformed(`Resource not found for the segment '${segment}'.`);
}
