/** Change tracking: first synchronization, rounds, removed objects, members, tokens. */
import { describe, expect, it } from 'vitest';
import type { SeedObject } from '../../src/sandbox/seed.js';
import { errorOf, group, id, ids, type Json, seed, start, type TestSandbox, tenantId, user } from './support.js';

const day = 24 * 60 * 60 * 1000;

/** Follows a link to the end of its round: the pages, their items, and the link that the round ended with. */
async function round(sandbox: TestSandbox, path: string, headers?: Record<string, string>) {
  const pages: Json[][] = [];
  for (let next = path; ; ) {
    const { status, body, text } = await sandbox.get(next, headers);
    expect(status, text).toBe(200);
    const links = ['@odata.nextLink', '@odata.deltaLink'].filter((name) => name in body);
    expect(links).toHaveLength(1);
    pages.push(body.value as Json[]);
    const link = String(body[links[0] as string]);
    if (links[0] === '@odata.deltaLink') return { pages, items: pages.flat(), link };
    next = link;
  }
}

const byId = (items: readonly Json[], objectId: string) => items.filter((item) => item.id === objectId);
const membersOf = (items: readonly Json[]) =>
  items.flatMap((item) => (item['members@delta'] ?? []) as Json[]).map((member) => [member.id, '@removed' in member]);

describe('a first synchronization', () => {
  it('tells every live object with the default properties that ever had a value, and ends in a delta link', async () => {
    const sandbox = await start();
    const { items, link } = await round(sandbox, '/users/delta');
    expect(items.map((item) => item.id)).toEqual([ids.ada, ids.bob, ids.synced]);
    expect(items[1]).toEqual({ id: ids.bob, displayName: 'bob', userPrincipalName: 'bob@contoso.com' });
    expect(link).toMatch(/\/v1\.0\/users\/delta\?\$deltatoken=[\w-]+$/);
    expect((await round(sandbox, link)).items).toEqual([]);
  });

  it('tells selected properties and the id, under any name of the function', async () => {
    const sandbox = await start();
    for (const name of ['delta', 'delta()', 'microsoft.graph.delta()', 'microsoft.graph.delta']) {
      const { items } = await round(sandbox, `/users/${name}?$select=department,city`);
      expect(items[0]).toEqual({ id: ids.ada, department: 'Finance' });
    }
  });

  it('comes in pages of the preferred size, and misses nothing that comes or goes between them', async () => {
    const sandbox = await start();
    const small = { Prefer: 'odata.maxpagesize=1' };
    const first = await sandbox.get('/users/delta', small);
    expect(first.body.value).toHaveLength(1);
    const made = await sandbox.call('POST', '/users', {
      accountEnabled: true,
      displayName: 'New',
      mailNickname: 'new',
      userPrincipalName: 'new@contoso.com',
      passwordProfile: { password: 'Secret-1234' },
    });
    await sandbox.call('PATCH', `/users/${ids.ada}`, { displayName: 'Ada again' });
    const { pages, link } = await round(sandbox, String(first.body['@odata.nextLink']), small);
    expect(pages.every((page) => page.length === 1)).toBe(true);
    const { items } = await round(sandbox, link);
    expect(items.map((item) => item.displayName)).toEqual(['New', 'Ada again']);
    expect(items[0]?.id).toBe(made.body.id);
  });

  it('can be left out: the token "latest" starts now', async () => {
    const sandbox = await start();
    const now = await sandbox.get('/users/delta?$select=city&$deltatoken=latest');
    expect(now.body.value).toEqual([]);
    await sandbox.call('PATCH', `/users/${ids.ada}`, { city: 'Bonn' });
    const { items } = await round(sandbox, String(now.body['@odata.deltaLink']));
    expect(items).toEqual([{ id: ids.ada, city: 'Bonn' }]);
  });
});

