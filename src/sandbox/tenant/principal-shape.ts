/** The full form in which the directory stores a service principal, from the parts that set it apart. */

import type { Permission } from './permissions.js';
import type { Random } from './random.js';

type Part = Readonly<Record<string, unknown>>;

/** A role of an application, as it is stored. */
export interface AppRole extends Part {
  readonly id: string;
  readonly value: string | null;
}

/** A permission that an application offers, as it is stored. */
export interface PermissionScope extends Part {
  readonly id: string;
  readonly value: string;
}

/** One service principal, with what grants and assignments need to know about it. */
export interface Principal {
  readonly id: string;
  readonly appId: string;
  readonly name: string;
  readonly object: Part;
  readonly roles: readonly AppRole[];
  readonly scopes: readonly PermissionScope[];
}

/** What a service principal is made from; `more` adds properties or replaces them. */
export interface PrincipalWish {
  readonly appId: string;
  readonly name: string;
  readonly id?: string;
  readonly roles?: readonly AppRole[];
  readonly scopes?: readonly PermissionScope[];
  readonly more?: Part;
}

/** Links that applications and service principals show to people. */
export const NO_LINKS = {
  logoUrl: null,
  marketingUrl: null,
  privacyStatementUrl: null,
  supportUrl: null,
  termsOfServiceUrl: null,
};

/** What an application has whose publisher Microsoft has not verified. */
export const UNVERIFIED = { displayName: null, verifiedPublisherId: null, addedDateTime: null };

/** Makes a service principal. */
export function createPrincipal(random: Random, wish: PrincipalWish): Principal {
  const { appId, name, roles = [], scopes = [] } = wish;
  const id = wish.id ?? random.guid();
  const object = {
    id,
    accountEnabled: true,
    addIns: [],
    alternativeNames: [],
    appDisplayName: name,
    appId,
    appRoleAssignmentRequired: false,
    appRoles: roles,
    displayName: name,
    info: NO_LINKS,
    keyCredentials: [],
    notificationEmailAddresses: [],
    oauth2PermissionScopes: scopes,
    passwordCredentials: [],
    replyUrls: [],
    resourceSpecificApplicationPermissions: [],
    servicePrincipalNames: [appId],
    servicePrincipalType: 'Application',
    tags: [],
    verifiedPublisher: UNVERIFIED,
    ...wish.more,
  };
  return { id, appId, name, object: typeFirst(object), roles, scopes };
}

/** The same object with its `@odata.type`, if it has one, before everything else. */
export function typeFirst(object: Part): Part {
  const { '@odata.type': type, ...rest } = object;
  return type === undefined ? rest : { '@odata.type': type, ...rest };
}

/** The stored form of a permission for applications on their own. */
export function permissionRole(permission: Permission): AppRole {
  return {
    allowedMemberTypes: ['Application'],
    description: `${permission.effect}, with nobody signed in`,
    displayName: permission.effect,
    id: permission.id,
    isEnabled: true,
    origin: 'Application',
    value: permission.value,
  };
}

/** The stored form of a permission on behalf of a person. */
export function permissionScope(permission: Permission): PermissionScope {
  const { id, value, effect, isSensitive } = permission;
  return {
    adminConsentDescription: `${effect}, for whoever is signed in`,
    adminConsentDisplayName: effect,
    id,
    isEnabled: true,
    type: isSensitive ? 'Admin' : 'User',
    userConsentDescription: `${effect}, for you`,
    userConsentDisplayName: effect,
    value,
  };
}
