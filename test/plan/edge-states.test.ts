/** Edges of two states: what a scope takes in, what is not known, and what becomes of what came with the tenant. */

import { describe, expect, it } from 'vitest';
import { compareStates } from '../../src/comparison.js';
import type { JsonObject } from '../../src/model/json.js';
import type { DirectoryObject, ObjectKey } from '../../src/model/object.js';
import { isLinkAction, type PlanContent, type Scope } from '../../src/model/plan.js';
import { assemblePlan, type PlanFrame } from '../../src/plan/plan.js';
import { loadRegistry } from '../../src/registry/load.js';
import { scopeTest, typesFor, typesIn } from '../../src/scope.js';
import { canonicalise } from '../../src/state/canonical.js';
import { EVERYTHING, type MadeUp, stateOf, typeNamed } from '../support/memory-state.js';

const registry = loadRegistry();
const id = (last: string) => `f0000000-0000-4000-8000-00000000000${last}`;
const [ADA, CRM, MAIL, ROLE] = ['1', 'a', 'b', 'c'].map(id) as [string, string, string, string];
const DELETED = '2026-11-01T00:00:00Z';
const considered = { registry, types: registry.types, excluded: new Set<ObjectKey>() };

function object(type: string, raw: JsonObject, deleted: string | null = null): DirectoryObject {
  const found = canonicalise(typeNamed(registry, type), raw, { deleted, links: {} });
  if (found === undefined) throw new Error(`no canonical form of a ${type}`);
  return found.object;
}

const user = (deleted: string | null = null) =>
  object('user', { id: ADA, displayName: 'Ada', userPrincipalName: 'ada@x' }, deleted);
const principal = (of: string, displayName: string, deleted: string | null = null) =>
  object(
    'servicePrincipal',
    {
      id: of,
      displayName,
      appRoles: [{ id: ROLE, value: 'CRM.Admin', allowedMemberTypes: ['User'], isEnabled: true }],
    },
    deleted,
  );
const [crm, mail] = [principal(CRM, 'CRM'), principal(MAIL, 'Mail')];
const assignment = object('appRoleAssignment', { id: 'e-1', principalId: ADA, resourceId: CRM, appRoleId: ROLE });
const grant = (scope = 'User.Read') =>
  object('oauth2PermissionGrant', { id: 'g-1', clientId: MAIL, resourceId: CRM, consentType: 'AllPrincipals', scope });
const held = object('roleAssignment', { id: 'r-1', roleDefinitionId: ROLE, principalId: ADA, directoryScopeId: '/' });

interface Given {
  readonly scope?: Partial<Scope>;
  readonly excluded?: readonly ObjectKey[];
  readonly of?: { readonly desired?: MadeUp; readonly live?: MadeUp };
}

async function plan(
  desired: readonly DirectoryObject[],
  live: readonly DirectoryObject[],
  { scope, excluded, of }: Given = {},
): Promise<PlanContent> {
  const { judgements, names, problems } = await compareStates(
    { ...considered, excluded: new Set(excluded) },
    stateOf(registry, desired, { kind: 'backup', ...of?.desired }),
    stateOf(registry, live, of?.live ?? {}),
    { ...EVERYTHING, ...scope },
  );
  return assemblePlan({ problems } as unknown as PlanFrame, judgements, registry, (name) => names.get(name));
}

const steps = ({ actions }: PlanContent) =>
  actions.map(
    (action) => `${action.action} ${isLinkAction(action) ? `${action.link} ${action.target}` : action.object}`,
  );

const LINK = `link appRoleAssignment ${ADA}_${CRM}_${ROLE}`;

