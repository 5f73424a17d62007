/** An application takes its service principal with it when it is deleted: never one that is to stay. */

import { describe, expect, it } from 'vitest';
import { compareStates } from '../../src/comparison.js';
import type { JsonObject } from '../../src/model/json.js';
import type { DirectoryObject, ObjectKey } from '../../src/model/object.js';
import type { Scope } from '../../src/model/plan.js';
import { dependencesOn } from '../../src/plan/dependents.js';
import { loadRegistry } from '../../src/registry/load.js';
import { typesFor } from '../../src/scope.js';
import { canonicalise } from '../../src/state/canonical.js';
import { EVERYTHING, stateOf, typeNamed } from '../support/memory-state.js';

const registry = loadRegistry();
const APP = 'a0000000-0000-4000-8000-00000000000a';
const application = object('application', {
  id: 'a0000000-0000-4000-8000-000000000001',
  appId: APP,
  displayName: 'Sync',
});
const principal = object('servicePrincipal', {
  id: 'a0000000-0000-4000-8000-000000000002',
  appId: APP,
  displayName: 'Sync',
});
const ALL: Partial<Scope> = { allowDelete: ['*'] };

function object(type: string, raw: JsonObject): DirectoryObject {
  const found = canonicalise(typeNamed(registry, type), raw, { deleted: null, links: {} });
  if (found === undefined) throw new Error(`no canonical form of a ${type}`);
  return found.object;
}

/** What is planned where the backup holds neither. */
async function planned(scope: Partial<Scope>, live: readonly DirectoryObject[] = [application, principal]) {
  const considered = { registry, types: registry.types, excluded: new Set<ObjectKey>() };
  const { judgements } = await compareStates(
    considered,
    stateOf(registry, [], { kind: 'backup' }),
    stateOf(registry, live),
    { ...EVERYTHING, ...scope },
  );
  return judgements.map(({ change, action, kept, blocked }) => [
    change.object.split('/')[0],
    action ?? (kept === undefined ? blocked.map(({ code }) => code).join() : 'kept'),
  ]);
}

describe('an application that is to go', () => {
  it('goes where its service principal goes, too, or is not there', async () => {
    expect(await planned(ALL)).toEqual([
      ['application', 'soft-delete'],
      ['servicePrincipal', 'soft-delete'],
    ]);
    expect(await planned(ALL, [application])).toEqual([['application', 'soft-delete']]);
  });

  it.each<[string, Partial<Scope>, readonly string[][]]>([
    ['excluded', { ...ALL, exclude: [principal.key] }, []],
    ['out of scope', { ...ALL, targets: [application.key] }, []],
    ['kept', { allowDelete: ['application'] }, [['servicePrincipal', 'kept']]],
  ])('stays where its service principal is %s', async (_, scope, rest) => {
    expect(await planned(scope)).toEqual([['application', 'KG515'], ...rest]);
  });

  it('is no reason for a service principal to stay', async () => {
    expect(await planned({ ...ALL, exclude: [application.key] })).toEqual([['servicePrincipal', 'soft-delete']]);
  });
});

it('what goes with an object is read where only that object is in scope', () => {
  const considered = { registry, types: registry.types, excluded: new Set<ObjectKey>() };
  const names = typesFor(considered, { ...EVERYTHING, types: ['application'] }).map(({ name }) => name);
  expect(names).toEqual(['application', 'servicePrincipal']);
  expect(registry.types.flatMap((type) => dependencesOn(type, registry).map(({ by }) => `${type.name} ${by}`))).toEqual(
    ['application appId'],
  );
});

describe('a service principal that is to come back', () => {
  const DELETED = '2026-11-01T00:00:00Z';
  const binned = (what: DirectoryObject): DirectoryObject => ({
    ...what,
    properties: { ...what.properties, deletedDateTime: DELETED },
  });

  /** What becomes of it where the backup holds these, and the live tenant those. */
  async function restored(
    desired: readonly DirectoryObject[],
    live: readonly DirectoryObject[],
    scope: Partial<Scope> = {},
  ) {
    const { judgements } = await compareStates(
      { registry, types: registry.types, excluded: new Set<ObjectKey>() },
      stateOf(registry, desired, { kind: 'backup' }),
      stateOf(registry, live),
      { ...EVERYTHING, ...scope },
    );
    const own = judgements.find(({ change }) => change.object === principal.key);
    return own?.action ?? own?.blocked.map(({ code }) => code).join();
  }
  const both = [application, principal];

  it('does where its application is there, comes back, too, or belongs to another tenant', async () => {
    expect(await restored(both, [application, binned(principal)])).toBe('restore');
    expect(await restored(both, both.map(binned))).toBe('restore');
    expect(await restored([principal], [binned(principal)])).toBe('restore');
  });

  it('is named where it stays, though its application comes back', async () => {
    const { problems } = await compareStates(
      { registry, types: registry.types, excluded: new Set<ObjectKey>() },
      stateOf(registry, both, { kind: 'backup' }),
      stateOf(registry, both.map(binned)),
      { ...EVERYTHING, targets: [application.key] },
    );
    expect(problems.filter(({ code }) => code === 'KG621')).toMatchObject([
      { object: principal.key, severity: 'warning', remedy: `Add --target ${principal.key} to restore it, too.` },
    ]);
  });

  it('does not while it is not known whether its application is there', async () => {
    const { judgements } = await compareStates(
      { registry, types: registry.types, excluded: new Set<ObjectKey>() },
      stateOf(registry, both, { kind: 'backup' }),
      stateOf(registry, [application, binned(principal)], { unknown: new Set([application.key]) }),
      EVERYTHING,
    );
    const own = judgements.find(({ change }) => change.object === principal.key);
    expect(own?.blocked).toMatchObject([{ code: 'KG516', reason: expect.stringMatching(/could not be read\.$/) }]);
  });

  it('does not where its application is gone for good, or stays in the recycle bin', async () => {
    expect(await restored(both, [binned(principal)])).toBe('KG516');
    expect(await restored(both, both.map(binned), { targets: [principal.key] })).toBe('KG516');
    expect(await restored(both, both.map(binned), { exclude: [application.key] })).toBe('KG516');
  });
});
