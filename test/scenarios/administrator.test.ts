/**
 * A caller without a directory role may not disable, enable or rename users who have one. What else was done to them is
 * undone all the same, and what could not be is named.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { ApplyResult } from '../../src/model/documents.js';
import type { Plan } from '../../src/model/plan.js';
import { runCli } from '../cli/run-cli.js';
import { type Company, companyForTest } from '../support/company.js';
import { compareTenants, type TenantDump } from '../support/raw-reader.mjs';
import { writesIn } from '../support/scene.js';

vi.setConfig({ testTimeout: 240_000 });

const DAMAGE = { accountEnabled: false, department: 'Imported', jobTitle: 'Unknown' };

/** Users without and with a directory role of their own or of a group. */
function peopleOf(good: TenantDump) {
  const holders = new Set(Object.values(good.roleAssignments ?? {}).map(({ principalId }) => String(principalId)));
  const groups = Object.values(good.groups ?? {}).filter(({ id }) => holders.has(String(id)));
  const members = new Set(groups.flatMap((group) => group.members as string[]));
  const people = Object.values(good.users ?? {}).filter(
    (user) => user.accountEnabled === true && user.userType === 'Member' && user.onPremisesSyncEnabled !== true,
  );
  const isAdministrator = (id: string) => holders.has(id) || members.has(id);
  const ids = people.filter(({ '@odata.type': kind }) => kind === undefined).map(({ id }) => String(id));
  return {
    plain: ids.filter((id) => !isAdministrator(id)).slice(0, 4),
    own: ids.filter((id) => holders.has(id)).slice(0, 1),
    byGroup: ids.filter((id) => members.has(id) && !holders.has(id)).slice(0, 1),
  };
}

/** Two administrators, one of whom is so by a group only, and four others, all damaged in the same way. */
async function damaged() {
  const company: Company = await companyForTest();
  const member = `https://graph.microsoft.com/v1.0/directoryObjects/${company.id('users', 'Jürgen Uhlig')}`;
  const group = company.id('groups', 'Tier 0 administrators');
  await company.graph('POST', `/groups/${group}/members/$ref`, { '@odata.id': member });
  await company.run.snapshot();
  const good = await company.dump();
  const { plain, own, byGroup } = peopleOf(good);
  const administrators = [...own, ...byGroup];
  expect([plain.length, administrators.length]).toEqual([4, 2]);
  for (const id of [...plain, ...administrators]) await company.graph('PATCH', `/users/${id}`, DAMAGE);
  return { company, good, plain, administrators };
}

describe('an administrator whose account may not be enabled', () => {
  it('gets everything else back, is named, and holds nobody up', async () => {
    const { company, good, plain, administrators } = await damaged();
    const at = { cwd: company.root, env: { ...company.env, KNOWNGOOD_TOKEN: 'operator' } };
    const names = administrators.map((id) => String(good.users?.[id]?.userPrincipalName));
    expect((await runCli(['plan', '--to', 'HEAD', '-o', 'plan.json'], at)).code).toBe(0);
    company.requests();
    const apply = await runCli(['apply', 'plan.json'], at);
    expect(apply.code).toBe(3);
    expect(apply.stdout).toMatch(/^Apply incomplete\. 0 restored, 0 recreated, 6 updated, 0 soft-deleted;/m);
    for (const name of names) expect(apply.stdout).toContain(name);
    expect(apply.stdout).toContain('accountEnabled');
    expect(apply.stdout).toContain('Insufficient privileges');
    // One request for each, and for an administrator one more for each property.
    const writes = writesIn(company.requests());
    expect(writes.filter(({ status }) => status === 403)).toHaveLength(administrators.length * 2);
    expect(writes).toHaveLength(plain.length + administrators.length * 4);

    expect(compareTenants(good, await company.dump())).toEqual(
      administrators
        .map((id) => `users/${id} (${good.users?.[id]?.displayName}) accountEnabled: was true, is false`)
        .sort(),
    );
    await runCli(['plan', '--to', 'HEAD', '-o', 'left.json'], at);
    const left = JSON.parse(readFileSync(join(company.root, 'left.json'), 'utf8')) as Plan;
    expect(left.actions.map((action) => [action.object, 'set' in action ? action.set : []])).toEqual(
      administrators.map((id) => [`user/${id}`, [{ path: 'accountEnabled', live: false, desired: true }]]).sort(),
    );
  });

  it('is named with the reason in JSON, and in what is recorded', async () => {
    const { company, administrators } = await damaged();
    const at = { cwd: company.root, env: { ...company.env, KNOWNGOOD_TOKEN: 'operator' } };
    await runCli(['plan', '--to', 'HEAD', '-o', 'plan.json'], at);
    const applied = await runCli(['apply', 'plan.json', '--json'], at);
    expect(applied.code).toBe(3);
    const result = JSON.parse(applied.stdout) as ApplyResult;
    expect(result).toMatchObject({ status: 'incomplete', counts: { updated: 6, failed: 0, skipped: 0 } });
    const refused = [{ path: 'accountEnabled', reason: expect.stringMatching(/403.*Insufficient privileges/) }];
    expect(result.results.map(({ object, refused: paths }) => ({ object, paths }))).toEqual(
      administrators
        .map((id) => ({ object: `user/${id}`, paths: refused }))
        .sort((a, b) => (a.object < b.object ? -1 : 1)),
    );
    const { plan } = result;
    expect(JSON.parse(company.git('show', `recoveries:recoveries/${plan}/result.json`))).toMatchObject({
      status: 'incomplete',
      results: result.results,
    });
    expect(result.verification?.remaining).toEqual([]);
  });

  it('is recovered completely by somebody who may', async () => {
    const { company, good } = await damaged();
    const at = { cwd: company.root, env: { ...company.env, KNOWNGOOD_TOKEN: 'operator' } };
    await runCli(['plan', '--to', 'HEAD', '-o', 'plan.json'], at);
    await runCli(['apply', 'plan.json'], at);
    const result = await company.run.apply(await company.run.plan());
    expect(result).toMatchObject({ status: 'complete', counts: { updated: 2 } });
    expect(compareTenants(good, await company.dump())).toEqual([]);
  });
});

describe('an administrator who was deleted', () => {
  it('cannot be brought back by this caller; everybody else comes back', async () => {
    const company = await companyForTest();
    const { plain, own } = peopleOf(company.good);
    const [administrator = ''] = own;
    for (const id of [...plain, administrator]) await company.graph('DELETE', `/users/${id}`);
    const at = { cwd: company.root, env: { ...company.env, KNOWNGOOD_TOKEN: 'operator' } };
    await runCli(['plan', '--to', 'HEAD', '-o', 'plan.json'], at);
    const apply = await runCli(['apply', 'plan.json'], at);
    expect(apply.code).toBe(3);
    expect(apply.stdout).toMatch(/^Apply incomplete\. 4 restored, .* 1 failed, 0 skipped\.$/m);
    expect(apply.stdout).toContain(String(company.good.users?.[administrator]?.userPrincipalName));
    expect(apply.stdout).toContain('Insufficient privileges');
    const { users } = await company.dump();
    expect(Object.keys(company.good.users ?? {}).filter((id) => !(id in (users ?? {})))).toEqual([administrator]);
  });
});
