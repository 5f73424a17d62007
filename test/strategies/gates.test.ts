import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/model/json.js';
import { policyLoosens } from '../../src/strategies/conditional-access-gate.js';
import { keepsFromDelete, loosens } from '../../src/strategies/index.js';

const ADA = 'a0000000-0000-4000-8000-000000000001';
const BOB = 'a0000000-0000-4000-8000-000000000002';
const OFFICE = 'd0000000-0000-4000-8000-000000000001';

const policy = (more: JsonObject = {}, conditions: JsonObject = {}): JsonObject => ({
  state: 'enabled',
  conditions: {
    users: { includeUsers: [ADA], excludeUsers: [], includeGroups: [] },
    applications: { includeApplications: ['All'] },
    clientAppTypes: ['all'],
    ...conditions,
  },
  grantControls: { operator: 'OR', builtInControls: ['block'] },
  sessionControls: null,
  ...more,
});

/** What the change live → desired is, the live policy, the desired one, and whether it certainly lets people in again. */
const TABLE: readonly (readonly [string, JsonObject | undefined, JsonObject, boolean])[] = [
  ['a policy that is switched off', policy(), policy({ state: 'disabled' }), true],
  ['a policy that is only reported again', policy(), policy({ state: 'enabledForReportingButNotEnforced' }), true],
  [
    'a policy that is switched off, whatever else changes',
    policy(),
    policy({ state: 'disabled', grantControls: null }, { users: {} }),
    true,
  ],
  ['a policy that is enforced again', policy({ state: 'disabled' }), policy(), false],
  [
    'a policy that stays off, whatever else changes',
    policy({ state: 'disabled' }),
    policy({ state: 'disabled' }, { users: {} }),
    false,
  ],
  [
    'a report that is switched off',
    policy({ state: 'enabledForReportingButNotEnforced' }),
    policy({ state: 'disabled' }),
    false,
  ],
  ['a policy that comes back from the recycle bin', undefined, policy(), false],
  ['a policy that comes back switched off', undefined, policy({ state: 'disabled' }), false],
  [
    'one include less',
    policy({}, { users: { includeUsers: [ADA, BOB] } }),
    policy({}, { users: { includeUsers: [ADA] } }),
    true,
  ],
  [
    'one include more',
    policy({}, { users: { includeUsers: [ADA] } }),
    policy({}, { users: { includeUsers: [ADA, BOB] } }),
    false,
  ],
  [
    'another include instead',
    policy({}, { users: { includeUsers: [ADA] } }),
    policy({}, { users: { includeUsers: [BOB] } }),
    false,
  ],
  [
    'no include at all: what an empty list means is not certain',
    policy({}, { users: { includeUsers: [ADA] } }),
    policy({}, { users: { includeUsers: [] } }),
    false,
  ],
  [
    '"All" narrowed to one person: not a part of the list',
    policy({}, { users: { includeUsers: ['All'] } }),
    policy({}, { users: { includeUsers: [ADA] } }),
    false,
  ],
  [
    'one exclude more',
    policy({}, { users: { excludeUsers: [] } }),
    policy({}, { users: { excludeUsers: [ADA] } }),
    true,
  ],
  [
    'one exclude less',
    policy({}, { users: { excludeUsers: [ADA] } }),
    policy({}, { users: { excludeUsers: [] } }),
    false,
  ],
  ['an exclude that appears', policy({}, { users: {} }), policy({}, { users: { excludeUsers: [ADA] } }), false],
  [
    'one include less and one exclude less',
    policy({}, { users: { includeUsers: [ADA, BOB], excludeUsers: [ADA] } }),
    policy({}, { users: { includeUsers: [ADA], excludeUsers: [] } }),
    false,
  ],
  [
    'a location more that is spared',
    policy({}, { locations: { excludeLocations: [] } }),
    policy({}, { locations: { excludeLocations: [OFFICE] } }),
    true,
  ],
  ['other clients', policy({}, { clientAppTypes: ['all'] }), policy({}, { clientAppTypes: ['browser'] }), false],
  ['other controls', policy(), policy({ grantControls: { operator: 'OR', builtInControls: ['mfa'] } }), false],
  [
    'a narrower policy with other controls',
    policy({}, { users: { includeUsers: [ADA, BOB] } }),
    policy({ grantControls: null }),
    false,
  ],
  [
    'other session controls',
    policy(),
    policy({ sessionControls: { persistentBrowser: { isEnabled: true, mode: 'never' } } }),
    false,
  ],
  ['a new name', policy(), policy({ displayName: 'x' }), true],
];

describe('a Conditional Access policy', () => {
  it.each(TABLE)('%s: loosens is judged by what is certain', (_, live, desired, expected) => {
    expect(policyLoosens(live, desired)).toBe(expected);
  });

  it('loosens when either it or its reverse only narrows, never both, unless nothing that gates changes', () => {
    for (const [what, live, desired] of TABLE) {
      if (live === undefined || what === 'a new name') continue;
      expect([policyLoosens(live, desired), policyLoosens(desired, live)], what).not.toEqual([true, true]);
    }
  });

  it('may always be deleted', () => {
    expect(keepsFromDelete({ strategy: 'conditionalAccessGate' }, policy())).toBeUndefined();
  });
});

describe('a named location', () => {
  const strategy = { strategy: 'namedLocationGate' };
  const location = (isTrusted: Json): JsonObject => ({ displayName: 'Office', isTrusted });

  it('never loosens: what a policy does with it is not certain', () => {
    for (const before of [true, false])
      for (const after of [true, false]) expect(loosens(strategy, location(before), location(after))).toBe(false);
  });

  it('cannot be deleted while it is trusted', () => {
    expect(keepsFromDelete(strategy, location(true))).toBe('Graph does not delete a trusted location');
    for (const value of [false, null, 'true']) expect(keepsFromDelete(strategy, location(value))).toBeUndefined();
    expect(keepsFromDelete(strategy, {})).toBeUndefined();
  });
});

describe('a type without a strategy', () => {
  it('neither loosens nor keeps anything from being deleted', () => {
    for (const strategy of [undefined, 'unheardOf']) {
      expect(loosens({ strategy }, policy(), policy({ state: 'disabled' }))).toBe(false);
      expect(keepsFromDelete({ strategy }, { isTrusted: true })).toBeUndefined();
    }
  });
});
