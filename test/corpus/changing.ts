/** Changes one property of an object to another value that Graph takes, chosen at random and the same in every run. */

import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../src/model/json.js';
import { enumOf, isComplex, isKindOf, type PropertyFact, propertiesOf } from '../../src/sandbox/facts.js';
import type { TenantDump } from '../support/raw-reader.mjs';
import type { Made, Send } from './creating.js';
import type { CorpusType } from './reasons.js';
import { deep, isGuid, type Members, only } from './values.js';

/** Types of Microsoft's metadata; where objects say their type themselves, the one that they all derive from. */
const TYPES: Readonly<Record<CorpusType, string>> = {
  user: 'user',
  group: 'group',
  namedLocation: 'namedLocation',
  authenticationStrengthPolicy: 'authenticationStrengthPolicy',
  application: 'application',
  servicePrincipal: 'servicePrincipal',
  roleDefinition: 'unifiedRoleDefinition',
  oauth2PermissionGrant: 'oAuth2PermissionGrant',
  appRoleAssignment: 'appRoleAssignment',
  roleAssignment: 'unifiedRoleAssignment',
  authorizationPolicy: 'authorizationPolicy',
  organization: 'organization',
  authenticationMethodsPolicy: 'authenticationMethodsPolicy',
  authenticationMethodConfiguration: 'authenticationMethodConfiguration',
  conditionalAccessPolicy: 'conditionalAccessPolicy',
};

/**
 * What does not come back whoever asks: an address stays among the others of its owner, the migration of methods goes
 * forward only, and some values cannot be emptied again ("user resource type", "group resource type", "Update
 * authenticationMethodsPolicy", "keyCredential resource type").
 */
const ONE_WAY: Readonly<Partial<Record<CorpusType, readonly string[]>>> = {
  user: ['mail', 'passwordProfile', 'customSecurityAttributes'],
  application: ['keyCredentials'],
  servicePrincipal: ['keyCredentials'],
  authenticationMethodsPolicy: ['policyMigrationState'],
};

/** What requests can change and neither knowngood nor Microsoft's own product manages. */
const UNMANAGED: Readonly<Partial<Record<CorpusType, readonly string[]>>> = {
  user: ['authorizationInfo', 'identities', 'onPremisesImmutableId'],
  // Any text; nothing follows from it.
  roleDefinition: ['version'],
  // They follow the application, unless that is in the gallery.
  servicePrincipal: ['addIns', 'appRoles', 'displayName', 'info', 'oauth2PermissionScopes', 'replyUrls'],
};

/** Members that are the service's, or say nothing: the place of an address among its like, a mark that is always false. */
const SAYS_NOTHING = /\.(?:index|isRegistrationRequired|logoUrl|origin)$/;

/** What can be given where there was nothing, and not be taken away again. */
const NEVER_EMPTY_AGAIN: Readonly<Partial<Record<CorpusType, readonly string[]>>> = {
  user: ['usageLocation'],
  group: ['visibility'],
};

const MOST_ATTEMPTS = 60;

/** Numbers from 0 up to 1, the same for the same seed. */
export function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

interface Candidate {
  readonly path: string;
  /** The property, at the top of the object, and its value. */
  readonly name: string;
  readonly value: Json;
}

/** Changes the object; returns the path of what was changed, or undefined when Graph took none of the changes. */
export async function change(made: Made, tenant: TenantDump, send: Send, random: () => number) {
  const { type } = made.shaped;
  if (type === 'appRoleAssignment' || type === 'roleAssignment') {
    const { status } = await send('DELETE', made.path);
    return status === 204 ? 'the whole object' : undefined;
  }
  const object = tenant[made.list]?.[made.key] as JsonObject;
  const kind = typeof object['@odata.type'] === 'string' ? object['@odata.type'].slice(17) : TYPES[type];
  const candidates = shuffled(candidatesOf(type, kind, object, pools(tenant), random), random);
  for (const candidate of candidates.slice(0, MOST_ATTEMPTS)) {
    if (!(await write(made, object, candidate, send))) continue;
    if (await differs(made, object, candidate, send)) return candidate.path;
  }
  return undefined;
}

