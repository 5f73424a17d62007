/**
 * What of the service a sandbox shows: where documentation leaves two ways, or where a person wants the service at its
 * worst. Everything here is a switch; what the service always does is not.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Check, flag, listOf, nullable, number, oneOf, shape, whole } from './checks.js';
import { SandboxError } from './errors.js';
import { checkFaultRule, type FaultRule } from './fault-rules.js';
import { checkLag, type Lag } from './replicas.js';

export interface Behaviour {
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
}

export const standardBehaviour: Behaviour = {
  seed: 1,
  faults: [],
  throttle: false,
  speed: 1,
  writesPerBind: 'one',
  lag: null,
};

/** What each switch may be. */
const checks: Readonly<Record<keyof Behaviour, Check>> = {
  seed: whole(0),
  faults: listOf(checkFaultRule),
  throttle: flag,
  speed: number(0.001, 1_000_000),
  writesPerBind: oneOf('one', 'per-three'),
  lag: nullable(checkLag),
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