describe('an edge that only one side has', () => {
  it('is made or removed as a link of its owner, and named after what it connects', async () => {
    const objects = [user(), crm, mail];
    const back = await plan([...objects, assignment], objects);
    expect(back.actions).toMatchObject([
      { object: `servicePrincipal/${CRM}`, label: 'CRM', targetLabel: 'ada@x: CRM.Admin' },
    ]);
    expect(steps(back)).toEqual([LINK]);
    expect(back.summary).toMatchObject({ link: 1, unlink: 0, update: 0, softDelete: 0, kept: 0, blocked: 0 });
    const away = await plan(objects, [...objects, assignment]);
    expect(steps(away)).toEqual([LINK.replace('link', 'unlink')]);
    expect(away.summary).toMatchObject({ link: 0, unlink: 1, softDelete: 0, kept: 0 });
  });

  it('comes back with an object that the plan restores, or waits for it', async () => {
    const result = await plan([user(), crm, assignment], [user(DELETED), crm]);
    expect(steps(result)).toEqual([`restore user/${ADA}`, LINK]);
    expect(result.actions[1]).toMatchObject({ conditional: true });
    const alone = await plan([user(), crm, assignment], [user(DELETED), crm], {
      scope: { types: ['servicePrincipal'] },
    });
    expect(alone.actions).toEqual([]);
    expect(alone.blocked).toMatchObject([{ code: 'KG510', object: assignment.key }]);
    expect(alone.blocked[0]?.reason).toContain('ada@x');
    expect(alone.blocked[0]?.target).toBe(ADA);
  });

  it('that holds something else is written, and never made anew', async () => {
    const result = await plan([crm, mail, grant()], [crm, mail, grant('User.Read Mail.Read')]);
    expect(steps(result)).toEqual([`update ${grant().key}`]);
    expect(result.actions[0]).toMatchObject({
      set: [{ path: 'scope', live: 'Mail.Read User.Read', desired: 'User.Read' }],
    });
  });

  it('and is only read is shown', async () => {
    for (const sides of [
      [[held], []],
      [[], [held]],
    ] as const) {
      const result = await plan(sides[0], sides[1]);
      expect(result.actions).toEqual([]);
      expect(result.blocked.map(({ code }) => code)).toEqual(['KG503']);
    }
  });
});

describe('an edge of which a side knows nothing', () => {
  const objects = [user(), crm, mail];

  it('is neither made nor removed', async () => {
    const gaps = [{ what: 'appRoleAssignment', status: 'partial' as const, reason: '403' }];
    const unread = await plan([...objects, assignment], objects, { of: { live: { gaps } } });
    expect([unread.actions, unread.blocked, unread.problems.map(({ code }) => code)]).toEqual([[], [], ['KG601']]);
    const unknown = { unknown: new Set([assignment.key]) };
    const kept = await plan(objects, [...objects, assignment], { of: { live: unknown } });
    expect([kept.actions, kept.blocked]).toEqual([[], []]);
    const never = await plan(objects, [...objects, assignment], { of: { desired: { gaps } } });
    expect([never.actions, never.blocked]).toEqual([[], []]);
  });

  it('is not taken for absent where its owner was left out, or is of a kind that nobody knows', async () => {
    const unknown = { unknown: new Set<ObjectKey>([crm.key]) };
    const away = await plan([user(), mail], [...objects, assignment, grant()], { of: { desired: unknown } });
    expect([away.actions, away.blocked]).toEqual([[], []]);
    const back = await plan([...objects, assignment], objects, { of: { live: unknown } });
    expect([back.actions, back.blocked]).toEqual([[], []]);
  });
});

