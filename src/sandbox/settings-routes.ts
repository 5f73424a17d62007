/** Paths of the tenant-wide policies, the organization, authentication methods and strengths, roles, and per-user settings. */
import { malformed } from './errors.js';
import { createMethod, deleteMethod, getMethod, listMethods, updateMethod } from './handlers/methods.js';
import { getMfaState, updateMfaState } from './handlers/mfa.js';
import { getObject, listCollection } from './handlers/read.js';
import { deleteAssignment, getAssignment, listAssignments } from './handlers/roles.js';
import {
  authorizationPolicy,
  getSingleton,
  listOrganization,
  methodsPolicy,
  organization,
  updateSingleton,
} from './handlers/singletons.js';
import {
  createConfiguration,
  deleteConfiguration,
  getConfiguration,
  getStrength,
  listConfigurations,
  listStrengths,
  updateAllowedCombinations,
  updateConfiguration,
} from './handlers/strengths.js';
import { createObject, deleteObject, updateObject } from './handlers/write.js';
import type { Handler, HandlerContext } from './request.js';

type Route = readonly ['GET' | 'POST' | 'PATCH' | 'DELETE', string, Handler];

/** A path that only one version of the service has. */
function only(version: 'v1.0' | 'beta', handler: Handler): Handler {
  return (context: HandlerContext) => {
    const { request } = context;
    if (request.version === version) return handler(context);
    throw malformed(`Resource not found for the segment '${request.segments.at(-1) ?? ''}'.`);
  };
}

const methods = '/policies/authenticationMethodsPolicy/authenticationMethodConfigurations';
const roles = '/roleManagement/directory';
const requirements = '/users/:id/authentication/requirements';

export const settingsRoutes: readonly Route[] = [
  ['GET', '/organization', listOrganization],
  ['GET', '/organization/:id', getSingleton(organization)],
  ['PATCH', '/organization/:id', updateSingleton(organization)],
  // In beta this path is a collection, which the sandbox does not serve.
  ['GET', '/policies/authorizationPolicy', only('v1.0', getSingleton(authorizationPolicy))],
  ['PATCH', '/policies/authorizationPolicy', only('v1.0', updateSingleton(authorizationPolicy))],
  ['GET', '/policies/authenticationMethodsPolicy', getSingleton(methodsPolicy)],
  ['PATCH', '/policies/authenticationMethodsPolicy', updateSingleton(methodsPolicy)],
  ['GET', methods, listMethods],
  ['POST', methods, createMethod],
  ['GET', `${methods}/:id`, getMethod],
  ['PATCH', `${methods}/:id`, updateMethod],
  ['DELETE', `${methods}/:id`, deleteMethod],
  ...strengthRoutes('/policies/authenticationStrengthPolicies'),
  ...strengthRoutes('/identity/conditionalAccess/authenticationStrength/policies'),
  ['GET', `${roles}/roleDefinitions`, listCollection('roleDefinitions')],
  ['POST', `${roles}/roleDefinitions`, createObject('roleDefinitions')],
  ['GET', `${roles}/roleDefinitions/:id`, getObject('roleDefinitions')],
  ['PATCH', `${roles}/roleDefinitions/:id`, updateObject('roleDefinitions')],
  ['DELETE', `${roles}/roleDefinitions/:id`, deleteObject('roleDefinitions')],
  ['GET', `${roles}/roleAssignments`, listAssignments],
  ['POST', `${roles}/roleAssignments`, createObject('roleAssignments')],
  ['GET', `${roles}/roleAssignments/:id`, getAssignment],
  ['DELETE', `${roles}/roleAssignments/:id`, deleteAssignment],
  ['GET', requirements, only('beta', getMfaState)],
  ['PATCH', requirements, only('beta', updateMfaState)],
];

function strengthRoutes(path: string): Route[] {
  const configurations = `${path}/:id/combinationConfigurations`;
  return [
    ['GET', path, listStrengths],
    ['POST', path, createObject('authenticationStrengthPolicies')],
    ['GET', `${path}/:id`, getStrength],
    ['PATCH', `${path}/:id`, updateObject('authenticationStrengthPolicies')],
    ['DELETE', `${path}/:id`, deleteObject('authenticationStrengthPolicies')],
    ['POST', `${path}/:id/updateAllowedCombinations`, updateAllowedCombinations],
    ['GET', configurations, listConfigurations],
    ['POST', configurations, createConfiguration],
    ['GET', `${configurations}/:configurationId`, getConfiguration],
    ['PATCH', `${configurations}/:configurationId`, updateConfiguration],
    ['DELETE', `${configurations}/:configurationId`, deleteConfiguration],
  ];
}
