/**
 * Requests from exported policies: Conditional Access, named locations, strengths, and what a tenant has one of. Sources:
 * "conditionalAccessPolicy resource type" and the types of its members in version 1.0, "Create conditionalAccessPolicy",
 * "Create namedLocation", "Update authorizationPolicy", "Update authenticationMethodsPolicy",
 * "authenticationMethodConfiguration resource type", "Update organization".
 */

import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../src/model/json.js';
import type { Reason } from './reasons.js';
import { deep, type Members, memberAt, nothingIsNull, only, text, without, withoutAll } from './values.js';

/** What only the service writes. */
const STAMPED = ['id', 'createdDateTime', 'modifiedDateTime', 'deletedDateTime', 'templateId', 'lastModifiedDateTime'];

/** Members that version 1.0 of Graph does not have, by name. */
const BETA = new Set([
  'partialEnablementStrategy',
  ...['agents', 'agentContext', 'agentIdRiskLevels', 'deviceStates', 'times', 'globalSecureAccess', 'networkAccess'],
  ...['includeDevices', 'excludeDevices', 'includeDeviceStates', 'excludeDeviceStates'],
  ...['includeAgentIdServicePrincipals', 'excludeAgentIdServicePrincipals', 'agentIdServicePrincipalFilter'],
  ...['blockSensitiveActions', 'continuousAccessEvaluation', 'networkAccessSecurity'],
  'globalSecureAccessFilteringProfile',
]);

/** Controls of a grant ("conditionalAccessGrantControls resource type"). */
const CONTROLS = `block mfa compliantDevice domainJoinedDevice approvedApplication compliantApplication passwordChange
  riskRemediation`.split(/\s+/);

const filled = (value: Json | undefined): boolean =>
  isJsonArray(value) ? value.length > 0 : isJsonObject(value) && Object.keys(value).length > 0;

export function policyBody(source: JsonObject): JsonObject | Reason {
  if (!isSound(source)) return 'refused';
  const plain = deep(without(source, [...STAMPED, 'additionalProperties']), (object) => {
    const less = withoutAll(BETA)(object);
    return isJsonObject(less) ? nothingIsNull(named(less)) : less;
  }) as Members;
  const grant = plain.grantControls;
  if (isJsonObject(grant) && isJsonObject(grant.authenticationStrength))
    plain.grantControls = { ...grant, authenticationStrength: only(grant.authenticationStrength, ['id']) };
  return isWhole(plain) ? plain : 'betaOnly';
}

/** Whether its names and values are Graph's: some are written by hand, with lists for one value, or in other letters. */
function isSound({ conditions, ...source }: JsonObject): boolean {
  if (!isJsonObject(conditions) || isJsonArray(conditions.locations)) return false;
  const clients = isJsonArray(conditions.clientAppTypes) ? conditions.clientAppTypes : [];
  const controls = memberAt(source.grantControls, ['builtInControls']);
  return (
    !isJsonArray(memberAt(conditions, ['authenticationFlows', 'transferMethods'])) &&
    !clients.some((client) => /^[A-Z]/.test(text(client))) &&
    !Object.keys(source).some((name) => /^[A-Z]/.test(name)) &&
    !(isJsonArray(controls) && controls.some((control) => !CONTROLS.includes(text(control))))
  );
}

/** Kinds of external tenants name their type; PowerShell leaves it out. */
function named(object: JsonObject): Members {
  const kind = object.membershipKind;
  if (typeof kind !== 'string' || '@odata.type' in object) return object as Members;
  const word = kind === 'all' ? 'All' : 'Enumerated';
  return { '@odata.type': `#microsoft.graph.conditionalAccess${word}ExternalTenants`, ...object } as Members;
}

/** Whether there still are people, a target and a control in it. */
function isWhole({ conditions, grantControls, sessionControls }: JsonObject): boolean {
  const has = (part: string, ...names: string[]) => names.some((name) => filled(memberAt(conditions, [part, name])));
  const effective =
    isJsonObject(sessionControls) &&
    Object.values(sessionControls).some((control) => control === true || memberAt(control, ['isEnabled']) === true);
  return (
    (isJsonObject(grantControls) || effective) &&
    (has('applications', 'includeApplications', 'includeUserActions', 'applicationFilter') ||
      has('applications', 'includeAuthenticationContextClassReferences')) &&
    (has('users', 'includeUsers', 'includeGroups', 'includeRoles', 'includeGuestsOrExternalUsers') ||
      has('clientApplications', 'includeServicePrincipals', 'servicePrincipalFilter'))
  );
}

