/** The applications that the company itself registered, and the one in its recycle bin. */

import { type ApplicationWish, createApplication, type GeneratedApplication, type Need } from './application-shape.js';
import { COMPANY, DEFAULT_DOMAIN, GROUP_ADJECTIVES, GROUP_NOUNS } from './company.js';
import { createSigningKeys } from './credentials.js';
import { TEAMS, TEAMS_WEB } from './first-party.js';
import { NO_LINKS, type Principal } from './principal-shape.js';
import type { Random } from './random.js';

const GRAPH = 'Microsoft Graph';
const SIGN_IN = ['User.Read', 'openid', 'profile', 'email'];

/** The application that people need a role for; groups, grants and a policy refer to it. */
export const LAUNCH_PORTAL = 'Launch Portal';
/** The application that reads the directory on its own. */
export const DIRECTORY_REPORTING = 'Directory Reporting';
/** The application of another maker that people sign in to with SAML. */
export const EXPENSES = 'Cloudspire Expenses';

/** The applications of a tenant: those that are active, and the one in the recycle bin. */
export interface Applications {
  readonly active: readonly GeneratedApplication[];
  readonly deleted: GeneratedApplication;
}

/** Makes `count` applications and a deleted one. Those made first may be asked for permissions by those made later. */
export function createApplications(
  random: Random,
  tenantId: string,
  count: number,
  firstParty: readonly Principal[],
): Applications {
  const active: GeneratedApplication[] = [];
  const make = (wish: ApplicationWish) =>
    createApplication(random, tenantId, wish, [...firstParty, ...active.map(({ principal }) => principal)]);
  const fixed = [
    launchPortal(),
    telemetryDashboard(),
    REPORTING,
    expenses(random),
    FIELD_INSPECTOR,
    timesheets(),
    ...suppliers(),
  ];
  for (const wish of fixed.slice(0, count)) active.push(make(wish));
  for (let i = 0; active.length < count; i++) active.push(make(smallApplication(random, i)));
  return { active, deleted: make(RETIRED) };
}

const RETIRED: ApplicationWish = {
  name: 'Retired Intranet',
  description: 'Replaced in spring',
  identifier: `https://intranet.${DEFAULT_DOMAIN}`,
  web: { redirectUris: [`https://intranet.${DEFAULT_DOMAIN}/callback`], home: `https://intranet.${DEFAULT_DOMAIN}` },
  needs: [{ resource: GRAPH, scopes: ['User.Read'] }],
  more: { tags: ['intranet', 'retired'], notes: 'Delete for good after the audit' },
};

function launchPortal(): ApplicationWish {
  const site = `https://launch.${DEFAULT_DOMAIN}`;
  return {
    name: LAUNCH_PORTAL,
    description: 'Plans launches and releases countdowns',
    identifier: 'api',
    web: { redirectUris: [`${site}/signin-oidc`, 'https://localhost:5001/signin-oidc'], home: site },
    roles: [
      ['Launch.Operate', 'Launch operators', 'User'],
      ['Launch.Approve', 'Launch directors', 'User'],
      ['Launch.Read', 'Observers', 'User', 'Application'],
    ],
    scopes: [
      ['Launches.Read', 'See planned launches'],
      ['Launches.Change', 'Change planned launches'],
    ],
    trusted: [
      [TEAMS, 'Launches.Read', 'Launches.Change'],
      [TEAMS_WEB, 'Launches.Read'],
    ],
    needs: [{ resource: GRAPH, scopes: [...SIGN_IN, 'GroupMember.Read.All', 'offline_access'] }],
    secrets: 2,
    more: {
      groupMembershipClaims: 'SecurityGroup,ApplicationGroup',
      info: linksOf(site),
      notes: 'Owned by Launch Operations. Two people for every change.',
      optionalClaims: CLAIMS,
      serviceManagementReference: 'SVC-1001',
      tags: ['production', 'launch-critical'],
    },
    principal: { appRoleAssignmentRequired: true, notes: 'Everyone needs a role' },
  };
}

