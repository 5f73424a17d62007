/** Under whose name commits are made, and whether they are signed: git's own settings, or ours where there are none. */

import { askGit, type Git } from './git.js';

export interface Author {
  readonly name: string;
  readonly mail: string;
}

export interface Identity {
  readonly author: Author;
  readonly committer: Author;
  /** True when `commit.gpgsign` is set. */
  readonly signs: boolean;
}

const FALLBACK: Author = { name: 'knowngood', mail: 'knowngood@localhost' };
const SETTINGS = '^((user|author|committer)\\.(name|email)|commit\\.gpgsign)$';

/**
 * Reads the identity: environment, then `author.*` and `committer.*`, then `user.*`, then `knowngood`.
 *
 * @throws Failure KG406 when git's configuration cannot be read.
 */
export async function readIdentity(git: Git): Promise<Identity> {
  const settings = new Map<string, string>();
  for (const entry of (await askGit(git, ['config', '--null', '--get-regexp', SETTINGS])).split('\0')) {
    const [name = '', ...value] = entry.split('\n');
    // A name without a value is a switch that is on.
    settings.set(name, value.length === 0 ? 'true' : value.join('\n'));
  }
  const role = (variable: 'AUTHOR' | 'COMMITTER'): Author => {
    const own = variable.toLowerCase();
    const first = (...candidates: (string | undefined)[]) => candidates.map(clean).find((text) => text !== '');
    return {
      name:
        first(git.environment[`GIT_${variable}_NAME`], settings.get(`${own}.name`), settings.get('user.name')) ??
        FALLBACK.name,
      mail:
        first(git.environment[`GIT_${variable}_EMAIL`], settings.get(`${own}.email`), settings.get('user.email')) ??
        FALLBACK.mail,
    };
  };
  return {
    author: role('AUTHOR'),
    committer: role('COMMITTER'),
    signs: /^(?:true|yes|on|[1-9][0-9]*)$/i.test(settings.get('commit.gpgsign') ?? ''),
  };
}

/** As git does: no line breaks or angle brackets, which would end the name in a commit. */
function clean(text: string | undefined): string {
  return (text ?? '').replace(/[\u0000-\u001f\u007f<>]+/g, '').replace(/^[\s.,:;"'\\]+|[\s.,:;"'\\]+$/g, '');
}
