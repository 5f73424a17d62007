/** The kinds of group, as the directory stores each of them. */

import { DEFAULT_DOMAIN, INITIAL_DOMAIN, ON_PREMISES_DOMAIN } from './company.js';
import { toAscii } from './names.js';
import type { Nicknames } from './nicknames.js';
import type { Random } from './random.js';

/** One generated group with the ids of its members. */
export interface GeneratedGroup {
  readonly id: string;
  readonly object: Readonly<Record<string, unknown>>;
  readonly members: readonly string[];
}

/** What a group is made from; `more` adds properties or replaces them. */
export interface GroupWish {
  readonly name: string;
  readonly description?: string;
  readonly members: readonly string[];
  readonly more?: Readonly<Record<string, unknown>>;
}

/** Makes groups that draw on the same choices and nicknames. */
export interface GroupShapes {
  security(wish: GroupWish): GeneratedGroup;
  microsoft365(wish: GroupWish): GeneratedGroup;
  mailSecurity(wish: GroupWish): GeneratedGroup;
  synced(wish: GroupWish): GeneratedGroup;
  /** A group whose members a rule selects: a security group, or a Microsoft 365 group. */
  dynamic(wish: GroupWish & { readonly rule: string; readonly unified?: boolean }): GeneratedGroup;
}

/** Prepares the makers of groups. */
export function createGroupShapes(random: Random, nicknames: Nicknames): GroupShapes {
  const make = (wish: GroupWish, properties: (nickname: string) => Record<string, unknown>): GeneratedGroup => {
    const id = random.guid();
    const nickname = nicknames.claim(nicknameOf(wish.name));
    const created = random.instant(2017, 2025);
    const object = {
      id,
      createdDateTime: created,
      description: wish.description ?? null,
      displayName: wish.name,
      groupTypes: [],
      mailEnabled: false,
      mailNickname: nickname,
      proxyAddresses: [],
      renewedDateTime: created,
      securityEnabled: true,
      ...properties(nickname),
      ...wish.more,
    };
    return { id, object, members: wish.members };
  };
  const microsoft365 = (wish: GroupWish) => make(wish, (nickname) => unifiedProperties(random, nickname));
  return {
    security: (wish) => make(wish, () => ({})),
    microsoft365,
    mailSecurity: (wish) => make(wish, (nickname) => mailProperties(nickname)),
    synced: (wish) => make(wish, (nickname) => syncedProperties(random, nickname)),
    dynamic({ rule, unified = false, ...wish }) {
      const dynamic = { membershipRule: rule, membershipRuleProcessingState: 'On' };
      return make(wish, (nickname) =>
        unified
          ? { ...unifiedProperties(random, nickname), ...dynamic, groupTypes: ['Unified', 'DynamicMembership'] }
          : { ...dynamic, groupTypes: ['DynamicMembership'] },
      );
    },
  };
}

const THEMES = ['Teal', 'Purple', 'Green', 'Blue', 'Pink', 'Orange', 'Red'] as const;

function unifiedProperties(random: Random, nickname: string): Record<string, unknown> {
  return {
    ...mailProperties(nickname),
    groupTypes: ['Unified'],
    resourceBehaviorOptions: random.chance(0.3) ? ['WelcomeEmailDisabled'] : [],
    resourceProvisioningOptions: random.chance(0.5) ? ['Team'] : [],
    securityEnabled: random.chance(0.1),
    visibility: random.chance(0.4) ? 'Public' : 'Private',
    ...(random.chance(0.3) && { theme: random.pick(THEMES) }),
    ...(random.chance(0.05) && { classification: 'Confidential' }),
    ...(random.chance(0.2) && { preferredLanguage: random.pick(['en-US', 'de-DE', 'fr-FR']) }),
    ...(random.chance(0.1) && { preferredDataLocation: random.pick(['EUR', 'NAM']) }),
  };
}

function mailProperties(nickname: string): Record<string, unknown> {
  const mail = `${nickname}@${DEFAULT_DOMAIN}`;
  return { mail, mailEnabled: true, proxyAddresses: [`SMTP:${mail}`, `smtp:${nickname}@${INITIAL_DOMAIN}`] };
}

function syncedProperties(random: Random, nickname: string): Record<string, unknown> {
  return {
    onPremisesDomainName: ON_PREMISES_DOMAIN,
    onPremisesLastSyncDateTime: random.instant(2025, 2025),
    onPremisesNetBiosName: 'ACME',
    onPremisesSamAccountName: nickname,
    onPremisesSecurityIdentifier: `S-1-5-21-1004336348-1177238915-682003330-${random.int(1100, 999999)}`,
    onPremisesSyncEnabled: true,
  };
}

function nicknameOf(name: string): string {
  return name
    .split(/[^\p{L}\p{N}]+/u)
    .map(toAscii)
    .filter(Boolean)
    .join('-');
}