function telemetryDashboard(): ApplicationWish {
  const site = `https://telemetry.${DEFAULT_DOMAIN}`;
  return {
    name: 'Telemetry Dashboard',
    description: 'Engine data in the browser',
    spa: [site, `${site}/silent`, 'http://localhost:3000'],
    needs: [
      { resource: GRAPH, scopes: ['User.Read', 'offline_access', 'openid', 'profile'] },
      { resource: LAUNCH_PORTAL, scopes: ['Launches.Read'] },
    ],
    more: { info: linksOf(site), serviceManagementReference: 'SVC-1002', tags: ['production'] },
  };
}

const REPORTING: ApplicationWish = {
  name: DIRECTORY_REPORTING,
  description: 'Counts licences and accounts every night',
  needs: [{ resource: GRAPH, roles: ['Directory.Read.All', 'AuditLog.Read.All', 'Reports.Read.All'] }],
  certificates: 1,
  more: {
    notes: 'Runs in the night; certificate from the company’s own authority',
    serviceManagementReference: 'SVC-1003',
    servicePrincipalLockConfiguration: {
      isEnabled: true,
      allProperties: true,
      credentialsWithUsageVerify: true,
      credentialsWithUsageSign: true,
      tokenEncryptionKeyId: true,
    },
    tags: ['daemon'],
  },
};

const CLAIMS = {
  accessToken: [
    { additionalProperties: [], essential: false, name: 'ipaddr', source: null },
    { additionalProperties: ['sam_account_name'], essential: false, name: 'groups', source: null },
  ],
  idToken: [{ additionalProperties: [], essential: true, name: 'email', source: null }],
  saml2Token: [{ additionalProperties: [], essential: false, name: 'groups', source: null }],
};

/** An application from the gallery, which signs people in with SAML. */
function expenses(random: Random): ApplicationWish {
  const site = 'https://acme.expenses.cloudspire.example';
  const { more } = createSigningKeys(random, 'Microsoft Azure Federated SSO Certificate');
  return {
    name: EXPENSES,
    description: 'Travel and expenses',
    identifier: `${site}/saml`,
    web: { redirectUris: [`${site}/saml/acs`], home: site },
    roles: [
      ['Expenses.Submit', 'Travellers', 'User'],
      ['Expenses.Approve', 'Approvers', 'User'],
    ],
    more: { applicationTemplateId: random.guid(), info: linksOf(site), serviceManagementReference: 'SVC-1004' },
    principal: {
      ...more,
      appRoleAssignmentRequired: true,
      loginUrl: `${site}/login`,
      notificationEmailAddresses: [`identity@${DEFAULT_DOMAIN}`, `finance-it@${DEFAULT_DOMAIN}`],
      preferredSingleSignOnMode: 'saml',
      samlSingleSignOnSettings: { relayState: `${site}/home` },
      tags: ['WindowsAzureActiveDirectoryCustomSingleSignOnApplication', 'WindowsAzureActiveDirectoryIntegratedApp'],
    },
  };
}

const FIELD_INSPECTOR: ApplicationWish = {
  name: 'Field Inspector',
  description: 'Inspections on phones and tablets',
  publicClient: [
    'msauth.example.acme.inspector://auth',
    'https://login.microsoftonline.com/common/oauth2/nativeclient',
  ],
  needs: [{ resource: GRAPH, scopes: ['User.Read', 'Files.Read', 'offline_access'] }],
  more: {
    isDeviceOnlyAuthSupported: false,
    parentalControlSettings: { countriesBlockedForMinors: ['US', 'FR'], legalAgeGroupRule: 'BlockMinors' },
    tags: ['mobile'],
  },
};

/** Deactivated: nobody gets a token for it any more. */
function timesheets(): ApplicationWish {
  const site = `https://timesheets.${DEFAULT_DOMAIN}`;
  return {
    name: 'Timesheets 2015',
    description: 'Read only since the migration',
    identifier: site,
    web: { redirectUris: [`${site}/`], home: site, implicit: true },
    needs: [{ resource: GRAPH, scopes: ['User.Read', 'Group.Read.All'] }],
    secrets: 1,
    more: { isDisabled: true, notes: 'Deactivated until the auditors have what they need' },
    principal: { tags: ['HideApp', 'WindowsAzureActiveDirectoryIntegratedApp'] },
  };
}

