/** What git complains of, for people: in words of ours where there is an answer, else in its own. */

import { Failure } from '../model/problem.js';

/** What git says, in `LC_ALL=C`, of trouble that has an answer. */
const KNOWN = [
  {
    shape: /gpg failed to sign|failed to sign the data|cannot run .*gpg|user\.signingkey|gpg\.ssh/i,
    code: 'KG411',
    says: 'the commit cannot be signed.',
    remedy: 'Set up the key that git signs with, or type `git config commit.gpgsign false` in the state repository.',
  },
  {
    shape: /No space left on device|Disk quota exceeded/,
    code: 'KG151',
    says: 'the disk is full.',
    remedy: 'Make room on the disk, and run the command again.',
  },
  {
    shape: /Read-only file system/,
    code: 'KG151',
    says: 'the file system of the repository is read-only.',
    remedy: 'Use the repository where it can be written.',
  },
  {
    shape: /Permission denied|insufficient permission/,
    code: 'KG151',
    says: 'access to the repository is denied.',
    remedy: 'Check whose the files of the repository are.',
  },
  {
    shape:
      /Could not read [0-9a-f]{40}|unable to read|bad object|not a tree object|missing (?:blob|tree|commit)|is corrupt|inflate|unable to (?:unpack|parse)/i,
    code: 'KG408',
    says: 'an object of the repository is missing or damaged.',
    remedy: 'Run `git fsck`; fetch the object from another clone, or take a new backup.',
  },
] as const;

/** The failure for a git command that went wrong for a reason only git knows. */
export function gitFailure(args: readonly string[], complaint: string, cause?: unknown): Failure {
  const what = args.find((arg) => !arg.startsWith('-')) ?? '';
  const known = KNOWN.find(({ shape }) => shape.test(complaint));
  if (known !== undefined) {
    const { code, remedy } = known;
    return new Failure({
      code,
      message: `git ${what} failed: ${known.says}`,
      where: readable(complaint),
      remedy,
      cause,
    });
  }
  return new Failure({
    code: 'KG406',
    message: `git ${what} failed: ${readable(complaint) || 'it gave no reason'}`,
    remedy: 'Run `git fsck` in the state repository if the reason is not plain.',
    cause,
  });
}

/** Git's complaint in one short line: no control characters, no direction marks, no credentials in URLs. */
export function readable(text: string): string {
  const line = text
    .replace(/\u001b\[[0-9;]*[A-Za-z]/g, '')
    .split(/[\r\n]+/)
    .map((part) =>
      part
        .replace(/^(?:fatal|error|warning): /, '')
        .replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g, ' ')
        .trim(),
    )
    .filter((part) => part !== '' && !part.startsWith('hint: '))
    .join('; ')
    .replace(/:\/\/[^\s'"]*@/g, '://');
  return line.length > 400 ? `${line.slice(0, 400)}…` : line;
}
