/** Which accounts a tenant of a given size has, in the order in which they were created. */

import { COMPANY, DEFAULT_DOMAIN, INITIAL_DOMAIN } from './company.js';
import { type Account, createEmployee, createGuest, upnIdentity, type Workplace } from './people.js';

/** The accounts of a tenant: those that are active, and those in the recycle bin. */
export interface Accounts {
  readonly active: readonly Account[];
  readonly deleted: readonly Account[];
}

/** Makes exactly `users` active accounts, and about one in a hundred more (at least two) that were deleted. */
export function createAccounts(users: number, place: Workplace): Accounts {
  const active: Account[] = [];
  for (let i = 1; i <= Math.min(2, users); i++) active.push(emergencyAccount(place, i));
  const others = users - active.length;
  const share = (part: number) => (others < 10 ? 0 : Math.max(1, Math.round(others * part)));
  const counts = {
    service: share(0.01),
    room: share(0.02),
    leaver: share(0.03),
    synced: share(0.03),
    guest: share(0.05),
  };
  const employees = others - Object.values(counts).reduce((sum, count) => sum + count, 0);
  const add = (count: number, create: (index: number) => Account) => {
    for (let i = 0; i < count; i++) active.push(create(i));
  };
  add(counts.service, (i) => serviceAccount(place, i));
  add(counts.room, (i) => roomAccount(place, i));
  add(employees, (i) => createEmployee(place, 'employee', i));
  add(counts.synced, (i) => createEmployee(place, 'synced', i));
  add(counts.leaver, (i) => createEmployee(place, 'leaver', i));
  add(counts.guest, (i) => createGuest(place, i));

  const inBin = Math.max(2, Math.round(users / 100));
  const deleted = Array.from({ length: inBin }, (_, i) =>
    i % 5 === 1 ? createGuest(place, i) : createEmployee(place, i % 2 === 0 ? 'leaver' : 'employee', i),
  );
  return { active, deleted };
}

/** The same accounts with an agent in the place of the last one that left; a tenant where nobody left stays as it is. */
export function withAgent(accounts: Accounts, agent: Account): Accounts {
  const place = accounts.active.findLastIndex((account) => account.kind === 'leaver');
  return place < 0 ? accounts : { ...accounts, active: accounts.active.with(place, agent) };
}

/** The same accounts, some employees of which still have the older per-user MFA switched on. */
export function withMfaStates(accounts: Accounts): Accounts {
  const people = accounts.active.filter(({ kind }) => kind === 'employee');
  const states = new Map(
    people.flatMap(({ id }, i): [string, string][] =>
      i % 40 === 2 ? [[id, 'enforced']] : i % 40 === 9 ? [[id, 'enabled']] : [],
    ),
  );
  const active = accounts.active.map((account) => {
    const perUserMfaState = states.get(account.id);
    return perUserMfaState === undefined ? account : { ...account, object: { ...account.object, perUserMfaState } };
  });
  return { ...accounts, active };
}

function emergencyAccount(place: Workplace, number: number): Account {
  return accountWithoutPerson(place, 'emergency', place.nicknames.claim(`emergency${number}`), INITIAL_DOMAIN, {
    displayName: `Emergency Access ${number}`,
    passwordPolicies: 'DisablePasswordExpiration',
  });
}

const SERVICES = ['backup', 'scanner', 'monitoring', 'badge-printer', 'crm-sync', 'telemetry', 'payroll-feed', 'kiosk'];

function serviceAccount(place: Workplace, index: number): Account {
  const service = SERVICES[index % SERVICES.length] as string;
  const nickname = place.nicknames.claim(`svc-${service}`);
  return accountWithoutPerson(place, 'service', nickname, DEFAULT_DOMAIN, {
    companyName: COMPANY,
    displayName: `Service: ${nickname.slice('svc-'.length)}`,
    employeeType: 'Service',
    passwordPolicies: 'DisablePasswordExpiration, DisableStrongPassword',
  });
}

function roomAccount(place: Workplace, index: number): Account {
  const office = place.offices[index % place.offices.length] as (typeof place.offices)[number];
  const seats = place.random.pick([4, 6, 8, 12, 30]);
  const nickname = place.nicknames.claim(`room-${office.usageLocation.toLowerCase()}`);
  const upn = `${nickname}@${DEFAULT_DOMAIN}`;
  return accountWithoutPerson(place, 'room', nickname, DEFAULT_DOMAIN, {
    accountEnabled: false,
    city: office.city,
    country: office.country,
    displayName: `${office.city} – Room ${Math.floor(index / place.offices.length) + 1} (${seats})`,
    mail: upn,
    officeLocation: office.name,
    proxyAddresses: [`SMTP:${upn}`],
    usageLocation: office.usageLocation,
  });
}

function accountWithoutPerson(
  place: Workplace,
  kind: 'emergency' | 'service' | 'room',
  nickname: string,
  domain: string,
  properties: Record<string, unknown>,
): Account {
  const { random } = place;
  const upn = `${nickname}@${domain}`;
  const id = random.guid();
  const object = {
    id,
    accountEnabled: true,
    businessPhones: [],
    createdDateTime: random.instant(2016, 2020),
    identities: upnIdentity(upn),
    mailNickname: nickname,
    otherMails: [],
    proxyAddresses: [],
    userPrincipalName: upn,
    userType: 'Member',
    ...properties,
  };
  return { kind, id, object };
}
