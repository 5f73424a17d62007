/** Everything in the tenant that signs in without being a person, and what it may do. */

import type { Agent } from './agents.js';
import { createApplications, DIRECTORY_REPORTING, EXPENSES, LAUNCH_PORTAL } from './applications.js';
import type { Assignee, ConsentBook } from './consents.js';
import { asAssignee, consentToNeeds, createConsentBook } from './consents.js';
import { createFirstParty, EXCHANGE_ONLINE, GRAPH_TOOLS } from './first-party.js';
import { createManagedIdentities, createThirdParty, type ThirdParty } from './foreign-principals.js';
import { createGroupShapes, type GeneratedGroup } from './group-shapes.js';
import { type Groups, sample } from './groups.js';
import type { Account, Workplace } from './people.js';
import { GRAPH_APP_ID } from './permissions.js';
import type { Principal } from './principal-shape.js';
import type { Accounts } from './users.js';

/** An object with its id. */
export interface Identified {
  readonly id: string;
  readonly object: Readonly<Record<string, unknown>>;
}

/** Applications, service principals and their rights; the ones that something else refers to are reachable by name. */
export interface Workloads {
  readonly applications: readonly Identified[];
  readonly principals: readonly Identified[];
  readonly deletedApplication: Identified;
  readonly deletedPrincipal: Identified;
  readonly grants: readonly Readonly<Record<string, unknown>>[];
  readonly assignments: readonly Readonly<Record<string, unknown>>[];
  readonly groups: readonly GeneratedGroup[];
  readonly launchPortal: { readonly id: string; readonly appId: string };
  readonly reporting: Principal;
}

/** What the workloads are made from. `place` brings their own stream of choices. */
export interface WorkloadScene {
  readonly users: number;
  readonly tenantId: string;
  readonly place: Workplace;
  readonly accounts: Accounts;
  readonly groups: Groups;
  readonly agent: Agent;
}

const FEW_USERS = 20;

/** How many of each a tenant has; one of a few people stays small. */
function countsOf(users: number) {
  const isSmall = users < FEW_USERS;
  const some = (least: number, perUser: number) => least + Math.round(users * perUser);
  return {
    firstParty: isSmall ? 6 : some(12, 1 / 200),
    applications: isSmall ? 4 : some(6, 1 / 60),
    thirdParty: isSmall ? 1 : some(3, 1 / 100),
    managedIdentities: isSmall ? 1 : some(1, 1 / 150),
  };
}

/** Makes the applications, the service principals and their rights. */
export function createWorkloads(scene: WorkloadScene): Workloads {
  const { tenantId, place, agent } = scene;
  const { random } = place;
  const counts = countsOf(scene.users);
  const firstParty = createFirstParty(random, counts.firstParty);
  const own = createApplications(random, tenantId, counts.applications, firstParty);
  const thirdParty = createThirdParty(random, counts.thirdParty);
  const managed = createManagedIdentities(random, counts.managedIdentities);
  const home = own.active.map(({ principal }) => principal);
  const cast: Cast = {
    scene,
    people: peopleOf(scene.accounts.active),
    byName: (name) => found(home, name),
    firstParty,
    thirdParty,
    managed,
    operators: operatorsGroup(scene),
  };
  const book = createConsentBook(random);
  consentToNeeds(book, own.active, [...firstParty, ...home]);
  grantToOthers(book, cast);
  assignPeople(book, cast);
  assignWorkloads(book, cast);
  const principals = [
    ...[...firstParty, ...home, ...thirdParty.map(({ principal }) => principal), ...managed],
    ...[agent.blueprintPrincipal, agent.identity],
  ];
  return {
    applications: [...own.active, agent.blueprint],
    principals,
    deletedApplication: own.deleted,
    deletedPrincipal: own.deleted.principal,
    grants: book.grants,
    assignments: book.assignments,
    groups: [cast.operators, workloadGroup(cast)],
    launchPortal: found(own.active, LAUNCH_PORTAL),
    reporting: cast.byName(DIRECTORY_REPORTING),
  };
}

interface Cast {
  readonly scene: WorkloadScene;
  readonly people: readonly Account[];
  readonly byName: (name: string) => Principal;
  readonly firstParty: readonly Principal[];
  readonly thirdParty: readonly ThirdParty[];
  readonly managed: readonly Principal[];
  readonly operators: GeneratedGroup;
}

/** Employees, or in a tenant without any whoever there is. */
function peopleOf(active: readonly Account[]): readonly Account[] {
  const employees = active.filter((account) => account.kind === 'employee');
  return employees.length > 0 ? employees : active;
}

