/**
 * What of the service a sandbox shows: where documentation leaves two ways, or where a person wants the service at its
 * worst. Everything here is a switch; what the service always does is not.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Check, flag, oneOf, shape, text, whole } from './checks.js';
import { type DeltaBehaviour, deltaChecks, standardDelta } from './delta-behaviour.js';
import { SandboxError } from './errors.js';

export interface Behaviour extends DeltaBehaviour {
  /** Seed of everything that happens by chance: the same seed and the same requests give the same answers. */
  readonly seed: number;
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
  listDeletedMembers: false,
  hiddenMembers: 'denied',
  clientSecret: 'sandbox',
  tokenSeconds: 3599,
  ...standardDelta,
};

/** What each switch may be. */
const checks: Readonly<Record<keyof Behaviour, Check>> = {
  seed: whole(0),
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
