/** What people get who install the package. */

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

/** The files that `npm pack` would put into the package. */
async function packed(): Promise<string[]> {
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const { stdout } = await promisify(execFile)('npm', args, { cwd: root, shell: process.platform === 'win32' });
  const [pack] = JSON.parse(stdout) as { files: { path: string }[] }[];
  return (pack?.files ?? []).map(({ path }) => path);
}

it('the package holds what runs and what is read at run time, and nothing else', async () => {
  const files = await packed();
  expect(files).toEqual(
    expect.arrayContaining(['LICENSE', 'README.md', 'bin/run.js', 'oclif.manifest.json', 'package.json']),
  );
  const of = (pattern: RegExp) => files.filter((file) => pattern.test(file));
  expect(of(/^dist\/commands\/.*\.js$/).length).toBeGreaterThanOrEqual(8);
  expect(of(/^schemas\/types\/\w+\.json$/)).toEqual(
    expect.arrayContaining(['schemas/types/user.json', 'schemas/types/group.json']),
  );
  expect(files).toEqual(
    expect.arrayContaining([
      'schemas/dialect.json',
      'schemas/config.json',
      'schemas/output/plan.json',
      'dist/sandbox/facts/graph-facts.json',
    ]),
  );
  const allowed = /^(?:bin\/|dist\/|schemas\/|(?:LICENSE|README\.md|oclif\.manifest\.json|package\.json)$)/;
  expect(files.filter((file) => !allowed.test(file))).toEqual([]);
  expect(of(/(?:^|\/)(?:src|test|tenant-state|node_modules)\/|\.test\./)).toEqual([]);
});

it('every command of the manifest is in the package', async () => {
  const files = new Set(await packed());
  const { commands } = JSON.parse(readFileSync(join(root, 'oclif.manifest.json'), 'utf8')) as {
    commands: Record<string, { relativePath: string[] }>;
  };
  expect(Object.keys(commands)).toEqual(expect.arrayContaining(['init', 'snapshot', 'diff', 'plan', 'apply', 'show']));
  for (const { relativePath } of Object.values(commands)) expect(files).toContain(relativePath.join('/'));
});
