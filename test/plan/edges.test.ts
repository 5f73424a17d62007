import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/model/change.js';
import type { JsonObject } from '../../src/model/json.js';
import type { DirectoryObject, ObjectKey, Presence } from '../../src/model/object.js';
import { type JudgeContext, type Judgement, judge, type TargetStanding } from '../../src/plan/judge.js';
import { assemblePlan, type PlanFrame } from '../../src/plan/plan.js';
import { loadRegistry } from '../../src/registry/load.js';
import { canonicalise } from '../../src/state/canonical.js';
import { typeNamed } from '../support/memory-state.js';

const registry = loadRegistry();
const id = (last: string) => `f0000000-0000-4000-8000-00000000000${last}`;
const [ADA, CRM, MAIL, ROLE] = ['1', 'a', 'b', 'c'].map(id) as [string, string, string, string];

function object(type: string, raw: JsonObject): DirectoryObject {
  return canonicalise(typeNamed(registry, type), raw, { deleted: null, links: {} })?.object as DirectoryObject;
}

const assignment = object('appRoleAssignment', { principalId: ADA, resourceId: CRM, appRoleId: ROLE });
const grant = object('oauth2PermissionGrant', {
  clientId: MAIL,
  resourceId: CRM,
  consentType: 'AllPrincipals',
  scope: 'User.Read',
});
const held = object('roleAssignment', { roleDefinitionId: ROLE, principalId: ADA, directoryScopeId: '/' });

const context: JudgeContext = {
  allowDelete: () => false,
  standing: () => 'active',
  desiredPresence: () => 'active',
  labelOf: (of) => (of === ADA ? 'Ada' : of),
  linkedFrom: () => [],
  holder: () => undefined,
  needed: () => [],
};

function judged(edge: DirectoryObject, desired: Presence, live: Presence, more: Partial<JudgeContext> = {}): Judgement {
  const change: Change = {
    object: edge.key,
    label: 'Ada: CRM.Admin',
    desired,
    live,
    properties: [],
    links: [],
    ...(desired === 'active' ? { desiredObject: edge } : {}),
    ...(live === 'active' ? { liveObject: edge } : {}),
  };
  const type = typeNamed(registry, edge.key.slice(0, edge.key.indexOf('/')));
  return judge(type, change, { ...context, ...more });
}

/** What becomes of an edge, in a word. */
function verdict({ edge, blocked, unread, kept, action, set, links }: Judgement): string {
  expect([kept, action, set, links]).toEqual([undefined, undefined, [], []]);
  if (unread === true) return 'report';
  return edge?.action ?? blocked[0]?.code ?? 'nothing';
}

const OWNER: ObjectKey = `servicePrincipal/${CRM}`;

describe('an edge that is on one side', () => {
  const TABLE: Readonly<Record<Presence, Readonly<Record<Exclude<Presence, 'deleted'>, string>>>> = {
    active: { active: 'nothing', absent: 'link', unknown: 'report' },
    deleted: { active: 'unlink', absent: 'nothing', unknown: 'nothing' },
    absent: { active: 'unlink', absent: 'nothing', unknown: 'nothing' },
    unknown: { active: 'nothing', absent: 'nothing', unknown: 'nothing' },
  };
  const cells = Object.entries(TABLE).flatMap(([desired, row]) =>
    Object.entries(row).map(([live, expected]) => [desired as Presence, live as Presence, expected] as const),
  );

  it.each(cells)('%s at the backup and %s now: %s', (desired, live, expected) => {
    expect(verdict(judged(assignment, desired, live))).toBe(expected);
  });

  it('is removed whether or not deletes were asked for: what it connects stays', () => {
    for (const allowDelete of [() => true, () => false])
      expect(verdict(judged(assignment, 'absent', 'active', { allowDelete }))).toBe('unlink');
  });

  it('is made of what identifies it and what can be set, and of nothing else', () => {
    expect(judged(assignment, 'active', 'absent').edge).toEqual({
      action: 'link',
      owner: OWNER,
      set: [
        { path: 'principalId', desired: ADA },
        { path: 'resourceId', desired: CRM },
        { path: 'appRoleId', desired: ROLE },
      ],
    });
    expect(judged(grant, 'active', 'absent').edge?.set).toEqual([
      { path: 'clientId', desired: MAIL },
      { path: 'resourceId', desired: CRM },
      { path: 'consentType', desired: 'AllPrincipals' },
      { path: 'principalId', desired: null },
      { path: 'scope', desired: 'User.Read' },
    ]);
    expect(judged(grant, 'absent', 'active').edge).toEqual({ action: 'unlink', owner: OWNER, set: [] });
  });
});

