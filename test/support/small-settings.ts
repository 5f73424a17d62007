/** Strengths, methods, roles, and what a tenant has one of, in small random tenants. */

import fc from 'fast-check';
import type { Json } from '../../src/model/json.js';
import fixtures from '../../src/sandbox/facts/tenant-fixtures.json' with { type: 'json' };
import type { SeedObject } from '../../src/sandbox/seed.js';
import { factValues } from './fact-values.js';
import { TENANT, workloadId } from './small-workloads.js';
import type { Ids } from './special-values.js';
import { all, few, some, text } from './tenant-values.js';

export const strengthId = (index: number): string => workloadId('e', index);
export const roleId = (index: number): string => workloadId('f', index);
export const GLOBAL_ADMINISTRATOR = '62e90394-69f5-4237-9190-012177145e10';

/** Combinations that a strength may allow. */
export const combinations: fc.Arbitrary<Json> = some(
  [
    'fido2',
    'windowsHelloForBusiness',
    'password,sms',
    'microsoftAuthenticatorPush,password',
    'x509CertificateMultiFactor',
  ],
  3,
  1,
);

const strength = (index: number): fc.Arbitrary<SeedObject> =>
  fc.record({ displayName: text(12), description: text(12), allowedCombinations: combinations }).map((values) => ({
    collection: 'authenticationStrengthPolicies',
    object: {
      ...values,
      id: strengthId(index),
      policyType: 'custom',
      createdDateTime: '2026-01-01T00:00:00Z',
      modifiedDateTime: '2026-01-01T00:00:00Z',
      combinationConfigurations: (values.allowedCombinations as readonly string[]).includes('fido2')
        ? [
            {
              '@odata.type': '#microsoft.graph.fido2CombinationConfiguration',
              id: workloadId('4', index),
              appliesToCombinations: ['fido2'],
              allowedAAGUIDs: [workloadId('3', 0)],
            },
          ]
        : [],
    },
  }));

const external = (ids: Ids): fc.Arbitrary<SeedObject> =>
  all(factValues('authenticationMethodConfiguration', 'externalAuthenticationMethodConfiguration', ids, 'create')).map(
    (values) => ({
      collection: 'authenticationMethodConfigurations',
      object: {
        '@odata.type': '#microsoft.graph.externalAuthenticationMethodConfiguration',
        ...values,
        state: values.state ?? 'disabled',
        id: workloadId('4', 50),
      },
    }),
  );

/** Settings of a method or of the tenant, other than those with which every tenant begins. */
function changedFixture(ids: Ids): fc.Arbitrary<readonly SeedObject[]> {
  const methods = fixtures.authenticationMethodConfigurations.map((object) =>
    few(
      factValues(
        'authenticationMethodConfiguration',
        object['@odata.type'].replace('#microsoft.graph.', ''),
        ids,
        'update',
      ),
    ).map(
      (values): SeedObject => ({
        collection: 'authenticationMethodConfigurations',
        object: { ...object, ...values, state: values.state ?? object.state },
      }),
    ),
  );
  const singletons = fixtures.singletons.map((object) =>
    few(factValues(object.id, object.id, ids, 'update')).map(
      (values): SeedObject => ({ collection: 'singletons', object: { ...object, ...values } }),
    ),
  );
  const organization = few(factValues('organization', 'organization', ids, 'update')).map(
    (values): SeedObject => ({ collection: 'singletons', object: { ...values, id: TENANT } }),
  );
  return fc.uniqueArray(fc.oneof(...methods, ...singletons, organization), {
    maxLength: 3,
    selector: ({ object }) => String(object.id),
  });
}

/** A role that somebody made, and who has roles. */
function roles(principals: readonly string[], ids: Ids): fc.Arbitrary<readonly SeedObject[]> {
  const custom = all(factValues('unifiedRoleDefinition', 'unifiedRoleDefinition', ids, 'create')).map(
    (values): SeedObject => ({
      collection: 'roleDefinitions',
      object: { ...values, isEnabled: true, isBuiltIn: false, id: roleId(0), templateId: roleId(0) },
    }),
  );
  return fc
    .oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.tuple(custom) })
    .chain((made): fc.Arbitrary<readonly SeedObject[]> => {
      if (principals.length === 0) return fc.constant<readonly SeedObject[]>(made);
      const role = fc.constantFrom(GLOBAL_ADMINISTRATOR, ...made.map(({ object }) => String(object.id)));
      return fc
        .uniqueArray(fc.tuple(role, fc.constantFrom(...principals)), { maxLength: 1, selector: String })
        .map((pairs) => [
          ...made,
          ...pairs.map(
            ([roleDefinitionId, principalId], index): SeedObject => ({
              collection: 'roleAssignments',
              object: { id: `role-assignment-${index}`, roleDefinitionId, principalId, directoryScopeId: '/' },
            }),
          ),
        ]);
    });
}

/** Up to two strengths, perhaps an external method, perhaps roles, and settings that somebody changed. */
export function settings(count: number, principals: readonly string[], ids: Ids): fc.Arbitrary<readonly SeedObject[]> {
  const strengths = fc.tuple(...Array.from({ length: count }, (_, index) => strength(index)));
  return fc
    .tuple(
      strengths,
      fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, fc.tuple(external(ids))),
      changedFixture(ids),
      fc.oneof({ weight: 3, arbitrary: fc.constant<readonly SeedObject[]>([]) }, roles(principals, ids)),
    )
    .map((groups) => groups.flat());
}
