/** A tenant in which an example of the documentation can happen: what it names and what it shows is there. */

import type { SeedCollection, TenantSeed } from '../../src/sandbox/seed.js';
import { type Referred, rewritten } from '../corpus/references.js';
import type { Example, Json, JsonObject } from './examples.js';
import { shownObject, stub, type Tenant, tenant } from './stubs.js';

export interface Prepared {
  readonly seed: TenantSeed;
  /** The path with the ids of the tenant. */
  readonly path: string;
  readonly body?: JsonObject;
  /** The ids of the items that the page lists. */
  readonly ids: readonly string[];
}

/** Where lists are, what they hold, and what a body that is sent there is about. */
const LISTS: readonly (readonly [RegExp, SeedCollection, Parameters<typeof rewritten>[0]])[] = [
  [/^\/users(?=\/|\(|$)/, 'users', 'user'],
  [/^\/groups(?=\/|\(|$)/, 'groups', 'group'],
  [/^\/applications(?=\/|\(|$)/, 'applications', 'application'],
  [/^\/servicePrincipals(?=\/|\(|$)/, 'servicePrincipals', 'appRoleAssignment'],
  [/^\/oauth2PermissionGrants(?=\/|$)/, 'oauth2PermissionGrants', 'oauth2PermissionGrant'],
  [/^\/identity\/conditionalAccess\/(?:deletedItems\/)?policies/, 'policies', 'conditionalAccessPolicy'],
  [/^\/identity\/conditionalAccess\/(?:deletedItems\/)?namedLocations/, 'namedLocations', 'namedLocation'],
  [
    /^\/(?:policies\/authenticationStrengthPolicies|identity\/conditionalAccess\/authenticationStrength\/policies)/,
    'authenticationStrengthPolicies',
    'authenticationStrengthPolicy',
  ],
  [/^\/directory\/deletedItems(?:\/microsoft\.graph\.group)?(?=\/|$)/, 'groups', 'group'],
];

/** What the items of a relation are, where they do not say it themselves. */
const RELATIONS: Readonly<Record<string, SeedCollection>> = {
  members: 'users',
  memberof: 'groups',
  approleassignments: 'appRoleAssignments',
  approleassignedto: 'appRoleAssignments',
  oauth2permissiongrants: 'oauth2PermissionGrants',
};

const TYPES: Readonly<Record<string, SeedCollection>> = {
  '#microsoft.graph.user': 'users',
  '#microsoft.graph.group': 'groups',
  '#microsoft.graph.servicePrincipal': 'servicePrincipals',
  '#microsoft.graph.application': 'applications',
};

const REFERRED: Readonly<Partial<Record<Referred, SeedCollection>>> = {
  user: 'users',
  group: 'groups',
  namedLocation: 'namedLocations',
  authenticationStrengthPolicy: 'authenticationStrengthPolicies',
  servicePrincipal: 'servicePrincipals',
  application: 'applications',
};

const PRINCIPALS: Readonly<Record<string, SeedCollection>> = { Group: 'groups', ServicePrincipal: 'servicePrincipals' };
const GUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{11,12}/i;

/** Prepares the tenant of one example. What a page asks of `/me` is asked of a user by id. */
export async function prepare(example: Example): Promise<Prepared> {
  const place = example.path.replace(/^\/me(?=\/|\?|$)/, '/users/{id}').replace(/[\u201c\u201d]/g, '"');
  const [before = '', query] = place.split('?');
  const made = tenant();
  const { path, ids } = objects(example, before, made);
  const body = example.body === undefined ? undefined : await prepareBody(example.body, before, made);
  const seed = made.seed();
  const whole = query === undefined ? path : `${path}?${query}`;
  return {
    seed,
    path: whole.replace('/organization/{id}', `/organization/${seed.tenantId}`),
    ...(body === undefined ? {} : { body }),
    ids,
  };
}

/** Makes what the path names and what the answer shows. */
function objects(example: Example, path: string, made: Tenant): { path: string; ids: readonly string[] } {
  const shown = example.method === 'GET' && !example.placeholders ? example.answer : undefined;
  const items = Array.isArray(shown?.value) ? (shown.value as readonly JsonObject[]) : undefined;
  const single = items === undefined ? shown : undefined;
  if (path === '/organization') organization(items ?? [], made);
  const [pattern, collection] = LISTS.find(([each]) => each.test(path)) ?? [];
  if (pattern === undefined || collection === undefined) return { path, ids: [] };
  const rest = path.slice(pattern.exec(path)?.[0].length);
  const deleted = path.includes('/deletedItems') ? { deletedDateTime: '2026-11-18T08:00:00Z' } : {};
  const [, target = '', relation = ''] = /^\/([^/$]+)(?:\/(.*))?$/.exec(rest) ?? [];
  if (target === '' || target === 'delta') {
    const alternate = /^\((\w+)='([^']*)'\)$/.exec(rest);
    if (alternate !== null && single !== undefined)
      made.put(
        shownObject(collection, { ...single, [alternate[1] as string]: alternate[2] as string }, idOf(single, made)),
      );
    return { path, ids: (items ?? []).map((item) => keep(collection, item, made, deleted)) };
  }
  const id = GUID.test(target) ? target : idOf(relation === '' ? single : undefined, made);
  const about =
    relation === '' && single !== undefined ? shownObject(collection, single, id) : stub(collection, id, example.body);
  made.put({ ...about, ...deleted });
  return { path: path.replace(`/${target}`, `/${id}`), ids: relate(id, relation, items ?? [], made) };
}

const idOf = (item: JsonObject | undefined, made: Tenant): string =>
  typeof item?.id === 'string' && item.id.length > 3 ? item.id : made.newId();

/** Adds an item of a list, and the ends of an edge. */
function keep(of: SeedCollection, item: JsonObject, made: Tenant, more: object = {}): string {
  const id = idOf(item, made);
  for (const name of ['clientId', 'resourceId'])
    if (typeof item[name] === 'string') made.ensure('servicePrincipals', item[name]);
  if (typeof item.principalId === 'string')
    made.ensure(PRINCIPALS[String(item.principalType)] ?? 'users', item.principalId);
  const members = (item['members@delta'] ?? []) as readonly JsonObject[];
  for (const member of members) made.ensure(TYPES[String(member['@odata.type'])] ?? 'users', String(member.id));
  const there = members.filter((member) => member['@removed'] === undefined).map((member) => String(member.id));
  made.put({ ...shownObject(TYPES[String(item['@odata.type'])] ?? of, item, id), members: there, ...more });
  return id;
}

/** Adds the items of a relation: some are found on their other side, some are part of the object. */
function relate(owner: string, relation: string, items: readonly JsonObject[], made: Tenant): readonly string[] {
  const holder = made.get(owner);
  if (relation === 'combinationConfigurations' && holder !== undefined)
    made.put({ ...holder, object: { ...holder.object, combinationConfigurations: items } });
  const of = RELATIONS[relation.replace(/\/.*$/, '').toLowerCase()];
  if (of === undefined) return [];
  const ids = items.map((item) => keep(of, item, made));
  if (of === 'users' && holder !== undefined) made.put({ ...holder, members: ids });
  for (const id of of === 'groups' ? ids : []) {
    const group = made.get(id);
    if (group !== undefined) made.put({ ...group, members: [owner] });
  }
  return ids;
}

/** There is one organization: it gets what the page shows of it. */
function organization(items: readonly JsonObject[], made: Tenant): void {
  const { tenantId } = made.seed();
  const own = made.get(tenantId);
  if (own !== undefined && items[0] !== undefined)
    made.put({ ...own, object: { ...own.object, ...items[0], id: tenantId } });
}

/** Words that stand for values, as pages write them. */
const VALUES: Readonly<Record<string, Json>> = {
  'consentType-value': 'Principal',
  'scope-value': 'User.Read',
  String: 'enabled',
};

/** The body with ids of the tenant. What it names is made. */
async function prepareBody(body: JsonObject, path: string, made: Tenant): Promise<JsonObject> {
  const type = LISTS.find(([pattern]) => pattern.test(path))?.[2] ?? 'authorizationPolicy';
  const valued = JSON.parse(JSON.stringify(body), (_, value: Json) =>
    typeof value === 'string' ? (VALUES[value] ?? value) : value,
  ) as JsonObject;
  const whole = (await rewritten(type, valued, async (kind, id) => {
    const of = REFERRED[kind];
    return of === undefined ? id : made.ensure(of, GUID.test(id) ? id : made.newId());
  })) as JsonObject;
  if (typeof whole.appRoleId === 'string')
    made.put(stub('servicePrincipals', String(whole.resourceId), { appRoleId: whole.appRoleId }));
  if (typeof whole.appId === 'string' && path === '/servicePrincipals') {
    const application = stub('applications', made.newId());
    made.put({ ...application, object: { ...application.object, appId: whole.appId } });
  }
  const references = /(https:\/\/graph\.microsoft\.com\/v1\.0\/(?:directoryObjects|users)\/)\{id\}/g;
  const named = JSON.stringify(whole).replace(
    references,
    (_, root: string) => root + made.ensure('users', made.newId()),
  );
  return JSON.parse(named) as JsonObject;
}
