/**
 * What Microsoft Graph does and its metadata does not say, as data. Each table names the documentation page it comes
 * from; "observed" marks behaviour that people report and no page states. Here: which properties a write may set.
 */

import {
  applicationCreateOnly,
  applicationNotClearable,
  applicationReadOnly,
  applicationRequired,
} from './application-writing.js';
import { policyCreateOnly, policyReadOnly, policyRequired } from './policy-writing.js';

/**
 * Properties that no request can set, though the metadata does not mark them. Sources: "user resource type", "Update
 * user" (assignedLicenses changes by "assignLicense" only), "group resource type", "Update group",
 * "conditionalAccessPolicy resource type", "namedLocation resource type".
 */
export const readOnly: Readonly<Record<string, ReadonlySet<string>>> = {
  user: new Set([
    'id',
    'deletedDateTime',
    'assignedLicenses',
    'assignedPlans',
    'createdDateTime',
    'creationType',
    'externalUserState',
    'externalUserStateChangeDateTime',
    'imAddresses',
    'isManagementRestricted',
    'isResourceAccount',
    'lastPasswordChangeDateTime',
    'legalAgeGroupClassification',
    'licenseAssignmentStates',
    'mailboxSettings',
    'onPremisesDistinguishedName',
    'onPremisesDomainName',
    'onPremisesLastSyncDateTime',
    'onPremisesProvisioningErrors',
    'onPremisesSamAccountName',
    'onPremisesSecurityIdentifier',
    'onPremisesSyncEnabled',
    'onPremisesUserPrincipalName',
    'preferredName',
    'print',
    'provisionedPlans',
    'proxyAddresses',
    'securityIdentifier',
    'serviceProvisioningErrors',
    'signInActivity',
    'signInSessionsValidFromDateTime',
  ]),
  group: new Set([
    'id',
    'deletedDateTime',
    'accessType',
    'assignedLicenses',
    'createdDateTime',
    'expirationDateTime',
    'hasMembersWithLicenseErrors',
    'infoCatalogs',
    'isArchived',
    'isFavorite',
    'isManagementRestricted',
    'isSubscribedByMail',
    'licenseProcessingState',
    'mail',
    'onPremisesDomainName',
    'onPremisesExtensionAttributes',
    'onPremisesLastSyncDateTime',
    'onPremisesNetBiosName',
    'onPremisesProvisioningErrors',
    'onPremisesSamAccountName',
    'onPremisesSecurityIdentifier',
    'onPremisesSyncEnabled',
    'organizationId',
    'proxyAddresses',
    'renewedDateTime',
    'securityIdentifier',
    'serviceProvisioningErrors',
    'unseenConversationsCount',
    'unseenCount',
    'unseenMessagesCount',
    'welcomeMessageEnabled',
  ]),
  conditionalAccessPolicy: new Set(['id', 'deletedDateTime', 'createdDateTime', 'modifiedDateTime', 'templateId']),
  namedLocation: new Set(['id', 'deletedDateTime', 'createdDateTime', 'modifiedDateTime']),
  ...applicationReadOnly,
  ...policyReadOnly,
};

/** Properties that can be given at creation and never again. Source: "Create group", "group resource type". */
export const createOnly: Readonly<Record<string, ReadonlySet<string>>> = {
  ...applicationCreateOnly,
  group: new Set(['isAssignableToRole', 'uniqueName', 'resourceBehaviorOptions', 'resourceProvisioningOptions']),
  ...policyCreateOnly,
};

/**
 * Properties an application (no signed-in user) cannot write. Sources: "Update user" (profile properties of another
 * service), "Update group" (Exchange properties, sensitivity labels: delegated permissions only).
 */
export const delegatedOnly: Readonly<Record<string, ReadonlySet<string>>> = {
  user: new Set([
    'aboutMe',
    'birthday',
    'deviceEnrollmentLimit',
    'hireDate',
    'interests',
    'mySite',
    'pastProjects',
    'responsibilities',
    'schools',
    'skills',
  ]),
  group: new Set([
    'allowExternalSenders',
    'assignedLabels',
    'autoSubscribeNewMembers',
    'hideFromAddressLists',
    'hideFromOutlookClients',
  ]),
};

/**
 * Values that cannot be emptied. Sources: "user resource type" (usageLocation "Not nullable", displayName and mail
 * "can't be cleared during updates"), "Update group"; the others are required at creation.
 */
export const notClearable: Readonly<Record<string, ReadonlySet<string>>> = {
  ...applicationNotClearable,
  user: new Set(['accountEnabled', 'displayName', 'mail', 'mailNickname', 'usageLocation', 'userPrincipalName']),
  group: new Set(['displayName', 'mailEnabled', 'mailNickname', 'securityEnabled', 'visibility']),
};

/** Required at creation, in the order in which Graph complains. Source: "Create user", "Create group". */
export const requiredOnCreate: Readonly<Record<string, readonly string[]>> = {
  ...applicationRequired,
  user: ['accountEnabled', 'displayName', 'mailNickname', 'userPrincipalName'],
  group: ['displayName', 'mailEnabled', 'mailNickname', 'securityEnabled'],
  conditionalAccessPolicy: ['displayName', 'state', 'conditions'],
  ipNamedLocation: ['displayName', 'ipRanges'],
  countryNamedLocation: ['displayName', 'countriesAndRegions'],
  ...policyRequired,
};

/**
 * What stays writable in the cloud when a user is mastered on-premises. Source: "user resource type" (the properties
 * without "read-only for synced users") and the attribute tables of "Microsoft Entra Connect Sync: attributes synchronized".
 */
export const cloudWritableWhenSynced: ReadonlySet<string> = new Set([
  'ageGroup',
  'authorizationInfo',
  'consentProvidedForMinor',
  'customSecurityAttributes',
  'otherMails',
  'passwordPolicies',
  'usageLocation',
]);
