/**
 * What of the service a sandbox shows: where documentation leaves two ways, or where a person wants the service at its
 * worst. Everything here is a switch; what the service always does is not.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Check, flag, listOf, nullable, number, oneOf, shape, text, whole } from './checks.js';
import { type DeltaBehaviour, deltaChecks, standardDelta } from './delta-behaviour.js';
import { SandboxError } from './errors.js';
import { checkFaultRule, type FaultRule } from './fault-rules.js';
import { checkNativeJob, type NativeJob } from './native-jobs.js';
import { retentionDays } from './quirks/audit.js';
import { pageSize } from './quirks/limits.js';
import { checkLag, type Lag } from './replicas.js';

export interface Behaviour extends DeltaBehaviour {
  /** Seed of everything that happens by chance: the same seed and the same requests give the same answers. */
  readonly seed: number;
  /** What goes wrong with requests, besides what is wrong with them. */
  readonly faults: readonly FaultRule[];
  /** Whether the documented limits hold. */
  readonly throttle: boolean;
  /** How many times as fast as real time the clock of the limits runs. */
  readonly speed: number;
  /** What a request that binds members costs of the limit of writes: one, or one for every three members begun. */
  readonly writesPerBind: 'one' | 'per-three';
  /** How late reads see changes; null: at once. */
  readonly lag: Lag | null;
  /** Most items of a page, however many are asked for. */
  readonly largestPage: number;
  /** Whether the link to a next page leads nowhere when it comes from a retry: a request that failed just before. */
  readonly strictPageTokens: boolean;
  /** How long the link to a next page holds, in seconds on the clock of the limits; null: as long as the sandbox. */
  readonly pageTokenSeconds: number | null;
  /** What stands for the body of an item of a batch that has none. */
  readonly batchEmptyBody: 'null' | 'absent';
  /** How many requests of one batch may bind members; the others are answered 503. Null: every one. */
  readonly bindsPerBatch: number | null;
  /** After how many seconds at most an event is in the audit log. */
  readonly auditDelay: number;
  /** How many days it stays there. */
  readonly auditDays: number;
  /** How many daily snapshots native recovery shows. */
  readonly nativeSnapshots: number;
  /** The jobs native recovery shows. */
  readonly nativeJobs: readonly NativeJob[];
  /** Whether lists of members name those in the recycle bin, too. */
  readonly listDeletedMembers: boolean;
  /** What a caller without `Member.Read.Hidden` is told of the members of a group that hides them. */
  readonly hiddenMembers: 'denied' | 'empty';
  /** The secret of every application that can sign in to the sandbox. */
  readonly clientSecret: string;
  /** How long a token lives that the sandbox gives out to who signs in, in seconds. */
  readonly tokenSeconds: number;
}

export const standardBehaviour: Behaviour = {
  seed: 1,
  faults: [],
  throttle: false,
  speed: 1,
  writesPerBind: 'one',
  lag: null,
  largestPage: pageSize.largest,
  strictPageTokens: false,
  pageTokenSeconds: null,
  batchEmptyBody: 'null',
  bindsPerBatch: null,
  auditDelay: 0,
  auditDays: retentionDays,
  nativeSnapshots: 7,
  nativeJobs: [],
  listDeletedMembers: false,
  hiddenMembers: 'denied',
  clientSecret: 'sandbox',
  tokenSeconds: 3599,
  ...standardDelta,
};

/** What each switch may be. */
const checks: Readonly<Record<keyof Behaviour, Check>> = {
  seed: whole(0),
  faults: listOf(checkFaultRule),
  throttle: flag,
  speed: number(0.001, 1_000_000),
  writesPerBind: oneOf('one', 'per-three'),
  lag: nullable(checkLag),
  largestPage: whole(1, pageSize.largest),
  strictPageTokens: flag,
  pageTokenSeconds: nullable(number(0)),
  batchEmptyBody: oneOf('null', 'absent'),
  bindsPerBatch: nullable(whole(0)),
  auditDelay: number(0),
  auditDays: number(0, 365),
  nativeSnapshots: whole(0, 30),
  nativeJobs: listOf(checkNativeJob),
  listDeletedMembers: flag,
  hiddenMembers: oneOf('denied', 'empty'),
  clientSecret: text,
  tokenSeconds: whole(1),
  ...deltaChecks,
};

/** Name of the file in the data folder that switches behaviours; what it leaves out stays standard. */
export const behaviourFile = 'behaviour.json';

/** What the data folder asks for. Throws `SandboxError` (`sandbox-behaviour`) when the file says something unknown or
 * impossible. */
export function readBehaviour(dataDir: string): Partial<Behaviour> {
  const path = join(dataDir, behaviourFile);
  if (!existsSync(path)) return {};
  const wrong = (reason: string) =>
    new SandboxError('sandbox-behaviour', `${path}: ${reason}`, 'Correct the file, or remove it.');
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
  const mistake = shape(checks)(content, 'It');
  if (mistake !== undefined) throw wrong(mistake);
  return content as Partial<Behaviour>;
}
