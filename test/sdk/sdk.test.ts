/**
 * Microsoft's own Graph SDK and Azure Identity against the sandbox, over HTTPS. They were written by the people who run
 * the service, so what they cannot use is wrong here. Only base URL, custom host and authority are set.
 */

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningSandbox, startSandbox } from '../../src/sandbox/index.js';
import { writeSeed } from '../../src/sandbox/persistence.js';
import { callerSets } from '../../src/sandbox/quirks/callers.js';
import type { SeedObject, TenantSeed } from '../../src/sandbox/seed.js';
import { generateTenant } from '../../src/sandbox/tenant.js';
import { certificate } from '../support/certificate.js';

const PROGRAM = fileURLToPath(new URL('program.mjs', import.meta.url));
const CREATED = '2026-11-20T12:00:00Z';
const MEMBERS = 2_100;
const LARGE = '7a39e9ad-5d2c-4a35-9a1c-6f1c58e6a3c1';

/** What the program saw, by step. */
interface Seen {
  readonly users: { readonly first: number; readonly ids: string[]; readonly keys: string[] };
  readonly members: string[];
  readonly group: {
    readonly expected: string[];
    readonly members: string[];
    readonly twice: object;
    readonly tooMany: object;
  };
  readonly delta: { readonly members: string[]; readonly [name: string]: unknown };
  readonly [step: string]: unknown;
}

const folder = mkdtempSync(join(tmpdir(), 'knowngood-sdk-'));
const dataDir = join(folder, 'data');
const seed = tenantWithLargeGroup();
const authority = join(folder, 'authority.pem');
let sandbox: RunningSandbox;
let seen: Seen;

/** A small company, and a group with more members than two pages of the largest size hold. */
function tenantWithLargeGroup(): TenantSeed {
  const company = generateTenant(120, CREATED);
  const members = Array.from({ length: MEMBERS }, (_, n): SeedObject => {
    const id = `5e000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
    const upn = `member${n}@${company.verifiedDomains[0]}`;
    const name = { displayName: `Member ${n}`, userPrincipalName: upn, mailNickname: `member${n}` };
    return {
      collection: 'users',
      object: { id, accountEnabled: true, userType: 'Member', createdDateTime: CREATED, ...name },
    };
  });
  const group: SeedObject = {
    collection: 'groups',
    object: {
      id: LARGE,
      displayName: 'Everybody',
      groupTypes: [],
      mailEnabled: false,
      mailNickname: 'all',
      securityEnabled: true,
    },
    members: members.map(({ object }) => String(object.id)),
  };
  return { ...company, objects: [...company.objects, ...members, group] };
}

const active = (collection: string) =>
  seed.objects.filter((each) => each.collection === collection && each.deletedDateTime === undefined);

async function run(secret: string, only?: string): Promise<Seen> {
  const options = {
    graph: `${sandbox.url}/`,
    authority: sandbox.url,
    tenant: seed.tenantId,
    clientId: callerSets.operator.appId,
    secret,
    only,
    largeGroup: LARGE,
  };
  const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, JSON.stringify(options)], {
    env: { PATH: process.env.PATH, NODE_EXTRA_CA_CERTS: authority },
    maxBuffer: 2 ** 26,
  });
  return JSON.parse(stdout) as Seen;
}

beforeAll(async () => {
  const { key, cert } = certificate();
  writeFileSync(authority, cert);
  writeSeed(dataDir, { createdAt: CREATED, from: seed });
  sandbox = await startSandbox({ dataDir, tls: { key, cert } });
  seen = await run('sandbox');
});

afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("Microsoft's SDK", () => {
  it('signs in by Azure Identity where it is told to, and not with another secret', async () => {
    expect(seen.signIn).toEqual({ tenant: seed.tenantId, application: callerSets.operator.appId });
    const { signIn } = await run('guessed', 'signIn');
    expect(signIn).toMatchObject({ failed: expect.stringContaining('AADSTS7000215') });
  });

  it('pages through all users with its iterator, stops where it is asked to, and resumes', () => {
    // One of the users is an agent: it says so, because its type is not that of the list.
    expect(seen.users).toMatchObject({ first: 70, keys: ['id', 'displayName', '@odata.type'] });
    const ids = active('users').map(({ object }) => object.id);
    expect(seen.users.ids.toSorted()).toEqual(ids.toSorted());
  });

  it('lists a large membership to its end', () => {
    const group = seed.objects.find(({ object }) => object.id === LARGE);
    expect(seen.members.toSorted()).toEqual([...(group?.members ?? [])].sort());
  });

  it('counts', () => {
    const users = active('users').length;
    expect(seen.count).toEqual({ listed: users, plain: String(users) });
  });

  it('creates, updates, deletes and restores a user', () => {
    expect(seen.user).toMatchObject({
      made: { displayName: 'sdk-judge' },
      updated: { department: 'Judges' },
      gone: {
        statusCode: 404,
        code: 'Request_ResourceNotFound',
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        date: true,
      },
      inBin: { deletedDateTime: expect.stringMatching(/^\d{4}-/) },
      back: { department: 'Judges' },
    });
  });

  it('adds members by packs and one by one, and removes one', () => {
    const { expected, members, twice, tooMany } = seen.group;
    expect(members.toSorted()).toEqual(expected.toSorted());
    expect(twice).toMatchObject({ statusCode: 400, code: 'Request_BadRequest' });
    expect(tooMany).toMatchObject({ statusCode: 400, code: 'Request_BadRequest' });
  });

  it('creates, updates, deletes and restores a Conditional Access policy', () => {
    expect(seen.policy).toMatchObject({
      state: 'enabledForReportingButNotEnforced',
      gone: { statusCode: 404 },
      restored: true,
    });
  });

  it('sends batches whose items depend on each other', () => {
    expect(seen.batch).toEqual({ statuses: [204, 200, 404, 424], city: 'Batchville' });
  });

  it('follows changes with members, page by page and round by round', () => {
    const { members, added, removed, gone, ...delta } = seen.delta;
    expect([...members].sort()).toEqual(
      [...(seed.objects.find(({ object }) => object.id === LARGE)?.members ?? [])].sort(),
    );
    const user = '#microsoft.graph.user';
    expect(delta.made).toMatchObject([{ displayName: 'Delta', 'members@delta': [{ '@odata.type': user, id: added }] }]);
    expect(delta.removedFrom).toMatchObject([
      { id: LARGE, 'members@delta': [{ '@odata.type': user, id: removed, '@removed': { reason: 'deleted' } }] },
    ]);
    expect(delta.after).toMatchObject([{ id: gone, '@removed': { reason: 'changed' } }]);
    expect(delta.users).toBeGreaterThanOrEqual(active('users').length);
  });

  it('understands refusals', () => {
    expect(seen.refused).toMatchObject({
      missing: { statusCode: 404, code: 'Request_ResourceNotFound' },
      property: { statusCode: 400 },
      version: { statusCode: 400 },
    });
  });
});
