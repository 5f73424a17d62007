/** What is special about strengths, methods, roles and the settings of which a tenant has one, each in one small recovery. */

import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { type Company, commitAll, companyForTest } from '../support/company.js';
import { compareTenants } from '../support/raw-reader.mjs';
import { type LoggedRequest, writesIn } from '../support/scene.js';
import { countsOf } from '../support/story.js';

vi.setConfig({ testTimeout: 240_000 });

const STRENGTHS = '/policies/authenticationStrengthPolicies';
const METHODS = '/policies/authenticationMethodsPolicy';

/** Plans, applies, and expects the tenant as it was. What it wrote, in order. */
async function recover(company: Company, counts: Readonly<Record<string, number>>): Promise<LoggedRequest[]> {
  const plan = await company.run.plan();
  expect(countsOf(plan)).toEqual(counts);
  company.requests();
  expect(await company.run.apply(plan)).toMatchObject({ status: 'complete' });
  const writes = writesIn(company.requests());
  expect(writes.filter(({ status }) => status >= 400)).toEqual([]);
  expect(compareTenants(company.good, await company.dump())).toEqual([]);
  return writes;
}

const shapes = (writes: readonly LoggedRequest[]) => writes.map(({ method, url }) => `${method} ${url}`);

const MADE_AGAIN =
  'Make it again by hand, unless it was an activation of Privileged Identity Management: those end by themselves.';

describe('an authentication strength', () => {
  it('gets its combinations back by their own request', async () => {
    const company = await companyForTest();
    const path = `${STRENGTHS}/${company.id('strengths', 'MFA without telephone')}`;
    const { allowedCombinations } = company.good.strengths?.[path.split('/').at(-1) ?? ''] ?? {};
    const weak = [...(allowedCombinations as string[]), 'password,sms'];
    await company.graph('POST', `${path}/updateAllowedCombinations`, { allowedCombinations: weak });
    await company.graph('PATCH', path, { description: 'Telephone, too' });
    const writes = await recover(company, { update: 1 });
    expect(shapes(writes).sort()).toEqual([`PATCH /v1.0${path}`, `POST /v1.0${path}/updateAllowedCombinations`]);
    expect(Object.keys(writes.find(({ method }) => method === 'PATCH')?.body ?? {})).toEqual(['description']);
  });

  it('that was deleted is gone for good', async () => {
    const company = await companyForTest();
    const id = company.id('strengths', 'MFA without telephone');
    await company.graph('DELETE', `${STRENGTHS}/${id}`);
    const plan = await company.run.plan();
    expect(countsOf(plan)).toEqual({ blocked: 1 });
    expect(plan.blocked).toMatchObject([{ object: `authenticationStrengthPolicy/${id}`, code: 'KG502' }]);
    expect(plan.blocked[0]?.reason).toContain('no recycle bin');
  });

  it('that was added is not deleted, because it would be gone for good', async () => {
    const company = await companyForTest();
    await company.graph('POST', STRENGTHS, {
      displayName: 'Anything',
      allowedCombinations: ['password,sms'],
    });
    expect(countsOf(await company.run.plan())).toEqual({ kept: 1 });
    const plan = await company.run.plan('HEAD', { allowDelete: true });
    expect(plan.blocked).toMatchObject([{ label: 'Anything', code: 'KG511' }]);
  });
});

describe('per-user multifactor authentication', () => {
  async function weakened(optional: boolean) {
    const company = await companyForTest();
    const ids = Object.values(company.good.users ?? {}).filter(({ perUserMfaState }) => perUserMfaState !== 'disabled');
    expect(ids).toHaveLength(2);
    if (optional) {
      appendFileSync(join(company.root, 'knowngood.yaml'), 'optional:\n  user: [perUserMfaState]\n');
      commitAll(company, 'Ask for it');
      await company.run.snapshot();
    }
    for (const { id } of ids) {
      const response = await fetch(`${company.url}/beta/users/${id}/authentication/requirements`, {
        method: 'PATCH',
        headers: { authorization: 'Bearer somebody', 'content-type': 'application/json' },
        body: JSON.stringify({ perUserMfaState: 'disabled' }),
      });
      expect(response.status).toBe(204);
    }
    return { company, ids: ids.map(({ id }) => String(id)) };
  }

  it('is not looked at unless it was asked for', async () => {
    const { company } = await weakened(false);
    company.requests();
    expect(countsOf(await company.run.plan())).toEqual({});
    expect(company.requests().filter(({ url }) => url.includes('requirements'))).toEqual([]);
  });

  it('comes back by its own request where it was asked for', async () => {
    const { company, ids } = await weakened(true);
    const writes = await recover(company, { update: 2 });
    expect(shapes(writes).sort()).toEqual(
      ids.map((id) => `PATCH /beta/users/${id}/authentication/requirements`).sort(),
    );
  });
});

