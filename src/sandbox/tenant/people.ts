/** The people of the generated tenant: employees, leavers, synced accounts and guests. */

import {
  COMPANY,
  DEFAULT_DOMAIN,
  DEPARTMENTS,
  type Department,
  INITIAL_DOMAIN,
  OFFICES,
  type Office,
  ON_PREMISES_DOMAIN,
  OTHER_LANGUAGES,
  PARTNERS,
} from './company.js';
import { namePools, type PersonName, readName } from './names.js';
import type { Nicknames } from './nicknames.js';
import type { Random } from './random.js';

/** What kind of account a user is; the groups and policies are made from it. */
export type AccountKind = 'emergency' | 'employee' | 'leaver' | 'synced' | 'guest' | 'service' | 'room' | 'agent';

/** One generated account, with what the groups need to know about it. */
export interface Account {
  readonly kind: AccountKind;
  readonly id: string;
  readonly object: Readonly<Record<string, unknown>>;
  readonly department?: Department;
  readonly office?: Office;
}

/** What the generators of accounts share. */
export interface Workplace {
  readonly random: Random;
  readonly nicknames: Nicknames;
  readonly offices: readonly Office[];
  readonly departments: readonly Department[];
}

/** The sites and departments that a tenant of this size has. */
export function workplaceOf(users: number, random: Random, nicknames: Nicknames): Workplace {
  const some = <T>(all: readonly T[], wanted: number): readonly T[] => all.slice(0, Math.max(1, Math.round(wanted)));
  return { random, nicknames, offices: some(OFFICES, users / 50), departments: some(DEPARTMENTS, 1 + users / 30) };
}

interface Identity {
  readonly name: PersonName;
  readonly displayName: string;
  readonly nickname: string;
  readonly upn: string;
}

/** An employee, or (by kind) one who left or whose account comes from Active Directory. */
export function createEmployee(place: Workplace, kind: 'employee' | 'leaver' | 'synced', index: number): Account {
  const { random } = place;
  const office = weighted(random, place.offices);
  const department = weighted(random, place.departments);
  const identity = createIdentity(place, office);
  const id = random.guid();
  const hired = random.instant(2012, 2025);
  const object = {
    id,
    accountEnabled: kind !== 'leaver',
    ...accountProperties(identity, hired),
    ...workProperties(random, identity, department, hired),
    ...placeProperties(random, office),
    ...rareProperties(random, identity, office, index),
    ...(kind === 'leaver' && { employeeLeaveDateTime: random.instant(2024, 2025) }),
    ...(kind === 'synced' && onPremisesProperties(random, identity, office, index)),
  };
  return { kind, id, object, department, office };
}

/** A guest of a partner organisation. */
export function createGuest(place: Workplace, index: number): Account {
  const { random } = place;
  const partner = random.pick(PARTNERS);
  const office = random.pick(OFFICES);
  const name = chooseName(random, office);
  const local = place.nicknames.claim(`${name.asciiGiven}.${name.asciiSurname}`, `_${partner.domain}#EXT#`);
  const mail = `${local.slice(0, -`_${partner.domain}#EXT#`.length)}@${partner.domain}`;
  const upn = `${local}@${INITIAL_DOMAIN}`;
  const invited = random.instant(2019, 2025);
  const accepted = index % 4 !== 2;
  const id = random.guid();
  const object = {
    id,
    accountEnabled: true,
    businessPhones: [],
    companyName: partner.company,
    createdDateTime: invited,
    creationType: 'Invitation',
    displayName: `${name.given} ${name.surname}`,
    externalUserState: accepted ? 'Accepted' : 'PendingAcceptance',
    externalUserStateChangeDateTime: invited,
    ...(accepted && { givenName: name.given, surname: name.surname }),
    identities: [
      {
        signInType: 'federated',
        issuer: accepted ? 'ExternalAzureAD' : 'mail',
        issuerAssignedId: accepted ? null : mail,
      },
      ...upnIdentity(upn),
    ],
    mail,
    mailNickname: local,
    otherMails: [mail],
    ...(index % 3 === 0 && { preferredLanguage: office.language, usageLocation: office.usageLocation }),
    proxyAddresses: [`SMTP:${mail}`],
    userPrincipalName: upn,
    userType: 'Guest',
  };
  return { kind: 'guest', id, object };
}

/** The identity that every account signs in with. */
export function upnIdentity(upn: string): Record<string, unknown>[] {
  return [{ signInType: 'userPrincipalName', issuer: INITIAL_DOMAIN, issuerAssignedId: upn }];
}

/** A name from the office's own language area, or for one in five from elsewhere. */
function chooseName(random: Random, office: Office): PersonName {
  const names = namePools[random.chance(0.2) ? random.pick(OTHER_LANGUAGES) : office.language];
  return readName(random.pick(names.given), random.pick(names.surnames));
}

function createIdentity(place: Workplace, office: Office): Identity {
  const name = chooseName(place.random, office);
  const nickname = place.nicknames.claim(`${name.asciiGiven}.${name.asciiSurname}`);
  const displayName = `${name.given} ${name.surname}`;
  return { name, displayName, nickname, upn: `${nickname}@${DEFAULT_DOMAIN}` };
}

