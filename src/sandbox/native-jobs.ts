/** Jobs of Microsoft Entra Backup and Recovery that a sandbox shows; it runs none. Source: metadata (`recoveryJobBase`). */
import { type Check, nullable, oneOf, shape, text, whole } from './checks.js';

export const jobStatuses = [
  'initialized',
  'running',
  'successful',
  'failed',
  'abandoned',
  'calculating',
  'loadingData',
] as const;

export interface NativeJob {
  readonly id: string;
  /** A preview only compares. Default: a recovery. */
  readonly type?: 'recoveryJob' | 'recoveryPreviewJob';
  readonly status: (typeof jobStatuses)[number];
  /** Moments in UTC, ISO 8601. */
  readonly targetStateDateTime: string;
  readonly jobStartDateTime: string;
  readonly jobCompletionDateTime?: string | null;
  readonly totalChangedObjectsCalculated?: number;
  readonly totalChangedLinksCalculated?: number;
  readonly totalObjectsModified?: number;
  readonly totalLinksModified?: number;
  readonly totalFailedChanges?: number;
}

const members = shape({
  id: text,
  type: oneOf('recoveryJob', 'recoveryPreviewJob'),
  status: oneOf(...jobStatuses),
  targetStateDateTime: text,
  jobStartDateTime: text,
  jobCompletionDateTime: nullable(text),
  totalChangedObjectsCalculated: whole(0),
  totalChangedLinksCalculated: whole(0),
  totalObjectsModified: whole(0),
  totalLinksModified: whole(0),
  totalFailedChanges: whole(0),
});

const needed = ['id', 'status', 'targetStateDateTime', 'jobStartDateTime'] as const;

/** Whether a value is a `NativeJob`. */
export const checkNativeJob: Check = (value, at) => {
  const wrong = members(value, at);
  if (wrong !== undefined) return wrong;
  const absent = needed.find((name) => !Object.hasOwn(value as object, name));
  return absent === undefined ? undefined : `${at} must have ${absent}.`;
};
