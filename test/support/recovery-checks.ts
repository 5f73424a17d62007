/** What must hold of every recovery, judged by what plain HTTP reads of the tenant. */

import { expect } from 'vitest';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../src/model/json.js';
import { idOf, type ObjectKey } from '../../src/model/object.js';
import { type Action, isLinkAction, type Plan, type Scope } from '../../src/model/plan.js';
import type { RawObject } from './plain-http.js';
import { pathsOf, type Recovery, type Round, type Scenario } from './recovery-run.js';

/** Refusals that no plan can avoid, and why. Any other failure of a step is a defect. */
const INEVITABLE: readonly RegExp[] = [
  // A unique value: mail addresses are not compared, and the recycle bin does not say under which name a user comes back.
  /^400 Request_BadRequest: Another object with the same value for property (?:userPrincipalName|proxyAddresses) already exists\.$/,
  // A policy that refers to something that is not there any more, or was not there at the backup.
  /^400 BadRequest: The policy names an object in '\w+' that does not exist: '[0-9a-f-]+'\.$/,
  // A location that a policy still refers to: one that is kept or could not be changed.
  /^400 BadRequest: The named location is referenced by the Conditional Access policy '[0-9a-f-]+' and cannot be deleted\.$/,
  /^The first delete of its type failed\.$/,
  /^Graph does not let it be emptied\.$/,
];

/** Properties whose recovery is checked, by type. */
const RECOVERABLE: Readonly<Record<string, readonly string[]>> = {
  user: `displayName userPrincipalName accountEnabled userType givenName surname mail mailNickname otherMails jobTitle department
    companyName officeLocation employeeId employeeType employeeHireDate employeeLeaveDateTime employeeOrgData businessPhones
    mobilePhone faxNumber streetAddress postalCode city state country usageLocation preferredLanguage preferredDataLocation
    ageGroup consentProvidedForMinor passwordPolicies`.split(/\s+/),
  group:
    `displayName description groupTypes securityEnabled mailNickname visibility classification theme preferredLanguage
    preferredDataLocation membershipRule membershipRuleProcessingState`.split(/\s+/),
  conditionalAccessPolicy: ['displayName', 'description', 'state', 'conditions', 'grantControls', 'sessionControls'],
  namedLocation: `displayName isTrusted ipRanges countriesAndRegions countryLookupMethod
    includeUnknownCountriesAndRegions`.split(/\s+/),
};
/** What Graph itself changes along with a property. */
const FOLLOWS: Readonly<Record<string, readonly string[]>> = {
  mail: ['proxyAddresses'],
  userPrincipalName: ['identities'],
};

/** Requests that a recovery may make, and no other. */
const REQUESTS: readonly RegExp[] = [
  /^GET /,
  /^POST \/(?:v1\.0|beta)\/\$batch$/,
  /^POST \S+\/deletedItems\/(?:\w+\/)?[0-9a-f-]{36}\/restore$/,
  /^PATCH \/v1\.0\/(?:users|groups|identity\/conditionalAccess\/(?:policies|namedLocations))\/[0-9a-f-]{36}$/,
  /^DELETE \/v1\.0\/(?:users|groups|identity\/conditionalAccess\/(?:policies|namedLocations))\/[0-9a-f-]{36}$/,
  /^DELETE \/v1\.0\/groups\/[0-9a-f-]{36}\/members\/[0-9a-f-]{36}\/\$ref$/,
];

export async function checkRecovery(scenario: Scenario, recovery: Recovery): Promise<void> {
  for (const { method, url, status } of recovery.requests) {
    const request = `${method} ${url.startsWith('/v1.0') || url.startsWith('/beta') ? url : `/v1.0${url}`}`;
    expect(
      REQUESTS.some((shape) => shape.test(request)),
      `an expected request: ${request}`,
    ).toBe(true);
    expect(status, `answer to ${request}`).toBeLessThan(500);
    if (scenario.scope.allowDelete.length === 0)
      expect(/^DELETE (?!.*\/\$ref$)/.test(request), `a delete nobody asked for: ${request}`).toBe(false);
  }
  for (const round of recovery.rounds) {
    expect(round.results.map((result) => result.n)).toEqual(round.plan.actions.map((action) => action.n));
    checkReasons(round);
    checkUntouched(round);
    checkScope(scenario.scope, round.plan);
  }
  checkRounds(recovery);
  if (recovery.rounds.length > 0) await checkState(scenario, recovery);
}