describe('a later round', () => {
  it('tells what changed among the selected properties only, and a cleared one as null', async () => {
    const sandbox = await start();
    const { link } = await round(sandbox, '/users/delta?$select=department,city,jobTitle');
    await sandbox.call('PATCH', `/users/${ids.ada}`, { department: null, city: 'Bonn' });
    await sandbox.call('PATCH', `/users/${ids.bob}`, { mobilePhone: '+1 555' });
    const full = await round(sandbox, link);
    expect(full.items).toEqual([{ id: ids.ada, department: null, city: 'Bonn' }]);
    await sandbox.call('PATCH', `/users/${ids.ada}`, { city: 'Köln' });
    const answer = await sandbox.get(full.link, { Prefer: 'return=minimal' });
    expect(answer.body.value).toEqual([{ id: ids.ada, city: 'Köln' }]);
    expect(answer.headers.get('preference-applied')).toBe('return=minimal');
    // The same link again tells the same again.
    expect((await round(sandbox, full.link)).items).toEqual([{ id: ids.ada, department: null, city: 'Köln' }]);
  });

  it('says nothing of a write that changed nothing', async () => {
    const sandbox = await start();
    const { link } = await round(sandbox, '/users/delta?$select=department');
    await sandbox.call('PATCH', `/users/${ids.ada}`, { department: 'Finance' });
    expect((await round(sandbox, link)).items).toEqual([]);
  });

  it('tells deletions and their ends apart, and a restored object like a new one', async () => {
    const sandbox = await start();
    let { link } = await round(sandbox, '/users/delta?$select=displayName,department');
    const next = async () => {
      const told = await round(sandbox, link);
      link = told.link;
      return told.items;
    };
    await sandbox.call('DELETE', `/users/${ids.ada}`);
    expect(await next()).toEqual([{ id: ids.ada, '@removed': { reason: 'changed' } }]);
    await sandbox.call('POST', `/directory/deletedItems/${ids.ada}/restore`);
    expect(await next()).toEqual([{ id: ids.ada, displayName: 'ada', department: 'Finance' }]);
    await sandbox.call('DELETE', `/users/${ids.ada}`);
    await sandbox.call('POST', `/directory/deletedItems/${ids.ada}/restore`);
    expect(await next()).toEqual([{ id: ids.ada, displayName: 'ada', department: 'Finance' }]);
    await sandbox.call('DELETE', `/users/${ids.ada}`);
    await next();
    await sandbox.call('DELETE', `/directory/deletedItems/${ids.ada}`);
    expect(await next()).toEqual([{ id: ids.ada, '@removed': { reason: 'deleted' } }]);
    expect(await next()).toEqual([]);
  });

  it('tells an object whose time in the recycle bin is over as deleted', async () => {
    const sandbox = await start(seed, { behaviour: { deltaExpires: 100 } });
    const { link } = await round(sandbox, '/users/delta');
    sandbox.advance(31 * day);
    expect((await round(sandbox, link)).items).toEqual([{ id: ids.binned, '@removed': { reason: 'deleted' } }]);
  });

  it('follows an application in what its service principal shows', async () => {
    const sandbox = await start();
    const app = (await sandbox.call('POST', '/applications', { displayName: 'App' })).body;
    const principal = (await sandbox.call('POST', '/servicePrincipals', { appId: app.appId })).body;
    const { link } = await round(sandbox, '/servicePrincipals/delta?$select=displayName,tags');
    await sandbox.call('PATCH', `/applications/${app.id}`, { displayName: 'Renamed' });
    const { items } = await round(sandbox, link);
    expect(items).toEqual([{ id: principal.id, displayName: 'Renamed', tags: [] }]);
  });

  it('does not tell changes that the request asks to leave unrecorded', async () => {
    const sandbox = await start();
    const { link } = await round(sandbox, '/users/delta?$select=city');
    await sandbox.call('PATCH', `/users/${ids.ada}`, { city: 'Bonn' }, { 'x-knowngood-unrecorded': 'true' });
    expect((await round(sandbox, link)).items).toEqual([]);
    expect((await sandbox.get(`/users/${ids.ada}?$select=city`)).body.city).toBe('Bonn');
  });
});

const principal: SeedObject = {
  collection: 'servicePrincipals',
  object: { id: id('e', 1), appId: id('e', 2), displayName: 'App', servicePrincipalType: 'Application' },
};
const withPrincipal = {
  ...seed,
  objects: [
    ...seed.objects,
    principal,
    group(id('b', 7), 'robots', {}, [principal.object.id as string, ids.bob]),
    group(id('b', 8), 'only robots', {}, [principal.object.id as string]),
  ],
};

