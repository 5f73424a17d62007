/** The paths of applications, service principals, grants, assignments and the agent identity kinds. */
import { listDeleted } from './handlers/deleted.js';
import {
  createAssignment,
  deleteEdgeOf,
  type EdgePath,
  getEdge,
  getEdgeOf,
  listEdges,
  listEdgesOf,
} from './handlers/edges.js';
import { listMemberOf, listMembers } from './handlers/members.js';
import { addPassword, removePassword } from './handlers/passwords.js';
import { getObject, listCollection } from './handlers/read.js';
import { createObject, deleteObject, updateObject } from './handlers/write.js';
import type { Handler } from './request.js';
import type { SeedCollection } from './seed.js';

type Route = readonly ['GET' | 'POST' | 'PATCH' | 'DELETE', string, Handler];

/** Where app role assignments are found: from both ends. */
const assignmentPaths: readonly (EdgePath & { readonly end: 'principalId' | 'resourceId' })[] = [
  { holder: 'servicePrincipals', name: 'appRoleAssignedTo', collection: 'appRoleAssignments', end: 'resourceId' },
  { holder: 'servicePrincipals', name: 'appRoleAssignments', collection: 'appRoleAssignments', end: 'principalId' },
  { holder: 'users', name: 'appRoleAssignments', collection: 'appRoleAssignments', end: 'principalId' },
  { holder: 'groups', name: 'appRoleAssignments', collection: 'appRoleAssignments', end: 'principalId' },
];

const grantPaths: readonly EdgePath[] = [
  {
    holder: 'servicePrincipals',
    name: 'oauth2PermissionGrants',
    collection: 'oauth2PermissionGrants',
    end: 'clientId',
  },
  { holder: 'users', name: 'oauth2PermissionGrants', collection: 'oauth2PermissionGrants', end: 'principalId' },
];

export const applicationRoutes: readonly Route[] = [
  ...edgeRoutes(),
  ...passwordRoutes('applications'),
  ...passwordRoutes('servicePrincipals'),
  ...castRoutes('applications', 'agentIdentityBlueprint'),
  ...castRoutes('servicePrincipals', 'agentIdentityBlueprintPrincipal'),
  ...castRoutes('servicePrincipals', 'agentIdentity'),
  ...castRoutes('users', 'agentUser'),
  ['GET', '/oauth2PermissionGrants', listEdges('oauth2PermissionGrants')],
  ['POST', '/oauth2PermissionGrants', createObject('oauth2PermissionGrants')],
  ['GET', '/oauth2PermissionGrants/:id', getEdge('oauth2PermissionGrants')],
  ['PATCH', '/oauth2PermissionGrants/:id', updateObject('oauth2PermissionGrants')],
  ['DELETE', '/oauth2PermissionGrants/:id', deleteObject('oauth2PermissionGrants')],
  ['GET', '/servicePrincipals/:id/memberOf', listMemberOf('servicePrincipals')],
  ['GET', '/servicePrincipals/:id/memberOf/microsoft.graph.group', listMemberOf('servicePrincipals', 'groups')],
  ['GET', '/groups/:id/members/microsoft.graph.servicePrincipal', listMembers('servicePrincipals')],
  ['GET', '/directory/deletedItems/microsoft.graph.application', listDeleted('applications')],
  ['GET', '/directory/deletedItems/microsoft.graph.servicePrincipal', listDeleted('servicePrincipals')],
];

function edgeRoutes(): Route[] {
  return [...assignmentPaths, ...grantPaths].flatMap((each) => {
    const path = `/${each.holder}/:id/${each.name}`;
    const creator = assignmentPaths.find((other) => other === each);
    return [
      ['GET', path, listEdgesOf(each)],
      ...(creator ? [['POST', path, createAssignment(creator)] as const] : []),
      ['GET', `${path}/:edgeId`, getEdgeOf(each)],
      ...(creator ? [['DELETE', `${path}/:edgeId`, deleteEdgeOf(each)] as const] : []),
    ] satisfies Route[];
  });
}

function passwordRoutes(collection: 'applications' | 'servicePrincipals'): Route[] {
  return [
    ['POST', `/${collection}/:id/addPassword`, addPassword(collection)],
    ['POST', `/${collection}/:id/removePassword`, removePassword(collection)],
  ];
}

/** Paths that name one of the kinds a collection holds. */
function castRoutes(collection: SeedCollection, kind: string): Route[] {
  const cast = `microsoft.graph.${kind}`;
  return [
    ['GET', `/${collection}/${cast}`, listCollection(collection, kind)],
    ['GET', `/${collection}/:id/${cast}`, getObject(collection, kind)],
    ['PATCH', `/${collection}/:id/${cast}`, updateObject(collection, kind)],
    ['DELETE', `/${collection}/:id/${cast}`, deleteObject(collection, kind)],
  ];
}
