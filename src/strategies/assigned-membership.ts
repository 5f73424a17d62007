/**
 * Strategy `assignedMembership`: whose members are a setting of the group, or administrative unit, and whose follow from
 * somewhere else.
 * Sources: "Group: add members" (dynamic and synchronised groups refuse), "Overview of groups" (mail-enabled security
 * groups and distribution groups are read-only in Graph).
 */

import type { Json } from '../model/json.js';

/** managed: collected, compared, written. readOnly: collected and compared, not written. derived: not even collected. */
export type LinkStanding =
  | { readonly standing: 'managed' }
  | { readonly standing: 'readOnly' | 'derived'; readonly reason: string; readonly remedy: string };

/** What tells whose members are a setting. */
export const MEMBERSHIP = ['onPremisesSyncEnabled', 'groupTypes', 'membershipType', 'mailEnabled'] as const;

const MANAGED: LinkStanding = { standing: 'managed' };

/** Judges one owner by its own properties. */
export function assignedMembership(owner: Readonly<Record<string, Json>>): LinkStanding {
  const types = groupTypes(owner);
  if (owner.onPremisesSyncEnabled === true) {
    return {
      standing: 'derived',
      reason: 'its members are synchronised from Active Directory',
      remedy: 'Correct them in Active Directory.',
    };
  }
  if (types.includes('DynamicMembership') || String(owner.membershipType).toLowerCase() === 'dynamic') {
    return {
      standing: 'derived',
      reason: 'its members follow from its membership rule',
      remedy: 'Correct the membership rule.',
    };
  }
  if (isExchangeGroup(owner)) {
    return {
      standing: 'readOnly',
      reason: 'Graph cannot write the members of mail-enabled security groups and distribution lists',
      remedy: 'Correct them in Exchange.',
    };
  }
  return MANAGED;
}

function groupTypes(group: Readonly<Record<string, Json>>): readonly Json[] {
  return Array.isArray(group.groupTypes) ? (group.groupTypes as readonly Json[]) : [];
}

/** A mail-enabled security group or a distribution list: Exchange owns it, and Graph only shows it. */
function isExchangeGroup(group: Readonly<Record<string, Json>>): boolean {
  return group.mailEnabled === true && !groupTypes(group).includes('Unified');
}

/** Strategy `cloudGroup`: why nothing of a group can be written by Graph; undefined when it can ("Update group"). */
export function exchangeGroupIsReadOnly(group: Readonly<Record<string, Json>>): string | undefined {
  return isExchangeGroup(group)
    ? 'Mail-enabled security groups and distribution lists are managed in Exchange'
    : undefined;
}

/**
 * Strategy `cloudGroup`: why a group cannot be deleted without being gone for good; undefined when it goes to the recycle
 * bin. Source: "Delete group": distribution groups are deleted at once.
 */
export function exchangeGroupStays(group: Readonly<Record<string, Json>>): string | undefined {
  return isExchangeGroup(group) ? 'Mail-enabled security groups and distribution lists have no recycle bin' : undefined;
}
