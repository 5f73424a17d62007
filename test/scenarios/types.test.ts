/** What is special about applications, service principals and agents, each in one small recovery. */

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { type Company, commitAll, companyForTest } from '../support/company.js';
import { compareTenants } from '../support/raw-reader.mjs';
import { type LoggedRequest, writesIn } from '../support/scene.js';
import { countsOf } from '../support/story.js';

vi.setConfig({ testTimeout: 240_000 });

const PORTAL = 'Launch Portal';
const idOfRole = '6f0d1c1e-5d6a-4f0e-9d5b-0d6c7c0a9b11';

type Part = Readonly<Record<string, unknown>>;

/** Plans, applies, and expects the tenant as it was. The writes it took. */
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

describe('roles and scopes of an application', () => {
  it('that were added are disabled first, because Graph takes no others away', async () => {
    const company = await companyForTest();
    const path = `/applications/${company.id('applications', PORTAL)}`;
    const { appRoles, api } = company.good.applications?.[company.id('applications', PORTAL)] ?? {};
    const role = {
      id: idOfRole,
      allowedMemberTypes: ['Application'],
      description: 'Everything',
      displayName: 'Everything',
      isEnabled: true,
      value: 'Launch.All',
    };
    const scope = {
      id: idOfRole.replace('6f', '7f'),
      adminConsentDescription: 'Everything',
      adminConsentDisplayName: 'Everything',
      isEnabled: true,
      type: 'User',
      value: 'Launches.All',
    };
    const offered = api as { readonly oauth2PermissionScopes: readonly Part[] };
    await company.graph('PATCH', path, {
      appRoles: [...(appRoles as readonly Part[]), role],
      api: { ...offered, oauth2PermissionScopes: [...offered.oauth2PermissionScopes, scope] },
    });
    const [first, second, ...more] = await recover(company, { update: 1 });
    expect(more).toEqual([]);
    const rolesIn = (request: LoggedRequest | undefined) => request?.body?.appRoles as readonly Part[];
    expect(rolesIn(first).find(({ id }) => id === idOfRole)).toMatchObject({ isEnabled: false });
    expect(rolesIn(first).filter(({ isEnabled }) => isEnabled === false)).toHaveLength(1);
    expect(rolesIn(second).map(({ value }) => value)).not.toContain('Launch.All');
  });

  it('that were taken away come back with their ids, and so does who has them', async () => {
    const company = await companyForTest();
    const path = `/applications/${company.id('applications', PORTAL)}`;
    const { appRoles } = company.good.applications?.[company.id('applications', PORTAL)] ?? {};
    const off = (appRoles as readonly Part[]).map((role) => ({ ...role, isEnabled: false }));
    await company.graph('PATCH', path, { appRoles: off });
    await company.graph('PATCH', path, { appRoles: [] });
    const writes = await recover(company, { update: 1 });
    expect(writes).toMatchObject([{ method: 'PATCH', url: `/v1.0${path}` }]);
  });
});

describe('an application that was deleted', () => {
  it('comes back before its service principal, with what both may do and who may use them', async () => {
    const company = await companyForTest();
    await company.graph('DELETE', `/applications/${company.id('applications', PORTAL)}`);
    const plan = await company.run.plan();
    const order = plan.actions.map(({ action, object }) => `${action} ${object.split('/')[0]}`);
    expect(order.slice(0, 2)).toEqual(['restore application', 'restore servicePrincipal']);
    // Four roles that others have of it; its own consent and the one that it gives.
    const writes = await recover(company, { restore: 2, link: 6 });
    expect(writes.slice(0, 2).map(({ url }) => url)).toEqual(
      ['applications', 'servicePrincipals'].map(
        (list) => `/v1.0/directory/deletedItems/${company.id(list, PORTAL)}/restore`,
      ),
    );
  });
});

describe('what a service principal shares with its application', () => {
  it('is one difference and not two, and what is its own stays its own', async () => {
    const company = await companyForTest();
    const [application, principal] = [company.id('applications', PORTAL), company.id('servicePrincipals', PORTAL)];
    await company.graph('PATCH', `/applications/${application}`, {
      identifierUris: ['api://elsewhere'],
      tags: ['imported'],
    });
    await recover(company, { update: 1 });
    const own = ['HideApp', 'WindowsAzureActiveDirectoryIntegratedApp'];
    await company.graph('PATCH', `/servicePrincipals/${principal}`, { tags: own });
    await company.graph('PATCH', `/applications/${application}`, { tags: [] });
    const writes = await recover(company, { update: 2 });
    const tags = writes.find(({ url }) => url.includes('/servicePrincipals/'))?.body?.tags;
    expect(tags).toEqual(['WindowsAzureActiveDirectoryIntegratedApp']);
  });
});

describe('a managed identity', () => {
  it('is shown and left to Azure', async () => {
    const company = await companyForTest();
    const id = company.id('servicePrincipals', 'id-backup-vault');
    const file = join(company.root, 'tenant-state', 'servicePrincipals', id.slice(0, 3), `${id}.yaml`);
    writeFileSync(file, readFileSync(file, 'utf8').replace('notes: null', 'notes: For the vault'));
    commitAll(company, 'A note');
    const plan = await company.run.plan();
    expect(plan.actions).toEqual([]);
    expect(plan.blocked).toMatchObject([
      { object: `servicePrincipal/${id}`, path: 'notes', code: 'KG513', reason: expect.stringMatching(/only Azure/) },
    ]);
  });
});

