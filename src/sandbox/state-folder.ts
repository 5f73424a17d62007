/**
 * A tenant from a folder with one YAML file for each object: `users/…/<id>.yaml`, `groups/…/<id>.yaml`,
 * `conditionalAccessPolicies/<id>.yaml`, `namedLocations/<id>.yaml`. Keys are Graph properties; group files list
 * `members`; `deletedDateTime` says that the object is in the recycle bin. Keys Graph does not know are left out.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { SandboxError } from './errors.js';
import { propertiesOf } from './facts.js';
import { guidOf } from './guid.js';
import { concreteType, resources } from './resources.js';
import type { SeedCollection, SeedObject, TenantSeed } from './seed.js';
import { isGuid, isObject } from './validate.js';

const folders: readonly (readonly [string, SeedCollection])[] = [
  ['users', 'users'],
  ['groups', 'groups'],
  ['conditionalAccessPolicies', 'policies'],
  ['namedLocations', 'namedLocations'],
];

/** Reads a state folder: the folder itself, or the one that holds it as `tenant-state/`. Throws `sandbox-from`. */
export function readStateFolder(path: string): TenantSeed {
  const root = existsSync(join(path, 'tenant-state')) ? join(path, 'tenant-state') : path;
  if (!existsSync(root) || !statSync(root).isDirectory()) throw bad(`${path} is not a folder.`);
  const objects = folders.flatMap(([folder, collection]) =>
    yamlFiles(join(root, folder)).map((file) => readObject(file, collection)),
  );
  if (objects.length === 0) throw bad(`${path} holds no objects.`);
  const seen = new Set<string>();
  for (const { object } of objects) {
    if (seen.has(String(object.id))) throw bad(`The id ${String(object.id)} occurs twice under ${root}.`);
    seen.add(String(object.id));
  }
  const content = JSON.stringify(objects);
  return {
    tenantId: guidOf(content),
    displayName: organizationName(root) ?? 'Sandbox',
    verifiedDomains: domains(objects),
    objects,
  };
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
  const id = String(content.id ?? basename(file, '.yaml')).toLowerCase();
  if (!isGuid(id)) throw bad(`${file}: '${id}' is not an object id.`);
  const facts = propertiesOf(concreteType(resources[collection], content));
  const object: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(content)) {
    if (value !== null && (facts.has(name) || name === '@odata.type')) object[name] = value;
  }
  object.id = id;
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
  const file = join(root, 'organization.yaml');
  const name = existsSync(file) ? readYaml(file).displayName : undefined;
  return typeof name === 'string' ? name : undefined;
}

function bad(message: string): SandboxError {
  return new SandboxError('sandbox-from', message, 'Name a state repository, or its tenant-state folder.');
}
