/** This machine: git, and the clock. */

import type { Check } from '../model/doctor.js';

const FALLBACK = /^knowngood </;

export function gitCheck(version: string, identity: string): Check {
  const base = { id: 'here.git', area: 'here', title: 'git' } as const;
  if (!FALLBACK.test(identity)) return { ...base, status: 'ok', message: `git ${version}; commits as ${identity}.` };
  return {
    ...base,
    status: 'warning',
    message: `git ${version} has no name to commit with: backups are committed as ${identity}.`,
    remedy: 'Set user.name and user.email, so that history says whose backup it is.',
  };
}

const MINUTE_MS = 60_000;

/** Tokens and what vouches for a job are good for minutes on the clock of whoever takes them. */
export function clockCheck(ahead: number | undefined): Check {
  const base = { id: 'here.clock', area: 'here', title: 'Clock' } as const;
  if (ahead === undefined) return { ...base, status: 'unknown', message: 'No answer told what time it is elsewhere.' };
  const seconds = Math.round(Math.abs(ahead) / 1000);
  const by = `${seconds} ${seconds === 1 ? 'second' : 'seconds'} ${ahead > 0 ? 'ahead of' : 'behind'} Microsoft Graph's`;
  if (Math.abs(ahead) < MINUTE_MS) {
    return {
      ...base,
      status: 'ok',
      message: `It agrees with Microsoft Graph's${seconds < 2 ? '' : ` within ${seconds} seconds`}.`,
    };
  }
  return {
    ...base,
    status: Math.abs(ahead) < 5 * MINUTE_MS ? 'warning' : 'failed',
    message: `It is ${by}: signing in may fail, and times in reports are wrong.`,
    remedy: 'Set the clock by a time server.',
  };
}
