/**
 * Strategy `conditionalAccessGate`: whether bringing a Conditional Access policy back lets people in (loosens) or keeps
 * them out (tightens). Only what certainly loosens counts as loosening: it runs first, because it may be what locks the
 * responders out. Everything else runs last.
 */

import { isJsonArray, isJsonObject, type Json } from '../model/json.js';

type Properties = Readonly<Record<string, Json>>;

/** Judges a change live → desired. `live` is undefined for a policy that comes back from the recycle bin. */
export function policyLoosens(live: Properties | undefined, desired: Properties): boolean {
  if (live === undefined || live.state !== 'enabled') return false;
  if (desired.state !== 'enabled') return true;
  return (
    onlyNarrows(live.conditions, desired.conditions) &&
    same(live.grantControls, desired.grantControls) &&
    same(live.sessionControls, desired.sessionControls)
  );
}

/** Users and groups that a policy applies to: fewer includes and more excludes let people in again. */
const SCOPES = ['users', 'applications', 'locations', 'platforms', 'clientApplications'] as const;

function onlyNarrows(live: Json | undefined, desired: Json | undefined): boolean {
  if (!isJsonObject(live) || !isJsonObject(desired)) return false;
  const names = new Set([...Object.keys(live), ...Object.keys(desired)]);
  return [...names].every((name) => {
    const [before, after] = [live[name], desired[name]];
    if (same(before, after)) return true;
    if (!SCOPES.includes(name as (typeof SCOPES)[number]) || !isJsonObject(before) || !isJsonObject(after))
      return false;
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].every((list) =>
      narrows(list, before[list], after[list]),
    );
  });
}

function narrows(list: string, before: Json | undefined, after: Json | undefined): boolean {
  if (same(before, after)) return true;
  if (!isJsonArray(before) || !isJsonArray(after)) return false;
  if (list.startsWith('include')) return after.length > 0 && after.every((item) => before.includes(item));
  if (list.startsWith('exclude')) return before.every((item) => after.includes(item));
  return false;
}

function same(a: Json | undefined, b: Json | undefined): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}
