import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/model/change.js';
import type { Json, JsonObject } from '../../src/model/json.js';
import type { DirectoryObject, Presence } from '../../src/model/object.js';
import { type JudgeContext, judge } from '../../src/plan/judge.js';
import { assemblePlan, type PlanFrame } from '../../src/plan/plan.js';
import { loadRegistry } from '../../src/registry/load.js';
import { typeNamed } from '../support/memory-state.js';

const registry = loadRegistry();
const ADA = 'a0000000-0000-4000-8000-000000000001';
const BOB = 'a0000000-0000-4000-8000-000000000002';

const context: JudgeContext = {
  allowDelete: () => false,
  standing: () => 'active',
  desiredPresence: () => 'active',
  labelOf: (id) => (id === BOB ? 'Bob' : id),
  linkedFrom: () => [],
  holder: () => undefined,
  needed: () => [],
};

interface Given {
  readonly type?: string;
  readonly desired?: Presence;
  readonly live?: Presence;
  /** Properties as [live, desired]. */
  readonly differ?: Readonly<Record<string, readonly [Json, Json]>>;
  readonly liveProperties?: JsonObject;
  readonly desiredProperties?: JsonObject;
  readonly links?: Change['links'];
  readonly desiredLinks?: Readonly<Record<string, readonly string[]>>;
  readonly unrecognised?: NonNullable<Change['unrecognised']>;
}

function changeOf(given: Given): Change {
  const type = given.type ?? 'user';
  const object = (properties: JsonObject, links = {}): DirectoryObject => ({
    key: `${type}/${ADA}`,
    properties,
    links,
  });
  return {
    object: `${type}/${ADA}`,
    label: 'Ada',
    desired: given.desired ?? 'active',
    live: given.live ?? 'active',
    properties: Object.entries(given.differ ?? {}).map(([path, [live, desired]]) => ({ path, live, desired })),
    links: given.links ?? [],
    desiredObject: object(given.desiredProperties ?? {}, given.desiredLinks),
    liveObject: object(given.liveProperties ?? {}),
    ...(given.unrecognised === undefined ? {} : { unrecognised: given.unrecognised }),
  };
}

const judged = (given: Given, more: Partial<JudgeContext> = {}) =>
  judge(typeNamed(registry, given.type ?? 'user'), changeOf(given), { ...context, ...more });

const deletes: Partial<JudgeContext> = { allowDelete: () => true };

/** What Graph cannot recover, the difference, what is known around it, and the code. */
const BLOCKED: readonly (readonly [string, Given, Partial<JudgeContext>, string])[] = [
  [
    'a synchronised object that differs',
    { differ: { department: ['x', 'y'] }, liveProperties: { onPremisesSyncEnabled: true } },
    {},
    'KG501',
  ],
  [
    'a synchronised object in the recycle bin',
    { live: 'deleted', liveProperties: { onPremisesSyncEnabled: true } },
    {},
    'KG501',
  ],
  [
    'a synchronised object that should not be there',
    { desired: 'absent', liveProperties: { onPremisesSyncEnabled: true } },
    deletes,
    'KG501',
  ],
  [
    'a distribution list that differs',
    { type: 'group', differ: { description: ['x', 'y'] }, liveProperties: { mailEnabled: true, groupTypes: [] } },
    {},
    'KG513',
  ],
  ['an object that was deleted for good', { live: 'absent' }, {}, 'KG502'],
  ['a property that nobody can write', { type: 'group', differ: { mail: ['a@x', 'b@x'] } }, {}, 'KG503'],
  ['a value that cannot be emptied', { differ: { usageLocation: ['DE', null] } }, {}, 'KG504'],
  ['a property of creation', { type: 'group', differ: { isAssignableToRole: [true, false] } }, {}, 'KG505'],
  [
    'a value with parts that nobody knows',
    {
      type: 'conditionalAccessPolicy',
      differ: { conditions: [{ a: 1 }, {}] },
      unrecognised: { live: ['conditions.newCondition'], desired: [] },
    },
    {},
    'KG506',
  ],
  [
    'members that follow from a rule now',
    {
      type: 'group',
      liveProperties: { groupTypes: ['DynamicMembership'] },
      links: [{ link: 'members', add: [BOB], remove: [] }],
    },
    {},
    'KG507',
  ],
  [
    'members that followed from a rule at the backup',
    {
      type: 'group',
      desiredProperties: { groupTypes: ['DynamicMembership'] },
      links: [{ link: 'members', add: [], remove: [BOB] }],
    },
    {},
    'KG507',
  ],
  [
    'members that will be a setting again, and were not read',
    {
      type: 'group',
      differ: { groupTypes: [['DynamicMembership'], []] },
      liveProperties: { groupTypes: ['DynamicMembership'] },
    },
    {},
    'KG507',
  ],
  [
    'members of a distribution list',
    {
      type: 'group',
      liveProperties: { groupTypes: [], mailEnabled: true },
      links: [{ link: 'members', add: [BOB], remove: [] }],
    },
    {},
    'KG507',
  ],
  [
    'a name that somebody else has',
    { differ: { userPrincipalName: ['x@contoso.com', 'ada@contoso.com'] } },
    { holder: () => BOB },
    'KG508',
  ],
  [
    'a deleted object whose name somebody else has',
    { live: 'deleted', desiredProperties: { userPrincipalName: 'ada@contoso.com' } },
    { holder: () => BOB },
    'KG508',
  ],
  [
    'an object of another kind',
    { type: 'namedLocation', differ: { '@odata.type': ['#b', '#a'], displayName: ['x', 'y'] } },
    {},
    'KG509',
  ],
  [
    'a member that was deleted for good',
    { type: 'group', links: [{ link: 'members', add: [BOB], remove: [] }] },
    { standing: () => 'absent' },
    'KG510',
  ],
  [
    'a member that is nowhere',
    { type: 'group', links: [{ link: 'members', add: [BOB], remove: [] }] },
    { standing: () => 'nowhere' },
    'KG510',
  ],
  [
    'a member that stays in the recycle bin',
    { type: 'group', links: [{ link: 'members', add: [BOB], remove: [] }] },
    { standing: () => 'deleted' },
    'KG510',
  ],
  [
    'a member of which nothing is known',
    { type: 'group', links: [{ link: 'members', add: [BOB], remove: [] }] },
    { standing: () => 'unknown' },
    'KG510',
  ],
  [
    'a trusted location that should not be there',
    { type: 'namedLocation', desired: 'absent', liveProperties: { isTrusted: true } },
    deletes,
    'KG512',
  ],
];

