import { describe, expect, it } from 'vitest';
import type { Action, Plan } from '../src/model/plan.js';
import { explainRefusals } from '../src/refusals.js';
import { loadRegistry } from '../src/registry/load.js';

const registry = loadRegistry();
const common = { label: '', phase: 'objects', rank: 0, n: 1 } as const;
const object = 'user/a0000000-0000-4000-8000-000000000001' as const;
const group = 'group/a0000000-0000-4000-8000-000000000002' as const;
const value = (path: string) => ({ path, live: null, desired: 'x' });
const DENIED = { status: 403, code: 'Authorization_RequestDenied', message: 'Insufficient privileges.' };

function told(action: object, held?: readonly string[]): string {
  const plan = { actions: [{ ...common, ...action } as Action] } as unknown as Plan;
  return explainRefusals(plan, registry, held === undefined ? undefined : new Set(held))([1], DENIED).message;
}

describe('a refused write says what it takes', () => {
  it.each<[string, object, string]>([
    ['an update', { action: 'update', object, set: [value('department')] }, 'It takes User.ReadWrite.All.'],
    [
      'an update of a property with a permission of its own',
      { action: 'update', object, set: [value('employeeLeaveDateTime')] },
      'It takes User-LifeCycleInfo.ReadWrite.All, User.ReadWrite.All.',
    ],
    ['a restore', { action: 'restore', object, set: [] }, 'It takes User.DeleteRestore.All, User.ReadWrite.All.'],
    ['a soft-delete', { action: 'soft-delete', object, set: [] }, 'It takes User.DeleteRestore.All.'],
    [
      'a member',
      { action: 'link', object: group, link: 'members', target: 'x' },
      'It takes GroupMember.ReadWrite.All, and RoleManagement.ReadWrite.Directory for objects where isAssignableToRole is true.',
    ],
    [
      'an edge',
      { action: 'link', object: 'servicePrincipal/x', link: 'oauth2PermissionGrant', target: 'x' },
      'It takes DelegatedPermissionGrant.ReadWrite.All.',
    ],
  ])('%s', (_, action, expected) => expect(told(action)).toBe(`Insufficient privileges. ${expected}`));

  const update = { action: 'update', object, set: [value('accountEnabled')] };

  it('and what of it the identity lacks', () => {
    expect(told(update, ['User.Read.All'])).toContain('The identity lacks User.ReadWrite.All.');
  });

  it('and what it takes for some objects, where the identity has all that others take', () => {
    const member = { action: 'link', object: group, link: 'members', target: 'x' };
    expect(told(member, ['GroupMember.ReadWrite.All'])).toContain(
      'The identity lacks what some objects take: RoleManagement.ReadWrite.Directory for objects where isAssignableToRole is true.',
    );
    expect(told(member, [])).toContain('The identity lacks GroupMember.ReadWrite.All.');
    expect(told(member, ['GroupMember.ReadWrite.All', 'RoleManagement.ReadWrite.Directory'])).toContain(
      'directory role',
    );
    const agent = { action: 'restore', object: 'servicePrincipal/x', set: [] };
    expect(told(agent, ['Application.ReadWrite.All'])).toContain('AgentIdentity.DeleteRestore.All');
  });

  it('and that roles protect, where it lacks nothing', () => {
    expect(told(update, ['User.ReadWrite.All'])).toContain('takes a directory role, too.');
  });

  it('but nothing of what was refused for another reason', () => {
    const explain = explainRefusals({ actions: [{ ...common, ...update }] } as unknown as Plan, registry, undefined);
    const error = { status: 400, code: 'Request_BadRequest', message: 'Invalid value.' };
    expect(explain([1], error)).toBe(error);
  });
});
