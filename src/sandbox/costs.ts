/** What a request costs, and which limits it is held against. */
import type { Behaviour } from './behaviour.js';
import {
  type Limit,
  limits,
  membersOfOneWrite,
  personalAudiences,
  readCost,
  smallPage,
  tenantSizes,
} from './quirks/throttling.js';
import type { GraphRequest } from './request.js';
import type { Store } from './store.js';
import { isObject } from './validate.js';

/** Resource units of a request. Source: the table of request costs, with its modifiers. */
export function resourceUnits(request: GraphRequest): number {
  if (request.method !== 'GET') return 1;
  const { segments, query } = request;
  const path = segments.slice(0, 3).map((segment, at) => (at === 1 ? '*' : segment));
  const base = readCost[path.join('/')] ?? 1;
  const top = query.get('$top');
  const more = query.has('$expand') ? 1 : 0;
  const less = (query.has('$select') ? 1 : 0) + (top !== null && Number(top) < smallPage ? 1 : 0);
  return Math.max(1, base + more - less);
}

/** What a request takes out of one limit. */
export interface Charge {
  readonly name: keyof typeof limits;
  readonly limit: Limit;
  readonly units: number;
}

/** Everything a request is charged for. The first limit that it exceeds is the one that answers. */
export function chargesOf(request: GraphRequest, store: Store, behaviour: Behaviour): Charge[] {
  const charge = (name: keyof typeof limits, units = 1): Charge => ({ name, limit: limits[name], units });
  if (isConditionalAccess(request)) return [charge('conditionalAccess')];
  if (request.segments[0] === 'auditLogs') return [charge('reports')];
  const charges = [charge(tenantSize(store), resourceUnits(request))];
  if (request.method === 'GET')
    return /\bsignInActivity\b/.test(request.query.get('$select') ?? '')
      ? [charge('signInActivity'), ...charges]
      : charges;
  const units = writeUnits(request, behaviour);
  if (isPersonalApplication(request, store)) charges.push(charge('personalApplications'));
  return [...charges, charge('writes', units), charge('writesOfAll', units)];
}

/** Authentication strengths and contexts lie below the same path, and belong to other services. */
function isConditionalAccess({ segments }: GraphRequest): boolean {
  const [first, second, third] = segments;
  return (
    first === 'identity' &&
    second === 'conditionalAccess' &&
    /^(policies|namedLocations|deletedItems)$/.test(third ?? '')
  );
}

function tenantSize(store: Store): 'smallTenant' | 'mediumTenant' | 'largeTenant' {
  const users = store.live.users.length;
  if (users < tenantSizes.medium) return 'smallTenant';
  return users <= tenantSizes.large ? 'mediumTenant' : 'largeTenant';
}

function writeUnits({ body }: GraphRequest, { writesPerBind }: Behaviour): number {
  if (writesPerBind === 'one' || !isObject(body)) return 1;
  const bound = body['members@odata.bind'];
  return Math.max(1, Array.isArray(bound) ? Math.ceil(bound.length / membersOfOneWrite) : 1);
}

function isPersonalApplication({ segments, body }: GraphRequest, store: Store): boolean {
  if (segments[0] === 'applications' && isObject(body) && personalAudiences.has(body.signInAudience)) return true;
  const key = segments[0] === 'applications' ? segments[1] : segments[2];
  const stored = store.objects.get(key?.toLowerCase() ?? '');
  return stored?.collection === 'applications' && personalAudiences.has(stored.object.signInAudience);
}
