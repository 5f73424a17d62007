/**
 * Users that the writing identity could not recover, because they hold roles. Source: "Who can perform sensitive actions" on
 * the page "Working with users in Microsoft Graph"; "Microsoft Entra built-in roles" (template ids).
 */

import type { GraphClient } from '../graph/types.js';
import type { Check } from '../model/doctor.js';
import type { JsonObject } from '../model/json.js';
import {
  type Answered,
  askForAll,
  assignableGroupsQuestion,
  assignmentsQuestion,
  listIn,
  memberQuestion,
  objectIn,
  ownerQuestion,
  personQuestion,
  textIn,
  whereDenied,
} from './questions.js';

const GLOBAL = '62e90394-69f5-4237-9190-012177145e10';
const PRIVILEGED_AUTHENTICATION = '7be44c8a-adaf-4e2a-84d6-ab2649e08a13';
const AUTHENTICATION = 'c4e39bd9-1100-46d3-8c65-fb160da0071f';
const USER_ADMINISTRATOR = 'fe930be7-5e62-47db-91af-98c3a49a38b1';
const GROUPS_ADMINISTRATOR = 'fdd7a751-b60b-444a-984c-02652fe8fa1c';
const HELPDESK = '729827e3-9c14-49f7-bb1b-9608f156bbb8';

const HIGHEST: readonly string[] = [PRIVILEGED_AUTHENTICATION, GLOBAL];

/** Roles that protect nobody: Directory Readers, Guest Inviter, Message Center Reader, Password Administrator, three readers. */
const UNPROTECTED = new Set([
  '88d8e3e3-8f55-4a1e-953a-9b9898b8876b',
  '95e79109-95c0-4d8e-aee3-d01accf2d47b',
  '790c1fb9-7f7d-4f88-86a1-ef1f95c05c1b',
  '966707d0-3269-4727-9be2-8c3a10f19b9d',
  '4a5d8f65-41da-4de4-8968-e035b65339cf',
  '27460883-1df1-4691-b032-3b79643e5e63',
  '75934031-6c7e-415a-99d7-48dbd49e875e',
]);

/** The roles that may act on a user who holds this one; undefined where it protects nobody. */
export function rolesAbove(role: string): readonly string[] | undefined {
  if (UNPROTECTED.has(role)) return undefined;
  if (role === AUTHENTICATION) return [AUTHENTICATION, ...HIGHEST];
  if ([GROUPS_ADMINISTRATOR, HELPDESK, USER_ADMINISTRATOR].includes(role)) return [USER_ADMINISTRATOR, ...HIGHEST];
  return HIGHEST;
}

/** Who is protected, by what: a list of roles for each reason, one of each of which is needed. */
export type Protected = ReadonlyMap<string, readonly (readonly string[])[]>;

/** Those whom an identity with these roles cannot recover. */
export function outOfReach(users: Protected, roles: ReadonlySet<string>): string[] {
  return [...users]
    .filter(([, reasons]) => reasons.some((above) => !above.some((role) => roles.has(role))))
    .map(([id]) => id);
}

const BASE = { id: 'recovery.administrators', area: 'recovery', title: 'Users with roles' } as const;
/** So many are named. */
const NAMED = 5;

/** `roles`: of the writing identity; undefined where that is not known, or there is none here. In a sandbox, `everything`. */
export async function administratorsCheck(
  client: GraphClient,
  roles: ReadonlySet<string> | 'everything' | undefined,
): Promise<Check> {
  const found = await protectedPrincipals(client);
  if ('why' in found) {
    return {
      ...BASE,
      status: 'unknown',
      message: `Who holds roles is not known: ${found.why}.`,
      ...whereDenied(found, READ_ROLES),
    };
  }
  const all = await people(client, outOfReach(found.value, new Set()));
  if (all.length === 0) return { ...BASE, status: 'ok', message: 'No user holds a role that protects from recovery.' };
  const word = all.length === 1 ? 'user holds a role' : 'users hold roles';
  if (roles === undefined) {
    return {
      ...BASE,
      status: 'unknown',
      message: `${all.length} ${word} that only an identity with such a role can recover; the writing identity is not known here.`,
      details: named(all),
    };
  }
  const lost = new Set(roles === 'everything' ? [] : outOfReach(found.value, roles));
  const beyond = all.filter(({ id }) => lost.has(id));
  if (beyond.length === 0) {
    return { ...BASE, status: 'ok', message: `${all.length} ${word}; the writing identity can recover them.` };
  }
  return {
    ...BASE,
    status: 'warning',
    message: `The writing identity could not recover ${beyond.length} of ${all.length} users with roles: no permission is enough for changing, deleting or restoring them.`,
    remedy: 'Assign the directory role Privileged Authentication Administrator to its service principal.',
    details: named(beyond),
  };
}

const READ_ROLES = 'Grant RoleManagement.Read.Directory and Group.Read.All to see it.';

interface Person {
  readonly id: string;
  readonly name: string;
}

function named(people: readonly Person[]): string[] {
  const more = people.length - NAMED;
  return [...people.slice(0, NAMED).map(({ name }) => name), ...(more > 0 ? [`and ${more} more`] : [])];
}

/** Whoever holds a role by assignment, and members and owners of groups that roles can be assigned to. */
async function protectedPrincipals(client: GraphClient): Promise<Answered<Protected>> {
  const assignments = await askForAll(client, assignmentsQuestion);
  if ('why' in assignments) return assignments;
  const users = new Map<string, (readonly string[])[]>();
  const protect = (id: string | undefined, above: readonly string[] | undefined) => {
    if (id !== undefined && above !== undefined) users.set(id, [...(users.get(id) ?? []), above]);
  };
  for (const assignment of assignments.value) {
    const role = textIn(assignment, 'roleDefinitionId');
    if (role !== undefined) protect(textIn(assignment, 'principalId'), rolesAbove(role.toLowerCase()));
  }
  const groups = await askForAll(client, assignableGroupsQuestion);
  if ('why' in groups) return groups;
  const ids = groups.value.flatMap((group) => textIn(group, 'id') ?? []);
  const lists = await client.sendAll(ids.flatMap((id) => [memberQuestion(id), ownerQuestion(id)]));
  for (const list of lists.map(listIn)) {
    if ('why' in list) {
      if (list.denied) return list;
      continue;
    }
    for (const member of list.value) protect(textIn(member, 'id'), HIGHEST);
  }
  return { value: users };
}

/** The people among these, with their names, in the order of names: other principals are not found by this question. */
async function people(client: GraphClient, ids: readonly string[]): Promise<Person[]> {
  const outcomes = await client.sendAll(ids.map(personQuestion));
  const found = outcomes.map(objectIn).flatMap((answer) => ('value' in answer ? [personIn(answer.value)] : []));
  return found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function personIn(user: JsonObject): Person {
  const id = textIn(user, 'id') ?? '';
  return { id, name: textIn(user, 'userPrincipalName') ?? textIn(user, 'displayName') ?? id };
}