function operatorsGroup({ place, accounts }: WorkloadScene): GeneratedGroup {
  return createGroupShapes(place.random, place.nicknames).security({
    name: 'Application – Launch Portal',
    description: 'May operate launches',
    members: sample(place, peopleOf(accounts.active), 12),
  });
}

/** Service principals can be members of groups like people. */
function workloadGroup({ scene: { place }, byName, managed }: Cast): GeneratedGroup {
  return createGroupShapes(place.random, place.nicknames).security({
    name: 'Workload identities',
    description: 'Daemons and managed identities that the firewall lets out',
    members: [byName(DIRECTORY_REPORTING).id, ...managed.slice(0, 3).map(({ id }) => id)],
  });
}

/** What other makers' applications may do, and what administrators let the command line do. */
function grantToOthers(book: ConsentBook, { scene, people, firstParty, thirdParty }: Cast): void {
  const graph = withAppId(firstParty, GRAPH_APP_ID);
  const few = Math.min(25, 1 + Math.round(scene.users / 50));
  for (const { principal, consent } of thirdParty) {
    if (consent.isForAll) book.grant(principal, graph, consent.scopes);
    else for (const id of sample(scene.place, people, few)) book.grant(principal, graph, consent.scopes, id);
  }
  const tools = withAppId(firstParty, GRAPH_TOOLS);
  book.grant(tools, graph, ['User.Read', 'openid', 'profile', 'offline_access']);
  for (const { id } of people.slice(0, 2)) {
    book.grant(tools, graph, ['Directory.Read.All', 'Policy.Read.All', 'User.Read.All'], id);
  }
  book.grant(scene.agent.identity, graph, ['User.Read', 'Calendars.Read']);
}

function assignPeople(book: ConsentBook, { scene, people, byName, thirdParty, operators }: Cast): void {
  const { users, place, groups } = scene;
  const names = new Map(people.map((account) => [account.id, String(account.object.displayName)]));
  const some = (count: number): Assignee[] =>
    sample(place, people, count).map((id) => ({ id, name: names.get(id) ?? '', type: 'User' }));
  const portal = byName(LAUNCH_PORTAL);
  book.assign(asGroup(operators), portal, 'Launch.Operate');
  book.assign(asGroup(groups.administrators), portal, 'Launch.Approve');
  for (const person of some(Math.ceil(users / 20))) book.assign(person, portal, 'Launch.Read');
  const expenses = byName(EXPENSES);
  const [company] = groups.active;
  if (company !== undefined) book.assign(asGroup(company), expenses, 'Expenses.Submit');
  for (const person of some(Math.ceil(users / 100))) book.assign(person, expenses, 'Expenses.Approve');
  for (const { principal } of thirdParty) {
    if (principal.object.appRoleAssignmentRequired !== true) continue;
    book.assign(asGroup(groups.pilot), principal);
    for (const person of some(3)) book.assign(person, principal);
  }
}

const MANAGED_ROLES = ['User.Read.All', 'Mail.Send', 'GroupMember.Read.All', 'Sites.Read.All', 'Device.Read.All'];

/** The roles of managed identities and of the agent; a daemon also administers mailboxes. */
function assignWorkloads(book: ConsentBook, { scene, byName, firstParty, managed }: Cast): void {
  const graph = withAppId(firstParty, GRAPH_APP_ID);
  for (const [i, identity] of managed.entries()) {
    book.assign(asAssignee(identity), graph, MANAGED_ROLES[i % MANAGED_ROLES.length]);
    if (i % 4 === 0) book.assign(asAssignee(identity), byName(LAUNCH_PORTAL), 'Launch.Read');
  }
  book.assign(asAssignee(scene.agent.identity), graph, 'User.Read.All');
  const daemon = asAssignee(byName(DIRECTORY_REPORTING));
  book.assign(daemon, withAppId(firstParty, EXCHANGE_ONLINE), 'Exchange.ManageAsApp');
}

function asGroup({ id, object }: GeneratedGroup): Assignee {
  return { id, name: String(object.displayName), type: 'Group' };
}

function withAppId(principals: readonly Principal[], appId: string): Principal {
  const principal = principals.find((candidate) => candidate.appId === appId);
  if (principal === undefined) throw new Error(`no service principal has the application id ${appId}`);
  return principal;
}

function found<T extends { readonly name: string }>(items: readonly T[], name: string): T {
  const item = items.find((candidate) => candidate.name === name);
  if (item === undefined) throw new Error(`there is no ${name}`);
  return item;
}
