/** The doctor on a sandbox tenant; what the sandbox does not serve is answered in its place, as Graph would. */

import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { exitOfDoctor } from '../../src/cli/exit-codes.js';
import { know } from '../../src/doctor/identities.js';
import { examine } from '../../src/doctor.js';
import { createClient } from '../../src/graph/client.js';
import type { Check, DoctorReport } from '../../src/model/doctor.js';
import { loadRegistry } from '../../src/registry/load.js';
import { renderJson } from '../../src/report/json.js';
import { openWorkspace } from '../../src/workspace.js';
import { person } from '../support/acme.js';
import { sign } from '../support/openid.js';
import { type FaultyProxy, type OwnReply, type Rule, refusal, startProxy } from '../support/proxy.js';
import { createScene, type Scene, surroundings, writesIn } from '../support/scene.js';

const fits = new Ajv2020({ strict: true }).compile(
  JSON.parse(readFileSync(new URL('../../schemas/output/doctor.json', import.meta.url), 'utf8')),
);

let scene: Scene;
let proxy: FaultyProxy;
beforeAll(async () => {
  scene = await createScene();
  proxy = await startProxy(scene.url);
});
beforeEach(() => proxy.answer(undefined));
afterAll(async () => {
  await proxy.close();
  await scene.close();
});

/** Everything that reading and writing every type takes. */
function needed(verb: 'read' | 'update' | 'restore'): string[] {
  const types = loadRegistry().types;
  const lists = types.flatMap((type) =>
    [type, ...type.properties, ...type.links].map(({ permissions }) => permissions),
  );
  return [...new Set(lists.flatMap((permissions) => permissions?.[verb] ?? []))];
}

const READING = needed('read');
const WRITING = [...READING, ...needed('update'), ...needed('restore')];
const PRIVILEGED_AUTHENTICATION = '7be44c8a-adaf-4e2a-84d6-ab2649e08a13';

const token = (roles: readonly string[], more: object = {}) =>
  sign({ tid: scene.tenantId, appid: '5ec2e7a1-0000-4000-8000-000000000001', idtyp: 'app', roles, wids: [], ...more });

async function doctor(env: Readonly<Record<string, string>>, more: Parameters<typeof surroundings>[1] = {}) {
  const workspace = await openWorkspace(
    scene.root,
    surroundings(
      { KNOWNGOOD_GRAPH_URL: proxy.url, GIT_AUTHOR_NAME: 'Ada', GIT_AUTHOR_EMAIL: 'ada@acme.example', ...env },
      more,
    ),
  );
  try {
    const report = await examine(workspace);
    expect(fits(JSON.parse(renderJson(report))), JSON.stringify(fits.errors)).toBe(true);
    return report;
  } finally {
    await workspace.close();
  }
}

function check(report: DoctorReport, id: string): Check {
  const found = report.checks.find((candidate) => candidate.id === id);
  if (found === undefined) throw new Error(`no check ${id} in ${report.checks.map((other) => other.id).join(', ')}`);
  return found;
}

const list = (...value: object[]): OwnReply => ({ status: 200, body: { value } });

/** Answers by the beginning of the path. */
const answering =
  (replies: Readonly<Record<string, OwnReply>>): Rule =>
  ({ path }) =>
    Object.entries(replies).find(([start]) => path.startsWith(start))?.[1];