/** Why a step was not, or not wholly, carried out. */
function reasonsOf(round: Round): { action: Action; path: string | undefined; reason: string }[] {
  return round.results.flatMap((result, index) => {
    const action = round.plan.actions[index] as Action;
    const refused = (result.refused ?? []).map(({ path, reason }) => ({ action, path, reason }));
    return result.outcome === 'done' ? refused : [...refused, { action, path: undefined, reason: result.reason ?? '' }];
  });
}

function checkReasons(round: Round): void {
  for (const { action, reason } of reasonsOf(round)) {
    for (const part of partsOf(reason))
      expect(
        INEVITABLE.some((shape) => shape.test(part)),
        `${action.action} ${action.object}: ${part}`,
      ).toBe(true);
  }
}

/** `a: 400 … b: 403 …` names a refusal for each property. */
function partsOf(reason: string): string[] {
  return reason.split(/ (?=\w+: \d{3} )/).map((part) => part.replace(/^\w+: (?=\d{3} )/, ''));
}

function checkScope(scope: Scope, plan: Plan): void {
  if (scope.types.length === 0 && scope.targets.length === 0) return;
  for (const { object } of [...plan.actions, ...plan.blocked, ...plan.kept])
    expect(scope.types.includes(object.slice(0, object.indexOf('/'))) || scope.targets.includes(object)).toBe(true);
}

/** Objects, and properties of objects, that the plan does not name are as they were, but for what Graph does by itself. */
function checkUntouched({ plan, before, after }: Round): void {
  const moved = new Set(
    plan.actions
      .filter((action) => action.action === 'restore' || action.action === 'soft-delete')
      .map((action) => idOf(action.object)),
  );
  const written = new Map<string, Set<string>>();
  for (const action of plan.actions) {
    const names = written.get(idOf(action.object)) ?? new Set();
    written.set(idOf(action.object), names);
    if (isLinkAction(action)) names.add(`member ${action.target}`);
    else for (const { path } of action.set) for (const name of [path, ...(FOLLOWS[path] ?? [])]) names.add(name);
  }
  expect([...after.keys()].sort(), 'objects that exist').toEqual([...before.keys()].sort());
  for (const [id, object] of before) {
    if (moved.has(id)) continue;
    const names = written.get(id) ?? new Set();
    const kept = (values: JsonObject) =>
      Object.fromEntries(
        Object.entries(values)
          .filter(([name]) => !names.has(name) && !(names.size > 0 && name === 'modifiedDateTime'))
          .map(([name, value]) => {
            const own = (member: Json) => !moved.has(String(member)) && !names.has(`member ${String(member)}`);
            return [name, name === 'members' && isJsonArray(value) ? value.filter(own) : value];
          }),
      );
    const now = after.get(id) as RawObject;
    expect({ deleted: now.deleted, ...kept(now.values) }, `untouched: ${object.type} ${id}`).toEqual({
      deleted: object.deleted,
      ...kept(object.values),
    });
  }
}

/** Every action of a later plan has its reason in the plan before; the last plan repeats what could not be done. */
function checkRounds({ rounds, last }: Recovery): void {
  const plans = [...rounds.map((round) => round.plan), last];
  for (const [index, round] of rounds.entries()) {
    const next = plans[index + 1] as Plan;
    const earlier = rounds.slice(0, index + 1);
    for (const action of next.actions) {
      for (const path of pathsOf(action)) expect(isExplained(action, path, round, earlier), `left: ${path}`).toBe(true);
    }
  }
  // KG507: members follow from a rule that this plan takes away. KG508: a name has to become free.
  const waiting = plans[0]?.blocked.some((item) => item.code === 'KG507' || item.code === 'KG508') ?? false;
  if (!waiting && rounds.every((round) => reasonsOf(round).length === 0)) {
    const backAgain = rounds[0]?.plan.actions.some((action) => action.action === 'restore') ?? false;
    expect(rounds.length, 'rounds that it took').toBeLessThanOrEqual(backAgain ? 2 : 1);
    expect(last.actions).toEqual([]);
  }
}

function isExplained(action: Action, path: string, { plan, ...round }: Round, earlier: readonly Round[]): boolean {
  // Something else had to happen first: a name had to become free, the target of a link had to come back.
  if (plan.blocked.some((item) => item.object === action.object && touches(path, item.object, item.path))) return true;
  // It was tried and refused.
  for (const named of reasonsOf({ plan, ...round })) {
    if (named.action.object !== action.object) continue;
    if (named.path === undefined ? pathsOf(named.action).includes(path) : touches(path, action.object, named.path))
      return true;
  }
  if (!isLinkAction(action)) return false;
  const cameBack = (id: string) => plan.actions.some((done) => done.action === 'restore' && idOf(done.object) === id);
  // It was made after the backup; while its target was in the recycle bin nobody could see it, and it came back with it.
  if (action.action === 'unlink') return cameBack(action.target);
  // Its owner came back when the target could not.
  return earlier.some(
    ({ plan: before }) =>
      before.actions.some((done) => done.action === 'restore' && done.object === action.object) &&
      before.blocked.some((item) => idOf(item.object) === action.target),
  );
}

