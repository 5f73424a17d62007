/** Reads a whole tenant over plain HTTP: what recoveries are judged by. */

import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../src/model/json.js';
import { resources } from '../../src/sandbox/resources.js';
import { type Kind, keyIn } from './kinds.js';
import type { PlainHttp } from './plain-http.js';

/** An object as Graph answers it, and whether it is in the recycle bin. Those that have links have them as ids. */
export interface RawObject {
  readonly key: string;
  readonly type: string;
  readonly id: string;
  readonly deleted: boolean;
  readonly values: JsonObject;
}

/**
 * Everything that a tenant holds, by the keys under which plans name it. Permission grants for one user have the type
 * `personalGrant`: nobody backs them up.
 */
export type RawTenant = ReadonlyMap<string, RawObject>;

const USER =
  `id,displayName,userPrincipalName,accountEnabled,userType,givenName,surname,mail,mailNickname,otherMails,jobTitle,
department,companyName,officeLocation,employeeId,employeeType,employeeHireDate,employeeLeaveDateTime,employeeOrgData,
businessPhones,mobilePhone,faxNumber,streetAddress,postalCode,city,state,country,usageLocation,preferredLanguage,
preferredDataLocation,ageGroup,consentProvidedForMinor,passwordPolicies,proxyAddresses,onPremisesSyncEnabled,
identities,createdDateTime`.replace(/\s/g, '');

const ASSIGNMENT = 'appRoleAssignment';
const GRANT = 'oauth2PermissionGrant';

/** Reads a whole tenant in as few requests as there can be. */
export async function readRaw(http: PlainHttp, kinds: readonly Kind[]): Promise<RawTenant> {
  const tenant = new Map<string, RawObject>();
  const add = (kind: Kind, deleted: boolean, values: JsonObject) => {
    const personal = kind.name === GRANT && values.consentType === 'Principal';
    const own = keyIn(kind, values);
    const key = personal ? `personalGrant${own.slice(own.indexOf('/'))}_${String(values.principalId)}` : own;
    const type = personal ? 'personalGrant' : kind.name;
    tenant.set(key, { key, type, id: key.slice(key.indexOf('/') + 1), deleted, values: stable(values) });
  };
  const lists = kinds
    .filter(({ name }) => name !== ASSIGNMENT)
    .flatMap((kind) => [
      { kind, deleted: false, path: listPath(kind, kind.live) },
      ...(kind.bin === undefined ? [] : [{ kind, deleted: true, path: listPath(kind, kind.bin.list) }]),
    ]);
  const bodies = await http.readAll(
    'v1.0',
    lists.map(({ path }) => path),
  );
  for (const [index, { kind, deleted }] of lists.entries()) {
    const body = bodies[index] as JsonObject;
    for (const values of kind.type.singleton === 'object' ? [body] : wholeList(body)) add(kind, deleted, values);
  }
  const assignments = kinds.find(({ name }) => name === ASSIGNMENT);
  const resourceIds = living(tenant, 'servicePrincipal');
  if (assignments !== undefined) {
    const paths = resourceIds.map((id) => `/servicePrincipals/${id}/appRoleAssignedTo?$top=999`);
    for (const body of await http.readAll('v1.0', paths))
      for (const values of wholeList(body)) add(assignments, false, values);
  }
  await addBeta(http, kinds, tenant);
  return tenant;
}

/** What only the beta version tells, or tells whole: members that are service principals, and per-user settings. */
async function addBeta(http: PlainHttp, kinds: readonly Kind[], tenant: Map<string, RawObject>): Promise<void> {
  const extras = [
    ...kinds.flatMap((kind) =>
      kind.links.flatMap((link) =>
        living(tenant, kind.name).map((id) => ({
          key: `${kind.name}/${id}`,
          path: `${kind.live}/${id}/${link}?$select=id&$top=999`,
          read: (body: JsonObject) => ({
            [link]: wholeList(body)
              .map((target) => String(target.id))
              .sort(),
          }),
        })),
      ),
    ),
    ...living(tenant, 'user').map((id) => ({
      key: `user/${id}`,
      path: `/users/${id}/authentication/requirements`,
      read: (body: JsonObject) => ({ perUserMfaState: body.perUserMfaState ?? null }),
    })),
  ];
  const bodies = await http.readAll(
    'beta',
    extras.map(({ path }) => path),
  );
  for (const [index, { key, read }] of extras.entries()) {
    const object = tenant.get(key) as RawObject;
    tenant.set(key, { ...object, values: { ...object.values, ...read(bodies[index] as JsonObject) } });
  }
}

const living = (tenant: RawTenant, type: string): string[] =>
  [...tenant.values()].filter((object) => object.type === type && !object.deleted).map(({ id }) => id);

function listPath(kind: Kind, path: string): string {
  if (kind.singleton || !resources[kind.collection].directory) return path;
  return `${path}?$top=999${kind.name === 'user' ? `&$select=${USER}` : ''}`;
}

function wholeList(body: JsonObject): readonly JsonObject[] {
  if (!isJsonArray(body.value) || '@odata.nextLink' in body)
    throw new Error(`not a whole list: ${JSON.stringify(body)}`);
  return body.value.filter(isJsonObject);
}

/** Without annotations and without what belongs to other objects: the strength that a policy names. */
function stable(values: JsonObject): JsonObject {
  const own = Object.entries(values).filter(([name]) => !name.includes('@odata.context') && !INLINE.has(name));
  return Object.fromEntries(own.map(([name, value]) => [name, name === 'grantControls' ? byId(value) : value]));
}

const INLINE = new Set(['authenticationMethodConfigurations']);

function byId(grant: Json): Json {
  if (!isJsonObject(grant) || !isJsonObject(grant.authenticationStrength)) return grant;
  return { ...grant, authenticationStrength: { id: grant.authenticationStrength.id ?? null } };
}
