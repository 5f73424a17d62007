/** The story from beginning to end for incidents about applications, consents and what is gone; with and without deletes. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isLinkAction } from '../../src/model/plan.js';
import { compareAlive, compareTenants, type TenantDump } from '../support/raw-reader.mjs';
import { gitIn, type LoggedRequest, writesIn } from '../support/scene.js';
import { countsOf, type Story, tell, tellAgain } from '../support/story.js';

const ALLOWED = ['--allow-delete'];

/** Objects of a list that the first tenant has and the second has not. */
function lost(from: TenantDump, to: TenantDump, list: string): string[] {
  return Object.keys(from[list] ?? {}).filter((id) => !(id in (to[list] ?? {})));
}

/** What is called like this, whatever list it is in. */
function idsCalled(tenant: TenantDump, list: string, name: string): string[] {
  return Object.entries(tenant[list] ?? {}).flatMap(([id, object]) => (object.displayName === name ? [id] : []));
}

/** Requests that take something away, without the ids. */
function deletesIn(requests: readonly LoggedRequest[]): string[] {
  const shapes = writesIn(requests)
    .filter(({ method }) => method === 'DELETE')
    .map(({ url }) => url.replace('/v1.0', '').replace(/\/[A-Za-z0-9_-]{30,}/g, '/*'));
  return shapes.sort();
}

