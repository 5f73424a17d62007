/** The least time that Graph's limits leave for a plan, against the published arithmetic. */

import { describe, expect, it } from 'vitest';
import { createLeft, leastTime } from '../../src/apply/least-time.js';
import type { Action, LinkAction, ObjectAction } from '../../src/model/plan.js';
import { loadRegistry } from '../../src/registry/load.js';

const registry = loadRegistry();
const numbers = (count: number) => Array.from({ length: count }, (_, at) => at);
const update = (type: string, n: number, paths = ['displayName']): ObjectAction => ({
  n,
  phase: 'objects',
  rank: 0,
  action: 'update',
  object: `${type}/${n}` as ObjectAction['object'],
  label: '',
  set: paths.map((path) => ({ path, live: 'a', desired: 'b' })),
});
const link = (n: number, action: LinkAction['action'], group: number, name = 'members'): LinkAction => ({
  n,
  phase: 'links',
  action,
  object: `${name === 'members' ? 'group' : 'servicePrincipal'}/${group}` as LinkAction['object'],
  label: '',
  link: name,
  target: `${n}`,
  targetLabel: '',
});
const joins = (groups: number, each: number) =>
  numbers(groups * each).map((n) => link(n, 'link', Math.floor(n / each)));

describe('the least time of a plan', () => {
  it.each<[string, readonly Action[], ReturnType<typeof leastTime>]>([
    ['nothing', [], undefined],
    ['as many writes as are allowed at once', numbers(3000).map((n) => update('user', n)), undefined],
    ['a few seconds more', numbers(3180).map((n) => update('user', n)), undefined],
    ['50,000 users', numbers(50_000).map((n) => update('user', n)), { seconds: 2350 }],
    [
      'objects that take two requests each',
      numbers(2000).map((n) => update('user', n, ['displayName', 'jobTitle', 'perUserMfaState'])),
      { seconds: 50 },
    ],
    ['members, packed by 20', joins(10_000, 20), { seconds: 350, secondsIfReferencesCount: 3350 }],
    ['members, of which 20 and 5 fit', joins(4000, 25), { seconds: 250, secondsIfReferencesCount: 1650 }],
    ['removals, one by one', numbers(5000).map((n) => link(n, 'unlink', 1)), { seconds: 100 }],
    ['edges, one by one', numbers(5000).map((n) => link(n, 'link', 1, 'appRoleAssignment')), { seconds: 100 }],
    [
      'policies, once in a second, and a list for every twenty',
      numbers(100).map((n) => update('conditionalAccessPolicy', n)),
      { seconds: 104 },
    ],
  ])('%s', (_, actions, time) => {
    expect(leastTime(actions, registry)).toEqual(time);
  });

  it('gets shorter with every action that is done, and with what may be written at once', () => {
    const actions = numbers(4000).map((n) => update('user', n));
    const left = createLeft(actions, registry);
    expect(left.seconds('least', 0)).toBe(200);
    for (const action of actions.slice(0, 1000)) left.take(action);
    expect(left.seconds('least', 0)).toBe(150);
    expect(left.seconds('least', 1000)).toBe(100);
    for (const action of actions.slice(1000)) left.take(action);
    expect(left.seconds('least', 0)).toBe(0);
  });
});
