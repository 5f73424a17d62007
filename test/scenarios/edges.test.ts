/** Grants and app role assignments: links of the service principal that they give access to, and never objects. */

import { describe, expect, it, vi } from 'vitest';
import type { Plan } from '../../src/model/plan.js';
import { runCli } from '../cli/run-cli.js';
import { type Company, companyForTest, listOf } from '../support/company.js';
import { compareTenants } from '../support/raw-reader.mjs';
import { gitIn, writesIn } from '../support/scene.js';
import { countsOf } from '../support/story.js';

vi.setConfig({ testTimeout: 240_000 });

const GRAPH = 'Microsoft Graph';
const BOARD = 'Brightboard Whiteboard';
const PORTAL = 'Launch Portal';

const principal = (company: Company, name: string): string => company.id('servicePrincipals', name);

/** The grant for everybody between two service principals, as Graph has it now. */
async function grantOf(company: Company, client: string, resource: string) {
  const ends = `clientId eq '${principal(company, client)}' and resourceId eq '${principal(company, resource)}'`;
  const grants = await listOf(company, `/oauth2PermissionGrants?$filter=${ends}`);
  return grants.find((grant) => grant.consentType === 'AllPrincipals');
}

/** Who has which role of a service principal, as Graph has it now. */
const assignedTo = (company: Company, name: string) =>
  listOf(company, `/servicePrincipals/${principal(company, name)}/appRoleAssignedTo`);

async function revoke(company: Company, client: string, resource = GRAPH): Promise<void> {
  await company.graph('DELETE', `/oauth2PermissionGrants/${(await grantOf(company, client, resource))?.id}`);
}

const linksOf = (plan: Plan) =>
  plan.actions.map((action) => ('target' in action ? `${action.action} ${action.link} ${action.targetLabel}` : '?'));

/** Applies, and expects that nothing differs afterwards. */
async function expectUndone(company: Company, plan: Plan) {
  const result = await company.run.apply(plan);
  expect(result).toMatchObject({ status: 'complete', verification: { remaining: [], problems: [] } });
  expect(compareTenants(company.good, await company.dump())).toEqual([]);
  expect((await company.run.diff()).changes).toEqual([]);
  return result;
}

describe('a consent for everybody', () => {
  it('that was revoked comes back, as a link of the resource', async () => {
    const company = await companyForTest();
    await revoke(company, BOARD);
    const diff = await company.run.diff();
    const [change] = diff.changes;
    expect(diff).toMatchObject({ changes: [{ action: 'links', label: GRAPH }], blocked: [], kept: [] });
    expect(change?.object).toBe(`servicePrincipal/${principal(company, GRAPH)}`);
    expect(change?.links).toEqual([
      {
        link: 'oauth2PermissionGrant',
        add: [`${principal(company, BOARD)}_${principal(company, GRAPH)}`],
        remove: [],
      },
    ]);
    const plan = await company.run.plan();
    expect(countsOf(plan)).toEqual({ link: 1 });
    expect(linksOf(plan)).toEqual([`link oauth2PermissionGrant ${BOARD}: User.Read offline_access openid profile`]);
    company.requests();
    expect((await company.run.apply(plan)).counts).toMatchObject({ linksAdded: 1, linksRemoved: 0, restored: 0 });
    expect(writesIn(company.requests())).toMatchObject([{ method: 'POST', url: '/v1.0/oauth2PermissionGrants' }]);
    expect(compareTenants(company.good, await company.dump())).toEqual([]);
  });

  it('that was never given goes, without a word about deletes', async () => {
    const company = await companyForTest();
    const ends = { clientId: principal(company, 'Field Inspector'), resourceId: principal(company, PORTAL) };
    await company.graph('POST', '/oauth2PermissionGrants', {
      ...ends,
      consentType: 'AllPrincipals',
      scope: 'Launches.Read',
    });
    const plan = await company.run.plan();
    expect(countsOf(plan)).toEqual({ unlink: 1 });
    expect(linksOf(plan)).toEqual(['unlink oauth2PermissionGrant Field Inspector: Launches.Read']);
    const { counts } = await expectUndone(company, plan);
    expect(counts).toMatchObject({ linksRemoved: 1, softDeleted: 0 });
  });

  it('is in scope where its owner is', async () => {
    const company = await companyForTest();
    await revoke(company, BOARD);
    const [owner, client] = [principal(company, GRAPH), principal(company, BOARD)];
    const countOf = async (scope: Parameters<Company['run']['plan']>[1]) =>
      (await company.run.plan('HEAD', scope)).actions.length;
    expect(await countOf({ targets: [`servicePrincipal/${owner}`] })).toBe(1);
    expect(await countOf({ types: ['servicePrincipal'] })).toBe(1);
    expect(await countOf({ targets: [`servicePrincipal/${client}`] })).toBe(0);
    expect(await countOf({ types: ['user'] })).toBe(0);
    expect(await countOf({ exclude: [`servicePrincipal/${owner}`] })).toBe(0);
    await expectUndone(company, await company.run.plan('HEAD', { targets: [`servicePrincipal/${owner}`] }));
  });

  it.each([
    ['narrowed', 'User.Read'],
    ['widened', 'User.Read openid profile offline_access Directory.AccessAsUser.All'],
  ])('that was %s is set right by one request', async (_, scope) => {
    const company = await companyForTest();
    const grant = await grantOf(company, BOARD, GRAPH);
    await company.graph('PATCH', `/oauth2PermissionGrants/${grant?.id}`, { scope });
    const plan = await company.run.plan();
    expect(countsOf(plan)).toEqual({ update: 1 });
    company.requests();
    const result = await company.run.apply(plan);
    expect(result.counts).toMatchObject({ updated: 1, linksAdded: 0, linksRemoved: 0 });
    const writes = writesIn(company.requests());
    expect(writes).toMatchObject([{ method: 'PATCH', url: `/v1.0/oauth2PermissionGrants/${grant?.id}` }]);
    expect(Object.keys(writes[0]?.body ?? {})).toEqual(['scope']);
    expect(compareTenants(company.good, await company.dump())).toEqual([]);
  });

  it('whose words only stand in another order is no difference', async () => {
    const company = await companyForTest();
    const grant = await grantOf(company, BOARD, GRAPH);
    const scope = String(grant?.scope).split(' ').reverse().join(' ');
    await company.graph('PATCH', `/oauth2PermissionGrants/${grant?.id}`, { scope });
    expect((await company.run.snapshot()).subject).toBe('Snapshot: no changes');
  });
});