describe('a difference that Graph cannot recover is blocked, with the reason and what a person can do:', () => {
  it.each(BLOCKED)('%s', (_, given, more, code) => {
    const { action, set, links, blocked, kept } = judged(given, more);
    expect(blocked.map((item) => item.code)).toEqual([code]);
    expect(blocked[0]?.reason).toMatch(/\.$/);
    expect(blocked[0]?.remedy).toMatch(/\.$/);
    expect(kept).toBeUndefined();
    expect(links).toEqual([]);
    if (code === 'KG507' && given.differ !== undefined) expect([action, set.length]).toEqual(['update', 1]);
    else expect([action, set]).toEqual([undefined, []]);
  });

  it('an object of a type that is gone for good when it is deleted', () => {
    const type = { ...typeNamed(registry, 'user'), deletable: false };
    const { action, blocked } = judge(type, changeOf({ desired: 'absent' }), { ...context, ...deletes });
    expect([action, blocked.map(({ code }) => code)]).toEqual([undefined, ['KG511']]);
  });
});

describe('what to do about an object that is gone', () => {
  const told = (type: string) => judged({ type, live: 'absent' }).blocked.map(({ reason, remedy }) => [reason, remedy]);

  it('is to create it again, with the id that Graph gives it', () => {
    expect(told('user')).toEqual([
      [
        'It was deleted for good: it is no longer in the recycle bin.',
        'Create it again by hand from its file in the backup; it gets a new id.',
      ],
    ]);
  });

  it('is something else where it keeps its id', () => {
    for (const [type, words] of [
      ['authenticationContextClassReference', /under the same identifier/],
      ['roleDefinition', /deleted roles .* same templateId/],
    ] as const) {
      const [[reason, remedy] = []] = told(type);
      expect(reason).not.toMatch(/for good/);
      expect(remedy).toMatch(words);
      expect(remedy).not.toMatch(/new id/);
    }
  });

  it('is nothing where it ended by itself: an activated role is not to become a lasting one', () => {
    const type = typeNamed(registry, 'roleAssignment');
    const object = `roleAssignment/${ADA}_${BOB}_-` as const;
    const { blocked } = judge(type, { ...changeOf({ live: 'absent' }), object }, context);
    expect(blocked.map(({ code, remedy }) => [code, /unless .* activation/.test(remedy)])).toEqual([['KG503', true]]);
  });
});