function touches(path: string, object: ObjectKey, named: string | undefined): boolean {
  return (
    named === undefined ||
    path === `${object} ${named}` ||
    path.startsWith(`${object} ${named} `) ||
    path === `${object} restore`
  );
}

/** Objects that the backup holds alive are as they were at the backup, but for what the last plan or results name. */
async function checkState(scenario: Scenario, { desired, wanted, rounds, last }: Recovery): Promise<void> {
  const after = (rounds.at(-1) as Round).after;
  const excused = new Set<string>();
  for (const item of last.blocked) excused.add(item.path === undefined ? item.object : `${item.object} ${item.path}`);
  for (const action of last.actions) {
    if (isLinkAction(action)) excused.add(`${action.object} ${action.link}`);
    else if (action.action === 'restore') excused.add(action.object);
    else for (const { path } of action.set) excused.add(`${action.object} ${path}`);
  }
  const { types, targets } = scenario.scope;
  const stored = await desired.load(desired.ids.keys());
  for (const [id, object] of wanted) {
    const key: ObjectKey = `${object.type}/${id}`;
    const inScope =
      (types.length === 0 && targets.length === 0) || types.includes(object.type) || targets.includes(key);
    if (object.deleted || !inScope || excused.has(key)) continue;
    // A restore that was blocked for the name of the object is named by that property.
    if (excused.has(`${key} userPrincipalName`) && after.get(id)?.deleted !== false) continue;
    const now = after.get(id);
    expect(now?.deleted, `${key} is there`).toBe(false);
    for (const name of RECOVERABLE[object.type] ?? []) {
      if (excused.has(`${key} ${name}`)) continue;
      expect(plain(name, now?.values[name]), `${key} ${name}`).toEqual(plain(name, object.values[name]));
    }
    if (object.type !== 'group' || excused.has(`${key} members`) || isDerived(object.values)) continue;
    const hidden = new Set(stored.get(key)?.links.members ?? []);
    const alive = (ids: Json | undefined) =>
      (isJsonArray(ids) ? ids : []).filter((member) => after.get(String(member))?.deleted === false);
    const have = alive(now?.values.members).filter(
      (member) => !hidden.has(String(member)) || isAmong(object.values.members, member),
    );
    expect(have, `${key} members`).toEqual(alive(object.values.members));
  }
}

function isAmong(ids: Json | undefined, id: Json): boolean {
  return isJsonArray(ids) && ids.includes(id);
}

/** Members that follow from elsewhere are nobody's setting. */
function isDerived(group: JsonObject): boolean {
  const mailOnly = group.mailEnabled === true && !isAmong(group.groupTypes, 'Unified');
  return group.onPremisesSyncEnabled === true || isAmong(group.groupTypes, 'DynamicMembership') || mailOnly;
}

const ANY_CASE = new Set(['userPrincipalName', 'mail', 'otherMails']);
const WORDS = new Set(['passwordPolicies', 'insiderRiskLevels', 'guestOrExternalUserTypes']);

/** A value without what does not matter to Graph: order and repetition, empty members, the spelling of dates. */
function plain(name: string, value: Json | undefined): Json {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') {
    if (ANY_CASE.has(name)) return value.toLowerCase();
    if (WORDS.has(name)) return value.split(/, ?/).sort().join();
    return /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$/.test(value) ? new Date(value).toISOString() : value;
  }
  if (isJsonArray(value)) {
    const items = new Map(value.map((item) => plain(name, item)).map((item) => [JSON.stringify(item), item]));
    return items.size === 0 ? null : [...items.keys()].sort().map((text) => items.get(text) as Json);
  }
  if (!isJsonObject(value)) return value;
  if (name === 'authenticationStrength') return value.id ?? null;
  const members = Object.entries(value).map(([member, item]) => [member, plain(member, item)] as const);
  const filled = members.filter(([member, item]) => item !== null && !member.endsWith('@odata.context'));
  return filled.length === 0 ? null : Object.fromEntries(filled.sort(([a], [b]) => (a < b ? -1 : 1)));
}