describe('permissions', () => {
  it('are in order when a reader reads and a writer writes, each in its own name', async () => {
    const report = await doctor({
      KNOWNGOOD_TOKEN: token(READING),
      KNOWNGOOD_APPLY_TOKEN: token(WRITING, { wids: [PRIVILEGED_AUTHENTICATION] }),
    });
    expect(report.counts.failed).toBe(0);
    for (const id of ['backup.permissions', 'backup.excess', 'recovery.permissions', 'recovery.administrators'])
      expect(check(report, id)).toMatchObject({ status: 'ok' });
    expect(report.reading).toMatchObject({ kind: 'token', who: 'app', because: 'KNOWNGOOD_TOKEN is set' });
    expect(report.writing).toMatchObject({ because: 'KNOWNGOOD_APPLY_TOKEN is set' });
    expect(exitOfDoctor(report)).toBe(0);
  });

  it('that are too few say what is not collected and what cannot be recovered, and fail', async () => {
    const without = (name: string, all: readonly string[]) => all.filter((permission) => permission !== name);
    const report = await doctor({
      KNOWNGOOD_TOKEN: token(without('Policy.Read.All', READING)),
      KNOWNGOOD_APPLY_TOKEN: token(without('Policy.ReadWrite.ConditionalAccess', WRITING)),
    });
    expect(check(report, 'backup.permissions')).toMatchObject({ status: 'failed' });
    expect(check(report, 'backup.permissions').details?.join()).toMatch(
      /^Policy\.Read\.All: .*Conditional Access policy/,
    );
    expect(check(report, 'recovery.permissions').details?.join()).toMatch(/^Policy\.ReadWrite\.ConditionalAccess: /);
    const row = report.permissions.find(({ name }) => name === 'conditionalAccessPolicy');
    expect(row).toMatchObject({
      read: { missing: ['Policy.Read.All'] },
      write: { missing: ['Policy.ReadWrite.ConditionalAccess'] },
    });
    expect(exitOfDoctor(report)).toBe(1);
  });

  it('for a part of a type are a warning', async () => {
    const report = await doctor({ KNOWNGOOD_TOKEN: token(READING.filter((name) => name !== 'Member.Read.Hidden')) });
    expect(check(report, 'backup.permissions')).toMatchObject({
      status: 'warning',
      details: [expect.stringMatching(/^Member\.Read\.Hidden/)],
    });
  });

  it('that include others count for them', async () => {
    const wide = [
      'Directory.Read.All',
      'Policy.Read.All',
      'AuthenticationContext.Read.All',
      'User-LifeCycleInfo.Read.All',
      'Member.Read.Hidden',
    ];
    expect(check(await doctor({ KNOWNGOOD_TOKEN: token(wide) }), 'backup.permissions')).toMatchObject({ status: 'ok' });
  });

  it('to write are named when a reading identity has them', async () => {
    const report = await doctor({ KNOWNGOOD_TOKEN: token([...READING, 'User.ReadWrite.All']) });
    expect(check(report, 'backup.excess')).toMatchObject({ status: 'warning', details: ['User.ReadWrite.All'] });
  });

  it('to write are not missed where only backups are taken', async () => {
    const report = await doctor({ KNOWNGOOD_TOKEN: token(READING) });
    expect(check(report, 'recovery.sign-in')).toMatchObject({ status: 'unknown' });
    expect(exitOfDoctor(report)).toBe(0);
  });

  it('cannot be told from a token that says nothing', async () => {
    const report = await doctor({ KNOWNGOOD_TOKEN: 'opaque' });
    expect(check(report, 'backup.permissions')).toMatchObject({ status: 'unknown' });
    expect(report.permissions[0]?.read.missing).toBeNull();
  });
});

describe('permissions that the token does not say', () => {
  it('are those that the application was granted, if the environment names it', async () => {
    const graph = {
      id: 'graph',
      appRoles: [
        { id: 'r1', value: 'User.Read.All' },
        { id: 'r2', value: 'Group.Read.All' },
      ],
    };
    proxy.answer(
      answering({
        "/v1.0/servicePrincipals(appId='app')/appRoleAssignments": list(
          { resourceId: 'graph', appRoleId: 'r1' },
          { resourceId: 'another', appRoleId: 'r2' },
        ),
        "/v1.0/servicePrincipals(appId='app')": { status: 200, body: { id: 'own', displayName: 'Acme backup' } },
        "/v1.0/servicePrincipals(appId='00000003": { status: 200, body: graph },
      }),
    );
    const client = createClient({ root: proxy.url, token: async () => 'opaque' });
    const token = async () => 'opaque';
    const known = await know(client, 'opaque', {
      kind: 'secret',
      because: 'x',
      clientId: 'app',
      ownOfApply: false,
      token,
    });
    expect(known.signedIn).toMatchObject({ name: 'Acme backup', objectId: 'own', permissions: ['User.Read.All'] });
  });

  it('are a matter of roles, too, for a person who may act with all of them', async () => {
    const person = sign({
      tid: scene.tenantId,
      appid: 'cli',
      upn: 'ada@acme.example',
      scp: 'Directory.AccessAsUser.All',
    });
    const report = await doctor({ KNOWNGOOD_TOKEN: person });
    expect(report.reading).toMatchObject({ who: 'person', name: 'ada@acme.example' });
    expect(check(report, 'backup.permissions')).toMatchObject({ status: 'unknown' });
    expect(check(report, 'backup.excess')).toMatchObject({ status: 'warning' });
  });
});

