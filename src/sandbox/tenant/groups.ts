/** The groups of the generated tenant: who belongs together, and the groups that something depends on. */

import { GROUP_ADJECTIVES, GROUP_KINDS, GROUP_NOUNS } from './company.js';
import { createGroupShapes, type GeneratedGroup, type GroupShapes } from './group-shapes.js';
import type { Account, Workplace } from './people.js';
import type { Accounts } from './users.js';

/** The groups of a tenant; those that Conditional Access names are reachable by what they are for. */
export interface Groups {
  readonly active: readonly GeneratedGroup[];
  readonly deleted: readonly GeneratedGroup[];
  readonly breakGlass: GeneratedGroup;
  readonly exclusions: GeneratedGroup;
  readonly administrators: GeneratedGroup;
  readonly pilot: GeneratedGroup;
}

/**
 * Makes about one group for ten users and fifteen more. Deleted accounts are still members: the directory keeps their
 * memberships and shows them again after a restore.
 */
export function createGroups(users: number, accounts: Accounts, place: Workplace): Groups {
  const shapes = createGroupShapes(place.random, place.nicknames);
  const everyone = [...accounts.active, ...accounts.deleted];
  const departments = place.departments.map((department, i) => {
    const members = idsOf(everyone.filter((account) => account.department === department));
    const wish = { name: department.name, description: `Everyone in ${department.name}`, members };
    return i % 3 === 1 ? shapes.microsoft365(wish) : shapes.security(wish);
  });
  const offices = place.offices.map((office) =>
    shapes.security({
      name: `Office – ${office.name}`,
      description: `${office.city}, ${office.country}`,
      members: idsOf(everyone.filter((account) => account.office === office)),
    }),
  );
  const company = shapes.microsoft365({
    name: 'All Company',
    description: 'Everyone who has an account',
    members: idsOf(everyone),
    more: { visibility: 'Public', theme: 'Blue', uniqueName: 'all-company', classification: 'Internal' },
  });
  const protective = protectiveGroups(shapes, accounts, place);
  const nested = nestedGroups(shapes, departments, offices);
  const special = specialGroups(shapes, accounts);
  const dynamic = dynamicGroups(shapes, accounts.active, place);
  const fixed = [company, ...Object.values(protective), ...nested, ...special, ...dynamic, ...departments, ...offices];
  const small = Math.max(1, Math.round(users / 10) + 15 - fixed.length);
  const projects = Array.from({ length: small }, (_, i) => smallGroup(shapes, everyone, departments, place, i));
  const deleted = [
    shapes.microsoft365({
      name: 'Project Retired Meteor',
      members: sample(place, everyone, 6),
      more: { visibility: 'Private' },
    }),
    shapes.security({ name: 'Access Legacy Telemetry', members: sample(place, everyone, 3) }),
  ];
  return { active: [...fixed, ...projects], deleted, ...protective };
}

function protectiveGroups(shapes: GroupShapes, accounts: Accounts, place: Workplace) {
  const employees = accounts.active.filter((account) => account.kind === 'employee');
  const emergency = accounts.active.filter((account) => account.kind === 'emergency');
  const services = accounts.active.filter((account) => account.kind === 'service');
  const breakGlass = shapes.security({
    name: 'Break glass',
    description: 'Emergency access accounts. Never change without two people.',
    members: idsOf(emergency),
  });
  const exclusions = shapes.security({
    name: 'Conditional Access – exclusions',
    description: 'Accounts that policies leave out; reviewed every quarter',
    members: [breakGlass.id, ...idsOf(services.slice(0, 3))],
  });
  const administrators = shapes.security({
    name: 'Tier 0 administrators',
    description: 'Holds directory roles',
    members: idsOf(employees.slice(0, 3)),
    more: { isAssignableToRole: true, visibility: 'Private' },
  });
  const pilot = shapes.security({
    name: 'Conditional Access – pilot',
    description: 'Sees new policies first',
    members: sample(place, employees, 8),
  });
  return { breakGlass, exclusions, administrators, pilot };
}