describe('memberships', () => {
  it('are told of groups without $select and with members in it; a group without members has no key', async () => {
    const sandbox = await start();
    for (const path of ['/groups/delta', '/groups/delta?$select=displayName,members,owners']) {
      const { items } = await round(sandbox, path);
      expect(byId(items, ids.unified)[0]?.['members@delta']).toEqual([
        { '@odata.type': '#microsoft.graph.user', id: ids.bob },
      ]);
      // A member in the recycle bin is not told, and no owners are here.
      expect(membersOf(byId(items, ids.security))).toEqual([[ids.ada, false]]);
      expect(Object.keys(byId(items, ids.distribution)[0] as Json)).not.toContain('members@delta');
      expect(items.some((item) => 'owners@delta' in item)).toBe(false);
    }
    const { items } = await round(sandbox, '/groups/delta?$select=displayName');
    expect(items.some((item) => 'members@delta' in item)).toBe(false);
  });

  it('are told as they came and went, also of a member that is gone for good', async () => {
    const sandbox = await start();
    let { link } = await round(sandbox, '/groups/delta?$select=members');
    await sandbox.call('PATCH', `/groups/${ids.security}`, { 'members@odata.bind': [`x/users/${ids.synced}`] });
    await sandbox.call('DELETE', `/groups/${ids.security}/members/${ids.ada}/$ref`);
    const changed = await round(sandbox, link);
    expect(changed.items).toEqual([
      {
        id: ids.security,
        'members@delta': [
          { '@odata.type': '#microsoft.graph.user', id: ids.ada, '@removed': { reason: 'deleted' } },
          { '@odata.type': '#microsoft.graph.user', id: ids.synced },
        ],
      },
    ]);
    // A soft-deleted member stays one.
    await sandbox.call('DELETE', `/users/${ids.bob}`);
    expect((await round(sandbox, changed.link)).items).toEqual([]);
    link = changed.link;
    await sandbox.call('DELETE', `/directory/deletedItems/${ids.bob}`);
    expect(membersOf((await round(sandbox, link)).items)).toEqual([
      [ids.bob, true],
      [ids.bob, true],
    ]);
  });

  it('that came and went again within a round are not told', async () => {
    const sandbox = await start();
    const { link } = await round(sandbox, '/groups/delta?$select=members');
    await sandbox.call('POST', `/groups/${ids.security}/members/$ref`, { '@odata.id': `x/users/${ids.synced}` });
    await sandbox.call('DELETE', `/groups/${ids.security}/members/${ids.synced}/$ref`);
    expect((await round(sandbox, link)).items).toEqual([]);
  });

  it('of a restored group are told whole', async () => {
    const sandbox = await start();
    const { link } = await round(sandbox, '/groups/delta?$select=members');
    await sandbox.call('DELETE', `/groups/${ids.unified}`);
    await sandbox.call('POST', `/directory/deletedItems/${ids.unified}/restore`);
    expect(membersOf((await round(sandbox, link)).items)).toEqual([[ids.bob, false]]);
  });

  it('of a large group come in several items on several pages', async () => {
    const people = Array.from({ length: 7 }, (_, n) => user(id('a', 100 + n), `person${n}`));
    const large = group(
      id('b', 9),
      'large',
      {},
      people.map((each) => String(each.object.id)),
    );
    const objects = [...seed.objects, ...people, large];
    const sandbox = await start({ ...seed, objects }, { behaviour: { deltaMemberSlice: 3 } });
    const { pages, items, link } = await round(sandbox, '/groups/delta?$select=displayName,members');
    const told = byId(items, id('b', 9));
    expect(told.map((item) => (item['members@delta'] as Json[]).length)).toEqual([3, 3, 1]);
    expect(told.every((item) => item.displayName === 'large')).toBe(true);
    expect(pages.every((page) => byId(page, id('b', 9)).length <= 1)).toBe(true);
    for (const each of people) await sandbox.call('DELETE', `/groups/${id('b', 9)}/members/${each.object.id}/$ref`);
    const later = await round(sandbox, link);
    expect(later.pages.map((page) => page.length)).toEqual([1, 1, 1]);
    expect(membersOf(later.items)).toEqual(people.map((each) => [each.object.id, true]));
  });

  it.each([
    ['beta', 'v1.0', false],
    ['beta', 'beta', true],
    ['always', 'v1.0', true],
    ['never', 'beta', false],
  ] as const)('of service principals, where "%s" names them, asked in %s: %s', async (where, version, named) => {
    const sandbox = await start(withPrincipal, { behaviour: { deltaServicePrincipalMembers: where } });
    const root = version === 'beta' ? '/beta' : '';
    const { items, link } = await round(sandbox, `${root}/groups/delta?$select=displayName,members`);
    const told = { '@odata.type': '#microsoft.graph.servicePrincipal', id: id('e', 1) };
    const robots = byId(items, id('b', 7)).flatMap((item) => item['members@delta'] as Json[]);
    expect(robots.some((member) => member.id === id('e', 1))).toBe(named);
    if (named) expect(robots).toContainEqual(told);
    expect('members@delta' in (byId(items, id('b', 8))[0] as Json)).toBe(named);
    await sandbox.call('DELETE', `/groups/${id('b', 7)}/members/${id('e', 1)}/$ref`);
    expect((await round(sandbox, link)).items).toHaveLength(named ? 1 : 0);
  });
});

