/** Git repositories that are not as they should be. */

import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runCli } from '../cli/run-cli.js';
import { startProxy } from '../support/proxy.js';
import { PERSON, type Place } from './place.js';
import { type Chapter, GIT_WORDS, words } from './row.js';

/** The repository of a row that looks at the sandbox through a proxy, and the address of that. */
const PROXIES = new Map<Place, string>();

const noShell = () => (process.platform === 'win32' ? 'A stand-in for git is a shell script here.' : undefined);

/** A folder with nothing but a `git` that says it is old, and passes everything else on. */
function oldGit({ outside }: Place): void {
  const file = join(outside, 'bin', 'git');
  mkdirSync(join(outside, 'bin'));
  const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  writeFileSync(
    file,
    `#!/bin/sh\ncase " $* " in *" --version "*|*" version "*) echo git version 2.30.9;; *) exec ${real} "$@";; esac\n`,
  );
  chmodSync(file, 0o755);
}

export const repository: Chapter = {
  title: 'The state repository',
  rows: [
    {
      title: 'No repository at all',
      did: 'The folder is an ordinary one.',
      typed: words('snapshot'),
      cwd: ({ outside }) => outside,
      exit: 1,
      code: 'KG110',
    },
    {
      title: 'Files without git',
      did: '`.git` was deleted; `knowngood.yaml` is there.',
      typed: words('snapshot'),
      prepare: ({ root }) => rmSync(join(root, '.git'), { recursive: true }),
      exit: 1,
      code: 'KG405',
    },
    {
      title: 'A folder of another repository',
      did: 'A folder below the top is named, and no repository of its own.',
      typed: words('snapshot -C tenant-state'),
      exit: 1,
      code: 'KG405',
    },
    {
      title: 'A folder that does not exist',
      did: '`-C` names no folder.',
      typed: words('snapshot -C nowhere'),
      exit: 1,
      code: 'KG405',
    },
    {
      title: 'No commit yet',
      did: 'Files were written by hand, and `git init` was typed.',
      typed: words('diff'),
      prepare: ({ root, git }) => {
        rmSync(join(root, '.git'), { recursive: true });
        git('init', '--quiet', '--initial-branch=main');
      },
      exit: 1,
      code: 'KG133',
    },
    {
      title: 'A shallow clone',
      did: 'The repository was cloned with `--depth 1`.',
      typed: words('diff'),
      prepare: ({ root, outside, git }) => {
        git('clone', '--quiet', '--depth', '1', pathToFileURL(root).href, join(outside, 'clone'));
        rmSync(root, { recursive: true });
        renameSync(join(outside, 'clone'), root);
      },
      exit: 1,
      code: 'KG403',
    },
    {
      title: 'A detached HEAD',
      did: 'A commit was checked out, and not a branch: the backup goes to the branch all the same.',
      typed: words('snapshot'),
      prepare: ({ git }) => git('checkout', '--quiet', '--detach', 'HEAD~1'),
      exit: 0,
      lines: 1,
      changes: true,
    },
    {
      title: 'State files with local edits',
      did: 'A file under `tenant-state/` was changed and not committed.',
      typed: words('snapshot'),
      prepare: ({ read, write }) => write(PERSON, read(PERSON).replace('Research', 'Sales')),
      exit: 1,
      code: 'KG401',
    },
    {
      title: 'Other files with local edits',
      did: 'Files beside `tenant-state/` were changed, added and staged: the backup leaves them as they are.',
      typed: words('snapshot'),
      prepare: ({ git, write }) => {
        write('.gitignore', '.knowngood/\n*.tmp\n');
        write('notes.txt', 'mine\n');
        git('add', 'notes.txt');
      },
      exit: 0,
      lines: 1,
      changes: true,
    },
    {
      title: 'No git',
      did: 'There is no git on the `PATH`.',
      typed: words('backups'),
      env: ({ outside }) => ({ PATH: outside }),
      exit: 1,
      code: 'KG404',
    },
    {
      title: 'An old git',
      did: 'git says that it is 2.30.9; knowngood needs 2.31.',
      typed: words('backups'),
      prepare: oldGit,
      env: ({ outside }) => ({ PATH: `${join(outside, 'bin')}${delimiter}${process.env.PATH}` }),
      cannot: noShell,
      exit: 1,
      code: 'KG404',
    },
    {
      title: 'A lock of another git',
      did: '`.git/index.lock` was left by a git that was killed.',
      typed: words('snapshot'),
      prepare: ({ write }) => write('.git/index.lock', ''),
      exit: 1,
      code: 'KG402',
    },
    {
      title: 'A lock on the branch',
      did: '`.git/refs/heads/main.lock` was left by a git that was killed.',
      typed: words('snapshot'),
      prepare: ({ write }) => write('.git/refs/heads/main.lock', ''),
      exit: 1,
      code: 'KG402',
    },
    {
      title: 'Another knowngood at work',
      did: 'Another `snapshot` is bringing the work tree along at this moment.',
      typed: words('snapshot'),
      prepare: ({ git, write }) =>
        write(
          '.git/knowngood-checkout',
          `${JSON.stringify({
            pid: process.pid,
            started: new Date().toISOString(),
            branch: 'refs/heads/main',
            from: git('rev-parse', 'HEAD~1'),
            to: git('rev-parse', 'HEAD'),
            refs: ['refs/heads/main'],
          })}\n`,
        ),
      exit: 1,
      code: 'KG407',
    },
    {
      title: 'Two backups at once',
      did: 'While this backup read the tenant, another one was taken.',
      typed: words('snapshot'),
      prepare: async (place) => {
        const proxy = await startProxy(place.url);
        let other: Promise<unknown> | undefined;
        proxy.answer(async ({ path }) => {
          if (path.includes('/organization?$select=id')) return undefined;
          const env = { KNOWNGOOD_GRAPH_URL: place.url };
          other ??= runCli(['snapshot'], { cwd: place.root, env });
          await other;
          return undefined;
        });
        PROXIES.set(place, proxy.url);
        return () => proxy.close();
      },
      env: (place) => ({ KNOWNGOOD_GRAPH_URL: PROXIES.get(place) }),
      exit: 1,
      code: 'KG402',
      changes: true,
    },
    {
      title: 'An object is damaged',
      did: 'The file of a blob that the newest backup needs was overwritten.',
      typed: words('diff HEAD~1 HEAD'),
      prepare: ({ git, root }) => {
        const blob = git('rev-parse', `HEAD:${PERSON.replace(/1\.yaml$/, '2.yaml')}`);
        unpack(root, git);
        const file = join(root, '.git', 'objects', blob.slice(0, 2), blob.slice(2));
        rmSync(file);
        writeFileSync(file, 'nonsense');
      },
      varies: GIT_WORDS,
      exit: 1,
      code: 'KG408',
    },
    {
      title: 'An object is missing',
      did: 'A blob that the newest backup needs is not in the object store.',
      typed: words('diff HEAD~1 HEAD'),
      prepare: ({ git, root }) => {
        const blob = git('rev-parse', `HEAD:${PERSON.replace(/1\.yaml$/, '2.yaml')}`);
        unpack(root, git);
        rmSync(join(root, '.git', 'objects', blob.slice(0, 2), blob.slice(2)), { force: true });
      },
      exit: 1,
      code: 'KG408',
    },
    {
      title: 'A tree is missing',
      did: 'A folder of the newest backup is not in the object store.',
      typed: words('diff HEAD~1 HEAD'),
      varies: GIT_WORDS,
      prepare: ({ git, root }) => {
        const tree = git('rev-parse', 'HEAD:tenant-state/users');
        unpack(root, git);
        rmSync(join(root, '.git', 'objects', tree.slice(0, 2), tree.slice(2)), { force: true });
      },
      exit: 1,
      code: 'KG408',
    },
    {
      title: 'A backup of another version',
      did: 'The newest backup was made by knowngood 9.0, with schemas that this version does not have.',
      typed: words('diff HEAD~1 HEAD'),
      prepare: ({ git }) => {
        const message = git('log', '-1', '--format=%B').replace(/(Knowngood-Version: ).*/, '$19.0.0');
        git('commit', '--quiet', '--amend', '-m', message.replace(/(Schemas: sha256:)\w+/, `$1${'0'.repeat(64)}`));
      },
      exit: 0,
      lines: 12,
    },
  ],
};

/** Makes every object a file of its own. */
function unpack(root: string, git: Place['git']): void {
  const packs = join(root, '.git', 'objects', 'pack');
  const aside = join(root, '.git', 'packs');
  renameSync(packs, aside);
  mkdirSync(packs);
  git('config', 'core.longPaths', 'true');
  execFileSync('sh', ['-c', 'for pack in "$0"/*.pack; do git unpack-objects -q < "$pack"; done', aside], { cwd: root });
  rmSync(aside, { recursive: true });
}
