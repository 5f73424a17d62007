/** Small random tenants, as fast-check arbitraries: a few objects of every kind. */

import fc from 'fast-check';
import type { Json, JsonObject } from '../../src/model/json.js';
import type { SeedObject } from '../../src/sandbox/seed.js';
import { factValues } from './fact-values.js';
import type { Kind } from './kinds.js';
import { settings, strengthId } from './small-settings.js';
import { edges, workloadId, workloads } from './small-workloads.js';
import { all, few, grant, type Known, LOCATIONS, policyValues, some, VALUES } from './tenant-values.js';

const LETTERS = { user: 'a', group: 'b', policy: 'c', location: 'd' };

/** A readable id: `idAt('group', 3)` is `b0000000-0000-4000-8000-000000000003`. */
export const idAt = (kind: keyof typeof LETTERS, index: number): string => workloadId(LETTERS[kind], index);

/** One in seven is in the recycle bin. */
const deletedAt = fc.nat(6).map((dice) => (dice === 0 ? { deletedDateTime: '2026-11-01T00:00:00Z' } : {}));

function user(index: number): fc.Arbitrary<SeedObject> {
  const { userPrincipalName: _, mail: __, ...others } = VALUES.user;
  return fc
    .record({
      values: few(others),
      twice: few(others),
      rest: deletedAt,
      mail: fc.boolean(),
      synced: fc.nat(11),
      mfa: fc.constantFrom('disabled', 'enabled', 'enforced', undefined),
    })
    .map(({ values, twice, rest, mail, synced, mfa }) => ({
      collection: 'users' as const,
      object: {
        id: idAt('user', index),
        displayName: `User ${index}`,
        mailNickname: `user${index}`,
        accountEnabled: true,
        userType: 'Member',
        createdDateTime: '2026-01-01T00:00:00Z',
        ...values,
        ...twice,
        userPrincipalName: `u${index}@contoso.com`,
        ...(mail ? { mail: `m${index}@contoso.com`, proxyAddresses: [`SMTP:m${index}@contoso.com`] } : {}),
        ...(synced === 0 ? { onPremisesSyncEnabled: true } : {}),
        ...(mfa === undefined ? {} : { perUserMfaState: mfa }),
      },
      ...rest,
    }));
}

const GROUP_SHAPES: readonly JsonObject[] = [
  { groupTypes: [], mailEnabled: false, securityEnabled: true },
  { groupTypes: [], mailEnabled: false, securityEnabled: true, visibility: 'Private', isAssignableToRole: true },
  { groupTypes: ['Unified'], mailEnabled: true, securityEnabled: false, visibility: 'Private' },
  {
    groupTypes: ['DynamicMembership'],
    mailEnabled: false,
    securityEnabled: true,
    membershipRule: 'user.department -eq "Sales"',
    membershipRuleProcessingState: 'On',
  },
  { groupTypes: [], mailEnabled: true, securityEnabled: false },
  { groupTypes: [], mailEnabled: false, securityEnabled: true, onPremisesSyncEnabled: true },
];

function group(index: number, known: Known, principals: readonly string[]): fc.Arbitrary<SeedObject> {
  const { displayName, description, classification, preferredLanguage } = VALUES.group;
  const shape = fc.oneof({ weight: 3, arbitrary: fc.constant(GROUP_SHAPES[0]) }, fc.constantFrom(...GROUP_SHAPES));
  const others = { displayName, description, classification, preferredLanguage } as Record<string, fc.Arbitrary<Json>>;
  const members = some(
    [...known.users, ...known.groups, ...principals].filter((id) => id !== idAt('group', index)),
    6,
  );
  return fc.record({ shape, values: few(others), members, rest: deletedAt }).map(({ shape, values, members, rest }) => {
    const unified = JSON.stringify(shape?.groupTypes) === '["Unified"]';
    const nick = `group${index}`;
    return {
      collection: 'groups' as const,
      object: {
        id: idAt('group', index),
        displayName: `Group ${index}`,
        mailNickname: nick,
        ...shape,
        ...values,
        ...(unified ? { mail: `${nick}@contoso.com`, proxyAddresses: [`SMTP:${nick}@contoso.com`] } : {}),
      },
      members: members.filter((id) => !unified || known.users.includes(id)),
      ...rest,
    };
  });
}