describe('an app role assignment', () => {
  it('that was taken away and given again is the same one, though Graph gives it another id', async () => {
    const company = await companyForTest();
    const tree = company.git('rev-parse', 'HEAD:tenant-state');
    const [assignment] = await assignedTo(company, PORTAL);
    const path = `/servicePrincipals/${principal(company, PORTAL)}/appRoleAssignedTo`;
    await company.graph('DELETE', `${path}/${assignment?.id}`);
    const { principalId, resourceId, appRoleId } = assignment ?? {};
    const again = await company.graph('POST', path, { principalId, resourceId, appRoleId });
    expect(again.id).not.toBe(assignment?.id);
    expect((await company.run.diff()).summary).toMatchObject({ link: 0, unlink: 0, blocked: 0 });
    expect((await company.run.snapshot()).subject).toBe('Snapshot: no changes');
    expect(company.git('rev-parse', 'HEAD:tenant-state')).toBe(tree);
  });

  it('is named after the principal and the role, also after access without a role', async () => {
    const company = await companyForTest();
    for (const name of [PORTAL, 'Signspark Signatures']) {
      for (const { id } of await assignedTo(company, name))
        await company.graph('DELETE', `/servicePrincipals/${principal(company, name)}/appRoleAssignedTo/${id}`);
    }
    const plan = await company.run.plan();
    expect(linksOf(plan).sort()).toEqual(
      [
        'Application – Launch Portal: Launch.Operate',
        'Conditional Access – pilot: default access',
        'Tier 0 administrators: Launch.Approve',
        'gotz.bauer@acme.example: default access',
        'id-backup-vault: Launch.Read',
        'sebastian.nussbaum@acme.example: Launch.Read',
        'sebastian.nussbaum@acme.example: default access',
        'wolfgang.tobben@acme.example: default access',
      ]
        .map((label) => `link appRoleAssignment ${label}`)
        .sort(),
    );
    await expectUndone(company, plan);
  });
});