describe('settings of authentication methods', () => {
  it('that name a group wait until the group is back', async () => {
    const company = await companyForTest();
    const group = company.id('groups', 'Conditional Access – pilot');
    const path = `${METHODS}/authenticationMethodConfigurations/TemporaryAccessPass`;
    const everybody = { targetType: 'group', id: 'all_users', isRegistrationRequired: false };
    await company.graph('PATCH', path, {
      '@odata.type': '#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration',
      includeTargets: [everybody],
      maximumLifetimeInMinutes: 43_200,
    });
    await company.graph('DELETE', `/groups/${group}`);
    const plan = await company.run.plan();
    expect(plan.actions.filter(({ action }) => action !== 'link').map(({ phase, object }) => [phase, object])).toEqual([
      ['objects', `group/${group}`],
      ['tighten', 'authenticationMethodConfiguration/temporaryaccesspass'],
    ]);
    const { link } = plan.summary;
    const writes = await recover(company, { restore: 1, update: 1, ...(link === 0 ? {} : { link }) });
    const order = shapes(writes);
    expect(order[0]).toBe(`POST /v1.0/directory/deletedItems/${group}/restore`);
    expect(order.at(-1)).toMatch(/^PATCH .*temporaryaccesspass$/i);
  });

  it('for everybody are written whole', async () => {
    const company = await companyForTest();
    await company.graph('PATCH', METHODS, {
      registrationEnforcement: {
        authenticationMethodsRegistrationCampaign: {
          snoozeDurationInDays: 14,
          state: 'disabled',
          excludeTargets: [],
          includeTargets: [],
        },
      },
    });
    const writes = await recover(company, { update: 1 });
    expect(shapes(writes)).toEqual([`PATCH /v1.0${METHODS}`]);
  });
});

describe('what a tenant has one of', () => {
  it('the organization gets its addresses back', async () => {
    const company = await companyForTest();
    await company.graph('PATCH', `/organization/${company.tenantId}`, {
      technicalNotificationMails: ['attacker@elsewhere.example'],
      securityComplianceNotificationMails: [],
      privacyProfile: { contactEmail: 'attacker@elsewhere.example', statementUrl: null },
    });
    const writes = await recover(company, { update: 1 });
    expect(shapes(writes)).toEqual([`PATCH /v1.0/organization/${company.tenantId}`]);
    expect(Object.keys(writes[0]?.body ?? {})).toHaveLength(3);
  });

  it('the authorization policy is tightened again, last of all', async () => {
    const company = await companyForTest();
    await company.graph('PATCH', '/policies/authorizationPolicy', {
      allowInvitesFrom: 'everyone',
      guestUserRoleId: 'a0b1b346-4d3e-4e8b-98f8-753987be4970',
      defaultUserRolePermissions: { allowedToCreateApps: true },
    });
    await company.graph('PATCH', `/users/${company.id('users', 'Jürgen Uhlig')}`, { department: 'Nowhere' });
    const plan = await company.run.plan();
    expect(plan.actions.map(({ phase, label }) => [phase, label])).toEqual([
      ['objects', 'jurgen.uhlig@acme.example'],
      ['tighten', 'Authorization Policy'],
    ]);
    const writes = await recover(company, { update: 2 });
    expect(writes.at(-1)).toMatchObject({ method: 'PATCH', url: '/v1.0/policies/authorizationPolicy' });
  });
});

describe('directory roles', () => {
  it('and who has them are shown, and corrected by people', async () => {
    const company = await companyForTest();
    const role = company.id('roleDefinitions', 'Application Support');
    const [ada, bob] = [company.id('users', 'Jürgen Uhlig'), company.id('users', 'Burçin Koç')];
    const assignments = '/roleManagement/directory/roleAssignments';
    const { value } = await company.graph('GET', `${assignments}?$filter=principalId eq '${bob}'`);
    await company.graph('DELETE', `${assignments}/${(value as { id: string }[])[0]?.id}`);
    await company.graph('POST', assignments, { roleDefinitionId: role, principalId: ada, directoryScopeId: '/' });
    await company.graph('PATCH', `/roleManagement/directory/roleDefinitions/${role}`, { isEnabled: false });
    const plan = await company.run.plan('HEAD', { allowDelete: true });
    expect(plan.actions).toEqual([]);
    expect(plan.blocked.map(({ code, label, path, remedy }) => [code, label, path, remedy])).toEqual(
      expect.arrayContaining([
        ['KG503', 'burcin.koc@acme.example: Application Support: /', undefined, MADE_AGAIN],
        ['KG503', 'jurgen.uhlig@acme.example: Application Support: /', undefined, 'Remove it by hand.'],
        ['KG503', 'Application Support', 'isEnabled', 'Correct it where it comes from, or by hand.'],
      ]),
    );
    expect(plan.blocked).toHaveLength(3);
  });

  it('come back with the people who have them', async () => {
    const company = await companyForTest();
    await company.graph('DELETE', `/users/${company.id('users', 'Burçin Koç')}`);
    await recover(company, { restore: 1 });
  });
});