describe('a difference is planned', () => {
  it('property by property: what can be written is, and what cannot is named', () => {
    const { action, set, blocked } = judged({
      differ: { department: ['x', 'y'], usageLocation: ['DE', null], jobTitle: ['x', null] },
    });
    expect(action).toBe('update');
    expect(set).toEqual([
      { path: 'department', live: 'x', desired: 'y' },
      { path: 'jobTitle', live: 'x', desired: null },
    ]);
    expect(blocked.map(({ path, live, desired }) => [path, live, desired])).toEqual([['usageLocation', 'DE', null]]);
  });

  it('only for the property whose value has unknown parts is the write blocked', () => {
    const { set, blocked } = judged({
      type: 'conditionalAccessPolicy',
      differ: { state: ['enabled', 'disabled'], conditions: [{ a: 1 }, {}] },
      liveProperties: { state: 'enabled' },
      unrecognised: { live: ['conditions.newCondition'], desired: [] },
    });
    expect([set.map(({ path }) => path), blocked.map(({ path }) => path)]).toEqual([['state'], ['conditions']]);
  });

  it('of a gate as a whole, unless what is left lets people in: none is enabled without its exclusions', () => {
    const users = (excludeGroups: readonly string[]) => ({ users: { includeUsers: ['All'], excludeGroups } });
    const { action, set, blocked } = judged(
      {
        type: 'conditionalAccessPolicy',
        differ: { state: ['disabled', 'enabled'], conditions: [users([]), users([BOB])] },
        liveProperties: { state: 'disabled', conditions: users([]) },
      },
      { standing: () => 'absent' },
    );
    expect([action, set]).toEqual([undefined, []]);
    expect(blocked.map(({ path, code }) => [path, code])).toEqual([
      ['conditions', 'KG514'],
      ['state', 'KG514'],
    ]);
    expect(blocked[1]).toMatchObject({ live: 'disabled', desired: 'enabled' });
    const shown = judged({
      type: 'authenticationStrengthPolicy',
      differ: { displayName: ['x', 'y'], combinationConfigurations: [[], [{ id: ADA }]] },
    });
    expect(shown.set.map(({ path }) => path)).toEqual(['displayName']);
    const settings = judged({
      type: 'authorizationPolicy',
      differ: { allowInvitesFrom: ['everyone', 'none'], guestUserRoleId: [ADA, null] },
    });
    expect(settings.set.map(({ path }) => path)).toEqual(['allowInvitesFrom']);
  });

  it('says of an id that nothing is called whether it was deleted or never there', () => {
    const given: Given = {
      type: 'conditionalAccessPolicy',
      differ: { conditions: [{}, { users: { includeUsers: ['All'], excludeUsers: [ADA] } }] },
    };
    const told = (standing: 'absent' | 'nowhere') =>
      judged(given, { standing: () => standing }).blocked.map(({ code, reason }) => `${code} ${reason}`);
    expect(told('absent')).toEqual([`KG514 It names ${ADA}, which was deleted for good; Graph would refuse it.`]);
    expect(told('nowhere')).toEqual([
      `KG514 It names ${ADA}, which is in neither the backup nor the tenant; Graph would refuse it.`,
    ]);
    const nowhere: Partial<JudgeContext> = { standing: () => 'nowhere' };
    const places = { locations: { includeLocations: ['All', '00000000-0000-0000-0000-000000000000'] } };
    expect(judged({ ...given, differ: { conditions: [{}, places] } }, nowhere).blocked).toEqual([]);
  });

  it('link by link: one member out of reach does not keep back the others', () => {
    const { links, blocked } = judged(
      { type: 'group', links: [{ link: 'members', add: [ADA, BOB], remove: [] }] },
      { standing: (target) => (target === BOB ? 'absent' : 'active') },
    );
    expect(links).toEqual([{ link: 'members', add: [ADA], remove: [] }]);
    expect(blocked.map(({ code, reason, path, target }) => [code, reason, path, target])).toEqual([
      ['KG510', 'The target was deleted for good.', 'members', BOB],
    ]);
  });

  it('for a removed member only while it is there, or comes back', () => {
    for (const [standing, removed] of [
      ['active', [BOB]],
      ['restored', [BOB]],
      ['deleted', []],
      ['absent', []],
      ['nowhere', []],
      ['unknown', []],
    ] as const) {
      const { links, blocked } = judged(
        { type: 'group', links: [{ link: 'members', add: [], remove: [BOB] }] },
        { standing: () => standing },
      );
      expect([standing, links.flatMap(({ remove }) => remove), blocked]).toEqual([standing, removed, []]);
    }
  });

  it('a restore carries every property that can be written, empty ones too, and only those the backup manages', () => {
    const { action, set } = judged({
      live: 'deleted',
      desiredProperties: { id: ADA, displayName: 'Ada', department: null, createdDateTime: 'x', deletedDateTime: null },
    });
    expect(action).toBe('restore');
    expect(set).toEqual([
      { path: 'displayName', desired: 'Ada' },
      { path: 'department', desired: null },
    ]);
  });

  it('a restore carries the links whose targets are there or come back, and none that are derived', () => {
    const given: Given = { type: 'group', live: 'deleted', desiredLinks: { members: [ADA, BOB] } };
    const standing = (target: string) => (target === BOB ? 'restored' : 'deleted');
    expect(judged(given, { standing }).restoredLinks).toEqual([{ link: 'members', target: BOB }]);
    const dynamic = { ...given, desiredProperties: { groupTypes: ['DynamicMembership'] } };
    expect(judged(dynamic).restoredLinks).toEqual([]);
  });

  it.each([
    [
      'user',
      { accountEnabled: false, jobTitle: 'Spy', perUserMfaState: null },
      [{ path: 'accountEnabled', value: false }],
    ],
    ['conditionalAccessPolicy', { state: 'enabled', conditions: {} }, [{ path: 'state', value: 'enabled' }]],
    [
      'servicePrincipal',
      { accountEnabled: true, keyCredentials: [], passwordCredentials: [{ keyId: ADA }, { keyId: BOB }] },
      [
        { path: 'accountEnabled', value: true },
        { path: 'passwordCredentials', count: 2 },
      ],
    ],
    [
      'namedLocation',
      { '@odata.type': '#microsoft.graph.ipNamedLocation', isTrusted: true },
      [{ path: 'isTrusted', value: true }],
    ],
  ] as const)('an object that is kept says whether it is switched on, and has credentials: %s', (type, live, facts) => {
    expect(judged({ type, desired: 'absent', liveProperties: live as JsonObject }).kept?.facts).toEqual(facts);
  });

  it('an object that should not be there is kept, and deleted where deletes were asked for', () => {
    expect(judged({ desired: 'absent' })).toMatchObject({ kept: { since: 'created' }, blocked: [] });
    expect(judged({ desired: 'deleted' })).toMatchObject({ kept: { since: 'restored' }, blocked: [] });
    expect(judged({ desired: 'absent' }).kept).not.toHaveProperty('facts');
    for (const desired of ['absent', 'deleted'] as const)
      expect(judged({ desired }, deletes)).toMatchObject({ action: 'soft-delete', set: [], blocked: [] });
  });

  it('not at all where the live object could not be read', () => {
    expect(judged({ live: 'unknown' })).toMatchObject({ unread: true, set: [], links: [], blocked: [] });
  });
});

