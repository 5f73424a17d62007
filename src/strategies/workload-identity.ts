/**
 * Strategy `workloadIdentity`: service principals that somebody else owns. Sources: "servicePrincipal resource type"
 * (servicePrincipalType ManagedIdentity: updated and deleted with the Azure resource only), "Apps and service principals
 * in Microsoft Entra ID" (first-party applications are made in a tenant by Microsoft's services).
 */

import type { Json } from '../model/json.js';

/** Tenants in which Microsoft keeps the applications of its own services. */
const MICROSOFT: readonly Json[] = ['f8cdef31-a31e-4b4a-93e4-5f571e91255a', '72f988bf-86f1-41af-91ab-2d7cd011db47'];

type Properties = Readonly<Record<string, Json>>;

/** Why nobody but Azure can change this one; undefined for all others. */
export function ownedByAzure(live: Properties): string | undefined {
  return live.servicePrincipalType === 'ManagedIdentity'
    ? 'It is a managed identity, which only Azure can change'
    : undefined;
}

/** Why it is not deleted; undefined when it may be. */
export function ownedElsewhere(live: Properties): string | undefined {
  const owner = live.appOwnerOrganizationId ?? null;
  if (MICROSOFT.includes(owner))
    return 'It belongs to Microsoft, whose services add such service principals by themselves';
  return ownedByAzure(live);
}
