import { describe, expect, test } from 'vitest';
import { loadRegistry } from '../../src/registry/load.js';
import type { SchemaNode } from '../../src/registry/schema.js';
import type { ObjectType } from '../../src/registry/types.js';
import { shippedSchema } from './sample-schemas.js';

const registry = loadRegistry();

function type(name: string): ObjectType {
  const found = registry.byName.get(name);
  if (found === undefined) throw new Error(`There is no type ${name}.`);
  return found;
}

/** Graph name → name in Microsoft's product, of the properties that the product recovers. */
function native(name: string): Record<string, string> {
  const entries = type(name).properties.flatMap((property) =>
    typeof property.native === 'string' ? [[property.name, property.native] as const] : [],
  );
  return Object.fromEntries(entries);
}

function withAccess(name: string, access: string): string[] {
  return type(name)
    .properties.filter((property) => property.access === access)
    .map((property) => property.name);
}

describe("what Microsoft's product recovers", () => {
  test('of users: all but the state of per-user MFA, which v1.0 does not have', () => {
    expect(native('user')).toEqual({
      accountEnabled: 'AccountEnabled',
      ageGroup: 'AgeGroup',
      businessPhones: 'TelephoneNumber',
      city: 'City',
      companyName: 'CompanyName',
      consentProvidedForMinor: 'ConsentProvidedForMinor',
      country: 'Country',
      department: 'Department',
      displayName: 'DisplayName',
      employeeHireDate: 'EmployeeHireDate',
      employeeId: 'EmployeeId',
      employeeLeaveDateTime: 'EmployeeLeaveDate',
      employeeOrgData: 'EmployeeOrgData',
      employeeType: 'EmployeeType',
      faxNumber: 'FaxNumber',
      givenName: 'GivenName',
      jobTitle: 'JobTitle',
      mail: 'Mail',
      mailNickname: 'MailNickname',
      mobilePhone: 'Mobile',
      officeLocation: 'PhysicalDeliveryOfficeName',
      otherMails: 'OtherMail',
      passwordPolicies: 'PasswordPolicies',
      postalCode: 'PostalCode',
      preferredDataLocation: 'PreferredDataLocation',
      preferredLanguage: 'PreferredLanguage',
      state: 'State',
      streetAddress: 'StreetAddress',
      surname: 'Surname',
      usageLocation: 'UsageLocation',
      userPrincipalName: 'UserPrincipalName',
      userType: 'UserType',
    });
    expect(Object.keys(native('user'))).toHaveLength(32);
  });

  test('of groups: twelve properties and the assigned members', () => {
    expect(native('group')).toEqual({
      classification: 'Classification',
      description: 'Description',
      displayName: 'DisplayName',
      groupTypes: 'GroupType',
      mail: 'Mail',
      mailEnabled: 'MailEnabled',
      mailNickname: 'MailNickname',
      preferredDataLocation: 'PreferredDataLocation',
      preferredLanguage: 'PreferredLanguage',
      securityEnabled: 'SecurityEnabled',
      theme: 'Theme',
      visibility: 'IsPublic',
    });
    expect(type('group').links.map((link) => [link.name, link.native])).toEqual([['members', 'Members']]);
    const beyond = type('group').properties.filter((property) => property.native === false);
    expect(beyond.map(({ name }) => name)).toEqual([
      'membershipRule',
      'membershipRuleProcessingState',
      'isAssignableToRole',
    ]);
  });
});