function suppliers(): ApplicationWish[] {
  const gateway = `https://suppliers.${DEFAULT_DOMAIN}`;
  return [
    {
      name: 'Supplier Gateway',
      description: 'Orders and delivery notes for suppliers',
      identifier: 'api',
      web: { redirectUris: [`${gateway}/signin-oidc`], home: gateway },
      roles: [
        ['Orders.Read', 'Order readers', 'Application'],
        ['Orders.Send', 'Order senders', 'User', 'Application'],
      ],
      scopes: [['Orders.Read', 'See orders']],
      needs: [{ resource: GRAPH, scopes: SIGN_IN }],
      secrets: 1,
      more: { info: linksOf(gateway), signInAudience: 'AzureADMultipleOrgs', tags: ['production', 'partners'] },
    },
    {
      name: 'Supplier Feed',
      description: 'Sends orders to suppliers',
      needs: [{ resource: 'Supplier Gateway', roles: ['Orders.Send', 'Orders.Read'] }],
      secrets: 1,
      certificates: 1,
      more: { tags: ['daemon', 'partners'] },
    },
  ];
}

const DELEGATED = ['Calendars.Read', 'Mail.Send', 'People.Read', 'Sites.Read.All', 'Tasks.ReadWrite', 'Files.Read'];
const OWN_RIGHTS = ['User.Read.All', 'Group.Read.All', 'Calendars.Read', 'Sites.Read.All', 'Device.Read.All'];
const SHAPES = ['Portal', 'Dashboard', 'Sync', 'API', 'Mobile'] as const;

/** One of the many small applications; its shape follows from its place, its details from chance. */
function smallApplication(random: Random, index: number): ApplicationWish {
  const shape = SHAPES[index % SHAPES.length] as (typeof SHAPES)[number];
  const noun = GROUP_NOUNS[index % GROUP_NOUNS.length];
  const round = Math.floor(index / GROUP_NOUNS.length);
  const adjective = round === 0 ? '' : `${GROUP_ADJECTIVES[(round - 1) % GROUP_ADJECTIVES.length]} `;
  const again = Math.floor((round - 1) / GROUP_ADJECTIVES.length);
  const name = `${adjective}${noun} ${shape}${again > 0 ? ` ${again + 1}` : ''}`;
  const site = `https://${name.toLowerCase().replaceAll(' ', '-')}.apps.${DEFAULT_DOMAIN}`;
  const signedIn: Need = { resource: GRAPH, scopes: ['User.Read', 'offline_access', random.pick(DELEGATED)] };
  const more = {
    ...(random.chance(0.5) && { serviceManagementReference: `SVC-${random.int(2000, 9999)}` }),
    ...(random.chance(0.4) && { tags: [random.pick(['production', 'test', 'pilot'])] }),
    ...(random.chance(0.3) && { notes: `Asked for by ${random.pick(['Finance', 'Engineering', 'Sales', 'Legal'])}` }),
    ...(random.chance(0.3) && { info: linksOf(site) }),
    ...(random.chance(0.2) && { optionalClaims: { ...CLAIMS, saml2Token: [] } }),
  };
  return { name, more, ...platform(random, shape, site, signedIn) };
}

function platform(random: Random, shape: (typeof SHAPES)[number], site: string, signedIn: Need) {
  const web = { redirectUris: [`${site}/signin-oidc`], home: site };
  switch (shape) {
    case 'Portal':
      return { web, needs: [signedIn], secrets: random.int(1, 2) };
    case 'Dashboard':
      return { spa: [site, 'http://localhost:4200'], needs: [signedIn] };
    case 'Sync':
      return {
        needs: [{ resource: GRAPH, roles: [random.pick(OWN_RIGHTS)] }],
        certificates: 1,
        secrets: random.int(0, 1),
      };
    case 'API':
      return {
        identifier: 'api',
        scopes: [['access_as_user', `Use ${COMPANY} data`]] as const,
        roles: [['Data.Read', 'Readers', 'User', 'Application']] as const,
        needs: [{ resource: GRAPH, scopes: ['User.Read'] }],
      };
    case 'Mobile':
      return { publicClient: [`msal${random.guid()}://auth`], needs: [signedIn] };
  }
}

function linksOf(site: string): Readonly<Record<string, string | null>> {
  return {
    ...NO_LINKS,
    marketingUrl: `${site}/about`,
    privacyStatementUrl: `${site}/privacy`,
    supportUrl: `${site}/help`,
    termsOfServiceUrl: `${site}/terms`,
  };
}
