import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SCHEMAS } from '../../src/registry/load.js';
import { differences, type Facts } from './facts-check.js';
import { type Loose, shippedSchema } from './sample-schemas.js';

const file = new URL('../../src/sandbox/facts/graph-facts.json', import.meta.url);
const facts: Facts = JSON.parse(readFileSync(file, 'utf8'));
const names = readdirSync(join(SCHEMAS, 'types')).map((name) => basename(name, '.json'));

const METHOD = 'AuthenticationMethodConfiguration';

/** Where the schemas know more than the metadata of v1.0: what beta has, what answers hold, what is written in prose. */
const BEYOND: Readonly<Record<string, readonly string[]>> = {
  application: ['application.servicePrincipalLockConfiguration.identifierUris: does not exist'],
  authenticationMethodConfiguration: [
    `microsoftAuthenticator${METHOD}.featureSettings.companionAppAllowedState: does not exist`,
    `microsoftAuthenticator${METHOD}.featureSettings.numberMatchingRequiredState: does not exist`,
    `hardwareOath${METHOD}: is no entity`,
  ],
  authenticationMethodsPolicy: [
    'authenticationMethodsPolicy.registrationEnforcement.authenticationMethodsRegistrationCampaign' +
      '.enforceRegistrationAfterAllowedSnoozes: does not exist',
  ],
  oauth2PermissionGrant: ['oAuth2PermissionGrant.consentType: has no fixed values'],
  user: ['user.perUserMfaState: does not exist'],
};

describe("every type schema agrees with Microsoft's metadata", () => {
  test.each(names)('%s', (name) => {
    expect(differences(name, shippedSchema(name), facts)).toEqual(BEYOND[name] ?? []);
  });
});

