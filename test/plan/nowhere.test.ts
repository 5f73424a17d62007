/** Ids that neither side holds: blocked where they certainly name nothing, and nowhere else. */

import { describe, expect, it } from 'vitest';
import { compareStates } from '../../src/comparison.js';
import type { Json, JsonObject } from '../../src/model/json.js';
import type { DirectoryObject, ObjectKey } from '../../src/model/object.js';
import { isLinkAction } from '../../src/model/plan.js';
import { assemblePlan, type PlanFrame } from '../../src/plan/plan.js';
import { loadRegistry } from '../../src/registry/load.js';
import { canonicalise } from '../../src/state/canonical.js';
import { EVERYTHING, type MadeUp, stateOf, typeNamed } from '../support/memory-state.js';

const registry = loadRegistry();
const id = (last: string) => `f0000000-0000-4000-8000-00000000000${last}`;
const [TEAM, POLICY, CRM, ROLE, ADA] = ['1', '2', '3', '4', '5'].map(id) as [string, string, string, string, string];
/** What no side holds. */
const GHOST = '00000000-1111-2222-3333-444444444444';

function object(type: string, raw: JsonObject, members?: readonly string[]): DirectoryObject {
  const links = members === undefined ? {} : { members };
  const found = canonicalise(typeNamed(registry, type), raw, { deleted: null, links });
  if (found === undefined) throw new Error(`no canonical form of a ${type}`);
  return found.object;
}

const team = (...members: string[]) => object('group', { id: TEAM, displayName: 'Team', groupTypes: [] }, members);
const policy = (users: JsonObject, more: JsonObject = {}) =>
  object('conditionalAccessPolicy', {
    id: POLICY,
    displayName: 'Policy',
    state: 'disabled',
    conditions: { users: { includeUsers: ['All'], ...users }, ...more },
  });
const crm = object('servicePrincipal', { id: CRM, displayName: 'CRM' });
const assigned = (principalId: string) =>
  object('appRoleAssignment', { id: 'e-1', principalId, resourceId: CRM, appRoleId: ROLE });

interface Given {
  readonly desired: readonly DirectoryObject[];
  readonly live: readonly DirectoryObject[];
  /** The backup that the desired state is an edited copy of. */
  readonly backup?: readonly DirectoryObject[];
  readonly of?: MadeUp;
  readonly excluded?: readonly ObjectKey[];
}

async function plan({ desired, live, backup, of = {}, excluded = [] }: Given) {
  const stemsFrom = backup === undefined ? {} : { stemsFrom: stateOf(registry, backup, { kind: 'backup' }) };
  const { judgements, names } = await compareStates(
    { registry, types: registry.types, excluded: new Set(excluded) },
    stateOf(registry, desired, { kind: 'backup', ...stemsFrom }),
    stateOf(registry, live, of),
    EVERYTHING,
  );
  const content = assemblePlan({ problems: [] } as unknown as PlanFrame, judgements, registry, (of) => names.get(of));
  return {
    done: content.actions.map((action) => (isLinkAction(action) ? action.target : action.set.map(({ path }) => path))),
    blocked: content.blocked.map(({ code, target, reason }) =>
      reason.startsWith('The target ') ? `${code} ${target}: ${reason}` : `${code} ${reason}`,
    ),
  };
}

const NO_END = `KG510 ${GHOST} is in neither the backup nor the tenant.`;
const NOT_THERE = `KG510 ${GHOST}: The target is in neither the backup nor the tenant.`;
const linked = (target: string): Json => `${target}_${CRM}_${ROLE}`;

