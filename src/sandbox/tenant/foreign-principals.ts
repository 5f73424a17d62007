/** Service principals whose application is not in the tenant: of other makers, and of Azure resources. */

import { GROUP_ADJECTIVES, GROUP_NOUNS } from './company.js';
import type { Consent } from './consents.js';
import { createCertificate } from './credentials.js';
import { createPrincipal, NO_LINKS, type Principal, UNVERIFIED } from './principal-shape.js';
import { formatInstant, type Random } from './random.js';

/** An application of another maker, with what people have agreed to. */
export interface ThirdParty {
  readonly principal: Principal;
  readonly consent: Consent;
}

const MAKERS = [
  'Brightboard',
  'Signspark',
  'Parcelwise',
  'Minutemint',
  'Quillstack',
  'Hirehaven',
  'Tidewater',
  'Loopgrid',
];
const PRODUCTS = ['Whiteboard', 'Signatures', 'Tracking', 'Meeting Notes', 'Wiki', 'Recruiting', 'Surveys', 'Charts'];
const SCOPES = [
  ['User.Read', 'openid', 'profile', 'offline_access'],
  ['User.Read', 'Calendars.ReadWrite', 'offline_access'],
  ['User.Read', 'Files.Read', 'Sites.Read.All'],
  ['User.Read', 'Mail.Read', 'Contacts.Read', 'offline_access'],
  ['User.Read', 'User.ReadBasic.All', 'People.Read'],
] as const;

/** Makes the service principals of `count` applications of other makers; every third one only single people have agreed to. */
export function createThirdParty(random: Random, count: number): ThirdParty[] {
  const makers = MAKERS.map((name) => ({
    name,
    tenantId: random.guid(),
    publisher: String(random.int(1000000, 9999999)),
  }));
  return Array.from({ length: count }, (_, i) => {
    const maker = makers[i % makers.length] as (typeof makers)[number];
    const round = Math.floor(i / makers.length);
    const product = PRODUCTS[(i + round) % PRODUCTS.length] as string;
    const series = Math.floor(round / PRODUCTS.length);
    const name = `${maker.name} ${product}${series === 0 ? '' : ` ${series + 1}`}`;
    const site = `https://${product.toLowerCase().replace(' ', '-')}.${maker.name.toLowerCase()}.example`;
    const isVerified = i % 4 !== 3;
    const principal = createPrincipal(random, {
      appId: random.guid(),
      name,
      more: {
        appOwnerOrganizationId: maker.tenantId,
        homepage: site,
        info: { ...NO_LINKS, privacyStatementUrl: `${site}/privacy`, termsOfServiceUrl: `${site}/terms` },
        replyUrls: [`${site}/oauth/callback`],
        signInAudience: i % 2 === 0 ? 'AzureADMultipleOrgs' : 'AzureADandPersonalMicrosoftAccount',
        tags: ['WindowsAzureActiveDirectoryIntegratedApp', ...(i % 5 === 4 ? ['HideApp'] : [])],
        verifiedPublisher: isVerified
          ? { displayName: maker.name, verifiedPublisherId: maker.publisher, addedDateTime: random.instant(2021, 2023) }
          : UNVERIFIED,
        ...(i % 3 === 1 && { notes: 'Approved by procurement', appRoleAssignmentRequired: true }),
      },
    });
    return { principal, consent: { scopes: SCOPES[i % SCOPES.length] ?? [], isForAll: i % 3 !== 2 } };
  });
}

const PURPOSES = [
  'backup-vault',
  'telemetry-ingest',
  'payroll-function',
  'launch-runner',
  'image-builder',
  'log-shipper',
];

/** Makes the identities of `count` Azure resources; every second one belongs to one virtual machine alone. */
export function createManagedIdentities(random: Random, count: number): Principal[] {
  const subscription = random.guid();
  return Array.from({ length: count }, (_, i) => {
    const isOfOneMachine = i % 2 === 1;
    const purpose = PURPOSES[i % PURPOSES.length] as string;
    const round = Math.floor(i / PURPOSES.length);
    const name = `${isOfOneMachine ? 'vm' : 'id'}-${purpose}${round === 0 ? '' : `-${wordOf(round)}`}`;
    const group = `/subscriptions/${subscription}/resourcegroups/rg-${purpose}`;
    const resource = isOfOneMachine
      ? `${group}/providers/Microsoft.Compute/virtualMachines/${name}`
      : `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;
    const appId = random.guid();
    return createPrincipal(random, {
      appId,
      name,
      more: {
        alternativeNames: [`isExplicit=${isOfOneMachine ? 'False' : 'True'}`, resource],
        keyCredentials: [managedCertificate(random, appId)],
        servicePrincipalNames: [appId, `https://identity.azure.net/${opaqueName(random)}`],
        servicePrincipalType: 'ManagedIdentity',
      },
    });
  });
}

/** Azure itself renews these every few weeks. */
function managedCertificate(random: Random, appId: string): Readonly<Record<string, unknown>> {
  const startDateTime = random.instant(2025, 2025);
  const endDateTime = formatInstant(Date.parse(startDateTime) + 90 * 24 * 60 * 60 * 1000);
  return { ...createCertificate(random, appId), startDateTime, endDateTime };
}

function opaqueName(random: Random): string {
  const bytes = Buffer.from(`${random.guid()}${random.guid()}`.replaceAll('-', ''), 'hex');
  return bytes.toString('base64');
}

function wordOf(round: number): string {
  const adjective = GROUP_ADJECTIVES[(round - 1) % GROUP_ADJECTIVES.length] as string;
  const noun = GROUP_NOUNS[Math.floor((round - 1) / GROUP_ADJECTIVES.length) % GROUP_NOUNS.length] as string;
  return `${adjective}-${noun}`.toLowerCase();
}
