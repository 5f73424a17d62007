/** Makes the objects of a tenant by requests to Graph, what they name first. */

import { randomUUID } from 'node:crypto';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../src/model/json.js';
import { passwordsOf } from './directory.js';
import type { CorpusType } from './reasons.js';
import { type Referred, type Resolve, rewritten } from './references.js';
import type { Population, Shaped } from './tenants.js';
import { isGuid, type Members, text } from './values.js';

export interface Answer {
  readonly status: number;
  readonly body: JsonObject;
}

/** One request to version 1.0 of Graph. */
export type Send = (method: string, path: string, body?: Json) => Promise<Answer>;

/** An object in the tenant: the list of the raw reader that holds it, its name there, and its path in Graph. */
export interface Made {
  readonly shaped: Shaped;
  /** What was sent, with the ids of the tenant. */
  readonly sent: JsonObject;
  readonly list: string;
  readonly key: string;
  readonly path: string;
}

const ACCESS = '/identity/conditionalAccess';
const METHODS = '/policies/authenticationMethodsPolicy';

const PLACES: Readonly<Record<CorpusType, { readonly path: string; readonly list: string; readonly only?: true }>> = {
  user: { path: '/users', list: 'users' },
  group: { path: '/groups', list: 'groups' },
  namedLocation: { path: `${ACCESS}/namedLocations`, list: 'namedLocations' },
  authenticationStrengthPolicy: { path: '/policies/authenticationStrengthPolicies', list: 'strengths' },
  application: { path: '/applications', list: 'applications' },
  servicePrincipal: { path: '/servicePrincipals', list: 'servicePrincipals' },
  roleDefinition: { path: '/roleManagement/directory/roleDefinitions', list: 'roleDefinitions' },
  oauth2PermissionGrant: { path: '/oauth2PermissionGrants', list: 'grants' },
  appRoleAssignment: { path: '/servicePrincipals/{resource}/appRoleAssignedTo', list: 'assignments' },
  roleAssignment: { path: '/roleManagement/directory/roleAssignments', list: 'roleAssignments' },
  authorizationPolicy: { path: '/policies/authorizationPolicy', list: 'authorizationPolicy', only: true },
  organization: { path: '/organization/{tenant}', list: 'organizations', only: true },
  authenticationMethodsPolicy: { path: METHODS, list: 'authenticationMethodsPolicy', only: true },
  authenticationMethodConfiguration: {
    path: `${METHODS}/authenticationMethodConfigurations/{id}`,
    list: 'methodConfigurations',
    only: true,
  },
  conditionalAccessPolicy: { path: `${ACCESS}/policies`, list: 'policies' },
};

/** What was made, and what Graph refused. */
export interface Creation {
  readonly made: readonly Made[];
  readonly refused: readonly string[];
}

/** Makes all objects of a population in a new tenant. */
export async function create(population: Population, tenantId: string, send: Send): Promise<Creation> {
  const ids = new Map<string, Promise<string>>();
  const resolve = resolver(population, ids, send);
  const made: Made[] = [];
  const refused: string[] = [];
  for (const { id } of await listOf(send, '/servicePrincipals')) await forget(send, text(id));
  for (const shaped of population) {
    const body = await rewritten(shaped.type, shaped.body, resolve);
    const place = PLACES[shaped.type];
    const path = place.path
      .replace('{tenant}', tenantId)
      .replace('{id}', text(shaped.source.id))
      .replace('{resource}', text(body.resourceId));
    const answer = await send(place.only ? 'PATCH' : 'POST', path, body);
    if (answer.status >= 300) {
      refused.push(`${shaped.file} (${shaped.type}): ${answer.status} ${JSON.stringify(answer.body)}`);
      continue;
    }
    const id = place.only ? text(shaped.source.id) || tenantId : text(answer.body.id);
    if (!place.only) ids.set(keyOf(shaped.type, text(shaped.source.id)), Promise.resolve(id));
    const key = shaped.type === 'organization' ? tenantId : nameIn(shaped.type, answer.body, id);
    const at = { shaped, sent: body, list: place.list, key, path: place.only ? path : `${path}/${id}` };
    if (shaped.type === 'application')
      for (const passwordCredential of passwordsOf(shaped.source))
        await must(send('POST', `${at.path}/addPassword`, { passwordCredential }));
    made.push(at);
  }
  return { made, refused };
}

