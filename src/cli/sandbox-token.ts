/** `sandbox token`: for which tenant, and with which permissions. */

import { nearest } from '../model/nearest.js';
import { Failure } from '../model/problem.js';
import type { IssuedToken } from '../sandbox/index.js';
import { dataFolder } from './serve-sandbox.js';

export interface TokenFlags {
  readonly as: 'reader' | 'operator' | 'administrator';
  readonly permissions?: readonly string[] | undefined;
  readonly without?: readonly string[] | undefined;
  readonly hours: number;
  readonly data?: string | undefined;
  readonly repo?: string | undefined;
}

export type SandboxToken = { readonly format: 1; readonly kind: 'sandbox-token' } & IssuedToken;

/** Makes a token. A permission to take away must be one that would be there. */
export async function makeToken(flags: TokenFlags, now: Date): Promise<SandboxToken> {
  const { issueToken } = await import('../sandbox/index.js');
  const { as, permissions, without = [] } = flags;
  const dataDir = await dataFolder(flags);
  const wish = { dataDir, as, permissions, now, lifetimeSeconds: flags.hours * 3600 };
  const whole = await issueToken(wish);
  const unknown = without.find((name) => !whole.permissions.includes(name));
  if (unknown !== undefined) throw notHeld(unknown, whole.permissions);
  return { format: 1, kind: 'sandbox-token', ...(await issueToken({ ...wish, without })) };
}

function notHeld(name: string, held: readonly string[]): Failure {
  const likely = nearest(name, held);
  return new Failure({
    code: 'KG006',
    message: `--without ${name}: the token would not have that permission anyway.`,
    remedy: likely === undefined ? `It would have ${held.join(', ')}.` : `Did you mean ${likely}?`,
  });
}
