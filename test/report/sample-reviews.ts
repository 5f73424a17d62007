/** Difference reports and plans as use cases make them. */

import type { DifferenceReport, ReportedChange } from '../../src/model/documents.js';
import type { Blocked, Kept, Plan } from '../../src/model/plan.js';
import type { Problem } from '../../src/model/problem.js';
import { CAPTURED, COMMIT, COMPLETE, id, key, LIVE_CAPTURED, person, TENANT } from './samples.js';

const NOTHING = { restore: 0, recreate: 0, update: 0, softDelete: 0, link: 0, unlink: 0, blocked: 0, kept: 0 };

export function difference(more: Partial<DifferenceReport> = {}): DifferenceReport {
  return {
    format: 1,
    kind: 'difference-report',
    tenant: TENANT,
    desired: { kind: 'backup', commit: COMMIT, captured: CAPTURED },
    live: { kind: 'live', captured: LIVE_CAPTURED },
    coverage: { desired: COMPLETE, live: COMPLETE },
    scope: { types: [], targets: [], exclude: [], allowDelete: [] },
    summary: NOTHING,
    changes: [],
    blocked: [],
    kept: [],
    problems: [],
    names: {},
    ...more,
  };
}

const BLOCKED: readonly Blocked[] = [
  ...[10, 11].map((n) => ({
    object: key('user', n),
    label: person(n),
    path: 'department',
    live: 'X',
    desired: 'Finance',
    code: 'KG501',
    reason: 'It is synchronised from Active Directory, which would overwrite the change.',
    remedy: 'Correct it in Active Directory.',
  })),
  {
    object: key('group', 301),
    label: 'Old project',
    code: 'KG502',
    reason: 'It was deleted for good: it is no longer in the recycle bin.',
    remedy: 'Create it again by hand from its file in the backup; it gets a new id.',
  },
];

const KEPT: readonly Kept[] = [
  ...[1, 2, 3, 4, 5].map((n) => ({
    object: key('user', 8100 + n),
    label: person(n),
    since: 'created' as const,
    facts: [
      { path: 'accountEnabled', value: true },
      { path: 'passwordCredentials', count: 2 },
    ],
  })),
  ...[1, 2].map((n) => ({ object: key('group', 350 + n), label: `Pilot ${n}`, since: 'restored' as const })),
];

const PROBLEMS: readonly Problem[] = [
  {
    code: 'KG401',
    severity: 'warning',
    message: 'This enables 4,800 accounts at once, 80 % of the users of the tenant.',
    remedy: 'If it is meant, apply the plan with --force.',
  },
];

const SINGLES: readonly ReportedChange[] = [
  ...[1, 2].map((n) => ({
    object: key('user', 7000 + n),
    label: person(n + 20),
    action: 'restore' as const,
    values: [],
    links: [],
  })),
  {
    object: key('conditionalAccessPolicy', 500),
    label: 'Require multi-factor authentication for administrators',
    action: 'update',
    values: [
      { path: 'state', live: 'disabled', desired: 'enabled' },
      { path: 'conditions.users.excludeUsers', add: [id(900)], remove: [id(901), id(902)] },
      { path: 'grantControls.operator', desired: 'OR' },
    ],
    links: [],
  },
  {
    object: key('user', 6999),
    label: 'Katherine Johnson',
    action: 'update',
    values: [
      { path: 'jobTitle', live: null, desired: 'Director of Trajectories' },
      {
        path: 'officeLocation',
        live: 'Building 1220, Langley Research Center, Hampton, Virginia, first floor, room 12, ask at the desk',
        desired: 'Building 1220, Langley Research Center, Hampton, Virginia, second floor, room 7',
      },
    ],
    links: [],
  },
];

const LAST_CHANGES: readonly ReportedChange[] = [
  {
    object: key('group', 300),
    label: 'Sales EMEA',
    action: 'links',
    values: [],
    links: [{ link: 'members', add: Array.from({ length: 12 }, (_, n) => id(n)), remove: [id(901)] }],
  },
  { object: key('user', 8000), label: 'svc-backdoor', action: 'soft-delete', values: [], links: [] },
];

const NAMES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Array.from({ length: 60 }, (_, n) => [id(n), person(n)])),
  [id(300)]: 'Sales EMEA',
  [id(900)]: 'Break glass',
  [id(901)]: 'Mallory',
};

