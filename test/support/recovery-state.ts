/** Whether a tenant came back: what a scope covers is as it was at the backup, but for what the last plan names. */

import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import { isJsonArray, type Json, type JsonObject } from '../../src/model/json.js';
import type { ObjectKey } from '../../src/model/object.js';
import { isLinkAction, type Plan } from '../../src/model/plan.js';
import { endsOf, ownerOfEdge } from './kinds.js';
import type { RawObject, RawTenant } from './raw-tenant.js';
import { applicationOf, isEdge, isExcluded, isInScope, NO_SETTING, plain, TIMES, UNITED } from './recovery-rules.js';
import type { Recovery, Scenario } from './recovery-run.js';

export async function checkState(scenario: Scenario, { desired, wanted, rounds, last }: Recovery): Promise<void> {
  const after = rounds.at(-1)?.after ?? wanted;
  const excused = namedIn(last);
  const stored = await desired.load(desired.ids.keys());
  for (const object of wanted.values()) {
    const key = object.key as ObjectKey;
    if (object.deleted || object.type === 'personalGrant' || !isInScope(scenario.scope, key) || excused.has(key))
      continue;
    const now = after.get(key);
    // Roles come back with who has them.
    if (
      object.type === 'roleAssignment' &&
      endsOf(key).some((id) => holdersOf(id).some((holder) => excused.has(holder)))
    )
      continue;
    // A restore that was blocked for the name of the object is named by that property.
    if (excused.has(`${key} userPrincipalName`) && now?.deleted !== false) continue;
    if (now?.deleted !== false) expect.fail(`${key} is not there`);
    // It looks like one that may not be read: it is left alone, and a gap says so.
    if (saysNothing(now) && last.coverage.live.gaps.some(({ what }) => what === object.type)) continue;
    for (const name of Object.keys(object.values)) {
      if (excused.has(`${key} ${name}`) || !isSetting(scenario, object.type, name)) continue;
      const [is, was] = [settingOf(after, now as RawObject, name), settingOf(wanted, object, name)];
      if (!isDeepStrictEqual(is, was)) expect(is, `${key} ${name}`).toEqual(was);
    }
    if (!('members' in object.values) || excused.has(`${key} members`) || isDerived(object.values)) continue;
    const hidden = new Set(stored.get(key)?.links.members ?? []);
    const alive = (ids: Json | undefined) =>
      (isJsonArray(ids) ? ids : []).filter(
        (member) => isAlive(after, member) && !isExcluded(scenario.scope, String(member)),
      );
    const have = alive(now?.values.members).filter(
      (member) => !hidden.has(String(member)) || isAmong(object.values.members, member),
    );
    expect(have, `${key} members`).toEqual(alive(object.values.members));
  }
  checkExtras(scenario, wanted, after, last, excused);
}

/** Whether all that an object says of itself is that it is there. */
function saysNothing({ values }: RawObject): boolean {
  return Object.entries(values).every(
    ([name, value]) =>
      name === 'id' || name === '@odata.type' || value === null || (isJsonArray(value) && value.length === 0),
  );
}

/** What is there and should not be is named, too, unless it comes and goes with something that is. */
function checkExtras(
  { scope }: Scenario,
  wanted: RawTenant,
  after: RawTenant,
  last: Plan,
  excused: ReadonlySet<string>,
): void {
  const kept = new Set(last.kept.map(({ object }) => object as string));
  for (const { key, type, deleted } of after.values()) {
    if (deleted || type === 'personalGrant' || wanted.get(key)?.deleted === false) continue;
    if (!isInScope(scope, key as ObjectKey) || excused.has(key)) continue;
    if (!isEdge(key)) expect(kept.has(key), `${key} is kept, and named`).toBe(true);
    else {
      // It came with its owner, or stays with one that the backup does not hold.
      const along =
        endsOf(key as ObjectKey).some((id) => isBinned(wanted, id)) || !wanted.has(ownerOfEdge(key as ObjectKey));
      expect(along, `${key} is new, and neither its owner is nor were its ends in the recycle bin`).toBe(true);
    }
  }
}

/** Objects, properties and links that a plan names as differing still. */
function namedIn(last: Plan): Set<string> {
  const excused = new Set<string>();
  for (const item of last.blocked) {
    excused.add(item.path === undefined || isEdge(item.object) ? item.object : `${item.object} ${item.path}`);
  }
  for (const action of last.actions) {
    if (isLinkAction(action)) {
      excused.add(`${action.object} ${action.link}`);
      excused.add(`${action.link}/${action.target}`);
    } else if (action.action !== 'update') excused.add(action.object);
    else for (const { path } of action.set) excused.add(`${action.object} ${path}`);
  }
  return excused;
}

const HOLDERS = ['user', 'group', 'servicePrincipal'];
const holdersOf = (id: string): string[] => HOLDERS.map((type) => `${type}/${id}`);

function isSetting({ optional }: Scenario, type: string, name: string): boolean {
  if (TIMES.has(name) || name === 'members') return false;
  return name === 'perUserMfaState' ? optional : !NO_SETTING[type]?.includes(name);
}

/** The value of an object's own: without what its application adds. */
function settingOf(tenant: RawTenant, object: RawObject, name: string): Json {
  const value = plain(name, object.values[name]);
  const source = object.type === 'servicePrincipal' ? UNITED[name] : undefined;
  if (source === undefined || !isJsonArray(value)) return value;
  const others = plain(name, applicationOf(tenant, object)?.values[source]);
  return plain(
    name,
    value.filter((item) => !isAmong(others, item)),
  );
}

const isAlive = (tenant: RawTenant, id: Json): boolean =>
  [...tenant.values()].some((object) => object.id === id && !object.deleted);
const isBinned = (tenant: RawTenant, id: string): boolean =>
  [...tenant.values()].some((object) => object.id === id && object.deleted);

function isAmong(ids: Json | undefined, id: Json): boolean {
  return isJsonArray(ids) && ids.includes(id);
}

/** Members that follow from elsewhere are nobody's setting. */
function isDerived(group: JsonObject): boolean {
  const mailOnly = group.mailEnabled === true && !isAmong(group.groupTypes, 'Unified');
  return group.onPremisesSyncEnabled === true || isAmong(group.groupTypes, 'DynamicMembership') || mailOnly;
}
