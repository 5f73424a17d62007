/** A tiny tenant, a sandbox that serves it, and a client that speaks plain HTTP. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type RunningSandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/lifecycle.js';
import { writeSeed } from '../../src/sandbox/persistence.js';
import type { SeedObject, TenantSeed } from '../../src/sandbox/seed.js';

export type Json = Record<string, unknown>;

export const tenantId = '11111111-1111-4111-8111-111111111111';
/** A readable id: `id('a', 1)` is `a0000000-0000-4000-8000-000000000001`. */
export const id = (kind: string, n: number): string => `${kind}0000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

export const ids = {
  ada: id('a', 1),
  bob: id('a', 2),
  synced: id('a', 3),
  binned: id('a', 9),
  security: id('b', 1),
  unified: id('b', 2),
  dynamic: id('b', 3),
  syncedGroup: id('b', 4),
  distribution: id('b', 5),
  mfaPolicy: id('c', 1),
  binnedPolicy: id('c', 9),
  office: id('d', 1),
  countries: id('d', 2),
  binnedOffice: id('d', 9),
};

export function user(userId: string, name: string, more: Json = {}): SeedObject {
  return {
    collection: 'users',
    object: {
      id: userId,
      accountEnabled: true,
      displayName: name,
      mailNickname: name,
      userPrincipalName: `${name}@contoso.com`,
      userType: 'Member',
      createdDateTime: '2026-01-01T00:00:00Z',
      identities: [{ signInType: 'userPrincipalName', issuer: 'contoso.com', issuerAssignedId: `${name}@contoso.com` }],
      ...more,
    },
  };
}

export function group(groupId: string, name: string, more: Json = {}, members: readonly string[] = []): SeedObject {
  return {
    collection: 'groups',
    object: {
      id: groupId,
      displayName: name,
      mailNickname: name,
      groupTypes: [],
      mailEnabled: false,
      securityEnabled: true,
      ...more,
    },
    members,
  };
}

const conditions = (locations: Json | null): Json => ({
  clientAppTypes: ['all'],
  applications: { includeApplications: ['All'] },
  users: { includeUsers: ['All'], excludeGroups: [ids.security] },
  platforms: { includePlatforms: ['android', 'linux'] },
  ...(locations ? { locations } : {}),
});

export const officeLocation: Json = {
  '@odata.type': '#microsoft.graph.ipNamedLocation',
  displayName: 'Office',
  isTrusted: true,
  ipRanges: [{ '@odata.type': '#microsoft.graph.iPv4CidrRange', cidrAddress: '203.0.113.0/24' }],
};

export const seed: TenantSeed = {
  tenantId,
  displayName: 'Contoso',
  verifiedDomains: ['contoso.com', 'fabrikam.com'],
  objects: [
    user(ids.ada, 'ada', {
      mail: 'ada@contoso.com',
      proxyAddresses: ['SMTP:ada@contoso.com'],
      department: 'Finance',
      usageLocation: 'DE',
      employeeOrgData: { division: 'EU', costCenter: '7' },
      onPremisesExtensionAttributes: { extensionAttribute1: 'one', extensionAttribute2: 'two' },
    }),
    user(ids.bob, 'bob', { department: 'Sales', accountEnabled: false }),
    user(ids.synced, 'synced', { onPremisesSyncEnabled: true, department: 'Sales' }),
    { ...user(ids.binned, 'binned'), deletedDateTime: '2026-11-01T00:00:00Z' },
    group(ids.security, 'security', {}, [ids.ada, ids.binned]),
    group(
      ids.unified,
      'unified',
      {
        groupTypes: ['Unified'],
        mailEnabled: true,
        securityEnabled: false,
        mail: 'unified@contoso.com',
        visibility: 'Private',
      },
      [ids.bob],
    ),
    group(
      ids.dynamic,
      'dynamic',
      {
        groupTypes: ['DynamicMembership'],
        membershipRule: 'user.department -eq "Sales"',
        membershipRuleProcessingState: 'On',
      },
      [ids.bob],
    ),
    group(ids.syncedGroup, 'syncedGroup', { onPremisesSyncEnabled: true }),
    group(ids.distribution, 'distribution', { mailEnabled: true, securityEnabled: false }),
    {
      collection: 'policies',
      object: {
        id: ids.mfaPolicy,
        displayName: 'MFA',
        state: 'enabled',
        conditions: conditions({ includeLocations: ['All'], excludeLocations: [ids.office] }),
        grantControls: {
          operator: 'OR',
          builtInControls: [],
          authenticationStrength: { id: '00000000-0000-0000-0000-000000000004' },
        },
        createdDateTime: '2026-01-01T00:00:00Z',
      },
    },
    {
      collection: 'policies',
      object: {
        id: ids.binnedPolicy,
        displayName: 'Old',
        state: 'enabled',
        conditions: conditions(null),
        grantControls: { operator: 'OR', builtInControls: ['block'] },
      },
      deletedDateTime: '2026-11-01T00:00:00Z',
    },
    { collection: 'namedLocations', object: { ...officeLocation, id: ids.office } },
    {
      collection: 'namedLocations',
      object: {
        id: ids.countries,
        '@odata.type': '#microsoft.graph.countryNamedLocation',
        displayName: 'EU',
        countriesAndRegions: ['DE', 'FR'],
        includeUnknownCountriesAndRegions: false,
        countryLookupMethod: 'clientIpAddress',
      },
    },
    {
      collection: 'namedLocations',
      object: { ...officeLocation, id: ids.binnedOffice, displayName: 'Old office' },
      deletedDateTime: '2026-11-01T00:00:00Z',
    },
  ],
};

export const startTime = '2026-11-20T12:00:00.000Z';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed body, or its text when it is no JSON, or undefined. */
  readonly body: Json;
  readonly text: string;
}

export interface TestSandbox extends RunningSandbox {
  readonly dataDir: string;
  /** Moves the clock. */
  advance(milliseconds: number): void;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  /** All items of a list, page by page. */
  all(path: string, headers?: Record<string, string>): Promise<Json[]>;
  requests(): Json[];
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'knowngood-sandbox-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Pseudo-random numbers that are the same in every run. */
export function countingRandom(): () => number {
  let state = 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

/** A data folder that holds the given tenant and is not served. */
export function seededFolder(tenant: TenantSeed = seed): string {
  const dataDir = join(temporaryFolder(), 'data');
  writeSeed(dataDir, { createdAt: startTime, from: tenant });
  return dataDir;
}

export async function start(tenant: TenantSeed = seed, more: Partial<SandboxOptions> = {}): Promise<TestSandbox> {
  const dataDir = more.dataDir ?? seededFolder(tenant);
  let now = Date.parse(startTime);
  const running = await startSandbox({ clock: () => new Date(now), random: countingRandom(), ...more, dataDir });
  onTestFinished(() => running.close());
  const client = clientOf(running.url);
  return {
    ...running,
    ...client,
    dataDir,
    advance: (milliseconds) => {
      now += milliseconds;
    },
    requests: () =>
      readFileSync(join(dataDir, 'requests.jsonl'), 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Json),
  };
}

/** A client that sends a bearer token unless the headers say otherwise. */
export function clientOf(url: string) {
  const call = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const response = await fetch(
      path.startsWith('http') ? path : `${url}${path.startsWith('/beta') ? path : `/v1.0${path}`}`,
      {
        method,
        headers: {
          Authorization: 'Bearer any',
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      },
    );
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') === true;
    return { status: response.status, headers: response.headers, body: json ? (JSON.parse(text) as Json) : {}, text };
  };
  const get = (path: string, headers?: Record<string, string>) => call('GET', path, undefined, headers);
  return {
    call,
    get,
    async all(path: string, headers?: Record<string, string>): Promise<Json[]> {
      const items: Json[] = [];
      for (let next: unknown = path; typeof next === 'string'; ) {
        const { body } = await get(next, headers);
        items.push(...(body.value as Json[]));
        next = body['@odata.nextLink'];
      }
      return items;
    },
  };
}

/** The error of an answer: `[status, code, message]`. */
export function errorOf(answer: Answer): [number, string, string] {
  const { code, message } = answer.body.error as { code: string; message: string };
  return [answer.status, code, message];
}

export const ref = (objectId: string): string => `https://graph.microsoft.com/v1.0/directoryObjects/${objectId}`;
export const eventual = { ConsistencyLevel: 'eventual' };
export const idsOf = (items: unknown): string[] => (items as Json[]).map((item) => String(item.id)).sort();
