/** Applications, service principals, agents, and what connects them, in small random tenants. */

import fc from 'fast-check';
import type { SeedObject } from '../../src/sandbox/seed.js';
import { factValues } from './fact-values.js';
import { appRole, type Ids, ITEM_IDS } from './special-values.js';
import { few, text } from './tenant-values.js';

export const TENANT = '11111111-1111-4111-8111-111111111111';
const ELSEWHERE = '22222222-2222-4222-8222-222222222222';
export const DEFAULT_ACCESS = '00000000-0000-0000-0000-000000000000';

/** Where a workload stands when the tenant begins. */
type Standing = 'whole' | 'no principal' | 'principal deleted' | 'both deleted';

export const workloadId = (letter: string, index: number): string =>
  `${letter}0000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
const binned = { deletedDateTime: '2026-11-01T00:00:00Z' };

export interface Workloads {
  readonly objects: readonly SeedObject[];
  /** Ids of the service principals, and those of them that are in the recycle bin. */
  readonly principals: readonly string[];
  readonly deleted: readonly string[];
}

/** Applications of the tenant, each with its service principal, or without. */
function application(index: number, ids: Ids): fc.Arbitrary<readonly SeedObject[]> {
  const values = factValues('application', 'application', ids, 'create');
  const principal = factValues('servicePrincipal', 'servicePrincipal', ids, 'create');
  return fc
    .record({
      name: text(20),
      values: few(values),
      twice: few(values),
      roles: fc.uniqueArray(appRole, { minLength: 1, maxLength: 3, selector: ({ id }) => id }),
      principal: few(principal),
      secret: fc.boolean(),
      standing: fc.oneof(
        { weight: 6, arbitrary: fc.constant<Standing>('whole') },
        fc.constantFrom<Standing>('no principal', 'principal deleted', 'both deleted'),
      ),
    })
    .map(({ name, values: some, twice, roles, principal: own, secret, standing }) => {
      const appId = workloadId('6', index);
      const { keyCredentials: _, ...settings } = { ...some, ...twice };
      const { keyCredentials: __, appId: ___, ...settled } = own;
      const object = { signInAudience: 'AzureADMyOrg', appRoles: roles, ...settings, displayName: name };
      return [
        {
          collection: 'applications',
          object: {
            ...object,
            id: workloadId('5', index),
            appId,
            identifierUris: [`api://seed${index}`],
            passwordCredentials: secret ? [SECRET] : [],
          },
          ...(standing === 'both deleted' ? binned : {}),
        },
        ...(standing === 'no principal'
          ? []
          : [
              {
                collection: 'servicePrincipals' as const,
                object: { appRoleAssignmentRequired: false, ...settled, ...home(index, appId) },
                ...(standing === 'whole' ? {} : binned),
              },
            ]),
      ] satisfies SeedObject[];
    });
}

const home = (index: number, appId: string) => ({
  id: workloadId('8', index),
  appId,
  accountEnabled: true,
  appOwnerOrganizationId: TENANT,
  servicePrincipalNames: [appId],
  servicePrincipalType: 'Application',
});

const SECRET = {
  keyId: workloadId('1', 0),
  displayName: 'Deployment',
  hint: 'abc',
  startDateTime: '2026-01-01T00:00:00Z',
  endDateTime: '2027-01-01T00:00:00Z',
};

const OFFERED = {
  appRoles: ITEM_IDS.map((id, n) => ({
    id,
    value: `Role${n}`,
    displayName: `Role ${n}`,
    allowedMemberTypes: ['Application', 'User'],
    isEnabled: n < 2,
  })),
};

/** A service principal whose application is in another tenant, or of an Azure resource. */
function foreign(index: number, ids: Ids): fc.Arbitrary<readonly SeedObject[]> {
  const values = factValues('servicePrincipal', 'servicePrincipal', ids, 'create');
  return fc.record({ own: few(values), managed: fc.nat(3), bin: fc.nat(7) }).map(({ own, managed, bin }) => {
    const { keyCredentials: _, appId: __, ...settled } = own;
    const common = { id: workloadId('9', index), appId: workloadId('7', index), displayName: `Foreign ${index}` };
    const kind =
      managed === 0
        ? { servicePrincipalType: 'ManagedIdentity', alternativeNames: ['isExplicit=True'] }
        : { servicePrincipalType: 'Application', appOwnerOrganizationId: ELSEWHERE, ...OFFERED };
    return [
      {
        collection: 'servicePrincipals' as const,
        object: {
          accountEnabled: true,
          appRoleAssignmentRequired: false,
          ...settled,
          ...common,
          ...kind,
          servicePrincipalNames: [common.appId],
        },
        ...(bin === 0 && managed !== 0 ? binned : {}),
      },
    ];
  });
}