describe('administrators', () => {
  it('that the writing identity could not recover are counted and named', async () => {
    const admin = person(1);
    const assignments = list({ id: 'a', principalId: admin, roleDefinitionId: '62e90394-69f5-4237-9190-012177145e10' });
    proxy.answer(
      answering({
        '/v1.0/roleManagement/directory/roleAssignments': assignments,
        '/v1.0/groups?$filter=isAssignable': list(),
      }),
    );
    const name = String((await scene.graph('GET', `/users/${admin}`)).userPrincipalName);
    const weak = await doctor({ KNOWNGOOD_TOKEN: token(WRITING) });
    expect(check(weak, 'recovery.administrators')).toMatchObject({ status: 'warning', details: [name] });
    const strong = await doctor({ KNOWNGOOD_TOKEN: token(WRITING, { wids: [PRIVILEGED_AUTHENTICATION] }) });
    expect(check(strong, 'recovery.administrators')).toMatchObject({ status: 'ok' });
  });

  it('are members and owners of groups that roles can be assigned to, too', async () => {
    proxy.answer(
      answering({
        '/v1.0/roleManagement/directory/roleAssignments': list(),
        '/v1.0/groups?$filter=isAssignable': list({ id: 'g', displayName: 'Admins' }),
        '/v1.0/groups/g/members': list({ id: person(1) }),
        '/v1.0/groups/g/owners': list({ id: person(2) }),
      }),
    );
    const report = await doctor({
      KNOWNGOOD_TOKEN: token(WRITING, { wids: ['fe930be7-5e62-47db-91af-98c3a49a38b1'] }),
    });
    expect(check(report, 'recovery.administrators').details).toHaveLength(2);
  });

  it('are not known where roles may not be read', async () => {
    proxy.answer(answering({ '/v1.0/roleManagement/directory/roleAssignments': refusal(403) }));
    const report = await doctor({ KNOWNGOOD_TOKEN: token(WRITING) });
    expect(check(report, 'recovery.administrators')).toMatchObject({
      status: 'unknown',
      remedy: expect.stringContaining('RoleManagement.Read.Directory'),
    });
  });
});

describe('what fails', () => {
  it('is a tenant for customers', async () => {
    const tenantType = 'AAD B2C';
    const organization = list({ id: scene.tenantId, displayName: 'Acme', tenantType });
    proxy.answer(answering({ '/v1.0/organization?$select=id,displayName': organization }));
    const report = await doctor({ KNOWNGOOD_TOKEN: token(READING) });
    expect(check(report, 'tenant.kind')).toMatchObject({ status: 'failed', code: 'KG199' });
    expect(exitOfDoctor(report)).toBe(1);
  });

  it('is a sign-in that is not complete, and everything else is still looked at', async () => {
    const report = await doctor({ KNOWNGOOD_TOKEN: token(READING), KNOWNGOOD_APPLY_CLIENT_ID: 'x' });
    expect(check(report, 'recovery.sign-in')).toMatchObject({ status: 'failed', code: 'KG185' });
    expect(check(report, 'backup.permissions')).toMatchObject({ status: 'ok' });
    expect(exitOfDoctor(report)).toBe(1);
  });

  it('is a token that Graph refuses, with why', async () => {
    proxy.answer(() => ({
      status: 401,
      headers: {
        'www-authenticate': `Bearer error="insufficient_claims", claims="${Buffer.from('{"access_token":{}}').toString('base64')}"`,
      },
      body: {
        error: {
          code: 'InvalidAuthenticationToken',
          message: 'Continuous access evaluation resulted in claims challenge.',
        },
      },
    }));
    const report = await doctor({ KNOWNGOOD_TOKEN: token(READING) });
    expect(report.checks.filter(({ status }) => status === 'failed')).toMatchObject([
      { id: 'backup.sign-in', code: 'KG196', message: expect.stringContaining('continuous access evaluation') },
    ]);
  });

  it('is a clock that is far off', async () => {
    const clock = (minutes: number) => () => new Date(Date.now() + minutes * 60_000);
    const status = async (minutes: number) =>
      check(await doctor({ KNOWNGOOD_TOKEN: token(READING) }, { clock: clock(minutes) }), 'here.clock').status;
    expect([await status(0), await status(-2), await status(20)]).toEqual(['ok', 'warning', 'failed']);
  });
});

it('changes nothing', async () => {
  scene.requests();
  const before = scene.git('rev-parse', 'HEAD');
  await doctor({ KNOWNGOOD_TOKEN: token(WRITING) });
  expect(writesIn(scene.requests())).toEqual([]);
  expect(scene.git('rev-parse', 'HEAD')).toBe(before);
  expect(scene.git('status', '--porcelain')).toBe('');
});
