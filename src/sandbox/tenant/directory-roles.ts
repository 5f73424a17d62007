/** Who holds directory roles, and a role that the company defined itself. */

import type { Groups } from './groups.js';
import { roleAssignmentId } from './opaque-ids.js';
import type { Random } from './random.js';
import type { Accounts } from './users.js';
import type { Identified, Workloads } from './workloads.js';

type Part = Readonly<Record<string, unknown>>;

/** Roles that every directory has, by their well-known ids. */
export const ROLES = {
  globalAdministrator: '62e90394-69f5-4237-9190-012177145e10',
  privilegedRoleAdministrator: 'e8611ab8-c189-46e8-94e1-60213ab1f814',
  securityAdministrator: '194ae4cb-b126-40b2-bd5b-6091b380977d',
  conditionalAccessAdministrator: 'b1be1c3e-b65d-4f19-8427-f6fa0d97feb9',
  userAdministrator: 'fe930be7-5e62-47db-91af-98c3a49a38b1',
  globalReader: 'f2ef992c-3afb-46b9-b7cf-a126ee74c451',
  directoryReaders: '88d8e3e3-8f55-4a1e-953a-9b9898b8876b',
};

/** The company's own role, and every assignment. */
export interface DirectoryRoles {
  readonly definition: Identified;
  readonly assignments: readonly Part[];
}

/** Makes the role and the assignments: emergency accounts, the group of administrators, a few people and a daemon. */
export function createDirectoryRoles(
  random: Random,
  tenantId: string,
  accounts: Accounts,
  groups: Groups,
  workloads: Workloads,
): DirectoryRoles {
  const definition = supportRole(random);
  const kind = (wanted: string) => accounts.active.filter((account) => account.kind === wanted).map(({ id }) => id);
  const people = kind('employee');
  const administrators = groups.administrators.id;
  const holders: [role: string, principal: string | undefined, scope?: string][] = [
    ...kind('emergency').map((id): [string, string] => [ROLES.globalAdministrator, id]),
    [ROLES.securityAdministrator, administrators],
    [ROLES.conditionalAccessAdministrator, administrators],
    [ROLES.privilegedRoleAdministrator, people[0]],
    [ROLES.userAdministrator, people[1]],
    [ROLES.globalReader, people[2]],
    [ROLES.directoryReaders, workloads.reporting.id],
    [definition.id, people[3] ?? administrators],
    [definition.id, people[4], `/${workloads.launchPortal.id}`],
  ];
  const assignments = holders.flatMap(([roleDefinitionId, principalId, directoryScopeId = '/']) => {
    if (principalId === undefined) return [];
    const id = roleAssignmentId(roleDefinitionId, principalId, random.guid());
    return [{ id, directoryScopeId, principalId, principalOrganizationId: tenantId, roleDefinitionId }];
  });
  return { definition, assignments };
}

function supportRole(random: Random): Identified {
  const id = random.guid();
  const object = {
    id,
    description: 'Keeps applications running: credentials and reply addresses, nothing else',
    displayName: 'Application Support',
    isBuiltIn: false,
    isEnabled: true,
    resourceScopes: ['/'],
    rolePermissions: [
      {
        allowedResourceActions: [
          'microsoft.directory/applications/authentication/update',
          'microsoft.directory/applications/credentials/update',
          'microsoft.directory/applications/standard/read',
        ],
        condition: null,
      },
    ],
    templateId: id,
    version: '1',
  };
  return { id, object };
}