describe('an edge that should be there', () => {
  const standings: readonly (readonly [TargetStanding, string])[] = [
    ['active', 'link'],
    ['restored', 'link'],
    ['deleted', 'KG510'],
    ['absent', 'KG510'],
    ['nowhere', 'KG510'],
    ['unknown', 'KG510'],
  ];

  it.each(standings)('with an end that is %s: %s, whichever end it is', (standing, expected) => {
    for (const end of [ADA, CRM]) {
      const result = judged(assignment, 'active', 'absent', { standing: (of) => (of === end ? standing : 'active') });
      expect(verdict(result)).toBe(expected);
      if (expected === 'link') continue;
      expect(result.edge).toBeUndefined();
      expect(result.blocked).toHaveLength(1);
      expect(result.blocked[0]).toMatchObject({ object: assignment.key, label: 'Ada: CRM.Admin' });
      const named = end === ADA ? `Ada (${end})` : end;
      expect(result.blocked[0]?.reason.slice(0, named.length + 1)).toBe(`${named} `);
      expect(result.blocked[0]?.remedy).toMatch(/^\w.*\.$/);
    }
  });

  it('asks where each end is among the types that it may be of', () => {
    const asked: string[] = [];
    judged(assignment, 'active', 'absent', {
      standing: (of, types) => {
        asked.push(`${of} ${types.join(' ')}`);
        return 'active';
      },
    });
    // The role is an item of the resource, and no end.
    expect(asked.sort()).toEqual([`${ADA} user group servicePrincipal`, `${CRM} servicePrincipal`].sort());
  });
});

describe('an edge that should not be there', () => {
  it('is left alone where an end of it was in the recycle bin at the backup: it came back with it', () => {
    for (const end of [ADA, CRM])
      for (const edge of [assignment, held])
        expect(
          verdict(
            judged(edge, 'absent', 'active', {
              desiredPresence: (of) => (of === end || edge === held ? 'deleted' : 'active'),
            }),
          ),
        ).toBe('nothing');
  });

  it('is removed where an end of it came after the backup, and left to its owner where that did', () => {
    const since = (types: readonly string[]) => (_: string, ends: readonly string[]) =>
      types.join() === ends.join() ? ('absent' as const) : ('active' as const);
    const principal = since(['user', 'group', 'servicePrincipal']);
    const owner = since(['servicePrincipal']);
    expect(verdict(judged(assignment, 'absent', 'active', { desiredPresence: principal }))).toBe('unlink');
    expect(verdict(judged(assignment, 'absent', 'active', { desiredPresence: owner }))).toBe('nothing');
  });

  it('is left alone where nobody knows where an end of it was: edges of what is in the recycle bin are not listed', () => {
    const desiredPresence = () => 'unknown' as const;
    expect(verdict(judged(assignment, 'absent', 'active', { desiredPresence }))).toBe('nothing');
  });

  it('is removed wherever its ends are now', () => {
    for (const standing of ['active', 'restored', 'deleted', 'absent', 'unknown'] as const)
      expect(verdict(judged(assignment, 'absent', 'active', { standing: () => standing }))).toBe('unlink');
  });
});

describe('an edge that is only read', () => {
  it('is shown with what a person can do', () => {
    for (const [desired, live] of [
      ['active', 'absent'],
      ['absent', 'active'],
    ] as const) {
      const result = judged(held, desired, live);
      expect([result.edge, result.blocked.map(({ code, object: of }) => [code, of])]).toEqual([
        undefined,
        [['KG503', held.key]],
      ]);
      expect(result.blocked[0]?.remedy).toMatch(/^\w.*\.$/);
    }
    expect(verdict(judged(held, 'active', 'unknown'))).toBe('report');
  });

  it('is seen later where an end of it comes back, and waits where an end is missing', () => {
    const standing = (at: TargetStanding) => ({ standing: (of: string) => (of === ADA ? at : ('active' as const)) });
    expect(verdict(judged(held, 'active', 'absent', standing('restored')))).toBe('nothing');
    for (const at of ['deleted', 'absent', 'unknown'] as const)
      expect(verdict(judged(held, 'active', 'absent', standing(at)))).toBe('KG510');
  });
});

describe('a plan', () => {
  const plan = (...judgements: Judgement[]) =>
    assemblePlan({ problems: [] } as unknown as PlanFrame, judgements, registry, (of) =>
      of === CRM ? 'CRM' : undefined,
    );
  const restoredUser = judge(
    typeNamed(registry, 'user'),
    {
      object: `user/${ADA}`,
      label: 'Ada',
      desired: 'active',
      live: 'deleted',
      properties: [],
      links: [],
      desiredObject: { key: `user/${ADA}`, properties: { id: ADA }, links: {} },
    },
    context,
  );

  it('has edges among the links of their owners: what is made before what is removed', () => {
    const { actions, summary } = plan(judged(grant, 'absent', 'active'), judged(assignment, 'active', 'absent'));
    expect(actions).toMatchObject([
      {
        n: 1,
        phase: 'links',
        action: 'link',
        object: OWNER,
        label: 'CRM',
        link: 'appRoleAssignment',
        target: `${ADA}_${CRM}_${ROLE}`,
        targetLabel: 'Ada: CRM.Admin',
      },
      {
        n: 2,
        phase: 'links',
        action: 'unlink',
        object: OWNER,
        link: 'oauth2PermissionGrant',
        target: `${MAIL}_${CRM}`,
      },
    ]);
    expect(summary).toEqual({
      restore: 0,
      recreate: 0,
      update: 0,
      softDelete: 0,
      link: 1,
      unlink: 1,
      blocked: 0,
      kept: 0,
    });
    for (const action of actions) expect(action).not.toHaveProperty('conditional');
    expect(actions[1]).not.toHaveProperty('set');
  });

  it('says of an edge that it may come back with an end of it that the plan restores', () => {
    const { actions } = plan(judged(assignment, 'active', 'absent'), judged(grant, 'active', 'absent'), restoredUser);
    expect(actions.map((action) => [action.action, 'conditional' in action])).toEqual([
      ['restore', false],
      ['link', true],
      ['link', false],
    ]);
  });
});