describe('the types', () => {
  test('are written in this order', () => {
    expect(registry.types.map(({ name, rank }) => `${rank} ${name}`)).toEqual([
      '0 group',
      '0 namedLocation',
      '0 user',
      '1 conditionalAccessPolicy',
    ]);
  });

  test('gates are the types that let people in or keep them out', () => {
    expect(registry.types.filter(({ gate }) => gate).map(({ name, strategy }) => [name, strategy])).toEqual([
      ['namedLocation', 'namedLocationGate'],
      ['conditionalAccessPolicy', 'conditionalAccessGate'],
    ]);
  });

  test.each<[string, Record<string, string[]>]>([
    [
      'user',
      {
        identity: ['id'],
        context: ['onPremisesSyncEnabled', 'createdDateTime', 'deletedDateTime'],
        createOnly: [],
        readOnly: [],
      },
    ],
    [
      'group',
      {
        identity: ['id'],
        context: ['onPremisesSyncEnabled', 'createdDateTime', 'deletedDateTime'],
        createOnly: ['mailEnabled', 'isAssignableToRole'],
        readOnly: ['mail'],
      },
    ],
    [
      'conditionalAccessPolicy',
      { identity: ['id'], context: ['createdDateTime', 'deletedDateTime'], createOnly: [], readOnly: ['templateId'] },
    ],
    [
      'namedLocation',
      {
        identity: ['@odata.type', 'id'],
        context: ['createdDateTime', 'deletedDateTime'],
        createOnly: [],
        readOnly: [],
      },
    ],
  ])('%s: who sets what', (name, expected) => {
    for (const [access, names] of Object.entries(expected)) expect(withAccess(name, access)).toEqual(names);
  });

  test('nothing volatile or stamped by the service is declared', () => {
    const volatile =
      /modified|lastSync|lastPassword|renewed|expiration|signIn(Activity|Sessions)|unseen|licenseAssign/i;
    for (const { name, properties } of registry.types) {
      expect([name, properties.map((property) => property.name).filter((it) => volatile.test(it))]).toEqual([name, []]);
    }
  });

  test('what Graph refuses to clear', () => {
    const refused = (name: string) =>
      type(name)
        .properties.filter(({ access, clearable }) => access === 'readWrite' && !clearable)
        .map((property) => property.name);
    expect(refused('user')).toEqual([
      'displayName',
      'userPrincipalName',
      'accountEnabled',
      'mail',
      'mailNickname',
      'usageLocation',
    ]);
    expect(refused('group')).toEqual(['displayName', 'securityEnabled', 'mailNickname', 'visibility']);
    expect(refused('conditionalAccessPolicy')).toEqual(['displayName', 'state', 'conditions']);
  });

  test('members are removed by reference and never by themselves', () => {
    const [members] = type('group').links;
    expect(members?.remove.path).toBe('/groups/{id}/members/{target}/$ref');
    expect(members?.list).toEqual({ path: '/groups/{id}/members?$select=id&$top=999', version: 'beta' });
    expect(members?.strategy).toBe('assignedMembership');
  });
});

describe.each(['user', 'group', 'conditionalAccessPolicy', 'namedLocation'])('the schema of %s', (name) => {
  const schema: SchemaNode & { readonly $schema?: string } = shippedSchema(name);

  test('names its dialect, for editors', () => {
    expect(schema.$schema).toBe('../dialect.json');
  });

  test('describes every property in one line', () => {
    const undescribed: string[] = [];
    const visit = (node: SchemaNode, path: string) => {
      for (const [member, child] of Object.entries(node.properties ?? {})) {
        if (!/^[A-Z].{3,140}\.$/.test(child.description ?? '')) undescribed.push(`${path}/${member}`);
        visit(child, `${path}/${member}`);
      }
      for (const branch of node.oneOf ?? []) visit(branch, path);
      if (node.items !== undefined) visit(node.items, path);
      for (const child of Object.values(node.$defs ?? {})) visit(child, `${path}/$defs`);
    };
    visit(schema, '');
    expect(undescribed).toEqual([]);
  });

  test('begins with the identity and ends with the context', () => {
    const accesses = type(name).properties.map(({ access }) => access);
    const order = ['identity', 'other', 'context'];
    const ranks = accesses.map((access) => order.indexOf(order.includes(access) ? access : 'other'));
    if (type(name).variants.length === 1) expect(ranks).toEqual([...ranks].sort());
    for (const { properties } of type(name).variants) expect(properties.at(-1)?.access).toBe('context');
  });
});