const location = (index: number): fc.Arbitrary<SeedObject> =>
  fc.tuple(fc.oneof(...LOCATIONS.map(all)), deletedAt).map(([object, rest]) => ({
    collection: 'namedLocations',
    object: { id: idAt('location', index), ...object },
    ...rest,
  }));

const policy = (index: number, known: Known): fc.Arbitrary<SeedObject> =>
  fc.tuple(all({ ...policyValues(known), grantControls: grant(known) }), deletedAt).map(([object, rest]) => ({
    collection: 'policies',
    object: { id: idAt('policy', index), createdDateTime: '2026-01-01T00:00:00Z', ...object },
    ...rest,
  }));

/** Kinds that are made here or in the files beside this one; those of any other type are made of its facts alone. */
const MADE: ReadonlySet<string> = new Set([
  'user',
  'group',
  'namedLocation',
  'conditionalAccessPolicy',
  'application',
  'servicePrincipal',
  'authenticationStrengthPolicy',
  'authenticationMethodConfiguration',
  'roleDefinition',
]);

const others = (kinds: readonly Kind[], known: Known): fc.Arbitrary<readonly SeedObject[]> => {
  const plain = kinds.filter(({ name, singleton, edge }) => !MADE.has(name) && !singleton && !edge);
  const each = plain.flatMap((kind, at) =>
    [0, 1].map((index) =>
      fc
        .record({
          values: all(factValues(kind.entity, kind.entity, known, 'create')),
          members: some([...known.users, ...known.groups], 3),
          rest: deletedAt,
        })
        .map(
          ({ values, members, rest }): SeedObject => ({
            collection: kind.collection,
            object: { ...values, displayName: `Other ${index}`, id: workloadId('2', 10 * at + index) },
            ...(kind.links.length > 0 ? { members } : {}),
            ...(kind.bin === undefined ? {} : rest),
          }),
        ),
    ),
  );
  return fc.tuple(...each);
};

export interface SmallTenant {
  readonly objects: readonly SeedObject[];
  readonly known: Known;
}

/** Seldom none. */
const upTo = (most: number): fc.Arbitrary<number> =>
  fc.nat(6).map((dice) => (dice === 0 ? 0 : 1 + ((dice - 1) % most)));

/** Objects of a tenant: up to five users, four groups and a few of everything else; some in the recycle bin. */
export const tenantOf = (kinds: readonly Kind[]): fc.Arbitrary<SmallTenant> =>
  fc
    .record({
      users: upTo(5),
      groups: upTo(4),
      locations: fc.nat(2),
      policies: upTo(3),
      applications: upTo(3),
      strengths: fc.nat(2),
    })
    .chain((count) => {
      const ids = (many: number, at: (index: number) => string) => Array.from({ length: many }, (_, n) => at(n));
      const people = {
        users: ids(count.users, (index) => idAt('user', index)),
        groups: ids(count.groups, (index) => idAt('group', index)),
        locations: ids(count.locations, (index) => idAt('location', index)),
        strengths: ids(count.strengths, strengthId),
        appIds: ids(count.applications, (index) => workloadId('6', index)),
      };
      return workloads(count.applications, people).chain((work) => {
        const known: Known = { ...people, principals: work.principals };
        const each = (many: number, make: (index: number) => fc.Arbitrary<SeedObject>) =>
          fc.tuple(...Array.from({ length: many }, (_, index) => make(index)));
        const holders = [...known.users, ...known.groups, ...work.principals];
        return fc
          .tuple(
            each(count.users, user),
            each(count.groups, (index) => group(index, known, work.principals)),
            each(count.locations, location),
            each(count.policies, (index) => policy(index, known)),
            edges([...known.users, ...known.groups], work),
            settings(count.strengths, holders, known),
            others(kinds, known),
          )
          .map((groups) => ({ objects: [...groups.flat(), ...work.objects], known }));
      });
    });
