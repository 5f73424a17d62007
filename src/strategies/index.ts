/**
 * The closed list of named strategies: what schemas may call by `x-strategy` because it is not data. A name that is not
 * here is refused when the schemas are loaded.
 */

import type { Json } from '../model/json.js';
import {
  assignedMembership,
  exchangeGroupIsReadOnly,
  exchangeGroupStays,
  type LinkStanding,
  MEMBERSHIP,
} from './assigned-membership.js';
import { policyLoosens } from './conditional-access-gate.js';
import { trustedLocationStays } from './named-location-gate.js';
import { REFERENCE_BY_ID } from './reference-by-id.js';
import { ownedByAzure, ownedElsewhere } from './workload-identity.js';

export type { LinkStanding } from './assigned-membership.js';

type Properties = Readonly<Record<string, Json>>;

/** What a type knows of itself that is not data. */
interface TypeStrategy {
  /** Properties that it reads. */
  readonly reads: readonly string[];
  /** Whether a change live → desired certainly lets people in again; `live` is undefined after a restore. */
  readonly loosens: (live: Properties | undefined, desired: Properties) => boolean;
  /** Why nothing of the object can be written by Graph; undefined when it can. */
  readonly keepsFromUpdate: (live: Properties) => string | undefined;
  /** Why Graph would refuse to delete the object as it is; undefined when it would not. */
  readonly keepsFromDelete: (live: Properties) => string | undefined;
}

const NO_REASON = () => undefined;

/** What makes a group dynamic, synchronised or Exchange's. */
const GROUP_KIND = ['groupTypes', 'mailEnabled', 'onPremisesSyncEnabled'];
const POLICY = ['state', 'conditions', 'grantControls', 'sessionControls'];

const TYPES: Readonly<Record<string, TypeStrategy>> = {
  cloudGroup: {
    reads: GROUP_KIND,
    loosens: () => false,
    keepsFromUpdate: exchangeGroupIsReadOnly,
    keepsFromDelete: exchangeGroupStays,
  },
  conditionalAccessGate: {
    reads: POLICY,
    loosens: policyLoosens,
    keepsFromUpdate: NO_REASON,
    keepsFromDelete: NO_REASON,
  },
  namedLocationGate: {
    reads: ['isTrusted'],
    loosens: () => false,
    keepsFromUpdate: NO_REASON,
    keepsFromDelete: trustedLocationStays,
  },
  workloadIdentity: {
    reads: ['servicePrincipalType', 'appOwnerOrganizationId'],
    loosens: () => false,
    keepsFromUpdate: ownedByAzure,
    keepsFromDelete: ownedElsewhere,
  },
};

/** What a link knows of its owner that is not data. */
interface LinkStrategy {
  /** Properties of the owner that it reads. */
  readonly reads: readonly string[];
  readonly standing: (owner: Properties) => LinkStanding;
}

const LINKS: Readonly<Record<string, LinkStrategy>> = {
  assignedMembership: { reads: MEMBERSHIP, standing: assignedMembership },
};

/** Names that a schema may use, by where they may stand. */
export const STRATEGIES = {
  type: Object.keys(TYPES),
  link: Object.keys(LINKS),
  value: [REFERENCE_BY_ID],
} as const;

/** Whether this change of a gate loosens; types without a strategy never do. */
export function loosens(
  type: { readonly strategy: string | undefined },
  live: Properties | undefined,
  desired: Properties,
): boolean {
  return (type.strategy === undefined ? undefined : TYPES[type.strategy])?.loosens(live, desired) ?? false;
}

/**
 * Whether values of an object mean the same without its other values. Those of a gate do not: a policy that is enabled
 * without its exclusions may lock everybody out. The only object of a type holds settings that do not depend on each other.
 */
export function hasSettingsApart(type: { readonly gate: boolean; readonly singleton: unknown }): boolean {
  return !type.gate || type.singleton !== undefined;
}

/** Whether only these of all values that differ may be written. Not to a gate, unless they certainly loosen it. */
export function isPartlyWritable(
  type: { readonly strategy: string | undefined; readonly gate: boolean; readonly singleton: unknown },
  live: Properties,
  set: readonly { readonly path: string; readonly desired: Json }[],
): boolean {
  if (hasSettingsApart(type)) return true;
  return loosens(type, live, { ...live, ...Object.fromEntries(set.map(({ path, desired }) => [path, desired])) });
}

/** Why nothing of the object can be written, or undefined. */
export function keepsFromUpdate(type: { readonly strategy: string | undefined }, live: Properties): string | undefined {
  return (type.strategy === undefined ? undefined : TYPES[type.strategy])?.keepsFromUpdate(live);
}

/** Why the object cannot be deleted as it is, or undefined. */
export function keepsFromDelete(type: { readonly strategy: string | undefined }, live: Properties): string | undefined {
  return (type.strategy === undefined ? undefined : TYPES[type.strategy])?.keepsFromDelete(live);
}

/** Whether an owner's link is a setting of its own; links without a strategy always are. */
export function linkStanding(link: { readonly strategy?: string }, owner: Properties): LinkStanding {
  return (link.strategy === undefined ? undefined : LINKS[link.strategy])?.standing(owner) ?? { standing: 'managed' };
}

/** Whether a strategy of the type, or of one of its links, judges objects by this property: it cannot be left out. */
export function isJudgedBy(
  type: { readonly strategy: string | undefined; readonly links: readonly { readonly strategy?: string }[] },
  property: string,
): boolean {
  const own = type.strategy === undefined ? [] : (TYPES[type.strategy]?.reads ?? []);
  const ofLinks = type.links.flatMap(({ strategy }) => (strategy === undefined ? [] : (LINKS[strategy]?.reads ?? [])));
  return own.includes(property) || ofLinks.includes(property);
}
