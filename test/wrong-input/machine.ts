/** Machines that do not do what they are told. */

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { type Chapter, GIT_WORDS, words } from './row.js';

let namespaces: string | undefined;

/** Mounts need Linux, and rights in a namespace of one's own. */
function noMounts(): string | undefined {
  if (namespaces === undefined) {
    try {
      execFileSync('unshare', ['--mount', '--map-root-user', 'sh', '-c', 'mount -t tmpfs tmpfs /mnt'], {
        stdio: 'ignore',
      });
      namespaces = '';
    } catch {
      namespaces = 'This machine lets no test mount a file system of its own.';
    }
  }
  return namespaces === '' ? undefined : namespaces;
}

const noFullDevice = () => (existsSync('/dev/full') ? undefined : 'There is no /dev/full here.');

const READ_ONLY = 'mount --bind . . && mount -o remount,ro,bind . . && cd "$PWD" && "$@"';

/** The repository on a disk of its own that is then filled; what is there afterwards takes the place of what was. */
const FULL = [
  'mkdir ../disk && mount -t tmpfs -o size=4m tmpfs ../disk && cp -a . ../disk',
  'cp ../disk/plan.json /dev/null; head -c 9999999 /dev/zero > ../disk/.git/fill 2> /dev/null',
  '(cd ../disk && "$@"); code=$?',
  'rm ../disk/.git/fill; find . -mindepth 1 -delete; cp -a ../disk/. .; exit $code',
].join('\n');

export const machine: Chapter = {
  title: 'The machine',
  rows: [
    {
      title: 'Nowhere to write the result',
      did: 'stdout leads to a disk that is full.',
      typed: words('backups'),
      stdout: '/dev/full',
      cannot: noFullDevice,
      exit: 1,
      code: 'KG151',
    },
    {
      title: 'Nowhere to write the help',
      did: 'stdout leads to a disk that is full.',
      typed: words('--help'),
      stdout: '/dev/full',
      cannot: noFullDevice,
      exit: 1,
      code: 'KG151',
    },
    {
      title: 'A backup on a full disk',
      did: 'There is no room for the objects of a backup.',
      typed: words('snapshot'),
      around: FULL,
      varies: GIT_WORDS,
      cannot: noMounts,
      exit: 1,
      code: 'KG151',
    },
    {
      title: 'A plan on a full disk',
      did: 'There is no room for the plan.',
      typed: words('plan --to HEAD -o plan.json'),
      around: FULL,
      varies: GIT_WORDS,
      cannot: noMounts,
      exit: 1,
      code: 'KG151',
    },
    {
      title: 'An apply on a full disk',
      did: 'There is no room for the journal, so that nothing is written to the tenant.',
      typed: words('apply plan.json'),
      around: FULL,
      cannot: noMounts,
      exit: 1,
      code: 'KG151',
    },
    {
      title: 'A backup in a read-only folder',
      did: 'The file system of the repository is read-only.',
      typed: words('snapshot'),
      around: READ_ONLY,
      varies: GIT_WORDS,
      cannot: noMounts,
      exit: 1,
      code: 'KG151',
    },
    {
      title: 'A plan in a read-only folder',
      did: 'The file system of the repository is read-only.',
      typed: words('plan --to HEAD -o plan.json'),
      around: READ_ONLY,
      cannot: noMounts,
      exit: 1,
      code: 'KG151',
    },
    {
      title: 'An apply in a read-only folder',
      did: 'The file system of the repository is read-only, so that nothing is written to the tenant.',
      typed: words('apply plan.json'),
      around: READ_ONLY,
      cannot: noMounts,
      exit: 1,
      code: 'KG151',
    },
    {
      title: 'A new repository in a read-only folder',
      did: 'The folder is on a read-only file system.',
      typed: words('init new --tenant sandbox --users 1'),
      around: READ_ONLY,
      cannot: noMounts,
      exit: 1,
      code: 'KG151',
    },
  ],
};
