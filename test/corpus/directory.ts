/**
 * Requests from exported directory objects. Sources: "Create user", "Create group", "Create application", "Create
 * servicePrincipal", "Create oAuth2PermissionGrant", "Grant an appRoleAssignment for a service principal", "Create
 * roleDefinitions", "Create unifiedRoleAssignment", and the resource types.
 */

import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../src/model/json.js';
import type { Reason } from './reasons.js';
import { deep, isGuid, type Members, only, text, without, withoutAll } from './values.js';

/** What a request can give a new user; the rest of an answer is the service's. */
const USER = `ageGroup businessPhones city companyName consentProvidedForMinor country department displayName
  employeeHireDate employeeId employeeLeaveDateTime employeeOrgData employeeType faxNumber givenName jobTitle mail
  mailNickname mobilePhone officeLocation otherMails passwordPolicies postalCode preferredDataLocation preferredLanguage
  state streetAddress surname usageLocation userPrincipalName userType accountEnabled`.split(/\s+/);

/** Characters of the name of a user ("user resource type"). */
const NAME = /^[A-Za-z0-9'._!#^~-]+@/;

export function userBody(source: JsonObject): JsonObject | Reason {
  if ('isMfaRegistered' in source) return 'otherResource';
  if ('identityParentId' in source) return 'notCreated';
  const name = text(source.userPrincipalName);
  if (name === '' || text(source.displayName) === '') return 'fragment';
  if (!NAME.test(name) || / /.test(text(source.preferredLanguage))) return 'refused';
  const body = only(source, USER);
  return {
    accountEnabled: true,
    mailNickname: name.slice(0, name.indexOf('@')).replace(/[^A-Za-z0-9.-]/g, ''),
    ...body,
    passwordProfile: { forceChangePasswordNextSignIn: false, password: 'stand-in, never used 1!' },
  };
}

const GROUP =
  `classification description displayName groupTypes isAssignableToRole mailEnabled mailNickname membershipRule
  membershipRuleProcessingState preferredDataLocation preferredLanguage resourceBehaviorOptions
  resourceProvisioningOptions securityEnabled theme uniqueName visibility`.split(/\s+/);

export function groupBody(source: JsonObject): JsonObject | Reason {
  const types = isJsonArray(source.groupTypes) ? source.groupTypes : undefined;
  const unified = types?.includes('Unified') === true;
  if (text(source.displayName) === '') return 'fragment';
  if (source.mailEnabled === true && !unified) return 'notCreated';
  if (/\s/.test(text(source.mailNickname))) return 'refused';
  if (!unified && source.securityEnabled !== true) return 'fragment';
  return {
    mailEnabled: unified,
    securityEnabled: !unified,
    mailNickname: text(source.mailNickName) || text(source.displayName).replace(/[^A-Za-z0-9]/g, ''),
    ...only(source, GROUP),
  };
}

const APPLICATION_STAMPED = `id appId applicationTemplateId certification createdByAppId createdDateTime deletedDateTime
  disabledByMicrosoftStatus logo passwordCredentials publisherDomain verifiedPublisher @odata.context`.split(/\s+/);

/** Members of roles and scopes that requests must not have ("appRole resource type", "permissionScope resource type"). */
const OF_ENTITLEMENTS = new Set(['origin', 'lang']);

/** Any public key does: Graph does not list the one there was. */
const KEY = 'c3RhbmQtaW4=';

export function applicationBody(source: JsonObject): JsonObject | Reason {
  if ('oauth2Permissions' in source || 'replyUrlsWithType' in source) return 'otherInterface';
  if (text(source.displayName) === '') return 'fragment';
  if (!/^(?:AzureAD|PersonalMicrosoftAccount)/.test(text(source.signInAudience))) return 'refused';
  const body = deep(without(source, APPLICATION_STAMPED), withoutAll(OF_ENTITLEMENTS)) as Members;
  // This lock is in beta only.
  const lock = body.servicePrincipalLockConfiguration;
  if (isJsonObject(lock)) body.servicePrincipalLockConfiguration = without(lock, ['identifierUris']);
  if (isJsonArray(body.keyCredentials))
    body.keyCredentials = body.keyCredentials.map((key) => (isJsonObject(key) ? { ...key, key: KEY } : key));
  return body;
}

/** The passwords of an application, as the action that adds them takes them. */
export function passwordsOf(source: JsonObject): JsonObject[] {
  const passwords = isJsonArray(source.passwordCredentials) ? source.passwordCredentials.filter(isJsonObject) : [];
  return passwords.map((each) => only(each, ['displayName', 'startDateTime', 'endDateTime']));
}

/** What a service principal has from its application, which is in another tenant. */
const OF_APPLICATION = `appDescription appDisplayName appId appRoles displayName homepage info oauth2PermissionScopes
  replyUrls servicePrincipalNames signInAudience`.split(/\s+/);

const OF_PRINCIPAL =
  `accountEnabled addIns alternativeNames appId appRoleAssignmentRequired description loginUrl logoutUrl
  notes notificationEmailAddresses preferredSingleSignOnMode samlSingleSignOnSettings tags
  tokenEncryptionKeyId`.split(/\s+/);

export function principalBody(source: JsonObject): JsonObject | Reason {
  return isGuid(text(source.appId)) ? only(source, OF_PRINCIPAL) : 'refused';
}

/** A service principal of the same application as the tenant knew it before: only that makes the application one. */
export function knownPrincipal(source: JsonObject): Members {
  const known = deep(only(source, OF_APPLICATION), withoutAll(new Set(['lang']))) as Members;
  return { displayName: 'Unnamed', ...known, accountEnabled: true, servicePrincipalType: 'Application' };
}

export function grantBody(source: JsonObject): JsonObject {
  return only(source, ['clientId', 'consentType', 'principalId', 'resourceId', 'scope']);
}

export function assignmentBody(source: JsonObject): JsonObject {
  return only(source, ['principalId', 'resourceId', 'appRoleId']);
}

/** The template of Helpdesk Administrator, which a test of another project calls a custom role. */
const HELPDESK = '729827e3-9c14-49f7-bb1b-9608f156bbb8';

export function roleBody(source: JsonObject): JsonObject | Reason {
  if ('allowedPrincipalTypes' in source) return 'otherInterface';
  if (source.isBuiltIn !== false || source.templateId === HELPDESK) return 'builtIn';
  if (!isGuid(text(source.templateId))) return 'refused';
  return without(source, ['id', 'isBuiltIn', 'inheritsPermissionsFrom']);
}

export function roleAssignmentBody(source: JsonObject): JsonObject | Reason {
  const schedule = ['action', 'memberType', 'scheduleInfo', 'assignmentType', 'justification'];
  if (schedule.some((name) => name in source)) return 'otherResource';
  return only(source, ['principalId', 'roleDefinitionId', 'directoryScopeId']);
}

/** What only one object of a tenant can have, in lower case. */
export function claimsOf(type: string, body: JsonObject, source: JsonObject): string[] {
  const claims = (name: string, ...values: (Json | undefined)[]) =>
    values.flatMap((value) => (typeof value === 'string' ? [`${name}:${value.toLowerCase()}`] : []));
  switch (type) {
    case 'user':
      return [...claims('name', body.userPrincipalName), ...claims('address', body.mail)];
    case 'group':
      return body.mailEnabled === true ? claims('nickname', body.mailNickname) : [];
    case 'application':
      return isJsonArray(body.identifierUris) ? claims('uri', ...body.identifierUris) : [];
    case 'servicePrincipal':
      return claims('application', body.appId);
    case 'roleDefinition':
      return claims('role', body.templateId);
    case 'authenticationMethodConfiguration':
      return claims('method', source.id);
    case 'oauth2PermissionGrant':
    case 'appRoleAssignment':
    case 'roleAssignment':
      return [JSON.stringify([type, ...Object.entries(body).filter(([name]) => name !== 'scope')]).toLowerCase()];
    case 'authorizationPolicy':
    case 'organization':
    case 'authenticationMethodsPolicy':
      return [type];
    default:
      return [];
  }
}
