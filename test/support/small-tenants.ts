/** Small random tenants and random damage to them, as fast-check arbitraries. */

import fc from 'fast-check';
import type { Json, JsonObject } from '../../src/model/json.js';
import type { SeedObject } from '../../src/sandbox/seed.js';
import { all, few, grant, type Known, LOCATIONS, nickname, policyValues, some, text, VALUES } from './tenant-values.js';

export type Kind = 'user' | 'group' | 'location' | 'policy';

/** A readable id: `idAt('group', 3)` is `b0000000-0000-4000-8000-000000000003`. */
export function idAt(kind: Kind, index: number): string {
  const letter = { user: 'a', group: 'b', policy: 'c', location: 'd' }[kind];
  return `${letter}0000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
}

/** Which object an act of damage is about: the n-th of its kind, counted round. Objects made meanwhile come last. */
export interface Target {
  readonly kind: Kind;
  readonly at: number;
}

export type Damage =
  | { readonly op: 'set'; readonly target: Target; readonly values: JsonObject }
  | { readonly op: 'delete' | 'restore' | 'purge'; readonly target: Target }
  | { readonly op: 'link' | 'unlink'; readonly target: Target; readonly member: Target }
  | { readonly op: 'swap-names' | 'take-name'; readonly target: Target; readonly other: Target }
  | { readonly op: 'create'; readonly kind: Kind; readonly values: JsonObject };

/** One in seven is in the recycle bin. */
const deletedAt = fc.nat(6).map((dice) => (dice === 0 ? { deletedDateTime: '2026-11-01T00:00:00Z' } : {}));

function user(index: number): fc.Arbitrary<SeedObject> {
  const { userPrincipalName: _, mail: __, ...others } = VALUES.user;
  return fc
    .record({ values: few(others), twice: few(others), rest: deletedAt, mail: fc.boolean(), synced: fc.nat(11) })
    .map(({ values, twice, rest, mail, synced }) => ({
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

function group(index: number, known: Known): fc.Arbitrary<SeedObject> {
  const { displayName, description, classification, preferredLanguage } = VALUES.group;
  const shape = fc.oneof({ weight: 3, arbitrary: fc.constant(GROUP_SHAPES[0]) }, fc.constantFrom(...GROUP_SHAPES));
  const others = { displayName, description, classification, preferredLanguage } as Record<string, fc.Arbitrary<Json>>;
  const members = some(
    [...known.users, ...known.groups].filter((id) => id !== idAt('group', index)),
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
  fc.tuple(all({ ...policyValues(known), grantControls: grant }), deletedAt).map(([object, rest]) => ({
    collection: 'policies',
    object: { id: idAt('policy', index), createdDateTime: '2026-01-01T00:00:00Z', ...object },
    ...rest,
  }));

/** Objects of a tenant: up to six users, five groups, three locations and three policies; some in the recycle bin. */
export const tenant: fc.Arbitrary<{ readonly objects: readonly SeedObject[]; readonly known: Known }> = fc
  .record({ users: fc.nat(6), groups: fc.nat(5), locations: fc.nat(3), policies: fc.nat(3) })
  .chain((count) => {
    const ids = (kind: Kind, many: number) => Array.from({ length: many }, (_, index) => idAt(kind, index));
    const known: Known = {
      users: ids('user', count.users),
      groups: ids('group', count.groups),
      locations: ids('location', count.locations),
    };
    const each = (many: number, make: (index: number) => fc.Arbitrary<SeedObject>) =>
      fc.tuple(...Array.from({ length: many }, (_, index) => make(index)));
    return fc
      .tuple(
        each(count.users, user),
        each(count.groups, (index) => group(index, known)),
        each(count.locations, location),
        each(count.policies, (index) => policy(index, known)),
      )
      .map((objects) => ({ objects: objects.flat(), known }));
  });

const target = (...kinds: Kind[]): fc.Arbitrary<Target> =>
  fc.record({ kind: fc.constantFrom(...kinds), at: fc.nat(7) });
const any = target('user', 'user', 'group', 'group', 'location', 'policy');

/** One act of damage to a tenant that has these objects. */
export function damage(known: Known): fc.Arbitrary<Damage> {
  const values: Readonly<Record<Kind, fc.Arbitrary<JsonObject>>> = {
    user: few(VALUES.user),
    group: fc.oneof(
      { weight: 4, arbitrary: few(VALUES.group) },
      // Membership changes its kind in one request, or not at all.
      fc.constant({
        groupTypes: ['DynamicMembership'],
        membershipRule: 'user.city -eq "Oslo"',
        membershipRuleProcessingState: 'On',
      }),
      fc.constantFrom<JsonObject>(
        { groupTypes: [] },
        { groupTypes: [], membershipRule: null, membershipRuleProcessingState: null },
      ),
    ),
    location: fc.oneof(...LOCATIONS.map(few)),
    policy: few(policyValues(known)),
  };
  const created: Readonly<Record<Kind, fc.Arbitrary<JsonObject>>> = {
    user: fc.record({
      displayName: text(20),
      userPrincipalName: VALUES.user.userPrincipalName as fc.Arbitrary<Json>,
      mailNickname: nickname,
      accountEnabled: fc.boolean(),
      passwordProfile: fc.constant({ password: 'Correct horse 1' }),
    }) as fc.Arbitrary<JsonObject>,
    group: fc.record({
      displayName: text(20),
      mailNickname: nickname,
      mailEnabled: fc.constant(false),
      securityEnabled: fc.constant(true),
    }) as fc.Arbitrary<JsonObject>,
    location: fc.oneof(...LOCATIONS.map(all)),
    policy: all({ ...policyValues(known), grantControls: grant }),
  };
  const kinds: Kind[] = ['user', 'group', 'location', 'policy'];
  return fc.oneof(
    {
      weight: 8,
      arbitrary: any.chain((at) => values[at.kind].map((set): Damage => ({ op: 'set', target: at, values: set }))),
    },
    { weight: 5, arbitrary: any.map((at): Damage => ({ op: 'delete', target: at })) },
    { weight: 2, arbitrary: any.map((at): Damage => ({ op: 'restore', target: at })) },
    { weight: 1, arbitrary: any.map((at): Damage => ({ op: 'purge', target: at })) },
    {
      weight: 6,
      arbitrary: fc.record({
        op: fc.constantFrom<'link' | 'unlink'>('link', 'unlink'),
        target: target('group'),
        member: target('user', 'group'),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        op: fc.constantFrom<'swap-names' | 'take-name'>('swap-names', 'take-name'),
        target: target('user'),
        other: target('user'),
      }),
    },
    {
      weight: 2,
      arbitrary: fc
        .constantFrom(...kinds)
        .chain((kind) => created[kind].map((set): Damage => ({ op: 'create', kind, values: set }))),
    },
  );
}
