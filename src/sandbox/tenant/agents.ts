/** An agent: the blueprint it is made from, the identity it acts with, and the account under which people meet it. */

import { DEFAULT_DOMAIN, INITIAL_DOMAIN } from './company.js';
import type { Nicknames } from './nicknames.js';
import { type Account, upnIdentity } from './people.js';
import { createPrincipal, NO_LINKS, type Principal, UNVERIFIED } from './principal-shape.js';
import type { Random } from './random.js';

type Part = Readonly<Record<string, unknown>>;

/** One agent and everything that belongs to it. */
export interface Agent {
  /** An application. */
  readonly blueprint: { readonly id: string; readonly object: Part };
  /** The blueprint's own service principal. */
  readonly blueprintPrincipal: Principal;
  /** A service principal, too. */
  readonly identity: Principal;
  readonly account: Account;
}

const NAME = 'Launch Assistant';

/** Makes an agent of the tenant. */
export function createAgent(random: Random, tenantId: string, nicknames: Nicknames): Agent {
  const appId = random.guid();
  const id = random.guid();
  const createdDateTime = random.instant(2025, 2025);
  const blueprint = {
    '@odata.type': '#microsoft.graph.agentIdentityBlueprint',
    id,
    appId,
    createdDateTime,
    description: 'What assistants of the launch teams have in common',
    displayName: `${NAME} Blueprint`,
    identifierUris: [`api://${appId}`],
    info: NO_LINKS,
    publisherDomain: INITIAL_DOMAIN,
    serviceManagementReference: 'SVC-1900',
    signInAudience: 'AzureADMyOrg',
    tags: ['agents'],
    verifiedPublisher: UNVERIFIED,
  };
  const blueprintPrincipal = createPrincipal(random, {
    appId,
    name: `${NAME} Blueprint`,
    more: {
      '@odata.type': '#microsoft.graph.agentIdentityBlueprintPrincipal',
      appOwnerOrganizationId: tenantId,
      signInAudience: 'AzureADMyOrg',
    },
  });
  const identity = createIdentity(random, tenantId, appId, createdDateTime);
  return {
    blueprint: { id, object: blueprint },
    blueprintPrincipal,
    identity,
    account: createAccount(random, identity, nicknames, createdDateTime),
  };
}

/** An agent identity has one id for both: its own and that of its application. */
function createIdentity(random: Random, tenantId: string, blueprintAppId: string, createdDateTime: string): Principal {
  const id = random.guid();
  return createPrincipal(random, {
    appId: id,
    id,
    name: NAME,
    more: {
      '@odata.type': '#microsoft.graph.agentIdentity',
      agentIdentityBlueprintId: blueprintAppId,
      appOwnerOrganizationId: tenantId,
      createdByAppId: blueprintAppId,
      createdDateTime,
      servicePrincipalType: 'ServiceIdentity',
      tags: ['agents'],
    },
  });
}

function createAccount(random: Random, identity: Principal, nicknames: Nicknames, createdDateTime: string): Account {
  const nickname = nicknames.claim('launch-assistant');
  const upn = `${nickname}@${DEFAULT_DOMAIN}`;
  const id = random.guid();
  const object = {
    '@odata.type': '#microsoft.graph.agentUser',
    id,
    accountEnabled: true,
    businessPhones: [],
    createdDateTime,
    displayName: NAME,
    identities: upnIdentity(upn),
    identityParentId: identity.id,
    jobTitle: 'Agent',
    mailNickname: nickname,
    otherMails: [],
    proxyAddresses: [],
    usageLocation: 'DE',
    userPrincipalName: upn,
    userType: 'Member',
  };
  return { kind: 'agent', id, object };
}
