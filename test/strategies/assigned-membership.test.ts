import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/model/json.js';
import { assignedMembership } from '../../src/strategies/assigned-membership.js';
import { keepsFromDelete, keepsFromUpdate, linkStanding } from '../../src/strategies/index.js';

/** What kind of group it is, its properties, and what its members are. */
const TABLE: readonly (readonly [string, JsonObject, 'managed' | 'readOnly' | 'derived'])[] = [
  ['a security group', { groupTypes: [], mailEnabled: false, securityEnabled: true }, 'managed'],
  ['a Microsoft 365 group', { groupTypes: ['Unified'], mailEnabled: true, securityEnabled: false }, 'managed'],
  ['a dynamic group', { groupTypes: ['DynamicMembership'], mailEnabled: false }, 'derived'],
  ['a dynamic Microsoft 365 group', { groupTypes: ['DynamicMembership', 'Unified'], mailEnabled: true }, 'derived'],
  ['a group whose rule is not in force', { groupTypes: [], membershipRule: 'user.city -eq "Oslo"' }, 'managed'],
  ['a synchronised group', { groupTypes: [], onPremisesSyncEnabled: true }, 'derived'],
  ['a group that was synchronised once', { groupTypes: [], onPremisesSyncEnabled: false }, 'managed'],
  ['a group that never was', { groupTypes: [], onPremisesSyncEnabled: null }, 'managed'],
  ['a synchronised distribution list', { groupTypes: [], mailEnabled: true, onPremisesSyncEnabled: true }, 'derived'],
  ['a distribution list', { groupTypes: [], mailEnabled: true, securityEnabled: false }, 'readOnly'],
  ['a mail-enabled security group', { groupTypes: [], mailEnabled: true, securityEnabled: true }, 'readOnly'],
  ['a group of which nothing is known', {}, 'managed'],
];

describe('the members of', () => {
  it.each(TABLE)('%s', (_, group, standing) => {
    const found = assignedMembership(group);
    expect(found.standing).toBe(standing);
    if (found.standing === 'managed') return;
    expect(found.reason).toMatch(/^\w.*[^.]$/);
    expect(found.remedy).toMatch(/^\w.*\.$/);
  });

  it('an owner are a setting of its own where the link has no strategy', () => {
    for (const [, group] of TABLE) expect(linkStanding({}, group)).toEqual({ standing: 'managed' });
    expect(linkStanding({ strategy: 'assignedMembership' }, { onPremisesSyncEnabled: true }).standing).toBe('derived');
  });
});

describe('a group', () => {
  it('is not deleted where it would be gone for good: Exchange owns it, and it has no recycle bin', () => {
    for (const [what, group] of TABLE) {
      const stays = keepsFromDelete({ strategy: 'cloudGroup' }, group) !== undefined;
      expect(stays, what).toBe(group.mailEnabled === true && !JSON.stringify(group.groupTypes).includes('Unified'));
    }
  });

  it('is not written where Graph only shows it: Exchange owns it', () => {
    for (const [what, group] of TABLE) {
      const reason = keepsFromUpdate({ strategy: 'cloudGroup' }, group);
      expect(reason !== undefined, what).toBe(keepsFromDelete({ strategy: 'cloudGroup' }, group) !== undefined);
    }
  });
});
