/** Why an object of the corpus is not made in a tenant. Everything else has to go through. */

export const REASONS = {
  noType: 'of a kind that knowngood has no type for',
  noObject: 'an error or a batch, no object',
  otherResource: 'another resource of Graph (registration details, schedules of roles)',
  otherInterface: 'as another interface writes it (the manifest in the portal, roles of Exchange)',
  fragment: 'a fragment without what makes it an object',
  betaOnly: 'nothing is left of it in version 1.0',
  builtIn: 'comes with every tenant',
  notCreated: 'cannot be created with Graph (groups of Exchange, locations of Global Secure Access, agents)',
  refused: 'holds names or values that the documentation of Graph does not allow',
  repeated: 'word for word another one of the corpus, and a tenant can hold one of them',
} as const;

export type Reason = keyof typeof REASONS;

/** Types of the corpus, in the order in which their objects are made. */
export const TYPES = [
  'user',
  'group',
  'namedLocation',
  'authenticationStrengthPolicy',
  'application',
  'servicePrincipal',
  'roleDefinition',
  'oauth2PermissionGrant',
  'appRoleAssignment',
  'roleAssignment',
  'authorizationPolicy',
  'organization',
  'authenticationMethodsPolicy',
  'authenticationMethodConfiguration',
  'conditionalAccessPolicy',
] as const;

export type CorpusType = (typeof TYPES)[number];