describe('a schema that does not is caught', () => {
  const conditions = (schema: Loose): Loose => schema.properties.conditions.properties;
  const rename = (members: Loose, from: string, to: string) => {
    members[to] = members[from];
    delete members[from];
  };

  test.each<[string, string, (schema: Loose) => unknown, string]>([
    ['a misspelt property', 'user', (s) => rename(s.properties, 'jobTitle', 'jobTittle'), 'user.jobTittle: does not'],
    ['an unknown property', 'group', (s) => (s.properties.colour = { type: 'string' }), 'group.colour: does not exist'],
    ['a misspelt link', 'group', (s) => rename(s.properties, 'members', 'member'), 'group.member: does not exist'],
    [
      'a link of another cardinality',
      'group',
      (s) => (s.properties.members['x-link'].cardinality = 'one'),
      'group.members: has another cardinality',
    ],
    [
      'text for a truth value',
      'user',
      (s) => (s.properties.accountEnabled.type = ['string', 'null']),
      'user.accountEnabled: is Edm.Boolean',
    ],
    [
      'a date without its format',
      'user',
      (s) => delete s.properties.employeeHireDate.format,
      'user.employeeHireDate: is Edm.DateTimeOffset',
    ],
    ['a value that can be null', 'user', (s) => (s.properties.city.type = 'string'), 'user.city: is nullable in one'],
    [
      'a value that cannot be null',
      'conditionalAccessPolicy',
      (s) => (s.properties.displayName.type = ['string', 'null']),
      'conditionalAccessPolicy.displayName: is nullable in one',
    ],
    [
      'one value for a collection',
      'user',
      (s) => (s.properties.otherMails = { type: ['string', 'null'] }),
      'user.otherMails: is a collection',
    ],
    [
      'a collection for one value',
      'user',
      (s) => (s.properties.mail = { type: 'array', items: { type: 'string' } }),
      'user.mail: is Edm.String',
    ],
    [
      'fixed values for free text',
      'user',
      (s) => (s.properties.userType.enum = ['Member', 'Guest', null]),
      'user.userType: has no fixed values',
    ],
    [
      'a missing value',
      'conditionalAccessPolicy',
      (s) => s.properties.state.enum.pop(),
      'conditionalAccessPolicy.state: has the values enabled, disabled, enabledForReportingButNotEnforced',
    ],
    [
      'a value too many',
      'namedLocation',
      (s) => s.oneOf[1].properties.countryLookupMethod.enum.push('guess'),
      'countryNamedLocation.countryLookupMethod: has the values',
    ],
    [
      'null missing among the values',
      'namedLocation',
      (s) => s.oneOf[1].properties.countryLookupMethod.enum.pop(),
      'countryNamedLocation.countryLookupMethod: has null among its values',
    ],
    [
      'a missing flag',
      'conditionalAccessPolicy',
      (s) => conditions(s).insiderRiskLevels['x-compare'].values.pop(),
      'conditions.insiderRiskLevels: has the values',
    ],
    [
      'flags that are not said to be flags',
      'conditionalAccessPolicy',
      (s) => delete conditions(s).insiderRiskLevels['x-compare'],
      'conditions.insiderRiskLevels: is a set of flags in one of the two only',
    ],
    [
      'a misspelt member, deep inside',
      'conditionalAccessPolicy',
      (s) => rename(conditions(s).users.properties, 'excludeGroups', 'excludedGroups'),
      'conditions.users.excludedGroups: does not exist',
    ],
    [
      'a missing member',
      'conditionalAccessPolicy',
      (s) => delete conditions(s).authenticationFlows,
      'conditions.authenticationFlows: is not declared',
    ],
    [
      'a missing member of a shared definition',
      'conditionalAccessPolicy',
      (s) => delete s.$defs.filter.properties.mode,
      'conditions.devices.deviceFilter.mode: is not declared',
    ],
    [
      'a missing member of an object without members of its own',
      'conditionalAccessPolicy',
      (s) => delete s.properties.sessionControls.properties.secureSignInSession.properties.isEnabled,
      'sessionControls.secureSignInSession.isEnabled: is not declared',
    ],
    [
      'a missing variant',
      'namedLocation',
      (s) => s.oneOf[0].properties.ipRanges.items.oneOf.pop(),
      'ipNamedLocation.ipRanges[]: is iPv4CidrRange or',
    ],
    [
      'a misspelt variant',
      'namedLocation',
      (s) => (s.oneOf[0].properties['@odata.type'].const = '#microsoft.graph.ipNamedLocations'),
      'ipNamedLocations: is no entity',
    ],
    [
      'a missing member of an object inside another',
      'authenticationMethodConfiguration',
      (s) => delete s.$defs.smsTarget.properties.isUsableForSignIn,
      'smsAuthenticationMethodConfiguration.includeTargets[].isUsableForSignIn: is not declared',
    ],
    [
      'a member that objects of another kind have',
      'authenticationMethodConfiguration',
      (s) => (s.$defs.target.properties.isUsableForSignIn = { type: 'boolean' }),
      'authenticationMethodTarget.isUsableForSignIn: does not exist',
    ],
    [
      'a missing kind of object inside another',
      'authenticationStrengthPolicy',
      (s) => s.properties.combinationConfigurations.items.oneOf.pop(),
      'combinationConfigurations[]: is fido2CombinationConfiguration or x509CertificateCombinationConfiguration',
    ],
    [
      'a missing method among combined ones',
      'authenticationStrengthPolicy',
      (s) => s.properties.allowedCombinations.items['x-compare'].values.pop(),
      'authenticationStrengthPolicy.allowedCombinations[]: has the values password, voice,',
    ],
    [
      'text that is a number',
      'authenticationMethodConfiguration',
      (s) => (s.oneOf[0].properties.isAttestationEnforced.type = ['integer', 'null']),
      'fido2AuthenticationMethodConfiguration.isAttestationEnforced: is Edm.Boolean',
    ],
  ])('%s', (_, name, change, finding) => {
    const schema = shippedSchema(name);
    change(schema);
    expect(differences(name, schema, facts).join('\n')).toContain(finding);
  });
});