export function locationBody(source: JsonObject): JsonObject | Reason {
  const kind = text(source['@odata.type']).replace('#microsoft.graph.', '') || text(source.locationType);
  if (kind === 'compliantNetworkNamedLocation') return 'notCreated';
  if (kind === 'countryNamedLocation' && 'isTrusted' in source) return 'refused';
  const ranges = isJsonArray(source.ipRanges) ? source.ipRanges.filter(isJsonObject) : [];
  const body = deep(without(source, [...STAMPED, 'locationType', 'note']), withoutAll(new Set())) as Members;
  return {
    ...body,
    '@odata.type': `#microsoft.graph.${kind}`,
    ...(ranges.length > 0 ? { ipRanges: ranges.map(range) } : {}),
  };
}

/** A range says of which version it is; templates write a remark beside it instead. */
function range(source: JsonObject): JsonObject {
  const version = text(source.cidrAddress).includes(':') ? 'iPv6' : 'iPv4';
  return { '@odata.type': `#microsoft.graph.${version}CidrRange`, ...without(source, ['description']) };
}

export function strengthBody(source: JsonObject): JsonObject {
  return only(source, ['displayName', 'description', 'allowedCombinations']);
}

export function authorizationBody(source: JsonObject): JsonObject {
  const { permissionGrantPolicyIdsAssignedToDefaultUserRole: assigned, allowedToUseSspr: sspr } = source;
  const body = without(source, [
    ...STAMPED,
    'additionalProperties',
    'allowedToUseSspr',
    'defaultUserRoleOverrides',
    'enabledPreviewFeatures',
    'permissionGrantPolicyIdsAssignedToDefaultUserRole',
  ]);
  const role = isJsonObject(body.defaultUserRolePermissions) ? body.defaultUserRolePermissions : {};
  // In version 1.0 the policies of consent are among the permissions, and the name of the switch is in capitals.
  if (isJsonArray(assigned)) body.defaultUserRolePermissions = { ...role, permissionGrantPoliciesAssigned: assigned };
  if (sspr !== undefined) body.allowedToUseSSPR = sspr;
  return body;
}

export function organizationBody(source: JsonObject): JsonObject {
  const body = only(source, [
    'marketingNotificationEmails',
    'privacyProfile',
    'securityComplianceNotificationMails',
    'securityComplianceNotificationPhones',
    'technicalNotificationMails',
  ]);
  // The directory takes no empty texts, though it answers with some.
  return deep(body, (object) =>
    nothingIsNull(Object.fromEntries(Object.entries(object).map(([name, each]) => [name, each === '' ? null : each]))),
  ) as JsonObject;
}

export function methodsPolicyBody(source: JsonObject): JsonObject {
  const body = only(source, ['policyMigrationState', 'registrationEnforcement']);
  const campaign = memberAt(body, ['registrationEnforcement', 'authenticationMethodsRegistrationCampaign']);
  if (!isJsonObject(campaign)) return without(body, ['registrationEnforcement']);
  // The switch for snoozes is in beta only.
  const plain = without(campaign, ['enforceRegistrationAfterAllowedSnoozes']);
  return { ...body, registrationEnforcement: { authenticationMethodsRegistrationCampaign: plain } };
}

/** Members of method configurations that only beta has. */
const METHOD_BETA = new Set([
  'companionAppAllowedState',
  'numberMatchingRequiredState',
  'isCustomGreetingEnabled',
  'callerIdNumber',
]);

export function methodBody(source: JsonObject): JsonObject | Reason {
  if (source.id === 'HardwareOath' || source.id === 'FederatedIdentityCredential') return 'betaOnly';
  const body = deep(without(source, ['id']), withoutAll(METHOD_BETA)) as Members;
  const mode = body.authenticationModeConfiguration;
  // PowerShell writes a list of one as the one.
  if (isJsonObject(mode) && isJsonObject(mode.rules))
    body.authenticationModeConfiguration = { ...mode, rules: [mode.rules] };
  return body;
}