describe('permission grants', () => {
  it('go with the application they were given to, and hide while their user is in the recycle bin', async () => {
    const grant = (n: number, more: Json): SeedObject => ({
      collection: 'oauth2PermissionGrants',
      object: { id: `GRANT-${n}`, clientId: id('e', 1), resourceId: id('e', 3), scope: 'User.Read', ...more },
    });
    const resource = { ...principal, object: { ...principal.object, id: id('e', 3), appId: id('e', 4) } };
    const sandbox = await start({
      ...seed,
      objects: [
        ...seed.objects,
        principal,
        resource,
        grant(1, { consentType: 'AllPrincipals' }),
        grant(2, { consentType: 'Principal', principalId: ids.bob }),
      ],
    });
    let { items, link } = await round(sandbox, '/oauth2PermissionGrants/delta');
    const next = async () => {
      ({ items, link } = await round(sandbox, link));
      return items;
    };
    expect(items.map((item) => item.id)).toEqual(['GRANT-1', 'GRANT-2']);
    await sandbox.call('PATCH', '/oauth2PermissionGrants/GRANT-1', { scope: 'User.Read Mail.Read' });
    expect(await next()).toMatchObject([{ id: 'GRANT-1', scope: 'User.Read Mail.Read' }]);
    await sandbox.call('DELETE', `/users/${ids.bob}`);
    expect(await next()).toEqual([{ id: 'GRANT-2', '@removed': { reason: 'changed' } }]);
    await sandbox.call('POST', `/directory/deletedItems/${ids.bob}/restore`);
    expect(await next()).toMatchObject([{ id: 'GRANT-2', scope: 'User.Read' }]);
    await sandbox.call('DELETE', `/servicePrincipals/${id('e', 1)}`);
    expect((await next()).map((item) => [item.id, item['@removed']])).toEqual([
      ['GRANT-1', { reason: 'deleted' }],
      ['GRANT-2', { reason: 'deleted' }],
    ]);
  });
});

describe('a request for changes', () => {
  it.each([
    '$top=1',
    '$orderby=displayName',
    '$expand=manager',
    '$search="displayName:a"',
    '$count=true',
    "$filter=startswith(displayName,'a')",
    `$filter=${Array.from({ length: 51 }, (_, n) => `id eq '${id('a', n)}'`).join(' or ')}`,
    '$select=nonsense',
    '$deltatoken=nonsense',
    '$deltatoken=e30',
  ])('with %s is refused', async (query) => {
    const sandbox = await start();
    expect((await sandbox.get(`/users/delta?${query}`)).status).toBe(400);
  });

  it('may be filtered by ids, in this round and later ones', async () => {
    const sandbox = await start();
    const filter = encodeURIComponent(`id eq '${ids.ada}' or id eq '${ids.synced}'`);
    const { items, link } = await round(sandbox, `/users/delta?$select=city&$filter=${filter}`);
    expect(items.map((item) => item.id)).toEqual([ids.ada, ids.synced]);
    await sandbox.call('PATCH', `/users/${ids.bob}`, { city: 'Bonn' });
    await sandbox.call('PATCH', `/users/${ids.ada}`, { city: 'Bonn' });
    expect((await round(sandbox, link)).items.map((item) => item.id)).toEqual([ids.ada]);
  });

  it('may not select again what the token carries already', async () => {
    const sandbox = await start();
    const { link } = await round(sandbox, '/users/delta?$select=city');
    expect((await sandbox.get(`${link}&$select=city,department`)).status).toBe(400);
  });

  it('with a token of another collection or tenant is refused', async () => {
    const sandbox = await start();
    const { link } = await round(sandbox, '/users/delta');
    expect((await sandbox.get(link.replace('/users/', '/groups/'))).status).toBe(400);
    const other = await start({ ...seed, tenantId: tenantId.replace(/1/g, '2') });
    expect((await other.get(link.replace(sandbox.url, other.url))).status).toBe(400);
  });
});

