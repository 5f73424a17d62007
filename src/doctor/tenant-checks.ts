/** What kind of tenant it is, what it has licences for, and how full it is. */

import type { GraphClient } from '../graph/types.js';
import type { Check } from '../model/doctor.js';
import { isJsonObject, type JsonObject } from '../model/json.js';
import { type Answered, askForAll, objectsIn, quotaQuestion, textIn } from './questions.js';

/** "organization resource type", `tenantType`. */
const KINDS: Readonly<Record<string, { readonly words: string; readonly workforce: boolean }>> = {
  AAD: { words: 'a workforce tenant', workforce: true },
  CIAM: { words: 'a Microsoft Entra External ID tenant, for customers', workforce: false },
  'AAD B2C': { words: 'an Azure AD B2C tenant, for customers', workforce: false },
};

export function kindCheck(organization: Answered<JsonObject>): Check {
  const base = { id: 'tenant.kind', area: 'tenant', title: 'Kind' } as const;
  const type = 'value' in organization ? textIn(organization.value, 'tenantType') : undefined;
  if (type === undefined) {
    const why = 'why' in organization ? organization.why : 'Graph does not say';
    return { ...base, status: 'unknown', message: `Whether it is a workforce tenant is not known: ${why}.` };
  }
  const kind = KINDS[type];
  if (kind === undefined)
    return { ...base, status: 'unknown', message: `Graph calls it ${type}, which is not known here.` };
  if (kind.workforce) return { ...base, status: 'ok', message: 'It is a workforce tenant.' };
  return {
    ...base,
    status: 'failed',
    code: 'KG199',
    message: `It is ${kind.words}: such tenants have no delta queries, and other rules for users and policies. Backups of them would not be whole, and recoveries were never tried.`,
    remedy: 'Use knowngood for workforce tenants only.',
  };
}

/** "Product names and service plan identifiers for licensing". */
const P1 = '41781fb2-bc02-4b7c-bd55-b576c07bb09d';
const P2 = 'eec0eb4f-6444-4f95-aba0-50c24d67f998';

export function licenceCheck(organization: Answered<JsonObject>): Check {
  const base = { id: 'tenant.licence', area: 'tenant', title: 'Licence' } as const;
  const plans = 'value' in organization ? organization.value.assignedPlans : undefined;
  if (plans === undefined || plans === null) {
    const why = 'why' in organization ? organization.why : 'Graph does not say';
    return { ...base, status: 'unknown', message: `Which licences there are is not known: ${why}.` };
  }
  const enabled = new Set(
    objectsIn(plans)
      .filter((plan) => plan.capabilityStatus === 'Enabled' || plan.capabilityStatus === 'Warning')
      .map((plan) => plan.servicePlanId),
  );
  const best = enabled.has(P2) ? 'P2' : enabled.has(P1) ? 'P1' : undefined;
  if (best !== undefined) {
    return {
      ...base,
      status: 'ok',
      message: `Microsoft Entra ID ${best}. The audit log is kept for 30 days: who changed something is known as long.`,
    };
  }
  return {
    ...base,
    status: 'warning',
    message:
      'Neither P1 nor P2: no Conditional Access, no backups of Microsoft, and the audit log is kept for 7 days only.',
    remedy: 'Take backups often enough that who changed something can still be found.',
  };
}

const NEARLY_FULL = 0.9;

/** Restoring adds nothing, because the recycle bin counts; making anew does. */
export async function quotaCheck(client: GraphClient): Promise<Check> {
  const base = { id: 'tenant.quota', area: 'tenant', title: 'Directory quota' } as const;
  const organizations = await askForAll(client, quotaQuestion);
  const quota = 'value' in organizations ? organizations.value[0]?.directorySizeQuota : undefined;
  const { used, total } = isJsonObject(quota) ? quota : {};
  if (typeof used !== 'number' || typeof total !== 'number' || total <= 0) {
    const why = 'why' in organizations ? organizations.why : 'Graph does not say';
    return { ...base, status: 'unknown', message: `How many objects there may be is not known: ${why}.` };
  }
  const message = `${used} of ${total} objects are used, the recycle bin included.`;
  if (used < total * NEARLY_FULL) return { ...base, status: 'ok', message };
  return {
    ...base,
    status: 'warning',
    message,
    remedy: 'Ask Microsoft for a larger quota: nothing new can be made when it is full, nor made again.',
  };
}
