/** Which differences after an apply are the plan's own, and which are new since. */

import { describe, expect, it } from 'vitest';
import type { ObjectKey } from '../../src/model/object.js';
import type { Action, Blocked, LinkAction, Plan } from '../../src/model/plan.js';
import { loadRegistry } from '../../src/registry/load.js';
import { concernOf, nowBlocked } from '../../src/verification.js';

const registry = loadRegistry();
const id = (last: string) => `f0000000-0000-4000-8000-00000000000${last}`;
const [ADA, BOB, CRM, ROLE] = ['1', '2', 'a', 'c'].map(id) as [string, string, string, string];
const OWNER: ObjectKey = `servicePrincipal/${CRM}`;
const edge = (who: string) => `${who}_${CRM}_${ROLE}`;

const link = (target: string): LinkAction => ({
  n: 1,
  phase: 'links',
  action: 'link',
  object: OWNER,
  label: '',
  link: 'appRoleAssignment',
  target,
  targetLabel: '',
});
const restored = (object: ObjectKey): Action => ({
  n: 1,
  phase: 'objects',
  rank: 0,
  action: 'restore',
  object,
  label: '',
  set: [],
});
const blocked = (object: ObjectKey): Blocked => ({ object, label: '', code: 'KG510', reason: '', remedy: '' });

const isOurs = (
  plan: { readonly actions?: readonly Action[]; readonly blocked?: readonly Blocked[] },
  target: string,
) =>
  concernOf({ registry }, { actions: [], blocked: [], ...plan } as unknown as Plan)({
    object: OWNER,
    label: '',
    path: `appRoleAssignment ${target}`,
    link: 'appRoleAssignment',
    target,
  });

describe('an edge that differs after an apply', () => {
  it('is the plan’s own where the plan was about it', () => {
    expect(isOurs({ actions: [link(edge(ADA))] }, edge(ADA))).toBe(true);
    expect(isOurs({ actions: [link(edge(ADA))] }, edge(BOB))).toBe(false);
  });

  it('is the plan’s own where the plan had to leave it blocked, and it is possible now', () => {
    expect(isOurs({ blocked: [blocked(`appRoleAssignment/${edge(ADA)}`)] }, edge(ADA))).toBe(true);
    expect(isOurs({ blocked: [blocked(`appRoleAssignment/${edge(ADA)}`)] }, edge(BOB))).toBe(false);
  });

  it('is the plan’s own where either end of it came back by the plan', () => {
    for (const object of [`user/${ADA}`, OWNER] as const)
      expect(isOurs({ actions: [restored(object)] }, edge(ADA))).toBe(true);
    expect(isOurs({ actions: [restored(`user/${BOB}`)] }, edge(ADA))).toBe(false);
  });

  it('is the plan’s own where it came back holding something else', () => {
    const differs = { object: `appRoleAssignment/${edge(ADA)}` as ObjectKey, label: '', path: 'scope' };
    const about = (actions: readonly Action[]) =>
      concernOf({ registry }, { actions, blocked: [] } as unknown as Plan)(differs);
    expect([about([link(edge(ADA))]), about([link(edge(BOB))])]).toEqual([true, false]);
  });
});

describe('a link that differs after an apply', () => {
  it('is not the plan’s own because the plan linked the same object elsewhere', () => {
    const member = (object: ObjectKey): LinkAction => ({ ...link(ADA), object, link: 'members' });
    const differs = {
      object: `group/${CRM}` as ObjectKey,
      label: '',
      path: `members ${ADA}`,
      link: 'members',
      target: ADA,
    };
    const about = (action: Action) =>
      concernOf({ registry }, { actions: [action], blocked: [] } as unknown as Plan)(differs);
    expect([about(member(`group/${CRM}`)), about(member(`group/${ROLE}`))]).toEqual([true, false]);
    expect(about(restored(`user/${ADA}`))).toBe(true);
  });
});

describe('what is blocked after an apply', () => {
  const update = (path: string): Action => ({
    ...(restored(OWNER) as Extract<Action, { readonly set: readonly unknown[] }>),
    action: 'update',
    set: [{ path, live: 'a', desired: 'b' }],
  });
  const still = (actions: readonly Action[], before: readonly Blocked[], after: readonly Blocked[]) =>
    nowBlocked({ registry }, { actions, blocked: before } as unknown as Plan, { blocked: after }).map(
      ({ object, path }) => `${object} ${path}`,
    );
  const at = (path: string): Blocked => ({ ...blocked(OWNER), path });

  it('remains where the plan was to set it right', () => {
    expect(still([update('notes')], [], [at('notes')])).toEqual([`${OWNER} notes`]);
    const key: ObjectKey = `appRoleAssignment/${edge(ADA)}`;
    expect(still([link(edge(ADA))], [], [blocked(key)])).toEqual([`${OWNER} appRoleAssignment ${edge(ADA)}`]);
  });

  it('does not where the plan said so, or was about something else', () => {
    expect(still([update('notes')], [at('notes')], [at('notes')])).toEqual([]);
    expect(still([update('notes')], [], [at('homepage')])).toEqual([]);
    expect(still([restored(OWNER)], [], [at('homepage')])).toEqual([]);
  });
});
