/** Switches of change tracking. Source: "Use delta query to track changes in Microsoft Graph data", where it leaves two ways. */
import { type Check, flag, number, oneOf, whole } from './checks.js';

export interface DeltaBehaviour {
  /** How likely change tracking repeats an item, 0 to 1; a repeated change may be told as it was, after a newer one. */
  readonly deltaReplay: number;
  /** Change tracking tells changes in any order. */
  readonly deltaReorder: boolean;
  /** How many days a token of change tracking lives. */
  readonly deltaExpires: number;
  /** What a token that is too old is answered with: 410 with a `Location`, or 400. */
  readonly deltaExpiredStatus: 410 | 400;
  /** Where `members@delta` names service principals: as listings do, in beta alone; or in both versions, or in none. */
  readonly deltaServicePrincipalMembers: 'beta' | 'always' | 'never';
  /** A change is in change tracking after this many seconds at most. */
  readonly deltaLatency: number;
  /** Most members one item of change tracking names. */
  readonly deltaMemberSlice: number;
}

export const standardDelta: DeltaBehaviour = {
  deltaReplay: 0,
  deltaReorder: false,
  deltaExpires: 7,
  deltaExpiredStatus: 410,
  deltaServicePrincipalMembers: 'beta',
  deltaLatency: 0,
  deltaMemberSlice: 200,
};

export const deltaChecks: Readonly<Record<keyof DeltaBehaviour, Check>> = {
  deltaReplay: number(0, 1),
  deltaReorder: flag,
  deltaExpires: number(0),
  deltaExpiredStatus: oneOf(410, 400),
  deltaServicePrincipalMembers: oneOf('beta', 'always', 'never'),
  deltaLatency: number(0),
  deltaMemberSlice: whole(1),
};
