/** Git by itself: what a backup is held against. */

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';

/** Nothing of the machine's own settings reaches the product, or git below it. */
export function environment(more = {}) {
  const { PATH = '', HOME = '', TMPDIR } = process.env;
  return {
    PATH,
    HOME,
    ...(TMPDIR === undefined ? {} : { TMPDIR }),
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    ...more,
  };
}

const IDENTITY = ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost'];

export function git(folder, args, input) {
  const options = { cwd: folder, env: environment(), encoding: 'utf8', input, maxBuffer: 1 << 30 };
  return execFileSync('git', [...IDENTITY, ...args], options).trim();
}

/** A bare state repository with its configuration and nothing else. */
export function makeRepository(folder, config) {
  mkdirSync(folder, { recursive: true });
  git(folder, ['init', '--quiet', '--bare', '--initial-branch=main']);
  const blob = git(folder, ['hash-object', '-w', '--stdin'], config);
  const tree = git(folder, ['mktree'], `100644 blob ${blob}\tknowngood.yaml\n`);
  git(folder, ['update-ref', 'refs/heads/main', git(folder, ['commit-tree', tree, '-m', 'Configuration'])]);
}

/** The files of a backup, in git's order. */
export async function* filesOf(repository) {
  const list = git(repository, ['ls-tree', '-r', '-z', 'main', '--', 'tenant-state']).split('\0').slice(0, -1);
  const reader = spawn('git', ['cat-file', '--batch'], {
    cwd: repository,
    env: environment(),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ids = list.map((line) => line.slice(12, 52));
  reader.stdin.end(ids.map((id) => `${id}\n`).join(''));
  let rest = Buffer.alloc(0);
  let at = 0;
  for await (const chunk of reader.stdout) {
    rest = Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      const size = Number(rest.toString('latin1', 0, end).split(' ')[2]);
      if (rest.length < end + 1 + size + 1) break;
      yield { path: list[at].slice(53), content: Buffer.from(rest.subarray(end + 1, end + 1 + size)) };
      rest = rest.subarray(end + size + 2);
      at += 1;
    }
  }
}

/** Writes what `git fast-import` reads: every blob of the backup, and nothing else. */
export async function writeImport(repository, file) {
  const out = createWriteStream(file);
  for await (const { content } of filesOf(repository)) {
    out.write(`blob\ndata ${content.length}\n`);
    out.write(content);
    if (!out.write('\n')) await once(out, 'drain');
  }
  out.end();
  await once(out, 'close');
}