describe('edges of a service principal that was deleted', () => {
  it('are made again once it is back', async () => {
    const company = await companyForTest();
    await company.graph('DELETE', `/servicePrincipals/${principal(company, 'Signspark Signatures')}`);
    await company.graph('DELETE', `/servicePrincipals/${principal(company, BOARD)}`);
    const plan = await company.run.plan();
    expect(countsOf(plan)).toEqual({ restore: 2, link: 6 });
    expect(plan.actions.filter((action) => 'conditional' in action)).toHaveLength(6);
    company.requests();
    const result = await expectUndone(company, plan);
    expect(result.counts).toMatchObject({ restored: 2, linksAdded: 6, failed: 0, skipped: 0 });
    const made = writesIn(company.requests()).filter(({ url }) => !url.endsWith('/restore'));
    const roles = `POST /v1.0/servicePrincipals/${principal(company, 'Signspark Signatures')}/appRoleAssignedTo`;
    const grants = 'POST /v1.0/oauth2PermissionGrants';
    expect(made.map(({ method, url }) => `${method} ${url}`)).toEqual([roles, roles, roles, roles, grants, grants]);
  });
});

describe('an edge that comes back with the object that had it', () => {
  it('is no link that was added: nothing was written for it', async () => {
    const company = await companyForTest();
    const assignments = await assignedTo(company, PORTAL);
    const person = assignments.find(({ principalType }) => principalType === 'User')?.principalId as string;
    await company.graph('DELETE', `/users/${person}`);
    const plan = await company.run.plan();
    const links = plan.actions.filter(({ action }) => action === 'link');
    expect(countsOf(plan)).toEqual({ restore: 1, link: links.length });
    expect(links.length).toBeGreaterThan(0);
    const result = await expectUndone(company, plan);
    expect(result.counts).toMatchObject({ restored: 1, linksAdded: 0, failed: 0, skipped: 0 });
    expect(result.results).toMatchObject(
      links.map(({ n }) => ({ n, action: 'link', outcome: 'done', alreadyThere: true })),
    );
    expect(gitIn(company.root, 'log', '-1', '--format=%s', 'recoveries')).toBe('Recovery: 1 restored');
  });
});

describe('what is said of edges', () => {
  it('never counts one as an object: snapshot, diff, plan and apply, in text and JSON', async () => {
    const company = await companyForTest();
    const at = { cwd: company.root, env: company.env };
    const json = async (...args: string[]) => JSON.parse((await runCli([...args, '--json'], at)).stdout);
    await revoke(company, BOARD);
    const [assignment] = await assignedTo(company, PORTAL);
    await company.graph(
      'DELETE',
      `/servicePrincipals/${principal(company, PORTAL)}/appRoleAssignedTo/${assignment?.id}`,
    );
    const ends = { clientId: principal(company, 'Field Inspector'), resourceId: principal(company, PORTAL) };
    await company.graph('POST', '/oauth2PermissionGrants', { ...ends, consentType: 'AllPrincipals', scope: 'x y' });
    const links = { restore: 0, recreate: 0, update: 0, softDelete: 0, link: 2, unlink: 1, blocked: 0, kept: 0 };
    const numbers = '0 to restore, 0 to recreate, 0 to update, 0 to soft-delete; 2 links to add, 1 to remove';

    expect(await json('diff')).toMatchObject({
      summary: links,
      kept: [],
      changes: [{ action: 'links' }, { action: 'links' }],
    });
    expect((await runCli(['diff'], at)).stdout).toContain(`Differences: ${numbers}. 0 blocked, 0 kept.`);
    expect(await json('plan', '--to', 'HEAD', '--allow-delete')).toMatchObject({ summary: links });
    const plan = await runCli(['plan', '--to', 'HEAD', '-o', 'plan.json'], at);
    expect(plan.stdout).toContain(`Plan: ${numbers}. 0 blocked, 0 kept.`);
    expect(plan.stdout).toContain(`+ ${BOARD}: User.Read offline_access openid profile\n`);
    expect(plan.stdout).toContain('− Field Inspector: x y\n');

    const damaged = await json('snapshot');
    expect(damaged.changes).toEqual({
      ...{ added: 0, updated: 0, softDeleted: 0, restored: 0, removed: 0 },
      ...{ linksAdded: 1, linksRemoved: 2 },
    });
    expect(gitIn(company.root, 'log', '-1', '--format=%s')).toBe('Snapshot: 1 link added, 2 links removed');

    const applied = await json('apply', 'plan.json');
    expect(applied.counts).toMatchObject({ softDeleted: 0, linksAdded: 2, linksRemoved: 1, failed: 0, skipped: 0 });
    const healed = await runCli(['snapshot'], at);
    expect(healed.stdout).toContain(': 2 links added, 1 link removed');
  });
});