/** An agent: its blueprint, the blueprint's service principal, its identity and its account. */
const agent = (): SeedObject[] => {
  const [blueprint, appId, principal, identity, account] = ['5', '6', '8', '9', 'a'].map((letter) =>
    workloadId(letter, 90),
  );
  return [
    {
      collection: 'applications',
      object: {
        '@odata.type': '#microsoft.graph.agentIdentityBlueprint',
        id: blueprint,
        appId,
        displayName: 'Agents',
        signInAudience: 'AzureADMyOrg',
        tags: ['shared'],
      },
    },
    {
      collection: 'servicePrincipals',
      object: {
        ...home(90, String(appId)),
        appRoleAssignmentRequired: false,
        id: principal,
        '@odata.type': '#microsoft.graph.agentIdentityBlueprintPrincipal',
      },
    },
    {
      collection: 'servicePrincipals',
      object: {
        ...home(91, String(identity)),
        appRoleAssignmentRequired: false,
        id: identity,
        '@odata.type': '#microsoft.graph.agentIdentity',
        displayName: 'Agent',
        agentIdentityBlueprintId: appId,
        servicePrincipalType: 'ServiceIdentity',
        appOwnerOrganizationId: ELSEWHERE,
        tags: ['agents'],
      },
    },
    {
      collection: 'users',
      object: {
        '@odata.type': '#microsoft.graph.agentUser',
        id: account,
        displayName: 'Agent',
        mailNickname: 'agent',
        userPrincipalName: 'agent@contoso.com',
        accountEnabled: true,
        userType: 'Member',
        identityParentId: identity,
        createdDateTime: '2026-01-01T00:00:00Z',
      },
    },
  ];
};

/** Workloads of a tenant: so many applications, a few service principals of others, perhaps an agent. */
export function workloads(applications: number, ids: Ids): fc.Arbitrary<Workloads> {
  return fc
    .record({ foreign: fc.nat(2), agent: fc.nat(5) })
    .chain((count) =>
      fc
        .tuple(
          ...Array.from({ length: applications }, (_, index) => application(index, ids)),
          ...Array.from({ length: count.foreign }, (_, index) => foreign(index, ids)),
        )
        .map((groups) => [...groups.flat(), ...(count.agent === 0 ? agent() : [])]),
    )
    .map((objects) => {
      const principals = objects.filter(({ collection }) => collection === 'servicePrincipals');
      const idOf = ({ object }: SeedObject) => String(object.id);
      return {
        objects,
        principals: principals.map(idOf),
        deleted: principals.filter(({ deletedDateTime }) => deletedDateTime !== undefined).map(idOf),
      };
    });
}

/** Grants and assignments between objects of a tenant; none with a service principal that is in the recycle bin. */
export function edges(
  people: readonly string[],
  { principals, deleted }: Pick<Workloads, 'principals' | 'deleted'>,
): fc.Arbitrary<readonly SeedObject[]> {
  const alive = principals.filter((id) => !deleted.includes(id));
  if (alive.length === 0) return fc.constant([]);
  const one = fc.constantFrom(...alive);
  const users = people.filter((id) => id.startsWith('a'));
  const grant = fc.record({
    clientId: one,
    resourceId: one,
    scope: fc.constantFrom('User.Read', 'Mail.Read User.Read', 'openid  User.Read'),
    principalId: users.length === 0 ? fc.constant(null) : fc.option(fc.constantFrom(...users), { freq: 4 }),
  });
  const assignment = fc.record({
    principalId: fc.constantFrom(...alive, ...people),
    resourceId: one,
    appRoleId: fc.constantFrom(DEFAULT_ACCESS, DEFAULT_ACCESS, ...ITEM_IDS),
  });
  return fc
    .tuple(
      fc.uniqueArray(grant, {
        maxLength: 3,
        selector: ({ clientId, resourceId, principalId }) => `${clientId} ${resourceId} ${principalId}`,
      }),
      fc.uniqueArray(assignment, { maxLength: 4, selector: (value) => JSON.stringify(value) }),
    )
    .map(([grants, assignments]) => [
      ...grants.map(
        ({ principalId, ...ends }, index): SeedObject => ({
          collection: 'oauth2PermissionGrants',
          object: {
            id: `grant-${index}`,
            ...ends,
            ...(principalId === null ? { consentType: 'AllPrincipals' } : { consentType: 'Principal', principalId }),
          },
        }),
      ),
      ...assignments.map(
        (values, index): SeedObject => ({
          collection: 'appRoleAssignments',
          object: { id: `assignment-${index}`, createdDateTime: '2026-01-01T00:00:00Z', ...values },
        }),
      ),
    ]);
}
