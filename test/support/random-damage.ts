/** Random damage to small tenants, as fast-check arbitraries. What the service refuses is left out when it is done. */

import fc from 'fast-check';
import type { Json, JsonObject } from '../../src/model/json.js';
import { resources } from '../../src/sandbox/resources.js';
import { factValues } from './fact-values.js';
import type { Kind } from './kinds.js';
import { combinations } from './small-settings.js';
import { DEFAULT_ACCESS, workloadId } from './small-workloads.js';
import { ITEM_IDS } from './special-values.js';
import { all, few, grant, type Known, LOCATIONS, nickname, policyValues, text, VALUES } from './tenant-values.js';

/** Which object an act of damage is about: the n-th of its kind, counted round. Objects made meanwhile come last. */
export interface Target {
  readonly kind: string;
  readonly at: number;
}

export type Damage =
  | { readonly op: 'set'; readonly target: Target; readonly values: ValuesByKind }
  | { readonly op: 'delete' | 'restore' | 'purge'; readonly target: Target }
  | { readonly op: 'link' | 'unlink'; readonly target: Target; readonly member: Target }
  | { readonly op: 'swap-names' | 'take-name' | 'take-identifier'; readonly target: Target; readonly other: Target }
  | { readonly op: 'create'; readonly kind: string; readonly values: JsonObject }
  | {
      readonly op: 'grant';
      readonly client: Target;
      readonly target: Target;
      readonly scope: string;
      readonly user?: Target;
    }
  | {
      readonly op: 'assign';
      readonly principal: Target;
      readonly target: Target;
      readonly role: string;
      readonly leaves: boolean;
    }
  | { readonly op: 'make-again'; readonly target: Target }
  | { readonly op: 'add-password' | 'remove-password'; readonly target: Target }
  | { readonly op: 'combinations'; readonly target: Target; readonly values: Json }
  | { readonly op: 'configure'; readonly target: Target }
  | { readonly op: 'mfa'; readonly target: Target; readonly state: string };

/** Values by the entity type of the object that they may happen to meet. */
export type ValuesByKind = Readonly<Record<string, JsonObject>>;

const target = (...kinds: string[]): fc.Arbitrary<Target> =>
  fc.record({ kind: fc.constantFrom(...kinds), at: fc.nat(11) });

const GROUP_CHANGES = fc.oneof(
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
);

/** Changes of an object, for each entity type that its kind may hold. */
function changes(kind: Kind, known: Known): fc.Arbitrary<ValuesByKind> {
  const tables: Readonly<Record<string, fc.Arbitrary<JsonObject>>> = {
    user: few(VALUES.user),
    group: GROUP_CHANGES,
    namedLocation: fc.oneof(...LOCATIONS.map((values) => few(values))),
    // Conditions are refused more often than not: they are tried alone, too.
    conditionalAccessPolicy: fc.oneof(
      few(policyValues(known)),
      all({ conditions: policyValues(known).conditions as fc.Arbitrary<Json> }),
    ),
  };
  const table = tables[kind.name];
  if (table !== undefined) return table.map((values) => ({ '': values }));
  const entities = kind.singleton ? [kind.entity] : resources[kind.collection].kinds;
  const perEntity = entities.map((entity) => [entity, factValues(kind.entity, entity, known, 'update')] as const);
  const filled = perEntity.filter(([, values]) => Object.keys(values).length > 0);
  return fc.record(Object.fromEntries(filled.map(([entity, values]) => [entity, few(values, 5)]))) as never;
}

/** What a new object of a kind is made of; undefined for kinds of which nobody makes any. */
function creation(kind: Kind, known: Known): fc.Arbitrary<JsonObject> | undefined {
  const tables: Readonly<Record<string, fc.Arbitrary<JsonObject>>> = {
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
    namedLocation: fc.oneof(...LOCATIONS.map(all)),
    conditionalAccessPolicy: all({ ...policyValues(known), grantControls: grant(known) }),
    servicePrincipal: fc.record({
      appId: fc.constantFrom(...known.appIds, workloadId('7', 0), workloadId('7', 1)),
    }) as fc.Arbitrary<JsonObject>,
    authenticationStrengthPolicy: fc.record({
      displayName: text(12),
      allowedCombinations: combinations,
    }) as fc.Arbitrary<JsonObject>,
    application: few(factValues('application', 'application', known, 'create')).map(
      ({ keyCredentials: _, ...values }): JsonObject => ({ displayName: 'New', ...values }),
    ),
    authenticationMethodConfiguration: all(
      factValues('authenticationMethodConfiguration', 'externalAuthenticationMethodConfiguration', known, 'create'),
    ).map((values) => ({ '@odata.type': '#microsoft.graph.externalAuthenticationMethodConfiguration', ...values })),
    roleAssignment: fc.record({
      roleDefinitionId: fc.constantFrom('62e90394-69f5-4237-9190-012177145e10', workloadId('f', 0)),
      principalId: fc.constantFrom(...known.users, ...known.groups, ...known.principals, workloadId('0', 0)),
      directoryScopeId: fc.constant('/'),
    }) as fc.Arbitrary<JsonObject>,
  };
  if (kind.singleton || (kind.edge && tables[kind.name] === undefined)) return undefined;
  return tables[kind.name] ?? all(factValues(kind.entity, kind.entity, known, 'create'));
}