/** Types that knowngood shows and does not write: a change of one is a person's to undo. */
export const SHOWN: ReadonlySet<CorpusType> = new Set<CorpusType>(['roleDefinition', 'roleAssignment']);

/** Undoes the change of an object that is only shown. */
export async function undo({ shaped, list, key, path }: Made, before: TenantDump, send: Send): Promise<void> {
  const object = before[list]?.[key] as JsonObject;
  const assigned = shaped.type === 'roleAssignment';
  const body = assigned
    ? only(object, ['roleDefinitionId', 'principalId', 'directoryScopeId'])
    : only(object, ['displayName', 'description', 'isEnabled', 'resourceScopes', 'rolePermissions', 'version']);
  const { status } = assigned
    ? await send('POST', path.slice(0, path.lastIndexOf('/')), body)
    : await send('PATCH', path, body);
  if (status >= 300) throw new Error(`${path} could not be changed back`);
}

async function write({ shaped, path }: Made, object: JsonObject, { name, value }: Candidate, send: Send) {
  const body: Members = { ...only(object, ['@odata.type']), [name]: writable(value) };
  const action = shaped.type === 'authenticationStrengthPolicy' && name === 'allowedCombinations';
  const { status } = action
    ? await send('POST', `${path}/updateAllowedCombinations`, { allowedCombinations: value })
    : await send('PATCH', path, body);
  return status < 300;
}

async function differs({ path }: Made, object: JsonObject, { name }: Candidate, send: Send): Promise<boolean> {
  const { status, body } = await send('GET', `${path}?$select=${name}`);
  if (status !== 200) throw new Error(`${path} cannot be read: ${JSON.stringify(body)}`);
  return JSON.stringify(settled(body[name] ?? null)) !== JSON.stringify(settled(object[name] ?? null));
}

/** A complex value of nothing is none, whether Graph says null or lists its empty members. */
export function settled(value: Json): Json {
  return deep(value, (object) => {
    const members = Object.entries(object).filter(([name]) => !name.includes('@odata.'));
    const empty = members.every(([, member]) => member === null || (isJsonArray(member) && member.length === 0));
    return empty ? null : object;
  });
}

/** A value without what only answers have: a strength is written by its id. */
function writable(value: Json): Json {
  return deep(value, (object) => {
    const strength = object.authenticationStrength;
    return isJsonObject(strength) ? { ...object, authenticationStrength: only(strength, ['id']) } : object;
  });
}

function candidatesOf(
  type: CorpusType,
  kind: string,
  object: JsonObject,
  pool: Pools,
  random: () => number,
): Candidate[] {
  return [...propertiesOf(kind)].flatMap(([name, fact]) => {
    const value = object[name];
    const excluded = [...(ONE_WAY[type] ?? []), ...(UNMANAGED[type] ?? [])];
    if (value === undefined || excluded.includes(name)) return [];
    if (value === null && NEVER_EMPTY_AGAIN[type]?.includes(name)) return [];
    const others = othersOf(name, fact, value, pool, random).filter(([path]) => !SAYS_NOTHING.test(path));
    return others.map(([path, other]) => ({ path, name, value: other }));
  });
}

type Other = readonly [path: string, value: Json];

/** Other values of a property, each different in one place. */
function othersOf(name: string, fact: PropertyFact, value: Json, pool: Pools, random: () => number): Other[] {
  const { collection: _, ...single } = fact;
  if (!fact.collection) return othersOfOne(name, single, value, pool, random);
  const items = isJsonArray(value) ? [...value] : [];
  const at = Math.floor(random() * items.length);
  const dropped: Other[] = items.length > 0 ? [[`${name} (one dropped)`, items.toSpliced(at, 1)]] : [];
  const added = additions(name, single, items, pool).map((item): Other => [`${name} (one added)`, [...items, item]]);
  const item = items[at];
  const inside = isJsonObject(item) ? othersOfOne(`${name}[${at}]`, single, item, pool, random) : [];
  return [...dropped, ...added, ...inside.map(([path, other]): Other => [path, items.with(at, other)])];
}

