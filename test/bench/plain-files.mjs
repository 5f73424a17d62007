/**
 * What a plain tool would do with a backup: each object a file, then `git add`.
 *
 * `node plain-files.mjs REPOSITORY FOLDER`
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { filesOf, git } from './git-work.mjs';

const [repository, folder] = process.argv.slice(2);
const made = new Set();
for await (const { path, content } of filesOf(repository)) {
  const file = join(folder, ...path.split('/'));
  const parent = dirname(file);
  if (!made.has(parent)) mkdirSync(parent, { recursive: true });
  made.add(parent);
  writeFileSync(file, content);
}
git(folder, ['add', '--all']);
