/** A process that makes one backup after another is killed with everything it started, at moments nobody chose. */

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { backup, MAIN, openTest, testRepository } from './repositories.js';

const RUNS = 30;
const root = path.resolve(import.meta.dirname, '../..');
let compiled = '';

beforeAll(() => {
  // The process that is killed is a plain node, so it needs plain JavaScript, where its dependencies can be found.
  const cache = path.join(root, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  compiled = mkdtempSync(path.join(cache, 'crash-test-'));
  const tsc = path.join(path.dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  const sources = ['src/state/repository.ts', 'test/state/crash-victim.ts'];
  const options = ['--rootDir', '.', '--outDir', compiled, '--module', 'nodenext', '--target', 'es2023'];
  const quick = ['--ignoreConfig', '--noCheck', '--skipLibCheck', '--types', 'node'];
  execFileSync(process.execPath, [tsc, ...quick, ...options, ...sources], { cwd: root });
  writeFileSync(path.join(compiled, 'package.json'), '{"type": "module"}\n');
}, 120_000);

afterAll(() => rmSync(compiled, { recursive: true, force: true, maxRetries: 5 }));

/** Lets the victim work for a while, kills it and its git, and returns the last backup that it said was complete. */
async function killAfter(directory: string, environment: NodeJS.ProcessEnv, delay: number): Promise<string> {
  const group = process.platform !== 'win32';
  const victim = spawn(process.execPath, [path.join(compiled, 'test/state/crash-victim.js'), directory], {
    env: environment,
    detached: group,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  victim.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
  });
  const ended = once(victim, 'exit');
  while (!said.includes('ready\n') && victim.exitCode === null) await pause(5);
  await pause(delay);
  expect(victim.exitCode).toBeNull();
  if (group && victim.pid !== undefined) process.kill(-victim.pid, 'SIGKILL');
  else victim.kill('SIGKILL');
  await ended;
  return (
    said
      .split('\n')
      .slice(0, -1)
      .filter((line) => line !== 'ready')
      .at(-1) ?? ''
  );
}

test('killed at any moment, the repository is valid, the last backup is there and the next one works', {
  timeout: 300_000,
}, async () => {
  const { directory, environment, git, write, repository } = await testRepository();
  const first = await backup(repository, { 'policies/p.yaml': '0\n' });
  write('staged.txt', 'staged\n');
  git('add', 'staged.txt');
  write('knowngood.yaml', 'format: 1\nedited: true\n');
  let last = first;
  for (let run = 0; run < RUNS; run += 1) {
    last = (await killAfter(directory, environment, (run * 7) % 100)) || last;
    expect(git('fsck', '--strict', '--no-dangling', '--connectivity-only')).toBe('');
    expect(git('merge-base', '--is-ancestor', last, MAIN)).toBe('');
    const next = await openTest(directory, environment);
    await next.repository.assertClean((text) =>
      expect(text).toMatch(/^(?:finished the checkout|removed the stale lock)/),
    );
    expect(git('status', '--porcelain', '--untracked-files=all')).toBe(' M knowngood.yaml\nA  staged.txt');
    const head = git('rev-parse', MAIN);
    last = await backup(next.repository, { 'policies/p.yaml': `${run}\n` });
    expect(git('rev-parse', `${MAIN}^`)).toBe(head);
    expect(git('status', '--porcelain', '--untracked-files=all')).toBe(' M knowngood.yaml\nA  staged.txt');
    await next.repository.close();
  }
  expect(readFileSync(path.join(directory, 'knowngood.yaml'), 'utf8')).toBe('format: 1\nedited: true\n');
  expect(git('fsck', '--strict', '--no-dangling')).toBe('');
});