describe('a member that neither side holds', () => {
  it('is blocked where a person wrote it, and linked where Graph named it: devices are not read', async () => {
    const sides = { desired: [team(GHOST)], live: [team()] };
    expect(await plan({ ...sides, backup: [team()] })).toEqual({ done: [], blocked: [NOT_THERE] });
    // A file that the backup does not have is a person's altogether.
    expect(await plan({ ...sides, backup: [] })).toEqual({ done: [], blocked: [NOT_THERE] });
    expect(await plan(sides)).toEqual({ done: [GHOST], blocked: [] });
    // The file was edited, and Graph had named it before.
    const renamed = object('group', { id: TEAM, displayName: 'Renamed', groupTypes: [] }, [GHOST]);
    expect(await plan({ desired: [renamed], live: [team()], backup: [team(GHOST)] })).toMatchObject({ blocked: [] });
  });

  it('is not blocked where it may be something that was not read, was left out, or is not known', async () => {
    const given = { desired: [team(GHOST)], live: [team()], backup: [team()] };
    const gaps = [{ what: 'servicePrincipal', status: 'partial' as const, reason: '403' }];
    for (const doubt of [
      { of: { gaps } },
      { of: { unknown: new Set<ObjectKey>([`user/${GHOST}`]) } },
      { excluded: [`user/${GHOST}` as const] },
    ])
      expect(await plan({ ...given, ...doubt })).toEqual({ done: [GHOST], blocked: [] });
  });

  it('does not keep back the others, and is removed where only the tenant names it', async () => {
    const ada = object('user', { id: ADA, displayName: 'Ada', userPrincipalName: 'ada@x' });
    expect(await plan({ desired: [team(ADA, GHOST), ada], live: [team(), ada], backup: [team(), ada] })).toEqual({
      done: [ADA],
      blocked: [NOT_THERE],
    });
    expect(await plan({ desired: [team()], live: [team(GHOST)], backup: [team(ADA)] })).toEqual({
      done: [GHOST],
      blocked: [],
    });
  });
});

describe('an edge with an end that neither side holds', () => {
  it('is blocked, whoever wrote it: what its ends can be was read whole', async () => {
    expect(await plan({ desired: [crm, assigned(GHOST)], live: [crm] })).toEqual({ done: [], blocked: [NO_END] });
    const gaps = [{ what: 'user.deletedItems', status: 'partial' as const, reason: '403' }];
    const unread = await plan({ desired: [crm, assigned(GHOST)], live: [crm], of: { gaps } });
    expect(unread).toEqual({ done: [linked(GHOST)], blocked: [] });
  });
});

describe('a value that names what neither side holds', () => {
  const named = (value: JsonObject, more?: JsonObject, given: Partial<Given> = {}) =>
    plan({ desired: [policy(value, more)], live: [policy({})], ...given });

  it('is blocked', async () => {
    const reason = `KG514 It names ${GHOST}, which is in neither the backup nor the tenant; Graph would refuse it.`;
    expect(await named({ excludeUsers: [GHOST] })).toEqual({ done: [], blocked: [reason] });
    expect(await named({ excludeGroups: [GHOST] })).toEqual({ done: [], blocked: [reason] });
    expect(await named({}, { locations: { includeLocations: [GHOST] } })).toEqual({ done: [], blocked: [reason] });
  });

  it('is not blocked for words, for ids of what is not read by its id, or of what is left out or not read', async () => {
    const written = { done: [['conditions']], blocked: [] };
    const nowhere = '00000000-0000-0000-0000-000000000000';
    expect(await named({ excludeUsers: ['GuestsOrExternalUsers'] })).toEqual(written);
    expect(await named({ excludeRoles: [GHOST] })).toEqual(written);
    expect(await named({}, { locations: { includeLocations: ['AllTrusted', nowhere] } })).toEqual(written);
    expect(await named({}, { applications: { includeApplications: [GHOST, 'Office365'] } })).toEqual(written);
    const tenants = { membershipKind: 'enumerated', members: [GHOST] };
    const external = {
      externalTenants: { '@odata.type': '#microsoft.graph.conditionalAccessEnumeratedExternalTenants', ...tenants },
      guestOrExternalUserTypes: 'b2bCollaborationGuest',
    };
    expect(await named({ excludeGuestsOrExternalUsers: external })).toEqual(written);
    expect(await named({ excludeUsers: [GHOST] }, {}, { excluded: [`user/${GHOST}`] })).toEqual(written);
    const gaps = [{ what: 'user', status: 'partial' as const, reason: '403' }];
    expect(await named({ excludeUsers: [GHOST] }, {}, { of: { gaps } })).toEqual(written);
  });

  it('is not blocked where the tenant has it there now: Graph knows what it let stand', async () => {
    const sides = {
      desired: [policy({ excludeUsers: [GHOST], includeUsers: [] })],
      live: [policy({ excludeUsers: [GHOST] })],
    };
    expect(await plan(sides)).toEqual({ done: [['conditions']], blocked: [] });
  });
});