/** Kinds that have more properties, or more of them, than others. */
const WEIGHTS: Readonly<Record<string, number>> = {
  user: 3,
  group: 3,
  application: 3,
  servicePrincipal: 3,
  authenticationMethodConfiguration: 3,
  roleDefinition: 2,
};

/** One act of damage to a tenant of these kinds of objects. */
export function damageTo(kinds: readonly Kind[], known: Known): fc.Arbitrary<Damage> {
  const byName = new Map(kinds.map((kind) => [kind.name, kind]));
  // Edges change by acts of their own, but for the scope of a grant.
  const changeable = kinds.filter(({ edge, name }) => !edge || name === 'oauth2PermissionGrant');
  const weight = (name: string) => WEIGHTS[name] ?? 1;
  const objects = changeable.flatMap(({ name }) => Array.from({ length: weight(name) }, () => name));
  // Each as often as the others: an act on a recycle bin needs an object there to be anything.
  const binned = changeable.filter(({ bin }) => bin !== undefined).map(({ name }) => name);
  const linking = kinds.filter(({ links }) => links.length > 0).map(({ name }) => name);
  const edges = kinds.filter(({ edge }) => edge).map(({ name }) => name);
  const removable = [
    ...objects.filter((name) => byName.get(name)?.singleton === false),
    ...binned,
    ...binned,
    ...edges,
  ];
  const principal = target('user', 'group', 'servicePrincipal');
  const ops: fc.WeightedArbitrary<Damage>[] = [
    {
      weight: 10,
      arbitrary: target(...objects).chain((at) =>
        changes(byName.get(at.kind) as Kind, known).map((values): Damage => ({ op: 'set', target: at, values })),
      ),
    },
    { weight: 5, arbitrary: target(...removable).map((at): Damage => ({ op: 'delete', target: at })) },
    { weight: 3, arbitrary: target(...binned).map((at): Damage => ({ op: 'restore', target: at })) },
    { weight: 2, arbitrary: target(...binned).map((at): Damage => ({ op: 'purge', target: at })) },
    {
      weight: 4,
      arbitrary: fc.record({
        op: fc.constantFrom<'link' | 'unlink'>('link', 'unlink'),
        target: target(...linking),
        member: target('user', 'group', 'servicePrincipal'),
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
      weight: 1,
      arbitrary: fc.record({
        op: fc.constant<'take-identifier'>('take-identifier'),
        target: target('application'),
        other: target('application'),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.oneof(
        ...kinds.flatMap((kind) => {
          const values = creation(kind, known);
          return values === undefined
            ? []
            : [values.map((made): Damage => ({ op: 'create', kind: kind.name, values: made }))];
        }),
      ),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        op: fc.constant<'grant'>('grant'),
        client: target('servicePrincipal'),
        target: target('servicePrincipal'),
        scope: fc.constantFrom('User.Read', 'Directory.ReadWrite.All Mail.Read'),
        user: fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, target('user')),
      }) as fc.Arbitrary<Damage>,
    },
    {
      weight: 3,
      arbitrary: fc.record({
        op: fc.constant<'assign'>('assign'),
        principal,
        target: target('servicePrincipal'),
        role: fc.constantFrom(DEFAULT_ACCESS, ...ITEM_IDS),
        leaves: fc.nat(4).map((dice) => dice === 0),
      }),
    },
    { weight: 1, arbitrary: target(...edges).map((at): Damage => ({ op: 'make-again', target: at })) },
    {
      weight: 1,
      arbitrary: fc.record({
        op: fc.constantFrom<'add-password' | 'remove-password'>('add-password', 'remove-password'),
        target: target('application', 'servicePrincipal'),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        op: fc.constant<'combinations'>('combinations'),
        target: target('authenticationStrengthPolicy'),
        values: combinations,
      }),
    },
    {
      weight: 1,
      arbitrary: target('authenticationStrengthPolicy').map((at): Damage => ({ op: 'configure', target: at })),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        op: fc.constant<'mfa'>('mfa'),
        target: target('user'),
        state: fc.constantFrom('disabled', 'enabled', 'enforced'),
      }),
    },
  ];
  return fc.oneof(...ops);
}

/** Every property that random damage may change, as `type.property`. */
export function changeableProperties(kinds: readonly Kind[]): readonly string[] {
  const known: Known = { users: [], groups: [], locations: [], principals: [], appIds: [], strengths: [] };
  const tables: Readonly<Record<string, readonly object[]>> = {
    user: [VALUES.user, { perUserMfaState: true }],
    group: [VALUES.group],
    namedLocation: LOCATIONS,
    conditionalAccessPolicy: [policyValues(known)],
    authenticationStrengthPolicy: [{ displayName: true, description: true, allowedCombinations: true }],
    oauth2PermissionGrant: [{ scope: true }],
  };
  return kinds.flatMap((kind) => {
    const entities = kind.singleton ? [kind.entity] : resources[kind.collection].kinds;
    const own = kind.edge ? [] : entities.map((entity) => factValues(kind.entity, entity, known, 'update'));
    const names = (tables[kind.name] ?? own).flatMap((values) => Object.keys(values));
    return [...new Set(names)].filter((name) => name !== '@odata.type').map((name) => `${kind.name}.${name}`);
  });
}