/** Groups of groups, and two groups that are members of each other. */
function nestedGroups(shapes: GroupShapes, departments: readonly GeneratedGroup[], offices: readonly GeneratedGroup[]) {
  const product = shapes.security({ name: 'All departments', members: departments.map((group) => group.id) });
  const sites = shapes.security({ name: 'All offices', members: offices.map((group) => group.id) });
  const first = shapes.security({ name: 'On-call rotation A', members: [] });
  const second = shapes.security({ name: 'On-call rotation B', members: [first.id] });
  return [product, sites, { ...first, members: [second.id] }, second];
}

function specialGroups(shapes: GroupShapes, accounts: Accounts): GeneratedGroup[] {
  const kind = (wanted: Account['kind']) => idsOf(accounts.active.filter((account) => account.kind === wanted));
  return [
    shapes.mailSecurity({
      name: 'Finance Approvals',
      description: 'Managed in Exchange',
      members: kind('employee').slice(0, 5),
    }),
    shapes.synced({ name: 'AD – File Server Users', description: 'From Active Directory', members: kind('synced') }),
    shapes.security({ name: 'Meeting rooms', members: kind('room') }),
    shapes.security({ name: 'Reserved for future use', members: [] }),
    shapes.microsoft365({ name: 'Summer Party Planning', description: 'Nobody has joined yet', members: [] }),
  ];
}

function dynamicGroups(shapes: GroupShapes, active: readonly Account[], place: Workplace): GeneratedGroup[] {
  const [office] = place.offices;
  const department = place.departments[place.departments.length - 1];
  const value = (account: Account, name: string) => account.object[name];
  const select = (matches: (account: Account) => boolean) => idsOf(active.filter(matches));
  return [
    shapes.dynamic({
      name: 'Dynamic – All guests',
      rule: '(user.userType -eq "Guest")',
      members: select((account) => value(account, 'userType') === 'Guest'),
    }),
    shapes.dynamic({
      name: `Dynamic – ${department?.name} staff`,
      rule: `(user.department -eq "${department?.name}")`,
      members: select((account) => value(account, 'department') === department?.name),
    }),
    shapes.dynamic({
      name: `Dynamic – ${office?.country} members`,
      rule: `(user.usageLocation -eq "${office?.usageLocation}") and (user.userType -eq "Member")`,
      members: select(
        (account) =>
          value(account, 'usageLocation') === office?.usageLocation && value(account, 'userType') === 'Member',
      ),
    }),
    shapes.dynamic({
      name: 'Dynamic – Managers',
      rule: '(user.jobTitle -contains "Manager")',
      unified: true,
      members: select((account) => String(value(account, 'jobTitle') ?? '').includes('Manager')),
    }),
  ];
}

/** A project, team or access group of 1 to 30 people; one in twenty has nobody, some have another group inside. */
function smallGroup(
  shapes: GroupShapes,
  everyone: readonly Account[],
  departments: readonly GeneratedGroup[],
  place: Workplace,
  index: number,
): GeneratedGroup {
  const { random } = place;
  const kind = GROUP_KINDS[index % GROUP_KINDS.length] as string;
  const combinations = GROUP_ADJECTIVES.length * GROUP_NOUNS.length;
  const words = (Math.floor(index / GROUP_KINDS.length) * 1009) % combinations;
  const round = Math.floor(index / GROUP_KINDS.length / combinations);
  const adjective = GROUP_ADJECTIVES[words % GROUP_ADJECTIVES.length];
  const noun = GROUP_NOUNS[Math.floor(words / GROUP_ADJECTIVES.length)];
  const name = `${kind} ${adjective} ${noun}${round === 0 ? '' : ` ${round + 1}`}`;
  const people = index % 20 === 19 ? [] : sample(place, everyone, random.int(1, 30));
  const nested = index % 12 === 5 ? [random.pick(departments).id] : [];
  // Microsoft 365 groups hold users only ("Group: add members").
  const inside = kind === 'Access' ? nested : [];
  const wish = { name, description: `${kind}: ${adjective} ${noun}`, members: [...people, ...inside] };
  return kind === 'Access' ? shapes.security(wish) : shapes.microsoft365(wish);
}

/** The ids of up to `count` different accounts. */
export function sample(place: Workplace, accounts: readonly Account[], count: number): string[] {
  if (accounts.length <= count) return idsOf(accounts);
  const chosen = new Set<string>();
  while (chosen.size < count) chosen.add(place.random.pick(accounts).id);
  return [...chosen];
}

function idsOf(accounts: readonly Account[]): string[] {
  return accounts.map((account) => account.id);
}
