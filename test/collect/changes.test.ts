/**
 * What happens to objects that no account of changes names: each way to find it out by itself, with the account that might
 * have told it made to name nothing.
 */

import { expect, it } from 'vitest';
import { byCodeUnit } from '../../src/model/object.js';
import { loadRegistry } from '../../src/registry/load.js';
import type { SeedObject } from '../../src/sandbox/seed.js';
import { play, type Sequence } from '../support/incremental.js';
import type { Damage } from '../support/random-damage.js';
import { idAt } from '../support/small-tenants.js';
import { workloadId } from '../support/small-workloads.js';

const registry = loadRegistry();
const [ADA, BOB] = [idAt('user', 0), idAt('user', 1)];
const [SALES] = [idAt('group', 0)];
const [APP, ROBOT, APP_ID] = [workloadId('7', 0), workloadId('8', 0), workloadId('6', 0)];

const user = (id: string, name: string, rest: Partial<SeedObject> = {}): SeedObject => ({
  collection: 'users',
  object: { id, displayName: name, userPrincipalName: `${name}@contoso.com`, mailNickname: name, accountEnabled: true },
  ...rest,
});

const objects: readonly SeedObject[] = [
  user(ADA, 'ada'),
  user(BOB, 'bob', { deletedDateTime: '2026-11-19T00:00:00Z' }),
  {
    collection: 'groups',
    object: {
      id: SALES,
      displayName: 'Sales',
      mailNickname: 'sales',
      groupTypes: [],
      mailEnabled: false,
      securityEnabled: true,
    },
    members: [ADA, BOB],
  },
  { collection: 'applications', object: { id: APP, appId: APP_ID, displayName: 'Robot' } },
  { collection: 'servicePrincipals', object: { id: ROBOT, appId: APP_ID, displayName: 'Robot', tags: ['own'] } },
  {
    collection: 'oauth2PermissionGrants',
    object: {
      id: 'grant',
      clientId: ROBOT,
      resourceId: ROBOT,
      consentType: 'AllPrincipals',
      principalId: null,
      scope: 'a',
    },
  },
];

const at = (kind: string, index = 0) => ({ kind, at: index });
const act = (op: 'delete' | 'restore' | 'purge', kind: string, index = 0): Damage => ({ op, target: at(kind, index) });
const link = (op: 'link' | 'unlink', member: ReturnType<typeof at>): Damage => ({
  op,
  target: at('group'),
  member,
});
const tags = (values: readonly string[]): Damage => ({
  op: 'set',
  target: at('application'),
  values: { application: { tags: values } },
});

it.each<[string, Partial<Sequence> & Pick<Sequence, 'steps'>]>([
  ['a link ends with its target', { silent: ['groups'], steps: [[act('delete', 'user')], [act('purge', 'user')], []] }],
  [
    'a link comes back with a target that was first seen in the recycle bin',
    { silent: ['groups'], steps: [[act('restore', 'user', 1)], []] },
  ],
  [
    'a link ends with a target that is not read itself',
    { silent: ['groups'], types: ['group', 'servicePrincipal', 'application'], steps: [[act('delete', 'user')], []] },
  ],
  [
    'a link ends with a target at which nobody looks',
    { silent: ['groups'], excluded: [`user/${ADA}`], steps: [[act('delete', 'user')], []] },
  ],
  [
    'a service principal becomes a member, and is none any more',
    {
      silent: ['groups'],
      steps: [[link('link', at('servicePrincipal'))], [link('unlink', at('servicePrincipal'))], []],
    },
  ],
  [
    'a service principal at which nobody looks becomes a member, goes, and comes back',
    {
      silent: ['groups'],
      excluded: [`servicePrincipal/${ROBOT}`],
      steps: [
        [link('link', at('servicePrincipal'))],
        [act('delete', 'servicePrincipal')],
        [act('restore', 'servicePrincipal')],
        [link('unlink', at('servicePrincipal'))],
      ],
    },
  ],
  [
    'a service principal with a membership goes and comes back',
    {
      silent: ['groups'],
      steps: [
        [link('link', at('servicePrincipal'))],
        [act('delete', 'servicePrincipal')],
        [act('restore', 'servicePrincipal')],
        [act('delete', 'servicePrincipal')],
        [act('purge', 'servicePrincipal')],
      ],
    },
  ],
  [
    'an edge goes and comes back with its end',
    {
      silent: ['oauth2PermissionGrants'],
      steps: [[act('delete', 'servicePrincipal')], [act('restore', 'servicePrincipal')], []],
    },
  ],
  [
    'an application takes a value of its service principal, gives it back, and goes',
    { silent: ['servicePrincipals'], steps: [[tags(['own', 'more'])], [tags([])], [act('delete', 'application')], []] },
  ],
  [
    'a property with a request of its own',
    { optional: true, silent: ['users'], steps: [[{ op: 'mfa', target: at('user'), state: 'enforced' }], []] },
  ],
  ['what was in the recycle bin comes back', { silent: ['users'], steps: [[act('restore', 'user', 1)], []] }],
  ['what was in the recycle bin is gone', { silent: ['users'], steps: [[act('purge', 'user', 1)], []] }],
  ['something goes to the recycle bin', { silent: ['users', 'groups'], steps: [[act('delete', 'user')], []] }],
])('%s', async (_, given) => {
  const rest = { objects, behaviour: {}, optional: false, types: undefined, excluded: [] };
  const run = await play(registry, { ...rest, ...given });
  for (const [index, { incremental, whole, followed, culprit }] of run.steps
    .map((step) => ({ ...step, ...run }))
    .entries()) {
    const contents = ({ ids }: typeof whole) => [...ids].sort(([a], [b]) => byCodeUnit(a, b));
    expect(contents(incremental), `backup ${index}: ${culprit.log.join('; ')}`).toEqual(contents(whole));
    expect(followed.size).toBeGreaterThan(2);
  }
  const changed = run.steps.some(
    ({ previous, whole }) =>
      [...whole.ids].some(([key, id]) => previous.ids.get(key) !== id) ||
      previous.ids.size !== (whole.ids as ReadonlyMap<string, string>).size,
  );
  expect(changed, `something happened: ${run.culprit.log.join('; ')}`).toBe(true);
});
