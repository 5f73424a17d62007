/**
 * What of the service a sandbox shows: where documentation leaves two ways, or where a person wants the service at its
 * worst. Everything here is a switch; what the service always does is not.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SandboxError } from './errors.js';

export interface Behaviour {
  /** Seed of everything that happens by chance: the same seed and the same requests give the same answers. */
  readonly seed: number;
}

export const standardBehaviour: Behaviour = { seed: 1 };

/** Name of the file in the data folder that switches behaviours; what it leaves out stays standard. */
export const behaviourFile = 'behaviour.json';

/** What the data folder asks for. Throws `SandboxError` (`sandbox-behaviour`) when the file says something unknown. */
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
  if (typeof content !== 'object' || content === null || Array.isArray(content)) throw wrong('It is not an object.');
  const unknown = Object.keys(content).find((name) => !Object.hasOwn(standardBehaviour, name));
  if (unknown !== undefined) {
    throw wrong(`It may hold ${Object.keys(standardBehaviour).sort().join(', ')}, and not ${JSON.stringify(unknown)}.`);
  }
  return content as Partial<Behaviour>;
}