function accountProperties(identity: Identity, created: string): Record<string, unknown> {
  const { name, nickname, upn } = identity;
  return {
    createdDateTime: created,
    displayName: identity.displayName,
    givenName: name.given,
    surname: name.surname,
    mail: upn,
    mailNickname: nickname,
    userPrincipalName: upn,
    userType: 'Member',
    identities: upnIdentity(upn),
    imAddresses: [upn],
    proxyAddresses: [`SMTP:${upn}`, `smtp:${nickname}@${INITIAL_DOMAIN}`],
  };
}

function workProperties(random: Random, identity: Identity, department: Department, hired: string) {
  const jobTitle = random.pick(department.titles);
  return {
    companyName: COMPANY,
    department: department.name,
    employeeHireDate: `${hired.slice(0, 10)}T00:00:00Z`,
    employeeId: identityNumber(random),
    employeeOrgData: { costCenter: `CC-${department.code + random.int(0, 9)}`, division: department.division },
    employeeType: jobTitle === 'Apprentice' ? 'Apprentice' : random.chance(0.1) ? 'Contractor' : 'Employee',
    jobTitle,
    ...(jobTitle === 'Apprentice' && {
      ageGroup: 'NotAdult',
      consentProvidedForMinor: 'Granted',
      legalAgeGroupClassification: 'MinorWithParentalConsent',
    }),
    assignedLicenses: [{ disabledPlans: [], skuId: random.pick(SKUS) }],
    otherMails: random.chance(0.15) ? [`${identity.nickname}@mail.example.com`] : [],
  };
}

const SKUS = ['05e9a617-0261-4cee-bb44-138d3ef5d965', '06ebc4ee-1bb5-47dd-8120-11324bc54e06'] as const;

function placeProperties(random: Random, office: Office): Record<string, unknown> {
  return {
    businessPhones: random.chance(0.85) ? [digits(random, office.phone)] : [],
    city: office.city,
    country: office.country,
    ...(random.chance(0.6) && { mobilePhone: digits(random, office.mobile) }),
    officeLocation: `${office.name} ${random.int(1, 6)}.${String(random.int(1, 60)).padStart(2, '0')}`,
    postalCode: office.postalCode,
    preferredLanguage: office.language,
    ...(office.state !== undefined && { state: office.state }),
    streetAddress: `${office.street} ${random.int(1, 240)}`,
    usageLocation: office.usageLocation,
  };
}

/** What only some accounts have; the index makes sure that each occurs even in a small tenant. */
function rareProperties(random: Random, identity: Identity, office: Office, index: number): Record<string, unknown> {
  const every = (count: number, offset: number) => index % count === offset;
  return {
    ...(every(19, 5) && {
      ageGroup: 'Adult',
      consentProvidedForMinor: 'NotRequired',
      legalAgeGroupClassification: 'Adult',
    }),
    ...(every(23, 7) && { faxNumber: digits(random, office.phone) }),
    ...(every(11, 3) && { preferredDataLocation: office.dataLocation }),
    ...(every(29, 9) && { passwordPolicies: 'DisablePasswordExpiration, DisableStrongPassword' }),
    ...(every(31, 11) && { authorizationInfo: { certificateUserIds: [`X509:<PN>${identity.upn}`] } }),
    ...(every(13, 6) && {
      onPremisesExtensionAttributes: extensionAttributes({
        extensionAttribute1: `BADGE-${random.int(10000, 99999)}`,
        extensionAttribute7: random.pick(['Blue shift', 'Night shift', 'Café “Orbit”']),
      }),
    }),
  };
}

function extensionAttributes(values: Record<string, string>): Record<string, string | null> {
  const all = Array.from({ length: 15 }, (_, i) => `extensionAttribute${i + 1}`);
  return Object.fromEntries(all.map((name) => [name, values[name] ?? null]));
}

/** What directory synchronisation stamps; one in twenty was synced once and is a cloud account now. */
function onPremisesProperties(random: Random, identity: Identity, office: Office, index: number) {
  const sam = `${identity.name.asciiGiven.slice(0, 1)}${identity.name.asciiSurname}`.slice(0, 14);
  const domainPath = ON_PREMISES_DOMAIN.split('.').map((part) => `DC=${part}`);
  const anchor = Buffer.from(random.guid().replaceAll('-', ''), 'hex').toString('base64');
  return {
    onPremisesDistinguishedName: [`CN=${identity.displayName}`, `OU=${office.city}`, 'OU=Staff', ...domainPath].join(
      ',',
    ),
    onPremisesDomainName: ON_PREMISES_DOMAIN,
    onPremisesExtensionAttributes: extensionAttributes({ extensionAttribute1: office.usageLocation }),
    onPremisesImmutableId: anchor,
    onPremisesLastSyncDateTime: random.instant(2025, 2025),
    onPremisesSamAccountName: `${sam}${random.int(1, 99999)}`,
    onPremisesSecurityIdentifier: `S-1-5-21-1004336348-1177238915-682003330-${random.int(1100, 999999)}`,
    onPremisesSyncEnabled: index % 20 !== 19,
    onPremisesUserPrincipalName: identity.upn,
    passwordPolicies: 'DisablePasswordExpiration',
  };
}

function digits(random: Random, pattern: string): string {
  return pattern.replace(/x/g, () => String(random.int(0, 9)));
}

function identityNumber(random: Random): string {
  return String(random.int(1, 9999999)).padStart(7, '0');
}

/** The first of the items is the most likely, the last the least. */
function weighted<T>(random: Random, items: readonly T[]): T {
  const place = Math.min(random.int(0, items.length - 1), random.int(0, items.length - 1));
  return items[place] as T;
}