describe('a token', () => {
  it('lives on when the sandbox is started again', async () => {
    const first = await start();
    const { link } = await round(first, '/users/delta?$select=city');
    await first.call('PATCH', `/users/${ids.ada}`, { city: 'Bonn' });
    await first.close();
    const second = await start(seed, { dataDir: first.dataDir });
    await second.call('PATCH', `/users/${ids.bob}`, { city: 'Köln' });
    const { items } = await round(second, link.replace(first.url, second.url));
    expect(items.map((item) => item.city)).toEqual(['Bonn', 'Köln']);
  });

  it('is too old after seven days, and says where to start again', async () => {
    const sandbox = await start();
    const { link } = await round(sandbox, '/users/delta?$select=city');
    sandbox.advance(7 * day);
    expect((await sandbox.get(link)).status).toBe(200);
    sandbox.advance(1000);
    const answer = await sandbox.get(link);
    expect(errorOf(answer).slice(0, 2)).toEqual([410, 'syncStateNotFound']);
    const location = String(answer.headers.get('location'));
    expect(location).toBe(`${sandbox.url}/v1.0/users/delta?$select=city&$deltatoken=`);
    expect((await round(sandbox, location)).items).toHaveLength(3);
  });

  it('that is too old is answered with 400 by other services', async () => {
    const sandbox = await start(seed, { behaviour: { deltaExpiredStatus: 400, deltaExpires: 1 } });
    const { link } = await round(sandbox, '/users/delta');
    sandbox.advance(day + 1);
    expect(errorOf(await sandbox.get(link)).slice(0, 2)).toEqual([400, 'syncStateNotFound']);
  });

  it('of a tenant that was made again is too old', async () => {
    const sandbox = await start();
    const { link } = await round(sandbox, '/users/delta');
    await sandbox.call('PATCH', `/users/${ids.ada}`, { city: 'Bonn' });
    const later = await round(sandbox, link);
    const again = await start();
    expect((await again.get(later.link.replace(sandbox.url, again.url))).status).toBe(410);
  });
});

describe('at its worst, the service', () => {
  const people = [ids.ada, ids.bob, id('a', 50), id('a', 51), id('a', 52)];
  const more = { ...seed, objects: [...seed.objects, ...people.slice(2).map((each) => user(each, `u${each}`))] };
  const change = async (sandbox: TestSandbox) => {
    for (const city of ['Aachen', 'Bonn', 'Celle'])
      for (const each of people) await sandbox.call('PATCH', `/users/${each}`, { city });
  };

  it('repeats items, tells old states after new ones, and does so again when asked again', async () => {
    const sandbox = await start(more, { behaviour: { deltaReplay: 1 } });
    const { link } = await round(sandbox, '/users/delta?$select=city');
    await change(sandbox);
    const { items } = await round(sandbox, link, { Prefer: 'odata.maxpagesize=2' });
    expect(items).toHaveLength(20);
    const told = items.filter((item) => item.id === ids.ada).map((item) => item.city);
    expect(told.sort()).toEqual(['Aachen', 'Bonn', 'Celle', 'Celle']);
    const cities = items.map((item) => item.city);
    expect(cities.lastIndexOf('Aachen')).toBeGreaterThan(cities.indexOf('Celle'));
    expect((await round(sandbox, link, { Prefer: 'odata.maxpagesize=5' })).items).toEqual(items);
  });

  it('tells an object as alive that it told as deleted', async () => {
    const sandbox = await start(seed, { behaviour: { deltaReplay: 1, seed: 3 } });
    const { link } = await round(sandbox, '/users/delta?$select=city');
    await sandbox.call('PATCH', `/users/${ids.ada}`, { city: 'Bonn' });
    await sandbox.call('DELETE', `/users/${ids.ada}`);
    const { items } = await round(sandbox, link);
    expect(items.filter((item) => '@removed' in item)).toHaveLength(2);
    expect(items.filter((item) => item.city === 'Bonn')).toHaveLength(1);
  });

  it('tells changes in another order', async () => {
    const orders = await Promise.all(
      [1, 2, 3, 4].map(async (number) => {
        const sandbox = await start(more, { behaviour: { deltaReorder: true, seed: number } });
        const { link } = await round(sandbox, '/users/delta?$select=city');
        await change(sandbox);
        return (await round(sandbox, link)).items.map((item) => item.id);
      }),
    );
    for (const order of orders) expect([...order].sort()).toEqual(people);
    expect(new Set(orders.map(String)).size).toBeGreaterThan(1);
  });

  it('does not know the newest changes yet, and tells them later', async () => {
    const sandbox = await start(seed, { behaviour: { deltaLatency: 60 } });
    let { link } = await round(sandbox, '/users/delta?$select=city');
    await sandbox.call('PATCH', `/users/${ids.ada}`, { city: 'Aachen' });
    sandbox.advance(61_000);
    await sandbox.call('PATCH', `/users/${ids.ada}`, { city: 'Bonn' });
    const early = await round(sandbox, link);
    expect(early.items).toEqual([{ id: ids.ada, city: 'Aachen' }]);
    link = early.link;
    sandbox.advance(61_000);
    expect((await round(sandbox, link)).items).toEqual([{ id: ids.ada, city: 'Bonn' }]);
  });
});
