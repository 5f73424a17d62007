/**
 * Objects as they read, where that is more than what is stored about them: service principals follow their application,
 * and assignments name what they connect.
 */
import { followed } from './quirks/application-reading.js';
import { resources } from './resources.js';
import { requirementsOf } from './rules/strength.js';
import type { Store, Stored } from './store.js';

type Properties = Readonly<Record<string, unknown>>;

/** The properties of an object with those it takes over from other ones. */
export function effectiveObject(store: Store, stored: Stored): Properties {
  if (stored.collection === 'servicePrincipals') return effectivePrincipal(store, stored);
  if (stored.collection === 'appRoleAssignments') return effectiveAssignment(store, stored);
  if (stored.collection === 'roleAssignments') return { ...stored.object, principalOrganizationId: store.tenantId };
  if (stored.collection === 'roleDefinitions') return { isBuiltIn: false, ...stored.object };
  if (stored.collection === 'authenticationStrengthPolicies') return effectiveStrength(stored.object);
  return stored.object;
}

/** Source: "authenticationStrengthPolicy resource type": what it satisfies follows from its combinations. */
function effectiveStrength(object: Properties): Properties {
  return { policyType: 'custom', ...object, requirementsSatisfied: requirementsOf(object.allowedCombinations) };
}

/**
 * The application of this tenant that a service principal belongs to. While the principal is in the recycle bin, its
 * application may be there too.
 */
export function homeApplication(store: Store, principal: Stored): Stored | undefined {
  const appId = String(principal.object.appId ?? '').toLowerCase();
  const live = store.appIds.applications.get(appId);
  if (live !== undefined) return store.objects.get(live);
  if (appId === '' || !principal.deletedDateTime) return undefined;
  return binnedApplication(store, appId);
}

/** The application in the recycle bin that has the given `appId` (lower case). */
export function binnedApplication(store: Store, appId: string): Stored | undefined {
  return store.bin.applications
    .map((id) => store.objects.get(id))
    .find((each) => String(each?.object.appId ?? '').toLowerCase() === appId);
}

/** Source: "servicePrincipal resource type" (servicePrincipalNames, properties of the application); tags: observed. */
function effectivePrincipal(store: Store, stored: Stored): Properties {
  const { object } = stored;
  const application = homeApplication(store, stored)?.object;
  const names = union(object.servicePrincipalNames, object.appId, application?.identifierUris);
  if (!application) return { ...object, servicePrincipalNames: names };
  return {
    ...object,
    ...Object.fromEntries(followed.map(([name, read]) => [name, read(application)])),
    appOwnerOrganizationId: store.tenantId,
    servicePrincipalNames: names,
    tags: union(object.tags, application.tags),
  };
}

/** Source: "appRoleAssignment resource type". */
function effectiveAssignment(store: Store, { object }: Stored): Properties {
  const end = (name: string) => store.objects.get(String(object[name] ?? '').toLowerCase());
  const [principal, resource] = [end('principalId'), end('resourceId')];
  return {
    ...object,
    ...(principal && {
      principalDisplayName: effectiveObject(store, principal).displayName,
      principalType: resources[principal.collection].label,
    }),
    ...(resource && { resourceDisplayName: effectiveObject(store, resource).displayName }),
  };
}

/** The texts of several values, each once. */
function union(...values: readonly unknown[]): string[] {
  const texts = values.flat().filter((each) => typeof each === 'string');
  return [...new Set(texts as string[])];
}