describe('agents', () => {
  it('are written under their own kind: the user, the identity, the blueprint and its principal', async () => {
    const company = await companyForTest();
    const [user, identity] = [
      company.id('users', 'Launch Assistant'),
      company.id('servicePrincipals', 'Launch Assistant'),
    ];
    const blueprint = company.id('applications', 'Launch Assistant Blueprint');
    const principal = company.id('servicePrincipals', 'Launch Assistant Blueprint');
    const kind = (name: string) => `microsoft.graph.${name}`;
    const paths = [
      `/applications/${blueprint}/${kind('agentIdentityBlueprint')}`,
      `/servicePrincipals/${identity}/${kind('agentIdentity')}`,
      `/servicePrincipals/${principal}/${kind('agentIdentityBlueprintPrincipal')}`,
    ];
    await company.graph('PATCH', `/users/${user}`, { '@odata.type': `#${kind('agentUser')}`, department: 'Rockets' });
    await company.graph('PATCH', paths[0] ?? '', { description: 'Something else' });
    for (const path of paths.slice(1)) await company.graph('PATCH', path, { accountEnabled: false });
    const writes = await recover(company, { update: 4 });
    expect(writes.map(({ method, url }) => `${method} ${url}`).sort()).toEqual(
      [`/users/${user}`, ...paths].map((path) => `PATCH /v1.0${path}`).sort(),
    );
    expect(writes.find(({ url }) => url.includes('/users/'))?.body).toEqual({
      '@odata.type': `#${kind('agentUser')}`,
      department: null,
    });
  });
});

describe('agents that were deleted', () => {
  it('come back, with what they may do', async () => {
    const company = await companyForTest();
    const kind = (name: string) => `microsoft.graph.${name}`;
    const identity = company.id('servicePrincipals', 'Launch Assistant');
    const blueprint = company.id('applications', 'Launch Assistant Blueprint');
    await company.graph('DELETE', `/users/${company.id('users', 'Launch Assistant')}`);
    await company.graph('DELETE', `/servicePrincipals/${identity}/${kind('agentIdentity')}`);
    await company.graph('DELETE', `/applications/${blueprint}/${kind('agentIdentityBlueprint')}`);
    const writes = await recover(company, { restore: 4, link: 2 });
    expect(writes.filter(({ url }) => url.endsWith('/restore'))).toHaveLength(4);
  });
});

describe('a blueprint that was deleted with all that was made from it', () => {
  it('comes back first, then its principal, the identity and the user', async () => {
    const company = await companyForTest();
    const blueprint = company.id('applications', 'Launch Assistant Blueprint');
    await company.graph('DELETE', `/applications/${blueprint}/microsoft.graph.agentIdentityBlueprint`);
    const writes = await recover(company, { restore: 4, link: 2 });
    const restored = writes.flatMap(({ url }) => /deletedItems\/(.*)\/restore$/.exec(url)?.[1] ?? []);
    expect(restored).toEqual([
      blueprint,
      company.id('servicePrincipals', 'Launch Assistant Blueprint'),
      company.id('servicePrincipals', 'Launch Assistant'),
      company.id('users', 'Launch Assistant'),
    ]);
  });
});

describe('a planted credential', () => {
  it('is shown as blocked; no secret is in the state, the plan or the journal', async () => {
    const company = await companyForTest();
    const application = company.id('applications', 'Telemetry Dashboard');
    const principal = company.id('servicePrincipals', 'Telemetry Dashboard');
    const secrets: string[] = [];
    for (const path of [`/applications/${application}`, `/servicePrincipals/${principal}`]) {
      const added = await company.graph('POST', `${path}/addPassword`, { passwordCredential: { displayName: 'sync' } });
      secrets.push(String(added.secretText));
    }
    const key = Buffer.from('a certificate that an attacker holds the key of').toString('base64');
    const keyCredentials = [{ type: 'AsymmetricX509Cert', usage: 'Verify', displayName: 'CN=relay', key }];
    await company.graph('PATCH', `/applications/${application}`, { keyCredentials });
    await company.graph('PATCH', `/applications/${application}`, { notes: 'Nothing to see' });
    const plan = await company.run.plan();
    expect(countsOf(plan)).toEqual({ update: 1, blocked: 3 });
    expect(plan.blocked.map(({ object, path, code }) => `${code} ${object.split('/')[0]} ${path}`)).toEqual([
      'KG503 application keyCredentials',
      'KG503 application passwordCredentials',
      'KG503 servicePrincipal passwordCredentials',
    ]);
    // Which credential it is can be told: its id and its name.
    expect(JSON.stringify(plan.blocked)).toContain('CN=relay');
    expect(JSON.stringify(plan.blocked)).toContain('keyId');
    const result = await company.run.apply(plan);
    await company.run.snapshot();
    const journal = join(company.root, '.knowngood', 'journal');
    const texts = [
      JSON.stringify([plan, result]),
      ...readdirSync(journal).map((file) => readFileSync(join(journal, file), 'utf8')),
      company.git('log', '--all', '-p', '--format=%B'),
    ];
    expect(secrets.every((secret) => secret.length > 16)).toBe(true);
    for (const secret of [...secrets, key]) for (const text of texts) expect(text).not.toContain(secret);
  });
});
