/**
 * A tenant from a folder with one YAML file for each object: `users/…/<id>.yaml`, `groups/…/<id>.yaml`,
 * `conditionalAccessPolicies/<id>.yaml` and so on; what a tenant has one of is `<name>.yaml`, in the folder itself or in
 * one of its name. Grants and assignments may be named by what they connect. Keys are Graph properties; group files list
 * `members`; `deletedDateTime` says that the object is in the recycle bin. Keys Graph does not know are left out.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { SandboxError } from './errors.js';
import { isKindOf, propertiesOf } from './facts.js';
import { guidOf } from './guid.js';
import { plainCollections } from './plain.js';
import { mfaProperty } from './quirks/methods.js';
import { concreteType, resources } from './resources.js';
import type { SeedCollection, SeedObject, TenantSeed } from './seed.js';
import { isGuid, isObject } from './validate.js';

const plainNames = Object.keys(plainCollections) as SeedCollection[];

const folders: readonly (readonly [string, SeedCollection])[] = [
  ['users', 'users'],
  ['groups', 'groups'],
  ['applications', 'applications'],
  ['servicePrincipals', 'servicePrincipals'],
  ['oauth2PermissionGrants', 'oauth2PermissionGrants'],
  ['appRoleAssignments', 'appRoleAssignments'],
  ['conditionalAccessPolicies', 'policies'],
  ['namedLocations', 'namedLocations'],
  ['authenticationStrengthPolicies', 'authenticationStrengthPolicies'],
  ['authenticationMethodConfigurations', 'authenticationMethodConfigurations'],
  ['roleDefinitions', 'roleDefinitions'],
  ['roleAssignments', 'roleAssignments'],
  ...plainNames.map((name) => [name, name] as const),
];

/** Collections whose ids are no GUIDs, or not always. */
const namedFreely: ReadonlySet<SeedCollection> = new Set<SeedCollection>([
  'oauth2PermissionGrants',
  'appRoleAssignments',
  'authenticationMethodConfigurations',
  'roleAssignments',
  'singletons',
  ...plainNames,
]);

/** Reads a state folder: the folder itself, or the one that holds it as `tenant-state/`. Throws `sandbox-from`. */
export function readStateFolder(path: string): TenantSeed {
  const root = existsSync(join(path, 'tenant-state')) ? join(path, 'tenant-state') : path;
  if (!existsSync(root) || !statSync(root).isDirectory()) throw bad(`${path} is not a folder.`);
  const found = folders.flatMap(([folder, collection]) =>
    yamlFiles(join(root, folder)).map((file) => readObject(file, collection)),
  );
  if (found.length === 0) throw bad(`${path} holds no objects.`);
  const { tenantId, objects } = settled(found, organizationId(root));
  const seen = new Set<string>();
  for (const { object } of objects) {
    const key = String(object.id).toLowerCase();
    if (seen.has(key)) throw bad(`The id ${String(object.id)} occurs twice under ${root}.`);
    seen.add(key);
  }
  return {
    tenantId,
    displayName: organizationName(root) ?? 'Sandbox',
    verifiedDomains: domains(objects),
    objects: [...objects, ...readSingletons(root, tenantId)],
  };
}

/**
 * The id of the sandbox tenant, which follows from its objects and is not that of the tenant they come from: nothing that
 * is planned for one may be meant for the other. Objects that name their tenant name this one.
 */
function settled(
  found: readonly SeedObject[],
  from: string | undefined,
): { readonly tenantId: string; readonly objects: readonly SeedObject[] } {
  const text = JSON.stringify(found);
  if (from === undefined) return { tenantId: guidOf(text), objects: found };
  const tenantId = guidOf(text.replaceAll(from, ''));
  return { tenantId, objects: JSON.parse(text.replaceAll(from, tenantId)) as SeedObject[] };
}

/** The id of the tenant that the folder is a backup of. */
function organizationId(root: string): string | undefined {
  const file = singletonFile(root, 'organization');
  const id = file === undefined ? undefined : readYaml(file).id;
  return typeof id === 'string' && isGuid(id) ? id : undefined;
}

/** What the folder says about the things a tenant has one of. The organization gets the id of this tenant. */
function readSingletons(root: string, tenantId: string): SeedObject[] {
  return resources.singletons.kinds.flatMap((name) => {
    const file = singletonFile(root, name);
    if (file === undefined) return [];
    const id = name === 'organization' ? tenantId : name;
    return [{ collection: 'singletons', object: knownProperties(readYaml(file), name, id) }];
  });
}

function singletonFile(root: string, name: string): string | undefined {
  const file = join(root, `${name}.yaml`);
  return existsSync(file) ? file : yamlFiles(join(root, name))[0];
}

function yamlFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder, { recursive: true }).map(String);
  return names
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => join(folder, name));
}

function readYaml(file: string): Record<string, unknown> {
  let content: unknown;
  try {
    content = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw bad(`${file} is not valid YAML: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!isObject(content)) throw bad(`${file} does not hold an object.`);
  return content;
}

function readObject(file: string, collection: SeedCollection): SeedObject {
  const { members, deletedDateTime, ...content } = readYaml(file);
  const given = String(content.id ?? basename(file, '.yaml'));
  const id = namedFreely.has(collection) ? given : given.toLowerCase();
  if (!namedFreely.has(collection) && !isGuid(id)) throw bad(`${file}: '${id}' is not an object id.`);
  const object = knownProperties(content, concreteType(resources[collection], content), id);
  if (collection === 'policies') object.grantControls = withStrength(object.grantControls);
  if (collection === 'namedLocations' && typeof object['@odata.type'] !== 'string')
    throw bad(`${file} does not say which kind of location it is ('@odata.type').`);
  return {
    collection,
    object,
    ...(Array.isArray(members) ? { members: members.map((member) => String(member).toLowerCase()) } : {}),
    ...(typeof deletedDateTime === 'string' ? { deletedDateTime } : {}),
  };
}

/** The properties that the type has and that have a value. */
function knownProperties(content: Record<string, unknown>, type: string, id: string): Record<string, unknown> {
  const facts = propertiesOf(type);
  const known = Object.entries(content).filter(
    ([name, value]) => value !== null && (facts.has(name) || name === '@odata.type' || isMfaState(type, name)),
  );
  return { ...Object.fromEntries(known), id };
}

/** The state of per-user multifactor authentication, which is no property of the user, is written with the user. */
const isMfaState = (type: string, name: string): boolean => name === mfaProperty && isKindOf(type, 'user');

/** A strength may be written as its id alone. */
function withStrength(grant: unknown): unknown {
  if (!isObject(grant)) return grant;
  const { authenticationStrength: strength, ...others } = grant;
  if (strength === undefined || strength === null) return others;
  return { ...others, authenticationStrength: { id: isObject(strength) ? strength.id : strength } };
}

function domains(objects: readonly SeedObject[]): string[] {
  const names = new Set<string>();
  for (const { object } of objects) {
    const name = object.userPrincipalName;
    if (typeof name === 'string' && name.includes('@')) names.add(name.slice(name.lastIndexOf('@') + 1).toLowerCase());
  }
  return names.size > 0 ? [...names].sort() : ['sandbox.onmicrosoft.com'];
}

function organizationName(root: string): string | undefined {
  const file = singletonFile(root, 'organization');
  const name = file === undefined ? undefined : readYaml(file).displayName;
  return typeof name === 'string' ? name : undefined;
}

function bad(message: string): SandboxError {
  return new SandboxError('sandbox-from', message, 'Name a state repository, or its tenant-state folder.');
}
