import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runIncident } from '../../src/sandbox/incidents.js';
import { startSandbox } from '../../src/sandbox/index.js';

type Item = Readonly<Record<string, unknown>>;
type Dump = Readonly<Record<string, ReadonlyMap<string, Item>>>;

const TOKEN = 'test';
const USERS = 120;
const BINS = '/directory/deletedItems/microsoft.graph';
const ACCESS = '/identity/conditionalAccess';
const LISTS = {
  users: '/users?$select=id,accountEnabled,department,displayName,jobTitle,onPremisesSyncEnabled,userPrincipalName',
  groups: '/groups',
  applications: '/applications',
  servicePrincipals: '/servicePrincipals',
  grants: '/oauth2PermissionGrants',
  policies: `${ACCESS}/policies`,
  locations: `${ACCESS}/namedLocations`,
  deletedUsers: `${BINS}.user?$select=id,accountEnabled,userPrincipalName`,
  deletedGroups: `${BINS}.group`,
  deletedApplications: `${BINS}.application`,
  deletedPrincipals: `${BINS}.servicePrincipal`,
  deletedPolicies: `${ACCESS}/deletedItems/policies`,
  deletedLocations: `${ACCESS}/deletedItems/namedLocations`,
};

const part = (value: unknown) => value as Item;
const texts = (value: unknown) => value as readonly string[];

let dataDir: string;
let sandbox: Awaited<ReturnType<typeof startSandbox>>;
let before: Dump;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'knowngood-incident-'));
  sandbox = await startSandbox({ dataDir, users: USERS });
  before = await dump();
});

afterEach(async () => {
  await sandbox.close();
  await rm(dataDir, { recursive: true, force: true });
});

async function get(path: string): Promise<Item> {
  const url = path.startsWith('http') ? path : `${sandbox.url}/v1.0${path}`;
  const response = await fetch(url, { headers: { authorization: `Bearer ${TOKEN}` } });
  expect(response.status, path).toBe(200);
  return (await response.json()) as Item;
}

async function list(path: string): Promise<Item[]> {
  const items: Item[] = [];
  for (let next: unknown = path; typeof next === 'string'; ) {
    const page = await get(next);
    items.push(...(page.value as Item[]));
    next = page['@odata.nextLink'];
  }
  return items;
}

