/** The full form in which the service stores a Conditional Access policy, from the parts that a policy sets. */

import type { Random } from './random.js';

/** One Conditional Access policy as the service stores it. */
export interface GeneratedPolicy {
  readonly id: string;
  readonly object: Readonly<Record<string, unknown>>;
}

type Part = Readonly<Record<string, unknown>>;

/** What a policy sets; everything else has the service's empty value. */
export interface PolicyWish {
  readonly name: string;
  readonly state?: 'enabled' | 'disabled' | 'enabledForReportingButNotEnforced';
  readonly users: Part;
  readonly applications?: Part;
  readonly conditions?: Part;
  readonly grant?: Part;
  readonly session?: Part;
}

/** Makes the stored form of a policy. */
export function createPolicy(random: Random, wish: PolicyWish): GeneratedPolicy {
  const id = random.guid();
  const fraction = (instant: string) => instant.replace('Z', `.${String(random.int(1, 9999999)).padStart(7, '0')}Z`);
  const object = {
    id,
    templateId: null,
    displayName: wish.name,
    createdDateTime: fraction(random.instant(2020, 2022)),
    modifiedDateTime: random.chance(0.7) ? fraction(random.instant(2023, 2025)) : null,
    state: wish.state ?? 'enabled',
    conditions: conditionsOf(wish),
    grantControls: wish.grant ? { ...NO_GRANT, ...wish.grant } : null,
    sessionControls: wish.session ? { ...NO_SESSION, ...wish.session } : null,
  };
  return { id, object };
}

const NO_GRANT = {
  operator: 'OR',
  builtInControls: [],
  customAuthenticationFactors: [],
  termsOfUse: [],
  authenticationStrength: null,
};

const NO_SESSION = {
  disableResilienceDefaults: null,
  applicationEnforcedRestrictions: null,
  cloudAppSecurity: null,
  signInFrequency: null,
  persistentBrowser: null,
  secureSignInSession: null,
};

function conditionsOf(wish: PolicyWish): Record<string, unknown> {
  return {
    userRiskLevels: [],
    signInRiskLevels: [],
    clientAppTypes: ['all'],
    servicePrincipalRiskLevels: [],
    insiderRiskLevels: null,
    platforms: null,
    locations: null,
    devices: null,
    clientApplications: null,
    authenticationFlows: null,
    applications: {
      includeApplications: ['All'],
      excludeApplications: [],
      includeUserActions: [],
      includeAuthenticationContextClassReferences: [],
      applicationFilter: null,
      ...wish.applications,
    },
    users: {
      includeUsers: [],
      excludeUsers: [],
      includeGroups: [],
      excludeGroups: [],
      includeRoles: [],
      excludeRoles: [],
      includeGuestsOrExternalUsers: null,
      excludeGuestsOrExternalUsers: null,
      ...wish.users,
    },
    ...wish.conditions,
  };
}
