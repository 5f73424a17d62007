/** What applications may do: consents to scopes of a resource, and roles of a resource that somebody was given. */

import type { GeneratedApplication } from './application-shape.js';
import { appRoleAssignmentId, grantId } from './opaque-ids.js';
import type { Principal } from './principal-shape.js';
import type { Random } from './random.js';

type Part = Readonly<Record<string, unknown>>;

/** Which scopes of Microsoft Graph an application may use, for everybody or for single people. */
export interface Consent {
  readonly scopes: readonly string[];
  readonly isForAll: boolean;
}

/** Who a role is given to. */
export interface Assignee {
  readonly id: string;
  readonly name: string;
  readonly type: 'User' | 'Group' | 'ServicePrincipal';
}

/** The id that stands for access without a particular role. */
export const DEFAULT_ACCESS = '00000000-0000-0000-0000-000000000000';

/** Collects consents and assignments; what there is already is not added again. */
export interface ConsentBook {
  /** Lets a client use scopes of a resource: for everybody, or for one person. */
  grant(client: Principal, resource: Principal, scopes: readonly string[], personId?: string): void;
  /** Gives a role of a resource, by the role's value, or access without a role. */
  assign(assignee: Assignee, resource: Principal, role?: string): void;
  /** The consents, in the order in which they were given. */
  readonly grants: readonly Part[];
  /** The assignments, in the order in which they were made. */
  readonly assignments: readonly Part[];
}

/** Starts with nothing agreed. */
export function createConsentBook(random: Random): ConsentBook {
  const grants = new Map<string, Part>();
  const assignments = new Map<string, Part>();
  return {
    grant(client, resource, scopes, personId) {
      const id = grantId(client.id, resource.id, personId);
      if (grants.has(id) || scopes.length === 0) return;
      const consentType = personId === undefined ? 'AllPrincipals' : 'Principal';
      const ends = { clientId: client.id, consentType, principalId: personId ?? null, resourceId: resource.id };
      grants.set(id, { id, ...ends, scope: scopes.join(' ') });
    },
    assign(assignee, resource, role) {
      const appRoleId = role === undefined ? DEFAULT_ACCESS : resource.roles.find(({ value }) => value === role)?.id;
      if (appRoleId === undefined) throw new Error(`${resource.name} has no role ${role}`);
      const key = `${assignee.id} ${resource.id} ${appRoleId}`;
      if (assignments.has(key)) return;
      const createdDateTime = random.instant(2021, 2025);
      assignments.set(key, {
        id: appRoleAssignmentId(assignee.id, random.guid()),
        appRoleId,
        createdDateTime,
        principalDisplayName: assignee.name,
        principalId: assignee.id,
        principalType: assignee.type,
        resourceDisplayName: resource.name,
        resourceId: resource.id,
      });
    },
    get grants() {
      return [...grants.values()];
    },
    get assignments() {
      return [...assignments.values()];
    },
  };
}

/** A service principal as one that a role is given to. */
export function asAssignee({ id, name }: Principal): Assignee {
  return { id, name, type: 'ServicePrincipal' };
}

/** An administrator agrees to all that the applications ask for. */
export function consentToNeeds(
  book: ConsentBook,
  applications: readonly GeneratedApplication[],
  resources: readonly Principal[],
): void {
  for (const { principal, needs } of applications) {
    for (const { resource: name, scopes = [], roles = [] } of needs) {
      const resource = resources.find((candidate) => candidate.name === name);
      if (resource === undefined) continue;
      book.grant(principal, resource, scopes);
      for (const role of roles) book.assign(asAssignee(principal), resource, role);
    }
  }
}