describe('the phase of a gate', () => {
  const none = { types: {}, gaps: [], unrecognised: { live: [], desired: [] } };
  const frame = { coverage: { desired: none, live: none }, problems: [] } as unknown as PlanFrame;
  const phases = (...given: Given[]) =>
    assemblePlan(
      frame,
      given.map((item) => judged(item)),
      registry,
      () => undefined,
    ).actions.map(({ phase }) => phase);

  const hostile: JsonObject = { state: 'enabled', conditions: { users: { includeUsers: ['All'] } } };
  const policy = (state: string, conditions: Json, set: Given['differ']): Given => ({
    type: 'conditionalAccessPolicy',
    liveProperties: hostile,
    desiredProperties: { state, conditions },
    ...(set === undefined ? {} : { differ: set }),
  });

  it('is first when it certainly lets people in again, and last otherwise', () => {
    expect(phases(policy('disabled', {}, { state: ['enabled', 'disabled'] }))).toEqual(['loosen']);
    expect(phases(policy('enabled', {}, { conditions: [{ a: 1 }, {}] }))).toEqual(['tighten']);
    expect(phases({ ...policy('enabled', {}, undefined), live: 'deleted' })).toEqual(['tighten']);
  });

  it('waits for an object that it names and that this plan brings back', () => {
    const names = { users: { includeUsers: ['All'], excludeUsers: [BOB] } };
    const loosening = policy('disabled', names, { conditions: [{}, names], state: ['enabled', 'disabled'] });
    expect(phases(loosening)).toEqual(['loosen']);
    const bob = changeOf({ live: 'deleted' });
    const restored = judge(typeNamed(registry, 'user'), { ...bob, object: `user/${BOB}` }, context);
    const plan = assemblePlan(frame, [judged(loosening), restored], registry, () => undefined);
    expect(plan.actions.map(({ phase, action }) => [phase, action])).toEqual([
      ['objects', 'restore'],
      ['tighten', 'update'],
    ]);
  });
});
