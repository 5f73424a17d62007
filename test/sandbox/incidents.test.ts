import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { incidents, runIncident } from '../../src/sandbox/incidents.js';
import { startSandbox } from '../../src/sandbox/index.js';
import { compareTenants, readTenant, type TenantDump } from '../support/raw-reader.mjs';

const TOKEN = 'test';
const USERS = 60;

describe('the list of incidents', () => {
  it('names each with a description', () => {
    expect(incidents.map((incident) => incident.name)).toEqual([
      'mass-disable',
      'mass-delete',
      'membership-purge',
      'ca-tampered',
      'rogue-consent',
      'attribute-corruption',
      'unwanted-restore',
      'hard-delete',
    ]);
    for (const incident of incidents) expect(incident.description).toMatch(/^[A-Z].{20,}/);
  });
});

describe('an incident over HTTP', () => {
  const sandbox = { 'x-knowngood-sandbox': 'b2f0c0de-0000-4000-8000-000000000000' };
  const answerWith = (answer: (method: string, path: string, body: string) => Response) => {
    const seen: string[] = [];
    const fake: typeof fetch = async (input, init) => {
      const { pathname } = new URL(String(input));
      seen.push(`${init?.method} ${pathname}`);
      return answer(init?.method ?? 'GET', pathname, String(init?.body ?? ''));
    };
    return { seen, connection: { url: 'http://tenant.example/', token: TOKEN, fetch: fake } };
  };
  const person = { id: '00000001-0000-4000-8000-000000000000', accountEnabled: true, userType: 'Member' };

  it('is refused when nobody knows it, with the names of the others', async () => {
    const { connection, seen } = answerWith(() => Response.json({}, { headers: sandbox }));
    await expect(runIncident('mass-dsable', connection)).rejects.toThrow(
      `unknown incident: mass-dsable (there are ${incidents.map((incident) => incident.name).join(', ')})`,
    );
    expect(seen).toEqual([]);
  });

  it.each(incidents.map((incident) => incident.name))('%s never touches a real tenant', async (name) => {
    const { connection, seen } = answerWith(() => Response.json({ value: [] }));
    await expect(runIncident(name, connection)).rejects.toThrow('not a sandbox');
    expect(seen).toEqual(['GET /v1.0/organization']);
  });

  it('fails with the status and the code of Graph', async () => {
    const error = { error: { code: 'Authorization_RequestDenied', message: 'Insufficient privileges.' } };
    const { connection } = answerWith((_, path) =>
      path === '/v1.0/organization'
        ? Response.json({}, { headers: sandbox })
        : Response.json(error, { status: 403, headers: sandbox }),
    );
    await expect(runIncident('mass-disable', connection)).rejects.toThrow(
      /GET .*\/users.* failed with status 403 \(Authorization_RequestDenied: Insufficient privileges\.\)/,
    );
  });

  it('fails when one request of a batch fails', async () => {
    const body = { error: { code: 'Request_ResourceNotFound', message: 'Not found.' } };
    const { connection } = answerWith((method) =>
      method === 'POST'
        ? Response.json({ responses: [{ id: '0', status: 404, body }] })
        : Response.json({ value: [person] }, { headers: sandbox }),
    );
    await expect(runIncident('mass-disable', connection)).rejects.toThrow(
      `PATCH /users/${person.id} failed with status 404 (Request_ResourceNotFound: Not found.)`,
    );
  });

  it('sends what was throttled again', async () => {
    let batches = 0;
    const { connection } = answerWith((method) => {
      if (method !== 'POST') return Response.json({ value: [person] }, { headers: sandbox });
      batches += 1;
      const throttled = { id: '0', status: 429, headers: { 'Retry-After': '0' }, body: {} };
      return Response.json({ responses: [batches === 1 ? throttled : { id: '0', status: 204 }] });
    });
    const { summary, requests } = await runIncident('mass-disable', connection);
    expect(summary).toEqual(['1 of 1 enabled users disabled']);
    expect([batches, requests]).toEqual([2, 4]);
  });

  it('comes to its end on a tenant with limits, and with a service that is away now and then', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'knowngood-incident-'));
    const away = { effect: 'status', status: 503, skip: 2, times: 3 } as const;
    const behaviour = { throttle: true, speed: 100, faults: [away] };
    const slow = await startSandbox({ dataDir, users: 20, random: countUp(), behaviour });
    try {
      const { requests } = await runIncident('ca-tampered', { url: slow.url, token: TOKEN });
      const log = (await readFile(join(dataDir, 'requests.jsonl'), 'utf8')).split('\n').filter((line) => line !== '');
      const statuses = log.map((line) => (JSON.parse(line) as { status: number }).status);
      // How many are refused by the limits is a matter of speed; none of them may be the last word.
      expect(statuses.filter((status) => status === 503)).toHaveLength(3);
      expect(statuses.filter((status) => status >= 400 && status !== 429 && status !== 503)).toEqual([]);
      expect(requests).toBe(log.length);
    } finally {
      await slow.close();
      await rm(dataDir, { recursive: true, force: true });
    }
  });

  it('does not follow a page to another server', async () => {
    const page = { value: [], '@odata.nextLink': 'http://elsewhere.example/v1.0/users' };
    const { connection } = answerWith(() => Response.json(page, { headers: sandbox }));
    await expect(runIncident('mass-disable', connection)).rejects.toThrow('another server');
  });
});