describe('a scope', () => {
  const [desired, live] = [
    [user(), crm, mail, assignment, grant()],
    [user(), crm, mail],
  ];
  const GRANT = `link oauth2PermissionGrant ${MAIL}_${CRM}`;

  it.each<readonly [string, Partial<Scope>, readonly string[]]>([
    ['of everything has every edge', {}, [LINK, GRANT]],
    ['of a type has the edges of its objects', { types: ['servicePrincipal'] }, [LINK, GRANT]],
    ['of an object has its edges', { targets: [crm.key] }, [LINK, GRANT]],
    ['of an object at the other end has none', { targets: [mail.key] }, []],
    ['of the type at the other end has none', { types: ['user'] }, []],
    ['of a type of edges has these', { types: ['oauth2PermissionGrant'] }, [GRANT]],
    ['of one edge has this', { targets: [assignment.key] }, [LINK]],
    ['without an owner has none of its edges', { exclude: [crm.key] }, []],
    ['without an edge has the others', { exclude: [assignment.key] }, [GRANT]],
    ['of an object without one of its edges', { targets: [crm.key], exclude: [grant().key] }, [LINK]],
    ['without an object at the other end has not those that end there', { exclude: [mail.key] }, [LINK]],
  ])('%s', async (_, scope, expected) => {
    expect(steps(await plan(desired, live, { scope }))).toEqual(expected);
  });

  it('tells of edges outside it that end at a target, and of those that are left alone with an end', async () => {
    const told = async (scope: Partial<Scope>) =>
      (await plan(desired, live, { scope })).problems.map(({ code, severity, message }) => [code, severity, message]);
    const toMail = `Mail (${mail.key})`;
    expect(await told({ targets: [mail.key] })).toEqual([
      [
        'KG602',
        'warning',
        `1 differing link that leads to what is in scope belongs to objects outside it: CRM (${crm.key}).`,
      ],
    ]);
    expect(await told({ exclude: [mail.key] })).toEqual([
      ['KG608', 'note', `1 differing link to what is excluded is left alone, too: from CRM (${crm.key}) to ${toMail}.`],
    ]);
    expect(await told({ targets: [mail.key, crm.key] })).toEqual([]);
    expect(await told({ targets: [mail.key], exclude: [crm.key] })).toEqual([]);
    expect(await told({ targets: [mail.key], exclude: [grant().key] })).toEqual([]);
    expect(await told({})).toEqual([]);
  });

  it('has no edge of an owner, and no edge, that the configuration leaves out', async () => {
    expect(steps(await plan(desired, live, { excluded: [crm.key] }))).toEqual([]);
    expect(steps(await plan(desired, live, { excluded: [assignment.key] }))).toEqual([GRANT]);
    const some = { ...considered, types: registry.types.filter(({ name }) => name !== 'appRoleAssignment') };
    expect(scopeTest(some, EVERYTHING)(assignment.key)).toBe(false);
  });

  it('is about the edges of its types, and needs what they connect to be read', () => {
    const names = (types: readonly { readonly name: string }[]) => types.map(({ name }) => name).sort();
    const scope = { ...EVERYTHING, types: ['servicePrincipal'] };
    expect(names(typesIn(considered, scope))).toEqual([
      'appRoleAssignment',
      'oauth2PermissionGrant',
      'servicePrincipal',
    ]);
    expect(names(typesFor(considered, scope))).toEqual(expect.arrayContaining(['group', 'servicePrincipal', 'user']));
    const one = { ...EVERYTHING, targets: [held.key] };
    expect(names(typesIn(considered, one))).toEqual(['roleAssignment']);
    expect(names(typesFor(considered, one))).toEqual(expect.arrayContaining(['roleDefinition', 'user', 'group']));
  });
});

describe('objects that came with the tenant', () => {
  const role = (isBuiltIn: boolean, displayName: string) =>
    object('roleDefinition', { id: ROLE, displayName, isBuiltIn, description: displayName });

  it('are never a difference, wherever they are', async () => {
    const [before, after] = [role(true, 'Before'), role(true, 'After')];
    for (const [desired, live] of [
      [[before], [after]],
      [[before], []],
      [[], [after]],
    ] as const) {
      const result = await plan(desired, live, { scope: { allowDelete: ['*'] } });
      expect([result.actions, result.blocked, result.kept]).toEqual([[], [], []]);
    }
    const own = await plan([role(false, 'Before')], [role(false, 'After')]);
    expect(own.blocked.map(({ code }) => code)).toEqual(['KG503', 'KG503']);
  });
});
