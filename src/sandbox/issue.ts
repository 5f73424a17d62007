/** Tokens for people: `knowngood sandbox token`. */
import { SandboxError } from './errors.js';
import { seedOf } from './lifecycle.js';
import { readLock } from './lock.js';
import { hasTenant, readSeedRecord } from './persistence.js';
import { type CallerName, callerSets } from './quirks/callers.js';
import { readCaller, writeToken } from './tokens.js';

export interface TokenWish {
  readonly dataDir: string;
  readonly as: CallerName;
  /** Exactly these application permissions instead of those of the set. */
  readonly permissions?: readonly string[] | undefined;
  /** Permissions to take away. */
  readonly without?: readonly string[] | undefined;
  readonly now: Date;
  readonly lifetimeSeconds: number;
}

export interface IssuedToken {
  readonly token: string;
  readonly tenantId: string;
  readonly appId: string;
  readonly objectId: string;
  readonly permissions: readonly string[];
  /** Template ids of directory roles. */
  readonly roles: readonly string[];
  /** UTC, ISO 8601. */
  readonly expires: string;
}

/** The names of the sets of permissions. */
export const callerNames = Object.keys(callerSets) as readonly CallerName[];

/** A token for the sandbox in a data folder. Throws `SandboxError` (`sandbox-missing`) when there is none. */
export async function issueToken(wish: TokenWish): Promise<IssuedToken> {
  const { appId, permissions: own, roles } = callerSets[wish.as];
  const tenantId = await tenantOf(wish.dataDir);
  const permissions = (wish.permissions ?? own).filter((name) => !wish.without?.includes(name));
  const { now, lifetimeSeconds } = wish;
  const token = writeToken({ tenantId, appId, permissions, roles, now, lifetimeSeconds });
  const caller = readCaller(token);
  return {
    token,
    tenantId,
    appId,
    objectId: caller?.objectId ?? '',
    permissions: [...(caller?.permissions ?? [])],
    roles: [...roles],
    expires: new Date(caller?.expires ?? now).toISOString(),
  };
}

/** The tenant in a data folder: as the process that serves it says, else as its log tells. */
async function tenantOf(dataDir: string): Promise<string> {
  const served = readLock(dataDir)?.tenantId;
  if (served) return served;
  if (hasTenant(dataDir)) return (await seedOf(readSeedRecord(dataDir))).tenantId;
  throw new SandboxError('sandbox-missing', `There is no sandbox tenant in ${dataDir}.`, 'Start one there first.');
}