/** Edges are known by what they connect. */
function nameIn(type: CorpusType, answer: JsonObject, id: string): string {
  const ends = (...names: string[]) => names.map((name) => answer[name] ?? 'everybody').join('_');
  if (type === 'oauth2PermissionGrant') return ends('clientId', 'resourceId', 'consentType', 'principalId');
  if (type === 'appRoleAssignment') return ends('principalId', 'resourceId', 'appRoleId');
  if (type === 'roleAssignment') return ends('roleDefinitionId', 'principalId', 'directoryScopeId');
  return id;
}

const keyOf = (kind: string, id: string): string => `${kind}/${id.toLowerCase()}`;

/** A service principal that was there before goes for good: its application stays known. */
async function forget(send: Send, id: string): Promise<void> {
  await must(send('DELETE', `/servicePrincipals/${id}`));
  await must(send('DELETE', `/directory/deletedItems/${id}`));
}

async function must(answer: Promise<Answer>): Promise<JsonObject> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`refused: ${status} ${JSON.stringify(body)}`);
  return body;
}

async function listOf(send: Send, path: string): Promise<JsonObject[]> {
  const { value } = await must(send('GET', path));
  return isJsonArray(value) ? value.filter(isJsonObject) : [];
}

/** Finds what an id of the corpus became; where it became nothing, something of the kind is made to stand for it. */
function resolver(population: Population, ids: Map<string, Promise<string>>, send: Send): Resolve {
  let count = 0;
  const post = async (path: string, body: JsonObject) => text((await must(send('POST', path, body))).id);
  const application = async (roles: readonly string[]) => {
    const appRoles = roles.map((id) => ({
      ...{ id, allowedMemberTypes: ['User', 'Application'], value: `Role.${id}`, isEnabled: true },
      ...{ displayName: `Role ${id}`, description: 'Stands for a role of the corpus' },
    }));
    return must(send('POST', '/applications', { displayName: `Stand-in ${++count}`, appRoles }));
  };
  const make: Readonly<Record<Referred, (id: string) => Promise<string>>> = {
    user: () => post('/users', userNumber(++count)),
    group: () => post('/groups', groupNumber(++count)),
    namedLocation: () => post(PLACES.namedLocation.path, locationNumber(++count)),
    authenticationStrengthPolicy: () =>
      post(PLACES.authenticationStrengthPolicy.path, { displayName: `S${++count}`, allowedCombinations: ['fido2'] }),
    servicePrincipal: async (id) => {
      const { appId } = await application(rolesAt(population, id));
      return post('/servicePrincipals', { appId: text(appId) });
    },
    application: async () => text((await application([])).id),
    roleDefinition: async (id) => ((await isThere(send, id)) ? id : post(PLACES.roleDefinition.path, role(id))),
    appId: async () => text((await application([])).appId),
    role: async () => post(PLACES.roleDefinition.path, role(randomUUID())),
    agreement: async () => randomUUID(),
  };
  return (kind, id) => {
    const key = keyOf(kind, id);
    const known = ids.get(key) ?? make[kind](id);
    ids.set(key, known);
    return known;
  };
}

async function isThere(send: Send, role: string): Promise<boolean> {
  return (await send('GET', `${PLACES.roleDefinition.path}/${role}`)).status === 200;
}

/** The roles of a service principal that assignments of the corpus name. */
function rolesAt(population: Population, resource: string): string[] {
  const named = population.filter(({ type, body }) => type === 'appRoleAssignment' && body.resourceId === resource);
  return [...new Set(named.map(({ body }) => text(body.appRoleId)))];
}

const userNumber = (n: number): Members => ({
  accountEnabled: true,
  displayName: `Stand-in ${n}`,
  mailNickname: `stand-in${n}`,
  userPrincipalName: `stand-in${n}@corpus.example`,
  passwordProfile: { password: 'stand-in, never used 1!' },
});

const groupNumber = (n: number): Members => ({
  displayName: `Stand-in ${n}`,
  mailEnabled: false,
  mailNickname: `stand-in${n}`,
  securityEnabled: true,
});

const locationNumber = (n: number): Members => ({
  '@odata.type': '#microsoft.graph.countryNamedLocation',
  displayName: `Stand-in ${n}`,
  countriesAndRegions: ['NL'],
});

const role = (id: string): Members => ({
  displayName: `Role ${id}`,
  isEnabled: true,
  rolePermissions: [{ allowedResourceActions: ['microsoft.directory/groups/standard/read'] }],
  ...(isGuid(id) ? { templateId: id } : {}),
});
