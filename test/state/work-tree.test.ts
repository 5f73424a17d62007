import { existsSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { backup, MAIN, openTest, stateCommit, type TestRepository, testRepository } from './repositories.js';

const BEFORE = { 'users/abc/a.yaml': 'a: 1\n', 'users/abd/gone.yaml': 'x\n', 'policies/p.yaml': 'p: 1\n' };
const AFTER = { 'users/abc/a.yaml': 'a: 2\n', 'users/new/new.yaml': 'n\n', 'policies/p.yaml': 'p: 1\n' };

const silent = (text: string) => expect.unreachable(text);
const clean = async ({ repository }: TestRepository) => repository.assertClean(silent);

async function withBackup(): Promise<TestRepository> {
  const test = await testRepository();
  await backup(test.repository, BEFORE);
  return test;
}

function expectState({ git, directory }: TestRepository, files: Readonly<Record<string, string>>): void {
  expect(git('status', '--porcelain', '--untracked-files=all', '--', 'tenant-state')).toBe('');
  expect(git('ls-files', 'tenant-state').split('\n')).toEqual(
    Object.keys(files)
      .map((file) => `tenant-state/${file}`)
      .sort(),
  );
  for (const [file, content] of Object.entries(files)) {
    expect(readFileSync(path.join(directory, 'tenant-state', file), 'utf8')).toBe(content);
  }
}

test('index and work tree follow the branch; files appear, change and go', async () => {
  const state = await withBackup();
  expectState(state, BEFORE);
  await clean(state);
  const commit = await backup(state.repository, AFTER);
  expectState(state, AFTER);
  await clean(state);
  expect(await state.repository.checkedOut()).toBe(MAIN);
  expect(await state.repository.ref('refs/worktree/knowngood')).toBe(commit);
  expect(existsSync(path.join(state.directory, '.git', 'knowngood-checkout'))).toBe(false);
  expect(existsSync(path.join(state.directory, 'tenant-state', 'users', 'abd'))).toBe(false);
});

test.each<[string, (state: TestRepository) => void, string]>([
  ['changed', ({ write }) => write('tenant-state/users/abc/a.yaml', 'a: edited\n'), 'users/abc/a.yaml'],
  [
    'staged',
    ({ write, git }) => {
      write('tenant-state/policies/p.yaml', 'p: edited\n');
      git('add', '.');
    },
    'policies/p.yaml',
  ],
  ['untracked', ({ write }) => write('tenant-state/new folder/näw.yaml', ''), 'new folder/näw.yaml'],
  ['deleted', ({ directory }) => rmSync(path.join(directory, 'tenant-state/policies/p.yaml')), 'policies/p.yaml'],
  ['staged as deleted', ({ git }) => git('rm', '-q', 'tenant-state/policies/p.yaml'), 'policies/p.yaml'],
])('a file that is %s under tenant-state is refused and named', async (_, edit, file) => {
  const state = await withBackup();
  edit(state);
  await expect(clean(state)).rejects.toMatchObject({
    code: 'KG401',
    exit: 1,
    message: expect.stringContaining(`tenant-state/${file}`),
    remedy: expect.stringContaining('git stash push --include-untracked -- tenant-state'),
  });
  state.git('-c', 'user.name=x', '-c', 'user.email=x', 'stash', 'push', '-q', '-u', '--', 'tenant-state');
  await clean(state);
});

test('of many edited files five are named', async () => {
  const state = await withBackup();
  for (let n = 0; n < 8; n += 1) state.write(`tenant-state/policies/x${n}.yaml`, '');
  await expect(clean(state)).rejects.toMatchObject({
    message:
      'tenant-state/ has local edits: tenant-state/policies/x0.yaml, tenant-state/policies/x1.yaml, ' +
      'tenant-state/policies/x2.yaml, tenant-state/policies/x3.yaml, tenant-state/policies/x4.yaml and 3 more.',
  });
});

/** Edits elsewhere, of every kind there is. */
function editElsewhere({ write, git, directory }: TestRepository): void {
  write('knowngood.yaml', 'format: 1\nstaged: true\n');
  write('docs/staged new.md', 'new\n');
  git('add', '.');
  write('knowngood.yaml', 'format: 1\nstaged: true\nand: edited\n');
  git('rm', '-q', '--cached', '.gitattributes');
  write('untracked.txt', 'mine\n');
  rmSync(path.join(directory, 'docs/staged new.md'));
}

const elsewhere = ({ git }: TestRepository) =>
  git('status', '--porcelain', '--untracked-files=all') + git('diff') + git('diff', '--cached');

test('edits elsewhere do not matter and survive, staged or not', async () => {
  const state = await withBackup();
  editElsewhere(state);
  const before = elsewhere(state);
  await clean(state);
  await backup(state.repository, AFTER);
  expectState(state, AFTER);
  expect(elsewhere(state)).toBe(before);
  expect(before).toContain('and: edited');
});

test('on another branch, and on none, only refs move', async () => {
  const state = await withBackup();
  for (const place of [
    ['checkout', '-q', '-b', 'feature'],
    ['checkout', '-q', '--detach'],
  ]) {
    state.git(...place);
    const head = state.git('rev-parse', 'HEAD');
    const commit = await backup(state.repository, { 'policies/p.yaml': place.join() });
    expect(state.git('rev-parse', 'main')).toBe(commit);
    expect(state.git('rev-parse', 'HEAD')).toBe(head);
    expect(state.git('status', '--porcelain')).toBe('');
    expect(await state.repository.checkedOut()).toBe(place.includes('-b') ? 'refs/heads/feature' : undefined);
  }
});

test('a second work tree has its own marker and index', async () => {
  const state = await withBackup();
  state.git('checkout', '-q', '--detach');
  const second = path.join(state.directory, '..', 'second tree');
  state.git('worktree', 'add', '-q', second, 'main');
  const other = await openTest(second, state.environment);
  expect(other.repository.gitDir).toBe(state.repository.gitDir);
  await backup(other.repository, AFTER);
  expectState(other, AFTER);
  expectState(state, BEFORE);
});

test('a lost race changes nothing and leaves no marker', async () => {
  const state = await withBackup();
  const { commit } = await stateCommit(state.repository, AFTER);
  const updates = [
    { ref: MAIN, to: commit, expected: commit },
    { ref: 'refs/knowngood/delta', to: commit, expected: null },
  ];
  await expect(state.repository.advance(updates, MAIN, 'x')).rejects.toMatchObject({ code: 'KG402' });
  expectState(state, BEFORE);
  await clean(state);
  expect(await state.repository.ref('refs/knowngood/delta')).toBeUndefined();
});

test('an edit made while the tenant was read is kept, and the backup too', async () => {
  const state = await withBackup();
  const { commit, parent } = await stateCommit(state.repository, AFTER);
  state.write('tenant-state/users/abc/a.yaml', 'a: mine\n');
  const moved = state.repository.advance([{ ref: MAIN, to: commit, expected: parent }], MAIN, 'x');
  await expect(moved).rejects.toMatchObject({ code: 'KG401', message: expect.stringContaining('is complete') });
  expect(state.git('rev-parse', 'main')).toBe(commit);
  expect(readFileSync(path.join(state.directory, 'tenant-state/users/abc/a.yaml'), 'utf8')).toBe('a: mine\n');
  await expect(clean(state)).rejects.toMatchObject({ code: 'KG401' });
});

test('files that only look changed do not stop the work tree', async () => {
  const state = await withBackup();
  utimesSync(path.join(state.directory, 'tenant-state/users/abc/a.yaml'), 1, 1);
  await clean(state);
  await backup(state.repository, AFTER);
  expectState(state, AFTER);
});

test('bytes stay the same where git turns line ends', async () => {
  const state = await withBackup();
  state.git('config', 'core.autocrlf', 'true');
  const files = { ...AFTER, 'policies/crlf.yaml': 'a\r\nb\n' };
  await backup(state.repository, files);
  expectState(state, files);
  await clean(state);
});
