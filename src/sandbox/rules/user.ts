/** Rules about users that involve several properties, or other users. */
import { badRequest, conflict, invalidValue } from '../errors.js';
import { syncedWords } from '../quirks/words.js';
import { cloudWritableWhenSynced, requiredOnCreate } from '../quirks/writing.js';
import { concreteType, resources } from '../resources.js';
import type { Store, Stored } from '../store.js';
import { type Body, checkProperties, checkRequired, isObject } from '../validate.js';

const resource = resources.users;

/** The properties of a new user. Source: "Create user". Throws what Graph answers to a wrong body. */
export function newUser(store: Store, body: Body, id: string, now: string): Record<string, unknown> {
  checkRequired(resource, requiredOnCreate.user ?? [], body);
  const { passwordProfile, ...values } = checkProperties(resource, 'user', body, 'create');
  if (!isObject(passwordProfile) || typeof passwordProfile.password !== 'string' || passwordProfile.password === '') {
    throw badRequest('A password must be specified to create a new user.');
  }
  checkPrincipalName(store, String(values.userPrincipalName), id);
  const user: Record<string, unknown> = { ...values, id, createdDateTime: now };
  user.userType ??= 'Member';
  user.identities ??= [nameIdentity(store, String(values.userPrincipalName))];
  if (typeof values.mail === 'string') takeAddress(store, user, undefined, values.mail, id);
  return user;
}

/** The properties a PATCH sets. Source: "Update user". */
export function userUpdate(store: Store, stored: Stored, body: Body): Record<string, unknown> {
  const kind = concreteType(resource, stored.object);
  const checked = checkProperties(resource, kind, body, 'update');
  // Agents sign in without a password (documentation page "agentUser resource type").
  if (kind === 'agentUser' && 'passwordProfile' in checked) throw invalidValue('passwordProfile', resource.label);
  if (
    stored.object.onPremisesSyncEnabled === true &&
    Object.keys(checked).some((name) => !cloudWritableWhenSynced.has(name))
  ) {
    throw badRequest(syncedWords);
  }
  const { passwordProfile: _, ...values } = checked;
  const { userPrincipalName, mail, identities, onPremisesExtensionAttributes: extension } = values;
  if (isObject(extension))
    values.onPremisesExtensionAttributes = {
      ...(stored.object.onPremisesExtensionAttributes as Body | undefined),
      ...extension,
    };
  if (typeof userPrincipalName === 'string') {
    checkPrincipalName(store, userPrincipalName, stored.id);
    if (identities === undefined) values.identities = renamed(store, stored.object.identities, userPrincipalName);
  }
  if (Array.isArray(identities))
    checkIdentities(identities, String(userPrincipalName ?? stored.object.userPrincipalName));
  if (typeof mail === 'string') takeAddress(store, values, stored.object.proxyAddresses, mail, stored.id);
  return values;
}

/** Throws 400 for a name whose domain the tenant has not verified, or that another live user has. Source: "user resource
 * type"; words observed. */
export function checkPrincipalName(store: Store, name: string, id: string): void {
  const domain = name.slice(name.lastIndexOf('@') + 1).toLowerCase();
  if (!name.includes('@')) throw invalidValue('userPrincipalName', resource.label);
  if (!store.verifiedDomains.some((verified) => verified.toLowerCase() === domain)) {
    const message =
      'The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization.';
    throw badRequest(message, [{ code: 'InvalidValue', message, target: 'userPrincipalName' }]);
  }
  const holder = store.principalNames.get(name.toLowerCase());
  if (holder !== undefined && holder !== id) throw conflict('userPrincipalName');
}

/** Makes an address the primary one; those before it stay as secondary ones. Source: "user resource type", mail. */
function takeAddress(store: Store, values: Record<string, unknown>, before: unknown, mail: string, id: string): void {
  const holder = store.addresses.get(mail.toLowerCase());
  if (holder !== undefined && holder !== id) throw conflict('proxyAddresses');
  const others = (Array.isArray(before) ? before.map(String) : []).filter(
    (address) => address.slice(5).toLowerCase() !== mail.toLowerCase(),
  );
  values.proxyAddresses = [`SMTP:${mail}`, ...others.map((address) => address.replace(/^SMTP:/, 'smtp:'))];
}

function nameIdentity(store: Store, name: string): Body {
  return { signInType: 'userPrincipalName', issuer: store.verifiedDomains[0] ?? '', issuerAssignedId: name };
}

/** The identity of the name is that of the new one; who issued it does not change. */
function renamed(store: Store, identities: unknown, name: string): unknown[] {
  const all = Array.isArray(identities) ? identities : [];
  const isOwn = (each: unknown) => isObject(each) && each.signInType === 'userPrincipalName';
  const own = all.find(isOwn) as Body | undefined;
  return [...all.filter((each) => !isOwn(each)), { ...(own ?? nameIdentity(store, name)), issuerAssignedId: name }];
}

/** The collection is replaced whole and must hold the identity of the user principal name. Source: "Update user". */
function checkIdentities(identities: readonly unknown[], name: string): void {
  const own = identities.some(
    (each) =>
      isObject(each) &&
      each.signInType === 'userPrincipalName' &&
      String(each.issuerAssignedId).toLowerCase() === name.toLowerCase(),
  );
  if (!own) throw invalidValue('identities', resource.label);
}