function expectRecovered(story: Story, counts: Readonly<Record<string, number>>): void {
  const { first, second, diff, plan, apply, again, last } = story.steps;
  expect([first, second, plan, apply, last].map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
  expect([diff.code, again.code]).toEqual([2, 5]);
  expect(story.trees[1]).toBe(story.trees[0]);
  expect(countsOf(story.plan)).toEqual(counts);
  expect(apply.stdout).toContain('they are as planned.');
  expect(apply.stdout).toMatch(/^Apply complete! .* 0 failed, 0 skipped\.$/m);
  for (const { requests } of [diff, plan, story.steps.after]) expect(writesIn(requests)).toEqual([]);
  expect(writesIn(apply.requests).filter(({ status }) => status >= 400)).toEqual([]);
  expect(writesIn(again.requests)).toEqual([]);
  expect(apply.requests.filter(({ method, url }) => method === 'DELETE' && url.includes('deletedItems'))).toEqual([]);
}

function saysNoChanges({ steps, head }: Story): void {
  expect(steps.after.code).toBe(0);
  expect(steps.after.stdout).toMatch(new RegExp(`^No changes\\. The live tenant matches ${head.slice(0, 7)}\\.$`, 'm'));
}

/** Tells a story before the tests of a group, and takes it away after them. */
function storyOf(incident: string, flags: readonly string[]): { readonly told: Story } {
  const held: { told?: Story } = {};
  beforeAll(async () => {
    held.told = await tell(incident, flags);
  }, 240_000);
  afterAll(() => held.told?.remove());
  return held as { readonly told: Story };
}

const NAME = 'Mail Sync Pro';
/** An update each of the application, of the widened grant and of the consent policy; four edges and a membership. */
const UNDONE = { update: 3, unlink: 5 };

describe.each([
  { flags: [], counts: { ...UNDONE, kept: 3 } },
  { flags: ALLOWED, counts: { ...UNDONE, softDelete: 3 } },
])('rogue-consent $flags', ({ flags, counts }) => {
  const story = storyOf('rogue-consent', flags);

  it('is undone; nothing is ever purged', () => {
    expectRecovered(story.told, counts);
    saysNoChanges(story.told);
  });

  it('takes the consent back by itself: rights, widened scope, redirect address, policy, membership', () => {
    const { good, damaged, recovered } = story.told;
    expect(compareAlive(good, damaged)).not.toEqual([]);
    expect(compareAlive(good, recovered)).toEqual([]);
    const [principal = ''] = idsCalled(damaged, 'servicePrincipals', NAME);
    expect(principal).toMatch(/^[0-9a-f-]{36}$/);
    const rights = (tenant: TenantDump) =>
      [tenant.grants, tenant.assignments].flatMap((edges) => Object.keys(edges ?? {})).filter(isAbout(principal));
    expect(rights(damaged)).toHaveLength(4);
    expect(rights(recovered)).toEqual([]);
  });

  it(`${flags.length === 0 ? 'keeps' : 'sends to the recycle bin'} the application, its principal and the user`, () => {
    const { good, recovered } = story.told;
    const extra = (list: string) => lost(recovered, good, list).length;
    const [active, deleted] = flags.length === 0 ? [1, 0] : [0, 1];
    for (const list of ['applications', 'servicePrincipals', 'users']) expect(extra(list), list).toBe(active);
    for (const list of ['deletedApplications', 'deletedServicePrincipals', 'deletedUsers'])
      expect(extra(list), list).toBe(deleted);
    expect(story.told.left.kept.map(({ object }) => object.split('/')[0])).toEqual(
      flags.length === 0 ? ['application', 'servicePrincipal', 'user'] : [],
    );
  });

  it('removes rights as links, each by the id that it has, and counts none of them as an object', () => {
    const { plan, steps } = story.told;
    const links = plan.actions.filter(isLinkAction).map(({ action, object, link, targetLabel }) => {
      return `${action} ${object.split('/')[0]} ${link} ${targetLabel}`;
    });
    expect(links.sort()).toEqual([
      'unlink group members svc-mailrelay@acme.example',
      `unlink servicePrincipal appRoleAssignment ${NAME}: Directory.ReadWrite.All`,
      `unlink servicePrincipal appRoleAssignment ${NAME}: Mail.ReadWrite`,
      `unlink servicePrincipal appRoleAssignment ${NAME}: RoleManagement.ReadWrite.Directory`,
      `unlink servicePrincipal oauth2PermissionGrant ${NAME}: Files.ReadWrite.All Mail.ReadWrite Mail.Send User.Read offline_access`,
    ]);
    const objects = ['/applications/*', '/servicePrincipals/*', '/users/*'];
    const edges = Array(3).fill('/servicePrincipals/*/appRoleAssignedTo/*');
    expect(deletesIn(steps.apply.requests)).toEqual(
      [
        '/groups/*/members/*/$ref',
        '/oauth2PermissionGrants/*',
        ...edges,
        ...(flags.length === 0 ? [] : objects),
      ].sort(),
    );
    expect(steps.last.stdout.split('\n')[0]).toContain('on main: 3 added');
  });
});

function isAbout(id: string): (edge: string) => boolean {
  return (edge) => edge.split('_').includes(id);
}

describe('attribute-corruption', () => {
  const story = storyOf('attribute-corruption', []);

  it('is undone to the letter', () => {
    expectRecovered(story.told, { update: 31 });
    saysNoChanges(story.told);
    expect(compareTenants(story.told.good, story.told.recovered)).toEqual([]);
    expect(gitIn(story.told.root, 'rev-parse', 'HEAD:tenant-state')).toBe(story.told.trees[0]);
  });

  it('is one request for each object, and one difference for each cause', () => {
    const { plan, steps } = story.told;
    expect(writesIn(steps.apply.requests)).toHaveLength(31);
    // Service principals show tags and identifiers of their applications, too.
    const types = new Set(plan.actions.map(({ object }) => object.split('/')[0]));
    expect([...types].sort()).toEqual(['application', 'user']);
  });

  it('is the same plan and the same recovery when deletes are allowed', async () => {
    const { codes, plan, recovered } = await tellAgain(story.told, 'attribute-corruption', ALLOWED);
    expect(codes).toEqual([0, 0, 0, 0]);
    expect(countsOf(plan)).toEqual({ update: 31 });
    expect(compareTenants(story.told.good, recovered)).toEqual([]);
  }, 240_000);
});

const BINS = ['Applications', 'Groups', 'NamedLocations', 'Policies', 'ServicePrincipals', 'Users'];

describe.each([
  // Memberships that came back with the two users are removed; with deletes they go with them.
  { flags: [], counts: { unlink: 5, kept: 8 } },
  { flags: ALLOWED, counts: { softDelete: 8 } },
])('unwanted-restore $flags', ({ flags, counts }) => {
  const story = storyOf('unwanted-restore', flags);

  it('is undone as far as it was asked for', () => {
    expectRecovered(story.told, counts);
    saysNoChanges(story.told);
    expect(compareAlive(story.told.good, story.told.recovered)).toEqual([]);
  });

  it(`${flags.length === 0 ? 'keeps what came back, and names it' : 'sends everything back to the recycle bin'}`, () => {
    const { good, damaged, recovered, left } = story.told;
    const back = BINS.map((name) => lost(good, damaged, `deleted${name}`).length);
    expect(back).toEqual([1, 2, 1, 1, 1, 2]);
    const still = BINS.map((name) => lost(good, recovered, `deleted${name}`).length);
    expect(still).toEqual(flags.length === 0 ? back : [0, 0, 0, 0, 0, 0]);
    expect(left.kept.map(({ since }) => since)).toEqual(flags.length === 0 ? Array(8).fill('restored') : []);
  });

  it('leaves the rights of a principal that came back with it', () => {
    const { plan } = story.told;
    expect(plan.actions.filter(isLinkAction).map(({ link }) => link)).toEqual(
      flags.length === 0 ? Array(5).fill('members') : [],
    );
  });
});

describe.each([{ flags: [] }, { flags: ALLOWED }])('hard-delete $flags', ({ flags }) => {
  const story = storyOf('hard-delete', flags);

  it('recovers what is left, and says of the rest that it is gone', () => {
    expectRecovered(story.told, { update: 1, blocked: 19 });
    expect(story.told.steps.after.code).toBe(2);
    expect(countsOf(story.told.left)).toEqual({ blocked: 19 });
    expect(story.told.left.changes).toEqual([]);
  });

  it('blocks every lost object, with a reason and with what a person can do', () => {
    const { good, damaged, left } = story.told;
    const types: readonly (readonly [list: string, type: string])[] = [
      ['applications', 'application'],
      ['groups', 'group'],
      ['namedLocations', 'namedLocation'],
      ['policies', 'conditionalAccessPolicy'],
      ['servicePrincipals', 'servicePrincipal'],
      ['users', 'user'],
    ];
    const gone = types.flatMap(([list, type]) => lost(good, damaged, list).map((id) => `${type}/${id}`));
    const blocked = left.blocked.filter(({ code }) => code === 'KG502');
    expect(blocked.map(({ object }) => object).sort()).toEqual(gone.sort());
    expect(gone).toHaveLength(9);
    for (const { reason, remedy } of left.blocked) {
      expect(reason).toMatch(/deleted for good/);
      expect(remedy).toMatch(/\.$/);
    }
  });

  it('everything else is as it was, but for links to what is gone', () => {
    const { good, damaged, recovered } = story.told;
    const gone = Object.keys(good).flatMap((list) => lost(good, damaged, list));
    const differences = compareAlive(good, recovered).filter((line) => !gone.some((id) => line.includes(id)));
    expect(differences).toEqual([]);
  });
});