async function dump(): Promise<Dump> {
  const entries = Object.entries(LISTS).map(async ([name, path]) => {
    const items = await list(path);
    return [name, new Map(items.map((item) => [String(item.id), item]))] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

async function damage(name: string): Promise<{ summary: string[]; after: Dump }> {
  const { summary } = await runIncident(name, { url: sandbox.url, token: TOKEN });
  return { summary, after: await dump() };
}

const valuesOf = (tenant: Dump, name: string) => [...(tenant[name]?.values() ?? [])];
const gone = (after: Dump, name: string) => valuesOf(before, name).filter(({ id }) => !after[name]?.has(String(id)));
const added = (after: Dump, name: string) => valuesOf(after, name).filter(({ id }) => !before[name]?.has(String(id)));
const changed = (after: Dump, name: string) =>
  valuesOf(after, name).filter((item) => {
    const was = before[name]?.get(String(item.id));
    return was !== undefined && JSON.stringify(was) !== JSON.stringify(item);
  });

describe('rogue-consent', () => {
  it('registers an application with consent for everybody and roles on Microsoft Graph', async () => {
    const { summary, after } = await damage('rogue-consent');
    expect(summary).toHaveLength(8);
    const [application, ...others] = added(after, 'applications');
    const [principal] = added(after, 'servicePrincipals');
    expect(others).toEqual([]);
    expect(application?.passwordCredentials).toHaveLength(1);
    expect(principal).toMatchObject({ appId: application?.appId, displayName: 'Mail Sync Pro' });
    const [grant] = added(after, 'grants');
    expect(grant).toMatchObject({ clientId: principal?.id, consentType: 'AllPrincipals' });
    expect(String(grant?.scope).split(' ')).toEqual(expect.arrayContaining(['Mail.ReadWrite', 'offline_access']));
    const roles = await list(`/servicePrincipals/${principal?.id}/appRoleAssignments`);
    expect(roles.map(({ resourceDisplayName }) => resourceDisplayName)).toEqual(Array(3).fill('Microsoft Graph'));
  });

  it('hides an account among the administrators', async () => {
    const { after } = await damage('rogue-consent');
    const [account, ...others] = added(after, 'users');
    expect(others).toEqual([]);
    expect(account).toMatchObject({ userPrincipalName: 'svc-mailrelay@acme.example' });
    const groups = await list(`/users/${account?.id}/memberOf`);
    expect(groups.map(({ displayName }) => displayName)).toEqual(['Tier 0 administrators']);
  });

  it('changes one consent, one application and the consent setting, and nothing else', async () => {
    const { after } = await damage('rogue-consent');
    const [grant, ...otherGrants] = changed(after, 'grants');
    const [application, ...otherApplications] = changed(after, 'applications');
    expect([otherGrants, otherApplications]).toEqual([[], []]);
    expect(String(grant?.scope)).toContain('Directory.AccessAsUser.All');
    expect(texts(part(application?.web).redirectUris)).toContain('https://mail-sync-pro.example/relay');
    for (const name of ['users', 'groups', 'policies', 'locations', 'deletedUsers'])
      expect(changed(after, name)).toEqual([]);
    const { defaultUserRolePermissions } = await get('/policies/authorizationPolicy');
    expect(part(defaultUserRolePermissions)).toMatchObject({
      permissionGrantPoliciesAssigned: ['ManagePermissionGrantsForSelf.microsoft-user-default-legacy'],
      allowedToCreateApps: false,
    });
  });

  it('can happen twice', async () => {
    await damage('rogue-consent');
    const { summary } = await damage('rogue-consent');
    expect(summary).toContain('account created: svc-mailrelay2@acme.example');
  });
});

describe('attribute-corruption', () => {
  it('overwrites departments of half of the users and names of some', async () => {
    const { after, summary } = await damage('attribute-corruption');
    const users = changed(after, 'users');
    const moved = users.filter((user) => user.department === 'Imported');
    const nameOf = (user: Item) => user.userPrincipalName;
    const renamed = users.filter((user) => nameOf(user) !== nameOf(before.users?.get(String(user.id)) ?? {}));
    expect(moved.length).toBeGreaterThan(USERS * 0.3);
    expect(moved.length).toBeLessThan(USERS * 0.7);
    expect(renamed.length).toBeGreaterThanOrEqual(1);
    expect(renamed.length).toBeLessThan(USERS * 0.12);
    for (const user of users) {
      expect(user.onPremisesSyncEnabled).not.toBe(true);
      expect(user.displayName).not.toMatch(/^Emergency|Launch Assistant/);
    }
    const names = valuesOf(after, 'users').map((user) => String(nameOf(user)).toLowerCase());
    expect(new Set(names).size).toBe(names.length);
    expect(summary[0]).toBe(`department and job title overwritten: ${moved.length} of ${USERS} users`);
  });

  it('overwrites the addresses of about half of the applications, and nothing else of the tenant', async () => {
    const { after } = await damage('attribute-corruption');
    const applications = changed(after, 'applications');
    const total = before.applications?.size ?? 0;
    expect(applications.length).toBeGreaterThanOrEqual(2);
    expect(applications.length).toBeLessThan(total);
    for (const application of applications) {
      const was = before.applications?.get(String(application.id)) ?? {};
      expect(application.tags).toEqual(['imported']);
      expect(part(application.info).supportUrl).toBe('https://migration.example/help');
      for (const platform of ['web', 'spa', 'publicClient']) {
        const [uris, old] = [application, was].map((each) => texts(part(each[platform]).redirectUris));
        expect(uris?.length).toBe(old?.length);
        for (const uri of uris ?? []) expect(old).not.toContain(uri);
      }
    }
    expect(applications.some((application) => texts(part(application.web).redirectUris).length > 0)).toBe(true);
    for (const name of ['groups', 'policies', 'locations', 'grants']) expect(changed(after, name)).toEqual([]);
  });
});

describe('unwanted-restore', () => {
  it('empties every recycle bin into the tenant, and enables what came back', async () => {
    const { after, summary } = await damage('unwanted-restore');
    expect(summary).toHaveLength(6);
    for (const [bin, name] of [
      ['deletedUsers', 'users'],
      ['deletedGroups', 'groups'],
      ['deletedApplications', 'applications'],
      ['deletedPrincipals', 'servicePrincipals'],
      ['deletedPolicies', 'policies'],
      ['deletedLocations', 'locations'],
    ] as const) {
      expect(after[bin]?.size, bin).toBe(0);
      const ids = added(after, name).map(({ id }) => id);
      expect(ids.sort()).toEqual([...(before[bin]?.keys() ?? [])].sort());
      for (const item of added(after, name)) {
        if ('accountEnabled' in item) expect(item.accountEnabled).toBe(true);
        if ('state' in item) expect(item.state).toBe('enabled');
      }
    }
  });

  it('finds nothing to do the second time', async () => {
    await damage('unwanted-restore');
    const { summary } = await damage('unwanted-restore');
    expect(summary).toEqual(['the recycle bin was empty']);
  });
});

describe('hard-delete', () => {
  it('leaves nothing of what it deletes, and does not touch what was in the recycle bin', async () => {
    const { after } = await damage('hard-delete');
    for (const [name, least, most] of [
      ['users', 1, USERS / 12],
      ['groups', 2, 8],
      ['applications', 1, 1],
      ['servicePrincipals', 1, 1],
      ['policies', 1, 1],
      ['locations', 1, 1],
    ] as const) {
      const deleted = gone(after, name);
      expect(deleted.length, name).toBeGreaterThanOrEqual(least);
      expect(deleted.length, name).toBeLessThanOrEqual(most);
      expect(added(after, name)).toEqual([]);
    }
    for (const bin of Object.keys(LISTS).filter((name) => name.startsWith('deleted')))
      expect([...(after[bin]?.keys() ?? [])], bin).toEqual([...(before[bin]?.keys() ?? [])]);
    const names = gone(after, 'users').map((user) => String(user.displayName));
    for (const name of names) expect(name).not.toMatch(/^Emergency|Launch Assistant/);
  });

  it('disables some other users', async () => {
    const { after, summary } = await damage('hard-delete');
    const disabled = changed(after, 'users');
    expect(disabled.length).toBeGreaterThanOrEqual(1);
    for (const user of disabled) expect(user.accountEnabled).toBe(false);
    expect(summary).toContain(`${disabled.length} users disabled`);
  });
});
