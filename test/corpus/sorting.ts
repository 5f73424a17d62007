/** Which objects the files of the corpus hold. */

import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../src/model/json.js';
import type { CorpusFile } from './files.js';
import type { CorpusType, Reason } from './reasons.js';

/** An object as the corpus has it. */
export interface Found {
  readonly type: CorpusType;
  readonly file: string;
  readonly source: JsonObject;
}

/** A file without objects, or an object that is not made. */
export interface LeftOut {
  readonly type: string;
  readonly file: string;
  readonly reason: Reason;
}

const OF_FOLDER: Readonly<Record<string, CorpusType>> = {
  appRoleAssignments: 'appRoleAssignment',
  applications: 'application',
  authenticationMethodsPolicies: 'authenticationMethodsPolicy',
  authorizationPolicies: 'authorizationPolicy',
  conditionalAccessPolicies: 'conditionalAccessPolicy',
  groups: 'group',
  namedLocations: 'namedLocation',
  oauth2PermissionGrants: 'oauth2PermissionGrant',
  organization: 'organization',
  roleAssignments: 'roleAssignment',
  roleDefinitions: 'roleDefinition',
  servicePrincipals: 'servicePrincipal',
  users: 'user',
};

const WITHOUT_OBJECTS: Readonly<Record<string, Reason>> = {
  administrativeUnits: 'noType',
  batch: 'noObject',
  domains: 'noType',
  errors: 'noObject',
  groupSettings: 'noType',
  policies: 'noType',
};

/** The objects of a file: those it is about, and those written inside them. Throws for a folder that is not known. */
export function sorted({ path, folder, content }: CorpusFile): readonly (Found | LeftOut)[] {
  const type = OF_FOLDER[folder];
  if (type === undefined) {
    const reason = WITHOUT_OBJECTS[folder];
    if (reason === undefined) throw new Error(`nothing is known about ${path}`);
    return [{ type: folder, file: path, reason }];
  }
  const found = (of: CorpusType, source: Json | undefined): Found[] =>
    isJsonObject(source) ? [{ type: of, file: path, source }] : [];
  const all = (of: CorpusType, sources: Json | undefined): Found[] =>
    isJsonArray(sources) ? sources.flatMap((source) => found(of, source)) : [];
  if ('authentication_method_policy' in content) {
    return [
      ...found(type, content.authentication_method_policy),
      ...all('authenticationMethodConfiguration', content.authentication_method_feature_settings),
    ];
  }
  const grant = content.grantControls;
  const strength = isJsonObject(grant) ? grant.authenticationStrength : undefined;
  return [
    ...found(type, content),
    ...(isJsonObject(strength) && strength.policyType === 'custom'
      ? found('authenticationStrengthPolicy', strength)
      : []),
    ...all('appRoleAssignment', content.appRoleAssignments),
  ];
}

export const isLeftOut = (each: object): each is LeftOut => 'reason' in each;
