/**
 * Least privilege: an application that holds exactly the read permissions that the schemas name reads everything, and writes
 * nothing. What a permission less leaves unread is named and kept.
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exitOfSnapshot } from '../../src/cli/exit-codes.js';
import type { SnapshotResult } from '../../src/model/documents.js';
import { loadRegistry } from '../../src/registry/load.js';
import type { SeedObject } from '../../src/sandbox/seed.js';
import { generateTenant } from '../../src/sandbox/tenant.js';
import { writeToken } from '../../src/sandbox/tokens.js';
import { type Commands, commands, createScene, type Scene, writesIn } from '../support/scene.js';

const HIDDEN = '9b0c5a34-7f3f-4c55-9d3e-0d1c8a5f6a01';
const { types } = loadRegistry();

/** What the schemas name to read each type, its properties and its links. */
const READING = [
  ...new Set(
    types.flatMap((type) => [
      ...(type.permissions.read ?? []),
      ...[...type.properties, ...type.links].flatMap(({ permissions }) => permissions?.read ?? []),
    ]),
  ),
].sort();

let scene: Scene;
let first: SnapshotResult;

function seed() {
  const company = generateTenant(6, '2026-11-20T12:00:00Z');
  const [one, two] = company.objects.filter(({ collection }) => collection === 'users');
  const hidden: SeedObject = {
    collection: 'groups',
    object: {
      ...{ id: HIDDEN, displayName: 'Investigation', groupTypes: ['Unified'], visibility: 'HiddenMembership' },
      ...{ mailEnabled: true, mailNickname: 'investigation', securityEnabled: false },
    },
    members: [one, two].map((each) => String(each?.object.id)),
  };
  const leaving = { ...one, object: { ...one?.object, employeeLeaveDateTime: '2026-12-31T00:00:00Z' } } as SeedObject;
  return { ...company, objects: [...company.objects.map((each) => (each === one ? leaving : each)), hidden] };
}

function environment(permissions: readonly string[]): Record<string, string> {
  const content = {
    tenantId: scene.tenantId,
    appId: HIDDEN,
    permissions,
    roles: [],
    now: new Date(),
    lifetimeSeconds: 3600,
  };
  return { ...scene.env, KNOWNGOOD_TOKEN: writeToken(content) };
}

const as = (permissions: readonly string[]): Commands => commands(scene.root, environment(permissions));
const without = (...names: string[]) => READING.filter((name) => !names.includes(name));

beforeAll(async () => {
  scene = await createScene({ seed: seed() });
  first = await as(READING).snapshot();
});

afterAll(() => scene.close());

describe('with the permissions to read', () => {
  it('everything is read, and nothing of it is refused', async () => {
    expect(first.coverage).toMatchObject({ gaps: [], unrecognised: [] });
    const requests = scene.requests();
    expect(requests.filter(({ status }) => status >= 400)).toEqual([]);
    expect(writesIn(requests)).toEqual([]);
  });
});

/** Permissions taken away together, because one makes up for another, and what cannot be read then. */
const TAKEN: readonly (readonly [taken: readonly string[], unread: readonly string[]])[] = [
  [
    ['Application.Read.All', 'Directory.Read.All'],
    ['appRoleAssignment', 'application', 'oauth2PermissionGrant', 'servicePrincipal'],
  ],
  [['AuthenticationContext.Read.All'], ['authenticationContextClassReference']],
  [['Directory.Read.All'], ['oauth2PermissionGrant']],
  [
    ['Directory.Read.All', 'Group.Read.All', 'GroupMember.Read.All'],
    ['group', 'oauth2PermissionGrant'],
  ],
  [
    ['Directory.Read.All', 'RoleManagement.Read.Directory'],
    ['oauth2PermissionGrant', 'roleAssignment', 'roleDefinition'],
  ],
  [
    ['Directory.Read.All', 'User.Read.All'],
    ['oauth2PermissionGrant', 'user'],
  ],
  [['Member.Read.Hidden'], ['group.members']],
  [['Policy.Read.All'], ['authorizationPolicy', 'conditionalAccessPolicy', 'namedLocation']],
  [['User-LifeCycleInfo.Read.All'], ['user.employeeLeaveDateTime']],
];

describe('without a permission to read', () => {
  it.each(TAKEN)('%s: %s is reported, and kept', async (taken, unread) => {
    const result = await as(without(...taken)).snapshot();
    const gaps = result.coverage.gaps.map(({ what }) => what);
    expect([...new Set(gaps.map((what) => what.replace(/\.deletedItems$/, '')))].sort()).toEqual(unread);
    expect(exitOfSnapshot(result)).toBe(3);
    expect(scene.git('diff', '--name-only', first.commit, result.commit, '--', 'tenant-state')).toBe('');
  });
});

describe('with the permissions to read, after an attack', () => {
  it('all but an apply works; what is denied names the permission that it takes', async () => {
    await scene.incident('mass-disable');
    await scene.incident('membership-purge');
    await scene.incident('ca-tampered');
    scene.requests();
    const report = await as(READING).diff();
    expect(report.summary).toBeDefined();
    const plan = await as(READING).plan();
    expect(plan.actions.length).toBeGreaterThan(3);
    expect(scene.requests().filter(({ status }) => status >= 400)).toEqual([]);

    const denied = await as(READING).apply(plan);
    const writes = writesIn(scene.requests());
    expect(writes.length).toBeGreaterThan(0);
    expect(writes.filter(({ status }) => status !== 403)).toEqual([]);
    const reasons = new Set(
      denied.results.map(({ n, reason }) => `${plan.actions[n - 1]?.object.split('/')[0]}: ${reason}`),
    );
    const lacks = (type: string, words: string, name: string) => `${type}: 403 ${words} The identity lacks ${name}.`;
    const directory = 'Authorization_RequestDenied: Insufficient privileges to complete the operation.';
    const access =
      'AccessDenied: You cannot perform the requested operation, required scopes are missing in the token.';
    expect([...reasons].sort()).toEqual([
      lacks('conditionalAccessPolicy', access, 'Policy.ReadWrite.ConditionalAccess'),
      lacks('group', directory, 'GroupMember.ReadWrite.All'),
      lacks('namedLocation', access, 'Policy.ReadWrite.ConditionalAccess'),
      lacks('user', directory, 'User.ReadWrite.All'),
    ]);
  });
});