/** The bad day: a script disabled 4,800 people, emptied a group and opened a policy. */
export function badDay(users = 4800): DifferenceReport {
  const disabled = Array.from({ length: users }, (_, n) => ({
    object: key('user', n),
    label: person(n),
    action: 'update' as const,
    values: [{ path: 'accountEnabled', live: false, desired: true }],
    links: [],
  }));
  return difference({
    summary: { ...NOTHING, restore: 2, update: users + 2, softDelete: 1, link: 12, unlink: 1, blocked: 3, kept: 7 },
    changes: [...SINGLES, ...disabled, ...LAST_CHANGES],
    blocked: BLOCKED,
    kept: KEPT,
    problems: PROBLEMS,
    names: NAMES,
  });
}

export function plan(more: Partial<Plan> = {}): Plan {
  return {
    format: 1,
    id: `4f9c2e118a07${'0'.repeat(52)}`,
    createdAt: '2026-11-20T14:33:00Z',
    tool: 'knowngood 0.1.0',
    tenant: TENANT,
    requestedBy: 'ada@contoso.com',
    desired: { commit: COMMIT, captured: CAPTURED },
    live: { tree: '9'.repeat(40), captured: LIVE_CAPTURED },
    schemas: 'a'.repeat(64),
    coverage: { desired: COMPLETE, live: COMPLETE },
    scope: { types: [], targets: [], exclude: [], allowDelete: [] },
    summary: NOTHING,
    actions: [],
    blocked: [],
    kept: [],
    problems: [],
    names: {},
    ...more,
  };
}

const FIRST_ACTIONS = [
  {
    phase: 'loosen',
    rank: 3,
    action: 'update',
    object: key('conditionalAccessPolicy', 501),
    label: 'Block everyone',
    set: [
      {
        path: 'conditions',
        live: { users: { includeUsers: ['All'] }, clientAppTypes: ['all'] },
        desired: { users: { includeUsers: [], includeGroups: [id(300)] }, clientAppTypes: ['all'] },
      },
      { path: 'state', live: 'enabled', desired: 'disabled' },
    ],
  },
  {
    phase: 'objects',
    rank: 0,
    action: 'restore',
    object: key('user', 7001),
    label: person(21),
    set: [
      { path: 'accountEnabled', desired: true },
      { path: 'userPrincipalName', desired: 'grace.dijkstra@contoso.com' },
      { path: 'jobTitle', desired: null },
    ],
    links: [{ link: 'manager', target: id(4) }],
  },
];

const SALES = { phase: 'links', object: key('group', 300), label: 'Sales EMEA', link: 'members' };

const LAST_ACTIONS = [
  { ...SALES, action: 'link', target: id(7001), targetLabel: person(21), conditional: true },
  ...Array.from({ length: 11 }, (_, n) => ({
    ...SALES,
    action: 'link',
    target: id(n + 1),
    targetLabel: person(n + 1),
  })),
  { ...SALES, action: 'unlink', target: id(901), targetLabel: 'Mallory' },
  {
    phase: 'tighten',
    rank: 3,
    action: 'update',
    object: key('conditionalAccessPolicy', 500),
    label: 'Require multi-factor authentication for administrators',
    set: [{ path: 'state', live: 'disabled', desired: 'enabled' }],
  },
  { phase: 'delete', rank: 0, action: 'soft-delete', object: key('user', 8000), label: 'svc-backdoor', set: [] },
];

export function badDayPlan(users = 4800): Plan {
  const updates = Array.from({ length: users }, (_, n) => ({
    phase: 'objects',
    rank: 0,
    action: 'update',
    object: key('user', n),
    label: person(n),
    set: [{ path: 'accountEnabled', live: false, desired: true }],
  }));
  const actions = [...FIRST_ACTIONS, ...updates, ...LAST_ACTIONS];
  return plan({
    summary: { ...NOTHING, restore: 1, update: users + 2, softDelete: 1, link: 12, unlink: 1, blocked: 3, kept: 7 },
    actions: actions.map((action, index) => ({ n: index + 1, ...action })) as Plan['actions'],
    blocked: BLOCKED,
    kept: KEPT,
    problems: PROBLEMS,
    names: NAMES,
  });
}