describe('on a sandbox tenant', () => {
  let dataDir: string;
  let sandbox: Awaited<ReturnType<typeof startSandbox>>;
  let before: TenantDump;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'knowngood-incident-'));
    sandbox = await startSandbox({ dataDir, users: USERS, random: countUp() });
    before = await readTenant(sandbox.url, TOKEN);
  });

  afterEach(async () => {
    await sandbox.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  /** Runs an incident, and says what differs afterwards. */
  async function damage(name: string): Promise<{ summary: string[]; after: TenantDump; differences: string[] }> {
    const progress: [number, number][] = [];
    const onProgress = (done: number, total: number) => progress.push([done, total]);
    const { summary, requests } = await runIncident(name, { url: sandbox.url, token: TOKEN, onProgress });
    for (const [done, total] of progress) expect(done).toBeLessThanOrEqual(total);
    expect(requests).toBeGreaterThan(0);
    const after = await readTenant(sandbox.url, TOKEN);
    return { summary, after, differences: compareTenants(before, after) };
  }

  it('mass-disable disables nearly all users, and does nothing else', async () => {
    const { summary, after, differences } = await damage('mass-disable');
    for (const difference of differences) {
      expect(difference).toMatch(/^users\/\S+ \(.*\) accountEnabled: was true, is false$/);
    }
    const spared = usersOf(after).filter(
      (user) => user.accountEnabled && user.userType === 'Member' && user.onPremisesSyncEnabled !== true,
    );
    expect(spared.map((user) => user.mailNickname).sort()).toEqual(['emergency1', 'emergency2', 'launch-assistant']);
    expect(differences.length).toBeGreaterThan(USERS * 0.75);
    expect(summary[0]).toMatch(new RegExp(`^${differences.length} of \\d+ enabled users disabled$`));
  });

  it('mass-delete deletes a third, all of which is in the recycle bin', async () => {
    const { after } = await damage('mass-delete');
    for (const [active, bin] of [
      ['users', 'deletedUsers'],
      ['groups', 'deletedGroups'],
      ['policies', 'deletedPolicies'],
      ['namedLocations', 'deletedNamedLocations'],
    ] as const) {
      const gone = Object.keys(before[active] ?? {}).filter((id) => !(id in (after[active] ?? {})));
      expect(gone.length, active).toBeGreaterThan(0);
      for (const id of gone) expect(after[bin], active).toHaveProperty(id);
      if (active === 'users') expect(gone.length).toBeGreaterThanOrEqual(3);
    }
    const left = usersOf(after).map((user) => user.mailNickname);
    expect(left).toEqual(expect.arrayContaining(['emergency1', 'emergency2']));
  });

  it('mass-delete can be undone from the recycle bin', async () => {
    const { after } = await damage('mass-delete');
    const restore = async (collection: string, root: string) => {
      const added = Object.keys(after[collection] ?? {}).filter((id) => !(id in (before[collection] ?? {})));
      for (const id of added) {
        const url = `${sandbox.url}/v1.0/${root}/${id}/restore`;
        const response = await fetch(url, { method: 'POST', headers: { authorization: `Bearer ${TOKEN}` } });
        expect(response.status).toBe(200);
      }
    };
    await restore('deletedUsers', 'directory/deletedItems');
    await restore('deletedGroups', 'directory/deletedItems');
    await restore('deletedNamedLocations', 'identity/conditionalAccess/deletedItems/namedLocations');
    await restore('deletedPolicies', 'identity/conditionalAccess/deletedItems/policies');
    expect(compareTenants(before, await readTenant(sandbox.url, TOKEN))).toEqual([]);
  });

  it('membership-purge empties the largest group and others, and does nothing else', async () => {
    const { after, differences } = await damage('membership-purge');
    for (const difference of differences) expect(difference).toMatch(/^groups\/\S+ \(.*\) members: lost "/);
    const sizes = (dump: TenantDump) =>
      new Map(Object.values(dump.groups ?? {}).map((group) => [group.displayName, (group.members as string[]).length]));
    expect(sizes(before).get('All Company')).toBe(USERS);
    expect(sizes(after).get('All Company')).toBe(0);
    expect(sizes(after).get('Finance Approvals')).toBe(sizes(before).get('Finance Approvals'));
    expect(differences.length).toBeGreaterThan(USERS);
  });

  it('ca-tampered changes five policies or so and two named locations, and does nothing else', async () => {
    const { summary, differences } = await damage('ca-tampered');
    expect(summary).toHaveLength(6);
    expect(differences.map((difference) => difference.replace(/^\S+ \((.*?)\) /, '$1: '))).toEqual(
      expect.arrayContaining([
        'CA003 – Administrators need a compliant device: grantControls operator: was "AND", is "OR"',
        'CA001 – Require MFA for all users: grantControls builtInControls: lost "mfa"',
        'CA001 – Require MFA for all users: grantControls builtInControls: gained "compliantDevice"',
        expect.stringMatching(/^CA002 – .*: conditions users excludeUsers: gained "/),
        expect.stringMatching(/^CA002 – .*: conditions users excludeGroups: gained "/),
        'CA005 – Block device code flow: state: was "enabled", is "disabled"',
        'Berlin HQ: ipRanges: gained {"@odata.type":"#microsoft.graph.iPv4CidrRange","cidrAddress":"0.0.0.0/1"}',
        'Countries where we work: countriesAndRegions: gained "AQ"',
      ]),
    );
    expect(differences).toHaveLength(8);
  });

  it.each(incidents.map((incident) => incident.name))('%s does the same to the same tenant', async (name) => {
    const { differences, summary } = await damage(name);
    const otherDir = await mkdtemp(join(tmpdir(), 'knowngood-incident-'));
    const other = await startSandbox({ dataDir: otherDir, users: USERS, random: countUp() });
    try {
      const otherBefore = await readTenant(other.url, TOKEN);
      const again = await runIncident(name, { url: other.url, token: TOKEN });
      expect(again.summary).toEqual(summary);
      expect(compareTenants(otherBefore, await readTenant(other.url, TOKEN))).toEqual(differences);
    } finally {
      await other.close();
      await rm(otherDir, { recursive: true, force: true });
    }
  });
});

describe('on tenants that are unusual', () => {
  it.each([1, 2, 5])('every incident works on %i users, one after another', async (users) => {
    const dataDir = await mkdtemp(join(tmpdir(), 'knowngood-incident-'));
    const sandbox = await startSandbox({ dataDir, users });
    try {
      for (const { name } of incidents.toReversed()) {
        const { summary } = await runIncident(name, { url: sandbox.url, token: TOKEN });
        expect(summary.length, name).toBeGreaterThan(0);
      }
    } finally {
      await sandbox.close();
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});

/** Numbers that look random and are the same every time: new objects get the same ids. */
function countUp(): () => number {
  let state = 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

function usersOf(dump: TenantDump): Record<string, unknown>[] {
  return Object.values(dump.users ?? {});
}
