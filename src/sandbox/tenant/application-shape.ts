/** The full form in which the directory stores an application and its service principal, from the parts that it sets. */

import { INITIAL_DOMAIN } from './company.js';
import { createCertificate, createSecret } from './credentials.js';
import {
  type AppRole,
  createPrincipal,
  NO_LINKS,
  type PermissionScope,
  type Principal,
  typeFirst,
  UNVERIFIED,
} from './principal-shape.js';
import type { Random } from './random.js';

type Part = Readonly<Record<string, unknown>>;

/** Who may hold a role of an application. */
export type Holder = 'User' | 'Application';

/** What an application asks for: values of scopes and roles of another one, which is named. */
export interface Need {
  readonly resource: string;
  readonly scopes?: readonly string[];
  readonly roles?: readonly string[];
}

/** What an application sets; everything else has the service's empty value. */
export interface ApplicationWish {
  readonly name: string;
  readonly description?: string;
  /** `api` stands for the usual name, which is made from the application id. */
  readonly identifier?: string;
  readonly web?: { readonly redirectUris: readonly string[]; readonly home?: string; readonly implicit?: boolean };
  readonly spa?: readonly string[];
  readonly publicClient?: readonly string[];
  readonly roles?: readonly (readonly [value: string, name: string, ...holders: Holder[]])[];
  readonly scopes?: readonly (readonly [value: string, name: string])[];
  /** Applications that need no consent for some of the scopes, by application id. */
  readonly trusted?: readonly (readonly [appId: string, ...scopes: string[]])[];
  readonly needs?: readonly Need[];
  readonly secrets?: number;
  readonly certificates?: number;
  readonly more?: Part;
  readonly principal?: Part;
}

/** One application with its service principal in the same tenant. */
export interface GeneratedApplication {
  readonly id: string;
  readonly appId: string;
  readonly name: string;
  readonly object: Part;
  readonly principal: Principal;
  readonly needs: readonly Need[];
}

/** Makes an application; `resources` are those that it may ask something of. */
export function createApplication(
  random: Random,
  tenantId: string,
  wish: ApplicationWish,
  resources: readonly Principal[],
): GeneratedApplication {
  const { name, needs = [] } = wish;
  const id = random.guid();
  const appId = random.guid();
  const roles = (wish.roles ?? []).map((role) => createRole(random, ...role));
  const scopes = (wish.scopes ?? []).map(([value, effect]) => createScope(random, value, effect));
  const object = {
    id,
    appId,
    createdDateTime: random.instant(2018, 2025),
    description: wish.description ?? null,
    displayName: name,
    publisherDomain: INITIAL_DOMAIN,
    signInAudience: 'AzureADMyOrg',
    ...collectionsOf(wish, appId),
    api: apiOf(wish, scopes),
    appRoles: roles,
    keyCredentials: Array.from({ length: wish.certificates ?? 0 }, () => createCertificate(random, name)),
    passwordCredentials: Array.from({ length: wish.secrets ?? 0 }, (_, i) => createSecret(random, i)),
    requiredResourceAccess: needs.flatMap((need) => accessOf(need, resources)),
    ...platformsOf(wish),
    ...wish.more,
  };
  return {
    id,
    appId,
    name,
    object: typeFirst(object),
    principal: homePrincipal(random, tenantId, wish, object),
    needs,
  };
}

function collectionsOf(wish: ApplicationWish, appId: string): Part {
  const identifier = wish.identifier === 'api' ? `api://${appId}` : wish.identifier;
  return {
    addIns: [],
    identifierUris: identifier === undefined ? [] : [identifier],
    info: NO_LINKS,
    parentalControlSettings: { countriesBlockedForMinors: [], legalAgeGroupRule: 'Allow' },
    tags: [],
    verifiedPublisher: UNVERIFIED,
  };
}

/** What the application offers to others. */
function apiOf({ trusted = [] }: ApplicationWish, scopes: readonly PermissionScope[]) {
  return {
    acceptMappedClaims: null,
    knownClientApplications: [],
    oauth2PermissionScopes: scopes,
    preAuthorizedApplications: trusted.map(([appId, ...values]) => ({
      appId,
      delegatedPermissionIds: scopes.filter(({ value }) => values.includes(value)).map(({ id }) => id),
    })),
    requestedAccessTokenVersion: scopes.length > 0 ? 2 : null,
  };
}

function platformsOf({ web, spa = [], publicClient = [] }: ApplicationWish): Part {
  const redirectUris = web?.redirectUris ?? [];
  return {
    isFallbackPublicClient: publicClient.length > 0 ? true : null,
    publicClient: { redirectUris: publicClient },
    spa: { redirectUris: spa },
    web: {
      homePageUrl: web?.home ?? null,
      logoutUrl: web?.home === undefined ? null : `${web.home}/signout`,
      redirectUris,
      implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: web?.implicit ?? false },
      redirectUriSettings: redirectUris.map((uri) => ({ uri, index: null })),
    },
  };
}

interface Stored extends Part {
  readonly appId: string;
  readonly appRoles: readonly AppRole[];
  readonly api: { readonly oauth2PermissionScopes: readonly PermissionScope[] };
}

/** The service principal in the tenant of the application, which shows what the application says. */
function homePrincipal(random: Random, tenantId: string, wish: ApplicationWish, application: Stored): Principal {
  const { web, spa = [], publicClient = [] } = wish;
  const { applicationTemplateId = null, signInAudience, info, isDisabled = null } = application as Part;
  return createPrincipal(random, {
    appId: application.appId,
    name: wish.name,
    roles: application.appRoles,
    scopes: application.api.oauth2PermissionScopes,
    more: {
      appDescription: wish.description ?? null,
      applicationTemplateId,
      appOwnerOrganizationId: tenantId,
      homepage: web?.home ?? null,
      info,
      isDisabled,
      logoutUrl: web?.home === undefined ? null : `${web.home}/signout`,
      replyUrls: [...(web?.redirectUris ?? []), ...spa, ...publicClient],
      signInAudience,
      tags: ['WindowsAzureActiveDirectoryIntegratedApp'],
      ...wish.principal,
    },
  });
}

/** What is asked of a resource, as an application stores it: nothing if the directory has no such resource. */
function accessOf({ resource, scopes = [], roles = [] }: Need, resources: readonly Principal[]): Part[] {
  const found = resources.find((principal) => principal.name === resource);
  if (found === undefined) return [];
  const pick = (values: readonly string[], offered: readonly AppRole[], type: string) =>
    offered.filter(({ value }) => values.includes(String(value))).map(({ id }) => ({ id, type }));
  const resourceAccess = [...pick(scopes, found.scopes, 'Scope'), ...pick(roles, found.roles, 'Role')];
  return [{ resourceAppId: found.appId, resourceAccess }];
}

function createRole(random: Random, value: string, name: string, ...holders: Holder[]): AppRole {
  return {
    allowedMemberTypes: holders,
    description: `${name}: may use ${value}`,
    displayName: name,
    id: random.guid(),
    isEnabled: true,
    origin: 'Application',
    value,
  };
}

function createScope(random: Random, value: string, effect: string): PermissionScope {
  return {
    adminConsentDescription: `${effect}, for whoever is signed in`,
    adminConsentDisplayName: effect,
    id: random.guid(),
    isEnabled: true,
    type: 'User',
    userConsentDescription: `${effect}, for you`,
    userConsentDisplayName: effect,
    value,
  };
}