/** Items that a collection does not have yet. */
function additions(name: string, fact: PropertyFact, items: readonly Json[], pool: Pools): Json[] {
  const held = items.map((item) => (isJsonObject(item) ? item.id : item));
  const known = pool.get(name)?.find((id) => !held.includes(id));
  if (known !== undefined) return isComplex(fact.type) ? [{ targetType: 'group', id: known }] : [known];
  if (enumOf(fact.type)) {
    const all = othersOfOne(name, fact, null, pool, () => 0).map(([, value]) => value);
    return all.filter((value) => !items.includes(value));
  }
  const first = items.find((item) => typeof item === 'string') ?? '';
  if (fact.type !== 'Edm.String' || (typeof first === 'string' && isGuid(first))) return [];
  return [`${first}x`, 'https://added.example/', 'added@corpus.example'].filter((item) => !items.includes(item));
}

function othersOfOne(path: string, fact: PropertyFact, value: Json, pool: Pools, random: () => number): Other[] {
  const name = path.slice(path.lastIndexOf('.') + 1);
  const declared = enumOf(fact.type);
  if (declared) {
    const known = declared.members.filter((member) => member !== 'unknownFutureValue' && member !== value);
    return known.map((member): Other => [path, member]);
  }
  if (isComplex(fact.type)) {
    const object = isJsonObject(value) ? value : {};
    const own = object['@odata.type'];
    const type = typeof own === 'string' ? own.slice(17) : fact.type;
    if (!isKindOf(type, fact.type)) return [];
    const members = [...propertiesOf(type)].flatMap(([member, inner]) =>
      // What is not there is made with one member, and no deeper.
      value === null && isComplex(inner.type)
        ? []
        : othersOf(member, inner, object[member] ?? null, pool, random).map(
            ([inside, other]): Other => [`${path}.${inside}`, { ...object, [member]: other }],
          ),
    );
    return value === null ? members : [...members, [path, null]];
  }
  return scalarsFor(fact.type, name, value).map((other): Other => [path, other]);
}

function scalarsFor(type: string, name: string, value: Json): Json[] {
  if (type === 'Edm.Boolean') return [value !== true];
  if (type === 'Edm.Int32') return [typeof value === 'number' ? value + 1 : 1];
  if (type === 'Edm.DateTimeOffset') return ['2027-03-04T05:06:07.1234567Z', '2027-03-04T05:06:07Z'];
  if (type !== 'Edm.String' || (typeof value === 'string' && isGuid(value))) return [];
  if (name === 'scope' && typeof value === 'string')
    return [`${value} Files.Read.All`, value.split(' ').slice(1).join(' ')];
  return typeof value === 'string' ? [`${value} \u2013 changed `, `x${value}`, null] : ['Corpus '];
}

type Pools = ReadonlyMap<string, readonly string[]>;

/** Ids of objects of the tenant, by the name of the list that they can be added to. */
function pools(tenant: TenantDump): Pools {
  const of = (list: string) => Object.keys(tenant[list] ?? {});
  return new Map([
    ...['includeUsers', 'excludeUsers'].map((name) => [name, of('users')] as const),
    ...['includeGroups', 'excludeGroups', 'excludeTargets'].map((name) => [name, of('groups')] as const),
    ...['includeLocations', 'excludeLocations'].map((name) => [name, of('namedLocations')] as const),
    ...['includeRoles', 'excludeRoles'].map((name) => [name, of('roleDefinitions')] as const),
  ]);
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const ranked = items.map((item) => [random(), item] as const);
  return ranked.sort(([a], [b]) => a - b).map(([, item]) => item);
}
